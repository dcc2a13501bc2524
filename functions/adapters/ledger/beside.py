"""What is asked of people beside referrals, about a source or about all decisions together: tasks in a
partition of its own, each with its row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Chain, Fact, Tip
from functions.adapters.ledger.items import ABOUT_NO_CHILD
from functions.adapters.ledger.parts import done_task, open_task
from functions.adapters.ledger.records import OpenedTask
from functions.adapters.ledger.store import Item, Store, from_item, to_item
from functions.domain.tasks import Task
from schemas.codes import AuditKind, TaskKind, TaskState

NEWEST_ROWS = 50
"""How far back somebody's last word is looked for; before that it is long answered."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The tasks of one partition by their sort keys, done ones among them, and the row after which they were
    read; `spoken_at` is when somebody last ended one that is asked again: about a source's silence, about
    reasons."""

    pk: str
    tip: Tip
    tasks: dict[str, Item]
    spoken_at: datetime | None

    def of(self, kind: TaskKind) -> list[Item]:
        return [item for item in self.tasks.values() if item["kind"] == kind]


@dataclass(frozen=True, slots=True)
class News:
    """What is new there: tasks to be opened, tasks that are answered, and their rows."""

    facts: Sequence[Fact]
    opened: Sequence[Task]
    answered: Sequence[Item]


class Beside:
    """Reads and writes what is asked of people beside referrals."""

    def __init__(self, store: Store, chain: Chain) -> None:
        self._store = store
        self._chain = chain

    def of_source(self, name: str) -> Standing:
        """What stands now about a source; a change meanwhile moves the tip."""
        return self._standing(keys.source(name), TaskKind.CHECK_SILENCE)

    def of_all_decisions(self) -> Standing:
        """The same about all decisions together."""
        return self._standing(keys.ALL_DECISIONS, TaskKind.CHECK_REASONS)

    def _standing(self, pk: str, asked_again: TaskKind) -> Standing:
        tip = self._chain.tip(pk)
        items = self._store.partition(self._store.state, pk, keys.TASK_PREFIX)
        return Standing(pk, tip, {item["sk"]: item for item in items}, self._spoken_at(pk, asked_again))

    def write(self, standing: Standing, news: News, now: datetime) -> None:
        """Raises ContendedError if a row was written there since, ConditionsFailedError if a task changed."""
        opened = (OpenedTask(ABOUT_NO_CHILD, ABOUT_NO_CHILD, task) for task in news.opened)
        self._store.write(
            [
                *self._chain.append(standing.pk, standing.tip, news.facts, now),
                *(open_task(self._store, standing.pk, one, now) for one in opened),
                *(done_task(self._store, item) for item in news.answered),
            ]
        )

    def _spoken_at(self, pk: str, kind: TaskKind) -> datetime | None:
        answer = self._store.client.query(
            TableName=self._store.audit,
            KeyConditionExpression="#pk = :pk",
            ExpressionAttributeNames={"#pk": "pk"},
            ExpressionAttributeValues=to_item({":pk": pk}),
            ScanIndexForward=False,
            Limit=NEWEST_ROWS,
            ConsistentRead=True,
        )
        words = (row for row in map(from_item, answer["Items"]) if _ends(kind, row))
        newest = next(words, None)
        return datetime.fromisoformat(newest["at"]) if newest else None


def _ends(kind: TaskKind, row: Item) -> bool:
    return bool(row["type"] == AuditKind.TASK and row["task"] == kind and row.get("done"))


def is_open(task: Item) -> bool:
    return bool(task["st"] != TaskState.DONE)
