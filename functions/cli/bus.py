"""Event files onto the bus: each entry under its own type; what the bus cannot carry, to the intake queue."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from functions.adapters import aws
from functions.cli.failure import CommandError
from functions.cli.outputs import Outputs
from schemas.codes import EventType

if TYPE_CHECKING:
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef

MOST_ENTRIES_A_CALL = 10
MOST_BYTES_A_CALL = 240_000
"""EventBridge takes 256 KB a call; the rest is for names."""
MOST_BYTES_IN_THE_QUEUE = 1_048_576
UNSTATED = "UNSTATED"
"""The DetailType of an event that does not say what it is: it is refused, and so seen, as any other."""
FEED_TYPES = (EventType.RA_FORM_METADATA, EventType.RA_FEED_HEARTBEAT)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to send: an event, or text that is none (`detail` is then None)."""

    label: str
    text: str
    detail: dict[str, Any] | None

    @property
    def detail_type(self) -> str:
        """The event's own type, as EventBridge is told it."""
        return self._said("event_type", at_most=128) or UNSTATED

    @property
    def source(self) -> str:
        """Who the event says it is from."""
        return self._said("source", at_most=256) or "unknown"

    @property
    def event_id(self) -> str | None:
        return self._said("event_id", at_most=64)

    @property
    def referral_ref(self) -> str | None:
        return self._said("referral_ref", at_most=64)

    @property
    def fits_the_bus(self) -> bool:
        return self.detail is not None and len(self.text.encode()) <= MOST_BYTES_A_CALL

    def _said(self, field: str, *, at_most: int) -> str | None:
        value = (self.detail or {}).get(field)
        return value if isinstance(value, str) and 0 < len(value) <= at_most else None


@dataclass(frozen=True, slots=True)
class Sent:
    """One entry that left, and the id under which its arrival is known: the bus's, or the queue's."""

    entry: Entry
    arrival_id: str
    past_the_bus: bool = False

    @property
    def is_a_decision(self) -> bool:
        """Forms and heartbeats are counted apart; everything else stands for a decision."""
        return self.entry.detail_type not in FEED_TYPES


def read_entries(path: Path) -> list[Entry]:
    """The events of one file: a single one or an array. Raises CommandError if the file cannot be read."""
    try:
        text = path.read_bytes().decode()
    except OSError as exc:
        raise CommandError(f"{path} cannot be read: {exc.strerror}.") from None
    except UnicodeDecodeError:
        raise CommandError(f"{path} is not UTF-8 text; save it as UTF-8 and send it again.") from None
    try:
        parsed = json.loads(text)
    except ValueError:
        return [Entry(path.name, text, None)]
    if isinstance(parsed, list):
        return [
            _entry(f"{path.name}[{number}]", json.dumps(item), item) for number, item in enumerate(parsed)
        ]
    return [_entry(path.name, text, parsed)]


def _entry(label: str, text: str, parsed: object) -> Entry:
    return Entry(label, text, parsed if isinstance(parsed, dict) else None)


def send(entries: Sequence[Entry], outputs: Outputs) -> list[Sent]:
    """Puts every entry where it will be taken in or visibly refused.

    Raises CommandError naming those that did not go.
    """
    sent: list[Sent] = []
    failed: list[str] = []
    for batch in _batches([entry for entry in entries if entry.fits_the_bus]):
        _put(batch, outputs, sent, failed)
    for entry in entries:
        if not entry.fits_the_bus:
            _queue(entry, outputs, sent, failed)
    if failed:
        raise CommandError(
            f"{len(sent)} sent, {len(failed)} not sent:\n  " + "\n  ".join(failed) + "\nSend those again."
        )
    return sent


def _batches(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    size = 0
    for entry in entries:
        length = len(entry.text.encode())
        if batch and (len(batch) == MOST_ENTRIES_A_CALL or size + length > MOST_BYTES_A_CALL):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += length
    if batch:
        yield batch


def _put(batch: Sequence[Entry], outputs: Outputs, sent: list[Sent], failed: list[str]) -> None:
    asked: list[PutEventsRequestEntryTypeDef] = [
        {
            "EventBusName": outputs.event_bus_name,
            "Source": entry.source,
            "DetailType": entry.detail_type,
            "Detail": entry.text,
        }
        for entry in batch
    ]
    answer = aws.events().put_events(Entries=asked)
    for entry, result in zip(batch, answer["Entries"], strict=True):
        if "EventId" in result:
            sent.append(Sent(entry, result["EventId"]))
        else:
            failed.append(
                f"{entry.label}: the bus said {result.get('ErrorCode')}: {result.get('ErrorMessage')}"
            )


def _queue(entry: Entry, outputs: Outputs, sent: list[Sent], failed: list[str]) -> None:
    """Past the bus, which takes JSON objects of a limited size only; the intake then refuses it visibly."""
    if len(entry.text.encode()) > MOST_BYTES_IN_THE_QUEUE or not entry.text:
        failed.append(f"{entry.label}: {len(entry.text.encode())} bytes; neither bus nor queue takes that")
        return
    try:
        answer = aws.sqs().send_message(QueueUrl=outputs.intake_queue_url, MessageBody=entry.text)
    except ClientError as exc:
        failed.append(f"{entry.label}: the intake queue said {exc.response['Error']['Code']}")
        return
    sent.append(Sent(entry, answer["MessageId"], past_the_bus=True))
