"""Every sentence about a message names it: whose it is, about which child and version, by its id."""

from typing import Any

import pytest

from functions.adapters.ledger.keys import DeliveryKey
from functions.domain.delivery import message_id
from functions.story.named import actor_words, next_moment
from functions.story.telling import sentence, story
from schemas.codes import AuditKind, Channel

REF = "NS-26-7KQ4ZP"
MESSAGE: dict[str, Any] = {
    "pk": f"R#{REF}",
    "agency": "oakfield-school",
    "child": 1,
    "dver": 1,
    "chan": "email",
}
OTHERS: dict[str, dict[str, Any]] = {
    "its referral": {"pk": "R#NS-26-6NY3KF"},
    "its agency": {"agency": "greenhill-school"},
    "its child": {"child": 2},
    "its version": {"dver": 2},
    "its way": {"chan": "fallback"},
    "being sent again": {"nonce": "+S0a1b2c3d"},
    "what it tells": {"nonce": "UPLAN"},
    "what it tells, sent again": {"nonce": "UPLAN+S0a1b2c3d"},
}
BY_HAND = {"reason": "AGENCY_ASKED", "actor": "mash-manager"}
WAITS = {"task": "CALL_UNTOLD", "role": "MASH_DUTY_WORKER", "due_at": "2026-11-24T18:00:00.000Z"}
AT = {"at": "2026-11-24T15:02:31.000Z"}
READ = {"role": "DUTY_WORKER", "method": "PAGE"}

ABOUT_A_MESSAGE: list[dict[str, Any]] = [
    {"type": "ATTEMPT_STARTED", "level": 3, "ra": "ABSENT", "attempt": 1},
    {"type": "ATTEMPT_CLOSED", "result": "SUCCESS", **AT},
    {"type": "ATTEMPT_CLOSED", "result": "FAILED", "error": "E_PROVIDER", **AT},
    {"type": "ATTEMPT_CLOSED", "result": "UNKNOWN", "error": "E_TIMEOUT", **AT},
    {"type": "LATE_OUTCOME", "result": "FAILED"},
    *({"type": "RECEIPT", "receipt": said, "reason": "NOT_STATED"} for said in ("ACCEPTED", "DELIVERED")),
    *({"type": "RECEIPT", "receipt": said, "reason": "NOT_STATED"} for said in ("DELAYED", "BOUNCED")),
    {"type": "RECEIPT", "receipt": "COMPLAINED", "reason": "MARKED_AS_SPAM"},
    *({"type": "ACK", **READ, "result": result} for result in ("CONFIRMED", "ALREADY", "EXPIRED")),
    {"type": "SUPERSEDED", "by": 3},
    {"type": "CANCELLED", "reason": "STAFF_LINK"},
    {"type": "CANCELLED", "reason": "TOLD_BY_PHONE", "actor": "mash-manager"},
    {"type": "RESENT", **BY_HAND},
    {"type": "RESENT", **BY_HAND, "recipients": ["oakfield-school#email#2#+S0a1b2c3d"]},
    {"type": "PARKED", "reason": "NO_ADDRESS"},
    {"type": "CLOCK_FIRED", "watch": "FALLBACK", "instead": "msg_5f7068c2f1d04f0e"},
    *({"type": "CLOCK_FIRED", "watch": watch, **WAITS} for watch in ("CALL", "UNREAD", "RED_ALERT")),
]


def test_every_kind_of_row_that_has_a_channel_is_among_them() -> None:
    about_none = {
        "DECISION", "EVENT_DUPLICATE", "DECISION_STALE", "REJECTED", "LIFECYCLE", "UPDATE", "RA_FORM",
        "RA_CHECK", "HELD", "RELEASED", "SUPPRESSED_IN_SYSTEM", "TASK", "ENDPOINT", "REGISTRY_CHANGE",
        "READ", "QUERY", "RECONCILED",
        "EXPORT", "SESSION",
    }  # fmt: skip
    assert {row["type"] for row in ABOUT_A_MESSAGE} == {kind.value for kind in AuditKind} - about_none


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("row", ABOUT_A_MESSAGE, ids=lambda row: "-".join(map(str, row.values()))[:40])
def test_no_two_rows_about_different_messages_read_alike(row: dict[str, Any], other: str) -> None:
    assert sentence(MESSAGE | row) != sentence(MESSAGE | row | OTHERS[other])


@pytest.mark.parametrize("row", ABOUT_A_MESSAGE, ids=lambda row: "-".join(map(str, row.values()))[:40])
def test_a_row_names_child_version_and_the_id_that_the_message_bears(row: dict[str, Any]) -> None:
    own = message_id(DeliveryKey(REF, 1, 1, "oakfield-school", Channel.EMAIL).text)
    named = f"(child 1, version 1, {own[:12]})"
    assert named in sentence(MESSAGE | row)
    assert named in sentence(MESSAGE | row | {"message_id": own})


def test_what_goes_again_names_the_new_message_as_well() -> None:
    new = message_id(DeliveryKey(REF, 1, 1, "oakfield-school", Channel.EMAIL, "+S0a1b2c3d").text)
    row = {"type": "RESENT", **BY_HAND, "recipients": ["oakfield-school#email#2#+S0a1b2c3d"]}
    assert f"as the new message {new[:12]} (outcome)" in sentence(MESSAGE | row)


def test_siblings_are_told_apart_where_no_message_is_meant() -> None:
    held: dict[str, Any] = {"type": "HELD", "triggers": ["SENSITIVE"], "child": 1, "dver": 1}
    wanted: dict[str, Any] = {"type": "TASK", "task": "CALL_REFERRER", "child": 1, "dver": 1}
    late: dict[str, Any] = {
        "type": "CLOCK_FIRED",
        "task": "CALL_REFERRER",
        "child": 1,
        "role": "MASH_MANAGER",
    }
    for row in (held, wanted, late):
        assert sentence(row) != sentence(row | {"child": 2})


def test_an_agencys_own_task_names_no_child() -> None:
    row = {"type": "TASK", "task": "MEND_ENDPOINT", "child": 0, "task_agency": "north-police"}
    assert sentence(row).startswith("For a person to do: call the agency's desk")


def test_no_hash_stands_in_the_story() -> None:
    row = MESSAGE | AT | ABOUT_A_MESSAGE[0] | {"body_sha256": "0123456789abcdef" * 4}
    ((_, [(_, words)]),) = story([row])
    assert "0123456789ab" not in words
    assert "SHA" not in words


@pytest.mark.parametrize(
    ("at", "after", "words"),
    [
        ("2026-11-24T16:15:00.000Z", "2026-11-24T15:02:31.000Z", "at 4:15pm"),
        ("2026-11-25T09:15:00.000Z", "2026-11-24T15:02:31.000Z", "on 25 November 2026 at 9:15am"),
        ("2026-07-01T23:15:00.000Z", "2026-07-01T22:45:00.000Z", "on 2 July 2026 at 12:15am"),
        ("2026-07-02T00:15:00.000Z", "2026-07-01T23:45:00.000Z", "at 1:15am"),
    ],
    ids=["the same day", "another day", "another day in the UK", "the same day in the UK"],
)
def test_a_next_try_on_another_uk_day_says_which(at: str, after: str, words: str) -> None:
    assert next_moment(at, after=after) == words


@pytest.mark.parametrize(
    ("actor", "words"),
    [
        ("arn:aws:iam::000000000000:root", "root"),
        ("arn:aws:sts::123456789012:assumed-role/managers/jo.bloggs", "jo.bloggs"),
        ("arn:aws:sts::123456789012:user/moto", "moto"),
        ("mash-outcomes", "mash-outcomes"),
        ("north-police/feed", "north-police/feed"),
    ],
)
def test_who_acted_is_their_session_or_user_and_not_a_whole_arn(actor: str, words: str) -> None:
    assert actor_words(actor) == words
