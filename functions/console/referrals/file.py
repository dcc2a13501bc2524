"""The entries of one referral as a file that somebody takes away, once it is on record that they do."""

from datetime import datetime
from http import HTTPStatus

from functions.adapters.ledger import keys
from functions.console.asking.taking_away import (
    EFFECTS,
    NO_REASON,
    TAKEN_FOR,
    Taken,
    as_csv,
    taken_away,
    why_form,
)
from functions.console.door.request import Answer, Download, Page
from functions.console.door.visit import Visit
from functions.console.referrals.seen import ABOVE, SeenReferral, look
from functions.console.referrals.timeline import by_whom, title
from functions.console.shown.acts import Act
from functions.console.shown.parts import Fact, Link
from functions.console.words.on_a_page import on_a_page
from functions.domain.clock import uk_day
from functions.domain.wording.uk_time import uk_date_and_time
from functions.story.telling import sentence

TITLE = "Download this record"
HEADS = ("Entry", "When (UK)", "When (UTC)", "What", "By", "In full")


def _size_words(seen: SeenReferral) -> str:
    """`Download (CSV, 2KB)`, never nought."""
    return f"Download (CSV, {max(round(len(_content(seen)) / 1000), 1)}KB)"


def record_to_take(visit: Visit) -> Page:
    """What would be in the file, and the question what it is for."""
    return _page(look(visit.parameters["ref"], visit), visit, error=None)


def take_record(visit: Visit) -> Answer:
    """The file, once the EXPORT row stands."""
    seen = look(visit.parameters["ref"], visit)
    if visit.request.said("reason") not in TAKEN_FOR:
        return _page(seen, visit, error=NO_REASON)
    first, last = (uk_day(datetime.fromisoformat(seen.rows[at]["at"])).isoformat() for at in (0, -1))
    file = Download(f"{seen.ref}.csv", "text/csv; charset=utf-8", _content(seen))
    taken = Taken(f"the record of {seen.ref}", first, last, len(seen.rows), {"ref": seen.ref})
    return taken_away(taken, file, visit)


def _content(seen: SeenReferral) -> bytes:
    return as_csv(
        HEADS,
        (
            (
                str(keys.seq_of(row["sk"])),
                uk_date_and_time(datetime.fromisoformat(row["at"])),
                row["at"],
                title(row, seen.names),
                by_whom(row, seen.names),
                on_a_page(sentence(row), seen.names),
            )
            for row in seen.rows
        ),
    )


def _page(seen: SeenReferral, visit: Visit, *, error: str | None) -> Page:
    shown = Act(
        about=seen.ref,
        title=TITLE,
        facts=(Fact(label="In the file", text=f"Every entry of this record: {len(seen.rows)}"),),
        effects=EFFECTS,
        form=why_form(f"{seen.path}/download", _size_words(seen), (), visit, error),
        back=Link(text="Back to the referral", path=seen.path),
    )
    status = HTTPStatus.BAD_REQUEST if error else HTTPStatus.OK
    above = (*ABOVE, Link(text=seen.ref, path=seen.path))
    return Page("act", TITLE, shown, status, above=above, is_wrong=error is not None)
