"""What of a referral waits for a person as it stands now, and which of it an order means."""

from collections.abc import Iterator, Sequence

from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import Item
from functions.domain.withdrawal import WITHDRAWN
from functions.domain.withholding import EVERYBODY, WITHHELD
from functions.flows.releasing.order import NotReleasableError, Order
from schemas.codes import DeliveryState, HoldTrigger, NotReleasable, Outcome, TaskKind, TaskState


def child_meant(referral: Referral, order: Order) -> int:
    """The child of an order; where it says none, the only one that has such a hold."""
    if order.child is not None:
        return order.child
    held = sorted({child for kind, child, agency_id in _holds(referral) if _means(order, kind, agency_id)})
    if not held:
        raise nothing_held(referral, order)
    if len(held) > 1:
        listed = ", ".join(map(str, held))
        raise NotReleasableError(
            NotReleasable.WHICH_CHILD,
            f"Children {listed} of {order.ref} are held: say which with --child.",
            "child",
            on_a_page=f"Children {listed} of {order.ref} are held: open the one that you mean.",
        )
    return held[0]


def held_on_child(referral: Referral, child: int) -> tuple[HoldTrigger, ...]:
    """What holds everybody's messages about the child; a duplicate's stand with its original.

    What was withdrawn, or is withheld from all, is told to nobody, and needs no release; its hold waits for
    the next decision.
    """
    state = referral.children.get(child, {})
    if WITHDRAWN in state or EVERYBODY in state.get(WITHHELD, {}):
        return ()
    return () if state.get("outcome") == Outcome.DUP else tuple(map(HoldTrigger, state.get("held", ())))


def held_deliveries(referral: Referral, child: int) -> list[Item]:
    """The messages of the child that wait: of its newest version, and the newest of each series."""
    return [
        item
        for item in referral.messages
        if item["child"] == child
        and item["st"] == DeliveryState.PENDING
        and "held" in item
        and referral.is_newest(item)
    ]


def held_alone(referral: Referral, items: Sequence[Item]) -> tuple[HoldTrigger, ...]:
    """What holds these deliveries and not their child."""
    return tuple(
        sorted(
            {
                HoldTrigger(code)
                for item in items
                for code in item["held"]
                if code not in held_on_child(referral, item["child"])
            }
        )
    )


def open_task(referral: Referral, child: int, order: Order) -> Item | None:
    """The task that the order does, unless somebody has done it."""
    tasks = referral.open_tasks(child).values()
    return next((task for task in tasks if _means(order, task["kind"], task.get("agency"))), None)


def stands_as(seen: Item, now: Item | None) -> bool:
    """Whether nobody decided of it meanwhile, and no newer decision holds something else: that its clock ran
    out is no reason to ask again."""
    same = ("dver", "opened_at", "due_at")
    return now is not None and "work_pk" in now and all(now[name] == seen[name] for name in same)


def nothing_held(referral: Referral, order: Order) -> NotReleasableError:
    """Says what is held instead, or why nothing is."""
    if not referral.children:
        return NotReleasableError(
            NotReleasable.NOTHING_HELD, f"No referral {order.ref} is known here. Check the reference.", "ref"
        )
    return NotReleasableError(
        NotReleasable.NOTHING_HELD,
        " ".join((f"Nothing of {order.ref} is held that way.", *_hints(referral, order))),
        on_a_page="Nothing of it is held that way any more: somebody has released it, or it has ended.",
    )


def _hints(referral: Referral, order: Order) -> Iterator[str]:
    if others := sorted({_as_option(*hold, several=len(referral.children) > 1) for hold in _holds(referral)}):
        yield f"Held: {'; '.join(others)}."
    elif any(_has_ended(task, order) for task in referral.tasks.values()):
        yield f"It was, and has ended: `mash trail {order.ref}` says how."
    duplicates = (child for child in referral.children.values() if child.get("outcome") == Outcome.DUP)
    if originals := sorted({child["duplicate_of"] for child in duplicates}):
        yield f"It is a duplicate: what is decided for it stands under {', '.join(originals)}."


def _as_option(kind: TaskKind, child: int, agency_id: str | None, *, several: bool) -> str:
    """How the command line names a hold."""
    which = f"--child {child}"
    match kind:
        case TaskKind.RELEASE_AGENCY:
            what = f"--agency {agency_id}"
        case TaskKind.RELEASE_ALLEGATION:
            what = "--allegation"
        case _:
            return which
    return f"{which} {what}" if several else what


def _holds(referral: Referral) -> Iterator[tuple[TaskKind, int, str | None]]:
    """Every hold that stands, by what is held and not by the tasks that say so."""
    for child in referral.children:
        if held_on_child(referral, child):
            yield TaskKind.RELEASE_CHILD, child, None
        waiting = held_deliveries(referral, child)
        for agency_id in {item["agency"] for item in waiting}:
            if held_alone(referral, [item for item in waiting if item["agency"] == agency_id]):
                yield TaskKind.RELEASE_AGENCY, child, agency_id
        if allegation_waits(referral, child):
            yield TaskKind.RELEASE_ALLEGATION, child, None


def allegation_waits(referral: Referral, child: int) -> bool:
    """Whether the child's newest decision has an allegation that nobody has released."""
    return any(
        task["kind"] == TaskKind.RELEASE_ALLEGATION and task["dver"] == referral.newest(child)
        for task in referral.open_tasks(child).values()
    )


def _means(order: Order, kind: str, agency_id: str | None) -> bool:
    return kind == order.task and order.agency_id in (None, agency_id)


def _has_ended(task: Item, order: Order) -> bool:
    mine = order.child in (None, task["child"]) and _means(order, task["kind"], task.get("agency"))
    return mine and bool(task["st"] == TaskState.DONE)
