"""Event files onto the bus: each entry under its own type; what the bus cannot carry, to the intake queue."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from functions.adapters import aws
from functions.cli.failure import CommandError
from functions.cli.stack import Stack
from schemas.codes import EventType

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef
    from mypy_boto3_sqs import SQSClient

MOST_ENTRIES_A_CALL = 10
MOST_BYTES_A_CALL = 240_000
"""EventBridge takes 256 KB a call; the rest is for names."""
MOST_BYTES_ON_THE_BUS = 63 * 1024
"""The intake takes 64 KB with what the bus wraps around an event; more is refused, and seen, at its queue."""
MOST_BYTES_IN_THE_QUEUE = 1024 * 1024
UNSTATED = "UNSTATED"
"""The DetailType of an event that does not say what it is: it is refused, and so seen, as any other."""
NO_DECISIONS = frozenset(EventType) - {EventType.DECIDED, EventType.DECISION_REVISED}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to send: an event, or text that is none (`detail` is then None)."""

    label: str
    text: str
    detail: dict[str, Any] | None
    came_from: str | None = None
    """Who the bus said had put it there, where it came that way before."""

    @property
    def detail_type(self) -> str:
        """The event's own type, as EventBridge is told it."""
        return self._said("event_type", at_most=128) or UNSTATED

    @property
    def source(self) -> str:
        """Who the event says it is from; one that is sent again stays with who had sent it."""
        return self.came_from or self._said("source", at_most=256) or "unknown"

    @property
    def event_id(self) -> str | None:
        return self._said("event_id", at_most=64)

    @property
    def referral_ref(self) -> str | None:
        return self._said("referral_ref", at_most=64)

    @property
    def fits_the_bus(self) -> bool:
        return self.detail is not None and len(self.text.encode()) <= MOST_BYTES_ON_THE_BUS

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
        """Other events that we know are counted apart; whatever else comes stands for a decision."""
        return self.entry.detail_type not in NO_DECISIONS


def read_entries(path: Path) -> list[Entry]:
    """The events of one file: a single one or an array; text that is no JSON goes as it is, to be refused.

    Raises CommandError if the file cannot be read or holds nothing that the bus could carry.
    """
    text = _text_of(path)
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        return [Entry(path.name, text, None)]
    if not isinstance(parsed, list):
        return [_entry(path.name, text, parsed)]
    if not parsed:
        raise CommandError(f"{path} holds an empty array: there is nothing to send.")
    return [_entry(f"{path.name}[{number}]", json.dumps(item), item) for number, item in enumerate(parsed)]


def _text_of(path: Path) -> str:
    """The file's text without a byte order mark."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as exc:
        raise CommandError(f"{path} cannot be read: {exc.strerror}.") from None
    except UnicodeDecodeError:
        raise CommandError(f"{path} is not UTF-8 text; save it as UTF-8 and send it again.") from None
    if not text.strip():
        raise CommandError(f"{path} is empty: put an event in it.")
    return text


def _entry(label: str, text: str, parsed: object) -> Entry:
    """What the bus wraps around an event is taken off: so is the kept copy of one that was refused."""
    match parsed:
        case {"detail-type": str(), "detail": dict(detail), **wrapping}:
            source = wrapping.get("source")
            came_from = source if isinstance(source, str) else None
            return Entry(label, json.dumps(detail), detail, came_from)
        case dict():
            return Entry(label, text, parsed)
    raise CommandError(f"{label} is not a JSON object; an event is one. Nothing was sent.")


class Bus:
    """The way in: the event bus, and beside it the intake queue for what the bus cannot carry."""

    def __init__(
        self, events: "EventBridgeClient", sqs: "SQSClient", *, bus_name: str, intake_queue_url: str
    ) -> None:
        self._events = events
        self._sqs = sqs
        self._bus_name = bus_name
        self._intake_queue_url = intake_queue_url

    @classmethod
    def of(cls, stack: Stack) -> "Bus":
        """The bus of a running stack."""
        return cls(
            aws.events(),
            aws.sqs(),
            bus_name=stack.event_bus_name,
            intake_queue_url=stack.intake_queue_url,
        )

    def send(self, entries: Sequence[Entry]) -> list[Sent]:
        """Puts every entry where it will be taken in, or visibly refused; in the order of `entries`.

        Raises CommandError naming those that did not go.
        """
        sent: dict[int, Sent] = {}
        failed: list[str] = []
        for batch in _batches([(at, entry) for at, entry in enumerate(entries) if entry.fits_the_bus]):
            self._put(batch, sent, failed)
        for at, entry in enumerate(entries):
            if not entry.fits_the_bus:
                self._queue(at, entry, sent, failed)
        if failed:
            listed = "\n  ".join(failed)
            raise CommandError(f"{len(sent)} sent, {len(failed)} not:\n  {listed}\nSend those again.")
        return [sent[at] for at in sorted(sent)]

    def _put(self, batch: Sequence[tuple[int, Entry]], sent: dict[int, Sent], failed: list[str]) -> None:
        asked: list[PutEventsRequestEntryTypeDef] = [
            {
                "EventBusName": self._bus_name,
                "Source": entry.source,
                "DetailType": entry.detail_type,
                "Detail": entry.text,
            }
            for _, entry in batch
        ]
        answer = self._events.put_events(Entries=asked)
        for (at, entry), result in zip(batch, answer["Entries"], strict=True):
            if event_id := result.get("EventId"):
                sent[at] = Sent(entry, event_id)
            else:
                failed.append(f"{entry.label}: the bus said {result.get('ErrorCode')}")

    def _queue(self, at: int, entry: Entry, sent: dict[int, Sent], failed: list[str]) -> None:
        """Past the bus, which takes JSON objects of a limited size; the intake then refuses it visibly."""
        size = len(entry.text.encode())
        if not 0 < size <= MOST_BYTES_IN_THE_QUEUE:
            failed.append(f"{entry.label}: {size} bytes; neither bus nor queue takes that")
            return
        try:
            answer = self._sqs.send_message(QueueUrl=self._intake_queue_url, MessageBody=entry.text)
        except ClientError as exc:
            failed.append(f"{entry.label}: the intake queue said {exc.response['Error']['Code']}")
            return
        sent[at] = Sent(entry, answer["MessageId"], past_the_bus=True)


def _batches(entries: Sequence[tuple[int, Entry]]) -> Iterator[list[tuple[int, Entry]]]:
    batch: list[tuple[int, Entry]] = []
    size = 0
    for at, entry in entries:
        length = len(entry.text.encode())
        if batch and (len(batch) == MOST_ENTRIES_A_CALL or size + length > MOST_BYTES_A_CALL):
            yield batch
            batch, size = [], 0
        batch.append((at, entry))
        size += length
    if batch:
        yield batch
