"""Tables on moto, fresh for each test that asks for them."""

from collections.abc import Iterator

import pytest

from functions.adapters.ledger.store import Store
from tests.an_aws import an_aws
from tests.stage_tables import on_moto
from tests.world import World, a_decision, a_world


@pytest.fixture
def aws(_no_real_account: None) -> Iterator[None]:
    """An AWS of our own, empty."""
    with an_aws():
        yield


@pytest.fixture
def store(aws: None) -> Store:
    """The three tables, empty."""
    return on_moto()


@pytest.fixture
def decided() -> Iterator[World]:
    """The worked example, its first version due this very moment and not yet told."""
    with a_world(on_moto) as world:
        world.take(a_decision())
        yield world
