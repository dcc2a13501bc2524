"""What happened beside the decisions: whether it came before its time, who is told of it, and who is not."""

from collections.abc import Iterator

from functions.adapters.ledger.store import Item
from functions.domain.wording.updates.names import SUBJECTS
from functions.story.came_in import beginning, recipients_words, refusal_words
from functions.story.happened import HAPPENED, listed
from functions.story.named import moment
from functions.story.tasks import wanted
from functions.story.vocabulary import form_words
from schemas.codes import Series, WaitsFor

BEFORE = {
    WaitsFor.REFERRAL: "its referral",
    WaitsFor.DECISION: "the child's decision",
    WaitsFor.CHALLENGE: "its challenge",
}
"""What an event that is kept for its time came before."""


def lifecycle(row: Item) -> str:
    """The event itself, then whether it came before its time, and who must act."""
    happened = HAPPENED.get(row.get("event_type", ""))
    if happened is None:
        return beginning(row)
    if "refused_copy" in row:
        return _refused_after_all(row)
    why = (*_waiting(row), *_told_to_nobody(row), *_not_done(row))
    return " ".join((happened(row), *why, *_for_a_person(row)))


def _waiting(row: Item) -> Iterator[str]:
    if "waits_for" in row:
        yield f"That came before {BEFORE[WaitsFor(row['waits_for'])]}, and is kept until that comes."
    if "waited_since" in row:
        yield f"It had come before its time, on {moment(row['waited_since'])}, and was kept until now."


def _told_to_nobody(row: Item) -> Iterator[str]:
    if "stale" in row:
        yield "What is known already is newer, so nobody is told of it."
    if "nobody" in row:
        yield "There is nobody to tell of it by a message."


def _not_done(row: Item) -> Iterator[str]:
    """What the case system said was done, and could not be done here."""
    if "not_releasable" in row:
        yield f"It could not be ended here ({row['not_releasable']})."
    if "before_decision" in row:
        yield "It came, or says it was done, before that was decided, so nothing was stopped for it."
    if "agreed_before" in row:
        yield "It says it was done before that was decided: whether it was meant is to be looked at."
    if "rung_first" in row:
        yield "What is held for that call still waits for its release."
    if "still_held" in row:
        yield "It is held here all the same, so that nothing of it counts as told."
    if "may_have_left" in row:
        yield "Some of it may have left before."


def _for_a_person(row: Item) -> Iterator[str]:
    if "task" in row:
        yield wanted(row)


def _refused_after_all(row: Item) -> str:
    """What it had waited for came, and showed that it was wrong."""
    return (
        f"An event ({row['event_type']}) that had come before its time, on {moment(row['waited_since'])}, "
        f"was refused: {refusal_words(row)} Its copy is kept as {row['refused_copy']}."
    )


def update(row: Item) -> str:
    """Who is told of something beside the decisions, and who is not, and why."""
    child = f"child {row['child']}, " if row["child"] else ""
    about = f"{SUBJECTS[Series(row['series'])]} ({child}number {row['dver']})"
    whom = f"{recipients_words(row['recipients'])}; police form {form_words(row['ra'])}"
    return " ".join((f"To be told about {about}: {whom}.", *_not_by_message(row)))


def _not_by_message(row: Item) -> Iterator[str]:
    if in_system := row.get("in_system"):
        reads = "reads" if len(in_system) == 1 else "read"
        yield f"{listed(in_system)} {reads} it in the hub's own case system."
    if kept_from := row.get("kept_from"):
        yield f"No message may go to {listed(kept_from)} now: a person finds a way to tell them."
    if "ended" in row:
        yield "What was held gives way to it, and is nobody's task any more."
