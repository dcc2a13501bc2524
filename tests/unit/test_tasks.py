"""Whose task it is and by when: an hour for what is urgent, day and night; a working day for the rest."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.bank_holidays import HORIZON
from functions.domain.by_hand import OF_A_SOURCE, OF_ALL_DECISIONS
from functions.domain.life_clocks.firing import TASKS
from functions.domain.tasks import (
    IF_THE_CALENDAR_HAS_ENDED,
    Task,
    call_task,
    challenge_task,
    divergence_tasks,
    grading_task,
    or_sooner,
    reasons_task,
    release_task,
)
from schemas.clocks import ClockPolicy
from schemas.codes import HoldTrigger, Outcome, TaskKind, TaskRole

POLICY = ClockPolicy()
RELEASES = (TaskKind.RELEASE_CHILD, TaskKind.RELEASE_AGENCY, TaskKind.RELEASE_ALLEGATION)
CALLS = (TaskKind.CALL_REFERRER, TaskKind.CALL_AGENCY)
UNTOLD = (TaskKind.CALL_UNTOLD, TaskKind.CALL_UNREAD)
LOOKS = (
    TaskKind.CHECK_REVISION,
    TaskKind.CHECK_DUPLICATE,
    TaskKind.CHECK_NOT_TOLD,
    TaskKind.CHECK_WITHHELD,
    TaskKind.CHECK_RELEASE,
    TaskKind.READ_LATE_FORM,
    TaskKind.CHECK_STATEMENT,
)
OF_TWO = (TaskKind.CHECK_DIVERGENCE,)
CHALLENGES = (TaskKind.CHECK_CHALLENGE,)
DRAWN = (TaskKind.GRADE_FORM,)
MENDS = (TaskKind.MEND_ENDPOINT, TaskKind.MEND_ADDRESS)
URGENT = (Outcome.EMP, Outcome.STR, Outcome.S47S, Outcome.S47J)
OTHERS = sorted(set(Outcome) - set(URGENT))
PERSONS = sorted(set(HoldTrigger) - {HoldTrigger.UNVERIFIED_ADDRESS})
ADDRESS = (HoldTrigger.UNVERIFIED_ADDRESS,)

OFFICE = datetime(2026, 11, 24, 15, 2, 30, tzinfo=UTC)
"""A Tuesday afternoon."""
OUT_OF_HOURS = {
    "five sharp": datetime(2026, 11, 24, 17, 0, tzinfo=UTC),
    "before nine": datetime(2026, 11, 24, 8, 59, 59, tzinfo=UTC),
    "night": datetime(2026, 11, 25, 2, 0, tzinfo=UTC),
    "Saturday": datetime(2026, 11, 28, 11, 0, tzinfo=UTC),
    "Christmas Day, a Friday": datetime(2026, 12, 25, 11, 0, tzinfo=UTC),
    "summer, five by London's clocks": datetime(2026, 6, 10, 16, 0, tzinfo=UTC),
}
AFTER_THE_CALENDAR = datetime(HORIZON.year + 1, 6, 1, 11, 0, tzinfo=UTC)


def held(
    held_at: datetime, *outcomes: Outcome, triggers: tuple[HoldTrigger, ...] = (HoldTrigger.SENSITIVE,)
) -> Task:
    return release_task(TaskKind.RELEASE_CHILD, outcomes, triggers, held_at, POLICY)


@pytest.mark.parametrize("outcome", URGENT)
def test_in_the_office_an_urgent_hold_is_the_managers_for_an_hour(outcome: Outcome) -> None:
    task = held(OFFICE, outcome)
    assert (task.role, task.due_at) == (TaskRole.MASH_MANAGER, OFFICE + timedelta(hours=1))


@pytest.mark.parametrize(("moment", "outcome"), list(product(OUT_OF_HOURS, URGENT)))
def test_out_of_hours_an_urgent_hold_is_the_emergency_duty_teams_for_an_elapsed_hour(
    moment: str, outcome: Outcome
) -> None:
    held_at = OUT_OF_HOURS[moment]
    for triggers in ((HoldTrigger.SENSITIVE,), ADDRESS):
        task = held(held_at, outcome, triggers=triggers)
        assert (task.role, task.due_at) == (TaskRole.EMERGENCY_DUTY_TEAM, held_at + timedelta(hours=1))


def test_an_hour_is_an_hour_through_the_night_when_clocks_go_back() -> None:
    """Half past one comes twice on that night in London, and the second is an hour after the first."""
    held_at = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert held(held_at, Outcome.EMP).due_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("outcome", OTHERS)
def test_any_other_hold_is_the_managers_for_a_working_day(outcome: Outcome) -> None:
    """An allegation among them: it is no urgent outcome (domain section 6.3)."""
    friday_night = datetime(2026, 11, 27, 22, 0, tzinfo=UTC)
    assert held(OFFICE, outcome).due_at == datetime(2026, 11, 25, 15, 2, 30, tzinfo=UTC)
    task = held(friday_night, outcome)
    assert (task.role, task.due_at) == (TaskRole.MASH_MANAGER, datetime(2026, 12, 1, 9, 0, tzinfo=UTC))


def test_one_urgent_outcome_among_others_hastens_the_hold() -> None:
    assert held(OFFICE, Outcome.S17, Outcome.STR).due_at == OFFICE + timedelta(hours=1)


@pytest.mark.parametrize("outcome", Outcome)
def test_an_address_that_is_not_verified_is_for_whoever_keeps_the_directory(outcome: Outcome) -> None:
    assert held(OFFICE, outcome, triggers=ADDRESS).role is TaskRole.DIRECTORY_OWNER


@pytest.mark.parametrize("trigger", PERSONS)
def test_an_address_beside_what_a_person_must_decide_is_the_managers(trigger: HoldTrigger) -> None:
    for outcome in Outcome:
        assert held(OFFICE, outcome, triggers=(*ADDRESS, trigger)).role is TaskRole.MASH_MANAGER


@pytest.mark.parametrize("kind", RELEASES)
def test_a_hold_on_one_recipient_names_it(kind: TaskKind) -> None:
    task = release_task(kind, (Outcome.S17,), ADDRESS, OFFICE, POLICY, agency_id="north-gp")
    due_at = datetime(2026, 11, 25, 15, 2, 30, tzinfo=UTC)
    assert task == Task(kind, TaskRole.DIRECTORY_OWNER, due_at, agency_id="north-gp")


@pytest.mark.parametrize(
    ("kind", "role"),
    [(kind, TaskRole.MASH_DUTY_WORKER) for kind in CALLS] + [(kind, TaskRole.MASH_MANAGER) for kind in LOOKS],
)
def test_a_call_is_a_duty_workers_and_a_look_the_managers_within_a_working_day(
    kind: TaskKind, role: TaskRole
) -> None:
    task = call_task(kind, OFFICE, POLICY, agency_id="north-gp", about="NS-26-2DUP5K#01")
    due_at = datetime(2026, 11, 25, 15, 2, 30, tzinfo=UTC)
    assert task == Task(kind, role, due_at, "north-gp", "NS-26-2DUP5K#01")


def test_a_form_that_was_drawn_is_graded_within_two_weeks_by_the_managers_word() -> None:
    task = grading_task("2026-10", OFFICE, POLICY)
    due_at = datetime(2026, 12, 8, 15, 2, 30, tzinfo=UTC)
    assert task == Task(TaskKind.GRADE_FORM, TaskRole.MASH_MANAGER, due_at, about="2026-10")
    late = grading_task("2026-10", AFTER_THE_CALENDAR, POLICY)
    assert late.due_at == AFTER_THE_CALENDAR + 10 * IF_THE_CALENDAR_HAS_ENDED


@pytest.mark.parametrize(
    ("found_at", "due_at"),
    [
        (datetime(2026, 11, 25, 2, 30, tzinfo=UTC), datetime(2026, 11, 26, 9, 0, tzinfo=UTC)),
        (AFTER_THE_CALENDAR, AFTER_THE_CALENDAR + IF_THE_CALENDAR_HAS_ENDED),
    ],
)
def test_reasons_that_are_left_out_are_the_managers_to_ask_about_within_a_working_day(
    found_at: datetime, due_at: datetime
) -> None:
    task = reasons_task(found_at, POLICY, about="11..100")
    assert task == Task(TaskKind.CHECK_REASONS, TaskRole.MASH_MANAGER, due_at, about="11..100")


def test_every_kind_of_task_is_one_of_these() -> None:
    of_referrals = {*RELEASES, *CALLS, *UNTOLD, *LOOKS, *OF_TWO, *CHALLENGES, *DRAWN, *TASKS.values()}
    assert of_referrals | {*MENDS, *OF_A_SOURCE, *OF_ALL_DECISIONS} == set(TaskKind)


@pytest.mark.parametrize(
    ("found_at", "due_at"),
    [
        (OFFICE, datetime(2026, 11, 25, 15, 2, 30, tzinfo=UTC)),
        (datetime(2026, 11, 27, 22, 0, tzinfo=UTC), datetime(2026, 12, 1, 9, 0, tzinfo=UTC)),
        (AFTER_THE_CALENDAR, AFTER_THE_CALENDAR + IF_THE_CALENDAR_HAS_ENDED),
    ],
)
def test_a_divergence_is_looked_at_by_both_managers_within_a_working_day_each_for_themselves(
    found_at: datetime, due_at: datetime
) -> None:
    kind = TaskKind.CHECK_DIVERGENCE
    assert divergence_tasks(found_at, POLICY) == (
        Task(kind, TaskRole.MASH_MANAGER, due_at, about="MASH_MANAGER"),
        Task(kind, TaskRole.POLICE_MASH_SUPERVISOR, due_at, about="POLICE_MASH_SUPERVISOR"),
    )


# --- after the bank holidays that we know of


def test_when_the_calendar_has_ended_nobody_waits_longer_than_a_day() -> None:
    due_at = AFTER_THE_CALENDAR + IF_THE_CALENDAR_HAS_ENDED
    assert held(AFTER_THE_CALENDAR, Outcome.S17).due_at == due_at
    assert call_task(TaskKind.CALL_AGENCY, AFTER_THE_CALENDAR, POLICY).due_at == due_at


def test_when_the_calendar_has_ended_the_emergency_duty_team_has_what_is_urgent() -> None:
    """Whether the office works is not known then, and that team works at any hour."""
    task = held(AFTER_THE_CALENDAR, Outcome.EMP)
    assert (task.role, task.due_at) == (
        TaskRole.EMERGENCY_DUTY_TEAM,
        AFTER_THE_CALENDAR + timedelta(hours=1),
    )


def test_a_clock_that_would_run_over_the_end_of_the_calendar_is_a_day_too() -> None:
    last_day = datetime(HORIZON.year, HORIZON.month, HORIZON.day, 16, 0, tzinfo=UTC)
    assert held(last_day, Outcome.S17).due_at == last_day + IF_THE_CALENDAR_HAS_ENDED


def test_a_due_time_that_can_be_told_is_told_as_it_is() -> None:
    assert or_sooner(lambda: OFFICE, OFFICE) == OFFICE


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sets(st.sampled_from(Outcome), min_size=1),
    st.sets(st.sampled_from(HoldTrigger), min_size=1),
)
def test_no_hold_is_due_before_it_began_nor_an_urgent_one_after_an_hour(
    held_at: datetime, outcomes: set[Outcome], triggers: set[HoldTrigger]
) -> None:
    task = release_task(TaskKind.RELEASE_CHILD, outcomes, triggers, held_at, POLICY)
    assert task.due_at > held_at
    assert (task.due_at - held_at == timedelta(hours=1)) is not outcomes.isdisjoint(URGENT)
    if task.role is TaskRole.EMERGENCY_DUTY_TEAM:
        assert not outcomes.isdisjoint(URGENT)


@pytest.mark.parametrize("outcome", sorted(URGENT))
@pytest.mark.parametrize(
    ("at", "role"),
    [(OFFICE, TaskRole.MASH_DUTY_WORKER), (OUT_OF_HOURS["night"], TaskRole.EMERGENCY_DUTY_TEAM)],
)
def test_a_call_about_what_is_urgent_waits_an_hour_day_and_night(
    outcome: Outcome, at: datetime, role: TaskRole
) -> None:
    task = call_task(TaskKind.CALL_AGENCY, at, POLICY, outcomes=(outcome,), agency_id="north-gp")
    assert task == Task(TaskKind.CALL_AGENCY, role, at + timedelta(hours=1), agency_id="north-gp")


def test_a_challenge_is_the_managers_for_a_week_from_each_stage() -> None:
    wednesday = datetime(2026, 11, 25, 10, tzinfo=UTC)
    task = challenge_task("CH-2026-0117", wednesday, POLICY)
    a_week_later = datetime(2026, 12, 2, 10, tzinfo=UTC)
    assert task == Task(TaskKind.CHECK_CHALLENGE, TaskRole.MASH_MANAGER, a_week_later, about="CH-2026-0117")
    assert challenge_task("CH-2026-0117", AFTER_THE_CALENDAR, POLICY).due_at == (
        AFTER_THE_CALENDAR + timedelta(days=5)
    )
