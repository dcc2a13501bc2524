"""How far one decision has come, by the trail alone: whom it is for, who waits for a person, who was told."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from functions.adapters.ledger.everything import Row
from functions.adapters.ledger.store import Item
from functions.cli.due_messages import recipients, told_in, which
from schemas.codes import AttemptResult, AuditKind, Bucket, HoldTrigger


@dataclass(frozen=True, slots=True)
class Recipient:
    """One due message; `told` says that the agency's side took it, or that a newer version replaced it."""

    agency: str
    channel: str
    level: int
    held: bool
    told: bool


@dataclass(frozen=True, slots=True)
class Course:
    """A decision's recipients and the reasons for which a person must release any part of it.

    Whose message a person stopped is none of them.
    """

    recipients: tuple[Recipient, ...]
    triggers: tuple[str, ...]
    waits_for_original: bool = False
    """A duplicate: its recipients are told once the other referral is decided."""
    read_in_system: bool = False
    """Somebody reads it in the hub's own case system."""

    @classmethod
    def of(cls, decision: Row, rows: Iterable[Row]) -> "Course":
        """By the decision's own row and those that followed it; `rows` may be all that there are."""
        planned = recipients(decision)
        told = {which(decision)} | {told_in(key) for key in planned}
        followed = [row.item for row in rows if which(row) in told]
        holds = _open_holds(followed)
        done = {_message(item) for item in followed if _is_done(item)}
        stopped = {_message(item) for item in followed if _is_stopped(item)} - done
        return cls(
            recipients=tuple(
                Recipient(
                    key.agency_id,
                    key.channel,
                    level,
                    _is_held(key.agency_id, holds),
                    (key.agency_id, key.channel, key.nonce) in done,
                )
                for key, level in planned.items()
                if (key.agency_id, key.channel, key.nonce) not in stopped
            ),
            triggers=tuple(dict.fromkeys(code for hold in holds for code in hold["triggers"])),
            waits_for_original="joined" in decision.item and not planned,
            read_in_system=any(item["type"] == AuditKind.SUPPRESSED_IN_SYSTEM for item in followed),
        )

    @property
    def bucket(self) -> Bucket:
        """As the account reckons it, but told by the trail's word that a message was taken."""
        if self.waits_for_original:
            return Bucket.OPEN
        if not self.recipients:
            return Bucket.TOLD if self.read_in_system else Bucket.NOBODY_TO_TELL
        due = [one for one in self.recipients if not one.held]
        if not due:
            return Bucket.HELD
        return Bucket.TOLD if all(one.told for one in due) else Bucket.OPEN

    def recipients_as_json(self) -> list[dict[str, object]]:
        """For programs."""
        return [asdict(one) for one in self.recipients]


def _open_holds(followed: Iterable[Item]) -> list[Item]:
    """The holds that no later row released, each by the task that it opened."""
    still_open: dict[tuple[str, str], Item] = {}
    for item in followed:
        task = (item.get("task", ""), item.get("held_agency", ""))
        if item["type"] == AuditKind.HELD:
            still_open[task] = item
        elif item["type"] == AuditKind.RELEASED:
            still_open.pop(task, None)
    return list(still_open.values())


def _is_held(agency: str, holds: Iterable[Item]) -> bool:
    """A hold is an agency's or the child's; one of an `outcome` beside others keeps back only that."""
    return any(hold.get("held_agency", agency) == agency and "outcome" not in hold for hold in holds)


def _message(item: Item) -> tuple[str, str, str]:
    return item["agency"], item["chan"], item.get("nonce", "")


def _is_done(item: Item) -> bool:
    if item["type"] == AuditKind.ATTEMPT_CLOSED:
        return bool(item["result"] == AttemptResult.SUCCESS)
    return item["type"] == AuditKind.SUPERSEDED or _is_replaced(item)


def _is_replaced(item: Item) -> bool:
    """Cancelled by a release, which made a notice to the lead instead."""
    return bool(item["type"] == AuditKind.CANCELLED and item["reason"] == HoldTrigger.STAFF_LINK)


def _is_stopped(item: Item) -> bool:
    return item["type"] == AuditKind.CANCELLED and not _is_replaced(item)
