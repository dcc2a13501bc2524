"""`mash agencies` and `mash rotate`: the reviewed registry applied, who is reached how, and their secrets."""

import secrets
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import click

from functions.adapters.errors import ContendedError, UnusableSecretError
from functions.adapters.registry.apply import (
    NotTwoPeopleError,
    RegistryRefusedError,
    RemovalError,
    refuse_one_person,
    refuse_problems,
    refuse_removals,
)
from functions.adapters.registry.diff import Change, ChangeKind
from functions.adapters.registry.directory import Entry
from functions.adapters.registry.endpoint_rows import UnknownAgencyError
from functions.adapters.registry.secret_keeper import MOST_OVERLAP, new_secret
from functions.adapters.signing import SigningSecret
from functions.cli import show
from functions.cli.agency_findings import check_words, findings, unchecked
from functions.cli.agency_lines import agency_table, as_json, diff_lines
from functions.cli.answering import agreed
from functions.cli.failure import CommandError
from functions.cli.office import Office
from functions.cli.on_record import caller
from functions.cli.options import FILE, with_stack
from functions.cli.outputs import Where, connected
from functions.cli.registry import read_registry
from schemas.agency import Registry

MOST_OVERLAP_HOURS = MOST_OVERLAP // timedelta(hours=1)


@click.group()
def agencies() -> None:
    """The agencies: apply the reviewed file, list them, check what a person must mend."""


@agencies.command(name="apply")
@click.argument("file", type=FILE)
@click.option("--allow-removal", is_flag=True, help="Agencies that the file leaves out go.")
@click.option("--yes", is_flag=True, help="Apply without asking.")
@with_stack
def apply_file(file: Path, *, allow_removal: bool, yes: bool, where: Where) -> None:
    """Make a reviewed registry count.

    Shows what would change, asks, and applies it as you: whoever approved the file must be somebody else.
    Then the owner of each new endpoint is asked; until they agree nothing is posted there.
    """
    registry = read_registry(file)
    apply(_office(where), registry, allow_removal=allow_removal, yes=yes)


def apply(office: Office, registry: Registry, *, allow_removal: bool, yes: bool) -> None:
    """The whole of `mash agencies apply` but the file; raises CommandError with what stands in the way."""
    with _told_plainly():
        changes = _shown_changes(office, registry)
        refuse_one_person(registry, office.actor)
        refuse_problems(registry, changes, office.stage, office.now())
        refuse_removals(changes, allowed=allow_removal)
        if changes:
            agreed(f"Apply {_counted(changes)}?", "Nothing was applied", yes=yes)
        office.directory.apply(
            registry,
            applier=office.actor,
            now=office.now(),
            allow_removal=allow_removal,
            stage=office.stage,
            expected=changes,
        )
        click.echo(f"Applied: {_counted(changes)}." if changes else "Nothing to change.")
        touched = {change.agency_id for change in changes}
        _check_endpoints(office, (entry for entry in office.active() if entry.agency_id in touched))


def _shown_changes(office: Office, registry: Registry) -> tuple[Change, ...]:
    changes = office.directory.plan(registry)
    office.note("registry changes", len(changes))
    for line in diff_lines(changes):
        click.echo(line)
    return changes


def _counted(changes: Iterable[Change]) -> str:
    kinds = [change.kind for change in changes]
    words = {
        ChangeKind.ADDED: "added",
        ChangeKind.CHANGED: "changed",
        ChangeKind.REACTIVATED: "told again",
        ChangeKind.DEACTIVATED: "told nothing any more",
    }
    return ", ".join(f"{kinds.count(kind)} {word}" for kind, word in words.items() if kind in kinds)


def _check_endpoints(office: Office, entries: Iterable[Entry]) -> None:
    for entry, url in unchecked(entries):
        click.echo(check_words(entry, office.check_endpoint(entry.agency_id, url)))


@agencies.command(name="list")
@click.option("--json", "wants_json", is_flag=True, help="One JSON list instead of a table.")
@with_stack
def list_agencies(*, wants_json: bool, where: Where) -> None:
    """Say who is reached how, and for how long that is verified. Asking is recorded first."""
    list_(_office(where), wants_json=wants_json)


def list_(office: Office, *, wants_json: bool) -> None:
    """The whole of `mash agencies list`."""
    entries = office.directory.all()
    office.note("agencies", len(entries))
    managed, today = office.stage.managed_domains, office.today
    obstacles = office.directory.obstacles(entries)
    if wants_json:
        listed = [as_json(entry, obstacles[entry.agency_id], today, managed) for entry in entries]
        click.echo(show.as_json(listed))
    elif entries:
        show.terminal().print(agency_table(entries, obstacles, today, managed))
    else:
        click.echo("No agency has been applied yet: see `mash agencies apply --help`.")


@agencies.command(name="check")
@click.argument("file", type=FILE, required=False)
@with_stack
def check_agencies(file: Path | None, where: Where) -> None:
    """Say what a person must mend: in FILE, before it is applied, or else in what is applied.

    Without FILE, the owners of endpoints that are not active yet are asked again. Exits 1 if anything needs
    a person.
    """
    registry = read_registry(file) if file is not None else None
    office = _office(where)
    sys.exit(check_file(office, registry) if registry is not None else check(office))


def check_file(office: Office, registry: Registry) -> int:
    """What applying the file would meet, without applying it."""
    try:
        with _told_plainly():
            changes = _shown_changes(office, registry)
            refuse_one_person(registry, office.actor)
            refuse_problems(registry, changes, office.stage, office.now())
            refuse_removals(changes, allowed=False)
    except CommandError as exc:
        click.echo(exc.message)
        return 1
    click.echo(f"Fit to be applied: {_counted(changes) or 'nothing to change'}.")
    return 0


def check(office: Office) -> int:
    """What is applied, endpoint by endpoint and mailbox by mailbox."""
    entries = office.active()
    office.note("agencies to mend", len(entries))
    _check_endpoints(office, entries)
    found = list(findings(office))
    for line in found:
        click.echo(line)
    click.echo(f"{len(entries)} agencies; {len(found) or 'nothing'} to mend.")
    return 1 if found else 0


@click.command()
@click.argument("agency")
@click.option("--from-stdin", is_flag=True, help="Read the secret (whsec_...) instead of making one.")
@click.option(
    "--overlap-hours",
    type=click.IntRange(0, MOST_OVERLAP_HOURS),
    default=24,
    show_default=True,
    help="How long the older secrets go on signing beside the new one.",
)
@with_stack
def rotate(agency: str, *, from_stdin: bool, overlap_hours: int, where: Where) -> None:
    """Give an agency's webhook a new signing secret.

    A secret made here is printed once, alone, and never shown again: hand it over by a way that you trust.
    """
    given = sys.stdin.readline().strip() if from_stdin else None
    whsec = rotated(_office(where), agency, given=given, overlap=timedelta(hours=overlap_hours))
    if given is None:
        click.echo(whsec)


def rotated(office: Office, agency_id: str, *, given: str | None, overlap: timedelta) -> str:
    """The whole of `mash rotate` but the printing; raises CommandError if there is nobody to sign for."""
    entry = office.directory.look_up([agency_id]).entries.get(agency_id)
    if entry is None or entry.url is None:
        raise CommandError(f"{agency_id} is no active agency with a webhook: see `mash agencies list`.")
    with _told_plainly():
        secret = new_secret(secrets.token_bytes) if given is None else SigningSecret(given)
        rotation = office.set_secret(entry.agency_id, secret, overlap)
    until = rotation.older_end_at
    older = f"{rotation.live - 1} older until {until}" if until else "no other"
    click.echo(f"{entry.agency_id} is signed for with {rotation.key_id}, and {older}.", err=True)
    return secret.whsec


def _office(where: Where) -> Office:
    return Office.of(connected(where), caller())


@contextmanager
def _told_plainly() -> Iterator[None]:
    """What stands in the way, and what to do about it, instead of a traceback."""
    try:
        yield
    except RegistryRefusedError as exc:
        listed = "\n  ".join(map(str, exc.problems))
        raise CommandError(f"Nothing was applied. Mend these first:\n  {listed}") from None
    except NotTwoPeopleError as exc:
        raise CommandError(f"Nothing was applied: {exc}.") from None
    except RemovalError as exc:
        raise CommandError(
            f"Nothing was applied: the file leaves out {exc}. If they are to be told nothing any more, add "
            "--allow-removal."
        ) from None
    except UnusableSecretError as exc:
        raise CommandError(f"No secret was changed: {exc}.") from None
    except UnknownAgencyError as exc:
        raise CommandError(f"{exc} was never applied: see `mash agencies list`.") from None
    except ContendedError as exc:
        raise CommandError(f"{exc}. What came before stands: look at it and run this again.") from None
