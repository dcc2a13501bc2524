"""Clocks on their way to the intake's queue: ids only, each once, and read back by whoever takes them in."""

import json
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.adapters.dispatch import CLOCK_TYPE, ClockQueue, clock_body, read_clock
from functions.adapters.errors import RetryError
from functions.adapters.ledger.keys import ClockKey
from functions.domain.life_clocks.clock import Which
from functions.flows.intake.arrivals import unwrap
from schemas.codes import ClockKind
from tests.world import wrapped

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

INTAKE = "https://queue.example/intake"

clocks = st.builds(
    ClockKey,
    ref=st.from_regex(r"[A-Z0-9][A-Z0-9-]{3,17}", fullmatch=True),
    which=st.builds(
        Which,
        kind=st.sampled_from(ClockKind),
        child=st.integers(0, 99),
        about=st.just("") | st.from_regex(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}", fullmatch=True),
    ),
)


class FakeSqs:
    """Keeps each batch; fails the clocks of the referrals that a test names."""

    def __init__(self, *failing: str) -> None:
        self.batches: list[tuple[str, list[dict[str, str]]]] = []
        self._failing = failing

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        """SQS's SendMessageBatch."""
        self.batches.append((QueueUrl, Entries))
        failed = [
            {"Id": entry["Id"]}
            for entry in Entries
            if any(ref in entry["MessageBody"] for ref in self._failing)
        ]
        return {"Successful": [], **({"Failed": failed} if failed else {})}


def a_clock(number: int = 1) -> ClockKey:
    return ClockKey(f"NS-26-{number:06d}", Which(ClockKind.DECIDE, 1))


def queue(sqs: FakeSqs) -> ClockQueue:
    return ClockQueue(cast("SQSClient", sqs), intake_queue_url=INTAKE)


def test_a_clocks_message_names_it_and_says_no_more() -> None:
    sqs = FakeSqs()
    assert queue(sqs).send([a_clock()]) == 1
    ((url, (entry,)),) = sqs.batches
    assert url == INTAKE
    assert entry.keys() == {"Id", "MessageBody"}
    assert json.loads(entry["MessageBody"]) == {
        "detail-type": "CLOCK",
        "detail": {"pk": "R#NS-26-000001", "sk": "CLOCK#DECIDE#01"},
    }


def test_a_clock_that_two_shards_show_is_queued_once() -> None:
    sqs = FakeSqs()
    assert queue(sqs).send([a_clock(), a_clock(2), a_clock()]) == 2
    assert [len(entries) for _, entries in sqs.batches] == [2]


def test_however_many_there_are_each_batch_has_ten_at_most_and_ids_of_its_own() -> None:
    sqs = FakeSqs()
    assert queue(sqs).send(map(a_clock, range(23))) == 23
    assert [len(entries) for _, entries in sqs.batches] == [10, 10, 3]
    assert all(len({entry["Id"] for entry in entries}) == len(entries) for _, entries in sqs.batches)


def test_with_none_due_the_queue_is_not_asked() -> None:
    sqs = FakeSqs()
    assert queue(sqs).send(()) == 0
    assert sqs.batches == []


def test_clocks_that_the_queue_did_not_take_are_an_error() -> None:
    """The index has them still: the next sweep queues them again."""
    with pytest.raises(RetryError, match="1 clocks were not queued"):
        queue(FakeSqs("NS-26-000002")).send([a_clock(), a_clock(2)])


@given(clocks)
def test_whoever_takes_a_message_in_reads_the_clock_that_it_names(key: ClockKey) -> None:
    delivered = unwrap(clock_body(key))
    assert delivered.detail_type == CLOCK_TYPE
    assert read_clock(clock_body(key)) == key
    assert delivered.detail.keys() == {"pk", "sk"}


@pytest.mark.parametrize(
    "detail",
    [
        {},
        {"pk": "R#NS-26-7KQ4ZP", "sk": None},
        {"pk": "R#NS-26-7KQ4ZP", "sk": "CLOCK#DECIDE#01", "more": 1},
        {"pk": "R#NS-26-7KQ4ZP", "sk": "CLOCK#DECIDE"},
        {"pk": "R#NS-26-7KQ4ZP", "sk": "CLOCK#UNHEARD_OF#01"},
        {"pk": "R#NS-26-7KQ4ZP", "sk": "N#01#0001#agency-1#webhook"},
        {"pk": "G#north-police", "sk": "CLOCK#DECIDE#01"},
        {"pk": "EVT#1", "sk": "CLOCK#DECIDE#01"},
    ],
    ids=json.dumps,
)
def test_what_names_no_clock_is_none(detail: dict[str, Any]) -> None:
    assert read_clock(json.dumps({"detail-type": CLOCK_TYPE, "detail": detail})) is None


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "[" * 100_000,
        '{"detail": null}',
        json.dumps({"detail-type": "DECIDED", "detail": {"pk": a_clock().pk, "sk": a_clock().sk}}),
        wrapped({"pk": a_clock().pk, "sk": a_clock().sk}, "11111111-0000-4000-8000-000000000001", CLOCK_TYPE),
        json.dumps({"version": "0", **json.loads(clock_body(a_clock()))}),
    ],
    ids=["nothing", "a list", "too deep", "no detail", "another type", "from the bus", "nearly from it"],
)
def test_what_the_sweep_did_not_make_is_none(body: str) -> None:
    assert read_clock(body) is None
