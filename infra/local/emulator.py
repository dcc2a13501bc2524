"""The AWS emulator as a child process: on loopback, in a clean environment, gone at the end."""

import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from ssl import create_default_context
from typing import Any, Final

from infra.local.progress import say

REGION: Final = "eu-west-2"
LOOPBACK = "127.0.0.1"
PYTHON = Path(__file__).parents[2] / ".emulator" / "bin" / "python"
LAUNCHER = Path(__file__).with_name("unpacked_once.py")
ATTEMPTS_TO_TAKE_A_PORT = 3
READY_WITHIN_SECONDS = 60
STOPPED_WITHIN_SECONDS = 1
ROOT_KEY = "test"
"""The emulator knows its owner by this word; only processes of this machine can reach it."""


class EmulatorError(Exception):
    """The emulator is not installed, did not start, or ended by itself."""


@dataclass(frozen=True)
class Emulator:
    """A running emulator and how to reach it."""

    endpoint_url: str
    ca_bundle: Path
    log: Path
    process: subprocess.Popen[bytes]

    @property
    def connection(self) -> dict[str, Any]:
        """Arguments for `boto3.client`: this emulator, trusted by its own certificate and no other."""
        return {
            "region_name": REGION,
            "endpoint_url": self.endpoint_url,
            "aws_access_key_id": ROOT_KEY,
            "aws_secret_access_key": ROOT_KEY,
            "verify": str(self.ca_bundle),
        }

    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def last_words(self) -> str:
        return self.log.read_text(errors="replace")[-2000:]


@contextmanager
def running_emulator(smtp_port: int, python: Path = PYTHON) -> Iterator[Emulator]:
    """An emulator that relays its mail to `smtp_port`; stopped by process id and cleaned up on the way out.

    Raises EmulatorError when it is missing or does not answer in time.
    """
    if not python.exists():
        raise EmulatorError(f"there is no emulator at {python}: run `make setup` first")
    home = Path(tempfile.mkdtemp(prefix="mash-emulator-"))
    try:
        emulator = _start(python, home, smtp_port)
        try:
            yield emulator
        finally:
            _stop(emulator.process)
    finally:
        _remove(home)


def _start(python: Path, home: Path, smtp_port: int) -> Emulator:
    said = ""
    for _ in range(ATTEMPTS_TO_TAKE_A_PORT):
        emulator = _launch(python, home, _free_port(), smtp_port)
        answers = False
        try:
            answers = _answers(emulator)
        finally:
            if not answers:
                _stop(emulator.process)
        if answers:
            return emulator
        said = emulator.last_words()
    raise EmulatorError(f"the emulator did not start; it said:\n{said}")


def _launch(python: Path, home: Path, port: int, smtp_port: int) -> Emulator:
    log = home / "emulator.log"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [python, LAUNCHER],
            env=_environment(python, home, port, smtp_port),
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            # A group of its own, so that the functions' processes can be ended with it, and Ctrl-C reaches
            # the launcher first.
            start_new_session=True,
        )
    return Emulator(
        endpoint_url=f"https://{LOOPBACK}:{port}",
        ca_bundle=home / "ministack-tls" / "server.crt",
        log=log,
        process=process,
    )


def _environment(python: Path, home: Path, port: int, smtp_port: int) -> dict[str, str]:
    """All that the emulator inherits, and the functions through it: nothing of the caller's but PATH.

    An AWS_CA_BUNDLE or SSL_CERT_FILE from outside would make the functions distrust the emulator.
    """
    state = home / "state"
    state.mkdir(exist_ok=True)
    return {
        "PATH": f"{python.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "HOME": str(home),
        "TMPDIR": str(home),
        "STATE_DIR": str(state),
        "LANG": "C.UTF-8",
        "BIND_HOST": LOOPBACK,
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "AUTH": "true",
        "USE_SSL": "1",
        "SMTP_HOST": f"{LOOPBACK}:{smtp_port}",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(emulator: Emulator) -> bool:
    """Whether our own process answers in time; nobody else's can, without the key of this certificate."""
    give_up_at = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < give_up_at and not emulator.has_ended():
        if emulator.ca_bundle.exists() and _is_healthy(emulator):
            return True
        time.sleep(0.1)
    return False


def _is_healthy(emulator: Emulator) -> bool:
    try:
        trust = create_default_context(cafile=str(emulator.ca_bundle))
        with urllib.request.urlopen(  # noqa: S310 - the address is ours and https
            f"{emulator.endpoint_url}/_ministack/health", timeout=2, context=trust
        ) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004
    except (urllib.error.URLError, OSError):
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the emulator, then whatever is left of its group (the functions' processes)."""
    process.terminate()
    try:
        process.wait(STOPPED_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _remove(home: Path) -> None:
    """Delete the emulator's folder, which holds the functions' package.

    By a command in a session of its own: several times faster, and it ends even if we are killed meanwhile.
    """
    say(f"removing {home}, with the functions' package: it can take some seconds")
    subprocess.run(["rm", "-rf", str(home)], start_new_session=True, check=False)
