"""When a year is over: each referral read once, accounted for twice, its clocks and figures counted."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from functions.adapters.ledger import keys
from functions.domain.clock import uk_day
from functions.domain.measures.across import addresses, followed
from functions.domain.measures.counting import counts_of
from functions.domain.measures.counts import NOTHING as NO_COUNTS
from functions.domain.measures.counts import Counts, month_of
from functions.domain.measures.facts import AsOf, Case, Facts, facts_of
from functions.domain.reconciliation.account import Scope, account_of
from functions.domain.reconciliation.arrivals import Arrived, gaps, unmatched
from functions.domain.reconciliation.ends import is_a_decision, places_of
from functions.domain.reconciliation.evidence import Evidence
from functions.domain.reconciliation.tally import NOTHING, Tally, of_findings
from schemas.codes import AuditKind, DeliveryState, FindingCode, Receipt
from tests.simulation.year.account import Account, End
from tests.simulation.year.calendar import THE_YEAR
from tests.simulation.year.clocks import Clocks
from tests.simulation.year.draws import POLICY
from tests.simulation.year.hearing import hear
from tests.simulation.year.hub import CASE_SYSTEM, POLICE_FEED
from tests.simulation.year.news import said_of
from tests.simulation.year.oracle.expected import Oracle
from tests.simulation.year.oracle.paper import Firing
from tests.simulation.year.oracle.sources import Asked
from tests.simulation.year.run import Year, minute_of_sweep

_ENDS = THE_YEAR.followed_until


@dataclass
class Reckoned:
    """All that was counted, and whatever is not as it should be."""

    ends: Counter[End] = field(default_factory=Counter)
    tally: Tally = NOTHING
    clocks: Clocks = field(default_factory=lambda: Clocks(minute_of_sweep))
    messages: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By their type and what became of them."""
    events: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    decided: set[tuple[str, int]] = field(default_factory=set)
    """Children, by their referral."""
    expected: Counter[Firing] = field(default_factory=Counter)
    asked: Counter[Asked] = field(default_factory=Counter)
    """About sources."""
    said: Counter[str] = field(default_factory=Counter)
    """What became of challenges, and of what was taken back, withheld or released."""
    counts: Counts = NO_COUNTS
    violations: list[str] = field(default_factory=list)


def reckoned(year: Year) -> Reckoned:
    """Counts the whole year."""
    return _Reckoning(year).result()


class _Reckoning:
    def __init__(self, year: Year) -> None:
        self._year = year
        self._tables = year.hub.evidence
        self._account = Account()
        self._done = Reckoned()
        self._cases: list[Case] = []
        agencies = {entry.agency_id: entry.type for entry in year.hub.directory.all()}
        self._as_of = AsOf(now=_ENDS, clocks=POLICY, agency_types=agencies)

    def result(self) -> Reckoned:
        done = self._done
        arrived = self._arrivals()
        for ref in self._refs():
            evidence = self._tables.partitions.read(keys.referral(ref))
            self._add(evidence, arrived.get(evidence.partition, {}))
        done.asked.update(self._asked())
        done.expected = Counter(Oracle(self._year.heard, minute_of_sweep, _ENDS).expects())
        done.counts += counts_of(self._across())
        self._judge()
        return done

    def _refs(self) -> Iterator[str]:
        partitions = self._year.hub.tables.tables[self._year.hub.store.audit].listed[None].partitions
        return (ref for name in sorted(partitions) if (ref := keys.ref_in(name)))

    # --- the arrivals of all days

    def _arrivals(self) -> dict[str, dict[date, list[Arrived]]]:
        """By partition and day, as the indexes list them; each has its marker, and no number is missing."""
        found: defaultdict[str, dict[date, list[Arrived]]] = defaultdict(dict)
        everything = list[Arrived]()
        for day in self._days():
            arrived = self._tables.days.arrivals(day, _ENDS)
            everything += arrived
            differences = list(unmatched(arrived, self._tables.days.marked(day, _ENDS)))
            self._done.tally += of_findings(*differences)
            for one in arrived:
                found[one.partition].setdefault(day, []).append(one)
        self._done.tally += of_findings(*gaps(everything, (), (), settled=_ENDS))
        return dict(found)

    def _days(self) -> Iterator[date]:
        last = uk_day(_ENDS)
        yield from (
            THE_YEAR.first_day + timedelta(days=n) for n in range((last - THE_YEAR.first_day).days + 1)
        )

    def _asked(self) -> Iterator[Asked]:
        """Every task about a source: that it was opened, or answered by the source itself."""
        for source in (CASE_SYSTEM, POLICE_FEED):
            store = self._year.hub.store
            for row in store.partition(store.audit, keys.source(source), "E#"):
                if row["type"] == AuditKind.TASK and not row.get("done"):
                    what = "answered" if "ended" in row else "asked"
                    yield Asked(
                        source, row["task"], row.get("about", ""), what, datetime.fromisoformat(row["at"])
                    )

    # --- one referral

    def _add(self, evidence: Evidence, arrived: Mapping[date, list[Arrived]]) -> None:
        done, ref = self._done, evidence.ref
        rows = [row.said for row in evidence.rows]
        told = hear(self._year.heard.get(ref, ()))
        self._account.add(ref, rows, told)
        done.clocks.add(ref, rows)
        done.tally += self._reconciled(evidence, arrived)
        facts = facts_of(evidence.rows, ref, self._as_of)
        done.counts += counts_of(facts)
        self._cases += facts.cases
        for row in rows:
            done.said.update(said_of(row))
            if row["type"] == "DECISION":
                done.outcomes[row["outcome"]] += 1
                done.decided.add((ref, row["child"]))
            if "duplicate" in row or "waited_since" in row:
                continue
            if row["type"] in ("LIFECYCLE", "RA_FORM"):
                done.events[row.get("event_type", row["type"])] += 1
            elif row["type"] in ("DECISION", "EVENT_DUPLICATE", "DECISION_STALE", "REJECTED"):
                done.events[row["type"]] += 1

    def _reconciled(self, evidence: Evidence, arrived: Mapping[date, list[Arrived]]) -> Tally:
        """What the reconciliation says of it: for each day on which a decision came, for one day where none
        did."""
        partitions = self._tables.partitions
        others = {ref: partitions.read(keys.referral(ref)) for ref in sorted(places_of(evidence))}
        places = {evidence.ref: evidence, **others}
        days = {day for day, ones in arrived.items() if any(map(_is_a_decision, ones))}
        days |= {
            uk_day(datetime.fromisoformat(row.at))
            for row in evidence.rows
            if is_a_decision(row.kind, names_a_child="child" in row.said)
        }
        total = NOTHING
        for day in sorted(days or list(arrived)[:1]):
            total += account_of(evidence, arrived.get(day, []), places, Scope(day, _ENDS, _ENDS))
        return total

    def _across(self) -> Facts:
        """What no single referral tells."""
        verified = (entry.verified_at for entry in self._year.hub.directory.all())
        return Facts(
            followed=followed(self._cases, _ENDS),
            addresses=addresses(verified, month_of(THE_YEAR.begins), _ENDS),
        )

    # --- what is not as it should be

    def _judge(self) -> None:
        done = self._done
        for whom, end in self._account.ends():
            done.ends[end] += 1
            if end is End.UNACCOUNTED:
                done.violations.append(f"unaccounted: {whom}")
        done.violations += [f"lost: decision {which}" for which in self._account.lost]
        done.violations += [f"made up: decision {which}" for which in self._account.unheard]
        found = Counter(f"{one.code} {one.partition} {one.what}" for one in done.tally.findings)
        left_out = Counter(
            f"{FindingCode.SOURCE_GAP} {source} {what}" for source, what in self._year.left_out
        )
        done.violations += (found - left_out).elements()
        done.violations += [f"not found: {which}" for which in (left_out - found).elements()]
        done.violations += [f"still open: {one}" for one in done.tally.still_open]
        fired = done.clocks.fired
        done.violations += [f"did not fire: {one}" for one in (done.expected - fired).elements()]
        done.violations += [f"should not have fired: {one}" for one in (fired - done.expected).elements()]
        done.violations += [f"rang twice: {one}" for one in done.clocks.rang_twice()]
        done.violations += [f"refused: {one}" for one in self._refused()]
        done.violations += [f"cannot be done: {one}" for one in self._year.stuck]
        asked, expected = done.asked, self._year.book.asked
        done.violations += [f"nobody was asked: {one}" for one in (expected - asked).elements()]
        done.violations += [f"asked or ended: {one}" for one in (asked - expected).elements()]
        self._judge_messages()

    def _refused(self) -> Iterator[str]:
        """Events that were refused, at once or when what they waited for came: all were meant well."""
        for (pk, sk), row in self._year.hub.tables.tables[self._year.hub.store.audit].items.items():
            if row["type"]["S"] == AuditKind.REJECTED or "refused_copy" in row:
                yield f"{pk} {sk}"

    def _judge_messages(self) -> None:
        """What is said to have been sent has arrived, and once; nothing waits any more but what is held."""
        done, arrived = self._done, self._year.hub.agencies.arrived
        for (_, sk), item in self._year.hub.tables.tables[self._year.hub.store.state].items.items():
            if not sk.startswith(keys.DELIVERY_PREFIX):
                continue
            state, kind = item["st"]["S"], item["message_type"]["S"]
            ends_as = "HELD" if "held" in item else state
            done.messages[kind, ends_as] += 1
            times, came_back = arrived.get(item["message_id"]["S"], 0), item.get("rcpt") in _CAME_BACK
            if times != (state == DeliveryState.SENT or came_back):
                done.violations.append(f"{state} and arrived {times} times: {item['pk']['S']} {sk}")
            elif ends_as in _ON_THEIR_WAY:
                done.violations.append(f"still on its way: {item['pk']['S']} {sk}")


_CAME_BACK = [{"S": receipt.value} for receipt in (Receipt.BOUNCED, Receipt.DELAYED)]
_ON_THEIR_WAY = frozenset(
    {DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.RETRY, DeliveryState.QUARANTINE}
)


def _is_a_decision(arrived: Arrived) -> bool:
    return is_a_decision(arrived.kind, names_a_child=arrived.names_a_child)
