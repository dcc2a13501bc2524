"""What a decision has from the police: their form's check, and where it parts from what they recommend."""

from dataclasses import dataclass
from datetime import datetime

from functions.adapters.ledger.records import Arrival
from functions.domain.completeness import FeedState, ReferredChild, check, next_step_recommended
from functions.domain.divergence import divergences
from functions.domain.life_clocks.police_form import form_is_due
from functions.flows.desk import IntakeDesk
from functions.flows.intake.audience import Known
from functions.flows.planning.police_form import open_forms
from schemas.codes import Divergence
from schemas.decision import Decision
from schemas.risk_assessment import PoliceCheck


@dataclass(frozen=True, slots=True)
class FromPolice:
    """Neither holds or delays anything: what is told, to whom and when, is worked out without them."""

    form: PoliceCheck
    diverges: tuple[Divergence, ...]


def from_police(
    decision: Decision, feed: FeedState, arrival: Arrival, desk: IntakeDesk, known: Known
) -> FromPolice:
    """As it stands at the arrival, by the newest form that is known here."""
    referred, forms = _referred(decision, desk, known), open_forms(known.referral, known.key)
    return FromPolice(
        check(referred, forms, feed, desk.ra_policy, arrival.at),
        divergences(decision, next_step_recommended(referred, forms)),
    )


def _referred(decision: Decision, desk: IntakeDesk, known: Known) -> ReferredChild:
    # The first decision's time: a later revision must not turn a late form into one on time.
    child = known.referral.children.get(decision.child_index, {})
    first = datetime.fromisoformat(child["first_decided_at"]) if "first_decided_at" in child else None
    due_at = form_is_due(decision.received_at, decision.rag, first or decision.decided_at, desk.clocks)
    return ReferredChild.of(decision, due_at=due_at)
