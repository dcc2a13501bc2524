"""Claim, close, set aside: the transactions around one send (delivery section 4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Chain, Fact, Tip, at_text
from functions.adapters.ledger.items import NO_LONGER_DUE, due_attributes, task_attributes, task_key
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import (
    ABSENT,
    Change,
    Condition,
    ConditionsFailedError,
    Item,
    Part,
    Store,
)
from functions.domain.delivery import Next
from functions.domain.tasks import Task
from schemas.codes import Channel, DeliveryState, HoldTrigger

_NO_LONGER_CLAIMED = ("owner", "lease_until")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery and all that its message is made of, read in one call."""

    key: DeliveryKey
    delivery: Item
    child: Item
    notice: Item
    agency: Item
    tip: Tip
    wrapped_key: bytes

    @property
    def attempt(self) -> int:
        """The number of the attempt that a claim would start, from 1."""
        return int(self.delivery["attempt"]) + 1

    def abandoned(self, now: datetime) -> bool:
        """Whether somebody claimed it and its lease ran out: what became of that attempt is not known."""
        state, lease = self.delivery["st"], self.delivery.get("lease_until", "")
        return bool(state == DeliveryState.SENDING and lease < at_text(now))


@dataclass(frozen=True, slots=True)
class HeldAgain:
    """Why a delivery that was free is held now, and who must end it.

    `standing` is the item of that task as it was read: where it is open and due sooner, it stays as it is.
    """

    trigger: HoldTrigger
    task: Task
    standing: Item | None


class Sending:
    """The writes around a send.

    Each appends its trail row in the same transaction as the state it changes.
    """

    def __init__(self, store: Store, chain: Chain) -> None:
        self._store = store
        self._chain = chain

    def load(self, key: DeliveryKey) -> Waiting | None:
        """What is needed to send `key`; None if there is no such delivery."""
        state, pk = self._store.state, key.pk
        wanted = {
            "delivery": (state, pk, key.sk),
            "child": (state, pk, keys.child(key.child)),
            "notice": (state, pk, key.notice_sk),
            "head": (state, pk, keys.HEAD),
            "agency": (state, keys.agency(key.agency_id), keys.HEAD),
            "key": (self._store.keys, pk, keys.KEY),
        }
        found = self._store.get_many(wanted.values())
        item = {name: found.get(address, {}) for name, address in wanted.items()}
        if not item["delivery"]:
            return None
        return Waiting(
            key=key,
            delivery=item["delivery"],
            child=item["child"],
            notice=item["notice"],
            agency=item["agency"],
            tip=Tip.of(item["head"]),
            wrapped_key=item["key"].get("wrapped", b""),
        )

    def delivery(self, key: DeliveryKey) -> Item | None:
        """The delivery alone."""
        return self._store.get(self._store.state, key.pk, key.sk)

    def tip(self, key: DeliveryKey) -> Tip:
        """The referral's tip as it stands now."""
        return self._chain.tip(key.pk)

    def claim(
        self,
        waiting: Waiting,
        tip: Tip,
        facts: Sequence[Fact],
        *,
        owner: str,
        body_sha256: str,
        now: datetime,
        until: datetime,
    ) -> None:
        """Takes the delivery until `until`, with its STARTED row; `facts` may first close an abandoned one.

        Raises ConditionsFailedError naming delivery, child, agency or lane; ContendedError if only the tip
        moved.
        """
        key, lease = waiting.key, at_text(until)
        self._store.write(
            [
                *self._chain.append(key.pk, tip, facts, now),
                self._store.update(
                    "delivery",
                    self._store.state,
                    (key.pk, key.sk),
                    change=Change(
                        {
                            "st": DeliveryState.SENDING.value,
                            "attempt": waiting.attempt,
                            "owner": owner,
                            "body_sha256": body_sha256,
                            "lease_until": lease,
                            **due_attributes(key, until),
                        }
                    ),
                    condition=_claimable(waiting.attempt - 1, now),
                ),
                self._store.check(
                    "child",
                    self._store.state,
                    (key.pk, keys.child(key.child)),
                    Condition("#dver = :dver", {"dver": key.seq}),
                ),
                self._store.check(
                    "agency",
                    self._store.state,
                    (keys.agency(key.agency_id), keys.HEAD),
                    Condition(
                        "#status = :active AND #version = :read",
                        {"active": "ACTIVE", "read": waiting.agency.get("version", 0)},
                    ),
                ),
                self._take_lane(key, lease, now),
            ]
        )

    def close(
        self,
        key: DeliveryKey,
        tip: Tip,
        fact: Fact,
        *,
        owner: str,
        lease: datetime,
        then: Next,
        now: datetime,
    ) -> None:
        """Ends the attempt that `owner` started: state, due time, lane and CLOSED row together.

        Raises ConditionsFailedError if the claim is no longer `owner`'s, ContendedError if only the tip
        moved.
        """
        mine = Condition(
            "#owner = :me AND #st = :sending", {"me": owner, "sending": DeliveryState.SENDING.value}
        )
        ended = [*self._chain.append(key.pk, tip, [fact], now), self._move(key, then, mine, now)]
        try:
            self._store.write([*ended, self._free_lane(key, lease)])
        except ConditionsFailedError as exc:
            if set(exc.found) != {"lane"}:
                raise
            self._store.write(
                ended
            )  # the lease ran out and a newer version has the lane: it is not ours to free

    def set_aside(
        self, key: DeliveryKey, tip: Tip, facts: Sequence[Fact], *, seen: Item, then: Next, now: datetime
    ) -> None:
        """Moves a delivery that nobody holds to `then` (superseded, parked, quarantined), if it is
        still as `seen`."""
        moved = self._move(key, then, _free_as_seen(seen), now)
        self._store.write([*self._chain.append(key.pk, tip, facts, now), moved])

    def hold(
        self, key: DeliveryKey, tip: Tip, facts: Sequence[Fact], *, seen: Item, hold: HeldAgain, now: datetime
    ) -> None:
        """Holds a delivery that nobody is sending, and opens the task that ends it, if it is still as
        `seen`."""
        held = Change(
            {"st": DeliveryState.PENDING.value, "held": [hold.trigger.value]},
            remove=(*_NO_LONGER_CLAIMED, *NO_LONGER_DUE),
        )
        self._store.write(
            [
                *self._chain.append(key.pk, tip, facts, now),
                self._store.update(
                    "delivery",
                    self._store.state,
                    (key.pk, key.sk),
                    change=held,
                    condition=_free_as_seen(seen),
                ),
                self._task(key, hold, now),
            ]
        )

    def task(self, key: DeliveryKey, task: Task) -> Item | None:
        """The item of one of the child's tasks, open or done, if there is one."""
        at = task_key(key.pk, key.child, task)
        return self._store.get(self._store.state, at.pk, at.sk)

    def _task(self, key: DeliveryKey, hold: HeldAgain, now: datetime) -> Part:
        """A second hold on the same recipient must not give anybody more time for the first."""
        at, seen = task_key(key.pk, key.child, hold.task), hold.standing
        address = (at.pk, at.sk)
        if seen is None:
            condition = ABSENT
        else:
            condition = _task_as_seen(seen)
            if seen.get("due_at") == at_text(hold.task.due_at):
                return self._store.check("task", self._store.state, address, condition)
        change = Change(task_attributes(key.pk, key.child, key.seq, hold.task, now))
        return self._store.update("task", self._store.state, address, change=change, condition=condition)

    def record(self, key: DeliveryKey, tip: Tip, fact: Fact, now: datetime) -> None:
        """A row alone: an outcome that came too late to change anything."""
        self._store.write(self._chain.append(key.pk, tip, [fact], now))

    def _move(self, key: DeliveryKey, then: Next, condition: Condition, now: datetime) -> Part:
        """A delivery that was sent keeps when: a revision tells its reader the day of the earlier message."""
        if then.due_at is None:
            told = {"sent_at": at_text(now)} if then.state is DeliveryState.SENT else {}
            change = Change({"st": then.state.value, **told}, remove=(*_NO_LONGER_CLAIMED, *NO_LONGER_DUE))
        else:
            change = Change(
                {"st": then.state.value, **due_attributes(key, then.due_at)}, remove=_NO_LONGER_CLAIMED
            )
        return self._store.update(
            "delivery", self._store.state, (key.pk, key.sk), change=change, condition=condition
        )

    def _take_lane(self, key: DeliveryKey, lease: str, now: datetime) -> Part:
        """The lane keeps an older outcome from following a newer one to the same agency (invariant I6).

        A version check alone is not enough: the older HTTP call may still be running when the newer one is
        sent.
        """
        mine, others = (
            _busy(key.channel),
            [_busy(channel) for channel in Channel if channel is not key.channel],
        )
        mine_free = f"(attribute_not_exists(#{mine}) OR #{mine} < :now)"
        others_free = " AND ".join(f"(attribute_not_exists(#{other}) OR #{other} < :now)" for other in others)
        same_version = "(attribute_not_exists(#ver) OR #ver = :dver)"
        newer_version = f"(#ver < :dver AND {others_free})"
        return self._store.update(
            "lane",
            self._store.state,
            (self._lane(key), keys.LANE),
            change=Change({"ver": key.seq, mine: lease}),
            condition=Condition(
                f"{mine_free} AND ({same_version} OR {newer_version})", {"now": at_text(now), "dver": key.seq}
            ),
        )

    def _free_lane(self, key: DeliveryKey, lease: datetime) -> Part:
        """Frees the lane if it is still ours; a lease that somebody took over after its end is left to
        them."""
        mine = _busy(key.channel)
        return self._store.update(
            "lane",
            self._store.state,
            (self._lane(key), keys.LANE),
            change=Change({}, remove=(mine,)),
            condition=Condition(f"#{mine} = :lease", {"lease": at_text(lease)}),
        )

    @staticmethod
    def _lane(key: DeliveryKey) -> str:
        return keys.lane(key.ref, key.child, key.agency_id)


def _busy(channel: Channel) -> str:
    return f"busy_{channel.value}"


def _free_as_seen(seen: Item) -> Condition:
    """Not sent, tried or held since it was read; held ones are PENDING, too."""
    not_held = "attribute_not_exists(#held)"
    values = {"seen": seen["st"], "attempt": seen["attempt"]}
    return Condition(f"#st = :seen AND #attempt = :attempt AND {not_held}", values)


def _task_as_seen(seen: Item) -> Condition:
    """A task that is done has no due time any more."""
    if "due_at" not in seen:
        return Condition("#st = :seen_st", {"seen_st": seen["st"]})
    return Condition(
        "#st = :seen_st AND #due_at = :seen_due", {"seen_st": seen["st"], "seen_due": seen["due_at"]}
    )


def _claimable(attempts_seen: int, now: datetime) -> Condition:
    not_held = "attribute_not_exists(#held)"
    due = "(#st IN (:pending, :retry, :quarantine) AND #due_at <= :now)"
    lease_expired = "(#st = :sending AND #lease_until < :now)"
    as_read = "#attempt = :attempts_seen"
    values: Mapping[str, Any] = {
        "pending": DeliveryState.PENDING.value,
        "retry": DeliveryState.RETRY.value,
        "quarantine": DeliveryState.QUARANTINE.value,
        "sending": DeliveryState.SENDING.value,
        "now": at_text(now),
        "attempts_seen": attempts_seen,
    }
    return Condition(f"{not_held} AND ({due} OR {lease_expired}) AND {as_read}", values)
