"""A person ends a hold: of the child, of one recipient, or of an allegation held beside what was sent."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from functions.adapters.errors import ContendedError
from functions.adapters.ledger.acts import Freed, Release
from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import ConditionsFailedError, Item
from functions.adapters.registry.directory import Entry
from functions.domain.clock import uk_day
from functions.flows.desk import ReleaseDesk
from functions.flows.orders import Rows
from functions.flows.planning.holds import linked_agencies
from functions.flows.planning.urgency import urgency_of
from functions.flows.releasing.calls import call_fact, calls_that_waited
from functions.flows.releasing.held_now import (
    child_meant,
    held_alone,
    held_deliveries,
    held_on_child,
    nothing_held,
    open_task,
    stands_as,
)
from functions.flows.releasing.messages import allegation, released_fact, to_the_lead
from functions.flows.releasing.order import (
    NotReleasableError,
    Order,
    Released,
    require_fitting_reason,
)
from functions.log_lines import HOLD_RELEASED, log
from schemas.codes import Addressee, Channel, HoldTrigger, NotReleasable, TaskKind

__all__ = ["NotReleasableError", "Order", "ReleaseDesk", "Released", "next_part", "release"]


def release(order: Order, desk: ReleaseDesk) -> Released:
    """Ends the hold, in the trail and in the tables.

    The message is the one that would have gone without the hold: its reader cannot tell. Raises
    NotReleasableError with what to do, also where somebody else has decided of the hold since it was seen, or
    a newer decision came; ContendedError if others were first until patience ended.
    """
    acted = _Act(order, desk)
    while not acted.ended:
        desk.patience.persist(acted.write_part)
    return acted.came_of_it()


class _Act:
    """One order on its way: what was read and worked out, and what of it is written.

    What one transaction does not take is released in parts; the hold and its task end with the last, so that
    what a crash leaves behind is still held, still somebody's task, and released by repeating.
    """

    def __init__(self, order: Order, desk: ReleaseDesk) -> None:
        self.ended = False
        self._order = order
        self._desk = desk
        self._version: tuple[int, int] | None = None
        self._seen = order.seen
        self._worked_out: tuple[Referral, Release] | None = None
        self._written: list[Release] = []
        self._entries: tuple[str, ...] = ()

    def write_part(self) -> None:
        # After a reply that was lost the same rows are written after the same tip: if they stand there, it
        # was done, and reading again would find nothing held any more.
        self._worked_out = self._worked_out or self._work_out()
        referral, part = self._worked_out
        try:
            self._desk.acts.release(referral, part, self._desk.now())
        except ContendedError:
            self._worked_out = None
            raise
        except ConditionsFailedError as exc:
            self._worked_out = None
            raise ContendedError("the referral changed while it was released") from exc
        self._worked_out = None
        self._written.append(part)
        self._entries += Rows(referral.pk, referral.tip, part.facts).entries
        self.ended = not part.is_partial
        if self.ended:
            self._log()

    def _work_out(self) -> tuple[Referral, Release]:
        order = self._order
        referral = self._desk.intake.case(order.ref)
        child = child_meant(referral, order)
        self._require_same_version(referral, child)
        self._require_as_seen(referral, child)
        return referral, next_part(order, referral, child, self._desk)

    def _require_same_version(self, referral: Referral, child: int) -> None:
        """What was held when the person acted is released, and no newer decision that they have not seen."""
        seen = self._version = self._version or (child, referral.newest(child))
        if seen != (child, referral.newest(child)):
            raise _newer_decision(referral, child)

    def _require_as_seen(self, referral: Referral, child: int) -> None:
        """Nobody has kept the hold since, and no newer decision holds something else: asked of every try, as
        the one before may have failed because just that was written."""
        task = open_task(referral, child, self._order)
        seen = self._seen = self._seen or task
        if seen is None:
            return
        if task is None:
            raise nothing_held(referral, self._order)
        if task["dver"] != seen["dver"]:
            raise _newer_decision(referral, child)
        if not stands_as(seen, task):
            raise NotReleasableError(
                NotReleasable.CHANGED_MEANWHILE,
                f"Somebody else has decided of this hold of {referral.ref}: look at it again "
                f"(`mash trail {referral.ref}`), then decide.",
                on_a_page="Somebody else has decided of it since you looked at it: look at it again, then "
                "decide.",
            )

    def came_of_it(self) -> Released:
        freed = [one for part in self._written for one in part.freed]
        made = [new for part in self._written for new in part.deliveries]
        due = sum(not one.still_held for one in freed) + sum(not new.held for new in made)
        return Released(self._written[-1].child, due, len(freed) + len(made) - due, self._entries)

    def _log(self) -> None:
        came, part = self.came_of_it(), self._written[-1]
        log(
            HOLD_RELEASED,
            referral=self._order.ref,
            child=part.child,
            dver=part.seq,
            task=self._order.task.value,
            count=came.due,
        )


def _newer_decision(referral: Referral, child: int) -> NotReleasableError:
    return NotReleasableError(
        NotReleasable.NEWER_DECISION,
        f"A newer decision for child {child} of {referral.ref} came in at this moment: look at it first "
        f"(`mash trail {referral.ref}`), then release what it holds.",
        on_a_page=f"A newer decision for child {child} came in at this moment: look at it first.",
    )


def next_part(order: Order, referral: Referral, child: int, desk: ReleaseDesk, *, beside: int = 0) -> Release:
    """All of the release, or as much as one transaction takes with `beside` parts of others.

    Raises NotReleasableError.
    """
    how: Callable[[Order, Referral, int, ReleaseDesk], Release] = {
        TaskKind.RELEASE_ALLEGATION: allegation,
        TaskKind.RELEASE_AGENCY: _recipient,
        TaskKind.RELEASE_CHILD: _child,
    }[order.task]
    part = how(order, referral, child, desk)
    if part.is_partial:
        return part
    task = open_task(referral, child, order)
    whole = replace(part, done_tasks=[task] if task else [], beside=beside)
    return whole if whole.room >= 0 else _as_far_as_it_fits(whole)


def _child(order: Order, referral: Referral, child: int, desk: ReleaseDesk) -> Release:
    """Everybody's messages about the child, and the calls that nobody might make until now."""
    triggers, seq = held_on_child(referral, child), referral.newest(child)
    if not triggers:
        raise nothing_held(referral, order)
    require_fitting_reason(order, triggers, urgency_of(referral.children[child]).outcomes)
    calls = list(calls_that_waited(referral, child, desk))
    return Release(
        child=child,
        seq=seq,
        facts=[
            released_fact(order, referral, child, triggers),
            *(call_fact(order, child, seq, task) for task in calls),
        ],
        freed=_freed(held_deliveries(referral, child), triggers),
        tasks=calls,
        child_held=(),
    )


def _as_far_as_it_fits(whole: Release) -> Release:
    """The messages first, but for one by which what is left is found again; then the calls, each with its
    row."""
    released, *called = whole.facts
    part = replace(whole, facts=[released], freed=(), tasks=(), done_tasks=(), is_partial=True)
    part = replace(part, freed=whole.freed[:-1][: part.room], child_held=None)
    calls = part.room // len(("row", "task"))
    return replace(part, facts=[released, *called[:calls]], tasks=whole.tasks[:calls])


def _freed(items: Sequence[Item], triggers: Sequence[HoldTrigger]) -> list[Freed]:
    """Those of the messages that these triggers hold."""
    freed = (_without(item, triggers) for item in items)
    return [one for one in freed if len(one.still_held) < len(one.item["held"])]


def _without(item: Item, triggers: Sequence[HoldTrigger]) -> Freed:
    held = map(HoldTrigger, item["held"])
    return Freed(item, tuple(trigger for trigger in held if trigger not in triggers))


def _recipient(order: Order, referral: Referral, child: int, desk: ReleaseDesk) -> Release:
    """One recipient: to its mailbox, once that is verified; where staff are linked, to one lead alone."""
    agency_id = order.agency_id or ""
    items = [item for item in held_deliveries(referral, child) if item["agency"] == agency_id]
    triggers = held_alone(referral, items)
    if not triggers:
        raise nothing_held(referral, order)
    require_fitting_reason(order, triggers, urgency_of(referral.children[child]).outcomes)
    entry = desk.directory.look_up([agency_id]).entries.get(agency_id)
    if entry is None:
        raise NotReleasableError(
            NotReleasable.NOT_IN_REGISTRY,
            f"{agency_id} is not in the registry any more: call the agency.",
        )
    linked = agency_id in linked_agencies(referral.children[child])
    if HoldTrigger.STAFF_LINK in triggers or (linked and not all(map(_is_to_the_lead, items))):
        return to_the_lead(order, referral, items, entry, desk)
    _require_verified(items, entry, desk)
    fact = released_fact(order, referral, child, triggers)
    return Release(child=child, seq=referral.newest(child), facts=[fact], freed=_freed(items, triggers))


def _is_to_the_lead(item: Item) -> bool:
    return item.get("addressee") == Addressee.SAFEGUARDING_LEAD


def _require_verified(items: Sequence[Item], entry: Entry, desk: ReleaseDesk) -> None:
    """An address is released by verifying it: no reason of a person's makes an unknown one right."""
    today = uk_day(desk.now())
    for item in items:
        addressee = Addressee(item.get("addressee", Addressee.ROLE_MAILBOX))
        if not entry.is_verified(Channel(item["chan"]), addressee, today):
            raise NotReleasableError(
                NotReleasable.ADDRESS_NOT_VERIFIED,
                f"The {_WHERE[item['chan'], addressee]} of {entry.agency_id} is not verified. Verify it, "
                "apply the registry with `mash agencies apply`, check it with `mash agencies check`, and "
                "release again.",
                on_a_page=(
                    f"The {_WHERE[item['chan'], addressee]} of {entry.agency_id} is not verified. Have two "
                    "people verify it in the registry, then release again."
                ),
            )


_WHERE = {
    (Channel.EMAIL, Addressee.ROLE_MAILBOX): "mailbox",
    (Channel.EMAIL, Addressee.SAFEGUARDING_LEAD): "safeguarding lead's mailbox",
    (Channel.EMAIL, Addressee.FORM_ESCALATION): "mailbox for last reminders",
    (Channel.WEBHOOK, Addressee.ROLE_MAILBOX): "endpoint",
}
