"""What became of a message, in plain words: each end of a try, each receipt, each confirmation."""

from typing import Any

import pytest

from functions.story.mail_words import CAUSES
from functions.story.telling import sentence
from schemas.codes import ReceiptCause

ABOUT = {"pk": "R#NS-26-7KQ4ZP", "child": 1, "dver": 1, "message_id": "msg_1f0e4a57c96b41d08e3f5a7b9c2d4e6f"}
DELIVERY = {**ABOUT, "agency": "north-police", "chan": "webhook"}
MAIL = {**ABOUT, "agency": "north-probation", "chan": "email", "attempt": 1}
WHICH = "(child 1, version 1, msg_1f0e4a57)"


@pytest.mark.parametrize(
    ("closed", "words"),
    [
        (
            {"result": "SUCCESS", "http_status": 204},
            f"Delivered: north-police's system confirmed that it has the webhook {WHICH}.",
        ),
        (
            {"result": "SUCCESS", "http_status": 204, "ended": ["TASK#CALL_UNTOLD#01#north-police"]},
            (
                f"Delivered: north-police's system confirmed that it has the webhook {WHICH}. Nobody need "
                "call about it any more."
            ),
        ),
        (
            {"result": "SUCCESS", "chan": "email", "provider_id": "1"},
            f"The mail service accepted the e-mail to north-police {WHICH}.",
        ),
        (
            {"result": "SUCCESS", "chan": "fallback", "provider_id": "1"},
            f"The mail service accepted the e-mail in place of its webhook to north-police {WHICH}.",
        ),
        (
            {"result": "UNKNOWN", "error": "E_TIMEOUT"},
            (
                f"Nobody knows whether the webhook to north-police {WHICH} arrived: no answer came in time. "
                "Call the agency; once its system is well, `mash resend` sends the message again."
            ),
        ),
        (
            {"result": "FAILED"},
            f"The webhook to north-police {WHICH} did not arrive: no reason given.",
        ),
    ],
)
def test_a_try_ends_in_one_of_these_ways(closed: dict[str, Any], words: str) -> None:
    assert sentence({"type": "ATTEMPT_CLOSED", **DELIVERY, **closed}) == words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            {"receipt": "ACCEPTED"},
            f"The mail service confirms that the e-mail to north-probation {WHICH} has left.",
        ),
        (
            {"receipt": "DELIVERED"},
            f"The agency's mail system has taken the e-mail to north-probation {WHICH}.",
        ),
        (
            {"receipt": "DELIVERED", "ended": ["TASK#CALL_UNTOLD#01#north-probation"]},
            (
                f"The agency's mail system has taken the e-mail to north-probation {WHICH}. Nobody need call "
                "about it any more."
            ),
        ),
        (
            {"receipt": "DELAYED", "reason": "MAILBOX_FULL"},
            (
                f"The mail service still has the e-mail to north-probation {WHICH}, and tries on: the "
                "mailbox is full (MAILBOX_FULL)."
            ),
        ),
        (
            {"receipt": "DELAYED", "reason": "NOT_STATED", "gave_up": True},
            (
                f"The mail service has given up the e-mail to north-probation {WHICH}: nobody said why "
                "(NOT_STATED). A call is due."
            ),
        ),
        (
            {"receipt": "BOUNCED", "reason": "PROVIDER_REJECTED", "gave_up": True},
            (
                f"The mail service says that the e-mail to north-probation {WHICH} came back: the mail "
                "service found something harmful in it and did not send it (PROVIDER_REJECTED). A call is "
                "due."
            ),
        ),
        (
            {"receipt": "COMPLAINED", "reason": "MARKED_AS_SPAM", "gave_up": True, "suppressed": True},
            (
                f"The mail service says that the e-mail to north-probation {WHICH} arrived, and it was "
                "marked as spam (MARKED_AS_SPAM). A call is due. Nothing more is sent to that address until "
                "it is verified anew."
            ),
        ),
        (
            {"chan": "fallback", "receipt": "DELIVERED"},
            (
                f"The agency's mail system has taken the e-mail in place of its webhook to "
                f"north-probation {WHICH}."
            ),
        ),
    ],
)
def test_a_receipt_says_what_became_of_the_mail_and_what_is_due(said: dict[str, Any], words: str) -> None:
    assert sentence({"type": "RECEIPT", **MAIL, **said}) == words


def test_every_cause_of_a_receipt_has_its_words() -> None:
    assert set(CAUSES) == set(ReceiptCause)


CONFIRMATIONS: dict[str, tuple[dict[str, Any], str]] = {
    "CONFIRMED": (
        {"ended": ["TASK#CALL_UNREAD#01#north-police"]},
        (
            f"read and confirmed the e-mail {WHICH}: duty worker, on the page. Nobody need call about it any "
            "more."
        ),
    ),
    "ALREADY": (
        {},
        f"confirmed the e-mail {WHICH} once more: duty worker, on the page. It was on record already.",
    ),
    "EXPIRED": (
        {},
        (
            f"confirmed the e-mail {WHICH} too late: duty worker, on the page. Its link had ended, or a "
            "later message had taken its place; it does not count as read."
        ),
    ),
}


@pytest.mark.parametrize("result", CONFIRMATIONS)
def test_a_confirmation_says_who_by_role_and_what_came_of_it(result: str) -> None:
    told, words = CONFIRMATIONS[result]
    row = {"type": "ACK", **DELIVERY, "chan": "email", "role": "DUTY_WORKER", "method": "PAGE"}
    assert sentence({**row, "result": result, **told}) == f"north-police {words}"
