"""The whole service on one screen: what exists, what stands on what, what is watched."""

from aws_cdk import Environment, Stack, Tags, aws_lambda
from constructs import Construct

from infra.acknowledge import Acknowledge
from infra.alarms import Alarms
from infra.audit_store import AuditStore
from infra.beat import Beat
from infra.boundary import Boundary
from infra.console import Console
from infra.counting import Counting
from infra.delivery import Delivery
from infra.foundation import Foundation
from infra.intake import Intake
from infra.keyring import Keyring
from infra.operator import Operator
from infra.outputs import tell, tell_of_dead_letters, tell_of_functions, tell_of_sign_in
from infra.parking import Parking
from infra.receipts import Receipts
from infra.reconciliation import Reconciliation
from infra.senders import Senders
from infra.service_function import SERVICE, Runtime
from infra.sign_in import SignIn
from infra.stage import Stage, StageParameters
from infra.watch import watch
from infra.watch_accounts import watch_accounts
from infra.watch_console import watch_console
from infra.watch_counts import watch_counts

REGION = "eu-west-2"


class ServiceStack(Stack):
    """One stack a stage, in London: children's data do not leave the country."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, code: aws_lambda.Code) -> None:
        super().__init__(scope, construct_id, stack_name=stage.stack_name, env=Environment(region=REGION))
        asks = StageParameters(self, "Stage", stage=stage)
        keyring = Keyring(self, "Keyring")
        store = AuditStore(self, "AuditStore", key=keyring.tables)
        runtime = Runtime(code=code, log_key=keyring.logs, on_emulator=asks.local)
        foundation = Foundation(stage=asks, keyring=keyring, store=store, runtime=runtime)
        confirm = Acknowledge(self, "Confirm", foundation=foundation)
        intake = Intake(self, "Intake", foundation=foundation, confirm_base=confirm.base)
        Beat(self, "Beat", foundation=foundation, bus=intake.bus)
        delivery = Delivery(self, "Delivery", foundation=foundation, intake=intake)
        senders = Senders(self, "Senders", foundation=foundation, delivery=delivery)
        receipts = Receipts(self, "Receipts", foundation=foundation, senders=senders)
        parking = Parking(self, "Parking", foundation=foundation, intake=intake, delivery=delivery)
        reconciliation = Reconciliation(self, "Reconciliation", foundation=foundation)
        counting = Counting(self, "Counting", foundation=foundation)
        sign_in = SignIn(self, "SignIn", stage=asks)
        console = Console(
            self, "Console", foundation=foundation, sign_in=sign_in, log_account=confirm.log_account
        )
        Boundary(self, "Boundary", store=store)
        alarms = Alarms(self, "Alarms", foundation=foundation)
        operator = Operator(
            self, "Operator", foundation=foundation, intake=intake, senders=senders, alarms=alarms
        )
        watch(
            alarms,
            intake=intake,
            delivery=delivery,
            senders=senders,
            parking=parking,
            receipts=receipts,
            confirm=confirm,
            reconciliation=reconciliation,
        )
        watch_accounts(alarms, reconciliation)
        watch_counts(alarms, counting)
        watch_console(alarms, console)
        self._tag(asks)
        tell(
            self,
            EventBusName=intake.bus.event_bus_name,
            AuditTableName=store.audit.table_name,
            StateTableName=store.state.table_name,
            KeysTableName=store.keys.table_name,
            RejectedBucketName=intake.rejected.bucket_name,
            IntakeQueueUrl=intake.queue.live.queue_url,
            EmailQueueUrl=delivery.email_queue.live.queue_url,
            WebhookQueueUrl=delivery.webhook_queue.live.queue_url,
            ReceiptsQueueUrl=receipts.queue.live.queue_url,
            ConfigurationSetName=senders.configuration_set,
            FromAddress=asks.value("FromAddress"),
            EmailsPerSecond=asks.value("EmailsPerSecond"),
            SecretPrefix=senders.secret_prefix,
            DataKeyArn=keyring.data.key_arn,
            ManagedDomains=asks.value("ManagedDomains"),
            RaPolicy=asks.value("RaPolicy"),
            Clocks=asks.value("Clocks"),
            Hub=asks.value("Hub"),
            AlarmTopicArn=alarms.topic.topic_arn,
            ConfirmBase=confirm.base,
            ConfirmAccessLogGroupName=confirm.access_log.log_group_name,
            ConsoleUrl=console.base,
            ConsoleAccessLogGroupName=console.access_log.log_group_name,
            ConsoleApiId=console.api.rest_api_id,
            OperatorPolicyArn=operator.policy.managed_policy_arn,
        )
        tell_of_sign_in(self, sign_in, asks)
        tell_of_dead_letters(
            self,
            {
                "Intake": intake.queue.dead_letters,
                "Rule": intake.rule_dead_letters,
                "Email": delivery.email_queue.dead_letters,
                "Webhook": delivery.webhook_queue.dead_letters,
                "Relay": delivery.relay_dead_letters,
                "Sweep": delivery.sweep_dead_letters,
                "Receipts": receipts.queue.dead_letters,
                "ReceiptsRule": receipts.rule_dead_letters,
                "Reconcile": reconciliation.dead_letters,
                "Count": counting.count_dead_letters,
                "Recount": counting.recount_dead_letters,
            },
        )
        tell_of_functions(
            self,
            {
                "Receive": intake.receive,
                "Relay": delivery.relay,
                "Sweep": delivery.sweep,
                "Email": senders.email,
                "Webhook": senders.webhook,
                "Park": parking.park,
                "Receipts": receipts.record,
                "Reconcile": reconciliation.reconcile,
                "Count": counting.count,
                "Recount": counting.recount,
                "Acknowledge": confirm.acknowledge,
                "Console": console.console,
            },
        )

    def _tag(self, asks: StageParameters) -> None:
        for key, value in {
            "service": SERVICE,
            "environment": asks.value("StageName"),
            "owner": asks.value("Owner"),
            "cost-centre": asks.value("CostCentre"),
            "data-classification": "OFFICIAL-SENSITIVE",
        }.items():
            # CloudFormation wants a stack's own tags to be plain words, and some of these are parameters.
            Tags.of(self).add(key, value, exclude_resource_types=["aws:cdk:stack"])
