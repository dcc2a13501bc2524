"""What people type as a day, a time, a number or an id."""

from datetime import date, time

import pytest

from functions.domain.typed import day_typed, id_typed, number_typed, time_typed


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("9:05", time(9, 5)),
        ("09.05", time(9, 5)),
        ("14.30", time(14, 30)),
        ("00:00", time(0)),
        ("23:59:58", time(23, 59, 58)),
        ("14.30.05", time(14, 30, 5)),
    ],
)
def test_a_time_is_read_in_every_usual_spelling(text: str, means: time) -> None:
    assert time_typed(text) == means


@pytest.mark.parametrize("text", ["", "14", "1430", "24:00", "9:5", "14:60", "14:30Z", "2.30pm", "١٤:٣٠"])
def test_what_could_mean_another_time_is_none(text: str) -> None:
    assert time_typed(text) is None


@pytest.mark.parametrize(
    ("text", "means"),
    [("2026-11-27", date(2026, 11, 27)), ("2026-02-30", None), ("0001-01-01", None), ("today", None)],
)
def test_a_day_is_one_that_something_may_have_happened_on(text: str, means: date | None) -> None:
    assert day_typed(text) == means


@pytest.mark.parametrize(
    ("text", "means"), [("0", 0), ("12", 12), ("-1", None), ("1" * 10, None), ("\u0661", None)]
)
def test_a_number_is_whole_and_no_longer_than_any_of_ours(text: str, means: int | None) -> None:
    assert number_typed(text) == means


@pytest.mark.parametrize(("text", "means"), [("north-police", "north-police"), ("Jo Bloggs", ""), ("-x", "")])
def test_an_id_holds_no_words(text: str, means: str) -> None:
    assert id_typed(text) == means
