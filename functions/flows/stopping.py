"""Messages that nobody sends any more: which can be stopped, the row of each, and the holds that end with
them."""

from collections.abc import Sequence

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Fact
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import Item
from functions.domain.record import uid
from functions.flows.releasing.held_now import held_deliveries
from schemas.codes import ActReason, AuditKind, DeliveryState, Disclosure, TaskKind

STOPPABLE = (
    DeliveryState.PENDING,
    DeliveryState.RETRY,
    DeliveryState.QUARANTINE,
    DeliveryState.PARKED,
    DeliveryState.FAILED,
)
"""What may still be sent, if only because a person has it sent again."""


def cancelled_fact(
    item: Item, *, actor: str, reason: ActReason | Disclosure, request: str, ended: Sequence[str] = ()
) -> Fact:
    """The CANCELLED row: which message, how it stood, who stopped it and why, which tasks end with it."""
    key = DeliveryKey.of(item)
    details = {
        **keys.which(key),
        "message_id": item["message_id"],
        "was": item["st"],
        "held": item.get("held"),
        "reason": reason.value,
        "ended": list(ended) or None,
    }
    identity = uid(AuditKind.CANCELLED, request, item["sk"])
    return Fact(AuditKind.CANCELLED, identity, actor, request, details, agency_id=key.agency_id)


def ended_holds(referral: Referral, stopped: Sequence[Item]) -> list[Item]:
    """The task of a hold on the agency alone, once nothing of the agency is held any more."""
    gone = {item["sk"] for item in stopped}
    tasks = []
    for agency_id, child in dict.fromkeys(
        (item["agency"], item["child"]) for item in stopped if "held" in item
    ):
        left = [
            item
            for item in held_deliveries(referral, child)
            if item["agency"] == agency_id and item["sk"] not in gone
        ]
        task = referral.open_tasks(child).get(keys.task(TaskKind.RELEASE_AGENCY, child, agency_id))
        if task is not None and not left:
            tasks.append(task)
    return tasks
