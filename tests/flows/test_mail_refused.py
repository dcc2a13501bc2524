"""SES takes no e-mail from us at all: somebody is called, nothing is lost, and no try of any message is used
up."""

from datetime import timedelta

import pytest

from functions.adapters.ledger.chain import at_text
from functions.domain.delivery import TURNED_AWAY
from functions.flows.sending.send import send
from schemas.codes import Channel
from tests.flows.mail_services import PROBATION, answered_with, attempts, closed
from tests.flows.sweeps import sweep
from tests.world import STEPS, World, a_decision

WORDS = {
    "SendingPausedException": "E_MAIL_PAUSED",
    "AccountSuspendedException": "E_MAIL_SUSPENDED",
    "AccessDeniedException": "E_MAIL_DENIED",
    "MailFromDomainNotVerifiedException": "E_MAIL_UNVERIFIED",
    "NotFoundException": "E_MAIL_NOT_SET_UP",
}
A_LONG_REST = timedelta(minutes=30)


@pytest.fixture
def decided(world: World) -> World:
    world.take(a_decision())
    return world


@pytest.mark.parametrize("code", WORDS)
def test_while_ses_takes_nothing_from_us_no_try_is_used_up_and_everything_goes_afterwards(
    decided: World, code: str
) -> None:
    times = 3 * len(STEPS)
    attempts(decided, *[code] * times, every=A_LONG_REST)
    assert closed(decided) == [(1, "FAILED", WORDS[code], True)] * times + [(1, "SUCCESS", None, False)]
    assert decided.delivery("north-probation", Channel.EMAIL)["st"] == "SENT"


@pytest.mark.parametrize(
    ("waited", "rests"),
    [
        (timedelta(), TURNED_AWAY),
        (timedelta(hours=2), timedelta(minutes=12)),
        (timedelta(days=4), A_LONG_REST),
    ],
)
def test_it_is_left_alone_the_longer_the_longer_it_lasts(
    decided: World, waited: timedelta, rests: timedelta
) -> None:
    decided.now += waited
    send(PROBATION, answered_with(decided, "SendingPausedException"))
    item = decided.delivery("north-probation", Channel.EMAIL)
    assert (item["st"], item["attempt"], item["due_at"]) == ("RETRY", 0, at_text(decided.now + rests))


@pytest.mark.parametrize("code", WORDS)
def test_an_outage_of_all_email_is_an_error_in_the_log_with_its_word_and_calls_are_made_meanwhile(
    decided: World, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    desk = answered_with(decided, *[code] * 48)
    for _ in range(48):
        send(PROBATION, desk)
        sweep(decided)
        decided.now += A_LONG_REST
    lines = [record for record in caplog.records if record.message == "MAIL_PROVIDER_REFUSES"]
    assert [(line.levelname, line.__dict__["error"]) for line in lines] == [("ERROR", WORDS[code])] * 48
    assert "SEND_EXHAUSTED" not in caplog.messages
    assert "CALL_UNTOLD" in {task["kind"] for task in decided.tasks().values()}
    assert "NOT_TOLD_IN_TIME" in caplog.messages


def test_a_message_that_ses_rejects_is_over_and_says_so(
    decided: World, caplog: pytest.LogCaptureFixture
) -> None:
    send(PROBATION, answered_with(decided, "MessageRejected"))
    assert decided.delivery("north-probation", Channel.EMAIL)["st"] == "FAILED"
    assert "SEND_EXHAUSTED" in caplog.messages
    assert "MAIL_PROVIDER_REFUSES" not in caplog.messages
