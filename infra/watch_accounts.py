"""What is watched of the function that accounts for everybody else, and what it finds."""

from aws_cdk import Duration

from infra.alarms import LOOKED_AT_EACH_QUARTER, RECKONED_EACH_HOUR, Alarms
from infra.reconciliation import Reconciliation


def watch_accounts(alarms: Alarms, reconciliation: Reconciliation) -> None:
    """Set the alarms of the function that accounts for everybody else, and of its own silence."""
    reconcile = reconciliation.reconcile
    alarms.watch_errors("Reconcile", reconcile)
    alarms.watch_dead_letters("Reconcile", reconciliation.dead_letters)
    alarms.watch_line(
        "RECONCILIATION_FAILED",
        metric="Differences",
        functions=[reconcile],
        runbook="reconciliation",
        says="The tables disagree about an event or a message: something may be lost.",
        lasts=RECKONED_EACH_HOUR,
    )
    alarms.watch_line(
        "NO_DECISIONS",
        metric="QuietQuarterHours",
        functions=[reconcile],
        runbook="silence",
        says="No decision has come for two hours of open office: the feed may be down.",
        lasts=LOOKED_AT_EACH_QUARTER,
    )
    alarms.watch_line(
        "UNDELIVERED_TOO_LONG",
        metric="UndeliveredTooLong",
        functions=[reconcile],
        runbook="undelivered",
        says="An outcome has been on its way for more than a working day.",
        lasts=LOOKED_AT_EACH_QUARTER,
    )
    alarms.measure(
        "OLDEST_UNDELIVERED", field="minutes", metric="OldestUndeliveredMinutes", function=reconcile
    )
    alarms.watch_heartbeat(
        "RECONCILED",
        metric="Accounts",
        function=reconcile,
        every=Duration.hours(1),
        times=3,
        runbook="reconciliation",
        says="No day has been accounted for in three hours: what is lost now is not noticed.",
    )
