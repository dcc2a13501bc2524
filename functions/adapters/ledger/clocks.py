"""How clocks that wait for something stand in the state table, and the parts that move them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.items import NO_LONGER_DUE, due_attributes
from functions.adapters.ledger.keys import ClockKey
from functions.adapters.ledger.parts import done_task
from functions.adapters.ledger.records import MovedClock, Referral
from functions.adapters.ledger.store import ABSENT, MOST_PARTS, Change, Condition, Item, Part, Store
from functions.domain.life_clocks.clock import LifeClock, Which
from functions.domain.withdrawal import WITHDRAWN
from schemas.codes import ClockEnd, ClockKind, Rag

CLOCKS_LEFT: Final = "clocks_left"
"""On a child: the version whose clocks its own transaction had no room for, until the next has set them."""
MOST_AT_ONCE: Final = (MOST_PARTS - len(("child",))) // len(("clock", "task"))


def clocks_of(referral: Referral) -> dict[Which, LifeClock]:
    """Each clock that the referral has or had; one of another release, said in the log, is not among them."""
    found = (_read(item) for item in referral.clocks.values())
    return {clock.which: clock for clock in found if clock}


def _read(item: Item) -> LifeClock | None:
    key = keys.readable_clock(item["pk"], item["sk"])
    if key is None:
        return None
    return LifeClock(
        which=key.which,
        since=datetime.fromisoformat(item["since"]),
        due_at=_moment(item, "due_at"),
        end=ClockEnd(item["ended_by"]) if "ended_by" in item else None,
        ended_at=_moment(item, "ended_at"),
        rag=Rag(item["rag"]) if "rag" in item else None,
        step=item.get("step"),
    )


def _moment(item: Mapping[str, Any], name: str) -> datetime | None:
    return datetime.fromisoformat(item[name]) if name in item else None


def is_due(item: Item, now: datetime) -> bool:
    """Whether a clock runs, and its time has come."""
    return "due_pk" in item and item["due_at"] <= at_text(now)


def moved_clocks(store: Store, pk: str, moved: Iterable[MovedClock]) -> Iterator[Part]:
    """Sets or ends each clock, if it is still as it was read, with the task that it ends."""
    for one in moved:
        sk = keys.clock(one.clock.which)
        yield store.update(
            f"clock {sk}", store.state, (pk, sk), change=_change(pk, one.clock), condition=_as_seen(one.seen)
        )
        if one.task is not None:
            yield done_task(store, one.task)


def clocks_that_were_left(
    store: Store, pk: str, child: int, dver: int, moved: Sequence[MovedClock]
) -> Iterator[list[Part]]:
    """Sets the clocks of a version whose own transaction had no room for them, once: in as many transactions
    as they take, of which the last says that it is done. None of what was sent in error."""
    address = (pk, keys.child(child))
    condition = Condition(
        f"#{CLOCKS_LEFT} = :left_by AND attribute_not_exists(#{WITHDRAWN})", {"left_by": dver}
    )
    *others, last = range(0, max(len(moved), 1), MOST_AT_ONCE)
    for first in others:
        some = moved[first : first + MOST_AT_ONCE]
        still_left = store.check("clocks left", store.state, address, condition)
        yield [still_left, *moved_clocks(store, pk, some)]
    done = Change({}, remove=(CLOCKS_LEFT,))
    none_left = store.update("clocks left", store.state, address, change=done, condition=condition)
    yield [none_left, *moved_clocks(store, pk, moved[last:])]


def _change(pk: str, clock: LifeClock) -> Change:
    which, ref = clock.which, keys.ref_in(pk) or ""
    said: dict[str, Any] = {"kind": which.kind.value, "child": which.child, "since": at_text(clock.since)}
    if which.about:
        said["about"] = which.about
    if clock.step:
        said["step"] = clock.step
    perhaps = {
        "rag": clock.rag.value if clock.rag else None,
        "ended_by": clock.end.value if clock.end else None,
        "ended_at": at_text(clock.ended_at) if clock.ended_at else None,
    }
    said |= {name: value for name, value in perhaps.items() if value is not None}
    gone = tuple(name for name, value in perhaps.items() if value is None)
    key = ClockKey(ref, which)
    if which.kind is ClockKind.POLICE_FORM and clock.end is ClockEnd.FIRED:
        said |= {"work_pk": keys.CHASES_OF_MANAGERS, "work_sk": f"{at_text(clock.since)}#{key.text}"}
    elif which.kind is ClockKind.POLICE_FORM:
        gone = (*gone, "work_pk", "work_sk")
    if clock.due_at is None:
        return Change(said, remove=(*NO_LONGER_DUE, *gone))
    return Change(said | due_attributes(key, clock.due_at), remove=gone)


def _as_seen(seen: Item) -> Condition:
    if not seen:
        return ABSENT
    if "due_pk" in seen:
        return Condition("#due_at = :seen_due", {"seen_due": seen["due_at"]})
    return Condition("#ended_by = :seen_end", {"seen_end": seen["ended_by"]})
