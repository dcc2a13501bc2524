"""What each function must be told by its environment: written by infra at synth, read at cold start."""

import os
from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Json, TypeAdapter

from schemas.clocks import ClockPolicy
from schemas.console import Branding, ConsoleBase, ConsoleRoles
from schemas.notice import HubContact, PageBase
from schemas.risk_assessment import RaPolicy
from schemas.sources import RegisteredSources

CommaList = Annotated[
    tuple[str, ...], BeforeValidator(lambda text: tuple(part for part in text.split(",") if part))
]
Seconds = Annotated[
    tuple[Annotated[int, Field(ge=0)], ...], BeforeValidator(lambda text: tuple(map(int, text.split(","))))
]


def _json(model: type[BaseModel]) -> BeforeValidator:
    return BeforeValidator(TypeAdapter(model).validate_json)


class Settings(BaseModel):
    """The house contract for an environment: no defaults, no fallbacks; a name too many or too few is
    an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def to_env(cls, **values: str) -> dict[str, str]:
        """The environment for a function, at synth, where values are still CDK tokens.

        Raises TypeError for a missing or unknown name.
        """
        if wrong := set(values) ^ set(cls.model_fields):
            raise TypeError(f"{cls.__name__}: missing or unknown settings: {', '.join(sorted(wrong))}")
        return {name.upper(): value for name, value in values.items()}

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """The settings as the function finds them; raises pydantic's ValidationError, naming the setting."""
        found = {name: environ[name.upper()] for name in cls.model_fields if name.upper() in environ}
        return cls.model_validate(found)


class ReceiveSettings(Settings):
    audit_table: str
    state_table: str
    keys_table: str
    data_key_arn: str
    rejected_bucket: str
    hub: Annotated[HubContact, _json(HubContact)]
    confirm_base: PageBase
    ra_policy: Annotated[RaPolicy, _json(RaPolicy)]
    clocks: Annotated[ClockPolicy, _json(ClockPolicy)]
    managed_domains: CommaList
    registered_sources: Json[RegisteredSources]


class RelaySettings(Settings):
    email_queue_url: str
    webhook_queue_url: str


class SweepSettings(Settings):
    audit_table: str
    state_table: str
    intake_queue_url: str
    email_queue_url: str
    webhook_queue_url: str
    clocks: Annotated[ClockPolicy, _json(ClockPolicy)]
    managed_domains: CommaList


class EmailSettings(Settings):
    audit_table: str
    state_table: str
    keys_table: str
    retry_steps: Seconds
    refused_steps: Seconds
    clocks: Annotated[ClockPolicy, _json(ClockPolicy)]
    from_address: str
    configuration_set: str
    emails_per_second: Annotated[int, Field(ge=1)]
    email_workers: Annotated[int, Field(ge=1)]
    managed_domains: CommaList
    email_queue_url: str
    dead_letters_url: str


class WebhookSettings(Settings):
    audit_table: str
    state_table: str
    keys_table: str
    retry_steps: Seconds
    refused_steps: Seconds
    clocks: Annotated[ClockPolicy, _json(ClockPolicy)]
    secret_prefix: str
    local_receiver_origins: CommaList
    webhook_queue_url: str
    dead_letters_url: str
    hub: Annotated[HubContact, _json(HubContact)]


class ReconcileSettings(Settings):
    audit_table: str
    state_table: str
    clocks: Annotated[ClockPolicy, _json(ClockPolicy)]


class CountSettings(Settings):
    audit_table: str
    state_table: str
    clocks: Annotated[ClockPolicy, _json(ClockPolicy)]


class ParkSettings(Settings):
    audit_table: str
    state_table: str
    rejected_bucket: str
    registered_sources: Json[RegisteredSources]


class ReceiptSettings(Settings):
    audit_table: str
    state_table: str
    clocks: Annotated[ClockPolicy, _json(ClockPolicy)]


class AcknowledgeSettings(Settings):
    audit_table: str
    state_table: str
    event_bus: str
    secret_prefix: str
    ra_policy: Annotated[RaPolicy, _json(RaPolicy)]
    hub: Annotated[HubContact, _json(HubContact)]


class ConsoleSettings(Settings):
    audit_table: str
    state_table: str
    keys_table: str
    event_bus: str
    managed_domains: CommaList
    ra_policy: Annotated[RaPolicy, _json(RaPolicy)]
    console_base: ConsoleBase
    sign_in_issuer: str
    sign_in_discovery: str
    sign_in_client_id: str
    sign_in_credential_name: str
    """The name of the client's secret; empty for a public client."""
    sign_in_groups_claim: str
    console_roles: Annotated[ConsoleRoles, _json(ConsoleRoles)]
    branding: Annotated[Branding, _json(Branding)]
    clocks: Annotated[ClockPolicy, _json(ClockPolicy)]
    from_address: str
    retry_steps: Seconds
    hub: Annotated[HubContact, _json(HubContact)]
    is_demo: bool
