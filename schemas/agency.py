"""The registry that two people review: the agencies, how each is reached and trusted, the hub's own words."""

import datetime
import re
from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import BeforeValidator, EmailStr, Field, model_validator

from schemas.base import AgencyId, Contract, SafePattern
from schemas.codes import AgencyType, Channel
from schemas.hub_directory import HubDirectory
from schemas.notice import Phone

_PLAIN = re.compile(r"[A-Za-z0-9.+_-]+@[A-Za-z0-9.-]+")


def _in_plain_letters(address: object) -> object:
    """SES takes no others, a reviewer cannot tell some of them from ours, and the rest could end a header.

    Before the validator of addresses, which reads `Desk <desk@agency.example>` too, and drops the name.
    """
    if isinstance(address, str) and not _PLAIN.fullmatch(address):
        raise ValueError("an address is letters, digits and . + _ - around one @, and nothing else")
    return address


Address = Annotated[EmailStr, Field(max_length=320), BeforeValidator(_in_plain_letters)]
PersonRole = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
"""Who approves: a role that one person holds, as the hub names it."""
WebhookUrl = Annotated[
    str, Field(pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]{2,5})?(/[A-Za-z0-9._~/-]*)?$", max_length=300)
]


class Mailbox(Contract):
    """A role mailbox; `managed` raises one outside the managed domains and then needs its two approvals
    (6.2)."""

    address: Address
    verified_at: datetime.date
    managed: bool = False
    dpo_ref: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./-]{1,39}$")] | None = None
    approvers: tuple[PersonRole, ...] = ()

    @model_validator(mode="after")
    def _raising_a_mailbox_needs_two_people_and_a_reference(self) -> Self:
        if self.managed and (self.dpo_ref is None or len(set(self.approvers)) < 2):  # noqa: PLR2004
            raise ValueError("managed = true needs dpo_ref and two different approvers")
        return self


class Endpoint(Contract):
    """Where outcomes are posted; `canary` agrees to a signed event without any news, every 15 minutes."""

    url: WebhookUrl
    canary: bool = False


class Agency(Contract):
    """One agency of the registry, as reviewed people wrote it."""

    id: AgencyId
    type: AgencyType
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9 ,.'&()-]{2,80}$")]
    aliases: tuple[AgencyId, ...] = ()
    """Other names that senders still use for it, in lower case: an old code routes once, to here."""
    channels: tuple[Channel, ...]
    in_case_system: bool = False
    """Its staff read outcomes in the hub's own case system, so no message repeats them."""
    told_of_unborn: bool = False
    """Whether this health visiting or midwifery service is told of each unborn child without being named."""
    phone: Phone | None = None
    """Its desk's, for whoever must ring: a role's number like the mailbox, no person's. No message shows it.
    """
    own_ref_pattern: SafePattern
    email: Mailbox | None = None
    safeguarding_lead: Mailbox | None = None
    """The one person's mailbox that is told where staff of the agency are linked to the child."""
    form_escalation: Mailbox | None = None
    """Marks the force that owes the hub its forms, and says which of its roles the last reminder goes to."""
    webhook: Endpoint | None = None

    @model_validator(mode="after")
    def _each_channel_has_its_address(self) -> Self:
        if Channel.FALLBACK in self.channels:
            raise ValueError("channels lists fallback: it is chosen by itself where a webhook fails")
        if Channel.EMAIL in self.channels and self.email is None:
            raise ValueError("channels lists email, but there is no [agency.email]")
        if Channel.WEBHOOK in self.channels and self.webhook is None:
            raise ValueError("channels lists webhook, but there is no [agency.webhook]")
        return self

    @property
    def mailboxes(self) -> Iterator[tuple[str, Mailbox]]:
        """Each mailbox that it has, with its table's name."""
        for field in ("email", "safeguarding_lead", "form_escalation"):
            if (mailbox := getattr(self, field)) is not None:
                yield field, mailbox

    @model_validator(mode="after")
    def _only_the_police_owe_their_form(self) -> Self:
        if self.form_escalation is not None and self.type is not AgencyType.POLICE:
            raise ValueError("[agency.form_escalation] is for POLICE only")
        return self

    @model_validator(mode="after")
    def _only_health_visiting_and_midwifery_are_told_of_unborn_children(self) -> Self:
        if self.told_of_unborn and self.type not in TOLD_OF_UNBORN:
            raise ValueError("told_of_unborn is for HEALTH_VISITING and MIDWIFERY only")
        return self


TOLD_OF_UNBORN = frozenset({AgencyType.HEALTH_VISITING, AgencyType.MIDWIFERY})


class Registry(Contract):
    """The whole reviewed file; who approved it must not be who applies it."""

    approved_by: PersonRole
    hub: HubDirectory = Field(default_factory=HubDirectory)
    agency: tuple[Agency, ...]

    @model_validator(mode="after")
    def _each_name_means_one_agency(self) -> Self:
        names = [name for agency in self.agency for name in (agency.id, *agency.aliases)]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"each id or alias must mean one agency; these stand twice: {', '.join(twice)}")
        return self

    @model_validator(mode="after")
    def _one_force_owes_the_form(self) -> Self:
        if sum(agency.form_escalation is not None for agency in self.agency) > 1:
            raise ValueError("[agency.form_escalation] marks one force: no other is reminded")
        return self
