"""What must hold of the times at which attempts begin: not before the schedule, the receiver or a person says
so."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Item
from functions.domain.delivery import LEASE
from schemas.codes import AuditKind, DeliveryState, ErrorWord
from tests.simulation.desks import RETRY_STEPS
from tests.simulation.outside import BUSY_FOR
from tests.simulation.receipt_rules import Require
from tests.simulation.service import Service

_WAITS = frozenset({DeliveryState.PENDING, DeliveryState.RETRY})


class EarlyRules:
    """Looks at the trail of each message, and at what people put forward."""

    def __init__(self, service: Service, require: Require) -> None:
        self._service = service
        self._require = require

    def at_the_end(self, rows: Sequence[Item], _: Mapping[DeliveryKey, Item]) -> None:
        """Everything that only shows when it is over."""
        self._nothing_is_early(rows)
        self._no_takeover_is_early(rows)

    def _nothing_is_early(self, rows: Sequence[Item]) -> None:
        """I9: no attempt before its time, or before the moment to which a person put it forward; and none too
        many."""
        forward, written = self._put_forward(), self._written()
        for message, of_it in by(rows, "message_id").items():
            due, counted, started, ended = "", 0, "", 0
            for row in of_it:
                if row["type"] == AuditKind.ATTEMPT_STARTED:
                    started, now = row["at"], written[row["pk"], row["sk"]]
                    early = started < due and not any(now > call > ended for call in forward[message])
                    self._require(not early, "I9", f"{message} starts at {started}, due at {due}")
                    counted += 1
                elif row["type"] == AuditKind.ATTEMPT_CLOSED:
                    due, ended = row.get("next_due_at", ""), written[row["pk"], row["sk"]]
                    if row["state"] == DeliveryState.RETRY and row.get("http_status") in _ON_SCHEDULE:
                        earliest = _earliest(started, row)
                        self._require(due >= earliest, "I9", f"{message} is due at {due}, before {earliest}")
                    counted -= row.get("not_counted", False)
            self._require(counted <= len(RETRY_STEPS), "I9", f"{message} is tried {counted} times")

    def _written(self) -> Mapping[tuple[str, str], int]:
        """By which call each row of the trail was written."""
        return {one.key: one.call for one in self._service.tables.journal if one.table == "audit"}

    def _put_forward(self) -> Mapping[str, list[int]]:
        """By which calls a person put each message forward: one that goes again at once, and what waits for
        an endpoint that was resumed, even if it was tried since that began."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        resumed = set[str]()
        for _, call in groupby(self._service.tables.journal, key=attrgetter("call")):
            written = list(call)
            rows = [one.after for one in written if one.table == "audit" and one.after]
            resumed.update(row["pk"]["S"] for row in rows if row.get("result", {}).get("S") == "RESUMED")
            by_hand = any(row["type"]["S"] == AuditKind.RESENT for row in rows)
            for one in written:
                before, after = one.before or {}, one.after or {}
                if _is_put_forward(before, after) and (
                    by_hand or (not rows and keys.agency(after["agency"]["S"]) in resumed)
                ):
                    found[after["message_id"]["S"]].append(one.call)
        return found

    def _no_takeover_is_early(self, rows: Sequence[Item]) -> None:
        """I9: an attempt is given up only when its lease has run out."""
        for message, of_it in by(rows, "message_id").items():
            started = ""
            for row in of_it:
                if row["type"] == AuditKind.ATTEMPT_STARTED:
                    started = row["at"]
                elif row.get("error") == ErrorWord.E_LEASE_EXPIRED:
                    ends = at_text(datetime.fromisoformat(started) + LEASE)
                    self._require(row["at"] > ends, "I9", f"{message} is taken over before {ends}")


def _is_put_forward(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a delivery that waited goes on waiting, for an earlier moment."""
    if "chan" not in before or "due_at" not in before or "due_at" not in after:
        return False
    waits = all(state["st"]["S"] in _WAITS for state in (before, after))
    return waits and bool(after["due_at"]["S"] < before["due_at"]["S"])


_HINTS = {503: timedelta(0), 429: BUSY_FOR}
_ON_SCHEDULE = frozenset(_HINTS)


def _earliest(started: str, row: Item) -> str:
    """When the next attempt may start at the earliest, by the schedule and the receiver's own hint."""
    step = timedelta(seconds=RETRY_STEPS[row["attempt"]])
    return at_text(datetime.fromisoformat(started) + max(step, _HINTS[row["http_status"]]))


def by(rows: Sequence[Item], name: str) -> dict[str, list[Item]]:
    """The rows that say something by this name, by what they say."""
    found: defaultdict[str, list[Item]] = defaultdict(list)
    for row in rows:
        if name in row:
            found[row[name]].append(row)
    return found
