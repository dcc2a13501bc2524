"""What intake reads and writes, as plain records: arrivals, what is known, what one event adds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Fact, Tip
from functions.adapters.ledger.keys import DeliveryKey, is_update
from functions.adapters.ledger.store import Item
from functions.domain.life_clocks.clock import LifeClock
from functions.domain.series import gives_way, newest_in
from functions.domain.tasks import Task
from functions.domain.withdrawal import is_withdrawn
from schemas.codes import DeliveryState, HoldTrigger, Series, TaskState
from schemas.notice import Pins

_UNSENT = (DeliveryState.PENDING, DeliveryState.RETRY)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One arrival of an event: the bus's own id for it tells a redelivery from a duplicate."""

    bus_id: str
    at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class Referral:
    """What the state table holds of one referral, or of an enquiry: that is one of no child, 0."""

    pk: str
    tip: Tip = field(default_factory=Tip)
    head: Item = field(default_factory=dict)
    children: Mapping[int, Item] = field(default_factory=dict)
    forms: Mapping[int, Item] = field(default_factory=dict)
    deliveries: tuple[Item, ...] = ()
    """Those that tell a decision."""
    updates: tuple[Item, ...] = ()
    """Those that tell something beside the decisions."""
    notices: Mapping[str, Item] = field(default_factory=dict)
    tasks: Mapping[str, Item] = field(default_factory=dict)
    joins: tuple[Item, ...] = ()
    clocks: Mapping[str, Item] = field(default_factory=dict)

    @classmethod
    def of(cls, pk: str, items: Iterable[Item]) -> "Referral":
        """Sorts a partition's items by their keys."""
        found = {item["sk"]: item for item in items}

        def numbered(prefix: str) -> dict[int, Item]:
            return {int(sk.removeprefix(prefix)): item for sk, item in found.items() if sk.startswith(prefix)}

        def listed(prefix: str) -> dict[str, Item]:
            return {sk: item for sk, item in found.items() if sk.startswith(prefix)}

        messages = listed(keys.DELIVERY_PREFIX)
        updates = {sk: item for sk, item in messages.items() if is_update(sk)}
        return cls(
            pk=pk,
            tip=Tip.of(found.get(keys.HEAD)),
            head=found.get(keys.HEAD, {}),
            children=numbered(keys.CHILD_PREFIX),
            forms=numbered(keys.FORM_PREFIX),
            deliveries=tuple(item for sk, item in messages.items() if sk not in updates),
            updates=tuple(updates.values()),
            notices=listed(keys.NOTICE_PREFIX),
            tasks=listed(keys.TASK_PREFIX),
            joins=tuple(listed(keys.JOIN_PREFIX).values()),
            clocks=listed(keys.CLOCK_PREFIX),
        )

    @property
    def ref(self) -> str:
        return keys.ref_of(self.pk) or self.pk

    def newest(self, child: int, line: str | None = None) -> int:
        """The newest decided version of a child, or its newest number in a line or in a whole series; 0 while
        there is none."""
        return int(self.children.get(child, {}).get(newest_in(line), 0))

    @property
    def messages(self) -> tuple[Item, ...]:
        """Every delivery, whatever it tells."""
        return (*self.deliveries, *self.updates)

    def of_child(self, child: int) -> list[Item]:
        """Every delivery that tells a decision about one child, whatever its version and state."""
        return [item for item in self.deliveries if item["child"] == child]

    def alike(self, item: Item) -> list[Item]:
        """Every message of the same child and line as `item`."""
        line = DeliveryKey.of(item).line
        return [
            one for one in self.messages if one["child"] == item["child"] and DeliveryKey.of(one).line == line
        ]

    def is_newest(self, item: Item) -> bool:
        """Whether nothing newer of its kind was made for its child, and it was not withdrawn."""
        key = DeliveryKey.of(item)
        return key.seq == self.newest(key.child, key.line) and not self.is_withdrawn(item)

    def is_withdrawn(self, item: Item) -> bool:
        """Whether it tells a decision that was sent in error."""
        key = DeliveryKey.of(item)
        return is_withdrawn(self.children.get(key.child, {}), key.line, key.seq)

    def open_tasks(self, child: int) -> dict[str, Item]:
        """The child's tasks that nobody has done yet."""
        return {
            sk: item
            for sk, item in self.tasks.items()
            if item["child"] == child and item["st"] != TaskState.DONE
        }

    def unsent_before(
        self, child: int, seq: int, line: str | None = None, *, referrer_waits: str = ""
    ) -> list[Item]:
        """That child's messages of lower numbers that nobody has started to send; a sibling's are never among
        them.

        With a decision goes what was only to be heard until then, but for the acknowledgement of a referrer
        to whom it is not told yet; with word of a police form, its reminders.
        """
        return [
            item
            for item in self.messages
            if item["child"] == child
            and item["st"] in _UNSENT
            and gives_way(
                DeliveryKey.of(item).line, item["dver"], to=line, newest=seq, referrer_waits=referrer_waits
            )
        ]


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A delivery to be created: `held` ones have no due time, so that nothing sends them.

    `watched_after_seconds` from when it may go, a person's clock looks at it for the first time.
    """

    key: DeliveryKey
    pins: Pins
    endpoint_version: int
    held: tuple[HoldTrigger, ...]
    watched_after_seconds: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """Encrypted content and the uid of the audit record it is bound to."""

    uid: str
    cipher: bytes


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A frozen notice to be kept under its own sort key."""

    sk: str
    sealed: Sealed


@dataclass(frozen=True, slots=True)
class OpenedTask:
    """A task, and the child and number that it is about; `since` is when it was opened, where one that is
    still open only gets another time."""

    child: int
    seq: int
    task: Task
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class MovedClock:
    """A clock as an event leaves it: set, or ended.

    `seen` is what stood before, empty where nothing did; `task` the open task that it had fired into, and
    that nobody need do any more.
    """

    clock: LifeClock
    seen: Item = field(default_factory=dict)
    task: Item | None = None

    @property
    def parts(self) -> int:
        """How many parts of a transaction it is."""
        return 1 if self.task is None else len(("clock", "task"))


@dataclass(frozen=True, slots=True)
class NewUpdate:
    """One update to be recorded: its row, its notice, its deliveries, and who must act about it."""

    child: int
    series: Series
    line: str
    """What it is told in; each of its readers may have a line of its own instead."""
    number: int
    facts: Sequence[Fact]
    notices: Sequence[NewNotice]
    deliveries: Sequence[NewDelivery]
    tasks: Sequence[OpenedTask]
    over: Sequence[Item] = ()
    """The tasks of holds that end because all that they kept back gives way to it."""

    def gives_way(self, referral: Referral) -> list[Item]:
        """What nobody has started to send, and whose place it takes."""
        return [item for line in self.lines for item in referral.unsent_before(self.child, self.number, line)]

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines whose newest number is its own."""
        return tuple(dict.fromkeys((self.line, *(new.key.line or "" for new in self.deliveries))))


@dataclass(frozen=True, slots=True)
class AcceptedDecision:
    """Everything that one decision's transaction records in its own referral."""

    event_id: str
    child: int
    seq: int
    facts: Sequence[Fact]
    child_state: Mapping[str, Any]
    """What is no longer in it is removed from the child."""
    notices: Sequence[NewNotice]
    deliveries: Sequence[NewDelivery]
    tasks: Sequence[Task]
    done_tasks: Sequence[str]
    """Sort keys of open tasks that this decision answers."""
    fingerprint: str
    new_key: bytes | None
    elsewhere: "Sequence[Elsewhere]" = ()
    clocks: Sequence[MovedClock] = ()


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What a duplicate's decision records in another referral, in the same transaction.

    `at_version` is the version of `child` as it was read, 0 where nothing is decided yet; of no child none is
    asked. `unsent` are deliveries whose readers are told something else from now on.
    """

    referral: Referral
    facts: Sequence[Fact]
    joins: Sequence[Mapping[str, Any]]
    child: int | None = None
    at_version: int = 0
    notices: Sequence[NewNotice] = ()
    deliveries: Sequence[NewDelivery] = ()
    tasks: Sequence[Task] = ()
    done_tasks: Sequence[str] = ()
    unsent: Sequence[Item] = ()


@dataclass(frozen=True, slots=True)
class ReceivedReferral:
    """What the arrival of a referral records: its head, its children, and their first police checks."""

    event_id: str
    facts: Sequence[Fact]
    head: Mapping[str, Any]
    children: Mapping[int, Mapping[str, Any]]
    fingerprint: str
    new_key: bytes | None
    clocks: Sequence[MovedClock] = ()


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form as kept for the children it is now the newest for, and the trail facts it causes."""

    event_id: str
    children: Sequence[int]
    attributes: Mapping[str, Any]
    sealed: Sealed
    facts: Sequence[Fact]
    fingerprint: str
    new_key: bytes | None
    checked: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    clocks: Sequence[MovedClock] = ()
