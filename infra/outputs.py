"""What a deployment says of its queues and functions, for runbooks: each name as its alarms have it."""

from collections.abc import Mapping

from aws_cdk import CfnOutput, Stack

from infra.service_function import ServiceFunction
from infra.service_queue import DeadLetters
from infra.sign_in import SignIn
from infra.stage import StageParameters


def tell(stack: Stack, **outputs: str) -> None:
    """Say these values of the stack."""
    for name, value in outputs.items():
        CfnOutput(stack, name, value=value)


def tell_of_sign_in(stack: Stack, sign_in: SignIn, stage: StageParameters) -> None:
    """What the stage says of its directory, makes of its answer, and whom it lets near at all; without one,
    the pool of its own, where an administrator adds people."""
    tell(
        stack,
        ConsoleAddresses=stage.value("ConsoleAddresses"),
        SignInIssuer=stage.value("SignInIssuer"),
        SignInClientId=stage.value("SignInClientId"),
        SignInCredentialName=stage.value("SignInCredentialName"),
        SignInGroupsClaim=stage.value("SignInGroupsClaim"),
        ConsoleRoles=stage.value("ConsoleRoles"),
        Branding=stage.value("Branding"),
    )
    CfnOutput(stack, "SignInPoolId", value=sign_in.pool_id, condition=sign_in.own)


def tell_of_dead_letters(stack: Stack, queues: Mapping[str, DeadLetters]) -> None:
    """The address by which dead letters are read and purged, and the name by which they are moved back."""
    for name, queue in queues.items():
        tell(
            stack,
            **{
                f"{name}DeadLetterQueueUrl": queue.queue_url,
                f"{name}DeadLetterQueueArn": queue.queue_arn,
            },
        )


def tell_of_functions(stack: Stack, functions: Mapping[str, ServiceFunction]) -> None:
    """Each function's own name, and that of its log."""
    for name, function in functions.items():
        tell(
            stack,
            **{
                f"{name}FunctionName": function.name,
                f"{name}LogGroupName": function.log_group.log_group_name,
            },
        )
