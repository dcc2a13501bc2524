"""A referral arriving at the MASH or the emergency duty service, under DetailType REFERRAL_RECEIVED,
version 1.0."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from schemas.base import Contract, ContradictionError, Instant, ReferralRef
from schemas.codes import CinSource, EventType, Rag, ReferralKind
from schemas.decision import ChildIndex, Envelope, NamedAgency

ChildPseudonym = Annotated[str, Field(pattern=r"^[0-9a-f]{32,64}$")]
"""A pseudonym that the hub made: hexadecimal, so that no name fits into it."""


class ReferredChildEntry(Contract):
    """One child of the referral; `child_index` follows the order on the referral."""

    child_index: ChildIndex
    unborn: bool
    child_pseudonym: ChildPseudonym | None = None


class ReferralReceived(Envelope):
    """The moment the clocks start from: arrival, by whatever way and at whatever hour, never "opened at"."""

    event_type: Literal[EventType.REFERRAL_RECEIVED]
    referral_ref: ReferralRef
    kind: ReferralKind
    received_at: Instant
    rag: Rag | None = None
    source_code: CinSource
    referring_agency: NamedAgency | None
    children: Annotated[tuple[ReferredChildEntry, ...], Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def _each_child_is_listed_once(self) -> Self:
        listed = [child.child_index for child in self.children]
        if len(listed) != len(set(listed)):
            raise ContradictionError("children", "each child once")
        pseudonyms = [child.child_pseudonym for child in self.children if child.child_pseudonym]
        if len(pseudonyms) != len(set(pseudonyms)):
            raise ContradictionError(
                "children", "each pseudonym once: two siblings must not become one child"
            )
        return self
