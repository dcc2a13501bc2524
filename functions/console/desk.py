"""What the console works with; the clock, the chance and the waiting are handed in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from functions.adapters.event_bus import EventBus
from functions.adapters.ledger.counters import Counters
from functions.adapters.ledger.days import Days
from functions.adapters.ledger.listing import Listing
from functions.adapters.ledger.reading import Asked, DueIndex, Trail, WorkIndex
from functions.adapters.ledger.readings import Readings
from functions.adapters.ledger.sessions import Sessions
from functions.adapters.oidc import Issuer
from functions.adapters.patience import Patience
from functions.adapters.registry.directory import Directory
from functions.flows.acting.order import ActDesk
from functions.flows.desk import ReleaseDesk
from schemas.clocks import ClockPolicy
from schemas.codes import ConsoleRole
from schemas.console import Branding
from schemas.notice import HubContact


@dataclass(frozen=True, slots=True)
class SignInDesk:
    """Where people come in and go."""

    issuer: Issuer
    sessions: Sessions
    roles: Mapping[str, ConsoleRole]
    """Which role each group of the directory has."""
    groups_claim: str
    """Under which name the directory's tokens list somebody's groups."""
    patience: Patience
    now: Callable[[], datetime]
    secret: Callable[[], str]
    """Chance that nobody guesses, 256 bits of it, as text that an address may hold."""


@dataclass(frozen=True, slots=True)
class Reads:
    """What pages are made from: each by a key or an index, none by looking through a table."""

    counters: Counters
    days: Days
    directory: Directory
    work: WorkIndex
    listing: Listing
    due: DueIndex
    readings: Readings


@dataclass(frozen=True, slots=True)
class Senders:
    """What the senders are told that a page about their messages says."""

    from_address: str
    most_tries: int


@dataclass(frozen=True, slots=True)
class ConsoleDesk:
    """Where people look and act."""

    sign_in: SignInDesk
    trail: Trail
    asked: Asked
    reads: Reads
    acts: ActDesk
    releases: ReleaseDesk
    senders: Senders
    bus: EventBus
    clocks: ClockPolicy
    hub: HubContact
    branding: Branding
    base: str
    """The console's own address, without a slash at its end."""
    is_demo: bool
    """Whether nothing shown is real, which every page then says."""

    @property
    def patience(self) -> Patience:
        return self.sign_in.patience

    def url(self, path: str) -> str:
        """The address of a page of ours."""
        return f"{self.base}{path}"

    def now(self) -> datetime:
        return self.sign_in.now()
