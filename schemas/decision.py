"""The MASH's decision for one child, as it arrives under DetailType DECIDED or DECISION_REVISED, version
1.0."""

from enum import StrEnum
from typing import Annotated, Literal, Self, TypeVar
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from schemas.base import (
    AgencyName,
    Contract,
    ContradictionError,
    Day,
    Instant,
    ReferralRef,
    RegistryCode,
    SourceName,
)
from schemas.codes import (
    CinSource,
    DivergenceReason,
    EventType,
    HoldCode,
    InfoNeeded,
    LeadRole,
    NextStep,
    Outcome,
    PlanStatus,
    PoliceNextStep,
    Rag,
    ReasonCode,
    ResponseChange,
    RiskAssessmentMode,
    SupportCode,
    WatchFor,
)

MAX_INVOLVED_AGENCIES = 19
"""With the referrer, at most 20 recipients: the intake transaction must stay within 100 items (delivery
section 15)."""

SourceSeq = Annotated[int, Field(ge=0, le=2**53 - 1)]
"""As far as every JSON reader counts exactly; the trail's tables cannot hold any number however long."""

ChildIndex = Annotated[int, Field(ge=1, le=99)]
"""Which child of a referral, in its order."""
DecisionSeq = Annotated[int, Field(ge=1, le=9999)]
"""Which version of one child's decision."""
OwnRef = Annotated[str, Field(max_length=200)]
"""An agency's own reference, as somebody typed it."""

Code = TypeVar("Code", bound=StrEnum)


def _each_once(codes: tuple[Code, ...]) -> tuple[Code, ...]:
    return tuple(dict.fromkeys(codes))


Codes = Annotated[tuple[Code, ...], AfterValidator(_each_once)]
"""A code written twice is no reason to refuse a decision, and none to say its sentence twice."""


class Envelope(Contract):
    """What every inbound event carries before its own fields (domain section 3)."""

    schema_version: Literal["1.0"]
    event_id: UUID
    source: SourceName
    source_seq: SourceSeq | None = None
    occurred_at: Instant


class NamedAgency(Contract):
    """An agency of the registry, with its own reference for this child where the sender knows it.

    `own_ref` is not constrained here: a wrong one is blanked and flagged, never a reason to refuse a
    decision.
    """

    agency_id: AgencyName
    own_ref: OwnRef | None = None


class InvolvedAgency(NamedAgency):
    """Contributed information or holds a role in the child's plan."""

    holds_plan_role: bool


class HoldRequest(Contract):
    """The case system asks that a person releases this first; STAFF_LINK names the one agency it concerns."""

    code: HoldCode
    agency_id: AgencyName | None = None

    @model_validator(mode="after")
    def _staff_link_names_its_agency(self) -> Self:
        if (self.code is HoldCode.STAFF_LINK) != (self.agency_id is not None):
            raise ContradictionError("agency_id", "needed with STAFF_LINK, and only there")
        return self


class Decision(Envelope):
    """One decision for one child; self-sufficient, so that a hub can start with decision events alone.

    Missing reason, support or joint-decision codes are never refused: the outcome is told and the gap
    flagged.
    """

    event_type: Literal[EventType.DECIDED, EventType.DECISION_REVISED]
    referral_ref: ReferralRef
    child_index: ChildIndex
    decision_seq: DecisionSeq
    unborn: bool
    expected_date_of_delivery: Day | None = None
    received_at: Instant
    decided_at: Instant
    rag: Rag | None = None
    source_code: CinSource
    primary_outcome: Outcome
    additional_outcomes: tuple[Outcome, ...]
    reason_codes: Codes[ReasonCode]
    support_codes: Codes[SupportCode]
    next_step_codes: Codes[NextStep]
    watch_for_codes: Codes[WatchFor] = ()
    info_needed_codes: Codes[InfoNeeded] = ()
    info_due_at: Instant | None = None
    plan_status: PlanStatus
    lead_role: LeadRole | None = None
    lead_team_code: RegistryCode | None = None
    risk_assessment_mode: RiskAssessmentMode
    agencies_contributing: tuple[AgencyName, ...] = ()
    police_recommended_next_step: PoliceNextStep | None = None
    recommendation_followed: bool | None = None
    divergence_reason: DivergenceReason | None = None
    referring_agency: NamedAgency | None
    involved_agencies: Annotated[tuple[InvolvedAgency, ...], Field(max_length=MAX_INVOLVED_AGENCIES)]
    hold_codes: tuple[HoldRequest, ...]
    strategy_discussion_at: Instant | None = None
    response_change: ResponseChange | None = None
    receiving_la: RegistryCode | None = None
    transfer_accepted: bool | None = None
    family_contacted: bool | None = None
    leading_agency_id: AgencyName | None = None
    information_asked_of: tuple[AgencyName, ...] = ()
    duplicate_of: ReferralRef | None = None
    duplicate_of_child: ChildIndex | None = None

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Every outcome of the decision, the primary one first."""
        return (self.primary_outcome, *self.additional_outcomes)

    @model_validator(mode="after")
    def _delivery_date_belongs_to_an_unborn_child(self) -> Self:
        if self.expected_date_of_delivery is not None and not self.unborn:
            raise ContradictionError("expected_date_of_delivery", "only for an unborn child")
        return self

    @model_validator(mode="after")
    def _each_involved_agency_is_named_once(self) -> Self:
        named = [agency.agency_id for agency in self.involved_agencies]
        if len(named) != len(set(named)):
            raise ContradictionError("involved_agencies", "each agency once")
        return self

    @model_validator(mode="after")
    def _each_outcome_is_named_once(self) -> Self:
        if len(self.outcomes) != len(set(self.outcomes)):
            raise ContradictionError("additional_outcomes", "each outcome once")
        return self

    @model_validator(mode="after")
    def _a_duplicate_names_its_original_and_decides_nothing_else(self) -> Self:
        if Outcome.DUP not in self.outcomes:
            return self
        if self.outcomes != (Outcome.DUP,):
            raise ContradictionError("additional_outcomes", "none beside DUP")
        if self.duplicate_of is None or self.duplicate_of == self.referral_ref:
            raise ContradictionError("duplicate_of", "needed with DUP, and another referral")
        return self

    @model_validator(mode="after")
    def _whoever_is_asked_to_act_is_named(self) -> Self:
        """An agency that is asked for something and never told of it would be worse than neither."""
        named = {agency.agency_id for agency in self.involved_agencies}
        if self.referring_agency is not None:
            named.add(self.referring_agency.agency_id)
        if self.leading_agency_id is not None and self.leading_agency_id not in named:
            raise ContradictionError("leading_agency_id", "the referring agency or an involved one")
        if not set(self.information_asked_of) <= named:
            raise ContradictionError("information_asked_of", "the referring agency or involved ones")
        return self


class Decided(Decision):
    """The MASH decided; a later version of the same child's decision may come as one of these, too."""

    event_type: Literal[EventType.DECIDED]


class DecisionRevised(Decision):
    """The MASH changed an earlier decision; whoever got that one is told, named here or not."""

    event_type: Literal[EventType.DECISION_REVISED]
    supersedes: Annotated[int, Field(ge=1, le=9998)]

    @model_validator(mode="after")
    def _only_an_earlier_version_is_superseded(self) -> Self:
        if self.supersedes >= self.decision_seq:
            raise ContradictionError("supersedes", "lower than decision_seq")
        return self
