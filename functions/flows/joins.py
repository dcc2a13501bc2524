"""Those who joined a referral because theirs turned out to be a duplicate of it."""

from collections.abc import Sequence
from datetime import datetime

from functions.adapters.directory import Entry
from functions.adapters.ledger import keys
from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import Item
from functions.domain.entitlement import Standing
from functions.flows.desk import IntakeDesk
from functions.flows.recipients import Recipient
from schemas.codes import Outcome, Role, TaskKind, TaskState
from schemas.notice import SharedReferral


def joined(referral: Referral, child: int, desk: IntakeDesk) -> list[Item]:
    """The joins that this child's decision must tell: their own referral is still a duplicate of this one."""
    mine = [join for join in referral.joins if _means(join, referral, child)]
    now = desk.intake.current_children(mine)
    return [
        join
        for join in mine
        if now.get(join["sk"], {}).get("outcome") == Outcome.DUP and now[join["sk"]]["dver"] == join["dver"]
    ]


def _means(join: Item, referral: Referral, child: int) -> bool:
    """A join that names no child means the only one, once the referral's arrival has said so."""
    if join["child"]:
        return bool(join["child"] == child)
    return "kind" in referral.head and set(referral.children) == {child}


def as_recipient(join: Item, entry: Entry) -> Recipient:
    """Whoever joined, told under their own reference; they know nothing of the original."""
    return Recipient(
        entry,
        Standing(Role(join["role"]), holds_plan_role=bool(join["holds_plan_role"])),
        own_ref=join.get("own_ref"),
        duplicate=SharedReferral(
            referral_ref=join["ref"],
            child_index=join["of_child"],
            decision_seq=join["dver"],
            received_at=datetime.fromisoformat(join["received_at"]),
            knows_original=False,
        ),
        nonce=keys.duplicate_nonce(join["ref"], join["of_child"]),
    )


def answered(referral: Referral, told: Sequence[Item]) -> list[str]:
    """The open tasks that asked what these joins are duplicates of."""
    about = {f"{join['ref']}#{join['of_child']:02d}" for join in told}
    return [
        sk
        for sk, task in referral.tasks.items()
        if task["kind"] == TaskKind.CHECK_DUPLICATE
        and task.get("about") in about
        and task["st"] != TaskState.DONE
    ]
