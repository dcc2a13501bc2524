"""`python -m tests.simulation.year`: one year of a hub, as `make sim-year` plays it."""

import argparse
import sys

import click
from rich.console import Console

from functions.log_lines import say_nothing
from tests.simulation.year.calendar import THE_YEAR
from tests.simulation.year.progress import Progress
from tests.simulation.year.reckoning import reckoned
from tests.simulation.year.run import Player
from tests.simulation.year.table import as_table

CONTACTS = 16_000
_WIDTH = 120


def main() -> int:
    """Exits 1 if anything is unaccounted for, or a clock did not fire as it should."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.year", description=__doc__)
    parser.add_argument("--contacts", type=int, default=CONTACTS)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    say_nothing()
    progress = Progress(arguments.contacts, THE_YEAR.begins)
    year = Player(arguments.seed, arguments.contacts, progress.say).play()
    progress.then("the year is over; every referral is accounted for twice")
    done = reckoned(year)
    progress.then("accounted for")
    click.echo("", err=True)
    Console(width=_WIDTH, soft_wrap=True).print(as_table(year, done))
    return 1 if done.violations else 0


if __name__ == "__main__":
    sys.exit(main())
