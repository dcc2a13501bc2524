"""What happens to a referral and its children beside the decision, one event each, version 1.0."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from schemas.base import (
    AgencyName,
    ContradictionError,
    Instant,
    MessageId,
    RecordId,
    ReferralRef,
    RegistryCode,
)
from schemas.challenge import ChallengeRaised, ChallengeResolved, ChallengeStageReached
from schemas.child_event import ChildEvent, VersionEvent
from schemas.codes import (
    Disclosure,
    EnquiryAnswer,
    EventType,
    InvestigationStatus,
    LeadRole,
    PlanStatus,
    Rag,
    RaStatement,
    ReaderRole,
    ReleaseReason,
    S47Result,
    TaskRole,
)
from schemas.decision import (
    MAX_INVOLVED_AGENCIES,
    ChildIndex,
    Envelope,
    NamedAgency,
    OwnRef,
)


class AskedAgency(NamedAgency):
    """Asked, before the decision, for what it knows of one child."""

    child_index: ChildIndex


class Acknowledged(Envelope):
    """The MASH has seen the referral; it decides nothing, and stops no clock of a decision."""

    event_type: Literal[EventType.ACKNOWLEDGED]
    referral_ref: ReferralRef
    acknowledged_at: Instant
    rag: Rag | None = None
    asked_to_contribute: Annotated[tuple[AskedAgency, ...], Field(max_length=MAX_INVOLVED_AGENCIES)]
    contribute_by: Instant | None = None

    @model_validator(mode="after")
    def _each_agency_is_asked_once_about_a_child(self) -> Self:
        asked = [(agency.agency_id, agency.child_index) for agency in self.asked_to_contribute]
        if len(asked) != len(set(asked)):
            raise ContradictionError("asked_to_contribute", "each agency once for each child")
        return self


class AssessmentComplete(ChildEvent):
    """The assessment has ended; `plan_status` is what it led to."""

    event_type: Literal[EventType.MILESTONE_ASSESSMENT_COMPLETE]
    completed_at: Instant
    plan_status: PlanStatus


class S47Outcome(ChildEvent):
    """The section 47 enquiry has ended."""

    event_type: Literal[EventType.MILESTONE_S47_OUTCOME]
    ended_at: Instant
    result: S47Result


class IcpcOutcome(ChildEvent):
    """The initial child protection conference was held; `plan_status` is what it led to."""

    event_type: Literal[EventType.MILESTONE_ICPC_OUTCOME]
    held_at: Instant
    plan_status: PlanStatus


class PlanStatusChanged(ChildEvent):
    """The child's plan is another one, or another leads it; null `plan_agencies` leaves them as before."""

    event_type: Literal[EventType.PLAN_STATUS_CHANGED]
    changed_at: Instant
    plan_status: PlanStatus
    lead_role: LeadRole | None = None
    lead_team_code: RegistryCode | None = None
    plan_agencies: Annotated[tuple[NamedAgency, ...], Field(max_length=MAX_INVOLVED_AGENCIES)] | None = None

    @model_validator(mode="after")
    def _each_agency_of_the_plan_is_named_once(self) -> Self:
        named = [agency.agency_id for agency in self.plan_agencies or ()]
        if len(named) != len(set(named)):
            raise ContradictionError("plan_agencies", "each agency once")
        return self


class CaseClosed(ChildEvent):
    """Children's social care has closed the child's case."""

    event_type: Literal[EventType.CASE_CLOSED]
    closed_at: Instant


class PoliceInvestigationStatusChanged(ChildEvent):
    """The police have opened or closed an investigation that the child is part of."""

    event_type: Literal[EventType.POLICE_INVESTIGATION_STATUS_CHANGED]
    changed_at: Instant
    status: InvestigationStatus
    police_occurrence_ref: RecordId | None = None


STATUS_PAGE = "police.status-page"
"""The source of what is said on our own page; a stage registers it among its sources."""


class RaStatusChanged(ChildEvent):
    """The police say that their form is done, or why it is not needed; the check alone says its status."""

    event_type: Literal[EventType.RA_STATUS_CHANGED]
    statement: RaStatement
    done_at: Instant | None = None
    policy_id: RecordId | None = None
    reminder_id: MessageId | None = None

    @model_validator(mode="after")
    def _what_is_done_says_when(self) -> Self:
        if (self.statement is RaStatement.DONE) != (self.done_at is not None):
            raise ContradictionError("done_at", "needed with DONE, and only there")
        return self

    @model_validator(mode="after")
    def _what_is_not_needed_names_its_policy(self) -> Self:
        if (self.statement is RaStatement.NOT_NEEDED) != (self.policy_id is not None):
            raise ContradictionError("policy_id", "needed with NOT_NEEDED, and only there")
        return self


class TransferAccepted(ChildEvent):
    """Another local authority has taken the child over; until it says so, the transfer is pending."""

    event_type: Literal[EventType.TRANSFER_ACCEPTED]
    accepted_at: Instant
    receiving_la: RegistryCode


class Released(VersionEvent):
    """A person ended a hold in the case system: of the whole child, or of the one agency that is named."""

    event_type: Literal[EventType.RELEASED]
    agency_id: AgencyName | None = None
    reason: ReleaseReason
    released_by: TaskRole
    released_at: Instant


class Withheld(VersionEvent):
    """A person decided not to tell all of it; to anybody, or to the one agency that is named."""

    event_type: Literal[EventType.WITHHELD]
    agency_id: AgencyName | None = None
    disclosure: Disclosure
    decided_by: TaskRole
    rationale_ref: RecordId
    withheld_at: Instant

    @model_validator(mode="after")
    def _what_is_shared_is_not_withheld(self) -> Self:
        if self.disclosure is Disclosure.SHARED:
            raise ContradictionError("disclosure", "what is withheld is not SHARED")
        return self


class PhoneConfirmed(VersionEvent):
    """Somebody at the agency was told by phone, and said so."""

    event_type: Literal[EventType.PHONE_CONFIRMED]
    agency_id: AgencyName
    phoned_at: Instant
    reader_role: ReaderRole


class WithdrawnInError(VersionEvent):
    """The version should never have been told; whoever was told it hears that it does not count."""

    event_type: Literal[EventType.WITHDRAWN_IN_ERROR]
    withdrawn_at: Instant


class ProbationEnquiry(Envelope):
    """Probation asks whether the MASH knows of something; no referral, and it starts no decision's clock.

    `referral_ref` is the enquiry's own reference, of the same form and from the same hub.
    """

    event_type: Literal[EventType.PROBATION_ENQUIRY]
    referral_ref: ReferralRef
    agency_id: AgencyName
    own_ref: OwnRef | None = None
    received_at: Instant
    answered_at: Instant | None = None
    answer: EnquiryAnswer | None = None

    @model_validator(mode="after")
    def _an_answer_has_its_moment(self) -> Self:
        if (self.answer is None) != (self.answered_at is None):
            raise ContradictionError("answered_at", "needed with an answer, and only there")
        return self


LifecycleEvent: TypeAlias = (
    Acknowledged
    | AssessmentComplete
    | S47Outcome
    | IcpcOutcome
    | PlanStatusChanged
    | CaseClosed
    | PoliceInvestigationStatusChanged
    | TransferAccepted
    | ChallengeRaised
    | ChallengeStageReached
    | ChallengeResolved
    | Released
    | Withheld
    | PhoneConfirmed
    | WithdrawnInError
    | ProbationEnquiry
    | RaStatusChanged
)
LIFECYCLE_CONTRACTS: Mapping[str, type[LifecycleEvent]] = {
    EventType.ACKNOWLEDGED: Acknowledged,
    EventType.MILESTONE_ASSESSMENT_COMPLETE: AssessmentComplete,
    EventType.MILESTONE_S47_OUTCOME: S47Outcome,
    EventType.MILESTONE_ICPC_OUTCOME: IcpcOutcome,
    EventType.PLAN_STATUS_CHANGED: PlanStatusChanged,
    EventType.CASE_CLOSED: CaseClosed,
    EventType.POLICE_INVESTIGATION_STATUS_CHANGED: PoliceInvestigationStatusChanged,
    EventType.TRANSFER_ACCEPTED: TransferAccepted,
    EventType.CHALLENGE_RAISED: ChallengeRaised,
    EventType.CHALLENGE_STAGE_2: ChallengeStageReached,
    EventType.CHALLENGE_STAGE_3: ChallengeStageReached,
    EventType.CHALLENGE_STAGE_4: ChallengeStageReached,
    EventType.CHALLENGE_RESOLVED: ChallengeResolved,
    EventType.RELEASED: Released,
    EventType.WITHHELD: Withheld,
    EventType.PHONE_CONFIRMED: PhoneConfirmed,
    EventType.WITHDRAWN_IN_ERROR: WithdrawnInError,
    EventType.PROBATION_ENQUIRY: ProbationEnquiry,
    EventType.RA_STATUS_CHANGED: RaStatusChanged,
}
"""What the intake takes in of these, by the event's type."""
