"""A stage: its values, read from infra/config, and the questions that the one template asks about it."""

import json
import re
import tomllib
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from aws_cdk import CfnCondition, CfnParameter, Fn
from constructs import Construct
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationInfo,
    field_validator,
    model_validator,
)

from infra.environment import too_large
from schemas.clocks import ClockPolicy
from schemas.console import Branding, ConsoleBase, SignIn
from schemas.lifecycle import STATUS_PAGE
from schemas.notice import HubContact, PageBase
from schemas.risk_assessment import POLICE_DESK, RaPolicy
from schemas.sources import OWN_SOURCES, RegisteredSources

LOCAL = "local"
"""The one stage that is not real: the emulator on a laptop."""

OUR_PAGES = frozenset({STATUS_PAGE, POLICE_DESK})
"""What only our own pages may say: nobody speaks for them at the command line."""
CONFIG = Path(__file__).parent / "config"
_SOURCES = TypeAdapter(RegisteredSources)

NOT_ON_THE_INTERNET = (
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8"),
    *("fc00::/7", "fe80::/10", "::1/128"),
)
"""RFC 1918, 3927, 4193, 4291, 6598: API Gateway sees the public address by which a council goes out."""
_MAILBOX = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
WIDEST = {4: 8, 6: 16}
"""Shortest prefix of a network that is somebody's own, by version: a wider one is much of the Internet."""


def _network(text: str) -> str:
    try:
        return str(ip_network(text))
    except ValueError:
        try:
            meant = ip_network(text, strict=False)
        except ValueError:
            raise ValueError(f"{text} is no network: write a block of addresses, as 192.0.2.0/24") from None
        raise ValueError(f"{text} is an address inside of a network: write {meant}") from None


Network = Annotated[str, AfterValidator(_network)]
"""A block of addresses, as CIDR."""


def _public(network: str) -> str:
    """Raises ValueError for a network that nobody's requests come from, or everybody's."""
    block = ip_network(network)
    if block.prefixlen < WIDEST[block.version]:
        raise ValueError(f"{network} would let in much of the Internet: write the council's own networks")
    for private in map(ip_network, NOT_ON_THE_INTERNET):
        if block.version == private.version and block.overlaps(private):
            raise ValueError(
                f"{network} is private, and no request comes from there: write the public addresses by which "
                "the council's network reaches the Internet"
            )
    return network


class Stage(BaseModel):
    """What one environment decides for itself; every field becomes a parameter of the template."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{1,20}$")
    owner: str
    cost_centre: str
    alarm_address: str
    from_address: str
    emails_per_second: int = Field(ge=1)
    managed_domains: tuple[str, ...]
    registered_sources: RegisteredSources
    retry_steps: tuple[int, ...] = Field(min_length=1)
    refused_steps: tuple[int, ...] = Field(min_length=2)
    local_receiver_origins: tuple[str, ...]
    confirm_base: PageBase
    console_base: ConsoleBase
    console_addresses: tuple[Network, ...]
    branding: Branding
    sign_in: SignIn
    hub: HubContact
    ra_policy: RaPolicy
    clocks: ClockPolicy

    @field_validator("registered_sources")
    @classmethod
    def _lets_in_our_own(cls, registered: RegisteredSources) -> RegisteredSources:
        for name, event_type in OWN_SOURCES.items():
            if event_type not in registered.get(name, ()):
                raise ValueError(
                    f'what we put on the bus ourselves would be refused: add "{name}" = ["{event_type}"]'
                )
        return registered

    @field_validator("alarm_address")
    @classmethod
    def _reaches_somebody(cls, address: str) -> str:
        if not _MAILBOX.fullmatch(address):
            raise ValueError("alarms would reach nobody: write a mailbox that is read, NAME@DOMAIN")
        return address

    @field_validator("console_base")
    @classmethod
    def _stands_by_itself(cls, base: str, told: ValidationInfo) -> str:
        if told.data.get("name") == LOCAL:
            return base
        if not base.startswith("https://"):
            raise ValueError("a real stage has TLS: write https:// and the console's custom domain")
        if urlsplit(base).netloc == urlsplit(told.data.get("confirm_base", "")).netloc:
            raise ValueError(f"{base} is confirm_base's host as well: write another custom domain")
        return base

    @field_validator("console_addresses")
    @classmethod
    def _are_the_councils(cls, networks: tuple[str, ...], told: ValidationInfo) -> tuple[str, ...]:
        if not networks:
            raise ValueError("nobody could open the console: write at least one network")
        return networks if told.data.get("name") == LOCAL else tuple(map(_public, networks))

    @model_validator(mode="after")
    def _fits_into_every_function(self) -> Self:
        for found in too_large(self.parameters()):
            raise ValueError(str(found))
        return self

    @classmethod
    def named(cls, name: str) -> Self:
        """The stage of infra/config/<name>.toml; raises FileNotFoundError or pydantic's ValidationError."""
        text = (CONFIG / f"{name}.toml").read_text(encoding="utf-8")
        # By way of JSON: the contracts are strict, and only JSON lets them take a list for a tuple.
        return cls.model_validate_json(json.dumps({"name": name, **tomllib.loads(text)}))

    @property
    def stack_name(self) -> str:
        """What CloudFormation calls the stack."""
        return f"mash-outcomes-{self.name}"

    def parameters(self) -> dict[str, str]:
        """The template's parameters and this stage's values for them."""
        return {
            "StageName": self.name,
            "Owner": self.owner,
            "CostCentre": self.cost_centre,
            "AlarmAddress": self.alarm_address,
            "FromAddress": self.from_address,
            "EmailsPerSecond": str(self.emails_per_second),
            "ManagedDomains": ",".join(self.managed_domains),
            "RegisteredSources": _SOURCES.dump_json(self.registered_sources).decode(),
            "SourceNames": ",".join(name for name in self.registered_sources if name not in OUR_PAGES),
            "RetrySteps": ",".join(map(str, self.retry_steps)),
            "RefusedSteps": ",".join(map(str, self.refused_steps)),
            "LocalReceiverOrigins": ",".join(self.local_receiver_origins),
            "ConfirmBase": self.confirm_base,
            "ConsoleBase": self.console_base,
            "ConsoleAddresses": ",".join(self.console_addresses),
            "Branding": self.branding.model_dump_json(),
            "SignInIssuer": self.sign_in.issuer,
            "SignInClientId": self.sign_in.client_id,
            "SignInCredentialName": self.sign_in.client_secret,
            "SignInGroupsClaim": self.sign_in.groups_claim,
            "ConsoleRoles": self.sign_in.roles.model_dump_json(),
            "Hub": self.hub.model_dump_json(),
            "RaPolicy": self.ra_policy.model_dump_json(),
            "Clocks": self.clocks.model_dump_json(),
        }


class StageParameters(Construct):
    """The questions, as CloudFormation parameters, and two conditions: `local`, or else `real`.

    The default of each is the value of the stage the template was synthesised for. That stage must be a real
    one: a parameter forgotten at deploy time must never drop a protection.
    """

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        if stage.name == LOCAL:
            raise ValueError("the template's defaults come from a real stage")
        self._asked = {name: self._ask(name, value) for name, value in stage.parameters().items()}
        is_local = Fn.condition_equals(self.value("StageName"), LOCAL)
        self.local = CfnCondition(self, "Local", expression=is_local)
        self.real = CfnCondition(self, "Real", expression=Fn.condition_not(is_local))
        self.local.override_logical_id("Local")
        self.real.override_logical_id("Real")

    def value(self, name: str) -> str:
        """What the stage answers, as a token."""
        return self._asked[name].value_as_string

    def written(self, name: str) -> str:
        """What the stage answers, as its file has it when the template is made."""
        return str(self._asked[name].default)

    @property
    def secret_prefix(self) -> str:
        """Where this stage's agencies have their signing secrets, by agency."""
        return f"mash/{self.value('StageName')}/webhook/"

    def local_only(self, name: str) -> str:
        """The answer on the emulator, and nothing at all on a real stage."""
        return Fn.condition_if("Real", "", self.value(name)).to_string()

    def _ask(self, name: str, default: str) -> CfnParameter:
        parameter = CfnParameter(self, name, default=default)
        parameter.override_logical_id(name)
        return parameter
