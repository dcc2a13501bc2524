"""Tables and queues in memory behind the functions' own clients: as moto, at a tenth of its cost."""

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias, cast
from uuid import uuid4

from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.hooks import BaseEventHooks
from botocore.model import OperationModel
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from functions.adapters.ledger.store import Store
from tests.stage_tables import REGION, on_moto, stage_tables, store_over
from tests.world import wrapped

if TYPE_CHECKING:
    from collections.abc import Callable

VISIBILITY = timedelta(seconds=390)
MOST_RECEIVED = 10
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Answered:
    """As much of an HTTP answer as botocore looks at."""

    status_code: int
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Letter:
    """A message in a queue; nobody sees it before `visible_at`."""

    body: str
    id: str = field(default_factory=lambda: str(uuid4()))
    receives: int = 0
    visible_at: datetime = LONG_AGO


@dataclass
class Queue:
    """Delivers each letter again until somebody takes it out."""

    letters: dict[str, Letter] = field(default_factory=dict)

    def put(self, body: str) -> None:
        letter = Letter(body)
        self.letters[letter.id] = letter

    def receive(self) -> list[Letter]:
        """A batch, which nobody else sees for as long as its function may take."""
        now = datetime.now(UTC)
        batch = [one for one in self.letters.values() if one.visible_at <= now][:MOST_RECEIVED]
        for letter in batch:
            letter.visible_at, letter.receives = now + VISIBILITY, letter.receives + 1
        return batch

    def hide(self, letter_id: str, seconds: int) -> None:
        """Makes a letter that somebody has in hand visible after so many seconds."""
        self.letters[letter_id].visible_at = datetime.now(UTC) + timedelta(seconds=seconds)


Kept: TypeAlias = Mapping[str, Any]
"""All tables as they were at one moment."""


class Tables:
    """A client in memory for the world, and the same tables behind botocore's for the functions."""

    def __init__(self) -> None:
        self._client = stage_tables()

    def make(self) -> Store:
        """A store over them, for the world."""
        return store_over(self._client)

    def keep(self) -> Kept:
        """As they are now, for any number of runs."""
        return {name: table.copy() for name, table in self._client.tables.items()}

    def restore(self, kept: Kept) -> None:
        """As they were kept."""
        self._client.tables = {name: table.copy() for name, table in kept.items()}
        self._client.journal.clear()

    def stand_behind(self, events: BaseEventHooks) -> None:
        """From now on the client with these events asks us, after whoever else hears of a call."""
        events.register("provide-client-params", _remember)
        events.register_last("before-call", cast("Callable[..., None]", self._answer))

    def _answer(self, model: OperationModel, context: dict[str, Any], **_: Any) -> tuple[Answered, Any]:
        # botocore adds a token of its own to each call; only its own repetitions would be known by it.
        asked = {name: value for name, value in context["asked"].items() if name != "ClientRequestToken"}
        try:
            return Answered(200), getattr(self._client, xform_name(model.name))(**asked)
        except ClientError as exc:
            return Answered(400), {**exc.response, "ResponseMetadata": {"HTTPStatusCode": 400}}


class TablesOnMoto:
    """The same on moto, which the functions' clients and the world's ask as they are."""

    def make(self) -> Store:
        """A store over them, for the world."""
        return on_moto()

    def keep(self) -> Kept:
        """As they are now, for any number of runs."""
        return copy.deepcopy(_moto().tables)

    def restore(self, kept: Kept) -> None:
        """As they were kept."""
        _moto().tables = copy.deepcopy(kept)

    def stand_behind(self, events: BaseEventHooks) -> None:
        """Moto stands there already."""


def _moto() -> Any:
    return dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION]


class Queues(dict[str, Queue]):
    """Each by its name."""

    def empty(self) -> None:
        for queue in self.values():
            queue.letters.clear()

    def stand_behind(self, events: BaseEventHooks) -> None:
        """From now on the client with these events asks us, after whoever else hears of a call."""
        events.register("provide-client-params", _remember)
        events.register_last("before-call", cast("Callable[..., None]", self._answer))

    def _answer(self, model: OperationModel, context: dict[str, Any], **_: Any) -> tuple[Answered, Any]:
        asked = context["asked"]
        queue = self[asked["QueueUrl"].rsplit("/", 1)[1]]
        if model.name == "ChangeMessageVisibility":
            queue.hide(asked["ReceiptHandle"], asked["VisibilityTimeout"])
            return Answered(200), {}
        assert model.name == "SendMessageBatch"
        for entry in asked["Entries"]:
            queue.put(entry["MessageBody"])
        return Answered(200), {"Successful": [{"Id": entry["Id"]} for entry in asked["Entries"]]}


class Bus:
    """The hub's bus with its rule: what is put there is in the intake's queue, as a new arrival each time."""

    def __init__(self, intake: Queue) -> None:
        self._intake = intake

    def stand_behind(self, events: BaseEventHooks) -> None:
        """From now on the client with these events asks us, after whoever else hears of a call."""
        events.register("provide-client-params", _remember)
        events.register_last("before-call", cast("Callable[..., None]", self._answer))

    def _answer(self, model: OperationModel, context: dict[str, Any], **_: Any) -> tuple[Answered, Any]:
        assert model.name == "PutEvents"
        entries = context["asked"]["Entries"]
        for entry in entries:
            self._intake.put(wrapped(json.loads(entry["Detail"]), str(uuid4())))
        return Answered(200), {"FailedEntryCount": 0, "Entries": [{"EventId": str(uuid4())} for _ in entries]}


def _remember(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    """As botocore was asked, before it spells the request."""
    context["asked"] = params
