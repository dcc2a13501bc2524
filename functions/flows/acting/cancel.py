"""Messages to one agency that are never sent: a person stops them, with a reason in the trail."""

from collections.abc import Sequence
from dataclasses import dataclass

from functions.adapters.ledger.by_hand import MOST_CANCELLED, Stopped
from functions.adapters.ledger.calls import CALLS, Answered, answered_call
from functions.adapters.ledger.chain import Fact
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import Item
from functions.domain.by_hand import TO_CANCEL
from functions.flows.acting.chosen import meant, of_one_child
from functions.flows.acting.order import (
    ActDesk,
    NotPossibleError,
    Order,
    Which,
    require_fitting,
    written_once,
)
from functions.flows.orders import Rows
from functions.flows.stopping import STOPPABLE, cancelled_fact, ended_holds
from functions.log_lines import MESSAGE_STOPPED, log
from schemas.codes import ActReason, DeliveryState, TaskState

_GONE = (DeliveryState.CANCELLED, DeliveryState.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class ToStop:
    """What would be stopped, and what is on its way at this moment: nobody can stop that."""

    items: Sequence[Item]
    on_their_way: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What came of it: which messages nobody sends any more, and where each stands in the trail."""

    entries: tuple[str, ...]
    items: Sequence[Item]
    done_tasks: int


def what_would_stop(which: Which, desk: ActDesk) -> ToStop:
    """The messages of one child that an order means and that can be stopped; raises NotPossibleError."""
    referral = desk.check.intake.case(which.ref)
    found = meant(referral, which, desk)
    stoppable = of_one_child([item for item in found if item["st"] in STOPPABLE], which)
    on_their_way = [item for item in found if item["st"] == DeliveryState.SENDING]
    if not stoppable:
        raise NotPossibleError(
            _why_none(found, on_their_way), on_a_page=None if on_their_way else _why_none_on_a_page(found)
        )
    return ToStop(stoppable, on_their_way)


def _why_none(found: Sequence[Item], on_their_way: Sequence[Item]) -> str:
    if on_their_way:
        return "It is being sent at this moment, and nobody can stop that: look again in a minute."
    states = ", ".join(sorted({item["st"] for item in found}))
    return f"Nothing there is still to be sent ({states}).{_has_left(found)}"


def _why_none_on_a_page(found: Sequence[Item]) -> str:
    return f"Nothing of it is still to be sent.{_has_left(found)}"


def _has_left(found: Sequence[Item]) -> str:
    return " It has left: call the agency." if any(item["st"] == DeliveryState.SENT for item in found) else ""


def cancel(agreed: ToStop, order: Order, desk: ActDesk) -> Cancelled:
    """Stops what was agreed to, as far as none of it has left meanwhile; raises NotPossibleError if all has.

    Several transactions only where one cannot take them all: each message's row stands beside its end.
    """
    require_fitting(order, TO_CANCEL, "stop a message")
    entries: tuple[str, ...] = ()
    items, done_tasks = list[Item](), 0
    for start in range(0, len(agreed.items), MOST_CANCELLED):
        wanted = [item["sk"] for item in agreed.items[start : start + MOST_CANCELLED]]
        part = _stop(DeliveryKey.of(agreed.items[start]).ref, wanted, order, desk)
        entries += part.rows.entries
        items += part.stopped.deliveries
        done_tasks += len(part.ended)
    if not items:
        raise NotPossibleError("All of it was sent, or stopped by somebody else, at this moment.")
    return Cancelled(entries, items, done_tasks)


@dataclass(frozen=True, slots=True)
class _Part:
    referral: Referral
    stopped: Stopped

    @property
    def rows(self) -> Rows:
        return Rows(self.referral.pk, self.referral.tip, self.stopped.facts)

    @property
    def ended(self) -> list[Item]:
        """The tasks that are nobody's any more."""
        return _ended(self.stopped.done_tasks, self.stopped.answered)

    def write(self, desk: ActDesk) -> None:
        if self.stopped.facts:
            desk.by_hand.cancel(self.referral, self.stopped, desk.check.now())


def _stop(ref: str, wanted: Sequence[str], order: Order, desk: ActDesk) -> _Part:
    part = written_once(lambda: _worked_out(ref, wanted, order, desk), desk)
    for item in part.stopped.deliveries:
        log(
            MESSAGE_STOPPED,
            delivery=item["message_id"],
            referral=ref,
            agency=item["agency"],
            channel=item["chan"],
            reason=order.reason.value,
        )
    return part


def _worked_out(ref: str, wanted: Sequence[str], order: Order, desk: ActDesk) -> _Part:
    referral = desk.check.intake.case(ref)
    items = [item for item in referral.messages if item["sk"] in wanted and item["st"] in STOPPABLE]
    tasks, answered = ended_holds(referral, items), _answered_calls(referral, items)
    facts = [_fact(item, order, _ended_with(item, items, _ended(tasks, answered))) for item in items]
    by_phone = order.reason is ActReason.TOLD_BY_PHONE
    return _Part(referral, Stopped(facts, items, tasks, answered, by_phone=by_phone))


def _ended(holds: Sequence[Item], answered: Sequence[Answered]) -> list[Item]:
    return [*holds, *(one.call for one in answered if one.ends)]


def _ended_with(item: Item, stopped: Sequence[Item], ended: Sequence[Item]) -> list[str]:
    """The tasks that end with the last message to their agency, by their keys."""
    to_it = [other["sk"] for other in stopped if other["agency"] == item["agency"]]
    return [task["sk"] for task in ended if (task["agency"], to_it[-1]) == (item["agency"], item["sk"])]


def _answered_calls(referral: Referral, stopped: Sequence[Item]) -> list[Answered]:
    """The open calls about what nobody is to be told any more: no message that tells it stands."""
    gone = {item["sk"] for item in stopped}
    standing = {
        _told_by(item)
        for item in referral.messages
        if item["sk"] not in gone and item["st"] not in _GONE and "resent" not in item
    }
    found = []
    for task in referral.tasks.values():
        to_it = [item for item in stopped if (item["child"], item["agency"]) == _whom(task)]
        over = [DeliveryKey.of(item) for item in to_it if _told_by(item) not in standing]
        by = [key for key in over if answered_call(task, key)]
        if task["kind"] in CALLS and task["st"] != TaskState.DONE and by:
            found.append(Answered(task, by))
    return found


def _told_by(item: Item) -> tuple[int, int, str, str]:
    """The same for whatever tells this agency the same: every channel, and what was sent again."""
    key = DeliveryKey.of(item)
    return key.child, key.seq, key.agency_id, key.origin


def _whom(call: Item) -> tuple[int, str | None]:
    return call["child"], call.get("agency")


def _fact(item: Item, order: Order, ended: list[str]) -> Fact:
    return cancelled_fact(item, actor=order.actor, reason=order.reason, request=order.request, ended=ended)
