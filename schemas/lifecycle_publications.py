"""The lifecycle events as published: what happens to a referral and its children beside the decision."""

from schemas.challenge import ChallengeRaised, ChallengeResolved, ChallengeStageReached
from schemas.lifecycle import (
    Acknowledged,
    AssessmentComplete,
    CaseClosed,
    IcpcOutcome,
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
from schemas.publication import Publication, Rules, is_given

# Only an entry that stands twice in the same words: one field of two entries cannot be compared.
ASKED_ONCE: Rules = ({"properties": {"asked_to_contribute": {"uniqueItems": True}}},)
NAMED_ONCE: Rules = ({"properties": {"plan_agencies": {"uniqueItems": True}}},)
STATEMENT: Rules = (
    {
        "if": {"properties": {"statement": {"const": "DONE"}}},
        "then": {**is_given("done_at"), "not": is_given("policy_id")},
        "else": {**is_given("policy_id"), "not": is_given("done_at")},
    },
)
NEVER_SHARED: Rules = ({"properties": {"disclosure": {"not": {"const": "SHARED"}}}},)
ANSWERED: Rules = (
    {
        "if": is_given("answer"),
        "then": is_given("answered_at"),
        "else": {"not": is_given("answered_at")},
    },
)

LIFECYCLE = (
    Publication(
        name="acknowledged",
        model=Acknowledged,
        title="ACKNOWLEDGED",
        description=(
            "The MASH has seen a referral and, where it is urgent, asks agencies for what they know before "
            "it decides. It stops no clock of the decision. Codes and references only: no names, no dates "
            "of birth, no free text. DetailType ACKNOWLEDGED."
        ),
        rules={"Acknowledged": ASKED_ONCE},
    ),
    Publication(
        name="milestone-assessment-complete",
        model=AssessmentComplete,
        title="MILESTONE_ASSESSMENT_COMPLETE",
        description=(
            "A child's assessment has ended, and which plan it led to; never what it found. "
            "DetailType MILESTONE_ASSESSMENT_COMPLETE."
        ),
    ),
    Publication(
        name="milestone-s47-outcome",
        model=S47Outcome,
        title="MILESTONE_S47_OUTCOME",
        description=(
            "A child's section 47 enquiry has ended, and what it led to, as a code. "
            "DetailType MILESTONE_S47_OUTCOME."
        ),
    ),
    Publication(
        name="milestone-icpc-outcome",
        model=IcpcOutcome,
        title="MILESTONE_ICPC_OUTCOME",
        description=(
            "A child's initial child protection conference was held, and which plan it led to. "
            "DetailType MILESTONE_ICPC_OUTCOME."
        ),
    ),
    Publication(
        name="plan-status-changed",
        model=PlanStatusChanged,
        title="PLAN_STATUS_CHANGED",
        description=(
            "A child's plan is another one, or another role, team or agency has a part in it: status and "
            "lead only, never the plan's content. DetailType PLAN_STATUS_CHANGED."
        ),
        rules={"PlanStatusChanged": NAMED_ONCE},
    ),
    Publication(
        name="case-closed",
        model=CaseClosed,
        title="CASE_CLOSED",
        description="Children's social care has closed a child's case. DetailType CASE_CLOSED.",
    ),
    Publication(
        name="police-investigation-status-changed",
        model=PoliceInvestigationStatusChanged,
        title="POLICE_INVESTIGATION_STATUS_CHANGED",
        description=(
            "The police have opened or closed an investigation that the child is part of. Of how it was "
            "closed, agencies are told only that it has ended. "
            "DetailType POLICE_INVESTIGATION_STATUS_CHANGED."
        ),
    ),
    Publication(
        name="ra-status-changed",
        model=RaStatusChanged,
        title="RA_STATUS_CHANGED",
        description=(
            "The police say that the risk-assessment form about a child is done, or which policy makes it "
            "unnecessary. Its status stays what the check of the form says; this has it checked again. "
            "DetailType RA_STATUS_CHANGED."
        ),
        rules={"RaStatusChanged": STATEMENT},
    ),
    Publication(
        name="transfer-accepted",
        model=TransferAccepted,
        title="TRANSFER_ACCEPTED",
        description=(
            "Another local authority has taken a child over; until this comes, the transfer is pending and "
            "its clock runs. DetailType TRANSFER_ACCEPTED."
        ),
    ),
    Publication(
        name="challenge-raised",
        model=ChallengeRaised,
        title="CHALLENGE_RAISED",
        description=(
            "An agency disagrees with the decision for a child: the first of four stages. "
            "DetailType CHALLENGE_RAISED."
        ),
    ),
    Publication(
        name="challenge-stage",
        model=ChallengeStageReached,
        title="CHALLENGE_STAGE_2, CHALLENGE_STAGE_3, CHALLENGE_STAGE_4",
        description=(
            "A challenge was not settled below and has gone up to this stage. The DetailType equals "
            "`event_type`: CHALLENGE_STAGE_2, CHALLENGE_STAGE_3 or CHALLENGE_STAGE_4."
        ),
    ),
    Publication(
        name="challenge-resolved",
        model=ChallengeResolved,
        title="CHALLENGE_RESOLVED",
        description=(
            "A challenge is settled. A decision that it changes comes as DECISION_REVISED beside this. "
            "DetailType CHALLENGE_RESOLVED."
        ),
    ),
    Publication(
        name="released",
        model=Released,
        title="RELEASED",
        description=(
            "A person ended a hold in the case system: what waited for them may be told. DetailType RELEASED."
        ),
    ),
    Publication(
        name="withheld",
        model=Withheld,
        title="WITHHELD",
        description=(
            "A person decided that a decision is not told, or only in part; with who decided, as a role, and "
            "where the reasons are recorded. DetailType WITHHELD."
        ),
        rules={"Withheld": NEVER_SHARED},
    ),
    Publication(
        name="phone-confirmed",
        model=PhoneConfirmed,
        title="PHONE_CONFIRMED",
        description=(
            "Somebody at an agency was told of a decision by phone and confirmed it. "
            "DetailType PHONE_CONFIRMED."
        ),
    ),
    Publication(
        name="withdrawn-in-error",
        model=WithdrawnInError,
        title="WITHDRAWN_IN_ERROR",
        description=(
            "A version of a child's decision should never have been told. Whoever was told it hears that it "
            "does not count. DetailType WITHDRAWN_IN_ERROR."
        ),
    ),
    Publication(
        name="probation-enquiry",
        model=ProbationEnquiry,
        title="PROBATION_ENQUIRY",
        description=(
            "Probation asks whether the MASH knows of something, and later, in an event of its own, what it "
            "was answered. It is no referral: no clock of a decision starts. DetailType PROBATION_ENQUIRY."
        ),
        rules={"ProbationEnquiry": ANSWERED},
    ),
)
