"""The trail in plain words: a sentence for every kind of row, times as people in the UK read them."""

from typing import Any

import pytest

from functions.story.telling import clock_time, sentence, story
from functions.story.vocabulary import DIVERGENCES, HOLDS
from schemas.codes import AuditKind, CanaryResult, Divergence, HoldTrigger

ABOUT = {"pk": "R#NS-26-7KQ4ZP", "child": 1, "dver": 1, "message_id": "msg_1f0e4a57c96b41d08e3f5a7b9c2d4e6f"}
DELIVERY = {**ABOUT, "agency": "north-police", "chan": "webhook"}
MAIL = {**ABOUT, "agency": "north-probation", "chan": "email", "attempt": 1}
WHICH = "(child 1, version 1, msg_1f0e4a57)"

ROWS: dict[AuditKind, tuple[dict[str, Any], str]] = {
    AuditKind.DECISION: (
        {
            "at": "2026-11-24T15:02:31.000Z", "decided_at": "2026-11-24T14:50:00.000Z",
            "child": 2, "dver": 1, "outcome": "S47J", "additional": ["LAD"],
            "flags": ["REASON_MISSING", "OWN_REF_UNUSABLE:greenhill-school"],
            "recipients": ["north-police#webhook#3", "greenhill-school#email#1"],
        },
        (
            "The MASH decided on 24 November 2026 at 2:50pm (it reached us on 24 November 2026 at 3:02pm) "
            "for child 2, version 1: Section 47 enquiry, joint with police (S47J) and "
            "Allegation against a person in a position of trust (LAD). To be told: north-police by webhook "
            "(outcome and plan), greenhill-school by e-mail (notice only). For the MASH to look at: "
            "reason missing (REASON_MISSING), own ref unusable (OWN_REF_UNUSABLE) of greenhill-school."
        ),
    ),
    AuditKind.EVENT_DUPLICATE: ({}, "The same event came again. Nothing was sent twice."),
    AuditKind.DECISION_STALE: (
        {"child": 1, "dver": 1, "newest": 2},
        "An older decision for child 1 came late (version 1; the newest is 2). It was not sent.",
    ),
    AuditKind.REJECTED: (
        {"field": "decided_at", "reason": "NO_TIME_ZONE", "kept_as": "2026-11-24/1"},
        (
            "An event was refused: field decided_at, no time zone (NO_TIME_ZONE). State the time zone: end "
            "the time with Z."
        ),
    ),
    AuditKind.LIFECYCLE: ({"feed_status": "failing"}, "The police feed said that it is failing."),
    AuditKind.UPDATE: (
        {
            "child": 1, "dver": 1, "series": "ACKNOWLEDGEMENT", "ra": "UNKNOWN",
            "recipients": ["north-police#webhook#2#UACKNOWLEDGEMENT"],
        },
        (
            "To be told about the referral's arrival (child 1, number 1): north-police by webhook (the "
            "news); police form not known (UNKNOWN)."
        ),
    ),
    AuditKind.RA_FORM: (
        {"form_version": 3, "children": [1, 2]},
        "A police risk-assessment form came (version 3), for children 1 and 2.",
    ),
    AuditKind.RA_CHECK: (
        {
            "child": 1, "ra": "INCORRECT", "failed": ["RA06", "RA10"], "advisory": ["RA14"], "stale": True,
            "after_decision": True,
        },
        (
            "Police form checked for child 1: not complete (INCORRECT); rules not met: RA06 (not "
            "said if the child was seen, or why not), RA10 (neglect questions not answered in full); quality "
            "flags: RA14 (no reason for the risk grade). It contradicts what it should match. It was "
            "completed after the decision."
        ),
    ),
    AuditKind.HELD: (
        {"held_agency": "north-police", "triggers": ["STAFF_LINK"], "child": 2, "dver": 1},
        (
            "Held until a person releases it to north-police (child 2, version 1): link to one of the "
            "agency's staff (STAFF_LINK). It was not sent."
        ),
    ),
    AuditKind.RELEASED: (
        {
            "held_agency": "north-police", "triggers": ["REFERRER_IS_FAMILY"], "reason": "SAFE_TO_TELL",
            "actor": "arn:aws:sts::123456789012:assumed-role/managers/mash-manager", "child": 2, "dver": 1,
        },
        (
            "Released to north-police (child 2, version 1): the referrer is family (REFERRER_IS_FAMILY). "
            "mash-manager gave the reason: telling it puts nobody at risk."
        ),
    ),
    AuditKind.SUPPRESSED_IN_SYSTEM: (
        {"agency": "northshire-adult-care", "child": 1, "dver": 1},
        (
            "Not sent to northshire-adult-care (child 1, version 1): it reads outcomes in the hub's own case "
            "system."
        ),
    ),
    AuditKind.CANCELLED: (
        {**DELIVERY, "reason": "STAFF_LINK"},
        (
            f"The webhook to north-police {WHICH} was cancelled: link to one of the agency's staff "
            "(STAFF_LINK)."
        ),
    ),
    AuditKind.RESENT: (
        {
            **DELIVERY, "reason": "NOT_RECEIVED", "actor": "mash-manager",
            "recipients": ["north-police#webhook#3#+S0a1b2c3d"],
        },
        (
            f"The webhook to north-police {WHICH} goes again, as the new message msg_5f7068c2 (outcome and "
            "plan). mash-manager gave the reason: the agency says that it has not received it."
        ),
    ),
    AuditKind.TASK: (
        {
            "task": "CALL_REFERRER", "role": "MASH_DUTY_WORKER", "due_at": "2026-07-01T11:02:07.000Z",
            "child": 2, "dver": 1,
        },
        (
            "For a person to do for child 2: call the referrer, where there is one to call. The MASH duty "
            "worker must act by 1 July 2026 at 12:02pm."
        ),
    ),
    AuditKind.CLOCK_FIRED: (
        {"task": "RELEASE_AGENCY", "role": "EMERGENCY_DUTY_TEAM", "task_agency": "north-police", "child": 2},
        (
            "Not recorded as done in time for child 2: decide whether this agency may be told "
            "(north-police). An alarm was raised for the emergency duty team."
        ),
    ),
    AuditKind.ENDPOINT: (
        {"agency": "north-police", "method": "HANDSHAKE", "result": "CHECKED"},
        "The owner of north-police's endpoint agreed to receive, by handshake (HANDSHAKE).",
    ),
    AuditKind.RECONCILED: (
        {"day": "2026-11-24", "decisions": 35, "accounted": 35, "differences": 0},
        "Account of 2026-11-24: 35 decisions in, 35 accounted for, 0 differences.",
    ),
    AuditKind.QUERY: (
        {"actor": "arn:aws:iam::000000000000:root", "asked": "tasks", "rows": 2},
        "root asked for tasks: 2 found.",
    ),
    AuditKind.EXPORT: (
        {
            "actor": "arn:aws:iam::000000000000:root", "exported": "the shared data set",
            "since": "2026-03", "until": "2026-05", "rows": 216, "purpose": "SHARED_DATA_SET",
        },
        "root took away the shared data set of 2026-03 to 2026-05: 216 rows (SHARED_DATA_SET).",
    ),
    AuditKind.SESSION: (
        {"actor": "staff:unknown", "event": "SIGN_IN_FAILED", "reason": "TOKEN_INVALID"},
        "staff:unknown could not be signed in to the console (TOKEN_INVALID).",
    ),
    AuditKind.ATTEMPT_STARTED: (
        {**DELIVERY, "level": 3, "ra": "ABSENT", "attempt": 2, "body_sha256": "0123456789abcdef" * 4},
        (
            f"Sending the webhook to north-police {WHICH}, try 2: outcome and plan; police form not received "
            "(ABSENT)."
        ),
    ),
    AuditKind.ATTEMPT_CLOSED: (
        {
            **DELIVERY, "result": "FAILED", "error": "E_HTTP", "http_status": 503,
            "at": "2026-07-01T10:02:07.000Z", "next_due_at": "2026-07-01T11:02:07.000Z",
        },
        (
            f"The webhook to north-police {WHICH} did not arrive: the agency's system did not take it "
            "(503). Next try at 12:02pm."
        ),
    ),
    AuditKind.LATE_OUTCOME: (
        {**DELIVERY, "result": "SUCCESS"},
        f"A try of the webhook to north-police {WHICH} ended after another had taken over: it was taken.",
    ),
    AuditKind.RECEIPT: (
        {
            **MAIL, "receipt": "BOUNCED", "reason": "MAILBOX_UNKNOWN", "gave_up": True, "suppressed": True,
            "task": "MEND_ADDRESS", "role": "DIRECTORY_OWNER", "task_agency": "north-probation",
            "due_at": "2026-07-01T11:02:07.000Z",
        },
        (
            f"The mail service says that the e-mail to north-probation {WHICH} came back: there is no such "
            "mailbox (MAILBOX_UNKNOWN). A call is due. Nothing more is sent to that address until it is "
            "verified anew. For a person to do for child 1: find the agency's right address: a message came "
            "back (north-probation). The directory owner must act by 1 July 2026 at 12:02pm."
        ),
    ),
    AuditKind.ACK: (
        {**DELIVERY, "role": "OFFICER_IN_CASE", "method": "SIGNED_POST", "result": "CONFIRMED"},
        f"north-police read and confirmed the webhook {WHICH}: officer in the case, by its own system.",
    ),
    AuditKind.SUPERSEDED: (
        {**DELIVERY, "by": 2},
        f"The webhook to north-police {WHICH} was not sent: version 2 replaced it.",
    ),
    AuditKind.PARKED: (
        {**DELIVERY, "reason": "NO_SECRET"},
        (
            f"The webhook to north-police {WHICH} is set aside for a person: there is no usable secret to "
            "sign it with (NO_SECRET). Tell the agency by telephone; `mash rotate` makes a secret to hand "
            "over, then `mash resend` lets it go on."
        ),
    ),
    AuditKind.REGISTRY_CHANGE: (
        {"version": 1, "approver": "safeguarding-lead"},
        "The registry's entry became version 1, approved by safeguarding-lead.",
    ),
    AuditKind.READ: (
        {"actor": "arn:aws:iam::000000000000:root", "rows": 7, "referral": "NS-26-7KQ4ZP"},
        "root read 7 rows of NS-26-7KQ4ZP.",
    ),
}  # fmt: skip


def test_a_duplicate_that_was_decided_for_itself_is_said_to_have_left() -> None:
    left = {"duplicate": "NS-26-D0PL1C", "left": True, "joined": [], "recipients": []}
    assert sentence({"type": "LIFECYCLE", **left}) == (
        "NS-26-D0PL1C is decided for itself now and no longer a duplicate of this referral."
    )


@pytest.mark.parametrize("kind", AuditKind)
def test_every_kind_of_row_has_its_sentence(kind: AuditKind) -> None:
    row, words = ROWS[kind]
    assert sentence({"type": kind.value, **row}) == words


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


def test_an_export_as_parquet_too_is_said_to_be_one() -> None:
    row, words = ROWS[AuditKind.EXPORT]
    also = sentence({"type": "EXPORT", **row, "parquet_sha256": "0123456789abcdef" * 4})
    assert also == words.replace("216 rows", "216 rows as CSV and Parquet")


def test_every_hold_has_its_words() -> None:
    assert set(HOLDS) == set(HoldTrigger)


def test_a_decision_without_messages_leaves_it_to_other_rows_who_reads_it_or_is_called() -> None:
    row, _ = ROWS[AuditKind.DECISION]
    words = sentence({"type": "DECISION", **row, "recipients": []})
    assert "To be told: nobody by a message." in words
    assert "call" not in words


def test_a_decision_says_what_the_referral_lacks_and_where_it_parts_from_the_police() -> None:
    row, words = ROWS[AuditKind.DECISION]
    more = {"info_needed_codes": ["OFFENDING_HISTORY"], "divergences": ["SINGLE_AGENCY_AGAINST_JOINT"]}
    assert sentence({"type": "DECISION", **row, **more}) == (
        f"{words} Of the referral itself: offending history (OFFENDING_HISTORY). Beside what the police "
        "recommend: social care enquires alone where a joint enquiry is advised "
        "(SINGLE_AGENCY_AGAINST_JOINT)."
    )
    assert set(DIVERGENCES) == set(Divergence)


def test_a_task_of_two_roles_is_each_ones_own() -> None:
    due = {"type": "TASK", "due_at": "2026-07-01T11:02:07.000Z", "child": 2, "dver": 1}
    about = {"task": "CHECK_DIVERGENCE", "role": "POLICE_MASH_SUPERVISOR", "about": "POLICE_MASH_SUPERVISOR"}
    assert sentence(due | about) == (
        "For a person to do for child 2: look at where the decision parts from what the police recommend, "
        "and why. The police MASH supervisor must act by 1 July 2026 at 12:02pm."
    )


def test_an_event_refused_as_a_whole_names_no_field() -> None:
    row = {"type": "REJECTED", "field": "event", "reason": "NOT_JSON", "kept_as": "2026-11-24/1"}
    words = sentence(row)
    assert words.startswith("An event was refused: the event as a whole, not json (NOT_JSON). Send the event")


def test_a_confirmation_that_was_refused_is_called_one() -> None:
    row = {"type": "REJECTED", "input": "CONFIRMATION", "field": "token", "reason": "UNKNOWN_TOKEN"}
    assert sentence(row).startswith(
        "A confirmation was refused: field token, unknown token (UNKNOWN_TOKEN). Nothing"
    )


def test_a_statement_that_came_too_late_is_called_one() -> None:
    row = {"type": "REJECTED", "input": "STATEMENT", "field": "token", "reason": "LINK_ENDED"}
    assert sentence(row).startswith(
        "A statement about a police form was refused: field token, link ended (LINK_ENDED). Nothing"
    )


def test_a_mail_receipt_that_was_refused_is_called_one() -> None:
    words = sentence({"type": "REJECTED", "field": "event", "reason": "NOT_JSON"})
    assert words.startswith("A mail receipt was refused: the event as a whole, not json (NOT_JSON). ")


def test_a_story_is_told_day_by_day() -> None:
    rows = [
        {"type": "EVENT_DUPLICATE", "at": at}
        for at in ("2026-06-30T22:59:59.000Z", "2026-06-30T23:00:00.000Z", "2026-07-01T10:00:00.000Z")
    ]
    assert [(day, len(entries)) for day, entries in story(rows)] == [("30 June 2026", 1), ("1 July 2026", 2)]


def test_what_left_says_its_days_only_where_it_has_some_and_what_it_was_narrowed_to() -> None:
    row = {
        "type": "EXPORT",
        "actor": "staff:p-0417",
        "exported": "messages",
        "rows": 3,
        "purpose": "CASE_WORK",
    }
    only = {"ref": "NS-26-7KQ4ZP", "agency": "north-police"}
    assert sentence({**row, "filters": only}) == (
        "staff:p-0417 took away messages (agency north-police, ref NS-26-7KQ4ZP): 3 rows (CASE_WORK)."
    )


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (
            CanaryResult.CANARY_SENT,
            "A canary event, which tells nothing, was sent to north-police's endpoint.",
        ),
        (CanaryResult.CANARY_OK, "north-police's endpoint took the canary event."),
        (CanaryResult.CANARY_FAILED, "north-police's endpoint did not take the canary event."),
        (CanaryResult.CANARY_UNKNOWN, "Whether a canary event reached north-police's endpoint is not known."),
    ],
)
def test_each_row_of_a_canary_has_its_sentence(result: CanaryResult, words: str) -> None:
    row = {"type": "ENDPOINT", "actor": "sweep_due", "agency": "north-police", "result": result.value}
    assert sentence(row) == words


def test_an_endpoint_that_did_not_agree_and_a_new_secret_are_told_apart() -> None:
    asked = {"type": "ENDPOINT", "agency": "north-police", "method": "TEST_EVENT", "result": "ANSWERED_404"}
    assert sentence(asked) == (
        "north-police's endpoint was checked by test event (TEST_EVENT), and did not agree: answered 404 "
        "(ANSWERED_404)."
    )
    changed = {
        "type": "ENDPOINT", "agency": "north-police", "result": "SECRET_CHANGED", "key_id": "3fda7ea6-1",
        "older_end_at": "2026-07-01T11:02:07.000Z",
    }  # fmt: skip
    assert sentence(changed) == (
        "north-police has a new signing secret (3fda7ea6-1); the older one counts until 1 July 2026 at "
        "12:02pm."
    )
