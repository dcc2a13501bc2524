"""The police risk-assessment form as metadata, never narrative, and the result of checking it."""

import re
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from schemas.base import Contract, Instant, OpaqueId, RecordId, ReferralRef, RegistryCode, SafePattern
from schemas.codes import CinSource, EventType, PoliceNextStep, RaStatus
from schemas.decision import Envelope
from schemas.risk_codes import (
    DaNotDoneReason,
    DaTool,
    FeedStatus,
    FormBasis,
    FormSource,
    IncidentTime,
    NeglectFinding,
    NoContactReason,
    YesNo,
    YesNoUnknown,
)

POLICE_DESK = "police.desk"
"""The source of the forms that are recorded at the console's police desk; a stage registers it."""

NO_OCCURRENCE = "NO_OCCURRENCE"
"""What a DESK form answers in `police_occurrence_ref` where the police hold no occurrence (RA01)."""

NOT_A_REFERENCE = "?"
"""What we keep of an answer that is not shaped like a reference: its rule fails, its words never enter."""


def _only_a_reference(answer: str) -> str:
    return answer if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:/-]{1,39}", answer) else NOT_A_REFERENCE


ReferenceAnswer = Annotated[str, Field(max_length=200), AfterValidator(_only_a_reference)]
"""A reference as somebody typed it: judged by its rule rather than refused, and never kept as a sentence."""

OfficerId = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9._:/-]*[0-9][A-Za-z0-9._:/-]*$", max_length=64)
]
"""An opaque staff id; it carries a digit, so that a surname is refused."""

PoliceCode = RegistryCode
"""A code of the police force's own list, where domain section 4 has none: upper case, never a sentence."""

TextLength = Annotated[int, Field(ge=0, le=1_000_000)]
"""How many characters the police system holds for an answer whose words never leave it."""

PeopleCount = Annotated[int, Field(ge=0, le=99)]


class RaRule(StrEnum):
    """The rules of domain section 4; M rules decide the status, A rules are quality flags."""

    RA01 = "RA01"
    RA02 = "RA02"
    RA03 = "RA03"
    RA04 = "RA04"
    RA05 = "RA05"
    RA06 = "RA06"
    RA07 = "RA07"
    RA08 = "RA08"
    RA09 = "RA09"
    RA10 = "RA10"
    RA11 = "RA11"
    RA12 = "RA12"
    RA13 = "RA13"
    RA14 = "RA14"
    RA15 = "RA15"
    RA16 = "RA16"
    RA17 = "RA17"
    RA18 = "RA18"
    RA19 = "RA19"
    RA20 = "RA20"
    RA21 = "RA21"
    RA22 = "RA22"


class PoliceCheck(Contract):
    """What the check found for one child at one moment; frozen into every message and its trail row.

    Status and evidence cannot disagree: INCORRECT names rules, NOT_REQUIRED its policy, no other does; and
    only a form that was judged can have been late.
    """

    status: RaStatus
    failed_rules: tuple[RaRule, ...]
    advisory_rules: tuple[RaRule, ...]
    rule_set_version: str
    evaluated_at: Instant
    stale: bool
    after_decision: bool
    form_version: int | None = None
    policy_id: OpaqueId | None = None
    due_at: Instant | None = None
    """Unknown in notices frozen before this field, and where the bank-holiday data ends."""
    late: bool = False
    """Completed after `due_at`; a form still missing then is overdue, which is not a fact about a form."""

    @model_validator(mode="after")
    def _only_incorrect_names_failed_rules(self) -> Self:
        if (self.status is RaStatus.INCORRECT) != bool(self.failed_rules):
            raise ValueError("failed_rules are needed with INCORRECT, and only there")
        return self

    @model_validator(mode="after")
    def _only_not_required_names_a_policy(self) -> Self:
        if (self.status is RaStatus.NOT_REQUIRED) != (self.policy_id is not None):
            raise ValueError("policy_id is needed with NOT_REQUIRED, and only there")
        return self

    @model_validator(mode="after")
    def _only_a_judged_form_was_late(self) -> Self:
        judged = self.status in (RaStatus.COMPLETE, RaStatus.INCORRECT)
        if self.late and not (judged and self.due_at is not None):
            raise ValueError("late needs a form that was judged, and when it was due")
        return self


class ChildAnswers(Contract):
    """What the form says of one child; `child_index` follows the order on the referral."""

    child_index: Annotated[int, Field(ge=1, le=99)]
    unborn: bool | None = None
    under_five: bool | None = None
    in_household: bool | None = None
    seen: YesNo | None = None
    not_seen_reason: NoContactReason | None = None
    spoken_to: YesNo | None = None
    spoken_to_alone: YesNo | None = None
    not_spoken_reason: NoContactReason | None = None
    voice_answered: bool | None = None
    voice_length: TextLength | None = None
    voice_is_placeholder: bool | None = None
    observed_behaviour_answered: bool | None = None


class Adult(Contract):
    """An adult of the household or of the incident, by role and relationship only."""

    role_code: PoliceCode | None = None
    relationship_code: PoliceCode | None = None


class NeglectScreen(Contract):
    """Six things an officer looks for; `not_assessed_reason` answers for every item marked NOT_ASSESSED."""

    home: NeglectFinding | None = None
    hygiene: NeglectFinding | None = None
    food: NeglectFinding | None = None
    supervision: NeglectFinding | None = None
    medical_dental: NeglectFinding | None = None
    school: NeglectFinding | None = None
    not_assessed_reason: PoliceCode | None = None


class Cofactors(Contract):
    """What often stands beside neglect and hides it."""

    domestic_abuse: YesNoUnknown | None = None
    substances: YesNoUnknown | None = None
    parental_mental_health: YesNoUnknown | None = None
    exploitation_cse_cce: YesNoUnknown | None = None
    missing: YesNoUnknown | None = None
    offender_in_household: YesNoUnknown | None = None


class SystemCheck(Contract):
    """Whether one police system was searched."""

    done: bool | None = None
    not_done_reason: PoliceCode | None = None


class SystemChecks(Contract):
    """The five police systems an officer searches."""

    pnc: SystemCheck = SystemCheck()
    local_rms: SystemCheck = SystemCheck()
    pnd: SystemCheck = SystemCheck()
    visor_mosovo: SystemCheck = SystemCheck()
    prior_ppn: SystemCheck = SystemCheck()


class RaFormMetadata(Envelope):
    """One version of a police risk-assessment form: what was answered, never the words.

    Every answer may be missing or null, which means unanswered: a half-filled form is accepted and judged
    INCORRECT. Without `referral_ref` it is not linked yet.
    """

    event_type: Literal[EventType.RA_FORM_METADATA]
    referral_ref: ReferralRef | None = None
    form_id: OpaqueId
    form_version: Annotated[int, Field(ge=1, le=999_999_999)]
    form_basis: FormBasis
    form_source: FormSource
    police_occurrence_ref: ReferenceAnswer | None = None
    mash_referral_ref: ReferenceAnswer | None = None
    author_id: OfficerId | None = None
    author_role: PoliceCode | None = None
    author_force: PoliceCode | None = None
    incident_at: Instant | IncidentTime | None = None
    ra_completed_at: Instant | None = None
    household_child_count: PeopleCount | None = None
    unborn_count: PeopleCount | None = None
    children: Annotated[tuple[ChildAnswers, ...], Field(max_length=30)] = ()
    adults: Annotated[tuple[Adult, ...], Field(max_length=30)] = ()
    adults_unknown_reason: PoliceCode | None = None
    neglect_screen: NeglectScreen = NeglectScreen()
    cofactors: Cofactors = Cofactors()
    checks: SystemChecks = SystemChecks()
    risk_grade: PoliceCode | None = None
    grade_rationale_length: TextLength | None = None
    grade_rationale_is_placeholder: bool | None = None
    initial_action_code: PoliceCode | None = None
    initial_action_rationale_given: bool | None = None
    child_now_with_code: PoliceCode | None = None
    recommended_next_step: PoliceNextStep | None = None
    recommended_other_reason_code: PoliceCode | None = None
    crime_recorded: YesNo | None = None
    investigation_status: PoliceCode | None = None
    officer_in_case_id: OfficerId | None = None
    unit: PoliceCode | None = None
    da_tool: DaTool | None = None
    da_ref: ReferenceAnswer | None = None
    da_not_done_reason: DaNotDoneReason | None = None
    family_aware: YesNo | None = None
    safe_to_contact: YesNo | None = None
    supervisor_id: OfficerId | None = None
    supervisor_reviewed_at: Instant | None = None
    supervisor_outcome: PoliceCode | None = None
    override_reason_code: PoliceCode | None = None
    police_protection_used: YesNo | None = None
    rationale_codes: Annotated[tuple[PoliceCode, ...], Field(max_length=30)] = ()
    mash_regrade: PoliceCode | None = None
    mash_regrade_rationale_given: bool | None = None

    @model_validator(mode="after")
    def _each_child_is_listed_once(self) -> Self:
        listed = [child.child_index for child in self.children]
        if len(listed) != len(set(listed)):
            raise ValueError("children lists a child_index twice")
        return self


class RaFeedHeartbeat(Envelope):
    """The police feed says that it is alive, and whether it works; it belongs to no referral."""

    event_type: Literal[EventType.RA_FEED_HEARTBEAT]
    feed_status: FeedStatus


class RaExclusion(Contract):
    """An agreed policy under which referrals from these sources need no form; its id answers for it."""

    policy_id: RecordId
    source_codes: Annotated[tuple[CinSource, ...], Field(min_length=1)]


class RaPolicy(Contract):
    """What a hub agrees with its police force about the form; `{}` is the domain's default.

    By default every referral needs a form: `not_required` is empty until a hub names a policy.
    """

    occurrence_ref_pattern: SafePattern = r"(?=.*[0-9])[A-Z0-9][A-Z0-9/-]{3,31}"
    min_voice_length: Annotated[int, Field(ge=1)] = 10
    """Characters, below which a child's voice counts as unanswered."""
    risk_scale: Annotated[tuple[PoliceCode, ...], Field(min_length=1)] = ("STANDARD", "MEDIUM", "HIGH")
    high_grades: tuple[PoliceCode, ...] = ("HIGH",)
    """The grades of the scale that a supervisor must review (RA20) and that RA21 reads as HIGH."""
    feed_silent_after_hours: Annotated[int, Field(ge=1)] = 4
    not_required: tuple[RaExclusion, ...] = ()

    @model_validator(mode="after")
    def _high_grades_are_grades(self) -> Self:
        if not set(self.high_grades) <= set(self.risk_scale):
            raise ValueError("high_grades must be grades of risk_scale")
        return self
