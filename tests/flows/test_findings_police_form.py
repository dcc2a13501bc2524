"""The letter's findings about the police form: from the form as the police send it to what agencies read."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

from functions.domain.wording.police_form import SENTENCES
from functions.domain.wording.police_rules import rules_in_words
from schemas.codes import AgencyType, Channel, CinSource, RaStatus
from schemas.risk_assessment import RaPolicy, RaRule
from tests.flows.test_police_form_never_gates import EVERY_STATUS, NOT_NEEDED, with_each_status
from tests.forms import (
    COFACTORS,
    REFERRAL,
    SCREENED,
    Wire,
    a_child_on_the_form,
    a_complete_form_event,
    a_heartbeat_event,
)
from tests.unit.test_completeness_properties import ANSWERS, COMPLETE_FORMS, deletions, without
from tests.unit.test_completeness_rules import FAILS
from tests.world import World, a_decision, a_registry, an_agency, an_event_id

MANDATORY: Final = sorted({*ANSWERS, RaRule.RA02})
NOT_YET: Final = SENTENCES[RaStatus.INCORRECT]
REF: Final = "NS-26-7KQ4ZP"


def take_form(world: World, ref: str, form: Wire) -> None:
    """The form, as one of that referral."""
    own = {"referral_ref": ref, "event_id": an_event_id("form", ref), "form_id": f"F-{ref}"}
    if form.get("mash_referral_ref") == REFERRAL:
        own["mash_referral_ref"] = ref
    world.take({**form, **own})


def take_decision(world: World, ref: str, **changes: Any) -> None:
    world.take(a_decision(referral_ref=ref, event_id=an_event_id(ref), source_seq=None, **changes))


def checked(world: World, ref: str = REF) -> tuple[str, list[str], list[str]]:
    """The newest check of the trail: status, mandatory rules not met, quality flags."""
    row = [row for row in world.rows(ref) if row["type"] == "RA_CHECK"][-1]
    return row["ra"], row["failed"], row["advisory"]


def posted(world: World, ref: str = REF) -> dict[str, Any]:
    """What the police's system received about the form."""
    (form,) = [
        data["police_form"]
        for pins, body in world.police.sent
        if pins.agency_id == "north-police" and (data := json.loads(body)["data"])["referral_ref"] == ref
    ]
    return dict(form)


def mailed(world: World, ref: str = REF) -> str:
    """What probation reads."""
    texts = [" ".join(mail.text.split()) for pins, mail in world.mailbox.mails]
    (text,) = [text for text in texts if f"Referral: {ref} " in text]
    return text


# --- 4: not correctly completed by the police or was absent


def spoiled(rule: RaRule) -> Iterator[Wire]:
    """Every complete form less an answer that the rule asks for, and every wrong answer to it."""
    for name, form in COMPLETE_FORMS.items():
        yield from (without(form, path) for of, path in deletions(name, form) if of is rule)
    for of, form in FAILS:
        if of is rule and (rule is not RaRule.RA20 or form["risk_grade"] == "HIGH"):
            yield form


@pytest.mark.finding(4)
@pytest.mark.parametrize("rule", MANDATORY)
def test_any_mandatory_answer_left_out_or_wrong_is_told_as_incorrect_by_its_rule(
    world: World, rule: RaRule
) -> None:
    forms = {f"NS-26-{number:06d}": form for number, form in enumerate(spoiled(rule))}
    for ref, form in forms.items():
        take_form(world, ref, form)
        take_decision(world, ref)
    assert world.send_due() == 2 * len(forms) > 0
    for ref in forms:
        status, failed, _ = checked(world, ref)
        told = posted(world, ref)
        assert (status, rule in failed) == ("INCORRECT", True)
        assert (told["status"], told["failed_rules"], told["sentence"]) == ("INCORRECT", failed, NOT_YET)
        assert f"Police risk-assessment form: not correctly completed. {NOT_YET}" in mailed(world, ref)


@pytest.mark.finding(4)
def test_each_of_the_five_statuses_is_on_every_message_and_no_message_is_without_one(world: World) -> None:
    statuses = set()
    for ref in with_each_status(world, a_decision()):
        world.send_due()
        # That of the decision: a feed that is heard again has its forms checked again.
        of_decision = (row["ra"] for row in world.rows(ref) if row["type"] == "RA_CHECK" and row.get("dver"))
        status = next(of_decision)
        statuses.add(status)
        started = [row["ra"] for row in world.rows(ref) if row["type"] == "ATTEMPT_STARTED"]
        assert started == [status, status]
        sentence = SENTENCES[RaStatus(status)]
        assert (posted(world, ref)["status"], posted(world, ref)["sentence"]) == (status, sentence)
        assert sentence in mailed(world, ref)
    assert statuses == EVERY_STATUS


# --- 5: completed by police in the MASH when a child is referred


@pytest.mark.finding(5)
def test_a_referral_from_health_without_a_form_is_absent_and_is_told_all_the_same(world: World) -> None:
    health = an_agency("health-visitors", AgencyType.HEALTH_VISITING, Channel.EMAIL)
    world.apply(a_registry(health))
    world.take(a_heartbeat_event(event_id=an_event_id("beat")))
    referred = {"agency_id": health.id, "own_ref": "HV-1001"}
    world.take(a_decision(source_code="3B", referring_agency=referred, involved_agencies=[]))
    assert checked(world) == ("ABSENT", [], [])
    assert world.send_due() == 1
    assert [pins.agency_id for pins, _ in world.mailbox.sent] == [health.id]
    assert "Police risk-assessment form: not received. Not yet complete." in mailed(world)


@pytest.mark.finding(5)
def test_whoever_refers_the_police_owe_their_form_until_a_policy_of_the_hub_says_otherwise(
    world: World,
) -> None:
    world.take(a_heartbeat_event(event_id=an_event_id("beat")))
    refs = {code: f"NS-26-C0DE{code:0>2}" for code in CinSource}
    for code, ref in refs.items():
        take_decision(world, ref, source_code=code.value)
    assert world.send_due() == 2 * len(refs)
    assert {code: checked(world, ref)[0] for code, ref in refs.items()} == dict.fromkeys(refs, "ABSENT")
    assert world.ra_policy == RaPolicy()
    world.ra_policy = NOT_NEEDED
    take_decision(world, "NS-26-AGREED")
    assert checked(world, "NS-26-AGREED")[0] == "NOT_REQUIRED"


# --- 6: mitigated following the initial police response

WHAT_WAS_DONE_IS_NOT_SAID: dict[str, tuple[RaRule, Wire]] = {
    "no action": (RaRule.RA15, {"initial_action_code": None}),
    "nothing done and not said why": (RaRule.RA15, {"initial_action_code": "NONE"}),
    "where the child is now": (RaRule.RA15, {"child_now_with_code": None}),
    "graded high and nobody reviewed it": (RaRule.RA20, {"supervisor_id": None}),
    "reviewed by its author": (RaRule.RA20, {"supervisor_id": "NP-4471"}),
    "reviewed before it was done": (RaRule.RA20, {"supervisor_reviewed_at": "2026-11-24T01:29:59Z"}),
    "reviewed and no outcome": (RaRule.RA20, {"supervisor_outcome": None}),
}


@pytest.mark.finding(6)
@pytest.mark.parametrize("gap", WHAT_WAS_DONE_IS_NOT_SAID)
def test_what_the_police_did_first_and_who_reviewed_it_must_be_answered(world: World, gap: str) -> None:
    rule, answer = WHAT_WAS_DONE_IS_NOT_SAID[gap]
    world.take(a_complete_form_event(**answer))
    world.take(a_decision())
    assert world.send_due() == 2
    assert checked(world)[:2] == ("INCORRECT", [rule])
    assert posted(world)["failed_rules"] == [rule]


@pytest.mark.finding(6)
def test_below_the_highest_grade_a_missing_review_is_a_flag_for_the_police_alone(world: World) -> None:
    world.take(a_complete_form_event(risk_grade="MEDIUM", supervisor_id=None))
    world.take(a_decision())
    assert world.send_due() == 2
    assert checked(world) == ("COMPLETE", [], ["RA20"])
    assert posted(world)["advisory_rules"] == ["RA20"]
    assert SENTENCES[RaStatus.COMPLETE] in mailed(world)
    assert rules_in_words([RaRule.RA20]) not in mailed(world)


# --- 29: the voice of the child is captured

WORDS: Final = "I am always hungry when I wake up"
NOT_HEARD: dict[RaRule, Wire] = {
    RaRule.RA06: {"seen": "NO"},
    RaRule.RA07: {"spoken_to": "NO", "spoken_to_alone": None},
    RaRule.RA08: {"voice_answered": False, "voice_length": 0},
}


@pytest.mark.finding(29)
@pytest.mark.parametrize("rule", NOT_HEARD)
def test_whether_each_child_was_seen_spoken_to_and_heard_must_be_answered(world: World, rule: RaRule) -> None:
    world.take(a_complete_form_event(children=[a_child_on_the_form(**NOT_HEARD[rule])]))
    world.take(a_decision())
    assert world.send_due() == 2
    assert checked(world)[:2] == ("INCORRECT", [rule])
    assert posted(world)["failed_rules"] == [rule]


@pytest.mark.finding(29)
@pytest.mark.parametrize("field", ["voice", "voice_text", "observed_behaviour", "not_seen_reason"])
def test_what_a_child_said_is_refused_by_its_field_and_stands_in_no_row_no_message_and_no_log(
    world: World, caplog: pytest.LogCaptureFixture, field: str
) -> None:
    """The same form without the words is taken; with them it is none."""
    world.take(a_complete_form_event(children=[a_child_on_the_form(**{field: WORDS})]))
    world.take(a_decision())
    world.send_due()
    (refused,) = world.refused()
    reason = "UNKNOWN_CODE" if field == "not_seen_reason" else "UNKNOWN_FIELD"
    assert (refused["field"], refused["reason"]) == (f"children.0.{field}", reason)
    assert checked(world)[0] == "UNKNOWN"
    kept = [str(item) for table in ("audit", "state", "keys") for item in world.all_items(table)]
    said = [str(body) for door in world.doors.values() for _, body in door.sent]
    logged = [str(vars(record)) for record in caplog.records]
    assert [text for text in (*kept, *said, *logged) if "hungry" in text] == []


# --- 33: often lost among other complex factors


@pytest.mark.finding(33)
@pytest.mark.parametrize("left_out", [SCREENED, SCREENED[:1]], ids=["all", "one"])
def test_domestic_abuse_never_answers_for_neglect(world: World, left_out: tuple[str, ...]) -> None:
    """However much of everything else is ticked."""
    form = a_complete_form_event(cofactors=dict.fromkeys(COFACTORS, "YES"))
    screen = {item: found for item, found in form["neglect_screen"].items() if item not in left_out}
    world.take({**form, "neglect_screen": screen})
    world.take(a_decision())
    assert world.send_due() == 2
    assert checked(world)[:2] == ("INCORRECT", ["RA10"])
    assert posted(world)["failed_rules"] == ["RA10"]
    assert NOT_YET in mailed(world)
