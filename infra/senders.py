"""The two doors out, e-mail and webhook: each with a queue, a function and a role of its own."""

from aws_cdk import Aws, Fn, aws_ses
from constructs import Construct

from functions.settings import EmailSettings, WebhookSettings
from infra.acknowledgements import SECRETS_ARE_ONE_PER_AGENCY
from infra.delivery import SEND, Delivery
from infra.foundation import Foundation
from infra.service_function import ServiceFunction
from infra.service_queue import ServiceQueue

EMAIL_BATCH = 5
WEBHOOK_BATCH = 1
"""A webhook that hangs must keep no other agency's message waiting in its batch."""
EMAIL_CONCURRENCY = 5
WEBHOOK_CONCURRENCY = 10

REFERRALS_AND_ENQUIRIES = ("R#*", "Q#*")


class Senders(Construct):
    """Both may claim and commit; only one may use SES, and only the other may read signing secrets."""

    def __init__(
        self, scope: Construct, construct_id: str, *, foundation: Foundation, delivery: Delivery
    ) -> None:
        super().__init__(scope, construct_id)
        self._foundation = foundation
        stage = foundation.stage
        self.secret_prefix = stage.secret_prefix
        self._from_address = stage.value("FromAddress")
        self.sending_domain = Fn.select(1, Fn.split("@", self._from_address))
        aws_ses.EmailIdentity(self, "SendingDomain", identity=aws_ses.Identity.domain(self.sending_domain))
        self.configuration_set = aws_ses.ConfigurationSet(
            self,
            "Outcomes",
            tls_policy=aws_ses.ConfigurationSetTlsPolicy.REQUIRE,
            suppression_reasons=aws_ses.SuppressionReasons.BOUNCES_AND_COMPLAINTS,
            reputation_metrics=True,
        ).configuration_set_name
        self.email = self._email(delivery.email_queue)
        self.webhook = self._webhook(delivery.webhook_queue)

    def _email(self, source: ServiceQueue) -> ServiceFunction:
        store = self._foundation.store
        email = ServiceFunction(
            self,
            "Email",
            handler="send_email",
            environment=EmailSettings.to_env(
                audit_table=store.audit.table_name,
                state_table=store.state.table_name,
                keys_table=store.keys.table_name,
                retry_steps=self._foundation.stage.value("RetrySteps"),
                refused_steps=self._foundation.stage.value("RefusedSteps"),
                clocks=self._foundation.stage.value("Clocks"),
                managed_domains=self._foundation.stage.value("ManagedDomains"),
                from_address=self._from_address,
                configuration_set=self.configuration_set,
                emails_per_second=self._foundation.stage.value("EmailsPerSecond"),
                email_workers=str(EMAIL_CONCURRENCY),
                email_queue_url=source.live.queue_url,
                dead_letters_url=source.dead_letters.queue_url,
            ),
            size=SEND,
            runtime=self._foundation.runtime,
        )
        self._let_claim_and_commit(email, source, batch=EMAIL_BATCH, concurrency=EMAIL_CONCURRENCY)
        for resource in (f"identity/{self.sending_domain}", f"configuration-set/{self.configuration_set}"):
            email.may(
                "ses:SendEmail",
                on=f"arn:{Aws.PARTITION}:ses:{Aws.REGION}:{Aws.ACCOUNT_ID}:{resource}",
                where={"StringEquals": {"ses:FromAddress": self._from_address}},
            )
        # The emulator knows neither these resources nor the sender's address.
        email.may_on_emulator("ses:SendEmail", on="*")
        return email

    def _webhook(self, source: ServiceQueue) -> ServiceFunction:
        stage, store = self._foundation.stage, self._foundation.store
        webhook = ServiceFunction(
            self,
            "Webhook",
            handler="send_webhook",
            environment=WebhookSettings.to_env(
                audit_table=store.audit.table_name,
                state_table=store.state.table_name,
                keys_table=store.keys.table_name,
                retry_steps=stage.value("RetrySteps"),
                refused_steps=stage.value("RefusedSteps"),
                clocks=stage.value("Clocks"),
                secret_prefix=self.secret_prefix,
                local_receiver_origins=stage.local_only("LocalReceiverOrigins"),
                webhook_queue_url=source.live.queue_url,
                dead_letters_url=source.dead_letters.queue_url,
                hub=stage.value("Hub"),
            ),
            size=SEND,
            runtime=self._foundation.runtime,
        )
        self._let_claim_and_commit(webhook, source, batch=WEBHOOK_BATCH, concurrency=WEBHOOK_CONCURRENCY)
        secrets = (
            f"arn:{Aws.PARTITION}:secretsmanager:{Aws.REGION}:{Aws.ACCOUNT_ID}:secret:{self.secret_prefix}*"
        )
        webhook.may("secretsmanager:GetSecretValue", on=secrets)
        webhook.accept(SECRETS_ARE_ONE_PER_AGENCY)
        return webhook

    def _let_claim_and_commit(
        self, sender: ServiceFunction, source: ServiceQueue, *, batch: int, concurrency: int
    ) -> None:
        """What the two doors share: their queue, one transaction before the send and one after it."""
        store = self._foundation.store
        sender.consumes(source.live, construct_id="FromQueue", batch=batch, concurrency=concurrency)
        sender.may("sqs:ChangeMessageVisibility", on=source.live.queue_arn)
        sender.may("sqs:SendMessage", on=source.dead_letters.queue_arn)
        sender.may("kms:GenerateDataKey", on=source.dead_letters.key.key_arn)
        store.let_append(sender)
        store.let(sender, store.state, "BatchGetItem", "ConditionCheckItem", "GetItem", "UpdateItem")
        store.let(sender, store.keys, "BatchGetItem")
        store.unlock(sender, writes=True)
        self._foundation.keyring.let_unwrap(sender, partitions=REFERRALS_AND_ENQUIRIES)
