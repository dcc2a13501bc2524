"""A fresh world for each test of a flow."""

from collections.abc import Iterator

import pytest

from tests.world import World, a_world


@pytest.fixture
def world(_no_real_account: None) -> Iterator[World]:
    with a_world() as one:
        yield one
