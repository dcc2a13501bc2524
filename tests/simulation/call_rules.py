"""What must hold of the calls that people make to an agency that was not told, or has not read."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeAlias

from functions.adapters.ledger import keys
from functions.adapters.ledger.calls import is_told
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Item
from functions.domain.by_hand import ENDS_THE_CLOCK
from functions.domain.series import REPEATED, line_of
from schemas.codes import ActReason, AuditKind, DeliveryState, EventType, TaskState
from tests.simulation.dynamodb import Written
from tests.simulation.receipt_rules import Require
from tests.simulation.service import Service

Told: TypeAlias = tuple[str, int, int, str, str | None]
"""Referral, child, version or number, agency, and an update's line: what one call is about."""

_WANTS_SOMEBODY = frozenset({DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.PARKED})
"""Nobody in a story reads what they are told, so that whatever ends must end with a person."""
_UPDATE_WANTS_SOMEBODY = _WANTS_SOMEBODY - {DeliveryState.SENT}
"""Nobody need say that they have read an update."""


class CallRules:
    """Looks at every call that was opened, and at every message for which there should be one."""

    def __init__(self, service: Service, require: Require) -> None:
        self._service = service
        self._require = require

    def at_the_end(self, rows: Sequence[Item], deliveries: Mapping[DeliveryKey, Item]) -> None:
        """Everything that only shows when it is over."""
        phoned, rung = set[tuple[Told, str]](), dict[tuple[Told, str], str]()
        for _, call in groupby(self._service.tables.journal, key=attrgetter("call")):
            written = list(call)
            for one in written:
                if one.table == "audit":
                    self._is_a_call_for_somebody(one.after or {}, written, phoned, rung)
        self._whatever_ends_ends_with_a_person(rows, deliveries)

    def _is_a_call_for_somebody(
        self,
        row: Mapping[str, Any],
        written: Sequence[Written],
        phoned: set[tuple[Told, str]],
        rung: dict[tuple[Told, str], str],
    ) -> None:
        """I12: one call for an agency and a version at a time, and none once they were told by telephone.

        An agency that is told under two references is called about each.
        """
        if _is_of_a_call_made(row):
            phoned.add((_phoned(row), ""))
        about = row.get("nonce", {}).get("S", "").partition(REPEATED)[0]
        if row["type"]["S"] == AuditKind.RESENT:
            phoned.discard((_told(row, row["agency"]["S"]), about))
        if "watch" in row:
            told = _told(row, row["agency"]["S"])
            rings = (told, about) in phoned
            self._require(not rings, "I12", f"{told} were told by telephone, and their clock rings")
        if "task" not in row or row["task"]["S"] not in ENDS_THE_CLOCK:
            return
        told = _told(row, row["task_agency"]["S"])
        call = (told, row["task"]["S"])
        if "done" in row:
            if row["reason"]["S"] == ActReason.TOLD_BY_PHONE:
                phoned.add((told, rung.get(call, "")))
        elif "watch" in row:
            again = rung.get(call, about) == about and _was_open(row, written)
            self._require(not again, "I12", f"{told} are to be called already")
            rung[call] = about

    def _whatever_ends_ends_with_a_person(
        self, rows: Sequence[Item], deliveries: Mapping[DeliveryKey, Item]
    ) -> None:
        """I1: because it has not arrived, or because nobody says that they have read it."""
        ended = {
            (
                row["pk"],
                keys.task(row["task"], row["child"], row["task_agency"], row.get("about")),
                row["dver"],
            )
            for row in rows
            if row["type"] == AuditKind.TASK and "done" in row and row["task"] in ENDS_THE_CLOCK
        }
        for key, item in deliveries.items():
            wants = _UPDATE_WANTS_SOMEBODY if key.line else _WANTS_SOMEBODY
            ends = "held" not in item and "resent" not in item and item["st"] in wants
            if ends and not (self._service.is_replaced(key) or self._service.is_taken_back(key)):
                called = self._somebody_is_called(key, deliveries, ended)
                self._require(called, "I1", f"{key.text} is {item['st']} and nobody is called: {item}")

    def _somebody_is_called(
        self, key: DeliveryKey, deliveries: Mapping[DeliveryKey, Item], ended: set[tuple[str, str, int]]
    ) -> bool:
        """Whether a person has the task to call the agency, or has ended it, about this message or its like
        by another channel; an update that arrived by one need not be read."""
        about = (key.ref, key.child, key.seq, key.agency_id, key.line)
        like = [
            item
            for other, item in deliveries.items()
            if (other.ref, other.child, other.seq, other.agency_id, other.line) == about
        ]
        if key.line and any(map(is_told, like)):
            return True
        tasks = {item["called_for"] for item in like if "called_for" in item}
        return any("phoned_at" in item for item in like) or any(
            (key.pk, sk, key.seq) in ended or self._service.is_open(key.pk, sk) for sk in tasks
        )

    # --- what the run passed through

    def paths(self, rows: Sequence[Item]) -> Iterator[str]:
        """Names of how calls came about and ended."""
        for row in rows:
            if row.get("task") in ENDS_THE_CLOCK:
                yield f"{row['task']} {'done' if 'done' in row else 'opened'}"


def _told(row: Mapping[str, Any], agency: str) -> Told:
    line = line_of(row["nonce"]["S"], agency) if "nonce" in row else row.get("about", {}).get("S")
    return row["pk"]["S"], int(row["child"]["N"]), int(row["dver"]["N"]), agency, line


def _is_of_a_call_made(row: Mapping[str, Any]) -> bool:
    """Whether the case system says that somebody was told by telephone, of what is known here.

    A call that waits for its version, or was refused when that came, was about nothing; what is held is not
    told by anybody.
    """
    says_so = row.get("event_type", {}).get("S") == EventType.PHONE_CONFIRMED
    is_known = not {"waits_for", "refused_copy", "still_held"} & row.keys()
    return says_so and is_known and row["type"]["S"] == AuditKind.LIFECYCLE


def _phoned(row: Mapping[str, Any]) -> Told:
    return row["pk"]["S"], int(row["child"]["N"]), int(row["decision_seq"]["N"]), row["agency_id"]["S"], None


def _was_open(row: Mapping[str, Any], written: Sequence[Written]) -> bool:
    """Whether somebody had the very task that a row opens; one that did not change at all was just made."""
    about = row.get("about", {}).get("S")
    sk = keys.task(row["task"]["S"], int(row["child"]["N"]), row["task_agency"]["S"], about)
    changed = [one.before for one in written if one.key == (row["pk"]["S"], sk)]
    if not changed:
        return True
    before = changed[0] or {"st": {"S": TaskState.DONE}, "dver": row["dver"]}
    return bool(before["st"]["S"] != TaskState.DONE and before["dver"] == row["dver"])
