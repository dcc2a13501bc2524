"""How far one decision has come, by the trail alone: whom it is for, who waits for a person, who was told."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from functions.adapters.ledger.everything import Row
from functions.adapters.ledger.store import Item
from functions.cli.accounts import Bucket
from schemas.codes import AttemptResult, AuditKind


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
    """A decision's recipients and the reasons for which a person must release any part of it."""

    recipients: tuple[Recipient, ...]
    triggers: tuple[str, ...]

    @classmethod
    def of(cls, decision: Row, rows: Iterable[Row]) -> "Course":
        """By the decision's own row and those that followed it; `rows` may be all that there are."""
        which = (decision.partition, decision.item["child"], decision.item["dver"])
        followed = [row.item for row in rows if _which(row) == which]
        holds = [item for item in followed if item["type"] == AuditKind.HELD]
        done = {(item["agency"], item["chan"]) for item in followed if _is_done(item)}
        return cls(
            recipients=tuple(
                Recipient(agency, channel, int(level), _is_held(agency, holds), (agency, channel) in done)
                for agency, channel, level in (one.split("#") for one in decision.item["recipients"])
            ),
            triggers=tuple(dict.fromkeys(code for hold in holds for code in hold["triggers"])),
        )

    @property
    def bucket(self) -> Bucket:
        """As the account reckons it, but told by the trail's word that a message was taken."""
        if not self.recipients:
            return Bucket.NOBODY_TO_TELL
        due = [one for one in self.recipients if not one.held]
        if not due:
            return Bucket.HELD
        return Bucket.TOLD if all(one.told for one in due) else Bucket.OPEN

    def recipients_as_json(self) -> list[dict[str, object]]:
        """For programs."""
        return [asdict(one) for one in self.recipients]


def _which(row: Row) -> tuple[str, int | None, int | None]:
    return row.partition, row.item.get("child"), row.item.get("dver")


def _is_held(agency: str, holds: Iterable[Item]) -> bool:
    """A hold is an agency's or the child's; one of an `outcome` beside others keeps back only that."""
    return any(hold.get("held_agency", agency) == agency and "outcome" not in hold for hold in holds)


def _is_done(item: Item) -> bool:
    if item["type"] == AuditKind.ATTEMPT_CLOSED:
        return bool(item["result"] == AttemptResult.SUCCESS)
    return bool(item["type"] == AuditKind.SUPERSEDED)
