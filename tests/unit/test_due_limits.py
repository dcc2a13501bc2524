"""Each field of the policy moves what it is named after, and nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from functions.domain.clock import effective_start, in_office_hours
from functions.domain.due import (
    acknowledgement_due_at,
    assessment_due_at,
    call_due_at,
    challenge_stage_due_at,
    conference_due_at,
    contribution_due_at,
    decision_due_at,
    early_event_due_at,
    grading_due_at,
    joint_update_due_at,
    measured_in_hours_due_at,
    plan_update_due_at,
    ra_due_at,
    ra_last_reminder_due_at,
    red_alert_due_at,
    release_due_at,
    transfer_answer_due_at,
    unread_call_due_at,
    untold_call_due_at,
)
from functions.domain.silence import is_source_silent, is_too_silent
from schemas.clocks import ClockPolicy
from schemas.codes import Outcome, Rag

POLICY = ClockPolicy()


def on_wednesday(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, 10, hour, minute, tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)


MORNING = on_wednesday(10)

OFFICE: dict[str, Callable[[ClockPolicy], object]] = {
    "office_opens": lambda policy: effective_start(on_wednesday(6), policy),
    "office_closes": lambda policy: in_office_hours(on_wednesday(17, 30), policy),
}
LIMITS: dict[str, Callable[[ClockPolicy], object]] = {
    "ra_due_hours_if_red": lambda policy: ra_due_at(MORNING, Rag.RED, None, policy),
    "ra_due_working_days": lambda policy: ra_due_at(MORNING, None, None, policy),
    "ra_last_reminder_after_working_days": lambda policy: ra_last_reminder_due_at(MORNING, policy),
    "release_within_hours_if_urgent": lambda policy: release_due_at([Outcome.EMP], MORNING, policy),
    "release_within_working_days": lambda policy: release_due_at([Outcome.LAD], MORNING, policy),
    "call_within_working_days": lambda policy: call_due_at(MORNING, policy),
    "untold_call_within_working_hours": lambda policy: untold_call_due_at(
        [Outcome.S17], None, MORNING, policy
    ),
    "untold_call_within_hours_if_urgent": lambda policy: untold_call_due_at(
        [Outcome.S17], Rag.RED, MORNING, policy
    ),
    "untold_alert_hours_before_working_day": lambda policy: red_alert_due_at(MORNING, policy),
    "unread_call_within_hours_if_urgent": lambda policy: unread_call_due_at([Outcome.STR], MORNING, policy),
    "unread_call_within_working_days": lambda policy: unread_call_due_at([Outcome.S17], MORNING, policy),
    "silence_hours": lambda policy: is_too_silent(MORNING, on_wednesday(12, 30), policy),
    "decision_within_hours_if_red": lambda policy: decision_due_at(MORNING, Rag.RED, policy),
    "decision_within_working_days_if_amber": lambda policy: decision_due_at(MORNING, Rag.AMBER, policy),
    "decision_within_working_days_if_green": lambda policy: decision_due_at(MORNING, Rag.GREEN, policy),
    "decision_measured_by_hours": lambda policy: measured_in_hours_due_at(MORNING, policy),
    "decision_measured_by_working_days": lambda policy: decision_due_at(MORNING, None, policy),
    "acknowledgement_within_working_days": lambda policy: acknowledgement_due_at(MORNING, policy),
    "contribution_within_hours_if_red": lambda policy: contribution_due_at(MORNING, Rag.RED, policy),
    "contribution_within_working_hours": lambda policy: contribution_due_at(MORNING, Rag.AMBER, policy),
    "transfer_answer_within_working_days": lambda policy: transfer_answer_due_at(MORNING, policy),
    "assessment_within_working_days": lambda policy: assessment_due_at(MORNING, policy),
    "conference_within_working_days": lambda policy: conference_due_at(MORNING, policy),
    "plan_update_within_working_days": lambda policy: plan_update_due_at(MORNING, policy),
    "joint_update_within_working_days": lambda policy: joint_update_due_at(MORNING, policy),
    "challenge_stage_within_working_days": lambda policy: challenge_stage_due_at(MORNING, policy),
    "early_event_within_working_days": lambda policy: early_event_due_at(MORNING, policy),
    "silent_source_hours": lambda policy: is_source_silent(MORNING, on_wednesday(14, 30), policy),
    "form_graded_within_working_days": lambda policy: grading_due_at(MORNING, policy),
}
IN_FLOWS_ALONE = {"fallback_after_seconds", "quiet_sources"}
"""tests/flows/test_people_clocks_fallback.py and test_sources_silent.py show that they matter."""


def moved_by(policy: ClockPolicy) -> set[str]:
    everything = {**OFFICE, **LIMITS}
    return {name for name, told_by in everything.items() if told_by(policy) != told_by(POLICY)}


def test_no_field_of_the_policy_is_left_out() -> None:
    assert {*OFFICE, *LIMITS} == set(ClockPolicy.model_fields) - IN_FLOWS_ALONE


@pytest.mark.parametrize("limit", LIMITS)
def test_a_limit_moves_what_it_is_named_after_and_nothing_else(limit: str) -> None:
    one_more = POLICY.model_copy(update={limit: getattr(POLICY, limit) + 1})
    assert moved_by(one_more) == {limit}


def test_office_hours_move_what_waits_for_the_office() -> None:
    assert "office_opens" in moved_by(ClockPolicy(office_opens="08:00"))
    assert "office_closes" in moved_by(ClockPolicy(office_closes="18:00"))
