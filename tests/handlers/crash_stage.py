"""What AWS does around the functions: queues that deliver again, streams and schedules that call again, and
everything outside that keeps what arrives."""

import copy
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeAlias

import boto3
import pytest
import time_machine
from aws_lambda_powertools.utilities.typing import LambdaContext
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from functions.adapters import aws
from functions.adapters.ledger.store import Item
from functions.adapters.payload import payload_sha256
from functions.handlers import (
    park_dead_letter,
    receive_event,
    record_receipt,
    send_email,
    send_webhook,
    sweep_due,
)
from schemas.codes import AttemptResult, AuditKind, DeliveryState
from tests.handlers.conftest import a_context, clear_caches, clear_desks, sqs_event
from tests.handlers.crashes import Boundaries, Crashed, Fault, boundaries
from tests.world import MORNING, REGION, World, change_agency

Handler: TypeAlias = Callable[[dict[str, Any], LambdaContext], Any]

HANDLER_OF: Mapping[str, Handler] = {
    "intake": receive_event.handler,
    "receipts": record_receipt.handler,
    "dead": park_dead_letter.handler,
    "email": send_email.handler,
    "webhook": send_webhook.handler,
}
"""Each queue with the function that it is mapped to."""
VISIBILITY_SECONDS = 390
ROUND = timedelta(seconds=VISIBILITY_SECONDS + 10)
"""By then every message that nobody has deleted is delivered again."""
MOST_ROUNDS = 12
OPEN = frozenset(
    {DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.RETRY, DeliveryState.QUARANTINE}
)


@dataclass(frozen=True, slots=True)
class Letters:
    """What a queue delivers until it is taken."""

    queue: str
    bodies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """What a stream, a schedule or a reader asks again for, until the answer `is_enough`."""

    handler: Handler
    event: Callable[[], dict[str, Any]]
    is_enough: Callable[[Any], bool] = lambda _: True


Asked: TypeAlias = Letters | Call


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message as it arrived outside, and what the trail said of it at that moment."""

    message_id: str
    body_sha256: str
    is_announced: bool
    unknown_before: int


@dataclass
class Stage:
    """The tables as a story left them, and the outside."""

    world: World
    arrivals: list[Arrival] = field(default_factory=list)
    _kept: Any = None

    def __post_init__(self) -> None:
        self.sqs = boto3.client("sqs", region_name=REGION)
        self.urls = {name: self.sqs.create_queue(QueueName=name)["QueueUrl"] for name in HANDLER_OF}
        self._on_its_way = b""
        events = aws.sesv2().meta.events
        events.register_first("before-call.sesv2.SendEmail", self._leaves)
        events.register_first("after-call.sesv2.SendEmail", self._arrives)

    def keep(self) -> None:
        """Every run starts from here."""
        self._kept = copy.deepcopy(_moto().tables)

    def restore(self) -> None:
        """As it was kept: nothing that a run did is left."""
        _moto().tables = copy.deepcopy(self._kept)
        for name, url in self.urls.items():
            self.sqs.delete_queue(QueueUrl=url)
            self.sqs.create_queue(QueueName=name)
        for one in self.world.s3.list_objects_v2(Bucket=self.world.bucket).get("Contents", []):
            self.world.s3.delete_object(Bucket=self.world.bucket, Key=one["Key"])
        self.arrivals.clear()
        clear_desks()

    def deliveries(self) -> list[Item]:
        """Each with its state."""
        return [
            item for item in self.world.all_items("state") if item["sk"].startswith("N#") and "st" in item
        ]

    def is_empty(self, queue: str) -> bool:
        """Nothing waits in it, and nobody has anything of it in hand."""
        found = self.sqs.get_queue_attributes(
            QueueUrl=self.urls[queue],
            AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        )
        return not any(map(int, found["Attributes"].values()))

    def receives(self, request: Request) -> Response:
        """The police's system: it takes whatever comes."""
        self._arrived(request.headers["webhook-id"], payload_sha256(request.get_data()))
        return Response(status=204)

    def _leaves(self, params: dict[str, Any], **_: Any) -> None:
        self._on_its_way = params["body"]

    def _arrives(self, **_: Any) -> None:
        mail = json.loads(self._on_its_way)
        tags = {tag["Name"]: tag["Value"] for tag in mail["EmailTags"]}
        simple = mail["Content"]["Simple"]
        parts = [simple["Subject"], simple["Body"]["Text"], simple["Body"]["Html"]]
        digest = hashlib.sha256("".join(f"{part['Data']}\0" for part in parts).encode())
        self._arrived(tags["message_id"], digest.hexdigest())

    def _arrived(self, message_id: str, digest: str) -> None:
        (of_it,) = self.world.store.listed("state", "msg", "message_id", message_id)
        rows = self.world.store.partition("audit", of_it["pk"], "E#")
        rows = [row for row in rows if row.get("message_id") == message_id]
        started = [row for row in rows if row["type"] == AuditKind.ATTEMPT_STARTED]
        closed = [row for row in rows if row["type"] == AuditKind.ATTEMPT_CLOSED]
        announced = {row["attempt"]: row["body_sha256"] for row in started}
        for row in closed:
            announced.pop(row["attempt"], None)
        unknown = sum(row["result"] == AttemptResult.UNKNOWN for row in closed)
        self.arrivals.append(Arrival(message_id, digest, list(announced.values()) == [digest], unknown))


@contextmanager
def a_stage(world: World, receiver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """North police's endpoint moved to this machine, and the mail service watched."""
    url = receiver.url_for("/outcomes")
    change_agency(world, "north-police", url=url, checked_url=url)
    monkeypatch.setenv("LOCAL_RECEIVER_ORIGINS", receiver.url_for("").rstrip("/"))
    clear_caches()
    stage = Stage(world)
    receiver.expect_request("/outcomes", method="POST").respond_with_handler(stage.receives)
    yield stage


@dataclass
class Life:
    """One run: what is asked is begun, dies where the plan says, and is asked again until all is quiet."""

    stage: Stage
    asked: Asked
    counted: Boundaries
    is_done: bool = False

    def begin(self) -> None:
        """The first invocation."""
        if isinstance(self.asked, Letters):
            for body in self.asked.bodies:
                url = self.stage.urls[self.asked.queue]
                self.stage.sqs.send_message(QueueUrl=url, MessageBody=body)
        self._ask()

    def go_on(self) -> bool:
        """Round upon round; whether it comes to rest."""
        at = MORNING
        for _ in range(MOST_ROUNDS):
            at += ROUND
            with time_machine.travel(at):
                if self._round():
                    return True
        return False

    def _round(self) -> bool:
        if not self.is_done:
            self._ask()
        elif isinstance(self.asked, Letters):
            self._deliver(self.asked.queue)
        swept = self._invoke(sweep_due.handler, {})
        for queue in ("email", "webhook"):
            self._deliver(queue)
        if swept is _DIED or not self.is_done or not all(map(self.stage.is_empty, self._queues())):
            return False
        return not [item for item in self.stage.deliveries() if item["st"] in OPEN and "held" not in item]

    def _queues(self) -> set[str]:
        return {"email", "webhook"} | ({self.asked.queue} if isinstance(self.asked, Letters) else set())

    def _ask(self) -> None:
        if isinstance(self.asked, Letters):
            self._deliver(self.asked.queue)
            self.is_done = True  # from here on it is the queue that asks again
            return
        answer = self._invoke(self.asked.handler, self.asked.event())
        self.is_done = answer is not _DIED and self.asked.is_enough(answer)

    def _deliver(self, queue: str) -> None:
        url, sqs = self.stage.urls[queue], self.stage.sqs
        found = sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=10,
            VisibilityTimeout=VISIBILITY_SECONDS,
            AttributeNames=["ApproximateReceiveCount"],
        ).get("Messages", [])
        if not found:
            return
        event = sqs_event(*(message["Body"] for message in found), queue=queue)
        for record, message in zip(event["Records"], found, strict=True):
            record |= {"messageId": message["MessageId"], "receiptHandle": message["ReceiptHandle"]}
            record["attributes"] = message["Attributes"]
        answer = self._invoke(HANDLER_OF[queue], event)
        if answer is _DIED:
            return
        failed = {one["itemIdentifier"] for one in answer["batchItemFailures"]}
        for message in found:
            if message["MessageId"] not in failed:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    def _invoke(self, handler: Handler, event: dict[str, Any]) -> Any:
        """Its answer, or that it died or failed; it may fail only where something went wrong."""
        before = self.counted.happened
        try:
            return handler(event, a_context())
        except Crashed:
            clear_desks()
        except Exception:
            if self.counted.happened == before:
                raise
        return _DIED


_DIED = object()


def live(stage: Stage, asked: Asked, plan: Mapping[int, Fault]) -> tuple[Boundaries, list[str], bool]:
    """A run under `plan`: all that was counted, the first invocation's calls, and whether it came to rest."""
    stage.restore()
    with boundaries(plan) as counted:
        life = Life(stage, asked, counted)
        life.begin()
        first = list(counted.calls)
        return counted, first, life.go_on()


def _moto() -> Any:
    return dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION]
