"""The whole service on one screen: what exists, what is joined to what, what is watched."""

from aws_cdk import CfnOutput, Environment, Stack, Tags, aws_lambda
from constructs import Construct

from infra.alarms import Alarms
from infra.audit_store import AuditStore
from infra.delivery import Delivery
from infra.intake import Intake
from infra.keyring import Keyring
from infra.parking import Parking
from infra.service_function import SERVICE, ServiceFunction
from infra.stage import Stage, StageParameters

REGION = "eu-west-2"


class ServiceStack(Stack):
    """One stack a stage, in London: children's data do not leave the country."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, code: aws_lambda.Code) -> None:
        super().__init__(scope, construct_id, stack_name=stage.stack_name, env=Environment(region=REGION))
        self._asks = StageParameters(self, "Stage", stage=stage)
        keyring = Keyring(self, "Keyring")
        store = AuditStore(self, "AuditStore", key=keyring.tables)
        self._intake = Intake(self, "Intake", stage=self._asks, keyring=keyring, store=store, code=code)
        self._delivery = Delivery(self, "Delivery", stage=self._asks, keyring=keyring, store=store, code=code)
        self._parking = Parking(
            self,
            "Parking",
            stage=self._asks,
            keyring=keyring,
            store=store,
            intake=self._intake,
            delivery=self._delivery,
            code=code,
        )
        self._watch(Alarms(self, "Alarms", stage=self._asks, keyring=keyring))
        self._tell(store)
        self._tag()

    def _watch(self, alarms: Alarms) -> None:
        intake, delivery, park = self._intake, self._delivery, self._parking.park
        for name, queue in (
            ("Intake", intake.queue),
            ("Email", delivery.email_queue),
            ("Webhook", delivery.webhook_queue),
        ):
            alarms.watch_backlog(name, queue.queue)
            alarms.watch_dead_letters(name, queue.dead_letters)
        alarms.watch_dead_letters("Rule", intake.rule_dead_letters)
        alarms.watch_dead_letters("Relay", delivery.relay_dead_letters)
        alarms.watch_dead_letters("Sweep", delivery.sweep_dead_letters)
        alarms.watch_stream("Relay", delivery.relay)
        for name, function in self._functions().items():
            alarms.watch_errors(name, function)
        senders = (delivery.send_email, delivery.send_webhook)
        alarms.watch_line(
            "EVENT_REFUSED",
            metric="RefusedEvents",
            functions=[intake.receive, park],
            runbook="event-refused",
            says="An event was refused: a decision may not reach anyone until it is sent again.",
        )
        alarms.watch_line(
            "SEND_EXHAUSTED",
            metric="ExhaustedSends",
            functions=senders,
            runbook="not-told",
            says="Every try to tell an agency has failed.",
        )
        alarms.watch_line(
            "DELIVERY_PARKED",
            metric="ParkedDeliveries",
            functions=[*senders, park],
            runbook="delivery-parked",
            says="A delivery cannot go on without a person.",
        )
        alarms.watch_heartbeat("SWEEP_RAN", metric="Sweeps", function=delivery.sweep)
        CfnOutput(self, "AlarmTopicArn", value=alarms.topic.topic_arn)

    def _functions(self) -> dict[str, ServiceFunction]:
        delivery = self._delivery
        return {
            "Receive": self._intake.receive,
            "Relay": delivery.relay,
            "Sweep": delivery.sweep,
            "Email": delivery.send_email,
            "Webhook": delivery.send_webhook,
            "Park": self._parking.park,
        }

    def _tell(self, store: AuditStore) -> None:
        intake, delivery = self._intake, self._delivery
        outputs = {
            "EventBusName": intake.bus.event_bus_name,
            "AuditTableName": store.audit.table_name,
            "StateTableName": store.state.table_name,
            "KeysTableName": store.keys.table_name,
            "RejectedBucketName": intake.rejected.bucket_name,
            "IntakeQueueUrl": intake.queue.queue.queue_url,
            "IntakeDeadLetterQueueUrl": intake.queue.dead_letters.queue_url,
            "EmailQueueUrl": delivery.email_queue.queue.queue_url,
            "EmailDeadLetterQueueUrl": delivery.email_queue.dead_letters.queue_url,
            "WebhookQueueUrl": delivery.webhook_queue.queue.queue_url,
            "WebhookDeadLetterQueueUrl": delivery.webhook_queue.dead_letters.queue_url,
            "SecretPrefix": delivery.secret_prefix,
        }
        for name, value in outputs.items():
            CfnOutput(self, name, value=value)
        for name, function in self._functions().items():
            CfnOutput(self, f"{name}FunctionName", value=function.name)

    def _tag(self) -> None:
        for key, value in {
            "service": SERVICE,
            "environment": self._asks.value("StageName"),
            "owner": self._asks.value("Owner"),
            "cost-centre": self._asks.value("CostCentre"),
            "data-classification": "OFFICIAL-SENSITIVE",
        }.items():
            # CloudFormation wants a stack's own tags to be plain words, and two of these are parameters.
            Tags.of(self).add(key, value, exclude_resource_types=["aws:cdk:stack"])
