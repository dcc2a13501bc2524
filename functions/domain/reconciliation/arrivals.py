"""What came in on one day: the trail's list against the markers', and the senders' own counts for gaps."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from functions.domain.reconciliation.evidence import Finding
from schemas.base import instant_text
from schemas.codes import ARRIVALS, AuditKind, FindingCode

OUT_OF_ORDER = timedelta(minutes=15)
"""How much later than a higher number a lower one may come: a message that failed is back in minutes."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """One row of the day's index: an event that came in, and the sender's own number for it."""

    uid: str
    partition: str
    at: datetime
    kind: str
    source: str | None
    """None of a source that is not registered: those are one, and count for nobody."""
    number: int | None = None
    names_a_child: bool = True
    is_told_elsewhere: bool = False
    """The original's own row about a duplicate's decision, which has its row in its own referral."""


@dataclass(frozen=True, slots=True)
class Marked:
    """One marker of an event: where its row stands, by the table that is not the trail."""

    name: str
    partition: str
    at: datetime


def came_in(kind: str, said: Mapping[str, Any]) -> bool:
    """Whether a row is of an event from outside: what else is refused, a receipt or a confirmation, keeps no
    copy. One that waited came in when it was kept, and is taken up without coming again."""
    is_event = kind != AuditKind.REJECTED or "kept_as" in said
    return kind in ARRIVALS and is_event and "waited_since" not in said


def refused_after_waiting(kind: str, said: Mapping[str, Any]) -> bool:
    """Whether a row is of an event that had been taken in and kept, and turned out to be wrong: no day counts
    it once more."""
    return kind == AuditKind.LIFECYCLE and "refused_copy" in said


def unmatched(arrived: Sequence[Arrived], marked: Sequence[Marked]) -> Iterator[Finding]:
    """Each event has one row and one marker, which name the same partition and moment."""
    rows = Counter((one.partition, one.at) for one in arrived if not one.is_told_elsewhere)
    markers = Counter((one.partition, one.at) for one in marked)
    for partition, at in sorted((rows - markers).elements()):
        yield Finding(FindingCode.ROW_WITHOUT_MARKER, partition, instant_text(at))
    for partition, at in sorted((markers - rows).elements()):
        yield Finding(FindingCode.MARKER_WITHOUT_ROW, partition, instant_text(at))


def gaps(
    day: Sequence[Arrived], before: Sequence[Arrived], after: Sequence[Arrived], *, settled: datetime
) -> Iterator[Finding]:
    """Numbers that a source left out: the only sign of an event that never came.

    `before` and `after` are neighbouring days, so that neither midnight nor a late event makes a gap. Numbers
    above those that came after `settled` may still come. A refused event has a number that nobody could read:
    each of the source's own explains one that is missing.
    """
    for source in sorted({one.source for one in day if one.source is not None}):
        mine, earlier = _numbers(day, source), _numbers(before, source)
        highest = max(_numbers(day, source, until=settled), default=None)
        if highest is None:
            continue
        lowest = max((number for number in earlier if number < highest), default=min(mine))
        known = mine | earlier | _numbers(after, source)
        known = {number for number in known if lowest <= number <= highest}
        missing = highest - lowest + 1 - len(known)
        if missing > _refused((*before, *day), source, since=_when(before, source, lowest)):
            for left, right in pairwise(sorted(known)):
                if right - left > 1:
                    yield Finding(FindingCode.SOURCE_GAP, source, f"{left + 1}..{right - 1}")


def _numbers(arrived: Collection[Arrived], source: str, *, until: datetime | None = None) -> set[int]:
    return {
        one.number
        for one in arrived
        if one.source == source and one.number is not None and (until is None or one.at <= until)
    }


def _when(before: Collection[Arrived], source: str, number: int) -> datetime | None:
    """When the number from which gaps are counted came, if that was on an earlier day."""
    return max((one.at for one in before if (one.source, one.number) == (source, number)), default=None)


def _refused(arrived: Collection[Arrived], source: str, *, since: datetime | None) -> int:
    """Refused events of the source itself: others would explain away what it left out."""
    return sum(
        1
        for one in arrived
        if one.kind == AuditKind.REJECTED and one.source == source and (since is None or one.at >= since)
    )
