"""An agency is not told, or has not read, and its people's clock has run out: an e-mail in a webhook's place,
a call, an alarm (delivery section 5)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from functions.adapters.errors import ContendedError, UnreadableError
from functions.adapters.ledger.calls import call_sk, is_about, is_alerted, is_open, is_told
from functions.adapters.ledger.chain import Fact, at_text
from functions.adapters.ledger.keys import DeliveryKey, which
from functions.adapters.ledger.records import NewDelivery
from functions.adapters.ledger.store import ConditionsFailedError
from functions.adapters.ledger.watching import Followed, Watched, Watching
from functions.adapters.patience import Patience
from functions.adapters.registry.directory import ACTIVE, Entry
from functions.domain.record import uid
from functions.domain.tasks import untold_task
from functions.domain.watch import Clock, after_stage
from functions.flows.planning.deliveries import instead_by_email
from functions.flows.planning.tasks import task_details
from functions.flows.planning.urgency import urgency_of
from functions.log_lines import FALLBACK_CHOSEN, NOT_TOLD_IN_TIME, TASK_OPENED, log
from schemas.clocks import ClockPolicy
from schemas.codes import AuditKind, Channel, DeliveryState, TaskKind, Watch

ACTOR = "mash-outcomes"
FIRE_SECONDS = 2
_NO_NEED = (DeliveryState.SUPERSEDED, DeliveryState.CANCELLED)


@dataclass(frozen=True, slots=True)
class WatchDesk:
    """What the people's clocks of deliveries work with."""

    watching: Watching
    patience: Patience
    clocks: ClockPolicy
    managed_domains: tuple[str, ...]
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    """Tells this sweep's rows from those of another that fires the same clock at once."""


def fire_watch(key: DeliveryKey, desk: WatchDesk) -> bool:
    """Does what the delivery's clock says, once; false if there was nothing to do any more."""
    seen: tuple[Watched, Followed] | None = None

    def once() -> bool:
        # After a reply that was lost the same rows are written after the same tip: if they stand there, it
        # was done, and what follows must still be said.
        nonlocal seen
        seen = seen or _followed(key, desk)
        if seen is None:
            return False
        watched, then = seen
        try:
            desk.watching.follow(watched, then, desk.now())
        except ContendedError:
            seen = None
            raise
        except ConditionsFailedError as exc:
            seen = None
            raise ContendedError("the delivery changed while its clock fired") from exc
        _say(watched, then)
        return bool(then.facts)

    return desk.patience.persist(once, limit_seconds=FIRE_SECONDS)


def _followed(key: DeliveryKey, desk: WatchDesk) -> tuple[Watched, Followed] | None:
    """What was read, and what follows from it; None where the clock was moved meanwhile."""
    watched = desk.watching.load(key)
    if watched is None or watched.delivery.get("watch_at", "~") > at_text(desk.now()):
        return None
    if _needs_nobody(watched):
        return watched, Followed()
    try:
        return watched, _what_follows(watched, desk)
    except (KeyError, ValueError) as exc:
        raise UnreadableError("not a delivery of this release") from exc


def _what_follows(watched: Watched, desk: WatchDesk) -> Followed:
    match Watch(watched.delivery["watch"]):
        case Watch.FALLBACK:
            return _instead(watched, desk)
        case Watch.CALL:
            return _call(watched, TaskKind.CALL_UNTOLD, desk)
        case Watch.RED_ALERT:
            return _alarm(watched, desk)
        case Watch.UNREAD:
            return _call(watched, TaskKind.CALL_UNREAD, desk)


def _needs_nobody(watched: Watched) -> bool:
    """Whether the agency has read it, or was told by any channel, or something newer took its place, or its
    referral is no duplicate any more."""
    if watched.delivery["st"] in _NO_NEED or watched.is_replaced:
        return True
    if watched.join.get("left"):
        return True
    if watched.delivery["watch"] == Watch.UNREAD:
        return any("acked_at" in item or "phoned_at" in item for item in watched.same_agency)
    return any(map(is_told, watched.same_agency))


def _instead(watched: Watched, desk: WatchDesk) -> Followed:
    """An e-mail to the agency's agreed mailbox, where its webhook is all it has and there is an address."""
    clock = _next(watched, desk)
    if not _can_be_mailed(watched):
        return Followed(clock=clock)
    entry, now = Entry.of(watched.agency), desk.now()
    new = instead_by_email(watched.key, watched.delivery, entry, desk.managed_domains)
    fact = _fired(watched, desk, fallback=new)
    return Followed([fact], clock=clock, fallback=replace(new, watched_after_seconds=_left(clock, now)))


def _can_be_mailed(watched: Watched) -> bool:
    agency, key = watched.agency, watched.key
    chosen = any(item["chan"] == Channel.FALLBACK for item in watched.same_agency)
    return (
        key.channel is Channel.WEBHOOK
        and agency.get("status") == ACTIVE
        and agency.get("address") is not None
        and Channel.EMAIL not in agency["channels"]
        and not chosen
    )


def _left(clock: Clock | None, now: datetime) -> int:
    """The fallback's own clock joins the webhook's, so that nobody is called later because of it."""
    return max(int((clock.due_at - now).total_seconds()), 1) if clock else 1


def _call(watched: Watched, kind: TaskKind, desk: WatchDesk) -> Followed:
    """A call to the agency, one for all its channels: whoever rings asks about the message, not about each
    way it took.

    One that is still to be made keeps its hour, whatever becomes of the message meanwhile; one that a person
    ended before its message failed for good is asked for again.
    """
    key, clock = watched.key, _next(watched, desk)
    urgency = urgency_of(watched.child, key.series)
    task = untold_task(
        kind, key.agency_id, desk.now(), desk.clocks, cannot_wait=urgency.cannot_wait, about=key.line
    )
    called_for = call_sk(kind, key)
    others = (item for item in watched.same_agency if item["sk"] != key.sk)
    asked_for = is_open(watched.calls[kind]) or any(item.get("called_for") == called_for for item in others)
    if asked_for and is_about(watched.calls[kind], key):
        return Followed(clock=clock, called_for=called_for)
    return Followed([_fired(watched, desk, **task_details(task))], clock=clock, task=task)


def _alarm(watched: Watched, desk: WatchDesk) -> Followed:
    """One alarm for all the agency's channels; another only if it was told since, and is not any more."""
    if is_alerted(watched.calls[TaskKind.CALL_UNTOLD], watched.key):
        return Followed()
    return Followed([_fired(watched, desk)], alarm=True)


def _next(watched: Watched, desk: WatchDesk) -> Clock | None:
    item = watched.delivery
    since = datetime.fromisoformat(item["wait_from"])
    urgency = urgency_of(watched.child, watched.key.series)
    return after_stage(Watch(item["watch"]), since, urgency, desk.clocks)


def _fired(
    watched: Watched, desk: WatchDesk, *, fallback: NewDelivery | None = None, **details: object
) -> Fact:
    key, item = watched.key, watched.delivery
    said = {
        **which(key),
        "watch": item["watch"],
        "watch_at": item["watch_at"],
        "message_id": item["message_id"],
        "state": item["st"],
        "instead": fallback.pins.message_id if fallback else None,
        "level": int(fallback.pins.level) if fallback else None,
        **details,
    }
    identity = uid(AuditKind.CLOCK_FIRED, key.text, item["watch"], item["watch_at"], desk.new_id())
    return Fact(AuditKind.CLOCK_FIRED, identity, ACTOR, key.sk, said, agency_id=key.agency_id)


def _say(watched: Watched, then: Followed) -> None:
    key, ids = watched.key, _ids(watched)
    if then.fallback is not None:
        log(FALLBACK_CHOSEN, **ids)
    elif then.task is not None:
        task = then.task
        log(
            TASK_OPENED,
            referral=key.ref,
            child=key.child,
            dver=key.seq,
            task=task.kind.value,
            role=task.role.value,
        )
    elif then.facts:
        log(NOT_TOLD_IN_TIME, **ids)


def _ids(watched: Watched) -> dict[str, str]:
    key = watched.key
    return {
        "delivery": watched.delivery["message_id"],
        "referral": key.ref,
        "agency": key.agency_id,
        "channel": key.channel.value,
    }
