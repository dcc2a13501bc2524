"""One message: how it stands, every try of it, exactly what it says, and what a manager may do about it."""

from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus
from urllib.parse import quote

from functions.adapters.ledger.store import Item
from functions.console.door.request import Answer, Page, Preview
from functions.console.door.roles import MANAGERS
from functions.console.door.visit import NotHereError, Visit
from functions.console.messages import send_again
from functions.console.messages.as_shown import preview_of, sent_as_shown
from functions.console.messages.facts import facts
from functions.console.messages.instead import email_instead
from functions.console.messages.seen import SeenMessage, look
from functions.console.messages.stop import ABOVE, stop_link
from functions.console.messages.tries import tries
from functions.console.shown.message import HeldMessage, Message
from functions.console.shown.parts import Fact, Link
from functions.console.words.acted import done_words
from functions.console.words.messages import STATUSES, held_for, status_of, why
from functions.console.words.moments import lasting, short
from functions.console.worklist.attention import task_path
from functions.console.worklist.deciding import Ending, form
from functions.flows.acting.keep import HOLDS, why_held
from functions.flows.releasing.order import fitting_reasons
from functions.story.acts import why_stopped
from functions.story.named import actor_words, lower, upper
from schemas.codes import DeliveryState

_GOES_ON = (DeliveryState.PENDING, DeliveryState.RETRY)
_OF_THE_COUNCIL = "staff:"
_NOT_A_MANAGER = "Only a person signed in as a MASH manager can send this again, or stop it."


def message(visit: Visit) -> Page:
    """Shows it by its id; reading its referral is on record first."""
    return _page(look(visit), visit, send_again.Wrong())


def send_message_again(visit: Visit) -> Answer:
    """Sends it again, by the way that was chosen."""
    seen = look(visit)
    found = send_again.offers(seen, visit.desk.acts)
    if wrong := send_again.wrong_with(visit.request, found):
        return _page(seen, visit, wrong)
    return send_again.sent_again(seen, found, visit)


def preview(visit: Visit) -> Preview:
    """An e-mail's HTML as a page of its own, for a frame in which nothing runs."""
    html = preview_of(look(visit), visit)
    if html is None:
        raise NotHereError("preview")
    return Preview(html)


def _page(seen: SeenMessage, visit: Visit, wrong: send_again.Wrong) -> Page:
    is_wrong = wrong != send_again.Wrong()
    status = HTTPStatus.BAD_REQUEST if is_wrong else HTTPStatus.OK
    return Page("message", seen.title, _shown(seen, visit, wrong), status, above=ABOVE, is_wrong=is_wrong)


def _shown(seen: SeenMessage, visit: Visit, wrong: send_again.Wrong) -> Message:
    may = visit.session.role in MANAGERS
    is_held = "held" in seen.item
    found = send_again.offers(seen, visit.desk.acts) if may and not is_held else None
    typed = {name: visit.typed.get(name) or visit.request.said(name) for name in ("how", "reason")}
    child = f"?child={seen.key.child}" if seen.key.child else ""
    return Message(
        reference=Link(text=seen.key.ref, path=f"/referrals/{quote(seen.key.ref, safe='')}{child}"),
        title=seen.title,
        panel=(*_panel(seen, visit.desk.senders.most_tries), *email_instead(seen)),
        tries=tuple(tries(seen.rows, seen.now)),
        no_tries="Not tried: it is held." if is_held else "Not tried yet.",
        sent_heading=_heading(seen),
        sent=sent_as_shown(seen, visit),
        facts=tuple(facts(seen)),
        held=_held(seen, visit, may=may) if is_held else None,
        send_again=send_again.form(seen, found, typed, wrong) if found and found.ways else None,
        send_again_text=send_again.text(found) if found else "",
        not_by_email=send_again.not_by_email(found) if found else "",
        not_allowed=None if may else _NOT_A_MANAGER,
        cancel=stop_link(seen) if may else None,
        who_to_call=Link(text=f"Who to call at {seen.agency_name}", path=f"/agencies/{seen.key.agency_id}"),
        phone=seen.agency.phone or "" if seen.agency else "",
        done=done_words(visit),
    )


def _heading(seen: SeenMessage) -> str:
    if seen.closed:
        return "Exactly what we sent"
    return "Exactly what we would send" if "held" in seen.item else "Exactly what we are sending"


def _panel(seen: SeenMessage, most_tries: int) -> Iterator[Fact]:
    item, state = seen.item, DeliveryState(seen.item["st"])
    yield Fact(label="Status", tag=STATUSES[status_of(item)])
    if words := why(item, seen.closed):
        yield Fact(label="Why", text=words)
    if stop := seen.stopped:
        yield Fact(label="Why", text=upper(why_stopped(stop)))
        at = datetime.fromisoformat(stop["at"])
        yield Fact(label="Stopped", text=short(at, seen.now), detail=_by(stop["actor"]))
    if (task := _hold_task(seen)) is not None:
        since, due = (datetime.fromisoformat(task[name]) for name in ("opened_at", "due_at"))
        yield Fact(label="Held for", text=lasting(seen.now - since))
        yield Fact(label="A person must act by", text=short(due, seen.now))
        return
    so_far = f"{item['attempt']} of {most_tries}" if state in _GOES_ON else str(item["attempt"])
    yield Fact(label="Tries so far", text=so_far)
    if state in _GOES_ON and "due_at" in item:
        due = datetime.fromisoformat(item["due_at"])
        yield Fact(label="Next try", text="Within a minute" if due <= seen.now else short(due, seen.now))


def _by(actor: str) -> str:
    """In the console nobody but a manager may stop a message; elsewhere its own rules or an operator do."""
    role = ", a MASH manager" if actor.startswith(_OF_THE_COUNCIL) else ""
    return f"By {actor_words(actor)}{role}"


def _held(seen: SeenMessage, visit: Visit, *, may: bool) -> HeldMessage:
    task = _hold_task(seen)
    ends = fitting_reasons(*why_held(task, seen.referral)) if task else ()
    to_worklist = f"/worklist?ref={quote(seen.key.ref, safe='')}"
    return HeldMessage(
        trigger=lower(held_for(seen.item)),
        text=(
            f"{seen.agency_name} cannot tell that this message exists. Nothing else of this referral waits "
            "for it."
        ),
        release=form(task, Ending.RELEASED, visit.typed, ends) if task and may else None,
        keep=form(task, Ending.KEPT, visit.typed, ends) if task and may else None,
        review=Link(text="Review the hold", path=task_path(task) if task else to_worklist),
    )


def _hold_task(seen: SeenMessage) -> Item | None:
    """The open task of whoever may release it: of this agency's hold before that of the whole child."""
    if "held" not in seen.item:
        return None
    holds = [task for task in seen.referral.open_tasks(seen.key.child).values() if task["kind"] in HOLDS]
    whose = [task for task in holds if task.get("agency") in (None, seen.key.agency_id)]
    return next(iter(sorted(whose, key=lambda task: "agency" not in task)), None)
