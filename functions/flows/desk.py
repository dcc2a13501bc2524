"""What the intake flows work with; the clock and the waiting are handed in."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from functions.adapters.ledger.acts import Acts
from functions.adapters.ledger.intake import Intake
from functions.adapters.ledger.lifecycle import Lifecycle
from functions.adapters.ledger.reading import DueIndex
from functions.adapters.ledger.refusals import Refusals
from functions.adapters.patience import Patience
from functions.adapters.registry.directory import Directory
from functions.adapters.rejected import RejectedEvents
from functions.adapters.vault import DataKey, Vault
from schemas.clocks import ClockPolicy
from schemas.notice import HubContact
from schemas.risk_assessment import RaPolicy


@dataclass(frozen=True, slots=True)
class RefusalDesk:
    """Where refused inputs are recorded and kept."""

    refusals: Refusals
    rejected: RejectedEvents
    patience: Patience
    now: Callable[[], datetime]
    registered_sources: Mapping[str, Collection[str]]
    """By name, with the types of event that each may send."""


@dataclass(frozen=True, slots=True)
class CheckDesk:
    """Where a decision's messages are made: at intake, and when a person releases a part of them."""

    intake: Intake
    directory: Directory
    vault: Vault
    ra_policy: RaPolicy
    clocks: ClockPolicy
    managed_domains: tuple[str, ...]
    patience: Patience
    now: Callable[[], datetime]

    def key_for(self, scope: str) -> tuple[DataKey, bytes | None]:
        """The data key of `scope`, and its wrapped form if it was made just now and must be kept."""
        wrapped = self.intake.wrapped_key(scope)
        if wrapped is not None:
            return self.vault.unwrap(scope, wrapped), None
        fresh = self.vault.new_key(scope)
        return fresh, fresh.wrapped


@dataclass(frozen=True, slots=True)
class ReleaseDesk(CheckDesk):
    """Where a hold is ended."""

    acts: Acts


@dataclass(frozen=True, slots=True)
class IntakeDesk(ReleaseDesk):
    """Where events are taken in; one of them may end a hold."""

    refusal: RefusalDesk
    lifecycle: Lifecycle
    due: DueIndex
    hub: HubContact
    confirm_base: str
    """Where the page stands on which readers confirm."""
