"""Whoever has events put on the bus may speak for every system: it is recorded first, by what and as whom."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from functions.adapters import aws
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.reading import Asked
from functions.adapters.ledger.store import Store
from functions.cli.bus import Entry


def note_sending(store: Store, path: Path, entries: Sequence[Entry]) -> None:
    """A row of this session's, with the file's hash, a kept copy's own, and the names that its events go
    under; if it cannot be written, nothing may go."""
    names = ",".join(sorted({entry.source for entry in entries}))
    Asked(store, Chain(store, salt=partial(secrets.token_hex, 16))).note(
        reader=aws.sts().get_caller_identity()["Arn"],
        asked=f"events sent as {names}: {sha256(path.read_bytes()).hexdigest()}",
        rows=len(entries),
        request=str(uuid4()),
        now=datetime.now(UTC),
    )
