"""`mash refused`: the events of a day that were refused, and the kept copy of one of them."""

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import click
from botocore.exceptions import ClientError
from rich.table import Table
from rich.text import Text

from functions.adapters import aws
from functions.adapters.ledger.days import Days
from functions.adapters.ledger.store import Item, Store
from functions.cli.failure import CommandError
from functions.cli.on_record import chain_of, note
from functions.cli.options import FILE, named_day, of_day, with_stack
from functions.cli.outputs import Where, connected
from functions.cli.show import as_json, terminal
from functions.cli.stack import Stack
from functions.domain.clock import uk_day
from functions.domain.reconciliation.arrivals import came_in
from functions.domain.wording.uk_time import uk_date_and_time
from functions.story.came_in import refusal_words
from functions.story.named import moment
from schemas.codes import AuditKind

ONLY_MINE = 0o600
MISSING = ("NoSuchKey", "AccessDenied")
"""S3 tells whoever may not list a bucket nothing about what it does not hold."""
TOLD = ("at", "actor", "cause", "field", "reason", "sha256", "bytes")
"""What a program is told of a row, beside where the copy is kept: codes and ids."""


@click.command()
@of_day
@click.option("--source", metavar="NAME", help="Only this sender's; `unknown` for those not registered.")
@click.option("--json", "wants_json", is_flag=True, help="The rows' codes and ids.")
@click.option("--fetch", metavar="KEY", help="Write the copy that a row's `kept as` names; needs --to.")
@click.option("--to", type=FILE, help="The new file for it; `mash send` takes it as it is.")
@with_stack
def refused(
    day: date | None,
    *,
    source: str | None,
    wants_json: bool,
    fetch: str | None,
    to: Path | None,
    where: Where,
) -> None:
    """List the events of one day that were refused: by whom, which field, why, and what to do.

    One that had come before its time, and turned out to be wrong when that came, is listed under that day.
    What was in them is not shown. Copies are kept for 14 days: one that was no fault of its sender's can be
    fetched and sent again. Asking is recorded too, before anything is shown.
    """
    if (fetch is None) != (to is None):
        raise click.UsageError("--fetch KEY and --to FILE go together.")
    stack = connected(where)
    if fetch is not None and to is not None:
        click.echo(f"{fetched(stack, fetch, to)} bytes are in {to}, for your eyes: delete it when done.")
        return
    found = refused_on(stack, named_day(day), source)
    if wants_json:
        click.echo(as_json(as_plain(found)))
    elif found:
        terminal().print(refused_table(found))
    else:
        click.echo("Nothing was refused.")


def refused_on(stack: Stack, day: date, source: str | None) -> list[Item]:
    """The rows of the day's refused events, the oldest first; asking is recorded before they are shown."""
    store = stack.store()
    rows = sorted(_rows(store, day), key=lambda row: (str(row["at"]), str(row["cause"])))
    found = [row for row in rows if source in {None, row["actor"]}]
    note(store, "refused events", len(found))
    return found


def _rows(store: Store, day: date) -> Iterator[Item]:
    days, until = Days(store, chain_of(store)), datetime.now(UTC)
    yield from days.refused_after_waiting(day, until)
    arrivals = days.arrivals(day, until)
    for partition in {one.partition for one in arrivals if one.kind == AuditKind.REJECTED}:
        for row in store.partition(store.audit, partition, "E#"):
            if came_in(row["type"], row) and uk_day(datetime.fromisoformat(row["at"])) == day:
                yield row


def fetched(stack: Stack, kept_as: str, to: Path) -> int:
    """Writes the kept copy for its reader's eyes alone, and says how long it is; recorded before it is read.

    Raises CommandError if there is none any more, or if `to` exists.
    """
    note(stack.store(), f"refused event {kept_as}", 1)
    try:
        kept = aws.s3().get_object(Bucket=stack.rejected_bucket_name, Key=kept_as)["Body"].read()
        with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_MINE), "wb") as file:
            return file.write(kept)
    except ClientError as exc:
        if exc.response["Error"]["Code"] not in MISSING:
            raise
        raise CommandError(
            f"Nothing is kept as {kept_as}: copies are gone after 14 days. Or you may not read them."
        ) from None
    except OSError as exc:
        raise CommandError(f"{to} cannot be written: {exc.strerror}.") from None


def as_plain(rows: Iterable[Item]) -> list[dict[str, object]]:
    """For programs."""
    return [{name: row[name] for name in TOLD} | {"kept_as": _kept_as(row)} for row in rows]


def refused_table(rows: Iterable[Item]) -> Table:
    """A line for each: when, from whom, what was wrong and what its sender does, where the copy is."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("when", "from", "what", "kept as"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        when = uk_date_and_time(datetime.fromisoformat(row["at"]))
        table.add_row(*map(Text, (when, row["actor"], _in_words(row), _kept_as(row))))
    return table


def _in_words(row: Item) -> str:
    waited = f" It had waited since {moment(row['waited_since'])}." if "waited_since" in row else ""
    return f"{refusal_words(row)}{waited}"


def _kept_as(row: Item) -> str:
    """Of an event that waited its row, in its referral's trail, calls the copy by a name of its own."""
    return str(row.get("kept_as") or row["refused_copy"])
