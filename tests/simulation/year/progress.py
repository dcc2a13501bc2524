"""How far a year has come that is being played."""

import sys
import time
from datetime import datetime

import click

from functions.domain.measures.counts import month_of

SAY_EVERY_SECONDS = 0.5


class Progress:
    """How far it has come: one line that changes; where nobody watches that, a line for each month."""

    def __init__(self, contacts: int, begins: datetime) -> None:
        self._contacts = contacts
        self._began = self._said = time.monotonic()
        self._month = month_of(begins)

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
