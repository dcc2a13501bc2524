"""Faults at the calls to AWS: an invocation that dies before or after one, and an answer that never comes."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, NamedTuple

from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from botocore.model import OperationModel

from functions.adapters import aws

CLIENTS = ("dynamodb", "events", "kms", "s3", "secretsmanager", "sesv2", "sqs")
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


CRASHES = frozenset({Fault.CRASH_BEFORE, Fault.CRASH_AFTER})
ENDPOINT = "https://aws.example"


class Crashed(BaseException):
    """The invocation is over, wherever it was."""


class Moment(NamedTuple):
    """One call: in which invocation, and after how many effects on anything."""

    number: int
    operation: str
    invocation: int
    effects: int

    @property
    def faults(self) -> list[Fault]:
        """Those that are worth a run each."""
        return [Fault.CRASH_BEFORE, Fault.LOST_REPLY] if self.operation in READS else list(Fault)

    @property
    def crashes(self) -> list[Fault]:
        """Those of them that end the invocation."""
        return [fault for fault in self.faults if fault in CRASHES]

    def leaves(self, fault: Fault) -> bool:
        """Whether anything is left of a fault but a repeated read."""
        return fault in CRASHES or self.operation not in READS

    def same_as(self, fault: Fault) -> Hashable:
        """Equal for two faults that leave everything alike.

        An invocation that dies leaves what it had done: where it dies between two effects is all one.
        """
        if fault in CRASHES:
            return self.invocation, self.effects + (fault is Fault.CRASH_AFTER)
        return self.number, fault


class Boundaries:
    """Counts calls to AWS from 1, and lets `plan` happen at those that it names; `outside` counts what has
    gone to anybody else."""

    def __init__(self, plan: Mapping[int, Fault], outside: Callable[[], int]) -> None:
        self.plan = plan
        self.calls = list[Moment]()
        self.happened = 0
        self.invocations = 0
        self._outside = outside
        self._written = 0

    @property
    def may_repeat(self) -> bool:
        """Whether somebody died, or does not know whether a mail left: then it may leave again."""
        return any(
            fault in CRASHES or self.calls[number - 1].operation == "SendEmail"
            for number, fault in self.plan.items()
        )

    def before(self, model: OperationModel, **_: Any) -> None:
        """As botocore says `before-call`: nothing has left."""
        effects = self._written + self._outside()
        self.calls.append(Moment(len(self.calls) + 1, model.name, self.invocations, effects))
        fault = self.plan.get(len(self.calls))
        if fault is Fault.CRASH_BEFORE:
            self.happened += 1
            raise Crashed
        if fault is Fault.NO_EFFECT:
            self.happened += 1
            raise EndpointConnectionError(endpoint_url=ENDPOINT)
        self._written += model.name not in READS

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
def boundaries(plan: Mapping[int, Fault], outside: Callable[[], int]) -> Iterator[Boundaries]:
    """The plan, for as long as this lasts, at the clients that the functions keep."""
    counted = Boundaries(plan, outside)
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
