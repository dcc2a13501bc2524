"""What became of each event that was sent, by the trail's own rows."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from functions.adapters.ledger.everything import Row
from functions.adapters.ledger.store import Item
from functions.cli.accounts import TAKEN_IN, identity
from functions.cli.bus import Sent
from functions.cli.story import outcome_words
from functions.domain.refusals import WHAT_TO_DO
from schemas.codes import AuditKind, RefusalReason


@dataclass(frozen=True, slots=True)
class Verdict:
    """One sent event and its row; none yet, if the trail does not show it in time."""

    sent: Sent
    row: Item | None

    @property
    def words(self) -> str:
        """A line for people."""
        if self.row is None:
            return f"sent ({self.sent.arrival_id}), but not in the trail yet; ask again with `mash trail`"
        return _words(self.row)

    def as_json(self) -> dict[str, object]:
        """The same for programs."""
        row = self.row or {}
        return {
            "entry": self.sent.entry.label,
            "arrival_id": self.sent.arrival_id,
            "event_id": self.sent.entry.event_id,
            "referral_ref": self.sent.entry.referral_ref,
            "verdict": row.get("type"),
            "field": row.get("field"),
            "reason": row.get("reason"),
        }


def verdicts(sent: Sequence[Sent], rows: Sequence[Row]) -> list[Verdict]:
    """A verdict for each of `sent`, in their order; the same event sent twice has a row for each time."""
    refused = {row.item["cause"]: row.item for row in rows if row.item["type"] == AuditKind.REJECTED}
    taken: defaultdict[str, list[Item]] = defaultdict(list)
    for row in reversed(rows):
        if row.item["type"] in TAKEN_IN:
            taken[row.item["cause"]].append(row.item)

    def row_of(one: Sent) -> Item | None:
        if one.arrival_id in refused:
            return refused[one.arrival_id]
        found = taken[identity(one)]
        return found.pop() if found else None

    return [Verdict(one, row_of(one)) for one in sent]


def _words(row: Item) -> str:
    match row["type"]:
        case AuditKind.REJECTED:
            return f"refused: {row['field']}, {row['reason']}. {WHAT_TO_DO[RefusalReason(row['reason'])]}"
        case AuditKind.DECISION:
            return f"accepted: {outcome_words(row['outcome'])}, {len(row['recipients'])} to be told"
        case AuditKind.EVENT_DUPLICATE:
            return "a duplicate: recorded, nothing is sent"
        case AuditKind.DECISION_STALE:
            return f"older than version {row['newest']}: recorded, nothing is sent"
    return "recorded"
