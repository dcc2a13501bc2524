"""`mash figures`: one month's figures on the terminal, small counts hidden."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from uuid import uuid4

import click
from rich.table import Table
from rich.text import Text

from functions.adapters import aws
from functions.cli.answering import ActCommand
from functions.cli.measuring import asked_of, measured
from functions.cli.options import BegunMonth, with_stack
from functions.cli.outputs import Where, connected
from functions.cli.show import as_json, terminal
from functions.cli.stack import Stack
from functions.domain.measures.catalogue import FIGURES
from functions.domain.measures.counts import month_of
from functions.domain.measures.published import (
    CONFIDENTIAL,
    EVERY,
    LONGER,
    NOBODY,
    NOT_AVAILABLE,
    Published,
)

WORDS = {(one.k, one.name): one.words for one in FIGURES}
INSTEAD = {
    CONFIDENTIAL: "hidden",
    NOT_AVAILABLE: "not available",
    NOBODY: "-",
    LONGER: "longer than is counted",
}


@click.command(cls=ActCommand)
@click.option("--month", type=BegunMonth(), help="YYYY-MM; without it, this month so far.")
@click.option("--json", "wants_json", is_flag=True, help="An object for each figure.")
@with_stack
def figures(month: str | None, *, wants_json: bool, where: Where) -> None:
    """Show the figures of one month, K1a to K17: what was told, decided, checked, held, and how fast.

    Counts of 1 to 4 are hidden, and whatever would tell them. What no event has told is not available, and
    never nought. Asking is recorded too, before anything is shown.
    """
    rows = asked_for(connected(where), month or month_of(datetime.now(UTC)))
    if wants_json:
        click.echo(as_json([asdict(row) for row in rows]))
    else:
        terminal().print(in_words(rows))


def asked_for(stack: Stack, month: str) -> list[Published]:
    """The month's rows, for a person whose question is recorded before it is answered."""
    found = measured(stack, [month])
    asked_of(stack).note(
        reader=aws.sts().get_caller_identity()["Arn"],
        asked=f"figures of {month}",
        rows=found.referrals,
        request=str(uuid4()),
        now=datetime.now(UTC),
    )
    return found.rows


def in_words(rows: Iterable[Published]) -> Table:
    """A line for each figure, its parts below it."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("", "figure", "value", "of"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        is_whole = row.dimension == EVERY
        what = WORDS[row.k, row.name] if is_whole else f"  {row.dimension}"
        if not is_whole and "percentile" in row.dimension:
            what = f"{WORDS[row.k, row.name]}, {row.dimension}"
        table.add_row(*map(Text, (row.k if is_whole else "", what, _value(row), _of(row))))
    return table


def _value(row: Published) -> str:
    if row.value in INSTEAD:
        return INSTEAD[row.value]
    return f"{row.value} %" if row.numerator else f"{int(row.value):,} s at most"


def _of(row: Published) -> str:
    if row.value == NOT_AVAILABLE:
        return row.note.removeprefix("not available: ")
    numerator, denominator = (INSTEAD.get(cell, cell) for cell in (row.numerator, row.denominator))
    counts = f"{numerator} of {denominator}" if numerator else denominator
    return f"{counts}; {row.note}" if row.note else counts
