"""From the state table to the agencies: the fast path by stream, the sweep behind it, and a door for each channel."""

from aws_cdk import (
    Aws,
    Duration,
    Fn,
    aws_dynamodb,
    aws_events,
    aws_events_targets,
    aws_lambda,
    aws_ses,
)
from constructs import Construct

from functions.settings import EmailSettings, RelaySettings, SweepSettings, WebhookSettings
from infra.acknowledgements import SECRETS_ARE_ONE_PER_AGENCY, STREAMS_ARE_LISTED_BY_ACCOUNT
from infra.audit_store import AuditStore
from infra.keyring import Keyring
from infra.service_function import ServiceFunction
from infra.service_queue import DeadLetters, ServiceQueue
from infra.stage import StageParameters

SEND_BATCH = 5
SEND_TIMEOUT = Duration.seconds(65)
"""Five sends of 10 s and 15 s to spare."""
SEND_VISIBILITY = Duration.seconds(390)
"""Six times the timeout; a lease lasts 40 s, so a lost message is claimed again long before it is seen again."""
SEND_RECEIVES = 30
"""A busy lane hands a message back without an attempt, so far more than ten receives are innocent."""
EMAIL_CONCURRENCY = 5
WEBHOOK_CONCURRENCY = 10

NEW_DELIVERIES = aws_lambda.FilterCriteria.filter(
    {
        "eventName": aws_lambda.FilterRule.is_equal("INSERT"),
        "dynamodb": {
            "NewImage": {
                "sk": {"S": aws_lambda.FilterRule.begins_with("N#")},
                "st": {"S": aws_lambda.FilterRule.is_equal("PENDING")},
            }
        },
    }
)

REFERRALS = ("R#*",)


class Delivery(Construct):
    """Queues carry ids only; whatever the fast path loses, the sweep finds in the due index."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: StageParameters,
        keyring: Keyring,
        store: AuditStore,
        code: aws_lambda.Code,
    ) -> None:
        super().__init__(scope, construct_id)
        self._stage, self._keyring, self._store, self._code = stage, keyring, store, code
        self.email_queue = self._queue("Emails")
        self.webhook_queue = self._queue("Webhooks")
        self.relay_dead_letters = DeadLetters(self, "RelayDeadLetters", key=keyring.queues)
        self.sweep_dead_letters = DeadLetters(self, "SweepDeadLetters", key=keyring.queues)
        self.secret_prefix = f"mash/{stage.value('StageName')}/webhook/"
        self.configuration_set = aws_ses.ConfigurationSet(
            self,
            "Outcomes",
            tls_policy=aws_ses.ConfigurationSetTlsPolicy.REQUIRE,
            suppression_reasons=aws_ses.SuppressionReasons.BOUNCES_AND_COMPLAINTS,
            reputation_metrics=True,
        )
        self._sending_domain = Fn.select(1, Fn.split("@", stage.value("FromAddress")))
        self._identity = aws_ses.EmailIdentity(
            self, "SendingDomain", identity=aws_ses.Identity.domain(self._sending_domain)
        )
        self.relay = self._relay()
        self.sweep = self._sweep()
        self.send_email = self._send_email()
        self.send_webhook = self._send_webhook()

    def _queue(self, construct_id: str) -> ServiceQueue:
        return ServiceQueue(
            self, construct_id, key=self._keyring.queues, visibility=SEND_VISIBILITY, receives=SEND_RECEIVES
        )

    def _relay(self) -> ServiceFunction:
        relay = ServiceFunction(
            self,
            "Relay",
            handler="relay_deliveries",
            code=self._code,
            environment=RelaySettings.to_env(
                email_queue_url=self.email_queue.queue.queue_url,
                webhook_queue_url=self.webhook_queue.queue.queue_url,
            ),
            timeout=Duration.seconds(30),
            memory_mb=512,
            log_key=self._keyring.logs,
            only_on_emulator=self._stage.local,
        )
        self._let_enqueue(relay)
        relay.may("sqs:SendMessage", on=self.relay_dead_letters.queue_arn)
        relay.may(
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            on=self._state_stream,
        )
        relay.may("dynamodb:ListStreams", on="*")
        relay.accept(STREAMS_ARE_LISTED_BY_ACCOUNT)
        self._store.unlock(relay, writes=False)
        # The relay raises after doing the good records of a batch: bisecting then isolates the bad one, the age
        # bounds the wait, and the sweep delivers what was given up. It is idempotent: a queue twice told is one claim.
        aws_lambda.CfnEventSourceMapping(
            relay,
            "FromState",
            function_name=relay.name,
            event_source_arn=self._state_stream,
            starting_position="TRIM_HORIZON",
            batch_size=25,
            filter_criteria={"filters": [NEW_DELIVERIES]},
            bisect_batch_on_function_error=True,
            maximum_retry_attempts=5,
            maximum_record_age_in_seconds=120,
            destination_config={"onFailure": {"destination": self.relay_dead_letters.queue_arn}},
        )
        return relay

    def _sweep(self) -> ServiceFunction:
        sweep = ServiceFunction(
            self,
            "Sweep",
            handler="sweep_due",
            code=self._code,
            environment=SweepSettings.to_env(
                state_table=self._store.state.table_name,
                email_queue_url=self.email_queue.queue.queue_url,
                webhook_queue_url=self.webhook_queue.queue.queue_url,
            ),
            timeout=Duration.seconds(50),
            memory_mb=512,
            log_key=self._keyring.logs,
            only_on_emulator=self._stage.local,
            # The next minute's sweep does all that this one did not.
            retry_attempts=0,
        )
        self._let_enqueue(sweep)
        self._store.let_find_due(sweep)
        self._store.unlock(sweep, writes=False)
        aws_events.Rule(
            self,
            "EveryMinute",
            schedule=aws_events.Schedule.rate(Duration.minutes(1)),
            targets=[
                aws_events_targets.LambdaFunction(
                    sweep.lambda_function,
                    dead_letter_queue=self.sweep_dead_letters,
                    max_event_age=Duration.minutes(1),
                    retry_attempts=2,
                )
            ],
        )
        return sweep

    def _send_email(self) -> ServiceFunction:
        sender = ServiceFunction(
            self,
            "SendEmail",
            handler="send_email",
            code=self._code,
            environment=EmailSettings.to_env(
                audit_table=self._store.audit.table_name,
                state_table=self._store.state.table_name,
                keys_table=self._store.keys.table_name,
                retry_steps=self._stage.value("RetrySteps"),
                from_address=self._stage.value("FromAddress"),
                configuration_set=self.configuration_set.configuration_set_name,
            ),
            timeout=SEND_TIMEOUT,
            memory_mb=1024,
            log_key=self._keyring.logs,
            only_on_emulator=self._stage.local,
        )
        self._let_claim_and_commit(sender, self.email_queue, EMAIL_CONCURRENCY)
        for resource in (
            f"identity/{self._sending_domain}",
            f"configuration-set/{self.configuration_set.configuration_set_name}",
        ):
            sender.may(
                "ses:SendEmail",
                on=f"arn:{Aws.PARTITION}:ses:{Aws.REGION}:{Aws.ACCOUNT_ID}:{resource}",
                where={"StringEquals": {"ses:FromAddress": self._stage.value("FromAddress")}},
            )
        # The emulator knows neither these resources nor the sender's address.
        sender.may_on_emulator("ses:SendEmail", on="*")
        return sender

    def _send_webhook(self) -> ServiceFunction:
        sender = ServiceFunction(
            self,
            "SendWebhook",
            handler="send_webhook",
            code=self._code,
            environment=WebhookSettings.to_env(
                audit_table=self._store.audit.table_name,
                state_table=self._store.state.table_name,
                keys_table=self._store.keys.table_name,
                retry_steps=self._stage.value("RetrySteps"),
                secret_prefix=self.secret_prefix,
                local_receiver_origins=self._stage.local_only("LocalReceiverOrigins"),
            ),
            timeout=SEND_TIMEOUT,
            memory_mb=1024,
            log_key=self._keyring.logs,
            only_on_emulator=self._stage.local,
        )
        self._let_claim_and_commit(sender, self.webhook_queue, WEBHOOK_CONCURRENCY)
        sender.may(
            "secretsmanager:GetSecretValue",
            on=f"arn:{Aws.PARTITION}:secretsmanager:{Aws.REGION}:{Aws.ACCOUNT_ID}:secret:{self.secret_prefix}*",
        )
        sender.accept(SECRETS_ARE_ONE_PER_AGENCY)
        return sender

    def _let_claim_and_commit(self, sender: ServiceFunction, source: ServiceQueue, concurrency: int) -> None:
        """What the two doors share: their queue, one transaction before the send and one after it."""
        store = self._store
        sender.consumes(
            source.queue,
            construct_id="FromQueue",
            batch=SEND_BATCH,
            concurrency=concurrency,
            key=self._keyring.queues,
        )
        sender.may("sqs:ChangeMessageVisibility", on=source.queue.queue_arn)
        store.let_append(sender)
        store.let(sender, store.state, "ConditionCheckItem", "GetItem", "PutItem", "UpdateItem")
        store.let(sender, store.keys, "GetItem")
        store.unlock(sender, writes=True)
        self._keyring.let_unwrap(sender, partitions=REFERRALS)

    def _let_enqueue(self, function: ServiceFunction) -> None:
        for target in (self.email_queue, self.webhook_queue):
            function.may("sqs:SendMessage", on=target.queue.queue_arn)
            # AWS asks for SendMessage alone, also for a batch; the emulator asks for both.
            function.may_on_emulator("sqs:SendMessageBatch", on=target.queue.queue_arn)
        function.may("kms:Decrypt", "kms:GenerateDataKey", on=self._keyring.queues.key_arn)

    @property
    def _state_stream(self) -> str:
        stream = self._store.state.table_stream_arn
        if stream is None:
            raise ValueError("the state table has no stream")
        return stream
