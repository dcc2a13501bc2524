"""Sending a message again: by which ways it may go, what would go by each, and doing it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from functions.adapters.ledger.keys import DeliveryKey
from functions.console.asking.reasons import act_words, why_field
from functions.console.door.problems import changed, not_possible
from functions.console.door.request import Answer, Request
from functions.console.door.visit import Visit
from functions.console.messages.seen import SeenMessage, path_of
from functions.console.shown.form import Form, Hidden, Option, Radios
from functions.console.shown.problems import Changed
from functions.console.words.acted import leads_back
from functions.console.words.on_a_page import on_a_page
from functions.domain.by_hand import TO_SEND_AGAIN
from functions.flows.acting.again import How
from functions.flows.acting.order import ActDesk, NotPossibleError, Order
from functions.flows.acting.resend import Again, again_as_read, send_again
from functions.flows.orders import OrderRefusedError
from functions.story.named import upper
from functions.story.vocabulary import told_words
from schemas.codes import ActReason, Channel

NO_WAY = "Choose how to send it"
NO_REASON = "Say why you are sending it again: choose one"


class Way(StrEnum):
    """By the way that it went, or by e-mail in that one's place."""

    SAME = "SAME"
    EMAIL = "EMAIL"


@dataclass(frozen=True, slots=True)
class Offers:
    """What would go by each way, and why nothing would by the others."""

    ways: Mapping[Way, Again]
    why_not: Mapping[Way, str]


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with an answer, by its field."""

    how: str | None = None
    reason: str | None = None


def offers(seen: SeenMessage, desk: ActDesk) -> Offers:
    """What may be chosen as things stand."""
    ways, why_not = dict[Way, Again](), dict[Way, str]()
    for way in Way if seen.key.channel is Channel.WEBHOOK else (Way.SAME,):
        try:
            ways[way] = again_as_read(seen.referral, seen.item, desk, by_email=way is Way.EMAIL)
        except NotPossibleError as exc:
            why_not[way] = on_a_page(exc.on_a_page, seen.names)
    return Offers(ways, why_not)


def form(seen: SeenMessage, found: Offers, typed: Mapping[str, str], wrong: Wrong) -> Form:
    """By which way, and why; what would go by each way goes along, so that nothing else is sent."""
    chosen = typed.get("how") or next(iter(found.ways))
    return Form(
        id="again",
        path=seen.path,
        fields=(
            Radios(
                name="how",
                question="How",
                options=tuple(
                    Option(value=way, text=_WAYS[seen.key.channel][way], hint=hint, is_chosen=way == chosen)
                    for way, hint in _hints(found)
                ),
                error=wrong.how,
            ),
            why_field(
                "Why are you sending it again?", act_words(TO_SEND_AGAIN), typed.get("reason"), wrong.reason
            ),
        ),
        hidden=(*seen.stands, *_would_go(found)),
        button="Send again",
    )


def text(found: Offers) -> str:
    """What happens with it, or why nothing may."""
    if Way.SAME not in found.ways:
        return found.why_not[Way.SAME]
    again = found.ways[Way.SAME]
    if again.how is How.AT_ONCE and not again.channel.is_email:
        return "The same message goes again with the same id, so their system will not count it twice."
    if again.how is How.AT_ONCE:
        return "The same message goes again, with the same message id."
    level = told_words(again.level, again.key.series)
    return (
        "This one has ended, so a new message goes: the same referral and decision, with a message id of its "
        f"own and today's police check ({level})."
    )


def not_by_email(found: Offers) -> str:
    """Why the way by e-mail is not offered beside the other; empty where it is, or that reason is said."""
    why = found.why_not.get(Way.EMAIL, "")
    return f"Email is not offered. {why}" if why and why != found.why_not.get(Way.SAME) else ""


def wrong_with(request: Request, found: Offers) -> Wrong | None:
    """What was left out of an answer, or is none that was offered; None where it is whole."""
    how = None if request.said("how") in {*found.ways, *found.why_not} else NO_WAY
    reason = None if request.said("reason") in TO_SEND_AGAIN else NO_REASON
    return Wrong(how, reason) if how or reason else None


def sent_again(seen: SeenMessage, found: Offers, visit: Visit) -> Answer:
    """Sends it as the person saw that it would go, and leads to the message that goes."""
    said = visit.request.said
    if what := tuple(seen.changed_since(visit.request)):
        return changed(what, (), seen.to_page)
    way = Way(said("how"))
    if way in found.why_not:
        return not_possible(found.why_not[way], seen.to_page)
    agreed = found.ways[way]
    if said(f"was_{way}") != _what(agreed):
        return changed((_less_or_more(agreed),), (), seen.to_page)
    order = Order(visit.actor, ActReason(said("reason")), visit.request.request_id)
    try:
        came = send_again(agreed, order, visit.desk.acts)
    except OrderRefusedError as exc:
        return seen.refused(exc)
    visit.acted()
    return leads_back(path_of(came.message_id), _DONE[agreed.how], visit)


def _less_or_more(agreed: Again) -> Changed:
    """By the chosen way goes something else than the form said."""
    level = told_words(agreed.level, agreed.key.series)
    return Changed(what="What would go", was="What the form said", now=upper(level))


def _would_go(found: Offers) -> Iterator[Hidden]:
    """What the form says would go by each way."""
    return (Hidden(name=f"was_{way}", value=_what(again)) for way, again in found.ways.items())


def _what(again: Again) -> str:
    return f"{again.how.name} {again.level.name}"


def _hints(found: Offers) -> Iterator[tuple[Way, str | None]]:
    for way, again in found.ways.items():
        yield way, _to_the_mailbox(again) if way is Way.EMAIL else None


def _to_the_mailbox(again: Again) -> str:
    level = told_words(again.level, DeliveryKey.of(again.seen).series)
    return f"To their agreed back-up mailbox, as a new message: {level}, which is all that it may have"


_DONE = {How.AT_ONCE: "again", How.ANEW: "anew"}
_BY_EMAIL = {Way.SAME: "Email, now"}
_WAYS: Mapping[Channel, Mapping[Way, str]] = {
    Channel.WEBHOOK: {Way.SAME: "Their system, now", Way.EMAIL: "By email instead"},
    Channel.EMAIL: _BY_EMAIL,
    Channel.FALLBACK: _BY_EMAIL,
}
