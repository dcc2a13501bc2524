"""The letter's findings about who was not told: a thousand decisions, the whole fan-out, many in health."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import cycle, islice

import pytest

from functions.domain.delivery import Answer
from schemas.agency import Agency
from schemas.codes import AgencyType, AttemptResult, Bucket, Channel, Outcome, ReleaseReason, TaskState
from schemas.entitlement import PUBLIC
from tests.flows.accounts import reckoned
from tests.unit.matrix import LEVELS
from tests.world import BOTH, Wire, World, a_decision, a_registry, an_agency, an_event_id

OUTCOMES = sorted(set(Outcome) - {Outcome.DUP})
HELD_BY_THEMSELVES = {Outcome.EMP, Outcome.LAD}
WAYS = ((Channel.EMAIL,), (Channel.WEBHOOK,), BOTH)
REF = re.compile(r"NS-26-[0-9A-Z]{6}")


def name(kind: AgencyType) -> str:
    return f"the-{kind.lower().replace('_', '-')}"


def everybody() -> list[Agency]:
    """One agency of each type, the public's included; by e-mail, by webhook or by both."""
    return [an_agency(name(kind), kind, *WAYS[number % 3]) for number, kind in enumerate(AgencyType)]


def decided(ref: str, outcome: Outcome, *holds: Wire, **changes: object) -> Wire:
    """Nothing but the outcome and who is named."""
    usual: Wire = {"involved_agencies": [], "agencies_contributing": [], "source_seq": None}
    alone = {"referral_ref": ref, "event_id": an_event_id(ref), "primary_outcome": outcome.value}
    return a_decision(**{**usual, **alone, "hold_codes": list(holds), **changes})


def levels_told(world: World, ref: str) -> dict[str, int]:
    """Who was sent a message about the referral, and how much of it."""
    return {
        pins.agency_id: int(pins.level)
        for door in world.doors.values()
        for pins, body in door.sent
        if REF.findall(body.decode())[0] == ref
    }


# --- 1: not routinely shared with partners

PROFESSIONALS = sorted(set(AgencyType) - PUBLIC)
HOLDS: list[list[Wire]] = [[], [{"code": "SENSITIVE"}], [], [{"code": "REFERRER_IS_FAMILY"}], []]


def referrals() -> Iterator[tuple[AgencyType, Outcome, list[Wire]]]:
    """Every sort of professional referrer beside every outcome and hold: the three lengths share no factor.

    Less what the matrix itself keeps from its referrer: a dentist hears nothing of a plan that moves here.
    """
    for kind, outcome, holds in zip(cycle(PROFESSIONALS), cycle(OUTCOMES), cycle(HOLDS), strict=False):
        if LEVELS[kind, outcome][0]:
            yield kind, outcome, holds


@pytest.mark.slow
@pytest.mark.timeout(420)  # six seconds of work, which a machine that is busy otherwise draws out
@pytest.mark.finding(1)
def test_of_a_thousand_decisions_each_reached_its_referrer_or_is_held_as_somebodys_task(world: World) -> None:
    world.apply(a_registry(*everybody()))
    for door in world.doors.values():
        door.otherwise = Answer(AttemptResult.SUCCESS, provider_id="ses-1", response_sha256="0" * 64)
    referrer, waits = {}, set()
    for number, (kind, outcome, holds) in enumerate(islice(referrals(), 1000)):
        ref = f"NS-26-{number:06d}"
        referrer[ref] = name(kind)
        waits |= {ref} if holds or outcome in HELD_BY_THEMSELVES else set()
        referred = {"agency_id": name(kind), "own_ref": "REF-88"}
        world.take(decided(ref, outcome, *holds, referring_agency=referred))
    world.send_due()
    decisions = {row["pk"][2:] for row in world.all_items("audit") if row["type"] == "DECISION"}
    delivered = {
        ref: pins.agency_id
        for door in world.doors.values()
        for pins, body in door.sent
        for ref in set(REF.findall(body.decode()))
    }
    tasks = [item for item in world.all_items("state") if item.get("kind", "").startswith("RELEASE_")]
    held = {task["pk"][2:] for task in tasks if task["st"] == TaskState.OPEN}
    assert len(decisions) == 1000
    assert decisions - delivered.keys() - held == set()
    assert delivered == {ref: agency for ref, agency in referrer.items() if ref not in waits}
    assert held == waits
    account = reckoned(world)
    assert (account.findings, account.ended) == (
        (),
        {Bucket.TOLD: 1000 - len(waits), Bucket.HELD: len(waits)},
    )


# --- 2: not routinely shared by children's social care


def fan_out(ref: str, outcome: Outcome, kinds: list[AgencyType], *holds: Wire) -> Wire:
    """One decision with an agency of each of these types involved; each knows the child by a reference."""
    involved = [{"agency_id": name(kind), "own_ref": "REF-88", "holds_plan_role": False} for kind in kinds]
    return decided(ref, outcome, *holds, involved_agencies=involved)


KINDS = list(AgencyType)
ENDS_IT = {
    Outcome.EMP: ReleaseReason.TOLD_BY_PHONE_FIRST,
    Outcome.LAD: ReleaseReason.AGREED_WITH_DESIGNATED_OFFICER,
}
HALVES = {"A": KINDS[:18], "B": KINDS[18:]}
"""A decision has at most 20 recipients."""


@pytest.mark.finding(2)
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_each_involved_agency_is_told_by_its_cell_and_a_hold_keeps_it_from_those_it_concerns(
    world: World, outcome: Outcome
) -> None:
    world.apply(a_registry(*everybody()))
    for half, kinds in HALVES.items():
        linked = [{"code": "STAFF_LINK", "agency_id": name(kind)} for kind in kinds[::2]]
        world.take(fan_out(f"NS-26-FREE0{half}", outcome, kinds))
        world.take(fan_out(f"NS-26-CH1LD{half}", outcome, kinds, {"code": "SENSITIVE"}))
        world.take(fan_out(f"NS-26-L1NKS{half}", outcome, kinds, *linked))
    world.send_due()
    for half, kinds in HALVES.items():
        cells = {name(kind): level for kind in kinds if (level := int(LEVELS[kind, outcome][1]))}
        linked_to = {name(kind) for kind in kinds[::2]}
        goes_at_once = {} if outcome in HELD_BY_THEMSELVES else cells
        assert involved_told(world, f"NS-26-FREE0{half}") == goes_at_once
        assert involved_told(world, f"NS-26-CH1LD{half}") == {}
        not_linked = {who: level for who, level in goes_at_once.items() if who not in linked_to}
        assert involved_told(world, f"NS-26-L1NKS{half}") == not_linked
        world.release(f"NS-26-CH1LD{half}", reason=ENDS_IT.get(outcome, ReleaseReason.SAFE_TO_TELL))
        world.send_due()
        assert involved_told(world, f"NS-26-CH1LD{half}") == cells


def involved_told(world: World, ref: str) -> dict[str, int]:
    return {who: level for who, level in levels_told(world, ref).items() if who != "north-police"}


# --- 30: do not always communicate in a timely way

HEALTH = {
    AgencyType.GP: "GP-1001",
    AgencyType.HEALTH_VISITING: "HV-1002",
    AgencyType.SCHOOL_NURSING: "SN-1003",
    AgencyType.MIDWIFERY: "MW-1004",
    AgencyType.EMERGENCY_DEPT: "ED-1005",
    AgencyType.ACUTE_HOSPITAL: "AH-1006",
    AgencyType.CAMHS: "CA-1007",
    AgencyType.ADULT_MENTAL_HEALTH: "MH-1008",
    AgencyType.SUBSTANCE_MISUSE: "SM-1009",
    AgencyType.AMBULANCE: "AM-1010",
    AgencyType.OTHER_HEALTH: "OH-1011",
}


@pytest.mark.finding(30)
def test_every_health_service_that_knows_the_child_is_told_at_once_under_its_own_reference_alone(
    world: World,
) -> None:
    """Even while one of them cannot be reached."""
    world.apply(a_registry(*(an_agency(name(kind), kind, Channel.WEBHOOK) for kind in HEALTH)))
    involved = [
        {"agency_id": name(kind), "own_ref": own_ref, "holds_plan_role": False}
        for kind, own_ref in HEALTH.items()
    ]
    world.police.refuses[name(AgencyType.GP)] = 1
    world.take(decided("NS-26-HEA1TH", Outcome.S17, involved_agencies=involved, referring_agency=None))
    world.send_due()
    told = Counter(pins.agency_id for pins, _ in world.police.sent)
    assert told == Counter(name(kind) for kind in HEALTH)
    for pins, body in world.police.sent:
        others = {ref for kind, ref in HEALTH.items() if name(kind) != pins.agency_id}
        data = json.loads(body)["data"]
        assert (name_of(data["own_ref"]), data["decision"]["outcome"]) == (pins.agency_id, "S17")
        assert [ref for ref in others if ref.encode() in body] == []
    sent = [item["agency"] for item in world.all_items("state") if item.get("st") == "SENT"]
    assert sorted(sent) == sorted(told.keys() - {name(AgencyType.GP)})
    world.later(minutes=1)
    assert world.send_due() == 1
    assert world.police.sent[-1][0].agency_id == name(AgencyType.GP)


def name_of(own_ref: str) -> str:
    return next(name(kind) for kind, ref in HEALTH.items() if ref == own_ref)


# --- 36: other agencies such as adult services


@pytest.mark.finding(36)
def test_an_agency_that_the_directory_gains_is_told_by_the_next_decision(world: World) -> None:
    """The same desk, the same functions: what changed is one item of data."""
    involved = [{"agency_id": "adult-services", "own_ref": "AS-77", "holds_plan_role": True}]
    world.take(decided("NS-26-BEF0RE", Outcome.S17, involved_agencies=involved))
    assert [(row["reason"], row["field"]) for row in world.refused()] == [
        ("UNKNOWN_AGENCY", "involved_agencies.0.agency_id")
    ]
    adults = an_agency("adult-services", AgencyType.LA_SOCIAL_CARE, Channel.EMAIL)
    world.directory.apply(a_registry(adults), applier="duty-engineer", now=world.now)
    world.take(decided("NS-26-AFTER0", Outcome.S17, involved_agencies=involved))
    world.send_due()
    assert levels_told(world, "NS-26-AFTER0") == {"north-police": 3, "adult-services": 3}
