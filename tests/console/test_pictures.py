"""The README's pictures: there, small, and of the console's own pages."""

from collections.abc import Iterator

import httpx
import pytest

from tests.console.office import Office
from tests.console.pictures import PICTURES, SHOWN
from tests.console.served import served
from tests.house.tree import ROOT
from tests.world import World, a_world

MOST_BYTES = 400_000


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as one:
        yield one


def test_each_picture_is_there_and_nothing_else_is() -> None:
    assert {one.name for one in PICTURES.iterdir()} == {f"{name}.png" for name, *_ in SHOWN}


def test_all_of_them_together_are_small() -> None:
    assert sum(one.stat().st_size for one in PICTURES.iterdir()) < MOST_BYTES


def test_the_readme_shows_or_links_each() -> None:
    readme = (ROOT / "README.md").read_text()
    assert [name for name, *_ in SHOWN if f"({PICTURES.relative_to(ROOT)}/{name}.png)" not in readme] == []


def test_what_is_photographed_is_what_the_office_answers(world: World) -> None:
    with served(lambda base: Office(world.store, world.clocks, lambda: world.now, base, base)) as one:
        reply = httpx.get(f"{one.base}/sign-in?to=/")
    assert "Sign in" in reply.text
    assert reply.headers["Content-Security-Policy"].startswith("default-src 'none'")
