"""What was sent, and what kept it from being sent."""

from functions.adapters.ledger.store import Item
from functions.domain.wording.outcomes import FIXED
from functions.story.named import (
    its_message,
    next_moment,
    series_in,
    the_message,
    upper,
    which_child,
)
from functions.story.troubles import PARKED, failure_words, what_now
from functions.story.vocabulary import FIXED_SENTENCE, form_words, told_words
from schemas.codes import AttemptResult, Channel, Level, MessageType, ParkReason

_LATE = {
    AttemptResult.SUCCESS: "it was taken",
    AttemptResult.FAILED: "it was not taken",
    AttemptResult.UNKNOWN: "nobody knows whether it was taken",
}


def started(row: Item) -> str:
    return (
        f"Sending {the_message(row)}, try {row['attempt']}: "
        f"{level_words(row)}{_as_a_change(row)}; police form {form_words(row['ra'])}."
    )


def level_words(row: Item) -> str:
    """How much a STARTED row says was sent; emergency protection and allegations have their own sentence."""
    fixed = row["level"] == Level.NOTICE and "notice_reason" not in row and row.get("outcome") in FIXED
    return FIXED_SENTENCE if fixed else told_words(Level(row["level"]), series_in(row))


def _as_a_change(row: Item) -> str:
    """Whoever had an earlier version reads that it changed; a duplicate's reader, their own reference; one
    whose number would not rise otherwise, a higher one."""
    changed = ", as a changed decision" if row.get("message_type") == MessageType.OUTCOME_REVISED else ""
    under = f", under {row['shown_as']}" if "shown_as" in row else ""
    number = f", shown as {row['shown_seq']}" if "shown_seq" in row else ""
    return f"{changed}{under}{number}"


def closed(row: Item) -> str:
    if row["result"] == AttemptResult.SUCCESS:
        return _accepted(row)
    message = the_message(row)
    sure = row["result"] != AttemptResult.UNKNOWN
    words = f"{upper(message)} did not arrive" if sure else f"Nobody knows whether {message} arrived"
    return f"{words}: {failure_words(row)}.{_then(row)}"


def _then(row: Item) -> str:
    """When it is tried again; else what a person can do."""
    if "next_due_at" in row:
        return f" Next try {next_moment(row['next_due_at'], after=row['at'])}."
    return what_now(row)


def _accepted(row: Item) -> str:
    """A mail service's acceptance is not yet a delivery; an answer of the agency's own system is."""
    if Channel(row["chan"]).is_email:
        return f"The mail service accepted {the_message(row)}."
    return f"Delivered: {row['agency']}'s system confirmed that it has {its_message(row)}.{no_call(row)}"


def no_call(row: Item) -> str:
    return " Nobody need call about it any more." if "ended" in row else ""


def late(row: Item) -> str:
    became = _LATE[AttemptResult(row["result"])]
    return f"A try of {the_message(row)} ended after another had taken over: {became}."


def superseded(row: Item) -> str:
    """By a newer one of its series where the row says so; else by a version of the decision."""
    by = f"{'number' if 'by_series' in row else 'version'} {row['by']}"
    return f"{upper(the_message(row))} was not sent: {by} replaced it."


def suppressed(row: Item) -> str:
    return f"Not sent to {row['agency']}{which_child(row)}: it reads outcomes in the hub's own case system."


def parked(row: Item) -> str:
    trouble = PARKED[ParkReason(row["reason"])]
    why = f"{trouble.what} ({row['reason']}). {trouble.now}"
    return f"{upper(the_message(row))} is set aside for a person: {why}"
