"""What each act of a person shows, asks and says, on a running stack."""

import secrets
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from uuid import uuid4

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from functions.adapters import aws
from functions.adapters.ledger import keys
from functions.adapters.ledger.by_hand import ByHand
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.finding import Finding
from functions.adapters.ledger.reading import Asked
from functions.adapters.registry.endpoint_health import EndpointHealth
from functions.adapters.registry.endpoint_rows import EndpointRows
from functions.cli.acting_words import (
    again_shown,
    counted,
    found_shown,
    in_the_trail,
    reason_words,
    recovered_words,
    stop_shown,
)
from functions.cli.failure import CommandError
from functions.cli.outputs import Outputs
from functions.cli.releasing import desk_of
from functions.cli.show import terminal
from functions.cli.story import task_words
from functions.flows.acting.again import How
from functions.flows.acting.cancel import cancel, what_would_stop
from functions.flows.acting.done import WhichTask, done
from functions.flows.acting.endpoint import count_waiting, pause, put_forward, resume
from functions.flows.acting.order import ActDesk, Order, Which
from functions.flows.acting.recover import MOST_AT_ONCE, Became, Outage, find, recover
from functions.flows.acting.resend import send_again, what_would_go
from schemas.codes import ActReason

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Acting:
    """One act's tools: `actor` is who the trail says did it, `request` the id that all its rows have."""

    desk: ActDesk
    asked: Asked
    actor: str
    request: str

    @classmethod
    def of(cls, stack: Outputs) -> "Acting":
        """On a running stack, as the caller."""
        store = stack.store()
        chain = Chain(store, salt=partial(secrets.token_hex, 16))
        return cls(
            ActDesk(
                check=desk_of(stack),
                by_hand=ByHand(store, chain),
                finding=Finding(store),
                health=EndpointHealth(store, EndpointRows(store, chain)),
            ),
            Asked(store, chain),
            aws.sts().get_caller_identity()["Arn"],
            str(uuid4()),
        )

    def order(self, reason: ActReason) -> Order:
        return Order(self.actor, reason, self.request)

    def note(self, asked: str, rows: int) -> None:
        """Puts on record what is about to be shown; if that fails, it is not shown."""
        now = self.desk.check.now()
        self.asked.note(reader=self.actor, asked=asked, rows=rows, request=self.request, now=now)


def sent_again(at: Acting, which: Which, reason: ActReason, *, by_email: bool, yes: bool) -> None:
    """The whole of `mash resend` but its arguments."""
    agreed = what_would_go(which, at.desk, by_email=by_email)
    at.note(f"a message of {which.ref}", 1)
    terminal().print(again_shown(agreed, reason))
    _ask("Send it again?", yes=yes)
    came = send_again(agreed, at.order(reason), at.desk)
    how = "is due now" if agreed.how is How.AT_ONCE else "was made, and is due now"
    click.echo(f"{came.message_id} {how}.\n{in_the_trail(came.entries)}")


def stopped(at: Acting, which: Which, reason: ActReason, *, yes: bool) -> None:
    """The whole of `mash cancel` but its arguments."""
    agreed = what_would_stop(which, at.desk)
    at.note(f"messages of {which.ref}", len(agreed.items))
    terminal().print(stop_shown(agreed, reason))
    _ask(f"Stop {counted(len(agreed.items), 'message')} for good?", yes=yes)
    came = cancel(agreed, at.order(reason), at.desk)
    went = len(agreed.items) - len(came.items)
    beside = f" {counted(went, 'other')} had gone on meanwhile." if went else ""
    tasks = f" {counted(came.done_tasks, 'task')} ended with that." if came.done_tasks else ""
    click.echo(f"{counted(len(came.items), 'message')} stopped, never to be sent.{beside}{tasks}")
    click.echo(in_the_trail(came.entries))


def paused(at: Acting, agency: str, reason: ActReason) -> None:
    """The whole of `mash pause` but its arguments."""
    turned = pause(agency, at.order(reason), at.desk)
    waiting = count_waiting(turned.agency_id, at.desk)
    click.echo(
        f"{turned.agency_id}'s endpoint is paused: {reason_words(reason)}.\n"
        f"Nothing leaves for it until `mash resume {turned.agency_id}`; {counted(waiting, 'message')} to it "
        f"{'waits' if waiting == 1 else 'wait'} for another try now.\n{in_the_trail([turned.entry])}"
    )


def resumed(at: Acting, agency: str, reason: ActReason) -> None:
    """The whole of `mash resume` but its arguments."""
    turned = resume(agency, at.order(reason), at.desk)
    waiting = count_waiting(turned.agency_id, at.desk)
    due = sum(_with_progress("due now", put_forward(turned.agency_id, at.desk), waiting))
    click.echo(
        f"{turned.agency_id}'s endpoint is sent to again: {reason_words(reason)}.\n"
        f"{counted(due, 'message')} due now; one goes first, to see whether it is taken.\n"
        f"{in_the_trail([turned.entry])}"
    )


def recovered(at: Acting, outage: Outage, reason: ActReason, *, dry_run: bool, yes: bool) -> None:
    """The whole of `mash recover` but its arguments."""
    found = find(outage, at.desk, most=MOST_AT_ONCE)
    at.note(f"what {found.agency_id} has not taken", len(found.items))
    if not found.items:
        click.echo(f"Nothing to recover: {found.agency_id}'s system has taken all that it may have.")
        return
    terminal().print(found_shown(found, outage, reason))
    if dry_run:
        click.echo("Nothing was changed: leave out --dry-run to send them again.")
        return
    _ask(f"Send {counted(len(found.items), 'message')} again?", yes=yes)
    each = recover(found, at.order(reason), at.desk)
    became = Counter(_with_progress("sent again", each, len(found.items)))
    click.echo(f"{recovered_words(became)}.\nIn the trail: RESENT in each referral, by request {at.request}.")
    if became[Became.LEFT]:
        raise CommandError("Others were writing to what is left all the while: run it again.")


def ended(at: Acting, which: WhichTask, reason: ActReason) -> None:
    """The whole of `mash done` but its arguments."""
    came = done(which, at.order(reason), at.desk)
    task = came.task
    what = task_words(task["kind"], task.get("agency"), task.get("about"))
    told = f" {counted(came.told, 'message')} {'counts' if came.told == 1 else 'count'} as told."
    click.echo(f"{keys.owner_of(task)}: done: {what}.")
    click.echo(
        f"The reason: {reason_words(reason)}.{told if came.told else ''}\n{in_the_trail(came.entries)}"
    )


def _ask(question: str, *, yes: bool) -> None:
    if yes:
        return
    if not _somebody_is_here():
        raise CommandError("Nothing was changed: nobody is here to be asked. Read that, then add --yes.")
    if not click.confirm(question):
        raise CommandError("Nothing was changed.")


def _somebody_is_here() -> bool:
    return sys.stdin.isatty()


def _with_progress(what: str, each: Iterable[T], number: int) -> Iterator[T]:
    """The same, with a bar beside it where somebody looks."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield from progress.track(each, total=number, description=what)
