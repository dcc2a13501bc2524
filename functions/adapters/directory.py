"""The agencies as the service knows them: loaded from the reviewed registry, each change in the trail."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from functions.adapters.errors import FinalError
from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Chain, Fact, Tip
from functions.adapters.ledger.store import Item, Store
from functions.domain.record import uid
from schemas.codes import AgencyType, AuditKind, Channel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schemas.agency import Agency, Registry

ACTIVE = "ACTIVE"


class NotTwoPeopleError(FinalError):
    """The person who approved a registry would be the one who applies it."""


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

    @classmethod
    def of(cls, item: Item) -> "Entry":
        """Reads a G#<agency>/HEAD item."""
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
        )


class Directory:
    """Reads and applies the registry."""

    def __init__(self, store: Store, chain: Chain) -> None:
        self._store = store
        self._chain = chain

    def find(self, agency_ids: "Iterable[str]") -> dict[str, Entry]:
        """The entries that exist among `agency_ids`."""
        wanted = [(self._store.state, keys.agency(agency_id), keys.HEAD) for agency_id in set(agency_ids)]
        if not wanted:
            return {}
        found = map(Entry.of, self._store.get_many(wanted).values())
        return {entry.agency_id: entry for entry in found}

    def apply(self, registry: "Registry", *, applier: str, now: datetime) -> list[str]:
        """Writes each agency that differs from what is applied, with its trail row; returns their ids.

        Raises NotTwoPeopleError when `applier` is the registry's approver.
        """
        if applier == registry.approved_by:
            raise NotTwoPeopleError("approved_by must not be the applier")
        return [agency.id for agency in registry.agency if self._apply(agency, registry, applier, now)]

    def _apply(self, agency: "Agency", registry: "Registry", applier: str, now: datetime) -> bool:
        pk = keys.agency(agency.id)
        head = self._store.get(self._store.state, pk, keys.HEAD) or {}
        wanted = _attributes(agency)
        if all(head.get(name) == value for name, value in wanted.items()):
            return False
        version = head.get("version", 0) + 1
        fact = Fact(
            kind=AuditKind.REGISTRY_CHANGE,
            uid=uid("REGISTRY_CHANGE", agency.id, str(version)),
            actor=applier,
            cause="registry",
            details={"old_version": version - 1, "version": version, "approver": registry.approved_by},
            agency_id=agency.id,
        )
        self._store.write(
            self._chain.append(pk, Tip.of(head), [fact], now, head={**wanted, "version": version})
        )
        return True


def _attributes(agency: "Agency") -> dict[str, Any]:
    return {
        "status": ACTIVE,
        "agency_type": agency.type.value,
        "name": agency.name,
        "channels": [channel.value for channel in agency.channels],
        "own_ref_pattern": agency.own_ref_pattern,
        "address": agency.email.address if agency.email else None,
        "mailbox_raised": agency.email.managed if agency.email else False,
        "url": agency.webhook.url if agency.webhook else None,
    }
