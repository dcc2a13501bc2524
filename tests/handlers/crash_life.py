"""One run: what AWS does around the functions when one dies. Queues deliver again, streams and schedules call
again, until all is quiet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

import time_machine
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.handlers import (
    park_dead_letter,
    receive_event,
    record_receipt,
    send_email,
    send_webhook,
    sweep_due,
)
from tests.handlers.conftest import a_context, clear_desks, sqs_event
from tests.handlers.crash_aws import VISIBILITY
from tests.handlers.crash_stage import Stage
from tests.handlers.crashes import Boundaries, Crashed, Fault, Moment, boundaries
from tests.world import MORNING

Handler: TypeAlias = Callable[[dict[str, Any], LambdaContext], Any]

HANDLER_OF: Mapping[str, Handler] = {
    "intake": receive_event.handler,
    "receipts": record_receipt.handler,
    "dead": park_dead_letter.handler,
    "email": send_email.handler,
    "webhook": send_webhook.handler,
}
"""Each queue with the function that it is mapped to."""
ROUND = VISIBILITY + timedelta(seconds=10)
"""By then every message that nobody has taken is delivered again."""
MOST_ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Letters:
    """What a queue delivers until it is taken."""

    queue: str
    bodies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """What a stream, a schedule or a reader asks again for, until the answer `is_enough`."""

    handler: Handler
    event: Callable[[], dict[str, Any]]
    is_enough: Callable[[Any], bool] = lambda _: True


Asked: TypeAlias = Letters | Call


@dataclass
class Life:
    """What is asked is begun, dies where the plan says, and is asked again until all is quiet."""

    stage: Stage
    asked: Asked
    counted: Boundaries
    is_done: bool = False

    def begin(self) -> None:
        """The first invocation, at the same moment however long the runs before it took: what is delivered
        again comes before the next sweep."""
        with time_machine.travel(MORNING):
            if isinstance(self.asked, Letters):
                for body in self.asked.bodies:
                    self.stage.queues[self.asked.queue].put(body)
            self._ask()

    def go_on(self) -> bool:
        """Round upon round; whether it comes to rest."""
        at = MORNING
        for _ in range(MOST_ROUNDS):
            at += ROUND
            with time_machine.travel(at):
                if self._round():
                    return True
        return False

    def _round(self) -> bool:
        if not self.is_done:
            self._ask()
        elif isinstance(self.asked, Letters):
            self._deliver(self.asked.queue)
        swept = self._invoke(sweep_due.handler, {})
        for queue in ("intake", "email", "webhook"):
            self._deliver(queue)
        return swept is not _DIED and self.is_done and self.stage.is_quiet()

    def _ask(self) -> None:
        if isinstance(self.asked, Letters):
            self._deliver(self.asked.queue)
            self.is_done = True  # from here on it is the queue that asks again
            return
        answer = self._invoke(self.asked.handler, self.asked.event())
        self.is_done = answer is not _DIED and self.asked.is_enough(answer)

    def _deliver(self, name: str) -> None:
        queue = self.stage.queues[name]
        batch = queue.receive()
        if not batch:
            return
        event = sqs_event(*(letter.body for letter in batch), queue=name)
        for record, letter in zip(event["Records"], batch, strict=True):
            record |= {"messageId": letter.id, "receiptHandle": letter.id}
            record["attributes"] = {"ApproximateReceiveCount": str(letter.receives)}
        answer = self._invoke(HANDLER_OF[name], event)
        if answer is _DIED:
            return
        failed = {one["itemIdentifier"] for one in answer["batchItemFailures"]}
        for letter in batch:
            if letter.id not in failed:
                del queue.letters[letter.id]

    def _invoke(self, handler: Handler, event: dict[str, Any]) -> Any:
        """Its answer, or that it died or failed; it may fail only where something went wrong."""
        before = self.counted.happened
        self.counted.invocations += 1
        try:
            return handler(event, a_context())
        except Crashed:
            clear_desks()
        except Exception:
            if self.counted.happened == before:
                raise
        return _DIED


_DIED = object()


def live(stage: Stage, asked: Asked, plan: Mapping[int, Fault]) -> tuple[Boundaries, list[Moment], bool]:
    """A run under `plan`: all that was counted, the first invocation's calls, and whether it came to rest."""
    stage.restore()
    with boundaries(plan, lambda: stage.posts) as counted:
        life = Life(stage, asked, counted)
        life.begin()
        first = list(counted.calls)
        return counted, first, life.go_on()
