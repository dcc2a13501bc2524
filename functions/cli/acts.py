"""What each act of a person shows, asks and says, on a running stack."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from functions.adapters.ledger import keys
from functions.adapters.ledger.by_hand import ByHand
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.finding import Finding
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.reading import Asked
from functions.adapters.registry.endpoint_health import EndpointHealth
from functions.adapters.registry.endpoint_rows import EndpointRows
from functions.cli.acting_words import (
    again_shown,
    became_facts,
    counted,
    found_facts,
    found_shown,
    in_the_trail,
    reason_words,
    recovered_words,
    stop_shown,
    stopped_words,
    whose,
)
from functions.cli.answering import Came, Talk, written
from functions.cli.due_messages import numbered_as
from functions.cli.on_record import caller, chain_of
from functions.cli.progress import with_progress
from functions.cli.releasing import desk_of
from functions.cli.stack import Stack
from functions.domain.by_hand import OF_AN_AGENCY
from functions.domain.wording.uk_time import uk_date_and_time
from functions.flows.acting.again import How
from functions.flows.acting.cancel import cancel, what_would_stop
from functions.flows.acting.done import WhichTask, done
from functions.flows.acting.endpoint import count_waiting, pause, put_forward, resume
from functions.flows.acting.keep import keep, the_hold
from functions.flows.acting.order import ActDesk, Order, Which
from functions.flows.acting.recover import MOST_AT_ONCE, Became, Outage, find, recover
from functions.flows.acting.resend import send_again, what_would_go
from functions.story.tasks import owner_words, role_words, task_words
from schemas.codes import ActReason

LEFT_OVER = "Others were writing to what is left all the while: run it again."


@dataclass(frozen=True, slots=True)
class Acting:
    """One act's tools: `actor` is who the trail says did it, `request` the id that all its rows have."""

    desk: ActDesk
    asked: Asked
    actor: str
    request: str

    @classmethod
    def of(cls, stack: Stack) -> "Acting":
        """On a running stack, as the caller."""
        store = stack.store()
        chain = chain_of(store)
        return cls(
            ActDesk(
                check=desk_of(stack),
                by_hand=ByHand(store, chain),
                finding=Finding(store),
                health=EndpointHealth(store, EndpointRows(store, chain)),
            ),
            Asked(store, chain),
            caller(),
            str(uuid4()),
        )

    def order(self, reason: ActReason) -> Order:
        return Order(self.actor, reason, self.request)

    def facts(
        self, reason: ActReason, facts: Mapping[str, object], entries: Sequence[str]
    ) -> dict[str, object]:
        """What a program reads of the act."""
        return written(facts, reason.value, self.request, entries)

    def note(self, asked: str, rows: int, ref: str | None = None) -> None:
        """Puts on record what is about to be shown, of which referral if of one; if that fails, it is not
        shown."""
        now = self.desk.check.now()
        self.desk.check.patience.persist(
            lambda: self.asked.note(
                reader=self.actor,
                asked=asked,
                rows=rows,
                request=self.request,
                now=now,
                filters={"ref": ref} if ref else None,
            )
        )


def sent_again(at: Acting, which: Which, reason: ActReason, talk: Talk, *, by_email: bool) -> Came:
    """The whole of `mash resend` but its arguments."""
    agreed = what_would_go(which, at.desk, by_email=by_email)
    at.note(f"a message of {which.ref}", 1, which.ref)
    talk.show(again_shown(agreed, reason))
    talk.ask("Send it again?")
    came = send_again(agreed, at.order(reason), at.desk)
    how = "is due now" if agreed.how is How.AT_ONCE else "was made, and is due now"
    facts = {
        **_about(agreed.key),
        **numbered_as(agreed.key),
        "channel": agreed.channel.value,
        "level": agreed.level.value,
        "message_id": came.message_id,
        "how": agreed.how.name,
    }
    return Came(
        f"{came.message_id} {how}.\n{in_the_trail(came.entries)}", at.facts(reason, facts, came.entries)
    )


def stopped(at: Acting, which: Which, reason: ActReason, talk: Talk) -> Came:
    """The whole of `mash cancel` but its arguments."""
    agreed = what_would_stop(which, at.desk)
    at.note(f"messages of {which.ref}", len(agreed.items), which.ref)
    talk.show(stop_shown(agreed, reason))
    talk.ask(f"Stop {counted(len(agreed.items), 'message')} for good?")
    came = cancel(agreed, at.order(reason), at.desk)
    went = len(agreed.items) - len(came.items)
    facts = {
        **_about(DeliveryKey.of(came.items[0])),
        "stopped": len(came.items),
        "message_ids": [item["message_id"] for item in came.items],
        "went_on": went,
        "on_their_way": len(agreed.on_their_way),
        "tasks_done": came.done_tasks,
    }
    return Came(stopped_words(came, went), at.facts(reason, facts, came.entries))


def paused(at: Acting, agency: str, reason: ActReason) -> Came:
    """The whole of `mash pause` but its arguments."""
    turned = pause(agency, at.order(reason), at.desk)
    waiting = count_waiting(turned.agency_id, at.desk)
    words = (
        f"{turned.agency_id}'s endpoint is paused: {reason_words(reason)}.\n"
        f"Nothing leaves for it until `mash resume {turned.agency_id}`; {counted(waiting, 'message')} to it "
        f"{'waits' if waiting == 1 else 'wait'} for another try now.\n{in_the_trail([turned.entry])}"
    )
    facts = {"agency": turned.agency_id, "waiting": waiting}
    return Came(words, at.facts(reason, facts, [turned.entry]))


def resumed(at: Acting, agency: str, reason: ActReason) -> Came:
    """The whole of `mash resume` but its arguments."""
    turned = resume(agency, at.order(reason), at.desk)
    waiting = count_waiting(turned.agency_id, at.desk)
    due = sum(with_progress("due now", put_forward(turned.agency_id, at.desk), waiting))
    words = (
        f"{turned.agency_id}'s endpoint is sent to again: {reason_words(reason)}.\n"
        f"{counted(due, 'message')} due now; one goes first, to see whether it is taken.\n"
        f"{in_the_trail([turned.entry])}"
    )
    return Came(words, at.facts(reason, {"agency": turned.agency_id, "due": due}, [turned.entry]))


def recovered(at: Acting, outage: Outage, reason: ActReason, talk: Talk, *, dry_run: bool) -> Came:
    """The whole of `mash recover` but its arguments."""
    found = find(outage, at.desk, most=MOST_AT_ONCE)
    at.note(f"what {found.agency_id} has not taken", len(found.items))
    facts = found_facts(found, outage, dry_run=dry_run)
    nothing = at.facts(reason, facts | became_facts({}), ())
    if not found.items:
        return Came(f"Nothing to recover: {whose(found, outage)} has taken all that it may have.", nothing)
    talk.show(found_shown(found, outage, reason))
    if dry_run:
        return Came("Nothing was changed: leave out --dry-run to send them again.", nothing)
    talk.ask(f"Send {counted(len(found.items), 'message')} again?")
    each = recover(found, at.order(reason), at.desk)
    came = list(with_progress("sent again", each, len(found.items)))
    became = Counter(one.became for one in came)
    words = f"{recovered_words(became)}.\nIn the trail: RESENT in each referral, by request {at.request}."
    entries = [entry for one in came for entry in one.entries]
    facts = at.facts(reason, facts | became_facts(became), entries)
    return Came(words, facts, LEFT_OVER if became[Became.LEFT] else "")


def kept(at: Acting, which: WhichTask, reason: ActReason) -> Came:
    """The whole of `mash keep` but its arguments."""
    came = keep(the_hold(which, at.desk), at.order(reason), at.desk)
    whose = role_words({"role": came.task.role})
    words = (
        f"{which.ref}: still held: {reason_words(reason)}.\n"
        f"{whose} must act by {uk_date_and_time(came.task.due_at)}.\n{in_the_trail(came.entries)}"
    )
    facts = {
        "task": which.kind.value,
        "referral_ref": which.ref,
        "child_index": came.child,
        "agency": came.task.agency_id,
        "role": came.task.role.value,
        "due_at": at_text(came.task.due_at),
    }
    return Came(words, at.facts(reason, facts, came.entries))


def ended(at: Acting, which: WhichTask, reason: ActReason) -> Came:
    """The whole of `mash done` but its arguments."""
    came = done(which, at.order(reason), at.desk)
    task = came.task
    what = task_words(task["kind"], task.get("agency"), task.get("about"))
    told = f" {counted(came.told, 'message')} {'counts' if came.told == 1 else 'count'} as told."
    words = (
        f"{owner_words(task)}: done: {what}.\n"
        f"The reason: {reason_words(reason)}.{told if came.told else ''}\n{in_the_trail(came.entries)}"
    )
    facts = {
        "task": task["kind"],
        "referral_ref": which.ref,
        "child_index": task["child"] or None,
        "agency": keys.owner_of(task) if which.kind in OF_AN_AGENCY else task.get("agency"),
        "source": which.source,
        "about": task.get("about"),
        "told": came.told,
    }
    return Came(words, at.facts(reason, facts, came.entries))


def _about(key: DeliveryKey) -> dict[str, object]:
    return {"referral_ref": key.ref, "child_index": key.child, "agency": key.agency_id}
