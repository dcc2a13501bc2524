"""What the hub itself decides about messages: its names for the codes, and the levels it lowers."""

from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator

from schemas.base import Contract, RegistryCode
from schemas.codes import Outcome, SupportCode
from schemas.entitlement import LoweredLevel
from schemas.notice import HubText, Phone

if TYPE_CHECKING:
    from collections.abc import Hashable


class Team(Contract):
    """A team that `lead_team_code` may name."""

    code: RegistryCode
    name: HubText


class Authority(Contract):
    """A council that `receiving_la` may name."""

    code: RegistryCode
    name: HubText


class Service(Contract):
    """A service that messages may suggest, and how to reach it."""

    code: SupportCode
    name: HubText
    phone: Phone | None = None


class OutcomeLabel(Contract):
    """The hub's own word for an outcome; the code stays."""

    outcome: Outcome
    text: HubText


class HubDirectory(Contract):
    """What the hub itself decides about messages: names for its codes, and levels it lowers."""

    team: tuple[Team, ...] = ()
    authority: tuple[Authority, ...] = ()
    service: tuple[Service, ...] = ()
    label: tuple[OutcomeLabel, ...] = ()
    lowered: tuple[LoweredLevel, ...] = ()
    early_help_working_days: Annotated[int, Field(ge=1, le=30)] = 5

    @model_validator(mode="after")
    def _each_code_has_one_name(self) -> Self:
        listed: dict[str, list[Hashable]] = {
            "team": [team.code for team in self.team],
            "authority": [authority.code for authority in self.authority],
            "service": [service.code for service in self.service],
            "label": [label.outcome for label in self.label],
            "lowered": [(cap.agency_type, cap.role, cap.outcome) for cap in self.lowered],
        }
        for name, codes in listed.items():
            if len(codes) != len(set(codes)):
                raise ValueError(f"[[{name}]]: each code once")
        return self
