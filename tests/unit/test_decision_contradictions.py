"""Decisions and revisions whose fields are each right and cannot all be true: the field to mend is named."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from functions.domain.refusals import Refusal, refusal_of
from schemas.codes import HoldCode, Outcome, RefusalReason
from schemas.decision import Decided, DecisionRevised
from tests.world import a_decision

Wire = dict[str, Any]
Decision = Decided | DecisionRevised

ORIGINAL = "NS-26-5RB6LN"


def a_revision(**changes: Any) -> Wire:
    return a_decision(event_type="DECISION_REVISED", decision_seq=2, supersedes=1) | changes


both_events = pytest.mark.parametrize("an_event", [a_decision, a_revision])


def read(event: Wire) -> Decision:
    contract = DecisionRevised if event["event_type"] == "DECISION_REVISED" else Decided
    return contract.model_validate_json(json.dumps(event))


def refused(event: Wire) -> Refusal:
    with pytest.raises(ValidationError) as caught:
        read(event)
    return refusal_of(caught.value)


def contradicted(event: Wire) -> str:
    """The field that the refusal names; for nothing but a contradiction."""
    refusal = refused(event)
    assert refusal.reason is RefusalReason.CONTRADICTION
    return refusal.field


def involved(*names: str) -> list[Wire]:
    return [{"agency_id": name, "own_ref": None, "holds_plan_role": False} for name in names]


def named(name: str) -> Wire:
    return {"agency_id": name, "own_ref": None}


# --- A revision and what it replaces


def test_a_revision_carries_what_a_decision_does_and_the_version_that_it_replaces() -> None:
    assert set(DecisionRevised.model_fields) - set(Decided.model_fields) == {"supersedes"}
    assert DecisionRevised.model_fields["supersedes"].is_required()
    revision = read(a_revision())
    assert isinstance(revision, DecisionRevised)
    assert (revision.decision_seq, revision.supersedes) == (2, 1)
    assert json.loads(revision.model_dump_json(exclude_unset=True)) == a_revision()


@pytest.mark.parametrize(("seq", "supersedes"), [(2, 1), (9, 1), (9, 8), (9999, 9998)])
def test_a_revision_replaces_any_earlier_version(seq: int, supersedes: int) -> None:
    read(a_revision(decision_seq=seq, supersedes=supersedes))


@pytest.mark.parametrize(("seq", "supersedes"), [(2, 2), (2, 3), (1, 1), (1, 9998), (9998, 9998)])
def test_a_revision_replaces_neither_itself_nor_a_later_version(seq: int, supersedes: int) -> None:
    assert contradicted(a_revision(decision_seq=seq, supersedes=supersedes)) == "supersedes"


@pytest.mark.parametrize("supersedes", [0, -1, 9999, "1", 1.0, True, None, [1]])
def test_a_version_that_cannot_have_been_is_refused(supersedes: object) -> None:
    refusal = refused(a_revision(decision_seq=9999, supersedes=supersedes))
    assert refusal == Refusal("supersedes", RefusalReason.NOT_VALID)


def test_only_a_revision_says_what_it_replaces_and_it_must() -> None:
    assert refused(a_decision(supersedes=1)) == Refusal("supersedes", RefusalReason.UNKNOWN_FIELD)
    silent = a_revision()
    del silent["supersedes"]
    assert refused(silent) == Refusal("supersedes", RefusalReason.MISSING)


@pytest.mark.parametrize(("contract", "other"), [(Decided, a_revision()), (DecisionRevised, a_decision())])
def test_neither_contract_takes_the_others_event(contract: type[Decision], other: Wire) -> None:
    with pytest.raises(ValidationError) as caught:
        contract.model_validate_json(json.dumps({"supersedes": 1, **other}))
    assert refusal_of(caught.value) == Refusal("event_type", RefusalReason.UNKNOWN_CODE)


# --- Duplicates


@both_events
def test_a_duplicate_names_the_referral_that_it_repeats(an_event: Any) -> None:
    duplicate = read(an_event(primary_outcome="DUP", duplicate_of=ORIGINAL))
    assert duplicate.outcomes == (Outcome.DUP,)
    assert (duplicate.duplicate_of, duplicate.duplicate_of_child) == (ORIGINAL, None)
    assert (
        read(an_event(primary_outcome="DUP", duplicate_of=ORIGINAL, duplicate_of_child=2)).duplicate_of_child
        == 2
    )


@both_events
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"primary_outcome": "DUP"}, "duplicate_of"),
        ({"primary_outcome": "DUP", "duplicate_of": None, "duplicate_of_child": 1}, "duplicate_of"),
        ({"primary_outcome": "DUP", "duplicate_of": "NS-26-7KQ4ZP"}, "duplicate_of"),
        ({"primary_outcome": "DUP", "additional_outcomes": ["NFA"]}, "additional_outcomes"),
        (
            {"primary_outcome": "DUP", "duplicate_of": ORIGINAL, "additional_outcomes": ["NFA"]},
            "additional_outcomes",
        ),
        ({"duplicate_of": ORIGINAL, "additional_outcomes": ["DUP"]}, "additional_outcomes"),
        (
            {"primary_outcome": "DUP", "duplicate_of": ORIGINAL, "additional_outcomes": ["DUP"]},
            "additional_outcomes",
        ),
    ],
    ids=[
        "of nothing",
        "of a child of nothing",
        "of itself",
        "of nothing, and more",
        "and more",
        "beside another outcome",
        "twice",
    ],
)
def test_a_duplicate_stands_alone_and_repeats_another_referral(
    an_event: Any, changes: Wire, field: str
) -> None:
    assert contradicted(an_event(**changes)) == field


# --- Outcomes, agencies, holds, the unborn


@both_events
@pytest.mark.parametrize("additional", [["S47J"], ["LAD", "LAD"], ["LAD", "ACC", "LAD"]])
def test_no_outcome_is_decided_twice(an_event: Any, additional: list[str]) -> None:
    assert contradicted(an_event(additional_outcomes=additional)) == "additional_outcomes"


@both_events
def test_several_outcomes_are_kept_with_the_primary_one_first(an_event: Any) -> None:
    outcomes = read(an_event(additional_outcomes=["LAD", "ACC"])).outcomes
    assert outcomes == (Outcome.S47J, Outcome.LAD, Outcome.ACC)


@both_events
def test_an_agency_is_named_in_any_case_and_known_in_lower_case(an_event: Any) -> None:
    decision = read(
        an_event(
            referring_agency=named("North-Police"),
            involved_agencies=involved("NPS", "greenhill-School"),
            agencies_contributing=["NPS", "North-police"],
            leading_agency_id="Greenhill-SCHOOL",
            information_asked_of=["nps", "NORTH-POLICE"],
            hold_codes=[{"code": "STAFF_LINK", "agency_id": "Nps"}],
        )
    )
    assert decision.referring_agency is not None
    assert decision.referring_agency.agency_id == "north-police"
    assert [one.agency_id for one in decision.involved_agencies] == ["nps", "greenhill-school"]
    assert decision.agencies_contributing == ("nps", "north-police")
    assert decision.leading_agency_id == "greenhill-school"
    assert decision.information_asked_of == ("nps", "north-police")
    assert [hold.agency_id for hold in decision.hold_codes] == ["nps"]


@both_events
@pytest.mark.parametrize("twice", [("north-gp", "north-gp"), ("nps", "a-school", "NPS")])
def test_an_agency_is_involved_once_however_it_is_written(an_event: Any, twice: tuple[str, ...]) -> None:
    assert contradicted(an_event(involved_agencies=involved(*twice))) == "involved_agencies"


@both_events
def test_a_twenty_first_recipient_is_refused(an_event: Any) -> None:
    names = [f"agency-{number}" for number in range(20)]
    assert len(read(an_event(involved_agencies=involved(*names[:19]))).involved_agencies) == 19
    refusal = refused(an_event(involved_agencies=involved(*names)))
    assert refusal == Refusal("involved_agencies", RefusalReason.TOO_MANY_RECIPIENTS)


@both_events
@pytest.mark.parametrize("asked", ["north-police", "North-Police", "north-probation"])
def test_the_referrer_or_an_involved_agency_may_be_asked_to_act(an_event: Any, asked: str) -> None:
    decision = read(an_event(leading_agency_id=asked, information_asked_of=[asked]))
    assert decision.information_asked_of == (decision.leading_agency_id,)


@both_events
@pytest.mark.parametrize("referrer", [None, named("north-police")])
def test_whoever_is_asked_to_act_is_told(an_event: Any, referrer: Wire | None) -> None:
    event = an_event(referring_agency=referrer, agencies_contributing=["a-school"])
    assert contradicted(event | {"leading_agency_id": "a-school"}) == "leading_agency_id"
    assert contradicted(event | {"information_asked_of": ["north-probation", "a-school"]}) == (
        "information_asked_of"
    )


@both_events
@pytest.mark.parametrize("code", HoldCode)
def test_a_staff_link_names_its_agency_and_no_other_hold_does(an_event: Any, code: HoldCode) -> None:
    bare: Wire = {"code": code.value}
    linked = {**bare, "agency_id": "north-probation"}
    right, wrong = (linked, bare) if code is HoldCode.STAFF_LINK else (bare, linked)
    assert [hold.code for hold in read(an_event(hold_codes=[right])).hold_codes] == [code]
    assert contradicted(an_event(hold_codes=[right, wrong])) == "hold_codes.1.agency_id"


@both_events
@pytest.mark.parametrize("code", ["UNVERIFIED_ADDRESS", "SECRET", "FGM", "REFUGE", "sensitive", "", None, 1])
def test_a_hold_that_no_list_has_is_refused(an_event: Any, code: object) -> None:
    """Neither ours, which only the registry can tell, nor one that would say what is sensitive."""
    assert refused(an_event(hold_codes=[{"code": code}])) == Refusal(
        "hold_codes.0.code", RefusalReason.UNKNOWN_CODE
    )


@both_events
def test_a_delivery_date_belongs_to_an_unborn_child(an_event: Any) -> None:
    due = "2027-02-01"
    assert str(read(an_event(unborn=True, expected_date_of_delivery=due)).expected_date_of_delivery) == due
    assert read(an_event(unborn=True)).expected_date_of_delivery is None
    assert contradicted(an_event(expected_date_of_delivery=due)) == "expected_date_of_delivery"
