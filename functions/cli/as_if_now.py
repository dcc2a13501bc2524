"""Event files told as if their story happened now: every moment in them moved by as much."""

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from functions.cli.bus import Entry

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def as_if_now(entries: Iterable[Entry], newest: datetime, now: datetime) -> list[Entry]:
    """The entries with `newest`, the last moment of their story, at `now`.

    Clocks count from the moments in an event: told as they stand, the files would be overdue on arrival. What
    is no event, and a time without its zone, stays as it is.
    """
    by = now.replace(microsecond=0) - newest
    return [_moved(entry, by) for entry in entries]


def newest_moment(entries: Iterable[Entry]) -> datetime:
    """When the last of them occurred; for files of which none says so, the beginning of time."""
    occurred = [(entry.detail or {}).get("occurred_at") for entry in entries]
    said = [one for one in occurred if isinstance(one, str) and MOMENT.fullmatch(one)]
    return max(map(datetime.fromisoformat, said), default=datetime.min.replace(tzinfo=UTC))


def _moved(entry: Entry, by: timedelta) -> Entry:
    if entry.detail is None:
        return entry
    detail = {name: _later(value, by) for name, value in entry.detail.items()}
    return replace(entry, text=json.dumps(detail), detail=detail)


def _later(value: object, by: timedelta) -> object:
    match value:
        case dict():
            return {name: _later(one, by) for name, one in value.items()}
        case list():
            return [_later(one, by) for one in value]
        case str() if MOMENT.fullmatch(value):
            return (datetime.fromisoformat(value) + by).strftime("%Y-%m-%dT%H:%M:%SZ")
        case str() if DAY.fullmatch(value):
            return (date.fromisoformat(value) + by).isoformat()
        case _:
            return value
