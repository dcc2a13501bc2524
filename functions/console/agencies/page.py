"""The agencies: how each is reached, and whether that works; and one of them in full, but for its secrets."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Item
from functions.adapters.registry.directory import ACTIVE, Entry
from functions.adapters.registry.obstacles import Obstacles
from functions.console.agencies.endpoint_acts import endpoint_links
from functions.console.agencies.lines import (
    Known,
    deliveries_of_late,
    how_it_stands,
    known_agencies,
    since_words,
)
from functions.console.agencies.recovering import recovery_link
from functions.console.agencies.trial import newest_trial, trial_form
from functions.console.agencies.waiting import Waits, meanwhile, waiting_link, what_waits
from functions.console.agencies.words import delivered_words, last_success, way_words
from functions.console.asking.narrowing import select
from functions.console.door.request import Page
from functions.console.door.roles import MANAGERS
from functions.console.door.visit import NotHereError, Visit
from functions.console.shown.agencies import Agencies, Agency, AgencySummary, ReachedBy
from functions.console.shown.form import Chip, Filters
from functions.console.shown.listing import Around
from functions.console.shown.parts import Column, Fact, Link, Table, Tag, Tone
from functions.console.words.acted import done_words
from functions.console.words.moments import counted, short
from functions.domain.clock import uk_day
from functions.domain.entitlement import is_managed
from functions.domain.measures.by_agency import Deliveries
from functions.domain.registry_rules import VERIFIED_FOR_DAYS
from functions.domain.wording.uk_time import uk_date_and_time
from functions.domain.wording.uk_time import uk_day as uk_day_words
from functions.story.named import actor_words, upper
from functions.story.telling import sentence
from schemas.codes import Addressee, AgencyType, CanaryResult, Channel

ABOVE = (Link(text="Overview", path="/"),)
NEWEST_CHANGES, NEWEST_ENTRIES = 20, 200
"""About the agency itself: so many are shown, of so many."""
OLD_KEY = timedelta(days=365)
TYPES: Mapping[str, str] = {
    **{kind.value: upper(kind.value.replace("_", " ").lower()) for kind in AgencyType},
    AgencyType.GP: "GP",
    AgencyType.CAMHS: "CAMHS",
    AgencyType.EMERGENCY_DEPT: "Emergency department",
    AgencyType.LA_SOCIAL_CARE: "Council, social care",
    AgencyType.LA_INTERNAL: "Council, other services",
    AgencyType.OTHER_LA: "Another council",
    AgencyType.LEGAL_OTHER: "Other, in law and justice",
}
"""What each kind of agency is called, where its code is not its name."""


def agencies(visit: Visit) -> Page:
    """All of them, those in trouble first."""
    kind = visit.request.asked("type") if visit.request.asked("type") in TYPES else ""
    reads = visit.desk.reads
    every = known_agencies(reads.directory, reads.work, visit.now)
    found = [one for one in every if kind in ("", one.entry.type.value)]
    sent = deliveries_of_late(reads.counters, visit.now)
    waiting = what_waits(reads.due)
    visit.note("AGENCIES", len(found), {"type": kind} if kind else None)
    lines = tuple(_summary(one, sent, waiting, visit.now) for one in found)
    around = Around(
        heading=counted(len(lines), "agency", "agencies"),
        filters=Filters(
            path="/agencies",
            fields=(select("type", "Type", TYPES, kind),),
            chips=(Chip(text=TYPES[kind], path="/agencies"),) if kind else (),
        ),
        empty="No agencies match.",
        clear="/agencies",
    )
    return Page("agencies", "Agencies", Agencies(around=around, lines=lines), above=ABOVE)


def _summary(
    one: Known, sent: Mapping[str, Deliveries], waiting: Mapping[str, Waits], now: datetime
) -> AgencySummary:
    agency_id = one.entry.agency_id
    found = sent.get(agency_id, Deliveries())
    return AgencySummary(
        agency=Link(text=one.entry.name, path=f"/agencies/{agency_id}"),
        sent_by=way_words(one.entry),
        delivered=delivered_words(found),
        last_success=last_success(found, now),
        waiting=waiting_link(agency_id, waiting, now),
        status=one.standing.tag,
        detail=_since(one, waiting, now),
    )


def _since(one: Known, waiting: Mapping[str, Waits], now: datetime) -> str | None:
    return how_it_stands(since_words(one, waiting, now), one.standing.more)


def agency(visit: Visit) -> Page:
    """One of them: raises NotHereError where the registry never had it."""
    agency_id = visit.parameters["agency_id"]
    reads = visit.desk.reads
    one = next(
        (
            one
            for one in known_agencies(reads.directory, reads.work, visit.now)
            if one.entry.agency_id == agency_id
        ),
        None,
    )
    visit.note("AGENCY", int(one is not None), {"agency": agency_id} if one else None)
    if one is None:
        raise NotHereError("agency")
    entry, obstacles = one.entry, one.obstacles
    sent = deliveries_of_late(reads.counters, visit.now).get(agency_id, Deliveries())
    waiting = what_waits(reads.due)
    waits = waiting_link(agency_id, waiting, visit.now)
    newest = visit.desk.acts.finding.newest(keys.agency(agency_id), NEWEST_ENTRIES)
    may = visit.session.role in MANAGERS
    shown = Agency(
        name=entry.name,
        about=TYPES[entry.type.value],
        panel=(
            Fact(label="Status", tag=one.standing.tag, text=_since(one, waiting, visit.now) or ""),
            Fact(label="Delivered, 7 days", text=delivered_words(sent)),
            Fact(label="Last success", text=last_success(sent, visit.now)),
            _waiting(entry, waits, visit),
            Fact(label="Telephone", text=entry.phone or "None in the registry"),
        ),
        ways=tuple(_ways(entry, obstacles, newest, visit)),
        changes=_changes(newest),
        warnings=tuple(_warnings(entry, obstacles)),
        test=trial_form(entry, obstacles.pause) if may and entry.status == ACTIVE else None,
        acts=tuple(_acts(entry, obstacles)) if may else (),
        not_allowed=None if may else "Only a MASH manager can pause their system, or send again.",
        messages=Link(text=f"Messages to {entry.name}", path=f"/messages?agency={agency_id}"),
        done=done_words(visit),
    )
    return Page("agency", entry.name, shown, above=(*ABOVE, Link(text="Agencies", path="/agencies")))


def _waiting(entry: Entry, waits: Link | None, visit: Visit) -> Fact:
    if waits is None:
        return Fact(label="Waiting", text="Nothing")
    after = timedelta(seconds=visit.desk.clocks.fallback_after_seconds)
    return Fact(label="Waiting", link=waits, detail=meanwhile(entry, after))


def _acts(entry: Entry, obstacles: Obstacles) -> Iterator[Link]:
    """Each leads to a page that says first what will happen."""
    if entry.status == ACTIVE:
        yield from endpoint_links(entry, obstacles.pause)
        if entry.channels:
            yield recovery_link(entry)


def _ways(entry: Entry, obstacles: Obstacles, newest: Sequence[Item], visit: Visit) -> Iterator[ReachedBy]:
    if entry.url:
        checked = entry.checked_url == entry.url
        words = (
            Tag(text="Checked", tone=Tone.GOOD) if checked else Tag(text="Not yet checked", tone=Tone.WARN)
        )
        yield ReachedBy(
            heading="Their system",
            facts=(
                Fact(label="Host", text=entry.url.split("/")[2]),
                Fact(label="Address", tag=words),
                _key(entry, newest, visit),
                Fact(label="Test message every 15 minutes", text="Yes" if entry.canary else "No"),
                newest_trial(entry, obstacles.pause, newest, visit.now),
            ),
            note="Its address and its key are changed in the reviewed file, never here.",
        )
    for addressee, heading in _MAILBOXES.items():
        if address := entry.address_for(addressee):
            yield ReachedBy(
                heading=heading, facts=tuple(_mailbox(entry, addressee, address, obstacles, visit))
            )


_MAILBOXES: Mapping[Addressee, str] = {
    Addressee.ROLE_MAILBOX: "Their mailbox",
    Addressee.SAFEGUARDING_LEAD: "Their safeguarding lead",
    Addressee.FORM_ESCALATION: "Whom last reminders of police forms go to",
}


def _mailbox(
    entry: Entry, addressee: Addressee, address: str, obstacles: Obstacles, visit: Visit
) -> Iterator[Fact]:
    yield Fact(label="Address", text=address)
    managed = is_managed(address, visit.desk.releases.managed_domains)
    level = "The outcome" if managed or entry.mailbox_raised else "A notice only: it is not a managed mailbox"
    yield Fact(label="May be told", text=level)
    verified = entry.verified_on(addressee)
    if since := obstacles.came_back.get(addressee):
        yield Fact(label="Mail", tag=Tag(text="Came back", tone=Tone.BAD), text=short(since, visit.now))
    elif verified is None or not entry.is_verified(Channel.EMAIL, addressee, uk_day(visit.now)):
        yield Fact(label="Verified", tag=Tag(text="Not verified", tone=Tone.WARN))
    else:
        until = uk_day_words(verified + timedelta(days=VERIFIED_FOR_DAYS))
        yield Fact(label="Verified", text=f"Until {until}")


def _warnings(entry: Entry, obstacles: Obstacles) -> Iterator[str]:
    if entry.status != ACTIVE:
        yield "This agency is no longer active: it is told nothing."
    if obstacles.came_back:
        yield "Mail to an address of this agency came back. Ring them, and have two people correct it."


def _key(entry: Entry, newest: Sequence[Item], visit: Visit) -> Fact:
    """By the end of its number and its age, as the agency's own item has them: nobody here can read the key.

    What an earlier release changed last stands among the newest entries, or has signed the newest test.
    """
    changed = next((row for row in newest if row.get("result") == "SECRET_CHANGED"), {})
    signed = next((row["key_ids"] for row in newest if row.get("key_ids")), ())
    key_id = entry.key_id or changed.get("key_id") or next(iter(signed), None)
    if key_id is None:
        return Fact(label="Key", text="None that we know of")
    since = entry.key_at or (datetime.fromisoformat(changed["at"]) if changed else None)
    age = visit.now - since if since else None
    return Fact(
        label="Key",
        text=f"Number ends {key_id.partition('-')[0][-4:]}",
        detail=f"{counted(age.days, 'day')} old" if age else "How old is not known",
        tag=Tag(text="Over a year old", tone=Tone.WARN) if age and age > OLD_KEY else None,
    )


def _changes(newest: Sequence[Item]) -> Table:
    """The newest entries about the agency itself: what was applied, paused, resumed, by whom; not the test
    messages that go all day."""
    told = (row for row in newest if row.get("result") not in set(CanaryResult))
    return Table(
        caption="What changed",
        columns=(Column(heading="When"), Column(heading="What"), Column(heading="By")),
        rows=tuple(
            (
                uk_date_and_time(datetime.fromisoformat(str(row["at"]))),
                sentence(row),
                actor_words(str(row["actor"])),
            )
            for row in islice(told, NEWEST_CHANGES)
        ),
        empty="Nothing has changed.",
    )
