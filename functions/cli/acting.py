"""`mash release`, `keep`, `resend`, `cancel`, `pause`, `recover`, ...: what people do by hand."""

from datetime import datetime
from uuid import uuid4

import click

from functions.cli import acts
from functions.cli.answering import ActCommand, answering
from functions.cli.options import (
    Instant,
    by_channel,
    by_subject,
    of_child,
    of_message,
    with_json,
    with_reason,
    with_stack,
    with_yes,
)
from functions.cli.outputs import Where, connected
from functions.cli.releasing import release_came, released
from functions.domain import by_hand
from functions.flows.acting.done import WhichTask
from functions.flows.acting.order import Which
from functions.flows.acting.recover import Outage
from schemas.codes import ActReason, Channel, ReleaseReason, TaskKind


@click.command(cls=ActCommand)
@click.argument("ref")
@click.option("--child", type=click.IntRange(1, 99), help="Needed where several children are held.")
@click.option("--agency", help="End the hold on this recipient alone.")
@click.option("--allegation", is_flag=True, help="Tell the allegation that waits beside other outcomes.")
@click.option(
    "--reason", type=click.Choice([reason.value for reason in ReleaseReason]), required=True, help="Why."
)
@with_json
@with_stack
def release(
    ref: str,
    *,
    child: int | None,
    agency: str | None,
    allegation: bool,
    reason: str,
    wants_json: bool,
    where: Where,
) -> None:
    """End a hold, so that what waits is sent: of the child, of one recipient, or of an allegation.

    Who ended it and why is in the trail. The message is the one that would have gone without the hold. Where
    an agency's staff are linked, its safeguarding lead alone gets a notice. `mash tasks` lists what waits.
    """
    why, request = ReleaseReason(reason), str(uuid4())
    with answering("release", wants_json=wants_json) as talk:
        if agency is not None and allegation:
            raise click.UsageError("--agency and --allegation are two holds: release one after the other.")
        result = released(
            connected(where),
            ref,
            child=child,
            agency=agency,
            allegation=allegation,
            reason=why,
            request=request,
        )
        talk.tell(release_came(ref, why, request, result))


@click.command(cls=ActCommand)
@click.argument("ref")
@of_child
@click.option("--agency", help="Keep the hold on this recipient alone.")
@click.option("--allegation", is_flag=True, help="Keep back the allegation that waits beside other outcomes.")
@with_reason(by_hand.TO_KEEP)
@with_json
@with_stack
def keep(
    ref: str,
    *,
    child: int | None,
    agency: str | None,
    allegation: bool,
    reason: str,
    wants_json: bool,
    where: Where,
) -> None:
    """Decide that a hold goes on: it stays somebody's task, with its own limit once more.

    Who decided so and why is in the trail. `mash tasks` lists what waits.
    """
    with answering("keep", wants_json=wants_json) as talk:
        if agency is not None and allegation:
            raise click.UsageError("--agency and --allegation are two holds: keep one after the other.")
        alone = TaskKind.RELEASE_AGENCY if agency else TaskKind.RELEASE_CHILD
        which = WhichTask(TaskKind.RELEASE_ALLEGATION if allegation else alone, ref, child, agency)
        talk.tell(acts.kept(_at(where), which, ActReason(reason)))


@click.command(cls=ActCommand)
@click.argument("ref")
@of_child
@click.option("--agency", help="The message to this agency.")
@by_subject
@by_channel
@of_message
@click.option("--by-email", is_flag=True, help="By e-mail to the agreed mailbox, in a webhook's place.")
@with_reason(by_hand.TO_SEND_AGAIN)
@with_yes
@with_json
@with_stack
def resend(
    ref: str,
    *,
    child: int | None,
    agency: str | None,
    about: str | None,
    channel: str | None,
    message: str | None,
    by_email: bool,
    reason: str,
    yes: bool,
    wants_json: bool,
    where: Where,
) -> None:
    """Send one message again.

    One that has ended goes as a new message, with an id, tries and a police check of its own, under the same
    reference and version; never more than the mailbox may have now. One that waits, or was set aside, is
    tried again at once, with the same id. Of a decision or update that a newer one replaced nothing is sent
    again.
    """
    which = Which(ref, child, agency, Channel(channel) if channel else None, message, about)
    with answering("resend", wants_json=wants_json, yes=yes) as talk:
        talk.tell(acts.sent_again(_at(where), which, ActReason(reason), talk, by_email=by_email))


@click.command(cls=ActCommand)
@click.argument("ref")
@click.option("--agency", required=True, help="Whom these messages are for.")
@of_child
@by_subject
@by_channel
@of_message
@with_reason(by_hand.TO_CANCEL)
@with_yes
@with_json
@with_stack
def cancel(
    ref: str,
    *,
    agency: str,
    child: int | None,
    about: str | None,
    channel: str | None,
    message: str | None,
    reason: str,
    yes: bool,
    wants_json: bool,
    where: Where,
) -> None:
    """Stop what is still to be sent to one agency, for good.

    That is whatever waits, is tried again, is held, was set aside or has failed; what is being sent at this
    moment cannot be stopped. No other agency's messages are touched. Nobody is asked to call instead, and who
    was asked to call about these messages alone need not any more: if they must know, call them.
    """
    which = Which(ref, child, agency, Channel(channel) if channel else None, message, about)
    with answering("cancel", wants_json=wants_json, yes=yes) as talk:
        talk.tell(acts.stopped(_at(where), which, ActReason(reason), talk))


@click.command(cls=ActCommand)
@click.argument("agency")
@with_reason(by_hand.TO_PAUSE)
@with_json
@with_stack
def pause(agency: str, *, reason: str, wants_json: bool, where: Where) -> None:
    """Send nothing to an agency's endpoint until it is resumed.

    Its messages wait without using up a try. Where an e-mail may take a webhook's place it goes at once, and
    the clocks by which people are called go on.
    """
    with answering("pause", wants_json=wants_json) as talk:
        talk.tell(acts.paused(_at(where), agency, ActReason(reason)))


@click.command(cls=ActCommand)
@click.argument("agency")
@with_reason(by_hand.TO_RESUME)
@with_json
@with_stack
def resume(agency: str, *, reason: str, wants_json: bool, where: Where) -> None:
    """Send to an agency's endpoint again, and at once what waits for it.

    One message goes first: if it is taken, the others follow. What failed for good meanwhile is for `mash
    recover`.
    """
    with answering("resume", wants_json=wants_json) as talk:
        talk.tell(acts.resumed(_at(where), agency, ActReason(reason)))


@click.command(cls=ActCommand)
@click.argument("agency")
@click.option("--since", type=Instant(), required=True, help="When it began: 2026-11-24T06:12Z.")
@click.option("--until", type=Instant(), help="When it ended; now, if not given.")
@click.option(
    "--channel",
    type=click.Choice([Channel.WEBHOOK.value, Channel.EMAIL.value]),
    default=Channel.WEBHOOK.value,
    help="What failed: webhooks, if not given, or e-mails.",
)
@with_reason(by_hand.TO_RECOVER)
@click.option("--dry-run", is_flag=True, help="Say how many, and change nothing.")
@with_yes
@with_json
@with_stack
def recover(
    agency: str,
    *,
    since: datetime,
    until: datetime | None,
    channel: str,
    reason: str,
    dry_run: bool,
    yes: bool,
    wants_json: bool,
    where: Where,
) -> None:
    """Send again all that an agency's endpoint has not taken, or all e-mail that did not leave for it.

    What waits is tried at once, what failed or was set aside since then goes again; what a newer decision
    replaced does not. At most 10,000 in one run. Cut short, or run again, it goes on with what is left.
    """
    outage = Outage(agency, since, until, by_email=channel == Channel.EMAIL)
    with answering("recover", wants_json=wants_json, yes=yes) as talk:
        talk.tell(acts.recovered(_at(where), outage, ActReason(reason), talk, dry_run=dry_run))


@click.command(cls=ActCommand)
@click.argument("ref", required=False)
@click.option(
    "--task", type=click.Choice([kind.value for kind in by_hand.TO_END]), required=True, help="What is done."
)
@of_child
@click.option("--agency", help="The agency that the task is about.")
@click.option(
    "--about",
    metavar="WHAT",
    help="The duplicate, the update, the challenge, the role, or the numbers, that it is about.",
)
@click.option("--source", help="The system that it is about, by the name that it gives as its source.")
@with_reason(reason for reasons in by_hand.TO_END.values() for reason in reasons)
@with_json
@with_stack
def done(
    ref: str | None,
    *,
    task: str,
    child: int | None,
    agency: str | None,
    about: str | None,
    source: str | None,
    reason: str,
    wants_json: bool,
    where: Where,
) -> None:
    """Say that a call, a check or a mending is done, so that it leaves the list.

    A message left with somebody is no call: nobody was told. TOLD_BY_PHONE also stops the clock of the
    message that the call was about. A task about an endpoint or an address is named by its agency alone,
    one about a system that sends us events by its source, one about all decisions by its kind, each without
    REF. A hold's task ends with `mash release`.
    """
    which = WhichTask(TaskKind(task), ref, child, agency, about, source)
    with answering("done", wants_json=wants_json) as talk:
        talk.tell(acts.ended(_at(where), which, ActReason(reason)))


def _at(where: Where) -> acts.Acting:
    return acts.Acting.of(connected(where))
