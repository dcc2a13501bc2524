"""Canary events: how often one goes to an endpoint, and when it is our own way out that fails."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

CANARY_EVERY = timedelta(minutes=15)
ENOUGH_TO_BLAME_OURSELVES = 3
FEWEST_TO_BLAME_OURSELVES = 2
"""One endpoint out of reach says nothing about the way there, even where no other agrees to canaries."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What an endpoint's canaries met: when one last got an answer, of whatever status, and last got none."""

    reached_at: datetime | None
    unreached_at: datetime | None


def egress_fails(heard: Sequence[Heard]) -> bool:
    """Whether so many endpoints were out of reach since any was last reached that the fault is ours.

    Three, or all that agree to canaries if those are fewer. `heard` has an entry for each that agrees.
    """
    reached = max((one.reached_at for one in heard if one.reached_at), default=None)
    missed = [one for one in heard if one.unreached_at and (reached is None or one.unreached_at > reached)]
    return len(missed) >= max(FEWEST_TO_BLAME_OURSELVES, min(ENOUGH_TO_BLAME_OURSELVES, len(heard)))
