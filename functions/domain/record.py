"""The canonical bytes of an audit record, its commitment, and the link to the record before it."""

import hashlib
import json
import unicodedata
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Value: TypeAlias = "str | int | bool | bytes | Sequence[Value] | Mapping[str, Value]"
Record: TypeAlias = Mapping[str, Value]

GENESIS = "00" * 32
"""`prev` of a partition's first record: 32 zero bytes."""


def canonical(record: Record) -> bytes:
    """`record` as the bytes that are hashed (audit section 5): sorted keys, no spaces, NFC, integers only.

    Raises TypeError for a float or a null: neither has one spelling.
    """
    return json.dumps(
        _plain(record), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def commitment(record: Record) -> str:
    """SHA-256 over the versioned prefix and the canonical bytes, as hex."""
    return hashlib.sha256(b"mash-audit/v1\n" + canonical(record)).hexdigest()


def uid(*facts: str) -> str:
    """A row's own identity, the same each time the same facts are recorded, so that a lost reply shows
    as ours."""
    return hashlib.sha256("|".join(facts).encode()).hexdigest()[:32]


def _plain(value: Value) -> object:
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case bool() | int():
            return value
        case bytes():
            return b64encode(value).decode()
        case Mapping():
            return {key: _plain(inner) for key, inner in value.items()}
        case Sequence():
            return [_plain(inner) for inner in value]
        case _:
            raise TypeError(f"a record holds no {type(value).__name__}")
