"""A person ends a hold: of the child, of one recipient, or of an allegation held beside what was sent."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from functions.adapters.directory import Entry
from functions.adapters.errors import ContendedError
from functions.adapters.ledger import keys
from functions.adapters.ledger.acts import Acts, Freed, Release
from functions.adapters.ledger.chain import Fact
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import NewDelivery, NewNotice, Referral
from functions.adapters.ledger.store import ConditionsFailedError, Item
from functions.domain.clock import uk_day
from functions.domain.entitlement import Entitlement, Standing
from functions.domain.record import uid
from functions.domain.release import Verdict
from functions.flows.deliveries import Terms, pins_for, plan
from functions.flows.desk import CheckDesk
from functions.flows.notices import opened, sealed
from functions.flows.police_form import check_of
from functions.flows.recipients import Recipient
from functions.log_lines import HOLD_RELEASED, log
from schemas.codes import (
    Addressee,
    AuditKind,
    Channel,
    DeliveryState,
    HoldTrigger,
    Level,
    NoticeReason,
    Outcome,
    ReleaseReason,
    Role,
    TaskKind,
    TaskState,
)


class NotReleasableError(Exception):
    """Nothing is held there, or it may not be released as things stand; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Order:
    """Who ends which hold, and why. `agency_id` means that recipient alone; neither it nor `allegation` means
    the child. `request` tells two orders apart, and makes a repeated one the same."""

    ref: str
    child: int | None
    reason: ReleaseReason
    actor: str
    request: str
    agency_id: str | None = None
    allegation: bool = False

    @property
    def task(self) -> TaskKind:
        """The task that this order does."""
        if self.allegation:
            return TaskKind.RELEASE_ALLEGATION
        return TaskKind.RELEASE_AGENCY if self.agency_id else TaskKind.RELEASE_CHILD


@dataclass(frozen=True, slots=True)
class Released:
    """What came of it: how many messages are due now, and how many something else still holds."""

    child: int
    due: int
    still_held: int


@dataclass(frozen=True, slots=True)
class ReleaseDesk(CheckDesk):
    """What a release works with."""

    acts: Acts


def release(order: Order, desk: ReleaseDesk) -> Released:
    """Ends the hold, in the trail and in the tables, in one transaction.

    The message is the one that would have gone without the hold: its reader cannot tell. Raises
    NotReleasableError with what to do, ContendedError if others were first until patience ended.
    """
    return desk.patience.persist(lambda: _once(order, desk))


def _once(order: Order, desk: ReleaseDesk) -> Released:
    referral = desk.intake.referral(order.ref)
    child = order.child or _only_held_child(referral, order)
    open_task = _task(referral, child, order)
    how: Callable[[Order, Referral, int, ReleaseDesk], Release] = {
        TaskKind.RELEASE_ALLEGATION: _allegation,
        TaskKind.RELEASE_AGENCY: _recipient,
        TaskKind.RELEASE_CHILD: _child,
    }[order.task]
    ended = replace(how(order, referral, child, desk), done_tasks=[open_task] if open_task else [])
    try:
        desk.acts.release(referral, ended, desk.now())
    except ConditionsFailedError as exc:
        raise ContendedError("the referral changed while it was released") from exc
    due = [one for one in ended.freed if not one.still_held]
    due_new = [new for new in ended.deliveries if not new.held]
    held = len(ended.freed) - len(due) + len(ended.deliveries) - len(due_new)
    log(
        HOLD_RELEASED,
        referral=order.ref,
        child=child,
        dver=ended.seq,
        task=order.task.value,
        count=len(due) + len(due_new),
    )
    return Released(child, len(due) + len(due_new), held)


def _only_held_child(referral: Referral, order: Order) -> int:
    """The child that the order means without saying so: the only one that has such a hold."""
    held = sorted({task["child"] for task in referral.tasks.values() if _is_meant(task, order)})
    if not held:
        raise NotReleasableError(_nothing_held(referral, order))
    if len(held) > 1:
        raise NotReleasableError(
            f"Children {', '.join(map(str, held))} of {order.ref} are held: say which with --child."
        )
    return int(held[0])


def _is_meant(task: Item, order: Order) -> bool:
    mine = task["kind"] == order.task and task["st"] != TaskState.DONE
    return bool(mine and order.agency_id in (None, task.get("agency")))


def _task(referral: Referral, child: int, order: Order) -> Item | None:
    found = (task for task in referral.open_tasks(child).values() if _is_meant(task, order))
    return next(found, None)


def _nothing_held(referral: Referral, order: Order) -> str:
    if not referral.children:
        return f"No referral {order.ref} is known here. Check the reference."
    others = sorted(
        {
            "--allegation"
            if task["kind"] == TaskKind.RELEASE_ALLEGATION
            else f"--agency {task['agency']}"
            if task["kind"] == TaskKind.RELEASE_AGENCY
            else f"--child {task['child']}"
            for task in referral.tasks.values()
            if task["kind"] in _RELEASES and task["st"] != TaskState.DONE
        }
    )
    hint = f" Held: {', '.join(others)}." if others else ""
    if elsewhere := sorted(
        {child["duplicate_of"] for child in referral.children.values() if "duplicate_of" in child}
    ):
        hint += f" It is a duplicate: what is decided for it stands under {', '.join(elsewhere)}."
    return f"Nothing of {order.ref} is held that way.{hint}"


_RELEASES = (TaskKind.RELEASE_CHILD, TaskKind.RELEASE_AGENCY, TaskKind.RELEASE_ALLEGATION)


def _held_now(referral: Referral, child: int) -> list[Item]:
    """The deliveries of the child's newest version that wait."""
    newest = referral.newest(child)
    return [
        item
        for item in referral.of_child(child)
        if item["dver"] == newest and item["st"] == DeliveryState.PENDING and "held" in item
    ]


def _child(order: Order, referral: Referral, child: int, desk: ReleaseDesk) -> Release:
    del desk
    triggers = tuple(map(HoldTrigger, referral.children.get(child, {}).get("held", ())))
    if not triggers:
        raise NotReleasableError(_nothing_held(referral, order))
    freed = [_without(item, triggers) for item in _held_now(referral, child)]
    return Release(
        child=child,
        seq=referral.newest(child),
        facts=[_fact(order, child, referral.newest(child), triggers)],
        freed=[one for one in freed if one.still_held != tuple(map(HoldTrigger, one.item["held"]))],
        child_held=(),
    )


def _without(item: Item, triggers: Sequence[HoldTrigger]) -> Freed:
    held = map(HoldTrigger, item["held"])
    return Freed(item, tuple(trigger for trigger in held if trigger not in triggers))


def _recipient(order: Order, referral: Referral, child: int, desk: ReleaseDesk) -> Release:
    """One recipient: to its mailbox, once that is verified; where staff are linked, to one lead alone."""
    agency_id = order.agency_id or ""
    items = [item for item in _held_now(referral, child) if item["agency"] == agency_id]
    triggers = _alone(referral, items)
    if not triggers:
        raise NotReleasableError(_nothing_held(referral, order))
    entry = desk.directory.look_up([agency_id]).entries.get(agency_id)
    if entry is None:
        raise NotReleasableError(f"{agency_id} is not in the registry any more: call the agency.")
    seq = referral.newest(child)
    fact = _fact(order, child, seq, triggers)
    if HoldTrigger.STAFF_LINK in triggers:
        return _to_the_lead(order, referral, items, entry, desk)
    _require_verified(items, entry, desk)
    return Release(child=child, seq=seq, facts=[fact], freed=[_without(item, triggers) for item in items])


def _alone(referral: Referral, items: Sequence[Item]) -> tuple[HoldTrigger, ...]:
    """What holds these deliveries and not their child."""
    on_child = {code for item in items for code in referral.children[item["child"]].get("held", ())}
    return tuple(sorted({HoldTrigger(code) for item in items for code in item["held"]} - on_child))


def _require_verified(items: Sequence[Item], entry: Entry, desk: ReleaseDesk) -> None:
    """An address is released by verifying it: no reason of a person's makes an unknown one right."""
    today = uk_day(desk.now())
    for item in items:
        if not entry.is_verified(Channel(item["chan"]), Addressee.ROLE_MAILBOX, today):
            what = "mailbox" if item["chan"] == Channel.EMAIL else "endpoint"
            raise NotReleasableError(
                f"The {what} of {entry.agency_id} is not verified. Verify it, apply the registry with `mash "
                "agencies apply`, check it with `mash agencies check`, and release again."
            )


def _to_the_lead(
    order: Order, referral: Referral, items: Sequence[Item], entry: Entry, desk: ReleaseDesk
) -> Release:
    """A notice to the one safeguarding lead takes the place of what the shared mailbox would have had."""
    today = uk_day(desk.now())
    if entry.lead_address is None or not entry.is_verified(Channel.EMAIL, Addressee.SAFEGUARDING_LEAD, today):
        raise NotReleasableError(
            f"The registry lists no verified safeguarding lead for {entry.agency_id}, and its shared mailbox "
            "must not have this. Call the lead, or add [agency.safeguarding_lead] and release again."
        )
    first = DeliveryKey.parse(items[0]["pk"], items[0]["sk"])
    nonce = f"L{uid(order.request, first.text)[:8]}"
    key = replace(first, channel=Channel.EMAIL, nonce=nonce)
    kept, fact = _made_now(order, referral, key, _alone(referral, items), desk)
    recipient = Recipient(entry, Standing(Role(items[0]["role"])), own_ref=items[0].get("own_ref"))
    told = Entitlement(Level.NOTICE, NoticeReason.PHONE_ONLY)
    held = tuple(map(HoldTrigger, referral.children.get(first.child, {}).get("held", ())))
    new = NewDelivery(key, pins_for(key, recipient, told, Addressee.SAFEGUARDING_LEAD), entry.version, held)
    return Release(
        child=first.child,
        seq=first.seq,
        facts=[fact, *(_cancelled(order, item) for item in items)],
        cancelled=items,
        notices=[kept],
        deliveries=[new],
    )


def _allegation(order: Order, referral: Referral, child: int, desk: ReleaseDesk) -> Release:
    """The fixed sentence about the allegation, to whoever may have it of those the decision is for.

    Never to an agency whose staff are linked: it may be the accused's employer.
    """
    task = _task(referral, child, order)
    if task is None or task["dver"] != referral.newest(child):
        raise NotReleasableError(_nothing_held(referral, order))
    nonce = f"A{uid(order.request, referral.pk, str(child))[:8]}"
    at = DeliveryKey(referral.ref, child, referral.newest(child), "", Channel.EMAIL, nonce)
    kept, fact = _made_now(order, referral, at, (HoldTrigger.LADO,), desk, outcome=Outcome.LAD)
    recipients = list(_of_the_decision(referral, child, desk))
    held = tuple(map(HoldTrigger, referral.children[child].get("held", ())))
    verdict = Verdict(sent=(Outcome.LAD,), on_child=held, on_agency={}, allegation_beside=False)
    terms = _terms(desk)
    planned = plan([replace(one, nonce=nonce) for one in recipients], at, (Outcome.LAD,), verdict, terms)
    return Release(child=child, seq=at.seq, facts=[fact], notices=[kept], deliveries=planned.deliveries)


def _terms(desk: ReleaseDesk) -> Terms:
    return Terms(desk.managed_domains, desk.directory.look_up([]).hub.lowered, uk_day(desk.now()))


def _of_the_decision(referral: Referral, child: int, desk: ReleaseDesk) -> Iterator[Recipient]:
    newest = referral.newest(child)
    items = {
        item["agency"]: item
        for item in referral.of_child(child)
        if item["dver"] == newest and "duplicate" not in item
    }
    linked = {
        item["agency"]
        for item in referral.of_child(child)
        if item["dver"] == newest
        and (
            HoldTrigger.STAFF_LINK in item.get("held", ())
            or item.get("addressee") == Addressee.SAFEGUARDING_LEAD
        )
    }
    entries = desk.directory.look_up(items.keys() - linked).entries
    for agency_id, entry in sorted(entries.items()):
        item = items[agency_id]
        yield Recipient(entry, Standing(Role(item["role"])), own_ref=item.get("own_ref"))


def _made_now(
    order: Order,
    referral: Referral,
    at: DeliveryKey,
    triggers: Sequence[HoldTrigger],
    desk: ReleaseDesk,
    *,
    outcome: Outcome | None = None,
) -> tuple[NewNotice, Fact]:
    """A message made by the release has today's police check; its notice stands beside the RELEASED row."""
    key, _ = desk.key_for(referral.pk)
    notice = opened(referral, keys.notice(at.child, at.seq), key)
    if notice is None:
        raise NotReleasableError(f"The decision of {order.ref} cannot be read any more.")
    form = check_of(referral, at.child, key, desk, desk.now())
    changes: dict[str, Any] = {"police_form": form}
    if outcome is not None:
        changes |= {"outcome": outcome, "additional": (), "reason_codes": (), "support_codes": ()}
    made = notice.model_copy(update=changes)
    fact = _fact(order, at.child, at.seq, triggers)
    kept = sealed(made, fact.uid, referral.pk, key, desk.vault)
    with_cipher = replace(fact, details={**fact.details, "cipher": kept.cipher, "ra": form.status.value})
    return NewNotice(at.notice_sk, kept), with_cipher


def _fact(order: Order, child: int, seq: int, triggers: Sequence[HoldTrigger]) -> Fact:
    details = {
        "child": child,
        "dver": seq,
        "triggers": [trigger.value for trigger in triggers],
        "held_agency": order.agency_id,
        "outcome": Outcome.LAD.value if order.allegation else None,
        "reason": order.reason.value,
        "task": order.task.value,
    }
    return Fact(
        AuditKind.RELEASED, uid(AuditKind.RELEASED, order.request), order.actor, order.request, details
    )


def _cancelled(order: Order, item: Item) -> Fact:
    """The message that would have gone to the shared mailbox never will."""
    details = {
        "child": item["child"],
        "dver": item["dver"],
        "chan": item["chan"],
        "reason": HoldTrigger.STAFF_LINK.value,
    }
    identity = uid(AuditKind.CANCELLED, order.request, item["sk"])
    return Fact(AuditKind.CANCELLED, identity, order.actor, order.request, details, agency_id=item["agency"])
