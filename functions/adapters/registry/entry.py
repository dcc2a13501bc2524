"""One agency as applied, and whether what it is reached by has been verified."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import assert_never

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Item
from functions.domain.registry_rules import is_fresh
from schemas.codes import Addressee, AgencyType, Channel

ACTIVE = "ACTIVE"
INACTIVE = "INACTIVE"


@dataclass(frozen=True, slots=True)
class Entry:
    """One agency as applied; `version` rises with each change."""

    agency_id: str
    version: int
    status: str
    type: AgencyType
    name: str
    channels: tuple[Channel, ...]
    own_ref_pattern: str
    address: str | None
    mailbox_raised: bool
    url: str | None
    aliases: tuple[str, ...] = ()
    in_case_system: bool = False
    told_of_unborn: bool = False
    phone: str | None = None
    """Its desk's number, for whoever must ring."""
    verified_at: date | None = None
    lead_address: str | None = None
    lead_verified_at: date | None = None
    escalation_address: str | None = None
    """Of the one force that owes its forms: whom the last reminder goes to."""
    escalation_verified_at: date | None = None
    checked_url: str | None = None
    """The address whose owner has agreed to receive; another one is not posted to until it is checked."""
    canary: bool = False
    """Whether its agency agrees to a canary event every 15 minutes."""
    key_id: str | None = None
    """Of the newest key that signs for it; None where it has none, or an earlier release changed it last."""
    key_at: datetime | None = None

    @classmethod
    def of(cls, item: Item) -> "Entry":
        """Reads a G#<agency>/HEAD item; what an earlier release did not write is not verified."""
        return cls(
            agency_id=keys.agency_id_of(item),
            version=item["version"],
            status=item["status"],
            type=AgencyType(item["agency_type"]),
            name=item["name"],
            channels=tuple(map(Channel, item["channels"])),
            own_ref_pattern=item["own_ref_pattern"],
            address=item.get("address"),
            mailbox_raised=item.get("mailbox_raised", False),
            url=item.get("url"),
            aliases=tuple(item.get("aliases", ())),
            in_case_system=item.get("in_case_system", False),
            told_of_unborn=item.get("told_of_unborn", False),
            phone=item.get("phone"),
            verified_at=_day(item.get("verified_at")),
            lead_address=item.get("lead_address"),
            lead_verified_at=_day(item.get("lead_verified_at")),
            escalation_address=item.get("escalation_address"),
            escalation_verified_at=_day(item.get("escalation_verified_at")),
            checked_url=item.get("checked_url"),
            canary=item.get("canary", False),
            key_id=item.get("key_id"),
            key_at=datetime.fromisoformat(item["key_at"]) if "key_at" in item else None,
        )

    def address_for(self, addressee: Addressee) -> str | None:
        """Where e-mail for `addressee` goes, if the registry says."""
        match addressee:
            case Addressee.ROLE_MAILBOX:
                return self.address
            case Addressee.SAFEGUARDING_LEAD:
                return self.lead_address
            case Addressee.FORM_ESCALATION:
                return self.escalation_address
            case _:
                assert_never(addressee)

    def verified_on(self, addressee: Addressee) -> date | None:
        """The day on which somebody last made sure that `addressee`'s mailbox is the agency's."""
        match addressee:
            case Addressee.ROLE_MAILBOX:
                return self.verified_at
            case Addressee.SAFEGUARDING_LEAD:
                return self.lead_verified_at
            case Addressee.FORM_ESCALATION:
                return self.escalation_verified_at
            case _:
                assert_never(addressee)

    def is_verified(self, channel: Channel, addressee: Addressee, today: date) -> bool:
        """Whether somebody made sure, recently enough, that this way leads to the agency."""
        if channel is Channel.WEBHOOK:
            return self.url is not None and self.checked_url == self.url
        verified = self.verified_on(addressee)
        return verified is not None and is_fresh(verified, today)


def wants_canaries(head: Item) -> bool:
    """Whether the agency of this item agrees to canaries, and the owner of its address to receive there."""
    url = head.get("url")
    checked = url is not None and url == head.get("checked_url")
    return checked and head.get("status") == ACTIVE and bool(head.get("canary"))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
