"""The police say that their form is done, or why it is not needed: recorded, and the form checked again."""

from typing import Any

from functions.adapters.ledger.clocks import clocks_of
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import OpenedTask, Referral
from functions.domain.life_clocks.clock import Which
from functions.domain.life_clocks.police_form import is_wanted
from functions.domain.refusals import Refusal, RefusedError
from functions.domain.tasks import call_task
from functions.flows.desk import IntakeDesk
from functions.flows.intake.earlier import no_later, open_since
from functions.flows.intake.life.happening import MOST_AHEAD, refuse_unlisted
from functions.flows.intake.life.news import News, too_early
from functions.flows.planning.police_form import check_of
from functions.flows.updates.make import Occasion
from schemas.codes import ClockEnd, ClockKind, RefusalReason, Series, TaskKind, WaitsFor
from schemas.lifecycle import STATUS_PAGE, RaStatusChanged


def statement_made(event: RaStatusChanged, occasion: Occasion, desk: IntakeDesk) -> News:
    """What they say never sets the status; where the check says otherwise, somebody asks them.

    Raises RefusedError for a child that the referral does not list, a moment that has not come, a reminder
    that is none of the child's, or one named by another source than the page behind its link.
    """
    referral, child, arrival = occasion.referral, event.child_index, occasion.arrival
    if event.done_at is not None and event.done_at > arrival.at + MOST_AHEAD:
        raise RefusedError(Refusal("done_at", RefusalReason.IN_THE_FUTURE))
    refuse_unlisted(child, referral)
    if child not in referral.children:
        return too_early(WaitsFor.REFERRAL)
    details = _by_which(event, referral, arrival.source)
    form = check_of(referral, child, occasion.key, desk, arrival.at)
    if not is_wanted(form.status, _chase_ended_by(referral, child)):
        return News(details, checked={child: form})
    task = no_later(call_task(TaskKind.CHECK_STATEMENT, arrival.at, desk.clocks), referral, child)
    opened = OpenedTask(child, referral.newest(child), task, open_since(task, referral, child))
    return News(details, checked={child: form}, tasks=[opened])


def _by_which(event: RaStatusChanged, referral: Referral, source: str) -> dict[str, Any]:
    """Of the reminder by whose link it was said: which of the child's it is, whose, and by which channel.

    The page alone has seen the link. A message's id is no secret, and can be worked out: by it anybody could
    say what the row then has a force say.
    """
    if event.reminder_id is None:
        return {}
    if source != STATUS_PAGE:
        raise RefusedError(Refusal("reminder_id", RefusalReason.NOT_THE_PAGE))
    for item in referral.updates:
        key = DeliveryKey.of(item)
        is_of_the_child = (key.series, key.child) == (Series.RA_REMINDER, event.child_index)
        if is_of_the_child and item["message_id"] == event.reminder_id:
            return {"reminder": key.seq, "reminded": key.agency_id, "chan": key.channel.value}
    raise RefusedError(Refusal("reminder_id", RefusalReason.UNKNOWN_MESSAGE))


def _chase_ended_by(referral: Referral, child: int) -> ClockEnd | None:
    clock = clocks_of(referral).get(Which(ClockKind.POLICE_FORM, child))
    return clock.end if clock else None
