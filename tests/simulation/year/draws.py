"""What chance decides in a simulated year, all of it by one seed."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from functions.domain.clock import effective_start, working_days_later
from schemas.clocks import ClockPolicy

T = TypeVar("T")

POLICY = ClockPolicy()


class Draws:
    """One stream of chance; another name gives another stream, whatever was drawn from this one."""

    def __init__(self, *seed: object) -> None:
        self._random = random.Random("#".join(map(str, seed)))  # noqa: S311 - a simulation, no secret

    def share(self, likely: float) -> bool:
        """True in so many of all cases."""
        return self._random.random() < likely

    def between(self, low: float, high: float) -> float:
        """Any number from one to the other."""
        return low + (high - low) * self._random.random()

    def whole(self, low: int, high: int) -> int:
        """Any whole number from one to the other, both included."""
        return self._random.randint(low, high)

    def one_of(self, values: Sequence[T]) -> T:
        """Any of them."""
        return self._random.choice(values)

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One of them, each as likely as its weight says."""
        return self._random.choices(list(weights), weights=list(weights.values()))[0]

    def many(self, weights: Mapping[T, float], count: int) -> list[T]:
        """So many of them, each time as likely as its weight says."""
        return self._random.choices(list(weights), weights=list(weights.values()), k=count)

    def some(self, values: Sequence[T], most: int) -> list[T]:
        """Up to so many of them, none twice."""
        return self._random.sample(values, min(self._random.randint(0, most), len(values)))

    def after(self, moment: datetime, low: float, high: float) -> datetime:
        """So many elapsed hours later, to the millisecond."""
        hours = self.between(low, high)
        return moment + timedelta(milliseconds=int(3_600_000 * hours))

    def in_office(self, moment: datetime, low: float, high: float) -> datetime:
        """So many hours later; where nobody is at work then, in the first hours of the next working day."""
        at = self.after(moment, low, high)
        opens = effective_start(at, POLICY)
        return at if opens == at else self.after(opens, 0.05, 3)

    def days_later(self, moment: datetime, low: int, high: int) -> datetime:
        """So many working days later, at any hour of work."""
        day = working_days_later(moment, self.whole(low, high), POLICY)
        return self.in_office(day, -1, 1)
