"""Stopping a message for good, on a page of its own: what is never sent then, and why."""

from http import HTTPStatus

from functions.console.asking.reasons import reason_field
from functions.console.door.problems import changed
from functions.console.door.request import Answer, Page
from functions.console.door.visit import Visit
from functions.console.messages.seen import SeenMessage, look
from functions.console.shown.acts import Act
from functions.console.shown.form import Form
from functions.console.shown.parts import Fact, Link
from functions.console.words.acted import leads_back
from functions.console.words.messages import STATUSES, WAYS, status_of
from functions.console.words.on_a_page import on_a_page
from functions.domain.by_hand import TO_CANCEL
from functions.flows.acting.cancel import ToStop, cancel, what_would_stop
from functions.flows.acting.order import Order, Which
from functions.flows.orders import OrderRefusedError
from functions.flows.stopping import STOPPABLE
from functions.story.named import lower
from schemas.codes import ActReason, DeliveryState

ABOVE = (Link(text="Overview", path="/"), Link(text="Messages", path="/messages"))
TITLE = "Stop this message for good"
NO_REASON = "Say why it is stopped: choose one"


def stop_link(seen: SeenMessage) -> Link | None:
    """To the page; None where there is nothing to stop any more."""
    if seen.item["st"] not in STOPPABLE or "resent" in seen.item:
        return None
    return Link(text="Stop it for good", path=f"{seen.path}/stop")


def stop_message(visit: Visit) -> Page:
    """Shows what would be stopped, before anybody stops it."""
    seen = look(visit)
    return _page(seen, visit, error=None)


def message_stopped(visit: Visit) -> Answer:
    """Stops it, if it stands as the person saw it."""
    seen, reason = look(visit), visit.request.said("reason")
    if reason not in TO_CANCEL:
        return _page(seen, visit, error=NO_REASON)
    if what := tuple(seen.changed_since(visit.request)):
        return changed(what, (), seen.to_page)
    order = Order(visit.actor, ActReason(reason), visit.request.request_id)
    try:
        cancel(_to_stop(seen, visit), order, visit.desk.acts)
    except OrderRefusedError as exc:
        return seen.refused(exc)
    visit.acted()
    return leads_back(seen.path, "stopped", visit)


def _to_stop(seen: SeenMessage, visit: Visit) -> ToStop:
    """Raises NotPossibleError."""
    which = Which(seen.key.ref, seen.key.child, message=seen.item["message_id"])
    return what_would_stop(which, visit.desk.acts)


def _page(seen: SeenMessage, visit: Visit, *, error: str | None) -> Page:
    try:
        _to_stop(seen, visit)
        why_not = None
    except OrderRefusedError as exc:
        why_not = on_a_page(exc.on_a_page, seen.names)
    shown = Act(
        about=f"{seen.key.ref}, {lower(seen.title)}",
        title=TITLE,
        facts=(
            Fact(label="Status", tag=STATUSES[status_of(seen.item)]),
            Fact(label="Sent by", text=WAYS[seen.key.channel]),
            Fact(label="Message number", text=seen.item["message_id"]),
        ),
        effects=() if why_not else _effects(seen),
        form=None if why_not else _form(seen, visit, error),
        back=seen.to_page,
        not_allowed=why_not,
    )
    status = HTTPStatus.BAD_REQUEST if error else HTTPStatus.OK
    above = (*ABOVE, Link(text=seen.title, path=seen.path))
    return Page("act", TITLE, shown, status, above=above, is_wrong=error is not None)


def _effects(seen: SeenMessage) -> tuple[str, ...]:
    left = (
        ("It may have left already: then only it is not tried again.",)
        if seen.item["st"] == DeliveryState.QUARANTINE
        else ()
    )
    return (
        f"This message to {seen.agency_name} is never sent, and nobody can undo that.",
        *left,
        "A call or a hold that is about this message alone ends with it.",
        "Every other message of this referral goes on.",
    )


def _form(seen: SeenMessage, visit: Visit, error: str | None) -> Form:
    return Form(
        id="stop",
        path=f"{seen.path}/stop",
        fields=(reason_field("Why is it stopped?", TO_CANCEL, visit, error),),
        button="Stop it for good",
        hidden=seen.stands,
        is_warning=True,
    )
