"""The shared data set as Parquet: the CSV's rows with types, in a file that explains itself."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from arro3.core import DataType

from functions.cli.parquet import as_parquet
from functions.domain.measures import dictionary
from functions.domain.measures.published import (
    COLUMNS,
    CONFIDENTIAL,
    LONGER,
    MARKERS,
    NOBODY,
    NOT_AVAILABLE,
    Published,
    as_csv,
    published,
)
from tests.cli.parquet_rows import NUMBERS, as_in_csv, in_csv, rows_of, table_of
from tests.unit.test_measures_published import HUB, counted, everything, forms

NOVEMBER, OCTOBER = "2026-11", "2026-10"
CODES = DataType.dictionary(DataType.int32(), DataType.utf8())
TYPES = {
    "month": DataType.date32(),
    "hub": CODES,
    "k": CODES,
    "name": CODES,
    "dimension": CODES,
    "value": DataType.decimal128(18, 1),
    "value_marker": CODES,
    "numerator": DataType.int64(),
    "numerator_marker": CODES,
    "denominator": DataType.int64(),
    "denominator_marker": CODES,
    "suppressed": DataType.bool(),
    "note": CODES,
}


@pytest.fixture(scope="module")
def full() -> list[Published]:
    """Rows of every kind: numbers, hidden ones, nobody, not available, and one longer than is told."""
    rows = published(counted(everything()), [OCTOBER, NOVEMBER], HUB)
    longest = next(row for row in rows if "percentile=" in row.dimension and row.value not in MARKERS)
    few = published(counted(forms(CAIU=(2, 1), NORTH=(30, 12), RURAL=(9, 7))), [NOVEMBER], HUB)
    return [*rows, *few, replace(longest, value=LONGER)]


def test_every_kind_of_cell_is_the_same_in_both(full: list[Published]) -> None:
    typed = rows_of(as_parquet(full))
    assert [as_in_csv(row) for row in typed] == in_csv(as_csv(full))
    assert {row["value_marker"] for row in typed} == {None, CONFIDENTIAL, NOT_AVAILABLE, NOBODY, LONGER}
    assert {row["suppressed"] for row in typed} == {True, False}


def test_what_may_not_be_shown_is_null_and_its_marker_says_why(full: list[Published]) -> None:
    hidden = [row for row in rows_of(as_parquet(full)) if row["suppressed"]]
    assert hidden
    for row in hidden:
        assert (row["value"], row["value_marker"]) == (None, CONFIDENTIAL)
    for name in NUMBERS:
        assert {row[name] for row in hidden if row[f"{name}_marker"] == CONFIDENTIAL} == {None}


def test_each_column_has_a_type_that_needs_no_reading(full: list[Published]) -> None:
    content = as_parquet(full)
    schema = table_of(content).schema
    assert {name: schema.field(name).type for name in schema.names} == TYPES
    assert list(schema.names) == list(TYPES)
    always = {"month", "hub", "k", "name", "dimension", "suppressed"}
    assert {name for name in schema.names if not schema.field(name).nullable} == always
    told = ("outcome_told", "hours=out", date(2026, 11, 1))
    row = next(row for row in rows_of(content) if (row["name"], row["dimension"], row["month"]) == told)
    assert (row["value"], row["numerator"], row["denominator"]) == (Decimal("100.0"), 10, 10)


def test_the_file_says_what_each_column_means_and_has_the_whole_dictionary(full: list[Published]) -> None:
    schema = table_of(as_parquet(full)).schema
    described = {one["name"]: one["words"] for one in dictionary.as_plain()["parquet"]}
    assert {name: schema.field(name).metadata_str["description"] for name in schema.names} == described
    assert json.loads(schema.metadata_str["data_dictionary"]) == dictionary.as_plain()
    for name in COLUMNS:
        assert described[name].startswith(dictionary.COLUMN_WORDS[name])
    for name in NUMBERS:
        for marker, words in dictionary.MARKER_WORDS.items():
            assert f"`{marker}`: {words}" in described[f"{name}_marker"]
    for one in dictionary.as_plain()["parquet"]:
        assert f"| {one['name']} | {one['type']} | {one['words']} |" in dictionary.as_markdown()


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", "'", "'=", "\u202e", "["])
def test_a_cell_that_a_spreadsheet_would_run_is_as_it_is(full: list[Published], begins: str) -> None:
    hostile = f'{begins}HYPERLINK("https://attacker.example","x")\r\n'
    row = replace(full[0], hub=hostile, note=hostile)
    (typed,) = rows_of(as_parquet([row]))
    assert (typed["hub"], typed["note"]) == (hostile, hostile)
    assert [as_in_csv(typed)] == in_csv(as_csv([row]))


@pytest.mark.parametrize(
    "wrong",
    [{"value": "many"}, {"numerator": "1.5"}, {"denominator": "[d]"}, {"suppressed": "?"}, {"month": "x"}],
)
def test_no_cell_is_lost_because_it_is_not_of_its_kind(full: list[Published], wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        as_parquet([*full, replace(full[0], **wrong)])


def test_the_same_rows_are_the_same_file_to_the_byte(full: list[Published]) -> None:
    assert as_parquet(full) == as_parquet(full)
