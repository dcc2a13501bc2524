"""SES turns us away: too fast mends itself and costs no try; a spent quota is for a person."""

from datetime import timedelta

import pytest

from functions.adapters.ledger.chain import at_text
from functions.flows.sending.send import send
from schemas.codes import Channel
from tests.flows.mail_services import PROBATION, answered_with, attempts, closed
from tests.world import STEPS, World, a_decision

TOO_FAST, SPENT = "TooManyRequestsException", "LimitExceededException"


@pytest.fixture
def decided(world: World) -> World:
    world.take(a_decision())
    return world


@pytest.mark.parametrize(
    ("code", "error", "every"),
    [(TOO_FAST, "E_THROTTLED", timedelta(seconds=20)), (SPENT, "E_QUOTA", timedelta(minutes=10))],
)
def test_however_often_ses_turns_a_message_away_no_try_of_it_is_used_up(
    decided: World, code: str, error: str, every: timedelta
) -> None:
    times = 3 * len(STEPS)
    attempts(decided, *[code] * times, every=every)
    assert closed(decided) == [(1, "FAILED", error, True)] * times + [(1, "SUCCESS", None, False)]
    assert decided.delivery("north-probation", Channel.EMAIL)["st"] == "SENT"


@pytest.mark.parametrize(
    ("code", "wait"), [(TOO_FAST, timedelta(seconds=20)), (SPENT, timedelta(minutes=10))]
)
def test_it_is_due_again_no_sooner_than_ses_may_take_it(decided: World, code: str, wait: timedelta) -> None:
    started = decided.now
    send(PROBATION, answered_with(decided, code))
    item = decided.delivery("north-probation", Channel.EMAIL)
    assert (item["st"], item["attempt"], item["due_at"]) == ("RETRY", 0, at_text(started + wait))
    assert decided.rows()[-1]["next_due_at"] == item["due_at"]


def test_only_a_spent_quota_pages(decided: World, caplog: pytest.LogCaptureFixture) -> None:
    attempts(decided, TOO_FAST, every=timedelta(seconds=20))
    assert (caplog.messages.count("SEND_THROTTLED"), "SEND_QUOTA_SPENT" in caplog.messages) == (1, False)
    (line,) = [record for record in caplog.records if record.message == "SEND_THROTTLED"]
    assert line.levelname == "WARNING"


def test_a_spent_quota_is_an_error_in_the_log_and_calls_are_made_meanwhile(
    decided: World, caplog: pytest.LogCaptureFixture
) -> None:
    attempts(decided, SPENT, SPENT, every=timedelta(minutes=10))
    (first, _) = [record for record in caplog.records if record.message == "SEND_QUOTA_SPENT"]
    assert first.levelname == "ERROR"
    assert decided.delivery("north-probation", Channel.EMAIL)["watch"] == "FALLBACK"
