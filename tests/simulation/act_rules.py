"""What must hold of people's acts, however often each is tried and whatever happens beside it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from functions.adapters.ledger import keys
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Item
from functions.domain.series import line_of
from functions.flows.stopping import STOPPABLE
from schemas.codes import ActReason, AuditKind, Channel, DeliveryState, Disclosure, ErrorWord, EventType
from tests.simulation.dynamodb import Written
from tests.simulation.people import Given, People, Told
from tests.simulation.receipt_rules import Require
from tests.simulation.service import Service

_GOES_ON = frozenset(
    {AuditKind.ATTEMPT_STARTED, AuditKind.ATTEMPT_CLOSED, AuditKind.PARKED, AuditKind.RESENT}
)
_NOT_IF_CANCELLED = frozenset(
    {"due_at", "due_pk", "due_sk", "watch", "watch_at", "watch_pk", "watch_sk", "held"}
)


_STOPS = frozenset({EventType.WITHDRAWN_IN_ERROR, EventType.WITHHELD})
_NOT_TOLD = frozenset({ActReason.DECIDED_IN_ERROR, *Disclosure})
"""Why a message that such an event left is stopped when its turn has come."""


class ActRules:
    """Looks at every order that was given, and at what stands in the trail because of it."""

    def __init__(self, service: Service, people: People, require: Require) -> None:
        self._service = service
        self._people = people
        self._require = require

    def at_the_end(self, rows: Sequence[Item], deliveries: Mapping[DeliveryKey, Item]) -> None:
        """Everything that only shows when it is over."""
        self._each_order_is_done_once(rows)
        self._what_is_cancelled_stays_so(rows)
        self._what_goes_again_is_a_message_of_its_own(rows, deliveries)
        paused = set[str]()
        for _, call in groupby(self._service.tables.journal, key=attrgetter("call")):
            written = list(call)
            self._no_endpoint_is_sent_to_while_paused(written, paused)
            for one in written:
                if one.key[1].startswith(keys.DELIVERY_PREFIX):
                    self._is_cancelled_for_good(one, _gives_up(written))

    def _each_order_is_done_once(self, rows: Sequence[Item]) -> None:
        """I10: a row for each thing done, whoever asks how often; and whoever is told so can look it up."""
        by_request: dict[str, list[Item]] = {given.request: [] for given in self._people.given}
        by_event = {row["cause"] for row in rows if row.get("event_type") in _STOPS}
        for row in rows:
            request = row.get("req", row["cause"])
            if request in by_request:
                by_request[request].append(row)
            else:
                by_hand = row["type"] in (AuditKind.RESENT, AuditKind.CANCELLED)
                made_up = by_hand and request not in by_event and not _refuses_itself(row)
                self._require(not made_up, "I10", f"nobody ordered {row}")
        for given in self._people.given:
            self._is_done_once(given, by_request[given.request])

    def _is_done_once(self, given: Given, rows: Sequence[Item]) -> None:
        deed = given.wish.deed
        times = Counter((row["type"], row.get("message_id"), row.get("task")) for row in rows)
        self._require(all(count == 1 for count in times.values()), "I10", f"{deed} is done twice: {times}")
        entries = {f"{row['pk']} {row['sk']}" for row in rows}
        found = entries.issuperset(given.entries)
        self._require(found, "I10", f"{deed} is said to stand at {given.entries}, and there are {entries}")
        if given.told is Told.REFUSED:
            self._require(not rows, "I10", f"{deed} is done and was said to be impossible: {entries}")

    def _what_is_cancelled_stays_so(self, rows: Sequence[Item]) -> None:
        """I7: what a person has stopped is neither tried any more nor sent again."""
        cancelled = set[str]()
        for row in rows:
            message = row.get("message_id", "")
            if row["type"] == AuditKind.CANCELLED:
                self._require(message not in cancelled, "I7", f"{message} is stopped twice")
                cancelled.add(message)
            elif row["type"] in _GOES_ON:
                self._require(
                    message not in cancelled, "I7", f"{row['type']} of {message}, which was stopped"
                )

    def _is_cancelled_for_good(self, one: Written, given_up: set[str]) -> None:
        """I7: only what waits is stopped, or what its sender never came back from; then it never waits for
        anything again."""
        was, state = _state(one.before), _state(one.after)
        if state == DeliveryState.CANCELLED:
            waits = was in (*STOPPABLE, state) or _message(one.after) in given_up
            self._require(waits, "I7", f"{one.key} was {was} and is stopped")
            left = _NOT_IF_CANCELLED & (one.after or {}).keys()
            self._require(not left, "I12", f"{one.key} is stopped and has {left}")
        else:
            self._require(was != DeliveryState.CANCELLED, "I7", f"{one.key} was stopped and is {state}")

    def _what_goes_again_is_a_message_of_its_own(
        self, rows: Sequence[Item], deliveries: Mapping[DeliveryKey, Item]
    ) -> None:
        """I4 and I6: an id of its own, once for each that has ended, and never of an older version."""
        newest: dict[tuple[str, int, str | None], int] = {}
        made, ended = Counter[DeliveryKey](), Counter[str]()
        for row in rows:
            if row["type"] == AuditKind.DECISION:
                newest[row["pk"], row["child"], None] = row["dver"]
            elif row["type"] == AuditKind.UPDATE:
                newest |= {(row["pk"], row["child"], key.line): row["dver"] for key in _made(row)}
            elif row["type"] == AuditKind.RESENT:
                line = line_of(row.get("nonce", ""), row["agency"])
                older = row["dver"] < newest[row["pk"], row["child"], line]
                self._require(not older, "I6", f"an older version is sent again: {row}")
                ended[row["message_id"]] += row.get("takes_over", False)
                made.update(_made(row))
        twice = [message for message, times in ended.items() if times > 1]
        self._require(not twice, "I4", f"sent again twice: {twice}")
        resent = {item["message_id"] for item in deliveries.values() if "resent" in item}
        self._require(resent == (+ended).keys(), "I4", f"sent again without a row, or a trace: {resent}")
        for key, times in made.items():
            own = times == 1 and bool(key.nonce) and key in deliveries
            self._require(own, "I4", f"{key.text} is sent again as no message of its own")

    def _no_endpoint_is_sent_to_while_paused(self, written: Sequence[Written], paused: set[str]) -> None:
        """I7: no attempt starts after the pause is on record, and before its end is."""
        for one in written:
            row = one.after or {}
            if one.table == "audit" and row["type"]["S"] == AuditKind.ATTEMPT_STARTED:
                stopped = row["chan"]["S"] == Channel.WEBHOOK and keys.agency(row["agency"]["S"]) in paused
                self._require(not stopped, "I7", f"{one.key} starts while its endpoint is paused")
        for one in written:
            if one.key[1] == keys.ENDPOINT:
                (paused.add if "paused" in (one.after or {}) else paused.discard)(one.key[0])

    # --- what the run passed through

    def paths(self, rows: Sequence[Item]) -> Iterator[str]:
        """Names of what people did, and of what they could not do any more."""
        for given in self._people.given:
            if given.told is not None:
                repeated = " again" if given.like and given.like.told else ""
                yield f"{given.wish.deed.name} {given.told.name}{repeated}"
        for row in rows:
            if row["type"] == AuditKind.RESENT:
                yield f"RESENT {'anew' if 'recipients' in row else 'at once'} {row['was']}"
            elif row["type"] == AuditKind.CANCELLED:
                yield f"CANCELLED {row['was']}"


def _made(row: Item) -> Iterator[DeliveryKey]:
    """The new messages that a RESENT or an UPDATE row tells of; none where the same one goes at once."""
    for listed in row.get("recipients", ()):
        agency, channel, _, *nonce = listed.split("#")
        yield DeliveryKey(keys.referral_of(row), row["child"], row["dver"], agency, Channel(channel), *nonce)


def _refuses_itself(row: Item) -> bool:
    """Whether it was stopped because its turn had come, and its decision had been taken back."""
    is_its_own = row["cause"].startswith(keys.DELIVERY_PREFIX)
    return is_its_own and row["type"] == AuditKind.CANCELLED and row["reason"] in _NOT_TOLD


def _gives_up(written: Sequence[Written]) -> set[str]:
    """The messages of which one call says that their sender's time had run out."""
    rows = [one.after or {} for one in written if one.table == "audit"]
    return {_message(row) for row in rows if row.get("error", {}).get("S") == ErrorWord.E_LEASE_EXPIRED}


def _message(raw: Mapping[str, Any] | None) -> str:
    return str((raw or {})["message_id"]["S"])


def _state(raw: Mapping[str, Any] | None) -> str | None:
    return raw["st"]["S"] if raw else None
