"""What is watched: every queue, every dead-letter queue, every function, and the log lines that mean harm."""

from infra.acknowledge import Acknowledge
from infra.alarms import Alarms
from infra.delivery import Delivery
from infra.intake import Intake
from infra.parking import Parking
from infra.senders import Senders


def watch(
    alarms: Alarms,
    *,
    intake: Intake,
    delivery: Delivery,
    senders: Senders,
    parking: Parking,
    confirm: Acknowledge,
) -> None:
    """Set every alarm of the service."""
    _watch_queues(alarms, intake, delivery)
    for name, function in {
        "Receive": intake.receive,
        "Relay": delivery.relay,
        "Sweep": delivery.sweep,
        "Email": senders.email,
        "Webhook": senders.webhook,
        "Park": parking.park,
        "Acknowledge": confirm.acknowledge,
    }.items():
        alarms.watch_errors(name, function)
    alarms.watch_line(
        "EVENT_REFUSED",
        metric="RefusedEvents",
        functions=[intake.receive, parking.park],
        runbook="event-refused",
        says="An event was refused: its decision reaches nobody until it is sent again.",
    )
    alarms.watch_line(
        "SEND_EXHAUSTED",
        metric="ExhaustedSends",
        functions=[senders.email, senders.webhook],
        runbook="not-told",
        says="Every try to tell an agency has failed.",
    )
    alarms.watch_line(
        "DELIVERY_PARKED",
        metric="ParkedDeliveries",
        functions=[senders.email, senders.webhook, parking.park],
        runbook="delivery-parked",
        says="A delivery cannot go on without a person.",
    )
    alarms.watch_line(
        "DELIVERY_HELD",
        metric="HeldDeliveries",
        functions=[intake.receive, senders.email, senders.webhook],
        runbook="held",
        says="A safety trigger holds an outcome: nobody is told of it until a person acts.",
    )
    alarms.watch_line(
        "NOBODY_TO_TELL",
        metric="NobodyToTell",
        functions=[intake.receive],
        runbook="nobody-to-tell",
        says="A decision names nobody who may be told automatically: a person must call.",
    )
    alarms.watch_line(
        "TASK_OPENED",
        metric="OpenedTasks",
        functions=[intake.receive],
        runbook="task-opened",
        says="Something waits for a person: a hold, a call, or a look that no machine may take.",
    )
    alarms.watch_line(
        "TASK_OVERDUE",
        metric="OverdueTasks",
        functions=[delivery.sweep],
        runbook="task-overdue",
        says="A hold or a call has waited past its hour: nobody has acted, and an agency is not told.",
    )
    alarms.watch_line(
        "CALENDAR_ENDS_SOON",
        metric="CalendarEndsSoon",
        functions=[intake.receive],
        runbook="calendar",
        says="The bank holidays end within four months: after that, clocks fall back to a day at most.",
    )
    alarms.watch_line(
        "RA_FEED_SILENT",
        metric="DecisionsWithoutFeed",
        functions=[intake.receive],
        runbook="feed-silent",
        says="Outcomes go out marked UNKNOWN: the police feed is silent or failing.",
    )
    alarms.watch_line(
        "MESSAGE_FAILED",
        metric="FailedMessages",
        functions=[intake.receive, senders.email, senders.webhook, parking.park],
        runbook="function-errors",
        says="A function could not do what a message asked; the message comes again.",
    )
    alarms.watch_line(
        "KEY_UNREADABLE",
        metric="UnreadableKeys",
        functions=[delivery.relay, delivery.sweep],
        runbook="delivery-parked",
        says="A delivery of another release is due, and this release cannot read its key.",
    )
    alarms.watch_line(
        "CONFIRMATION_FAILED",
        metric="FailedConfirmations",
        functions=[confirm.acknowledge],
        runbook="function-errors",
        says="A reader's confirmation could not be recorded; the reader was asked to try again, or to ring.",
    )
    alarms.watch_heartbeat("SWEEP_RAN", metric="Sweeps", function=delivery.sweep)


def _watch_queues(alarms: Alarms, intake: Intake, delivery: Delivery) -> None:
    for name, queue in {
        "Intake": intake.queue,
        "Email": delivery.email_queue,
        "Webhook": delivery.webhook_queue,
    }.items():
        alarms.watch_backlog(name, queue.live)
        alarms.watch_dead_letters(name, queue.dead_letters)
    alarms.watch_dead_letters("Rule", intake.rule_dead_letters)
    alarms.watch_dead_letters("Relay", delivery.relay_dead_letters)
    alarms.watch_dead_letters("Sweep", delivery.sweep_dead_letters)
    alarms.watch_stream("Relay", delivery.relay)
