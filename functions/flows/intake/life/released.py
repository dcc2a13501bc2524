"""A hold that was ended in the case system: it ends here as well, by the same rules."""

from collections.abc import Callable
from functools import partial

from functions.adapters.ledger.records import Referral
from functions.flows.desk import IntakeDesk
from functions.flows.intake.life.news import News
from functions.flows.intake.life.of_a_version import Act, acted_on
from functions.flows.intake.life.whose_hold import About, agency_id_of, to_look
from functions.flows.releasing.held_now import allegation_waits
from functions.flows.releasing.order import NotReleasableError, Order
from functions.flows.releasing.release_hold import next_part
from functions.flows.updates.make import Occasion
from schemas.codes import NotReleasable, ReleaseReason, TaskKind
from schemas.lifecycle import Released

BESIDE = len(("the event's row", "its marker", "a new key", "what it waited as"))
"""What the event adds to a release's own transaction."""


def released(event: Released, occasion: Occasion, desk: IntakeDesk) -> News:
    """Ends the hold as `mash release` does, in the case system's name and the role of whoever did it there.

    What cannot be ended is a row that says why, and the manager's to look at: it is not tried again. Nor is
    what came before its decision, in whatever order the two were sent: nobody knew then what is held.
    """
    child = event.child_index
    about = About(child, agency_id_of(event.agency_id, occasion.referral, child, desk))
    look = partial(_look, about=about, occasion=occasion, desk=desk)
    return acted_on(
        Act(child, event.decision_seq, "released_at", event.released_at),
        occasion,
        lambda: _released(event, about, occasion, desk, look),
        lambda: look(NotReleasable.CAME_BEFORE_DECISION),
    )


def _released(
    event: Released,
    about: About,
    occasion: Occasion,
    desk: IntakeDesk,
    look: Callable[[NotReleasable], News],
) -> News:
    referral, child = occasion.referral, about.child
    if referral.newest(child) > event.decision_seq:
        return look(NotReleasable.NEWER_DECISION)
    if occasion.waited_since is not None:
        return look(NotReleasable.CAME_BEFORE_DECISION)
    order = Order(
        ref=referral.ref,
        child=child,
        reason=event.reason,
        actor=f"{occasion.arrival.source}:{event.released_by}",
        request=occasion.cause,
        agency_id=about.agency_id,
        allegation=_means_the_allegation(event, referral),
    )
    try:
        return News(release=next_part(order, referral, child, desk, beside=BESIDE))
    except NotReleasableError as exc:
        return look(exc.code)


def _look(why: NotReleasable, *, about: About, occasion: Occasion, desk: IntakeDesk) -> News:
    return to_look(TaskKind.CHECK_RELEASE, about, occasion, desk, {"not_releasable": why.value})


def _means_the_allegation(event: Released, referral: Referral) -> bool:
    """An allegation beside other outcomes is held by itself, and ends with this one reason alone."""
    agreed = event.reason is ReleaseReason.AGREED_WITH_DESIGNATED_OFFICER
    return agreed and event.agency_id is None and allegation_waits(referral, event.child_index)
