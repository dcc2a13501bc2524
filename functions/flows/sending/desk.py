"""What a sender works with, and why a message may have to wait for its turn."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from functions.adapters.door import Door
from functions.adapters.errors import RetryError
from functions.adapters.ledger.sending import Sending
from functions.adapters.pace import Pace
from functions.adapters.patience import Patience
from functions.adapters.registry.endpoint_health import EndpointHealth
from functions.adapters.vault import Vault
from functions.domain.delivery import Schedule
from schemas.clocks import ClockPolicy


class LaneBusyError(RetryError):
    """Another version for the same child and agency is being sent: this one waits, at most a lease."""


class EndpointBusyError(RetryError):
    """The endpoint has as many attempts in flight as one may take from all the others."""


@dataclass(frozen=True, slots=True)
class SendDesk:
    """What a sender works with; the clock, ids and chance are handed in."""

    sending: Sending
    vault: Vault
    door: Door
    schedule: Schedule
    health: EndpointHealth | None
    """Where it is noted how endpoints fare; the e-mail sender has none."""
    managed_domains: tuple[str, ...]
    clocks: ClockPolicy
    patience: Patience
    now: Callable[[], datetime]
    new_owner: Callable[[], str]
    jitter: Callable[[], float]
    pace: Pace | None = None
    """Each e-mail waits for its turn; webhooks need none, for their endpoints have slots."""
