"""What is said of a decision that was made: challenged, withdrawn, released, withheld, told by telephone."""

from datetime import timedelta

from tests.flows.lives import (
    a_challenge,
    a_challenge_at,
    a_challenge_resolved,
    a_phone_call,
    a_release,
    a_withdrawal,
    a_withholding,
    an_enquiry,
    an_investigation,
)
from tests.handlers.crash_life import Asked, Letters
from tests.handlers.crash_programs import told
from tests.handlers.crash_stage import Stage
from tests.world import Wire, a_decision, wrapped

BUS_ID = "11111111-0000-4000-8000-0000000001{:02d}"


def a_challenge_from_its_first_stage_to_its_end(stage: Stage) -> Asked:
    told(stage)
    return _heard(a_challenge(), a_challenge_at(2), a_challenge_resolved("UPHELD"))


def a_decision_is_withdrawn(stage: Stage) -> Asked:
    """One agency was told it, and the other's message waits."""
    stage.world.take(a_decision())
    stage.world.send_due()
    stage.world.take(a_decision(**_sister()))
    return _heard(a_withdrawal(), a_withdrawal(child_index=2))


def a_hold_is_released_in_the_case_system(stage: Stage) -> Asked:
    stage.world.take(a_decision(primary_outcome="EMP"))
    return _heard(a_release())


def what_waits_is_withheld(stage: Stage) -> Asked:
    """Nothing has left yet."""
    stage.world.take(a_decision())
    return _heard(a_withholding())


def what_was_told_is_withheld(stage: Stage) -> Asked:
    """A person is asked to look."""
    told(stage)
    return _heard(a_withholding())


def somebody_was_told_by_telephone(stage: Stage) -> Asked:
    """Of whose mail nothing was heard: the call that is open ends."""
    world, morning = stage.world, stage.world.now
    world.now = morning - timedelta(hours=5)
    told(stage)
    world.now = morning
    for _ in range(2):  # its fallback's clock, then its call's
        world.send_due()
    assert "CALL_UNTOLD#01#north-probation" in world.tasks()
    return _heard(a_phone_call())


def probation_asks_and_is_answered(stage: Stage) -> Asked:
    return _heard(an_enquiry("NOTHING_TO_SHARE"))


def an_investigation_ends(stage: Stage) -> Asked:
    told(stage)
    return _heard(an_investigation())


def _sister() -> Wire:
    return {"child_index": 2, "event_id": "9c1d0b3e-5a6f-4a68-9d51-0f7a3c2b1e02", "source_seq": None}


def _heard(*events: Wire) -> Letters:
    return Letters(
        "intake", tuple(wrapped(event, BUS_ID.format(number)) for number, event in enumerate(events))
    )
