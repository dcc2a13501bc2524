"""The service with one mechanism broken: each of these must be caught by some seed, or the simulation is
blind."""

# ruff: noqa: SLF001 - a mutant is an edit of a line, and lines are private

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from functions.adapters.errors import MeaningError
from functions.adapters.ledger import (
    by_hand,
    chain,
    endpoints,
    keys,
    lanes,
    parts,
    receipts,
    records,
    sending,
    waiting,
)
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Change, Condition, Part, Store
from functions.adapters.ledger.watching import Followed
from functions.domain import delivery
from functions.domain.delivery import Next
from functions.flows.acting import again, cancel, done
from functions.flows.clocks import untold
from functions.flows.intake import duplicates
from functions.flows.intake.life import withdrawal, withheld
from functions.flows.planning import deliveries
from functions.flows.receipts import follow
from functions.flows.sending import send
from functions.flows.updates.audience import Hearers
from schemas.codes import DeliveryState
from tests.simulation.broken import instead as _instead

ALWAYS = Condition("attribute_exists(#pk) OR attribute_not_exists(#pk)", {})


def _send_before_record(waiting: Any, desk: Any) -> None:
    """`_deliver` with the claim after the send."""
    agency, notice, pins, _ = send._read(waiting, desk)
    message = desk.door.ready(agency, notice, pins, token=None, attempt=waiting.attempt, now=desk.now())
    answer = message.send_once()
    claim = send._claim(waiting, desk, notice, pins, message, token=None, sent_to=None)
    if claim is not None:
        send._close(waiting, desk, claim, notice, answer)


@contextmanager
def _both(*broken: Any) -> Iterator[None]:
    """Where one mechanism stands behind another, neither alone is missed: both are broken."""
    with ExitStack() as stack:
        for one in broken:
            stack.enter_context(one)
        yield


def _unconditional(*_: Any) -> Condition:
    return ALWAYS


def _no_checks(_self: Any, _waiting: Any) -> list[Part]:
    return []


def _lane_without_lease(store_: Store, key: Any, until: datetime, now: datetime) -> Part:
    """Asks whether something newer was sent, and not whether something older is still on its way."""
    not_older = Condition("attribute_not_exists(#ver) OR #ver <= :dver", {"dver": key.seq})
    change = Change({"ver": key.seq, f"busy_{key.channel}": chain.at_text(until)})
    return store_.update("lane", store_.state, lanes._address(key), change=change, condition=not_older)


def _lane_without_version(store_: Store, key: Any, until: datetime, now: datetime) -> Part:
    """Asks whether the lane is free, and not what has gone through it."""
    busy = f"busy_{key.channel}"
    change = Change({"ver": key.seq, busy: chain.at_text(until)})
    free = Condition(f"attribute_not_exists(#{busy}) OR #{busy} < :now", {"now": chain.at_text(now)})
    return store_.update("lane", store_.state, lanes._address(key), change=change, condition=free)


_close = send._close


def _swallowed(waiting: Any, desk: Any, claim: Any, notice: Any, answer: Any) -> None:
    """A commit that fails is forgotten, and the delivery is taken for sent by whoever asks."""
    try:
        _close(waiting, desk, claim, notice, answer)
    except MeaningError:
        item = (waiting.key.pk, waiting.key.sk)
        over = Change({"st": DeliveryState.SENT.value}, remove=("due_at", "due_pk", "due_sk"))
        desk.sending._store.write([desk.sending._store.update("x", "state", item, change=over)])


_ended = sending._ended


def _retry_without_due(key: Any, then: Next, *told: Any, **arrived: Any) -> Change:
    """It has its time, and no index that anybody looks into."""
    change = _ended(key, then, *told, **arrived)
    if then.state is not DeliveryState.RETRY:
        return change
    kept = {name: value for name, value in change.set.items() if name not in ("due_pk", "due_sk")}
    return Change(kept, remove=(*change.remove, "due_pk", "due_sk"))


_close_in_ledger = sending.Sending.close


def _whoever(self: Any, waiting: Any, tip: Any, fact: Any, *, claim: Any, **rest: Any) -> None:
    """A commit by whoever: the delivery's own owner is asked for just before, and taken for ours."""
    item = self._store.get(self._store.state, waiting.key.pk, waiting.key.sk) or {}
    taken = replace(claim, owner=item.get("owner", claim.owner))
    _close_in_ledger(self, waiting, tip, fact, claim=taken, **rest)


def _whole_family(self: Any, child: int, seq: int, line: str | None = None, **_: str) -> list[Any]:
    """Supersedes across siblings."""
    unsent = (DeliveryState.PENDING, DeliveryState.RETRY)
    older = (item for item in self.messages if DeliveryKey.of(item).line == line and item["dver"] < seq)
    return [item for item in older if item["st"] in unsent]


def _impatient(delay: timedelta, *, hint: timedelta | None, now: datetime, jitter: float) -> datetime:
    """Jitter both ways, and no regard for the receiver's hint."""
    return now + timedelta(seconds=delay.total_seconds() * (0.8 + jitter * 0.4))


def _never_too_late(self: waiting.Claim) -> datetime:
    return self.lease + timedelta(days=1)


def _no_slot(*_: Any, **__: Any) -> list[Part]:
    return []


def _anything_abandoned(self: Any, now: datetime) -> bool:
    """Takes over whatever is being sent, without waiting for the lease to end."""
    return bool(self.delivery["st"] == DeliveryState.SENDING)


def _only_the_row_of_the_claim(self: Any, waiting: Any, tip: Any, facts: Sequence[Any], **rest: Any) -> None:
    """A takeover that closes nothing: the abandoned attempt stays open."""
    _claim_in_ledger(self, waiting, tip, facts[-1:], **rest)


_claim_in_ledger = sending.Sending.claim


def _each_time(self: Any, identity: str, now: datetime) -> Part:
    """A receipt is recorded as often as it comes."""
    address, at = (keys.marker(identity), keys.EVENT), Change({"at": chain.at_text(now)})
    part: Part = self._store.update("receipt", self._store.state, address, change=at)
    return part


def _any_address(_waiting: Any, agency: Any, pins: Any, _sending: Any) -> str | None:
    """Nobody asks whether mail to it came back."""
    address = agency.address_for(pins.addressee)
    return keys.suppressed(address) if address else None


def _deaf(claim: Any, _known: Any) -> Condition:
    """Still its owner's, whatever the mail service said meanwhile."""
    return Condition("#owner = :me AND #st = :sending", {"me": claim.owner, "sending": "SENDING"})


MUTANTS: dict[str, Callable[[], Any]] = {
    "send before record": partial(_instead, send, "_deliver", _send_before_record),
    "claim without a condition": partial(_instead, sending, "_claimable", _unconditional),
    "takeover without an expired lease": partial(_instead, waiting.Waiting, "abandoned", _anything_abandoned),
    "no version check": lambda: _both(
        _instead(lanes, "take", _lane_without_version),
        _instead(sending.Sending, "_still_to_be_told", _no_checks),
        _instead(waiting.Waiting, "replaced_by", None),
    ),
    "lane check without lease": partial(_instead, lanes, "take", _lane_without_lease),
    "overwriting put": lambda: _both(
        _instead(chain, "ABSENT", ALWAYS), _instead(chain, "Condition", _unconditional)
    ),
    "swallowed commit failure": partial(_instead, send, "_close", _swallowed),
    "commit without owner check": partial(_instead, sending.Sending, "close", _whoever),
    "retry without due": partial(_instead, sending, "_ended", _retry_without_due),
    "supersede across siblings": partial(_instead, records.Referral, "unsent_before", _whole_family),
    "jitter that undercuts": partial(_instead, delivery, "not_before", _impatient),
    "no slots": partial(_instead, endpoints, "take", _no_slot),
    "send however late": partial(_instead, waiting.Claim, "send_by", property(_never_too_late)),
    "takeover that closes nothing": partial(_instead, sending.Sending, "claim", _only_the_row_of_the_claim),
    "a call that nothing answers": partial(_instead, sending, "answered_call", lambda *_: {}),
    "an alarm for each channel": partial(_instead, untold, "is_alerted", lambda *_: False),
    "a receipt that takes back": partial(_instead, follow, "furthest", lambda _, came: came),
    "a receipt recorded each time": partial(_instead, receipts.Receipts, "_once", _each_time),
    "mail to wherever it came back from": partial(_instead, send, "address_that_takes_mail", _any_address),
    "commit deaf to receipts": partial(_instead, sending, "_mine", _deaf),
    "sent again though told of": lambda: _both(
        _instead(send, "known_of", lambda _: None), _instead(send, "_is_known_to_have_left", lambda _: False)
    ),
    "came back and nobody is told": partial(_instead, follow, "clock_after", lambda *_, **__: None),
    "stopped whatever it is by now": lambda: _both(
        _instead(cancel, "STOPPABLE", tuple(DeliveryState)), _instead(parts, "as_seen", _unconditional)
    ),
    "sent again each time": lambda: _both(
        _instead(again, "_require_current", lambda *_: None),
        _instead(by_hand, "Condition", _unconditional),
    ),
    "told by telephone and called": partial(_instead, done, "_told_by_telephone", lambda *_: []),
    "a call for each channel": partial(_instead, untold, "is_about", lambda *_: False),
    "a number that may fall": partial(_instead, deliveries, "to_be_pinned", lambda *_: None),
    "told once for good": partial(_instead, duplicates, "is_told", lambda *found: bool(found[-1])),
    "a withdrawal tells nobody": partial(_instead, withdrawal, "told_so_far", lambda *_: Hearers()),
    "what is withheld still goes": lambda: _both(
        _instead(withheld, "STOPPABLE", ()),
        _instead(waiting.Waiting, "not_told_because", None),
    ),
    "nobody is called": partial(_instead, untold, "_call", lambda *_: Followed()),
}
"""Name and how to break it."""
