"""An office over moto's tables and secrets, whose stage knows the receivers a test gives it."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3
from click.testing import CliRunner, Result

from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.reading import Asked
from functions.adapters.ledger.store import Item, Store
from functions.adapters.registry.directory import Directory
from functions.adapters.registry.endpoint_rows import EndpointRows
from functions.adapters.registry.ownership import Ownership
from functions.adapters.registry.secret_keeper import SecretKeeper
from functions.adapters.signing import SecretShelf
from functions.adapters.webhook import Outside
from functions.cli import agencies
from functions.cli.main import cli
from functions.cli.office import Office
from functions.domain.registry_rules import Stage
from infra.local.receiver import Receiver, listening_receiver, secrets_of
from tests.an_aws import an_aws
from tests.stage_tables import REGION, on_moto
from tests.world import MORNING

PREFIX = "mash/test/webhook/"
HUB = "https://outcomes.northshire.example"
ENGINEER = "arn:aws:sts::123456789012:assumed-role/operators/duty-engineer"


@dataclass
class Desk:
    """A test's office, its tables and its receiver."""

    store: Store
    folder: Path
    origin: str
    actor: str = ENGINEER
    now: datetime = MORNING
    receivers: tuple[str, ...] = ()
    _serial: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.secrets = boto3.client("secretsmanager", region_name=REGION)

    @property
    def office(self) -> Office:
        chain = Chain(self.store, salt=lambda: f"{next(self._serial):032x}")
        receivers = (self.origin, *self.receivers)
        shelf = SecretShelf(self.secrets, PREFIX)
        return Office(
            directory=Directory(self.store, chain),
            asked=Asked(self.store, chain),
            rows=EndpointRows(self.store, chain),
            keeper=SecretKeeper(self.secrets, PREFIX),
            ownership=Ownership(Outside(receivers), shelf, HUB),
            stage=Stage(managed_domains=("secure.example",), local_receivers=receivers),
            actor=self.actor,
            now=lambda: self.now,
            new_uuid=lambda: f"{next(self._serial):08x}-0000-4000-8000-000000000000",
        )

    def url(self, agency_id: str) -> str:
        """Where the receiver takes an agency's messages."""
        return f"{self.origin}/{agency_id}/outcomes"

    def rows(self, pk: str) -> list[Item]:
        """One partition of the trail."""
        return self.store.partition(self.store.audit, pk)

    def asked(self) -> list[str]:
        """What was asked for, as the trail has it."""
        return [row["asked"] for row in self.rows(f"L#{self.now:%Y-%m-%d}#{self.actor}")]

    def mash(self, *arguments: str, patch: Any, **how: Any) -> Result:
        """One command in this office."""
        patch.setattr(agencies, "_office", lambda _outputs: self.office)
        return CliRunner().invoke(cli, arguments, prog_name="mash", **how)


@contextmanager
def a_desk(folder: Path) -> Iterator[Desk]:
    """An office in an AWS of its own, with a receiver that is listening."""
    with an_aws():
        secrets = boto3.client("secretsmanager", region_name=REGION)
        receiver = Receiver(folder, secrets_of(secrets, PREFIX))
        with listening_receiver(receiver) as origin:
            yield Desk(on_moto(), folder, origin)
