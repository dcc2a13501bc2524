"""What was just done, at the head of the page that an act leads back to: a code in the address, in words.

The code is signed for the page and the session, so that no link says that something was done which was not.
"""

from collections.abc import Mapping
from urllib.parse import unquote

from itsdangerous import BadSignature, Signer

from functions.adapters.ledger.sessions import Session
from functions.console.door.request import Elsewhere
from functions.console.door.visit import Visit
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


def leads_back(path: str, code: str, visit: Visit) -> Elsewhere:
    """To a page that says what was done, by its code."""
    signed = _signer(path, visit.session).sign(code).decode()
    return Elsewhere(f"{path}?done={signed}")


def done_words(visit: Visit) -> Done | None:
    """None for what no act of theirs leads to."""
    try:
        code = _signer(visit.request.path, visit.session).unsign(visit.request.asked("done")).decode()
        title, text = _DONE[code]
    except (BadSignature, KeyError):
        return None
    return Done(title=title, text=text)


def _signer(path: str, session: Session) -> Signer:
    return Signer(session.csrf, salt=f"done at {unquote(path)}")
