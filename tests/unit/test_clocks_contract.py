"""What a hub may agree about its clocks, and what it gets if it agrees nothing."""

import json

import pytest
from pydantic import ValidationError

from schemas.clocks import ClockPolicy

HOURS = ("ra_due_hours_if_red", "release_within_hours_if_urgent", "decision_within_hours_if_red")
WORKING_DAYS = (
    "ra_due_working_days",
    "release_within_working_days",
    "call_within_working_days",
    "decision_within_working_days_if_amber",
    "decision_within_working_days_if_green",
)


def test_an_empty_policy_is_the_domains_default() -> None:
    assert ClockPolicy.model_validate_json("{}").model_dump() == {
        "office_opens": "09:00",
        "office_closes": "17:00",
        "ra_due_hours_if_red": 4,
        "ra_due_working_days": 1,
        "release_within_hours_if_urgent": 1,
        "release_within_working_days": 1,
        "call_within_working_days": 1,
        "decision_within_hours_if_red": 4,
        "decision_within_working_days_if_amber": 1,
        "decision_within_working_days_if_green": 3,
    }


def test_every_limit_says_its_unit() -> None:
    assert set(ClockPolicy.model_fields) == {"office_opens", "office_closes", *HOURS, *WORKING_DAYS}
    assert not [name for name in HOURS if "hours" not in name]
    assert not [name for name in WORKING_DAYS if "working_days" not in name]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"office_opens": "9:00"}, "office_opens"),
        ({"office_opens": "24:00"}, "office_opens"),
        ({"office_closes": "17:60"}, "office_closes"),
        ({"office_closes": "17:00Z"}, "office_closes"),
        ({"office_opens": "17:00"}, "office_opens must be before office_closes"),
        ({"office_opens": "17:01"}, "office_opens must be before office_closes"),
        ({"closure_days": []}, "closure_days"),
        *(({name: 0}, name) for name in (*HOURS, *WORKING_DAYS)),
        *(({name: 73}, name) for name in HOURS),
        *(({name: 21}, name) for name in WORKING_DAYS),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(changes: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        ClockPolicy.model_validate_json(json.dumps(changes))


def test_the_longest_limits_are_allowed() -> None:
    longest = {**dict.fromkeys(HOURS, 72), **dict.fromkeys(WORKING_DAYS, 20)}
    assert longest.items() <= ClockPolicy.model_validate_json(json.dumps(longest)).model_dump().items()
