"""Hearing each source: a task where nothing came, where numbers are missing or begin anew; ended by what
comes after all."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from functions.adapters.errors import ContendedError
from functions.adapters.ledger.beside import Beside, News, Standing, is_open
from functions.adapters.ledger.chain import Fact, at_text
from functions.adapters.ledger.days import Days
from functions.adapters.ledger.items import ABOUT_NO_CHILD, task_key
from functions.adapters.ledger.reading import WorkIndex
from functions.adapters.ledger.store import ConditionsFailedError, Item
from functions.adapters.patience import Patience
from functions.domain.clock import uk_day
from functions.domain.reconciliation.arrivals import OUT_OF_ORDER, Arrived
from functions.domain.record import uid
from functions.domain.silence import is_source_silent
from functions.domain.sources import Numbers, counted, left_out, numbered
from functions.domain.tasks import Task, at_once_task
from functions.flows.planning.tasks import task_details
from functions.log_lines import TASK_OPENED, log
from schemas.clocks import ClockPolicy
from schemas.codes import AuditKind, TaskEnd, TaskKind, TaskRole

ACTOR = "mash-outcomes"
DAYS_BACK = 10
"""A source that was not heard for so long has a task by now, or is no source any more."""
RESTARTS_FOR = timedelta(days=5)
"""How long a new count is news: of an older one what came before it may be read no more, and late events that
followed a silence would look like one."""
MOST_DAYS_BACK = 90
"""Until when a number that is missing is waited for, if nobody has ended its task."""
MOST_AT_ONCE = 20
"""How many tasks of a source one transaction opens or ends; the rest follow a quarter of an hour later."""


@dataclass(frozen=True, slots=True)
class SourceDesk:
    """What sources are heard with."""

    days: Days
    beside: Beside
    work: WorkIndex
    patience: Patience
    clocks: ClockPolicy
    now: Callable[[], datetime]


def hear_sources(desk: SourceDesk) -> None:
    """Opens and ends the tasks about every source that was heard in the last days."""
    now = desk.now()
    arrived = _arrived(now, desk)
    named = sorted((one for one in arrived if one.source), key=lambda one: (str(one.source), one.at))
    for source, its_own in groupby(named, key=lambda one: str(one.source)):
        _write(_Heard(source, list(its_own)), desk)


def _arrived(now: datetime, desk: SourceDesk) -> list[Arrived]:
    """What came in since the oldest gap that is still open, and some days at least."""
    today = uk_day(now)
    since = max(_oldest_gap(today, desk), today - timedelta(days=MOST_DAYS_BACK))
    back = (today - min(since, today - timedelta(days=DAYS_BACK))).days
    return [one for days in range(back + 1) for one in desk.days.arrivals(today - timedelta(days=days), now)]


def _oldest_gap(today: date, desk: SourceDesk) -> date:
    gaps = (task for task in desk.work.of(TaskRole.MASH_MANAGER) if task["kind"] == TaskKind.CHECK_GAP)
    return min((uk_day(datetime.fromisoformat(task["opened_at"])) for task in gaps), default=today)


@dataclass(frozen=True, slots=True)
class _Heard:
    """One source's arrivals, oldest first."""

    source: str
    arrived: Sequence[Arrived]

    @property
    def refused(self) -> list[datetime]:
        """When events of its own were refused; nobody else's tell where a number of its own went."""
        return [one.at for one in self.arrived if one.kind == AuditKind.REJECTED]

    def after(self, at: datetime) -> Arrived | None:
        """The first that came later."""
        return next((one for one in self.arrived if one.at > at), None)


def _write(heard: _Heard, desk: SourceDesk) -> None:
    """After a reply that was lost the same rows are written after the same tip: there they stand, if they
    were."""
    now = desk.now()
    seen: tuple[Standing, News] | None = None

    def once() -> News:
        nonlocal seen
        if seen is None:
            standing = desk.beside.of_source(heard.source)
            seen = standing, _news(heard, standing, now, desk.clocks)
        standing, news = seen
        if not news.facts:
            return news
        try:
            desk.beside.write(standing, news, now)
        except (ContendedError, ConditionsFailedError) as exc:
            seen = None
            raise ContendedError("somebody else acts on the source's tasks") from exc
        return news

    for task in desk.patience.persist(once).opened:
        log(TASK_OPENED, source=heard.source, task=task.kind.value, role=task.role.value)


def _news(heard: _Heard, standing: Standing, now: datetime, clocks: ClockPolicy) -> News:
    answered = list(_answered(heard, standing))[:MOST_AT_ONCE]
    opened = list(_opened(heard, standing, now, clocks))[:MOST_AT_ONCE]
    facts = [_row(task, heard, standing, now) for task in opened]
    facts += [_answer(item, by, standing, now) for item, by in answered]
    return News(facts, opened, [item for item, _ in answered])


def _answered(heard: _Heard, standing: Standing) -> Iterator[tuple[Item, Arrived]]:
    """Each open task that something has answered, with the event that did: the first after a silence, the
    last of a gap's numbers. That a count began anew nothing answers but a person."""
    for item in filter(is_open, standing.of(TaskKind.CHECK_SILENCE)):
        if event := heard.after(datetime.fromisoformat(item["opened_at"])):
            yield item, event
    for item in filter(is_open, standing.of(TaskKind.CHECK_GAP)):
        missing = Numbers.of(item["about"])
        came = {one.number: one for one in heard.arrived if one.number is not None and one.number in missing}
        if len(came) == missing.size:
            yield item, max(came.values(), key=lambda one: one.at)


def _opened(heard: _Heard, standing: Standing, now: datetime, clocks: ClockPolicy) -> Iterator[Task]:
    if _is_silent(heard, standing, now, clocks):
        yield _task(TaskKind.CHECK_SILENCE, now, clocks)
    known = [Numbers.of(item["about"]) for item in standing.of(TaskKind.CHECK_GAP)]
    # What fills a gap that somebody knows of tells nothing else, however late it comes.
    numbers = [one for one in numbered(heard.arrived) if not any(one[0] in gap for gap in known)]
    counts, restarts = counted(numbers)
    gaps = [gap for count in counts for gap in left_out(count, heard.refused, settled=now - OUT_OF_ORDER)]
    for gap in dict.fromkeys(gaps):
        if not any(gap.first in asked and gap.last in asked for asked in known):
            yield _task(TaskKind.CHECK_GAP, now, clocks, about=str(gap))
    asked_about = {item["about"] for item in standing.of(TaskKind.CHECK_RESTART)}
    begun = zip(restarts, counts[1:], strict=True)
    for about in dict.fromkeys(str(one) for one, count in begun if now - count.begun_at <= RESTARTS_FOR):
        if about not in asked_about:
            yield _task(TaskKind.CHECK_RESTART, now, clocks, about=about)


def _is_silent(heard: _Heard, standing: Standing, now: datetime, clocks: ClockPolicy) -> bool:
    """Whether nobody knows yet that it is; whoever ended the last task about it is given as long again."""
    if heard.source in clocks.quiet_sources or any(map(is_open, standing.of(TaskKind.CHECK_SILENCE))):
        return False
    last = heard.arrived[-1].at
    return is_source_silent(max(last, standing.spoken_at or last), now, clocks)


def _task(kind: TaskKind, now: datetime, clocks: ClockPolicy, *, about: str | None = None) -> Task:
    """The manager's, within an hour of open office: what did not come may be a decision."""
    task = at_once_task(kind, TaskRole.MASH_MANAGER, now, clocks, cannot_wait=False)
    return replace(task, about=about)


def _row(task: Task, heard: _Heard, standing: Standing, now: datetime) -> Fact:
    """The TASK row of a task that is opened: whose it is, and since when nothing was heard."""
    key = task_key(standing.pk, ABOUT_NO_CHILD, task)
    said = {"child": ABOUT_NO_CHILD, "last_at": at_text(heard.arrived[-1].at), **task_details(task)}
    return Fact(AuditKind.TASK, uid(AuditKind.TASK, key.text, at_text(now)), ACTOR, key.sk, said)


def _answer(item: Item, by: Arrived, standing: Standing, now: datetime) -> Fact:
    """The TASK row of one that is answered, caused by the row of the event that did it."""
    said = {
        "child": ABOUT_NO_CHILD,
        "task": item["kind"],
        "role": item["role"],
        "about": item.get("about"),
        "ended": [item["sk"]],
        "ended_as": TaskEnd.ANSWERED.value,
    }
    identity = uid(AuditKind.TASK, standing.pk, item["sk"], by.uid, at_text(now))
    return Fact(AuditKind.TASK, identity, ACTOR, by.uid, said)
