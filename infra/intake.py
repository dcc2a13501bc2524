"""From the bus to the trail: a rule on the whole bus, a queue, and the function that accepts or refuses."""

from aws_cdk import Aws, Duration, RemovalPolicy, Stack, aws_events, aws_iam, aws_s3
from constructs import Construct

from functions.settings import ReceiveSettings
from infra.acknowledgements import (
    A_DEAD_LETTER_QUEUE_ENDS_THE_LINE,
    REJECTED_EVENTS_HAVE_NO_ACCESS_LOG,
    accept,
    objects_have_no_names_yet,
)
from infra.foundation import Foundation
from infra.service_function import ServiceFunction, Size
from infra.service_queue import DEAD_DAYS, DeadLetters, ServiceQueue
from infra.stage import StageParameters

RECEIVE = Size(timeout_seconds=60, memory_mb=1024)
BATCH = 10
CONCURRENCY = 5
RECEIVES = 240
"""A day of them, six minutes apart: what the tables could not take for hours is no event to refuse. One that
fails for a reason of its own calls a person with its first failure, not with its last."""

WHAT_EVENTS_ARE_ABOUT = ("R#*", "Q#*", "FORM#*")
"""Partitions that own a data key: a referral, or a police form that no referral has claimed yet."""


def bus_name(stage: StageParameters) -> str:
    """The bus's name; it follows from the stage's, so that what stands before the intake can know it."""
    return f"mash-outcomes-{stage.value('StageName')}"


class Intake(Construct):
    """All that is put on the bus ends in the trail, the rejected-events bucket or a dead-letter queue."""

    def __init__(
        self, scope: Construct, construct_id: str, *, foundation: Foundation, confirm_base: str
    ) -> None:
        super().__init__(scope, construct_id)
        self._foundation = foundation
        self._confirm_base = confirm_base
        self._key = foundation.keyring.intake
        stage = foundation.stage.value("StageName")
        self.bus = aws_events.EventBus(self, "Bus", event_bus_name=bus_name(foundation.stage))
        self.queue = ServiceQueue(
            self,
            "Decisions",
            key=self._key,
            reader_timeout_seconds=RECEIVE.timeout_seconds,
            receives=RECEIVES,
        )
        # Under another key: one that EventBridge may not use would close the queue and this one at once.
        self.rule_dead_letters = DeadLetters(self, "RuleDeadLetters", key=foundation.keyring.turned_away)
        accept(self.rule_dead_letters, A_DEAD_LETTER_QUEUE_ENDS_THE_LINE)
        self.rejected = self._rejected_events()
        self.rule_name = f"mash-outcomes-{stage}-whole-bus"
        self._forward_the_whole_bus()
        self.receive = self._receive()

    def let_keep_rejected(self, function: ServiceFunction) -> None:
        """Let a function put a refused event aside for the operator; it can never read one back."""
        function.may("s3:PutObject", on=self.rejected.arn_for_objects("*"))
        function.may("kms:GenerateDataKey", on=self._key.key_arn)
        function.accept(objects_have_no_names_yet(_logical_id(self.rejected)))

    def _receive(self) -> ServiceFunction:
        stage, keyring, store = self._foundation.stage, self._foundation.keyring, self._foundation.store
        receive = ServiceFunction(
            self,
            "Receive",
            handler="receive_event",
            environment=ReceiveSettings.to_env(
                audit_table=store.audit.table_name,
                state_table=store.state.table_name,
                keys_table=store.keys.table_name,
                data_key_arn=keyring.data.key_arn,
                rejected_bucket=self.rejected.bucket_name,
                hub=stage.value("Hub"),
                confirm_base=self._confirm_base,
                ra_policy=stage.value("RaPolicy"),
                clocks=stage.value("Clocks"),
                managed_domains=stage.value("ManagedDomains"),
                registered_sources=stage.value("RegisteredSources"),
            ),
            size=RECEIVE,
            runtime=self._foundation.runtime,
        )
        receive.consumes(self.queue.live, construct_id="FromIntake", batch=BATCH, concurrency=CONCURRENCY)
        self.let_keep_rejected(receive)
        store.let_append(receive)
        store.let(
            receive,
            store.state,
            "BatchGetItem",
            "ConditionCheckItem",
            "GetItem",
            "PutItem",
            "Query",
            "UpdateItem",
        )
        store.let_find_clocks(receive)
        store.let_add_keys(receive)
        store.unlock(receive, writes=True)
        keyring.let_wrap(receive, partitions=WHAT_EVENTS_ARE_ABOUT)
        return receive

    def _rejected_events(self) -> aws_s3.Bucket:
        bucket = aws_s3.Bucket(
            self,
            "RejectedEvents",
            encryption=aws_s3.BucketEncryption.KMS,
            encryption_key=self._key,
            bucket_key_enabled=True,
            block_public_access=aws_s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=aws_s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            lifecycle_rules=[aws_s3.LifecycleRule(id="FourteenDays", expiration=Duration.days(DEAD_DAYS))],
            removal_policy=RemovalPolicy.RETAIN,
        )
        accept(bucket, REJECTED_EVENTS_HAVE_NO_ACCESS_LOG)
        return bucket

    def _forward_the_whole_bus(self) -> None:
        """Match by account, not by type: a type nobody knows must be refused visibly, not filtered away."""
        rule = aws_events.CfnRule(
            self,
            "WholeBus",
            name=self.rule_name,  # the alarms need it, and a reference to it would be "bus|rule"
            event_bus_name=self.bus.event_bus_name,
            event_pattern={"account": [Aws.ACCOUNT_ID]},
            targets=[
                aws_events.CfnRule.TargetProperty(
                    id="Intake",
                    arn=self.queue.live.queue_arn,
                    dead_letter_config={"arn": self.rule_dead_letters.queue_arn},
                    retry_policy={"maximumEventAgeInSeconds": 24 * 3600, "maximumRetryAttempts": 185},
                )
            ],
        )
        # By hand, because the library's own target lets the rules of every account in the world write here.
        for target in (self.queue.live, self.rule_dead_letters):
            target.add_to_resource_policy(
                aws_iam.PolicyStatement(
                    principals=[aws_iam.ServicePrincipal("events.amazonaws.com")],
                    actions=["sqs:SendMessage"],
                    resources=[target.queue_arn],
                    conditions={"ArnEquals": {"aws:SourceArn": rule.attr_arn}},
                )
            )


def _logical_id(bucket: aws_s3.Bucket) -> str:
    resource = bucket.node.default_child
    if not isinstance(resource, aws_s3.CfnBucket):
        raise TypeError("a bucket without its CloudFormation resource has no logical id")
    return Stack.of(bucket).get_logical_id(resource)
