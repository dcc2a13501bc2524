"""The data dictionary: what each column, figure and dimension of the shared data set means, from the code
that makes them."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from functions.domain.measures.catalogue import DIMENSIONS, FIGURES
from functions.domain.measures.counting import POPULATIONS
from functions.domain.measures.published import (
    COLUMNS,
    CONFIDENTIAL,
    EVERY,
    LONGER,
    NOBODY,
    NOT_AVAILABLE,
)
from functions.domain.measures.shapes import Measure, Times
from functions.domain.measures.spans import BOUNDS
from functions.domain.measures.suppression import LEAST_SHOWN
from functions.domain.measures.typed import TYPED, Kind, Typed

COLUMN_WORDS = {
    "month": "The calendar month in the UK, 2026-11: of receipt, of the decision, or of what is counted.",
    "hub": "The MASH whose figures these are.",
    "k": "The figure's number in the agreed list, K1a to K17.",
    "name": "Which figure of that number.",
    "dimension": f"`{EVERY}`, or the part that the row is of: `hours=out`; several parts stand behind `;`.",
    "value": "Numerator in 100 of the denominator, with one decimal; of a percentile whole seconds.",
    "numerator": "How many count; empty for a percentile.",
    "denominator": "How many there are to count.",
    "suppressed": "`yes` if a number of the row is hidden, else `no`.",
    "note": "Why a figure is not available, or whom it leaves out.",
}
MARKER_WORDS = {
    CONFIDENTIAL: f"Hidden: a count of 1 to {LEAST_SHOWN - 1}, or one from which such a count would follow.",
    NOT_AVAILABLE: "Not available; the note says why. It is not nought.",
    NOBODY: "There was nobody to count.",
    LONGER: f"Longer than the longest span that is told, {BOUNDS[-1]} seconds.",
}
_KIND_WORDS = {
    Kind.DAY: "Its first day stands for it.",
    Kind.FLAG: "`yes` is true.",
    Kind.COUNT: "Null where the column beside it says why.",
    Kind.TENTHS: "Null where the column beside it says why.",
}

_ABOUT = (
    "Made from the trail by `mash export`. Months are those of the UK. A child of a referral counts once, "
    "whatever was decided anew: times are of its first final decision, outcomes of its newest. A duplicate "
    "counts with its original. Told means that it arrived, never that it was sent."
)

_LIVE = (
    "Counted live, with each row of the trail, unless something else moves a count as well: that is counted "
    "when somebody asks."
)

_AS_PARQUET = (
    "With `--parquet`: the same rows in the same order, each column with its type. What is empty in the CSV "
    "is null, and no cell has an apostrophe that is not its own. Each column has these words as its "
    "`description`; the whole dictionary, as programs read it, is the file's `data_dictionary`."
)


def as_plain() -> dict[str, Any]:
    """For programs."""
    return {
        "columns": [{"name": name, "words": COLUMN_WORDS[name]} for name in COLUMNS],
        "parquet": [{"name": one.name, "type": one.kind.value, "words": typed_words(one)} for one in TYPED],
        "markers": [{"marker": marker, "words": words} for marker, words in MARKER_WORDS.items()],
        "figures": [_figure(one) for one in FIGURES],
        "populations": [
            {"name": one.name, "words": one.words, "moved_by": one.moved_by} for one in POPULATIONS.values()
        ],
        "dimensions": [
            {"name": one.name, "words": one.words, "values": list(one.values), "standard": one.standard}
            for one in DIMENSIONS
        ],
        "percentile_bounds_seconds": list(BOUNDS),
        "least_shown": LEAST_SHOWN,
    }


def typed_words(column: Typed) -> str:
    """What a column of the Parquet file means, so that the file explains itself."""
    if column.stands_for is None:
        return " ".join(filter(None, (COLUMN_WORDS[column.name], _KIND_WORDS.get(column.kind))))
    each = " ".join(f"`{marker}`: {words}" for marker, words in MARKER_WORDS.items())
    return f"What stands in the place of `{column.stands_for}` where that is no number. {each}"


def _figure(one: "Measure[Any] | Times[Any]") -> dict[str, Any]:
    own = one.dimension if isinstance(one, Measure) else None
    return {
        "k": one.k,
        "name": one.name,
        "words": one.words,
        "numerator": one.numerator if isinstance(one, Measure) else "",
        "denominator": one.of.name,
        "unit": "percent" if isinstance(one, Measure) else "seconds",
        "dimensions": [
            *([own.name] if own else []),
            *(split.dimension.name for split in one.splits),
            *([] if isinstance(one, Measure) else ["percentile"]),
        ],
        "not_available": list(
            filter(None, (one.of.missing, f"no {one.needs} event has come" if one.needs else ""))
        ),
        "standards": list(one.standards),
    }


def as_json() -> str:
    """The dictionary as a file for programs."""
    return json.dumps(as_plain(), indent=1, ensure_ascii=False) + "\n"


def as_markdown() -> str:
    """The dictionary as a file for people."""
    plain = as_plain()
    parts = [
        "# The shared data set",
        _ABOUT,
        "## Columns",
        *_table(("column", "meaning"), [(one["name"], one["words"]) for one in plain["columns"]]),
        "## In the place of a number",
        *_table(("marker", "meaning"), [(one["marker"], one["words"]) for one in plain["markers"]]),
        "## As Parquet",
        _AS_PARQUET,
        *_table(
            ("column", "type", "meaning"),
            [(one["name"], one["type"], one["words"]) for one in plain["parquet"]],
        ),
        "## Figures",
        *_table(
            ("K", "name", "what", "numerator", "denominator", "by", "in", "not available if", "standards"),
            [_figure_row(one) for one in plain["figures"]],
        ),
        "## Denominators",
        _LIVE,
        *_table(
            ("name", "meaning", "counted live"),
            [
                (one["name"], one["words"], f"no: moved by {one['moved_by']}" if one["moved_by"] else "yes")
                for one in plain["populations"]
            ],
        ),
        "## Dimensions",
        *_table(
            ("name", "meaning", "values", "standard"),
            [
                (one["name"], one["words"], ", ".join(one["values"]) or "as they occur", one["standard"])
                for one in plain["dimensions"]
            ],
        ),
        "## Percentiles",
        "Counted in fixed buckets, which add up; a value is the upper bound of its bucket in seconds: "
        + ", ".join(map(str, BOUNDS))
        + ".",
    ]
    return "\n\n".join(_joined(parts)) + "\n"


def _figure_row(one: dict[str, Any]) -> tuple[str, ...]:
    return (
        one["k"],
        one["name"],
        one["words"],
        one["numerator"],
        one["denominator"],
        ", ".join(one["dimensions"]),
        one["unit"],
        "; ".join(one["not_available"]),
        "; ".join(one["standards"]),
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _joined(parts: Sequence[str]) -> Iterator[str]:
    """Paragraphs, with each table's lines together."""
    table: list[str] = []
    for part in (*parts, ""):
        if part.startswith("|"):
            table.append(part)
            continue
        if table:
            yield "\n".join(table)
            table.clear()
        if part:
            yield part
