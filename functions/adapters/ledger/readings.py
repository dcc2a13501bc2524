"""Who opened one referral: its readings, which the trail's index by agency lists under its reference.

Each stands once, in its reader's own day (`reading.py`). The index may be a moment behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from functions.adapters.errors import busy_told
from functions.adapters.ledger import keys
from functions.adapters.ledger.store import MOST_GOT, Item, Store, from_item, to_item


@dataclass(frozen=True, slots=True)
class SomeReadings:
    """The newest first, and before which place in the index they go on, if they do."""

    rows: Sequence[Item]
    goes_on: str | None


class Readings:
    """Queries by a referral's reference: what each reads does not depend on how much else was read."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, ref: str, most: int = MOST_GOT, *, before: str | None = None) -> SomeReadings:
        """At most so many, a hundred at the most: the newest, or those before that place in the index.

        No two share a place: it is a moment and a request, which reads one referral in one way. Raises
        BusyError.
        """
        listed = self._listed(ref, most + 1, before)
        places = [(self._store.audit, one["pk"], one["sk"]) for one in listed[:most]]
        found = self._store.get_many(places) if places else {}
        rows = [found[place] for place in places if place in found]
        return SomeReadings(rows, listed[most - 1]["gsk"] if len(listed) > most else None)

    def _listed(self, ref: str, most: int, before: str | None) -> list[Item]:
        values: dict[str, Any] = {":ref": keys.readings_of(ref)}
        names = {"#gpk": "gpk"}
        if before is not None:
            values[":before"] = before
            names["#gsk"] = "gsk"
        with busy_told():
            answer = self._store.client.query(
                TableName=self._store.audit,
                IndexName="by_agency",
                KeyConditionExpression="#gpk = :ref" + (" AND #gsk < :before" if before is not None else ""),
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=to_item(values),
                ScanIndexForward=False,
                Limit=most,
            )
        return list(map(from_item, answer["Items"]))
