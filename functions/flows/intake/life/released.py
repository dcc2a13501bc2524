"""A hold that was ended in the case system: it ends here as well, by the same rules."""

from functools import partial

from functions.adapters.ledger.records import Referral
from functions.flows.desk import IntakeDesk
from functions.flows.intake.life.news import News, too_early
from functions.flows.intake.life.whose_hold import About, agency_id_of, to_look
from functions.flows.releasing.held_now import allegation_waits
from functions.flows.releasing.order import NotReleasableError, Order
from functions.flows.releasing.release_hold import next_part
from functions.flows.updates.make import Occasion
from schemas.codes import NotReleasable, ReleaseReason, TaskKind, WaitsFor
from schemas.lifecycle import Released

BESIDE = len(("the event's row", "its marker", "a new key", "what it waited as"))
"""What the event adds to a release's own transaction."""


def released(event: Released, occasion: Occasion, desk: IntakeDesk) -> News:
    """Ends the hold as `mash release` does, in the case system's name and the role of whoever did it there.

    What cannot be ended is a row that says why, and the manager's to look at: it is not tried again.
    """
    referral, child = occasion.referral, event.child_index
    agency_id = agency_id_of(event.agency_id, referral, child, desk)
    if referral.newest(child) < event.decision_seq:
        return too_early(WaitsFor.DECISION)
    look = partial(to_look, TaskKind.CHECK_RELEASE, About(child, agency_id), occasion, desk)
    if referral.newest(child) > event.decision_seq:
        return look({"not_releasable": NotReleasable.NEWER_DECISION.value})
    order = Order(
        ref=referral.ref,
        child=child,
        reason=event.reason,
        actor=f"{occasion.arrival.source}:{event.released_by}",
        request=occasion.cause,
        agency_id=agency_id,
        allegation=_means_the_allegation(event, referral),
    )
    try:
        release = next_part(order, referral, child, desk, beside=BESIDE)
    except NotReleasableError as exc:
        return look({"not_releasable": exc.code.value})
    return News(release=release)


def _means_the_allegation(event: Released, referral: Referral) -> bool:
    """An allegation beside other outcomes is held by itself, and ends with this one reason alone."""
    agreed = event.reason is ReleaseReason.AGREED_WITH_DESIGNATED_OFFICER
    return agreed and event.agency_id is None and allegation_waits(referral, event.child_index)
