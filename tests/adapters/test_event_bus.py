"""One event on the bus, as its source, type and contract say; and what it means if the bus says no."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from functions.adapters.errors import BusyError
from functions.adapters.event_bus import EventBus
from schemas.codes import EventType, RaStatement
from schemas.lifecycle import RaStatusChanged

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

EVENT = RaStatusChanged(
    schema_version="1.0",
    event_id=UUID("1c5d8f7a-b26e-4051-93ab-6f8e90a1b208"),
    event_type=EventType.RA_STATUS_CHANGED,
    source="police.status-page",
    occurred_at=datetime(2026, 11, 25, 11, 31, 4, tzinfo=UTC),
    referral_ref="NS-26-9HV2TC",
    child_index=1,
    statement=RaStatement.DONE,
    done_at=datetime(2026, 11, 25, 11, 15, tzinfo=UTC),
)


class FakeEvents:
    """EventBridge as far as we use it."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer
        self.entries: list[dict[str, str]] = []

    def put_events(self, *, Entries: list[dict[str, str]]) -> Any:  # noqa: N803 - AWS's own word
        self.entries += Entries
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


def put(answer: Any) -> FakeEvents:
    events = FakeEvents(answer)
    EventBus(cast("EventBridgeClient", events), "mash-outcomes-local").put(EVENT)
    return events


def test_an_event_goes_to_the_bus_as_its_contract_reads_it() -> None:
    (entry,) = put({"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]}).entries
    detail = entry.pop("Detail")
    assert entry == {
        "EventBusName": "mash-outcomes-local",
        "Source": "police.status-page",
        "DetailType": "RA_STATUS_CHANGED",
    }
    assert RaStatusChanged.model_validate_json(detail) == EVENT
    assert "policy_id" not in json.loads(detail)


@pytest.mark.parametrize(
    "answer",
    [
        {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "ThrottlingException"}]},
        {"FailedEntryCount": 1, "Entries": [{}]},
        ClientError({"Error": {"Code": "ThrottlingException"}}, "PutEvents"),
        ReadTimeoutError(endpoint_url="https://events.example"),
    ],
)
def test_what_the_bus_did_not_take_or_not_say_so_may_be_put_again(answer: Any) -> None:
    with pytest.raises(BusyError):
        put(answer)


def test_what_it_refuses_for_good_is_raised_as_it_came() -> None:
    with pytest.raises(ClientError):
        put(ClientError({"Error": {"Code": "AccessDeniedException"}}, "PutEvents"))
