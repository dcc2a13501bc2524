"""What carries a delivery to its door: the queues, the fast path by stream, and the sweep behind it."""

from aws_cdk import Duration, aws_events, aws_events_targets, aws_lambda
from constructs import Construct

from functions.settings import RelaySettings, SweepSettings
from infra.acknowledgements import A_DEAD_LETTER_QUEUE_ENDS_THE_LINE, STREAMS_ARE_LISTED_BY_ACCOUNT, accept
from infra.foundation import Foundation
from infra.intake import Intake
from infra.service_function import ServiceFunction, Size
from infra.service_queue import DeadLetters, HouseQueue, ServiceQueue

SEND = Size(timeout_seconds=65, memory_mb=1024)
"""Five sends of 10 s each and 15 s to spare."""
SEND_RECEIVES = 30
"""A sender gives a message back some times before it leaves it to the sweep, and one that is stopped does so
without a word: far more than ten receives can be innocent."""

RELAY = Size(timeout_seconds=30, memory_mb=512)
RELAY_BATCH = 25
RELAY_RETRIES = 5
RELAY_RECORD_AGE_SECONDS = 120

SWEEP = Size(timeout_seconds=50, memory_mb=512)

NEW_DELIVERIES = aws_lambda.FilterCriteria.filter(
    {
        "eventName": aws_lambda.FilterRule.is_equal("INSERT"),
        "dynamodb": {
            "NewImage": {
                "sk": {"S": aws_lambda.FilterRule.begins_with("N#")},
                "st": {"S": aws_lambda.FilterRule.is_equal("PENDING")},
                # A held delivery is pending too, but has no place in the due index.
                "due_pk": {"S": aws_lambda.FilterRule.exists()},
            }
        },
    }
)


class Delivery(Construct):
    """Queues carry ids only; whatever the fast path loses, the sweep finds in the due index."""

    def __init__(
        self, scope: Construct, construct_id: str, *, foundation: Foundation, intake: Intake
    ) -> None:
        super().__init__(scope, construct_id)
        self._foundation = foundation
        self._intake = intake.queue.live
        self._key = foundation.keyring.queues
        self.email_queue = self._queue("Emails")
        self.webhook_queue = self._queue("Webhooks")
        self.relay_dead_letters = DeadLetters(self, "RelayDeadLetters", key=self._key)
        self.sweep_dead_letters = DeadLetters(self, "SweepDeadLetters", key=self._key)
        for dead_letters in (self.relay_dead_letters, self.sweep_dead_letters):
            accept(dead_letters, A_DEAD_LETTER_QUEUE_ENDS_THE_LINE)
        self.relay = self._relay()
        self.sweep = self._sweep()

    def _queue(self, construct_id: str) -> ServiceQueue:
        return ServiceQueue(
            self,
            construct_id,
            key=self._key,
            reader_timeout_seconds=SEND.timeout_seconds,
            receives=SEND_RECEIVES,
        )

    def _relay(self) -> ServiceFunction:
        relay = ServiceFunction(
            self,
            "Relay",
            handler="relay_deliveries",
            environment=RelaySettings.to_env(
                email_queue_url=self.email_queue.live.queue_url,
                webhook_queue_url=self.webhook_queue.live.queue_url,
            ),
            size=RELAY,
            runtime=self._foundation.runtime,
        )
        self._let_enqueue(relay)
        self._read_the_state_stream(relay)
        return relay

    def _read_the_state_stream(self, relay: ServiceFunction) -> None:
        """The relay raises once a batch's good records are done: bisecting then isolates the bad one.

        The age bounds the wait, and the sweep delivers what was given up. A record seen twice does no harm: a
        message told twice is one claim.
        """
        stream = self._foundation.store.state_stream_arn
        relay.may("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", on=stream)
        relay.may("dynamodb:ListStreams", on="*")
        relay.accept(STREAMS_ARE_LISTED_BY_ACCOUNT)
        relay.may("sqs:SendMessage", on=self.relay_dead_letters.queue_arn)
        self._foundation.store.unlock(relay, writes=False)
        # The library's own source would grant more than these.
        aws_lambda.CfnEventSourceMapping(
            relay,
            "FromState",
            function_name=relay.name,
            event_source_arn=stream,
            starting_position="TRIM_HORIZON",
            batch_size=RELAY_BATCH,
            filter_criteria={"filters": [NEW_DELIVERIES]},
            bisect_batch_on_function_error=True,
            maximum_retry_attempts=RELAY_RETRIES,
            maximum_record_age_in_seconds=RELAY_RECORD_AGE_SECONDS,
            destination_config={"onFailure": {"destination": self.relay_dead_letters.queue_arn}},
        )

    def _sweep(self) -> ServiceFunction:
        store = self._foundation.store
        sweep = ServiceFunction(
            self,
            "Sweep",
            handler="sweep_due",
            environment=SweepSettings.to_env(
                audit_table=store.audit.table_name,
                state_table=store.state.table_name,
                intake_queue_url=self._intake.queue_url,
                email_queue_url=self.email_queue.live.queue_url,
                webhook_queue_url=self.webhook_queue.live.queue_url,
                clocks=self._foundation.stage.value("Clocks"),
                managed_domains=self._foundation.stage.value("ManagedDomains"),
            ),
            size=SWEEP,
            runtime=self._foundation.runtime,
            retry_attempts=0,  # the next minute's sweep does all that this one did not
        )
        self._let_enqueue(sweep)
        _let_send(sweep, self._intake)
        sweep.may("kms:Decrypt", "kms:GenerateDataKey", on=self._intake.key.key_arn)
        store.let_find_due(sweep)
        store.let_append(sweep)
        store.let(sweep, store.state, "BatchGetItem", "GetItem", "PutItem", "Query", "UpdateItem")
        store.unlock(sweep, writes=True)
        each_minute = aws_events_targets.LambdaFunction(
            sweep.lambda_function,
            dead_letter_queue=self.sweep_dead_letters,
            max_event_age=Duration.minutes(1),
            retry_attempts=2,
        )
        aws_events.Rule(
            self, "EveryMinute", schedule=aws_events.Schedule.rate(Duration.minutes(1)), targets=[each_minute]
        )
        return sweep

    def _let_enqueue(self, function: ServiceFunction) -> None:
        for target in (self.email_queue.live, self.webhook_queue.live):
            _let_send(function, target)
        function.may("kms:Decrypt", "kms:GenerateDataKey", on=self._key.key_arn)


def _let_send(function: ServiceFunction, target: HouseQueue) -> None:
    function.may("sqs:SendMessage", on=target.queue_arn)
    # AWS asks for SendMessage alone, also for a batch; the emulator asks for both.
    function.may_on_emulator("sqs:SendMessageBatch", on=target.queue_arn)
