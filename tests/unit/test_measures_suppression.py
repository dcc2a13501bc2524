"""Small counts are hidden so that nobody can work them out: not from sums, limits, or the rules that hide
them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from random import Random
from typing import NamedTuple

import pytest

from functions.domain.measures.suppression import Relation, hidden, is_small

Values = Mapping[str, int]
Told = tuple[int | None, ...]


class Layout(NamedTuple):
    """A table: the counts that make it, how they hang together, what of it is published by which rank."""

    values: Callable[[Sequence[int]], Values]
    relations: Sequence[Relation[str]]
    published: Mapping[str, int]
    inner: int
    """How large the counts are that make it."""
    most: int
    """How large they may be: whoever works backwards must find every table that could have been."""
    reaches: int
    """Tables of counts up to this have all that could be mistaken for them among those that are tried."""


SHARE = Layout(
    lambda counts: {"of": sum(counts), "n": counts[0], "rest": counts[1]},
    [Relation("of", ("n", "rest"))],
    {"n": 0, "of": 1},
    inner=2,
    most=14,
    reaches=8,
)
PARTS = Layout(
    lambda counts: dict(zip("abc", counts, strict=True)) | {"of": sum(counts)},
    [Relation("of", ("a", "b", "c"))],
    {"a": 0, "b": 0, "c": 0, "of": 3},
    inner=3,
    most=12,
    reaches=6,
)
NESTED = Layout(
    lambda counts: {
        "n": counts[0],
        "rest": counts[1],
        "inner": counts[0] + counts[1],
        "outside": counts[2],
        "of": sum(counts),
    },
    [Relation("of", ("inner", "outside")), Relation("inner", ("n", "rest"))],
    {"n": 0, "inner": 1, "of": 3},
    inner=3,
    most=13,
    reaches=6,
)
INNER_STAYS = NESTED._replace(published={"n": 0, "inner": 3, "of": 1})
SPLIT = Layout(
    lambda counts: {
        "of": sum(counts),
        "of in": counts[0] + counts[1],
        "of out": counts[2] + counts[3],
        "n": counts[0] + counts[2],
        "n in": counts[0],
        "n out": counts[2],
        "rest": counts[1] + counts[3],
        "rest in": counts[1],
        "rest out": counts[3],
    },
    [
        Relation("of", ("n", "rest")),
        Relation("of in", ("n in", "rest in")),
        Relation("of out", ("n out", "rest out")),
        Relation("of", ("of in", "of out")),
        Relation("n", ("n in", "n out")),
        Relation("rest", ("rest in", "rest out")),
    ],
    {"n in": 0, "n out": 0, "of in": 1, "of out": 1, "n": 2, "of": 3},
    inner=4,
    most=7,
    reaches=5,
)
CROSSED = Layout(
    lambda counts: {
        "of": sum(counts),
        "u": counts[0] + counts[1],
        "v": counts[2] + counts[3],
        "a": counts[0] + counts[2],
        "b": counts[1] + counts[3],
        "u a": counts[0],
        "u b": counts[1],
        "v a": counts[2],
        "v b": counts[3],
    },
    [
        Relation("of", ("a", "b")),
        Relation("u", ("u a", "u b"), together=True),
        Relation("v", ("v a", "v b"), together=True),
        Relation("of", ("u", "v")),
        Relation("a", ("u a", "v a")),
        Relation("b", ("u b", "v b")),
    ],
    {"a": 1, "b": 1, "of": 3, "u a": 0, "u b": 0, "u": 2, "v a": 0, "v b": 0, "v": 2},
    inner=4,
    most=7,
    reaches=5,
)
LAYOUTS = {
    "share": SHARE,
    "parts": PARTS,
    "nested": NESTED,
    "inner stays": INNER_STAYS,
    "split": SPLIT,
    "crossed": CROSSED,
}


def told(layout: Layout, values: Values) -> Told:
    """What everybody sees."""
    secret = hidden(values, layout.relations, layout.published)
    return tuple(None if cell in secret else values[cell] for cell in layout.published)


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_hidden_small_count_could_be_another(name: str) -> None:
    """Of each small table: whoever has all that is published, and this very code, finds no small count.

    Every table up to a size is hidden; those that look alike afterwards are what such a reader cannot tell
    apart. No small count is published, and none, published or left between two that are, is the same in all
    that look alike.
    """
    layout = LAYOUTS[name]
    alike: defaultdict[Told, list[Values]] = defaultdict(list)
    for counts in product(range(layout.most + 1), repeat=layout.inner):
        values = layout.values(counts)
        seen = told(layout, values)
        assert not any(map(is_small, filter(None, seen)))
        alike[seen].append({**values, "largest": max(counts)})
    for seen, tables in alike.items():
        if min(table["largest"] for table in tables) <= layout.reaches:
            assert not sorted(_found_out(tables)), (seen, tables)


def _found_out(tables: Sequence[Values]) -> Iterable[str]:
    for cell in tables[0].keys() - {"largest"}:
        counts = {table[cell] for table in tables}
        if len(counts) == 1 and is_small(*counts):
            yield cell


def test_what_is_large_enough_and_nought_are_shown() -> None:
    assert told(PARTS, PARTS.values((7, 0, 9))) == (7, 0, 9, 16)
    assert told(SHARE, SHARE.values((0, 8))) == (0, 8)
    assert told(SHARE, SHARE.values((8, 0))) == (8, 8)
    assert told(SPLIT, SPLIT.values((6, 5, 9, 8))) == (6, 9, 11, 17, 15, 28)


def test_a_part_that_is_small_takes_another_with_it_and_the_whole_stays() -> None:
    assert told(PARTS, PARTS.values((3, 60, 70))) == (None, None, 70, 133)
    assert told(PARTS, PARTS.values((60, 70, 3))) == (None, 70, None, 133)


def test_two_small_parts_are_hidden_with_a_third_where_their_sum_is_small() -> None:
    assert told(PARTS, PARTS.values((1, 1, 60))) == (None, None, None, 62)
    assert told(PARTS, PARTS.values((3, 3, 60))) == (None, None, 60, 66)


def test_what_a_numerator_leaves_is_a_count_as_well() -> None:
    assert told(SHARE, SHARE.values((98, 2))) == (None, 100)
    assert told(SHARE, SHARE.values((2, 98))) == (None, 100)
    assert told(SHARE, SHARE.values((2, 2))) == (None, None)


def test_where_the_denominator_is_hidden_the_numerator_is_too() -> None:
    assert told(NESTED, NESTED.values((50, 10, 2))) == (None, None, 62)


def test_of_two_that_tell_a_small_rest_the_one_that_ranks_lower_is_hidden() -> None:
    assert told(INNER_STAYS, NESTED.values((50, 10, 2))) == (50, 60, None)


def test_a_share_of_each_part_is_hidden_with_the_part_and_the_share_of_all_stays() -> None:
    assert told(SPLIT, SPLIT.values((40, 40, 3, 30))) == (None, None, 80, 33, 43, 113)
    assert told(SPLIT, SPLIT.values((40, 40, 2, 1))) == (None, None, None, None, 42, 83)


def by_row_and_column(rows: Mapping[str, Mapping[str, int]]) -> frozenset[str]:
    """What is hidden of a table that is told apart twice."""
    columns = list(next(iter(rows.values())))
    values = {f"{row} {column}": rows[row][column] for row in rows for column in columns}
    values |= {row: sum(rows[row].values()) for row in rows}
    values |= {column: sum(rows[row][column] for row in rows) for column in columns}
    values["of"] = sum(values[row] for row in rows)
    relations = [
        Relation("of", tuple(columns)),
        Relation("of", tuple(rows)),
        *(Relation(row, tuple(f"{row} {column}" for column in columns), together=True) for row in rows),
        *(Relation(column, tuple(f"{row} {column}" for row in rows)) for column in columns),
    ]
    ranks = {**dict.fromkeys(columns, 2), "of": 3, **dict.fromkeys(rows, 1)}
    return hidden(values, relations, {**ranks, **{cell: ranks.get(cell, 0) for cell in values}})


def test_of_a_row_all_is_hidden_or_nothing_and_nought_with_it() -> None:
    table = {
        "u": {"a": 1, "b": 9, "c": 30, "d": 0},
        "v": {"a": 20, "b": 9, "c": 8, "d": 7},
        "w": {"a": 9, "b": 8, "c": 7, "d": 6},
    }
    assert by_row_and_column(table) == {f"{row} {column}" for row in "uv" for column in "abcd"}


def test_what_two_hidden_columns_leave_to_the_hidden_rows_is_not_told_if_it_is_small() -> None:
    """Of a and b nothing but the three is left where w is shown."""
    table = {
        "u": {"a": 2, "b": 0, "c": 20},
        "v": {"a": 1, "b": 0, "c": 30},
        "w": {"a": 0, "b": 100, "c": 40},
    }
    secret = by_row_and_column(table)
    assert secret >= {"a", "b", "u a", "v a"}
    assert "c" in secret or "w b" in secret


# --- larger tables, by another way of solving them


def follows(values: Mapping[str, int], relations: Sequence[Relation[str]], shown: Iterable[str]) -> set[str]:
    """What is not shown and has one value in every solution: alone in a row of the echelon form."""
    secret = sorted(values.keys() - set(shown))
    rows = [[Fraction((cell == one.whole) - (cell in one.parts)) for cell in secret] for one in relations]
    pivots = 0
    for column in range(len(secret)):
        lead = next((row for row in range(pivots, len(rows)) if rows[row][column]), None)
        if lead is None:
            continue
        rows[pivots], rows[lead] = rows[lead], rows[pivots]
        rows[pivots] = [factor / rows[pivots][column] for factor in rows[pivots]]
        for row in range(len(rows)):
            if row != pivots and (times := rows[row][column]):
                rows[row] = [
                    left - times * right for left, right in zip(rows[row], rows[pivots], strict=True)
                ]
        pivots += 1
    alone = ([cell for cell, factor in zip(secret, row, strict=True) if factor] for row in rows)
    return {cells[0] for cells in alone if len(cells) == 1}


def a_large_table(random: Random) -> tuple[dict[str, int], list[Relation[str]], dict[str, int]]:
    """Shares of one population told apart by two dimensions, beside a breakdown of the same population."""
    cells = {(row, column): random.choice((0, 1, 3, 9, 40)) for row in range(3) for column in range(4)}
    yes = {at: random.randint(0, count) for at, count in cells.items()}
    values, published = {"of": sum(cells.values()), "n": sum(yes.values())}, {"of": 3, "n": 2}
    values["rest"] = values["of"] - values["n"]
    relations = [Relation("of", ("n", "rest"))]
    for axis, size in ((0, 3), (1, 4)):
        for part in range(size):
            own = [at for at in cells if at[axis] == part]
            named = f"{axis}{part}"
            values[f"of {named}"] = sum(cells[at] for at in own)
            values[f"n {named}"] = sum(yes[at] for at in own)
            values[f"rest {named}"] = values[f"of {named}"] - values[f"n {named}"]
            published |= {f"of {named}": 1, f"n {named}": 0}
            relations.append(Relation(f"of {named}", (f"n {named}", f"rest {named}")))
        relations += [
            Relation(what, tuple(f"{what} {axis}{part}" for part in range(size)))
            for what in ("of", "n", "rest")
        ]
    return values, relations, published


@pytest.mark.parametrize("seed", range(60))
def test_no_small_count_of_a_larger_table_follows_from_the_rest(seed: int) -> None:
    values, relations, published = a_large_table(Random(seed))  # noqa: S311 - a table, not a secret
    secret = hidden(values, relations, published)
    shown = published.keys() - secret
    assert not any(is_small(values[cell]) for cell in shown)
    assert not [cell for cell in follows(values, relations, shown) if is_small(values[cell])]
    for one in relations:
        left = [values[part] for part in one.parts if part not in shown]
        if one.whole in shown and left:
            assert not is_small(sum(left)), one
