"""What waits for a person to release it, and who released it why."""

from functions.adapters.ledger.store import Item
from functions.story.named import actor_words, which_child
from functions.story.tasks import who_acts
from functions.story.vocabulary import HOLDS, RELEASE_REASONS
from schemas.codes import HoldTrigger, ReleaseReason


def held(row: Item) -> str:
    whom = f"{_held_for(row)}{which_child(row)}"
    return f"Held until a person releases it{whom}: {_why(row)}. It was not sent.{who_acts(row)}"


def released(row: Item) -> str:
    reason = RELEASE_REASONS[ReleaseReason(row["reason"])]
    who = actor_words(row["actor"])
    return f"Released{_held_for(row)}{which_child(row)}: {_why(row)}. {who} gave the reason: {reason}."


def _held_for(row: Item) -> str:
    """Whom a hold concerns, where it is not everybody."""
    if "held_agency" in row:
        return f" to {row['held_agency']}"
    return ", the allegation alone" if "outcome" in row else ""


def _why(row: Item) -> str:
    return ", ".join(f"{HOLDS[HoldTrigger(code)]} ({code})" for code in row["triggers"])
