"""A reader has read a message: whose link it is, what it stands for, the one transaction that says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.adapters.ledger import keys
from functions.adapters.ledger.calls import answer, answered_call, calls_to
from functions.adapters.ledger.chain import Chain, Fact, Tip, at_text
from functions.adapters.ledger.items import NO_LONGER_DUE, NO_LONGER_WATCHED
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Change, Condition, Item, Part, Store
from schemas.codes import DeliveryState, ReaderRole

NOT_READ_ANY_MORE = (DeliveryState.SUPERSEDED, DeliveryState.CANCELLED)
WAITS_TO_BE_SENT_AGAIN = (DeliveryState.RETRY, DeliveryState.QUARANTINE)
"""Nobody knew whether it had arrived; whoever has read it knows."""


@dataclass(frozen=True, slots=True)
class Link:
    """A read link: the message that it is for, and until when it works."""

    token_sha256: str
    key: DeliveryKey
    ends_at: str

    def has_ended(self, now: datetime) -> bool:
        """By its own time: the table deletes what has expired days later."""
        return self.ends_at <= at_text(now)


@dataclass(frozen=True, slots=True)
class Readable:
    """A message that may be confirmed, its agency, and the calls that its being read answers."""

    key: DeliveryKey
    delivery: Item
    agency: Item
    calls: Sequence[Item]
    tip: Tip

    @property
    def was_sent(self) -> bool:
        """Whether anybody can have it: a message that has never left is no message yet."""
        return int(self.delivery["attempt"]) > 0

    @property
    def is_confirmed(self) -> bool:
        return "acked_at" in self.delivery

    @property
    def is_replaced(self) -> bool:
        """Whether something took its place before it was known to have arrived, or a person stopped it."""
        return self.delivery["st"] in NOT_READ_ANY_MORE

    @property
    def agency_name(self) -> str:
        return str(self.agency.get("name", self.key.agency_id))

    @property
    def shown_as(self) -> str:
        """The referral as its reader knows it: a duplicate's reader must learn no other reference."""
        return str(self.delivery.get("duplicate", {}).get("referral_ref", self.key.ref))

    @property
    def state_once_read(self) -> DeliveryState | None:
        """What the delivery becomes because it is known to have arrived, if anything."""
        return DeliveryState.SENT if self.delivery["st"] in WAITS_TO_BE_SENT_AGAIN else None


class Confirming:
    """Reads links and messages, and writes that one was read."""

    def __init__(self, store: Store, chain: Chain) -> None:
        self._store = store
        self._chain = chain

    def link(self, token_sha256: str) -> Link | None:
        """The link of a token, whether it still works or not; None if there never was one."""
        item = self._store.get(self._store.state, keys.token(token_sha256), keys.READ_LINK)
        if item is None:
            return None
        key = DeliveryKey.parse(item["delivery_pk"], item["delivery_sk"])
        return Link(token_sha256, key, item["ends_at"])

    def message(self, message_id: str) -> DeliveryKey | None:
        """The delivery that a message belongs to. Its id is in the index long before the message leaves."""
        found = self._store.listed(self._store.state, "msg", "message_id", message_id)
        return DeliveryKey.of(found[0]) if found else None

    def load(self, key: DeliveryKey) -> Readable | None:
        """The message as it stands; None if there is none of that key."""
        state = self._store.state
        # Before its delivery, so that a row appended meanwhile is a conflict and not a gap.
        tip = self._chain.tip(key.pk)
        delivery_at = (state, key.pk, key.sk)
        agency_at = (state, keys.agency(key.agency_id), keys.HEAD)
        found = self._store.get_many([delivery_at, agency_at])
        if delivery_at not in found:
            return None
        answered = (answered_call(call, key) for call in calls_to(self._store, key).values())
        calls = [call for call in answered if call]
        return Readable(key, found[delivery_at], found.get(agency_at, {}), calls, tip)

    def confirm(
        self, read: Readable, fact: Fact, role: ReaderRole, *, by_link: Link | None, now: datetime
    ) -> None:
        """The message is read: its clock stops, calls about nothing else end, its link is used up.

        Raises ConditionsFailedError if somebody was faster, ContendedError if only the tip moved.
        """
        self._store.write(
            [
                *self._chain.append(read.key.pk, read.tip, [fact], now),
                self._read_at(read, role, now),
                *(part for call in read.calls for part in answer(self._store, call, read.key)),
                *([self._used_up(by_link, now)] if by_link else []),
            ]
        )

    def note(self, read: Readable, fact: Fact, now: datetime) -> None:
        """A row alone: the message was confirmed before, or need not be read any more."""
        self._store.write(self._chain.append(read.key.pk, read.tip, [fact], now))

    def tip_of_refusals(self, at: datetime) -> Tip:
        """After which row a refusal of that day would follow."""
        return self._chain.tip(_refusals(at))

    def refuse(self, tip: Tip, fact: Fact, at: datetime) -> None:
        """A row for what named no message of ours, or was not its agency's, among those of its day."""
        self._store.write(self._chain.append(_refusals(at), tip, [fact], at))

    def _read_at(self, read: Readable, role: ReaderRole, now: datetime) -> Part:
        change: dict[str, Any] = {"acked_at": at_text(now), "ack_role": role.value}
        removed = list(NO_LONGER_WATCHED)
        if (state := read.state_once_read) is not None:
            change |= {"st": state.value, "sent_at": at_text(now)}
            removed += NO_LONGER_DUE
        as_read = Condition(
            "#st = :seen_st AND attribute_not_exists(#acked_at)", {"seen_st": read.delivery["st"]}
        )
        return self._store.update(
            "delivery",
            self._store.state,
            (read.key.pk, read.key.sk),
            change=Change(change, remove=tuple(removed)),
            condition=as_read,
        )

    def _used_up(self, link: Link, now: datetime) -> Part:
        return self._store.update(
            "token",
            self._store.state,
            (keys.token(link.token_sha256), keys.READ_LINK),
            change=Change({"used_at": at_text(now)}),
            condition=Condition("attribute_exists(#pk)", {}),
        )


def _refusals(at: datetime) -> str:
    """A day's, apart from those of events."""
    return keys.rejected(at, keys.CONFIRMATIONS)
