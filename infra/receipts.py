"""From SES back to the trail: its events on the account's default bus, a rule, a queue, and their reader."""

import json

from aws_cdk import Stack, aws_events, aws_iam, aws_ses
from constructs import Construct

from functions.settings import ReceiptSettings
from infra.acknowledgements import A_DEAD_LETTER_QUEUE_ENDS_THE_LINE, accept
from infra.foundation import Foundation
from infra.senders import Senders
from infra.service_function import ServiceFunction, Size
from infra.service_queue import DeadLetters, ServiceQueue

RECORD = Size(timeout_seconds=25, memory_mb=512)
"""Five receipts, each contended for two seconds at most, and time to spare. One that comes back is seen
again well within the five minutes after which somebody must have been called."""
BATCH = 5
CONCURRENCY = 5
RECEIVES = 30

TOLD_OF = (
    aws_ses.EmailSendingEvent.SEND,
    aws_ses.EmailSendingEvent.DELIVERY,
    aws_ses.EmailSendingEvent.BOUNCE,
    aws_ses.EmailSendingEvent.COMPLAINT,
    aws_ses.EmailSendingEvent.REJECT,
    aws_ses.EmailSendingEvent.DELIVERY_DELAY,
    aws_ses.EmailSendingEvent.RENDERING_FAILURE,
)
"""All but what a reader does: nothing is tracked."""

KEPT = {
    "source": "$.source",
    "kind": "$.detail.eventType",
    "sentAt": "$.detail.mail.timestamp",
    "providerId": "$.detail.mail.messageId",
    "messageId": "$.detail.mail.tags.message_id",
    "attempt": "$.detail.mail.tags.attempt",
    "deliveredAt": "$.detail.delivery.timestamp",
    "delayedAt": "$.detail.deliveryDelay.timestamp",
    "delayType": "$.detail.deliveryDelay.delayType",
    "bouncedAt": "$.detail.bounce.timestamp",
    "bounceType": "$.detail.bounce.bounceType",
    "bounceSubType": "$.detail.bounce.bounceSubType",
    "complainedAt": "$.detail.complaint.timestamp",
    "complaintSubType": "$.detail.complaint.complaintSubType",
}
"""What goes on from SES's event: ids, codes and times. Recipients, headers and a mail system's own words do
not."""
_TEMPLATE = {
    "source": "<source>",
    "detail": {
        "eventType": "<kind>",
        "mail": {
            "timestamp": "<sentAt>",
            "messageId": "<providerId>",
            "tags": {"message_id": "<messageId>", "attempt": "<attempt>"},
        },
        "delivery": {"timestamp": "<deliveredAt>"},
        "deliveryDelay": {"timestamp": "<delayedAt>", "delayType": "<delayType>"},
        "bounce": {
            "timestamp": "<bouncedAt>",
            "bounceType": "<bounceType>",
            "bounceSubType": "<bounceSubType>",
        },
        "complaint": {"timestamp": "<complainedAt>", "complaintSubType": "<complaintSubType>"},
    },
}
_LISTS = ("messageId", "attempt")
"""SES gives a tag as a list: without quotes around it, it stays one. Any other stands in quotes, so that what
an event does not have leaves an empty text and not a hole."""


class Receipts(Construct):
    """Nobody but SES can put events of `aws.ses` on a bus, and nobody but this rule writes to the queue."""

    def __init__(
        self, scope: Construct, construct_id: str, *, foundation: Foundation, senders: Senders
    ) -> None:
        super().__init__(scope, construct_id)
        self._foundation = foundation
        self._configuration_set = senders.configuration_set
        keyring = foundation.keyring
        self.queue = ServiceQueue(
            self,
            "Mail",
            key=keyring.queues,
            reader_timeout_seconds=RECORD.timeout_seconds,
            receives=RECEIVES,
        )
        # Here whole events come to rest, with the recipient in them: under the key of what is raw.
        self.rule_dead_letters = DeadLetters(self, "RuleDeadLetters", key=keyring.intake)
        accept(self.rule_dead_letters, A_DEAD_LETTER_QUEUE_ENDS_THE_LINE)
        self._publish()
        self._forward()
        self.record = self._record()

    def _publish(self) -> None:
        """SES's events reach the default bus of the account, and no other."""
        aws_ses.ConfigurationSetEventDestination(
            self,
            "ToTheDefaultBus",
            configuration_set=aws_ses.ConfigurationSet.from_configuration_set_name(
                self, "Outcomes", self._configuration_set
            ),
            destination=aws_ses.EventDestination.event_bus(
                aws_events.EventBus.from_event_bus_name(self, "DefaultBus", "default")
            ),
            events=list(TOLD_OF),
        )

    def _forward(self) -> None:
        """Of all that the account sends, what left through our configuration set and carries our tags."""
        template = json.dumps(_TEMPLATE)
        for name in _LISTS:
            template = template.replace(f'"<{name}>"', f"<{name}>")
        rule = aws_events.CfnRule(
            self,
            "FromSes",
            event_pattern={
                "source": ["aws.ses"],
                "account": [Stack.of(self).account],
                "detail": {
                    "mail": {
                        "tags": {
                            "ses:configuration-set": [self._configuration_set],
                            "message_id": [{"prefix": "msg_"}],
                            "attempt": [{"exists": True}],
                        }
                    }
                },
            },
            targets=[
                aws_events.CfnRule.TargetProperty(
                    id="Receipts",
                    arn=self.queue.live.queue_arn,
                    dead_letter_config={"arn": self.rule_dead_letters.queue_arn},
                    retry_policy={"maximumEventAgeInSeconds": 24 * 3600, "maximumRetryAttempts": 185},
                    input_transformer={"inputPathsMap": KEPT, "inputTemplate": template},
                )
            ],
        )
        for target in (self.queue.live, self.rule_dead_letters):
            target.add_to_resource_policy(
                aws_iam.PolicyStatement(
                    principals=[aws_iam.ServicePrincipal("events.amazonaws.com")],
                    actions=["sqs:SendMessage"],
                    resources=[target.queue_arn],
                    conditions={"ArnEquals": {"aws:SourceArn": rule.attr_arn}},
                )
            )

    def _record(self) -> ServiceFunction:
        store = self._foundation.store
        record = ServiceFunction(
            self,
            "Record",
            handler="record_receipt",
            environment=ReceiptSettings.to_env(
                audit_table=store.audit.table_name,
                state_table=store.state.table_name,
                clocks=self._foundation.stage.value("Clocks"),
            ),
            size=RECORD,
            runtime=self._foundation.runtime,
        )
        record.consumes(self.queue.live, construct_id="FromMail", batch=BATCH, concurrency=CONCURRENCY)
        store.let_append(record)
        store.let(record, store.state, "BatchGetItem", "GetItem", "UpdateItem")
        store.let_find_messages(record)
        store.unlock(record, writes=True)
        return record
