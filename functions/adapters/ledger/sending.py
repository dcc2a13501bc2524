"""Claim, close, set aside: the transactions around one send (delivery section 4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from functions.adapters.ledger import endpoints, keys, lanes
from functions.adapters.ledger.calls import answer, answer_details, answered_call, untold_call
from functions.adapters.ledger.chain import Chain, Fact, Tip, at_text
from functions.adapters.ledger.items import (
    NO_LONGER_DUE,
    NO_LONGER_WATCHED,
    due_attributes,
    join_of,
    sent_to,
    still_newest,
    task_attributes,
    task_key,
    watch_attributes,
)
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.receipts import suppression_of
from functions.adapters.ledger.store import (
    ABSENT,
    Change,
    Condition,
    ConditionsFailedError,
    Item,
    Part,
    Store,
)
from functions.adapters.ledger.waiting import Claim, Waiting
from functions.domain.delivery import Next
from functions.domain.endpoint import Answered, Turn
from functions.domain.receipts import Suppression
from functions.domain.tasks import Task
from functions.domain.watch import Clock, at_once
from schemas.codes import Channel, DeliveryState, HoldTrigger, Receipt

_WAITS = (DeliveryState.PENDING, DeliveryState.RETRY, DeliveryState.QUARANTINE)
_WENT_WRONG = ("error", "http_status")
_NO_LONGER_CLAIMED = ("owner", "lease_until")
TOKEN_LIVES = timedelta(days=14)
"""How long a read link works (domain section 6.2)."""
TOKEN_KEPT = timedelta(days=30)
"""How much longer a dead link is known as one, so that whoever opens it learns why it does not work."""


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
        of_endpoint = (
            endpoints.addresses(self._store, key.agency_id) if key.channel is Channel.WEBHOOK else {}
        )
        wanted = {
            **of_endpoint,
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
            join=join_of(self._store, item["delivery"]),
            endpoint=endpoints.state_of(item) if of_endpoint else None,
        )

    def delivery(self, key: DeliveryKey) -> Item | None:
        """The delivery alone."""
        return self._store.get(self._store.state, key.pk, key.sk)

    def suppression(self, address: str) -> Suppression | None:
        """Why nothing may be sent to an address, if so."""
        return suppression_of(self._store.get(self._store.state, keys.suppressed(address), keys.SUPPRESSED))

    def tip(self, key: DeliveryKey) -> Tip:
        """The referral's tip as it stands now."""
        return self._chain.tip(key.pk)

    def claim(
        self,
        waiting: Waiting,
        tip: Tip,
        facts: Sequence[Fact],
        *,
        claim: Claim,
        body_sha256: str,
        token_sha256: str | None,
        now: datetime,
    ) -> None:
        """Takes the delivery for `claim`, with its STARTED row; `facts` may first close an abandoned one.

        A first attempt also makes its read link, `token_sha256`.
        Raises ConditionsFailedError naming delivery, child, agency, join, lane, slot or endpoint;
        ContendedError if only the tip moved.
        """
        key, until = waiting.key, claim.lease
        claimed = {
            "st": DeliveryState.SENDING.value,
            "attempt": waiting.attempt,
            "owner": claim.owner,
            "body_sha256": body_sha256,
            "tried_at": at_text(now),
            "lease_until": at_text(until),
            **due_attributes(key, until),
        }
        if claim.sent_to is not None:
            claimed[sent_to(claim.attempt)] = claim.sent_to
        self._store.write(
            [
                *self._chain.append(key.pk, tip, facts, now),
                self._update(key, Change(claimed), _claimable(waiting, now)),
                *self._still_to_be_told(waiting),
                lanes.take(self._store, key, until, now),
                *self._take_endpoint(waiting, claim, now),
                *self._token(waiting, token_sha256, now),
            ]
        )

    def _still_to_be_told(self, waiting: Waiting) -> list[Part]:
        """This version is the newest, the agency is as it was read, and a duplicate's reader is still one."""
        key, state = waiting.key, self._store.state
        as_read = Condition(
            "#status = :active AND #version = :read",
            {"active": "ACTIVE", "read": waiting.agency.get("version", 0)},
        )
        checks = [
            self._store.check("child", state, (key.pk, keys.child(key.child)), still_newest(key)),
            self._store.check("agency", state, (keys.agency(key.agency_id), keys.HEAD), as_read),
        ]
        if waiting.join:
            joined = Condition("#left = :no", {"no": False})
            checks.append(self._store.check("join", state, (key.pk, waiting.join["sk"]), joined))
        return checks

    def _take_endpoint(self, waiting: Waiting, claim: Claim, now: datetime) -> list[Part]:
        if waiting.endpoint is None or claim.slot is None:
            return []
        turn, agency_id = waiting.endpoint.turn(now), waiting.key.agency_id
        return endpoints.take(self._store, agency_id, claim.slot, turn, until=claim.lease, now=now)

    def _token(self, waiting: Waiting, token_sha256: str | None, now: datetime) -> list[Part]:
        """The read link, by its hash: made before the message that carries it leaves, and the same at every
        try."""
        if token_sha256 is None or waiting.attempt > 1:
            return []
        ends_at = now + TOKEN_LIVES
        change = Change(
            {
                "delivery_pk": waiting.key.pk,
                "delivery_sk": waiting.key.sk,
                "agency": waiting.key.agency_id,
                "ends_at": at_text(ends_at),
                "expires_at": int((ends_at + TOKEN_KEPT).timestamp()),
            }
        )
        address = (keys.token(token_sha256), keys.READ_LINK)
        return [self._store.update("token", self._store.state, address, change=change)]

    def close(
        self,
        waiting: Waiting,
        tip: Tip,
        fact: Fact,
        *,
        claim: Claim,
        then: Next,
        clock: Clock | None,
        answered: Answered,
        now: datetime,
        known: Receipt | None = None,
    ) -> None:
        """Ends the attempt that `claim` started: state, due time, lane, slot and CLOSED row together.

        A webhook that has arrived ends the call that was opened because nothing had. `clock` is the people's
        clock of a message that has arrived, if somebody must confirm it, or whose endpoint is paused now;
        `known` is what the mail service has said of it already. Raises ConditionsFailedError if the claim is
        no longer its owner's, or something else is known; ContendedError if only the tip moved.
        """
        key = waiting.key
        mine = _mine(claim, known)
        has_arrived = then.state is DeliveryState.SENT and not key.channel.is_email
        ended = _ended(key, then, clock, now, waiting.attempt, has_arrived=has_arrived)
        change = _with_what_went_wrong(ended, fact)
        call = self._answered_call(key, then)
        row = replace(fact, details={**fact.details, **answer_details(call, key)})
        parts = [*self._chain.append(key.pk, tip, [row], now), self._update(key, change, mine)]
        parts += answer(self._store, call, key)
        given_back = {"lane": lanes.free(self._store, key, claim.lease)}
        if claim.slot is not None:
            given_back["slot"] = endpoints.give_back(
                self._store, key.agency_id, claim.slot, claim.lease, answered
            )
        while True:
            try:
                return self._store.write([*parts, *given_back.values()])
            except ConditionsFailedError as exc:
                if not exc.found.keys() <= given_back.keys():
                    raise
                for taken in exc.found:  # our lease ran out and somebody else has it: it is not ours to free
                    del given_back[taken]

    def _answered_call(self, key: DeliveryKey, then: Next) -> Item:
        """The call that a webhook's arrival answers, as it stands now: it may be newer than the claim.

        An e-mail's is answered by its receipt.
        """
        if then.state is not DeliveryState.SENT or key.channel.is_email:
            return {}
        return answered_call(untold_call(self._store, key), key)

    def put_off(
        self,
        waiting: Waiting,
        facts: Sequence[Fact],
        *,
        turn: Turn,
        due_at: datetime,
        clock: Clock | None,
        now: datetime,
    ) -> None:
        """Makes a delivery that nobody holds due later, without an attempt: its endpoint rests or is paused.

        `facts` close an attempt that was abandoned: then it is to be tried again, and a person may stop it.
        There is no other row: what the pause means for it is in the endpoint's own, and each look at it would
        be another. Raises ConditionsFailedError naming delivery or endpoint; ContendedError if only the tip
        moved.
        """
        key, seen = waiting.key, waiting.delivery
        if facts:
            change = _ended(key, Next(DeliveryState.RETRY, due_at), clock, now, seen["attempt"])
        else:
            watched = watch_attributes(key, clock) if clock else {}
            change = Change({**due_attributes(key, due_at), **watched})
        self._store.write(
            [
                *(self._chain.append(key.pk, waiting.tip, facts, now) if facts else []),
                self._update(key, change, _free_as_seen(seen)),
                endpoints.still_at_rest(self._store, key.agency_id, turn, now=now),
            ]
        )

    def set_aside(
        self, key: DeliveryKey, tip: Tip, facts: Sequence[Fact], *, seen: Item, then: Next, now: datetime
    ) -> None:
        """Moves a delivery that nobody holds to `then` (superseded, parked, quarantined), if it is
        still as `seen`."""
        change = _ended(key, then, None, now, seen["attempt"])
        moved = self._update(key, change, _free_as_seen(seen))
        self._store.write([*self._chain.append(key.pk, tip, facts, now), moved])

    def hold(
        self, key: DeliveryKey, tip: Tip, facts: Sequence[Fact], *, seen: Item, hold: HeldAgain, now: datetime
    ) -> None:
        """Holds a delivery that nobody is sending, and opens the task that ends it, if it is still as
        `seen`."""
        held = Change(
            {"st": DeliveryState.PENDING.value, "held": [hold.trigger.value]},
            remove=(*_NO_LONGER_CLAIMED, *NO_LONGER_DUE, *NO_LONGER_WATCHED),
        )
        self._store.write(
            [
                *self._chain.append(key.pk, tip, facts, now),
                self._update(key, held, _free_as_seen(seen)),
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

    def _update(self, key: DeliveryKey, change: Change, condition: Condition) -> Part:
        return self._store.update(
            "delivery", self._store.state, (key.pk, key.sk), change=change, condition=condition
        )


def _with_what_went_wrong(change: Change, closed: Fact) -> Change:
    """The delivery says why its newest try failed, so that a list of many need not read their trails."""
    said = {name: closed.details.get(name) for name in _WENT_WRONG}
    kept = {name: value for name, value in said.items() if value is not None}
    return Change({**change.set, **kept}, remove=(*change.remove, *sorted(said.keys() - kept.keys())))


def _ended(
    key: DeliveryKey,
    then: Next,
    clock: Clock | None,
    now: datetime,
    attempt: int,
    *,
    has_arrived: bool = False,
) -> Change:
    """What becomes of a delivery whose attempt is over, or that was set aside.

    `has_arrived`: its endpoint took it; what nobody need confirm has no clock any more then. One that was
    sent keeps when: a revision tells its reader the day of the earlier message. One that will not go by
    itself any more calls for a person with the next sweep; one that need not go calls for nobody.
    """
    attributes: dict[str, Any] = {"st": then.state.value, "refusals": then.refusals}
    removed = list(_NO_LONGER_CLAIMED)
    if not then.counted:
        attributes["attempt"] = attempt - 1
    if then.due_at is None:
        removed += NO_LONGER_DUE
    else:
        attributes |= due_attributes(key, then.due_at)
    match then.state:
        case DeliveryState.SENT:
            attributes["sent_at"] = at_text(now)
            if has_arrived:
                attributes["rcpt"] = Receipt.DELIVERED.value
                removed += NO_LONGER_WATCHED if clock is None else ()
            if clock is not None:
                attributes |= watch_attributes(key, clock)
        case DeliveryState.RETRY if clock is not None:
            attributes |= watch_attributes(key, clock)
        case DeliveryState.FAILED | DeliveryState.PARKED:
            attributes |= watch_attributes(key, at_once(now))
        case DeliveryState.SUPERSEDED | DeliveryState.CANCELLED:
            removed += NO_LONGER_WATCHED
        case _:
            pass
    return Change(attributes, remove=tuple(removed))


def _mine(claim: Claim, known: Receipt | None) -> Condition:
    """Still its owner's, and nothing was said of it that its owner has not taken into account."""
    mine = "#owner = :me AND #st = :sending"
    values = {"me": claim.owner, "sending": DeliveryState.SENDING.value}
    return _knowing(mine, values, known.value if known else None)


def _knowing(clauses: str, values: Mapping[str, Any], receipt: str | None) -> Condition:
    if receipt is None:
        return Condition(f"{clauses} AND attribute_not_exists(#rcpt)", values)
    return Condition(f"{clauses} AND #rcpt = :known", {**values, "known": receipt})


def _free_as_seen(seen: Item) -> Condition:
    """Not sent, tried, held or reported on since it was read; held ones are PENDING, too."""
    not_held = "attribute_not_exists(#held)"
    values = {"seen": seen["st"], "attempt": seen["attempt"]}
    return _knowing(f"#st = :seen AND #attempt = :attempt AND {not_held}", values, seen.get("rcpt"))


def _task_as_seen(seen: Item) -> Condition:
    """A task that is done has no due time any more."""
    if "due_at" not in seen:
        return Condition("#st = :seen_st", {"seen_st": seen["st"]})
    return Condition(
        "#st = :seen_st AND #due_at = :seen_due", {"seen_st": seen["st"], "seen_due": seen["due_at"]}
    )


def _claimable(waiting: Waiting, now: datetime) -> Condition:
    """Due, or abandoned, as it was read: a claim closes the attempt that it takes over, and no other."""
    not_held, as_read = "attribute_not_exists(#held)", "#attempt = :attempts_seen"
    values: dict[str, Any] = {"now": at_text(now), "attempts_seen": waiting.attempt - 1}
    if waiting.abandoned(now):
        mine = "#st = :sending AND #owner = :gone AND #lease_until < :now"
        values |= {"sending": DeliveryState.SENDING.value, "gone": waiting.delivery["owner"]}
    else:
        mine = "#st IN (:pending, :retry, :quarantine) AND #due_at <= :now"
        values |= {state.lower(): state.value for state in _WAITS}
    return Condition(f"{not_held} AND {mine} AND {as_read}", values)
