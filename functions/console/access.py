"""Who looked at what, for auditors: one person's day, by their id. Looking here is on record as well.

The trail keeps each reader's day by itself and lists no readers, so that nothing is looked through: an
auditor says whose day it is.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Item
from functions.console.moments import counted, short
from functions.console.narrowing import day_asked, day_field
from functions.console.paint import ROLES
from functions.console.reports import PURPOSES
from functions.console.request import Page
from functions.console.shown.access import Access, Looked
from functions.console.shown.form import Chip, Filters, Line
from functions.console.shown.listing import Around
from functions.console.story.named import actor_words
from functions.console.visit import Visit
from functions.domain.clock import uk_day
from schemas.codes import AuditKind, ConsoleRole, ReadPurpose, SessionEvent

MOST = 500
"""Of one day: more than a person opens, so that whoever has more is worth asking about."""
_ID = re.compile(r"[!-\"$-~]{1,200}")
"""As the trail names whoever reads; a hash would be another partition."""
_OF_THE_COUNCIL, _OF_THE_CLOUD = "staff:", "arn:"
EVENTS = {
    SessionEvent.SIGNED_IN: "Signed in",
    SessionEvent.SIGNED_OUT: "Signed out",
    SessionEvent.NO_ROLE: "Was turned away: no role",
    SessionEvent.SIGN_IN_FAILED: "Failed to sign in",
}
ASKED: Mapping[str, str] = {
    "ACCESS": "This access log",
    "AGENCIES": "The list of agencies",
    "AGENCY": "An agency",
    "AGENCY_PAUSE": "Pausing an agency's system",
    "AGENCY_RESUME": "Resuming an agency's system",
    "AGENCY_RECOVER": "What an agency has not received",
    "AGENCY_TEST": "Sending a test message to an agency",
    "HELP": "Help",
    "MESSAGE": "A message",
    "FORM_GIVEN": "A police form, recorded",
    "FORM_NOT_THERE": "Refused: a police form that is not outstanding, or not theirs to know of",
    "FORM_NOT_OURS": "Refused: a form of another session or site",
    "HOME": "The way to their own pages",
    "MESSAGES": "The list of messages",
    "MESSAGES_TO_TAKE": "Messages to take away",
    "MESSAGE_BY_NUMBER": "A message, by its number",
    "NOT_ALLOWED": "Refused: a page or an act of another role",
    "NOT_HERE": "A page that is not there",
    "OVERVIEW": "The overview",
    "POLICE_DESK": "Police forms that are awaited",
    "PRINT_REFERRAL": "A referral on paper",
    "REFERRALS": "The list of referrals",
    "REFERRAL_BY_REFERENCE": "A referral, by its reference",
    "REPORT": "A report",
    "SAMPLE": "The month's sample of police forms",
    "TASK": "A task",
    "WORKLIST": "The list of tasks",
}
"""What was asked for, by its code; what has no words here stands as the trail has it."""
WHY: Mapping[str, str] = {
    ReadPurpose.COMMAND_LINE: "At the command line",
    ReadPurpose.CASE_WORK: "Work on a case",
    ReadPurpose.OVERSIGHT: "Oversight",
    ReadPurpose.INSPECTION: "Inspection",
    ReadPurpose.FORM_DESK: "Police desk",
    **PURPOSES,
}


def access(visit: Visit) -> Page:
    """One person's day, the newest first; without an id the auditor's own."""
    asked = visit.request.asked("who")
    day = day_asked(visit.request.asked("day")) or uk_day(visit.now)
    reader = _reader(asked) if asked else visit.actor
    found = _of_day(reader, day, visit) if reader else []
    known = {"reader": reader} if found and reader else {}
    visit.note("ACCESS", len(found), {"day": day.isoformat(), **known})
    roles = {row["actor"]: ROLES[ConsoleRole(row["role"])] for row in found if row.get("role")}
    lines = tuple(_line(row, roles, visit.now) for row in found)
    return Page("access", "Access log", Access(around=_around(asked, day, lines), lines=lines))


def _reader(asked: str) -> str | None:
    """The name by which the trail knows whoever was asked for; None of what is no id."""
    if not _ID.fullmatch(asked):
        return None
    is_whole = asked.startswith((_OF_THE_COUNCIL, _OF_THE_CLOUD))
    return asked if is_whole else f"{_OF_THE_COUNCIL}{asked}"


def _of_day(reader: str, day: date, visit: Visit) -> list[Item]:
    """By the UK's day, which the trail's own, by UTC, may begin an hour before."""
    both = [datetime(one.year, one.month, one.day) for one in (day, day - timedelta(days=1))]  # noqa: DTZ001
    finding = visit.desk.acts.finding
    rows = [row for at in both for row in finding.newest(keys.read_by(at, reader), MOST)]
    return [row for row in rows if uk_day(datetime.fromisoformat(row["at"])) == day][:MOST]


def _around(asked: str, day: date, lines: tuple[Looked, ...]) -> Around:
    return Around(
        heading=counted(len(lines), "entry", "entries"),
        filters=Filters(
            path="/access",
            fields=(
                Line(
                    name="who",
                    question="Whose",
                    value=asked,
                    hint="Their id in the council's directory, as a referral's history names them; or the "
                    "whole ARN of an operator. Empty: your own.",
                ),
                day_field("day", "Day", day),
            ),
            chips=(Chip(text=asked, path="/access"),) if asked else (),
        ),
        empty="Nobody of that id looked at anything on that day.",
        clear="/access",
        notice=f"Showing the newest {MOST}." if len(lines) == MOST else None,
    )


def _line(row: Item, roles: Mapping[str, str], now: datetime) -> Looked:
    purpose = str(row.get("purpose", ""))
    return Looked(
        at=short(datetime.fromisoformat(row["at"]), now),
        who=actor_words(row["actor"]),
        role=roles.get(row["actor"], ""),
        what=_what(row),
        purpose=WHY.get(purpose, purpose),
    )


def _what(row: Item) -> str:
    match row["type"]:
        case AuditKind.READ:
            return f"Referral {row['referral']}"
        case AuditKind.EXPORT:
            rows = counted(row["rows"], "row")
            return f"Took away {row['exported']}, {row['since']} to {row['until']}: {rows}"
        case AuditKind.SESSION:
            return EVENTS[SessionEvent(row["event"])]
        case _:
            return _question(row)


def _question(row: Item) -> str:
    narrowed = ", ".join(f"{name} {value}" for name, value in sorted((row.get("filters") or {}).items()))
    words = ASKED.get(row["asked"], row["asked"])
    return f"{words} ({narrowed})" if narrowed else words
