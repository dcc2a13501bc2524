"""The calls to an agency that was not told, or has not read: one of a kind for all its messages, and each
message in it for all the ways that it took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from functions.adapters.ledger import keys
from functions.adapters.ledger.items import NO_LONGER_OPEN
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Change, Item, Part, Store
from schemas.codes import Receipt, TaskEnd, TaskKind, TaskState

CALLS = (TaskKind.CALL_UNTOLD, TaskKind.CALL_UNREAD)
"""What somebody rings an agency about until it says that it has read the message."""

# A call keeps two lists of messages, each message by its origin, so that all its channels are one:
_ABOUT = "messages"  # what has arrived since, or was read, is none of it any more
_ALERTED = "alerted"  # what an alarm was raised about meanwhile


@dataclass(frozen=True, slots=True)
class Answered:
    """A call, and the messages about which nobody need ring any more."""

    call: Item
    by: Sequence[DeliveryKey]

    @property
    def ends(self) -> bool:
        """Whether it was about nothing else."""
        return ends(self.call, *self.by)


def is_told(item: Item) -> bool:
    """Whether what this delivery tells is known to have arrived, if only by telephone; a mail service's
    acceptance is not that."""
    arrived = item.get("rcpt") in (Receipt.DELIVERED, Receipt.COMPLAINED)
    return arrived or "acked_at" in item or "phoned_at" in item


def call_sk(kind: TaskKind, key: DeliveryKey) -> str:
    """Where the call about a message to its agency stands; one about an update is apart from the decision's,
    for their numbers count different things."""
    return keys.task(kind, key.child, key.agency_id, key.line)


def calls_to(store: Store, key: DeliveryKey) -> Mapping[TaskKind, Item]:
    """The newest call of each kind to the delivery's agency, made or to be made; empty if there never was
    one. To be read when an `untold_call` is."""
    at = {kind: (store.state, key.pk, call_sk(kind, key)) for kind in CALLS}
    found = store.get_many(at.values())
    return {kind: found.get(address, {}) for kind, address in at.items()}


def untold_call(store: Store, key: DeliveryKey) -> Item:
    """The newest call because the agency was not told; empty if there never was one.

    To be read after the tip that anything it decides is written after: whatever changes it writes a row.
    """
    return store.get(store.state, key.pk, call_sk(TaskKind.CALL_UNTOLD, key)) or {}


def is_about(call: Item, key: DeliveryKey) -> bool:
    """Whether somebody is, or was, to ring about this message, and it has not answered the call since."""
    same = (call.get("dver"), call.get("about")) == (key.seq, key.line)
    return same and key.origin in call.get(_ABOUT, [key.origin])


def is_alerted(call: Item, key: DeliveryKey) -> bool:
    """Whether an alarm was raised about this message, and it has not arrived since."""
    return call.get("dver") == key.seq and key.origin in call.get(_ALERTED, [])


def answered_call(call: Item, key: DeliveryKey) -> Item:
    """The call, if the arrival of `key`, or its being read, answers it; empty if it does not.

    One about an older version is, too, if it is still to be made; a newer version has a call of its own.
    """
    if call.get("about") != key.line:
        return {}
    is_older = call.get("dver", key.seq) < key.seq and is_open(call)
    return call if is_older or is_about(call, key) else {}


def answer(store: Store, call: Item, *answered: DeliveryKey) -> list[Part]:
    """Ends a call that these messages answer, unless it is about another one as well."""
    if not call:
        return []
    change = Change(_without(call, *answered))
    if not change.set[_ABOUT]:
        change = Change({"st": TaskState.DONE.value, **change.set}, remove=NO_LONGER_OPEN)
    return [store.update(f"done {call['sk']}", store.state, (call["pk"], call["sk"]), change=change)]


def ends(call: Item, *answered: DeliveryKey) -> bool:
    """Whether nobody need ring any more once these messages answer the call; not if it goes on, or had ended
    before."""
    return is_open(call) and not _without(call, *answered)[_ABOUT]


def answer_details(call: Item, key: DeliveryKey) -> dict[str, object]:
    """What a row says of the call that an arrival ends."""
    if not ends(call, key):
        return {}
    return {"ended": [call["sk"]], "ended_as": TaskEnd.TOLD_MEANWHILE.value}


def called_about(call: Item, key: DeliveryKey) -> dict[str, list[str]]:
    """What a call that is opened about `key` keeps, beside what one that is still to be made is about."""
    before = call if call.get("dver") == key.seq else {}
    open_about = before.get(_ABOUT, []) if is_open(before) else []
    return {_ABOUT: sorted({*open_about, key.origin}), _ALERTED: before.get(_ALERTED, [])}


def alarm(store: Store, call: Item, key: DeliveryKey) -> list[Part]:
    """Keeps that an alarm was raised about `key`."""
    if not call:
        return []
    change = Change({_ALERTED: [*call.get(_ALERTED, []), key.origin]})
    return [store.update("alarm", store.state, (call["pk"], call["sk"]), change=change)]


def is_open(call: Mapping[str, Any]) -> bool:
    """Whether it is still to be made."""
    return bool(call.get("st", TaskState.DONE) != TaskState.DONE)


def _without(call: Item, *answered: DeliveryKey) -> dict[str, list[str]]:
    """The two lists once these have answered it; nobody needs be told of an older version."""
    is_older = any(call["dver"] != key.seq for key in answered)
    lists = {name: [] if is_older else call.get(name, []) for name in (_ABOUT, _ALERTED)}
    gone = {key.origin for key in answered}
    return {name: [one for one in origins if one not in gone] for name, origins in lists.items()}
