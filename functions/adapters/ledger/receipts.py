"""Recording what the mail service says of an e-mail, with all that it changes, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from functions.adapters.errors import ContendedError
from functions.adapters.ledger import keys
from functions.adapters.ledger.calls import answer, untold_call
from functions.adapters.ledger.chain import Chain, Fact, Tip, at_text
from functions.adapters.ledger.items import (
    ABOUT_NO_CHILD,
    NO_LONGER_DUE,
    sent_to,
    task_attributes,
    watch_attributes,
)
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import (
    ABSENT,
    Change,
    Condition,
    ConditionsFailedError,
    Item,
    Part,
    Store,
    from_item,
    to_item,
)
from functions.domain.receipts import Suppression
from functions.domain.record import uid
from functions.domain.refusals import Refusal
from functions.domain.tasks import Task
from functions.domain.watch import Clock
from schemas.codes import AuditKind, DeliveryState, Receipt, TaskKind


@dataclass(frozen=True, slots=True)
class Reported:
    """The delivery that a receipt is about, and all that decides what follows from it."""

    key: DeliveryKey
    delivery: Item
    child: Item
    agency: Item
    call: Item
    """The call to its agency, if there ever was one."""
    mend: Item
    """The task to mend the agency's address, if there ever was one."""
    tip: Tip


@dataclass(frozen=True, slots=True)
class Followed:
    """What a receipt changes: the delivery's facet and state, its clock, and what people have to do."""

    fact: Fact
    known: Receipt
    state: DeliveryState
    sent_at: datetime | None = None
    """When it left, where that is news."""
    clock: Clock | None = None
    """None leaves the clock that runs."""
    answered: bool = False
    """Whether the call is answered now."""
    suppressed: Suppression | None = None
    task: Task | None = None


class Receipts:
    """Reads and writes around one receipt. A receipt that is recorded already changes nothing."""

    def __init__(self, store: Store, chain: Chain) -> None:
        self._store = store
        self._chain = chain

    def find(self, message_id: str) -> DeliveryKey | None:
        """The delivery with this message id, as the index has it: it may lag a moment behind."""
        found = self._store.client.query(
            TableName=self._store.state,
            IndexName="msg",
            KeyConditionExpression="#message_id = :message_id",
            ExpressionAttributeNames={"#message_id": "message_id"},
            ExpressionAttributeValues=to_item({":message_id": message_id}),
        )
        items = [from_item(item) for item in found["Items"]]
        return DeliveryKey.of(items[0]) if items else None

    def load(self, key: DeliveryKey) -> Reported:
        """The delivery as it stands, with what surrounds it."""
        state, pk, agency = self._store.state, key.pk, keys.agency(key.agency_id)
        wanted = {
            "delivery": (state, pk, key.sk),
            "child": (state, pk, keys.child(key.child)),
            "agency": (state, agency, keys.HEAD),
            "mend": (state, agency, keys.task(TaskKind.MEND_ADDRESS, ABOUT_NO_CHILD, key.agency_id)),
            "head": (state, pk, keys.HEAD),
        }
        found = self._store.get_many(wanted.values())
        item = {name: found.get(address, {}) for name, address in wanted.items()}
        call = untold_call(self._store, key)  # after the head, as all that only the tip guards
        return Reported(
            key=key,
            delivery=item["delivery"],
            child=item["child"],
            agency=item["agency"],
            call=call,
            mend=item["mend"],
            tip=Tip.of(item["head"]),
        )

    def record(self, seen: Reported, then: Followed, now: datetime) -> bool:
        """Appends the RECEIPT row and makes what follows so; false if this very receipt is recorded already.

        Raises ContendedError where anything that it rests on has changed since it was read.
        """
        try:
            self._store.write(
                [
                    *self._chain.append(seen.key.pk, seen.tip, [then.fact], now),
                    self._once(then.fact.uid, now),
                    self._delivery(seen, then),
                    *(answer(self._store, seen.call, seen.key) if then.answered else []),
                    *self._suppressed(seen, then),
                    *self._task(seen, then, now),
                ]
            )
        except ConditionsFailedError as exc:
            if "receipt" in exc.found:
                return False
            raise ContendedError("something changed while the receipt was read") from exc
        return True

    def refuse(self, body: str, refusal: Refusal, *, arrival: str, now: datetime) -> bool:
        """A REJECTED row for a receipt that tells of nothing of ours; false if it has one.

        No content is kept. `arrival` is the queue message's own id.
        """
        digest = sha256(body.encode(errors="surrogatepass")).hexdigest()
        fact = Fact(
            kind=AuditKind.REJECTED,
            uid=uid(AuditKind.REJECTED, arrival),
            actor=keys.UNREGISTERED,
            cause=arrival,
            details={
                "field": refusal.field,
                "reason": refusal.reason.value,
                "sha256": digest,
                "bytes": len(body.encode(errors="surrogatepass")),
            },
        )
        pk = keys.rejected(now, keys.UNREGISTERED)
        rows = self._chain.append(pk, self._chain.tip(pk), [fact], now)
        try:
            self._store.write([*rows, self._once(fact.uid, now)])
        except ConditionsFailedError:
            return False
        return True

    def _once(self, identity: str, now: datetime) -> Part:
        """The same receipt comes again: the queue and the bus deliver at least once."""
        address = (keys.marker(identity), keys.EVENT)
        return self._store.update(
            "receipt", self._store.state, address, change=Change({"at": at_text(now)}), condition=ABSENT
        )

    def _delivery(self, seen: Reported, then: Followed) -> Part:
        key, item = seen.key, seen.delivery
        attributes = {"rcpt": then.known.value, "st": then.state.value}
        removed: tuple[str, ...] = ()
        if then.state != item["st"]:
            removed += NO_LONGER_DUE
        if then.sent_at is not None:
            attributes["sent_at"] = at_text(then.sent_at)
        if then.clock is not None:
            attributes |= watch_attributes(key, then.clock)
        if then.answered:
            removed += ("called_for",)
        return self._store.update(
            "delivery",
            self._store.state,
            (key.pk, key.sk),
            change=Change(attributes, remove=removed),
            condition=_as_seen(item, "st", "attempt", "rcpt", "watch_at", "called_for", "acked_at", "resent"),
        )

    def _suppressed(self, seen: Reported, then: Followed) -> list[Part]:
        """By the hash that the claim left: the registry may name another address by now."""
        if then.suppressed is None:
            return []
        disproved = then.suppressed.verified_at
        change = Change(
            {
                "cause": then.fact.details["reason"],
                "since": at_text(then.suppressed.since),
                **({"verified_at": disproved.isoformat()} if disproved else {}),
            },
            remove=() if disproved else ("verified_at",),
        )
        return [
            self._update(
                "suppressed", seen.delivery[sent_to(then.fact.details["attempt"])], keys.SUPPRESSED, change
            )
        ]

    def _task(self, seen: Reported, then: Followed, now: datetime) -> list[Part]:
        if then.task is None:
            return []
        pk = keys.agency(seen.key.agency_id)
        sk = keys.task(then.task.kind, ABOUT_NO_CHILD, then.task.agency_id)
        change = Change(task_attributes(pk, ABOUT_NO_CHILD, ABOUT_NO_CHILD, then.task, now))
        return [self._update("task", pk, sk, change, _as_seen(seen.mend, "st"))]

    def _update(
        self, name: str, pk: str, sk: str, change: Change, condition: Condition | None = None
    ) -> Part:
        return self._store.update(name, self._store.state, (pk, sk), change=change, condition=condition)


def _as_seen(item: Mapping[str, object], *names: str) -> Condition:
    """Each of `names` is as it was read, there or not there."""
    clauses = [
        f"#{name} = :seen_{name}" if name in item else f"attribute_not_exists(#{name})" for name in names
    ]
    values = {f"seen_{name}": item[name] for name in names if name in item}
    return Condition(" AND ".join(clauses), values)


def suppression_of(item: Item | None) -> Suppression | None:
    """What a SUPPRESS item says; None if there is none."""
    if item is None:
        return None
    disproved = date.fromisoformat(item["verified_at"]) if "verified_at" in item else None
    return Suppression(datetime.fromisoformat(item["since"]), disproved)
