"""`mash resend`, `cancel`, `pause`, `resume`, `recover` and `done`: people's acts on what is sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click

from functions.adapters.errors import RetryError
from functions.cli import acts
from functions.cli.failure import CommandError
from functions.cli.options import (
    Instant,
    by_channel,
    of_child,
    of_message,
    with_outputs,
    with_reason,
    with_yes,
)
from functions.cli.outputs import connected
from functions.domain import by_hand
from functions.flows.acting.done import WhichTask
from functions.flows.acting.order import NotPossibleError, Which
from functions.flows.acting.recover import Outage
from schemas.codes import ActReason, Channel, TaskKind


@click.command()
@click.argument("ref")
@of_child
@click.option("--agency", help="The message to this agency.")
@by_channel
@of_message
@click.option("--by-email", is_flag=True, help="By e-mail to the agreed mailbox, in a webhook's place.")
@with_reason(by_hand.TO_SEND_AGAIN)
@with_yes
@with_outputs
def resend(
    ref: str,
    *,
    child: int | None,
    agency: str | None,
    channel: str | None,
    message: str | None,
    by_email: bool,
    reason: str,
    yes: bool,
    outputs: Path | None,
) -> None:
    """Send one message again.

    One that has ended goes as a new message, with an id, tries and a police check of its own, under the same
    reference and version; never more than the mailbox may have now. One that waits, or was set aside, is
    tried again at once, with the same id. Of a decision that a newer one replaced nothing is sent again.
    """
    which = Which(ref, child, agency, Channel(channel) if channel else None, message)
    with _told_plainly():
        acts.sent_again(_at(outputs), which, ActReason(reason), by_email=by_email, yes=yes)


@click.command()
@click.argument("ref")
@click.option("--agency", required=True, help="Whom these messages are for.")
@of_child
@by_channel
@of_message
@with_reason(by_hand.TO_CANCEL)
@with_yes
@with_outputs
def cancel(
    ref: str,
    *,
    agency: str,
    child: int | None,
    channel: str | None,
    message: str | None,
    reason: str,
    yes: bool,
    outputs: Path | None,
) -> None:
    """Stop what is still to be sent to one agency, for good.

    That is whatever waits, is tried again, is held or was set aside; what is being sent at this moment cannot
    be stopped. No other agency's messages are touched. Nobody is asked to call instead: if they must know,
    call them.
    """
    which = Which(ref, child, agency, Channel(channel) if channel else None, message)
    with _told_plainly():
        acts.stopped(_at(outputs), which, ActReason(reason), yes=yes)


@click.command()
@click.argument("agency")
@with_reason(by_hand.TO_PAUSE)
@with_outputs
def pause(agency: str, *, reason: str, outputs: Path | None) -> None:
    """Send nothing to an agency's endpoint until it is resumed.

    Its messages wait without using up a try. Where an e-mail may take a webhook's place it goes at once, and
    the clocks by which people are called go on.
    """
    with _told_plainly():
        acts.paused(_at(outputs), agency, ActReason(reason))


@click.command()
@click.argument("agency")
@with_reason(by_hand.TO_RESUME)
@with_outputs
def resume(agency: str, *, reason: str, outputs: Path | None) -> None:
    """Send to an agency's endpoint again, and at once what waits for it.

    One message goes first: if it is taken, the others follow. What failed for good meanwhile is for `mash
    recover`.
    """
    with _told_plainly():
        acts.resumed(_at(outputs), agency, ActReason(reason))


@click.command()
@click.argument("agency")
@click.option("--since", type=Instant(), required=True, help="When it began: 2026-11-24T06:12Z.")
@click.option("--until", type=Instant(), help="When it ended; now, if not given.")
@with_reason(by_hand.TO_RECOVER)
@click.option("--dry-run", is_flag=True, help="Say how many, and change nothing.")
@with_yes
@with_outputs
def recover(
    agency: str,
    *,
    since: datetime,
    until: datetime | None,
    reason: str,
    dry_run: bool,
    yes: bool,
    outputs: Path | None,
) -> None:
    """Send again all that an agency's endpoint has not taken.

    What waits is tried at once, what failed or was set aside since then goes again; what a newer decision
    replaced does not. At most 10,000 in one run. Cut short, or run again, it goes on with what is left.
    """
    with _told_plainly():
        outage = Outage(agency, since, until)
        acts.recovered(_at(outputs), outage, ActReason(reason), dry_run=dry_run, yes=yes)


@click.command()
@click.argument("ref", required=False)
@click.option(
    "--task", type=click.Choice([kind.value for kind in by_hand.TO_END]), required=True, help="What is done."
)
@of_child
@click.option("--agency", help="The agency that the task is about.")
@click.option("--about", metavar="REF", help="The duplicate that the task is about.")
@with_reason(reason for reasons in by_hand.TO_END.values() for reason in reasons)
@with_outputs
def done(
    ref: str | None,
    *,
    task: str,
    child: int | None,
    agency: str | None,
    about: str | None,
    reason: str,
    outputs: Path | None,
) -> None:
    """Say that a call, a check or a mending is done, so that it leaves the list.

    A message left with somebody is no call: nobody was told. TOLD_BY_PHONE also stops the clock of the
    message that the call was about. A task about an endpoint or an address is named by its agency alone,
    without REF. A hold's task ends with `mash release`.
    """
    which = WhichTask(TaskKind(task), ref, child, agency, about)
    with _told_plainly():
        acts.ended(_at(outputs), which, ActReason(reason))


def _at(outputs: Path | None) -> acts.Acting:
    return acts.Acting.of(connected(outputs))


@contextmanager
def _told_plainly() -> Iterator[None]:
    """What stands in the way, and what to do about it, instead of a traceback."""
    try:
        yield
    except NotPossibleError as exc:
        raise CommandError(str(exc)) from None
    except RetryError as exc:
        raise CommandError(
            f"Others were writing all the while ({exc}): run it again. What was done is not done twice."
        ) from None
