"""What became of each event that was sent, by the trail's own rows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from functions.adapters.ledger.everything import Row
from functions.adapters.ledger.store import Item
from functions.cli.accounts import TAKEN_IN, identity
from functions.cli.bus import Sent
from functions.cli.story import NOBODY, outcome_words, refusal_words
from schemas.codes import AuditKind


@dataclass(frozen=True, slots=True)
class Verdict:
    """One sent event and its row; none yet, if the trail does not show it in time."""

    sent: Sent
    row: Row | None

    @property
    def kind(self) -> AuditKind | None:
        """What sort of row the event caused."""
        return AuditKind(self.row.item["type"]) if self.row else None

    @property
    def words(self) -> str:
        """A line for people."""
        if self.row is None:
            return f"sent ({self.sent.arrival_id}), but not in the trail yet; ask again with `mash trail`"
        return _words(self.row.item)

    def as_json(self) -> dict[str, object]:
        """The same for programs."""
        item = self.row.item if self.row else {}
        return {
            "entry": self.sent.entry.label,
            "arrival_id": self.sent.arrival_id,
            "event_id": self.sent.entry.event_id,
            "referral_ref": self.sent.entry.referral_ref,
            "verdict": item.get("type"),
            "field": item.get("field"),
            "reason": item.get("reason"),
        }


def verdicts(sent: Sequence[Sent], rows: Iterable[Row]) -> list[Verdict]:
    """A verdict for each of `sent`, in their order; `rows` are those written since the first of them left.

    The same event sent twice has a row for each time.
    """
    refused: dict[str, Row] = {}
    taken: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.item["type"] == AuditKind.REJECTED:
            refused[row.item["cause"]] = row
        elif row.item["type"] in TAKEN_IN:
            taken[row.item["cause"]].append(row)

    def row_of(one: Sent) -> Row | None:
        if one.arrival_id in refused:
            return refused[one.arrival_id]
        found = taken[identity(one)]
        return found.pop(0) if found else None

    return [Verdict(one, row_of(one)) for one in sent]


def _words(row: Item) -> str:
    match row["type"]:
        case AuditKind.REJECTED:
            return f"refused: {refusal_words(row)}"
        case AuditKind.DECISION:
            nobody = "" if row["recipients"] else f". To be told: {NOBODY}"
            return f"accepted for child {row['child']}: {outcome_words(row['outcome'])}{nobody}"
        case AuditKind.EVENT_DUPLICATE:
            return "a duplicate: recorded, nothing is sent"
        case AuditKind.DECISION_STALE:
            return f"older than version {row['newest']} of this child: recorded, nothing is sent"
        case AuditKind.RA_FORM:
            return f"police form recorded, for child {', '.join(map(str, row['children']))}"
    return f"police feed: {row['feed_status']}"
