"""Lifecycle events whose fields are each right and cannot all be true: the field to mend is named."""

import pytest

from tests.lifecycle_events import Wire, an_event, contradicted, read


def asked(*names: tuple[str, int]) -> list[Wire]:
    return [{"agency_id": name, "child_index": child} for name, child in names]


def planned(*names: str) -> list[Wire]:
    return [{"agency_id": name} for name in names]


def test_an_agency_may_be_asked_about_each_child() -> None:
    names = [("north-gp", 1), ("north-gp", 2), ("nps", 1)]
    event = read("acknowledged", an_event("acknowledged", asked_to_contribute=asked(*names)))
    assert [(one.agency_id, one.child_index) for one in event.asked_to_contribute] == names


@pytest.mark.parametrize(
    "twice",
    [
        [("north-gp", 1), ("north-gp", 1)],
        [("nps", 2), ("north-gp", 2), ("NPS", 2)],
    ],
)
def test_an_agency_is_asked_once_about_a_child_however_it_is_written(twice: list[tuple[str, int]]) -> None:
    event = an_event("acknowledged", asked_to_contribute=asked(*twice))
    assert contradicted("acknowledged", event) == "asked_to_contribute"


def test_another_reference_does_not_make_another_agency() -> None:
    one, other = asked(("north-gp", 1), ("north-gp", 1))
    event = an_event(
        "acknowledged", asked_to_contribute=[{**one, "own_ref": "A1"}, {**other, "own_ref": "A2"}]
    )
    assert contradicted("acknowledged", event) == "asked_to_contribute"


@pytest.mark.parametrize("twice", [("north-gp", "north-gp"), ("nps", "a-school", "NPS")])
def test_an_agency_has_a_part_in_a_plan_once_however_it_is_written(twice: tuple[str, ...]) -> None:
    event = an_event("plan-status-changed", plan_agencies=planned(*twice))
    assert contradicted("plan-status-changed", event) == "plan_agencies"


DONE: Wire = {"statement": "DONE", "done_at": "2026-11-25T11:15:00Z", "policy_id": None}
NOT_NEEDED: Wire = {"statement": "NOT_NEEDED", "done_at": None, "policy_id": "POLICY-2026-01"}


@pytest.mark.parametrize("said", [DONE, NOT_NEEDED])
def test_the_police_say_when_it_was_done_or_which_policy_spares_it(said: Wire) -> None:
    event = read("ra-status-changed", an_event("ra-status-changed", **said))
    assert event.model_dump(mode="json", include=set(said)) == said


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({**DONE, "done_at": None}, "done_at"),
        ({**DONE, "policy_id": "POLICY-2026-01"}, "policy_id"),
        ({**NOT_NEEDED, "policy_id": None}, "policy_id"),
        ({**NOT_NEEDED, "done_at": "2026-11-25T11:15:00Z"}, "done_at"),
    ],
    ids=["done, not when", "done, and a policy", "not needed, by no policy", "not needed, and done"],
)
def test_no_statement_of_the_police_is_half_of_each(said: Wire, field: str) -> None:
    assert contradicted("ra-status-changed", an_event("ra-status-changed", **said)) == field


def test_what_is_withheld_is_not_shared() -> None:
    assert contradicted("withheld", an_event("withheld", disclosure="SHARED")) == "disclosure"


@pytest.mark.parametrize("missing", ["answer", "answered_at"])
def test_an_enquiry_is_answered_at_a_moment_or_not_yet(missing: str) -> None:
    event = an_event("probation-enquiry", **{missing: None})
    assert contradicted("probation-enquiry", event) == "answered_at"
    unanswered = read("probation-enquiry", event | {"answer": None, "answered_at": None})
    assert (unanswered.answer, unanswered.answered_at) == (None, None)


def test_a_challenge_is_raised_at_the_first_stage() -> None:
    assert read("challenge-raised", an_event("challenge-raised")).stage == 1


@pytest.mark.parametrize("stage", [2, 3, 4])
def test_the_type_says_which_stage_a_challenge_has_reached(stage: int) -> None:
    event = an_event("challenge-stage", event_type=f"CHALLENGE_STAGE_{stage}")
    assert read("challenge-stage", event).stage == stage
