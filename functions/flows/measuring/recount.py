"""The night's recount: every closed day of this month and the last from the trail, kept beside the live
counts; whatever differs is said, and then put right."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from functions.adapters.ledger.days import Days
from functions.domain.clock import uk_day
from functions.domain.measures.by_agency import BY_AGENCY
from functions.domain.measures.counts import Cell, Counts, change
from functions.domain.measures.facts import AsOf
from functions.flows.measuring.count import A_DAY, referrals_since
from functions.flows.measuring.live import CountDesk, counted_now
from functions.log_lines import COUNTS_DIFFER, RECOUNTED, log

BEFORE = timedelta(days=31)
"""How much earlier a referral may have come than the first day that is counted, and still have a hold begin
on it: a message is tried for three days, and one that a person sends again may be held as well."""
MOST_NAMED = 50
"""How many differences are named; the rest are among them as a number."""


@dataclass(frozen=True, slots=True)
class RecountDesk:
    """What is recounted with."""

    counting: CountDesk
    days: Days


@dataclass(frozen=True, slots=True)
class _Look:
    """What a recount found, of how many referrals, and which figures of which days are others live."""

    refs: Sequence[str]
    found: Mapping[Cell, int]
    differing: frozenset[tuple[str, str]]


def recount(desk: RecountDesk) -> int:
    """Recounts, and says how many figures of a day differ: by a second look, too, since rows go on coming."""
    counting = desk.counting
    as_of = counting.as_of()
    days = closed_days(as_of.now)
    look = _look(days, as_of, desk)
    if look.differing:
        again = _look(days, as_of, desk)
        look = _Look(again.refs, again.found, again.differing & look.differing)
    keep = partial(counting.counters.keep_recounted, days, Counts(look.found), as_of.now)
    counting.patience.persist(keep)
    _say(look, days[-1])
    if look.differing:
        _put_right(look.refs, as_of, counting)
    return len(look.differing)


def closed_days(now: datetime) -> list[str]:
    """From the first of the last month until yesterday, by the UK's days."""
    today = uk_day(now)
    first = (today.replace(day=1) - A_DAY).replace(day=1)
    return [(first + A_DAY * number).isoformat() for number in range((today - first).days)]


def _look(days: Sequence[str], as_of: AsOf, desk: RecountDesk) -> _Look:
    counting, total = desk.counting, Counter[Cell]()
    first = datetime.fromisoformat(days[0]).date() - BEFORE
    refs = referrals_since(first, as_of.now, desk.days, say=lambda _: None)
    for ref in refs:
        total.update(counted_now(ref, as_of, counting).counts.cells)
    wanted = frozenset(days)
    found = {cell: count for cell, count in total.items() if cell.period in wanted}
    differing = change(_comparable(counting.counters.live(days).cells), _comparable(found))
    return _Look(refs, found, frozenset((cell.period, _figure(cell)) for cell in differing))


def _comparable(cells: Mapping[Cell, int]) -> Mapping[Cell, int]:
    """Without those by agency: a message may arrive, or be set free, long after its referral came."""
    return {cell: count for cell, count in cells.items() if cell.name not in BY_AGENCY}


def _figure(cell: Cell) -> str:
    """`K4` of its numerator, the population's name of what several figures divide by."""
    return cell.name.partition(".")[0].rstrip("?")


def _say(look: _Look, day: str) -> None:
    for differing_day, figure in sorted(look.differing)[:MOST_NAMED]:
        log(COUNTS_DIFFER, day=differing_day, figure=figure)
    log(RECOUNTED, day=day, count=len(look.refs), differences=len(look.differing))


def _put_right(refs: Sequence[str], as_of: AsOf, desk: CountDesk) -> None:
    """Makes the counts have of each referral what its rows give: of one that the stream lost, that came
    before there were counts, or that another release counted by other rules."""
    for ref in refs:
        desk.patience.persist(partial(_put_one_right, ref, as_of, desk))


def _put_one_right(ref: str, as_of: AsOf, desk: CountDesk) -> None:
    seen, now = desk.counters.counted(ref), counted_now(ref, as_of, desk)
    if (seen.seq, seen.counts) != (now.seq, now.counts):
        desk.counters.move(ref, seen, now)
