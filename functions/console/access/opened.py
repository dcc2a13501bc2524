"""Who opened one referral, when and why, whatever day it was: by its reference.

Of enquiries likewise. Whoever asks this is on record as a reader of the referral too.
"""

from datetime import datetime
from urllib.parse import urlencode

from functions.adapters.ledger.readings import SomeReadings
from functions.adapters.ledger.store import Item
from functions.console.access.entry import PATH, fields, line
from functions.console.asking import cursor
from functions.console.door.visit import Visit
from functions.console.shown.access import Access
from functions.console.shown.form import Chip, Filters
from functions.console.shown.listing import Around
from functions.console.shown.parts import Link
from functions.console.words.moments import counted
from functions.domain.clock import uk_day
from functions.domain.typed import id_typed

A_PAGE = 100
ABOUT = (
    "Everybody who opened this referral, one of its messages, tasks or police forms, or a list of nothing "
    "else, printed it, took it away, or read it at the command line; and whoever asked for it and was shown "
    "nothing. Lists and files of several referrals are not among them."
)
NOT_THERE = "No referral has this reference."
NOBODY = "Nobody is known to have opened it."
NOTHING_OLDER = "There is nothing older."


def opened_path(ref: str, **more: str) -> str:
    """The address that asks who opened it."""
    return f"{PATH}?{urlencode({'ref': ref, **more})}"


def opened(typed: str, visit: Visit) -> Access:
    """A page of its readings, the newest first. What is no reference of ours never goes on record.

    Raises NotHereError for a cursor that we did not give out for this referral.
    """
    ref, start = id_typed(typed).upper(), visit.request.asked("from")
    is_known = visit.knows(ref)
    before = cursor.reading_read(start, ref, visit.session) if start else None
    found = visit.desk.reads.readings.of(ref, A_PAGE, before=before) if is_known else SomeReadings((), None)
    visit.note("ACCESS", len(found.rows), {"ref": ref} if is_known else None)
    goes_on = cursor.reading_told(ref, found.goes_on, visit.session) if found.goes_on else None
    of_several = " on this page" if start or goes_on else ""
    return Access(
        about=ABOUT,
        around=Around(
            heading=counted(len(found.rows), "entry", "entries") + of_several,
            filters=Filters(
                path=PATH,
                fields=fields(ref=typed, day=uk_day(visit.now)),
                chips=(Chip(text=typed, path=PATH),),
            ),
            empty=NOT_THERE if not is_known else NOTHING_OLDER if start else NOBODY,
            clear=PATH,
            previous=Link(text="Newest entries", path=opened_path(ref)) if start else None,
            next=Link(text="Older entries", path=opened_path(ref, **{"from": goes_on})) if goes_on else None,
        ),
        lines=tuple(line(row, visit.now, day=_their_day(row)) for row in found.rows),
    )


def _their_day(row: Item) -> Link:
    """What else they looked at on the day of that entry, and in which role."""
    day = uk_day(datetime.fromisoformat(row["at"])).isoformat()
    return Link(text="on that day", path=f"{PATH}?{urlencode({'who': row['actor'], 'day': day})}")
