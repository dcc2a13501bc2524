"""What becomes of an endpoint: each change from each state, its row and its task, once however many race."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest

from functions.adapters.errors import BusyError, ContendedError
from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.store import Item, Part, Store
from functions.adapters.registry.endpoint_health import EndpointHealth
from functions.adapters.registry.endpoint_rows import UnknownAgencyError
from functions.domain.tasks import endpoint_task
from schemas.clocks import ClockPolicy
from schemas.codes import PauseCause, TaskKind
from tests.adapters.attempts import NOW, change, forget, stands
from tests.flows.test_taking_in import interleaved
from tests.stage_tables import on_moto
from tests.world import MORNING, World, a_world, is_whole

POLICE = "north-police"
PK = keys.agency(POLICE)
TASK_SK = keys.task(TaskKind.MEND_ENDPOINT, 0)
COOLED = MORNING + timedelta(seconds=120)
TASK = endpoint_task(MORNING, ClockPolicy())

CLOSED = {"breaker": "CLOSED"}
OPEN = {"breaker": "OPEN", "open_until": NOW, "probe_until": at_text(COOLED)}
PAUSED = {"paused": "REFUSING", "paused_at": NOW}
STATES: dict[str, dict[str, str]] = {
    "unknown": {},
    "closed": CLOSED,
    "open": OPEN,
    "paused": CLOSED | PAUSED,
    "open and paused": OPEN | PAUSED,
    "unknown and paused": PAUSED,
}


@pytest.fixture
def world() -> Iterator[World]:
    with a_world(on_moto) as one:
        yield one


def known(world: World, state: dict[str, str]) -> None:
    forget(world, "endpoint")
    if state:
        change(world, "endpoint", **state)


def rows(world: World) -> list[Item]:
    """The endpoint's rows in the agency's chain, which must be whole."""
    chain = world.store.partition("audit", PK, "E#")
    assert is_whole(chain)
    return [row for row in chain if row["type"] == "ENDPOINT"]


def said(world: World) -> list[dict[str, Any]]:
    """What each row says beside its place in the chain."""
    of_the_chain = {"pk", "sk", "v", "uid", "type", "prev", "salt", "gpk", "gsk", "cause"}
    return [{name: value for name, value in row.items() if name not in of_the_chain} for row in rows(world)]


def task(world: World) -> Item:
    return world.store.get("state", PK, TASK_SK) or {}


def opens(health: EndpointHealth) -> bool:
    return health.open(POLICE, until=COOLED, task=TASK, now=MORNING)


def stays_open(health: EndpointHealth) -> bool:
    return health.stay_open(POLICE, until=COOLED)


def closes(health: EndpointHealth) -> bool:
    return health.close(POLICE, now=MORNING)


def answers_first(health: EndpointHealth) -> bool:
    return health.first_answer(POLICE)


def pauses(health: EndpointHealth) -> bool:
    return health.pause(POLICE, PauseCause.GONE, by="mash-outcomes", task=TASK, now=MORNING)


def resumes(health: EndpointHealth) -> bool:
    return health.resume(POLICE, by="duty-engineer", reason="MENDED", request="req-1", now=MORNING)


Act = Callable[[EndpointHealth], bool]
OPENED = {"breaker": "OPEN", "open_until": at_text(COOLED)}
GONE = {"paused": "GONE", "paused_at": NOW}
BECOMES: dict[Act, dict[str, dict[str, str]]] = {
    opens: {
        "unknown": OPENED,
        "closed": OPENED,
        "paused": OPENED | PAUSED,
        "unknown and paused": OPENED | PAUSED,
    },
    stays_open: {"open": OPENED, "open and paused": OPENED | PAUSED},
    closes: {"open": CLOSED, "open and paused": CLOSED | PAUSED},
    answers_first: {"unknown": CLOSED, "unknown and paused": CLOSED | PAUSED},
    pauses: {"unknown": GONE, "closed": CLOSED | GONE, "open": OPEN | GONE},
    resumes: {"paused": {}, "open and paused": {}, "unknown and paused": {}},
}
"""By act, what it makes of each state; a state that is not named stays as it is."""
QUIET = [stays_open, answers_first]
CASES = [(act, name) for act in BECOMES for name in STATES]


@pytest.mark.parametrize(("act", "name"), CASES, ids=[f"{act.__name__} if {name}" for act, name in CASES])
def test_each_change_of_an_endpoint_has_its_states_and_is_told_once(
    world: World, act: Act, name: str
) -> None:
    known(world, STATES[name])
    changes = BECOMES[act].get(name)
    assert act(world.health) is (changes is not None)
    assert stands(world, "endpoint") == (STATES[name] if changes is None else changes)
    assert len(rows(world)) == (0 if changes is None or act in QUIET else 1)
    assert bool(task(world)) is (changes is not None and act not in QUIET)


def test_an_opening_says_until_when_and_calls_for_whoever_keeps_the_directory(world: World) -> None:
    opens(world.health)
    (row,) = said(world)
    assert row == {
        "agency": POLICE,
        "at": NOW,
        "actor": "mash-outcomes",
        "result": "FAILING",
        "open_until": at_text(COOLED),
        "version": 1,
    }
    opened = task(world)
    assert (opened["st"], opened["kind"], opened["role"]) == ("OPEN", "MEND_ENDPOINT", "DIRECTORY_OWNER")
    assert (opened["child"], opened["due_at"]) == (0, "2026-11-25T15:02:30.000Z")
    assert (opened["work_pk"], "due_pk" in opened) == ("W#TASK#DIRECTORY_OWNER", True)


def test_a_recovery_says_so_and_nobody_need_ring(world: World) -> None:
    opens(world.health)
    assert closes(world.health)
    assert [row["result"] for row in said(world)] == ["FAILING", "RECOVERED"]
    done = task(world)
    assert done["st"] == "DONE"
    assert not {"due_pk", "due_sk", "due_at", "work_pk", "work_sk"} & done.keys()


def test_a_breaker_that_opens_again_calls_again(world: World) -> None:
    for act in (opens, closes, opens):
        assert act(world.health)
    assert [row["result"] for row in said(world)] == ["FAILING", "RECOVERED", "FAILING"]
    assert task(world)["st"] == "OPEN"


def test_a_pause_says_why_and_a_persons_says_who_and_their_reason(world: World) -> None:
    assert pauses(world.health)
    assert resumes(world.health)
    by_hand = PauseCause.BY_HAND
    assert world.health.pause(POLICE, by_hand, by="duty-engineer", reason="AGENCY_ASKED", now=MORNING)
    told = [{name: row.get(name) for name in ("result", "cause", "actor", "reason")} for row in rows(world)]
    assert told == [
        {"result": "PAUSED", "cause": "GONE", "actor": "mash-outcomes", "reason": None},
        {"result": "RESUMED", "cause": "registry", "actor": "duty-engineer", "reason": "MENDED"},
        {"result": "PAUSED", "cause": "BY_HAND", "actor": "duty-engineer", "reason": "AGENCY_ASKED"},
    ]


def test_a_person_who_pauses_an_endpoint_calls_for_nobody(world: World) -> None:
    assert world.health.pause(POLICE, PauseCause.BY_HAND, by="duty-engineer", reason="X", now=MORNING)
    assert task(world) == {}


def test_a_resumed_endpoint_is_mended_and_nothing_is_known_of_it(world: World) -> None:
    pauses(world.health)
    resumes(world.health)
    assert stands(world, "endpoint") == {}
    assert task(world)["st"] == "DONE"


def test_an_agency_that_was_never_applied_has_no_endpoint_to_open(world: World) -> None:
    with pytest.raises(UnknownAgencyError):
        world.health.open("nobody", until=COOLED, task=TASK, now=MORNING)


# --- races


def at_once(world: World, act: Act) -> None:
    """Another worker does this between what the next one reads and what it writes."""

    def meanwhile() -> None:
        act(world.health)

    interleaved(world, meanwhile)


RACES = [(opens, CLOSED), (opens, {}), (closes, OPEN), (pauses, CLOSED), (resumes, PAUSED)]


@pytest.mark.parametrize(
    ("act", "before"), RACES, ids=["opens", "opens unknown", "closes", "pauses", "resumes"]
)
def test_two_workers_at_once_change_an_endpoint_once_and_tell_it_once(
    world: World, act: Act, before: dict[str, str]
) -> None:
    known(world, before)
    at_once(world, act)
    act(world.health)
    assert len(rows(world)) == 1


def test_workers_that_learn_it_at_different_moments_open_it_once(world: World) -> None:
    other = COOLED + timedelta(seconds=1)
    answers: list[bool] = []

    def meanwhile() -> None:
        answers.append(world.health.open(POLICE, until=other, task=TASK, now=MORNING))

    interleaved(world, meanwhile)
    answers.append(opens(world.health))
    assert answers == [True, False]
    assert [row["open_until"] for row in rows(world)] == [at_text(other)]
    assert stands(world, "endpoint")["open_until"] == at_text(other)


def test_a_probe_that_failed_after_another_had_closed_it_opens_nothing(world: World) -> None:
    known(world, OPEN)
    at_once(world, closes)
    assert not stays_open(world.health)
    assert stands(world, "endpoint") == CLOSED


def test_a_row_written_to_the_agencys_chain_meanwhile_is_no_reason_to_give_up(world: World) -> None:
    def somebody_changes_the_secret() -> None:
        world.directory.mark_not_checked(
            POLICE, f"https://{POLICE}.example/outcomes", by="x", method="GET", result="NO", now=MORNING
        )

    interleaved(world, somebody_changes_the_secret)
    assert opens(world.health)
    assert [row["result"] for row in rows(world)] == ["NO", "FAILING"]


class AlwaysSecond(Store):
    """Every write finds that another writer was first."""

    def write(self, parts: Sequence[Part]) -> None:
        raise ContendedError("another writer was first")


class Throttled(Store):
    """No write gets an answer."""

    def write(self, parts: Sequence[Part]) -> None:
        raise BusyError("throttled")


@pytest.mark.parametrize("act", [opens, closes, pauses, resumes])
def test_a_change_that_others_were_always_faster_than_is_raised_and_not_swallowed(
    world: World, act: Act
) -> None:
    """The next attempt sees it again: the slots remember."""
    world.use(AlwaysSecond)
    with pytest.raises(ContendedError):
        act(world.health)


@pytest.mark.parametrize("act", QUIET)
def test_a_change_without_a_row_leaves_it_to_whoever_was_first_but_no_throttle_is_swallowed(
    world: World, act: Act
) -> None:
    world.use(AlwaysSecond)
    assert not act(world.health)
    world.use(Throttled)
    with pytest.raises(BusyError):
        act(world.health)
