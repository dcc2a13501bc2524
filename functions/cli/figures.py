"""`mash figures`: one month's figures on the terminal, small counts hidden."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TypeAlias

import click
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from functions.cli.answering import ActCommand
from functions.cli.measuring import Kept, kept, measured
from functions.cli.on_record import note
from functions.cli.options import BegunMonth, with_stack
from functions.cli.outputs import Where, connected
from functions.cli.show import as_json, terminal
from functions.cli.stack import Stack
from functions.domain.measures.counts import month_of
from functions.domain.measures.published import EVERY, Published
from functions.domain.wording.uk_time import uk_date_and_time
from functions.story.figures import (
    NO_COUNTERS,
    WORDS,
    count_words,
    part_words,
    value_words,
    why_not_available,
)
from schemas.base import instant_text

NO_NIGHT = "but no night has counted any yet"
Beside: TypeAlias = Mapping[tuple[str, str, str], Published]
"""Rows by number, name and dimension."""


@click.command(cls=ActCommand)
@click.option("--month", type=BegunMonth(), help="YYYY-MM; without it, this month so far.")
@click.option(
    "--recompute", is_flag=True, help="Count every figure anew from the trail: exact, and it takes its time."
)
@click.option("--json", "wants_json", is_flag=True, help="An object for each figure.")
@with_stack
def figures(month: str | None, *, recompute: bool, wants_json: bool, where: Where) -> None:
    """Show the figures of one month, K1a to K17: what was told, decided, checked, held, and how fast.

    They are the live counts, and beside them what the newest night counted from the trail. Counts of 1 to 4
    are hidden, and whatever would tell them. What no event has told is not available, and never nought.
    Asking is recorded too, before anything is shown.
    """
    stack = connected(where)
    month = month or month_of(datetime.now(UTC))
    if recompute:
        rows = counted_anew(stack, month)
        shown: RenderableType = in_words(rows)
        plain = [asdict(row) for row in rows]
    else:
        found = asked_for(stack, month)
        shown = side_by_side(found)
        plain = list(_plain(found))
    if wants_json:
        click.echo(as_json(plain))
    else:
        terminal().print(shown)


def asked_for(stack: Stack, month: str) -> Kept:
    """The month's counters, for a person whose question is recorded before it is answered."""
    found = kept(stack, month)
    note(stack.store(), f"figures of {month}", len(found.live))
    return found


def counted_anew(stack: Stack, month: str) -> list[Published]:
    """The month's rows from the trail, for the same person."""
    found = measured(stack, [month])
    note(stack.store(), f"figures of {month}", found.referrals)
    return found.rows


def side_by_side(found: Kept) -> Group:
    """The live figures, each beside the night's, and which figures have no counters."""
    nightly = {(row.k, row.name, row.dimension): row for row in found.nightly}
    since = f"by the trail on {uk_date_and_time(found.counted_at)}" if found.counted_at else NO_NIGHT
    return Group(
        Text(f"Live counts; final: the days that are over, {since}.\n"),
        in_words(found.live, beside=nightly),
        Text(f"\nNo counters, so --recompute: {'; '.join(NO_COUNTERS)}."),
    )


def _plain(found: Kept) -> Iterator[dict[str, object]]:
    nightly = {(row.k, row.name, row.dimension): row for row in found.nightly}
    at = instant_text(found.counted_at) if found.counted_at else None
    for row in found.live:
        same = nightly.get((row.k, row.name, row.dimension))
        final = (
            {"value": same.value, "numerator": same.numerator, "denominator": same.denominator}
            if same
            else None
        )
        yield {**asdict(row), "final": final, "final_at": at}


def in_words(rows: Iterable[Published], beside: Beside | None = None) -> Table:
    """A line for each figure, its parts below it; one that has parts alone gets a heading."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("", "figure", "value", "of", *(["final"] if beside is not None else [])):
        table.add_column(heading, overflow="fold")
    named: tuple[str, str] | None = None
    for row in rows:
        is_whole, figure = row.dimension == EVERY, (row.k, row.name)
        if figure != named and not is_whole:
            table.add_row(row.k, WORDS[figure])
        named = figure
        what = WORDS[figure] if is_whole else f"  {part_words(row.dimension)}"
        cells = [row.k if is_whole else "", what, value_words(row), _of(row)]
        if beside is not None:
            same = beside.get((row.k, row.name, row.dimension))
            cells.append(value_words(same) if same else "")
        table.add_row(*map(Text, cells))
    return table


def _of(row: Published) -> str:
    if why := why_not_available(row):
        return why
    counts = count_words(row)
    return f"{counts}; {row.note}" if row.note else counts
