"""A batch of queue messages: each answered for by itself, each failure said without its contents."""

from collections.abc import Callable
from types import TracebackType
from typing import Any, TypeAlias

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError

from functions.adapters.errors import RetryError
from functions.adapters.what_failed import kind_of, place_of
from functions.log_lines import MESSAGE_FAILED, MESSAGE_RETURNED, log

Raised: TypeAlias = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]


class _SayingWhy(BatchProcessor):
    """Powertools keeps a message's failure to that message; this also says what failed and where, in code."""

    def failure_handler(self, record: Any, exception: Raised) -> Any:  # noqa: ANN401 - Powertools' own types
        """Logs the failure's kind and place; its text could repeat what a sender wrote."""
        _, error, trace = exception
        if error is not None:
            log(
                MESSAGE_RETURNED if isinstance(error, RetryError) else MESSAGE_FAILED,
                event=record.message_id,
                error=kind_of(error),
                operation=error.operation_name if isinstance(error, ClientError) else None,
                where=place_of(trace),
            )
        return super().failure_handler(record, exception)


def answer_batch(event: dict[str, Any], context: LambdaContext, take: Callable[..., None]) -> dict[str, Any]:
    """SQS's partial-batch answer: the messages for which `take` raised, and no others, must come back."""
    if not event["Records"]:
        return {"batchItemFailures": []}
    processor = _SayingWhy(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return dict(
        process_partial_response(event=event, record_handler=take, processor=processor, context=context)
    )


def in_time(
    take: Callable[[SQSRecord], None], context: LambdaContext, least_seconds: int
) -> Callable[[SQSRecord], None]:
    """`take`, begun only with time to end it; with less, a message goes back untouched, and is seen again.

    A function that is stopped in the midst of one brings its whole batch back, what it had done included.
    """

    def take_in_time(record: SQSRecord) -> None:
        if context.get_remaining_time_in_millis() < 1000 * least_seconds:
            raise RetryError("no time left to end another message")
        take(record)

    return take_in_time
