"""The agencies as the service knows them: loaded from the reviewed registry, each change in the trail."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.store import Item, Store
from functions.adapters.registry.apply import Application, Applied
from functions.adapters.registry.diff import Change
from functions.adapters.registry.endpoint_rows import EndpointRows
from functions.adapters.registry.entry import ACTIVE, INACTIVE, Entry
from functions.adapters.registry.obstacles import Obstacles, Rest, places
from functions.domain.registry_rules import VERIFIED_FOR_DAYS, Stage
from schemas.hub_directory import HubDirectory

if TYPE_CHECKING:
    from schemas.agency import Registry

__all__ = ["ACTIVE", "INACTIVE", "VERIFIED_FOR_DAYS", "Change", "Directory", "Entry", "Listing"]

MOST_ITEMS_A_CALL = 100
NO_ADDITIONS = Stage()


@dataclass(frozen=True, slots=True)
class Listing:
    """What one event needs of the registry."""

    entries: dict[str, Entry]
    """By the name that was asked for; agencies that are not active, or not known, are left out."""
    hub: HubDirectory
    unborn: tuple[str, ...]
    """Ids of the agencies that are told of each unborn child without being named."""


class Directory:
    """Reads and applies the registry."""

    def __init__(self, store: Store, chain: Chain) -> None:
        self._store = store
        self._chain = chain
        self._endpoints = EndpointRows(store, chain)

    def look_up(self, names: Iterable[str]) -> Listing:
        """The agencies meant by `names`, at most 49 ids or aliases, with the hub's directory.

        One read; a second where an alias is used, since only its item says whose it is.
        """
        head = {name: (self._store.state, keys.agency(name), keys.HEAD) for name in names}
        alias = {name: (self._store.state, keys.agency(name), keys.ALIAS) for name in head}
        hub = (self._store.state, keys.HUB, keys.HEAD)
        found = self._store.get_many([*head.values(), *alias.values(), hub])
        meant = {
            name: found[at]["agency"]
            for name, at in alias.items()
            if not _is_active(found.get(head[name])) and "agency" in found.get(at, {})
        }
        behind = self._heads(meant.values())
        items = {
            name: behind.get(meant[name]) if name in meant else found.get(at) for name, at in head.items()
        }
        applied = Applied(found.get(hub, {}), {})
        return Listing(
            entries={name: Entry.of(item) for name, item in items.items() if item and _is_active(item)},
            hub=applied.directory or HubDirectory(),
            unborn=tuple(applied.unborn),
        )

    def all(self) -> list[Entry]:
        """Every agency that was ever applied, also those no longer active, by id."""
        return [Entry.of(item) for _, item in sorted(self._applied().heads.items())]

    def obstacles(self, entries: Collection[Entry]) -> dict[str, Obstacles]:
        """What nothing gets past to each of these agencies, by id."""
        wanted = ((self._store.state, *place) for entry in entries for place in places(entry))
        found = {
            (pk, sk): item
            for some in _in_parts(wanted)
            for (_, pk, sk), item in self._store.get_many(some).items()
        }
        return {entry.agency_id: Obstacles.of(entry, found) for entry in entries}

    def at_rest(self) -> list[Rest]:
        """The endpoints to which nothing goes now, by agency."""
        hub = self._store.get(self._store.state, keys.HUB, keys.HEAD) or {}
        ids = sorted(hub.get("agencies", ()))
        wanted = ((self._store.state, keys.agency(name), keys.ENDPOINT) for name in ids)
        found = {at: item for some in _in_parts(wanted) for at, item in self._store.get_many(some).items()}
        items = ((name, found.get((self._store.state, keys.agency(name), keys.ENDPOINT), {})) for name in ids)
        return [rest for name, item in items if (rest := Rest.of(name, item))]

    def history(self, agency_id: str) -> list[Item]:
        """Every entry of the trail about the agency itself, in order."""
        return self._store.partition(self._store.audit, keys.agency(agency_id), keys.ENTRY_PREFIX)

    def plan(self, registry: "Registry") -> tuple[Change, ...]:
        """What applying `registry` would change; the hub's own directory comes first."""
        return self._applied().changes_to(registry)

    def apply(
        self,
        registry: "Registry",
        *,
        applier: str,
        now: datetime,
        allow_removal: bool = False,
        stage: Stage = NO_ADDITIONS,
        expected: tuple[Change, ...] | None = None,
    ) -> tuple[Change, ...]:
        """Writes what differs, each agency in a transaction with its trail row; returns the changes.

        `expected` is the plan that a person has agreed to. Raises NotTwoPeopleError, RegistryRefusedError,
        RemovalError, and ChangedMeanwhileError if another applier was faster or the plan is no longer that.
        """
        application = Application(self._store, self._chain, registry, stage, applier=applier, now=now)
        return application.write(self._applied(), allow_removal=allow_removal, expected=expected)

    def mark_checked(self, agency_id: str, url: str, *, by: str, method: str, now: datetime) -> None:
        """From now on `url` may be posted to: its owner agreed by `method`.

        Raises ChangedMeanwhileError if the agency has another URL by now, UnknownAgencyError for no agency.
        """
        self._endpoints.checked(agency_id, url, by=by, method=method, now=now)

    def mark_not_checked(
        self, agency_id: str, url: str, *, by: str, method: str, result: str, now: datetime
    ) -> None:
        """The check of `url` failed, and the code `result` says how: a row, and no change."""
        self._endpoints.not_checked(agency_id, url, by=by, method=method, result=result, now=now)

    def _applied(self) -> Applied:
        hub = self._store.get(self._store.state, keys.HUB, keys.HEAD) or {}
        return Applied(hub, self._heads(hub.get("agencies", ())))

    def _heads(self, agency_ids: Iterable[str]) -> dict[str, Item]:
        """The HEAD items that exist among those of `agency_ids`, by id."""
        wanted = ((self._store.state, keys.agency(name), keys.HEAD) for name in dict.fromkeys(agency_ids))
        found: list[Item] = []
        for some in _in_parts(wanted):
            found += self._store.get_many(some).values()
        return {keys.agency_id_of(item): item for item in found}


def _in_parts(wanted: Iterator[tuple[str, str, str]]) -> Iterator[list[tuple[str, str, str]]]:
    while some := list(islice(wanted, MOST_ITEMS_A_CALL)):
        yield some


def _is_active(head: Item | None) -> bool:
    return head is not None and head["status"] == ACTIVE
