"""The independent account of a year: what became of each decision for everybody it was for, by the trail's
rows alone."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple, TypeAlias

from schemas.codes import Disclosure, Series
from tests.simulation.year.hearing import Hearing

Said: TypeAlias = Mapping[str, Any]
"""One row of the trail."""


class End(Enum):
    """How a decision ended for one of those it was for."""

    DELIVERED = "delivered"
    PHONED = "told by telephone"
    SUPPRESSED = "read in the hub's own system"
    HELD = "held by a person"
    WITHDRAWN = "taken back before it was told"
    WITHHELD = "withheld by a person"
    CANCELLED = "stopped, with a reason"
    SUPERSEDED = "superseded by a newer version"
    UNACCOUNTED = "unaccounted"


class For(NamedTuple):
    """One for whom a version of a child's decision was; `agency` is empty for a referrer of the public.

    `nonce` tells a duplicate's reader apart, whose message stands with the original.
    """

    ref: str
    child: int
    dver: int
    agency: str
    nonce: str = ""


@dataclass
class Account:
    """Counts as it goes: rows of a referral may tell of what another's decision listed."""

    lost: list[tuple[str, int, int]] = field(default_factory=list)
    """Decisions that were heard, and of which no row tells."""
    unheard: list[tuple[str, int, int]] = field(default_factory=list)
    """Rows of decisions that nobody sent."""
    _listed: dict[For, For] = field(default_factory=dict)
    """Each by whom it was for, and where its messages stand."""
    _told: dict[For, End] = field(default_factory=dict)
    _phoned: defaultdict[tuple[str, int, str], int] = field(default_factory=lambda: defaultdict(int))
    """The newest version that each was rung about."""
    _held: set[tuple[str, int, int, str]] = field(default_factory=set)
    _ended: dict[End, set[tuple[str, int, int, str]]] = field(
        default_factory=lambda: {End.WITHDRAWN: set(), End.WITHHELD: set()}
    )
    """What a person decided that nobody, or one agency, is told any more."""
    _newest: dict[tuple[str, int], int] = field(default_factory=dict)

    def add(self, ref: str, rows: Sequence[Said], told: Hearing) -> None:
        """One referral's rows, beside what was heard of it."""
        recorded = Counter((ref, row["child"], row["dver"]) for row in rows if row["type"] == "DECISION")
        heard = Counter(
            (ref, one.child, one.event["decision_seq"]) for one in told.counts if one.is_a_decision
        )
        self.lost += (heard - recorded).elements()
        self.unheard += (recorded - heard).elements()
        for row in rows:
            self._read(ref, row)

    def ends(self) -> Iterator[tuple[For, End]]:
        """Everybody a decision was for, and how it ended for them."""
        for whom, place in self._listed.items():
            yield whom, self._end(whom, place)

    def _end(self, whom: For, place: For) -> End:
        known = self._told.get(place)
        if known in (End.DELIVERED, End.SUPPRESSED):
            return known
        for at in (whom, place):
            if self._phoned[at.ref, at.child, at.agency] >= at.dver:
                return End.PHONED
        return self._by_a_person(whom, place) if known is None else known

    def _by_a_person(self, whom: For, place: For) -> End:
        meant = {(*at[:3], to) for at in (whom, place) for to in (at.agency, "")}
        for ended, which in self._ended.items():
            if meant & which:
                return ended
        if {(*place[:3], place.agency), (*place[:3], "")} & self._held:
            return End.HELD
        is_old = self._newest[place.ref, place.child] > place.dver
        return End.SUPERSEDED if is_old else End.UNACCOUNTED

    # --- what each row says

    def _read(self, ref: str, row: Said) -> None:
        match row["type"]:
            case "DECISION":
                self._decided(ref, row)
            case "SUPPRESSED_IN_SYSTEM":
                whom = For(ref, row["child"], row["dver"], row["agency"])
                self._listed[whom] = whom
                self._told[whom] = End.SUPPRESSED
            case "TASK":
                self._task(ref, row)
            case "LIFECYCLE" if "stale" not in row and "waits_for" not in row:
                self._happened(ref, row)
            case "HELD" if "series" not in row and "outcome" not in row:
                self._held.add((ref, row["child"], row["dver"], row.get("held_agency", "")))
            case "RELEASED" if "outcome" not in row:
                self._released(ref, row)
            case _ if (end := _end_of_a_message(row)) is not None:
                self._about(ref, row, end)

    def _decided(self, ref: str, row: Said) -> None:
        child, dver = row["child"], row["dver"]
        self._newest[ref, child] = max(dver, self._newest.get((ref, child), 0))
        there = row.get("told_as", {})
        at = (there.get("ref", ref), there.get("child", child), there.get("dver", dver))
        for text in row["recipients"]:
            agency, _, _, nonce = (*text.split("#"), "")[:4]
            self._listed[For(ref, child, dver, agency, nonce)] = For(*at, agency, nonce)
        for call in row.get("calls", ()):
            _, agency, about = call.split("|")
            if not about:
                self._listed[For(ref, child, dver, agency)] = For(ref, child, dver, agency)

    def _task(self, ref: str, row: Said) -> None:
        """A call that somebody must make, or has made."""
        if row["task"] not in _CALLS or row.get("about", "") in _SERIES:
            return
        agency = row.get("task_agency", "")
        if row.get("done"):
            if row["reason"] == "TOLD_BY_PHONE":
                key = (ref, row["child"], agency)
                self._phoned[key] = max(self._phoned[key], row["dver"])
        elif row["task"] in ("CALL_REFERRER", "CALL_AGENCY"):
            whom = For(ref, row["child"], row["dver"], agency)
            self._listed.setdefault(whom, whom)

    def _happened(self, ref: str, row: Said) -> None:
        """What the case system says was done about a version."""
        match row.get("event_type"):
            case "WITHDRAWN_IN_ERROR" if "refused_copy" not in row:
                self._ended[End.WITHDRAWN].add((ref, row["child"], row["decision_seq"], ""))
            case "WITHHELD" if "before_decision" not in row and row.get("disclosure", "").startswith(
                "WITHHELD"
            ):
                which = (ref, row["child"], row["decision_seq"], row.get("agency_id") or "")
                self._ended[End.WITHHELD].add(which)
            case "PHONE_CONFIRMED" if not {"refused_copy", "still_held"} & row.keys():
                rings_the_referrer = any("CALL_REFERRER" in task for task in row.get("ended", ()))
                for agency in (row["agency_id"], *([""] if rings_the_referrer else [])):
                    key = (ref, row["child"], agency)
                    self._phoned[key] = max(self._phoned[key], row["decision_seq"])

    def _released(self, ref: str, row: Said) -> None:
        for dver in range(1, row["dver"] + 1):
            self._held.discard((ref, row["child"], dver, row.get("held_agency", "")))

    def _about(self, ref: str, row: Said, end: End) -> None:
        """What became of one message; once told, an agency is told, whatever became of another channel's."""
        nonce = row.get("nonce", "").partition("+")[0]
        if nonce.startswith("U"):
            return
        whom = For(ref, row["child"], row["dver"], row["agency"], nonce)
        if self._told.get(whom) is not End.DELIVERED:
            self._told[whom] = end


def _end_of_a_message(row: Said) -> End | None:
    """What a row says became of its message; that a mail service took one is not that it arrived."""
    match row["type"]:
        case "ATTEMPT_CLOSED" if row["result"] == "SUCCESS" and row["chan"] == "webhook":
            return End.DELIVERED
        case "RECEIPT" if row["receipt"] in ("DELIVERED", "COMPLAINED"):
            return End.DELIVERED
        case "ACK" if row["result"] == "CONFIRMED":
            return End.DELIVERED
        case "SUPERSEDED":
            return End.SUPERSEDED
        case "CANCELLED" if "reason" in row:
            return _WHY.get(row["reason"], End.CANCELLED)
    return None


_WHY = {"DECIDED_IN_ERROR": End.WITHDRAWN} | dict.fromkeys(Disclosure, End.WITHHELD)
_SERIES = frozenset(Series)
_CALLS = frozenset({"CALL_REFERRER", "CALL_AGENCY", "CALL_UNTOLD", "CALL_UNREAD"})
