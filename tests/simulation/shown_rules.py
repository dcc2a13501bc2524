"""What must hold of the numbers that readers are shown, whichever referral's decision they are told."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TypeAlias

from functions.adapters.ledger import keys
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Item
from functions.domain.shown import shown
from functions.flows.intake.earlier import read_as
from functions.flows.planning.deliveries import pins_of
from schemas.codes import AuditKind, DeliveryState, Disclosure, EventType, Outcome, TaskKind
from tests.simulation.dispute_rules import EVERYBODY, takes_back
from tests.simulation.receipt_rules import Require
from tests.simulation.service import Service

Reader: TypeAlias = tuple[str, int, str]
"""Referral and child as they know them, and the agency."""
Telling: TypeAlias = tuple[str, int, int, str]
"""What every channel, fallback and resend of one message has in common."""


_SET_ASIDE = frozenset({DeliveryState.SUPERSEDED, DeliveryState.PARKED})


class ShownRules:
    """Looks at what each reader holds who ignores whatever is lower than the newest they had."""

    def __init__(self, service: Service, require: Require) -> None:
        self._service = service
        self._require = require

    def at_the_end(self, rows: Sequence[Item], deliveries: Mapping[DeliveryKey, Item]) -> None:
        """Everything that only shows when it is over."""
        started = {row["message_id"] for row in rows if row["type"] == AuditKind.ATTEMPT_STARTED}
        arrived = {one.message_id for one in self._service.world.arrived}
        for reader, keys_ in self._by_reader(deliveries).items():
            had = [key for key in keys_ if deliveries[key]["message_id"] in arrived]
            self._rises(reader, had, deliveries)
            self._says_what_was_told(
                reader, [deliveries[key] for key in keys_], lambda item: item["message_id"] in started
            )
            if had and not self._a_person_tells(reader, rows):
                self._holds_the_newest(reader, had, keys_, deliveries)

    def _by_reader(self, deliveries: Mapping[DeliveryKey, Item]) -> Mapping[Reader, list[DeliveryKey]]:
        """Each reader's messages in the order in which they were made."""
        found: defaultdict[Reader, list[DeliveryKey]] = defaultdict(list)
        for one in self._service.tables.journal:
            if one.table == "state" and one.before is None and one.key[1].startswith(keys.DELIVERY_PREFIX):
                key = DeliveryKey.parse(*one.key)
                if key.line is not None:
                    continue
                own = read_as(deliveries[key])
                found[own.ref, own.child, key.agency_id].append(key)
        return found

    def _rises(
        self, reader: Reader, had: Sequence[DeliveryKey], deliveries: Mapping[DeliveryKey, Item]
    ) -> None:
        """I6: what was made later shows a higher number, and what says the same again the same one."""
        numbers: dict[Telling, int] = {}
        for key in had:
            number, before = _number(deliveries[key]), numbers.get(_telling(key))
            newest = max(numbers.values(), default=0)
            rises = number > newest if before is None else number == before
            self._require(rises, "I6", f"{reader} is shown {number} by {key.text}, after {numbers}")
            numbers[_telling(key)] = number

    def _says_what_was_told(
        self, reader: Reader, made: Sequence[Item], is_started: Callable[[Item], bool]
    ) -> None:
        """I6: whatever a message replaces was sent to this reader, and showed that number."""
        sent = set[int]()
        for item in made:
            before = pins_of(item).told_before
            known = before is None or before.decision_seq in sent
            self._require(
                known, "I6", f"{item['sk']} replaces {before}, and {reader} was sent {sorted(sent)}"
            )
            if is_started(item):
                sent.add(_number(item))

    def _holds_the_newest(
        self,
        reader: Reader,
        had: Sequence[DeliveryKey],
        made: Sequence[DeliveryKey],
        deliveries: Mapping[DeliveryKey, Item],
    ) -> None:
        """I6: in the end the highest number is that of what is decided now, unless that could not be
        delivered."""
        now = self._decided_now(reader)
        highest = max(had, key=lambda key: _number(deliveries[key]))
        left = set(had) | {key for key in made if not _never_left(deliveries[key])}
        standing = [key for key in made if key in left or _decision(key) == now]
        self._require(bool(standing) and _decision(standing[-1]) == now, "I1", f"{reader} is not told {now}")
        newest = [key for key in standing if _telling(key) == _telling(standing[-1])]
        delivered = any(deliveries[key]["st"] == DeliveryState.SENT for key in newest)
        holds = _decision(highest) == now
        self._require(holds or not delivered, "I6", f"{reader} goes by {highest.text}, and {now} is decided")

    def _a_person_tells(self, reader: Reader, rows: Sequence[Item]) -> bool:
        """I1: whether a person looks what the reader is told, and goes on doing so until they have done it.

        Nobody is told what had been taken back already when their referral became a duplicate of it.
        """
        own_ref, own_child, _ = reader
        ref, index, seq = self._decided_now(reader)
        chain = [row for row in rows if row["pk"] == keys.referral(ref)]
        joined = [at for at, row in enumerate(chain) if _makes_a_duplicate(row, own_ref, own_child)]
        if not joined:
            return False
        join, before, since = chain[joined[-1]], chain[: joined[-1]], chain[joined[-1] :]
        taken_back = any(_is_taken_back(row, index, seq, join["joined"]) for row in before)
        if not taken_back or join.get("task") != TaskKind.CHECK_DUPLICATE:
            return False
        sk = keys.task(TaskKind.CHECK_DUPLICATE, index, None, join["about"])
        done = any("done" in row and _task(row) == _task(join) for row in since)
        has_it = done or self._service.is_open(keys.referral(ref), sk)
        self._require(has_it, "I1", f"nobody looks what {reader} is told")
        return True

    def _decided_now(self, reader: Reader) -> tuple[str, int, int]:
        """Which decision holds for the reader's child: its own, or the one of which it is a duplicate."""
        ref, index, _ = reader
        child = self._child(ref, index)
        if child["outcome"] == Outcome.DUP:
            ref, index = child["duplicate_of"], child["duplicate_of_child"]
            child = self._child(ref, index)
        return ref, index, int(child.get("dver", 0))

    def _child(self, ref: str, index: int) -> Item:
        return self._service.plain.get("state", keys.referral(ref), keys.child(index)) or {"outcome": ""}

    # --- what the run passed through

    def paths(self, rows: Sequence[Item]) -> Iterator[str]:
        """Names of how a referral became a duplicate, and of a number that would not have risen by itself."""
        for row in rows:
            if row["type"] == AuditKind.LIFECYCLE and "duplicate" in row:
                yield "duplicate left" if row.get("left") else "duplicate joined"
            if row["type"] == AuditKind.ATTEMPT_STARTED and "shown_seq" in row:
                yield "shown a higher number"


def _never_left(item: Item) -> bool:
    """What need not take the place of anything: a person has it, or nobody; or a person stopped it before it
    was tried."""
    stopped_untried = item["st"] == DeliveryState.CANCELLED and not item["attempt"]
    return stopped_untried or item["st"] in _SET_ASIDE


def _makes_a_duplicate(row: Item, ref: str, child: int) -> bool:
    """Whether that referral's child becomes a duplicate of one in whose trail this stands."""
    of_it = (row.get("duplicate"), row.get("duplicate_child")) == (ref, child)
    return of_it and row["type"] == AuditKind.LIFECYCLE and not row.get("left")


def _task(row: Item) -> tuple[str | None, str | None]:
    return row.get("task"), row.get("about")


def _is_taken_back(row: Item, child: int, seq: int, readers: Collection[str]) -> bool:
    """Whether that version was sent in error, or is withheld in whole from any of these readers."""
    if not takes_back(row) or (row["child"], row["decision_seq"]) != (child, seq):
        return False
    if row["event_type"] == EventType.WITHDRAWN_IN_ERROR:
        return True
    return row["disclosure"] != Disclosure.PARTIAL and row.get("agency_id") in (EVERYBODY, *readers)


def _number(item: Item) -> int:
    return shown(int(item["dver"]), pins_of(item))


def _decision(key: DeliveryKey) -> tuple[str, int, int]:
    return key.ref, key.child, key.seq


def _telling(key: DeliveryKey) -> Telling:
    return key.ref, key.child, key.seq, key.origin
