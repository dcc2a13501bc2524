"""Looking each night at how many decisions leave their reason to the duty team: over a tenth is a task."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from functions.adapters.errors import ContendedError
from functions.adapters.ledger.beside import Beside, News, Standing, is_open
from functions.adapters.ledger.chain import Fact, at_text
from functions.adapters.ledger.counters import Counters
from functions.adapters.ledger.items import ABOUT_NO_CHILD, task_key
from functions.adapters.ledger.store import ConditionsFailedError, Item
from functions.adapters.patience import Patience
from functions.domain.clock import uk_day
from functions.domain.measures.reasons import JUDGED_BY_DAYS, Reasons, reasons
from functions.domain.record import uid
from functions.domain.tasks import Task, reasons_task
from functions.flows.measuring.recount import closed_days
from functions.flows.planning.tasks import task_details
from functions.log_lines import TASK_OPENED, log
from schemas.clocks import ClockPolicy
from schemas.codes import AuditKind, TaskEnd, TaskKind

ACTOR = "mash-outcomes"
NOTHING_NEW = News((), (), ())


@dataclass(frozen=True, slots=True)
class ReasonDesk:
    """What reasons are looked at with."""

    counters: Counters
    beside: Beside
    patience: Patience
    clocks: ClockPolicy
    now: Callable[[], datetime]


def look_at_reasons(desk: ReasonDesk) -> None:
    """Opens the manager's task, or ends it: by what the night counted from the trail, so right after that.

    It reads counts and writes a task: no message is held by it, and none waits for it.
    """
    now = desk.now()
    days = judged_days(now)
    found = reasons(desk.counters.recounted(days).counts, days)
    seen: tuple[Standing, News] | None = None

    def once() -> News:
        # After a reply that was lost the same rows are written after the same tip: there they stand, if they
        # were.
        nonlocal seen
        if seen is None:
            standing = desk.beside.of_all_decisions()
            seen = standing, _news(found, days, standing, desk.clocks, now)
        standing, news = seen
        if not news.facts:
            return news
        try:
            desk.beside.write(standing, news, now)
        except (ContendedError, ConditionsFailedError) as exc:
            seen = None
            raise ContendedError("somebody else acts on the task about reasons") from exc
        return news

    for task in desk.patience.persist(once).opened:
        log(TASK_OPENED, task=task.kind.value, role=task.role.value)


def judged_days(now: datetime) -> Sequence[str]:
    """The last four weeks that are over; the month before this one has as many days at least."""
    return closed_days(now)[-JUDGED_BY_DAYS:]


def _news(
    found: Reasons, days: Sequence[str], standing: Standing, clocks: ClockPolicy, now: datetime
) -> News:
    open_ones = list(filter(is_open, standing.of(TaskKind.CHECK_REASONS)))
    if open_ones and not found.are_left_too_often:
        return News([_ended(item, found, standing, now) for item in open_ones], (), open_ones)
    if open_ones or not found.are_left_too_often or not found.can_be_judged or _is_known(days, standing):
        return NOTHING_NEW
    task = reasons_task(now, clocks, about=str(found))
    return News([_row(task, days, standing, now)], [task], ())


def _is_known(days: Sequence[str], standing: Standing) -> bool:
    """Whether somebody has ended a task while some of these days were not over: whoever did is given as long
    again, for what is recorded from then on to show."""
    return standing.spoken_at is not None and uk_day(standing.spoken_at).isoformat() >= days[0]


def _row(task: Task, days: Sequence[str], standing: Standing, now: datetime) -> Fact:
    """The TASK row of the task that is opened: whose it is, how many of how many, and of which days."""
    key = task_key(standing.pk, ABOUT_NO_CHILD, task)
    said = {"child": ABOUT_NO_CHILD, "since": days[0], "until": days[-1], **task_details(task)}
    return Fact(AuditKind.TASK, uid(AuditKind.TASK, key.text, at_text(now)), ACTOR, key.sk, said)


def _ended(item: Item, found: Reasons, standing: Standing, now: datetime) -> Fact:
    """The TASK row of one that nobody need do any more, with the numbers that say so."""
    said = {
        "child": ABOUT_NO_CHILD,
        "task": item["kind"],
        "role": item["role"],
        "about": item["about"],
        "found": str(found),
        "ended": [item["sk"]],
        "ended_as": TaskEnd.ANSWERED.value,
    }
    identity = uid(AuditKind.TASK, standing.pk, item["sk"], at_text(now))
    return Fact(AuditKind.TASK, identity, ACTOR, item["sk"], said)
