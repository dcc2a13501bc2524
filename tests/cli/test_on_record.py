"""Whoever asks is on record, also where somebody who shares their role asks at the same moment."""

from collections.abc import Callable, Sequence

import pytest

from functions.adapters.ledger.reading import Export
from functions.adapters.ledger.store import Part, Store
from functions.cli import on_record
from tests.cli.typed import ME, REF
from tests.world import World, a_decision

DATA_SET = Export("figures", "SHARED_DATA_SET", "2026-10", "2026-10", rows=3, sha256="0" * 64)


class Crowded(Store):
    """Tables where somebody else of the role asks between this one's look at the trail and its row."""

    others_to_come = 1

    def write(self, parts: Sequence[Part]) -> None:
        if self.others_to_come:
            self.others_to_come -= 1
            on_record.note(Store(self.client, audit=self.audit, state=self.state), "tasks", 7)
        super().write(parts)


@pytest.mark.parametrize(
    ("ask", "kind"),
    [
        (lambda store: on_record.note(store, "status", 3), "QUERY"),
        (lambda store: on_record.hand_out(store, DATA_SET), "EXPORT"),
        (lambda store: on_record.read(store, REF), "READ"),
    ],
)
def test_two_of_one_role_who_ask_at_once_are_both_on_record(
    world: World, ask: Callable[[Store], object], kind: str
) -> None:
    world.take(a_decision())
    tables = world.store
    ask(Crowded(tables.client, audit=tables.audit, state=tables.state))
    asked = [row for row in world.all_items("audit") if row["actor"] == ME]
    assert [(row["sk"], row["type"]) for row in asked] == [("E#000001", "QUERY"), ("E#000002", kind)]


def test_what_is_read_is_there_once_its_reading_is_on_record(world: World) -> None:
    world.take(a_decision())
    assert on_record.read(world.store, REF) == world.rows()


def test_what_is_not_there_is_on_record_without_what_was_typed(world: World) -> None:
    assert on_record.read(world.store, "MARY-SMITH") == []
    (row,) = [row for row in world.all_items("audit") if row["actor"] == ME]
    assert (row["type"], row["asked"], row["rows"]) == ("QUERY", "NOT_HERE", 0)
    assert "MARY" not in str(row)
