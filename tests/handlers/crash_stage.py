"""What stands around the functions: tables, queues, and everything outside that keeps what arrives."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeAlias, cast

import pytest
from botocore.model import OperationModel
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from functions.adapters import aws
from functions.adapters.ledger import keys
from functions.adapters.ledger.keys import ClockKey, DeliveryKey, TaskKey
from functions.adapters.ledger.reading import DueIndex
from functions.adapters.ledger.store import Item
from functions.adapters.payload import payload_sha256
from schemas.codes import AttemptResult, AuditKind, Breaker, CanaryResult, Channel, DeliveryState
from tests.handlers.conftest import a_world_with_doors, clear_caches, clear_desks
from tests.handlers.crash_aws import Answered, Bus, Queue, Queues, Tables, TablesOnMoto
from tests.world import MORNING, World, change_agency

QUEUES = ("intake", "receipts", "dead", "email", "webhook")
OPEN = frozenset(
    {DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.RETRY, DeliveryState.QUARANTINE}
)
TAKEN = 204
RETRY_STEPS = "0,10,60"


class MailError(NamedTuple):
    """What the mail service answers instead of a message's id."""

    code: str
    status: int = 400


UNCLEAR = MailError("SomethingWentWrong", 500)
"""It may have sent the message; here it has."""

Posts: TypeAlias = Callable[[int], int]
"""The status with which the police's system answers its nth post."""
Mails: TypeAlias = Callable[[int], MailError | None]
"""What the mail service says of the nth message; None if it takes it."""


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
    environment: pytest.MonkeyPatch
    tables: Tables | TablesOnMoto
    arrivals: list[Arrival] = field(default_factory=list)
    police_answer: Posts = lambda _: TAKEN
    mail_service_says: Mails = lambda _: None
    posts: int = 0
    mails: int = 0

    def __post_init__(self) -> None:
        self.queues = Queues({name: Queue() for name in QUEUES})
        self._on_its_way = b""
        self._blank = self._kept = self.tables.keep()
        self.tables.stand_behind(aws.dynamodb().meta.events)
        self.queues.stand_behind(aws.sqs().meta.events)
        Bus(self.queues["intake"]).stand_behind(aws.events().meta.events)
        mail = aws.sesv2().meta.events
        mail.register_first("before-call.sesv2.SendEmail", self._leaves)
        mail.register_last("before-call", cast("Callable[..., None]", self._refuses))
        mail.register_first("after-call.sesv2.SendEmail", self._arrives)

    @property
    def may_be_unclear(self) -> bool:
        """Whether the mail service itself leaves it open, in this story, what became of a message."""
        return self.mail_service_says(1) == UNCLEAR

    def clear(self) -> None:
        """Ready for another story."""
        self._kept = self._blank
        self.police_answer, self.mail_service_says = (lambda _: TAKEN), (lambda _: None)
        self.environment.setenv("RETRY_STEPS", RETRY_STEPS)
        self.world.now = MORNING
        self.restore()

    def keep(self) -> None:
        """Every run starts from here."""
        self._kept = self.tables.keep()

    def restore(self) -> None:
        """As it was kept: nothing that a run did is left."""
        self.tables.restore(self._kept)
        self.queues.empty()
        self.arrivals.clear()
        self.posts = self.mails = 0
        clear_desks()

    def deliveries(self) -> list[Item]:
        """Each with its state."""
        return [
            item for item in self.world.all_items("state") if item["sk"].startswith("N#") and "st" in item
        ]

    def still_open(self) -> list[Item]:
        """The deliveries that must still go by themselves: what is held, and what waits for an endpoint that
        is paused, waits for a person."""
        state = self.world.all_items("state")
        paused = {item["pk"].removeprefix("G#") for item in state if "paused" in item}
        return [
            item
            for item in state
            if item["sk"].startswith("N#")
            and item.get("st") in OPEN
            and "held" not in item
            and not (item["chan"] == Channel.WEBHOOK and DeliveryKey.of(item).agency_id in paused)
        ]

    def is_quiet(self) -> bool:
        """Nothing is queued, on its way or due, no clock has run out, and no canary will find an endpoint
        well."""
        due, now = DueIndex(self.world.store), datetime.now(UTC)
        state = self.world.all_items("state")
        asked_again = {item["pk"] for item in state if item["sk"] == keys.CANARY and "due_at" in item}
        has_run_out = [
            *due.watched(now),
            *(key for key in due.until(now) if isinstance(key, TaskKey | ClockKey)),
        ]
        return not (
            has_run_out
            or self.still_open()
            or any(queue.letters for queue in self.queues.values())
            or any("on_its_way" in item for item in state)
            or any(item.get("breaker") == Breaker.OPEN and item["pk"] in asked_again for item in state)
        )

    def receives(self, request: Request) -> Response:
        """The police's system."""
        self.posts += 1
        status, body = self.police_answer(self.posts), request.get_data()
        if json.loads(body)["type"] == "uk.mash.canary.v1":
            self._canary_arrived(request.headers["webhook-id"], payload_sha256(body))
        elif status == TAKEN:
            self._arrived(request.headers["webhook-id"], payload_sha256(body))
        return Response(status=status)

    def _canary_arrived(self, message_id: str, digest: str) -> None:
        rows = [row for row in self.world.all_items("audit") if row.get("message_id") == message_id]
        said = [(row["result"], row.get("body_sha256")) for row in rows]
        self.arrivals.append(Arrival(message_id, digest, said == [(CanaryResult.CANARY_SENT, digest)], 0))

    def _leaves(self, params: dict[str, Any], **_: Any) -> None:
        self._on_its_way = params["body"]

    def _refuses(self, model: OperationModel, **_: Any) -> tuple[Answered, Any] | None:
        if model.name != "SendEmail":
            return None
        self.mails += 1
        if (refused := self.mail_service_says(self.mails)) is None:
            return None
        error = {"Code": refused.code, "Message": ""}
        told = {"Error": error, "ResponseMetadata": {"HTTPStatusCode": refused.status}}
        return Answered(refused.status), told

    def _arrives(self, http_response: Answered, **_: Any) -> None:
        if http_response.status_code not in {200, UNCLEAR.status}:
            return
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
        announced = None
        for row in rows:
            if row["type"] == AuditKind.ATTEMPT_STARTED:
                announced = row["body_sha256"]
            elif row["type"] == AuditKind.ATTEMPT_CLOSED:
                announced = None
        unknown = sum(row.get("result") == AttemptResult.UNKNOWN for row in rows)
        self.arrivals.append(Arrival(message_id, digest, announced == digest, unknown))


@contextmanager
def a_stage(
    receiver: HTTPServer,
    environment: pytest.MonkeyPatch,
    tables: Tables | TablesOnMoto,
) -> Iterator[Stage]:
    """North police's endpoint moved to this machine, the queues in memory, and everything outside watched."""
    with a_world_with_doors(environment, tables.make) as world:
        url = receiver.url_for("/outcomes")
        change_agency(world, "north-police", url=url, checked_url=url)
        environment.setenv("LOCAL_RECEIVER_ORIGINS", receiver.url_for("").rstrip("/"))
        for name in ("INTAKE", "EMAIL", "WEBHOOK"):
            environment.setenv(f"{name}_QUEUE_URL", f"https://sqs.example/{name.lower()}")
        clear_caches()
        stage = Stage(world, environment, tables)
        receiver.expect_request("/outcomes", method="POST").respond_with_handler(stage.receives)
        yield stage
