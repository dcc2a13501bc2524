"""What must hold at every step, and at the end, of every run (delivery section 14)."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import NoReturn

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Item
from functions.domain.delivery import SEND_DEADLINE, message_id
from functions.domain.endpoint import SLOTS
from schemas.codes import AttemptResult, AuditKind, Channel, DeliveryState
from schemas.notice import Frozen, Pins
from tests.simulation.act_rules import ActRules
from tests.simulation.bothered import alarmed_twice, rung_in_vain
from tests.simulation.call_rules import CallRules
from tests.simulation.clock_rules import ClockRules
from tests.simulation.dispute_rules import DisputeRules
from tests.simulation.early_rules import EarlyRules, by
from tests.simulation.outside import Onlooker
from tests.simulation.people import People
from tests.simulation.receipt_rules import ReceiptRules
from tests.simulation.service import Service
from tests.simulation.shown_rules import ShownRules
from tests.world import is_whole

_ENDS = frozenset({AuditKind.ATTEMPT_CLOSED, AuditKind.SUPERSEDED, AuditKind.PARKED})
OPEN = frozenset(
    {DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.RETRY, DeliveryState.QUARANTINE}
)


class Watcher(Onlooker):
    """Looks at each send as it happens, and at everything when it is over."""

    def __init__(self, service: Service, people: People) -> None:
        self._service = service
        self._hashes: dict[str, str] = {}
        self._left: defaultdict[tuple[str, int, str, str | None], list[int]] = defaultdict(list)
        self.sends = 0
        self.repeats = 0
        self._early = EarlyRules(service, self._require)
        self._receipts = ReceiptRules(service, self._require)
        self._acts = ActRules(service, people, self._require)
        self._calls = CallRules(service, self._require)
        self._shown = ShownRules(service, self._require)
        self._clocks = ClockRules(service, self._require)
        self._disputes = DisputeRules(service, self._require)
        self._telling = (
            self._receipts,
            self._acts,
            self._calls,
            self._shown,
            self._clocks,
            self._disputes,
        )
        service.desks.onlooker = self

    # --- safety, at each send

    def when_addressed(self, address: str) -> None:
        self._receipts.when_addressed(address)

    def before_a_send(self, notice: Frozen, pins: Pins, digest: str) -> None:
        self.sends += 1
        key, item = self._delivery_of(pins.message_id)
        self._is_alone(key)
        self._is_on_record(key, item, digest)
        self._may_go(key, item, pins)
        self._is_in_order(key, pins)
        self._is_the_same_as_before(pins.message_id, digest)

    def _delivery_of(self, message: str) -> tuple[DeliveryKey, Item]:
        key = self._service.delivery_of(message)
        if key is None:
            self._fail("I2", f"no delivery has {message}")
        return key, self._service.delivery(key)

    def _is_alone(self, key: DeliveryKey) -> None:
        """I2 and I6: what is still on its way might arrive after this, the same message or an older one."""
        for message in self._service.world.on_their_way:
            other, _ = self._delivery_of(message)
            self._require(other != key, "I2", f"{key.sk} is sent twice at once")
            self._require(_lane(other) != _lane(key), "I6", f"{key.sk} leaves beside {other.sk}")

    def _is_on_record(self, key: DeliveryKey, item: Item, digest: str) -> None:
        """I2: the newest STARTED row of this delivery announces these bytes, and nothing has closed it."""
        started = self._service.newest_row(key.pk, AuditKind.ATTEMPT_STARTED, item["message_id"])
        if started is None:
            self._fail("I2", f"{key.sk} is sent without a row")
        self._require(started["body_sha256"] == digest, "I5", f"{key.sk} is not what its row announces")

    def _may_go(self, key: DeliveryKey, item: Item, pins: Pins) -> None:
        """I7: claimed and not held, not superseded, its agency active and as it was read."""
        self._require("held" not in item, "I7", f"{key.sk} is held")
        self._require(item["st"] == DeliveryState.SENDING, "I7", f"{key.sk} is {item['st']}")
        ends = at_text(self._service.schedule.clock.now() + SEND_DEADLINE)
        self._require(item["lease_until"] > ends, "I2", f"{key.sk} might still be sent when its lease ends")
        if pins.channel is Channel.WEBHOOK:
            in_flight = self._service.world.in_flight[pins.agency_id]
            self._require(in_flight <= SLOTS, "I9", f"{in_flight} messages on their way to {pins.agency_id}")

    def _is_in_order(self, key: DeliveryKey, pins: Pins) -> None:
        """I6: nothing newer has left for the same agency and child."""
        lane = (key.ref, key.child, pins.agency_id, key.line)
        newest = max(self._left[lane], default=0)
        self._require(key.seq >= newest, "I6", f"version {key.seq} leaves after version {newest} in {lane}")
        self._left[lane].append(key.seq)

    def _is_the_same_as_before(self, message: str, digest: str) -> None:
        """I5: one id, one body."""
        before = self._hashes.setdefault(message, digest)
        self._require(before == digest, "I5", f"{message} has two bodies")

    # --- at the end

    def at_the_end(self) -> None:
        rows = self._service.rows()
        self._nothing_acknowledged_has_changed()
        self._chains_are_whole(rows)
        self._each_start_has_its_end(rows)
        self._repeats_are_explained(rows)
        self._everything_is_told_or_known(rows)
        self._nobody_is_bothered_in_vain(rows)
        deliveries = self._service.deliveries()
        self._early.at_the_end(rows, deliveries)
        for rules in self._telling:
            rules.at_the_end(rows, deliveries)

    def _nothing_acknowledged_has_changed(self) -> None:
        """I10: the trail only grows."""
        changed = [
            one.key for one in self._service.tables.journal if one.table == "audit" and one.before is not None
        ]
        self._require(not changed, "I10", f"rows changed: {changed}")

    def _chains_are_whole(self, rows: list[Item]) -> None:
        """I10: no gap, and each row names the one before it."""
        for pk, chain in by(rows, "pk").items():
            self._require(is_whole(chain), "I10", f"the chain of {pk} is broken")
        uids = Counter(row["uid"] for row in rows)
        twice = [uid for uid, times in uids.items() if times > 1]
        self._require(not twice, "I10", f"recorded twice: {twice}")

    def _each_start_has_its_end(self, rows: list[Item]) -> None:
        """I3: as many CLOSED rows as STARTED ones for each attempt of each message."""
        started = _attempts(rows, AuditKind.ATTEMPT_STARTED)
        closed = _attempts(rows, AuditKind.ATTEMPT_CLOSED)
        self._require(started == closed, "I3", f"{started - closed} are open, {closed - started} never began")

    def _repeats_are_explained(self, rows: list[Item]) -> None:
        """I4: what arrives twice has an attempt whose fate nobody knew."""
        unknown = {
            row["message_id"]
            for row in rows
            if row["type"] == AuditKind.ATTEMPT_CLOSED and row["result"] == AttemptResult.UNKNOWN
        }
        arrived = Counter(one.message_id for one in self._service.world.arrived)
        twice = {message for message, times in arrived.items() if times > 1}
        self.repeats = sum(times - 1 for times in arrived.values())
        self._require(twice <= unknown, "I4", f"arrived twice without a reason: {twice - unknown}")

    def _everything_is_told_or_known(self, rows: list[Item]) -> None:
        """I1 and I12: every decision that was taken in has come to an end for every recipient."""
        arrived = {one.message_id for one in self._service.world.arrived}
        deliveries = self._service.deliveries()
        for key, item in deliveries.items():
            state = DeliveryState(item["st"])
            held = "held" in item
            self._require(held or state not in OPEN, "I12", f"{key.text} is still {state}: {item}")
            if state is DeliveryState.SUPERSEDED:
                self._require(
                    self._service.is_replaced(key), "I6", f"{key.text} is superseded by nothing of its own"
                )
            if state is DeliveryState.SENT:
                self._require(item["message_id"] in arrived, "I1", f"{key.text} is SENT and never arrived")
            self._require(message_id(key.text) == item["message_id"], "I5", f"{key.text} has another id")
        for row in rows:
            if row["type"] in (AuditKind.DECISION, AuditKind.UPDATE):
                self._recipients_have_deliveries(row, deliveries)
        for queue in (self._service.intake, self._service.receipts):
            left = len(queue.messages)
            self._require(not left, "I12", f"{left} events or receipts were never taken in")

    def _nobody_is_bothered_in_vain(self, rows: list[Item]) -> None:
        """I12: no call is left about what has arrived, and no alarm is raised for each channel anew."""
        for call in rung_in_vain(self._service.tasks(), self._service.deliveries()):
            self._fail("I12", f"{call} is open, and the agency has everything")
        for message in alarmed_twice(rows):
            self._fail("I12", f"more than one alarm about {message}")

    def _recipients_have_deliveries(self, row: Item, deliveries: dict[DeliveryKey, Item]) -> None:
        here = {"ref": keys.referral_of(row), "child": row["child"], "dver": row["dver"]}
        at = row.get("told_as", here)  # a duplicate's stand with its original's
        for listed in row.get("recipients", ()):
            agency, channel, _, *nonce = listed.split("#")
            key = DeliveryKey(at["ref"], at["child"], at["dver"], agency, Channel(channel), *nonce)
            self._require(key in deliveries, "I1", f"{key.text} was planned and does not exist")

    # --- what the run passed through

    def hours_to_drain(self, calm_at: datetime) -> float:
        """How long after everything worked again the last message came to its end."""
        ends = [row["at"] for row in self._service.rows() if row["type"] in _ENDS]
        last = datetime.fromisoformat(max(ends, default=at_text(calm_at)))
        return max((last - calm_at).total_seconds() / 3600, 0.0)

    def paths(self) -> Iterator[str]:
        """Names of what happened at least once: a proof that the runs go everywhere."""
        rows = self._service.rows()
        for rules in self._telling:
            yield from rules.paths(rows)
        for row in rows:
            yield row["type"]
            if row["type"] == AuditKind.ATTEMPT_CLOSED:
                yield f"closed {row['result']} {row['state']}"
            if row["type"] == AuditKind.CLOCK_FIRED and "watch" in row:
                yield f"clock {row['watch']}"
            if row["type"] == AuditKind.ENDPOINT:
                yield f"endpoint {row['result']}"
        for item in self._service.deliveries().values():
            yield f"delivery {item['st']}"

    def _require(self, holds: bool, invariant: str, says: str) -> None:  # noqa: FBT001
        if not holds:
            self._fail(invariant, says)

    def _fail(self, invariant: str, says: str) -> NoReturn:
        error = AssertionError(f"{invariant}: {says}, at {at_text(self._service.schedule.clock.now())}")
        self._service.schedule.fail(error)
        raise error


def _lane(key: DeliveryKey) -> tuple[str, int, str, Channel, str | None]:
    return key.ref, key.child, key.agency_id, key.channel, key.line


def _attempts(rows: list[Item], kind: AuditKind) -> Counter[tuple[str, int]]:
    return Counter((row["message_id"], row["attempt"]) for row in rows if row["type"] == kind)
