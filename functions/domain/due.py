"""What is due when: each limit of a hub's policy, counted as functions/domain/clock.py counts."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Final, assert_never

from functions.domain.clock import hours_later, working_days_later, working_hours_later
from schemas.clocks import ClockPolicy
from schemas.codes import Outcome, Rag

URGENT: Final = frozenset({Outcome.EMP, Outcome.STR, Outcome.S47S, Outcome.S47J})
"""Outcomes that cannot wait for the office to open; LAD is not one of them (domain section 6.3)."""


def cannot_wait(outcomes: Collection[Outcome], rag: Rag | None) -> bool:
    """Whether somebody rings about it day and night."""
    return rag is Rag.RED or not URGENT.isdisjoint(outcomes)


# --- a referral


def acknowledgement_due_at(received_at: datetime, policy: ClockPolicy) -> datetime:
    """When the referrer must have an acknowledgement, which stops no decision clock: Working Together and
    KCSIE have a working day for either (domain section 1)."""
    return working_days_later(received_at, policy.acknowledgement_within_working_days, policy)


def decision_due_at(received_at: datetime, rag: Rag | None, policy: ClockPolicy) -> datetime:
    """When the MASH must have decided (domain section 5); an upgrade is computed again from the same
    receipt.

    Without a colour the law's own limit holds, which K5 counts by.
    """
    match rag:
        case None:
            return working_days_later(received_at, policy.decision_measured_by_working_days, policy)
        case Rag.RED:
            return hours_later(received_at, policy.decision_within_hours_if_red)
        case Rag.AMBER:
            return working_days_later(received_at, policy.decision_within_working_days_if_amber, policy)
        case Rag.GREEN:
            return working_days_later(received_at, policy.decision_within_working_days_if_green, policy)
        case _:
            assert_never(rag)


def measured_in_hours_due_at(received_at: datetime, policy: ClockPolicy) -> datetime:
    """Until when K4 counts a decision as made in time, whatever its colour; K5 asks the law's limit above.

    Two clocks from one receipt, told side by side, never one for the other (domain section 5).
    """
    return hours_later(received_at, policy.decision_measured_by_hours)


def contribution_due_at(asked_at: datetime, rag: Rag | None, policy: ClockPolicy) -> datetime:
    """When an agency must have contributed what it was asked for before the decision (inspection letter, 9).

    The domain names no limit: half the time that a RED or AMBER decision has (unverified).
    """
    if rag is Rag.RED:
        return hours_later(asked_at, policy.contribution_within_hours_if_red)
    return working_hours_later(asked_at, policy.contribution_within_working_hours, policy)


def transfer_answer_due_at(told_at: datetime, policy: ClockPolicy) -> datetime:
    """When the other authority must have accepted a transfer, which until then is pending and stops no clock
    (domain section 5; inspection letter, 24).

    The domain names no limit: a working day, as for any decision (unverified).
    """
    return working_days_later(told_at, policy.transfer_answer_within_working_days, policy)


def early_event_due_at(came_at: datetime, policy: ClockPolicy) -> datetime:
    """When somebody must look for the referral or decision that an event waits for.

    The domain names no limit: a working day, within which either should have come (unverified).
    """
    return working_days_later(came_at, policy.early_event_within_working_days, policy)


# --- the police form


def ra_due_at(
    received_at: datetime, rag: Rag | None, decided_at: datetime | None, policy: ClockPolicy
) -> datetime:
    """When the police form is due: elapsed hours if RED, else working days; never after the decision (domain
    section 4)."""
    due_at = (
        hours_later(received_at, policy.ra_due_hours_if_red)
        if rag is Rag.RED
        else working_days_later(received_at, policy.ra_due_working_days, policy)
    )
    return due_at if decided_at is None else min(due_at, decided_at.astimezone(UTC))


def ra_last_reminder_due_at(second_at: datetime, policy: ClockPolicy) -> datetime:
    """When the police are reminded for the third time of a form that is not complete (domain section 4): a
    working day after the second reminder, which comes when it is due; by then it is a named role's."""
    return working_days_later(second_at, policy.ra_last_reminder_after_working_days, policy)


def grading_due_at(drawn_at: datetime, policy: ClockPolicy) -> datetime:
    """When a form of the monthly dip-sample must have been graded (domain section 4).

    The domain names no limit: two weeks (unverified).
    """
    return working_days_later(drawn_at, policy.form_graded_within_working_days, policy)


# --- telling an outcome


def release_due_at(outcomes: Collection[Outcome], held_at: datetime, policy: ClockPolicy) -> datetime:
    """When a person must have released or withheld what is held; one urgent outcome hastens them all (domain
    section 6.3)."""
    if URGENT.isdisjoint(outcomes):
        return working_days_later(held_at, policy.release_within_working_days, policy)
    return hours_later(held_at, policy.release_within_hours_if_urgent)


def call_due_at(from_: datetime, policy: ClockPolicy) -> datetime:
    """When a person must have rung whom no message may tell (domain section 3)."""
    return working_days_later(from_, policy.call_within_working_days, policy)


def untold_call_due_at(
    outcomes: Collection[Outcome], rag: Rag | None, since: datetime, policy: ClockPolicy
) -> datetime:
    """When somebody must ring an agency that no message has reached: sooner, day and night, if urgent or RED
    (domain section 5)."""
    if cannot_wait(outcomes, rag):
        return hours_later(since, policy.untold_call_within_hours_if_urgent)
    return working_hours_later(since, policy.untold_call_within_working_hours, policy)


def red_alert_due_at(since: datetime, policy: ClockPolicy) -> datetime:
    """When an alarm says that a working day is nearly over and the agency is still not told (domain
    section 5)."""
    ends_at = working_days_later(since, 1, policy)
    return ends_at - timedelta(hours=policy.untold_alert_hours_before_working_day)


def unread_call_due_at(outcomes: Collection[Outcome], told_at: datetime, policy: ClockPolicy) -> datetime:
    """When somebody must ring an agency that was told and has not said that it has read it (domain section
    5)."""
    if URGENT.isdisjoint(outcomes):
        return working_days_later(told_at, policy.unread_call_within_working_days, policy)
    return hours_later(told_at, policy.unread_call_within_hours_if_urgent)


# --- after the decision


def assessment_due_at(received_at: datetime, policy: ClockPolicy) -> datetime:
    """When an assessment must be complete: 45 working days from the referral (domain section 1; CIN census
    rule 8670Q)."""
    return working_days_later(received_at, policy.assessment_within_working_days, policy)


def conference_due_at(strategy_discussion_at: datetime, policy: ClockPolicy) -> datetime:
    """When the initial child protection conference must be held: 15 working days from the strategy discussion
    that started the section 47 enquiry (domain section 1; CIN census rule 8675Q)."""
    return working_days_later(strategy_discussion_at, policy.conference_within_working_days, policy)


def plan_update_due_at(last_update_at: datetime, policy: ClockPolicy) -> datetime:
    """When a live plan that nothing was heard of is stale (inspection letter, 34).

    The domain names no limit: six weeks, as core groups meet (unverified).
    """
    return working_days_later(last_update_at, policy.plan_update_within_working_days, policy)


def joint_update_due_at(last_update_at: datetime, policy: ClockPolicy) -> datetime:
    """When a case that is worked on with the police has gone without an update for too long (inspection
    letter, 11).

    The domain names no limit: two weeks (unverified).
    """
    return working_days_later(last_update_at, policy.joint_update_within_working_days, policy)


def challenge_stage_due_at(reached_at: datetime, policy: ClockPolicy) -> datetime:
    """When a challenge must have been resolved or gone up a stage of the four (domain section 1; inspection
    letter, 25).

    The domain names no limit: a week for each stage (unverified).
    """
    return working_days_later(reached_at, policy.challenge_stage_within_working_days, policy)
