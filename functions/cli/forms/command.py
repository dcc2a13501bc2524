"""`mash forms`: the police forms of a CSV file, each checked whole before any of them is sent."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from functions.cli.bus import Entry
from functions.cli.failure import CommandError
from functions.cli.forms.faults import Fault, FileRefusedError
from functions.cli.forms.reading import Checked, checked
from functions.cli.forms.sheet import Sheet, read_sheet
from functions.cli.options import FILE, with_stack, with_wait
from functions.cli.outputs import Where, connected
from functions.cli.progress import with_progress
from functions.cli.show import as_json
from functions.cli.verdicts import REFUSED, Verdict, exit_code
from functions.cli.way_in import WayIn

MOST_AT_ONCE = 50
"""Forms that are sent and waited for together: what follows a slow one waits no longer than they do."""


@click.command()
@click.argument("file", type=FILE, metavar="FILE.csv")
@click.option("--dry-run", is_flag=True, help="Only check the file: needs no stack, and sends nothing.")
@click.option("--json", "wants_json", is_flag=True, help="One JSON object instead of lines.")
@with_wait
@with_stack
def forms(file: Path, *, dry_run: bool, wants_json: bool, wait: float, where: Where) -> None:
    """Send police risk-assessment forms from a CSV file, for a force without a feed.

    A row for each form and child, a column for each answer: schemas/examples/ra-forms.csv has them all. Each
    form is checked whole before any is sent; what is wrong is named by line and column, and the other forms
    go. The same file again sends nothing twice: what came before is recorded as a duplicate.

    \b
    Exits 0  every form was taken in (also as a duplicate); with --dry-run, every form could be sent
          1  nothing was sent, or the stack did not answer
          2  the command was not understood
          3  at least one form was not sent, or was refused
          4  at least one form has no verdict yet: --wait was too short
    """
    sheet, found = _checked(file, wants_json=wants_json)
    if not wants_json:
        _say_faults(found.faults)
        _say_absent(sheet)
    if dry_run:
        _tell_plan(found, sheet, wants_json=wants_json)
        sys.exit(REFUSED if found.faults else 0)
    came = sent(found.entries, _way_in(where), within_seconds=wait) if found.entries else []
    _tell_verdicts(came, found, sheet, wants_json=wants_json)
    sys.exit(exit_code(came) or (REFUSED if found.faults else 0))


def _checked(file: Path, *, wants_json: bool) -> tuple[Sheet, Checked]:
    """Ends the command where nothing of the file may be sent."""
    try:
        sheet = read_sheet(file)
    except FileRefusedError as exc:
        if wants_json:
            click.echo(as_json(_plain([], exc.faults, ())))
        else:
            _say_faults(exc.faults)
        raise CommandError("Nothing was sent: mend the file first.") from None
    return sheet, checked(sheet, datetime.now(UTC))


def sent(entries: Sequence[Entry], way_in: WayIn, *, within_seconds: float) -> list[Verdict]:
    """The verdict of each form, in their order. Raises CommandError naming those that did not go."""
    return list(with_progress("sent", _one_after_another(entries, way_in, within_seconds), len(entries)))


def _one_after_another(entries: Sequence[Entry], way_in: WayIn, within_seconds: float) -> Iterator[Verdict]:
    for start in range(0, len(entries), MOST_AT_ONCE):
        yield from way_in.take(entries[start : start + MOST_AT_ONCE], within_seconds=within_seconds)


def _way_in(where: Where) -> WayIn:
    return WayIn.of(connected(where))


# --- what is said


def _say_faults(faults: Sequence[Fault]) -> None:
    for fault in faults:
        click.echo(fault.words)


def _say_absent(sheet: Sheet) -> None:
    if sheet.absent:
        click.echo(f"No column for {', '.join(sheet.absent)}: unanswered in every form.", err=True)


def _tell_plan(found: Checked, sheet: Sheet, *, wants_json: bool) -> None:
    """What would be sent, by the names that a verdict has for it."""
    if wants_json:
        forms = [
            {"entry": one.label, "event_id": one.event_id, "referral_ref": one.referral_ref}
            for one in found.entries
        ]
        click.echo(as_json(_plain(forms, found.faults, sheet.absent)))
        return
    click.echo(f"{_counted(len(found.entries))} could be sent{_beside(found)}. Nothing was sent.")


def _tell_verdicts(came: Sequence[Verdict], found: Checked, sheet: Sheet, *, wants_json: bool) -> None:
    if wants_json:
        forms = [verdict.as_json() for verdict in came]
        click.echo(as_json(_plain(forms, found.faults, sheet.absent)))
        return
    for verdict in came:
        click.echo(f"{verdict.sent.entry.label}: {verdict.words}")
    click.echo(f"{_counted(len(came))} sent{_beside(found)}.")


def _counted(number: int) -> str:
    return f"{number} {'form' if number == 1 else 'forms'}"


def _beside(found: Checked) -> str:
    return f"; {_counted(found.left_out)} not, for the faults above" if found.left_out else ""


def _plain(
    forms: Sequence[Mapping[str, object]], faults: Sequence[Fault], absent: Sequence[str]
) -> dict[str, object]:
    """For programs."""
    return {
        "forms": list(forms),
        "errors": [fault.as_json() for fault in faults],
        "absent_columns": list(absent),
    }
