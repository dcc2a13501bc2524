"""The demo's one page: who was told, who was not and why, what waits, which forms are due, a trail."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from functions.adapters.ledger.everything import Row
from functions.adapters.ledger.store import Item
from functions.adapters.render import render_page
from functions.cli.accounts import Account
from functions.cli.due_messages import Evidence, Notification
from functions.cli.show import Arrivals
from functions.cli.sinks import Mail
from functions.domain.refusals import WHAT_TO_DO, WHOLE_EVENT
from functions.domain.wording.outcomes import LABELS
from functions.domain.wording.police_form import EXACT_WORDS
from functions.domain.wording.police_rules import rules_in_words
from functions.domain.wording.uk_time import uk_date_and_time
from functions.domain.wording.updates.names import SUBJECTS
from functions.story.named import series_in
from functions.story.tasks import role_words
from functions.story.telling import story
from functions.story.vocabulary import (
    CHANNELS,
    FIXED_SENTENCE,
    HOLDS,
    LEVELS,
    RELEASE_REASONS,
    TASK_WORDS,
    in_words,
    told_words,
)
from schemas.codes import (
    AuditKind,
    Bucket,
    Channel,
    HoldTrigger,
    Level,
    Outcome,
    RaStatus,
    RefusalReason,
    ReleaseReason,
    TaskKind,
)

IN_SYSTEM = "Reads it in the hub's own case system"
NOTICE_SUFFIX = "there is an outcome"
OUTSTANDING = frozenset({RaStatus.INCORRECT, RaStatus.ABSENT, RaStatus.UNKNOWN})
"""Whatever is not complete is followed up, unless the agreed policy needs no form."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the first line, and what it counts."""

    value: str
    label: str
    note: str
    warns: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table; `link` opens what arrived."""

    cells: tuple[str, ...]
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, one sentence and a table; `empty` is said where there is nothing."""

    title: str
    says: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class Page:
    """The whole report."""

    hub_name: str
    made_at: str
    accounted: str
    clean: bool
    figures: tuple[Figure, ...]
    sections: tuple[Section, ...]
    trail_of: str
    trail: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class Material:
    """What the page is made from; `names` are the registry's own."""

    account: Account
    evidence: Evidence
    names: Mapping[str, str]
    hub_name: str
    trail_of: str
    now: datetime

    def agency(self, agency_id: str) -> str:
        return self.names.get(agency_id, agency_id)


def write_report(path: Path, material: Material) -> None:
    """Writes the page to `path`, beside the messages that it links to."""
    path.write_text(render_page("report", page=page_of(material, path.parent)), encoding="utf-8")


def page_of(material: Material, folder: Path) -> Page:
    """The page; links are relative to `folder`, so that both can be moved together."""
    account, evidence = material.account, material.evidence
    outstanding = tuple(_outstanding(material))
    waiting = [hold for hold in _holds(evidence.rows) if hold.released is None]
    due, told = len(account.notifications), sum(1 for one in account.notifications if one.delivered)
    refused = account.buckets[Bucket.REFUSED]
    return Page(
        hub_name=material.hub_name,
        made_at=uk_date_and_time(material.now),
        accounted=_accounted(account),
        clean=account.clean,
        figures=(
            Figure(
                str(told),
                f"of {due} messages arrived",
                "in place of the others something else went, or somebody called",
            ),
            Figure(
                str(len(waiting)),
                "held for a person",
                "each has a role and a time to act by",
                warns=bool(waiting),
            ),
            Figure(
                str(len(outstanding)),
                "police forms outstanding",
                "told all the same; followed up with the police",
                warns=bool(outstanding),
            ),
            Figure(str(refused), "events refused", "each with the field at fault", warns=bool(refused)),
        ),
        sections=(
            _told(material, folder),
            _not_told(material, folder),
            _held(material),
            Section(
                "Police forms outstanding",
                "No message waited for a form: each said how the form stood.",
                ("Referral", "Form", "What is not met", "Due"),
                outstanding,
                "Every form that is needed is complete.",
            ),
            _refused(evidence.rows),
        ),
        trail_of=material.trail_of,
        trail=tuple(_trail(material)),
    )


def _accounted(account: Account) -> str:
    parts = ", ".join(
        f"{account.buckets[bucket]} {words}"
        for bucket, words in BUCKET_WORDS.items()
        if account.buckets[bucket]
    )
    return f"{account.decisions_in} events to account for: {parts}. Unaccounted for: {account.unaccounted}."


BUCKET_WORDS = {
    Bucket.TOLD: "told",
    Bucket.HELD: "held",
    Bucket.REFUSED: "refused",
    Bucket.DUPLICATE: "came twice",
    Bucket.STALE: "out of date",
    Bucket.NOBODY_TO_TELL: "with nobody to tell by message",
    Bucket.OPEN: "still open",
}


def _told(material: Material, folder: Path) -> Section:
    evidence = material.evidence
    arrived = Arrivals(evidence.rows, evidence.mails, evidence.receipts)
    told = sorted(
        (one for one in material.account.notifications if one.delivered), key=lambda one: one.key.text
    )
    return Section(
        "Told",
        "Only what an independent mailbox or system received, with the very bytes that the trail announced.",
        ("Referral", "Agency", "Was told", "Police form", "Arrived"),
        tuple(_told_line(one, arrived, material, folder) for one in told),
        "Nobody has been told anything.",
    )


def _told_line(told: Notification, arrived: Arrivals, material: Material, folder: Path) -> Line:
    mail = arrived.mail(told)
    return Line(
        (
            f"{told.shown_as or told.key.ref}, child {told.key.child}",
            material.agency(told.key.agency_id),
            _what(told, mail),
            _form(told.ra_status),
            _how_it_arrived(told, arrived),
        ),
        link=_link(mail, folder),
    )


def _what(told: Notification, mail: Mail | None) -> str:
    """An outcome, or what an update is about."""
    if told.about:
        return _opened(f"{told_words(Level(told.level), told.key.series)}, about {told.about}")
    return LABELS[Outcome(told.outcome)] if told.level > Level.NOTICE else _at_notice_level(mail)


def _how_it_arrived(told: Notification, arrived: Arrivals) -> str:
    match told.key.channel:
        case Channel.WEBHOOK:
            return f"{CHANNELS[Channel.WEBHOOK]}, {arrived.words(told)}"
        case Channel.FALLBACK:
            return f"{arrived.words(told)} in place of its webhook"
        case Channel.EMAIL:
            return arrived.words(told)


def _at_notice_level(mail: Mail | None) -> str:
    """Emergency protection and allegations are told by a fixed sentence, under an outcome's subject."""
    fixed = mail is not None and not mail.subject.endswith(NOTICE_SUFFIX)
    return _opened(FIXED_SENTENCE if fixed else LEVELS[Level.NOTICE])


def _opened(words: str) -> str:
    """A cell's first letter is a capital; codes further in keep theirs."""
    return words[:1].upper() + words[1:]


def _form(ra_status: str) -> str:
    return _opened(EXACT_WORDS[RaStatus(ra_status)])


def _not_told(material: Material, folder: Path) -> Section:
    evidence = material.evidence
    lines = [line for row in evidence.rows for line in _why_not(row, material)]
    arrived = Arrivals(evidence.rows, evidence.mails, evidence.receipts)
    lines += [
        _replaced_line(one, arrived, material, folder)
        for one in material.account.notifications
        if one.replaced_by and not one.delivered
    ]
    return Section(
        "Not told by message, and why",
        "Silence is never an outcome: each of these is a record, and where somebody must act, a task.",
        ("Referral", "Agency", "Why"),
        tuple(sorted(lines, key=lambda line: line.cells)),
        "Everybody was told by message.",
    )


def _replaced_line(one: Notification, arrived: Arrivals, material: Material, folder: Path) -> Line:
    """What came back has left, and may be looked at."""
    came_back = "The e-mail came back (a simulated receipt); " if one.came_back else ""
    why = _opened(f"{came_back}replaced by {one.replaced_by}")
    return Line(
        (f"{one.key.ref}, child {one.key.child}", material.agency(one.key.agency_id), why),
        link=_link(arrived.mail(one), folder),
    )


def _link(mail: Mail | None, folder: Path) -> str | None:
    return str(mail.html.relative_to(folder)) if mail and mail.html.is_relative_to(folder) else None


def _why_not(row: Row, material: Material) -> Iterator[Line]:
    item = row.item
    where = f"{row.referral_ref}, child {item.get('child', '-')}"
    match item["type"]:
        case AuditKind.SUPPRESSED_IN_SYSTEM:
            yield Line((where, material.agency(item["agency"]), IN_SYSTEM))
        case AuditKind.UPDATE:
            yield from _left_out(where, item, material)
        case AuditKind.TASK if (
            item.keys().isdisjoint(("done", "kept")) and item["task"] != TaskKind.CHECK_DIVERGENCE
        ):
            who = material.agency(item["task_agency"]) if "task_agency" in item else "The referrer"
            yield Line((where, who, f"For a person: {TASK_WORDS[TaskKind(item['task'])]}"))
        case AuditKind.RECEIPT if "task" in item:
            mend = TASK_WORDS[TaskKind(item["task"])]
            yield Line((where, material.agency(item["agency"]), f"For a person: {mend}"))
        case AuditKind.DECISION_STALE:
            yield Line((where, "Nobody", f"Version {item['dver']} came after version {item['newest']}"))
        case AuditKind.EVENT_DUPLICATE if "child" in item:
            yield Line((where, "Nobody again", "The same decision came again: nobody was told twice"))


def _left_out(where: str, update: Item, material: Material) -> Iterator[Line]:
    """Whom an update has no message for."""
    for agency in update.get("in_system", ()):
        yield Line((where, material.agency(agency), IN_SYSTEM))
    for agency in update.get("kept_from", ()):
        by_hand = TASK_WORDS[TaskKind.CHECK_NOT_TOLD]
        yield Line((where, material.agency(agency), f"For a person: {by_hand}"))


@dataclass(frozen=True, slots=True)
class Held:
    """One hold, and the row that ended it."""

    row: Row
    released: Item | None


def _holds(rows: Iterable[Row]) -> list[Held]:
    """A hold ends with the next release of its kind: of decisions and updates together."""
    ended = [row for row in rows if row.item["type"] == AuditKind.RELEASED]
    return [Held(row, _released(row, ended)) for row in rows if row.item["type"] == AuditKind.HELD]


def _released(held: Row, ended: Iterable[Row]) -> Item | None:
    after = (row.item for row in ended if _hold_of(row) == _hold_of(held) and row.seq > held.seq)
    return next(after, None)


def _hold_of(row: Row) -> tuple[object, ...]:
    item = row.item
    return row.partition, item.get("child"), item.get("task"), item.get("held_agency")


def _held(material: Material) -> Section:
    return Section(
        "Held, and released",
        "Nobody who waits for a held message can tell that there is one.",
        ("Referral", "What waits", "Why", "Who acts, by when", "Released"),
        tuple(_held_line(hold, material) for hold in _holds(material.evidence.rows)),
        "Nothing was held.",
    )


def _held_line(hold: Held, material: Material) -> Line:
    item = hold.row.item
    what = "The allegation alone" if "outcome" in item else "The whole child"
    if "held_agency" in item:
        what = material.agency(item["held_agency"])
    if series := series_in(item):
        what = f"{what}, about {SUBJECTS[series]}"
    why = ", ".join(HOLDS[HoldTrigger(code)] for code in item["triggers"])
    by = uk_date_and_time(datetime.fromisoformat(item["due_at"]))
    ended = "Not yet"
    if hold.released is not None:
        reason = RELEASE_REASONS[ReleaseReason(hold.released["reason"])]
        ended = f"{uk_date_and_time(datetime.fromisoformat(hold.released['at']))}: {reason}"
    return Line(
        (
            f"{hold.row.referral_ref}, child {item['child']}",
            what,
            _opened(why),
            f"{role_words(item)}, {by}",
            ended,
        )
    )


def _outstanding(material: Material) -> Iterator[Line]:
    """By child, the newest check, where it is not complete."""
    newest: dict[tuple[str, int], Item] = {}
    for row in material.evidence.rows:
        if row.item["type"] == AuditKind.RA_CHECK and row.referral_ref is not None:
            newest[row.referral_ref, row.item["child"]] = row.item
    for (ref, child), item in sorted(newest.items()):
        if item["ra"] in OUTSTANDING:
            due = uk_date_and_time(datetime.fromisoformat(item["due_at"])) if "due_at" in item else ""
            met = rules_in_words(item["failed"]) or ("no form came" if item["ra"] == RaStatus.ABSENT else "")
            unmet = met or "the police system could not say"
            yield Line((f"{ref}, child {child}", _form(item["ra"]), _opened(unmet), due))


def _refused(rows: Sequence[Row]) -> Section:
    return Section(
        "Refused",
        "Kept for the operator for 14 days; its sender corrects it and sends it again.",
        ("Field", "Why", "What its sender does"),
        tuple(
            Line(
                (
                    "the event as a whole" if row.item["field"] == WHOLE_EVENT else row.item["field"],
                    _opened(in_words(row.item["reason"])),
                    WHAT_TO_DO[RefusalReason(row.item["reason"])],
                )
            )
            for row in rows
            if row.refuses_an_event
        ),
        "Nothing was refused.",
    )


def _trail(material: Material) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    rows = [row.item for row in material.evidence.rows if row.referral_ref == material.trail_of]
    for day, entries in story(rows):
        yield day, tuple(entries)
