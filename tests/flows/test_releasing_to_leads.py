"""Where staff are linked to the child its lead alone gets a notice, and the shared mailbox gets nothing."""

from datetime import date
from typing import Any

import pytest

from functions.adapters.ledger.store import Item
from functions.flows.releasing.release_hold import NotReleasableError, Released
from schemas.agency import Mailbox
from schemas.codes import AgencyType, Channel
from tests.forms import a_complete_form_event, a_heartbeat_event
from tests.world import LosesAReply, World, a_decision, a_registry, an_agency, change_agency, held_rows

SECOND_ID = "5b3f9c44-1f0e-4a57-8d1c-0c8e7a1b2c3d"
THIRD_ID = "9f1b6a52-7a7e-4f0c-9f0e-3d2c1b0a9f8e"
REF, DUPLICATE = "NS-26-7KQ4ZP", "NS-26-2DUP5K"
OF_ITS_CHILD = {"duplicate_of": REF, "duplicate_of_child": 1}
SCHOOL = "hill-school"
LEAD = Mailbox(address="lead@hill-school.secure.example", verified_at=date(2026, 11, 2))
LINKED = [{"code": "STAFF_LINK", "agency_id": SCHOOL}]
ON_BOTH = [*LINKED, {"code": "SENSITIVE"}]
TOLD = [{"agency_id": SCHOOL, "own_ref": "HS/204", "holds_plan_role": True}]


@pytest.fixture
def linked(world: World) -> World:
    """A school on both channels, whose staff are linked to the child and whose registry entry has a lead."""
    school = an_agency(SCHOOL, AgencyType.SCHOOL, Channel.EMAIL, Channel.WEBHOOK, safeguarding_lead=LEAD)
    world.apply(a_registry(school))
    world.take(a_decision(involved_agencies=TOLD, hold_codes=LINKED))
    return world


def messages(world: World, ref: str = REF) -> dict[str, Item]:
    """The school's deliveries of one referral by channel and, but for the first ones, sort of nonce."""
    items = world.store.partition("state", f"R#{ref}", "N#")
    return {item["sk"].split("#", 4)[4][:8]: item for item in items if item["agency"] == SCHOOL}


def to_the_school(world: World) -> list[bytes]:
    doors = world.doors.values()
    return [b" ".join(body.split()) for door in doors for pins, body in door.sent if pins.agency_id == SCHOOL]


def test_the_lead_gets_one_notice_and_the_shared_mailbox_nothing(linked: World) -> None:
    assert linked.release(agency=SCHOOL) == Released(child=1, due=1, still_held=0)
    for _ in range(3):
        linked.send_due()
        linked.later(hours=1)
    (body,) = to_the_school(linked)
    assert b"There is an outcome" in body
    assert b"because we share it by phone only" in body
    assert b"section 47" not in body.lower()
    sent = [(pins.addressee, pins.level, pins.notice_reason) for pins, _ in linked.mailbox.sent]
    assert sent == [("SAFEGUARDING_LEAD", 1, "PHONE_ONLY")]


def test_the_trail_says_what_was_cancelled_and_for_whom_the_notice_was_made(linked: World) -> None:
    linked.release(agency=SCHOOL)
    released, *cancelled = linked.rows()[-3:]
    ((listed),) = released["recipients"]
    agency, channel, level, nonce = listed.split("#")
    assert (agency, channel, level, nonce[0]) == (SCHOOL, "email", "1", "L")
    assert (released["held_agency"], released["triggers"], released["ra"]) == (
        SCHOOL,
        ["STAFF_LINK"],
        "UNKNOWN",
    )
    assert released["outcome"] == "S47J"
    assert {(row["type"], row["agency"], row["chan"], row["reason"]) for row in cancelled} == {
        ("CANCELLED", SCHOOL, "email", "STAFF_LINK"),
        ("CANCELLED", SCHOOL, "webhook", "STAFF_LINK"),
    }
    assert {item["st"] for item in messages(linked).values()} == {"CANCELLED", "PENDING"}
    assert not [item for item in messages(linked).values() if item["st"] == "CANCELLED" and "due_pk" in item]
    assert [task["st"] for task in linked.tasks().values()] == ["DONE"]
    linked.send_due()
    (started,) = [
        row for row in linked.rows() if row["type"] == "ATTEMPT_STARTED" and row["agency"] == SCHOOL
    ]
    assert started["nonce"] == nonce


def test_the_notice_has_todays_police_check(linked: World) -> None:
    linked.take(a_heartbeat_event(event_id=SECOND_ID))
    linked.later(hours=1)
    after = {"ra_completed_at": "2026-11-24T15:40:00Z", "supervisor_reviewed_at": "2026-11-24T15:50:00Z"}
    linked.take(a_complete_form_event(**after))
    linked.release(agency=SCHOOL)
    linked.send_due()
    (body,) = to_the_school(linked)
    assert b"The police risk-assessment form is filled in" in body
    (row,) = [row for row in linked.rows() if row["type"] == "RELEASED"]
    assert row["ra"] == "COMPLETE"


@pytest.mark.parametrize(
    "lead",
    [{"lead_address": None}, {"lead_verified_at": None}, {"lead_verified_at": "2026-08-25"}],
    ids=["none listed", "never verified", "91 days ago"],
)
def test_without_a_verified_lead_nothing_is_released_and_the_answer_says_what_to_do(
    linked: World, lead: dict[str, Any]
) -> None:
    change_agency(linked, SCHOOL, **lead)
    before = linked.rows()
    with pytest.raises(NotReleasableError) as caught:
        linked.release(agency=SCHOOL)
    assert str(caught.value) == (
        "The registry lists no verified safeguarding lead for hill-school, and its shared mailbox must not "
        "have this. Call the lead, or add [agency.safeguarding_lead] and release again."
    )
    assert linked.rows() == before
    linked.send_due()
    assert to_the_school(linked) == []


def test_a_release_to_the_lead_whose_answer_was_lost_is_one_notice(linked: World) -> None:
    linked.use(LosesAReply)
    assert linked.release(agency=SCHOOL) == Released(1, 1, 0)
    linked.send_due()
    assert len(to_the_school(linked)) == 1
    assert linked.kinds().count("RELEASED") == 1


def test_what_holds_the_child_holds_the_leads_notice_too(linked: World) -> None:
    linked.take(
        a_decision(
            event_id=SECOND_ID,
            child_index=2,
            involved_agencies=TOLD,
            hold_codes=[*LINKED, {"code": "SENSITIVE"}],
        )
    )
    assert linked.release(child=2, agency=SCHOOL) == Released(child=2, due=0, still_held=1)
    linked.send_due()
    assert to_the_school(linked) == []
    assert linked.release(child=2) == Released(child=2, due=2, still_held=0)
    linked.send_due()
    assert len(to_the_school(linked)) == 1


def test_a_lead_whose_mailbox_lapses_before_the_send_is_held_and_released_by_the_leads_own_mailbox(
    linked: World,
) -> None:
    """The shared mailbox is verified all the while; that says nothing about the lead's."""
    linked.release(agency=SCHOOL)
    change_agency(linked, SCHOOL, lead_verified_at="2026-01-05")
    linked.send_due()
    assert to_the_school(linked) == []
    with pytest.raises(
        NotReleasableError, match="The safeguarding lead's mailbox of hill-school is not verified"
    ):
        linked.release(agency=SCHOOL)
    change_agency(linked, SCHOOL, lead_verified_at="2026-11-24", verified_at="2026-01-05")
    assert linked.release(agency=SCHOOL) == Released(1, 1, 0)
    linked.send_due()
    assert [pins.addressee for pins, _ in linked.mailbox.sent] == ["SAFEGUARDING_LEAD"]


def test_what_comes_later_waits_for_the_lead_again_and_never_reaches_the_shared_mailbox(
    linked: World,
) -> None:
    """The newer version says nothing of the link; the release ended a hold, not the link."""
    linked.release(agency=SCHOOL)
    linked.send_due()
    linked.take(a_decision(event_id=SECOND_ID, decision_seq=2, primary_outcome="S17", involved_agencies=TOLD))
    linked.send_due()
    assert len(to_the_school(linked)) == 1
    held = [row for row in held_rows(linked) if row["dver"] == 2]
    assert [(row["triggers"], row["held_agency"]) for row in held] == [(["STAFF_LINK"], SCHOOL)]
    linked.release(agency=SCHOOL)
    linked.send_due()
    *_, (pins, _) = linked.mailbox.sent
    assert (pins.addressee, pins.message_type) == ("SAFEGUARDING_LEAD", "OUTCOME_REVISED")
    assert len(linked.mailbox.sent) == 2
    assert all(pins.agency_id != SCHOOL for pins, _ in linked.police.sent)


def test_a_duplicates_linked_reader_hears_through_the_lead_of_its_own_referral_alone(world: World) -> None:
    """The school referred the duplicate; the original's reference is nothing it may know."""
    world.apply(a_registry(an_agency(SCHOOL, AgencyType.SCHOOL, Channel.EMAIL, safeguarding_lead=LEAD)))
    world.take(a_decision())
    duplicate = {"referral_ref": DUPLICATE, "primary_outcome": "DUP", **OF_ITS_CHILD}
    named = {"referring_agency": {"agency_id": SCHOOL, "own_ref": "HS/204"}, "involved_agencies": []}
    world.take(a_decision(event_id=SECOND_ID, hold_codes=LINKED, **duplicate, **named))
    assert world.release(agency=SCHOOL) == Released(1, 1, 0)
    world.send_due()
    (body,) = to_the_school(world)
    assert DUPLICATE.encode() in body
    assert REF.encode() not in body


def test_an_agency_linked_in_both_its_referrals_gets_a_notice_of_each(world: World) -> None:
    world.apply(a_registry(an_agency(SCHOOL, AgencyType.SCHOOL, Channel.EMAIL, safeguarding_lead=LEAD)))
    world.take(a_decision(involved_agencies=TOLD, hold_codes=LINKED))
    duplicate = {"referral_ref": DUPLICATE, "primary_outcome": "DUP", **OF_ITS_CHILD}
    named = {"referring_agency": {"agency_id": SCHOOL, "own_ref": "HS/204"}, "involved_agencies": []}
    world.take(a_decision(event_id=SECOND_ID, hold_codes=LINKED, **duplicate, **named))
    assert world.release(agency=SCHOOL) == Released(1, 2, 0)
    world.send_due()
    named_in = [(REF.encode() in body, DUPLICATE.encode() in body) for body in to_the_school(world)]
    assert (False, True) in named_in
    assert len(named_in) == 2


def test_more_referrals_than_one_transaction_takes_are_each_told_of_once(linked: World) -> None:
    """The school referred the same child fifty times, and the child itself is held as well."""
    linked.take(a_decision(event_id=SECOND_ID, decision_seq=2, involved_agencies=TOLD, hold_codes=ON_BOTH))
    held = [item for item in messages(linked).values() if item["dver"] == 2]
    assert [item["held"] for item in held] == [["SENSITIVE", "STAFF_LINK"]] * 2
    for number in range(49):
        for item in held:
            copy = {**item, "sk": f"{item['sk']}#D{number:08d}"}
            linked.store.write([linked.store.put("x", "state", copy)])
    assert linked.release(agency=SCHOOL) == Released(child=1, due=0, still_held=50)
    assert linked.release() == Released(child=1, due=51, still_held=0)
    cancelled = [row for row in linked.rows() if row["type"] == "CANCELLED" and row["dver"] == 2]
    assert len(cancelled) == len({row["uid"] for row in cancelled}) == 100
    assert {task["st"] for task in linked.tasks().values()} == {"DONE"}
