"""What must hold of decisions that are taken back: nobody is told them any more, whoever was hears of it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any, TypeAlias

from functions.adapters.ledger import keys
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Item
from functions.domain.series import is_of_an_update
from schemas.codes import AuditKind, Disclosure, EventType, Series
from tests.simulation.receipt_rules import Require
from tests.simulation.service import Service

Child: TypeAlias = tuple[str, int]
EVERYBODY = None


class DisputeRules:
    """Looks at what left after a decision was withdrawn or withheld, and at how holds ended."""

    def __init__(self, service: Service, require: Require) -> None:
        self._service = service
        self._require = require

    def at_the_end(self, rows: Sequence[Item], _: Mapping[DeliveryKey, Item]) -> None:
        """Everything that only shows when it is over."""
        for _pk, of_one in groupby(rows, key=itemgetter("pk")):
            chain = list(of_one)
            self._nothing_taken_back_is_told(chain)
            self._whoever_was_told_hears_of_it(chain)
        self._each_hold_ends_once()

    def _nothing_taken_back_is_told(self, chain: Sequence[Item]) -> None:
        """I7: no try is begun of what was sent in error, or is withheld from its reader."""
        withdrawn: dict[int, int] = {}
        withheld: set[tuple[int, int, str | None]] = set()
        for row in chain:
            if takes_back(row):
                if row["event_type"] == EventType.WITHDRAWN_IN_ERROR:
                    withdrawn[row["child"]] = row["decision_seq"]
                elif row["disclosure"] != Disclosure.PARTIAL:
                    withheld.add((row["child"], row["decision_seq"], row.get("agency_id", EVERYBODY)))
            elif _tells_a_decision(row):
                child, dver = row["child"], row["dver"]
                self._require(
                    dver > withdrawn.get(child, 0), "I7", f"{row['cause']} is told, and was sent in error"
                )
                from_them = {(child, dver, who) for who in (row["agency"], EVERYBODY)}
                self._require(not from_them & withheld, "I7", f"{row['cause']} is told, and is withheld")

    def _whoever_was_told_hears_of_it(self, chain: Sequence[Item]) -> None:
        """I1: of a withdrawal by a message of its own, or by a person who finds a way."""
        told: defaultdict[int, set[str]] = defaultdict(set)
        hears: defaultdict[str, set[str]] = defaultdict(set)
        for row in chain:
            if row["type"] == AuditKind.UPDATE and row["series"] == Series.WITHDRAWAL:
                hears[row["cause"]].update(one.split("#")[0] for one in row.get("recipients", ()))
                hears[row["cause"]].update(row.get("kept_from", ()))
        for row in chain:
            if _tells_a_decision(row) and not _is_of_a_duplicate(row):
                told[row["child"]].add(row["agency"])
            elif takes_back(row) and row["event_type"] == EventType.WITHDRAWN_IN_ERROR:
                silent = told[row["child"]] - hears[row["cause"]]
                self._require(not silent, "I1", f"{silent} never hear that {row} was sent in error")

    def _each_hold_ends_once(self) -> None:
        """I2: whoever ends it, and however often: its messages go once, with a row that says so."""
        freed = Counter[tuple[str, str]]()
        for _, call in groupby(self._service.tables.journal, key=attrgetter("call")):
            written = list(call)
            released = any(
                one.table == "audit" and (one.after or {})["type"]["S"] == AuditKind.RELEASED
                for one in written
            )
            for one in written:
                if _is_freed(one.key, one.before or {}, one.after or {}):
                    freed[one.key] += 1
                    self._require(released, "I10", f"{one.key} is released without a row")
        twice = [key for key, times in freed.items() if times > 1]
        self._require(not twice, "I2", f"released twice: {twice}")

    # --- what the run passed through

    def paths(self, rows: Sequence[Item]) -> Iterator[str]:
        """Names of what was said, and of what came of it."""
        for row in rows:
            if row["type"] == AuditKind.LIFECYCLE and "event_type" in row:
                waits, late = row.get("waits_for"), row.get("stale") and "stale"
                yield " ".join(filter(None, (row["event_type"], waits and f"waits for {waits}", late)))
            elif row["type"] == AuditKind.UPDATE:
                yield f"update {row['series']}"
            elif row["type"] == AuditKind.RELEASED and ":" in row["actor"]:
                yield "released in the case system"
            elif row["type"] == AuditKind.CANCELLED and row["reason"] in set(Disclosure):
                yield "stopped and withheld"


def takes_back(row: Item) -> bool:
    """Whether it says so of the newest decision there is; not what waits, and may be refused in the end."""
    says_so = row.get("event_type") in (EventType.WITHDRAWN_IN_ERROR, EventType.WITHHELD)
    return bool(says_so and not {"waits_for", "stale", "refused_copy", "before_decision"} & row.keys())


def _tells_a_decision(row: Item) -> bool:
    return row["type"] == AuditKind.ATTEMPT_STARTED and not is_of_an_update(row.get("nonce", ""))


def _is_of_a_duplicate(row: Item) -> bool:
    """Whoever made a referral that is a duplicate no more hears of that one alone."""
    return str(row.get("nonce", "")).startswith("D")


def _is_freed(key: tuple[str, str], before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    may_go = "held" in before and "held" not in after and "due_pk" in after
    return may_go and key[1].startswith(keys.DELIVERY_PREFIX)
