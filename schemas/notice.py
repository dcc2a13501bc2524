"""The frozen notice: one per child and decision version; every message to every agency is rendered from
it."""

from typing import Annotated, TypeAlias

from pydantic import Field

from schemas.base import AgencyId, Contract, Day, Instant, MessageId, ReferralRef, RegistryCode
from schemas.codes import (
    Addressee,
    AgencyType,
    ChallengeResult,
    Channel,
    EnquiryAnswer,
    InfoNeeded,
    LeadRole,
    Level,
    MessageType,
    NextStep,
    NoticeReason,
    Outcome,
    PlanStatus,
    PoliceNextStep,
    ReasonCode,
    ResponseChange,
    Role,
    S47Result,
    Series,
    SupportCode,
    WatchFor,
)
from schemas.risk_assessment import PoliceCheck

Phone = Annotated[str, Field(pattern=r"^[0-9 +()-]{5,24}$")]
HttpsUrl = Annotated[str, Field(pattern=r"^https://[a-z0-9.-]+(/[A-Za-z0-9._~/-]*)?$", max_length=200)]
HttpsOrigin = Annotated[str, Field(pattern=r"^https://[a-z0-9.-]+$", max_length=200)]
"""Where the hub publishes: messages name their source and schema by adding a path to it."""
PageAddress = Annotated[
    str, Field(pattern=r"^https://[a-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*$", max_length=200)
]
"""An address of the hub's own pages; on a laptop it has a port, and the API's path before the page's."""
PageBase = Annotated[PageAddress, Field(max_length=160)]
"""What the addresses of the pages begin with."""
Thread = Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]
"""One of several matters that run side by side in a series; it names none."""
HubText = Annotated[str, Field(pattern=r"^[A-Za-z0-9 ,.'&():-]{2,80}$")]
"""A configured phrase that goes into messages: no markup, no line ends, no quotes, so no header can be
injected."""


class HubContact(Contract):
    """The hub as messages name it, frozen with the notice so that a change of phone number rewrites no
    message."""

    hub_name: HubText
    duty_phone: Phone
    duty_hours: HubText
    out_of_hours_phone: Phone
    escalation_url: HttpsUrl
    publisher_url: HttpsOrigin
    reply_to: Annotated[str, Field(pattern=r"^[a-z0-9.+_-]+@[a-z0-9.-]+$", max_length=254)] | None
    marking: Annotated[str, Field(pattern=r"^[A-Z-]{4,18}$")]


class SupportContact(Contract):
    """A suggested service as the hub's directory lists it."""

    name: HubText
    phone: Phone | None = None


class FrozenLabels(Contract):
    """The hub's own words for the codes of one notice, frozen with it, so that a later change rewrites
    nothing.

    What the hub has no words for keeps the default ones; a team or council it does not list has no name.
    """

    outcomes: dict[Outcome, HubText] = Field(default_factory=dict)
    team: HubText | None = None
    receiving_la: HubText | None = None
    support: dict[SupportCode, SupportContact] = Field(default_factory=dict)
    early_help_working_days: Annotated[int, Field(ge=1, le=30)] = 5


class FrozenNotice(Contract):
    """What was decided and what the police check said; the same notice and pins give the same bytes.

    `police_form` has no default: a message without the police check cannot be built.
    """

    referral_ref: ReferralRef
    child_index: int
    decision_seq: int
    message_type: MessageType
    outcome: Outcome
    additional: tuple[Outcome, ...]
    reason_codes: tuple[ReasonCode, ...]
    support_codes: tuple[SupportCode, ...]
    next_step_codes: tuple[NextStep, ...]
    watch_for_codes: tuple[WatchFor, ...]
    info_needed_codes: tuple[InfoNeeded, ...]
    info_due_at: Instant | None
    plan_status: PlanStatus
    lead_role: LeadRole | None
    lead_team_code: RegistryCode | None
    response_change: ResponseChange | None
    receiving_la: RegistryCode | None
    transfer_accepted: bool | None = None
    family_contacted: bool | None = None
    leading_agency_id: AgencyId | None = None
    police_recommended_next_step: PoliceNextStep | None = None
    """Kept sealed here, and told to nobody; an older notice knew of none."""
    information_asked_of: tuple[AgencyId, ...] = ()
    unborn: bool = False
    expected_date_of_delivery: Day | None = None
    occurred_at: Instant
    received_at: Instant
    decided_at: Instant
    contact: HubContact
    police_form: PoliceCheck
    labels_version: str
    labels: FrozenLabels = Field(default_factory=FrozenLabels)
    confirm_base: PageBase | None = None
    """Where the page stood on which its readers confirm; an older notice knew of none."""


class UpdateFacts(Contract):
    """What happened, as codes; which of them are there follows from the series."""

    happened_at: Instant
    due_at: Instant | None = None
    """By when the reader may count on something, or is asked for it."""
    plan_status: PlanStatus | None = None
    lead_role: LeadRole | None = None
    lead_team_code: RegistryCode | None = None
    enquiry_result: S47Result | None = None
    enquiry_answer: EnquiryAnswer | None = None
    receiving_la: RegistryCode | None = None
    challenge_stage: Annotated[int, Field(ge=1, le=4)] | None = None
    challenge_result: ChallengeResult | None = None
    challenged_by: AgencyId | None = None
    changed_already: bool | None = None
    """Whether the decision was changed before its challenge ended."""
    reminder: Annotated[int, Field(ge=1, le=3)] | None = None
    next_reminder_at: Instant | None = None
    outcome: Outcome | None = None
    """The decided outcome, where the reader is told it beside the update's own news."""


class FrozenUpdate(Contract):
    """What is told beside the decisions: one notice per child and number in its series.

    As with a decision, the same update and pins give the same bytes, and `police_form` has no default.
    """

    referral_ref: ReferralRef
    child_index: int
    series: Series
    thread: Thread | None = None
    number: Annotated[int, Field(ge=1)]
    facts: UpdateFacts
    occurred_at: Instant
    received_at: Instant
    contact: HubContact
    police_form: PoliceCheck
    labels_version: str
    labels: FrozenLabels = Field(default_factory=FrozenLabels)
    confirm_base: PageBase | None = None


Frozen: TypeAlias = FrozenNotice | FrozenUpdate
"""Whatever a message is rendered from."""


class ToldBefore(Contract):
    """The earlier message this recipient had; `outcome` is None where that was a notice.

    `decision_seq` is the number that it showed, and `told_at` is None where nobody knows that it arrived.
    """

    decision_seq: int
    outcome: Outcome | None = None
    told_at: Instant | None = None


class SharedReferral(Contract):
    """The recipient's own referral, a duplicate of the one that was decided: messages name this one.

    `knows_original` says that the recipient is told about the other referral anyway, so it may be named.
    `decision_seq` is the own referral's version: what messages count is the sum of both, less one, so that it
    rises with either.
    """

    referral_ref: ReferralRef
    child_index: int
    decision_seq: int
    received_at: Instant
    knows_original: bool


class Pins(Contract):
    """What differs by recipient, fixed when the delivery is created."""

    agency_id: AgencyId
    agency_type: AgencyType
    role: Role
    channel: Channel
    level: Level
    message_type: MessageType
    message_id: MessageId
    template_version: str
    own_ref: str | None
    notice_reason: NoticeReason | None
    addressee: Addressee = Addressee.ROLE_MAILBOX
    told_before: ToldBefore | None = None
    duplicate: SharedReferral | None = None
    shown_seq: Annotated[int, Field(ge=1)] | None = None
    """The decision_seq that the message shows, where the decision's own would not rise for this reader."""
