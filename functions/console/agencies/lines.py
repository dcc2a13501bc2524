"""The agencies as they stand, and their lines on the overview: those in trouble first, and those of a kind of
which there are many in one line."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from functions.adapters.ledger import keys
from functions.adapters.ledger.counters import Counters
from functions.adapters.ledger.reading import WorkIndex
from functions.adapters.registry.directory import ACTIVE, Directory, Entry
from functions.adapters.registry.obstacles import Obstacles
from functions.console.agencies.waiting import Waits, first_waited, waiting_words
from functions.console.agencies.words import (
    NOT_ANSWERING,
    WORKING,
    Reachable,
    delivered_words,
    last_days,
    standing,
    way_words,
)
from functions.console.shown.overview import AgencyLine
from functions.console.shown.parts import Link, Tag, Tone, Unavailable
from functions.console.words.moments import within_a_sentence
from functions.domain.measures.by_agency import Deliveries, deliveries
from functions.domain.measures.counts import Counts
from functions.story.named import lower
from schemas.codes import AgencyType, TaskKind, TaskRole

TOGETHER: Mapping[AgencyType, str] = {AgencyType.GP: "GP practices", AgencyType.SCHOOL: "Schools"}
"""Of these a hub has dozens: their own lines are a link away."""
_WORST_FIRST = (Tone.BAD, Tone.WARN)


@dataclass(frozen=True, slots=True)
class Known:
    """An agency of the registry, and what stands between it and us now."""

    entry: Entry
    obstacles: Obstacles
    standing: Reachable


def known_agencies(directory: Directory, work: WorkIndex, now: datetime) -> list[Known]:
    """Every agency that was ever applied: those in trouble first, and by name."""
    entries = directory.all()
    obstacles = directory.obstacles(entries)
    at_rest = {rest.agency_id: rest for rest in directory.at_rest()}
    since = _failing_since(work) if any(rest.until for rest in at_rest.values()) else {}
    found = [
        Known(one, its, standing(one, at_rest.get(one.agency_id), its, since.get(one.agency_id), now))
        for one in entries
        for its in [obstacles[one.agency_id]]
    ]
    return sorted(found, key=lambda one: (one.standing.is_well, one.entry.name))


def _failing_since(work: WorkIndex) -> Mapping[str, datetime]:
    """By agency, since when somebody is asked to ring about its system: its own item says only when it is
    tried next."""
    tasks = (task for task in work.of(TaskRole.DIRECTORY_OWNER) if task["kind"] == TaskKind.MEND_ENDPOINT)
    return {keys.owner_of(task): datetime.fromisoformat(task["opened_at"]) for task in tasks}


def since_words(one: Known, waiting: Mapping[str, Waits] | None, now: datetime) -> str | None:
    """`Since today, 6:12am`: of a system that does not answer as early as the first message has waited, as
    the task about it says too."""
    since = one.standing.since
    if since and one.standing.tag == NOT_ANSWERING:
        since = first_waited(one.entry.agency_id, waiting, since)
    return f"Since {within_a_sentence(since, now)}" if since else None


def how_it_stands(*said: str | None) -> str | None:
    """`Since today, 6:12am. Next try: today, 7:00am`: whatever of it there is to say."""
    return ". ".join(filter(None, said)) or None


def deliveries_of_late(counters: Counters, now: datetime) -> Mapping[str, Deliveries]:
    """Of the last days, by agency."""
    days = last_days(now)
    return deliveries(counters.live(day.isoformat() for day in days), days)


def agency_lines(
    agencies: Sequence[Known], counts: Counts, waiting: Mapping[str, Waits] | Unavailable, now: datetime
) -> Iterator[AgencyLine]:
    """One for each that is active and was sent anything or is in trouble, but one for all of a kind that
    stands together. Of those in trouble it says what waits too, where that can be had."""
    waits = {} if isinstance(waiting, Unavailable) else waiting
    sent = deliveries(counts, last_days(now))
    active = [one for one in agencies if one.entry.status == ACTIVE]
    alone = [one for one in active if one.entry.type not in TOGETHER]
    together = {kind: [one for one in agencies if one.entry.type is kind] for kind in TOGETHER}
    yield from (
        _line(one, sent, waits, now)
        for one in alone
        if not one.standing.is_well or sent.get(one.entry.agency_id, Deliveries()).sent
    )
    yield from (
        _of_a_kind(kind, every, sent)
        for kind, every in together.items()
        if any(one.entry.status == ACTIVE for one in every)
    )


def _line(
    one: Known, sent: Mapping[str, Deliveries], waiting: Mapping[str, Waits], now: datetime
) -> AgencyLine:
    agency_id = one.entry.agency_id
    is_told = not one.standing.is_well and agency_id in waiting
    waits = waiting_words(agency_id, waiting) if is_told else None
    return AgencyLine(
        agency=Link(text=one.entry.name, path=f"/agencies/{agency_id}"),
        sent_by=way_words(one.entry),
        delivered=delivered_words(sent.get(agency_id, Deliveries())),
        status=one.standing.tag,
        since=how_it_stands(since_words(one, waiting, now), waits, one.standing.more),
    )


def _of_a_kind(kind: AgencyType, every: Sequence[Known], sent: Mapping[str, Deliveries]) -> AgencyLine:
    """Of those that are active; the list that the line leads to has them all, as its number then says."""
    some = [one for one in every if one.entry.status == ACTIVE]
    number = f"{len(some):,}" if len(some) == len(every) else f"{len(some):,} of {len(every):,} active"
    ways = dict.fromkeys(way_words(one.entry) for one in some)
    return AgencyLine(
        agency=Link(text=f"{TOGETHER[kind]} ({number})", path=f"/agencies?type={kind}"),
        sent_by=next(iter(ways)) if len(ways) == 1 else "In several ways",
        delivered=delivered_words(
            sum((sent.get(one.entry.agency_id, Deliveries()) for one in some), Deliveries())
        ),
        status=_worst(one.standing for one in some),
    )


def _worst(standings: Iterable[Reachable]) -> Tag:
    """`1 wrong address`: the worst that any of them has, and how many have it."""
    unwell = [one.tag for one in standings if not one.is_well]
    if not unwell:
        return WORKING.tag
    worst = min(unwell, key=lambda tag: _WORST_FIRST.index(tag.tone))
    return Tag(text=f"{Counter(unwell)[worst]:,} {lower(worst.text)}", tone=worst.tone)
