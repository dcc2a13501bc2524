"""The stack brought up for a command: started as a process of its own, filled, warmed, and taken down."""

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import NoReturn

from functions.adapters import aws
from functions.cli.failure import CommandError
from functions.cli.history import History
from functions.cli.outputs import REPO, Outputs
from functions.cli.registry import apply_locally
from schemas.agency import Registry

LOOK_EVERY_SECONDS = 0.1
STOPPED_WITHIN_SECONDS = 120
"""Tidying up deletes the emulator's folder; on a busy machine that takes its time."""
NO_RECORDS = b'{"Records": []}'
"""An invocation that asks a function for nothing, so that its first real one is not its first."""
STOPS = (signal.SIGINT, signal.SIGTERM)
STANDARD_ERROR = 2


@contextmanager
def claimed(folder: Path, otherwise: str) -> Iterator[None]:
    """While open, `folder` is this command's alone; raises CommandError if it is another's that runs.

    The lock is the system's and ends with its process, however that ends: nothing stale can stand in the way.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder, os.O_RDONLY)
    except OSError as exc:
        raise CommandError(f"{folder} cannot be used: {exc.strerror}. {otherwise}") from None
    try:
        if not _is_free(lock):
            raise CommandError(f"A stack that runs now keeps what arrives in {folder}. {otherwise}")
        yield
    finally:
        os.close(lock)


def _is_free(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def running_stack(
    registry: Registry,
    folder: Path,
    say: Callable[[str], None],
    *,
    bad_days: Sequence[str] = (),
    history: History | None = None,
) -> Iterator[tuple[Outputs, "subprocess.Popen[bytes]"]]:
    """The stack with the agencies of `registry`, its functions warm; the sinks keep what comes in `folder`.

    `history` is what its tables begin with.

    Raises CommandError if it does not come up. On the way out it is stopped; nothing but `folder` stays.
    """
    with tempfile.TemporaryDirectory(prefix="mash-") as scratch:
        written = Path(scratch) / "outputs.json"
        process = _start(written, folder, [*bad_days, *(history.bad_days if history else ())], history)
        try:
            outputs = _outputs_of(process, written)
            outputs.connect()
            apply_locally(registry, outputs, datetime.now(UTC), down=history.down if history else None)
            say(f"{len(registry.agency)} agencies of the registry applied")
            warm(outputs)
            say(f"{len(outputs.functions)} functions answer")
            yield outputs, process
        finally:
            _stop(process)


def warm(outputs: Outputs) -> None:
    """One call to each function; raises CommandError if one does not start."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        failures = [failure for failure in pool.map(_why_not_warm, outputs.functions) if failure]
    if failures:
        raise CommandError("\n".join(failures))


def _why_not_warm(name: str) -> str | None:
    answer = aws.lambda_().invoke(FunctionName=name, Payload=NO_RECORDS)
    said = answer["Payload"].read()
    if not answer.get("FunctionError"):
        return None
    return f"The function {name} does not start: {said.decode()[:2000]}"


def _start(
    written: Path, folder: Path, bad_days: Sequence[str], history: History | None
) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "infra.local", "--outputs", str(written), "--folder", str(folder)]
    command += [word for day in bad_days for word in ("--bad-day", day)]
    command += ["--history", str(history.path)] if history else []
    return subprocess.Popen(command, cwd=REPO, stdin=subprocess.DEVNULL)  # noqa: S603 - our own module


def _outputs_of(process: "subprocess.Popen[bytes]", written: Path) -> Outputs:
    """Waits for the file, which appears whole, or for the process to give up."""
    moment = threading.Event()  # never set: something to wait on
    while process.poll() is None:
        if written.exists():
            return Outputs.read(written)
        moment.wait(LOOK_EVERY_SECONDS)
    raise CommandError("The stack did not come up; the lines above say why.")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Ends the stack; an impatient second signal must not keep it from tidying up."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in STOPS}
    process.terminate()
    try:
        process.wait(STOPPED_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for number, handler in before.items():
        signal.signal(number, handler)


@contextmanager
def until_told_to_stop() -> Iterator[None]:
    """Inside, SIGTERM unwinds like Ctrl-C does; either ends the block, and is no error.

    Ctrl-C too is asked for by name: a shell starts what runs in the background with SIGINT ignored.
    """
    before = {number: signal.signal(number, _unwind) for number in STOPS}
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _unwind(_number: int, _frame: FrameType | None) -> NoReturn:
    """Says so at once, since tidying up takes seconds; further signals must not cut that short."""
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)
    with suppress(OSError):  # nobody may be reading any more
        os.write(STANDARD_ERROR, b"stopping...\n")
    raise KeyboardInterrupt
