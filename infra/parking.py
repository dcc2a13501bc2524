"""What becomes of dead letters: each is written into the trail as parked or refused, and a person is told."""

from aws_cdk import Duration, aws_lambda
from constructs import Construct

from functions.settings import ParkSettings
from infra.audit_store import AuditStore
from infra.delivery import Delivery
from infra.intake import Intake
from infra.keyring import Keyring
from infra.service_function import ServiceFunction
from infra.stage import StageParameters

TIMEOUT = Duration.seconds(30)
BATCH = 5
CONCURRENCY = 2


class Parking(Construct):
    """Reads the dead letters that name an event or a delivery.

    Those of the relay and of the sweep's schedule name neither and lose nothing, for the next sweep finds the work;
    they stay in their queue for the alarm and the person it calls.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: StageParameters,
        keyring: Keyring,
        store: AuditStore,
        intake: Intake,
        delivery: Delivery,
        code: aws_lambda.Code,
    ) -> None:
        super().__init__(scope, construct_id)
        self.park = ServiceFunction(
            self,
            "Park",
            handler="park_dead_letter",
            code=code,
            environment=ParkSettings.to_env(
                audit_table=store.audit.table_name,
                state_table=store.state.table_name,
                rejected_bucket=intake.rejected.bucket_name,
            ),
            timeout=TIMEOUT,
            memory_mb=512,
            log_key=keyring.logs,
            only_on_emulator=stage.local,
        )
        for name, dead_letters, key in (
            ("FromIntake", intake.queue.dead_letters, keyring.intake),
            ("FromRule", intake.rule_dead_letters, keyring.intake),
            ("FromEmails", delivery.email_queue.dead_letters, keyring.queues),
            ("FromWebhooks", delivery.webhook_queue.dead_letters, keyring.queues),
        ):
            self.park.consumes(dead_letters, construct_id=name, batch=BATCH, concurrency=CONCURRENCY, key=key)
        intake.let_keep_rejected(self.park)
        store.let_append(self.park)
        store.let(self.park, store.state, "GetItem", "PutItem", "UpdateItem")
        store.unlock(self.park, writes=True)
