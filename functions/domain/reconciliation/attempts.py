"""Whether each attempt began in the trail, ended once, and left the delivery as the trail says."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from functions.domain.reconciliation.evidence import Delivery, Evidence, Finding, Row, Which
from schemas.codes import AuditKind, DeliveryState, FindingCode, RaStatus

TAKEN_OVER_WITHIN = timedelta(hours=1)
"""From the end of a lease: the sweep takes an abandoned attempt over within a minute, unless its endpoint
rests."""

_WAITS = frozenset({DeliveryState.PENDING, DeliveryState.RETRY, DeliveryState.QUARANTINE})
_WAITING = "WAITING"
_PROOFS = frozenset({"provider_id", "response_sha256"})
_ENDS: Mapping[str, DeliveryState] = {
    AuditKind.ATTEMPT_STARTED: DeliveryState.SENDING,
    AuditKind.SUPERSEDED: DeliveryState.SUPERSEDED,
    AuditKind.CANCELLED: DeliveryState.CANCELLED,
    AuditKind.PARKED: DeliveryState.PARKED,
    AuditKind.HELD: DeliveryState.PENDING,
    AuditKind.RELEASED: DeliveryState.PENDING,
}


def by_delivery(evidence: Evidence) -> Mapping[Which, Sequence[Row]]:
    """Each delivery's own rows, in order."""
    found: defaultdict[Which, list[Row]] = defaultdict(list)
    for row in evidence.rows:
        if which := row.delivery(evidence.ref):
            found[which].append(row)
    return found


def unlike_the_attempts(evidence: Evidence, now: datetime) -> Iterator[Finding]:
    """What is not right with any delivery's attempts, and with the state that they left."""
    rows = by_delivery(evidence)
    for which in sorted(rows.keys() | evidence.deliveries.keys()):
        own, delivery = rows.get(which, ()), evidence.deliveries.get(which)
        for code, row in _unpaired(own, is_running=_is_running(delivery, now)):
            yield evidence.finding(code, row.name)
        if delivery is not None:
            yield from (evidence.finding(code, delivery.name) for code in _unlike(delivery, own))


def _unpaired(rows: Sequence[Row], *, is_running: bool) -> Iterator[tuple[FindingCode, Row]]:
    """Every STARTED has exactly one CLOSED after it, and before the next; the last one may still run."""
    begun: Row | None = None
    for row in rows:
        if row.kind == AuditKind.ATTEMPT_STARTED:
            if begun:
                yield FindingCode.ATTEMPT_NOT_CLOSED, begun
            begun = row
        elif row.kind == AuditKind.ATTEMPT_CLOSED:
            if begun is None or begun.said.get("attempt") != row.said.get("attempt"):
                yield FindingCode.CLOSED_WITHOUT_START, row
            begun = None
    if begun and not is_running:
        yield FindingCode.ATTEMPT_NOT_CLOSED, begun


def _is_running(delivery: Delivery | None, now: datetime) -> bool:
    """Somebody holds it, or will take it over; a paused endpoint's deliveries are put off."""
    if delivery is None or delivery.state != DeliveryState.SENDING:
        return False
    ends = (moment for moment in (delivery.lease_until, delivery.due_at) if moment is not None)
    return any(now <= moment + TAKEN_OVER_WITHIN for moment in ends)


def _unlike(delivery: Delivery, rows: Sequence[Row]) -> Iterator[FindingCode]:
    if _coarse(delivery.state) != _coarse(_last_word(rows)):
        yield FindingCode.STATE_DIFFERS
    if delivery.state == DeliveryState.SENT:
        yield from _unproved(rows)


def _last_word(rows: Sequence[Row]) -> str:
    """The state in which the trail leaves a delivery; a row that creates another says how that one begins."""
    state: str = DeliveryState.PENDING
    for row in rows:
        if "recipients" not in row.said:
            state = str(row.said.get("state", _ENDS.get(row.kind, state)))
    return state


def _coarse(state: str) -> str:
    """What waits for its time is one to the trail: a hold ends in another state than it found."""
    return _WAITING if state in _WAITS else state


def _unproved(rows: Sequence[Row]) -> Iterator[FindingCode]:
    """Sent means: begun in the trail, with the police check's status on it, and acknowledged by somebody."""
    started = [row for row in rows if row.kind == AuditKind.ATTEMPT_STARTED]
    if not started:
        yield FindingCode.SENT_WITHOUT_START
    elif started[-1].said.get("ra") not in set(RaStatus):
        yield FindingCode.SENT_WITHOUT_CHECK
    if not any(map(_proves_it, rows)):
        yield FindingCode.SENT_WITHOUT_PROOF


def _proves_it(row: Row) -> bool:
    """A mail service's own id for it, the hash of what the endpoint answered, or word that came later: the
    service's, or its reader's."""
    said = row.said
    accepted = row.kind == AuditKind.ATTEMPT_CLOSED and said.get("state") == DeliveryState.SENT
    has_proof = accepted and not said.keys().isdisjoint(_PROOFS)
    return has_proof or row.kind in (AuditKind.RECEIPT, AuditKind.ACK)
