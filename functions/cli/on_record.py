"""Whoever asks or acts at the command line is on record before they are answered.

All who share a role share a partition of the trail's day: another may write first, and then the row is
linked anew.
"""

import random
import secrets
import time
from datetime import UTC, datetime
from functools import partial
from uuid import uuid4

from functions.adapters import aws
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.reading import Asked, Export, Trail
from functions.adapters.ledger.store import Item, Store
from functions.adapters.patience import Patience
from schemas.codes import ReadPurpose

PATIENCE = Patience(monotonic=time.monotonic, pause=time.sleep, jitter=random.random)


def chain_of(store: Store) -> Chain:
    """What appends to the trail, each row with a salt of its own."""
    return Chain(store, salt=partial(secrets.token_hex, 16))


def caller() -> str:
    """Who asks, as the account knows them: an ARN."""
    return aws.sts().get_caller_identity()["Arn"]


def note(store: Store, asked: str, rows: int) -> None:
    """A QUERY row; if it cannot be written, so fails the answer. `asked` is a code for the question, `rows`
    how many answer it. Raises BusyError, ContendedError."""
    reader, request = caller(), str(uuid4())
    PATIENCE.persist(
        lambda: Asked(store, chain_of(store)).note(
            reader=reader, asked=asked, rows=rows, request=request, now=datetime.now(UTC)
        )
    )


def hand_out(store: Store, export: Export) -> None:
    """An EXPORT row; if it cannot be written, nothing is handed out. Raises BusyError, ContendedError."""
    reader, request = caller(), str(uuid4())
    PATIENCE.persist(
        lambda: Asked(store, chain_of(store)).hand_out(
            export, reader=reader, request=request, now=datetime.now(UTC)
        )
    )


def read(store: Store, ref: str) -> list[Item]:
    """A referral's rows in order, once it is on record that they are read; none of one that there is not.

    Raises BusyError, ContendedError.
    """
    reader, request = caller(), str(uuid4())
    return PATIENCE.persist(
        lambda: Trail(store, chain_of(store)).read(
            ref,
            reader=reader,
            purpose=ReadPurpose.COMMAND_LINE.value,
            request=request,
            now=datetime.now(UTC),
        )
    )
