"""What is watched: every queue, every dead-letter queue, every function, and the log lines that mean harm."""

from infra.acknowledge import Acknowledge
from infra.alarms import (
    HEARTBEAT_MINUTES,
    LOOKED_AT_EACH_QUARTER,
    MINUTE,
    SEEN_AGAIN,
    Alarms,
)
from infra.beat import EVERY, MISSED
from infra.delivery import Delivery
from infra.intake import Intake
from infra.parking import Parking
from infra.receipts import Receipts
from infra.reconciliation import Reconciliation
from infra.senders import Senders

STREAM_BEHIND_SECONDS = 90
"""Well before the stream gives a record up: nothing is ever older than that."""


def watch(
    alarms: Alarms,
    *,
    intake: Intake,
    delivery: Delivery,
    senders: Senders,
    parking: Parking,
    receipts: Receipts,
    confirm: Acknowledge,
    reconciliation: Reconciliation,
) -> None:
    """Set every alarm of the service."""
    _watch_queues(alarms, intake, delivery)
    _watch_mail(alarms, senders, receipts)
    for name, function in {
        "Receive": intake.receive,
        "Relay": delivery.relay,
        "Sweep": delivery.sweep,
        "Email": senders.email,
        "Webhook": senders.webhook,
        "Park": parking.park,
        "Record": receipts.record,
        "Acknowledge": confirm.acknowledge,
    }.items():
        alarms.watch_errors(name, function)
    alarms.watch_door(
        "Confirm",
        confirm.acknowledge,
        confirm.api.deployment_stage,
        runbook="confirmations",
        turned_away="A reader's confirmation was turned away before anything looked at it.",
        failed="A page behind a message's link, or the post of an agency's system, failed.",
    )
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
        functions=[
            *(intake.receive, delivery.sweep, receipts.record, senders.webhook),
            reconciliation.reconcile,
        ],
        runbook="task-opened",
        says="Something waits for a person: a hold, a call, or a look that no machine may take.",
    )
    alarms.watch_line(
        "TASK_OVERDUE",
        metric="OverdueTasks",
        functions=[delivery.sweep],
        runbook="task-overdue",
        says="A hold, a call or a look has waited past its time: nobody has acted; an agency may be untold.",
    )
    alarms.watch_line(
        "NOT_TOLD_IN_TIME",
        metric="NotToldInTime",
        functions=[delivery.sweep],
        runbook="red-alert",
        says="A working day is all but over and an agency has not been told, whoever was asked to ring it.",
    )
    alarms.watch_line(
        "ENDPOINT_PAUSED",
        metric="PausedEndpoints",
        functions=[senders.webhook],
        runbook="endpoint-paused",
        says="An endpoint turns us away: nothing more is sent to it until a person resumes it.",
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
        functions=[intake.receive, senders.email, senders.webhook, parking.park, receipts.record],
        runbook="function-errors",
        says="A function could not do what a message asked; the message comes again.",
        lasts=SEEN_AGAIN,
    )
    alarms.watch_line(
        "KEY_UNREADABLE",
        metric="UnreadableKeys",
        functions=[intake.receive, delivery.relay, delivery.sweep],
        runbook="key-unreadable",
        says="A delivery or a clock of another release is there, and this release cannot read its key.",
        lasts=SEEN_AGAIN,
    )
    alarms.watch_line(
        "CONFIRMATION_FAILED",
        metric="FailedConfirmations",
        functions=[confirm.acknowledge],
        runbook="function-errors",
        says="What a reader said could not be recorded; the reader was asked to try again, or to ring.",
    )
    alarms.watch_line(
        "EGRESS_FAILING",
        metric="EgressFailing",
        functions=[senders.webhook],
        runbook="egress",
        says="The canaries of several agencies reach nobody: our own way out is at fault.",
    )
    alarms.watch_heartbeat(
        "BEAT_HEARD",
        metric="Beats",
        function=intake.receive,
        every=EVERY,
        times=MISSED,
        runbook="way-in",
        says="No beat has come from the bus through its rule to the intake for three quarters of an hour.",
    )
    alarms.watch_heartbeat(
        "SWEEP_RAN",
        metric="Sweeps",
        function=delivery.sweep,
        every=MINUTE,
        times=HEARTBEAT_MINUTES,
        runbook="heartbeat",
        says="The sweep has not run for three minutes: retries and lost messages wait.",
    )


def _watch_mail(alarms: Alarms, senders: Senders, receipts: Receipts) -> None:
    alarms.watch_backlog("Receipts", receipts.queue.live)
    alarms.watch_dead_letters("Receipts", receipts.queue.dead_letters)
    alarms.watch_dead_letters("ReceiptsRule", receipts.rule_dead_letters)
    alarms.watch_reputation()
    alarms.watch_line(
        "MAIL_CAME_BACK",
        metric="MailThatCameBack",
        functions=[receipts.record],
        runbook="mail-reputation",
        says="An e-mail came back or was complained of: an agency may not know an outcome.",
    )
    alarms.watch_line(
        "RECEIPT_REFUSED",
        metric="RefusedReceipts",
        functions=[receipts.record],
        runbook="receipt-refused",
        says="A mail receipt tells of a message that the trail does not know, or cannot be read.",
    )
    alarms.watch_line(
        "SEND_QUOTA_SPENT",
        metric="SpentMailQuota",
        functions=[senders.email],
        runbook="mail-quota",
        says="The account may send no more e-mail today: outcomes wait.",
        lasts=LOOKED_AT_EACH_QUARTER,
    )
    alarms.watch_line(
        "MAIL_PROVIDER_REFUSES",
        metric="MailProviderRefusals",
        functions=[senders.email],
        runbook="mail-refused",
        says="The mail service takes no e-mail from this account: no outcome leaves by e-mail.",
    )


def _watch_queues(alarms: Alarms, intake: Intake, delivery: Delivery) -> None:
    for name, queue in {
        "Intake": intake.queue,
        "Email": delivery.email_queue,
        "Webhook": delivery.webhook_queue,
    }.items():
        alarms.watch_backlog(name, queue.live)
        alarms.watch_dead_letters(name, queue.dead_letters)
    alarms.watch_dead_letters("Rule", intake.rule_dead_letters)
    alarms.watch_rule("Rule", bus=intake.bus.event_bus_name, rule=intake.rule_name)
    alarms.watch_dead_letters("Relay", delivery.relay_dead_letters)
    alarms.watch_dead_letters("Sweep", delivery.sweep_dead_letters)
    alarms.watch_stream(
        "Relay",
        delivery.relay,
        behind_seconds=STREAM_BEHIND_SECONDS,
        runbook="backlog",
        says="The fast path is a minute and a half behind; the sweep delivers meanwhile.",
    )
