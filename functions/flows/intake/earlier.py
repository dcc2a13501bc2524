"""What an agency was told, and what was held, before the decision that is taken in now."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from functions.adapters.ledger.items import task_key
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import Item
from functions.adapters.vault import DataKey
from functions.domain.release import OpenHolds
from functions.domain.shown import shown
from functions.domain.tasks import Task
from functions.domain.wording.told import outcome_told
from functions.flows.planning.deliveries import pins_of
from functions.flows.planning.notices import opened
from schemas.codes import DeliveryState, HoldTrigger, Outcome, TaskState
from schemas.notice import ToldBefore


@dataclass(frozen=True, slots=True)
class OwnReferral:
    """A referral and child as their reader knows them, wherever the outcome is decided."""

    ref: str
    child: int


@dataclass(frozen=True, slots=True)
class Source:
    """A referral in which messages about a child stand: its own, or one that it ever was a duplicate of."""

    referral: Referral
    key: DataKey

    def started(self, own: OwnReferral) -> Iterator[Item]:
        """The messages under that reference that were started: nobody can say that they did not arrive."""
        return (item for item in self.referral.deliveries if item["attempt"] and read_as(item) == own)


def read_as(item: Item) -> OwnReferral:
    """The referral that a delivery's message names."""
    if duplicate := item.get("duplicate"):
        return OwnReferral(duplicate["referral_ref"], duplicate["child_index"])
    return OwnReferral(DeliveryKey.of(item).ref, item["child"])


def counted(item: Item) -> int:
    """The number that the message shows its reader."""
    return shown(int(item["dver"]), pins_of(item))


def told_before(own: OwnReferral, names: Collection[str], sources: Iterable[Source]) -> ToldBefore | None:
    """The newest version of which the agency with these `names` had, or may have had, a message."""
    started = [
        (source, item) for source in sources for item in source.started(own) if item["agency"] in names
    ]
    if not started:
        return None
    newest = max(counted(item) for _, item in started)
    of_newest = [(source, item) for source, item in started if counted(item) == newest]
    arrived = sorted(
        item["sent_at"] for _, item in of_newest if item["st"] == DeliveryState.SENT and "sent_at" in item
    )
    source, fullest = max(of_newest, key=lambda found: int(found[1]["level"]))
    return ToldBefore(
        decision_seq=newest,
        outcome=_outcome_told(source, fullest),
        told_at=datetime.fromisoformat(arrived[0]) if arrived else None,
    )


def _outcome_told(source: Source, item: Item) -> Outcome | None:
    notice = opened(source.referral, DeliveryKey.of(item).notice_sk, source.key)
    return outcome_told(notice, pins_of(item)) if notice else None


def told_agencies(own: OwnReferral, sources: Iterable[Source]) -> dict[str, Item]:
    """By agency, the newest message under this reference that was started: whoever had one has the next."""
    items = [item for source in sources for item in source.started(own)]
    return {item["agency"]: item for item in sorted(items, key=counted)}


def renamed(holds: OpenHolds, agency_of: Mapping[str, str]) -> OpenHolds:
    """The holds with each agency by the id that it has now: one that became another's alias is that one."""
    on_agency: dict[str, set[HoldTrigger]] = {}
    for name, triggers in holds.on_agency.items():
        on_agency.setdefault(agency_of.get(name, name), set()).update(triggers)
    return replace(holds, on_agency={agency: tuple(sorted(held)) for agency, held in on_agency.items()})


def open_since(task: Task, referral: Referral, child: int) -> datetime | None:
    """When the open one was opened whose place it takes: whoever waits has waited since then."""
    standing = referral.open_tasks(child).get(task_key(referral.pk, child, task).sk)
    return datetime.fromisoformat(standing["opened_at"]) if standing else None


def no_later(task: Task, referral: Referral, child: int) -> Task:
    """The task, due no later than the open one whose place it takes: a newer version restarts no clock.

    One that is overdue has called somebody already; what is new gets a time of its own.
    """
    standing = referral.tasks.get(task_key(referral.pk, child, task).sk)
    if standing is None or standing["st"] != TaskState.OPEN:
        return task
    return replace(task, due_at=min(task.due_at, datetime.fromisoformat(standing["due_at"])))
