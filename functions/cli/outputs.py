"""Where the stack is: the outputs that `mash up` writes, found again by the other verbs."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from functions.adapters import aws
from functions.adapters.ledger.store import Store
from functions.cli.failure import CommandError

REPO = Path(__file__).parents[2]
POINTER = REPO / "build" / "running"
"""Names the outputs file of the stack that `mash up` runs now, so that `mash send` needs no option."""

START_ONE = "Start one with `mash up --outputs outputs.json`."


class Outputs(BaseModel):
    """What a client of a running stack must know; further outputs are kept and passed on."""

    model_config = ConfigDict(frozen=True, extra="allow")

    stage: str
    endpoint_url: str
    region: str
    aws_access_key_id: str
    aws_secret_access_key: str
    ca_bundle: Path
    event_bus_name: str
    audit_table_name: str
    state_table_name: str
    keys_table_name: str
    intake_queue_url: str
    secret_prefix: str
    data_key_arn: str
    managed_domains: str
    """Comma-separated, as the template has it; so are the three below JSON in a text."""
    ra_policy: str
    clocks: str
    hub: str
    receiver_origin: str
    emulator_log: Path
    emails_folder: Path
    webhooks_folder: Path
    receive_function_name: str
    relay_function_name: str
    sweep_function_name: str
    email_function_name: str
    webhook_function_name: str
    park_function_name: str
    receipts_function_name: str
    receipts_queue_url: str
    configuration_set_name: str
    from_address: str
    emails_per_second: str
    reconcile_function_name: str

    @classmethod
    def read(cls, path: Path) -> Self:
        """The outputs in `path`; raises CommandError if it is missing or is something else."""
        try:
            return cls.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            raise CommandError(f"There is no {path}. {START_ONE}") from None
        except ValidationError as exc:
            first = exc.errors()[0]
            where = ".".join(map(str, first["loc"])) or "the file"
            raise CommandError(f"{path} is not what `mash up` writes: {where}: {first['msg']}.") from None

    @property
    def functions(self) -> tuple[str, ...]:
        """The names of all functions."""
        return (
            self.receive_function_name,
            self.relay_function_name,
            self.sweep_function_name,
            self.email_function_name,
            self.webhook_function_name,
            self.park_function_name,
            self.receipts_function_name,
            self.reconcile_function_name,
        )

    def connect(self) -> None:
        """Makes the AWS clients call this stack. Raises CommandError if it has gone."""
        if not self.ca_bundle.exists():
            raise CommandError(f"The stack of these outputs is not running any more. {START_ONE}")
        connection: dict[str, Any] = {
            "endpoint_url": self.endpoint_url,
            "region_name": self.region,
            "aws_access_key_id": self.aws_access_key_id,
            "aws_secret_access_key": self.aws_secret_access_key,
            "verify": str(self.ca_bundle),
        }
        aws.point_at(connection)

    def store(self) -> Store:
        """The stack's three tables."""
        return Store(
            aws.dynamodb(),
            audit=self.audit_table_name,
            state=self.state_table_name,
            keys=self.keys_table_name,
        )


def connected(named: Path | None, pointer: Path = POINTER) -> Outputs:
    """The stack of `named`, or else the one that runs now; its clients are ready. Raises CommandError."""
    outputs = Outputs.read(named or _running_now(pointer))
    outputs.connect()
    return outputs


def _running_now(pointer: Path) -> Path:
    try:
        return Path(pointer.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CommandError(
            f"No stack is running here. {START_ONE} Or say where its outputs are: "
            "--outputs FILE, or MASH_OUTPUTS in the environment."
        ) from None


@contextmanager
def announced(outputs: Outputs, path: Path, pointer: Path = POINTER) -> Iterator[None]:
    """While open, `path` says where the stack is, and the other verbs look there by themselves."""
    pointer.parent.mkdir(parents=True, exist_ok=True)
    with _written(path, outputs.model_dump_json(indent=1)), _written(pointer, str(path.resolve())):
        yield


@contextmanager
def _written(path: Path, text: str) -> Iterator[None]:
    """`path` holds `text`, at once and whole; removed on the way out if it still does."""
    waiting = path.with_name(f".{path.name}.part")
    waiting.write_text(text, encoding="utf-8")
    waiting.replace(path)
    try:
        yield
    finally:
        with suppress(OSError):
            if path.read_bytes() == text.encode():
                path.unlink()
