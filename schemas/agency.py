"""The registry of agencies: who they are, how each is reached, how far its mailbox is trusted."""

import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, EmailStr, Field, model_validator

from schemas.base import AgencyId, Contract, SafePattern
from schemas.codes import AgencyType, Channel


def _in_plain_letters(address: str) -> str:
    """SES takes no others, and a reviewer cannot tell some of them from ours."""
    if not address.isascii():
        raise ValueError("an address has ASCII letters only")
    return address


Address = Annotated[EmailStr, Field(max_length=320), AfterValidator(_in_plain_letters)]
WebhookUrl = Annotated[
    str, Field(pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]{2,5})?(/[A-Za-z0-9._~/-]*)?$", max_length=300)
]


class Mailbox(Contract):
    """A role mailbox; `managed` raises one outside the managed domains and then needs its two approvals
    (6.2)."""

    address: Address
    verified_at: datetime.date
    managed: bool = False
    dpo_ref: str | None = None
    approvers: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _raising_a_mailbox_needs_two_people_and_a_reference(self) -> Self:
        if self.managed and (self.dpo_ref is None or len(set(self.approvers)) < 2):  # noqa: PLR2004
            raise ValueError("managed = true needs dpo_ref and two different approvers")
        return self


class Endpoint(Contract):
    url: WebhookUrl


class Agency(Contract):
    """One agency of the registry, as reviewed people wrote it."""

    id: AgencyId
    type: AgencyType
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9 ,.'&()-]{2,80}$")]
    channels: tuple[Channel, ...]
    own_ref_pattern: SafePattern
    email: Mailbox | None = None
    webhook: Endpoint | None = None

    @model_validator(mode="after")
    def _each_channel_has_its_address(self) -> Self:
        if Channel.EMAIL in self.channels and self.email is None:
            raise ValueError("channels lists email, but there is no [agency.email]")
        if Channel.WEBHOOK in self.channels and self.webhook is None:
            raise ValueError("channels lists webhook, but there is no [agency.webhook]")
        return self


class Registry(Contract):
    """The whole reviewed file; who approved it must not be who applies it."""

    approved_by: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
    agency: tuple[Agency, ...]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        ids = [agency.id for agency in self.agency]
        if len(ids) != len(set(ids)):
            raise ValueError("agency ids must be unique")
        return self
