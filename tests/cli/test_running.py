"""Being told to stop: by Ctrl-C or SIGTERM, in the foreground or not, and once is enough."""

import os
import signal
from collections.abc import Iterator

import pytest

from functions.cli.running import STOPS, until_told_to_stop

STOPPING = "stopping...\n"


@pytest.fixture(autouse=True)
def _as_a_shell_starts_a_background_job() -> Iterator[None]:
    """SIGINT ignored, until the test is over."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("number", STOPS)
def test_either_signal_ends_the_block_and_says_so(
    capfd: pytest.CaptureFixture[str], number: signal.Signals
) -> None:
    reached = []
    with until_told_to_stop():
        reached.append("inside")
        os.kill(os.getpid(), number)
        reached.append("after the signal")
    assert (reached, capfd.readouterr().err) == (["inside"], STOPPING)


def test_a_second_signal_does_not_cut_the_tidying_up_short(capfd: pytest.CaptureFixture[str]) -> None:
    tidied = []
    with until_told_to_stop():
        try:
            os.kill(os.getpid(), signal.SIGINT)
        finally:
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGTERM)
            tidied.append("all of it")
    assert (tidied, capfd.readouterr().err) == (["all of it"], STOPPING)


def test_afterwards_signals_are_the_callers_again() -> None:
    before = [signal.getsignal(number) for number in STOPS]
    with until_told_to_stop():
        assert [signal.getsignal(number) for number in STOPS] != before
    assert [signal.getsignal(number) for number in STOPS] == before
