"""What follows from what the mail service says: for every receipt, state and clock, and for the address."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest

from functions.domain.receipts import (
    SUPPRESSES,
    MailReceipt,
    Suppression,
    clock_after,
    furthest,
    settled,
    state_after,
)
from functions.domain.tasks import address_task
from functions.domain.watch import Clock, Urgency
from schemas.clocks import ClockPolicy
from schemas.codes import DeliveryState, Outcome, Receipt, ReceiptCause, TaskKind, TaskRole, Watch

NOW = datetime(2026, 11, 24, 15, 2, 30, tzinfo=UTC)
URGENT = Urgency(frozenset({Outcome.S47J}), None)
SAID = MailReceipt("msg_1", 1, Receipt.DELIVERED, NOW - timedelta(minutes=1))


@pytest.mark.parametrize("came", list(itertools.permutations(Receipt, 3)))
def test_the_furthest_is_the_same_whatever_the_order(came: tuple[Receipt, ...]) -> None:
    order = list(Receipt)
    known: Receipt | None = None
    for one in came:
        before, known = known, furthest(known, one)
        assert before is None or order.index(known) >= order.index(before)
    assert known is max(came, key=order.index)


def test_receipts_stand_in_the_order_of_delivery_section_3() -> None:
    assert [str(one) for one in Receipt] == ["ACCEPTED", "DELAYED", "DELIVERED", "BOUNCED", "COMPLAINED"]


@pytest.mark.parametrize("known", Receipt)
def test_only_what_came_back_has_failed(known: Receipt) -> None:
    assert settled(known) == ("FAILED" if known is Receipt.BOUNCED else "SENT")


@pytest.mark.parametrize("known", Receipt)
@pytest.mark.parametrize("state", DeliveryState)
def test_a_receipt_moves_what_was_handed_over_and_leaves_what_others_decide(
    state: DeliveryState, known: Receipt
) -> None:
    others = {"PENDING", "SENDING", "PARKED", "SUPERSEDED", "CANCELLED"}
    assert state_after(state, known) == (state if state in others else settled(known))


def clock(known: Receipt, said: MailReceipt = SAID) -> Clock | None:
    return clock_after(said, known, now=NOW, urgency=URGENT, policy=ClockPolicy())


def test_what_arrived_is_to_be_confirmed_from_when_it_arrived() -> None:
    assert clock(Receipt.DELIVERED) == Clock(Watch.UNREAD, SAID.at + timedelta(hours=4))


def test_a_mail_services_clock_that_is_fast_gives_nobody_more_time() -> None:
    fast = MailReceipt("msg_1", 1, Receipt.DELIVERED, NOW + timedelta(hours=1))
    assert clock(Receipt.DELIVERED, fast) == Clock(Watch.UNREAD, NOW + timedelta(hours=4))


def test_what_came_back_calls_at_once_and_a_complaint_as_one_that_is_not_read() -> None:
    assert clock(Receipt.BOUNCED) == Clock(Watch.CALL, NOW)
    assert clock(Receipt.COMPLAINED) == Clock(Watch.UNREAD, NOW)


@pytest.mark.parametrize("known", [Receipt.ACCEPTED, Receipt.DELAYED])
def test_what_is_under_way_keeps_its_clock_unless_it_was_given_up(known: Receipt) -> None:
    assert clock(known) is None
    given_up = MailReceipt("msg_1", 1, Receipt.DELAYED, NOW, ReceiptCause.MAILBOX_FULL, gave_up=True)
    assert clock(known, given_up) == Clock(Watch.CALL, NOW)


@pytest.mark.parametrize("cause", [None, *ReceiptCause])
def test_only_a_cause_that_lies_with_the_address_suppresses_it(cause: ReceiptCause | None) -> None:
    said = MailReceipt("msg_1", 1, Receipt.BOUNCED, NOW, cause, gave_up=True)
    assert said.suppresses is (cause in SUPPRESSES)


@pytest.mark.parametrize(
    ("verified_at", "counts"),
    [
        (None, True),
        (date(2026, 11, 2), True),
        (date(2026, 11, 23), True),
        (date(2026, 11, 24), False),
        (date(2026, 11, 25), False),
    ],
)
def test_a_suppression_counts_until_somebody_verifies_the_address_anew(
    verified_at: date | None, *, counts: bool
) -> None:
    assert Suppression(NOW, date(2026, 11, 2)).counts(verified_at) is counts
    assert Suppression(NOW, None).counts(verified_at) is counts


def test_the_very_verification_that_mail_proved_wrong_does_not_end_it() -> None:
    that_morning = date(2026, 11, 24)
    assert Suppression(NOW, that_morning).counts(that_morning)
    assert not Suppression(NOW, that_morning).counts(date(2026, 11, 25))


def test_the_day_is_the_uks() -> None:
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert Suppression(late, None).counts(date(2026, 7, 1))
    assert not Suppression(late, None).counts(date(2026, 7, 2))


def test_whoever_keeps_the_directory_has_a_working_day_to_mend_an_address() -> None:
    task = address_task("north-probation", NOW, ClockPolicy())
    assert (task.kind, task.role) == (TaskKind.MEND_ADDRESS, TaskRole.DIRECTORY_OWNER)
    assert (task.agency_id, task.due_at) == ("north-probation", NOW + timedelta(days=1))
