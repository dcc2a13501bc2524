"""`mash export`: the shared data set as files that others may have, put on record before they are whole."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

import click

from functions.adapters.ledger.reading import Export
from functions.cli.answering import ActCommand
from functions.cli.failure import CommandError
from functions.cli.measuring import measured
from functions.cli.on_record import hand_out
from functions.cli.options import BegunMonth, with_stack
from functions.cli.outputs import REPO, Where, connected
from functions.cli.show import as_json
from functions.cli.stack import Stack
from functions.domain.measures import dictionary
from functions.domain.measures.counts import months_between
from functions.domain.measures.published import DATA_SET, SPREADSHEET, Published, as_csv
from schemas.codes import ExportPurpose

MISSING = (
    "it needs an extra that is not installed: run `make setup`, or "
    "`pip install --require-hashes -r requirements-parquet.txt`."
)
AsParquet: TypeAlias = Callable[[Sequence[Published]], bytes]


def _with_the_extra(_: click.Context, param: click.Parameter, wanted: bool) -> AsParquet | None:  # noqa: FBT001 - as click calls it
    """What writes Parquet, if somebody wants any; raises UsageError where it is not installed."""
    if not wanted:
        return None
    try:
        from functions.cli.parquet import as_parquet  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        raise click.BadParameter(MISSING, param=param) from None
    return as_parquet


@click.command(cls=ActCommand)
@click.option("--since", type=BegunMonth(), required=True, help="The first month, YYYY-MM.")
@click.option("--until", type=BegunMonth(), required=True, help="The last month, YYYY-MM.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=REPO / "build" / "export",
    show_default="build/export",
    help="Where the files go; those of an earlier export of the same months are replaced.",
)
@click.option(
    "--parquet",
    is_flag=True,
    callback=_with_the_extra,
    help="The same rows as Parquet too, with types; an extra that `make setup` installs.",
)
@click.option("--json", "wants_json", is_flag=True, help="One JSON object instead of words.")
@with_stack
def export(
    since: str, until: str, *, folder: Path, parquet: AsParquet | None, wants_json: bool, where: Where
) -> None:
    """Write the shared data set of some months: a CSV file, and what each of its columns and figures means.

    Counts of 1 to 4 are hidden, and whatever would tell them; no row is about a child. The export is
    recorded before its files are whole: by whom, of which months, how many rows.
    """
    if since > until:
        raise click.UsageError("--since is after --until.")
    files, exported = written(connected(where), since, until, folder, parquet)
    if wants_json:
        facts = {"since": since, "until": until, "rows": exported.rows, "sha256": exported.sha256}
        if exported.parquet_sha256:
            facts["parquet_sha256"] = exported.parquet_sha256
        click.echo(as_json({"act": "export", **facts, "files": [str(path) for path in files]}))
    else:
        click.echo(f"{exported.rows} rows of {since} to {until} are in")
        for path in files:
            click.echo(f"  {path}")


def written(
    stack: Stack, since: str, until: str, folder: Path, as_parquet: AsParquet | None = None
) -> tuple[list[Path], Export]:
    """The files' paths, and what the trail says of them. Raises CommandError where none can be written."""
    rows = measured(stack, months_between(since, until)).rows
    table = as_csv(rows).encode(SPREADSHEET)
    typed = as_parquet(rows) if as_parquet else None
    exported = Export(
        DATA_SET,
        ExportPurpose.SHARED_DATA_SET,
        since,
        until,
        len(rows),
        _hash(table),
        parquet_sha256=_hash(typed) if typed else None,
    )
    figures = folder / f"figures-{since}-to-{until}.csv"
    parquet = figures.with_suffix(".parquet")
    contents = {
        figures: table,
        **({parquet: typed} if typed else {}),
        folder / "data-dictionary.md": dictionary.as_markdown().encode(),
        folder / "data-dictionary.json": dictionary.as_json().encode(),
    }
    with _held_back(contents, gone={parquet} - contents.keys()):
        hand_out(stack.store(), exported)
    return list(contents), exported


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()


@contextmanager
def _held_back(contents: Mapping[Path, bytes], gone: Collection[Path]) -> Iterator[None]:
    """The files are whole once what is done inside has gone well; else there are none. Then `gone`, what an
    earlier export left and this one does not replace, goes."""
    parts = {path: path.with_name(f".{path.name}.part") for path in contents}
    try:
        with _in_words():
            for path, content in contents.items():
                path.parent.mkdir(parents=True, exist_ok=True)
                parts[path].write_bytes(content)
        yield
        with _in_words():
            for path, part in parts.items():
                part.replace(path)
            for path in gone:
                path.unlink(missing_ok=True)
    finally:
        for part in parts.values():
            with suppress(OSError):
                part.unlink()


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise CommandError(f"{exc.filename} cannot be written: {exc.strerror}.") from None
