"""What a reviewed registry would change: each agency and the hub's directory, field by field, old to new."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from functions.adapters.registry.entry import ACTIVE, INACTIVE
from schemas.hub_directory import HubDirectory

if TYPE_CHECKING:
    from functions.adapters.ledger.store import Item
    from schemas.agency import Agency, Mailbox, Registry

_ABSENT_MEANS: Mapping[str, Any] = {
    "aliases": [],
    "approvers": [],
    "in_case_system": False,
    "told_of_unborn": False,
    "mailbox_raised": False,
    "canary": False,
}
"""How an item reads that an earlier release wrote without the attribute; any other is then None."""


class ChangeKind(StrEnum):
    ADDED = "ADDED"
    CHANGED = "CHANGED"
    DEACTIVATED = "DEACTIVATED"
    REACTIVATED = "REACTIVATED"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One attribute, as it is applied and as the file has it."""

    name: str
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class Change:
    """What would become of one agency, or of the hub's own directory where `agency_id` is None."""

    agency_id: str | None
    kind: ChangeKind
    fields: tuple[FieldChange, ...]

    def new(self, name: str) -> object:
        """What the field becomes; None where it is not among those that change."""
        return next((field.new for field in self.fields if field.name == name), None)

    def changes(self, name: str) -> bool:
        return any(field.name == name for field in self.fields)


def attributes(agency: "Agency") -> dict[str, Any]:
    """The agency as its item holds it; secrets are elsewhere."""
    lead, escalation = agency.safeguarding_lead, agency.form_escalation
    return {
        "status": ACTIVE,
        "agency_type": agency.type.value,
        "name": agency.name,
        "aliases": sorted(agency.aliases),
        "channels": [channel.value for channel in agency.channels],
        "in_case_system": agency.in_case_system,
        "told_of_unborn": agency.told_of_unborn,
        "phone": agency.phone,
        "own_ref_pattern": agency.own_ref_pattern,
        "address": agency.email.address if agency.email else None,
        "verified_at": _day(agency.email),
        "mailbox_raised": agency.email.managed if agency.email else False,
        "dpo_ref": agency.email.dpo_ref if agency.email else None,
        "approvers": sorted(agency.email.approvers) if agency.email else [],
        "lead_address": lead.address if lead else None,
        "lead_verified_at": _day(lead),
        "escalation_address": escalation.address if escalation else None,
        "escalation_verified_at": _day(escalation),
        "url": agency.webhook.url if agency.webhook else None,
        "canary": agency.webhook.canary if agency.webhook else False,
    }


def _day(mailbox: "Mailbox | None") -> str | None:
    return mailbox.verified_at.isoformat() if mailbox else None


def planned(
    registry: "Registry", heads: Mapping[str, "Item"], directory: HubDirectory | None
) -> tuple[Change, ...]:
    """The changes, the hub's directory first; `heads` are the agencies as applied, `directory` likewise."""
    in_file = {agency.id for agency in registry.agency}
    gone = (name for name in heads if name not in in_file and heads[name]["status"] == ACTIVE)
    found: Iterable[Change | None] = (
        _of_hub(registry.hub, directory),
        *(_of_agency(agency, heads.get(agency.id)) for agency in registry.agency),
        *(_deactivated(name, heads[name]) for name in sorted(gone)),
    )
    return tuple(change for change in found if change is not None)


def _of_hub(wanted: HubDirectory, applied: HubDirectory | None) -> Change | None:
    before = applied or HubDirectory()
    fields = tuple(
        FieldChange(name, getattr(before, name), getattr(wanted, name))
        for name in HubDirectory.model_fields
        if getattr(before, name) != getattr(wanted, name)
    )
    if applied is None:
        return Change(None, ChangeKind.ADDED, fields)
    return Change(None, ChangeKind.CHANGED, fields) if fields else None


def _of_agency(agency: "Agency", head: "Item | None") -> Change | None:
    before = head or {}
    fields = tuple(
        FieldChange(name, old, new)
        for name, new in attributes(agency).items()
        if (old := before.get(name, _ABSENT_MEANS.get(name))) != new
    )
    if head is None:
        return Change(agency.id, ChangeKind.ADDED, fields)
    if head["status"] != ACTIVE:
        return Change(agency.id, ChangeKind.REACTIVATED, fields)
    return Change(agency.id, ChangeKind.CHANGED, fields) if fields else None


def _deactivated(agency_id: str, head: "Item") -> Change:
    """Its other names stop meaning it; the rest stays, for whoever asks later where a message went."""
    fields = [FieldChange("status", ACTIVE, INACTIVE)]
    if aliases := head.get("aliases"):
        fields.append(FieldChange("aliases", aliases, []))
    return Change(agency_id, ChangeKind.DEACTIVATED, tuple(fields))
