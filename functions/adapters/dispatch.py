"""Handing deliveries and canaries to their sender's queue, and clocks to the intake's: ids only."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from botocore.exceptions import ClientError

from functions.adapters.errors import NO_ANSWER, NothingToSendError, RetryError
from functions.adapters.ledger import keys
from functions.adapters.ledger.keys import CanaryKey, ClockKey, DeliveryKey
from schemas.codes import Channel

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

_SQS_BATCH = 10

CLOCK_TYPE = "CLOCK"
"""The DetailType, in the intake's queue, of a clock that has run out. The sweep alone puts one there: what
came by the bus is an event of no type that we take in."""

Queued: TypeAlias = DeliveryKey | CanaryKey
_Key = TypeVar("_Key", DeliveryKey | CanaryKey, ClockKey)


class Dispatch:
    """The senders' queues.

    The message group is the agency, so that a slow one does not crowd out the others.
    """

    def __init__(self, sqs: "SQSClient", *, email_queue_url: str, webhook_queue_url: str) -> None:
        self._sqs = sqs
        self._queue = {
            Channel.EMAIL: email_queue_url,
            Channel.FALLBACK: email_queue_url,
            Channel.WEBHOOK: webhook_queue_url,
        }

    def send(self, due: Iterable[Queued]) -> int:
        """Queues each of them once; returns how many.

        Raises RetryError if a queue took only some of them.
        """
        by_queue: dict[str, dict[str, Queued]] = defaultdict(dict)
        for key in due:
            by_queue[self._queue[key.channel]][key.text] = key
        failures = [
            failure
            for queue, messages in by_queue.items()
            for batch in _batches(list(messages.values()))
            if (failure := self._why_not_queued(queue, batch))
        ]
        if failures:
            raise failures[0]
        return sum(map(len, by_queue.values()))

    def _why_not_queued(self, queue_url: str, batch: list[Queued]) -> Exception | None:
        """Queues one batch; a queue that refuses must not keep the other channel's messages back."""
        entries: list[SendMessageBatchRequestEntryTypeDef] = [
            {"Id": str(number), "MessageBody": message_body(key), "MessageGroupId": key.agency_id}
            for number, key in enumerate(batch)
        ]
        try:
            _send_batch(self._sqs, queue_url, entries, "deliveries")
        except (ClientError, *NO_ANSWER, RetryError) as exc:
            return exc
        return None


class ClockQueue:
    """The intake's queue, for clocks that have run out: what follows may be a message, and those are made
    there alone."""

    def __init__(self, sqs: "SQSClient", *, intake_queue_url: str) -> None:
        self._sqs = sqs
        self._intake = intake_queue_url

    def send(self, due: Iterable[ClockKey]) -> int:
        """Queues each clock once; returns how many. Raises RetryError if the queue took only some of them."""
        clocks = list(dict.fromkeys(due))
        for batch in _batches(clocks):
            entries: list[SendMessageBatchRequestEntryTypeDef] = [
                {"Id": str(number), "MessageBody": clock_body(key)} for number, key in enumerate(batch)
            ]
            _send_batch(self._sqs, self._intake, entries, "clocks")
        return len(clocks)


def _send_batch(
    sqs: "SQSClient", queue_url: str, entries: "list[SendMessageBatchRequestEntryTypeDef]", what: str
) -> None:
    answer = sqs.send_message_batch(QueueUrl=queue_url, Entries=entries)
    if answer.get("Failed"):
        raise RetryError(f"{len(answer['Failed'])} {what} were not queued")


def come_back_in(sqs: "SQSClient", queue_url: str, receipt_handle: str, seconds: int) -> None:
    """Makes a message visible again after `seconds`, instead of after its queue's whole visibility."""
    sqs.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds)


@contextmanager
def poison_set_aside(sqs: "SQSClient", dead_letters_url: str, body: str) -> Iterator[None]:
    """What names nothing to send goes to its queue's dead letters at once, where it is recorded and a person
    is called; thirty receives would change nothing but how often that is said."""
    try:
        yield
    except NothingToSendError:
        sqs.send_message(QueueUrl=dead_letters_url, MessageBody=body)


def message_body(key: Queued) -> str:
    return json.dumps({"pk": key.pk, "sk": key.sk})


def read_message(body: str) -> Queued:
    """The delivery or canary that a queue message names; raises ValueError if it names neither."""
    try:
        message = json.loads(body)
        return keys.queued(message["pk"], message["sk"])
    except (KeyError, TypeError, AttributeError, RecursionError) as exc:
        raise ValueError("not a delivery's message") from exc


def clock_body(key: ClockKey) -> str:
    """Like what the bus wraps, but for all that the bus adds: the queue's own id tells one message from
    another."""
    return json.dumps({"detail-type": CLOCK_TYPE, "detail": {"pk": key.pk, "sk": key.sk}})


def read_clock(body: str) -> ClockKey | None:
    """The clock that a queue message names; None if it names none, or the bus wrapped it: such a message was
    not made here."""
    try:
        message = json.loads(body)
        key = ClockKey.parse(message["detail"]["pk"], message["detail"]["sk"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return key if message == json.loads(clock_body(key)) else None


def _batches(due: list[_Key]) -> Iterator[list[_Key]]:
    for start in range(0, len(due), _SQS_BATCH):
        yield due[start : start + _SQS_BATCH]
