"""Each deployed function dies before and after every call to AWS; nothing is lost, and nothing is done twice
unsaid."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

import functions.handlers
from tests.handlers.crash_aws import Tables, TablesOnMoto
from tests.handlers.crash_plan import PAIRS, PLACES, STORIES
from tests.handlers.crash_programs import a_mail_that_came_back
from tests.handlers.crash_stage import Stage, a_stage
from tests.handlers.crash_sweep import sweep

pytestmark = pytest.mark.no_cover


@pytest.fixture
def stage(
    _no_real_account: None,
    httpserver: HTTPServer,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Stage]:
    with a_stage(httpserver, monkeypatch, Tables()) as one:
        yield one


@pytest.fixture
def stage_on_moto(
    _no_real_account: None,
    httpserver: HTTPServer,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Stage]:
    with a_stage(httpserver, monkeypatch, TablesOnMoto()) as one:
        yield one


@pytest.fixture(autouse=True)
def _no_log_lines(caplog: pytest.LogCaptureFixture) -> None:
    """Hundreds of runs' lines cost more than they tell: a run that went wrong is named by what it lost."""
    for name in ("mash-outcomes", "werkzeug"):
        caplog.set_level(logging.CRITICAL, logger=name)


def test_every_deployed_function_has_a_story() -> None:
    """But the console: tests/console/test_troubled.py plays a fault at each call of its pages."""
    (folder,) = functions.handlers.__path__
    deployed = {path.stem for path in Path(folder).glob("*.py")} - {"__init__", "console"}
    assert STORIES.keys() == PLACES.keys() == deployed


@pytest.mark.slow
@pytest.mark.timeout(420)
@pytest.mark.parametrize("function", STORIES)
def test_wherever_it_dies_nothing_is_lost_and_nothing_done_twice(stage: Stage, function: str) -> None:
    stories, pairs = STORIES[function], PAIRS.get(function, 0)
    swept = sweep(stage, stories, pairs=pairs)
    assert swept.wrong == []
    assert swept.single == swept.places >= PLACES[function]
    assert swept.played >= pairs * len(stories) / 2


@pytest.mark.slow
@pytest.mark.timeout(420)
def test_it_is_the_same_on_moto(stage_on_moto: Stage) -> None:
    swept = sweep(stage_on_moto, [a_mail_that_came_back], pairs=0)
    assert swept.wrong == []
    assert swept.single == swept.places >= 8
