"""Where a decision parts from the step that the police recommend: both managers look, and nobody waits.

An officer's recommendation is advice. A decision that goes another way is told like any other; what must not
happen is that nobody says why, or that nobody notices.
"""

from collections.abc import Iterator, Mapping

from schemas.codes import Divergence, Outcome, PoliceNextStep
from schemas.decision import Decision

LEFT_TO_OTHERS = frozenset({Outcome.OPN, Outcome.TRF, Outcome.CTI, Outcome.LAD, Outcome.INF, Outcome.DUP})
"""Outcomes that say nothing of the next step: another team or council takes it, or it is not decided here."""

FOLLOWED_BY: Mapping[PoliceNextStep, frozenset[Outcome]] = {
    # Section 47 and emergency protection come of a strategy discussion, or with one.
    PoliceNextStep.STRATEGY_MEETING: frozenset({Outcome.STR, Outcome.S47S, Outcome.S47J, Outcome.EMP}),
    # Whether an enquiry is joint is decided in a strategy discussion: until then it still may be.
    PoliceNextStep.JOINT_INVESTIGATION: frozenset({Outcome.STR, Outcome.S47J, Outcome.EMP}),
    # No enquiry starts without a strategy discussion, one by social care alone included.
    PoliceNextStep.SOCIAL_CARE_SINGLE: frozenset(
        {Outcome.S17, Outcome.STR, Outcome.S47S, Outcome.ACC, Outcome.PVF}
    ),
    PoliceNextStep.EARLY_HELP: frozenset({Outcome.EHF, Outcome.SAL}),
    PoliceNextStep.INFO_ONLY: frozenset({Outcome.NFA, Outcome.ADV}),
    # What is meant stands in the officer's own form: any outcome may be it.
    PoliceNextStep.OTHER: frozenset(Outcome),
}
"""Which outcomes follow which recommendation; with any other one a decision does not do what it advises."""


def divergences(decision: Decision, form_recommends: PoliceNextStep | None) -> tuple[Divergence, ...]:
    """Each way in which the decision parts from the recommendation that it names, or else from the form's."""
    return tuple(_found(decision, decision.police_recommended_next_step or form_recommends))


def _found(decision: Decision, recommended: PoliceNextStep | None) -> Iterator[Divergence]:
    if reason_is_missing(decision):
        yield Divergence.RECOMMENDATION_NOT_FOLLOWED
    if recommended is PoliceNextStep.JOINT_INVESTIGATION and _is_by_social_care_alone(decision):
        yield Divergence.SINGLE_AGENCY_AGAINST_JOINT
    if decision.recommendation_followed and recommended and _contradicts(decision, recommended):
        yield Divergence.CALLED_FOLLOWED_AND_IS_NOT


def reason_is_missing(decision: Decision) -> bool:
    """The decision says that it does not follow the police, and not why."""
    return decision.recommendation_followed is False and decision.divergence_reason is None


def _is_by_social_care_alone(decision: Decision) -> bool:
    """A section 47 enquiry without the police, whatever reason is given: both managers know of each."""
    return Outcome.S47S in decision.outcomes and Outcome.S47J not in decision.outcomes


def _contradicts(decision: Decision, recommended: PoliceNextStep) -> bool:
    """None of the outcomes that say anything of the next step follows the recommendation."""
    telling = set(decision.outcomes) - LEFT_TO_OTHERS
    return bool(telling) and telling.isdisjoint(FOLLOWED_BY[recommended])
