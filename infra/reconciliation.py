"""What proves that nothing is missing: it reads both tables, and writes its own account alone."""

from aws_cdk import Duration, aws_events, aws_events_targets
from constructs import Construct

from functions.settings import ReconcileSettings
from infra.acknowledgements import A_DEAD_LETTER_QUEUE_ENDS_THE_LINE, accept
from infra.foundation import Foundation
from infra.service_function import ServiceFunction, Size
from infra.service_queue import DeadLetters

RECONCILE = Size(timeout_seconds=300, memory_mb=512)
"""Some fifty referrals a second; a day that takes longer is gone on with a quarter of an hour later."""
EVERY = Duration.minutes(15)


class Reconciliation(Construct):
    """Reads the trail and the state, and no key, so no content; changes nothing that it accounts for."""

    def __init__(self, scope: Construct, construct_id: str, *, foundation: Foundation) -> None:
        super().__init__(scope, construct_id)
        store = foundation.store
        self.dead_letters = DeadLetters(self, "DeadLetters", key=foundation.keyring.queues)
        accept(self.dead_letters, A_DEAD_LETTER_QUEUE_ENDS_THE_LINE)
        self.reconcile = ServiceFunction(
            self,
            "Reconcile",
            handler="reconcile",
            environment=ReconcileSettings.to_env(
                audit_table=store.audit.table_name,
                state_table=store.state.table_name,
                clocks=foundation.stage.value("Clocks"),
            ),
            size=RECONCILE,
            runtime=foundation.runtime,
            retry_attempts=0,  # the next run does all that this one did not
        )
        store.let_account_for_days(self.reconcile)
        store.unlock(self.reconcile, writes=True)
        each_time = aws_events_targets.LambdaFunction(
            self.reconcile.lambda_function,
            dead_letter_queue=self.dead_letters,
            max_event_age=EVERY,
            retry_attempts=2,
        )
        aws_events.Rule(
            self, "EveryQuarterOfAnHour", schedule=aws_events.Schedule.rate(EVERY), targets=[each_time]
        )
