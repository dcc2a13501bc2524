"""Each deployed function dies before and after every call to AWS; nothing is lost, and nothing is done twice
unsaid."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

import functions.handlers
from tests.handlers.crash_programs import PROGRAMS, TWICE, Story
from tests.handlers.crash_stage import Stage, a_stage
from tests.handlers.crash_sweep import sweep
from tests.world import World

STORIES = [(function, story) for function, stories in PROGRAMS.items() for story in stories]


@pytest.fixture
def stage(world: World, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with a_stage(world, httpserver, monkeypatch) as one:
        yield one


def test_every_deployed_function_has_a_story() -> None:
    (folder,) = functions.handlers.__path__
    deployed = {path.stem for path in Path(folder).glob("*.py")} - {"__init__"}
    assert PROGRAMS.keys() == deployed


@pytest.mark.slow
@pytest.mark.timeout(420)
@pytest.mark.parametrize(("function", "story"), STORIES, ids=[story.__name__ for _, story in STORIES])
def test_wherever_it_dies_nothing_is_lost_and_nothing_done_twice(
    stage: Stage, function: str, story: Story
) -> None:
    swept = sweep(stage, story, pairs=TWICE.get(function, 0))
    assert swept.wrong == []
    assert swept.single == swept.counted > 0
    assert swept.double == TWICE.get(function, 0)
