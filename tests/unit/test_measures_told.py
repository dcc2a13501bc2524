"""Told means arrived: a webhook's success, a receipt, a reader's word, a call; never sent, and no notice."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.domain.measures.messages import About, Message, messages_of
from functions.domain.measures.told import Told
from schemas.codes import AuditKind, EventType
from tests.unit.stories import HEALTH, POLICE, REF, SCHOOL, Story, hours

MAIL = f"{POLICE}#email#2"


def decided(*recipients: str, **said: Any) -> Story:
    return (
        Story().received().decided(hours(2), recipients=list(recipients or (f"{POLICE}#webhook#3",)), **said)
    )


def told(story: Story) -> Told:
    return story.case().told


def message(story: Story) -> Message:
    (found,) = messages_of(story.rows, REF)
    return found


def receipt(story: Story, said: str, at: datetime, **more: Any) -> Story:
    usual = {"chan": "email", "receipt": said, "rcpt": said, "said_at": at}
    return story.about(AuditKind.RECEIPT, at + timedelta(seconds=5), **{**usual, **more})


# --- a webhook, a mail


def test_a_webhook_that_was_taken_is_told_at_that_moment() -> None:
    story = decided().tried(hours(3))
    assert message(story) == Message(About(1, 1, POLICE), hours(2), hours(3), hours(3))
    assert told(story) == Told(
        hours(3), timedelta(hours=1), newest=True, newest_by_notice=False, unborn_care=False
    )


def test_a_webhook_that_was_not_taken_tells_nobody() -> None:
    story = decided().about(AuditKind.ATTEMPT_STARTED, hours(3), level=3)
    story.about(AuditKind.ATTEMPT_CLOSED, hours(3), result="FAILED")
    assert message(story).told_at is None
    assert told(story).first_at is None


def test_what_an_attempt_learnt_too_late_is_learnt() -> None:
    story = decided().about(AuditKind.ATTEMPT_STARTED, hours(3), level=3)
    story.about(AuditKind.LATE_OUTCOME, hours(4), result="SUCCESS")
    assert told(story).first_at == hours(4)


def test_a_mail_that_was_sent_is_not_told() -> None:
    story = decided(MAIL).tried(hours(3), channel="email", level=2)
    assert message(story).told_at is None
    assert message(receipt(story, "ACCEPTED", hours(4))).told_at is None
    assert told(receipt(story, "DELAYED", hours(4))).first_at is None


def test_a_mail_is_told_when_its_service_says_that_it_was_delivered() -> None:
    story = receipt(decided(MAIL).tried(hours(3), channel="email", level=2), "DELIVERED", hours(4))
    assert told(story).first_at == hours(4)
    receipt(story, "DELIVERED", hours(5))
    assert told(story).first_at == hours(4)


def test_a_mail_that_its_reader_took_for_spam_had_arrived() -> None:
    story = receipt(decided(MAIL).tried(hours(3), channel="email", level=2), "COMPLAINED", hours(4))
    assert told(story).newest


def test_a_service_whose_clock_is_ahead_delivers_nothing_in_the_future() -> None:
    story = decided(MAIL).tried(hours(3), channel="email", level=2)
    story.about(
        AuditKind.RECEIPT, hours(4), chan="email", receipt="DELIVERED", rcpt="DELIVERED", said_at=hours(9)
    )
    assert told(story).first_at == hours(4)


def test_a_mail_that_came_back_after_all_tells_nobody() -> None:
    story = receipt(decided(MAIL).tried(hours(3), channel="email", level=2), "DELIVERED", hours(4))
    assert told(receipt(story, "BOUNCED", hours(5))).first_at is None


def test_what_is_late_to_say_that_a_mail_waits_takes_nothing_back() -> None:
    story = receipt(decided(MAIL).tried(hours(3), channel="email", level=2), "DELIVERED", hours(4))
    assert told(receipt(story, "DELAYED", hours(5), rcpt="DELIVERED")).first_at == hours(4)


def test_its_readers_word_is_as_good_as_a_receipt() -> None:
    story = decided(MAIL).tried(hours(3), channel="email", level=2)
    story.about(AuditKind.ACK, hours(5), chan="email", result="EXPIRED")
    assert told(story).first_at is None
    story.about(AuditKind.ACK, hours(6), chan="email", result="CONFIRMED")
    assert told(story).first_at == hours(6)


def test_of_two_channels_the_first_that_arrives_tells() -> None:
    story = decided(f"{POLICE}#webhook#3", MAIL).tried(hours(5))
    receipt(story.tried(hours(3), channel="email", level=2), "DELIVERED", hours(4))
    assert len(messages_of(story.rows, REF)) == 1
    assert told(story).first_at == hours(4)


def test_a_mail_in_a_webhooks_place_and_one_sent_again_tell_the_same() -> None:
    story = decided().about(AuditKind.CLOCK_FIRED, hours(3), watch="FALLBACK", instead="msg_1")
    story.tried(hours(3), channel="fallback", level=2)
    assert told(story).first_at is None
    story.about(AuditKind.RESENT, hours(5), recipients=[f"{POLICE}#webhook#3#+Sab"])
    story.tried(hours(6), nonce="+Sab")
    assert [one.about for one in messages_of(story.rows, REF)] == [About(1, 1, POLICE)]
    assert told(story).first_at == hours(6)
    receipt(story, "DELIVERED", hours(4), chan="fallback")
    assert told(story).first_at == hours(4)


# --- how much of it


def test_a_notice_is_counted_apart() -> None:
    story = decided(MAIL).tried(hours(3), channel="email", level=1, notice_reason="MAILBOX_NOT_MANAGED")
    assert told(story).newest_by_notice is False
    receipt(story, "DELIVERED", hours(4))
    assert (told(story).newest, told(story).newest_by_notice, told(story).first_at) == (False, True, None)


def test_the_fixed_sentence_of_an_emergency_is_the_outcome() -> None:
    story = Story().received().decided(hours(2), "EMP").tried(hours(3), level=1)
    assert (told(story).newest, told(story).newest_by_notice) == (True, False)


def test_whoever_was_called_after_a_notice_knows_the_outcome() -> None:
    story = decided(MAIL).tried(hours(3), channel="email", level=1, notice_reason="PHONE_ONLY")
    receipt(story, "DELIVERED", hours(4))
    call = {"child": 1, "dver": 1, "task": "CALL_UNREAD", "task_agency": POLICE, "reason": "TOLD_BY_PHONE"}
    story.row(AuditKind.TASK, hours(4), **call)
    assert told(story).newest is False  # asked for, not made
    story.row(AuditKind.TASK, hours(5), **call, done=True)
    assert (told(story).newest, told(story).newest_by_notice, told(story).first_at) == (True, False, hours(5))


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (AuditKind.TASK, {"task": "CALL_REFERRER", "reason": "TOLD_BY_PHONE", "done": True}),
        (AuditKind.TASK, {"task_agency": POLICE, "reason": "TOLD_BY_PHONE", "done": True}),
        (AuditKind.CANCELLED, {"agency": POLICE, "chan": "webhook", "reason": "TOLD_BY_PHONE"}),
    ],
)
def test_a_call_to_the_referrer_tells_it(kind: AuditKind, said: dict[str, Any]) -> None:
    assert told(decided().row(kind, hours(3), child=1, dver=1, **said)).first_at == hours(3)


def test_a_call_counts_from_when_it_was_made_where_its_maker_says_when() -> None:
    said = {"task_agency": POLICE, "reason": "TOLD_BY_PHONE", "done": True, "spoken_at": hours(3)}
    assert told(decided().row(AuditKind.TASK, hours(5), child=1, dver=1, **said)).first_at == hours(3)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (AuditKind.TASK, {"task_agency": POLICE, "reason": "NOT_NEEDED", "done": True}),
        (AuditKind.TASK, {"task_agency": SCHOOL, "reason": "TOLD_BY_PHONE", "done": True}),
        (AuditKind.CANCELLED, {"agency": POLICE, "chan": "webhook", "reason": "WRONG_RECIPIENT"}),
    ],
)
def test_a_call_to_another_or_none_tells_it_nothing(kind: AuditKind, said: dict[str, Any]) -> None:
    assert told(decided().row(kind, hours(3), child=1, dver=1, **said)).first_at is None


def test_a_call_that_the_hub_reports_tells_the_version_it_was_about() -> None:
    called = {"child": 1, "agency_id": POLICE, "reader_role": "DUTY_WORKER"}
    story = decided().event(EventType.PHONE_CONFIRMED, hours(4), **called, decision_seq=1, phoned_at=hours(3))
    assert told(story).first_at == hours(3)
    assert not told(story.decided(hours(5), "NFA", dver=2)).newest
    story.event(EventType.PHONE_CONFIRMED, hours(6), **called, decision_seq=2, phoned_at=hours(6))
    assert told(story).newest


def test_a_call_about_what_is_held_tells_nothing_of_it() -> None:
    called = {"child": 1, "agency_id": POLICE, "reader_role": "DUTY_WORKER", "decision_seq": 1}
    story = decided().event(
        EventType.PHONE_CONFIRMED, hours(4), **called, phoned_at=hours(3), still_held=True
    )
    assert told(story).first_at is None


def test_whoever_reads_the_hubs_own_system_was_told_there() -> None:
    story = decided().row(AuditKind.SUPPRESSED_IN_SYSTEM, hours(2), child=1, dver=1, agency=SCHOOL)
    assert told(story).first_at is None
    story.row(AuditKind.SUPPRESSED_IN_SYSTEM, hours(2), child=1, dver=2, agency=POLICE)
    assert told(story).first_at is None
    story.row(AuditKind.SUPPRESSED_IN_SYSTEM, hours(2), child=1, dver=1, agency=POLICE)
    assert told(story).first_at == hours(2)


# --- whom, and of which version


def test_another_agencys_message_does_not_tell_the_referrer() -> None:
    assert told(decided(f"{SCHOOL}#webhook#3").tried(hours(3), SCHOOL)).first_at is None


def test_a_referral_of_the_public_is_told_by_nobodys_message() -> None:
    story = Story().received(referrer=None, source_code="1A").decided(hours(2)).tried(hours(3))
    assert (story.case().received.is_professional, told(story).first_at) == (False, None)


def test_of_a_revised_decision_the_newest_must_be_told_and_the_first_counts_for_speed() -> None:
    story = decided().tried(hours(3)).decided(hours(5), "NFA", dver=2)
    assert (told(story).newest, told(story).first_at) == (False, hours(3))
    story.tried(hours(8), dver=2)
    assert told(story) == Told(
        hours(3), timedelta(hours=1), newest=True, newest_by_notice=False, unborn_care=False
    )


def test_a_message_that_arrived_before_it_was_decided_took_no_time() -> None:
    assert told(decided().tried(hours(1))).took == timedelta()


@pytest.mark.parametrize("nonce", ["UPLAN", "D0a1b2c3d"])
def test_a_later_update_and_a_duplicates_message_tell_no_decision(nonce: str) -> None:
    story = decided(f"{POLICE}#webhook#3#{nonce}").tried(hours(3), nonce=nonce)
    assert message(story).told_at == hours(3)
    assert told(story).first_at is None


def test_a_message_that_stands_with_a_duplicates_original_is_none_of_this_referral() -> None:
    story = decided(outcome="DUP", told_as={"ref": "NS-26-0R1G1N", "child": 1, "dver": 1})
    assert messages_of(story.rows, REF) == ()


def test_what_was_replaced_or_stopped_by_every_channel_is_over() -> None:
    story = decided(f"{POLICE}#webhook#3", MAIL).about(AuditKind.SUPERSEDED, hours(3), by=2)
    story.about(
        AuditKind.HELD, hours(3), chan="email", task="RELEASE_AGENCY", triggers=["UNVERIFIED_ADDRESS"]
    )
    assert not message(story).is_over
    story.about(AuditKind.CANCELLED, hours(4), chan="email", reason="WRONG_RECIPIENT")
    assert message(story).is_over
    assert not message(decided()).is_over


def test_a_health_visitor_who_was_told_counts_for_an_unborn_child() -> None:
    story = decided(f"{POLICE}#webhook#3", f"{HEALTH}#webhook#3").tried(hours(3))
    assert not told(story).unborn_care
    assert told(story.tried(hours(4), HEALTH)).unborn_care


def test_a_notice_or_a_call_is_enough_for_an_unborn_child_and_nobody_elses() -> None:
    """A service that is told by itself has no reference of its own, and gets a notice alone."""
    mail: dict[str, Any] = {"channel": "email", "level": 1, "notice_reason": "WHICH_CHILD"}
    noticed = decided(f"{HEALTH}#email#1").tried(hours(3), HEALTH, **mail)
    assert not told(noticed).unborn_care  # sent is not told
    noticed.about(AuditKind.ACK, hours(4), HEALTH, chan="email", result="CONFIRMED")
    assert told(noticed).unborn_care
    assert not told(decided().tried(hours(3), level=1, notice_reason="WHICH_CHILD")).unborn_care


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (AuditKind.TASK, {"task_agency": HEALTH, "reason": "TOLD_BY_PHONE", "done": True}),
        (AuditKind.SUPPRESSED_IN_SYSTEM, {"agency": HEALTH}),
    ],
)
def test_who_was_called_or_reads_the_hubs_system_was_told_of_an_unborn_child(
    kind: AuditKind, said: dict[str, Any]
) -> None:
    assert told(decided().row(kind, hours(3), child=1, dver=1, **said)).unborn_care
    assert not told(decided().row(kind, hours(3), child=1, dver=2, **said)).unborn_care
    others = {name: POLICE if value == HEALTH else value for name, value in said.items()}
    assert not told(decided().row(kind, hours(3), child=1, dver=1, **others)).unborn_care


@pytest.mark.parametrize("referrer", [HEALTH, POLICE, None])
def test_a_call_to_whoever_referred_is_one_to_a_health_visitor_if_one_did(referrer: str | None) -> None:
    story = Story().received(referrer=referrer).decided(hours(2))
    called = {"task": "CALL_REFERRER", "reason": "TOLD_BY_PHONE", "done": True}
    story.row(AuditKind.TASK, hours(3), child=1, dver=1, **called)
    assert told(story).unborn_care is (referrer == HEALTH)
