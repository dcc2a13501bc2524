"""The police say that their form is done, or why it is not needed: recorded, and the form checked again."""

from functions.adapters.ledger.records import OpenedTask
from functions.domain.life_clocks.police_form import SETTLED
from functions.domain.refusals import Refusal, RefusedError
from functions.domain.tasks import call_task
from functions.flows.desk import IntakeDesk
from functions.flows.intake.earlier import no_later
from functions.flows.intake.life.happening import MOST_AHEAD
from functions.flows.intake.life.news import News, too_early
from functions.flows.planning.police_form import check_of
from functions.flows.updates.make import Occasion
from schemas.codes import RefusalReason, TaskKind, WaitsFor
from schemas.lifecycle import RaStatusChanged


def statement_made(event: RaStatusChanged, occasion: Occasion, desk: IntakeDesk) -> News:
    """What they say never sets the status; where the check says otherwise, somebody asks them.

    Raises RefusedError for a child that the referral does not list, or a moment that has not come.
    """
    referral, child, arrival = occasion.referral, event.child_index, occasion.arrival
    if event.done_at is not None and event.done_at > arrival.at + MOST_AHEAD:
        raise RefusedError(Refusal("done_at", RefusalReason.IN_THE_FUTURE))
    if child not in referral.children:
        if "received_at" in referral.head:
            raise RefusedError(Refusal("child_index", RefusalReason.UNKNOWN_CHILD))
        return too_early(WaitsFor.REFERRAL)
    form = check_of(referral, child, occasion.key, desk, arrival.at)
    if form.status in SETTLED:
        return News(checked={child: form})
    task = no_later(call_task(TaskKind.CHECK_STATEMENT, arrival.at, desk.clocks), referral, child)
    return News(checked={child: form}, tasks=[OpenedTask(child, referral.newest(child), task)])
