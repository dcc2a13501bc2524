"""A made-up year for `mash up` to begin with: played by the simulation, and kept for some hours."""

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from functions.cli.failure import CommandError
from functions.cli.outputs import REPO
from schemas.agency import Registry

CONTACTS = 400
"""A small hub's, so that it is played in a minute or two; a large one has 16,000."""
KEPT_FOR = timedelta(hours=12)
"""What fell due since then, the stack does in its first minutes: it must not be much."""
FAILS = 30
"""So many more tries until that system answers: an hour or so, unless somebody has it tried more often."""
FOLDER = REPO / "build" / "history"
PLAYED_BY = ("functions", "schemas", "tests/simulation")


@dataclass(frozen=True, slots=True)
class History:
    """A year in a file: until when it goes, which agencies it has then, and whose system is down."""

    path: Path
    until: datetime
    registry: Registry
    down: str

    @property
    def bad_days(self) -> tuple[str, ...]:
        """How the receiver goes on where the year ends, as `infra.local` is told it."""
        return (f"{self.down}=fails:{FAILS}",)

    @classmethod
    def read(cls, path: Path) -> "History":
        """What its first line says."""
        with gzip.open(path, "rt", encoding="utf-8") as file:
            about = json.loads(next(file))
        registry = Registry.model_validate_json(json.dumps(about["registry"]))
        return cls(path, datetime.fromisoformat(about["until"]), registry, about["down"])


def current_history(
    contacts: int, now: datetime, say: Callable[[str], None], folder: Path = FOLDER
) -> History:
    """The year of so many contacts that ends about now; played first where none is kept, or by other code.

    Raises CommandError if it cannot be played.
    """
    path = folder / f"{contacts}.gz"
    if not _is_current(path, now):
        hours = KEPT_FOR // timedelta(hours=1)
        say(f"playing a made-up year of {contacts:,} contacts, up to now; it is kept for {hours} hours")
        command = [sys.executable, "-m", "tests.simulation.history", str(path), "--contacts", str(contacts)]
        if subprocess.run(command, cwd=REPO, check=False).returncode:  # noqa: S603 - our own module
            raise CommandError("The year was not played; the lines above say why.")
    return History.read(path)


def _is_current(path: Path, now: datetime) -> bool:
    """Whether it was played lately, and by the code as it is."""
    if not path.exists():
        return False
    made_at = path.stat().st_mtime
    code = (one for name in PLAYED_BY for one in (REPO / name).rglob("*.py"))
    is_of_this_code = all(one.stat().st_mtime <= made_at for one in code)
    return is_of_this_code and now.timestamp() - made_at < KEPT_FOR.total_seconds()
