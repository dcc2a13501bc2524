"""The cloud assembly for this machine: made once, then again only when its sources change."""

import fcntl
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.progress import say

REPO = Path(__file__).parents[2]
ASSEMBLIES = REPO / "build" / "assemblies"
STAGE_FILE = "local-stage.json"
SOURCES = ("cdk.json", "requirements-runtime.txt", "requirements-infra.txt", "functions", "infra", "schemas")
NOT_IN_THE_TEMPLATE = ("functions/cli", "infra/local", "infra/runbooks", "schemas/published")


class SynthError(Exception):
    """The CDK app did not synthesise, or not into one stack; the message is what it said."""


@dataclass(frozen=True)
class Assembly:
    """One stack of a cloud assembly (a cdk.out folder)."""

    folder: Path
    artifact: str

    @classmethod
    def of(cls, folder: Path) -> "Assembly":
        """The folder's one stack; raises SynthError if there are more or none."""
        artifacts = _json_object(folder / "manifest.json")["artifacts"]
        stacks = [name for name, it in artifacts.items() if it["type"] == "aws:cloudformation:stack"]
        if len(stacks) != 1:
            raise SynthError(f"{folder} holds {len(stacks)} stacks ({', '.join(stacks)}); one was expected")
        return cls(folder, stacks[0])

    @property
    def template_file(self) -> str:
        return f"{self.artifact}.template.json"

    @property
    def template(self) -> dict[str, Any]:
        return _json_object(self.folder / self.template_file)

    @property
    def stage(self) -> dict[str, Any]:
        """The local stage's name, its stack's name and its parameters, from `infra.local.synthesise`."""
        return _json_object(self.folder / STAGE_FILE)

    @property
    def assets(self) -> list[dict[str, Any]]:
        """Every file the stack needs, the template itself among them."""
        return list(_json_object(self.folder / f"{self.artifact}.assets.json")["files"].values())

    def content(self, asset: Mapping[str, Any]) -> bytes:
        source = self.folder / asset["source"]["path"]
        return _zipped(source) if source.is_dir() else source.read_bytes()


def _json_object(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_bytes()))


def _zipped(folder: Path) -> bytes:
    """`folder` as a zip; stored, not deflated, because it never leaves this machine."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder))
    return packed.getvalue()


def current_assembly() -> Assembly:
    """The assembly of the sources as they are now; 20 s of work if they changed. Raises SynthError."""
    wanted = ASSEMBLIES / _digest()
    with _alone():
        if not wanted.exists():
            _synthesise(wanted)
    return Assembly.of(wanted)


@contextmanager
def _alone() -> Iterator[None]:
    """One run at a time: a second one would forget, as older, what the first has begun to read."""
    ASSEMBLIES.mkdir(parents=True, exist_ok=True)
    with (ASSEMBLIES / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _synthesise(wanted: Path) -> None:
    say("synthesising the template: about 20 s, then kept until the code changes")
    with tempfile.TemporaryDirectory(dir=ASSEMBLIES, prefix=".making-") as making:
        made = Path(making) / "cdk.out"
        done = subprocess.run(
            [sys.executable, "-m", "infra.local.synthesise", str(made)],
            cwd=REPO,
            env={**os.environ, "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "18,20"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SynthError(f"the template could not be synthesised:\n{(done.stdout + done.stderr)[-3000:]}")
        _forget_older_ones()
        made.rename(wanted)


def _forget_older_ones() -> None:
    for older in ASSEMBLIES.iterdir():
        if not older.name.startswith("."):
            shutil.rmtree(older, ignore_errors=True)


def _digest() -> str:
    hashed = hashlib.sha256(sys.version.encode())
    for path in _source_files():
        hashed.update(f"{path.relative_to(REPO)}\0".encode() + path.read_bytes() + b"\0")
    return hashed.hexdigest()[:16]


def _source_files() -> Iterator[Path]:
    left_out = tuple(REPO / name for name in NOT_IN_THE_TEMPLATE)
    for name in SOURCES:
        root = REPO / name
        for path in [root] if root.is_file() else sorted(root.rglob("*")):
            if path.is_file() and path.suffix != ".pyc" and not any(map(path.is_relative_to, left_out)):
                yield path
