"""The console's tools, made of a stage's settings; the clients, the clock and the chance are handed in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import httpx

from functions.adapters.event_bus import EventBus
from functions.adapters.ledger.acts import Acts
from functions.adapters.ledger.by_hand import ByHand
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.counters import Counters
from functions.adapters.ledger.days import Days
from functions.adapters.ledger.finding import Finding
from functions.adapters.ledger.intake import Intake
from functions.adapters.ledger.listing import Listing
from functions.adapters.ledger.reading import Asked, DueIndex, Trail, WorkIndex
from functions.adapters.ledger.readings import Readings
from functions.adapters.ledger.sessions import Sessions
from functions.adapters.ledger.store import Store
from functions.adapters.oidc import Client, Issuer
from functions.adapters.patience import Patience
from functions.adapters.registry.directory import Directory
from functions.adapters.registry.endpoint_health import EndpointHealth
from functions.adapters.registry.endpoint_rows import EndpointRows
from functions.adapters.vault import Vault
from functions.console.desk import ConsoleDesk, Reads, Senders, SignInDesk
from functions.flows.acting.order import ActDesk
from functions.flows.desk import ReleaseDesk
from functions.settings import ConsoleSettings


@dataclass(frozen=True, slots=True)
class Given:
    """What only whoever runs the console has: its clients, the time, and chance.

    `secret` is what nobody guesses, 256 bits as text; `salt` tells two rows apart.
    """

    store: Store
    vault: Vault
    bus: EventBus
    http: httpx.Client
    """By which the issuer is asked."""
    client_secret: Callable[[], str | None]
    patience: Patience
    now: Callable[[], datetime]
    secret: Callable[[], str]
    salt: Callable[[], str]


def desk_of(settings: ConsoleSettings, given: Given) -> ConsoleDesk:
    """All of them."""
    store, chain = given.store, Chain(given.store, salt=given.salt)
    releases = _releases(settings, given, chain)
    health = EndpointHealth(store, EndpointRows(store, chain))
    return ConsoleDesk(
        sign_in=SignInDesk(
            issuer=_issuer(settings, given),
            sessions=Sessions(store, chain),
            roles=settings.console_roles.root,
            groups_claim=settings.sign_in_groups_claim,
            patience=given.patience,
            now=given.now,
            secret=given.secret,
        ),
        trail=Trail(store, chain),
        asked=Asked(store, chain),
        reads=_reads(store, chain),
        acts=ActDesk(releases, ByHand(store, chain), Finding(store), health),
        releases=releases,
        senders=Senders(settings.from_address, len(settings.retry_steps)),
        bus=given.bus,
        clocks=settings.clocks,
        hub=settings.hub,
        branding=settings.branding,
        base=settings.console_base,
        is_demo=settings.is_demo,
    )


def _reads(store: Store, chain: Chain) -> Reads:
    counters = Counters(store)
    return Reads(
        counters=counters,
        days=Days(store, chain),
        directory=Directory(store, chain),
        work=WorkIndex(store),
        listing=Listing(store, counters),
        due=DueIndex(store),
        readings=Readings(store),
    )


def _releases(settings: ConsoleSettings, given: Given, chain: Chain) -> ReleaseDesk:
    return ReleaseDesk(
        intake=Intake(given.store, chain),
        directory=Directory(given.store, chain),
        vault=given.vault,
        ra_policy=settings.ra_policy,
        clocks=settings.clocks,
        managed_domains=settings.managed_domains,
        patience=given.patience,
        now=given.now,
        acts=Acts(given.store, chain),
    )


def _issuer(settings: ConsoleSettings, given: Given) -> Issuer:
    client = Client(
        issuer=settings.sign_in_issuer,
        discovery=settings.sign_in_discovery,
        client_id=settings.sign_in_client_id,
        secret=given.client_secret,
        redirect_uri=f"{settings.console_base}/sign-in/back",
    )
    return Issuer(client, given.http, given.now)
