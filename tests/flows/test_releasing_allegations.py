"""An allegation released beside what was sent: its fixed sentence alone, to those who may have it alone."""

from datetime import date
from typing import Any

import pytest

from functions.adapters.ledger.store import Item
from functions.flows.releasing.release_hold import NotReleasableError, Released
from schemas.agency import Mailbox
from schemas.codes import AgencyType, Channel, ReleaseReason
from tests.forms import a_complete_form_event, a_heartbeat_event
from tests.world import BOTH, World, a_decision, a_registry, an_agency, change_agency, held_rows

SECOND_ID = "5b3f9c44-1f0e-4a57-8d1c-0c8e7a1b2c3d"
REF = "NS-26-7KQ4ZP"
POLICE = "north-police"
CANARIES = {
    "next_step_codes": ["REPORT_OR_CONFERENCE"],
    "watch_for_codes": ["MISSED_APPOINTMENTS"],
    "reason_codes": ["HISTORIC"],
    "support_codes": ["FAMILY_HUB"],
}
SAID_OF_THE_DECISION = (
    b"section 47", b"S47", b"conference", b"REPORT_OR_CONFERENCE", b"HISTORIC", b"FAMILY_HUB",
    b"Assessment Team", b"ASSESSMENT_2", b"CP_ENQUIRY", b"MISSED_APPOINTMENTS",
)  # fmt: skip


def involved(*agency_ids: str, own_ref: str | None = "AB/12345") -> list[dict[str, Any]]:
    return [{"agency_id": one, "own_ref": own_ref, "holds_plan_role": True} for one in agency_ids]


def allegations(world: World) -> dict[str, Item]:
    """By agency and channel, the messages made for the allegation alone."""
    items = world.store.partition("state", f"R#{REF}", "N#")
    return {f"{item['agency']} {item['chan']}": item for item in items if "#A" in item["sk"]}


def bodies(world: World, agency: str) -> list[bytes]:
    doors = world.doors.values()
    return [b" ".join(body.split()) for door in doors for pins, body in door.sent if pins.agency_id == agency]


def sent_as(world: World, message_id: str) -> bytes:
    """The one body that left under this id."""
    sent = [one for door in world.doors.values() for one in door.sent]
    (body,) = [b" ".join(body.split()) for pins, body in sent if pins.message_id == message_id]
    return body


@pytest.fixture
def alleged(world: World) -> World:
    """A section 47 with an allegation beside it, sent without it to every sort of agency."""
    unmanaged = Mailbox(address="desk@north-police-two.example", verified_at=date(2026, 11, 2))
    world.apply(
        a_registry(
            an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL),
            an_agency("north-gp", AgencyType.GP, Channel.EMAIL),
            an_agency("east-police", AgencyType.POLICE, Channel.EMAIL, Channel.WEBHOOK),
            an_agency("west-police", AgencyType.POLICE, Channel.EMAIL, email=unmanaged),
            an_agency("south-police", AgencyType.POLICE, Channel.EMAIL),
        )
    )
    others = involved("north-probation", "hill-school", "north-gp", "east-police", "west-police")
    unsure = involved("south-police", own_ref=None)
    world.take(a_decision(additional_outcomes=["LAD"], involved_agencies=[*others, *unsure], **CANARIES))
    world.send_due()
    return world


def test_only_those_the_matrix_allows_are_told_and_each_as_its_mailbox_may(alleged: World) -> None:
    """The referrer, and of those involved the police; where mailbox or child are not sure, by a notice."""
    assert alleged.release(allegation=True) == Released(child=1, due=5, still_held=0)
    levels = {name: (item["level"], item.get("notice_reason")) for name, item in allegations(alleged).items()}
    assert levels == {
        "north-police webhook": (1, None),
        "east-police webhook": (1, None),
        "east-police email": (1, None),
        "west-police email": (1, "PHONE_ONLY"),
        "south-police email": (1, "PHONE_ONLY"),
    }


def test_a_school_that_referred_is_told_but_one_that_is_involved_is_not(world: World) -> None:
    world.apply(a_registry(an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL)))
    named = {"referring_agency": {"agency_id": "hill-school", "own_ref": "HS/204"}}
    world.take(a_decision(additional_outcomes=["LAD"], involved_agencies=involved(POLICE), **named))
    world.release(allegation=True)
    assert set(allegations(world)) == {"hill-school email", "north-police webhook"}


def test_the_message_is_the_fixed_sentence_and_nothing_of_the_decision(alleged: World) -> None:
    alleged.release(allegation=True)
    alleged.send_due()
    for item in allegations(alleged).values():
        body = sent_as(alleged, item["message_id"])
        assert not [said for said in SAID_OF_THE_DECISION if said in body]
        readable = "notice_reason" not in item
        by_webhook = item["chan"] == Channel.WEBHOOK
        assert (b"This has been passed to the designated officer." in body) is readable
        assert (b"Do not tell the family" in body) is (readable and not by_webhook)
        assert (b"DO_NOT_TELL_FAMILY" in body) is (readable and by_webhook)
        assert b"LAD" not in body


def test_the_trail_lists_whom_the_allegation_is_for_and_its_own_notice(alleged: World) -> None:
    alleged.release(allegation=True)
    (row,) = [row for row in alleged.rows() if row["type"] == "RELEASED"]
    assert (row["outcome"], row["triggers"], row["task"]) == ("LAD", ["LADO"], "RELEASE_ALLEGATION")
    nonces = {listed.split("#")[3] for listed in row["recipients"]}
    assert len(row["recipients"]) == 5
    (nonce,) = nonces
    assert alleged.store.get("state", f"R#{REF}", f"M#01#0001#{nonce}") is not None
    alleged.send_due()
    started = [
        row for row in alleged.rows() if row["type"] == "ATTEMPT_STARTED" and row.get("nonce") == nonce
    ]
    assert {(row["outcome"], row["level"]) for row in started} == {("LAD", 1)}


def test_the_allegation_has_todays_police_check_and_the_decision_keeps_its_own(world: World) -> None:
    world.take(a_heartbeat_event(event_id=SECOND_ID))
    world.take(a_decision(additional_outcomes=["LAD"]))
    world.send_due()
    world.later(hours=1)
    after = {"ra_completed_at": "2026-11-24T15:40:00Z", "supervisor_reviewed_at": "2026-11-24T15:50:00Z"}
    world.take(a_complete_form_event(**after))
    world.release(allegation=True)
    world.send_due()
    before, now = bodies(world, POLICE)
    assert (b'"status":"ABSENT"' in before, b'"status":"COMPLETE"' in now) == (True, True)


def test_an_agency_with_linked_staff_never_hears_of_the_allegation(world: World) -> None:
    """Neither while its own message is held, nor after that went to its lead."""
    lead = Mailbox(address="lead@east-police.secure.example", verified_at=date(2026, 11, 2))
    world.apply(
        a_registry(an_agency("east-police", AgencyType.POLICE, Channel.EMAIL, safeguarding_lead=lead))
    )
    linked = [{"code": "STAFF_LINK", "agency_id": "east-police"}]
    told = {
        "additional_outcomes": ["LAD"],
        "involved_agencies": involved("east-police"),
        "hold_codes": linked,
    }
    world.take(a_decision(**told))
    world.take(a_decision(event_id=SECOND_ID, child_index=2, **told))
    world.release(child=1, allegation=True)
    world.release(child=2, agency="east-police")
    world.release(child=2, allegation=True)
    world.send_due()
    assert set(allegations(world)) == {"north-police webhook"}
    assert [pins.addressee for pins, _ in world.mailbox.sent] == ["SAFEGUARDING_LEAD"]


@pytest.mark.parametrize("beside", [{}, {"primary_outcome": "S47J", "additional_outcomes": ["LAD"]}])
def test_the_employer_of_the_accused_never_reads_an_allegation_in_its_shared_mailbox(
    world: World, beside: dict[str, Any]
) -> None:
    """The school referred the child itself: after each release its lead has a notice, the mailbox nothing."""
    lead = Mailbox(address="lead@hill-school.secure.example", verified_at=date(2026, 11, 2))
    school = an_agency("hill-school", AgencyType.SCHOOL, *BOTH, safeguarding_lead=lead)
    world.apply(a_registry(school))
    named = {"referring_agency": {"agency_id": "hill-school", "own_ref": "HS/204"}, "involved_agencies": []}
    linked = {"hold_codes": [{"code": "STAFF_LINK", "agency_id": "hill-school"}]}
    world.take(a_decision(**{"primary_outcome": "LAD", **named, **linked, **beside}))
    assert world.send_due() == 0
    world.release(agency="hill-school")
    world.release(allegation=bool(beside), reason=ReleaseReason.AGREED_WITH_DESIGNATED_OFFICER)
    world.send_due()
    sent = [one for door in world.doors.values() for one in door.sent]
    assert [pins.addressee for pins, _ in sent] == ["SAFEGUARDING_LEAD"]
    assert b"There is an outcome" in sent[0][1]
    assert b"designated officer" not in sent[0][1]


def test_what_else_holds_the_child_holds_the_allegation(world: World) -> None:
    world.take(a_decision(additional_outcomes=["LAD"], hold_codes=[{"code": "SENSITIVE"}]))
    assert world.release(allegation=True) == Released(child=1, due=0, still_held=1)
    assert world.send_due() == 0
    assert world.release() == Released(child=1, due=3, still_held=0)
    assert world.send_due() == 3


def test_what_else_holds_a_recipient_holds_its_allegation_under_the_same_task(world: World) -> None:
    world.take(a_decision(additional_outcomes=["LAD"], hold_codes=[{"code": "REFERRER_IS_FAMILY"}]))
    world.send_due()
    assert world.release(allegation=True) == Released(child=1, due=0, still_held=1)
    assert world.send_due() == 0
    assert set(world.tasks()) == {f"RELEASE_AGENCY#01#{POLICE}", "RELEASE_ALLEGATION#01"}
    assert world.tasks()[f"RELEASE_AGENCY#01#{POLICE}"]["due_at"] == "2026-11-24T16:02:30.000Z"
    assert world.release(agency=POLICE) == Released(child=1, due=2, still_held=0)
    assert world.send_due() == 2


def test_an_address_that_lapsed_meanwhile_holds_the_allegation_and_opens_its_task(world: World) -> None:
    world.take(a_decision(additional_outcomes=["LAD"]))
    world.send_due()
    change_agency(world, POLICE, checked_url=None)
    assert world.release(allegation=True) == Released(child=1, due=0, still_held=1)
    (held,) = [row for row in held_rows(world) if row["task"] == "RELEASE_AGENCY"]
    assert (held["triggers"], held["held_agency"], held["actor"]) == (
        ["UNVERIFIED_ADDRESS"],
        POLICE,
        "mash-manager",
    )
    task = world.tasks()[f"RELEASE_AGENCY#01#{POLICE}"]
    assert (task["st"], task["role"], task["due_at"]) == ("OPEN", "DIRECTORY_OWNER", held["due_at"])
    change_agency(world, POLICE, checked_url=f"https://{POLICE}.example/outcomes")
    assert world.release(agency=POLICE) == Released(child=1, due=1, still_held=0)
    assert world.send_due() == 1


def test_a_task_that_was_done_once_opens_again_for_the_allegation(world: World) -> None:
    change_agency(world, POLICE, checked_url=None)
    world.take(a_decision(additional_outcomes=["LAD"]))
    change_agency(world, POLICE, checked_url=f"https://{POLICE}.example/outcomes")
    world.release(agency=POLICE)
    change_agency(world, POLICE, checked_url=None)
    world.release(allegation=True)
    task = world.tasks()[f"RELEASE_AGENCY#01#{POLICE}"]
    assert (task["st"], "work_pk" in task) == ("OPEN", True)


def test_an_allegation_of_an_older_version_is_not_released_with_the_newer_one(world: World) -> None:
    world.take(a_decision(additional_outcomes=["LAD"]))
    world.take(a_decision(event_id=SECOND_ID, decision_seq=2))
    with pytest.raises(NotReleasableError):
        world.release(allegation=True)


def test_a_decision_whose_key_is_gone_says_so_and_tells_nobody(world: World) -> None:
    world.take(a_decision(additional_outcomes=["LAD"]))
    world.store.client.delete_item(TableName="keys", Key={"pk": {"S": f"R#{REF}"}, "sk": {"S": "KEY"}})
    with pytest.raises(NotReleasableError, match=f"The decision of {REF} cannot be read any more"):
        world.release(allegation=True)
    assert allegations(world) == {}


def test_a_newer_version_takes_the_place_of_an_allegation_not_sent_yet(world: World) -> None:
    world.take(a_decision(additional_outcomes=["LAD"]))
    world.release(allegation=True)
    world.take(a_decision(event_id=SECOND_ID, decision_seq=2, additional_outcomes=["LAD"]))
    assert {item["st"] for item in allegations(world).values()} == {"SUPERSEDED"}
    assert world.release(allegation=True) == Released(child=1, due=1, still_held=0)
