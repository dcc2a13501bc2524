"""The counts of some months: their days by the index, each referral that they name read once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from functions.adapters.ledger import keys
from functions.adapters.ledger.days import Days
from functions.adapters.ledger.evidence import Partitions
from functions.adapters.registry.directory import ACTIVE, Directory
from functions.domain.clock import uk_day
from functions.domain.measures.across import addresses, followed
from functions.domain.measures.counting import counts_of
from functions.domain.measures.counts import NOTHING, Counts, first_day
from functions.domain.measures.facts import AsOf, Case, Facts, facts_of

A_DAY = timedelta(days=1)
SAID_EACH = 100
"""How many days or referrals are read between two words about it."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What figures are made from; `say` tells whoever waits how far it has come."""

    days: Days
    partitions: Partitions
    directory: Directory
    say: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted, of how many referrals."""

    counts: Counts
    referrals: int


def count(since: str, as_of: AsOf, sources: Sources) -> Counted:
    """Counts whatever happened from a month on.

    What is told of a month may come after it: a delivery, a challenge, a child who is referred again. So all
    days until now are read, and one before, for a sender's clock that is ahead of ours.
    """
    refs = referrals_since(first_day(since) - A_DAY, as_of.now, sources.days, sources.say)
    total, cases = NOTHING, list[Case]()
    for number, ref in enumerate(refs, 1):
        facts = facts_of(sources.partitions.rows(keys.referral(ref)), ref, as_of)
        total += counts_of(facts)
        cases += facts.cases
        if number % SAID_EACH == 0 or number == len(refs):
            sources.say(f"{number} of {len(refs)} referrals read")
    return Counted(total + counts_of(_across(cases, since, as_of, sources)), len(refs))


def referrals_since(first: date, now: datetime, days: Days, say: Callable[[str], None]) -> list[str]:
    """Every referral about which something came in from that day on."""
    found, all_days = set[str](), list(_days(first, uk_day(now)))
    for number, day in enumerate(all_days, 1):
        found |= {ref for one in days.arrivals(day, now) if (ref := keys.ref_in(one.partition))}
        if number % SAID_EACH == 0 or number == len(all_days):
            say(f"{number} of {len(all_days)} days read: {len(found)} referrals")
    return sorted(found)


def _days(first: date, last: date) -> Iterator[date]:
    yield from (first + A_DAY * number for number in range((last - first).days + 1))


def _across(cases: list[Case], since: str, as_of: AsOf, sources: Sources) -> Facts:
    entries = [entry for entry in sources.directory.all() if entry.status == ACTIVE and entry.address]
    verified = (entry.verified_at for entry in entries)
    return Facts(followed=followed(cases, as_of.now), addresses=addresses(verified, since, as_of.now))
