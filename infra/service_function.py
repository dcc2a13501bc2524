"""The house Lambda: one file of functions/handlers, one role with exact actions, one log, one settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from aws_cdk import (
    CfnCondition,
    Duration,
    RemovalPolicy,
    aws_iam,
    aws_kms,
    aws_lambda,
    aws_logs,
)
from constructs import Construct

from infra.acknowledgements import PYTHON_OF_THE_BUILD, THE_EMULATOR_CANNOT_JUDGE, Accepted, accept
from infra.service_queue import HouseQueue

SERVICE = "mash-outcomes"

CONSUME = ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")


@dataclass(frozen=True)
class Runtime:
    """What all functions share: the one package, the key of their logs, the emulator's condition."""

    code: aws_lambda.Code
    log_key: aws_kms.IKey
    on_emulator: CfnCondition


@dataclass(frozen=True)
class Size:
    """How long a function may take, and how much memory (and so how much of a processor) it gets."""

    timeout_seconds: int
    memory_mb: int


class ServiceFunction(Construct):
    """Holds no permission but to write its own log; everything else is said with `may`, action by action."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        handler: str,
        environment: Mapping[str, str],
        size: Size,
        runtime: Runtime,
        retry_attempts: int | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        self._only_on_emulator = runtime.on_emulator
        self.log_group = aws_logs.LogGroup(
            self,
            "Logs",
            encryption_key=runtime.log_key,
            retention=aws_logs.RetentionDays.THREE_MONTHS,
            removal_policy=RemovalPolicy.RETAIN,
        )
        self.role = aws_iam.Role(self, "Role", assumed_by=aws_iam.ServicePrincipal("lambda.amazonaws.com"))
        self.lambda_function = aws_lambda.Function(
            self,
            "Function",
            runtime=aws_lambda.Runtime.PYTHON_3_13,
            architecture=aws_lambda.Architecture.ARM_64,
            handler=f"functions.handlers.{handler}.handler",
            code=runtime.code,
            role=self.role,
            log_group=self.log_group,
            timeout=Duration.seconds(size.timeout_seconds),
            memory_size=size.memory_mb,
            retry_attempts=retry_attempts,
            environment={**environment, "POWERTOOLS_SERVICE_NAME": SERVICE, "POWERTOOLS_LOG_LEVEL": "INFO"},
        )
        accept(self.lambda_function, PYTHON_OF_THE_BUILD)
        self.may("logs:CreateLogStream", "logs:PutLogEvents", on=self.log_group.log_group_arn)

    @property
    def name(self) -> str:
        """The function's name, as a token."""
        return self.lambda_function.function_name

    def may(self, *actions: str, on: str, where: Mapping[str, Any] | None = None) -> None:
        """Allow these very actions on one resource, under these conditions."""
        self._state(aws_iam.Effect.ALLOW, actions, on, where)

    def may_never(self, *actions: str, on: str) -> None:
        """Deny, whatever another policy may come to allow."""
        self._state(aws_iam.Effect.DENY, actions, on, None)

    def may_on_emulator(self, *actions: str, on: str) -> None:
        """Allow what the emulator cannot judge in its strict form; a real stage has no such policy."""
        if on == "*":
            accept(self._emulator_policy, THE_EMULATOR_CANNOT_JUDGE)
        self._emulator_policy.add_statements(aws_iam.PolicyStatement(actions=list(actions), resources=[on]))

    def may_where(self, condition: CfnCondition, *actions: str, on: str) -> None:
        """Allow these very actions on stages of which the condition is true, and on no other."""
        policy = self._policy_where(condition, "Where" + condition.node.id)
        policy.add_statements(aws_iam.PolicyStatement(actions=list(actions), resources=[on]))

    def accept(self, *findings: Accepted) -> None:
        """Accept cdk-nag findings about what this function may do."""
        accept(self.role, *findings)

    def consumes(self, queue: HouseQueue, *, construct_id: str, batch: int, concurrency: int) -> None:
        """Be called with messages of `queue`, and answer for each of them alone."""
        self.may(*CONSUME, on=queue.queue_arn)
        self.may("kms:Decrypt", on=queue.key.key_arn)
        aws_lambda.EventSourceMapping(
            self,
            construct_id,
            target=self.lambda_function,
            event_source_arn=queue.queue_arn,
            batch_size=batch,
            max_batching_window=Duration.seconds(0),
            max_concurrency=concurrency,
            report_batch_item_failures=True,
        )

    @cached_property
    def _emulator_policy(self) -> aws_iam.Policy:
        return self._policy_where(self._only_on_emulator, "EmulatorOnly")

    def _policy_where(self, condition: CfnCondition, construct_id: str) -> aws_iam.Policy:
        policy = aws_iam.Policy(self, construct_id, roles=[self.role])
        resource = policy.node.default_child
        if not isinstance(resource, aws_iam.CfnPolicy):
            raise TypeError("a policy without its CloudFormation resource cannot be made conditional")
        resource.cfn_options.condition = condition
        return policy

    def _state(
        self, effect: aws_iam.Effect, actions: tuple[str, ...], on: str, where: Mapping[str, Any] | None
    ) -> None:
        self.role.add_to_principal_policy(
            aws_iam.PolicyStatement(effect=effect, actions=list(actions), resources=[on], conditions=where)
        )
