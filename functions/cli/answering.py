"""How an act speaks: what it shows, what it asks, and what came of it, in words or as one JSON object."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

import click
from rich.console import RenderableType

from functions.adapters.errors import RetryError
from functions.adapters.ledger import keys
from functions.cli.failure import NOT_ANSWERED, CommandError, not_answered
from functions.cli.show import as_json, terminal
from functions.flows.orders import OrderRefusedError


@dataclass(frozen=True, slots=True)
class Came:
    """What came of an act: in words, and as a program reads it: codes, ids and counts.

    `unfinished` says what to do where something is left, which is a failure all the same.
    """

    words: str
    facts: Mapping[str, object]
    unfinished: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """One command's talk with whoever gave it; what a program reads stands alone on standard output."""

    act: str
    wants_json: bool = False
    yes: bool = False

    def show(self, what: RenderableType) -> None:
        """What a person looks at before they agree."""
        terminal(sys.stderr if self.wants_json else sys.stdout).print(what)

    def ask(self, question: str) -> None:
        """Raises CommandError unless somebody agrees, or has by --yes."""
        agreed(question, "Nothing was changed", yes=self.yes, err=self.wants_json)

    def tell(self, came: Came) -> None:
        """The answer, and the command's end where something is left."""
        left = CommandError(came.unfinished) if came.unfinished else None
        if self.wants_json and left:
            _failed(self.act, left, came.facts)
        click.echo(as_json({"act": self.act, **came.facts}) if self.wants_json else came.words)
        if left:
            raise left


class ActCommand(click.Command):
    """A command that answers a program: with --json, what was not understood is a JSON object too."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, which takes them off the list one by one."""
        wants_json = "--json" in args
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as exc:
            if not wants_json:
                raise
            _failed(str(self.name), exc)


def written(facts: Mapping[str, object], reason: str, request: str, entries: Sequence[str]) -> dict[str, Any]:
    """What a program reads of an act: `facts`, why, and the rows that it wrote, by their keys."""
    return {**facts, "reason": reason, "request": request, "rows": [*map(keys.of_row, entries)]}


def agreed(question: str, otherwise: str, *, yes: bool, err: bool = False) -> None:
    """Asks, unless `yes` was said. Raises CommandError, which begins with `otherwise`, if nobody agrees."""
    if yes:
        return
    if not _somebody_is_here():
        raise CommandError(f"{otherwise}: nobody is here to be asked. Read that, then add --yes.", "yes")
    if not click.confirm(question, err=err):
        raise CommandError(f"{otherwise}.")


def _somebody_is_here() -> bool:
    return sys.stdin.isatty()


@contextmanager
def answering(act: str, *, wants_json: bool, yes: bool = False) -> Iterator[Talk]:
    """What stands in the way, and what to do about it, instead of a traceback: for a program as JSON too."""
    try:
        with told_plainly():
            yield Talk(act, wants_json, yes)
    except click.ClickException as exc:
        if not wants_json:
            raise
        _failed(act, exc)
    except NOT_ANSWERED as exc:
        if not wants_json:
            raise
        _failed(act, CommandError(not_answered(exc)))


@contextmanager
def told_plainly() -> Iterator[None]:
    """An order that is refused, or that others kept from being written, as a command says so."""
    try:
        yield
    except OrderRefusedError as exc:
        raise CommandError(str(exc), exc.field) from None
    except RetryError as exc:
        raise CommandError(
            f"Others were writing all the while ({exc}): run it again. What was done is not done twice."
        ) from None


def _failed(act: str, exc: click.ClickException, facts: Mapping[str, object] | None = None) -> NoReturn:
    """Ends the command as click would, with the same code; `facts` say what was done all the same."""
    error = {"field": _field(exc), "message": exc.format_message()}
    click.echo(as_json({"act": act, **(facts or {}), "error": error}))
    sys.exit(exc.exit_code)


def _field(exc: click.ClickException) -> str | None:
    """The argument or option to change, where there is one."""
    match exc:
        case CommandError():
            return exc.field
        case click.BadParameter(param=click.Parameter() as param):
            return param.name
        case click.NoSuchOption() | click.BadOptionUsage():
            return exc.option_name
        case _:
            return None
