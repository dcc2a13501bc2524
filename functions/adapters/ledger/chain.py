"""Appending to the trail: gapless sequence, link to the record before, salt, own identity (audit
sections 4 and 5)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import ABSENT, Change, Condition, Item, Part, Store, to_item
from functions.domain.reconciliation.arrivals import came_in, refused_after_waiting
from functions.domain.record import GENESIS, commitment
from schemas.base import instant_text
from schemas.codes import AuditKind

RECORD_VERSION = 1


@dataclass(frozen=True, slots=True)
class Tip:
    """The newest record of a partition: its sequence number and commitment."""

    seq: int = 0
    hash: str = GENESIS

    @classmethod
    def of(cls, head: Item | None) -> "Tip":
        """The tip that a partition's HEAD item keeps; of no head, the empty chain's."""
        return cls(head["seq"], head["tip"]) if head and "seq" in head else cls()


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened, not yet linked into a chain.

    `actor` is a role, a source or a function, no person.
    """

    kind: AuditKind
    uid: str
    actor: str
    cause: str
    details: Mapping[str, Any]
    agency_id: str | None = None
    opened: str | None = None
    """Of a reading that shows one referral and no other, its reference."""


class Chain:
    """Links facts to a partition's tip as the parts of one transaction."""

    def __init__(self, store: Store, salt: Callable[[], str]) -> None:
        self._store = store
        self._salt = salt

    def append(
        self, pk: str, tip: Tip, facts: Sequence[Fact], at: datetime, head: Mapping[str, Any] | None = None
    ) -> list[Part]:
        """The rows for `facts` after `tip`, and the move of HEAD to the last, with `head`'s attributes
        set on it."""
        parts = []
        seq, last = tip.seq, tip.hash
        for fact in facts:
            seq += 1
            row = self._row(pk, seq, last, fact, at)
            last = commitment(row)
            parts.append(self._only_where_nothing_stands(row))
        moved = Change({"seq": seq, "tip": last, **(head or {})})
        unmoved = (
            Condition("#seq = :old_seq", {"old_seq": tip.seq})
            if tip.seq
            else Condition("attribute_not_exists(#seq)", {})
        )
        update = self._store.update(
            "head", self._store.state, (pk, keys.HEAD), change=moved, condition=unmoved
        )
        return [*parts, Part(update.name, update.action, chain=True)]

    def tip(self, pk: str) -> Tip:
        """The partition's tip as it stands."""
        return Tip.of(self._store.get(self._store.state, pk, keys.HEAD))

    def _row(self, pk: str, seq: int, prev: str, fact: Fact, at: datetime) -> dict[str, Any]:
        row: dict[str, Any] = {
            "pk": pk,
            "sk": keys.entry(seq),
            "v": RECORD_VERSION,
            "uid": fact.uid,
            "type": fact.kind.value,
            "at": at_text(at),
            "actor": fact.actor,
            "cause": fact.cause,
            "prev": prev,
            "salt": self._salt(),
            **{name: value for name, value in fact.details.items() if value is not None},
        }
        if came_in(fact.kind, fact.details):
            row |= keys.of_its_day(at, row["at"], fact.uid)
        if refused_after_waiting(fact.kind, fact.details):
            row |= keys.of_its_refusals(at, row["at"], fact.uid)
        if fact.agency_id is not None:
            row |= {
                "agency": fact.agency_id,
                "gpk": keys.agency_month(fact.agency_id, at),
                "gsk": f"{row['at']}#{fact.uid}",
            }
        if fact.opened is not None:
            row |= keys.of_its_readings(fact.opened, row["at"], fact.uid)
        return row

    def _only_where_nothing_stands(self, row: Mapping[str, Any]) -> Part:
        action: Any = {"TableName": self._store.audit, "Item": to_item(row), **ABSENT.arguments()}
        return Part(f"row {row['sk']}", {"Put": action}, chain=True, uid=row["uid"])


def at_text(moment: datetime) -> str:
    """`moment` to the millisecond, always with the fraction, so that text order is time order."""
    text = instant_text(moment)
    return text if "." in text else text.replace("Z", ".000Z")
