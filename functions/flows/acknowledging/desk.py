"""What confirmations are taken with, and what somebody who confirms says of themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from functions.adapters.event_bus import EventBus
from functions.adapters.ledger.confirming import Confirming
from functions.adapters.ledger.statements import Statements
from functions.adapters.patience import Patience
from functions.adapters.signing import SecretShelf
from schemas.codes import AckMethod, ReaderRole
from schemas.notice import HubContact


@dataclass(frozen=True, slots=True)
class ConfirmDesk:
    """The tools; the clock is handed in."""

    confirming: Confirming
    statements: Statements
    secrets: SecretShelf
    bus: EventBus
    hub: HubContact
    policies: tuple[str, ...]
    """By which a police form is not needed, as the hub has agreed with its force."""
    patience: Patience
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who confirms, how, and in which invocation."""

    role: ReaderRole
    method: AckMethod
    request: str
