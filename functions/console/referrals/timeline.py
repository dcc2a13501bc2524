"""Everything that happened to a referral, newest first: of each entry of the trail a heading, who did it, and
its sentence."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from urllib.parse import quote

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Item
from functions.console.referrals.chased import is_of_the_chase, is_past_due, step_title
from functions.console.referrals.tries import Entry, folded, runs
from functions.console.shown.parts import Link
from functions.console.shown.referral import Happened
from functions.console.words.on_a_page import on_a_page
from functions.domain.wording.outcomes import LABELS
from functions.domain.wording.uk_time import uk_date_and_time
from functions.story.named import actor_words
from functions.story.telling import sentence
from functions.story.vocabulary import TASK_NAMES
from schemas.codes import AttemptResult, AuditKind, Channel, EventType, Outcome, Receipt, TaskKind

BY_US = "this service"
_FOLDED = frozenset({AuditKind.ATTEMPT_STARTED})
"""What says no more than the row that closes it, once there is one."""
_EVENTS: Mapping[EventType, str] = {
    EventType.REFERRAL_RECEIVED: "Referral received",
    EventType.ACKNOWLEDGED: "Referral acknowledged by the MASH",
    EventType.MILESTONE_ASSESSMENT_COMPLETE: "Assessment completed",
    EventType.MILESTONE_S47_OUTCOME: "Section 47 enquiry ended",
    EventType.MILESTONE_ICPC_OUTCOME: "Child protection conference held",
    EventType.PLAN_STATUS_CHANGED: "Plan changed",
    EventType.CASE_CLOSED: "Case closed",
    EventType.POLICE_INVESTIGATION_STATUS_CHANGED: "Police investigation: news",
    EventType.RA_STATUS_CHANGED: "Police said how their form stands",
    EventType.TRANSFER_ACCEPTED: "Transfer accepted",
    EventType.CHALLENGE_RAISED: "Decision challenged",
    EventType.CHALLENGE_STAGE_2: "Challenge taken to stage 2",
    EventType.CHALLENGE_STAGE_3: "Challenge taken to stage 3",
    EventType.CHALLENGE_STAGE_4: "Challenge taken to stage 4",
    EventType.CHALLENGE_RESOLVED: "Challenge settled",
    EventType.RELEASED: "Hold ended in the case system",
    EventType.WITHHELD: "Information withheld",
    EventType.PHONE_CONFIRMED: "Outcome told by telephone",
    EventType.WITHDRAWN_IN_ERROR: "Decision withdrawn",
    EventType.PROBATION_ENQUIRY: "Probation asked what is known",
}
_KINDS: Mapping[AuditKind, str] = {
    AuditKind.EVENT_DUPLICATE: "The same event came again",
    AuditKind.DECISION_STALE: "An older decision came late",
    AuditKind.REJECTED: "An event was refused",
    AuditKind.RA_FORM: "Police form received",
    AuditKind.HELD: "Held for a safety check",
    AuditKind.RELEASED: "Hold ended",
    AuditKind.SUPPRESSED_IN_SYSTEM: "Read in the case system",
    AuditKind.LATE_OUTCOME: "The result of a try came late",
    AuditKind.SUPERSEDED: "Replaced before it was sent",
    AuditKind.CANCELLED: "Stopped for good",
    AuditKind.PARKED: "Set aside for a person",
    AuditKind.ACK: "Read and confirmed",
    AuditKind.UPDATE: "News to be told",
}
_RECEIPTS: Mapping[Receipt, str] = {
    Receipt.DELIVERED: "Email delivered",
    Receipt.BOUNCED: "Email came back",
    Receipt.COMPLAINED: "Email marked as unwanted",
}
_BAD = frozenset({AuditKind.REJECTED, AuditKind.PARKED})


@dataclass(frozen=True, slots=True)
class Timeline:
    """Some of what happened, and the number of the entry before which it goes on, if it does."""

    entries: tuple[Happened, ...]
    goes_on: int | None


def timeline(
    rows: Sequence[Item], names: Mapping[str, str], *, before: int | None = None, most: int | None = None
) -> Timeline:
    """The rows newest first, before the one of that number: as many as a page takes, and a run of tries never
    on two; without both all of them.

    `names` are what agencies are called, by their ids.
    """
    closed = {_try(row) for row in rows if row["type"] == AuditKind.ATTEMPT_CLOSED}
    shown = (row for row in rows if row["type"] not in _FOLDED or _try(row) not in closed)
    newest_first = (row for row in reversed(list(shown)) if before is None or _number(row) < before)
    grouped = groupby(newest_first, key=lambda row: (row["at"], title(row, names), by_whom(row, names)))
    page, goes_on = _as_many(runs(list(alike) for _, alike in grouped), most)
    return Timeline(tuple(_entry(entry, names) for entry in page), goes_on)


def _as_many(runs_of: Iterable[list[Entry]], most: int | None) -> tuple[list[Entry], int | None]:
    """As many whole runs as a page takes, one at least; and the number before which it goes on, if any."""
    page = list[Entry]()
    for run in runs_of:
        if most is not None and page and len(page) + len(run) > most:
            return page, min(_number(row) for entry in page for alike in entry for row in alike)
        page += run
    return page, None


def _entry(entry: Entry, names: Mapping[str, str]) -> Happened:
    each = [_as_one([_happened(row, names) for row in alike]) for alike in entry]
    if len(each) == 1:
        return each[0]
    agency = entry[0][0]["agency"]
    return folded(each, entry, names.get(agency, agency))


def _number(row: Item) -> int:
    return keys.seq_of(row["sk"])


def _as_one(alike: Sequence[Happened]) -> Happened:
    """What one moment did to several children is one thing to read; nothing of it is said twice."""
    in_order = alike[::-1]
    lines = dict.fromkeys(line for entry in in_order for line in entry.lines)
    links = dict.fromkeys(link for entry in in_order for link in entry.links)
    is_bad = any(entry.is_bad for entry in alike)
    return replace(in_order[0], lines=tuple(lines), links=tuple(links), is_bad=is_bad)


def _happened(row: Item, names: Mapping[str, str]) -> Happened:
    return Happened(
        title=title(row, names),
        by=by_whom(row, names),
        at=uk_date_and_time(datetime.fromisoformat(row["at"])),
        lines=(on_a_page(sentence(row), names),),
        links=tuple(_links(row)),
        is_bad=is_bad(row),
    )


def title(row: Item, names: Mapping[str, str]) -> str:
    """A few words for an entry; of a kind that another release wrote, that there is one."""
    agency = names.get(row.get("agency", ""), row.get("agency", ""))
    kind = str(row["type"])
    if kind in _TITLES:
        return _TITLES[AuditKind(kind)](row, agency)
    if kind not in _KINDS:
        return "An entry of another release"
    return _KINDS[AuditKind(kind)] + (f": {agency}" if agency else "")


def _wanted(row: Item, _: str) -> str:
    if is_of_the_chase(row):
        return step_title(row)
    if "task" not in row:
        return "A deadline passed"
    if row.get("kept"):
        return "Hold kept"
    is_done = row.get("done") or "ended_as" in row
    return f"{'Done' if is_done else 'For a person to do'}: {TASK_NAMES[TaskKind(row['task'])]}"


def _tried(row: Item, agency: str) -> str:
    if row["result"] != AttemptResult.SUCCESS:
        return f"Try {row['attempt']} to {agency} failed"
    if Channel(row["chan"]).is_email:
        return f"Accepted by the mail service for {agency}"
    return f"Delivered to {agency}"


_TITLES: Mapping[AuditKind, Callable[[Item, str], str]] = {
    AuditKind.DECISION: lambda row, _: f"Decision recorded: {LABELS[Outcome(row['outcome'])]}",
    AuditKind.RA_CHECK: lambda *_: "Police risk assessment checked",
    AuditKind.LIFECYCLE: lambda row, _: _EVENTS.get(row.get("event_type", ""), "News came in"),
    AuditKind.ATTEMPT_STARTED: lambda _, agency: f"Being sent to {agency}",
    AuditKind.ATTEMPT_CLOSED: _tried,
    AuditKind.RECEIPT: lambda row, agency: f"{_RECEIPTS.get(row['receipt'], 'News of an email')}: {agency}",
    AuditKind.RESENT: lambda _, agency: f"Sent again to {agency}",
    AuditKind.TASK: _wanted,
    AuditKind.CLOCK_FIRED: _wanted,
}


def is_bad(row: Item) -> bool:
    """Whether something went wrong, or has not come about in time."""
    if row["type"] == AuditKind.ATTEMPT_CLOSED:
        return bool(row["result"] != AttemptResult.SUCCESS)
    if row["type"] == AuditKind.RECEIPT:
        return bool(row["receipt"] == Receipt.BOUNCED)
    if is_of_the_chase(row):
        return is_past_due(row)
    if row["type"] == AuditKind.CLOCK_FIRED:
        return "task" in row or "watch" in row
    return row["type"] in _BAD


def by_whom(row: Item, names: Mapping[str, str]) -> str:
    """An agency that confirmed, a source, a person by their id: whoever the entry says did it."""
    actor = str(row.get("actor", ""))
    if row["type"] == AuditKind.ACK:
        return names.get(row.get("agency", ""), row.get("agency", "its reader"))
    if actor in ("mash-outcomes", "") or row["type"] == AuditKind.RA_CHECK:
        return BY_US
    return source_words(actor)


def source_words(actor: str) -> str:
    """`the case system`: a source is named after whose it is and what; a person by their id."""
    return _SOURCES.get(actor.rpartition(".")[2]) or actor_words(actor)


_SOURCES = {"case-system": "the case system", "ra-feed": "the police feed"}


def _links(row: Item) -> Iterator[Link]:
    """To the message that an entry is about."""
    if row["type"] in _OF_A_MESSAGE and "message_id" in row:
        yield Link(text="See exactly what was sent", path=f"/messages/{quote(row['message_id'], safe='')}")


_OF_A_MESSAGE = frozenset(
    {AuditKind.ATTEMPT_STARTED, AuditKind.ATTEMPT_CLOSED, AuditKind.RECEIPT, AuditKind.ACK, AuditKind.PARKED}
)


def _try(row: Item) -> tuple[object, ...]:
    return tuple(row.get(name) for name in ("child", "dver", "agency", "chan", "nonce", "attempt"))
