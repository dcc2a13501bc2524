"""The figures of a stage as its operator gets them: what is counted, for which hub, by whose clocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import click

from functions.adapters.ledger.counters import Counters
from functions.adapters.ledger.days import Days
from functions.adapters.ledger.evidence import Partitions
from functions.adapters.registry.directory import Directory
from functions.cli.on_record import chain_of
from functions.cli.stack import Stack
from functions.domain.measures.catalogue import LIVE_FIGURES
from functions.domain.measures.counts import Counts, days_of
from functions.domain.measures.facts import AsOf
from functions.domain.measures.published import Published, published
from functions.flows.measuring.count import Sources, count
from schemas.clocks import ClockPolicy
from schemas.notice import HubContact


@dataclass(frozen=True, slots=True)
class Measured:
    """The data set of some months, and of how many referrals it was made."""

    rows: list[Published]
    referrals: int


def measured(stack: Stack, months: Sequence[str]) -> Measured:
    """Counts from the first of these months until now, and tells how far it has come where a person waits."""
    store = stack.store()
    chain = chain_of(store)
    directory = Directory(store, chain)
    as_of = AsOf(
        now=datetime.now(UTC),
        clocks=ClockPolicy.model_validate_json(stack.clocks),
        agency_types={entry.agency_id: entry.type for entry in directory.all()},
    )
    sources = Sources(Days(store, chain), Partitions(store), directory, say=partial(click.echo, err=True))
    found = count(months[0], as_of, sources)
    hub = HubContact.model_validate_json(stack.hub).hub_name
    return Measured(published(found.counts, months, hub), found.referrals)


@dataclass(frozen=True, slots=True)
class Kept:
    """One month as its counters have it, and beside each figure what the night's recount found."""

    live: list[Published]
    nightly: list[Published]
    """The same figures of the days that are over; empty where no night has counted any of them."""
    counted_at: datetime | None
    """When the newest of these nights was."""


def kept(stack: Stack, month: str) -> Kept:
    """Reads the counters of a month's days, and of the trail nothing."""
    counters = Counters(stack.store())
    days = [day.isoformat() for day in days_of(month)]
    live, recounted = counters.live(days), counters.recounted(days)
    hub = HubContact.model_validate_json(stack.hub).hub_name

    def rows(counts: Counts) -> list[Published]:
        return published(counts.by_month(), [month], hub, LIVE_FIGURES)

    nightly = Counts(recounted.counts.cells, live.heard)
    return Kept(
        live=rows(live),
        nightly=rows(nightly) if recounted.at else [],
        counted_at=max(recounted.at.values(), default=None),
    )
