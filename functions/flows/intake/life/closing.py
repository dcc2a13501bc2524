"""Children's social care has closed a child's case: with it ends the plan, and all who were told hear of
it."""

from datetime import datetime

from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.store import Item
from functions.domain.plans import is_live
from functions.domain.series import moment_of
from functions.flows.desk import IntakeDesk
from functions.flows.intake.life.happening import Happening, is_older, once_decided, telling
from functions.flows.intake.life.news import News, stale
from functions.flows.updates.audience import told_of_the_decision
from functions.flows.updates.make import Occasion
from functions.flows.updates.parts import live_parts, with_a_part
from schemas.codes import PlanStatus, Series
from schemas.lifecycle import CaseClosed
from schemas.notice import UpdateFacts


def case_closed(event: CaseClosed, occasion: Occasion, desk: IntakeDesk) -> News:
    """Told to everybody who was told of the decision, and to whoever joined the plan since."""
    what = Happening(Series.CLOSED, event.child_index, "closed_at", event.closed_at)
    return once_decided(what, occasion, lambda: _told(what, occasion, desk))


def _told(what: Happening, occasion: Occasion, desk: IntakeDesk) -> News:
    referral, child = occasion.referral, occasion.referral.children[what.child]
    plan_is_newer = is_older(what.at, Series.PLAN, child)
    if plan_is_newer and is_live(PlanStatus(child["plan_status"])):
        return stale()  # the case was opened again, and that has been told
    hearers = told_of_the_decision(referral, what.child, desk.directory).beside(
        with_a_part(live_parts(child), referral, what.child, desk.directory)
    )
    facts = UpdateFacts(happened_at=what.at, plan_status=PlanStatus.NONE)
    learnt = {} if plan_is_newer else _no_plan_since(what.at)
    return telling(what.about, hearers, facts, occasion, desk, learnt=learnt)


def _no_plan_since(closed_at: datetime) -> Item:
    """A plan's change that comes late must not bring the plan back."""
    return {
        "plan_status": PlanStatus.NONE.value,
        "plan_agencies": [],
        moment_of(Series.PLAN): at_text(closed_at),
    }
