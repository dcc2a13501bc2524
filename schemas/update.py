"""What an agency's system receives beside the decisions: CloudEvents 1.0, structured JSON, type
uk.mash.update.v1."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from schemas.base import Contract, Instant, ReferralRef, RegistryCode
from schemas.codes import (
    ChallengeResult,
    EnquiryAnswer,
    Level,
    MessageType,
    NextStep,
    Outcome,
    S47Result,
    Series,
)
from schemas.notice import HttpsUrl, PageAddress, Thread
from schemas.outcome import ToldContact, ToldPlan, ToldPoliceForm

UpdateType: TypeAlias = Literal[
    MessageType.ACKNOWLEDGEMENT,
    MessageType.CONTRIBUTION_REQUEST,
    MessageType.MILESTONE_UPDATE,
    MessageType.PLAN_STATUS_UPDATE,
    MessageType.POLICE_INVESTIGATION_UPDATE,
    MessageType.CASE_CLOSED_UPDATE,
    MessageType.RA_REMINDER,
    MessageType.RA_STATUS_UPDATE,
    MessageType.STALE_PLAN_REMINDER,
    MessageType.JOINT_CASE_REMINDER,
    MessageType.CHALLENGE_UPDATE,
    MessageType.WITHDRAWN_NOTICE,
    MessageType.ENQUIRY_ANSWER,
]
"""Every sort of message but an outcome's two."""


class ToldNews(Contract):
    """What happened; ignore one whose `number` is lower than the newest you hold for the child, the series
    and the `thread`.

    `thread` tells apart what runs side by side, as two challenges or two police investigations do: neither
    takes the other's place.
    `text` is what the e-mail says, for whoever reads it on a screen; the codes are for the system.
    """

    series: Series
    thread: Thread | None
    number: Annotated[int, Field(ge=1)]
    happened_at: Instant
    due_at: Instant | None
    enquiry_result: S47Result | None
    enquiry_answer: EnquiryAnswer | None
    receiving_la: RegistryCode | None
    challenge_stage: Annotated[int, Field(ge=1, le=4)] | None
    challenge_result: ChallengeResult | None
    decision_seq: Annotated[int, Field(ge=1)] | None
    """Of a withdrawal: your decisions about the child up to this number count no more."""
    reminder: Annotated[int, Field(ge=1, le=3)] | None
    next_reminder_at: Instant | None
    outcome: Outcome | None
    text: tuple[str, ...]


class UpdateData(Contract):
    """Every key is always present; what the recipient's level withholds is null or empty.

    `police_form` has no default and is never null: a message without the police check cannot be built.
    """

    referral_ref: ReferralRef
    child_index: Annotated[int, Field(ge=1)] | None
    own_ref: str | None
    level: Level
    message_type: UpdateType
    news: ToldNews | None
    said_instead: Annotated[str, Field(min_length=1)] | None
    police_form: ToldPoliceForm
    next_steps: tuple[NextStep, ...]
    plan: ToldPlan | None
    contact: ToldContact
    confirm_url: PageAddress | None
    police_form_url: PageAddress | None


class UpdateEvent(Contract):
    """The CloudEvent; the same `id` always has the same bytes, so a repeat can be dropped unread."""

    specversion: Literal["1.0"] = "1.0"
    id: Annotated[str, Field(pattern=r"^msg_[0-9a-f]{32}$")]
    source: HttpsUrl
    type: Literal["uk.mash.update.v1"] = "uk.mash.update.v1"
    subject: ReferralRef
    time: Instant
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: HttpsUrl
    protectivemarking: str
    data: UpdateData
