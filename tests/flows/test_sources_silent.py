"""A source that has fallen silent in office hours is on the manager's list, once, until it is heard again or
somebody says what became of it."""

from datetime import datetime, timedelta

import pytest

from functions.adapters.ledger import keys
from functions.domain.bank_holidays import HORIZON
from functions.flows.acting.done import WhichTask, done
from functions.flows.acting.order import NotPossibleError
from schemas.clocks import ClockPolicy
from schemas.codes import ActReason, TaskKind
from tests.flows.accounts import decided
from tests.flows.heard_sources import CASES, FEED, asked, asks, at, comes, end, hear, rows
from tests.flows.sweeps import rows_of
from tests.world import LosesAReply, World, a_decision, is_whole

SILENT = (FEED, "CHECK_SILENCE", None)
"""The police's feed has fallen silent."""


@pytest.fixture
def silent(world: World) -> World:
    """Heard at ten on a Tuesday, and nothing until two."""
    comes(at(world, "2026-11-24T10:00:00Z"), None)
    hear(at(world, "2026-11-24T14:00:00Z"))
    return world


def test_four_hours_of_open_office_without_any_event_are_a_task_of_the_managers(world: World) -> None:
    comes(at(world, "2026-11-24T10:00:00Z"), None)
    hear(at(world, "2026-11-24T13:59:59Z"))
    assert asks(world) == []
    hear(at(world, "2026-11-24T14:00:00Z"))
    (task,) = asked(world)
    assert (keys.owner_of(task), task["kind"], task["role"]) == (FEED, "CHECK_SILENCE", "MASH_MANAGER")
    assert (task["opened_at"], task["due_at"]) == ("2026-11-24T14:00:00.000Z", "2026-11-24T15:00:00.000Z")


def test_what_was_heard_last_and_who_is_asked_stand_in_the_sources_own_trail(silent: World) -> None:
    (row,) = rows(silent)
    assert (row["type"], row["task"], row["role"]) == ("TASK", "CHECK_SILENCE", "MASH_MANAGER")
    assert (row["last_at"], row["due_at"]) == ("2026-11-24T10:00:00.000Z", "2026-11-24T15:00:00.000Z")


def test_nights_weekends_and_bank_holidays_are_no_silence(world: World) -> None:
    comes(at(world, "2026-12-24T15:00:00Z"), None)  # two hours before the office closes for Christmas
    for moment in ("2026-12-24T18:00:00Z", "2026-12-25T12:00:00Z", "2026-12-28T12:00:00Z"):
        hear(at(world, moment))
    hear(at(world, "2026-12-29T10:59:00Z"))
    assert asks(world) == []
    hear(at(world, "2026-12-29T11:00:00Z"))
    assert asks(world) == [SILENT]


def test_nobody_is_asked_to_look_while_the_office_is_closed(world: World) -> None:
    comes(at(world, "2026-11-24T12:55:00Z"), None)
    hear(at(world, "2026-11-24T17:00:00Z"))
    assert asks(world) == []
    hear(at(world, "2026-11-25T09:00:00Z"))
    assert asks(world) == [SILENT]


def test_once_is_enough_however_long_it_lasts(silent: World) -> None:
    for hours in range(1, 80):
        silent.later(hours=1)
        hear(silent)
        assert asks(silent) == [SILENT], hours
    assert len(rows(silent)) == 1


def test_the_next_event_ends_it_and_the_trail_says_which(silent: World) -> None:
    comes(at(silent, "2026-11-24T14:20:00Z"), None)
    comes(at(silent, "2026-11-24T14:25:00Z"), None)
    hear(at(silent, "2026-11-24T14:30:00Z"))
    assert asks(silent) == []
    _, row = rows(silent)
    assert (row["type"], row["task"], row["ended_as"]) == ("TASK", "CHECK_SILENCE", "ANSWERED")
    assert row["ended"] == ["TASK#CHECK_SILENCE#00"]
    (first, _) = silent.store.partition("audit", "F#2026-11-24#police.ra-feed", "E#")[1:]
    assert (row["cause"], first["at"]) == (first["uid"], "2026-11-24T14:20:00.000Z")
    assert is_whole(rows(silent))


def test_a_refused_event_is_a_sign_of_life_too(silent: World) -> None:
    silent.later(minutes=20)
    silent.take({**a_decision(source=FEED), "primary_outcome": "NONSENSE"})
    hear(silent)
    assert asks(silent) == []


def test_an_event_of_another_source_answers_nothing(silent: World) -> None:
    silent.later(minutes=20)
    silent.take(decided("NS-26-AN0THR"))
    hear(silent)
    assert asks(silent) == [SILENT]


def test_each_source_has_a_task_of_its_own(world: World) -> None:
    comes(at(world, "2026-11-24T10:00:00Z"), None)
    world.take(decided("NS-26-AN0THR"))
    hear(at(world, "2026-11-24T14:00:00Z"))
    assert asks(world) == [(CASES, "CHECK_SILENCE", None), SILENT]


def test_a_person_ends_it_with_a_reason_in_the_trail(silent: World) -> None:
    end(silent, TaskKind.CHECK_SILENCE, ActReason.SORTED_OUT)
    assert asks(silent) == []
    _, row = rows(silent)
    assert (row["type"], row["done"], row["reason"]) == ("TASK", True, "SORTED_OUT")
    assert row["actor"] == "mash-manager"
    assert is_whole(rows(silent))


def test_whoever_ended_it_is_asked_again_if_nothing_comes_for_as_long(silent: World) -> None:
    end(at(silent, "2026-11-24T14:30:00Z"), TaskKind.CHECK_SILENCE, ActReason.SORTED_OUT)
    hear(at(silent, "2026-11-25T10:29:00Z"))
    assert asks(silent) == []
    hear(at(silent, "2026-11-25T10:30:00Z"))
    assert asks(silent) == [SILENT]


def test_one_that_is_not_ended_in_its_hour_is_overdue_and_rings(
    silent: World, caplog: pytest.LogCaptureFixture
) -> None:
    silent.later(hours=1)
    silent.send_due()
    (task,) = asked(silent)
    assert task["st"] == "OVERDUE"
    (line,) = [vars(one) for one in caplog.records if one.message == "TASK_OVERDUE"]
    assert (line["task"], line["source"]) == ("CHECK_SILENCE", FEED)
    assert "agency" not in line
    assert "referral" not in line
    hear(silent)
    assert asks(silent) == [SILENT]


def test_the_log_names_the_source_once(silent: World, caplog: pytest.LogCaptureFixture) -> None:
    hear(silent)
    comes(at(silent, "2026-11-24T14:20:00Z"), None)
    hear(silent)
    hear(at(silent, "2026-11-25T10:20:00Z"))
    opened = [vars(one) for one in caplog.records if one.message == "TASK_OPENED"]
    assert [(line["task"], line["role"], line["source"]) for line in opened] == [
        ("CHECK_SILENCE", "MASH_MANAGER", FEED)
    ]


def test_a_reply_that_was_lost_asks_once(world: World) -> None:
    comes(at(world, "2026-11-24T10:00:00Z"), None)
    world.use(LosesAReply)
    hear(at(world, "2026-11-24T14:00:00Z"))
    assert asks(world) == [SILENT]
    assert len(rows(world)) == 1


def test_a_hub_may_wait_longer_and_need_not_ask_after_every_source(world: World) -> None:
    comes(at(world, "2026-11-24T10:00:00Z"), None)
    world.clocks = ClockPolicy(silent_source_hours=6)
    hear(at(world, "2026-11-24T15:59:00Z"))
    assert asks(world) == []
    world.clocks = ClockPolicy(quiet_sources=(FEED,))
    hear(at(world, "2026-11-24T16:30:00Z"))
    assert asks(world) == []
    world.clocks = ClockPolicy(silent_source_hours=6)
    hear(world)
    assert asks(world) == [SILENT]


def test_a_source_that_was_never_heard_is_not_asked_after(world: World) -> None:
    hear(at(world, "2026-11-24T16:00:00Z"))
    assert asks(world) == []


def test_a_source_unheard_for_weeks_is_not_asked_after_once_somebody_has_said_so(silent: World) -> None:
    end(silent, TaskKind.CHECK_SILENCE, ActReason.NOT_NEEDED)
    hear(at(silent, "2026-12-07T12:00:00Z"))
    assert asks(silent) == []


def test_strangers_are_no_source(world: World) -> None:
    at(world, "2026-11-24T10:00:00Z").take(decided("NS-26-AN0THR", source="who.knows"))
    hear(at(world, "2026-11-24T15:00:00Z"))
    assert asks(world) == []


def test_where_the_holiday_list_has_run_out_a_weekday_counts_and_a_day_is_waited(world: World) -> None:
    """Longer than four hours of open office, and no longer than any wait could be said to be."""
    after = HORIZON + timedelta(days=1)
    weekday = after + timedelta(days=(7 - after.weekday()) % 7)
    ten = datetime.fromisoformat(f"{weekday}T10:00:00Z")
    world.now = ten
    comes(world, None)
    world.now = ten + timedelta(hours=23, minutes=59)
    hear(world)
    assert asks(world) == []
    world.now = ten + timedelta(hours=24)
    hear(world)
    assert asks(world) == [SILENT]
    (task,) = asked(world)
    assert task["due_at"] > task["opened_at"]


def test_no_childs_data_is_in_what_is_asked(world: World) -> None:
    world.take(decided("NS-26-AN0THR"))
    hear(at(world, "2026-11-25T14:00:00Z"))
    assert asks(world) == [(CASES, "CHECK_SILENCE", None)]
    assert "NS-26" not in str([*rows(world, CASES), *asked(world)])
    assert not [row for row in rows_of(world, "TASK", "NS-26-AN0THR") if "SILENCE" in str(row)]


@pytest.mark.parametrize(
    ("which", "field"),
    [
        (WhichTask(TaskKind.CHECK_SILENCE), "source"),
        (WhichTask(TaskKind.CHECK_SILENCE, "NS-26-7KQ4ZP", source=FEED), "source"),
        (WhichTask(TaskKind.CALL_UNTOLD, "NS-26-7KQ4ZP", source=FEED), "source"),
        (WhichTask(TaskKind.MEND_ENDPOINT, agency_id="north-police", source=FEED), "source"),
        (WhichTask(TaskKind.CHECK_SILENCE, source=CASES), "task"),
    ],
)
def test_a_task_about_a_source_is_named_by_its_source_alone(
    silent: World, which: WhichTask, field: str
) -> None:
    with pytest.raises(NotPossibleError) as refused:
        done(which, silent.order(ActReason.NOT_NEEDED), silent.act_desk)
    assert refused.value.field == field
    assert asks(silent) == [SILENT]
