"""What becomes of dead letters: each is written into the trail as parked or refused, and a person is told."""

from constructs import Construct

from functions.settings import ParkSettings
from infra.delivery import Delivery
from infra.foundation import Foundation
from infra.intake import Intake
from infra.service_function import ServiceFunction, Size
from infra.service_queue import PARK_TIMEOUT_SECONDS

PARK = Size(timeout_seconds=PARK_TIMEOUT_SECONDS, memory_mb=512)
BATCH = 5
CONCURRENCY = 2


class Parking(Construct):
    """Reads the dead letters that name an event or a delivery.

    Those of the relay and of the sweep's schedule name neither and lose nothing, for the next sweep finds the
    work; they stay in their queue for the alarm and the person it calls.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        foundation: Foundation,
        intake: Intake,
        delivery: Delivery,
    ) -> None:
        super().__init__(scope, construct_id)
        store = foundation.store
        self.park = ServiceFunction(
            self,
            "Park",
            handler="park_dead_letter",
            environment=ParkSettings.to_env(
                audit_table=store.audit.table_name,
                state_table=store.state.table_name,
                rejected_bucket=intake.rejected.bucket_name,
                registered_sources=foundation.stage.value("RegisteredSources"),
            ),
            size=PARK,
            runtime=foundation.runtime,
        )
        for name, dead_letters in {
            "FromIntake": intake.queue.dead_letters,
            "FromRule": intake.rule_dead_letters,
            "FromEmails": delivery.email_queue.dead_letters,
            "FromWebhooks": delivery.webhook_queue.dead_letters,
        }.items():
            self.park.consumes(dead_letters, construct_id=name, batch=BATCH, concurrency=CONCURRENCY)
        intake.let_keep_rejected(self.park)
        store.let_append(self.park)
        store.let(self.park, store.state, "GetItem", "PutItem", "UpdateItem")
        store.unlock(self.park, writes=True)
