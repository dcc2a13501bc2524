"""Moments and spans as somebody at a desk says them."""

from datetime import UTC, datetime, timedelta

import pytest

from functions.console.words.moments import lasting, short, within_a_sentence

NOW = datetime(2026, 11, 26, 8, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=-5), "less than a minute"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=2, minutes=33, seconds=59), "2 hours 33 minutes"),
        (timedelta(days=1, minutes=14), "1 day 14 minutes"),
        (timedelta(days=6, hours=23, minutes=59), "6 days 23 hours"),
        (timedelta(days=7, hours=23), "7 days"),
        (timedelta(days=1_230), "1,230 days"),
    ],
)
def test_a_span_is_told_in_two_units_at_most_and_never_as_longer_than_it_was(
    span: timedelta, words: str
) -> None:
    assert lasting(span) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 26, 0, 0, tzinfo=UTC), "Today, 12:00am"),
        (datetime(2026, 11, 25, 23, 59, tzinfo=UTC), "Yesterday, 11:59pm"),
        (datetime(2026, 11, 20, 11, 40, tzinfo=UTC), "Friday, 11:40am"),
        (datetime(2026, 11, 19, 11, 40, tzinfo=UTC), "19 November 2026, 11:40am"),
        (datetime(2026, 11, 27, 9, 0, tzinfo=UTC), "Tomorrow, 9:00am"),
        (datetime(2026, 11, 28, 9, 0, tzinfo=UTC), "28 November 2026, 9:00am"),
        (datetime(2026, 9, 30, 23, 30, tzinfo=UTC), "1 October 2026, 12:30am"),
    ],
)
def test_a_moment_is_told_by_the_uks_day(moment: datetime, words: str) -> None:
    assert short(moment, NOW) == words


def test_within_a_sentence_a_day_has_a_capital_only_by_its_name() -> None:
    at = [within_a_sentence(NOW - timedelta(days=back), NOW) for back in (0, 1, 2, 30)]
    assert at == ["today, 8:45am", "yesterday, 8:45am", "Tuesday, 8:45am", "27 October 2026, 8:45am"]
