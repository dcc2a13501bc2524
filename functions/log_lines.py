"""The log catalogue: every line a function may write, its level and its fields; alarms match the names.

Ids, codes and counts only. The trail is the record; a log line proves nothing and is never the only place.
"""

import re
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256

from aws_lambda_powertools.logging import Logger

_LOGGER = Logger(service="mash-outcomes")

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:#|-]{0,79}")
_OWNED_BY_LOGGER = 3
"""Frames between a call of `log` and the logger, so that `location` names the caller."""

NOT_LOGGED = "withheld"
"""What a line says in the place of whatever might be more than a code."""


class Level(IntEnum):
    """As the logging module counts."""

    INFO = 20
    WARNING = 30
    ERROR = 40


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry: what happened, how loud it is, what may be said about it."""

    name: str
    level: Level
    fields: frozenset[str]


def _line(name: str, level: Level, *fields: str) -> LogLine:
    return LogLine(name, level, frozenset(fields))


_DECISION = ("event", "referral", "child", "dver")
_DELIVERY = ("delivery", "referral", "agency", "channel", "attempt")

DECISION_ACCEPTED = _line("DECISION_ACCEPTED", Level.INFO, *_DECISION, "count", "held")
NOBODY_TO_TELL = _line("NOBODY_TO_TELL", Level.WARNING, *_DECISION)
EVENT_DUPLICATE = _line("EVENT_DUPLICATE", Level.INFO, *_DECISION)
DECISION_STALE = _line("DECISION_STALE", Level.INFO, *_DECISION, "newest")
EVENT_REFUSED = _line(
    "EVENT_REFUSED", Level.ERROR, "event", "referral", "type", "reason", "field", "sha256", "bytes"
)
LIFECYCLE_RECORDED = _line("LIFECYCLE_RECORDED", Level.INFO, *_DECISION, "type", "count")
EVENT_WAITS = _line("EVENT_WAITS", Level.INFO, *_DECISION, "type", "waits_for")
EVENT_STALE = _line("EVENT_STALE", Level.INFO, *_DECISION, "type")
UPDATE_FOR_NOBODY = _line("UPDATE_FOR_NOBODY", Level.INFO, *_DECISION, "type")
EVENT_TAKEN_UP = _line("EVENT_TAKEN_UP", Level.INFO, *_DECISION, "type")
RA_FORM_RECORDED = _line("RA_FORM_RECORDED", Level.INFO, "event", "form_version", "linked")
RA_CHECKED = _line("RA_CHECKED", Level.INFO, *_DECISION, "status", "rule_set")
RA_FEED_HEARD = _line("RA_FEED_HEARD", Level.INFO, "event", "source", "status")
BEAT_HEARD = _line("BEAT_HEARD", Level.INFO, "event")
RA_FEED_SILENT = _line("RA_FEED_SILENT", Level.WARNING, *_DECISION)
DELIVERY_HELD = _line("DELIVERY_HELD", Level.WARNING, *_DECISION, "delivery", "agency", "channel", "trigger")
CALENDAR_ENDS_SOON = _line("CALENDAR_ENDS_SOON", Level.WARNING, *_DECISION)
CLOCK_FIRED = _line("CLOCK_FIRED", Level.INFO, "referral", "child", "clock")
TASK_OPENED = _line("TASK_OPENED", Level.INFO, *_DECISION, "task", "role", "source")
TASK_OVERDUE = _line("TASK_OVERDUE", Level.ERROR, "referral", "child", "task", "role", "agency", "source")
NOT_TOLD_IN_TIME = _line("NOT_TOLD_IN_TIME", Level.ERROR, *_DELIVERY)
FALLBACK_CHOSEN = _line("FALLBACK_CHOSEN", Level.WARNING, *_DELIVERY)
ENDPOINT_FAILING = _line("ENDPOINT_FAILING", Level.WARNING, "agency")
ENDPOINT_PAUSED = _line("ENDPOINT_PAUSED", Level.ERROR, "agency", "reason")
ENDPOINT_RECOVERED = _line("ENDPOINT_RECOVERED", Level.INFO, "agency")
MESSAGE_SENT_AGAIN = _line("MESSAGE_SENT_AGAIN", Level.INFO, *_DELIVERY, "reason")
MESSAGE_STOPPED = _line("MESSAGE_STOPPED", Level.INFO, *_DELIVERY, "reason")
TASK_DONE = _line("TASK_DONE", Level.INFO, *_DECISION, "agency", "task", "reason", "source")
ENDPOINT_PAUSED_BY_HAND = _line("ENDPOINT_PAUSED_BY_HAND", Level.INFO, "agency", "reason")
ENDPOINT_RESUMED = _line("ENDPOINT_RESUMED", Level.INFO, "agency", "reason")
CANARY_CLOSED = _line(
    "CANARY_CLOSED", Level.INFO, "agency", "delivery", "result", "error", "http_status", "took_ms"
)
EGRESS_FAILING = _line("EGRESS_FAILING", Level.ERROR, "agency")
EGRESS_RECOVERED = _line("EGRESS_RECOVERED", Level.INFO, "agency")
HOLD_RELEASED = _line("HOLD_RELEASED", Level.INFO, "referral", "child", "dver", "task", "count")
HOLD_KEPT = _line("HOLD_KEPT", Level.INFO, *_DECISION, "task", "reason")
ACKNOWLEDGED = _line("ACKNOWLEDGED", Level.INFO, *_DELIVERY, "role", "method", "result")
CONFIRMATION_REFUSED = _line("CONFIRMATION_REFUSED", Level.WARNING, "field", "reason", "agency")
FORM_STATED = _line("FORM_STATED", Level.INFO, "event", "child", *_DELIVERY, "statement")
FORM_GIVEN = _line("FORM_GIVEN", Level.INFO, "event", "referral", "child", "form_version")
CONFIRMATION_FAILED = _line("CONFIRMATION_FAILED", Level.ERROR, "error")
REFERRAL_RECORDED = _line("REFERRAL_RECORDED", Level.INFO, "event", "referral", "count")
SEND_STARTED = _line("SEND_STARTED", Level.INFO, *_DELIVERY)
SEND_CLOSED = _line(
    "SEND_CLOSED", Level.INFO, *_DELIVERY, "result", "state", "error", "http_status", "took_ms"
)
SEND_EXHAUSTED = _line("SEND_EXHAUSTED", Level.ERROR, *_DELIVERY, "error")
LATE_OUTCOME = _line("LATE_OUTCOME", Level.WARNING, *_DELIVERY, "result", "took_ms")
SEND_THROTTLED = _line("SEND_THROTTLED", Level.WARNING, *_DELIVERY, "error")
SEND_QUOTA_SPENT = _line("SEND_QUOTA_SPENT", Level.ERROR, *_DELIVERY, "error")
MAIL_PROVIDER_REFUSES = _line("MAIL_PROVIDER_REFUSES", Level.ERROR, *_DELIVERY, "error")
RECEIPT_RECORDED = _line("RECEIPT_RECORDED", Level.INFO, *_DELIVERY, "receipt", "reason", "state")
RECEIPT_REFUSED = _line("RECEIPT_REFUSED", Level.ERROR, "event", "reason", "field")
MAIL_CAME_BACK = _line("MAIL_CAME_BACK", Level.WARNING, *_DELIVERY, "receipt", "reason")
DELIVERY_PARKED = _line("DELIVERY_PARKED", Level.ERROR, "delivery", "referral", "agency", "channel", "reason")
MESSAGE_FAILED = _line("MESSAGE_FAILED", Level.ERROR, "event", "error", "operation", "where")
MESSAGE_RETURNED = _line("MESSAGE_RETURNED", Level.INFO, "event", "error", "operation", "where")
KEY_UNREADABLE = _line("KEY_UNREADABLE", Level.ERROR, "delivery")
SWEEP_RAN = _line("SWEEP_RAN", Level.INFO, "queued", "fired", "took_ms")
RECONCILED = _line(
    "RECONCILED",
    Level.INFO,
    *("day", "decisions", "told", "held", "refused", "duplicate", "stale", "nobody_to_tell", "open"),
    *("fallbacks", "lead_notices", "allegations", "resends", "unconfirmed", "differences"),
)
RECONCILIATION_FAILED = _line(
    "RECONCILIATION_FAILED", Level.ERROR, "day", "code", "referral", "source", "where"
)
RECONCILIATION_PUT_OFF = _line("RECONCILIATION_PUT_OFF", Level.WARNING, "day", "decisions")
NO_DECISIONS = _line("NO_DECISIONS", Level.ERROR, "minutes")
OLDEST_UNDELIVERED = _line("OLDEST_UNDELIVERED", Level.INFO, "minutes", "count")
UNDELIVERED_TOO_LONG = _line("UNDELIVERED_TOO_LONG", Level.ERROR, "minutes", "count")
NOT_COUNTED = _line("NOT_COUNTED", Level.WARNING, "referral", "error")
RECOUNTED = _line("RECOUNTED", Level.INFO, "day", "count", "differences")
COUNTS_DIFFER = _line("COUNTS_DIFFER", Level.ERROR, "day", "figure")
SIGN_IN_REFUSED = _line("SIGN_IN_REFUSED", Level.WARNING, "event", "reason")
PAGE_UNANSWERED = _line("PAGE_UNANSWERED", Level.ERROR, "request", "page", "error", "where")


def log(line: LogLine, **fields: str | int | None) -> None:
    """Write `line`; a field of None is left out. Raises TypeError for a field that its entry does not list.

    `referral` takes the reference and writes its hash. Text that is no id or code is withheld, not raised:
    what a partner sent must not break a send on its way to the log.
    """
    if unknown := fields.keys() - line.fields:
        raise TypeError(f"{line.name} has no field {', '.join(sorted(unknown))}")
    said = {name: _said(name, value) for name, value in fields.items() if value is not None}
    _WRITE[line.level](line.name, extra=said, stacklevel=_OWNED_BY_LOGGER)


def say_nothing() -> None:
    """Write no line of the catalogue in this process: at a terminal the command's own words are read,
    and standard output is theirs."""
    _LOGGER.setLevel("CRITICAL")


_WRITE = {Level.INFO: _LOGGER.info, Level.WARNING: _LOGGER.warning, Level.ERROR: _LOGGER.error}


def _said(name: str, value: str | int) -> str | int:
    if isinstance(value, int):
        return value
    text = str(value)
    if name == "referral":
        return hashed(text)
    return text if _CODE.fullmatch(text) and not _names_a_referral(text) else NOT_LOGGED


def _names_a_referral(text: str) -> bool:
    """Keys of the tables carry the reference, an enquiry's as well; a log says `referral` instead, which
    hashes it."""
    return text.startswith(("R#", "Q#"))


def hashed(referral_ref: str) -> str:
    """A referral as logs name it; whoever knows the reference can compute this and search for it."""
    return sha256(referral_ref.encode()).hexdigest()[:16]
