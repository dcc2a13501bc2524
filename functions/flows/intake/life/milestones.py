"""Milestones after a decision: an assessment, enquiry or conference that ended, a transfer that was
accepted."""

from functions.flows.desk import IntakeDesk
from functions.flows.intake.life.happening import Happening, once_decided, to_everybody_told
from functions.flows.intake.life.news import News
from functions.flows.updates.make import Occasion
from schemas.codes import Series
from schemas.lifecycle import AssessmentComplete, IcpcOutcome, S47Outcome, TransferAccepted
from schemas.notice import UpdateFacts


def assessment_complete(event: AssessmentComplete, occasion: Occasion, desk: IntakeDesk) -> News:
    what = Happening(Series.ASSESSMENT, event.child_index, "completed_at", event.completed_at)
    facts = UpdateFacts(happened_at=event.completed_at, plan_status=event.plan_status)
    return once_decided(what, occasion, lambda: to_everybody_told(what, facts, occasion, desk))


def enquiry_ended(event: S47Outcome, occasion: Occasion, desk: IntakeDesk) -> News:
    what = Happening(Series.ENQUIRY, event.child_index, "ended_at", event.ended_at)
    facts = UpdateFacts(happened_at=event.ended_at, enquiry_result=event.result)
    return once_decided(what, occasion, lambda: to_everybody_told(what, facts, occasion, desk))


def conference_held(event: IcpcOutcome, occasion: Occasion, desk: IntakeDesk) -> News:
    what = Happening(Series.CONFERENCE, event.child_index, "held_at", event.held_at)
    facts = UpdateFacts(happened_at=event.held_at, plan_status=event.plan_status)
    return once_decided(what, occasion, lambda: to_everybody_told(what, facts, occasion, desk))


def transfer_accepted(event: TransferAccepted, occasion: Occasion, desk: IntakeDesk) -> News:
    """The child learns by whom: a transfer decided anew, to another council, is pending again."""
    what = Happening(Series.TRANSFER, event.child_index, "accepted_at", event.accepted_at)
    facts = UpdateFacts(happened_at=event.accepted_at, receiving_la=event.receiving_la)
    learnt = {"transfer_accepted_by": event.receiving_la}
    return once_decided(what, occasion, lambda: to_everybody_told(what, facts, occasion, desk, learnt=learnt))
