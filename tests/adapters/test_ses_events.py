"""SES's events as SES sends them: each kind has its meaning, and nothing but ids and codes comes through."""

import json
from collections.abc import Callable
from dataclasses import astuple
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.adapters.ses_events import read_receipt
from functions.domain.receipts import SUPPRESSES
from functions.domain.refusals import RefusedError
from schemas.codes import Receipt, ReceiptCause
from tests.mail_events import KINDS, MAILBOX, MESSAGE_ID, said, ses_event

Event = dict[str, Any]

MEANINGS: dict[str, tuple[Receipt, ReceiptCause | None, bool, datetime]] = {
    "accepted": (Receipt.ACCEPTED, None, False, datetime(2026, 11, 24, 15, 2, 31, tzinfo=UTC)),
    "delivered": (Receipt.DELIVERED, None, False, datetime(2026, 11, 24, 15, 2, 34, 512000, tzinfo=UTC)),
    "delayed": (
        Receipt.DELAYED,
        ReceiptCause.MAILBOX_FULL,
        False,
        datetime(2026, 11, 24, 15, 7, 31, 204000, tzinfo=UTC),
    ),
    "came-back": (
        Receipt.BOUNCED,
        ReceiptCause.REFUSED_FOR_GOOD,
        True,
        datetime(2026, 11, 24, 15, 2, 36, tzinfo=UTC),
    ),
    "came-back-for-now": (
        Receipt.DELAYED,
        ReceiptCause.MAILBOX_FULL,
        True,
        datetime(2026, 11, 25, 5, 2, 40, tzinfo=UTC),
    ),
    "suppressed": (
        Receipt.BOUNCED,
        ReceiptCause.SUPPRESSED_BY_PROVIDER,
        True,
        datetime(2026, 11, 24, 15, 2, 32, tzinfo=UTC),
    ),
    "complained": (
        Receipt.COMPLAINED,
        ReceiptCause.MARKED_AS_SPAM,
        True,
        datetime(2026, 11, 24, 15, 20, tzinfo=UTC),
    ),
    "rejected": (
        Receipt.BOUNCED,
        ReceiptCause.PROVIDER_REJECTED,
        True,
        datetime(2026, 11, 24, 15, 2, 31, tzinfo=UTC),
    ),
    "not-rendered": (
        Receipt.BOUNCED,
        ReceiptCause.NOT_RENDERED,
        True,
        datetime(2026, 11, 24, 15, 2, 31, tzinfo=UTC),
    ),
}


def bent(kind: str, bend: Callable[[Event], object]) -> str:
    event = ses_event(kind)
    bend(event)
    return json.dumps(event)


def refused(body: str) -> tuple[str, str]:
    with pytest.raises(RefusedError) as caught:
        read_receipt(body)
    return caught.value.refusal.field, caught.value.refusal.reason.value


def test_every_recorded_event_is_tried_here() -> None:
    assert set(MEANINGS) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_event_has_its_meaning(kind: str) -> None:
    found = read_receipt(said(kind))
    assert (found.receipt, found.cause, found.gave_up, found.at) == MEANINGS[kind]
    assert (found.message_id, found.attempt) == (MESSAGE_ID, 1)
    assert found.provider_id == "0102019ab3c1d2e3-11111111-2222-4333-8444-555555555555-000000"


@pytest.mark.parametrize("kind", KINDS)
def test_no_address_and_no_words_of_a_mail_system_come_through(kind: str) -> None:
    found = str(astuple(read_receipt(said(kind))))
    assert "@" not in found
    assert "NS-26" not in found
    assert MAILBOX in said(kind), "the event itself does name it"


def bounced(bounce_type: object, subtype: object) -> tuple[Receipt, ReceiptCause | None, bool]:
    def bend(event: Event) -> None:
        event["detail"]["bounce"] |= {"bounceType": bounce_type, "bounceSubType": subtype}

    found = read_receipt(bent("came-back", bend))
    return found.receipt, found.cause, found.suppresses


@pytest.mark.parametrize(
    ("subtype", "cause"),
    [
        ("General", ReceiptCause.REFUSED_FOR_GOOD),
        ("NoEmail", ReceiptCause.MAILBOX_UNKNOWN),
        ("Suppressed", ReceiptCause.SUPPRESSED_BY_PROVIDER),
        ("OnAccountSuppressionList", ReceiptCause.SUPPRESSED_BY_PROVIDER),
        ("UnsubscribedRecipient", ReceiptCause.UNSUBSCRIBED),
        ("SomethingNew", ReceiptCause.REFUSED_FOR_GOOD),
        (None, ReceiptCause.REFUSED_FOR_GOOD),
    ],
)
def test_a_permanent_bounce_lies_with_the_address(subtype: object, cause: ReceiptCause) -> None:
    assert bounced("Permanent", subtype) == (Receipt.BOUNCED, cause, True)


@pytest.mark.parametrize(
    ("bounce_type", "subtype", "cause"),
    [
        ("Transient", "General", ReceiptCause.REFUSED_FOR_NOW),
        ("Transient", "MailboxFull", ReceiptCause.MAILBOX_FULL),
        ("Transient", "MessageTooLarge", ReceiptCause.MESSAGE_TOO_LARGE),
        ("Transient", "ContentRejected", ReceiptCause.CONTENT_REFUSED),
        ("Transient", "AttachmentRejected", ReceiptCause.CONTENT_REFUSED),
        ("Transient", "CustomTimeoutExceeded", ReceiptCause.TAKES_TOO_LONG),
        ("Undetermined", "Undetermined", ReceiptCause.NOT_STATED),
        ("SomethingNew", None, ReceiptCause.NOT_STATED),
    ],
)
def test_any_other_bounce_suppresses_nothing(bounce_type: str, subtype: object, cause: ReceiptCause) -> None:
    assert bounced(bounce_type, subtype) == (Receipt.DELAYED, cause, False)


@pytest.mark.parametrize(
    ("said_by_ses", "cause"),
    [
        ("General", ReceiptCause.REFUSED_FOR_NOW),
        ("SpamDetected", ReceiptCause.LOOKS_LIKE_SPAM),
        ("RecipientServerError", ReceiptCause.MAIL_SYSTEM_FAILING),
        ("TransientCommunicationFailure", ReceiptCause.NO_CONNECTION),
        ("InternalFailure", ReceiptCause.PROVIDER_FAILING),
        ("IPFailure", ReceiptCause.PROVIDER_FAILING),
        ("BYOIPHostNameLookupUnavailable", ReceiptCause.PROVIDER_FAILING),
        ("SendingDeferral", ReceiptCause.PROVIDER_FAILING),
        ("Undetermined", ReceiptCause.NOT_STATED),
        (7, ReceiptCause.NOT_STATED),
    ],
)
def test_a_delay_says_why_and_is_not_the_end(said_by_ses: object, cause: ReceiptCause) -> None:
    def bend(event: Event) -> None:
        event["detail"]["deliveryDelay"]["delayType"] = said_by_ses

    found = read_receipt(bent("delayed", bend))
    assert (found.receipt, found.cause, found.gave_up) == (Receipt.DELAYED, cause, False)


def test_a_complaint_about_an_address_that_had_complained_before_was_not_even_sent() -> None:
    def bend(event: Event) -> None:
        event["detail"]["complaint"]["complaintSubType"] = "OnAccountSuppressionList"

    found = read_receipt(bent("complained", bend))
    assert (found.receipt, found.cause) == (Receipt.BOUNCED, ReceiptCause.SUPPRESSED_BY_PROVIDER)


def test_what_suppresses_an_address_is_final() -> None:
    final = {found.cause for kind in KINDS if (found := read_receipt(said(kind))).gave_up}
    assert final & SUPPRESSES == {
        ReceiptCause.REFUSED_FOR_GOOD,
        ReceiptCause.SUPPRESSED_BY_PROVIDER,
        ReceiptCause.MARKED_AS_SPAM,
    }


def without(*path: str) -> Callable[[Event], object]:
    def bend(event: Event) -> None:
        for name in path[:-1]:
            event = event[name]
        del event[path[-1]]

    return bend


def setting(value: object, *path: str) -> Callable[[Event], object]:
    def bend(event: Event) -> None:
        for name in path[:-1]:
            event = event[name]
        event[path[-1]] = value

    return bend


TAGS = ("detail", "mail", "tags")


@pytest.mark.parametrize(
    ("bend", "field"),
    [
        (setting("mash.case-system", "source"), "source"),
        (without("source"), "source"),
        (without("detail"), "detail"),
        (setting("text", "detail"), "detail"),
        (without("detail", "mail"), "mail"),
        (without(*TAGS), "tags"),
        (setting([], *TAGS), "tags"),
        (without(*TAGS, "message_id"), "tags.message_id"),
        (setting(["msg_short"], *TAGS, "message_id"), "tags.message_id"),
        (setting([MESSAGE_ID.upper()], *TAGS, "message_id"), "tags.message_id"),
        (setting([MESSAGE_ID, MESSAGE_ID], *TAGS, "message_id"), "tags.message_id"),
        (setting(MESSAGE_ID, *TAGS, "message_id"), "tags.message_id"),
        (setting([7], *TAGS, "message_id"), "tags.message_id"),
        (without(*TAGS, "attempt"), "tags.attempt"),
        (setting(["0"], *TAGS, "attempt"), "tags.attempt"),
        (setting(["-1"], *TAGS, "attempt"), "tags.attempt"),
        (setting(["100"], *TAGS, "attempt"), "tags.attempt"),
        (setting(["\N{ARABIC-INDIC DIGIT ONE}"], *TAGS, "attempt"), "tags.attempt"),
        (without("detail", "eventType"), "event_type"),
        (setting("Open", "detail", "eventType"), "event_type"),
        (setting(["Bounce"], "detail", "eventType"), "event_type"),
        (without("detail", "bounce"), "bounce"),
        (setting("", "detail", "bounce"), "bounce"),
        (setting("yesterday", "detail", "bounce", "timestamp"), "timestamp"),
        (setting("2026-11-24T15:02:36", "detail", "bounce", "timestamp"), "timestamp"),
        (setting(7, "detail", "bounce", "timestamp"), "timestamp"),
    ],
)
def test_what_is_forged_foreign_or_broken_names_the_field_and_never_the_value(
    bend: Callable[[Event], object], field: str
) -> None:
    assert refused(bent("came-back", bend)) == (field, "NOT_A_RECEIPT")


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("", ("event", "NOT_JSON")),
        ("{", ("event", "NOT_JSON")),
        ("[" * 99_999, ("event", "NOT_JSON")),
        ("[]", ("event", "NOT_A_RECEIPT")),
        ("null", ("event", "NOT_A_RECEIPT")),
        ('"aws.ses"', ("event", "NOT_A_RECEIPT")),
    ],
)
def test_what_is_no_event_at_all_is_refused(body: str, found: tuple[str, str]) -> None:
    assert refused(body) == found


def test_an_id_of_the_providers_that_is_none_is_left_out() -> None:
    bend = setting("a@b <script>", "detail", "mail", "messageId")
    assert read_receipt(bent("accepted", bend)).provider_id is None
    assert read_receipt(bent("accepted", without("detail", "mail", "messageId"))).provider_id is None
