"""The form by which an auditor asks the access log, and one entry of it in words."""

from collections.abc import Mapping
from datetime import date, datetime

from functions.adapters.ledger.store import Item
from functions.console.access.narrowed import SHOWN, days_in_words, in_words
from functions.console.asking.narrowing import day_field, select
from functions.console.asking.taking_away import FIGURES_ARE_FOR
from functions.console.shown.access import Looked
from functions.console.shown.form import Field, Line
from functions.console.shown.parts import Link
from functions.console.words.moments import counted, short
from functions.story.named import actor_words
from schemas.codes import AuditKind, ReadPurpose, SessionEvent

PATH = "/access"
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
    **FIGURES_ARE_FOR,
}


def fields(*, ref: str = "", who: str = "", day: date, only: str = "") -> tuple[Field, ...]:
    """The form by which an auditor asks the log."""
    return (
        Line(
            name="ref",
            question="Referral reference",
            value=ref,
            hint="Everybody who opened that referral, whatever day. What stands below is then left aside.",
        ),
        Line(
            name="who",
            question="Whose",
            value=who,
            hint="Their id, never their name or e-mail address: staff: and what the council's directory "
            "calls them, as a referral's history does; or the whole ARN of an operator. Empty: your own.",
        ),
        day_field("day", "Day", day),
        select("only", "What", SHOWN, only),
    )


def line(row: Item, now: datetime, *, role: str = "", day: Link | None = None) -> Looked:
    """What a page shows of it; `role` is whoever's it was, where that is known, `day` leads to their day."""
    purpose = str(row.get("purpose", ""))
    return Looked(
        at=short(datetime.fromisoformat(row["at"]), now),
        who=actor_words(row["actor"]),
        role=role,
        what=_what(row),
        purpose=WHY.get(purpose, purpose),
        day=day,
    )


def _what(row: Item) -> str:
    match row["type"]:
        case AuditKind.READ:
            return f"Referral {row['referral']}"
        case AuditKind.EXPORT:
            days = f", {days_in_words(row['since'], row['until'])}" if "since" in row else ""
            taken = _narrowed(f"Took away {row['exported']}{days}", row)
            return f"{taken}: {counted(row['rows'], 'row')}"
        case AuditKind.SESSION:
            return EVENTS[SessionEvent(row["event"])]
        case _:
            asked = _narrowed(ASKED.get(row["asked"], row["asked"]), row)
            is_nothing = not row["rows"] and "ref" in (row.get("filters") or {})
            return f"{asked}: shown nothing" if is_nothing else asked


def _narrowed(asked: str, row: Item) -> str:
    """What was asked for, and what it was narrowed to: a reference that it names itself is not said twice."""
    said = row.get("filters") or {}
    filters = {name: value for name, value in said.items() if name != "ref" or value not in asked}
    narrowed = ", ".join(in_words(filters))
    return f"{asked} ({narrowed})" if narrowed else asked
