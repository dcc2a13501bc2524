"""Probation asks whether anything is known: no referral, no clock, no child; it is answered in a message."""

import json
from datetime import timedelta
from typing import Any

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Item
from functions.domain.delivery import Answer
from functions.flows.acting.done import WhichTask, done
from functions.flows.acting.order import Which
from functions.flows.acting.resend import send_again, what_would_go
from schemas.agency import Mailbox
from schemas.codes import ActReason, AgencyType, AttemptResult, Channel, ErrorWord, TaskKind
from tests.flows.accounts import reckoned, tables
from tests.flows.lives import ENQUIRY, an_enquiry
from tests.flows.sweeps import sweep_for
from tests.world import World, a_decision, a_registry, an_agency, change_agency

NONCE = "UPROBATION_ENQUIRY"
FOR_GOOD = Answer(AttemptResult.FAILED, retryable=False, error=ErrorWord.E_PROVIDER)


def rows(world: World) -> list[Item]:
    return world.store.partition("audit", keys.enquiry(ENQUIRY), "E#")


def items(world: World, prefix: str = "") -> list[Item]:
    return world.store.partition("state", keys.enquiry(ENQUIRY), prefix)


def tasks(world: World) -> dict[str, str]:
    return {item["sk"]: item["st"] for item in items(world, keys.TASK_PREFIX)}


def kept_copy(world: World, refused: Item) -> Any:
    """What the operator finds of a refused event."""
    body = world.s3.get_object(Bucket=world.bucket, Key=refused["kept_as"])["Body"]
    return json.loads(body.read())["detail"]


def text(world: World) -> str:
    ((_, mail),) = world.mailbox.mails
    return " ".join(mail.text.split())


def test_what_was_asked_is_kept_and_told_to_nobody(world: World) -> None:
    world.take(an_enquiry())
    (row,) = rows(world)
    assert (row["type"], row["event_type"], row["agency_id"]) == (
        "LIFECYCLE",
        "PROBATION_ENQUIRY",
        "north-probation",
    )
    assert "own_ref" not in row
    assert world.send_due() == 0
    world.later(days=30)
    assert world.send_due() == 0
    assert tasks(world) == {}


@pytest.mark.parametrize(
    ("answer", "heading"),
    [
        ("KNOWN_CALL_US", "Please call us about your enquiry"),
        ("NOTHING_TO_SHARE", "We have nothing to share with you"),
    ],
)
def test_the_answer_is_told_to_whoever_asked(world: World, answer: str, heading: str) -> None:
    world.take(an_enquiry())
    world.take(an_enquiry(answer))
    assert [row["type"] for row in rows(world)] == ["LIFECYCLE", "LIFECYCLE", "UPDATE"]
    assert world.send_due() == 1
    ((pins, mail),) = world.mailbox.mails
    assert mail.subject == f"OFFICIAL-SENSITIVE: {ENQUIRY} - answer to your enquiry"
    assert (int(pins.level), pins.message_type) == (2, "ENQUIRY_ANSWER")
    assert heading in mail.text
    assert f"Enquiry: {ENQUIRY}\nYour reference: PR-77001\n" in mail.text
    assert "Child:" not in mail.text
    assert "disagree" not in mail.text
    assert "Not needed. Our agreed policy does not need this form for this referral." in text(world)
    assert "It is not a referral, so there is no police form for it." in text(world)
    assert rows(world)[-2]["ra"] == "NOT_REQUIRED"


def test_an_answer_by_webhook_is_about_no_child(world: World) -> None:
    world.apply(a_registry(an_agency("hill-probation", AgencyType.PROBATION, Channel.WEBHOOK)))
    world.take(an_enquiry("KNOWN_CALL_US", agency_id="hill-probation"))
    world.send_due()
    ((_, body),) = world.police.sent
    data = json.loads(body)["data"]
    assert (data["referral_ref"], data["child_index"], data["plan"]) == (ENQUIRY, None, None)
    assert data["news"]["enquiry_answer"] == "KNOWN_CALL_US"


def test_it_is_no_referral_and_starts_no_decision(world: World) -> None:
    """Its partition is of another kind, which nothing that counts referrals reads."""
    world.take(an_enquiry("NOTHING_TO_SHARE"))
    assert world.rows(ENQUIRY) == []
    assert keys.ref_in(keys.enquiry(ENQUIRY)) is None
    found = reckoned(world)
    assert (found.decisions, found.findings) == (0, ())


def test_a_referral_of_the_same_reference_is_another_matter(world: World) -> None:
    world.take(an_enquiry("NOTHING_TO_SHARE"))
    world.take(a_decision(referral_ref=ENQUIRY))
    assert world.kinds(ENQUIRY) == ["DECISION", "RA_CHECK"]
    assert [row["type"] for row in rows(world)] == ["LIFECYCLE", "UPDATE"]


def test_another_answer_takes_the_place_of_one_that_was_not_sent(world: World) -> None:
    world.take(an_enquiry("NOTHING_TO_SHARE"))
    world.take(an_enquiry("KNOWN_CALL_US", answered_at="2026-11-24T14:30:00Z"))
    assert world.send_due() == 1
    assert "Please call us about your enquiry" in text(world)


@pytest.mark.parametrize("answer", [None, "KNOWN_CALL_US"])
def test_what_comes_after_a_later_answer_is_old_news(world: World, answer: str | None) -> None:
    world.take(an_enquiry("NOTHING_TO_SHARE"))
    late = {"answered_at": "2026-11-24T13:00:00Z"} if answer else {}
    world.take(an_enquiry(answer, **late))
    assert rows(world)[-1]["stale"] is True
    assert world.send_due() == 1


def test_an_agency_that_nobody_knows_is_refused_by_the_field(world: World) -> None:
    world.take(an_enquiry(agency_id="nobody-knows"))
    (refused,) = world.refused()
    assert (refused["field"], refused["reason"]) == ("agency_id", "UNKNOWN_AGENCY")


@pytest.mark.parametrize(
    "agency_type", [AgencyType.POLICE, AgencyType.YOUTH_JUSTICE, AgencyType.SCHOOL, AgencyType.FAMILY]
)
@pytest.mark.parametrize("answer", [None, "KNOWN_CALL_US"])
def test_an_agency_that_is_no_probation_service_is_refused_with_row_and_copy(
    world: World, agency_type: AgencyType, answer: str | None
) -> None:
    world.apply(a_registry(an_agency("hill-agency", agency_type, Channel.EMAIL)))
    world.take(an_enquiry(answer, agency_id="hill-agency"))
    (refused,) = world.refused()
    assert (refused["field"], refused["reason"]) == ("agency_id", "NOT_PROBATION")
    assert kept_copy(world, refused)["agency_id"] == "hill-agency"
    assert (rows(world), world.send_due()) == ([], 0)


@pytest.mark.parametrize("answer", [None, "KNOWN_CALL_US"])
def test_nobody_is_answered_in_the_place_of_whoever_asked(world: World, answer: str | None) -> None:
    world.apply(a_registry(an_agency("hill-probation", AgencyType.PROBATION, Channel.EMAIL)))
    world.take(an_enquiry())
    world.take(an_enquiry(answer, agency_id="hill-probation"))
    (refused,) = world.refused()
    assert (refused["field"], refused["reason"]) == ("agency_id", "NOT_WHO_ASKED")
    assert kept_copy(world, refused)["agency_id"] == "hill-probation"
    assert (len(rows(world)), world.send_due()) == (1, 0)
    world.take(an_enquiry("KNOWN_CALL_US"))
    assert world.send_due() == 1
    assert world.mailbox.mails[0][0].agency_id == "north-probation"


def test_whoever_asked_under_an_old_name_is_answered_under_the_new_one(world: World) -> None:
    old = an_agency("hill-probation", AgencyType.PROBATION, Channel.EMAIL)
    world.apply(a_registry(old))
    world.take(an_enquiry(agency_id="hill-probation"))
    new = an_agency("dale-probation", AgencyType.PROBATION, Channel.EMAIL, aliases=("hill-probation",))
    world.directory.apply(a_registry(new), applier="duty-engineer", now=world.now, allow_removal=True)
    world.take(an_enquiry("KNOWN_CALL_US", agency_id="dale-probation"))
    assert world.send_due() == 1
    assert world.mailbox.mails[0][0].agency_id == "dale-probation"


def test_a_mailbox_that_is_not_managed_has_a_notice(world: World) -> None:
    box = Mailbox(address="desk@hill-probation.example", verified_at=world.now.date())
    world.apply(a_registry(an_agency("hill-probation", AgencyType.PROBATION, Channel.EMAIL, email=box)))
    world.take(an_enquiry("KNOWN_CALL_US", agency_id="hill-probation", own_ref=None))
    world.send_due()
    assert "There is news about your enquiry" in text(world)
    assert "We have something to tell you about an enquiry you made to us" in text(world)
    assert "Your reference: none given" in text(world)


def test_an_agency_without_a_way_to_it_is_somebodys_to_tell(world: World) -> None:
    world.apply(a_registry(an_agency("hill-probation", AgencyType.PROBATION)))
    world.take(an_enquiry("KNOWN_CALL_US", agency_id="hill-probation"))
    assert rows(world)[-1]["kept_from"] == ["hill-probation"]
    assert tasks(world) == {"TASK#CHECK_NOT_TOLD#00#PROBATION_ENQUIRY": "OPEN"}


def test_who_was_not_told_in_time_is_rung_and_that_is_written_down(world: World) -> None:
    """The log names no reference, and whoever rang ends the call by the enquiry's own."""
    world.take(an_enquiry("KNOWN_CALL_US"))
    world.mailbox.answers = [FOR_GOOD]
    sweep_for(world, timedelta(minutes=2), timedelta(minutes=1))
    call = "TASK#CALL_UNTOLD#00#north-probation#PROBATION_ENQUIRY"
    assert tasks(world) == {call: "OPEN"}
    world.later(days=2)
    world.send_due()
    assert tasks(world) == {call: "OVERDUE"}
    which = WhichTask(TaskKind.CALL_UNTOLD, ENQUIRY)
    came = done(which, world.order(ActReason.TOLD_BY_PHONE), world.act_desk)
    assert came.told == 1
    assert tasks(world) == {call: "DONE"}


def test_an_answer_is_sent_again_where_it_did_not_arrive(world: World) -> None:
    world.take(an_enquiry("KNOWN_CALL_US"))
    world.send_due()
    again = what_would_go(Which(ENQUIRY), world.act_desk, by_email=False)
    send_again(again, world.order(ActReason.NOT_RECEIVED), world.act_desk)
    world.send_due()
    assert len(world.mailbox.sent) == 2
    assert rows(world)[-1]["type"] == "ATTEMPT_CLOSED"


def test_an_address_that_is_verified_lets_the_answer_go(world: World) -> None:
    change_agency(world, "north-probation", verified_at=None)
    world.take(an_enquiry("KNOWN_CALL_US"))
    assert tasks(world) == {"TASK#RELEASE_AGENCY#00#north-probation": "OPEN"}
    change_agency(world, "north-probation", verified_at="2026-11-24")
    world.release(ENQUIRY, agency="north-probation")
    assert world.send_due() == 1
    assert tasks(world) == {"TASK#RELEASE_AGENCY#00#north-probation": "DONE"}


def test_both_accounts_of_its_messages_agree(world: World) -> None:
    world.mailbox.otherwise = Answer(AttemptResult.SUCCESS, provider_id="ses-1")
    world.take(an_enquiry("KNOWN_CALL_US"))
    world.send_due()
    evidence = tables(world).partitions.read(keys.enquiry(ENQUIRY))
    assert len(evidence.deliveries) == 1
    assert reckoned(world).findings == ()
