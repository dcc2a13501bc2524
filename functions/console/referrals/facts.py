"""The facts beside a referral: moments, who decided and confirmed, what it repeats, versions."""

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote

from functions.adapters.ledger.store import Item
from functions.console.referrals.chased import overdue_words
from functions.console.referrals.seen import SeenReferral
from functions.console.referrals.timeline import source_words
from functions.console.shown.parts import Fact, Link, Tag, Tone
from functions.console.shown.referral import Version
from functions.domain.measures.facts import Case
from functions.domain.wording.outcomes import LABELS
from functions.domain.wording.reader_roles import READER_ROLES
from functions.domain.wording.uk_time import uk_date_and_time
from functions.story.named import upper
from schemas.codes import AckResult, AuditKind, Outcome, ReaderRole

KEEP_UNTIL = "As the council's retention schedule says. Nothing is deleted by itself."


def warnings(seen: SeenReferral, child: int, case: Case) -> Iterator[str]:
    """What somebody should know before all else."""
    if overdue := overdue_words(seen.rows, child, case):
        yield overdue


def facts(seen: SeenReferral, child: int, case: Case) -> Iterator[Fact]:
    """As far as they are known."""
    yield Fact(label="Received", text=uk_date_and_time(case.received.at))
    newest = next((row for row in reversed(seen.rows) if _decides(row, child)), None)
    if case.decided:
        yield Fact(label="Decided", text=uk_date_and_time(case.decided.at))
    if newest:
        yield Fact(label="Decided by", text=newest.get("decided_by", upper(source_words(newest["actor"]))))
    told = uk_date_and_time(case.told.first_at) if case.told.first_at else "Not yet"
    yield Fact(label="Told the referrer", text=told)
    confirmed = [row for row in seen.rows if _confirms(row, child)]
    yield from (_confirmed(row, seen) for row in confirmed)
    if not confirmed:
        yield Fact(label="Read and confirmed", text="Not yet")
    if newest and "duplicate_of" in newest:
        original = newest["duplicate_of"]
        to_it = Link(text=original, path=f"/referrals/{quote(original, safe='')}")
        yield Fact(label="Repeats", text="What is decided for it stands under", link=to_it)
    yield Fact(label="Keep until", text=KEEP_UNTIL)


def _confirms(row: Item, child: int) -> bool:
    is_one = row["type"] == AuditKind.ACK and row["result"] == AckResult.CONFIRMED
    return bool(is_one and row.get("child") == child)


def _confirmed(row: Item, seen: SeenReferral) -> Fact:
    """By which agency, and by whom there: a role, never a name."""
    agency, role = seen.names.get(row["agency"], row["agency"]), READER_ROLES[ReaderRole(row["role"])]
    when = uk_date_and_time(datetime.fromisoformat(row["at"]))
    return Fact(label="Read and confirmed", text=when, detail=f"{agency}: {role}")


def _decides(row: Item, child: int) -> bool:
    return bool(row["type"] == AuditKind.DECISION and row["child"] == child)


def versions(seen: SeenReferral, child: int) -> Iterator[Version]:
    """Where a decision was revised, each version of it."""
    decisions = [row for row in seen.rows if _decides(row, child)]
    if len(decisions) < 2:  # noqa: PLR2004
        return
    for row in reversed(decisions):
        yield Version(
            number=f"Version {row['dver']}",
            outcome=upper(LABELS[Outcome(row["outcome"])]),
            decided=uk_date_and_time(datetime.fromisoformat(row["decided_at"])),
            decided_by=row.get("decided_by", upper(source_words(row["actor"]))),
            state=_IN_FORCE if row is decisions[-1] else _REPLACED,
        )


_IN_FORCE, _REPLACED = Tag(text="In force", tone=Tone.GOOD), Tag(text="Replaced", tone=Tone.QUIET)
