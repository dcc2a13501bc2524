"""A referral is acknowledged: whoever made it hears so, and partners are asked before anything is decided."""

import json

import pytest

from functions.log_lines import hashed
from schemas.agency import Mailbox
from schemas.codes import AgencyType, Channel, Series
from tests.flows.lives import an_acknowledgement
from tests.flows.sweeps import rows_of
from tests.world import World, a_decision, a_receipt, a_registry, an_agency, change_agency

ACKNOWLEDGED, ASKED = "UACKNOWLEDGEMENT", "UCONTRIBUTION"


def test_whoever_referred_hears_that_it_has_arrived_and_by_when_it_is_decided(world: World) -> None:
    world.take(a_receipt())
    world.take(an_acknowledgement())
    assert world.kinds() == ["LIFECYCLE", "RA_CHECK", "LIFECYCLE", "UPDATE"]
    assert world.send_due() == 1
    ((pins, body),) = world.police.sent
    told = json.loads(body)
    assert (told["type"], told["data"]["message_type"]) == ("uk.mash.update.v1", "ACKNOWLEDGEMENT")
    assert told["data"]["news"]["due_at"] == "2026-11-24T13:40:00Z"  # 4 hours from receipt: it is RED
    assert told["data"]["police_form"]["status"] == "UNKNOWN"
    assert pins.own_ref == "43261124/0917"


@pytest.mark.finding(9)
def test_partners_are_asked_for_what_they_know_before_anything_is_decided(world: World) -> None:
    world.take(a_receipt())
    world.take(an_acknowledgement("north-probation"))
    world.send_due()
    ((_, mail),) = world.mailbox.mails
    assert mail.subject == "OFFICIAL-SENSITIVE: NS-26-7KQ4ZP - action needed"
    assert "Please tell us what you know" in mail.text
    assert "24 November 2026 at 12:00pm" in mail.text
    assert "police risk-assessment form" in mail.text.lower()
    assert "disagree" not in mail.text
    assert [row["type"] for row in world.rows() if row["type"] in {"DECISION", "ATTEMPT_STARTED"}] == [
        "ATTEMPT_STARTED",
        "ATTEMPT_STARTED",
    ]


def test_an_acknowledgement_is_sent_once_however_often_it_is_stated(world: World) -> None:
    world.take(a_receipt())
    world.take(an_acknowledgement())
    world.take(an_acknowledgement(acknowledged_at="2026-11-24T11:00:00Z"))
    assert world.send_due() == 1
    assert len(rows_of(world, "UPDATE")) == 1


def test_a_second_request_takes_the_place_of_one_that_was_not_sent_yet(world: World) -> None:
    world.take(a_receipt())
    world.take(an_acknowledgement("north-probation"))
    world.take(an_acknowledgement("north-probation", contribute_by="2026-11-24T14:00:00Z"))
    world.send_due()
    assert world.delivery("north-probation", Channel.EMAIL, nonce=ASKED)["st"] == "SUPERSEDED"
    ((_, mail),) = world.mailbox.mails
    assert "2:00pm" in mail.text


@pytest.mark.finding(9)
def test_a_second_request_leaves_what_another_agency_was_asked_to_go(world: World) -> None:
    world.apply(a_registry(an_agency("hill-gp", AgencyType.GP, Channel.EMAIL)))
    world.take(a_receipt())
    world.take(an_acknowledgement("north-probation"))
    world.take(an_acknowledgement("hill-gp"))
    assert rows_of(world, "SUPERSEDED") == []
    world.send_due()
    assert {pins.agency_id for pins, _ in world.mailbox.mails} == {"north-probation", "hill-gp"}


def test_an_agency_that_is_asked_again_is_asked_once_whoever_else_was_asked_meanwhile(world: World) -> None:
    world.apply(a_registry(an_agency("hill-gp", AgencyType.GP, Channel.EMAIL)))
    world.take(a_receipt())
    for number, agency in enumerate(("north-probation", "hill-gp", "north-probation"), start=14):
        world.take(an_acknowledgement(agency, contribute_by=f"2026-11-24T{number}:00:00Z"))
    world.send_due()
    assert [(row["agency"], row["dver"], row["by"]) for row in rows_of(world, "SUPERSEDED")] == [
        ("north-probation", 1, 3)
    ]
    by_when = {pins.agency_id: "4:00pm" in mail.text for pins, mail in world.mailbox.mails}
    assert by_when == {"north-probation": True, "hill-gp": False}
    assert len(world.mailbox.mails) == 2


def test_nobody_is_asked_any_more_once_it_is_decided(world: World) -> None:
    world.take(a_receipt())
    world.take(an_acknowledgement("north-probation"))
    world.take(a_decision())
    world.send_due()
    assert {row["chan"]: row["nonce"] for row in rows_of(world, "SUPERSEDED")} == {
        "webhook": ACKNOWLEDGED,
        "email": ASKED,
    }
    assert all("outcome" in row for row in rows_of(world, "ATTEMPT_STARTED"))


def test_an_acknowledgement_that_came_first_waits_for_its_referral(world: World) -> None:
    world.take(an_acknowledgement())
    (waiting,) = world.rows()
    assert (waiting["type"], waiting["waits_for"]) == ("LIFECYCLE", "REFERRAL")
    assert world.send_due() == 0
    world.take(a_receipt())
    assert world.kinds() == ["LIFECYCLE", "LIFECYCLE", "RA_CHECK", "LIFECYCLE", "UPDATE"]
    assert world.rows()[3]["waited_since"] == waiting["at"]
    assert world.send_due() == 1


def test_one_that_waited_is_taken_up_once(world: World) -> None:
    world.take(an_acknowledgement())
    world.take(a_receipt())
    world.take(a_receipt(kind="CONTACT", event_id="b0000000-0000-4000-8000-000000000001"))
    assert len(rows_of(world, "UPDATE")) == 1


def test_one_that_turns_out_wrong_when_its_referral_comes_is_refused_then(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.take(an_acknowledgement("nobody-knows"))
    world.take(a_receipt())
    refused = world.rows()[-1]
    assert (refused["type"], refused["field"], refused["reason"]) == (
        "LIFECYCLE",
        "asked_to_contribute.0.agency_id",
        "UNKNOWN_AGENCY",
    )
    assert world.s3.head_object(Bucket=world.bucket, Key=refused["refused_copy"])
    assert world.send_due() == 0
    (line,) = [one.__dict__ for one in caplog.records if one.message == "EVENT_REFUSED"]
    assert (line["referral"], line["type"]) == (hashed("NS-26-7KQ4ZP"), "ACKNOWLEDGED")
    assert (line["sha256"], line["bytes"]) == (refused["sha256"], refused["bytes"])


def test_one_that_is_too_much_when_its_referral_comes_is_refused_and_the_referral_is_not(
    world: World,
) -> None:
    """What waited answers for itself: the event that it waited for is taken in already."""
    children = range(1, 20)
    asked = [{"agency_id": "north-probation", "child_index": child} for child in children]
    world.take(an_acknowledgement(asked_to_contribute=asked))
    world.take(a_receipt(*children))
    assert world.refused() == []
    refused = world.rows()[-1]
    assert (refused["event_type"], refused["reason"]) == ("ACKNOWLEDGED", "TOO_MANY_RECIPIENTS")
    assert world.s3.head_object(Bucket=world.bucket, Key=refused["refused_copy"])


def test_the_same_event_again_is_a_duplicate(world: World) -> None:
    world.take(a_receipt())
    for _ in range(2):
        world.take(an_acknowledgement())
    assert world.kinds()[-1] == "EVENT_DUPLICATE"
    assert len(rows_of(world, "UPDATE")) == 1


def test_the_same_id_with_other_contents_is_refused(world: World) -> None:
    event = an_acknowledgement()
    world.take(a_receipt())
    world.take(event)
    world.take({**event, "rag": "GREEN"})
    (refused,) = world.refused()
    assert (refused["field"], refused["reason"]) == ("event_id", "EVENT_ID_REUSED")


def a_school_without_a_managed_mailbox(world: World) -> None:
    mailbox = Mailbox(address="office@hill-school.example", verified_at=world.now.date())
    world.apply(a_registry(an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL, email=mailbox)))


def test_whoever_referred_is_acknowledged_in_any_mailbox_for_it_says_nothing_they_did_not(
    world: World,
) -> None:
    a_school_without_a_managed_mailbox(world)
    world.take(a_receipt(referring_agency={"agency_id": "hill-school", "own_ref": "HS/204"}))
    world.take(an_acknowledgement())
    world.send_due()
    ((pins, mail),) = world.mailbox.mails
    assert (int(pins.level), pins.notice_reason) == (1, "MAILBOX_NOT_MANAGED")
    assert "We have your referral" in mail.text
    assert world.delivery("hill-school", Channel.EMAIL, nonce=ACKNOWLEDGED)["st"] == "SENT"


def test_an_agency_is_asked_by_notice_alone_where_its_mailbox_may_not_have_more(world: World) -> None:
    a_school_without_a_managed_mailbox(world)
    world.take(a_receipt())
    world.take(an_acknowledgement("hill-school"))
    world.send_due()
    ((pins, mail),) = world.mailbox.mails
    assert int(pins.level) == 1
    assert "There is news about a referral" in mail.text
    assert "what you know" not in mail.text


def test_each_sibling_is_acknowledged_by_itself(world: World) -> None:
    world.take(a_receipt(1, 2))
    world.take(an_acknowledgement())
    assert world.send_due() == 2
    assert [json.loads(body)["data"]["child_index"] for _, body in world.police.sent] == [1, 2]


def test_an_address_nobody_verified_holds_the_request_until_somebody_has(world: World) -> None:
    world.apply(a_registry(an_agency("hill-nurse", AgencyType.SCHOOL_NURSING, Channel.EMAIL)))
    change_agency(world, "hill-nurse", verified_at=None)
    world.take(a_receipt())
    world.take(an_acknowledgement("hill-nurse"))
    assert world.delivery("hill-nurse", Channel.EMAIL, nonce=ASKED)["held"] == ["UNVERIFIED_ADDRESS"]
    assert world.tasks()["RELEASE_AGENCY#01#hill-nurse"]["st"] == "OPEN"
    change_agency(world, "hill-nurse", verified_at="2026-11-24")
    world.release(agency="hill-nurse")
    world.send_due()
    assert "Please tell us what you know" in world.mailbox.mails[-1][1].text
    assert world.tasks()["RELEASE_AGENCY#01#hill-nurse"]["st"] == "DONE"


def test_an_acknowledgement_goes_to_any_mailbox_for_it_says_nothing(world: World) -> None:
    school = an_agency(
        "hill-school",
        AgencyType.SCHOOL,
        Channel.EMAIL,
        email=Mailbox(address="office@hill-school.example", verified_at=world.now.date()),
    )
    world.apply(a_registry(school))
    world.take(
        a_receipt(referring_agency={"agency_id": "hill-school", "own_ref": "HS/204"}, source_code="2A")
    )
    world.take(an_acknowledgement())
    world.send_due()
    ((_, mail),) = world.mailbox.mails
    assert "We have your referral" in mail.text


@pytest.mark.finding(20)
def test_the_dentist_reads_how_a_referral_goes_on(world: World) -> None:
    world.apply(a_registry(an_agency("hill-dental", AgencyType.DENTIST, Channel.EMAIL)))
    world.take(
        a_receipt(referring_agency={"agency_id": "hill-dental", "own_ref": "D-1001"}, source_code="3D")
    )
    world.take(an_acknowledgement())
    world.send_due()
    ((_, mail),) = world.mailbox.mails
    assert "How a referral from a dental practice goes on" in mail.text


@pytest.mark.parametrize("series", [Series.ACKNOWLEDGEMENT, Series.CONTRIBUTION])
def test_what_arrived_calls_nobody(world: World, series: Series) -> None:
    world.take(a_receipt())
    world.take(an_acknowledgement("north-police" if series is Series.CONTRIBUTION else "north-probation"))
    world.send_due()
    item = world.delivery("north-police", Channel.WEBHOOK, nonce=f"U{series}")
    assert (item["st"], item["rcpt"]) == ("SENT", "DELIVERED")
    assert "watch_pk" not in item
    world.later(days=3)
    world.send_due()
    assert not any("CALL_UNTOLD#01#north-police" in sk for sk in world.tasks())
