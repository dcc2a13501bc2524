"""The function that accounts for all the others: what it says, writes and answers when its time comes."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.adapters.ledger import keys
from functions.handlers import reconcile
from tests.flows.accounts import TOLD, Damaged, items
from tests.world import MORNING, World, a_decision

AN_HOUR_LATER = MORNING + timedelta(hours=1)
THE_NEXT_NIGHT = datetime.fromisoformat("2026-11-25T02:15:00Z")


def lines(caplog: pytest.LogCaptureFixture, name: str) -> list[dict[str, Any]]:
    return [vars(record) for record in caplog.records if record.message == name]


def test_a_day_in_which_nothing_is_wrong_is_accounted_for(
    world: World, context: LambdaContext, caplog: pytest.LogCaptureFixture
) -> None:
    world.take(a_decision(source_seq=None))
    with time_machine.travel(AN_HOUR_LATER):
        assert reconcile.handler({}, context) == {"differences": 0}
    today = lines(caplog, "RECONCILED")[-1]
    assert (today["day"], today["decisions"], today["open"]) == ("2026-11-24", 1, 1)
    (oldest,) = lines(caplog, "OLDEST_UNDELIVERED")
    assert (oldest["minutes"], oldest["count"]) == (60, 2)


def test_a_difference_is_answered_said_and_written(
    world: World, context: LambdaContext, caplog: pytest.LogCaptureFixture
) -> None:
    world.take(a_decision(source_seq=None))
    Damaged(world).take_away("state", items(world, TOLD, "N#")[0])
    with time_machine.travel(AN_HOUR_LATER):
        assert reconcile.handler({}, context) == {"differences": 1}
    assert len(lines(caplog, "RECONCILIATION_FAILED")) == 1
    (statement,) = world.store.partition("audit", keys.day(date(2026, 11, 24)))
    assert statement["differences"] == 1


def test_a_day_that_has_ended_is_stated_at_night(world: World, context: LambdaContext) -> None:
    world.take(a_decision(source_seq=None))
    with time_machine.travel(THE_NEXT_NIGHT):
        reconcile.handler({}, context)
        reconcile.handler({}, context)
    (statement,) = world.store.partition("audit", keys.day(date(2026, 11, 24)))
    assert (statement["type"], statement["decisions"], statement["accounted"]) == ("RECONCILED", 1, 1)


def test_silence_is_heard_though_there_is_no_time_for_an_account(
    world: World,
    context: LambdaContext,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(context, "get_remaining_time_in_millis", lambda: reconcile.TO_SPARE_MS, raising=False)
    with time_machine.travel(MORNING):
        assert reconcile.handler({}, context) == {"differences": 0}
    assert len(lines(caplog, "NO_DECISIONS")) == 1
    assert lines(caplog, "RECONCILED") == []


def test_a_source_that_fell_silent_is_on_the_managers_list(world: World, context: LambdaContext) -> None:
    world.take(a_decision(source_seq=None))
    with time_machine.travel(MORNING + timedelta(days=1)):
        reconcile.handler({}, context)
    tasks = world.store.partition("state", keys.source("mash.case-system"), keys.TASK_PREFIX)
    assert [(task["kind"], task["role"], task["st"]) for task in tasks] == [
        ("CHECK_SILENCE", "MASH_MANAGER", "OPEN")
    ]


def test_a_source_that_cannot_be_heard_keeps_no_account_from_being_kept(
    world: World, context: LambdaContext, caplog: pytest.LogCaptureFixture
) -> None:
    world.take(a_decision(source_seq=None))
    damaged = {"pk": keys.source("mash.case-system"), "sk": f"{keys.TASK_PREFIX}CHECK_GAP#00#x"}
    Damaged(world).add("state", damaged | {"kind": "CHECK_GAP", "st": "OPEN", "about": "x"})
    with time_machine.travel(AN_HOUR_LATER), pytest.raises(ValueError, match="invalid literal"):
        reconcile.handler({}, context)
    assert len(lines(caplog, "RECONCILED")) > 0


def test_it_needs_no_key_and_no_queue(
    world: World, context: LambdaContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("KEYS_TABLE", "DATA_KEY_ARN", "EMAIL_QUEUE_URL", "WEBHOOK_QUEUE_URL"):
        monkeypatch.delenv(name)
    with time_machine.travel(AN_HOUR_LATER):
        assert reconcile.handler({}, context) == {"differences": 0}
