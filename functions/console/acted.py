"""What was just done, at the head of the page that an act leads back to: a code in the address, in words."""

from collections.abc import Mapping

from functions.console.shown.parts import Done

_DONE: Mapping[str, tuple[str, str]] = {
    "task": ("Recorded", "It is nobody's task any more. Who ended it and why is in the record."),
    "paused": ("Paused", "Nothing is sent to this agency's system until somebody resumes it."),
    "resumed": (
        "Resumed",
        "One message goes first, to see whether their system answers. Once it has, the others follow.",
    ),
    "test": (
        "A test message is on its way",
        "It leaves within a minute and tells nothing. Refresh this page then to see what came of it.",
    ),
    "recovered": (
        "Due now",
        "What had not arrived leaves within a minute; where their system does not answer, once it does.",
    ),
    "some-recovered": (
        "Some of it is due now",
        "That is as much as one request can do. Open the page again for what is left.",
    ),
    "form": ("Form recorded", "Nothing is missing from it. The check itself follows within a minute."),
    "form-as-it-is": (
        "Form recorded as it is",
        "Something is missing from it. The check itself follows within a minute.",
    ),
    "released": ("Released", "What was held is on its way. Who released it and why is in the record."),
    "kept": (
        "Still held",
        "Nothing of it is sent. Who decided so and why is in the record, and somebody must decide again.",
    ),
    "again": ("It goes again", "The same message is due now: it leaves within a minute."),
    "anew": ("A new message was made", "This is it: it leaves within a minute."),
    "called": (
        "The call is recorded",
        "When it was, to whom, and who made it is in the record.",
    ),
    "stopped": ("Stopped for good", "This message is never sent. Who stopped it and why is in the record."),
}


def done_words(code: str) -> Done | None:
    """None for what no act of ours leads to."""
    if code not in _DONE:
        return None
    title, text = _DONE[code]
    return Done(title=title, text=text)
