"""What each type of event beside decisions means."""

from collections.abc import Callable, Mapping
from typing import Any

from functions.flows.desk import IntakeDesk
from functions.flows.intake.life.acknowledged import acknowledged
from functions.flows.intake.life.by_telephone import phone_confirmed
from functions.flows.intake.life.challenges import challenge_raised, challenge_resolved, challenge_went_up
from functions.flows.intake.life.closing import case_closed
from functions.flows.intake.life.enquiry import probation_enquiry
from functions.flows.intake.life.milestones import (
    assessment_complete,
    conference_held,
    enquiry_ended,
    transfer_accepted,
)
from functions.flows.intake.life.news import News
from functions.flows.intake.life.plan import plan_changed
from functions.flows.intake.life.police_case import investigation_changed
from functions.flows.intake.life.police_statement import statement_made
from functions.flows.intake.life.released import released
from functions.flows.intake.life.withdrawal import withdrawn
from functions.flows.intake.life.withheld import withheld
from functions.flows.updates.make import Occasion
from schemas.challenge import ChallengeRaised, ChallengeResolved, ChallengeStageReached
from schemas.lifecycle import (
    Acknowledged,
    AssessmentComplete,
    CaseClosed,
    IcpcOutcome,
    LifecycleEvent,
    PhoneConfirmed,
    PlanStatusChanged,
    PoliceInvestigationStatusChanged,
    ProbationEnquiry,
    RaStatusChanged,
    Released,
    S47Outcome,
    TransferAccepted,
    WithdrawnInError,
    Withheld,
)

_MEANING: Mapping[type[Any], Callable[[Any, Occasion, IntakeDesk], News]] = {
    Acknowledged: acknowledged,
    AssessmentComplete: assessment_complete,
    S47Outcome: enquiry_ended,
    IcpcOutcome: conference_held,
    PlanStatusChanged: plan_changed,
    CaseClosed: case_closed,
    PoliceInvestigationStatusChanged: investigation_changed,
    TransferAccepted: transfer_accepted,
    ChallengeRaised: challenge_raised,
    ChallengeStageReached: challenge_went_up,
    ChallengeResolved: challenge_resolved,
    Released: released,
    Withheld: withheld,
    PhoneConfirmed: phone_confirmed,
    WithdrawnInError: withdrawn,
    ProbationEnquiry: probation_enquiry,
    RaStatusChanged: statement_made,
}


def meaning_of(event: LifecycleEvent, occasion: Occasion, desk: IntakeDesk) -> News:
    """What the event comes to; raises RefusedError naming the field that is wrong."""
    return _MEANING[type(event)](event, occasion, desk)
