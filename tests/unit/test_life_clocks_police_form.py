"""The chase for a police form as rules: when each step is due, and what a form makes of it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.bank_holidays import HORIZON
from functions.domain.due import ra_due_at, ra_last_reminder_due_at
from functions.domain.life_clocks.clock import LifeClock, Which
from functions.domain.life_clocks.police_form import (
    AT_RECEIPT,
    ESCALATED,
    LAST_REMINDER,
    SETTLED,
    WHEN_DUE,
    after_form,
    after_step,
    chasing_task,
    form_is_due,
    is_wanted,
    last_reminder_at,
    step_at,
)
from schemas.clocks import ClockPolicy
from schemas.codes import ClockEnd, ClockKind, Rag, RaStatus, TaskRole
from tests.unit.waits import DECIDED, POLICY, RECEIVED, Story, acknowledged, decided, received, revised

CHASE = Which(ClockKind.POLICE_FORM, 1)
SENT = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)
DUE = datetime(2026, 11, 24, 13, 40, tzinfo=UTC)
LAST = datetime(2026, 11, 25, 13, 40, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=2000)).map(datetime(2022, 2, 1, tzinfo=UTC).__add__)
COLOURS = st.sampled_from([None, *Rag])
A_WHILE = st.timedeltas(timedelta(0), timedelta(days=9))
STEPS = (AT_RECEIPT, WHEN_DUE, LAST_REMINDER, ESCALATED)


def running(step: int, due_at: datetime = DUE, end: ClockEnd | None = None) -> LifeClock:
    return LifeClock(CHASE, RECEIVED, None if end else due_at, end=end, step=step)


def chase(story: Story) -> LifeClock:
    return story.clocks[CHASE]


# --- what begins it, and what hastens it


def test_it_begins_with_the_first_word_of_the_child_and_at_once() -> None:
    for first in (received(), decided()):
        clock = chase(Story().hear(first))
        assert (clock.since, clock.step, clock.runs) == (RECEIVED, AT_RECEIPT, True)
    assert chase(Story().hear(received())).due_at == SENT


def test_each_child_has_its_own() -> None:
    story = Story().hear(received(1, 2))
    assert {which.child for which in story.clocks if which.kind is ClockKind.POLICE_FORM} == {1, 2}


def test_the_same_word_again_restarts_nothing() -> None:
    story = Story().hear(received())
    begun = chase(story)
    assert chase(story.hear(received(), decided(), revised(2, "NFA"))) == begun


def asked(**changes: object) -> Story:
    """The first reminder has gone; the second waits until the form is due."""
    story = Story().hear(received(**changes))
    story.clocks[CHASE] = after_step(chase(story), AT_RECEIPT, DUE, SENT, POLICY)
    return story


def test_a_decision_makes_it_due_no_later_than_itself() -> None:
    early = decided(decided_at="2026-11-24T11:00:00Z", strategy_discussion_at=None)
    assert chase(asked().hear(early)).due_at == datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
    assert chase(asked().hear(decided())).due_at == DUE


def test_a_colour_that_rises_makes_it_due_sooner_and_one_that_falls_no_later() -> None:
    story = Story().hear(received(rag="AMBER"))
    story.clocks[CHASE] = after_step(
        chase(story), AT_RECEIPT, datetime(2026, 11, 25, 9, 40, tzinfo=UTC), SENT, POLICY
    )
    assert chase(story.hear(acknowledged(rag="RED"))).due_at == DUE
    assert chase(story.hear(acknowledged(rag="GREEN"))).due_at == DUE


def test_after_the_last_reminder_nothing_hastens_it() -> None:
    story = asked()
    story.clocks[CHASE] = running(LAST_REMINDER, LAST)
    assert chase(story.hear(decided())).due_at == LAST


def test_a_duplicates_is_left_to_its_original_and_begins_again_when_it_is_none() -> None:
    story = Story().hear(received(), decided("DUP", duplicate_of="NS-26-0R1G1N", duplicate_of_child=1))
    assert chase(story).end is ClockEnd.REVISED
    assert chase(story.hear(revised(2, "NFA"))).step == AT_RECEIPT
    assert chase(story).runs


# --- its steps


@pytest.mark.parametrize(
    ("step", "due_at", "now", "taken"),
    [
        (AT_RECEIPT, DUE, SENT, AT_RECEIPT),
        (AT_RECEIPT, DUE, DUE, WHEN_DUE),
        (WHEN_DUE, DUE, SENT, AT_RECEIPT),
        (WHEN_DUE, DUE, DUE, WHEN_DUE),
        (LAST_REMINDER, DUE, LAST, LAST_REMINDER),
        (ESCALATED, DUE, LAST, ESCALATED),
    ],
)
def test_which_step_it_is_by_now(step: int, due_at: datetime, now: datetime, taken: int) -> None:
    assert step_at(running(step), due_at, now) == taken


def test_the_steps_follow_each_other_by_the_domains_own_times() -> None:
    clock = after_step(running(AT_RECEIPT, SENT), AT_RECEIPT, DUE, SENT, POLICY)
    assert (clock.step, clock.due_at) == (WHEN_DUE, DUE)
    clock = after_step(clock, WHEN_DUE, DUE, DUE, POLICY)
    assert (clock.step, clock.due_at) == (LAST_REMINDER, LAST)
    clock = after_step(clock, LAST_REMINDER, DUE, LAST, POLICY)
    assert (clock.step, clock.due_at) == (ESCALATED, LAST + timedelta(days=1))
    clock = after_step(clock, ESCALATED, DUE, LAST + timedelta(days=1), POLICY)
    assert (clock.due_at, clock.end) == (None, ClockEnd.FIRED)


@given(
    received_at=MOMENTS,
    rag=COLOURS,
    late=A_WHILE,
)
def test_no_step_is_due_before_it_could_be_taken_and_each_later_than_the_last(
    received_at: datetime, rag: Rag | None, late: timedelta
) -> None:
    form_due_at = form_is_due(received_at, rag, None, POLICY)
    clock, now = LifeClock(CHASE, received_at, received_at, step=AT_RECEIPT), received_at
    for step in STEPS[:-1]:
        clock = after_step(clock, step, form_due_at, now, POLICY)
        assert clock.due_at is not None
        assert clock.due_at > now
        now = clock.due_at + late
        if step_at(clock, form_due_at, now) != STEPS[step]:
            pytest.fail("a step was left out")


@given(
    received_at=MOMENTS,
    rag=COLOURS,
    decided_after=A_WHILE,
)
def test_the_form_is_due_as_the_policy_says_and_never_after_the_decision(
    received_at: datetime, rag: Rag | None, decided_after: timedelta
) -> None:
    decided_at = received_at + decided_after
    due_at = form_is_due(received_at, rag, decided_at, POLICY)
    assert due_at == ra_due_at(received_at, rag, decided_at, POLICY) <= decided_at
    alone = form_is_due(received_at, rag, None, POLICY)
    if rag is Rag.RED:
        assert alone == received_at + timedelta(hours=POLICY.ra_due_hours_if_red)
    clock = LifeClock(CHASE, received_at, due_at, step=WHEN_DUE)
    second = max(received_at, due_at)
    assert last_reminder_at(clock, due_at, second, POLICY) == ra_last_reminder_due_at(second, POLICY)


def test_a_reminder_that_an_outage_kept_back_gives_a_working_day_from_when_it_went() -> None:
    went = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
    clock = after_step(running(WHEN_DUE), WHEN_DUE, DUE, went, POLICY)
    assert clock.due_at == went + timedelta(days=1)
    clock = after_step(running(LAST_REMINDER, LAST), LAST_REMINDER, DUE, went + timedelta(days=5), POLICY)
    assert clock.due_at == datetime(2026, 12, 2, 10, 0, tzinfo=UTC)


def test_after_the_last_holiday_that_is_known_steps_are_due_in_a_day() -> None:
    now = datetime.combine(HORIZON, datetime.min.time(), UTC) + timedelta(days=40)
    assert form_is_due(now, None, None, POLICY) == now + timedelta(days=1)
    clock = LifeClock(CHASE, now, now, step=WHEN_DUE)
    assert after_step(clock, WHEN_DUE, now, now, POLICY).due_at == now + timedelta(days=1)


def test_a_hub_may_give_the_last_reminder_more_time() -> None:
    policy = ClockPolicy(ra_last_reminder_after_working_days=2)
    clock = after_step(running(WHEN_DUE), WHEN_DUE, DUE, DUE, policy)
    assert clock.due_at == LAST + timedelta(days=1)


@pytest.mark.parametrize(
    ("step", "role", "due_at"),
    [
        (AT_RECEIPT, TaskRole.MASH_DUTY_WORKER, LAST),
        (WHEN_DUE, TaskRole.MASH_DUTY_WORKER, LAST),
        (LAST_REMINDER, TaskRole.MASH_DUTY_WORKER, LAST + timedelta(days=1)),
        (ESCALATED, TaskRole.MASH_MANAGER, LAST + timedelta(days=2)),
    ],
)
def test_a_duty_worker_has_until_the_next_role_is_asked_then_the_manager_a_working_day(
    step: int, role: TaskRole, due_at: datetime
) -> None:
    now = {1: SENT, 2: DUE, 3: LAST, 4: LAST + timedelta(days=1)}[step]
    clock = running(step, now)
    then = after_step(clock, step, DUE, now, POLICY)
    task = chasing_task(then, step, DUE, now, POLICY)
    assert (task.role, task.due_at) == (role, due_at)


# --- a form comes


@pytest.mark.parametrize("status", SETTLED)
@pytest.mark.parametrize("end", [None, ClockEnd.FIRED])
def test_a_form_that_is_settled_has_the_chase_looked_at_at_once(
    status: RaStatus, end: ClockEnd | None
) -> None:
    clock = after_form(running(LAST_REMINDER, LAST, end), status, DECIDED, is_first=False)
    assert clock is not None
    assert (clock.due_at, clock.end, clock.step) == (DECIDED, None, LAST_REMINDER)


def test_one_that_is_over_is_not_looked_at_again_for_that() -> None:
    over = running(WHEN_DUE, end=ClockEnd.ANSWERED)
    assert after_form(over, RaStatus.COMPLETE, DECIDED, is_first=False) is None


def test_what_is_settled_no_longer_begins_the_chase_anew() -> None:
    over = running(LAST_REMINDER, end=ClockEnd.ANSWERED)
    clock = after_form(over, RaStatus.INCORRECT, DECIDED, is_first=False)
    assert clock is not None
    assert (clock.due_at, clock.end, clock.step) == (DECIDED, None, AT_RECEIPT)


def test_only_a_first_form_that_lacks_something_is_answered_at_once_and_only_until_it_is_due() -> None:
    assert after_form(running(WHEN_DUE), RaStatus.INCORRECT, SENT, is_first=True) == running(WHEN_DUE, SENT)
    for clock, status, is_first in (
        (running(WHEN_DUE), RaStatus.INCORRECT, False),
        (running(WHEN_DUE), RaStatus.ABSENT, True),
        (running(LAST_REMINDER, LAST), RaStatus.INCORRECT, True),
        (running(ESCALATED, end=ClockEnd.FIRED), RaStatus.INCORRECT, True),
    ):
        assert after_form(clock, status, SENT, is_first=is_first) is None


# --- who may still say something of it


@pytest.mark.parametrize(
    ("status", "end", "wanted"),
    [
        (None, None, True),
        (RaStatus.ABSENT, None, True),
        (RaStatus.UNKNOWN, ClockEnd.FIRED, True),
        (RaStatus.INCORRECT, ClockEnd.FIRED, True),
        (RaStatus.COMPLETE, None, False),
        (RaStatus.NOT_REQUIRED, ClockEnd.FIRED, False),
        (RaStatus.INCORRECT, ClockEnd.ANSWERED, True),
        (RaStatus.COMPLETE, ClockEnd.ANSWERED, False),
        (RaStatus.ABSENT, ClockEnd.REVISED, False),
    ],
)
def test_a_form_is_wanted_until_it_is_settled_or_its_chase_given_up(
    status: RaStatus | None, end: ClockEnd | None, *, wanted: bool
) -> None:
    assert is_wanted(status, end) is wanted
