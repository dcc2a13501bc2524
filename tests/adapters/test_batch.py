"""A batch of messages: how many are begun while the tables take nothing, and which come back."""

from typing import TYPE_CHECKING, Any, cast

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from functions.adapters.batch import answer_batch, in_time
from functions.adapters.errors import BusyError
from functions.adapters.patience import LIMIT_SECONDS, Patience

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

STOPPED_AFTER = 60.0
LEAST = 35


class Clock:
    """Seconds since the function began; Lambda's context and whoever waits read the same ones."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> float:
        return self.seconds

    def pause(self, seconds: float) -> None:
        self.seconds += seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(1000 * (STOPPED_AFTER - self.seconds))


def a_batch(count: int) -> dict[str, Any]:
    return {
        "Records": [
            {"messageId": str(number), "body": "", "eventSource": "aws:sqs"} for number in range(count)
        ]
    }


def came_back(answer: dict[str, Any]) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_a_throttle_lets_a_reader_begin_only_what_it_can_end_and_the_rest_goes_back_untouched() -> None:
    clock, begun = Clock(), list[str]()
    context = cast("LambdaContext", clock)
    patience = Patience(clock.now, clock.pause, jitter=lambda: 0.5)

    def take(record: SQSRecord) -> None:
        begun.append(record.message_id)

        def write() -> None:
            raise BusyError("ThrottlingException")

        patience.persist(write)

    answer = answer_batch(a_batch(10), context, in_time(take, context, LEAST))
    assert came_back(answer) == [str(number) for number in range(10)]
    assert begun == ["0", "1"]
    assert 2 * LIMIT_SECONDS <= clock.seconds <= STOPPED_AFTER - LIMIT_SECONDS


def test_what_was_done_before_the_time_ran_short_does_not_come_back() -> None:
    clock, done = Clock(), list[str]()
    context = cast("LambdaContext", clock)

    def take(record: SQSRecord) -> None:
        clock.pause(10)
        done.append(record.message_id)

    answer = answer_batch(a_batch(5), context, in_time(take, context, LEAST))
    assert (done, came_back(answer)) == (["0", "1", "2"], ["3", "4"])
