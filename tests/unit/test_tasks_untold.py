"""Tasks that a clock or a failing endpoint opens: whose they are, by when, and that they ring again."""

from datetime import UTC, datetime, timedelta

import pytest

from functions.domain.bank_holidays import HORIZON
from functions.domain.tasks import IF_THE_CALENDAR_HAS_ENDED, Task, endpoint_task, untold_task
from schemas.clocks import ClockPolicy
from schemas.codes import TaskKind, TaskRole

POLICY = ClockPolicy()
OFFICE = datetime(2026, 11, 24, 15, 2, 30, tzinfo=UTC)
"""A Tuesday afternoon."""
OUT_OF_HOURS = {
    "five sharp": datetime(2026, 11, 24, 17, 0, tzinfo=UTC),
    "before nine": datetime(2026, 11, 24, 8, 59, 59, tzinfo=UTC),
    "Saturday": datetime(2026, 11, 28, 11, 0, tzinfo=UTC),
    "Christmas Day, a Friday": datetime(2026, 12, 25, 11, 0, tzinfo=UTC),
}
AFTER_THE_CALENDAR = datetime(HORIZON.year + 1, 6, 1, 11, 0, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)
CALLS = [TaskKind.CALL_UNTOLD, TaskKind.CALL_UNREAD]


@pytest.mark.parametrize("kind", CALLS)
@pytest.mark.parametrize("cannot_wait", [True, False])
def test_in_the_office_a_duty_worker_rings_and_is_reminded_in_an_hour(
    kind: TaskKind, *, cannot_wait: bool
) -> None:
    task = untold_task(kind, "north-gp", OFFICE, POLICY, cannot_wait=cannot_wait)
    assert task == Task(kind, TaskRole.MASH_DUTY_WORKER, OFFICE + AN_HOUR, agency_id="north-gp")


@pytest.mark.parametrize("kind", CALLS)
@pytest.mark.parametrize("found_at", OUT_OF_HOURS.values(), ids=OUT_OF_HOURS)
def test_out_of_hours_the_emergency_duty_team_rings_about_what_cannot_wait(
    kind: TaskKind, found_at: datetime
) -> None:
    task = untold_task(kind, "north-gp", found_at, POLICY, cannot_wait=True)
    assert task == Task(kind, TaskRole.EMERGENCY_DUTY_TEAM, found_at + AN_HOUR, agency_id="north-gp")


@pytest.mark.parametrize("kind", CALLS)
@pytest.mark.parametrize(
    ("found_at", "due_at"),
    [
        (OUT_OF_HOURS["five sharp"], datetime(2026, 11, 25, 10, 0, tzinfo=UTC)),
        (OUT_OF_HOURS["Saturday"], datetime(2026, 11, 30, 10, 0, tzinfo=UTC)),
        (datetime(2026, 11, 24, 16, 45, tzinfo=UTC), datetime(2026, 11, 25, 9, 45, tzinfo=UTC)),
    ],
)
def test_about_what_can_wait_the_office_rings_in_its_first_hour_and_nobody_is_woken(
    kind: TaskKind, found_at: datetime, due_at: datetime
) -> None:
    task = untold_task(kind, "north-gp", found_at, POLICY, cannot_wait=False)
    assert task == Task(kind, TaskRole.MASH_DUTY_WORKER, due_at, agency_id="north-gp")


def test_a_call_is_due_by_the_hubs_own_hour() -> None:
    patient = ClockPolicy(release_within_hours_if_urgent=3)
    call = untold_task(TaskKind.CALL_UNTOLD, "north-gp", OFFICE, patient, cannot_wait=True)
    assert call.due_at == OFFICE + 3 * AN_HOUR


def test_whoever_keeps_the_directory_rings_a_failing_endpoints_desk_within_a_working_day() -> None:
    friday_night = datetime(2026, 11, 27, 22, 0, tzinfo=UTC)
    owner = TaskRole.DIRECTORY_OWNER
    next_day, tuesday = OFFICE + timedelta(days=1), datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    assert endpoint_task(OFFICE, POLICY) == Task(TaskKind.MEND_ENDPOINT, owner, next_day)
    assert endpoint_task(friday_night, POLICY) == Task(TaskKind.MEND_ENDPOINT, owner, tuesday)


def test_when_the_calendar_has_ended_nobody_waits_longer_than_a_day_and_the_night_team_rings() -> None:
    call = untold_task(TaskKind.CALL_UNTOLD, "north-gp", AFTER_THE_CALENDAR, POLICY, cannot_wait=True)
    assert (call.role, call.due_at) == (TaskRole.EMERGENCY_DUTY_TEAM, AFTER_THE_CALENDAR + AN_HOUR)
    other = untold_task(TaskKind.CALL_UNTOLD, "north-gp", AFTER_THE_CALENDAR, POLICY, cannot_wait=False)
    assert other.due_at == AFTER_THE_CALENDAR + IF_THE_CALENDAR_HAS_ENDED
    mend = endpoint_task(AFTER_THE_CALENDAR, POLICY)
    assert mend.due_at == AFTER_THE_CALENDAR + IF_THE_CALENDAR_HAS_ENDED
