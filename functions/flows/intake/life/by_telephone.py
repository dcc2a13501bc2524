"""Somebody at an agency was told by telephone, and said so: nobody need ring it about that decision again."""

from functions.adapters.ledger.calls import CALLS, Answered, answered_call
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import Item
from functions.domain.refusals import Refusal, RefusedError
from functions.domain.series import REFERRER_WAITS
from functions.flows.desk import IntakeDesk
from functions.flows.intake.life.news import News
from functions.flows.intake.life.of_a_version import Act, acted_on
from functions.flows.releasing.held_now import held_on_child
from functions.flows.updates.make import Occasion
from schemas.codes import DeliveryState, HoldTrigger, RefusalReason, TaskKind
from schemas.lifecycle import PhoneConfirmed

_GONE = (DeliveryState.SUPERSEDED, DeliveryState.CANCELLED)


def phone_confirmed(event: PhoneConfirmed, occasion: Occasion, desk: IntakeDesk) -> News:
    """As if a person had done the calls about it, and said that somebody was told.

    Of a version that has not come yet it waits for that one. One that came before its version was decided is
    refused: whoever rang could not say what nobody had decided, and the calls about it are still to be made.
    Raises RefusedError naming the agency that nobody knows, too.
    """
    entry = desk.directory.look_up([event.agency_id]).entries.get(event.agency_id)
    if entry is None:
        raise RefusedError(Refusal("agency_id", RefusalReason.UNKNOWN_AGENCY))
    return acted_on(
        Act(event.child_index, event.decision_seq, "phoned_at", event.phoned_at),
        occasion,
        lambda: _told(event, entry.agency_id, occasion.referral),
    )


def _told(event: PhoneConfirmed, agency_id: str, referral: Referral) -> News:
    """What is held stays held, and its task open: that one was rung does not make it safe to tell.

    Of emergency protection somebody is to be rung before its message may go, so that this call is the one
    that its hold waits for: it is written down, and the release finds it. Where anything else holds the
    message too it is not believed: a manager has still to say whether that agency may be told at all, or
    where, and until then its having been told must not look settled.
    """
    child, messages = event.child_index, _messages(event, agency_id, referral)
    told = [item for item in messages if "held" not in item]
    rung_first = [item for item in messages if item.get("held") == [HoldTrigger.EMERGENCY]]
    is_held = len(told) < len(messages) or _is_held_for_all(event, referral)
    counts = bool(rung_first) and len(told) + len(rung_first) == len(messages)
    answered = _answered(agency_id, [DeliveryKey.of(item) for item in told], referral, child)
    rung = [] if is_held else _calls_by_a_person(event, agency_id, referral)
    ended = [*(one.call["sk"] for one in answered if one.ends), *(task["sk"] for task in rung)]
    return News(
        children={child: {REFERRER_WAITS: ""}} if counts and _waits(agency_id, referral, child) else {},
        details={
            "ended": ended or None,
            "rung_first": counts or None,
            "still_held": (is_held and not counts) or None,
        },
        phoned=[item for item in (*told, *rung_first) if "phoned_at" not in item],
        phoned_at=event.phoned_at,
        answered=answered,
        rung=rung,
    )


def _waits(agency_id: str, referral: Referral, child: int) -> bool:
    """Whether it referred the child and an acknowledgement might still follow, as it was told nothing yet."""
    return bool(referral.children[child].get(REFERRER_WAITS) == agency_id)


def _is_held_for_all(event: PhoneConfirmed, referral: Referral) -> bool:
    """Whether nobody may be told that version yet, by a message or by a call."""
    is_newest = referral.newest(event.child_index) == event.decision_seq
    return is_newest and bool(held_on_child(referral, event.child_index))


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
