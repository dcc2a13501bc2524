"""Clocks that wait in the state table: each as it was left, moved only from where it was read, with its row
and its task or not at all."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.adapters.ledger import keys
from functions.adapters.ledger.clocks import CLOCKS_LEFT, clocks_of, is_due, moved_clocks
from functions.adapters.ledger.intake import Intake
from functions.adapters.ledger.keys import ClockKey
from functions.adapters.ledger.lifecycle import Lifecycle, TakenEvent
from functions.adapters.ledger.reading import DueIndex
from functions.adapters.ledger.records import Arrival, MovedClock, OpenedTask, Referral
from functions.adapters.ledger.store import Change, ConditionsFailedError, Item
from functions.domain.life_clocks.clock import LifeClock, Which
from functions.domain.tasks import Task
from functions.domain.withdrawal import WITHDRAWN
from schemas.codes import AuditKind, ClockEnd, ClockKind, Rag, TaskKind, TaskRole, TaskState
from tests.adapters.attempts import a_fact, everything
from tests.stage_tables import in_memory, on_moto
from tests.world import World, a_receipt, a_world

REF = "NS-26-7KQ4ZP"
PK = keys.referral(REF)
RECEIVED = datetime(2026, 11, 24, 9, 40, tzinfo=UTC)
DECIDED_BY = datetime(2026, 11, 24, 13, 40, tzinfo=UTC)
DECIDE = Which(ClockKind.DECIDE, 1)
POLICE_FORM = Which(ClockKind.POLICE_FORM, 1)
LATE = Task(TaskKind.DECIDE_LATE, TaskRole.MASH_MANAGER, DECIDED_BY + timedelta(hours=1))
FIRED = a_fact(AuditKind.CLOCK_FIRED, "fired")


@pytest.fixture
def received() -> Iterator[World]:
    """A RED referral of one child: two clocks run."""
    with a_world(on_moto) as world:
        world.now = RECEIVED + timedelta(minutes=1)
        world.take(a_receipt())
        yield world


def referral(world: World) -> Referral:
    return Intake(world.store, world.chain).referral(REF)


def take(world: World, seen: Referral, *moved: MovedClock, tasks: Sequence[OpenedTask] = ()) -> None:
    """As an event's own transaction, beside its row."""
    arrival = Arrival("bus-second", world.now, "mash.case-system")
    taken = TakenEvent(facts=[FIRED], clocks=moved, tasks=tasks)
    Lifecycle(world.store, world.chain).take(seen, taken, arrival)


def put(world: World, sk: str, *remove: str, **says: Any) -> None:
    """Makes an item say something else, as another writer might have."""
    change = Change({"by": "other", **says}, remove=remove)
    world.store.write([world.store.update("x", "state", (PK, sk), change=change)])


def item(world: World, which: Which = DECIDE) -> Item:
    return world.store.get("state", PK, keys.clock(which)) or {}


def fires(world: World) -> MovedClock:
    """The decision's clock once it has fired."""
    clock = LifeClock(DECIDE, RECEIVED, end=ClockEnd.FIRED, rag=Rag.RED)
    return MovedClock(clock, item(world))


# --- one clause false


OTHERWISE: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "it runs until another time": ((), {"due_at": "2026-11-24T13:41:00.000Z"}),
    "it has fired": (("due_at", "due_pk", "due_sk"), {"ended_by": "FIRED"}),
    "it was answered": (("due_at", "due_pk", "due_sk"), {"ended_by": "ANSWERED", "ended_at": "then"}),
}


@pytest.mark.parametrize(("remove", "says"), OTHERWISE.values(), ids=OTHERWISE)
def test_a_clock_that_runs_is_moved_only_from_the_time_that_was_read(
    received: World, remove: tuple[str, ...], says: dict[str, Any]
) -> None:
    seen, moved = referral(received), fires(received)
    put(received, keys.clock(DECIDE), *remove, **says)
    before = everything(received)
    with pytest.raises(ConditionsFailedError) as caught:
        take(received, seen, moved, tasks=[OpenedTask(1, 0, LATE)])
    assert list(caught.value.found) == ["clock CLOCK#DECIDE#01"]
    assert everything(received) == before


@pytest.mark.parametrize("says", [{"ended_by": "ANSWERED"}, {"due_at": "2026-11-25T13:40:00.000Z"}])
def test_a_clock_that_has_ended_is_moved_only_from_that_end(received: World, says: dict[str, Any]) -> None:
    take(received, referral(received), fires(received))
    seen = referral(received)
    answered = replace(fires(received).clock, end=ClockEnd.ANSWERED, ended_at=DECIDED_BY)
    moved = MovedClock(answered, item(received))
    put(received, keys.clock(DECIDE), *(() if "ended_by" in says else ("ended_by",)), **says)
    before = everything(received)
    with pytest.raises(ConditionsFailedError) as caught:
        take(received, seen, moved)
    assert list(caught.value.found) == ["clock CLOCK#DECIDE#01"]
    assert everything(received) == before


def test_a_new_clock_is_never_put_over_one_that_stands(received: World) -> None:
    seen, again = referral(received), MovedClock(LifeClock(DECIDE, RECEIVED, DECIDED_BY))
    before = everything(received)
    with pytest.raises(ConditionsFailedError) as caught:
        take(received, seen, again)
    assert list(caught.value.found) == ["clock CLOCK#DECIDE#01"]
    assert everything(received) == before


def test_a_task_that_somebody_did_meanwhile_is_not_ended_with_its_clock(received: World) -> None:
    take(received, referral(received), fires(received), tasks=[OpenedTask(1, 0, LATE)])
    seen = referral(received)
    (task,) = seen.tasks.values()
    answered = replace(fires(received).clock, end=ClockEnd.ANSWERED, ended_at=DECIDED_BY)
    moved = MovedClock(answered, item(received), task)
    assert moved.parts == 2
    put(received, task["sk"], st=TaskState.DONE.value)
    before = everything(received)
    with pytest.raises(ConditionsFailedError) as caught:
        take(received, seen, moved)
    assert list(caught.value.found) == [f"done {task['sk']}"]
    assert everything(received) == before


# --- in one transaction


def test_a_clock_its_row_and_its_task_are_one_write(received: World) -> None:
    rows = len(received.rows())
    take(received, referral(received), fires(received), tasks=[OpenedTask(1, 0, LATE)])
    assert len(received.rows()) == rows + 1
    assert received.tasks()["DECIDE_LATE#01"]["st"] == "OPEN"
    assert item(received)["ended_by"] == "FIRED"
    assert not {"due_pk", "due_sk", "due_at", "ended_at"} & item(received).keys()


def test_an_answer_ends_the_clock_and_its_task_in_one_write(received: World) -> None:
    take(received, referral(received), fires(received), tasks=[OpenedTask(1, 0, LATE)])
    seen = referral(received)
    (task,) = seen.tasks.values()
    answered = replace(fires(received).clock, end=ClockEnd.ANSWERED, ended_at=DECIDED_BY)
    take(received, seen, MovedClock(answered, item(received), task))
    assert received.tasks()["DECIDE_LATE#01"]["st"] == "DONE"
    assert (item(received)["ended_by"], item(received)["ended_at"]) == (
        "ANSWERED",
        "2026-11-24T13:40:00.000Z",
    )


def test_one_that_was_ended_and_is_set_anew_keeps_nothing_of_its_end(received: World) -> None:
    answered = replace(fires(received).clock, end=ClockEnd.ANSWERED, ended_at=DECIDED_BY)
    take(received, referral(received), MovedClock(answered, item(received)))
    anew = LifeClock(DECIDE, RECEIVED, DECIDED_BY + timedelta(hours=1), rag=Rag.RED)
    take(received, referral(received), MovedClock(anew, item(received)))
    assert clocks_of(referral(received))[DECIDE] == anew
    assert is_due(item(received), DECIDED_BY + timedelta(hours=1))


# --- as it stands


def due_by(world: World, moment: datetime) -> list[Which]:
    """The clocks in the index, but for the police form's, which has its own steps."""
    due = [key for key in DueIndex(world.store).until(moment) if isinstance(key, ClockKey)]
    return [key.which for key in due if key.which != POLICE_FORM]


def test_one_that_runs_is_in_the_due_index_from_its_time_on_and_no_other_is(received: World) -> None:
    assert due_by(received, DECIDED_BY - timedelta(milliseconds=1)) == []
    assert due_by(received, DECIDED_BY) == [DECIDE]
    assert not is_due(item(received), DECIDED_BY - timedelta(milliseconds=1))
    assert is_due(item(received), DECIDED_BY)
    take(received, referral(received), fires(received))
    assert due_by(received, DECIDED_BY) == []
    assert not is_due(item(received), DECIDED_BY)


def test_one_of_another_release_is_said_in_the_log_and_hides_no_other(
    received: World, caplog: pytest.LogCaptureFixture
) -> None:
    shown = {"due_pk": "DUE#0", "due_sk": "2026-11-24T10:00:00.000Z#x", "due_at": "2026-11-24T10:00:00.000Z"}
    put(received, "CLOCK#UNHEARD_OF#01", **shown)
    assert clocks_of(referral(received)).keys() == {DECIDE, Which(ClockKind.ACKNOWLEDGE), POLICE_FORM}
    assert due_by(received, DECIDED_BY) == [DECIDE]
    assert caplog.messages == ["KEY_UNREADABLE"] * 2


moments = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)).map(  # noqa: DTZ001 - its zone comes next
    lambda one: one.replace(tzinfo=UTC, microsecond=one.microsecond // 1000 * 1000)
)
whichever = st.builds(
    Which,
    st.sampled_from(ClockKind),
    st.integers(0, 99),
    st.just("") | st.from_regex(r"[A-Za-z0-9][A-Za-z0-9-]{0,20}", fullmatch=True),
)
colours = st.none() | st.sampled_from(Rag)
running = st.builds(LifeClock, whichever, moments, moments, rag=colours)
ended = st.builds(
    LifeClock,
    whichever,
    moments,
    st.none(),
    st.sampled_from(ClockEnd),
    st.none() | moments,
    colours,
)


@given(whichever, st.lists(running | ended, min_size=1, max_size=4))
def test_whatever_a_clock_says_is_read_back_as_it_was_written_over_what_stood(
    which: Which, clocks: list[LifeClock]
) -> None:
    store = in_memory()
    for clock in (replace(one, which=which) for one in clocks):
        seen = store.get("state", PK, keys.clock(which)) or {}
        store.write(list(moved_clocks(store, PK, [MovedClock(clock, seen)])))
        stands = store.get("state", PK, keys.clock(which))
        assert stands is not None
        assert clocks_of(Referral.of(PK, [stands])) == {which: clock}
        assert is_due(stands, datetime(2031, 1, 1, tzinfo=UTC)) is clock.runs


@pytest.mark.parametrize(
    "other",
    [{CLOCKS_LEFT: 2, "dver": 2}, {CLOCKS_LEFT: None}, {WITHDRAWN: 1}],
    ids=["newer", "set", "withdrawn"],
)
def test_clocks_that_were_left_are_set_once_and_not_of_what_counts_no_more(
    received: World, other: dict[str, int | None]
) -> None:
    put(received, keys.child(1), **{CLOCKS_LEFT: 1, "dver": 1})
    seen = referral(received)
    says = {name: number for name, number in other.items() if number is not None}
    put(received, keys.child(1), *(set(other) - set(says)), **says)
    before = everything(received)
    with pytest.raises(ConditionsFailedError) as caught:
        Intake(received.store, received.chain).set_clocks_left(seen, 1, ())
    assert list(caught.value.found) == ["clocks left"]
    assert everything(received) == before
