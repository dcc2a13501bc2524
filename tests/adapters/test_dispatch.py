"""Deliveries on their way to a sender's queue: ids only, each once, in its agency's group."""

import json
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.adapters.dispatch import Dispatch, come_back_in, message_body, read_message
from functions.adapters.errors import RetryError
from functions.adapters.ledger.keys import CanaryKey, DeliveryKey
from schemas.codes import Channel
from tests.stage_tables import REGION

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

QUEUES = {Channel.EMAIL: "https://queue.example/email", Channel.WEBHOOK: "https://queue.example/webhook"}

keys = st.builds(
    DeliveryKey,
    ref=st.from_regex(r"[A-Z0-9][A-Z0-9-]{3,17}", fullmatch=True),
    child=st.integers(1, 99),
    seq=st.integers(1, 9999),
    agency_id=st.from_regex(r"[a-z][a-z0-9-]{1,39}", fullmatch=True),
    channel=st.sampled_from(Channel),
)


class FakeSqs:
    """Keeps each batch; fails the entries whose body a test names."""

    def __init__(self, *failing: str) -> None:
        self.batches: list[tuple[str, list[dict[str, str]]]] = []
        self._failing = failing

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        """SQS's SendMessageBatch."""
        self.batches.append((QueueUrl, Entries))
        failed = [{"Id": entry["Id"]} for entry in Entries if entry["MessageGroupId"] in self._failing]
        return {"Successful": [], **({"Failed": failed} if failed else {})}


def a_key(number: int = 1, channel: Channel = Channel.WEBHOOK) -> DeliveryKey:
    return DeliveryKey("NS-26-7KQ4ZP", 1, 1, f"agency-{number}", channel)


def dispatch(sqs: FakeSqs) -> Dispatch:
    return Dispatch(
        cast("SQSClient", sqs),
        email_queue_url=QUEUES[Channel.EMAIL],
        webhook_queue_url=QUEUES[Channel.WEBHOOK],
    )


def test_a_message_holds_ids_only_and_its_group_is_the_agency() -> None:
    sqs = FakeSqs()
    assert dispatch(sqs).send([a_key(), a_key(2, Channel.EMAIL)]) == 2
    assert sqs.batches == [
        (
            QUEUES[Channel.WEBHOOK],
            [
                {
                    "Id": "0",
                    "MessageBody": '{"pk": "R#NS-26-7KQ4ZP", "sk": "N#01#0001#agency-1#webhook"}',
                    "MessageGroupId": "agency-1",
                }
            ],
        ),
        (
            QUEUES[Channel.EMAIL],
            [
                {
                    "Id": "0",
                    "MessageBody": '{"pk": "R#NS-26-7KQ4ZP", "sk": "N#01#0001#agency-2#email"}',
                    "MessageGroupId": "agency-2",
                }
            ],
        ),
    ]


@pytest.mark.parametrize(
    ("count", "sizes"), [(0, []), (1, [1]), (10, [10]), (11, [10, 1]), (25, [10, 10, 5])]
)
def test_a_batch_holds_at_most_ten_and_none_is_left_out(count: int, sizes: list[int]) -> None:
    sqs = FakeSqs()
    wanted = [a_key(number) for number in range(count)]
    assert dispatch(sqs).send(wanted) == count
    assert [len(entries) for _, entries in sqs.batches] == sizes
    assert [entry["MessageBody"] for _, batch in sqs.batches for entry in batch] == [
        message_body(key) for key in wanted
    ]
    assert all(len({entry["Id"] for entry in batch}) == len(batch) for _, batch in sqs.batches)


def test_a_delivery_named_twice_is_queued_once() -> None:
    sqs = FakeSqs()
    assert dispatch(sqs).send([a_key(), a_key(), a_key(2), a_key()]) == 2
    assert len(sqs.batches[0][1]) == 2


def test_a_queue_that_takes_only_some_brings_all_of_them_back() -> None:
    sqs = FakeSqs("agency-3", "agency-4")
    with pytest.raises(RetryError, match="2 deliveries were not queued"):
        dispatch(sqs).send([a_key(number) for number in range(5)])


@pytest.mark.parametrize("refusing", QUEUES)
def test_a_queue_that_refuses_keeps_no_message_from_the_other(refusing: Channel) -> None:
    wanted = {channel: a_key(number, channel) for number, channel in enumerate(QUEUES)}
    sqs = FakeSqs(wanted[refusing].agency_id)
    with pytest.raises(RetryError):
        dispatch(sqs).send(wanted.values())
    assert {queue for queue, _ in sqs.batches} == set(QUEUES.values())


@given(keys)
def test_a_message_is_read_back_as_the_delivery_it_named(key: DeliveryKey) -> None:
    assert read_message(message_body(key)) == key
    assert set(json.loads(message_body(key))) == {"pk", "sk"}


def test_a_canary_goes_to_the_webhook_sender_in_its_agencys_group_and_is_read_back() -> None:
    sqs, canary = FakeSqs(), CanaryKey("agency-1")
    assert dispatch(sqs).send([canary, a_key(), canary]) == 2
    ((queue, entries),) = sqs.batches
    assert (queue, {entry["MessageGroupId"] for entry in entries}) == (QUEUES[Channel.WEBHOOK], {"agency-1"})
    assert entries[0]["MessageBody"] == '{"pk": "G#agency-1", "sk": "CANARY"}'
    assert read_message(message_body(canary)) == canary


@pytest.mark.parametrize(
    "body",
    [
        "",
        "garbage",
        "[]",
        "null",
        "1",
        '"R#A"',
        "{}",
        '{"pk": "R#NS-26-7KQ4ZP"}',
        '{"sk": "N#01#0001#agency-1#webhook"}',
        '{"pk": 1, "sk": 2}',
        '{"pk": null, "sk": null}',
        '{"pk": "", "sk": ""}',
        '{"pk": "R#NS-26-7KQ4ZP", "sk": "CHILD#01"}',
        '{"pk": "G#north-police", "sk": "N#01#0001#agency-1#webhook"}',
        '{"pk": "R#NS-26-7KQ4ZP", "sk": "M#01#0001#agency-1#webhook"}',
        '{"pk": "R#NS-26-7KQ4ZP", "sk": "N#01#0001#agency-1#fax"}',
        '{"pk": "R#NS-26-7KQ4ZP", "sk": "N#one#0001#agency-1#webhook"}',
        '{"pk": "R#NS-26-7KQ4ZP", "sk": "N#01#0001#agency-1#webhook#more#still"}',
        "[" * 100_000,
        '{"pk": "R#NS-26-7KQ4ZP", "sk": "CANARY"}',
        '{"pk": null, "sk": "CANARY"}',
        '{"pk": "G#north-police", "sk": "EP#webhook"}',
    ],
    ids=range(22),
)
def test_a_message_that_names_no_delivery_is_a_value_error(body: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says, it is one
        read_message(body)


def test_the_queues_take_what_we_send_and_give_it_back_when_asked(aws: None) -> None:
    sqs = boto3.client("sqs", region_name=REGION)
    urls = {channel: sqs.create_queue(QueueName=channel)["QueueUrl"] for channel in Channel}
    queues = Dispatch(sqs, email_queue_url=urls[Channel.EMAIL], webhook_queue_url=urls[Channel.WEBHOOK])
    wanted = {a_key(number) for number in range(12)} | {a_key(1, Channel.EMAIL)}
    assert queues.send(wanted) == 13

    def receive(channel: Channel) -> list[Any]:
        answer = sqs.receive_message(
            QueueUrl=urls[channel], MaxNumberOfMessages=10, VisibilityTimeout=600, WaitTimeSeconds=0
        )
        return list(answer.get("Messages", []))

    (message,) = receive(Channel.EMAIL)
    assert read_message(message["Body"]) == a_key(1, Channel.EMAIL)
    assert receive(Channel.EMAIL) == []
    come_back_in(sqs, urls[Channel.EMAIL], message["ReceiptHandle"], 0)
    (again,) = receive(Channel.EMAIL)
    assert again["MessageId"] == message["MessageId"]
    webhooks = [read_message(one["Body"]) for _ in range(2) for one in receive(Channel.WEBHOOK)]
    assert set(webhooks) == wanted - {a_key(1, Channel.EMAIL)}
