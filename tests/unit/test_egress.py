"""When it is our own way out that fails: several endpoints out of reach, and none reached since."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.canary import Heard, egress_fails

NOW = datetime(2026, 11, 24, 15, 2, 30, tzinfo=UTC)


def at(minute: int | None) -> datetime | None:
    return None if minute is None else NOW + timedelta(minutes=minute)


def heard(reached: int | None, unreached: int | None) -> Heard:
    return Heard(at(reached), at(unreached))


minutes = st.none() | st.integers(0, 5)
endpoints = st.lists(st.builds(heard, minutes, minutes), max_size=6)


@pytest.mark.parametrize(
    ("endpoints", "ours"),
    [
        ([], False),
        ([heard(None, 1)], False),
        ([heard(None, None), heard(None, 1)], False),
        ([heard(None, 1), heard(None, 2)], True),
        ([heard(None, 1), heard(None, 2), heard(None, None)], False),
        ([heard(None, 1), heard(None, 2), heard(None, 3)], True),
        ([heard(0, 1), heard(0, 2), heard(0, 3), heard(0, None)], True),
        ([heard(0, 1), heard(0, 2), heard(0, 3), heard(2, None)], False),
        ([heard(3, 1), heard(None, 4), heard(None, 5), heard(None, 6)], True),
        ([heard(5, 5), heard(None, 5), heard(None, 5)], False),
    ],
)
def test_three_out_of_reach_since_anybody_was_reached_or_all_where_fewer_agree(
    endpoints: list[Heard], *, ours: bool
) -> None:
    assert egress_fails(endpoints) is ours


@given(endpoints)
def test_whoever_was_reached_last_of_all_proves_that_the_way_out_works(endpoints: list[Heard]) -> None:
    assert not egress_fails([*endpoints, heard(6, None)])


@given(endpoints, st.integers(0, 5))
def test_the_order_in_which_they_are_read_means_nothing(endpoints: list[Heard], cut: int) -> None:
    assert egress_fails(endpoints) == egress_fails([*endpoints[cut:], *endpoints[:cut]])
