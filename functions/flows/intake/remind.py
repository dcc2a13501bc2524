"""Reminders beside a clock that has fired: of a plan that is not updated, of a joint case without news."""

from collections.abc import Callable, Iterator, Mapping

from functions.adapters.ledger.records import Arrival, NewUpdate, Referral
from functions.domain.life_clocks.clock import LifeClock
from functions.flows.desk import IntakeDesk
from functions.flows.updates.audience import Hearers, told_of_the_decision
from functions.flows.updates.make import About, Occasion, update
from functions.flows.updates.parts import live_parts, with_a_part
from schemas.codes import AgencyType, ClockKind, Series
from schemas.notice import UpdateFacts


def reminders(
    clock: LifeClock, referral: Referral, cause: str, arrival: Arrival, desk: IntakeDesk
) -> Iterator[NewUpdate]:
    """The reminder that goes with this clock, if any does and there is anybody to remind.

    Where the referral's key is gone, nothing about it can be told any more: the task stands alone.
    """
    series, child = _SERIES.get(clock.which.kind), clock.which.child
    wrapped = desk.intake.wrapped_key(referral.pk)
    if series is None or wrapped is None or not referral.newest(child):
        return
    hearers = _HEARERS[series](referral, child, desk)
    if hearers.agencies:
        hub = desk.directory.look_up([]).hub
        key = desk.vault.unwrap(referral.pk, wrapped)
        occasion = Occasion(referral, key, arrival, cause, arrival.at, hub)
        yield update(About(series, child), hearers, UpdateFacts(happened_at=clock.since), occasion, desk)


def _with_a_plan_role(referral: Referral, child: int, desk: IntakeDesk) -> Hearers:
    return with_a_part(live_parts(referral.children[child]), referral, child, desk.directory)


def _police(referral: Referral, child: int, desk: IntakeDesk) -> Hearers:
    told = told_of_the_decision(referral, child, desk.directory)
    police = {one.agency_id for one in told.recipients if one.entry.type is AgencyType.POLICE}
    return told.only(police)


_SERIES: Mapping[ClockKind, Series] = {ClockKind.PLAN: Series.STALE_PLAN, ClockKind.JOINT: Series.JOINT_CASE}
_HEARERS: Mapping[Series, Callable[[Referral, int, IntakeDesk], Hearers]] = {
    Series.STALE_PLAN: _with_a_plan_role,
    Series.JOINT_CASE: _police,
}
