"""Old names of an agency, services told of an unborn child, those whom no message reaches, unknown codes."""

import json
from collections import Counter
from typing import Any

import pytest

from functions.flows.planning.notices import freeze
from schemas.agency import Agency
from schemas.codes import AgencyType, Channel
from schemas.decision import Decided
from tests.notices import CONFIRM_BASE, a_hub_contact, a_police_check
from tests.world import (
    BOTH,
    Wire,
    World,
    a_decision,
    a_duplicate,
    a_hub_directory,
    a_registry,
    a_revision,
    an_agency,
    told_to,
)

PROBATION = "north-probation"


def the_probation_service(**changes: Any) -> Agency:
    both = (Channel.EMAIL, Channel.WEBHOOK)
    return an_agency(PROBATION, AgencyType.PROBATION, *both, aliases=("nps", "crc"), **changes)


@pytest.fixture
def merged(world: World) -> World:
    """NPS and CRC became one service, and senders still use the old names."""
    registry = a_registry()
    agencies = (registry.agency[0], the_probation_service())
    world.apply(registry.model_copy(update={"agency": agencies}))
    return world


def involved(agency: str, **changes: Any) -> Wire:
    return {"agency_id": agency, "own_ref": None, "holds_plan_role": False, **changes}


def deliveries(world: World, agency: str = PROBATION) -> list[dict[str, Any]]:
    return [item for item in world.all_items("state") if item.get("agency") == agency and "chan" in item]


def tasks(world: World) -> set[str]:
    return {name for name, task in world.tasks().items() if task["st"] != "DONE"}


# --- aliases


@pytest.mark.finding(19)
@pytest.mark.parametrize("old", ["NPS", "CRC", "nps"])
def test_a_referral_under_an_old_name_is_told_once_to_the_service_that_took_over(
    world: World, old: str
) -> None:
    police, *_ = (usual := a_registry()).agency
    probation = an_agency(PROBATION, AgencyType.PROBATION, Channel.EMAIL, aliases=("nps", "crc"))
    world.apply(usual.model_copy(update={"agency": (police, probation)}))
    world.take(a_decision(referring_agency={"agency_id": old, "own_ref": "PR-55120"}, involved_agencies=[]))
    assert world.send_due() == 1
    assert told_to(world) == [PROBATION]
    assert world.rows()[0]["recipients"] == [f"{PROBATION}#email#3"]


@pytest.mark.finding(19)
def test_two_old_names_are_one_agency_once_for_each_channel(merged: World) -> None:
    merged.take(a_decision(involved_agencies=[involved("NPS"), involved("CRC", own_ref="PR-55120")]))
    assert {item["chan"] for item in deliveries(merged)} == {"email", "webhook"}
    assert {item["own_ref"] for item in deliveries(merged)} == {"PR-55120"}
    assert "nps" not in json.dumps([item["sk"] for item in merged.all_items("state")]).lower()
    merged.send_due()
    assert Counter(told_to(merged)) == {PROBATION: 2, "north-police": 1}


def test_a_plan_role_under_either_name_is_kept(merged: World) -> None:
    """Without one, an involved agency gets a notice of no further action."""
    named = [involved("NPS", own_ref="PR-55120"), involved("CRC", holds_plan_role=True)]
    merged.take(a_decision(primary_outcome="NFA", involved_agencies=named))
    assert {item["level"] for item in deliveries(merged)} == {2}


def test_of_two_references_the_usable_one_is_used_and_the_other_flagged(merged: World) -> None:
    named = [involved("NPS", own_ref="943 476 5919"), involved("CRC", own_ref="PR-55120")]
    merged.take(a_decision(involved_agencies=named))
    assert {item["own_ref"] for item in deliveries(merged)} == {"PR-55120"}
    assert f"OWN_REF_UNUSABLE:{PROBATION}" in merged.rows()[0]["flags"]


def test_a_referrer_under_one_name_and_involved_under_another_is_told_as_the_referrer(merged: World) -> None:
    merged.take(
        a_decision(
            referring_agency={"agency_id": "NPS"}, involved_agencies=[involved("CRC", own_ref="PR-55120")]
        )
    )
    assert {(item["role"], item["own_ref"]) for item in deliveries(merged)} == {("referrer", "PR-55120")}


def test_a_hold_on_an_old_name_holds_the_agency(merged: World) -> None:
    merged.take(a_decision(hold_codes=[{"code": "STAFF_LINK", "agency_id": "CRC"}]))
    assert {tuple(item["held"]) for item in deliveries(merged)} == {("STAFF_LINK",)}
    assert tasks(merged) == {f"RELEASE_AGENCY#01#{PROBATION}"}


def test_the_agency_that_leads_may_be_named_by_an_old_name(merged: World) -> None:
    led: Wire = {"primary_outcome": "SAL", "next_step_codes": ["YOU_LEAD"], "lead_role": "PROBATION_LEAD"}
    merged.take(
        a_decision(**led, leading_agency_id="CRC", involved_agencies=[involved("CRC", own_ref="PR-55120")])
    )
    merged.send_due()
    (pins, mail), *_ = merged.mailbox.mails
    assert pins.agency_id == PROBATION
    assert "Your agency leads the response" in mail.text.replace("\n", " ")


def test_an_agency_asked_for_information_by_an_old_name_can_read_what_is_asked_of_it_alone(
    merged: World,
) -> None:
    asked: Wire = {"primary_outcome": "INF", "info_needed_codes": ["HOUSEHOLD"]}
    merged.take(
        a_decision(
            **asked, information_asked_of=["NPS"], involved_agencies=[involved("NPS", own_ref="PR-55120")]
        )
    )
    merged.send_due()
    assert {item["level"] for item in deliveries(merged)} == {2}
    told = {pins.agency_id: json.loads(body)["data"]["info_needed"] for pins, body in merged.police.sent}
    assert told == {PROBATION: {"codes": ["HOUSEHOLD"], "due_at": None}, "north-police": None}


# --- an unborn child


def birth_services(**changes: Any) -> list[Agency]:
    return [
        an_agency(f"north-{name}", kind, Channel.EMAIL, told_of_unborn=True, **changes)
        for name, kind in (("hv", AgencyType.HEALTH_VISITING), ("midwives", AgencyType.MIDWIFERY))
    ]


UNBORN: Wire = {"unborn": True, "expected_date_of_delivery": "2027-02-14", "primary_outcome": "S17"}


@pytest.fixture
def birth(world: World) -> World:
    world.apply(a_registry(*birth_services()))
    return world


@pytest.mark.finding(21)
def test_an_unborn_child_adds_health_visiting_and_midwifery_once(birth: World) -> None:
    birth.take(a_decision(**UNBORN))
    assert len(deliveries(birth, "north-hv")) == len(deliveries(birth, "north-midwives")) == 1
    assert {item["role"] for item in deliveries(birth, "north-hv")} == {"involved"}
    birth.send_due()
    assert sorted(told_to(birth)) == ["north-hv", "north-midwives", "north-police", PROBATION]


@pytest.mark.finding(21)
@pytest.mark.parametrize("field", ["name", "mothers_name", "baby"])
def test_an_unborn_child_has_no_field_for_a_name(birth: World, field: str) -> None:
    birth.take(a_decision(**UNBORN, **{field: "Baby Smith"}))
    assert [(row["field"], row["reason"]) for row in birth.refused()] == [(field, "UNKNOWN_FIELD")]
    assert birth.send_due() == 0
    assert "Baby Smith" not in str(birth.all_items("audit") + birth.all_items("state"))


def test_a_child_that_is_born_adds_nobody(birth: World) -> None:
    birth.take(a_decision())
    assert deliveries(birth, "north-hv") == []


def test_a_service_of_that_kind_that_is_named_takes_the_place_of_the_designated_one(birth: World) -> None:
    other = an_agency("other-hv", AgencyType.HEALTH_VISITING, Channel.EMAIL)
    birth.apply(a_registry(*birth_services(), other))
    birth.take(a_decision(**UNBORN, involved_agencies=[involved("other-hv", own_ref="HV-12")]))
    assert deliveries(birth, "north-hv") == []
    assert len(deliveries(birth, "other-hv")) == len(deliveries(birth, "north-midwives")) == 1


def test_a_designated_service_that_is_named_is_told_once_under_its_own_reference(birth: World) -> None:
    birth.take(a_decision(**UNBORN, involved_agencies=[involved("north-hv", own_ref="HV-12")]))
    (item,) = deliveries(birth, "north-hv")
    assert (item["own_ref"], item["level"]) == ("HV-12", 3)


def test_what_was_known_of_a_service_is_not_forgotten_when_the_next_version_adds_it_by_rule(
    birth: World,
) -> None:
    birth.take(a_decision(**UNBORN, involved_agencies=[involved("north-hv", own_ref="HV-12")]))
    birth.send_due()
    birth.take(a_revision(**UNBORN | {"primary_outcome": "EHF"}, involved_agencies=[]))
    revised = next(item for item in deliveries(birth, "north-hv") if item["dver"] == 2)
    assert (revised["own_ref"], revised["message_type"]) == ("HV-12", "OUTCOME_REVISED")


def test_a_birth_between_two_versions_does_not_keep_the_change_from_the_services(birth: World) -> None:
    birth.take(a_decision(**UNBORN))
    birth.send_due()
    birth.take(a_revision())
    revised = [item for item in deliveries(birth, "north-midwives") if item["dver"] == 2]
    assert [item["message_type"] for item in revised] == ["OUTCOME_REVISED"]


def test_a_duplicate_of_an_unborn_childs_referral_adds_no_service_a_second_time(birth: World) -> None:
    """Its original's decision does; two messages about one child would alarm their readers."""
    birth.take(a_decision(**UNBORN))
    birth.take(a_duplicate(**{**UNBORN, "primary_outcome": "DUP"}, referring_agency={"agency_id": PROBATION}))
    assert len(deliveries(birth, "north-hv")) == 1
    assert birth.refused() == []


@pytest.mark.finding(21)
def test_the_day_a_baby_is_due_reaches_health_visiting_and_midwifery_and_no_other_byte_that_leaves(
    world: World,
) -> None:
    both = (Channel.EMAIL, Channel.WEBHOOK)
    told = {"north-hv": AgencyType.HEALTH_VISITING, "north-midwives": AgencyType.MIDWIFERY}
    others = {
        "hill-school": AgencyType.SCHOOL,
        "north-gp": AgencyType.GP,
        "north-nurses": AgencyType.SCHOOL_NURSING,
        "north-drugs": AgencyType.SUBSTANCE_MISUSE,
    }
    world.apply(a_registry(*(an_agency(name, kind, *both) for name, kind in {**told, **others}.items())))
    named = [involved(name, own_ref="AB/12345", holds_plan_role=True) for name in (*told, *others)]
    world.take(a_decision(**UNBORN, involved_agencies=named))
    assert world.send_due() == 13
    sent = [(pins.agency_id, body) for door in world.doors.values() for pins, body in door.sent]
    knows = [agency for agency, body in sent if b"14 February 2027" in body or b"2027-02-14" in body]
    assert sorted(knows) == sorted([*told, *told])


# --- nobody to tell


@pytest.mark.parametrize("code", ["1A", "9"])
def test_a_referrer_of_the_public_is_a_call_while_the_others_are_told(
    world: World, caplog: pytest.LogCaptureFixture, code: str
) -> None:
    world.take(a_decision(referring_agency=None, source_code=code))
    assert world.send_due() == 1
    assert [pins.agency_id for pins, _ in world.mailbox.sent] == [PROBATION]
    assert tasks(world) == {"CALL_REFERRER#01"}
    assert world.tasks()["CALL_REFERRER#01"]["role"] == "MASH_DUTY_WORKER"
    assert "NOBODY_TO_TELL" not in caplog.messages


def test_with_nobody_else_it_is_said_that_there_is_nobody_to_tell(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.take(a_decision(referring_agency=None, involved_agencies=[], source_code="9"))
    assert world.send_due() == 0
    assert "NOBODY_TO_TELL" in caplog.messages
    assert tasks(world) == {"CALL_REFERRER#01"}


@pytest.mark.finding(31)
@pytest.mark.parametrize("agency_type", [AgencyType.YOUTH_JUSTICE, AgencyType.LA_SOCIAL_CARE])
def test_an_agency_in_the_hubs_own_system_has_a_row_no_message_and_no_call(
    world: World, agency_type: AgencyType
) -> None:
    inside = an_agency("works-inside", agency_type, *BOTH, in_case_system=True)
    world.apply(a_registry(inside))
    world.take(
        a_decision(referring_agency={"agency_id": inside.id}, involved_agencies=[involved("north-police")])
    )
    assert deliveries(world, inside.id) == []
    (row,) = [row for row in world.rows() if row["type"] == "SUPPRESSED_IN_SYSTEM"]
    assert (row["agency"], row["child"], row["dver"]) == (inside.id, 1, 1)
    assert tasks(world) == set()
    world.send_due()
    assert told_to(world) == ["north-police"]


# --- codes that the hub does not list


def test_a_team_and_a_council_that_the_hub_does_not_list_are_flagged_and_appear_nowhere(world: World) -> None:
    world.take(
        a_decision(
            primary_outcome="TRF",
            lead_team_code="TEAM_OF_JANE_SMITH",
            receiving_la="NOWHERESHIRE",
            transfer_accepted=False,
        )
    )
    world.send_due()
    assert {"TEAM_UNKNOWN", "RECEIVING_LA_UNKNOWN"} <= set(world.rows()[0]["flags"])
    said = [body for door in world.doors.values() for _, body in door.sent]
    said += [str(item).encode() for table in ("audit", "state") for item in world.all_items(table)]
    assert len(said) > 2
    assert not any(word in one for one in said for word in (b"JANE_SMITH", b"NOWHERESHIRE"))


def test_a_code_that_the_hub_does_not_list_is_not_even_in_the_frozen_notice() -> None:
    event = a_decision(
        primary_outcome="TRF", lead_team_code="TEAM_OF_JANE_SMITH", receiving_la="NOWHERESHIRE"
    )
    decision = Decided.model_validate_json(json.dumps(event))
    notice = freeze(
        decision,
        decision.outcomes,
        a_police_check(),
        a_hub_contact(),
        a_hub_directory(),
        confirm_base=CONFIRM_BASE,
    )
    assert (notice.lead_team_code, notice.receiving_la) == (None, None)


def test_a_team_and_a_council_that_the_hub_lists_are_named(world: World) -> None:
    world.apply(a_registry(hub=a_hub_directory()))
    world.take(a_decision(primary_outcome="TRF", receiving_la="SOUTHSHIRE", transfer_accepted=True))
    world.send_due()
    assert world.rows()[0]["flags"] == []
    (_, mail), *_ = world.mailbox.mails
    assert "Southshire Council" in mail.text
