"""Writing a reviewed registry: each change in one transaction with its trail row, signed by two people."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from functions.adapters.errors import ContendedError, FinalError
from functions.adapters.ledger import canaries, keys, store
from functions.adapters.ledger.chain import Chain, Fact, Tip
from functions.adapters.ledger.items import ABOUT_NO_CHILD, end_task
from functions.adapters.ledger.store import Condition, ConditionsFailedError, Item, Part, Store
from functions.adapters.registry.diff import Change, ChangeKind, planned
from functions.adapters.registry.entry import wants_canaries
from functions.domain.clock import uk_day
from functions.domain.record import uid
from functions.domain.registry_rules import Problem, Stage, problems, stale_verifications
from schemas.codes import AuditKind, TaskKind
from schemas.hub_directory import HubDirectory

if TYPE_CHECKING:
    from schemas.agency import Registry

_ADDRESSES = frozenset(
    {
        "address",
        "verified_at",
        "lead_address",
        "lead_verified_at",
        "escalation_address",
        "escalation_verified_at",
    }
)


class NotTwoPeopleError(FinalError):
    """Somebody who approved a registry, or a mailbox in it, would be the one who applies it."""


class RegistryRefusedError(FinalError):
    """The registry says what no registry may, or an agency that changes has an address nobody verified."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class RemovalError(FinalError):
    """Agencies that are applied are not in the file, and nobody said that they may go."""


class ChangedMeanwhileError(ContendedError):
    """Somebody else changed the registry after it was read: look at the changes again, then apply again."""


@dataclass(frozen=True, slots=True)
class Applied:
    """The registry as it stands: the hub's item, which lists every agency, and each agency's."""

    hub: Item
    heads: Mapping[str, Item]

    @property
    def directory(self) -> HubDirectory | None:
        """The hub's own directory; None before the first registry."""
        return HubDirectory.model_validate_json(self.hub["directory"]) if "directory" in self.hub else None

    @property
    def unborn(self) -> tuple[str, ...]:
        return tuple(self.hub.get("unborn", ()))

    def changes_to(self, registry: "Registry") -> tuple[Change, ...]:
        return planned(registry, self.heads, self.directory)


class Application:
    """One registry on its way into the tables, with who approved and who applies it."""

    def __init__(
        self, store: Store, chain: Chain, registry: "Registry", stage: Stage, *, applier: str, now: datetime
    ) -> None:
        self._store = store
        self._chain = chain
        self._registry = registry
        self._stage = stage
        self._applier = applier
        self._now = now
        self._alias_owner = {alias: agency.id for agency in registry.agency for alias in agency.aliases}

    def write(
        self, applied: Applied, *, allow_removal: bool, expected: tuple[Change, ...] | None
    ) -> tuple[Change, ...]:
        """The hub's item first: it lists the agencies, so that one half applied is never forgotten."""
        refuse_one_person(self._registry, self._applier)
        changes = applied.changes_to(self._registry)
        if expected is not None and changes != expected:
            raise ChangedMeanwhileError("the registry is not what it was when its changes were shown")
        refuse_problems(self._registry, changes, self._stage, self._now)
        refuse_removals(changes, allowed=allow_removal)
        self._write_hub(applied)
        for change in changes:
            if change.agency_id is not None:
                self._write_agency(change.agency_id, change, applied.heads.get(change.agency_id, {}))
        return changes

    def _write_hub(self, applied: Applied) -> None:
        wanted: dict[str, Any] = {
            "agencies": sorted({*applied.heads, *(agency.id for agency in self._registry.agency)}),
            "unborn": sorted(agency.id for agency in self._registry.agency if agency.told_of_unborn),
        }
        fields = [name for name, value in wanted.items() if applied.hub.get(name) != value]
        if applied.directory != self._registry.hub:
            wanted["directory"] = self._registry.hub.model_dump_json()
            fields.append("directory")
        if fields:
            parts = self._change(keys.HUB, applied.hub, wanted, fields)
            self._write("the hub's directory", parts)

    def _write_agency(self, agency_id: str, change: Change, head: Item) -> None:
        wanted = {field.name: field.new for field in change.fields}
        url = wanted.get("url", head.get("url"))
        if change.kind is ChangeKind.REACTIVATED or ("url" in wanted and url == head.get("checked_url")):
            # What was agreed to before it was changed, or before the agency went, is asked again.
            wanted["checked_url"] = None
        fields = [field.name for field in change.fields]
        parts = self._change(keys.agency(agency_id), head, wanted, fields, agency_id)
        parts += self._mended(agency_id, fields) if head else []
        before = set(head.get("aliases", ()))
        after = set() if change.kind is ChangeKind.DEACTIVATED else self._aliases(agency_id)
        aliases = self._alias_parts(agency_id, before, after)
        agrees_anew = wants_canaries(head) != wants_canaries({**head, **wanted})
        canary = [canaries.due_now(self._store, agency_id, self._now)] if agrees_anew else []
        self._write(agency_id, [*parts, *aliases, *canary])

    def _mended(self, agency_id: str, fields: Sequence[str]) -> list[Part]:
        """Another address, or one verified anew, is what whoever had to find it was asked for."""
        pk, sk = keys.agency(agency_id), keys.task(TaskKind.MEND_ADDRESS, ABOUT_NO_CHILD, agency_id)
        if _ADDRESSES.isdisjoint(fields) or self._store.get(self._store.state, pk, sk) is None:
            return []
        return [end_task(self._store, pk, sk)]

    def _aliases(self, agency_id: str) -> set[str]:
        return {alias for alias, owner in self._alias_owner.items() if owner == agency_id}

    def _alias_parts(self, agency_id: str, before: set[str], after: set[str]) -> list[Part]:
        """Sets the agency's aliases, and unsets those it had.

        One that another agency of the file takes over is left for that one to overwrite.
        """
        taken = [self._alias(alias, store.Change({"agency": agency_id})) for alias in sorted(after)]
        left = [
            self._alias(
                alias, store.Change({}, remove=("agency",)), Condition("#agency = :ours", {"ours": agency_id})
            )
            for alias in self._still_held(agency_id, before - self._alias_owner.keys())
        ]
        return [*taken, *left]

    def _still_held(self, agency_id: str, aliases: set[str]) -> list[str]:
        at = {alias: (self._store.state, keys.agency(alias), keys.ALIAS) for alias in sorted(aliases)}
        found = self._store.get_many(at.values()) if at else {}
        return [alias for alias, address in at.items() if found.get(address, {}).get("agency") == agency_id]

    def _alias(self, alias: str, change: store.Change, condition: Condition | None = None) -> Part:
        address = (keys.agency(alias), keys.ALIAS)
        return self._store.update(
            f"alias {alias}", self._store.state, address, change=change, condition=condition
        )

    def _change(
        self,
        pk: str,
        head: Item,
        wanted: Mapping[str, Any],
        fields: Sequence[str],
        agency_id: str | None = None,
    ) -> list[Part]:
        """The row that says who changed which fields, and the item as it becomes.

        Its identity covers the content and both people: two appliers who reach for the same version must not
        take each other's row for their own.
        """
        old = head.get("version", 0)
        content = json.dumps([self._applier, self._registry.approved_by, wanted], sort_keys=True)
        fact = Fact(
            kind=AuditKind.REGISTRY_CHANGE,
            uid=uid("REGISTRY_CHANGE", pk, str(old + 1), content),
            actor=self._applier,
            cause="registry",
            details={
                "old_version": old,
                "version": old + 1,
                "approver": self._registry.approved_by,
                "fields": sorted(fields),
            },
            agency_id=agency_id,
        )
        return self._chain.append(pk, Tip.of(head), [fact], self._now, head={**wanted, "version": old + 1})

    def _write(self, what: str, parts: Sequence[Part]) -> None:
        try:
            self._store.write(parts)
        except (ContendedError, ConditionsFailedError) as exc:
            raise ChangedMeanwhileError(f"somebody else changed {what} at the same time") from exc


def refuse_problems(registry: "Registry", changes: Sequence[Change], stage: Stage, now: datetime) -> None:
    """Raises RegistryRefusedError for the whole file's problems, and for addresses not verified lately.

    Those only where the agency changes: an address that ran out is not written to anyhow, and must not keep
    the rest of the county from a change.
    """
    found = [*problems(registry, stage), *stale_among(registry, changes, now)]
    if found:
        raise RegistryRefusedError(found)


def stale_among(registry: "Registry", changes: Sequence[Change], now: datetime) -> Sequence[Problem]:
    """Addresses not verified lately, of the agencies that `changes` touch; a day is a day in the UK."""
    touched = {change.agency_id for change in changes}
    agencies = [agency for agency in registry.agency if agency.id in touched]
    return stale_verifications(agencies, uk_day(now))


def refuse_removals(changes: Sequence[Change], *, allowed: bool) -> None:
    """Raises RemovalError listing the agencies that would go: half a file must not silence half a county."""
    gone = [str(change.agency_id) for change in changes if change.kind is ChangeKind.DEACTIVATED]
    if gone and not allowed:
        raise RemovalError(", ".join(gone))


def refuse_one_person(registry: "Registry", applier: str) -> None:
    """Raises NotTwoPeopleError where the applier is who approved the file, or the raising of a mailbox in it.

    A caller's ARN names role and session: `arn:aws:sts::1:assumed-role/operators/safeguarding-lead`.
    """
    raising = {
        approver: f"[agency {agency.id}] {field}.approvers"
        for agency in registry.agency
        for field, mailbox in agency.mailboxes
        if mailbox.managed
        for approver in mailbox.approvers
    }
    approved = {registry.approved_by: "approved_by"} | raising
    names = {applier.casefold(), *re.split(r"[:/@]", applier.casefold())}
    for approver, where in approved.items():
        if approver.casefold() in names:
            raise NotTwoPeopleError(f"{where} names {approver}, who applies it: another person must apply it")
