"""The first page of the morning, filled from counters, open tasks and the registry: as many reads for a
hundred thousand referrals as for one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Item
from functions.console.agency_lines import Known, agency_lines, known_agencies
from functions.console.attention import attention, is_overdue, most_urgent_first, refused_events
from functions.console.figures import (
    DAYS,
    TARGET,
    Figures,
    days_back,
    is_told,
    monday_of,
)
from functions.console.moments import clock_time, counted, day_name
from functions.console.overview_charts import decisions_each_day, outcomes_this_week, told_in_time
from functions.console.request import Page
from functions.console.shown.overview import NeedsAttention, Overview, Tile
from functions.console.shown.parts import Link, Tone, Unavailable
from functions.console.visit import Visit
from functions.domain.clock import uk_day
from functions.domain.reconciliation.arrivals import Arrived
from functions.domain.wording.uk_time import uk_date
from schemas.codes import AuditKind, TaskKind, TaskRole

MOST_LINES = 8
"""Of what needs attention: the rest is a link away."""
A_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that the page is made from, as of one moment."""

    figures: Figures
    tasks: Sequence[Item]
    agencies: Sequence[Known]
    decided: Sequence[Arrived]
    """Of the last 24 hours, the newest first."""
    refused: int
    """Events of the last 24 hours that were not taken in."""
    told: int
    """Of the referrals decided on, the ones whose referrer has been told."""

    @property
    def now(self) -> datetime:
        return self.figures.now


def overview(visit: Visit) -> Page:
    """Reads, puts on record that it did, and shows."""
    seen = look(visit)
    visit.note("OVERVIEW", len(seen.tasks))
    return Page("overview", "Overview", shown(seen))


def look(visit: Visit) -> Seen:
    """The counters of 91 days, the open tasks, the registry, and the decisions of the last 24 hours."""
    reads, now = visit.desk.reads, visit.now
    came = [
        one
        for day in days_back(now)[:2]
        for one in reads.days.arrivals(day, now)
        if one.at > now - A_DAY and not one.is_told_elsewhere
    ]
    decided = [one for one in came if one.kind == AuditKind.DECISION]
    refs = {ref for one in decided if (ref := keys.ref_of(one.partition))}
    return Seen(
        figures=Figures(reads.counters.live(map(date.isoformat, days_back(now))), now, visit.desk.clocks),
        tasks=most_urgent_first(task for role in TaskRole for task in reads.work.of(role)),
        agencies=known_agencies(reads.directory, now),
        decided=decided,
        refused=sum(one.kind == AuditKind.REJECTED for one in came),
        told=sum(is_told(one.counts) for one in reads.counters.counted_each(refs).values()),
    )


def shown(seen: Seen) -> Overview:
    """The same in words."""
    at = clock_time(seen.now)
    return Overview(
        as_at=f"{day_name(uk_day(seen.now))} {uk_date(seen.now)}. Figures as at {at}.",
        tiles=tuple(_tiles(seen)),
        attention=_needs_attention(seen, at),
        decisions=decisions_each_day(seen.figures),
        told=told_in_time(seen.figures),
        agencies=tuple(agency_lines(seen.agencies, seen.figures.counts, seen.now)),
        outcomes=outcomes_this_week(seen.figures),
        download=Link(text="Download figures for the partnership board", path="/reports"),
    )


def _tiles(seen: Seen) -> Iterator[Tile]:
    figures, tasks = seen.figures, seen.tasks
    late = sum(task["kind"] == TaskKind.CALL_UNTOLD for task in tasks)
    yield Tile(
        heading="Referrers not told yet",
        path="/referrals?told=no",
        figure=f"{figures.not_told:,}",
        below=(
            f"{counted(late, 'message')} past the deadline" if late else "None is past its deadline",
            *([f"{figures.by_notice:,} by notice only"] if figures.by_notice else []),
            f"Of those decided in the last {DAYS} days",
        ),
        tone=Tone.BAD if late else Tone.WARN if figures.not_told else Tone.GOOD,
    )
    chased = [task for task in tasks if task["kind"] == TaskKind.CHASE_FORM]
    outstanding = figures.forms_outstanding
    yield Tile(
        heading="Police risk assessments overdue",
        path="/worklist?kind=CHASE_FORM",
        figure=f"{len(chased):,}",
        below=(
            f"{outstanding:,} not complete, of {DAYS} days" if outstanding else "All others are complete",
        ),
        tone=Tone.BAD if chased else Tone.GOOD,
    )
    yield Tile(
        heading="Decisions in the last 24 hours",
        path="/referrals",
        figure=f"{len(seen.decided):,}",
        below=(f"{counted(seen.told, 'referrer')} already told",),
    )
    yield _told_in_time(figures)


def _told_in_time(figures: Figures) -> Tile:
    monday = monday_of(figures.today)
    this, last = figures.told_in_time(monday), figures.told_in_time(monday - timedelta(days=7))
    before = f"Last week {last.per_cent}%" if last.per_cent is not None else "No figure of last week"
    if this.per_cent is None:
        figure: str | Unavailable = Unavailable(reason="No working day of this week is over for anybody yet")
    else:
        figure = f"{this.per_cent:g}%"
    return Tile(
        heading="Told within 1 working day",
        path="/reports",
        figure=figure,
        below=(f"This week. Target {TARGET}%. {before}",),
        tone=Tone.GOOD if this.per_cent is None or this.per_cent >= TARGET else Tone.WARN,
    )


def _needs_attention(seen: Seen, at: str) -> NeedsAttention:
    names = {one.entry.agency_id: one.entry.name for one in seen.agencies}
    late_first = sorted(seen.tasks, key=lambda task: not is_overdue(task, seen.now))
    refused = [refused_events(seen.refused)] if seen.refused else []
    count = len(seen.tasks) + len(refused)
    most = MOST_LINES - len(refused)
    return NeedsAttention(
        count=f"{count:,}",
        lines=(*refused, *(attention(task, seen.now, names) for task in late_first[:most])),
        checked_at=at,
        all_of=Link(text=f"See all {count:,}", path="/worklist") if len(seen.tasks) > most else None,
    )
