"""The MASH's decision for one child, as it arrives on the bus under DetailType DECIDED, version 1.0."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from schemas.base import (
    AgencyId,
    Contract,
    ContradictionError,
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


class Envelope(Contract):
    """What every inbound event carries before its own fields (domain section 3)."""

    schema_version: Literal["1.0"]
    event_id: UUID
    source: SourceName
    source_seq: Annotated[int, Field(ge=0)] | None = None
    occurred_at: Instant


class NamedAgency(Contract):
    """An agency of the registry, with its own reference for this child where the sender knows it.

    `own_ref` is not constrained here: a wrong one is blanked and flagged, never a reason to refuse a
    decision.
    """

    agency_id: AgencyId
    own_ref: Annotated[str, Field(max_length=200)] | None = None


class InvolvedAgency(NamedAgency):
    """Contributed information or holds a role in the child's plan."""

    holds_plan_role: bool


class HoldRequest(Contract):
    """The case system asks that a person releases this first; STAFF_LINK names the one agency it concerns."""

    code: HoldCode
    agency_id: AgencyId | None = None

    @model_validator(mode="after")
    def _staff_link_names_its_agency(self) -> Self:
        if (self.code is HoldCode.STAFF_LINK) != (self.agency_id is not None):
            raise ContradictionError("agency_id", "needed with STAFF_LINK, and only there")
        return self


class Decided(Envelope):
    """One decision for one child; self-sufficient, so that a hub can start with decision events alone.

    Missing reason, support or joint-decision codes are never refused: the outcome is told and the gap
    flagged.
    """

    event_type: Literal[EventType.DECIDED]
    referral_ref: ReferralRef
    child_index: Annotated[int, Field(ge=1, le=99)]
    decision_seq: Annotated[int, Field(ge=1, le=9999)]
    unborn: bool
    expected_date_of_delivery: date | None = None
    received_at: Instant
    decided_at: Instant
    rag: Rag | None = None
    source_code: CinSource
    primary_outcome: Outcome
    additional_outcomes: tuple[Outcome, ...]
    reason_codes: tuple[ReasonCode, ...]
    support_codes: tuple[SupportCode, ...]
    next_step_codes: tuple[NextStep, ...]
    watch_for_codes: tuple[WatchFor, ...] = ()
    info_needed_codes: tuple[InfoNeeded, ...] = ()
    info_due_at: Instant | None = None
    plan_status: PlanStatus
    lead_role: LeadRole | None = None
    lead_team_code: RegistryCode | None = None
    risk_assessment_mode: RiskAssessmentMode
    agencies_contributing: tuple[AgencyId, ...] = ()
    police_recommended_next_step: PoliceNextStep | None = None
    recommendation_followed: bool | None = None
    divergence_reason: DivergenceReason | None = None
    referring_agency: NamedAgency | None
    involved_agencies: Annotated[tuple[InvolvedAgency, ...], Field(max_length=MAX_INVOLVED_AGENCIES)]
    hold_codes: tuple[HoldRequest, ...]
    strategy_discussion_at: Instant | None = None
    response_change: ResponseChange | None = None
    receiving_la: RegistryCode | None = None
    duplicate_of: ReferralRef | None = None

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
