"""How a stage stands at this moment, read in as many calls for a thousand referrals as for one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.days import Days, Progress
from functions.adapters.ledger.reading import DueIndex, WorkIndex
from functions.adapters.ledger.store import Item
from functions.adapters.registry.directory import Directory
from functions.adapters.registry.obstacles import Rest
from functions.cli.on_record import chain_of, note
from functions.cli.releasing import task_as_json
from functions.cli.stack import Stack
from functions.cli.task_lines import command
from functions.domain.clock import uk_day
from functions.domain.reconciliation.arrivals import Arrived
from schemas.codes import AuditKind, TaskKind, TaskRole, TaskState

LATE_AFTER = timedelta(minutes=5)
"""The sweep looks each minute: what stood for so long was not looked at."""
MOST_URGENT = 5
DAYS_BACK = 90
"""As far as accounts are kept; one call reads how far they have come."""


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for one role."""

    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits of one kind for one role, and since when the oldest does."""

    kind: TaskKind
    role: TaskRole
    open: int
    overdue: int
    since: datetime

    def as_json(self) -> dict[str, object]:
        """The same for programs."""
        return {
            "kind": self.kind,
            "role": self.role,
            "open": self.open,
            "overdue": self.overdue,
            "oldest_opened_at": at_text(self.since),
        }


@dataclass(frozen=True, slots=True)
class Standing:
    """What was read, as it stood at `at`."""

    stage: str
    at: datetime
    came_in: Mapping[str, int]
    counted: Progress
    """How far today's account has come; its counts are some minutes old."""
    on_their_way: Sequence[datetime]
    """Since when each message waits that will still go by itself, the oldest first."""
    tasks: Sequence[Item]
    """The one due first first."""
    late: Sequence[datetime]
    """When each clock ran out that nobody has looked at in time, the oldest first."""
    at_rest: Sequence[Rest]
    statement: Item | None

    @property
    def queues(self) -> dict[TaskRole, Queue]:
        """What waits, by role, those for whom nothing waits among them."""
        waits = Counter(task["role"] for task in self.tasks)
        overdue = Counter(task["role"] for task in self.overdue)
        return {role: Queue(waits[role], overdue[role]) for role in TaskRole}

    @property
    def waits(self) -> list[Waits]:
        """The same by what is to be done, the kind of which one is due first first."""
        found = dict[tuple[str, str], list[Item]]()
        for task in self.tasks:
            found.setdefault((task["kind"], task["role"]), []).append(task)
        return [
            Waits(
                kind=TaskKind(kind),
                role=TaskRole(role),
                open=len(tasks),
                overdue=sum(is_overdue(task, self.at) for task in tasks),
                since=min(datetime.fromisoformat(task["opened_at"]) for task in tasks),
            )
            for (kind, role), tasks in found.items()
        ]

    @property
    def overdue(self) -> list[Item]:
        """Tasks whose time has come, whether their clock has rung or not."""
        return [task for task in self.tasks if is_overdue(task, self.at)]

    @property
    def oldest(self) -> str | None:
        """Since when somebody has waited longest for a person to act."""
        return min((str(task["opened_at"]) for task in self.tasks), default=None)

    @property
    def urgent(self) -> Sequence[Item]:
        """What a person should do next."""
        return self.tasks[:MOST_URGENT]

    def as_json(self) -> dict[str, object]:
        """The same for programs: codes, ids, counts and moments."""
        return {
            "stage": self.stage,
            "at": at_text(self.at),
            "came_in": dict(self.came_in),
            "counted_at": at_text(self.counted.checked_at) if self.counted.checked_at else None,
            "counted": dict(self.counted.counted) or None,
            "on_their_way": len(self.on_their_way),
            "on_their_way_since": at_text(self.on_their_way[0]) if self.on_their_way else None,
            "tasks": {
                role.value: {"open": queue.open, "overdue": queue.overdue}
                for role, queue in self.queues.items()
            },
            "oldest_task_opened_at": self.oldest,
            "waits": [one.as_json() for one in self.waits],
            "urgent": [{**task_as_json(task), "command": command(task)} for task in self.urgent],
            "late_clocks": len(self.late),
            "late_clocks_since": at_text(self.late[0]) if self.late else None,
            "endpoints_at_rest": [_rest_as_json(rest) for rest in self.at_rest],
            "statement": _statement_as_json(self.statement) if self.statement else None,
        }


def is_overdue(task: Item, now: datetime) -> bool:
    """Whether its time has come."""
    return bool(task["st"] == TaskState.OVERDUE or task["due_at"] < at_text(now))


def standing(stack: Stack) -> Standing:
    """How the stage stands now; asking is on record before anybody sees it."""
    store, now = stack.store(), datetime.now(UTC)
    chain = chain_of(store)
    days, due = Days(store, chain), DueIndex(store)
    progress = days.progress(_days_back(uk_day(now)))
    waiting = list(due.standing())
    tasks = [task for role in TaskRole for task in WorkIndex(store).of(role)]
    found = Standing(
        stage=stack.stage,
        at=now,
        came_in=_came_in(days.arrivals(uk_day(now), now)),
        counted=progress[uk_day(now)],
        on_their_way=sorted(since for _, since in waiting if since),
        tasks=sorted(tasks, key=lambda task: str(task["due_at"])),
        late=sorted((*_late(waiting, now), *due.run_out(now - LATE_AFTER))),
        at_rest=Directory(store, chain).at_rest(),
        statement=_last_statement(progress, days),
    )
    note(store, "status", len(tasks))
    return found


def _days_back(today: date) -> list[date]:
    return [today - timedelta(days=back) for back in range(DAYS_BACK + 1)]


def _came_in(arrived: Iterable[Arrived]) -> dict[str, int]:
    """By what it was; a duplicate's row with its original stands for no event of its own."""
    found = Counter(_name_of(one) for one in arrived if not one.is_told_elsewhere)
    return {name: found[name] for name in dict.fromkeys((*_NAMES.values(), BESIDE, HEARTBEATS))}


BESIDE, HEARTBEATS = "beside_decisions", "heartbeats"
_NAMES: Mapping[str, str] = {
    AuditKind.DECISION: "decisions",
    AuditKind.RA_FORM: "police_forms",
    AuditKind.REJECTED: "refused",
    AuditKind.EVENT_DUPLICATE: "duplicate",
    AuditKind.DECISION_STALE: "stale",
}


def _name_of(arrived: Arrived) -> str:
    """A heartbeat of the police feed is about no referral, and stands under none."""
    of_a_case = keys.ref_of(arrived.partition) is not None
    return _NAMES.get(arrived.kind, BESIDE if of_a_case else HEARTBEATS)


def _late(waiting: Iterable[tuple[datetime, datetime | None]], now: datetime) -> list[datetime]:
    return [due_at for due_at, _ in waiting if due_at < now - LATE_AFTER]


def _last_statement(progress: Mapping[date, Progress], days: Days) -> Item | None:
    stated = next((day for day, seen in progress.items() if seen.is_stated), None)
    return days.statement(stated) if stated else None


def _rest_as_json(rest: Rest) -> dict[str, object]:
    return {
        "agency_id": rest.agency_id,
        "paused": rest.pause.cause if rest.pause else None,
        "paused_at": at_text(rest.pause.since) if rest.pause else None,
        "tried_again_at": at_text(rest.until) if rest.until else None,
    }


def _statement_as_json(row: Item) -> dict[str, object]:
    return {name: row[name] for name in ("day", "decisions", "accounted", "differences")}
