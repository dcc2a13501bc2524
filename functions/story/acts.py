"""What people did with a message: sent it again, or stopped it."""

from functions.adapters.ledger.store import Item
from functions.story.named import (
    actor_words,
    its_message,
    planned_id,
    series_in,
    short_id,
    the_message,
    upper,
)
from functions.story.vocabulary import ACT_REASONS, DISCLOSURES, HOLDS, told_words
from schemas.codes import ActReason, DeliveryState, Disclosure, HoldTrigger, Level


def gave(row: Item) -> str:
    """Who acted and why, after what became of it."""
    return f"{actor_words(row['actor'])} gave the reason: {ACT_REASONS[ActReason(row['reason'])]}."


def resent(row: Item) -> str:
    """Sent again as a new message, by the same way or by e-mail instead; or only before its time."""
    message = upper(the_message(row))
    if "recipients" not in row:
        return f"{message} is tried again at once. {gave(row)}"
    ((_, channel, level, *nonce),) = (listed.split("#") for listed in row["recipients"])
    new = short_id(planned_id(row, channel, "".join(nonce)))
    told = told_words(Level(int(level)), series_in(row))
    if channel != row["chan"]:
        instead = f"is told by e-mail in place of {its_message(row)}, as the new message {new} ({told})"
        return f"{row['agency']} {instead}. {gave(row)}"
    return f"{message} goes again, as the new message {new} ({told}). {gave(row)}"


def why_stopped(row: Item) -> str:
    """Why a message is never sent: what a person said, or what was said of its decision or of its child."""
    reason = row["reason"]
    if reason in DISCLOSURES:
        return DISCLOSURES[Disclosure(reason)]
    return ACT_REASONS[ActReason(reason)] if reason in ACT_REASONS else HOLDS[HoldTrigger(reason)]


def cancelled(row: Item) -> str:
    message = upper(the_message(row))
    left = " It may have left already." if row.get("was") == DeliveryState.QUARANTINE else ""
    if row["reason"] in DISCLOSURES:
        return f"{message} is not sent: {why_stopped(row)} ({row['reason']}).{left}"
    if row["reason"] not in ACT_REASONS:
        return f"{message} was cancelled: {why_stopped(row)} ({row['reason']})."
    tasks = " It is nobody's task any more." if "ended" in row else ""
    return f"{message} was stopped for good.{left}{tasks} {gave(row)}"
