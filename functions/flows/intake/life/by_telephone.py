"""Somebody at an agency was told by telephone, and said so: nobody need ring it about that decision again."""

from functions.adapters.ledger.calls import CALLS, Answered, answered_call
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import Item
from functions.domain.refusals import Refusal, RefusedError
from functions.flows.desk import IntakeDesk
from functions.flows.intake.life.news import News, too_early
from functions.flows.updates.make import Occasion
from schemas.codes import DeliveryState, RefusalReason, TaskKind, WaitsFor
from schemas.lifecycle import PhoneConfirmed

_GONE = (DeliveryState.SUPERSEDED, DeliveryState.CANCELLED)


def phone_confirmed(event: PhoneConfirmed, occasion: Occasion, desk: IntakeDesk) -> News:
    """As if a person had done the calls about it, and said that somebody was told.

    Raises RefusedError naming the agency or the version that nobody knows.
    """
    referral, child = occasion.referral, event.child_index
    entry = desk.directory.look_up([event.agency_id]).entries.get(event.agency_id)
    if entry is None:
        raise RefusedError(Refusal("agency_id", RefusalReason.UNKNOWN_AGENCY))
    newest = referral.newest(child)
    if not newest:
        return too_early(WaitsFor.DECISION)
    if newest < event.decision_seq:
        raise RefusedError(Refusal("decision_seq", RefusalReason.UNKNOWN_VERSION))
    told = _messages(event, entry.agency_id, referral)
    answered = _answered(entry.agency_id, [DeliveryKey.of(item) for item in told], referral, child)
    rung = _calls_by_a_person(event, entry.agency_id, referral)
    ended = [*(one.call["sk"] for one in answered if one.ends), *(task["sk"] for task in rung)]
    return News(
        details={"ended": ended or None},
        phoned=[item for item in told if "phoned_at" not in item],
        phoned_at=event.phoned_at,
        answered=answered,
        rung=rung,
    )


def _messages(event: PhoneConfirmed, agency_id: str, referral: Referral) -> list[Item]:
    """What tells the agency that version, by whatever channel."""
    return [
        item
        for item in referral.of_child(event.child_index)
        if (item["agency"], item["dver"]) == (agency_id, event.decision_seq)
        and item["st"] not in _GONE
        and "resent" not in item
    ]


def _answered(agency_id: str, told: list[DeliveryKey], referral: Referral, child: int) -> list[Answered]:
    """The open calls that are about any of it."""
    found = []
    for call in referral.open_tasks(child).values():
        if call["kind"] in CALLS and call.get("agency") == agency_id:
            by = [key for key in told if answered_call(call, key)]
            found += [Answered(call, by)] if by else []
    return found


def _calls_by_a_person(event: PhoneConfirmed, agency_id: str, referral: Referral) -> list[Item]:
    """The calls to an agency that no message could tell that version, or an older one."""
    is_referrer = referral.head.get("referrer") == agency_id
    return [
        task
        for task in referral.open_tasks(event.child_index).values()
        if task["dver"] <= event.decision_seq
        and (
            (task["kind"] == TaskKind.CALL_AGENCY and task["agency"] == agency_id)
            or (task["kind"] == TaskKind.CALL_REFERRER and "about" not in task and is_referrer)
        )
    ]
