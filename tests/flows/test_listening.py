"""Silence is heard from the tables alone, and so is an outcome that does not arrive."""

from datetime import UTC, datetime
from typing import Any

import pytest

from functions.adapters.ledger.reading import DueIndex, WorkIndex
from functions.domain.delivery import Answer
from functions.flows.reconciling.listen import ListenDesk, listen
from schemas.agency import Agency
from schemas.clocks import ClockPolicy
from schemas.codes import AgencyType, AttemptResult, Channel, ErrorWord, PauseCause
from tests.flows.accounts import TOLD, Damaged, decided, items, tables, told_by
from tests.world import World, a_receipt, a_registry, an_agency

NEVER = Answer(AttemptResult.FAILED, retryable=False, error=ErrorWord.E_PROVIDER)


def hear(world: World, clocks: ClockPolicy | None = None) -> None:
    store = world.store
    tools = (tables(world), DueIndex(store), WorkIndex(store))
    listen(ListenDesk(*tools, clocks or ClockPolicy(), lambda: world.now))


def said(caplog: pytest.LogCaptureFixture, line: str) -> list[dict[str, Any]]:
    return [vars(record) for record in caplog.records if record.message == line]


def at(world: World, text: str) -> World:
    world.now = datetime.fromisoformat(text)
    return world


@pytest.fixture
def west() -> Agency:
    """Told by webhook and by e-mail."""
    return an_agency("west-police", AgencyType.POLICE, Channel.WEBHOOK, Channel.EMAIL)


# --- no decision


def test_a_decision_is_no_silence_until_two_hours_after_it(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    at(world, "2026-11-24T10:00:00Z").take(decided(TOLD))
    hear(at(world, "2026-11-24T11:59:59Z"))
    assert said(caplog, "NO_DECISIONS") == []
    hear(at(world, "2026-11-24T12:00:00Z"))
    (line,) = said(caplog, "NO_DECISIONS")
    assert (line["levelname"], line["minutes"]) == ("ERROR", 120)


def test_a_day_without_any_decision_is_silent_two_hours_after_the_office_opened(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    at(world, "2026-11-23T16:30:00Z").take(decided(TOLD))
    hear(at(world, "2026-11-24T10:59:59Z"))
    assert said(caplog, "NO_DECISIONS") == []
    hear(at(world, "2026-11-24T11:00:00Z"))
    (line,) = said(caplog, "NO_DECISIONS")
    assert "minutes" not in line


@pytest.mark.parametrize("now", ["2026-11-24T20:00:00Z", "2026-11-28T12:00:00Z", "2026-12-25T12:00:00Z"])
def test_nobody_is_called_for_a_silence_while_the_office_is_closed(
    world: World, caplog: pytest.LogCaptureFixture, now: str
) -> None:
    hear(at(world, now))
    assert said(caplog, "NO_DECISIONS") == []


def test_another_event_is_no_decision(world: World, caplog: pytest.LogCaptureFixture) -> None:
    at(world, "2026-11-24T09:00:00Z").take(decided(TOLD))
    at(world, "2026-11-24T10:30:00Z").take(a_receipt())
    world.take(decided(TOLD))
    hear(at(world, "2026-11-24T11:00:00Z"))
    assert len(said(caplog, "NO_DECISIONS")) == 1


def test_a_hub_may_be_more_patient(world: World, caplog: pytest.LogCaptureFixture) -> None:
    hear(at(world, "2026-11-24T12:00:00Z"), ClockPolicy(silence_hours=4))
    assert said(caplog, "NO_DECISIONS") == []


# --- an outcome that does not arrive


def oldest(world: World, caplog: pytest.LogCaptureFixture) -> tuple[int, int]:
    """Minutes that the oldest has waited, and how many wait."""
    caplog.clear()
    hear(world)
    (line,) = said(caplog, "OLDEST_UNDELIVERED")
    return line["minutes"], line["count"]


def too_long(world: World, caplog: pytest.LogCaptureFixture) -> bool:
    caplog.clear()
    hear(world)
    return bool(said(caplog, "UNDELIVERED_TOO_LONG"))


def test_where_nothing_waits_nothing_is_old(world: World, caplog: pytest.LogCaptureFixture) -> None:
    assert oldest(world, caplog) == (0, 0)
    world.take(decided(TOLD))
    world.send_due()
    world.later(hours=30)
    assert oldest(world, caplog) == (0, 0)
    assert not too_long(world, caplog)


def test_the_oldest_is_the_one_that_has_waited_longest(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.take(decided(TOLD))
    world.later(minutes=50)
    world.take(decided("NS-26-AN0THR"))
    world.later(minutes=10)
    assert oldest(world, caplog) == (60, 4)


def test_more_than_a_working_day_is_too_long(world: World, caplog: pytest.LogCaptureFixture) -> None:
    at(world, "2026-11-27T16:00:00Z").take(decided(TOLD))  # a Friday
    assert not too_long(at(world, "2026-11-30T16:00:00Z"), caplog)
    assert too_long(at(world, "2026-11-30T16:00:01Z"), caplog)
    (line,) = said(caplog, "UNDELIVERED_TOO_LONG")
    assert (line["levelname"], line["minutes"], line["count"]) == ("ERROR", 3 * 24 * 60, 2)


def test_what_is_held_is_not_on_its_way(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.take(decided(TOLD, primary_outcome="EMP"))
    world.later(hours=30)
    assert oldest(world, caplog) == (0, 0)


def test_what_was_released_waits_from_its_release_on(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.take(decided(TOLD, primary_outcome="EMP"))
    world.later(hours=30)
    world.release(TOLD)
    world.later(minutes=5)
    assert oldest(world, caplog) == (5, 2)


def test_a_message_that_failed_is_undelivered_until_somebody_has_rung(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.police.answers = [NEVER]
    world.take(decided(TOLD, involved_agencies=[]))
    world.send_due()
    world.send_due()
    world.later(hours=30)
    assert oldest(world, caplog) == (30 * 60, 1)
    assert too_long(world, caplog)
    (task,) = items(world, TOLD, "TASK#CALL_UNTOLD")
    Damaged(world).change("state", task, st="DONE", work_pk=None, work_sk=None)
    assert oldest(world, caplog) == (0, 0)


def test_an_agency_that_is_told_by_another_channel_waits_for_nothing(
    world: World, west: Agency, caplog: pytest.LogCaptureFixture
) -> None:
    """The webhook is still tried; what it would say has been read."""
    world.apply(a_registry(west))
    world.health.pause("west-police", PauseCause.BY_HAND, by="duty-engineer", now=world.now)
    world.take(decided(TOLD, **told_by("west-police", "WP-1")))
    world.take(decided("NS-26-AN0THR", **told_by("north-probation", "PR-1")))
    world.later(hours=30)
    assert oldest(world, caplog) == (30 * 60, 3)
    for mail in [one for one in items(world, TOLD, "N#") if one["chan"] == "email"]:
        Damaged(world).change("state", mail, st="SENT", rcpt="DELIVERED", due_pk=None, due_sk=None)
    assert oldest(world, caplog) == (30 * 60, 1)
    for other in items(world, "NS-26-AN0THR", "N#"):
        Damaged(world).take_away("state", other)
    assert oldest(world, caplog) == (0, 0)


def test_a_task_that_is_due_is_no_message(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.take(decided(TOLD, referring_agency=None, involved_agencies=[]))
    world.later(hours=30)
    assert oldest(world, caplog) == (0, 0)


def test_a_key_of_another_release_keeps_nothing_from_being_heard(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.take(decided(TOLD))
    first = items(world, TOLD, "N#")[0]
    Damaged(world).add("state", {**first, "sk": "N#01#0001#north-police#telegram"})
    world.later(minutes=5)
    assert oldest(world, caplog) == (5, 2)
    assert said(caplog, "KEY_UNREADABLE") != []


def test_summers_day_begins_an_hour_before_utcs(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.now = datetime(2026, 6, 10, 23, 30, tzinfo=UTC)
    world.take(decided(TOLD))
    hear(at(world, "2026-06-11T09:59:59Z"))
    assert said(caplog, "NO_DECISIONS") == []
