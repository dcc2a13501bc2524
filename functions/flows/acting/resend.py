"""A message goes again: as a new one where it has ended, else at once where it waits (delivery section 3)."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from functions.adapters.ledger import keys
from functions.adapters.ledger.by_hand import Repeated
from functions.adapters.ledger.chain import Fact, at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import NewDelivery, NewNotice, Referral
from functions.adapters.ledger.store import Item
from functions.domain.by_hand import TO_SEND_AGAIN
from functions.domain.record import uid
from functions.domain.wording import template_version
from functions.flows.acting.again import How, how_again, require_reachable
from functions.flows.acting.chosen import the_one
from functions.flows.acting.order import (
    ActDesk,
    NotPossibleError,
    Order,
    Which,
    require_fitting,
    written_once,
)
from functions.flows.orders import Rows
from functions.flows.planning.deliveries import listed, once_more
from functions.flows.planning.notices import opened_for, outcomes_in, sealed
from functions.flows.planning.police_form import check_of
from functions.log_lines import MESSAGE_SENT_AGAIN, log
from schemas.codes import AuditKind, Channel, DeliveryState, Level, NoticeReason
from schemas.notice import Frozen
from schemas.risk_assessment import PoliceCheck


@dataclass(frozen=True, slots=True)
class Again:
    """What would be sent again, and how: what a person agrees to before it is done."""

    seen: Item
    how: How
    channel: Channel
    level: Level
    notice_reason: NoticeReason | None

    @property
    def key(self) -> DeliveryKey:
        """The message as it stands."""
        return DeliveryKey.of(self.seen)


@dataclass(frozen=True, slots=True)
class SentAgain:
    """What came of it: where it stands in the trail, and the new message's id, where it is a new one."""

    entries: tuple[str, ...]
    message_id: str


def what_would_go(which: Which, desk: ActDesk, *, by_email: bool) -> Again:
    """Which message an order means, and what would become of it; raises NotPossibleError with what to do."""
    referral = desk.check.intake.case(which.ref)
    return again_as_read(referral, the_one(referral, which, desk), desk, by_email=by_email)


def again_as_read(referral: Referral, seen: Item, desk: ActDesk, *, by_email: bool) -> Again:
    """What would become of a message as it was just read; raises NotPossibleError with what to do."""
    how = how_again(referral, seen, desk.check.now(), by_email=by_email)
    channel = Channel.FALLBACK if by_email else Channel(seen["chan"])
    entry = require_reachable(seen, channel, desk)
    pins = once_more(
        replace(DeliveryKey.of(seen), channel=channel), seen, entry, desk.check.managed_domains
    ).pins
    return Again(seen, how, channel, pins.level, pins.notice_reason)


def again_as_found(seen: Item, desk: ActDesk) -> Again:
    """The same for a message that was found earlier; raises NotPossibleError where it has gone on since."""
    key = DeliveryKey.of(seen)
    referral = desk.check.intake.case(key.ref)
    return again_as_read(referral, _still(referral, seen), desk, by_email=False)


def send_again(agreed: Again, order: Order, desk: ActDesk) -> SentAgain:
    """Does what was agreed to, if it is still that.

    Raises NotPossibleError if it is not, ContendedError if others were first until patience ended.
    """
    require_fitting(order, TO_SEND_AGAIN, "send a message again")
    return repeat(agreed, order, desk)


def repeat(agreed: Again, order: Order, desk: ActDesk) -> SentAgain:
    """As `send_again`, whatever the reason: a recovery has its own."""
    done = written_once(lambda: _worked_out(agreed, order, desk), desk)
    log(
        MESSAGE_SENT_AGAIN,
        delivery=done.message_id,
        referral=agreed.key.ref,
        agency=agreed.key.agency_id,
        channel=agreed.channel.value,
        reason=order.reason.value,
    )
    return SentAgain(done.rows.entries, done.message_id)


@dataclass(frozen=True, slots=True)
class _Act:
    """One act, worked out from the referral as it was read."""

    referral: Referral
    seen: Item
    fact: Fact
    repeated: Repeated | None
    at: datetime

    @property
    def rows(self) -> Rows:
        return Rows(self.referral.pk, self.referral.tip, [self.fact])

    @property
    def message_id(self) -> str:
        return self.repeated.new.pins.message_id if self.repeated else str(self.seen["message_id"])

    def write(self, desk: ActDesk) -> None:
        if self.repeated is None:
            desk.by_hand.hasten(self.referral, self.seen, self.fact, self.at)
        else:
            desk.by_hand.repeat(self.referral, self.repeated, self.at)


def _worked_out(agreed: Again, order: Order, desk: ActDesk) -> _Act:
    referral = desk.check.intake.case(agreed.key.ref)
    seen = _still(referral, agreed.seen)
    now = again_as_read(referral, seen, desk, by_email=agreed.channel is not agreed.key.channel)
    if now.level != agreed.level:
        raise _changed(referral)
    if agreed.how is How.ANEW:
        return _as_a_new_one(referral, now, order, desk)
    at = desk.check.now()
    return _Act(referral, seen, _fact(seen, order, _hastened(seen, at)), None, at)


def _still(referral: Referral, seen: Item) -> Item:
    """The message, if it stands as it did: a person agreed to that, and not to what it has become."""
    (now,) = (item for item in referral.messages if item["sk"] == seen["sk"])
    if now["st"] != seen["st"]:
        raise _changed(referral)
    return now


def _changed(referral: Referral) -> NotPossibleError:
    return NotPossibleError(
        f"It changed at this moment: look at it again (`mash trail {referral.ref}`), then decide anew.",
        on_a_page="It changed at this moment: look at it again, then decide anew.",
    )


def _hastened(seen: Item, at: datetime) -> dict[str, Any]:
    parked = seen["st"] == DeliveryState.PARKED
    state = DeliveryState.RETRY if parked else DeliveryState(seen["st"])
    return {"state": state.value, "next_due_at": at_text(at)}


def _as_a_new_one(referral: Referral, again: Again, order: Order, desk: ActDesk) -> _Act:
    """A new delivery with an id, a notice and attempts of its own; it tells what the first one told."""
    stood = again.key
    nonce = keys.repeat_nonce(stood.nonce, f"{order.request}|{stood.sk}")
    entry = require_reachable(again.seen, again.channel, desk)
    key = replace(stood, channel=again.channel, nonce=nonce)
    new = _in_todays_words(once_more(key, again.seen, entry, desk.check.managed_domains))
    notice = _notice_now(referral, again.seen, desk)
    data_key, _ = desk.check.key_for(referral.pk)
    identity = _identity(again.seen, order)
    kept = sealed(notice, identity, referral.pk, data_key, desk.check.vault)
    made = {
        "state": DeliveryState.PENDING.value,
        "outcome": next((outcome.value for outcome in outcomes_in(notice)), None),
        "recipients": listed([new]),
        "cipher": kept.cipher,
        "ra": notice.police_form.status.value,
        "takes_over": _has_ended(again.seen),
    }
    fact = _fact(again.seen, order, made)
    repeated = Repeated(fact, again.seen, _has_ended(again.seen), new, NewNotice(key.notice_sk, kept))
    return _Act(referral, again.seen, fact, repeated, desk.check.now())


def _in_todays_words(new: NewDelivery) -> NewDelivery:
    version = template_version(new.key.series)
    return replace(new, pins=new.pins.model_copy(update={"template_version": version}))


def _has_ended(seen: Item) -> bool:
    return seen["st"] in (DeliveryState.SENT, DeliveryState.FAILED)


def _notice_now(referral: Referral, seen: Item, desk: ActDesk) -> Frozen:
    """What the first message told, with today's police check: a message made now says how it is now."""
    key, _ = desk.check.key_for(referral.pk)
    notice = opened_for(referral, DeliveryKey.of(seen), key)
    if notice is None:
        raise NotPossibleError(f"What was told to {seen['agency']} cannot be read any more: call the agency.")
    return notice.model_copy(update={"police_form": _form_now(referral, seen, desk)})


def _form_now(referral: Referral, seen: Item, desk: ActDesk) -> PoliceCheck:
    """The form is usually linked to the referral that was decided; one of the reader's own is nearer."""
    check = desk.check
    if own := seen.get("duplicate"):
        theirs = check.intake.referral(own["referral_ref"])
        if theirs.forms:
            return check_of(theirs, own["child_index"], check.key_for(theirs.pk)[0], check, check.now())
    return check_of(referral, seen["child"], check.key_for(referral.pk)[0], check, check.now())


def _identity(seen: Item, order: Order) -> str:
    """One recovery sends messages of many referrals again, whose sort keys are alike."""
    return uid(AuditKind.RESENT, order.request, DeliveryKey.of(seen).text)


def _fact(seen: Item, order: Order, details: dict[str, Any]) -> Fact:
    """The RESENT row: which message, how it stood, why it goes again, and what becomes of it."""
    key = DeliveryKey.of(seen)
    said = {
        **keys.which(key),
        "message_id": seen["message_id"],
        "was": seen["st"],
        "reason": order.reason.value,
        **details,
    }
    identity = _identity(seen, order)
    return Fact(AuditKind.RESENT, identity, order.actor, order.request, said, agency_id=key.agency_id)
