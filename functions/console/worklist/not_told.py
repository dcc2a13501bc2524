"""Whom a message may not tell, by the entry that asked somebody to find another way."""

from collections.abc import Mapping, Sequence

from functions.adapters.ledger.store import Item
from functions.adapters.registry.entry import Entry
from functions.console.shown.parts import Fact, Link
from schemas.codes import AuditKind, TaskKind


def not_told(task: Item, newest: Sequence[Item], agencies: Mapping[str, Entry]) -> tuple[Fact, ...]:
    """Each with the number of its desk; none where the task is another, or what opened it names nobody or
    stands further back than the `newest` entries of its referral."""
    if task["kind"] != TaskKind.CHECK_NOT_TOLD:
        return ()
    opened = next((row for row in newest if _opened(row, task)), {})
    return tuple(_whom(agency_id, agencies.get(agency_id)) for agency_id in opened.get("kept_from", ()))


def _opened(row: Item, task: Item) -> bool:
    """An update's number counts its series for the child; a task that no update opened has the decision's."""
    names = ("child", "dver")
    return (
        row["type"] == AuditKind.UPDATE
        and row["series"] == task["about"]
        and all(row[name] == task[name] for name in names)
        and row["at"] == task["opened_at"]
    )


def _whom(agency_id: str, entry: Entry | None) -> Fact:
    if entry is None:
        return Fact(label=agency_id, text="Not in the registry")
    return Fact(
        label=entry.name,
        text=entry.phone or "No telephone number in the registry",
        link=Link(text=f"See {entry.name}", path=f"/agencies/{agency_id}"),
    )
