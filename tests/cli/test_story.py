"""The trail in plain words: a sentence for every kind of row, times as people in the UK read them."""

from typing import Any

import pytest

from functions.cli.story import clock_time, sentence, story
from schemas.codes import AuditKind

DELIVERY = {"agency": "north-police", "chan": "webhook", "child": 1, "dver": 1}

ROWS: dict[AuditKind, tuple[dict[str, Any], str]] = {
    AuditKind.DECISION: (
        {
            "child": 2, "dver": 1, "outcome": "S47J", "additional": ["LAD"], "flags": ["REASON_MISSING"],
            "recipients": ["north-police#webhook#3", "greenhill-school#email#1"],
        },
        (
            "The MASH decided for child 2, version 1: Section 47 enquiry, joint with police (S47J) and "
            "Allegation against a person in a position of trust (LAD). To be told: north-police by webhook "
            "(outcome and plan), greenhill-school by e-mail (notice only). For the MASH to look at: "
            "REASON_MISSING."
        ),
    ),
    AuditKind.EVENT_DUPLICATE: ({}, "The same event came again. Nothing was sent twice."),
    AuditKind.DECISION_STALE: (
        {"child": 1, "dver": 1, "newest": 2},
        "An older decision for child 1 came late (version 1; the newest is 2). It was not sent.",
    ),
    AuditKind.REJECTED: (
        {"field": "decided_at", "reason": "NO_TIME_ZONE"},
        "An event was refused: decided_at, NO_TIME_ZONE. State the time zone: end the time with Z.",
    ),
    AuditKind.LIFECYCLE: ({"feed_status": "failing"}, "The police feed said that it is failing."),
    AuditKind.RA_FORM: (
        {"form_version": 3, "children": [1, 2]},
        "A police risk-assessment form came (version 3), for child 1, 2.",
    ),
    AuditKind.RA_CHECK: (
        {
            "child": 1, "ra": "INCORRECT", "failed": ["RA06", "RA10"], "advisory": ["RA14"], "stale": True,
            "after_decision": True,
        },
        (
            "Police form checked for child 1: INCORRECT; rules not met: RA06, RA10; quality flags: RA14. It "
            "contradicts what it should match. It was completed after the decision."
        ),
    ),
    AuditKind.HELD: (
        {"held_agency": "north-police", "triggers": ["STAFF_LINK"]},
        "Held for a person to release for north-police: STAFF_LINK. It was not sent.",
    ),
    AuditKind.ATTEMPT_STARTED: (
        {**DELIVERY, "level": 3, "ra": "ABSENT", "attempt": 2, "body_sha256": "0123456789abcdef" * 4},
        "Telling north-police by webhook: outcome and plan, police form ABSENT. Try 2. SHA-256 0123456789ab.",
    ),
    AuditKind.ATTEMPT_CLOSED: (
        {
            **DELIVERY, "result": "FAILED", "error": "E_HTTP", "http_status": 503,
            "next_due_at": "2026-07-01T11:02:07.000Z",
        },
        "It failed (north-police by webhook): E_HTTP, answer 503. Next try at 12:02:07pm.",
    ),
    AuditKind.LATE_OUTCOME: (
        {**DELIVERY, "result": "SUCCESS"},
        "A try to tell north-police ended after another had taken over: SUCCESS.",
    ),
    AuditKind.SUPERSEDED: ({**DELIVERY, "by": 2}, "Not sent to north-police: version 2 replaced it."),
    AuditKind.PARKED: (
        {**DELIVERY, "reason": "NO_SECRET"},
        "Set aside for a person (north-police): NO_SECRET.",
    ),
    AuditKind.REGISTRY_CHANGE: (
        {"version": 1, "approver": "safeguarding-lead"},
        "The registry's entry became version 1, approved by safeguarding-lead.",
    ),
    AuditKind.READ: (
        {"actor": "arn:aws:iam::000000000000:root", "rows": 7, "referral": "NS-26-7KQ4ZP"},
        "arn:aws:iam::000000000000:root read 7 rows of NS-26-7KQ4ZP.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", AuditKind)
def test_every_kind_of_row_has_its_sentence(kind: AuditKind) -> None:
    row, words = ROWS[kind]
    assert sentence({"type": kind.value, **row}) == words


@pytest.mark.parametrize(
    ("closed", "words"),
    [
        ({"result": "SUCCESS", "http_status": 204}, "Told north-police by webhook: its system answered 204."),
        ({"result": "SUCCESS"}, "Told north-police by webhook: accepted for delivery."),
        (
            {"result": "UNKNOWN", "error": "E_TIMEOUT"},
            "Nobody knows whether it arrived (north-police by webhook): E_TIMEOUT.",
        ),
    ],
)
def test_a_try_ends_in_one_of_three_ways(closed: dict[str, Any], words: str) -> None:
    assert sentence({"type": "ATTEMPT_CLOSED", **DELIVERY, **closed}) == words


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        ("2026-01-05T09:05:07.000Z", "9:05:07am"),
        ("2026-07-05T09:05:07.000Z", "10:05:07am"),
        ("2026-10-25T00:59:59.000Z", "1:59:59am"),
        ("2026-10-25T01:00:00.000Z", "1:00:00am"),
    ],
    ids=["winter", "summer", "before the clocks go back", "after"],
)
def test_times_are_the_uks(at: str, shown: str) -> None:
    assert clock_time(at) == shown


def test_a_story_is_told_day_by_day() -> None:
    rows = [
        {"type": "EVENT_DUPLICATE", "at": at}
        for at in ("2026-06-30T22:59:59.000Z", "2026-06-30T23:00:00.000Z", "2026-07-01T10:00:00.000Z")
    ]
    assert [(day, len(entries)) for day, entries in story(rows)] == [("30 June 2026", 1), ("1 July 2026", 2)]
