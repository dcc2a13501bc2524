"""Why an input is refused and what its sender should do: pydantic's verdicts mapped to our closed reasons."""

import re
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas.base import ContradictionError
from schemas.codes import RefusalReason

WHAT_TO_DO: dict[RefusalReason, str] = {
    RefusalReason.NOT_JSON: "Send the event as one JSON object in UTF-8.",
    RefusalReason.TOO_LARGE: "Send at most 64 KB: codes and references only, no documents.",
    RefusalReason.NOT_AN_EVENT: "Put the event on the bus; nothing else may write to the intake queue.",
    RefusalReason.EVENT_TYPE_NOT_HANDLED: "Send a type that this release takes in; the README lists them.",
    RefusalReason.SOURCE_DIFFERS: (
        "Put it on the bus under the source that it names; the bus's Source is the one that is believed."
    ),
    RefusalReason.UNKNOWN_SOURCE: "Use the source that the stage registers for the system, or have it added.",
    RefusalReason.TYPE_NOT_GRANTED: (
        "Send it from a source that the stage lets say this, or have the type added to those of this one."
    ),
    RefusalReason.WRONG_VERSION: "Send schema_version 1.0, or ask for the new version to be deployed.",
    RefusalReason.MISSING: "Give this field; it is required.",
    RefusalReason.UNKNOWN_FIELD: "Remove this field; the contract does not know it.",
    RefusalReason.UNKNOWN_CODE: "Use a code from the published list.",
    RefusalReason.UNKNOWN_AGENCY: "Use an agency id from the registry, or have the agency added.",
    RefusalReason.NOT_PROBATION: "Name a probation service: nobody else's enquiry is taken in, or answered.",
    RefusalReason.NOT_WHO_ASKED: "Name the agency that asked first; an enquiry is answered to no other.",
    RefusalReason.UNKNOWN_CHILD: "Use a child_index that the referral lists.",
    RefusalReason.UNKNOWN_VERSION: "Use the decision_seq of a decision that was sent for this child.",
    RefusalReason.NO_TIME_ZONE: "State the time zone: end the time with Z.",
    RefusalReason.NOT_VALID: "Correct the value; the published schema states its form.",
    RefusalReason.CONTRADICTION: "Correct this field; it contradicts another one.",
    RefusalReason.TOO_MANY_RECIPIENTS: "Name at most 19 involved agencies; 20 recipients in all.",
    RefusalReason.TOO_MANY: "Look for a fault at the sender: no child or referral has so many of these.",
    RefusalReason.EVENT_ID_REUSED: "Give each event its own event_id; this one was used for another.",
    RefusalReason.DECISION_SEQ_REUSED: "Raise decision_seq; this child's version came with other contents.",
    RefusalReason.IN_THE_FUTURE: "Send it once it has happened; this moment is more than a day ahead.",
    RefusalReason.BEFORE_RECEIPT: "Correct the moment; the referral had not been received by then.",
    RefusalReason.BEFORE_DECISION: (
        "Send it once that version is decided, with the moment at which it was done: it had not been by then."
    ),
    RefusalReason.COULD_NOT_BE_PROCESSED: "Nothing: the operator sends it again from the kept copy.",
    RefusalReason.NOT_A_RECEIPT: "Look at the rule of the mail receipts: only the mail service may feed it.",
    RefusalReason.RECEIPT_OF_NO_MESSAGE: (
        "Look for who else sends through this configuration set: the trail knows no such e-mail."
    ),
    RefusalReason.UNKNOWN_TOKEN: "Nothing, if it was one: whoever mistyped a link is asked to call.",
    RefusalReason.UNKNOWN_MESSAGE: (
        "Give the webhook-id of a message that was sent to you; of a reminder, that of one about this child."
    ),
    RefusalReason.NOT_THE_PAGE: (
        "Leave this field out: only the page behind a reminder's link says by which link it was said."
    ),
    RefusalReason.BAD_SIGNATURE: (
        "Give the id of a message that your agency had; sign the body's own bytes, now, with its live secret."
    ),
    RefusalReason.LINK_ENDED: "Nothing: whoever has an old link is asked to call, or has a later message.",
    RefusalReason.FORM_NOT_WANTED: "Nothing: the form is settled, or nobody waits for it; the page says so.",
    RefusalReason.TOO_MANY_STATEMENTS: (
        "Ask the force, if it has not called: by this link it has said all that one link takes."
    ),
}

UNNAMED = "(unnamed)"
WHOLE_EVENT = "event"
_PLAIN_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_BY_ERROR_TYPE = {
    "missing": RefusalReason.MISSING,
    "extra_forbidden": RefusalReason.UNKNOWN_FIELD,
    "enum": RefusalReason.UNKNOWN_CODE,
    "literal_error": RefusalReason.UNKNOWN_CODE,
    "timezone_aware": RefusalReason.NO_TIME_ZONE,
    "json_invalid": RefusalReason.NOT_JSON,
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """The field at fault, never its value, and why."""

    field: str
    reason: RefusalReason


class RefusedError(Exception):
    """An input that will be refused, now and however often it comes back."""

    def __init__(self, refusal: Refusal, bus_id: str | None = None, source: str | None = None) -> None:
        super().__init__(refusal.reason)
        self.refusal = refusal
        self.bus_id = bus_id
        self.source = source


def refusal_of(error: ValidationError) -> Refusal:
    """The first thing wrong with an event, told without repeating anything that its sender wrote as a
    value."""
    first = error.errors(include_url=False, include_input=False)[0]
    match first.get("ctx", {}).get("error"):
        case ContradictionError(field=field):
            return Refusal(_path((*first["loc"], field)), RefusalReason.CONTRADICTION)
    return Refusal(_path(first["loc"]), reason_of(first))


def reason_of(error: ErrorDetails) -> RefusalReason:
    if error["loc"] == ("schema_version",) and error["type"] == "literal_error":
        return RefusalReason.WRONG_VERSION
    if error["loc"] == ("involved_agencies",) and error["type"] == "too_long":
        return RefusalReason.TOO_MANY_RECIPIENTS
    return _BY_ERROR_TYPE.get(error["type"], RefusalReason.NOT_VALID)


def _path(loc: tuple[int | str, ...]) -> str:
    """`loc` as a dotted path; a name that is not a plain field name may be somebody's data and is not
    repeated."""
    names = [
        str(part) if isinstance(part, int) or _PLAIN_FIELD_NAME.fullmatch(part) else UNNAMED for part in loc
    ]
    return ".".join(names) or WHOLE_EVENT
