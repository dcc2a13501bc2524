"""What pages should say, counted from every row of the tables: slow, and by no index or counter."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.counters import Counters
from functions.adapters.ledger.evidence import Partitions
from functions.adapters.ledger.store import Item, Store, from_item
from functions.adapters.patience import Patience
from functions.adapters.registry.directory import Directory
from functions.domain.clock import uk_day
from functions.domain.measures.facts import AsOf, Case, Facts, facts_of
from functions.flows.measuring.live import CountDesk, count_up_to
from schemas.clocks import ClockPolicy
from schemas.codes import AgencyType, Outcome, RaStatus

NINETY_ONE_DAYS = timedelta(days=90)
NOT_COMPLETE = {RaStatus.INCORRECT, RaStatus.ABSENT, RaStatus.UNKNOWN}


@dataclass(frozen=True)
class Tables:
    """A stage's tables at one moment."""

    store: Store
    clocks: ClockPolicy
    now: datetime

    def items(self, table: str) -> list[Item]:
        """Everything in a table."""
        pages = self.store.client.get_paginator("scan").paginate(TableName=table)
        return [from_item(item) for page in pages for item in page["Items"]]

    def count(self) -> None:
        """Brings the live counters up to every row, as the stream would."""
        desk = self._desk
        as_of = desk.as_of()
        for partition in self._partitions:
            count_up_to(len(desk.partitions.rows(partition)), keys.ref_in(partition) or "", as_of, desk)

    @cached_property
    def facts(self) -> list[Facts]:
        """Each referral's, by its rows."""
        as_of = self._as_of
        partitions = Partitions(self.store)
        return [facts_of(partitions.rows(one), keys.ref_in(one) or "", as_of) for one in self._partitions]

    @property
    def tasks(self) -> list[Item]:
        """Those that are open."""
        found = (one for one in self.items(self.store.state) if one["sk"].startswith(keys.TASK_PREFIX))
        return [one for one in found if one["st"] != "DONE"]

    def not_told(self) -> int:
        return sum(not case.told.newest for case in self._decided_of_professionals())

    def by_notice(self) -> int:
        return sum(case.told.newest_by_notice for case in self._decided_of_professionals())

    def forms_not_complete(self) -> int:
        return sum(
            case.check is not None and case.check.status in NOT_COMPLETE
            for case in self._cases()
            if not case.received.is_duplicate and self._is_of_late(case.received.at)
        )

    def decisions(self) -> list[Item]:
        """The rows of the last 24 hours, each decision once."""
        rows = (row for row in self.items(self.store.audit) if row["type"] == "DECISION")
        since = self.now - timedelta(hours=24)
        return [
            row for row in rows if datetime.fromisoformat(row["at"]) > since and "waited_since" not in row
        ]

    def outcomes(self) -> Counter[Outcome]:
        """Of this week."""
        today = uk_day(self.now)
        monday = today - timedelta(days=today.weekday())
        return Counter(
            case.decided.outcome
            for case in self._cases()
            if case.decided and not case.received.is_duplicate and uk_day(case.decided.at) >= monday
        )

    def delivered(self) -> dict[str, str]:
        """`7 of 19` of the last 7 days, by agency; of schools and practices together, by their type."""
        first, types = uk_day(self.now) - timedelta(days=6), self._as_of.agency_types
        sent, reached = Counter[str](), Counter[str]()
        for one in (one for facts in self.facts for one in facts.sent if uk_day(one.at) >= first):
            kind = types[one.agency_id]
            name = kind.value if kind in (AgencyType.GP, AgencyType.SCHOOL) else one.agency_id
            sent[name] += 1
            reached[name] += one.told_at is not None
        return {name: f"{reached[name]} of {count}" for name, count in sent.items()}

    def _decided_of_professionals(self) -> Iterator[Case]:
        for case in self._cases():
            is_one = case.received.is_professional and not case.received.is_duplicate
            if is_one and case.decided and self._is_of_late(case.decided.at):
                yield case

    def _cases(self) -> Iterator[Case]:
        return (case for facts in self.facts for case in facts.cases)

    def _is_of_late(self, moment: datetime) -> bool:
        return uk_day(self.now) - NINETY_ONE_DAYS <= uk_day(moment) <= uk_day(self.now)

    @cached_property
    def _partitions(self) -> list[str]:
        return sorted({row["pk"] for row in self.items(self.store.audit) if row["pk"].startswith("R#")})

    @property
    def _as_of(self) -> AsOf:
        return self._desk.as_of()

    @property
    def _desk(self) -> CountDesk:
        return CountDesk(
            Counters(self.store),
            Partitions(self.store),
            Directory(self.store, Chain(self.store, salt=lambda: "0" * 32)),
            self.clocks,
            Patience(lambda: 0.0, lambda _: None, lambda: 0.0, 1),
            lambda: self.now,
        )
