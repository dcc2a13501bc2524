"""What became of an agency's endpoint: its check, its secret, how it fares, its canaries."""

from functions.adapters.ledger.store import Item
from functions.adapters.registry.endpoint_rows import CHECKED
from functions.story.named import actor_words, moment
from functions.story.vocabulary import ACT_REASONS, in_words
from schemas.codes import ActReason

_FARES = {
    "FAILING": "{agency}'s endpoint does not take messages: it is left alone for a while, then tried once.",
    "RECOVERED": "{agency}'s endpoint takes messages again.",
    "PAUSED": "Nothing more is sent to {agency}'s endpoint until somebody resumes it: {why}.",
    "RESUMED": "{agency}'s endpoint is sent to again: {why}.",
    "TEST_ASKED": "A test message to {agency}'s endpoint was asked for by {who}.",
    "CANARY_SENT": "A canary event, which tells nothing, was sent to {agency}'s endpoint.",
    "CANARY_OK": "{agency}'s endpoint took the canary event.",
    "CANARY_FAILED": "{agency}'s endpoint did not take the canary event.",
    "CANARY_UNKNOWN": "Whether a canary event reached {agency}'s endpoint is not known.",
}


def endpoint(row: Item) -> str:
    """A check of an endpoint, or a change of its signing secret."""
    if "result" in row and row["result"] in _FARES:
        return _FARES[row["result"]].format(
            agency=row["agency"], why=_why_paused(row), who=actor_words(row["actor"])
        )
    if "key_id" in row:
        until = f"; the older one counts until {moment(row['older_end_at'])}" if "older_end_at" in row else ""
        return f"{row['agency']} has a new signing secret ({row['key_id']}){until}."
    how = in_words(row["method"])
    if row["result"] == CHECKED:
        return f"The owner of {row['agency']}'s endpoint agreed to receive, by {how}."
    return f"{row['agency']}'s endpoint was checked by {how}, and did not agree: {in_words(row['result'])}."


def _why_paused(row: Item) -> str:
    """A person's reason, or what was found."""
    if "reason" in row:
        return f"{ACT_REASONS[ActReason(row['reason'])]}, says {actor_words(row['actor'])}"
    return in_words(row.get("cause", ""))
