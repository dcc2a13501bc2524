"""The figures of a stage as its operator gets them: what is counted, for which hub, by whose clocks."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import click

from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.days import Days
from functions.adapters.ledger.evidence import Partitions
from functions.adapters.ledger.reading import Asked
from functions.adapters.ledger.store import Store
from functions.adapters.registry.directory import Directory
from functions.cli.stack import Stack
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
    chain = _chain(store)
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


def asked_of(stack: Stack) -> Asked:
    """Where a question, or what is taken away, is put on record."""
    store = stack.store()
    return Asked(store, _chain(store))


def _chain(store: Store) -> Chain:
    return Chain(store, salt=partial(secrets.token_hex, 16))
