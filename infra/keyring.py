"""The customer keys: one per kind of secret, so that a grant on one opens nothing else."""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Aws, Duration, aws_iam, aws_kms
from constructs import Construct

from infra.service_function import ServiceFunction


class Keyring(Construct):
    """data wraps the referrals' own keys; intake guards raw events; queues holds ids only."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.data = self._key("Data", "Wraps the data key of each referral")
        self.tables = self._key("Tables", "Encrypts the audit, state and keys tables")
        self.intake = self._key(
            "Intake", "Encrypts raw events: the intake queues and the rejected-events bucket"
        )
        self.turned_away = self._key(
            "TurnedAway", "Encrypts raw events that the bus could not put into the intake queue"
        )
        self.queues = self._key("Queues", "Encrypts queues and topics that carry ids only")
        self.logs = self._key("Logs", "Encrypts the functions' logs")
        own = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
        for key in (self.intake, self.turned_away, self.queues):
            self._open_to_service(key, "events", only=own)
        # No condition: nobody would notice, until it mattered, that one kept alarms from their topic. The
        # topic itself admits this account alone.
        self._open_to_service(self.queues, "cloudwatch", only=None)
        self._open_to_log_groups()

    def let_wrap(self, function: ServiceFunction, *, partitions: Sequence[str]) -> None:
        """Let a function make and open the keys of these partitions."""
        self._let_use_data(function, ("kms:Decrypt", "kms:GenerateDataKey"), partitions)

    def let_unwrap(self, function: ServiceFunction, *, partitions: Sequence[str]) -> None:
        """Let a function open the keys of these partitions."""
        self._let_use_data(function, ("kms:Decrypt",), partitions)

    def _let_use_data(
        self, function: ServiceFunction, actions: Sequence[str], partitions: Sequence[str]
    ) -> None:
        function.may(*actions, on=self.data.key_arn, where=of_partitions(partitions))
        # The emulator never fills these condition keys.
        function.may_on_emulator(*actions, on=self.data.key_arn)

    def _key(self, construct_id: str, description: str) -> aws_kms.Key:
        return aws_kms.Key(
            self,
            construct_id,
            description=description,
            enable_key_rotation=True,
            pending_window=Duration.days(30),
        )

    def _open_to_service(self, key: aws_kms.Key, service: str, *, only: Mapping[str, Any] | None) -> None:
        """Let an AWS service put messages into what the key encrypts."""
        key.add_to_resource_policy(
            aws_iam.PolicyStatement(
                principals=[aws_iam.ServicePrincipal(f"{service}.amazonaws.com")],
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=["*"],
                conditions=only,
            )
        )

    def _open_to_log_groups(self) -> None:
        groups = f"arn:{Aws.PARTITION}:logs:{Aws.REGION}:{Aws.ACCOUNT_ID}:log-group:*"
        self.logs.add_to_resource_policy(
            aws_iam.PolicyStatement(
                principals=[aws_iam.ServicePrincipal(f"logs.{Aws.REGION}.amazonaws.com")],
                actions=[
                    "kms:Decrypt",
                    "kms:DescribeKey",
                    "kms:Encrypt",
                    "kms:GenerateDataKey*",
                    "kms:ReEncrypt*",
                ],
                resources=["*"],
                conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
            )
        )


def of_partitions(partitions: Sequence[str]) -> dict[str, Any]:
    """The condition that only the data keys of these partitions are meant."""
    return {
        "StringLike": {"kms:EncryptionContext:pk": list(partitions)},
        "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["pk"]},
    }
