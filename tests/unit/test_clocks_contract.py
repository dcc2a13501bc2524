"""What a hub may agree about its clocks, and what it gets if it agrees nothing."""

import json

import pytest
from pydantic import ValidationError

from schemas.clocks import ClockPolicy

HOURS = (
    "ra_due_hours_if_red",
    "release_within_hours_if_urgent",
    "untold_call_within_working_hours",
    "untold_call_within_hours_if_urgent",
    "untold_alert_hours_before_working_day",
    "unread_call_within_hours_if_urgent",
    "decision_within_hours_if_red",
    "silence_hours",
    "silent_source_hours",
    "decision_measured_by_hours",
    "contribution_within_hours_if_red",
    "contribution_within_working_hours",
)
WORKING_DAYS = (
    "ra_due_working_days",
    "release_within_working_days",
    "call_within_working_days",
    "unread_call_within_working_days",
    "decision_within_working_days_if_amber",
    "decision_within_working_days_if_green",
    "decision_measured_by_working_days",
    "acknowledgement_within_working_days",
    "transfer_answer_within_working_days",
    "ra_last_reminder_after_working_days",
    "challenge_stage_within_working_days",
    "early_event_within_working_days",
    "form_graded_within_working_days",
)
MANY_WORKING_DAYS = (
    "assessment_within_working_days",
    "conference_within_working_days",
    "plan_update_within_working_days",
    "joint_update_within_working_days",
)
SECONDS = ("fallback_after_seconds",)
LIMITS = (*HOURS, *WORKING_DAYS, *MANY_WORKING_DAYS, *SECONDS)


def refused_field(changes: dict[str, object]) -> str:
    """The one field that the refusal names."""
    with pytest.raises(ValidationError) as caught:
        ClockPolicy.model_validate_json(json.dumps(changes))
    ((field,),) = [error["loc"] for error in caught.value.errors()]
    return str(field)


def test_an_empty_policy_is_the_domains_default() -> None:
    assert ClockPolicy.model_validate_json("{}").model_dump() == {
        "office_opens": "09:00",
        "office_closes": "17:00",
        "ra_due_hours_if_red": 4,
        "ra_due_working_days": 1,
        "release_within_hours_if_urgent": 1,
        "release_within_working_days": 1,
        "call_within_working_days": 1,
        "fallback_after_seconds": 1800,
        "untold_call_within_working_hours": 4,
        "untold_call_within_hours_if_urgent": 2,
        "untold_alert_hours_before_working_day": 1,
        "unread_call_within_hours_if_urgent": 4,
        "unread_call_within_working_days": 1,
        "silence_hours": 2,
        "decision_within_hours_if_red": 4,
        "decision_within_working_days_if_amber": 1,
        "decision_within_working_days_if_green": 3,
        "decision_measured_by_hours": 24,
        "decision_measured_by_working_days": 1,
        "acknowledgement_within_working_days": 1,
        "contribution_within_hours_if_red": 2,
        "contribution_within_working_hours": 4,
        "transfer_answer_within_working_days": 1,
        "ra_last_reminder_after_working_days": 1,
        "assessment_within_working_days": 45,
        "conference_within_working_days": 15,
        "plan_update_within_working_days": 30,
        "joint_update_within_working_days": 10,
        "challenge_stage_within_working_days": 5,
        "early_event_within_working_days": 1,
        "silent_source_hours": 4,
        "quiet_sources": (),
        "form_graded_within_working_days": 10,
    }


def test_every_limit_says_its_unit() -> None:
    assert set(ClockPolicy.model_fields) == {"office_opens", "office_closes", "quiet_sources", *LIMITS}
    assert not [name for name in HOURS if "hours" not in name]
    assert not [name for name in (*WORKING_DAYS, *MANY_WORKING_DAYS) if "working_days" not in name]
    assert not [name for name in SECONDS if "seconds" not in name]


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
        *(({name: 0}, name) for name in LIMITS),
        *(({name: -1}, name) for name in LIMITS),
        *(({name: 73}, name) for name in HOURS),
        *(({name: 21}, name) for name in WORKING_DAYS),
        *(({name: 91}, name) for name in MANY_WORKING_DAYS),
        *(({name: 86_401}, name) for name in SECONDS),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(changes: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        ClockPolicy.model_validate_json(json.dumps(changes))


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("limit", ["4", 4.0, True, None, [4]])
def test_a_limit_is_a_whole_number_and_nothing_is_bent_into_one(name: str, limit: object) -> None:
    assert refused_field({name: limit}) == name


@pytest.mark.parametrize("name", ["office_opens", "office_closes"])
@pytest.mark.parametrize(
    "time",
    [
        "",
        "9am",
        "09.00",
        "0900",
        "09:5",
        "09:00:00",
        "09:00\n",
        " 09:00",
        "\uff10\uff19:00",
        "-1:00",
        900,
        None,
    ],
)
def test_a_time_of_day_is_two_hours_and_two_minutes(name: str, time: object) -> None:
    assert refused_field({name: time}) == name


@pytest.mark.parametrize(
    ("opens", "closes"), [("09:00", "17:00"), ("00:00", "23:59"), ("08:59", "09:00"), ("09:59", "10:00")]
)
def test_an_office_may_be_open_for_a_minute_or_all_day(opens: str, closes: str) -> None:
    policy = ClockPolicy.model_validate_json(json.dumps({"office_opens": opens, "office_closes": closes}))
    assert (policy.office_opens, policy.office_closes) == (opens, closes)
    with pytest.raises(ValidationError, match="office_opens must be before office_closes"):
        ClockPolicy(office_opens=closes, office_closes=opens)


def test_what_one_hub_changes_leaves_the_rest_at_the_default() -> None:
    changed = ClockPolicy.model_validate_json('{"ra_due_hours_if_red": 6}').model_dump()
    assert changed == {**ClockPolicy().model_dump(), "ra_due_hours_if_red": 6}


def test_a_policy_survives_the_environment_and_cannot_be_changed_afterwards() -> None:
    policy = ClockPolicy(office_closes="18:30", call_within_working_days=2)
    assert ClockPolicy.model_validate_json(policy.model_dump_json()) == policy
    with pytest.raises(ValidationError):
        policy.office_closes = "23:00"  # type: ignore[misc]


def test_the_shortest_limits_are_allowed() -> None:
    shortest = dict.fromkeys(LIMITS, 1)
    assert shortest.items() <= ClockPolicy.model_validate_json(json.dumps(shortest)).model_dump().items()


def test_the_longest_limits_are_allowed() -> None:
    longest = {
        **dict.fromkeys(HOURS, 72),
        **dict.fromkeys(WORKING_DAYS, 20),
        **dict.fromkeys(MANY_WORKING_DAYS, 90),
        **dict.fromkeys(SECONDS, 86_400),
    }
    assert longest.items() <= ClockPolicy.model_validate_json(json.dumps(longest)).model_dump().items()
