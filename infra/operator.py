"""What a person at the command line may do: the verbs of `mash`, on this stage, and nothing beside them."""

from collections.abc import Mapping
from typing import Any

from aws_cdk import Aws, Fn, Stack, aws_iam
from constructs import Construct

from infra.acknowledgements import (
    SECRETS_ARE_ONE_PER_AGENCY,
    THE_ACCOUNTS_MAIL_HAS_NO_NAME,
    WHEN_A_SECRET_ENDS_IS_NONE,
    accept,
    objects_have_no_names_yet,
)
from infra.alarms import Alarms
from infra.audit_store import (
    AGENCY_INDEX,
    DAY_INDEX,
    DAYS,
    DUE_INDEX,
    EVERY_CHANGE_OF_A_ROW,
    MESSAGE_INDEX,
    ONLY_IN_A_TRANSACTION,
    WATCH_INDEX,
    WORK_INDEX,
    only_partitions,
)
from infra.foundation import Foundation
from infra.intake import Intake
from infra.keyring import of_partitions
from infra.senders import REFERRALS_AND_ENQUIRIES, Senders


class Operator(Construct):
    """A policy to be attached to the role that the team signs in with; it is nobody's by itself.

    The trail grows under its hands as under a function's, and no other way. What it asks of AWS beyond the
    verbs (logs, queues, deployments) is the account's own business.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        foundation: Foundation,
        intake: Intake,
        senders: Senders,
        alarms: Alarms,
    ) -> None:
        super().__init__(scope, construct_id)
        self._foundation = foundation
        stage = foundation.stage.value("StageName")
        self.policy = aws_iam.ManagedPolicy(
            self,
            "Policy",
            managed_policy_name=f"mash-outcomes-{stage}-operator",
            description="What mash needs of this stage",
        )
        self._act_on_the_trail()
        self._act_on_the_state()
        self._open_keys()
        self._keep_secrets()
        self._ask_whether_mail_would_go(senders)
        self._may("sns:ListSubscriptionsByTopic", on=alarms.topic.topic_arn)
        self._ask_of_the_client_secret()
        self._send_again(intake)
        self._fetch_refused(intake)

    def _act_on_the_trail(self) -> None:
        audit = self._foundation.store.audit.table_arn
        told_or_stated = only_partitions("R#*", "Q#*", "X#*", "F#*", "FORM#*", DAYS)
        self._may("dynamodb:BatchGetItem", "dynamodb:Query", on=audit, where=told_or_stated)
        for index in (AGENCY_INDEX, DAY_INDEX):
            self._may("dynamodb:Query", on=f"{audit}/index/{index}")
        self._may("dynamodb:PutItem", on=audit, where=ONLY_IN_A_TRANSACTION)
        self._state(aws_iam.Effect.DENY, EVERY_CHANGE_OF_A_ROW, audit, None)

    def _act_on_the_state(self) -> None:
        state = self._foundation.store.state.table_arn
        self._may(
            "dynamodb:BatchGetItem",
            "dynamodb:ConditionCheckItem",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
            on=state,
        )
        for index in (DAY_INDEX, DUE_INDEX, MESSAGE_INDEX, WATCH_INDEX, WORK_INDEX):
            self._may("dynamodb:Query", on=f"{state}/index/{index}")

    def _open_keys(self) -> None:
        """What is released or goes again has a notice of its own, under the key that its referral has."""
        keyring, keys = self._foundation.keyring, self._foundation.store.keys.table_arn
        self._may("dynamodb:GetItem", on=keys)
        by_the_tables = {"StringEquals": {"kms:ViaService": f"dynamodb.{Aws.REGION}.amazonaws.com"}}
        self._may("kms:Decrypt", "kms:GenerateDataKey", on=keyring.tables.key_arn, where=by_the_tables)
        self._may("kms:Decrypt", on=keyring.data.key_arn, where=of_partitions(REFERRALS_AND_ENQUIRIES))

    def _keep_secrets(self) -> None:
        """Rotated by their maker, and read to ask an endpoint's owner by a signed event."""
        prefix = self._foundation.stage.secret_prefix
        self._may(
            "secretsmanager:CreateSecret",
            "secretsmanager:GetSecretValue",
            "secretsmanager:PutSecretValue",
            on=f"arn:{Aws.PARTITION}:secretsmanager:{Aws.REGION}:{Aws.ACCOUNT_ID}:secret:{prefix}*",
        )
        accept(self.policy, SECRETS_ARE_ONE_PER_AGENCY)

    def _ask_whether_mail_would_go(self, senders: Senders) -> None:
        mail = f"arn:{Aws.PARTITION}:ses:{Aws.REGION}:{Aws.ACCOUNT_ID}"
        self._may("ses:GetEmailIdentity", on=f"{mail}:identity/{senders.sending_domain}")
        self._may(
            "ses:GetConfigurationSet",
            "ses:GetConfigurationSetEventDestinations",
            on=f"{mail}:configuration-set/{senders.configuration_set}",
        )
        self._may("ses:GetAccount", on="*")
        accept(self.policy, THE_ACCOUNTS_MAIL_HAS_NO_NAME)

    def _ask_of_the_client_secret(self) -> None:
        """When it expires, and never what it is. In so few words that the policy stays within AWS's limit:
        the name of every secret of ours begins so, and of another stage's no more is seen than when it ends.
        """
        self._may("secretsmanager:DescribeSecret", on="arn:*:secretsmanager:*:*:secret:mash/*")
        accept(self.policy, WHEN_A_SECRET_ENDS_IS_NONE)

    def _send_again(self, intake: Intake) -> None:
        """Forms that came as sheets, and what a source of this stage had sent: a row names first who sends
        what. In no other name, neither a beat's nor that of our own page, which speaks for itself."""
        registered = Fn.split(",", self._foundation.stage.value("SourceNames"))
        as_sources = {"StringEquals": {"events:source": registered}}
        self._may("events:PutEvents", on=intake.bus.event_bus_arn, where=as_sources)

    def _fetch_refused(self, intake: Intake) -> None:
        self._may("s3:GetObject", on=intake.rejected.arn_for_objects("*"))
        by_the_bucket = {"StringEquals": {"kms:ViaService": f"s3.{Aws.REGION}.amazonaws.com"}}
        self._may("kms:Decrypt", on=self._foundation.keyring.intake.key_arn, where=by_the_bucket)
        bucket = Stack.of(self).resolve(intake.rejected.bucket_arn)["Fn::GetAtt"][0]
        accept(self.policy, objects_have_no_names_yet(bucket))

    def _may(self, *actions: str, on: str, where: Mapping[str, Any] | None = None) -> None:
        self._state(aws_iam.Effect.ALLOW, actions, on, where)

    def _state(
        self, effect: aws_iam.Effect, actions: tuple[str, ...], on: str, where: Mapping[str, Any] | None
    ) -> None:
        self.policy.add_statements(
            aws_iam.PolicyStatement(effect=effect, actions=list(actions), resources=[on], conditions=where)
        )
