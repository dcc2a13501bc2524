"""Who looked at what, for auditors: one person's day, by their id, or who opened one referral, by its
reference. Looking here is on record as well.

The trail keeps each reader's day by itself and lists no readers, so that nothing is looked through: an
auditor says whose day it is, or which referral was opened.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from urllib.parse import urlencode

from functions.adapters.ledger import keys
from functions.adapters.ledger.reading import CAME_TO
from functions.adapters.ledger.store import Item
from functions.console.access.entry import PATH, fields, line
from functions.console.access.narrowed import SHOWN
from functions.console.access.opened import opened
from functions.console.asking import cursor
from functions.console.door.request import Page
from functions.console.door.roles import ROLE_NAMES
from functions.console.door.visit import Visit
from functions.console.shown.access import Access, Looked
from functions.console.shown.form import Chip, Filters
from functions.console.shown.listing import Around
from functions.console.shown.parts import Link
from functions.console.words.moments import counted
from functions.domain.clock import local_moment, uk_day
from functions.domain.typed import day_typed
from schemas.codes import AuditKind, ConsoleRole

A_PAGE = 200
LOOKED_AT = 5000
"""Entries that one page is made from at most: where few of them fit, the next page goes on from there."""
_LONGEST_REQUEST = timedelta(minutes=15)
"""An entry may stand behind one that began so much later, and no more: Lambda ends what lasts longer."""
_ID = re.compile(r"[!-\"$-~]{1,200}")
"""As the trail names whoever reads; a hash would be another partition."""
ABOUT = "Every page of a referral, every search and every file taken away."
_OF_THE_COUNCIL, _OF_THE_CLOUD = "staff:", "arn:"
_LIKE_AN_ID = re.compile(r"(?=.*[0-9])[A-Za-z0-9._:|-]+")
"""What a directory calls people by, of whatever make it is, has a number in it; a name and an address have
none, or an @."""
WHERE_IDS_STAND = (
    "An id begins with staff: or arn:. A referral's history names people by theirs, and “Who opened this "
    "record” on its page leads to each one's day."
)
NO_ID = f"That is not an id, so this says nothing of what anybody looked at. {WHERE_IDS_STAND}"
OF_NO_REFERRAL = frozenset(
    {"ACCESS", "AGENCIES", "AGENCY", "HELP", "HOME", "MESSAGES", "OVERVIEW", "POLICE_DESK", "REFERRALS"}
    | {"REPORT", "WORKLIST"}
)
"""What shows no one referral and does nothing, unless a reference narrows it. Whatever is not named here is
seen either way, so that a code of another release hides nothing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose day, which, what of it, and from where on."""

    who: str
    day: date
    only: str
    start: str

    def path(self, *, start: str = "") -> str:
        """The address that asks the same, from there on."""
        said = {"who": self.who, "day": self.day.isoformat(), "only": self.only, "from": start}
        return f"{PATH}?{urlencode({name: value for name, value in said.items() if value})}"


@dataclass(frozen=True, slots=True)
class Found:
    """A page of somebody's day, and the cursor of where it goes on, if it does."""

    rows: Sequence[Item]
    goes_on: str | None


def access(visit: Visit) -> Page:
    """Whoever opened the referral that is asked for, else one person's day; the newest first, a page at a
    time."""
    ref = visit.request.asked("ref")
    return Page("access", "Access log", opened(ref, visit) if ref else _of_a_day(visit))


def _of_a_day(visit: Visit) -> Access:
    """Without an id the auditor's own."""
    asked, only = visit.request.asked("who"), visit.request.asked("only")
    day = day_typed(visit.request.asked("day")) or uk_day(visit.now)
    narrowed = Asked(asked, day, only if only in SHOWN else "", visit.request.asked("from"))
    reader = _reader(asked) if asked else visit.actor
    found = _found(reader, narrowed, visit) if reader else Found([], None)
    is_known = bool(found.rows or narrowed.start)
    filters = {
        "day": day.isoformat(),
        **({"reader": reader} if is_known and reader else {}),
        **({"only": narrowed.only} if narrowed.only else {}),
    }
    visit.note("ACCESS", len(found.rows), filters)
    roles = {row["actor"]: ROLE_NAMES[ConsoleRole(row["role"])] for row in found.rows if row.get("role")}
    lines = tuple(line(row, visit.now, role=roles.get(row["actor"], "")) for row in found.rows)
    return Access(about=ABOUT, around=_around(narrowed, lines, found.goes_on), lines=lines)


def _reader(asked: str) -> str | None:
    """The name by which the trail knows whoever was asked for; None of what is no id."""
    if not _ID.fullmatch(asked):
        return None
    is_whole = asked.startswith((_OF_THE_COUNCIL, _OF_THE_CLOUD))
    return asked if is_whole else f"{_OF_THE_COUNCIL}{asked}"


def _found(reader: str, asked: Asked, visit: Visit) -> Found:
    """Raises NotHereError for a cursor that we did not give out for this reader and day."""
    rows, looked, last = list[Item](), 0, None
    for row in _newest_first(reader, asked, visit):
        if last and (len(rows) == A_PAGE or looked == LOOKED_AT):
            return Found(rows, cursor.looked_told(*keys.place_of(last), visit.session))
        looked, last = looked + 1, row
        if _fits(row, asked):
            rows.append(row)
    return Found(rows, None)


def _newest_first(reader: str, asked: Asked, visit: Visit) -> Iterator[Item]:
    """A UK day's entries, among a few of the days beside it: the trail's own day is UTC's, and in summer the
    UK's begins an hour before it."""
    begins = local_moment(asked.day, time())
    chains = list(dict.fromkeys(keys.read_by(at, reader) for at in (asked.day, begins)))
    at, before = chains[0], None
    if asked.start:
        at, before = cursor.looked_read(asked.start, chains, visit.session)
    for chain in chains[chains.index(at) :]:
        entries = visit.desk.acts.finding.back_from(chain, before if chain == at else None)
        yield from takewhile(lambda row: _at(row) >= begins - _LONGEST_REQUEST, entries)


def _fits(row: Item, asked: Asked) -> bool:
    if uk_day(_at(row)) != asked.day:
        return False
    shows_no_referral = row["type"] == AuditKind.QUERY and row["asked"] in OF_NO_REFERRAL
    is_of_one = not {"ref", CAME_TO}.isdisjoint(row.get("filters") or {})
    return not asked.only or not shows_no_referral or is_of_one


def _at(row: Item) -> datetime:
    return datetime.fromisoformat(row["at"])


def _around(asked: Asked, lines: tuple[Looked, ...], goes_on: str | None) -> Around:
    return Around(
        heading=counted(len(lines), "entry", "entries"),
        filters=Filters(
            path=PATH,
            fields=fields(who=asked.who, day=asked.day, only=asked.only),
            chips=tuple(_chips(asked)),
        ),
        empty=(
            f"None of the {LOOKED_AT:,} entries that this page was made from. The next page goes on."
            if goes_on
            else "There is nothing older of that day."
            if asked.start
            else _nothing_found(asked)
        ),
        clear=PATH,
        notice="There is more of this day: see the older entries." if goes_on and lines else None,
        previous=Link(text="Newest entries", path=asked.path()) if asked.start else None,
        next=Link(text="Older entries", path=asked.path(start=goes_on)) if goes_on else None,
    )


def _nothing_found(asked: Asked) -> str:
    """The log lists no readers: of an id that nobody has there is as little as of somebody who looked at
    nothing, and neither must be taken for the other."""
    if not asked.who:
        return "You looked at nothing of this on that day."
    if not _is_like_an_id(asked.who):
        return NO_ID
    return (
        f"There is no such entry of {_reader(asked.who)} on that day. That holds of a person only if this is "
        f"their id. {WHERE_IDS_STAND}"
    )


def _is_like_an_id(typed: str) -> bool:
    if not _ID.fullmatch(typed):
        return False
    return typed.startswith((_OF_THE_COUNCIL, _OF_THE_CLOUD)) or bool(_LIKE_AN_ID.fullmatch(typed))


def _chips(asked: Asked) -> Iterator[Chip]:
    if asked.who:
        yield Chip(text=asked.who, path=replace(asked, who="").path())
    if asked.only:
        yield Chip(text=SHOWN[asked.only], path=replace(asked, only="").path())
