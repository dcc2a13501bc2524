"""Near its time-out a queue's reader begins nothing more: what is untouched comes back, and nothing else."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.flows.intake import receive
from functions.flows.receipts import record
from functions.flows.sending import park
from functions.handlers import park_dead_letter, receive_event, record_receipt
from tests.handlers.conftest import sqs_event
from tests.mail_events import said
from tests.world import World

Handler = Callable[[dict[str, Any], LambdaContext], dict[str, Any]]


@pytest.mark.parametrize(
    ("reader", "least_seconds", "body"),
    [
        (receive_event, receive.LEAST_SECONDS_TO_START, "not json at all"),
        (park_dead_letter, park.LEAST_SECONDS_TO_START, "not json at all"),
        (record_receipt, record.LEAST_SECONDS_TO_START, said("accepted")[:-1]),
    ],
    ids=["intake", "dead letters", "receipts"],
)
def test_a_message_of_any_queue_is_begun_only_with_time_to_end_it(
    world: World,
    context: LambdaContext,
    monkeypatch: pytest.MonkeyPatch,
    *,
    reader: ModuleType,
    least_seconds: int,
    body: str,
) -> None:
    """Each ends as a refusal, in the trail; the second begins a moment too late."""
    left = iter([1000 * least_seconds, 1000 * least_seconds - 1])
    monkeypatch.setattr(context, "get_remaining_time_in_millis", lambda: next(left), raising=False)
    handler: Handler = reader.handler
    answer = handler(sqs_event(body, body, queue="any"), context)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-0002"}]}
    assert [row["cause"] for row in world.refused()] == ["message-0001"]
