"""A canary: a signed event without any news, every 15 minutes, to each endpoint whose agency agrees."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from functions.adapters.door import ReadyMessage
from functions.adapters.errors import ContendedError, FinalError
from functions.adapters.ledger.canaries import Canaries, WaitingCanary
from functions.adapters.ledger.chain import Fact, Tip
from functions.adapters.ledger.keys import CanaryKey
from functions.adapters.ledger.store import ConditionsFailedError
from functions.adapters.registry.endpoint_health import EndpointHealth
from functions.adapters.registry.entry import Entry, wants_canaries
from functions.domain.canary import CANARY_EVERY, egress_fails
from functions.domain.delivery import LEASE, Answer
from functions.domain.endpoint import Answered, Turn
from functions.domain.record import uid
from functions.flows.sending.desk import SendDesk
from functions.flows.sending.health import note_canary, note_egress_works
from functions.flows.sending.send import CLAIM_SECONDS
from functions.log_lines import CANARY_CLOSED, EGRESS_FAILING, log
from schemas.codes import AttemptResult, AuditKind, CanaryResult, ErrorWord

if TYPE_CHECKING:
    from functions.adapters.canary import CanaryDoor

ACTOR = "mash-outcomes"


@dataclass(frozen=True, slots=True)
class CanaryDesk:
    """What a canary is sent with; its clock, ids and patience are those of the deliveries beside it."""

    canaries: Canaries
    door: "CanaryDoor"
    health: EndpointHealth
    deliveries: SendDesk


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A canary that is ours: what was read, and the event that its row already names."""

    waiting: WaitingCanary
    message_id: str
    message: ReadyMessage


def send_canary(key: CanaryKey, desk: CanaryDesk) -> None:
    """Sends the canary if it is due and its agency still agrees to it; one that is not sent is due again.

    It is nobody's delivery: no attempt, no slot, no retry. Raises RetryError when it should come back soon.
    """
    claimed = _claim(key, desk)
    if claimed is None:
        return
    began = time.monotonic()
    answer = claimed.message.send_once()
    _close(claimed, replace(answer, took_ms=round((time.monotonic() - began) * 1000)), desk)


def _claim(key: CanaryKey, desk: CanaryDesk) -> _Claimed | None:
    """Ours, with its row in the trail; None where there is nothing to send, or somebody else sends it."""
    message_id = f"msg_{desk.deliveries.new_owner()}"
    seen: _Claimed | None = None

    def once() -> _Claimed | None:
        # After a reply that was lost the same row is written after the same tip: if it stands there, it is
        # ours.
        nonlocal seen
        seen = seen or _ready(key, message_id, desk)
        if seen is None:
            return None
        try:
            _take(seen, desk)
        except ContendedError:
            seen = None
            raise
        return seen

    try:
        return desk.deliveries.patience.persist(once, limit_seconds=CLAIM_SECONDS)
    except ConditionsFailedError:
        return None  # another worker took it, or the endpoint's turn is over; the due index knows when


def _ready(key: CanaryKey, message_id: str, desk: CanaryDesk) -> _Claimed | None:
    """What may be sent now, made ready; what may not is put where the next sweep that matters finds it."""
    waiting, now = desk.canaries.load(key), desk.deliveries.now()
    if not waiting.is_due(now):
        return None
    if not wants_canaries(waiting.agency):
        desk.canaries.retire(waiting, _left_open(waiting), now)
        return None
    match waiting.endpoint.turn(now):
        case Turn.REST:
            return None  # still due: the first one after the cooldown may be the endpoint's probe
        case Turn.PAUSED:
            desk.canaries.put_off(waiting, due_at=now + CANARY_EVERY)
            return None
        case Turn.GO | Turn.PROBE | Turn.WAIT:
            return _made_ready(waiting, message_id, desk, now)


def _made_ready(waiting: WaitingCanary, message_id: str, desk: CanaryDesk, now: datetime) -> _Claimed | None:
    try:
        return _Claimed(waiting, message_id, desk.door.ready(Entry.of(waiting.agency), message_id, now))
    except FinalError:  # no secret to sign with: `mash agencies check` says so
        desk.canaries.put_off(waiting, due_at=now + CANARY_EVERY)
        return None


def _take(claimed: _Claimed, desk: CanaryDesk) -> None:
    waiting, message, now = claimed.waiting, claimed.message, desk.deliveries.now()
    said = {"body_sha256": message.body_sha256, "key_ids": list(message.key_ids)}
    sent = _fact(waiting, claimed.message_id, CanaryResult.CANARY_SENT, said)
    desk.canaries.claim(
        waiting,
        [*_left_open(waiting), sent],
        message_id=claimed.message_id,
        next_due_at=now + CANARY_EVERY,
        answer_by=now + LEASE,
        now=now,
    )


def _close(claimed: _Claimed, answer: Answer, desk: CanaryDesk) -> None:
    waiting, ended_at = claimed.waiting, desk.deliveries.now()
    took_it, reached = answer.result is AttemptResult.SUCCESS, answer.http_status is not None
    result = CanaryResult.CANARY_OK if took_it else CanaryResult.CANARY_FAILED
    error = answer.error.value if answer.error else None
    said = {"error": error, "http_status": answer.http_status, "took_ms": answer.took_ms}
    fact = _fact(waiting, claimed.message_id, result, said)

    def commit(tip: Tip) -> None:
        desk.canaries.close(
            waiting.key, tip, fact, message_id=claimed.message_id, reached=reached, now=ended_at
        )

    if not _committed(waiting.key, commit, desk):
        return
    agency_id = waiting.key.agency_id
    log(CANARY_CLOSED, agency=agency_id, delivery=claimed.message_id, result=result.value, **said)
    note_canary(desk.health, agency_id, waiting.endpoint, Answered(ended_at, took_it=took_it))
    _note_egress(waiting, desk, reached=reached)


def _committed(key: CanaryKey, commit: Callable[[Tip], None], desk: CanaryDesk) -> bool:
    """False if the canary was closed as unknown before its answer came."""
    after_row: Tip | None = None

    def once() -> None:
        nonlocal after_row
        after_row = after_row or desk.canaries.tip(key)
        try:
            commit(after_row)
        except ContendedError:
            after_row = None
            raise

    try:
        desk.deliveries.patience.persist(once)
    except ConditionsFailedError:
        return False
    return True


def _note_egress(waiting: WaitingCanary, desk: CanaryDesk, *, reached: bool) -> None:
    """An answer of whatever status says that our way out works; none, from several, that it does not."""
    if reached:
        note_egress_works(desk.health, waiting.key.agency_id, waiting.endpoint)
    elif egress_fails(desk.canaries.heard()) and desk.health.egress_fails(now=desk.deliveries.now()):
        log(EGRESS_FAILING, agency=waiting.key.agency_id)


def _left_open(waiting: WaitingCanary) -> list[Fact]:
    """Closes an earlier one whose sender never came back: it may or may not have left."""
    if waiting.left_open is None:
        return []
    said = {"error": ErrorWord.E_LEASE_EXPIRED.value}
    return [_fact(waiting, waiting.left_open, CanaryResult.CANARY_UNKNOWN, said)]


def _fact(waiting: WaitingCanary, message_id: str, result: CanaryResult, details: Mapping[str, Any]) -> Fact:
    """A row of the agency's own chain, and not of the index by agency: there whoever looks for outcomes would
    have to read past thousands of these each month."""
    key = waiting.key
    said = {"agency": key.agency_id, "message_id": message_id, "version": waiting.agency["version"]}
    return Fact(
        kind=AuditKind.ENDPOINT,
        uid=uid(AuditKind.ENDPOINT, key.text, message_id, result),
        actor=ACTOR,
        cause=key.sk,
        details={"result": result.value, **said, **details},
    )
