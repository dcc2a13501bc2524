"""Who opened one referral: each reading stands once, and is found by its reference as well."""

import itertools
from datetime import timedelta
from math import ceil

import pytest

from functions.adapters.ledger.keys import read_by
from functions.adapters.ledger.reading import Asked, Export, Trail
from functions.adapters.ledger.readings import Readings
from functions.adapters.ledger.store import Item, to_item
from functions.domain.record import commitment
from tests.console.filled import size_of
from tests.world import MORNING, World, a_decision, an_event_id

REF, OTHER = "NS-26-7KQ4ZP", "NS-26-0TH3R1"


@pytest.fixture
def trail(decided: World) -> Trail:
    decided.take(a_decision(referral_ref=OTHER, event_id=an_event_id(OTHER), source_seq=4183))
    return Trail(decided.store, decided.chain)


def opened(trail: Trail, ref: str, number: int, *, by: str = "staff:x") -> None:
    at = MORNING + timedelta(minutes=number)
    trail.read(ref, reader=by, purpose="CASE_WORK", request=f"request-{number}", now=at)


def test_readings_of_one_referral_are_found_newest_first_and_a_page_at_a_time(
    decided: World, trail: Trail
) -> None:
    for number in range(5):
        opened(trail, REF, number, by=f"staff:{number % 2}")
    opened(trail, OTHER, 9)
    readings = Readings(decided.store)
    first = readings.of(REF, 3)
    rest = readings.of(REF, 3, before=first.goes_on)
    assert [row["cause"] for row in (*first.rows, *rest.rows)] == [
        f"request-{one}" for one in range(4, -1, -1)
    ]
    assert (rest.goes_on, readings.of(REF, 5).goes_on) == (None, None)
    assert {row["referral"] for row in first.rows} == {REF}


def test_nobody_has_opened_what_nobody_has_opened(decided: World) -> None:
    assert not readings_of(decided, REF)


def readings_of(world: World, ref: str) -> list[str]:
    return [row["type"] for row in Readings(world.store).of(ref).rows]


def test_what_is_narrowed_to_one_referral_is_a_reading_of_it(decided: World) -> None:
    requests = itertools.count()
    asked = Asked(decided.store, decided.chain)
    shown = (
        {"ref": REF},
        {"of": f"R#{REF}", "task": "TASK#CALL_UNTOLD#01"},
        {"ref": OTHER},
        {"of": "G#north-police", "task": "TASK#MEND_ENDPOINT#00"},
        {"since": "2026-11-24"},
        None,
    )
    for filters in shown:
        asked.note(
            reader="staff:x",
            asked="A_PAGE",
            rows=1,
            request=f"{next(requests)}",
            now=MORNING,
            filters=filters,
        )
    file = Export("the record", "INSPECTION", None, None, rows=1, sha256="0" * 64, filters={"ref": REF})
    asked.hand_out(file, reader="staff:x", request="file", now=MORNING + timedelta(minutes=1))
    assert readings_of(decided, REF) == ["EXPORT", "QUERY", "QUERY"]
    assert readings_of(decided, OTHER) == ["QUERY"]


def test_what_is_not_there_is_listed_under_nothing_that_somebody_typed(decided: World) -> None:
    trail = Trail(decided.store, decided.chain)
    trail.read("MARY-SMITH", reader="staff:x", purpose="CASE_WORK", request="r", now=MORNING)
    (row,) = decided.store.partition("audit", read_by(MORNING, "staff:x"))
    assert not {"gpk", "gsk"} & row.keys()


def test_where_a_reading_is_listed_is_part_of_what_the_next_one_is_linked_to(
    decided: World, trail: Trail
) -> None:
    opened(trail, REF, 0)
    opened(trail, REF, 1)
    first, second = decided.store.partition("audit", read_by(MORNING, "staff:x"))
    assert (first["gpk"], first["gsk"]) == (f"R#{REF}", f"{first['at']}#{first['uid']}")
    assert second["prev"] == commitment(first)
    assert second["prev"] != commitment({**first, "gpk": f"R#{OTHER}"})


def test_it_is_one_row_and_one_entry_of_the_index(decided: World, trail: Trail) -> None:
    before = len(decided.all_items("audit"))
    opened(trail, REF, 0)
    assert len(decided.all_items("audit")) == before + 1
    assert len(Readings(decided.store).of(REF).rows) == 1


def test_a_reading_costs_five_write_units_of_which_its_entry_is_one(decided: World, trail: Trail) -> None:
    """A unit is begun for each kilobyte: of the row and of its day's head twice, as they are one transaction,
    and once of the entry."""
    arn = "arn:aws:sts::000000000000:assumed-role/mash-operator/somebody.with.a.long.name"
    opened(trail, REF, 0, by=arn)
    (row,) = decided.store.partition("audit", read_by(MORNING, arn))
    (head,) = decided.store.partition("state", read_by(MORNING, arn))
    entry = {name: row[name] for name in ("pk", "sk", "gpk", "gsk", "type")}
    assert [kilobytes(row) * 2, kilobytes(head) * 2, kilobytes(entry)] == [2, 2, 1]


def kilobytes(item: Item) -> int:
    return ceil(size_of(to_item(item)) / 1024)
