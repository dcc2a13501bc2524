"""The letter's findings about what one agency must be able to read, and what no other should."""

import json
from typing import Any

import jsonschema
import pytest

from functions.domain.wording.codes import GOOD_QUALITY, WATCH_FOR
from schemas.codes import AgencyType, Channel, WatchFor
from schemas.publish import PUBLISHED
from tests.world import BOTH, World, a_decision, a_registry, a_revision, an_agency

POLICE_OCCURRENCE = "43261124/0917"


def involved(*agency_ids: str) -> list[dict[str, Any]]:
    return [{"agency_id": one, "own_ref": "REF-88", "holds_plan_role": True} for one in agency_ids]


def mails(world: World) -> dict[str, str]:
    """What each agency reads, its lines joined."""
    return {pins.agency_id: " ".join(mail.text.split()) for pins, mail in world.mailbox.mails}


def posts(world: World, agency: str) -> list[dict[str, Any]]:
    return [json.loads(body) for pins, body in world.police.sent if pins.agency_id == agency]


# --- 22: when adults disengage

ADULT_SERVICES = {
    "adult-mind": AgencyType.ADULT_MENTAL_HEALTH,
    "recovery": AgencyType.SUBSTANCE_MISUSE,
}
OTHERS = {
    "hill-school": AgencyType.SCHOOL,
    "hill-gp": AgencyType.GP,
    "north-hv": AgencyType.HEALTH_VISITING,
    "young-mind": AgencyType.CAMHS,
    "adult-care": AgencyType.LA_SOCIAL_CARE,
}


@pytest.mark.finding(22)
def test_what_to_watch_for_in_an_adult_reaches_the_services_that_treat_adults_and_no_other(
    world: World,
) -> None:
    agencies = {**ADULT_SERVICES, **OTHERS}
    world.apply(a_registry(*(an_agency(name, kind, *BOTH) for name, kind in agencies.items())))
    watch = [code.value for code in WatchFor]
    world.take(
        a_decision(primary_outcome="S17", watch_for_codes=watch, involved_agencies=involved(*agencies))
    )
    assert world.send_due() == 1 + 2 * len(agencies)
    read = {
        name: {code for code in WatchFor if WATCH_FOR[code] in text} for name, text in mails(world).items()
    }
    assert read == {name: set(WatchFor) if name in ADULT_SERVICES else set() for name in agencies}
    received = {name: posts(world, name)[0]["data"]["watch_for"] for name in ("north-police", *agencies)}
    assert {name: codes for name, codes in received.items() if codes} == dict.fromkeys(ADULT_SERVICES, watch)


@pytest.mark.finding(22)
@pytest.mark.parametrize("code", WatchFor)
def test_each_thing_to_watch_for_says_to_call_the_same_day(world: World, code: WatchFor) -> None:
    world.apply(a_registry(an_agency("recovery", AgencyType.SUBSTANCE_MISUSE, Channel.EMAIL)))
    world.take(a_decision(watch_for_codes=[code.value], involved_agencies=involved("recovery")))
    world.send_due()
    (text,) = mails(world).values()
    assert text.count("Call us the same day if ") == 1
    assert WATCH_FOR[code] in text


# --- 28: visible to frontline staff on police systems


@pytest.mark.finding(28)
def test_a_police_system_can_set_its_flag_by_codes_at_its_own_occurrence_and_move_it(world: World) -> None:
    """Checked by the schema that we publish for receivers, and not by our own models."""
    world.take(a_decision())
    world.send_due()
    world.take(a_revision(plan_status="CIN_PLAN"))
    world.send_due()
    schema = json.loads((PUBLISHED / "outcome.schema.json").read_text(encoding="utf-8"))
    first, second = posts(world, "north-police")
    for event in (first, second):
        jsonschema.Draft202012Validator(schema).validate(event)
        data = event["data"]
        assert (data["own_ref"], data["child_index"], data["level"]) == (POLICE_OCCURRENCE, 1, 3)
    flags = [
        (
            event["data"]["decision"]["decision_seq"],
            event["data"]["decision"]["supersedes"],
            event["data"]["decision"]["outcome"],
            event["data"]["plan"]["status"],
            event["data"]["police_form"]["status"],
        )
        for event in (first, second)
    ]
    assert flags == [
        (1, None, "S47J", "CP_ENQUIRY", "UNKNOWN"),
        (2, 1, "S17", "CIN_PLAN", "UNKNOWN"),
    ]


@pytest.mark.finding(28)
@pytest.mark.parametrize("own_ref", [None, "943 476 5919"])
def test_without_an_occurrence_to_set_it_at_the_police_are_told_and_the_mash_is_shown_the_gap(
    world: World, own_ref: str | None
) -> None:
    world.take(a_decision(referring_agency={"agency_id": "north-police", "own_ref": own_ref}))
    world.send_due()
    (event,) = posts(world, "north-police")
    assert (event["data"]["own_ref"], event["data"]["decision"]["outcome"]) == (None, "S47J")
    assert ("OWN_REF_UNUSABLE:north-police" in world.rows()[0]["flags"]) is (own_ref is not None)


# --- 37: provide the required information


@pytest.mark.finding(37)
def test_whoever_sent_a_good_referral_is_thanked_for_it_and_nobody_else_is(world: World) -> None:
    agencies = (("hill-dentist", AgencyType.DENTIST), ("hill-school", AgencyType.SCHOOL))
    world.apply(a_registry(*(an_agency(name, kind, Channel.EMAIL) for name, kind in agencies)))
    world.take(
        a_decision(
            primary_outcome="NFA",
            info_needed_codes=["GOOD_QUALITY"],
            referring_agency={"agency_id": "hill-dentist", "own_ref": "DE-7700"},
            involved_agencies=involved("hill-school", "north-probation"),
        )
    )
    assert world.send_due() == 3
    assert GOOD_QUALITY == "Thank you. Your referral gave us the information we needed."
    thanked = {name: GOOD_QUALITY in text for name, text in mails(world).items()}
    assert thanked == {"hill-dentist": True, "hill-school": False, "north-probation": False}


@pytest.mark.finding(37)
@pytest.mark.parametrize("codes", [[], ["OFFENDING_HISTORY", "LINK_TO_CHILD"]])
def test_thanks_are_earned(world: World, codes: list[str]) -> None:
    referred = {"agency_id": "north-probation", "own_ref": "PR-55120"}
    world.take(a_decision(info_needed_codes=codes, referring_agency=referred, involved_agencies=[]))
    assert world.send_due() == 1
    assert "Thank you" not in mails(world)["north-probation"]
