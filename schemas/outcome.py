"""The message an agency's system receives: CloudEvents 1.0, structured JSON, type uk.mash.outcome.v1."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Contract, Instant, ReferralRef, RegistryCode
from schemas.codes import (
    InfoNeeded,
    LeadRole,
    Level,
    MessageType,
    NextStep,
    Outcome,
    PlanStatus,
    ReasonCode,
    ResponseChange,
    SaidInstead,
    SupportCode,
    WatchFor,
)
from schemas.notice import HttpsUrl, HubText, PageAddress, Phone
from schemas.risk_assessment import RaRule


class PoliceFormStatus(StrEnum):
    """The police check as told: five codes to police and statutory partners, coarser words to the rest."""

    COMPLETE = "COMPLETE"
    INCORRECT = "INCORRECT"
    ABSENT = "ABSENT"
    NOT_REQUIRED = "NOT_REQUIRED"
    UNKNOWN = "UNKNOWN"
    NOT_YET_COMPLETE = "NOT_YET_COMPLETE"
    NOT_NEEDED = "NOT_NEEDED"
    NOT_KNOWN = "NOT_KNOWN"


class ToldDecision(Contract):
    """What was decided; ignore one whose `decision_seq` is lower than the child's newest you hold."""

    decision_seq: Annotated[int, Field(ge=1)]
    supersedes: Annotated[int, Field(ge=1)] | None
    outcome: Outcome
    additional_outcomes: tuple[Outcome, ...]
    decided_at: Instant
    reason_codes: tuple[ReasonCode, ...]
    response_change: ResponseChange | None
    receiving_la: RegistryCode | None
    transfer_accepted: bool | None
    family_contacted: bool | None


class ToldInstead(Contract):
    """What is said where no outcome is named; whatever the code, there is more to hear by phone."""

    code: SaidInstead
    sentence: Annotated[str, Field(min_length=1)]


class ToldPoliceForm(Contract):
    """The police risk-assessment form; COMPLETE means that it is filled in, never that the risk is low."""

    status: PoliceFormStatus
    failed_rules: tuple[RaRule, ...]
    advisory_rules: tuple[RaRule, ...]
    evaluated_at: Instant | None
    sentence: Annotated[str, Field(min_length=1)]


class ToldPlan(Contract):
    """The plan's status and who leads; never its content."""

    status: PlanStatus
    lead_role: LeadRole | None
    lead_team_code: RegistryCode | None


class ToldInfoNeeded(Contract):
    """What this recipient is asked to send; `codes` may be empty, and then the MASH says what by phone."""

    codes: tuple[InfoNeeded, ...]
    due_at: Instant | None


class ToldContact(Contract):
    duty_phone: Phone
    duty_hours: HubText
    out_of_hours_phone: Phone
    escalation_url: HttpsUrl


class OutcomeData(Contract):
    """Every key is always present; what the recipient's level withholds is null or empty.

    `police_form` has no default and is never null: a message without the police check cannot be built.
    """

    referral_ref: ReferralRef
    child_index: Annotated[int, Field(ge=1)] | None
    own_ref: str | None
    level: Level
    message_type: Literal[MessageType.OUTCOME, MessageType.OUTCOME_REVISED]
    duplicate_of: ReferralRef | None
    decision: ToldDecision | None
    said_instead: tuple[ToldInstead, ...]
    police_form: ToldPoliceForm
    next_steps: tuple[NextStep, ...]
    info_needed: ToldInfoNeeded | None
    watch_for: tuple[WatchFor, ...]
    support: tuple[SupportCode, ...]
    expected_date_of_delivery: date | None
    plan: ToldPlan | None
    contact: ToldContact
    confirm_url: PageAddress | None


class OutcomeEvent(Contract):
    """The CloudEvent; the same `id` always has the same bytes, so a repeat can be dropped unread."""

    specversion: Literal["1.0"] = "1.0"
    id: Annotated[str, Field(pattern=r"^msg_[0-9a-f]{32}$")]
    source: HttpsUrl
    type: Literal["uk.mash.outcome.v1"] = "uk.mash.outcome.v1"
    subject: ReferralRef
    time: Instant
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: HttpsUrl
    protectivemarking: str
    data: OutcomeData
