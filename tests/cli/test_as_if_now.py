"""A story's files are told as if they happened now: every moment moves by as much, and nothing else."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from functions.cli.as_if_now import as_if_now, newest_moment
from functions.cli.bus import Entry, read_entries
from functions.cli.demo import EVENTS

NOW = datetime(2027, 3, 8, 9, 30, 12, 345_678, tzinfo=UTC)


def entry(**detail: object) -> Entry:
    return Entry("made.json", json.dumps(detail), detail)


def test_the_last_event_of_a_story_is_now_and_the_others_as_long_before_it_as_they_were() -> None:
    first = entry(occurred_at="2026-11-19T15:31:04Z", received_at="2026-11-19T15:30:00Z")
    last = entry(occurred_at="2026-11-20T13:30:20Z")
    moved = as_if_now([first, last], newest_moment([first, last]), NOW)
    assert [one.detail for one in moved] == [
        {"occurred_at": "2027-03-07T11:30:56Z", "received_at": "2027-03-07T11:29:52Z"},
        {"occurred_at": "2027-03-08T09:30:12Z"},
    ]
    assert [json.loads(one.text) for one in moved] == [one.detail for one in moved]


def test_moments_and_days_move_wherever_they_stand_and_nothing_else_does() -> None:
    newest = datetime(2026, 11, 20, tzinfo=UTC)
    before = entry(
        children=[{"expected_date_of_delivery": "2026-12-01", "own_ref": "43261119/0805"}],
        source_seq=4205,
        told_without_its_zone="2026-11-20T13:30:20",
    )
    (after,) = as_if_now([before], newest, newest + timedelta(days=31))
    assert after.detail == {
        "children": [{"expected_date_of_delivery": "2027-01-01", "own_ref": "43261119/0805"}],
        "source_seq": 4205,
        "told_without_its_zone": "2026-11-20T13:30:20",
    }


def test_what_is_no_event_goes_as_it_is() -> None:
    cut_off = Entry("cut-off.json", '{"occurred_at": "2026-11-20T13:30:20Z', None)
    assert as_if_now([cut_off], newest_moment([cut_off]), NOW) == [cut_off]


def test_an_event_sent_twice_is_the_same_event_twice() -> None:
    """Else the second would not be the duplicate that its story is about."""
    (once,) = read_entries(EVENTS / Path("decision.neglect-joint.json"))
    newest = newest_moment([once])
    assert as_if_now([once], newest, NOW) == as_if_now([once], newest, NOW)
