"""`python -m tests.simulation.year`: one year of a hub, as `make sim-year` plays it."""

import argparse
import sys
import time
from datetime import datetime

import click
from rich.console import Console

from functions.domain.measures.counts import month_of
from functions.log_lines import say_nothing
from tests.simulation.year.contacts import YEAR_BEGINS
from tests.simulation.year.reckoning import reckoned
from tests.simulation.year.run import Player
from tests.simulation.year.table import as_table

CONTACTS = 16_000
SAY_EVERY_SECONDS = 0.5
_WIDTH = 120


class Progress:
    """How far it has come: one line that changes; where nobody watches that, a line for each month."""

    def __init__(self, contacts: int) -> None:
        self._contacts = contacts
        self._began = self._said = time.monotonic()
        self._month = month_of(YEAR_BEGINS)

    def say(self, contacts: int, at: datetime) -> None:
        """Of the first so many contacts, at that moment of the year."""
        if not contacts or not self._is_time(at):
            return
        left = (time.monotonic() - self._began) / contacts * (self._contacts - contacts)
        self._line(f"{at:%-d %b %Y}  {contacts:,} of {self._contacts:,} contacts  {_minutes(left)} left")

    def then(self, what: str) -> None:
        """What is done once the year is over."""
        self._line(f"{what}, after {_minutes(time.monotonic() - self._began)}")

    def _is_time(self, at: datetime) -> bool:
        now, month = time.monotonic(), month_of(at)
        is_time = now - self._said >= SAY_EVERY_SECONDS if sys.stderr.isatty() else month != self._month
        if is_time:
            self._said, self._month = now, month
        return is_time

    def _line(self, text: str) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{text:<78}", nl=False, err=True)
        else:
            click.echo(text, err=True)


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d} min"


def main() -> int:
    """Exits 1 if anything is unaccounted for, or a clock did not fire as it should."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.year", description=__doc__)
    parser.add_argument("--contacts", type=int, default=CONTACTS)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    say_nothing()
    progress = Progress(arguments.contacts)
    year = Player(arguments.seed, arguments.contacts, progress.say).play()
    progress.then("the year is over; every referral is accounted for twice")
    done = reckoned(year)
    progress.then("accounted for")
    click.echo("", err=True)
    Console(width=_WIDTH, soft_wrap=True).print(as_table(year, done))
    return 1 if done.violations else 0


if __name__ == "__main__":
    sys.exit(main())
