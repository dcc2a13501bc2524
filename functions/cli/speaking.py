"""Whoever has events put on the bus may speak for every system: it is recorded first, by what and as whom."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from functions.adapters.ledger.store import Store
from functions.cli.bus import Entry
from functions.cli.on_record import note


def note_sending(store: Store, path: Path, entries: Sequence[Entry]) -> None:
    """A row of this session's, with the file's hash, a kept copy's own, and the names that its events go
    under; if it cannot be written, nothing may go."""
    names = ",".join(sorted({entry.source for entry in entries}))
    note(store, f"events sent as {names}: {sha256(path.read_bytes()).hexdigest()}", len(entries))
