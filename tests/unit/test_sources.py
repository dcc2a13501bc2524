"""What a source's numbers tell: gaps, late ones, and a count that begins anew."""

from datetime import datetime, timedelta

import pytest

from functions.domain.reconciliation.arrivals import Arrived
from functions.domain.silence import is_source_silent
from functions.domain.sources import Numbers, Restart, counted, left_out, numbered
from schemas.clocks import ClockPolicy

TEN = datetime.fromisoformat("2026-11-24T10:00:00Z")
LATER = TEN + timedelta(days=1)


def came(*numbers: int, every: timedelta = timedelta(hours=1)) -> list[tuple[int, datetime]]:
    return [(number, TEN + place * every) for place, number in enumerate(numbers)]


def gaps(*numbers: int, refused: tuple[datetime, ...] = (), settled: datetime = LATER) -> list[str]:
    counts, _ = counted(came(*numbers))
    return [str(gap) for count in counts for gap in left_out(count, refused, settled=settled)]


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        ((), []),
        ((7,), []),
        ((7, 8, 9), []),
        ((7, 9), ["8..8"]),
        ((7, 12, 9, 14), ["8..8", "10..11", "13..13"]),
        ((7, 9, 8), []),
        ((7, 8, 1, 3), ["2..2"]),
        ((40, 42, 1, 41, 2), []),
    ],
)
def test_a_gap_lies_between_two_numbers_of_one_count(numbers: tuple[int, ...], found: list[str]) -> None:
    assert gaps(*numbers) == found


@pytest.mark.parametrize(
    ("numbers", "restarts"),
    [
        ((7, 8, 9), []),
        ((7, 9, 8), []),
        ((7, 8, 7), [Restart(8, 7)]),
        ((7, 8, 0, 1, 9), [Restart(8, 0)]),
        ((7, 8, 1, 2, 1), [Restart(8, 1), Restart(2, 1)]),
    ],
)
def test_what_came_already_or_lies_below_the_first_begins_anew(
    numbers: tuple[int, ...], restarts: list[Restart]
) -> None:
    assert counted(came(*numbers))[1] == restarts


def test_the_first_numbers_heard_may_come_out_of_order() -> None:
    minutes = timedelta(minutes=15)
    assert counted(came(8, 7, every=minutes))[1] == []
    assert counted(came(8, 7, every=minutes + timedelta(seconds=1)))[1] == [Restart(8, 7)]


def test_what_is_not_settled_may_still_come() -> None:
    assert gaps(7, 9, settled=TEN + timedelta(minutes=59)) == []
    assert gaps(7, 9, settled=TEN + timedelta(hours=1)) == ["8..8"]


def test_one_refused_event_explains_one_number_of_its_time() -> None:
    between = TEN + timedelta(minutes=30)
    assert gaps(7, 9, refused=(between,)) == []
    assert gaps(7, 10, refused=(between,)) == ["8..9"]
    assert gaps(7, 9, refused=(TEN + timedelta(hours=3),)) == ["8..8"]


def test_numbers_are_read_as_they_are_written() -> None:
    written = Numbers(7, 9)
    assert (str(written), Numbers.of("7..9"), written.size) == ("7..9", written, 3)
    assert [number in written for number in (6, 7, 9, 10)] == [False, True, True, False]


def test_the_same_event_again_and_a_row_told_elsewhere_count_for_nothing() -> None:
    def one(kind: str, number: int | None, *, elsewhere: bool = False) -> Arrived:
        return Arrived("u", "R#X", TEN, kind, "mash.case-system", number, is_told_elsewhere=elsewhere)

    arrived = [
        one("DECISION", 7),
        one("EVENT_DUPLICATE", 7),
        one("DECISION", 7, elsewhere=True),
        one("REJECTED", None),
    ]
    assert numbered(arrived) == [(7, TEN)]


@pytest.mark.parametrize(
    ("since", "now", "silent"),
    [
        ("2026-11-24T10:00:00Z", "2026-11-24T13:59:59Z", False),
        ("2026-11-24T10:00:00Z", "2026-11-24T14:00:00Z", True),
        ("2026-11-24T16:00:00Z", "2026-11-25T11:59:59Z", False),
        ("2026-11-24T16:00:00Z", "2026-11-25T12:00:00Z", True),
        ("2026-11-20T16:00:00Z", "2026-11-22T12:00:00Z", False),
        ("2026-11-24T10:00:00Z", "2026-11-24T17:00:00Z", False),
        ("2026-06-10T09:00:00Z", "2026-06-10T13:00:00Z", True),
    ],
)
def test_a_source_is_silent_after_so_many_hours_of_open_office(*, since: str, now: str, silent: bool) -> None:
    at = datetime.fromisoformat
    assert is_source_silent(at(since), at(now), ClockPolicy()) is silent


def test_where_numbers_began_anew_is_said_in_numbers() -> None:
    assert str(Restart(8, 0)) == "8..0"
