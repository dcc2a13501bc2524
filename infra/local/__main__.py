"""`python -m infra.local`: the synthesised template on this machine, with its sinks, until told to stop."""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

import boto3

from infra.local.assembly import SynthError, current_assembly
from infra.local.bad_day import Fails, bad_day
from infra.local.deploy import DeployError, deploy
from infra.local.emulator import REGION, ROOT_KEY, Emulator, EmulatorError, running_emulator
from infra.local.folder import write_whole
from infra.local.front import listening_front
from infra.local.history import load
from infra.local.mailbox import listening_mailbox
from infra.local.progress import say
from infra.local.receiver import Receiver, listening_receiver, secrets_of
from infra.local.staff import PEOPLE, let_staff_in

LOOK_EVERY_SECONDS = 0.5


def main() -> int:
    """Stand everything up, write the outputs, wait for SIGTERM or SIGINT, take everything down."""
    arguments = _arguments()
    parent = os.getppid()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    started_at = time.monotonic()
    try:
        with standing(arguments.folder, dict(arguments.bad_day), arguments.history) as (emulator, outputs):
            write_whole(arguments.outputs, json.dumps(outputs, indent=1).encode())
            say(f"stack ready after {time.monotonic() - started_at:.1f} s")
            _wait_until_orphaned(parent, emulator)
    except (DeployError, EmulatorError, SynthError) as failed:
        say(str(failed))
        return 1
    return 0


def _wait_until_orphaned(parent: int, emulator: Emulator) -> None:
    """Return when whoever started us is gone; raise EmulatorError when the emulator is."""
    while os.getppid() == parent:
        if emulator.has_ended():
            raise EmulatorError(f"the emulator ended by itself:\n{emulator.last_words()}")
        time.sleep(LOOK_EVERY_SECONDS)


@contextmanager
def standing(
    folder: Path, bad_days: Mapping[str, Fails | None], history: Path | None
) -> Iterator[tuple[Emulator, dict[str, str]]]:
    """The whole stack and its sinks, and what a client needs to know about them."""
    assembly = current_assembly()
    stage = assembly.stage
    emails, webhooks = _emptied(folder / "emails"), _emptied(folder / "webhooks")
    with listening_mailbox(emails) as smtp_port, running_emulator(smtp_port) as emulator:
        say(f"emulator ready on {emulator.endpoint_url}")
        secrets = secrets_of(
            boto3.client("secretsmanager", **emulator.connection), f"mash/{stage['stage']}/webhook/"
        )
        with (
            listening_receiver(Receiver(webhooks, secrets, bad_days)) as origin,
            listening_front(emulator.endpoint_url, emulator.ca_bundle) as (console_url, front),
        ):
            parameters = {
                **stage["parameters"],
                "LocalReceiverOrigins": origin,
                "ConfirmBase": emulator.endpoint_url,
                "ConsoleBase": console_url,
            }
            outputs = deploy(emulator, assembly, stage["stack_name"], parameters)
            front.console_api = outputs["console_api_id"]
            staff = {
                "console_staff": " ".join(PEOPLE),
                "console_password": let_staff_in(emulator, outputs["sign_in_pool_id"]),
            }
            say(f"stack {stage['stack_name']} created: {len(assembly.template['Resources'])} resources")
            if history is not None:
                say(f"{load(emulator, outputs, history):,} items of the year loaded into the tables")
            sinks = {
                "emails_folder": str(emails),
                "webhooks_folder": str(webhooks),
                "receiver_origin": origin,
            }
            yield emulator, {"stage": stage["stage"], **_address(emulator), **sinks, **staff, **outputs}


def _address(emulator: Emulator) -> dict[str, str]:
    return {
        "endpoint_url": emulator.endpoint_url,
        "region": REGION,
        "aws_access_key_id": ROOT_KEY,
        "aws_secret_access_key": ROOT_KEY,
        "ca_bundle": str(emulator.ca_bundle),
        "emulator_log": str(emulator.log),
    }


def _emptied(folder: Path) -> Path:
    """`folder` without an earlier run's messages; files that are not ours stay."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("[0-9][0-9][0-9]-*"):
        old.unlink()
    return folder.resolve()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__)
    parser.add_argument("--outputs", type=Path, required=True, help="the JSON file to write once all is up")
    parser.add_argument(
        "--folder", type=Path, required=True, help="where received e-mails and webhooks are kept"
    )
    parser.add_argument(
        "--bad-day",
        type=bad_day,
        action="append",
        default=[],
        metavar="AGENCY=fails:N|flaky|silent",
        help="how this agency's system misbehaves",
    )
    parser.add_argument("--history", type=Path, help="a year to begin with, of `tests.simulation.history`")
    return parser.parse_args()


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    """Unwind every open block; a second signal must not cut the cleaning up short."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(main())
