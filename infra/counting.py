"""What keeps the live counts: the function that the trail's stream wakes, and the one that counts anew each
night."""

from aws_cdk import Duration, aws_events, aws_events_targets, aws_lambda
from constructs import Construct

from functions.settings import CountSettings
from infra.acknowledgements import A_DEAD_LETTER_QUEUE_ENDS_THE_LINE, STREAMS_ARE_LISTED_BY_ACCOUNT, accept
from infra.foundation import Foundation
from infra.service_function import ServiceFunction, Size
from infra.service_queue import DeadLetters

COUNT = Size(timeout_seconds=60, memory_mb=512)
COUNT_BATCH = 100
COUNT_WINDOW_SECONDS = 5
"""One referral's rows come in runs: a batch reads each referral once."""
COUNT_RETRIES = 10
COUNT_RECORD_AGE_SECONDS = 3600

RECOUNT = Size(timeout_seconds=900, memory_mb=512)
"""One query and three milliseconds a referral, twice if something differs: by estimate a hundred a second,
and a large hub has ten thousand in a quarter."""
EACH_NIGHT = aws_events.Schedule.cron(hour="2", minute="30")
"""In UTC: half past two or half past three in the UK, when little comes in."""

NEW_ROWS_OF_REFERRALS = aws_lambda.FilterCriteria.filter(
    {
        "eventName": aws_lambda.FilterRule.is_equal("INSERT"),
        "dynamodb": {"Keys": {"pk": {"S": aws_lambda.FilterRule.begins_with("R#")}}},
    }
)


class Counting(Construct):
    """Reads the trail and writes counts, and a task about how decisions are recorded: no key, no content,
    nothing that anybody is told by."""

    def __init__(self, scope: Construct, construct_id: str, *, foundation: Foundation) -> None:
        super().__init__(scope, construct_id)
        self._foundation = foundation
        key = foundation.keyring.queues
        self.count_dead_letters = DeadLetters(self, "CountDeadLetters", key=key)
        self.recount_dead_letters = DeadLetters(self, "RecountDeadLetters", key=key)
        for dead_letters in (self.count_dead_letters, self.recount_dead_letters):
            accept(dead_letters, A_DEAD_LETTER_QUEUE_ENDS_THE_LINE)
        self.count = self._function("Count", "count_outcomes", COUNT)
        self._read_the_trails_stream()
        self.recount = self._function("Recount", "recount_days", RECOUNT)
        foundation.store.let_list_days(self.recount)
        foundation.store.let_ask_about_all_decisions(self.recount)
        each_night = aws_events_targets.LambdaFunction(
            self.recount.lambda_function,
            dead_letter_queue=self.recount_dead_letters,
            max_event_age=Duration.hours(1),
            retry_attempts=2,
        )
        aws_events.Rule(self, "EachNight", schedule=EACH_NIGHT, targets=[each_night])

    def _function(self, construct_id: str, handler: str, size: Size) -> ServiceFunction:
        store = self._foundation.store
        function = ServiceFunction(
            self,
            construct_id,
            handler=handler,
            environment=CountSettings.to_env(
                audit_table=store.audit.table_name,
                state_table=store.state.table_name,
                clocks=self._foundation.stage.value("Clocks"),
            ),
            size=size,
            runtime=self._foundation.runtime,
        )
        store.let_count(function)
        store.unlock(function, writes=True)
        return function

    def _read_the_trails_stream(self) -> None:
        """It raises once a batch's good referrals are counted: bisecting then isolates the bad one.

        The age bounds the wait; the next row of a referral that was given up counts it whole, and so does the
        night.
        """
        count, stream = self.count, self._foundation.store.audit_stream_arn
        count.may("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", on=stream)
        count.may("dynamodb:ListStreams", on="*")
        count.accept(STREAMS_ARE_LISTED_BY_ACCOUNT)
        queues = self._foundation.keyring.queues
        count.may("sqs:SendMessage", on=self.count_dead_letters.queue_arn)
        count.may("kms:Decrypt", "kms:GenerateDataKey", on=queues.key_arn)
        # The library's own source would grant more than these.
        aws_lambda.CfnEventSourceMapping(
            count,
            "FromTrail",
            function_name=count.name,
            event_source_arn=stream,
            starting_position="TRIM_HORIZON",
            batch_size=COUNT_BATCH,
            maximum_batching_window_in_seconds=COUNT_WINDOW_SECONDS,
            filter_criteria={"filters": [NEW_ROWS_OF_REFERRALS]},
            bisect_batch_on_function_error=True,
            maximum_retry_attempts=COUNT_RETRIES,
            maximum_record_age_in_seconds=COUNT_RECORD_AGE_SECONDS,
            destination_config={"onFailure": {"destination": self.count_dead_letters.queue_arn}},
        )
