"""Faults at the calls to AWS: an invocation that dies before or after one, and an answer that never comes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from botocore.model import OperationModel

from functions.adapters import aws

CLIENTS = ("dynamodb", "kms", "s3", "secretsmanager", "sesv2", "sqs")
"""Those that the deployed functions have."""
READS = frozenset(
    {"BatchGetItem", "Decrypt", "GenerateDataKey", "GetItem", "GetSecretValue", "Query", "Scan"}
)
"""What leaves AWS as it was: it matters to nobody whether it has been done when its caller dies, or gets no
answer."""


class Fault(StrEnum):
    """What happens at a call to AWS."""

    CRASH_BEFORE = "the invocation dies before it"
    CRASH_AFTER = "the invocation dies when it has taken effect"
    NO_EFFECT = "it does not take effect, and no answer comes"
    LOST_REPLY = "it takes effect, and no answer comes"


ENDPOINT = "https://aws.example"


def faults_at(operation: str) -> list[Fault]:
    """Those that are worth a run each."""
    return [Fault.CRASH_BEFORE, Fault.LOST_REPLY] if operation in READS else list(Fault)


class Crashed(BaseException):
    """The invocation is over, wherever it was."""


class Boundaries:
    """Counts calls to AWS from 1, and lets `plan` happen at those that it names."""

    def __init__(self, plan: Mapping[int, Fault]) -> None:
        self.plan = plan
        self.calls = list[str]()
        self.happened = 0
        self.invocations = 0

    @property
    def may_repeat(self) -> bool:
        """Whether somebody died, or does not know whether a mail left: then it may leave again."""
        return any(
            fault in {Fault.CRASH_BEFORE, Fault.CRASH_AFTER} or self.calls[number - 1] == "SendEmail"
            for number, fault in self.plan.items()
        )

    def before(self, model: OperationModel, **_: Any) -> None:
        """As botocore says `before-call`: nothing has left."""
        self.calls.append(model.name)
        fault = self.plan.get(len(self.calls))
        if fault is Fault.CRASH_BEFORE:
            self.happened += 1
            raise Crashed
        if fault is Fault.NO_EFFECT:
            self.happened += 1
            raise EndpointConnectionError(endpoint_url=ENDPOINT)

    def after(self, **_: Any) -> None:
        """As botocore says `after-call`: AWS has done it, and its caller does not know yet."""
        fault = self.plan.get(len(self.calls))
        if fault is Fault.CRASH_AFTER:
            self.happened += 1
            raise Crashed
        if fault is Fault.LOST_REPLY:
            self.happened += 1
            raise ReadTimeoutError(endpoint_url=ENDPOINT)


@contextmanager
def boundaries(plan: Mapping[int, Fault]) -> Iterator[Boundaries]:
    """The plan, for as long as this lasts, at the clients that the functions keep."""
    counted = Boundaries(plan)
    emitters = [getattr(aws, name)().meta.events for name in CLIENTS]
    for events in emitters:
        events.register("before-call", counted.before)
        events.register("after-call", counted.after)
    try:
        yield counted
    finally:
        for events in emitters:
            events.unregister("before-call", counted.before)
            events.unregister("after-call", counted.after)
