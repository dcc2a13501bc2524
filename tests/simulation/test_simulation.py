"""Hundreds of seeds of the whole service, and the proof that they would notice a broken mechanism."""

from collections.abc import Iterator

import pytest

from tests.simulation.figures import is_caught
from tests.simulation.mutants import MUTANTS
from tests.simulation.run import Played, play

SEEDS = 500
"""`make sim` plays 30,000."""
PARTS = 4
SEEDS_FOR_A_MUTANT = 120

REACHED = frozenset(
    {
        "CALL_UNREAD done",
        "CALL_UNREAD opened",
        "CALL_UNTOLD opened",
        "CANCEL DONE",
        "CANCEL REFUSED",
        "CANCELLED PENDING",
        "CHALLENGE_RAISED",
        "CHALLENGE_RESOLVED",
        "CHALLENGE_STAGE_2",
        "DECISION",
        "DECISION_STALE",
        "DONE DONE",
        "EVENT_DUPLICATE",
        "LATE_OUTCOME",
        "PAUSE DONE",
        "PAUSE REFUSED again",
        "PHONE_CONFIRMED",
        "PLAN_STATUS_CHANGED",
        "POLICE_INVESTIGATION_STATUS_CHANGED",
        "PROBATION_ENQUIRY",
        "QUARANTINE ended by a receipt",
        "RECOVER DONE",
        "RELEASED",
        "RESEND DONE",
        "RESEND REFUSED again",
        "RESEND_BY_EMAIL DONE",
        "RESENT anew SENT",
        "RESUME DONE",
        "SENT came back",
        "SUPERSEDED",
        "WITHDRAWN_IN_ERROR",
        "WITHHELD",
        "WITHHELD waits for DECISION",
        "address closed",
        "address to be mended",
        "clock CALL",
        "clock FALLBACK",
        "clock RED_ALERT",
        "clock UNREAD",
        "closed FAILED RETRY",
        "closed SUCCESS SENT",
        "closed UNKNOWN QUARANTINE",
        "closed UNKNOWN RETRY",
        "delivery CANCELLED",
        "delivery FAILED",
        "delivery PARKED",
        "delivery SENT",
        "delivery SUPERSEDED",
        "duplicate left",
        "endpoint FAILING",
        "endpoint PAUSED",
        "endpoint RECOVERED",
        "endpoint RESUMED",
        "parked ADDRESS_SUPPRESSED",
        "receipt ACCEPTED",
        "receipt BOUNCED",
        "receipt COMPLAINED",
        "receipt DELAYED",
        "receipt DELIVERED",
        "receipt before the commit",
        "receipt overtaken",
        "released in the case system",
        "shown a higher number",
        "stopped and withheld",
        "update CHALLENGE",
        "update PLAN",
        "update POLICE_CASE",
        "update PROBATION_ENQUIRY",
        "update WITHDRAWAL",
    }
)
"""What each part of the seeds must come by: a run that goes nowhere proves nothing."""


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A trace says more than a million log lines, and is written only when a seed is played again."""
    with caplog.at_level("CRITICAL", logger="mash-outcomes"):
        yield


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_lost_doubled_or_out_of_order_whatever_goes_wrong(part: int) -> None:
    each = SEEDS // PARTS
    played = [play(seed) for seed in range(part * each, (part + 1) * each)]
    reached = frozenset[str]().union(*(one.paths for one in played))
    assert REACHED - reached == frozenset()
    assert sum(one.faults for one in played) > each


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_broken_mechanism_is_noticed(mutant: str) -> None:
    assert any(is_caught(mutant, seed) for seed in range(SEEDS_FOR_A_MUTANT))


def test_one_seed_is_one_run() -> None:
    def told(seed: int) -> Played:
        return play(seed)

    assert told(7) == told(7)
    assert told(7) != told(8)
