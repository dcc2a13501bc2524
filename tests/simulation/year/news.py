"""What the trail says of challenges, and of decisions taken back, withheld or released, in words."""

from collections.abc import Iterator, Mapping
from typing import Any

WORDS: Mapping[str, str] = {
    "CHALLENGE_RAISED": "challenges raised",
    "CHALLENGE_STAGE_2": "... that went up to stage 2",
    "CHALLENGE_STAGE_3": "... to stage 3",
    "CHALLENGE_STAGE_4": "... to stage 4",
    "UPHELD": "... that ended: upheld",
    "REVISED": "... revised",
    "NOT_UPHELD": "... not upheld",
    "WITHDRAWN": "... withdrawn",
    "WITHDRAWN_IN_ERROR": "decisions taken back",
    "WITHHELD": "told to nobody, or not to one agency",
    "RELEASED": "holds ended in the case system",
    "not_releasable": "... that could not be ended so",
    "PHONE_CONFIRMED": "agencies told by telephone, by the case system",
    "RA_STATUS_CHANGED": "forms that the police call done",
    "stale": "events that came too late to count",
    "waited": "events that came before their time",
}
"""In the order in which they are shown."""


def said_of(row: Mapping[str, Any]) -> Iterator[str]:
    """What a row adds to which of them."""
    if row["type"] != "LIFECYCLE" or "waits_for" in row:
        return
    if "waited_since" in row:
        yield "waited"
    if row.get("stale") is True:
        yield "stale"
        return
    if "not_releasable" in row:
        yield "not_releasable"
    kind = row.get("event_type", "")
    yield row["result"] if kind == "CHALLENGE_RESOLVED" else kind
