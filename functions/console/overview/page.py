"""The first page of the morning, filled from counters, open tasks and the registry: as many reads for a
hundred thousand referrals as for one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from functions.adapters.errors import BusyError
from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Item
from functions.console.agencies.lines import Known, agency_lines, known_agencies
from functions.console.agencies.waiting import Waits, what_waits
from functions.console.desk import Reads
from functions.console.door.request import Page
from functions.console.door.visit import Visit
from functions.console.overview.charts import decisions_each_day, outcomes_this_week, told_in_time
from functions.console.overview.figures import (
    DAYS,
    Figures,
    days_back,
    monday_of,
)
from functions.console.referrals.page import UNTOLD, decided_since
from functions.console.shown.overview import AgencyLine, Attention, NeedsAttention, Overview, Tile
from functions.console.shown.parts import Link, Tone, Unavailable
from functions.console.words.moments import clock_time, counted, day_name
from functions.console.worklist.attention import (
    attention,
    refused_events,
    refused_not_known,
    worst_first,
)
from functions.domain.clock import uk_day
from functions.domain.measures.named import TARGET
from functions.domain.measures.outcome_told import is_told
from functions.domain.reconciliation.arrivals import Arrived
from functions.domain.wording.uk_time import uk_date
from schemas.codes import AuditKind, TaskKind, TaskRole

T = TypeVar("T")

MOST_LINES = 8
"""Of what needs attention: the rest is a link away."""
A_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class LastDay:
    """What came in during the last 24 hours."""

    decided: Sequence[Arrived]
    """The newest first."""
    refused: int
    """Events that were not taken in."""
    told: int
    """Of the referrals decided on, the ones whose referrer has been told."""


@dataclass(frozen=True, slots=True)
class Morning:
    """Everything that the page is made from, as of one moment; or why a part of it cannot be had."""

    now: datetime
    figures: Figures | Unavailable
    tasks: Sequence[Item] | Unavailable
    agencies: Sequence[Known] | Unavailable
    last_day: LastDay | Unavailable
    waiting: Mapping[str, Waits] | Unavailable
    """By agency, where any agency is in trouble."""


def overview(visit: Visit) -> Page:
    """Reads, puts on record that it did, and shows.

    Raises BusyError where the tables answer nothing at all.
    """
    seen = look(visit)
    visit.note("OVERVIEW", 0 if isinstance(seen.tasks, Unavailable) else len(seen.tasks))
    return Page("overview", "Overview", shown(seen))


def look(visit: Visit) -> Morning:
    """The counters of 91 days, the open tasks, the registry, and the decisions of the last 24 hours: each by
    itself, so that tables which are busy with one of them do not take the others away."""
    reads, now, clocks = visit.desk.reads, visit.now, visit.desk.clocks
    agencies = _unless_busy(lambda: known_agencies(reads.directory, reads.work, now), now)
    all_well = not isinstance(agencies, Unavailable) and all(one.standing.is_well for one in agencies)
    seen = Morning(
        now=now,
        figures=_unless_busy(
            lambda: Figures(reads.counters.live(map(date.isoformat, days_back(now))), now, clocks), now
        ),
        tasks=_unless_busy(
            lambda: worst_first((task for role in TaskRole for task in reads.work.of(role)), now), now
        ),
        agencies=agencies,
        last_day=_unless_busy(lambda: _last_day(reads, now), now),
        waiting={} if all_well else _unless_busy(lambda: what_waits(reads.due), now),
    )
    parts = (seen.figures, seen.tasks, seen.agencies, seen.last_day)
    if all(isinstance(one, Unavailable) for one in parts):
        raise BusyError("no part of the overview was answered")
    return seen


def _unless_busy(read: Callable[[], T], now: datetime) -> T | Unavailable:
    try:
        return read()
    except BusyError:
        at = clock_time(now)
        return Unavailable(reason=f"The database did not answer at {at}. Messages are still being sent.")


def _last_day(reads: Reads, now: datetime) -> LastDay:
    came = [
        one
        for day in days_back(now)[:2]
        for one in reads.days.arrivals(day, now)
        if one.at > now - A_DAY and not one.is_told_elsewhere
    ]
    decided = [one for one in came if one.kind == AuditKind.DECISION]
    refs = {ref for one in decided if (ref := keys.ref_of(one.partition))}
    return LastDay(
        decided=decided,
        refused=sum(one.kind == AuditKind.REJECTED for one in came),
        told=sum(is_told(one.counts) for one in reads.counters.counted_each(refs).values()),
    )


def shown(seen: Morning) -> Overview:
    """The same in words."""
    at = clock_time(seen.now)
    return Overview(
        as_at=f"{day_name(uk_day(seen.now))} {uk_date(seen.now)}. Figures as at {at}.",
        tiles=tuple(_tiles(seen)),
        attention=_needs_attention(seen, at),
        decisions=_drawn(decisions_each_day, seen.figures),
        told=_drawn(told_in_time, seen.figures),
        agencies=_agencies(seen),
        outcomes=_drawn(outcomes_this_week, seen.figures),
        download=Link(text="Download figures for the partnership board", path="/reports"),
    )


def _drawn(chart: Callable[[Figures], T], figures: Figures | Unavailable) -> T | Unavailable:
    return figures if isinstance(figures, Unavailable) else chart(figures)


def _agencies(seen: Morning) -> tuple[AgencyLine, ...] | Unavailable:
    if isinstance(seen.agencies, Unavailable):
        return seen.agencies
    if isinstance(seen.figures, Unavailable):
        return seen.figures
    return tuple(agency_lines(seen.agencies, seen.figures.counts, seen.waiting, seen.now))


def _tiles(seen: Morning) -> Iterator[Tile]:
    yield _not_told(seen)
    yield _forms_overdue(seen)
    yield _decided_of_late(seen)
    yield _told_in_time(seen.figures)


def _decided_of_late(seen: Morning) -> Tile:
    day, today = seen.last_day, uk_day(seen.now)
    return Tile(
        heading="Decisions in the last 24 hours",
        path=decided_since(today - timedelta(days=1), today),
        figure=day if isinstance(day, Unavailable) else f"{len(day.decided):,}",
        below=()
        if isinstance(day, Unavailable)
        else (
            f"{counted(day.told, 'referrer')} already told",
            "Changes count too. The list has what was first decided since yesterday",
        ),
    )


def _not_told(seen: Morning) -> Tile:
    heading, figures = "Referrers not told yet", seen.figures
    path = decided_since(days_back(seen.now)[-1], uk_day(seen.now), told=UNTOLD)
    if isinstance(figures, Unavailable):
        return Tile(heading=heading, path=path, figure=figures)
    late = _number_of(TaskKind.CALL_UNTOLD, seen)
    words = f"{counted(late, 'message')} past the deadline" if late else "No call to a referrer is open"
    return Tile(
        heading=heading,
        path=path,
        figure=f"{figures.not_told:,}",
        below=(
            "How many are past the deadline is not available" if late is None else words,
            *([f"{figures.by_notice:,} by notice only"] if figures.by_notice else []),
            f"Of those decided in the last {DAYS} days",
        ),
        tone=Tone.BAD if late else Tone.WARN if figures.not_told or late is None else Tone.GOOD,
    )


def _forms_overdue(seen: Morning) -> Tile:
    heading, path = "Police risk assessments overdue", "/worklist?kind=CHASE_FORM"
    if isinstance(seen.tasks, Unavailable):
        return Tile(heading=heading, path=path, figure=seen.tasks)
    chased = _number_of(TaskKind.CHASE_FORM, seen)
    return Tile(
        heading=heading,
        path=path,
        figure=f"{chased:,}",
        below=(_forms_outstanding(seen.figures),),
        tone=Tone.BAD if chased else Tone.GOOD,
    )


def _forms_outstanding(figures: Figures | Unavailable) -> str:
    if isinstance(figures, Unavailable):
        return "How many are not complete is not available"
    outstanding = figures.forms_outstanding
    return f"{outstanding:,} not complete in {DAYS} days" if outstanding else "All others are complete"


def _number_of(kind: TaskKind, seen: Morning) -> int | None:
    """How many tasks of a kind are open; None where that cannot be had."""
    return None if isinstance(seen.tasks, Unavailable) else sum(task["kind"] == kind for task in seen.tasks)


def _told_in_time(figures: Figures | Unavailable) -> Tile:
    heading, path = "Told within 1 working day", "/reports"
    if isinstance(figures, Unavailable):
        return Tile(heading=heading, path=path, figure=figures)
    monday = monday_of(figures.today)
    this, last = figures.told_in_time(monday), figures.told_in_time(monday - timedelta(days=7))
    if this.per_cent is None:
        none = Unavailable(reason="No working day of this week is over for anybody yet")
        return Tile(heading=heading, path=path, figure=none)
    before = f"Last week {last.per_cent}%" if last.per_cent is not None else "No figure of last week"
    return Tile(
        heading=heading,
        path=path,
        figure=f"{this.per_cent:g}%",
        below=(
            f"Of the referral arriving, this week. Target {TARGET}%. {before}",
            "The reports have it by month",
        ),
        tone=Tone.GOOD if this.against_target >= 0 else Tone.WARN,
    )


def _needs_attention(seen: Morning, at: str) -> NeedsAttention | Unavailable:
    if isinstance(seen.tasks, Unavailable):
        return seen.tasks
    names = {} if isinstance(seen.agencies, Unavailable) else _names(seen.agencies)
    waiting = None if isinstance(seen.waiting, Unavailable) else seen.waiting
    refused = list(_refused(seen.last_day))
    is_known = not isinstance(seen.last_day, Unavailable)
    count = len(seen.tasks) + (len(refused) if is_known else 0)
    most = MOST_LINES - len(refused)
    return NeedsAttention(
        count=f"{count:,}" if is_known else f"{count:,} or more",
        lines=(*refused, *(attention(task, seen.now, names, waiting) for task in seen.tasks[:most])),
        checked_at=at,
        all_of=Link(text=f"See all {len(seen.tasks):,} tasks", path="/worklist")
        if len(seen.tasks) > most
        else None,
    )


def _refused(last_day: LastDay | Unavailable) -> Iterator[Attention]:
    if isinstance(last_day, Unavailable):
        yield refused_not_known()
    elif last_day.refused:
        yield refused_events(last_day.refused)


def _names(agencies: Sequence[Known]) -> Mapping[str, str]:
    return {one.entry.agency_id: one.entry.name for one in agencies}
