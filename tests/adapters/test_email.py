"""One e-mail to SES, once: what is asked, what each answer means, and that nobody asks twice."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from functions.adapters import aws
from functions.adapters.email import EmailDoor
from functions.adapters.errors import NoAddressError, UnreadableError
from functions.adapters.render import body_sha256, render_email, template_sha256
from functions.domain.delivery import SEND_DEADLINE, Answer
from functions.domain.wording import TEMPLATE_VERSION
from schemas.codes import AttemptResult, Channel, ErrorWord, Level
from tests.adapters.entries import MAILBOX, an_entry
from tests.adapters.hostile import Behaviour, Listener, answering, saying, silent, unused_port
from tests.adapters.slow_roads import Road, roads
from tests.notices import A_MESSAGE_ID, a_duplicate, a_hub_contact, a_notice, pins

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

    from functions.adapters.door import ReadyMessage

NOW = datetime(2026, 11, 24, 15, 2, 30, tzinfo=UTC)
PINS = pins(channel=Channel.EMAIL)
FAILED_FOR_GOOD = Answer(AttemptResult.FAILED, retryable=False, error=ErrorWord.E_PROVIDER)
FAILED_FOR_NOW = Answer(AttemptResult.FAILED, error=ErrorWord.E_PROVIDER)
QUOTA_SPENT = Answer(AttemptResult.FAILED, error=ErrorWord.E_QUOTA)
TOO_FAST = Answer(AttemptResult.FAILED, error=ErrorWord.E_THROTTLED)
UNKNOWN = Answer(AttemptResult.UNKNOWN, error=ErrorWord.E_TIMEOUT)
PAUSED = Answer(AttemptResult.FAILED, error=ErrorWord.E_MAIL_PAUSED)
SUSPENDED = Answer(AttemptResult.FAILED, error=ErrorWord.E_MAIL_SUSPENDED)
DENIED = Answer(AttemptResult.FAILED, error=ErrorWord.E_MAIL_DENIED)
UNVERIFIED = Answer(AttemptResult.FAILED, error=ErrorWord.E_MAIL_UNVERIFIED)
NOT_SET_UP = Answer(AttemptResult.FAILED, error=ErrorWord.E_MAIL_NOT_SET_UP)
CUT_SHORT = Answer(AttemptResult.UNKNOWN, error=ErrorWord.E_PROVIDER)
NOT_CONNECTED = Answer(AttemptResult.FAILED, error=ErrorWord.E_CONNECTION)


class FakeSes:
    """Keeps what it is asked; raises what a test has scripted, else accepts."""

    def __init__(self, error: Exception | None = None) -> None:
        self.asked: list[dict[str, Any]] = []
        self._error = error

    def send_email(self, **request: Any) -> dict[str, str]:
        """SES v2's SendEmail."""
        self.asked.append(request)
        if self._error is not None:
            raise self._error
        return {"MessageId": "0102018c-accepted"}


def a_door(ses: FakeSes) -> EmailDoor:
    return over(cast("SESV2Client", ses))


def over(client: "SESV2Client") -> EmailDoor:
    return EmailDoor(client, from_address="mash@northshire.example", configuration_set="mash-test")


def ready(door: EmailDoor, attempt: int = 2, **changes: Any) -> "ReadyMessage":
    return door.ready(
        an_entry(address=MAILBOX), a_notice(**changes), PINS, token=None, attempt=attempt, now=NOW
    )


def refusing(code: str, message: str = "to <oliver@canary.example>", *, status: int = 400) -> ClientError:
    response: Any = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(response, "SendEmail")


def test_the_request_is_built_whole_and_from_the_registry() -> None:
    ses = FakeSes()
    message = ready(a_door(ses))
    assert ses.asked == [], "nothing leaves while a message is made ready"
    assert message.send_once() == Answer(AttemptResult.SUCCESS, provider_id="0102018c-accepted")
    parts = render_email(a_notice(), PINS)
    assert ses.asked == [
        {
            "FromEmailAddress": "mash@northshire.example",
            "Destination": {"ToAddresses": ["mash@north-police.secure.example"]},
            "ReplyToAddresses": ["mash.duty@northshire.example"],
            "ConfigurationSetName": "mash-test",
            "EmailTags": [
                {"Name": "message_id", "Value": A_MESSAGE_ID},
                {"Name": "attempt", "Value": "2"},
            ],
            "Content": {
                "Simple": {
                    "Subject": {"Data": parts.subject, "Charset": "UTF-8"},
                    "Body": {
                        "Text": {"Data": parts.text, "Charset": "UTF-8"},
                        "Html": {"Data": parts.html, "Charset": "UTF-8"},
                    },
                    "Headers": [
                        {"Name": "X-Protective-Marking", "Value": "OFFICIAL-SENSITIVE"},
                        {"Name": "Auto-Submitted", "Value": "auto-generated"},
                        {"Name": "X-Auto-Response-Suppress", "Value": "All"},
                        {"Name": "References", "Value": "<ns-26-7kq4zp@outcomes.northshire.example>"},
                    ],
                }
            },
        }
    ]
    assert "The police risk-assessment form is filled in" in " ".join(parts.text.split())


def test_a_duplicates_mail_is_threaded_by_its_readers_own_reference() -> None:
    """The reference of the decided referral is somebody else's: no header may carry it."""
    ses = FakeSes()
    told = pins(channel=Channel.EMAIL, duplicate=a_duplicate())
    a_door(ses).ready(an_entry(address=MAILBOX), a_notice(), told, token=None, attempt=1, now=NOW).send_once()
    assert "7kq4zp" not in str(ses.asked).lower()
    assert "<ns-26-0dupl8@outcomes.northshire.example>" in str(ses.asked)


def test_a_hub_without_a_reply_mailbox_names_none() -> None:
    ses = FakeSes()
    ready(a_door(ses), contact=a_hub_contact(reply_to=None)).send_once()
    assert "ReplyToAddresses" not in ses.asked[0]


def test_a_hubs_own_marking_is_in_the_subject_the_header_and_at_top_and_foot() -> None:
    ses = FakeSes()
    ready(a_door(ses), contact=a_hub_contact(marking="OFFICIAL")).send_once()
    mail = ses.asked[0]["Content"]["Simple"]
    assert mail["Subject"]["Data"] == "OFFICIAL: NS-26-7KQ4ZP - outcome of your referral"
    assert {"Name": "X-Protective-Marking", "Value": "OFFICIAL"} in mail["Headers"]
    first, *_, last = mail["Body"]["Text"]["Data"].splitlines()
    assert (first, last) == ("OFFICIAL", "OFFICIAL")
    assert "OFFICIAL-SENSITIVE" not in str(ses.asked)


@pytest.mark.parametrize("level", [Level.NOTICE, Level.OUTCOME, Level.PLAN])
def test_a_mail_has_one_address_and_copies_nobody(level: Level) -> None:
    ses = FakeSes()
    changed = PINS.model_copy(update={"level": level})
    a_door(ses).ready(
        an_entry(address=MAILBOX), a_notice(), changed, token=None, attempt=1, now=NOW
    ).send_once()
    (asked,) = ses.asked
    assert asked["Destination"] == {"ToAddresses": [MAILBOX]}
    headers = {header["Name"].lower() for header in asked["Content"]["Simple"]["Headers"]}
    assert not headers & {"cc", "bcc", "to", "resent-to"}


def test_the_trail_can_name_what_was_sent() -> None:
    message = ready(a_door(FakeSes()))
    assert message.body_sha256 == body_sha256(render_email(a_notice(), PINS))
    assert message.template == f"email-{TEMPLATE_VERSION}"
    assert message.template_sha256 == template_sha256(TEMPLATE_VERSION)
    assert message.key_ids == ()


def test_every_try_has_the_same_bytes_and_its_own_number() -> None:
    ses = FakeSes(refusing("ThrottlingException"))
    first, second = (ready(a_door(ses), attempt=attempt) for attempt in (1, 2))
    first.send_once()
    second.send_once()
    assert first.body_sha256 == second.body_sha256
    assert ses.asked[0]["Content"] == ses.asked[1]["Content"]
    assert [asked["EmailTags"][1]["Value"] for asked in ses.asked] == ["1", "2"]


@pytest.mark.parametrize("level", [Level.NOTICE, Level.OUTCOME, Level.PLAN])
def test_tags_hold_only_what_ses_takes_and_no_reference(level: Level) -> None:
    ses = FakeSes()
    changed = PINS.model_copy(update={"level": level})
    a_door(ses).ready(
        an_entry(address=MAILBOX), a_notice(), changed, token=None, attempt=1, now=NOW
    ).send_once()
    for tag in ses.asked[0]["EmailTags"]:
        assert tag["Value"].replace("_", "").isalnum()
        assert "7KQ4ZP" not in tag["Value"]


def test_an_agency_without_a_mailbox_is_a_final_error() -> None:
    with pytest.raises(NoAddressError):
        a_door(FakeSes()).ready(an_entry(), a_notice(), PINS, token=None, attempt=1, now=NOW)


def test_a_template_that_this_release_lacks_is_a_final_error() -> None:
    gone = PINS.model_copy(update={"template_version": "999"})
    with pytest.raises(UnreadableError):
        a_door(FakeSes()).ready(an_entry(address=MAILBOX), a_notice(), gone, token=None, attempt=1, now=NOW)


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("BadRequestException", FAILED_FOR_GOOD),
        ("MessageRejected", FAILED_FOR_GOOD),
        ("InternalServiceErrorException", FAILED_FOR_NOW),
        ("SendingPausedException", PAUSED),
        ("AccountSuspendedException", SUSPENDED),
        ("AccessDeniedException", DENIED),
        ("MailFromDomainNotVerifiedException", UNVERIFIED),
        ("NotFoundException", NOT_SET_UP),
        ("ThrottlingException", TOO_FAST),
        ("TooManyRequestsException", TOO_FAST),
        ("LimitExceededException", QUOTA_SPENT),
    ],
)
def test_each_code_of_ses_has_its_meaning(code: str, answer: Answer) -> None:
    ses = FakeSes(refusing(code))
    assert ready(a_door(ses)).send_once() == answer
    assert len(ses.asked) == 1


@pytest.mark.parametrize("code", ["ExpiredTokenException", "SomethingNew", ""])
@pytest.mark.parametrize(
    ("status", "result"), [(400, "FAILED"), (403, "FAILED"), (500, "UNKNOWN"), (503, "UNKNOWN")]
)
def test_a_code_that_nobody_has_read_about_closes_the_attempt_by_what_its_status_says(
    code: str, status: int, result: str
) -> None:
    """What SES refused it did not accept; what failed inside SES may have left."""
    answer = ready(a_door(FakeSes(refusing(code, status=status)))).send_once()
    assert (answer.result, answer.retryable, answer.http_status) == (result, True, status)


@pytest.mark.parametrize("code", ["ExpiredTokenException", "UnrecognizedClientException", "SomethingNew"])
@pytest.mark.parametrize(
    ("status", "word"), [(400, "E_PROVIDER"), (401, "E_MAIL_DENIED"), (403, "E_MAIL_DENIED")]
)
def test_whoever_is_not_let_in_is_turned_away_whatever_the_code(code: str, status: int, word: str) -> None:
    assert ready(a_door(FakeSes(refusing(code, status=status)))).send_once().error == word


def test_the_meaning_follows_the_code_and_never_the_words() -> None:
    misleading = refusing("MessageRejected", message="ThrottlingException: slow down")
    assert ready(a_door(FakeSes(misleading))).send_once() == FAILED_FOR_GOOD


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (ReadTimeoutError(endpoint_url="https://ses.example"), UNKNOWN),
        (ConnectionClosedError(endpoint_url="https://ses.example"), UNKNOWN),
        (ConnectTimeoutError(endpoint_url="https://ses.example"), NOT_CONNECTED),
        (EndpointConnectionError(endpoint_url="https://ses.example"), NOT_CONNECTED),
    ],
)
def test_a_cut_after_the_request_is_unknown_and_a_connection_never_made_is_not(
    error: Exception, answer: Answer
) -> None:
    assert ready(a_door(FakeSes(error))).send_once() == answer


def test_a_bug_is_not_an_answer() -> None:
    with pytest.raises(ZeroDivisionError):
        ready(a_door(FakeSes(ZeroDivisionError()))).send_once()


# --- the client as we configure it, over a real connection


@pytest.fixture
def elsewhere() -> Iterator[None]:
    """Our SES client, pointed where the test says; afterwards back to where it was."""
    yield
    aws.point_at({})


def send_over(origin: str) -> Answer:
    aws.point_at({"endpoint_url": origin})
    return ready(over(aws.sesv2())).send_once()


@pytest.mark.parametrize(
    ("behaviour", "answer"),
    [
        (answering(500, b"{}", x_amzn_errortype="InternalServiceErrorException"), FAILED_FOR_NOW),
        (answering(429, b"{}", x_amzn_errortype="TooManyRequestsException"), TOO_FAST),
        (answering(400, b"{}", x_amzn_errortype="MessageRejected"), FAILED_FOR_GOOD),
        (saying(b""), UNKNOWN),
        (saying(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"), CUT_SHORT),
        (answering(200, b"<html>"), CUT_SHORT),
        (answering(200, b'{"MessageId": "0102"}'), Answer(AttemptResult.SUCCESS, provider_id="0102")),
    ],
    ids=["500", "429", "400", "closed", "cut", "no json", "200"],
)
def test_one_send_is_one_request_whatever_comes_back(
    behaviour: Behaviour, answer: Answer, elsewhere: None
) -> None:
    with Listener(behaviour) as listener:
        assert send_over(listener.origin) == answer
        assert listener.accepts == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_failure_inside_ses_is_unknown_after_one_request(status: int, elsewhere: None) -> None:
    with Listener(answering(status)) as listener:
        answer = send_over(listener.origin)
        assert (answer.result, answer.http_status, listener.accepts) == (AttemptResult.UNKNOWN, status, 1)


@pytest.mark.slow
def test_a_silent_ses_is_unknown_after_one_request(elsewhere: None) -> None:
    with Listener(silent) as listener:
        assert send_over(listener.origin) == UNKNOWN
        assert listener.accepts == 1


def test_the_whole_mail_arrives_and_nothing_else(elsewhere: None) -> None:
    with Listener(answering(200, b'{"MessageId": "0102"}')) as listener:
        send_over(listener.origin)
    ses = FakeSes()
    ready(a_door(ses)).send_once()
    assert [json.loads(request.partition(b"\r\n\r\n")[2]) for request in listener.requests] == ses.asked


def test_a_send_takes_no_longer_than_its_share_of_the_lease() -> None:
    assert SEND_DEADLINE.total_seconds() >= aws.MAIL_LEAVES_SECONDS + aws.MAIL_ANSWER_SECONDS


@pytest.mark.slow
@pytest.mark.parametrize(
    "road",
    [
        Road(look_up_takes=aws.MAIL_LEAVES_SECONDS + 0.2),
        Road(dead_addresses=1),
        Road(look_up_takes=5, dead_addresses=2),
    ],
    ids=["slow look-up", "dead address", "slow look-up and dead addresses"],
)
def test_no_part_of_a_mail_leaves_when_the_connection_took_too_long(road: Road, elsewhere: None) -> None:
    """The client's own limits are for each address, and there is none for the look-up."""
    with Listener(answering(200, b'{"MessageId": "0102"}')) as listener, roads({"ses.example": road}):
        answer = send_over(f"http://ses.example:{listener.port}")
        time.sleep(0.5)  # for the listener to read what it has
    assert answer == Answer(AttemptResult.FAILED, error=ErrorWord.E_TIMEOUT)
    assert [request.partition(b"\r\n\r\n")[2] for request in listener.requests] == [b""]


def test_no_ses_at_all_is_a_failure_for_certain(elsewhere: None) -> None:
    assert send_over(f"http://127.0.0.1:{unused_port()}") == NOT_CONNECTED
