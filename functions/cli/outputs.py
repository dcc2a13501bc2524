"""Where a stack is: what `mash up` or a deployment wrote, found again by the other verbs."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import click
from pydantic import ConfigDict, ValidationError

from functions.adapters import aws
from functions.cli.failure import CommandError
from functions.cli.stack import LOCAL, Stack

REPO = Path(__file__).parents[2]
MASH = ".venv/bin/mash"
"""This command as a newcomer can type it, in the repository's folder: only `make` has it on its path."""
POINTER = REPO / "build" / "running"
"""Names the outputs file of the stack that `mash up` runs now, so that `mash send` needs no option."""

START_ONE = "Start one with `mash up --outputs outputs.json`."


class Outputs(Stack):
    """A stack on this machine, and how it is reached; further outputs are kept and passed on."""

    model_config = ConfigDict(frozen=True, extra="allow")

    endpoint_url: str
    aws_access_key_id: str
    aws_secret_access_key: str
    ca_bundle: Path
    receiver_origin: str
    emulator_log: Path
    emails_folder: Path
    webhooks_folder: Path
    console_staff: str
    console_password: str
    receive_function_name: str
    relay_function_name: str
    sweep_function_name: str
    email_function_name: str
    webhook_function_name: str
    park_function_name: str
    receipts_function_name: str
    receipts_queue_url: str
    reconcile_function_name: str
    count_function_name: str

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
            self.count_function_name,
        )

    @property
    def local_receivers(self) -> tuple[str, ...]:
        """The one receiver that stands in for every agency's."""
        return (self.receiver_origin,) if self.stage == LOCAL else ()

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


@dataclass(frozen=True, slots=True)
class Where:
    """The file that says where a stack is: what `mash up` wrote, or what a deployment did; or none."""

    outputs: Path | None = None
    deployed: Path | None = None


def connected(where: Where, pointer: Path = POINTER) -> Stack:
    """The stack of `where`, or else the one that runs now; its clients are ready. Raises CommandError."""
    if where.outputs and where.deployed:
        raise click.UsageError("--outputs and --deployed name two stacks: say which.")
    stack = Stack.deployed(where.deployed) if where.deployed else _outputs(where.outputs, pointer)
    stack.connect()
    return stack


def _outputs(named: Path | None, pointer: Path) -> Outputs:
    return Outputs.read(named or _running_now(pointer))


def _running_now(pointer: Path) -> Path:
    try:
        return Path(pointer.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CommandError(
            f"No stack is running here. {START_ONE} Or say where its outputs are: "
            "--outputs FILE, or --deployed FILE for a stage in AWS."
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
