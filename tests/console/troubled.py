"""Tables that count what is asked of them, and answer only as long as a test lets them."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from tests.simulation.dynamodb import DynamoDB
from tests.simulation.faults import EVERY, Fault, Seeded
from tests.simulation.faulty_client import FaultyClient
from tests.simulation.schedule import Schedule, Spelling
from tests.world import World

T = TypeVar("T")


@dataclass
class Asked:
    """The calls of one page, and the items that they were answered with."""

    calls: list[str] = field(default_factory=list)
    items: int = 0

    def answered(self, answer: Mapping[str, Any]) -> None:
        answers = [answer.get("Items", ()), *answer.get("Responses", {}).values()]
        self.items += int("Item" in answer) + sum(map(len, answers))


class Trouble(Schedule):
    """Every call by its number since `begin`, which says which of them are not answered, and how."""

    def __init__(self) -> None:
        super().__init__(Seeded(0))
        self.asked = Asked()
        self._fault: Fault | None = None
        self._fails = range(0)

    def begin(self, fault: Fault | None = None, at: int = 1, *, lasts: bool = True) -> Asked:
        """Counts anew; the call `at` is not answered, nor those after it if it `lasts`."""
        self.asked, self._fault = Asked(), fault
        self._fails = range(at, sys.maxsize if lasts else at + 1)
        return self.asked

    def call(
        self,
        name: str,
        effect: Callable[[], T],
        faults_allowed: Sequence[Fault] = EVERY,
        spelling: Spelling | None = None,
    ) -> T:
        assert spelling
        self.asked.calls.append(name)
        fault = self._fault if len(self.asked.calls) in self._fails else None
        if fault is Fault.THROTTLE:
            raise spelling.throttled(lambda: 0.0)
        if fault is Fault.LOST_REQUEST:
            raise spelling.lost()
        answer = effect()
        if fault is Fault.LOST_REPLY:
            raise spelling.lost()
        if isinstance(answer, dict):
            self.asked.answered(answer)
        return answer


def tables_of(world: World) -> DynamoDB:
    """The tables that this world has in memory."""
    return cast("DynamoDB", world.store.client)


def troubled(tables: DynamoDB) -> tuple[FaultyClient, Trouble]:
    """A client of these tables, and what decides how they answer."""
    trouble = Trouble()
    return FaultyClient(tables, trouble), trouble
