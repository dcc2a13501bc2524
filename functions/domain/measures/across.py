"""What no single referral's rows can tell: whether a child was referred again, and how old addresses are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time

from functions.domain.clock import local_moment, uk_day
from functions.domain.measures.counts import first_day, month_of, months_between
from functions.domain.measures.decided import Decided
from functions.domain.measures.facts import Address, Case, Followed
from functions.domain.registry_rules import is_fresh

NOON = time(12)
Arrivals = Mapping[str, Sequence[tuple[datetime, str]]]
"""When each pseudonym's referrals came, and which they are."""


def followed(cases: Sequence[Case], now: datetime) -> tuple[Followed, ...]:
    """Each decision, and whether another referral of its child came within 12 months of it.

    A duplicate is no other referral. England's figure looks back from a referral instead: within a year of
    the one before.
    """
    found: defaultdict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for case in cases:
        if case.received.pseudonym and not case.received.is_duplicate:
            found[case.received.pseudonym].append((case.received.at, case.ref))
    counted = (case for case in cases if not case.received.is_duplicate)
    return tuple(_followed(case, case.decided, found, now) for case in counted if case.decided)


def _followed(case: Case, decided: Decided, arrivals: Arrivals, now: datetime) -> Followed:
    pseudonym = case.received.pseudonym
    until = a_year_after(decided.at)
    return Followed(
        at=decided.at,
        is_known=pseudonym is not None and until <= now,
        is_nfa=decided.is_nfa,
        came_back=any(
            ref != case.ref and decided.at < at <= until for at, ref in arrivals.get(pseudonym or "", ())
        ),
    )


def a_year_after(moment: datetime) -> datetime:
    """The same day of the next year, or the day before where that year has no 29 February."""
    try:
        return moment.replace(year=moment.year + 1)
    except ValueError:
        return moment.replace(year=moment.year + 1, day=28)


def addresses(verified: Iterable[date | None], since: str, now: datetime) -> tuple[Address, ...]:
    """The registry's mailboxes today, by when each was last verified; of earlier months nothing is known."""
    *earlier, _ = months_between(since, month_of(now))
    opened = (local_moment(first_day(month), NOON) for month in earlier)
    stale = (day is None or not is_fresh(day, uk_day(now)) for day in verified)
    return (*(Address(at, None) for at in opened), *(Address(now, is_stale) for is_stale in stale))
