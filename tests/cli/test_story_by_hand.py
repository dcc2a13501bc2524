"""People's acts in plain words: what became of a message, an endpoint or a task, who did it and why."""

from typing import Any

import pytest

from functions.cli.story import ACT_REASONS, sentence
from schemas.codes import ActReason

BY_HAND = {"agency": "north-police", "chan": "webhook", "child": 1, "dver": 1, "actor": "mash-manager"}
GAVE = " mash-manager gave the reason: "
NOTHING_MORE = "Nothing more is sent to north-police's endpoint until somebody resumes it: "


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            {"type": "RESENT", "reason": "AGENCY_ASKED", "recipients": ["north-police#fallback#1#+S0a"]},
            "north-police is told by e-mail in place of its webhook (notice only)." + GAVE
            + "the agency asked for it.",
        ),
        (
            {"type": "RESENT", "reason": "ENDPOINT_MENDED", "was": "RETRY", "state": "RETRY"},
            "The webhook to north-police is tried again at once." + GAVE
            + "the agency's system takes messages again.",
        ),
        (
            {"type": "CANCELLED", "reason": "NOT_SAFE_TO_TELL", "was": "PENDING"},
            "The webhook to north-police was stopped for good." + GAVE
            + "telling it could put somebody at risk.",
        ),
        (
            {"type": "CANCELLED", "reason": "TOLD_BY_PHONE", "was": "QUARANTINE", "chan": "email"},
            "The e-mail to north-police was stopped for good. It may have left already." + GAVE
            + "it was told by telephone.",
        ),
        (
            {"type": "CANCELLED", "reason": "NOT_SAFE_TO_TELL", "was": "FAILED",
             "ended": ["TASK#CALL_UNTOLD#01#north-police"]},
            "The webhook to north-police was stopped for good. It is nobody's task any more." + GAVE
            + "telling it could put somebody at risk.",
        ),
        (
            {"type": "TASK", "done": True, "task": "CALL_UNTOLD", "reason": "TOLD_BY_PHONE",
             "task_agency": "north-police", "role": "MASH_DUTY_WORKER"},
            "Done: call the agency: no message has reached it (north-police)." + GAVE
            + "it was told by telephone.",
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
