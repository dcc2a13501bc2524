"""What became of each event that was sent, by the trail's own rows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from functions.adapters.ledger.everything import Row
from functions.adapters.ledger.store import Item
from functions.cli.arrivals import own_rows
from functions.cli.bus import Sent
from functions.cli.course import Course
from functions.domain.refusals import WHAT_TO_DO
from functions.story.came_in import refusal_words
from functions.story.happened import HAPPENED
from functions.story.named import for_children
from functions.story.telling import sentence
from functions.story.vocabulary import HOLDS, outcome_words
from schemas.codes import AuditKind, Bucket, HoldTrigger, RefusalReason

RECORDED = "recorded"
"""What becomes of a form, a heartbeat, or what happens beside the decisions; a decision ends in one of the
account's buckets."""

REFUSED = 3
NO_VERDICT = 4

_BUCKETS = {
    AuditKind.REJECTED: Bucket.REFUSED,
    AuditKind.DECISION_STALE: Bucket.STALE,
    AuditKind.EVENT_DUPLICATE: Bucket.DUPLICATE,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One sent event and its row; none yet, if the trail does not show it in time."""

    sent: Sent
    row: Row | None
    course: Course | None = None
    """How far its decision has come; none for what is no decision."""
    updates: tuple[Course, ...] = ()
    """The same of each update that it caused beside the decisions."""

    @property
    def kind(self) -> AuditKind | None:
        """What sort of row the event caused."""
        return AuditKind(self.row.item["type"]) if self.row else None

    @property
    def bucket(self) -> str | None:
        """How it ended, or `open` while messages are on their way; none without a verdict."""
        if self.kind is None:
            return None
        return self.course.bucket if self.course else _BUCKETS.get(self.kind, RECORDED)

    @property
    def words(self) -> str:
        """A line for people."""
        if self.row is None:
            return f"sent ({self.sent.arrival_id}), but not in the trail yet. {self.advice}"
        if self.course is not None:
            return _decision_words(self.row.item, self.course)
        if self.row.item.get("event_type") in HAPPENED:
            return f"recorded: {sentence(self.row.item)}{_updates_words(self.updates)}"
        return _words(self.row)

    @property
    def advice(self) -> str | None:
        """What its sender should do, if anything."""
        match self.bucket:
            case None:
                return "Ask again with `mash trail`; sent twice, it would be told once all the same."
            case Bucket.REFUSED if self.row:
                return WHAT_TO_DO[RefusalReason(self.row.item["reason"])]
            case Bucket.HELD:
                return "A person must release it first."
            case Bucket.NOBODY_TO_TELL:
                return "Staff call where a call is due."
        return None

    @property
    def _courses(self) -> tuple[Course, ...]:
        return (*((self.course,) if self.course else ()), *self.updates)

    def as_json(self) -> dict[str, object]:
        """The same for programs."""
        item = self.row.item if self.row else {}
        return {
            "entry": self.sent.entry.label,
            "arrival_id": self.sent.arrival_id,
            "event_id": self.sent.entry.event_id,
            "referral_ref": self.sent.entry.referral_ref,
            "verdict": item.get("type"),
            "bucket": self.bucket,
            "child": item.get("child"),
            "outcome": item.get("outcome"),
            "recipients": [one for course in self._courses for one in course.recipients_as_json()],
            "held": list(dict.fromkeys(code for course in self._courses for code in course.triggers)),
            "field": item.get("field"),
            "reason": item.get("reason"),
            "advice": self.advice,
        }


def verdicts(sent: Sequence[Sent], rows: Sequence[Row]) -> list[Verdict]:
    """A verdict of each arrival of `sent`, in their order; `rows` are all that there are."""
    own = zip(sent, own_rows(sent, rows), strict=True)
    return [Verdict(one, row, _course(row, rows), tuple(_updates(row, rows))) for one, row in own]


def exit_code(found: Sequence[Verdict]) -> int:
    """What a command that sent these ends with; no verdict weighs more than a refusal."""
    if any(verdict.row is None for verdict in found):
        return NO_VERDICT
    return REFUSED if any(verdict.kind is AuditKind.REJECTED for verdict in found) else 0


def _course(row: Row | None, rows: Sequence[Row]) -> Course | None:
    if row is None or row.item["type"] != AuditKind.DECISION:
        return None
    return Course.of(row, rows)


def _updates(row: Row | None, rows: Sequence[Row]) -> Iterator[Course]:
    """What an event beside the decisions lets people know."""
    if row is None or row.item.get("event_type") not in HAPPENED:
        return
    for one in rows:
        mine = (one.partition, one.item["cause"]) == (row.partition, row.item["cause"])
        if mine and one.item["type"] == AuditKind.UPDATE:
            yield Course.of(one, rows)


def _updates_words(updates: Sequence[Course]) -> str:
    number = sum(len(course.recipients) for course in updates)
    if not number:
        return ""
    held = _holds_words(dict.fromkeys(code for course in updates for code in course.triggers))
    due = f" {number} message{'' if number == 1 else 's'} to tell of it"
    return f"{due}; held for a person: {held}." if held else f"{due}."


def _holds_words(triggers: Iterable[str]) -> str:
    return ", ".join(f"{HOLDS[HoldTrigger(code)]} ({code})" for code in triggers)


def _decision_words(row: Item, course: Course) -> str:
    what = f"for child {row['child']}: {outcome_words(row['outcome'])}"
    if course.waits_for_original:
        return f"recorded {what}; told once its original is decided"
    held = _holds_words(course.triggers)
    if course.bucket is Bucket.NOBODY_TO_TELL:
        return f"recorded {what}; nobody may be told automatically"
    if course.bucket is Bucket.HELD:
        return f"accepted {what}; held for a person: {held}; nobody is told yet"
    return f"accepted {what}{f'; held for a person: {held}; the rest is told' if held else ''}"


def _words(of: Row) -> str:
    row = of.item
    match row["type"]:
        case AuditKind.REJECTED:
            return f"refused: {refusal_words(row)}"
        case AuditKind.EVENT_DUPLICATE:
            return "a duplicate: recorded, nothing is sent"
        case AuditKind.DECISION_STALE:
            return f"older than version {row['newest']} of this child: recorded, nothing is sent"
        case AuditKind.RA_FORM:
            return f"police form recorded, {for_children(row['children'])}{_but(of)}"
    if "feed_status" in row:
        return f"police feed: {row['feed_status']}"
    return f"{row['kind'].lower()} recorded, {for_children(row['children'])}"


def _but(form: Row) -> str:
    """Why a form that was recorded may not be the one that counts."""
    if form.referral_ref is None:
        return "; linked to no referral"
    older = [child for child in form.item["children"] if child not in form.item["newest_for"]]
    return f"; not newer than the one kept {for_children(older)}" if older else ""
