"""The list of messages: to whom, how each stands, and its last try, of the referrals of some days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.listing import MOST_DAYS_LOOKED_AT, Place, first_day_looked_at
from functions.adapters.ledger.store import Item
from functions.console.asking import cursor
from functions.console.asking.narrowing import further_back
from functions.console.asking.taking_away import (
    EFFECTS,
    NO_REASON,
    TAKEN_FOR,
    Taken,
    as_csv,
    taken_away,
    why_form,
)
from functions.console.door.request import Answer, Download, Elsewhere, Page
from functions.console.door.roles import TAKERS
from functions.console.door.visit import Visit, came_to
from functions.console.messages.asked import PATH, Narrowed
from functions.console.messages.seen import path_of
from functions.console.shown.acts import Act
from functions.console.shown.form import Filters, Hidden
from functions.console.shown.listing import Around
from functions.console.shown.messages import MessageLine, Messages
from functions.console.shown.parts import Fact, Link
from functions.console.words.messages import STATUSES, WAYS, kind_words, listed_status, why
from functions.console.words.moments import counted, short
from functions.domain.clock import uk_day
from functions.domain.wording.uk_time import uk_date_and_time
from functions.flows.acting.chosen import ID_PREFIX

A_PAGE = 25
MOST_REFERRALS = 60
"""Of one page: each is one query."""
ABOVE = (Link(text="Overview", path="/"),)
DOWNLOAD = f"{PATH}/download"
TITLE = "Download messages"
GAVE_UP = (
    f"One page looks at {MOST_REFERRALS} referrals, or at those of {MOST_DAYS_LOOKED_AT} days. "
    "Narrow the dates, or go on."
)
NOTE = "Newest referrals first: a message stands with its referral, whatever day it was sent."
HEADS = (
    *("Message", "Message number", "Referral", "Child", "To"),
    *("Sent by", "Status", "Why", "Last try", "Tries"),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A page's messages; the cursor of the next one if there may be one; and whether nobody looked any
    further for some that fit."""

    items: Sequence[Item]
    goes_on: str | None = None
    gave_up: bool = False


def messages(visit: Visit) -> Answer:
    """A page of them, whole referrals at a time; a message's own number leads straight to it."""
    given = visit.request.asked("ref")
    if given.startswith(ID_PREFIX):
        visit.note("MESSAGE_BY_NUMBER", 1)
        return Elsewhere(path_of(given))
    asked = Narrowed.of(visit.request.query, uk_day(visit.now))
    found, names = _found(asked, visit.request.asked("from"), visit), _names(visit)
    visit.note("MESSAGES", len(found.items), _noted(asked, found, names, visit))
    lines = tuple(_line(item, names, visit) for item in found.items)
    shown = Messages(around=_around(found, asked, names, visit), lines=lines)
    return Page("messages", "Messages", shown, above=ABOVE)


def messages_to_take(visit: Visit) -> Page:
    """What would be in the file, and the question what it is for."""
    asked, start = Narrowed.of(visit.given, uk_day(visit.now)), visit.said("from")
    found, names = _found(asked, start, visit), _names(visit)
    visit.note("MESSAGES_TO_TAKE", len(found.items), _noted(asked, found, names, visit))
    return _take_page(found, asked, start, visit, names=names)


def take_messages(visit: Visit) -> Answer:
    """The file, once it is on record that it is taken away, by whom and why."""
    asked = Narrowed.of(visit.given, uk_day(visit.now))
    found, names = _found(asked, visit.said("from"), visit), _names(visit)
    if visit.request.said("reason") not in TAKEN_FOR:
        visit.note("MESSAGES_TO_TAKE", len(found.items), _noted(asked, found, names, visit))
        return _take_page(found, asked, visit.said("from"), visit, names=names, error=NO_REASON)
    noted = dict(_noted(asked, found, names, visit))
    since, until = noted.pop("since", None), noted.pop("until", None)
    content = as_csv(HEADS, (_row(item, names) for item in found.items))
    of_which = f"of-{asked.ref}" if asked.ref else f"{since}-to-{until}"
    file = Download(f"messages-{of_which}.csv", "text/csv; charset=utf-8", content)
    return taken_away(Taken("messages", since, until, len(found.items), noted), file, visit)


def _found(asked: Narrowed, given: str, visit: Visit) -> Found:
    listing = visit.desk.reads.listing
    if asked.ref:
        return Found([item for item in listing.messages_of(asked.ref) if asked.takes(item)])
    start = cursor.read(given, visit.session) if given else Place(asked.until)
    since = first_day_looked_at(asked.since, start)
    found = list[Item]()
    for looked_at, came in enumerate(listing.came(since, start), 1):
        found += [item for item in listing.messages_of(came.ref) if asked.takes(item)]
        if len(found) >= A_PAGE or looked_at == MOST_REFERRALS:
            return Found(found, cursor.told(came.place, visit.session), gave_up=len(found) < A_PAGE)
    if since > asked.since:
        return Found(found, cursor.told(Place(since - timedelta(days=1)), visit.session), gave_up=True)
    return Found(found)


def _noted(asked: Narrowed, found: Found, names: Mapping[str, str], visit: Visit) -> Mapping[str, str]:
    has_ref = bool(asked.ref) and (bool(found.items) or visit.knows(asked.ref))
    shown = {} if has_ref else came_to(DeliveryKey.of(item).ref for item in found.items)
    return {**asked.noted(names, has_ref=has_ref), **shown}


def _names(visit: Visit) -> Mapping[str, str]:
    return {one.agency_id: one.name for one in visit.desk.reads.directory.all()}


def _line(item: Item, names: Mapping[str, str], visit: Visit) -> MessageLine:
    key = DeliveryKey.of(item)
    return MessageLine(
        message=Link(text=kind_words(item), path=path_of(item["message_id"])),
        reference=f"{key.ref}, child {key.child}" if key.child else key.ref,
        to=names.get(key.agency_id, key.agency_id),
        by=WAYS[key.channel],
        status=STATUSES[listed_status(item)],
        why=why(item, ()),
        last_try=short(_last(item), visit.now),
        tries=_tries(item, visit.desk.senders.most_tries),
    )


def _row(item: Item, names: Mapping[str, str]) -> tuple[str, ...]:
    key = DeliveryKey.of(item)
    return (
        kind_words(item),
        item["message_id"],
        key.ref,
        str(key.child),
        names.get(key.agency_id, key.agency_id),
        WAYS[key.channel],
        STATUSES[listed_status(item)].text,
        why(item, ()),
        uk_date_and_time(_last(item)),
        str(item["attempt"]),
    )


def _last(item: Item) -> datetime:
    return datetime.fromisoformat(item.get("tried_at") or item["created_at"])


def _tries(item: Item, most: int) -> str:
    return f"Try {item['attempt']} of {most}" if item["attempt"] else "Not tried yet"


def _around(found: Found, asked: Narrowed, names: Mapping[str, str], visit: Visit) -> Around:
    number, may = counted(len(found.items), "message"), visit.session.role in TAKERS
    start = {"from": visit.request.asked("from")} if visit.request.asked("from") else {}
    to_file = Link(text=f"Download these {number} (CSV)", path=asked.address(DOWNLOAD, **start))
    next_page = asked.address(**{"from": found.goes_on}) if found.goes_on else None
    return Around(
        heading=number + (" on this page" if found.goes_on or start else ""),
        filters=Filters(path=PATH, fields=asked.fields(names), chips=tuple(asked.chips(names))),
        empty="No messages match.",
        clear=PATH,
        notice=GAVE_UP if found.gave_up else NOTE,
        next=Link(text="Older messages", path=next_page) if next_page else None,
        further=None if next_page else _further_back(asked),
        download=to_file if may else None,
    )


def _further_back(asked: Narrowed) -> Link | None:
    """None of one referral, all of whose messages are there whatever day it came in."""
    return None if asked.ref else further_back(asked.since, asked.until, asked.address_from)


def _take_page(
    found: Found,
    asked: Narrowed,
    start: str,
    visit: Visit,
    *,
    names: Mapping[str, str],
    error: str | None = None,
) -> Page:
    hidden = [Hidden(name=name, value=value) for name, value in asked.pairs]
    hidden += [Hidden(name="from", value=start)] if start else []
    number = counted(len(found.items), "message")
    shown = Act(
        about="Messages",
        title=TITLE,
        facts=(
            Fact(label="In the file", text=number),
            *(Fact(label="Only", text=chip.text) for chip in asked.chips(names)),
        ),
        effects=EFFECTS,
        form=why_form(DOWNLOAD, f"Download {number} (CSV)", hidden, visit, error),
        back=Link(text="Back to the messages", path=asked.address()),
    )
    status = HTTPStatus.BAD_REQUEST if error else HTTPStatus.OK
    above = (*ABOVE, Link(text="Messages", path=PATH))
    return Page("act", TITLE, shown, status, above=above, is_wrong=error is not None)
