"""Somebody decided not to tell a decision, to one agency or to all: what has not left of it never does."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import timedelta

from functions.adapters.ledger.calls import CALLS
from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import Item
from functions.domain.withholding import EVERYBODY, WITHHELD
from functions.flows.desk import IntakeDesk
from functions.flows.intake.life.news import News, stale
from functions.flows.intake.life.of_a_version import Act, acted_on
from functions.flows.intake.life.whose_hold import About, agency_id_of, to_look
from functions.flows.planning.tasks import read_waiting_call
from functions.flows.releasing.held_now import allegation_waits, held_alone, held_deliveries, held_on_child
from functions.flows.stopping import STOPPABLE, cancelled_fact, ended_holds
from functions.flows.updates.make import Occasion
from schemas.codes import DeliveryState, Disclosure, TaskKind
from schemas.lifecycle import Withheld

AGREED_AT_MOST = timedelta(days=1)
"""How long before a decision is recorded it can have been agreed whom it is kept from."""
_FOR_EVERYBODY = frozenset({TaskKind.RELEASE_CHILD, TaskKind.RELEASE_ALLEGATION})
_BY_A_PERSON = frozenset({TaskKind.CALL_REFERRER, TaskKind.CALL_AGENCY})
_GONE = (DeliveryState.CANCELLED, DeliveryState.SUPERSEDED)


def withheld(event: Withheld, occasion: Occasion, desk: IntakeDesk) -> News:
    """Somebody looks where some of it may have left, and where a newer decision has come since.

    Of what is withheld in part a person says how it is told: its hold stays, and where it has none somebody
    looks. So they do at what came before the decision was made: what nobody had decided yet is told all the
    same, unless it is held. Silence that somebody arranged for it would be noticed by nobody, and the manager
    is called to this as soon as to the decision itself.

    One that came after it and names a moment before is never refused: then it would be told while nobody knew
    that somebody wanted otherwise. Within the day it is done, and the manager looks all the same: what is to
    be decided and whom it is kept from are often agreed together, and recorded one after the other; and
    whoever sent it knew of that very version, so nothing was arranged. A moment further back is of another
    matter or a slip, and by such a one nobody is silenced.
    """
    child = event.child_index
    about = About(child, agency_id_of(event.agency_id, occasion.referral, child, desk))
    return acted_on(
        Act(child, event.decision_seq, "withheld_at", event.withheld_at),
        occasion,
        lambda: _withheld(event, about, occasion, desk),
        lambda: _look("before_decision", about, occasion, desk),
        lambda ahead: _agreed(ahead, event, about, occasion, desk),
    )


def _agreed(ahead: timedelta, event: Withheld, about: About, occasion: Occasion, desk: IntakeDesk) -> News:
    if ahead > AGREED_AT_MOST:
        return _look("before_decision", about, occasion, desk)
    return _looked_at(_withheld(event, about, occasion, desk), "agreed_before", about, occasion, desk)


def _withheld(event: Withheld, about: About, occasion: Occasion, desk: IntakeDesk) -> News:
    referral, child = occasion.referral, about.child
    if referral.newest(child) > event.decision_seq:
        news, why = stale(), "stale"
    elif event.disclosure is Disclosure.PARTIAL:
        news, why = News(), "" if _is_held(about, referral) else "not_held"
    else:
        left = any(map(_may_have_left, _meant(about, referral)))
        news, why = _nobody_told(event, about, occasion), "may_have_left" if left else ""
    return _looked_at(news, why, about, occasion, desk) if why else news


def _looked_at(news: News, why: str, about: About, occasion: Occasion, desk: IntakeDesk) -> News:
    look = _look(why, about, occasion, desk)
    return replace(news, details={**news.details, **look.details}, tasks=look.tasks)


def _look(why: str, about: About, occasion: Occasion, desk: IntakeDesk) -> News:
    return to_look(TaskKind.CHECK_WITHHELD, about, occasion, desk, {why: True})


def _is_held(about: About, referral: Referral) -> bool:
    """Whether a hold of its own keeps it back; one agency's goes with its child's where it has no other."""
    child = about.child
    if about.agency_id is None:
        return bool(held_on_child(referral, child)) or allegation_waits(referral, child)
    items = [item for item in held_deliveries(referral, child) if item["agency"] == about.agency_id]
    return bool(held_alone(referral, items))


def _nobody_told(event: Withheld, about: About, occasion: Occasion) -> News:
    """What was to be sent is stopped, and whoever was to act that it be told need not."""
    referral, state = occasion.referral, occasion.referral.children[about.child]
    if _is_of_the_allegation(about, referral):
        over = [task for task in _open(about, referral) if task["kind"] == TaskKind.RELEASE_ALLEGATION]
        return News(details={"ended": [task["sk"] for task in over]}, over=over)
    stopped = [item for item in _meant(about, referral) if item["st"] in STOPPABLE]
    over = [*_over(about, referral), *ended_holds(referral, stopped)]
    actor = f"{occasion.arrival.source}:{event.decided_by}"
    learnt = {
        WITHHELD: {**state.get(WITHHELD, {}), about.agency_id or EVERYBODY: event.disclosure.value},
        "calls": [call for call in state.get("calls", ()) if not _is_for(about, call, referral)],
    }
    return News(
        details={"ended": [task["sk"] for task in over] or None},
        children={about.child: learnt},
        stopped=[
            (item, cancelled_fact(item, actor=actor, reason=event.disclosure, request=occasion.cause))
            for item in stopped
        ],
        over=over,
    )


def _is_of_the_allegation(about: About, referral: Referral) -> bool:
    """With the rest told, only the allegation beside it waits for anybody to decide."""
    held = held_on_child(referral, about.child)
    return about.agency_id is None and not held and allegation_waits(referral, about.child)


def _meant(about: About, referral: Referral) -> list[Item]:
    """The messages that tell it; of an allegation beside the rest there are none before its release."""
    if _is_of_the_allegation(about, referral):
        return []
    return [
        item
        for item in referral.of_child(about.child)
        if item["dver"] == referral.newest(about.child) and about.agency_id in (None, item["agency"])
    ]


def _may_have_left(item: Item) -> bool:
    """Tried, or told by telephone; what was replaced or stopped before that is nobody's to look at."""
    tried = bool(item["attempt"]) or item["st"] not in (*STOPPABLE, *_GONE)
    return tried or "phoned_at" in item


def _open(about: About, referral: Referral) -> Collection[Item]:
    return referral.open_tasks(about.child).values()


def _over(about: About, referral: Referral) -> Iterator[Item]:
    """The tasks by which it would have been told; a hold on one agency ends with its messages."""
    for task in _open(about, referral):
        kind, of = task["kind"], task.get("about")
        rings = kind in CALLS and of is None and about.agency_id in (None, task["agency"])
        tells = kind in _BY_A_PERSON and _is_meant(about, task.get("agency"), of, referral)
        if rings or tells or (about.agency_id is None and kind in _FOR_EVERYBODY):
            yield task


def _is_for(about: About, waiting: str, referral: Referral) -> bool:
    """Whether a call that waits behind a hold would tell it."""
    _, agency_id, of = read_waiting_call(waiting)
    return _is_meant(about, agency_id, of, referral)


def _is_meant(about: About, called: str | None, of: str | None, referral: Referral) -> bool:
    """A call to the referrer names no agency; one about a duplicate is to that one's."""
    if about.agency_id is None or called is not None:
        return about.agency_id in (None, called)
    return of is None and bool(referral.head.get("referrer") == about.agency_id)
