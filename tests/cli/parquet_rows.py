"""A Parquet file of the shared data set, read again: its rows, and the CSV's cells that they mean."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from arro3.core import Table
from arro3.io import read_parquet

from functions.domain.measures.published import COLUMNS, harmless

NUMBERS = ("value", "numerator", "denominator")


def table_of(content: bytes) -> Table:
    return read_parquet(io.BytesIO(content)).read_all()


def rows_of(content: bytes) -> list[dict[str, Any]]:
    """Each row by its columns, as Python has its cells."""
    table = table_of(content)
    cells = {
        name: [
            cell.as_py() for chunk in table[name].chunks for cell in map(chunk.__getitem__, range(len(chunk)))
        ]
        for name in table.column_names
    }
    return [dict(zip(cells, row, strict=True)) for row in zip(*cells.values(), strict=True)]


def as_in_csv(row: Mapping[str, Any]) -> list[str]:
    """The CSV's cells of a row, put together from the typed ones."""
    number = {name: _number(row, name) for name in NUMBERS}
    own = {"month": f"{row['month']:%Y-%m}", "suppressed": "yes" if row["suppressed"] else "no", **number}
    return [own.get(name) or harmless(row[name] or "") for name in COLUMNS]


def _number(row: Mapping[str, Any], name: str) -> str:
    if row[name] is None:
        return row[f"{name}_marker"] or ""
    assert row[f"{name}_marker"] is None
    return str(int(row[name]) if "percentile=" in row["dimension"] else row[name])


def in_csv(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))[1:]
