"""What the independent sinks received: their own files, with the hashes that they computed themselves."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail as the mailbox kept it."""

    to: tuple[str, ...]
    subject: str
    sha256: str
    text: Path
    html: Path


@dataclass(frozen=True, slots=True)
class Receipt:
    """One request as the webhook receiver kept it, and what it answered."""

    agency: str
    webhook_id: str
    status: int
    verified: bool
    duplicate: bool
    sha256: str
    body: Path

    @property
    def accepted(self) -> bool:
        """Whether the receiver took the message; one that it answered with 503 was not delivered."""
        return self.status // 100 == HTTPStatus.OK // 100


def read_mails(folder: Path) -> list[Mail]:
    """Every message in the order of arrival."""
    return [
        Mail(
            to=tuple(kept["to"]),
            subject=kept["subject"],
            sha256=kept["sha256"],
            text=path.with_suffix(".txt"),
            html=path.with_suffix(".html"),
        )
        for path, kept in _kept(folder)
    ]


def read_receipts(folder: Path) -> list[Receipt]:
    """Every request in the order of arrival."""
    return [
        Receipt(
            **{name: kept[name] for name in Receipt.__dataclass_fields__ if name != "body"},
            body=path.with_suffix(".body"),
        )
        for path, kept in _kept(folder)
    ]


def _kept(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in sorted(folder.glob("[0-9]*.json")):
        yield path, json.loads(path.read_bytes())
