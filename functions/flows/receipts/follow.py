"""What one receipt changes for its delivery, its agency's address, and the people who must act."""

from dataclasses import replace
from datetime import datetime

from functions.adapters.ledger import keys
from functions.adapters.ledger.calls import answer_details, answered_call, is_about
from functions.adapters.ledger.chain import Fact, at_text
from functions.adapters.ledger.items import sent_to
from functions.adapters.ledger.keys import which
from functions.adapters.ledger.receipts import Followed, Reported
from functions.adapters.registry.directory import Entry
from functions.domain.receipts import MailReceipt, Suppression, clock_after, furthest, state_after
from functions.domain.record import uid
from functions.domain.tasks import Task, address_task
from functions.domain.watch import Clock
from functions.flows.planning.tasks import task_details
from functions.flows.planning.urgency import urgency_of
from schemas.clocks import ClockPolicy
from schemas.codes import Addressee, AuditKind, DeliveryState, Receipt, TaskState

ACTOR = "mail-service"
_NOBODY_IS_CALLED = (DeliveryState.PENDING, DeliveryState.SUPERSEDED, DeliveryState.CANCELLED)
"""What is held, or need not be told any more, calls nobody (delivery section 5)."""


def followed(said: MailReceipt, seen: Reported, *, now: datetime, policy: ClockPolicy) -> Followed:
    """What is to be written: the receipt's row, and only what it moves forward."""
    item = seen.delivery
    before = Receipt(item["rcpt"]) if "rcpt" in item else None
    known = furthest(before, said.receipt)
    state = state_after(DeliveryState(item["st"]), known)
    suppressed = _suppressed(said, seen, now)
    task = _to_mend(said, seen, now, policy) if suppressed else None
    moved = state.value if state != item["st"] else None
    answered = known is Receipt.DELIVERED and _answers_the_call(seen)
    fact = _fact(said, seen, known=known, moved=moved, suppressed=suppressed is not None, task=task)
    return Followed(
        fact=_answering(fact, seen) if answered else fact,
        known=known,
        state=state,
        sent_at=said.at if moved and state is DeliveryState.SENT else None,
        clock=_clock(said, seen, before, known, now=now, policy=policy),
        answered=answered,
        suppressed=suppressed,
        task=task,
    )


def _clock(
    said: MailReceipt,
    seen: Reported,
    before: Receipt | None,
    known: Receipt,
    *,
    now: datetime,
    policy: ClockPolicy,
) -> Clock | None:
    """None leaves the clock as it is: nothing new was learnt, it was read, or somebody is called already.

    One that was sent again has no clock any more: the message in its place has it.
    """
    item = seen.delivery
    if "resent" in item:
        return None
    news = known is not before or (said.gave_up and known is Receipt.DELAYED)
    if not news or "acked_at" in item or item["st"] in _NOBODY_IS_CALLED:
        return None
    if known is not Receipt.DELIVERED and _is_called_about(seen, known):
        return None
    series = seen.key.series
    if known is Receipt.DELIVERED and series is not None:
        return None  # nobody need confirm an update: the clock that runs finds that it has arrived
    return clock_after(said, known, now=now, urgency=urgency_of(seen.child, series), policy=policy)


def _is_called_about(seen: Reported, known: Receipt) -> bool:
    """Whether somebody was called already. A call that the agency should read what it had been told is none
    about a message that came back; nor is one that the agency's being told has ended meanwhile."""
    called_for = seen.delivery.get("called_for")
    if called_for is None or known is Receipt.COMPLAINED:
        return called_for is not None
    return called_for == seen.call.get("sk") and is_about(seen.call, seen.key)


def _answers_the_call(seen: Reported) -> bool:
    """A message that a person had sent again, for not believing that it had arrived, answers nothing."""
    return bool(answered_call(seen.call, seen.key)) and "resent" not in seen.delivery


def _answering(fact: Fact, seen: Reported) -> Fact:
    return replace(fact, details={**fact.details, **answer_details(seen.call, seen.key)})


def _suppressed(said: MailReceipt, seen: Reported, now: datetime) -> Suppression | None:
    """Where the cause lies with the address that the attempt was sent to; which one, its claim remembers."""
    if not said.suppresses or sent_to(said.attempt) not in seen.delivery:
        return None
    entry = _entry_there_still(said, seen)
    return Suppression(now, entry.verified_on(_addressee(seen)) if entry else None)


def _entry_there_still(said: MailReceipt, seen: Reported) -> Entry | None:
    """The agency, if the address that the attempt was sent to is the one that the registry has today."""
    entry = Entry.of(seen.agency)
    address = entry.address_for(_addressee(seen))
    same = address is not None and keys.suppressed(address) == seen.delivery[sent_to(said.attempt)]
    return entry if same else None


def _addressee(seen: Reported) -> Addressee:
    return Addressee(seen.delivery["addressee"])


def _to_mend(said: MailReceipt, seen: Reported, now: datetime, policy: ClockPolicy) -> Task | None:
    """A task for whoever keeps the directory; none while one is open, or if the address has been mended."""
    is_open = seen.mend.get("st", TaskState.DONE) != TaskState.DONE
    if is_open or _entry_there_still(said, seen) is None:
        return None
    return address_task(seen.key.agency_id, now, policy)


def _fact(
    said: MailReceipt,
    seen: Reported,
    *,
    known: Receipt,
    moved: str | None,
    suppressed: bool,
    task: Task | None,
) -> Fact:
    key = seen.key
    details = {
        **which(key),
        "attempt": said.attempt,
        "message_id": said.message_id,
        "receipt": said.receipt.value,
        "reason": said.cause.value if said.cause else None,
        "gave_up": True if said.gave_up else None,
        "said_at": at_text(said.at),
        "provider_id": said.provider_id,
        "rcpt": known.value,
        "state": moved,
        "suppressed": True if suppressed else None,
        **(task_details(task) if task else {}),
    }
    said_at = at_text(said.at)
    identity = uid(AuditKind.RECEIPT, said.message_id, str(said.attempt), said.receipt, said_at)
    return Fact(AuditKind.RECEIPT, identity, ACTOR, key.sk, details, agency_id=key.agency_id)
