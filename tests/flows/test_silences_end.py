"""Each silence is on the one worklist, and leaves it by the event that answers it or by a person's act: by
nothing else, however long it lasts."""

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Item
from functions.domain.by_hand import OF_A_SOURCE
from functions.flows.acting.done import WhichTask, done
from schemas.codes import ActReason, TaskKind
from tests.flows.backlog import SILENCES, Listed, a_busy_wednesday, listed, worklist
from tests.flows.heard_sources import hear
from tests.world import World, is_whole

ALL = dict.fromkeys(SILENCES, 1)
each_silence = pytest.mark.parametrize("one", SILENCES, ids="-".join)


@pytest.fixture
def busy(world: World) -> World:
    a_busy_wednesday(world)
    return world


def look(world: World, minutes: int = 15) -> None:
    """What the sweep and the listener do by themselves."""
    world.later(minutes=minutes)
    hear(world)
    world.send_due()


def tasks_of(world: World, one: Listed) -> list[Item]:
    return [task for task in worklist(world) if (keys.owner_of(task), task["kind"]) == one]


def end_by_hand(world: World, one: Listed) -> None:
    owner, kind = one
    if kind == TaskKind.RELEASE_CHILD:
        world.release(owner)
        return
    called = kind.startswith("CALL_")
    reason = ActReason.TOLD_BY_PHONE if called else ActReason.SORTED_OUT
    of_a_source = kind.startswith("CHECK_")
    which = WhichTask(TaskKind(kind), None if of_a_source else owner, source=owner if of_a_source else None)
    done(which, world.order(reason), world.act_desk)


@pytest.mark.finding(26)
def test_every_silence_is_listed_once_with_its_role_its_age_and_by_when_somebody_must_act(
    busy: World,
) -> None:
    assert listed(busy) == ALL
    for task in worklist(busy):
        silence = SILENCES[keys.owner_of(task), task["kind"]]
        assert (task["role"], task["st"]) == (silence.role, silence.state), task["sk"]
        assert task["opened_at"] <= "2026-11-25T14:31:00.000Z"
        assert task["due_at"] > task["opened_at"]


@each_silence
def test_the_event_that_answers_it_ends_it_and_no_other(busy: World, one: Listed) -> None:
    SILENCES[one].answer(busy)
    hear(busy)
    assert listed(busy) == {other: 1 for other in SILENCES if other != one}


@each_silence
def test_a_persons_act_ends_it_and_no_other_and_is_in_the_trail(busy: World, one: Listed) -> None:
    end_by_hand(busy, one)
    assert listed(busy) == {other: 1 for other in SILENCES if other != one}
    owner, kind = one
    of_a_source = TaskKind(kind) in OF_A_SOURCE
    partition = keys.source(owner) if of_a_source else keys.referral(owner)
    rows = busy.store.partition("audit", partition, "E#")
    assert rows[-1]["actor"] == "mash-manager"
    assert is_whole(rows)


@each_silence
def test_nothing_else_ends_it_neither_what_answers_the_others_nor_time(busy: World, one: Listed) -> None:
    for other, silence in SILENCES.items():
        if other != one:
            silence.answer(busy)
            look(busy)
    (before,) = tasks_of(busy, one)
    for _ in range(24):
        look(busy, minutes=180)
        (task,) = tasks_of(busy, one)
        assert task["opened_at"] == before["opened_at"]


def test_a_week_of_looking_lists_none_of_them_twice(busy: World) -> None:
    for _ in range(56):
        look(busy, minutes=180)
        assert {one: number for one, number in listed(busy).items() if one in SILENCES} == ALL
