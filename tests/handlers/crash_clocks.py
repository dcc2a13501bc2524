"""What nobody has answered: a clock that has run out is handed over, fires into a task, and is answered after
all."""

from datetime import timedelta

from functions.adapters.dispatch import clock_body
from functions.adapters.ledger.keys import ClockKey
from functions.domain.life_clocks.clock import Which
from functions.handlers import sweep_due
from schemas.codes import Channel, ClockKind
from tests.handlers.crash_life import Asked, Call, Letters
from tests.handlers.crash_programs import BUS_ID, REF
from tests.handlers.crash_stage import Stage
from tests.readers import pressed, token_for
from tests.world import World, a_decision, a_receipt, wrapped

TO_DECIDE = clock_body(ClockKey(REF, Which(ClockKind.DECIDE, 1)))
OF_A_JOINT_CASE = clock_body(ClockKey(REF, Which(ClockKind.JOINT, 1)))
BEFORE = "2026-11-09T{}Z"


def nobody_has_decided(stage: Stage) -> Asked:
    _waiting_for_hours(stage.world)
    return Letters("intake", (TO_DECIDE,))


def a_clock_is_handed_over(stage: Stage) -> Asked:
    _waiting_for_hours(stage.world)
    return Call(sweep_due.handler, dict)


def a_decision_that_comes_too_late(stage: Stage) -> Asked:
    """The clock has fired: its task ends with the decision."""
    _waiting_for_hours(stage.world)
    stage.world.take_raw(TO_DECIDE)
    return Letters("intake", (wrapped(a_decision(), BUS_ID.format(8)),))


def a_joint_case_without_news(stage: Stage) -> Asked:
    """Its clock opens a task, reminds the police, and runs on."""
    world, morning = stage.world, stage.world.now
    world.now = morning - timedelta(days=15)
    moments = {"received_at": "09:40:00", "strategy_discussion_at": "14:30:00", "decided_at": "15:02:00"}
    at = {name: BEFORE.format(time) for name, time in {**moments, "occurred_at": "15:02:29"}.items()}
    world.take(a_decision(involved_agencies=[], **at))
    world.send_due()
    pressed(world, token_for(world, "north-police", Channel.WEBHOOK))
    world.now = morning
    return Letters("intake", (OF_A_JOINT_CASE,))


def _waiting_for_hours(world: World) -> None:
    morning = world.now
    world.now = morning - timedelta(hours=5)
    world.take(a_receipt())
    world.now = morning
