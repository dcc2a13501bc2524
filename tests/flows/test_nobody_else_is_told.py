"""Whom no message ever goes to: family, yesterday's recipients, somebody else where a receiver refuses."""

import pytest

from functions.domain.delivery import Answer
from schemas.agency import Mailbox
from schemas.codes import AgencyType, AttemptResult, Channel, ErrorWord
from schemas.entitlement import PUBLIC
from tests.world import BOTH, Wire, World, a_decision, a_registry, a_revision, an_agency, told_to

LATER_REF = "NS-26-9L4T3R"
SECOND_ID = "5b3f9c44-1f0e-4a57-8d1c-0c8e7a1b2c3d"
REFUSED = Answer(AttemptResult.FAILED, retryable=False, error=ErrorWord.E_PROVIDER)


@pytest.mark.parametrize("agency_type", sorted(PUBLIC))
def test_a_member_of_the_public_is_told_nothing_even_where_a_registry_lists_one(
    world: World, agency_type: AgencyType
) -> None:
    world.apply(a_registry(an_agency("a-relative", agency_type, *BOTH)))
    named = [{"agency_id": "a-relative", "own_ref": "AB/12345", "holds_plan_role": True}]
    world.take(a_decision(referring_agency={"agency_id": "a-relative"}, involved_agencies=[]))
    world.take(a_revision(involved_agencies=named))
    world.send_due()
    assert set(told_to(world)) == {"north-police"}


def test_a_recipient_of_an_earlier_referral_is_not_told_of_the_next_one(world: World) -> None:
    """Nor of a sibling's decision: whom each decision names is all that it is sent to."""
    world.take(a_decision())
    world.send_due()
    alone: Wire = {"involved_agencies": [], "agencies_contributing": []}
    world.take(a_decision(event_id=SECOND_ID, referral_ref=LATER_REF, **alone))
    world.take(a_decision(event_id="9f1b6a52-7a7e-4f0c-9f0e-3d2c1b0a9f8e", child_index=2, **alone))
    world.send_due()
    assert sorted(told_to(world)) == ["north-police", "north-police", "north-police", "north-probation"]


def test_a_message_that_is_refused_for_good_goes_to_no_other_address_and_a_person_is_told(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither to the agency's other channel once more nor to its lead: what bounces is for the phone."""
    lead = Mailbox(address="lead@hill-school.secure.example", verified_at=world.now.date())
    world.apply(a_registry(an_agency("hill-school", AgencyType.SCHOOL, *BOTH, safeguarding_lead=lead)))
    world.mailbox.answers = [REFUSED]
    world.take(a_decision(referring_agency={"agency_id": "hill-school"}, involved_agencies=[]))
    for _ in range(4):
        world.send_due()
        world.later(days=1)
    assert [(pins.addressee, pins.channel) for door in world.doors.values() for pins, _ in door.sent] == [
        ("ROLE_MAILBOX", Channel.EMAIL),
        ("ROLE_MAILBOX", Channel.WEBHOOK),
    ]
    assert world.delivery("hill-school", Channel.EMAIL)["st"] == "FAILED"
    assert "SEND_EXHAUSTED" in caplog.messages
