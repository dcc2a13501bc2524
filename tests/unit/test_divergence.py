"""Where a decision parts from the police's recommendation: each of these with each outcome, and more."""

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

import pytest

from functions.domain.completeness import ReferredChild, next_step_recommended
from functions.domain.divergence import FOLLOWED_BY, divergences
from functions.domain.quality import gaps
from schemas.codes import Divergence, DivergenceReason, Outcome, PoliceNextStep, QualityFlag
from schemas.decision import Decided, Decision
from tests.forms import a_child_on_the_form, a_complete_form, a_shell, an_incorrect_form
from tests.world import a_decision

NOT_FOLLOWED = Divergence.RECOMMENDATION_NOT_FOLLOWED
SINGLE = Divergence.SINGLE_AGENCY_AGAINST_JOINT
IN_NAME_ONLY = Divergence.CALLED_FOLLOWED_AND_IS_NOT

# Which outcomes follow which recommendation, written out once more.
FOLLOW = {
    "STRATEGY_MEETING": "STR S47S S47J EMP",
    "JOINT_INVESTIGATION": "STR S47J EMP",
    "SOCIAL_CARE_SINGLE": "S17 STR S47S ACC PVF",
    "EARLY_HELP": "EHF SAL",
    "INFO_ONLY": "NFA ADV",
}
SAY_NOTHING = "OPN TRF CTI LAD INF DUP"
STEPS = (None, *PoliceNextStep)
REASONS = (None, *DivergenceReason)
WORKED_EXAMPLE = Decided.model_validate(a_decision(), strict=False)


def decided(*outcomes: Outcome, **changes: Any) -> Decision:
    """A decision with these outcomes, which says nothing of the police but what a test gives."""
    silent = {"police_recommended_next_step": None, "recommendation_followed": None}
    told = {"primary_outcome": outcomes[0], "additional_outcomes": outcomes[1:]}
    return WORKED_EXAMPLE.model_copy(update=silent | told | changes)


def expected(
    step: PoliceNextStep | None, outcome: Outcome, reason: DivergenceReason | None, *, followed: bool | None
) -> Iterator[Divergence]:
    if followed is False and reason is None:
        yield NOT_FOLLOWED
    if step == "JOINT_INVESTIGATION" and outcome == "S47S":
        yield SINGLE
    if followed and step in FOLLOW and outcome not in f"{FOLLOW[step]} {SAY_NOTHING}".split():
        yield IN_NAME_ONLY


@pytest.mark.parametrize(("step", "outcome"), list(product(STEPS, Outcome)))
def test_each_recommendation_parts_from_each_outcome_as_the_table_says(
    step: PoliceNextStep | None, outcome: Outcome
) -> None:
    for followed, reason in product((True, False, None), REASONS):
        said: dict[str, Any] = {"recommendation_followed": followed, "divergence_reason": reason}
        found = tuple(expected(step, outcome, reason, followed=followed))
        for another in STEPS:  # what the form says counts only where the decision says nothing
            own = decided(outcome, police_recommended_next_step=step, **said)
            assert divergences(own, None if step is None else another) == found
        assert divergences(decided(outcome, **said), step) == found
        missing = QualityFlag.DIVERGENCE_REASON_MISSING in set(gaps(own))
        assert missing is (NOT_FOLLOWED in found)


def test_every_recommendation_can_be_followed_and_only_other_leaves_it_open_how() -> None:
    assert {step: set(outcomes) for step, outcomes in FOLLOWED_BY.items()} == {
        **{PoliceNextStep(step): set(map(Outcome, codes.split())) for step, codes in FOLLOW.items()},
        PoliceNextStep.OTHER: set(Outcome),
    }


def named(step: PoliceNextStep, outcomes: Iterable[Outcome], **said: Any) -> tuple[Divergence, ...]:
    return divergences(decided(*outcomes, police_recommended_next_step=step, **said), None)


@pytest.mark.parametrize(
    ("step", "outcomes", "found"),
    [
        ("JOINT_INVESTIGATION", ("S47S", "S47J"), ()),
        ("JOINT_INVESTIGATION", ("S17", "S47S"), (SINGLE, IN_NAME_ONLY)),
        ("JOINT_INVESTIGATION", ("S47S", "STR"), (SINGLE,)),
        ("JOINT_INVESTIGATION", ("NFA", "LAD"), (IN_NAME_ONLY,)),
        ("INFO_ONLY", ("S47J", "LAD"), (IN_NAME_ONLY,)),
        ("EARLY_HELP", ("OPN", "EHF"), ()),
        ("EARLY_HELP", ("OPN", "TRF"), ()),
    ],
)
def test_of_several_outcomes_one_that_follows_is_enough_and_one_that_says_nothing_is_not(
    step: str, outcomes: tuple[str, ...], found: tuple[Divergence, ...]
) -> None:
    asked = PoliceNextStep(step), tuple(map(Outcome, outcomes))
    assert named(*asked, recommendation_followed=True) == found
    assert named(*asked) == tuple(one for one in found if one is SINGLE)


def test_a_reason_explains_what_is_not_followed_and_hides_no_single_agency_enquiry() -> None:
    joint, alone = PoliceNextStep.JOINT_INVESTIGATION, [Outcome.S47S]
    why = DivergenceReason.THRESHOLD_NOT_MET
    assert named(joint, alone, recommendation_followed=False) == (NOT_FOLLOWED, SINGLE)
    assert named(joint, alone, recommendation_followed=False, divergence_reason=why) == (SINGLE,)


# --- what the form recommends


def child(index: int = 1) -> ReferredChild:
    return ReferredChild.of(WORKED_EXAMPLE.model_copy(update={"child_index": index}))


def test_the_newest_form_that_lists_the_child_recommends() -> None:
    older = a_complete_form(form_version=1, recommended_next_step="EARLY_HELP")
    newer = a_complete_form(form_version=2, recommended_next_step="JOINT_INVESTIGATION")
    for forms in ((older, newer), (newer, older)):
        assert next_step_recommended(child(), forms) is PoliceNextStep.JOINT_INVESTIGATION


def test_a_form_that_does_not_list_the_child_recommends_nothing_for_it() -> None:
    for_a_sister = a_complete_form(children=[a_child_on_the_form(2)])
    assert next_step_recommended(child(), [for_a_sister]) is None
    assert next_step_recommended(child(2), [for_a_sister]) is PoliceNextStep.JOINT_INVESTIGATION


def test_without_a_form_or_an_answer_nothing_is_recommended() -> None:
    assert next_step_recommended(child(), []) is None
    assert next_step_recommended(child(), [a_shell()]) is None
    assert next_step_recommended(child(), [an_incorrect_form()]) is None
