"""Tries of one message that ended alike, as one thing to read with every one of them in it.

A run is the failed tries between two entries of any other kind. Where several systems are down their tries
take turns in it: of each message those that ended alike stand together, where the newest of them stands. A
page holds whole runs alone, so that no try is on two pages or on none.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, groupby
from typing import TypeAlias

from functions.adapters.ledger.store import Item
from functions.console.shown.referral import Happened
from functions.console.words.messages import refused
from functions.console.words.moments import clock_time
from functions.domain.clock import uk_day
from functions.domain.wording.uk_time import uk_date_and_time
from functions.story.named import its_message, upper
from functions.story.troubles import TRIED
from schemas.codes import AttemptResult, AuditKind, ErrorWord

NOT_KNOWN = "nobody knows whether it arrived"
Alike: TypeAlias = list[Item]
"""What one moment did, to one child or to several."""
Entry: TypeAlias = list[Alike]
"""What stands in one place: one thing, or tries that ended alike."""


def runs(newest_first: Iterable[Alike]) -> Iterator[list[Entry]]:
    """The entries that must stand on one page: those of a run of tries, and each other by itself."""
    for is_run, some in groupby(newest_first, key=_is_a_failed_try):
        if is_run:
            yield _by_message(some)
        else:
            yield from ([[alike]] for alike in some)


def folded(each: Sequence[Happened], entry: Entry, agency: str) -> Happened:
    """Several tries as one entry: of which message, how often, from when to when, and how they ended."""
    first, last = (datetime.fromisoformat(alike[0]["at"]) for alike in (entry[-1], entry[0]))
    return Happened(
        title=f"Tried {len(entry)} times to reach {agency}: {how_it_ended(entry[0][0])}",
        by=each[0].by,
        at=_between(first, last),
        lines=tuple(f"{upper(its_message(row))}." for row in entry[0]),
        links=tuple(dict.fromkeys(chain.from_iterable(one.links for one in each))),
        is_bad=True,
        each=tuple(each),
    )


def how_it_ended(row: Item) -> str:
    """`no answer came in time`, `their system refused our signature`."""
    if "error" not in row:
        return NOT_KNOWN
    words = refused(row) or TRIED[ErrorWord(row["error"])].what
    return words[:1].lower() + words[1:]


def _is_a_failed_try(alike: Alike) -> bool:
    return all(
        row["type"] == AuditKind.ATTEMPT_CLOSED and row["result"] != AttemptResult.SUCCESS for row in alike
    )


def _by_message(tries: Iterable[Alike]) -> list[Entry]:
    """Of each message those that ended alike with no other end between them."""
    newest_of = dict[object, Entry]()
    found = list[Entry]()
    for alike in tries:
        message = frozenset(row.get("message_id") for row in alike)
        entry = newest_of.get(message)
        if entry and how_it_ended(entry[0][0]) == how_it_ended(alike[0]):
            entry.append(alike)
        else:
            newest_of[message] = [alike]
            found.append(newest_of[message])
    return found


def _between(first: datetime, last: datetime) -> str:
    """`24 November 2026, between 10:02am and 3:40pm`."""
    if uk_day(first) != uk_day(last):
        return f"Between {uk_date_and_time(first)} and {uk_date_and_time(last)}"
    day = uk_date_and_time(first).rpartition(" at ")[0]
    return f"{day}, between {clock_time(first)} and {clock_time(last)}"
