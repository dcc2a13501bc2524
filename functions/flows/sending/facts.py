"""What the trail says of a send: the row before the first byte, the row after, and why one was set aside."""

from datetime import datetime
from typing import Any

from functions.adapters.door import ReadyMessage
from functions.adapters.ledger.chain import Fact, Tip, at_text
from functions.adapters.ledger.keys import DeliveryKey, which
from functions.adapters.ledger.waiting import Waiting
from functions.domain.delivery import Answer, Next
from functions.domain.record import uid
from functions.domain.tasks import Task
from functions.flows.planning.notices import outcomes_in
from schemas.codes import AttemptResult, AuditKind, DeliveryState, ErrorWord, HoldTrigger, ParkReason
from schemas.notice import Frozen, Pins

ACTOR = "mash-outcomes"


def _fact(key: DeliveryKey, kind: AuditKind, discriminator: str, details: dict[str, Any]) -> Fact:
    return Fact(
        kind=kind,
        uid=uid(kind, key.text, discriminator),
        actor=ACTOR,
        cause=key.sk,
        details={**which(key), **details},
        agency_id=key.agency_id,
    )


def started(waiting: Waiting, owner: str, notice: Frozen, pins: Pins, message: ReadyMessage) -> Fact:
    """The row that stands before the first byte: what will be sent, to whom, with which police check."""
    check = notice.police_form
    details = {
        "attempt": waiting.attempt,
        "message_id": pins.message_id,
        "message_type": pins.message_type.value,
        "level": int(pins.level),
        "notice_reason": pins.notice_reason.value if pins.notice_reason else None,
        "shown_as": pins.duplicate.referral_ref if pins.duplicate else None,
        "shown_seq": pins.shown_seq,
        "outcome": next((outcome.value for outcome in outcomes_in(notice)), None),
        "body_sha256": message.body_sha256,
        "template": message.template,
        "template_sha256": message.template_sha256,
        "endpoint_version": waiting.agency["version"],
        "key_ids": list(message.key_ids),
        "ra": check.status.value,
        "failed": [rule.value for rule in check.failed_rules],
        "advisory": [rule.value for rule in check.advisory_rules],
        "rules": check.rule_set_version,
        "evaluated_at": at_text(check.evaluated_at),
    }
    return _fact(waiting.key, AuditKind.ATTEMPT_STARTED, owner, details)


def closed(waiting: Waiting, owner: str, attempt: int, answer: Answer, then: Next) -> Fact:
    """The row that ends the attempt: what came of it, and what is next."""
    details = {
        "attempt": attempt,
        "message_id": waiting.delivery["message_id"],
        "result": answer.result.value,
        "state": then.state.value,
        "error": answer.error.value if answer.error else None,
        "http_status": answer.http_status,
        "provider_id": answer.provider_id,
        "response_sha256": answer.response_sha256,
        "response_bytes": answer.response_bytes,
        "took_ms": answer.took_ms,
        "next_due_at": at_text(then.due_at) if then.due_at else None,
        "not_counted": None if then.counted else True,
    }
    return _fact(waiting.key, AuditKind.ATTEMPT_CLOSED, owner, details)


def unknown(waiting: Waiting, state: DeliveryState, due_at: datetime | None = None) -> Fact:
    """Closes an attempt whose sender never came back: it may or may not have left."""
    details = {
        "attempt": waiting.delivery["attempt"],
        "message_id": waiting.delivery["message_id"],
        "result": AttemptResult.UNKNOWN.value,
        "state": state.value,
        "error": ErrorWord.E_LEASE_EXPIRED.value,
        "next_due_at": at_text(due_at) if due_at else None,
    }
    return _fact(waiting.key, AuditKind.ATTEMPT_CLOSED, f"{waiting.delivery['owner']}-abandoned", details)


def held(waiting: Waiting, trigger: HoldTrigger, task: Task) -> Fact:
    """The row that says that a free delivery waits for a person after all, and for whom.

    Between two holds of one delivery a person released it, and the tip moved.
    """
    details = {
        "triggers": [trigger.value],
        "held_agency": waiting.key.agency_id,
        "task": task.kind.value,
        "role": task.role.value,
        "due_at": at_text(task.due_at),
    }
    return _fact(waiting.key, AuditKind.HELD, f"{trigger}-{waiting.tip.seq}", details)


def parked(key: DeliveryKey, reason: ParkReason, tip: Tip) -> Fact:
    """The row that says that a person must mend something before this can go.

    Between two of one delivery a person had it tried again, and the tip moved; its attempts may not have.
    """
    return _fact(key, AuditKind.PARKED, f"{reason}-{tip.seq}", {"reason": reason.value})


def not_told(waiting: Waiting, reason: str) -> Fact:
    """The row that says that a message is not sent any more, because of what was said of its decision."""
    details = {
        "message_id": waiting.delivery["message_id"],
        "was": waiting.delivery["st"],
        "reason": reason,
    }
    return _fact(waiting.key, AuditKind.CANCELLED, "not-told", details)


def late(key: DeliveryKey, owner: str, attempt: int, answer: Answer) -> Fact:
    """What an attempt learnt after its lease had run out and been taken over."""
    details = {"attempt": attempt, "result": answer.result.value, "took_ms": answer.took_ms}
    return _fact(key, AuditKind.LATE_OUTCOME, owner, details)
