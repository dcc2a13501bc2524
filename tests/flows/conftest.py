"""A fresh world for each test of a flow."""

from collections.abc import Iterator

import pytest

from tests.flows import chases
from tests.flows.aviary import Aviary, a_registry
from tests.world import World, a_world


@pytest.fixture
def world(_no_real_account: None) -> Iterator[World]:
    with a_world() as one:
        yield one


@pytest.fixture
def aviary(world: World) -> Aviary:
    """Four forces, each with an endpoint that was checked; none agrees to canaries yet."""
    world.directory.apply(a_registry(), applier="duty-engineer", now=world.now, allow_removal=True)
    world.apply(a_registry())
    return Aviary(world)


@pytest.fixture
def reminded(world: World) -> World:
    """The police have been reminded once of a form that has not come."""
    return chases.reminded(world)
