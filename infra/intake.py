"""From the bus to the trail: a rule on the whole bus, the intake queue, and the function that accepts or refuses."""

from aws_cdk import (
    Aws,
    Duration,
    RemovalPolicy,
    Stack,
    aws_events,
    aws_iam,
    aws_lambda,
    aws_s3,
)
from constructs import Construct

from functions.settings import ReceiveSettings
from infra.acknowledgements import REJECTED_EVENTS_HAVE_NO_ACCESS_LOG, accept, objects_have_no_names_yet
from infra.audit_store import AuditStore
from infra.keyring import Keyring
from infra.service_function import ServiceFunction
from infra.service_queue import DEAD_DAYS, DeadLetters, ServiceQueue
from infra.stage import StageParameters

TIMEOUT = Duration.seconds(60)
VISIBILITY = Duration.seconds(6 * 60)
BATCH = 10
CONCURRENCY = 5
RECEIVES = 10

REFERRALS_AND_LOOSE_FORMS = ("R#*", "FORM#*")
"""Partitions that own a data key: a referral, or a police form that no referral has claimed yet."""


class Intake(Construct):
    """Everything the MASH puts on the bus ends in the trail, in the rejected-events bucket, or in a dead-letter queue."""

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
        self._keyring = keyring
        self.bus = aws_events.EventBus(self, "Bus")
        self.queue = ServiceQueue(
            self, "Decisions", key=keyring.intake, visibility=VISIBILITY, receives=RECEIVES
        )
        self.rule_dead_letters = DeadLetters(self, "RuleDeadLetters", key=keyring.intake)
        self.rejected = self._rejected_events()
        self._forward_the_whole_bus()
        self.receive = ServiceFunction(
            self,
            "Receive",
            handler="receive_event",
            code=code,
            environment=ReceiveSettings.to_env(
                audit_table=store.audit.table_name,
                state_table=store.state.table_name,
                keys_table=store.keys.table_name,
                data_key_arn=keyring.data.key_arn,
                rejected_bucket=self.rejected.bucket_name,
                hub=stage.value("Hub"),
                ra_policy=stage.value("RaPolicy"),
                managed_domains=stage.value("ManagedDomains"),
                registered_sources=stage.value("RegisteredSources"),
            ),
            timeout=TIMEOUT,
            memory_mb=1024,
            log_key=keyring.logs,
            only_on_emulator=stage.local,
        )
        self.receive.consumes(
            self.queue.queue,
            construct_id="FromIntake",
            batch=BATCH,
            concurrency=CONCURRENCY,
            key=keyring.intake,
        )
        self.let_keep_rejected(self.receive)
        store.let_append(self.receive)
        store.let(
            self.receive, store.state, "ConditionCheckItem", "GetItem", "PutItem", "Query", "UpdateItem"
        )
        store.let(self.receive, store.keys, "GetItem", "PutItem")
        store.unlock(self.receive, writes=True)
        keyring.let_wrap(self.receive, partitions=REFERRALS_AND_LOOSE_FORMS)

    def let_keep_rejected(self, function: ServiceFunction) -> None:
        """Let a function put a refused event aside for the operator; it can never read one back."""
        function.may("s3:PutObject", on=self.rejected.arn_for_objects("*"))
        function.may("kms:GenerateDataKey", on=self._keyring.intake.key_arn)
        function.accept(objects_have_no_names_yet(_logical_id(self.rejected)))

    def _rejected_events(self) -> aws_s3.Bucket:
        bucket = aws_s3.Bucket(
            self,
            "RejectedEvents",
            encryption=aws_s3.BucketEncryption.KMS,
            encryption_key=self._keyring.intake,
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
            event_bus_name=self.bus.event_bus_name,
            event_pattern={"account": [Aws.ACCOUNT_ID]},
            targets=[
                aws_events.CfnRule.TargetProperty(
                    id="Intake",
                    arn=self.queue.queue.queue_arn,
                    dead_letter_config={"arn": self.rule_dead_letters.queue_arn},
                    retry_policy={"maximumEventAgeInSeconds": 24 * 3600, "maximumRetryAttempts": 185},
                )
            ],
        )
        # By hand, because the construct's own target lets the rules of every account in the world write here.
        for target in (self.queue.queue, self.rule_dead_letters):
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
