"""People's acts in plain words: what became of a message, an endpoint or a task, who did it and why."""

from typing import Any

import pytest

from functions.story.telling import sentence
from functions.story.vocabulary import ACT_REASONS
from schemas.codes import ActReason

BY_HAND = {
    "pk": "R#NS-26-7KQ4ZP", "agency": "north-police", "chan": "webhook", "child": 1, "dver": 1,
    "message_id": "msg_1f0e4a57c96b41d08e3f5a7b9c2d4e6f", "actor": "mash-manager",
}  # fmt: skip
WHICH = "(child 1, version 1, msg_1f0e4a57)"
GAVE = " mash-manager gave the reason: "
NOTHING_MORE = "Nothing more is sent to north-police's endpoint until somebody resumes it: "


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            {"type": "RESENT", "reason": "AGENCY_ASKED", "recipients": ["north-police#fallback#1#+S0a"]},
            f"north-police is told by e-mail in place of the webhook {WHICH}, as the new message "
            "msg_afc98af6 (notice only)." + GAVE
            + "the agency asked for it.",
        ),
        (
            {"type": "RESENT", "reason": "ENDPOINT_MENDED", "was": "RETRY", "state": "RETRY"},
            f"The webhook to north-police {WHICH} is tried again at once." + GAVE
            + "the agency's system takes messages again.",
        ),
        (
            {"type": "CANCELLED", "reason": "NOT_SAFE_TO_TELL", "was": "PENDING"},
            f"The webhook to north-police {WHICH} was stopped for good." + GAVE
            + "telling it could put somebody at risk.",
        ),
        (
            {"type": "CANCELLED", "reason": "TOLD_BY_PHONE", "was": "QUARANTINE", "chan": "email"},
            f"The e-mail to north-police {WHICH} was stopped for good. It may have left already." + GAVE
            + "it was told by telephone.",
        ),
        (
            {"type": "CANCELLED", "reason": "WITHHELD_DETRIMENT", "was": "QUARANTINE"},
            (
                f"The webhook to north-police {WHICH} is not sent: sharing it would do more harm than good "
                "(WITHHELD_DETRIMENT). It may have left already."
            ),
        ),
        (
            {"type": "CANCELLED", "reason": "NOT_SAFE_TO_TELL", "was": "FAILED",
             "ended": ["TASK#CALL_UNTOLD#01#north-police"]},
            f"The webhook to north-police {WHICH} was stopped for good. It is nobody's task any more." + GAVE
            + "telling it could put somebody at risk.",
        ),
        (
            {"type": "TASK", "done": True, "task": "CALL_UNTOLD", "reason": "TOLD_BY_PHONE",
             "task_agency": "north-police", "role": "MASH_DUTY_WORKER"},
            "Done for child 1: call the agency: nothing shows that a message has reached it (north-police)."
            + GAVE
            + "it was told by telephone.",
        ),
        (
            {"type": "TASK", "done": True, "task": "CHECK_DIVERGENCE", "reason": "DECISION_STANDS",
             "about": "POLICE_MASH_SUPERVISOR", "role": "POLICE_MASH_SUPERVISOR"},
            "Done for child 1, for the police MASH supervisor: look at where the decision parts from what "
            "the police recommend, and why." + GAVE
            + "the decision stands, and the case says why.",
        ),
        (
            {"type": "ENDPOINT", "result": "PAUSED", "cause": "BY_HAND", "reason": "MAINTENANCE"},
            NOTHING_MORE + "there is work on the agency's system, says mash-manager.",
        ),
        (
            {"type": "ENDPOINT", "result": "PAUSED", "cause": "REFUSING"},
            NOTHING_MORE + "refusing (REFUSING).",
        ),
        (
            {"type": "ENDPOINT", "result": "RESUMED", "reason": "PAUSED_IN_ERROR"},
            "north-police's endpoint is sent to again: it was paused in error, says mash-manager.",
        ),
    ],
)  # fmt: skip
def test_what_a_person_did_is_told_with_who_and_why(row: dict[str, Any], words: str) -> None:
    assert sentence({**BY_HAND, **row}) == words


def test_every_reason_has_its_words() -> None:
    assert set(ACT_REASONS) == set(ActReason)
