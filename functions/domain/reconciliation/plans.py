"""Which deliveries the rows create: those that a decision lists, and those that a person or a clock makes
later."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from functions.domain.reconciliation.evidence import Evidence, Finding, Row, Which
from schemas.codes import AuditKind, Beside, Channel, FindingCode, TaskKind

LISTING = frozenset(
    {AuditKind.DECISION, AuditKind.LIFECYCLE, AuditKind.UPDATE, AuditKind.RELEASED, AuditKind.RESENT}
)


@dataclass(frozen=True, slots=True)
class Planned:
    """One delivery that a row creates; `beside` where no decision lists it, and then perhaps instead of
    another."""

    which: Which
    beside: Beside | None = None
    instead_of: Which | None = None


def listed(row: Row, ref: str) -> list[Which]:
    """Whom the row says that it is for; a duplicate's messages stand with its original's."""
    at = row.said.get("told_as", {})
    where = at.get("ref", ref), at.get("child", row.child), at.get("dver", row.dver)
    return [_which(*where, text) for text in row.said.get("recipients", ())]


def _which(ref: str, child: int, dver: int, text: str) -> Which:
    """Agency, channel, level, perhaps a nonce; what lacks a part agrees with no delivery, and so is found."""
    agency_id, channel, _, nonce, *_ = (*text.split("#"), "", "", "")
    return Which(ref, child, dver, agency_id, channel, nonce)


def planned_here(evidence: Evidence) -> Iterator[Planned]:
    """Every delivery that stands in this referral, by the row that created it.

    A row about one delivery that creates another, a fallback or one that is sent again, puts it in its place.
    """
    for row in evidence.rows:
        about = row.delivery(evidence.ref)
        if row.kind in LISTING and "told_as" not in row.said:
            yield from (Planned(which, _beside(row), about) for which in listed(row, evidence.ref))
        elif about and "instead" in row.said:
            yield Planned(replace(about, channel=Channel.FALLBACK.value), Beside.FALLBACKS, about)


def _beside(row: Row) -> Beside | None:
    match row.kind:
        case AuditKind.RELEASED if row.said.get("task") == TaskKind.RELEASE_ALLEGATION:
            return Beside.ALLEGATIONS
        case AuditKind.RELEASED:
            return Beside.LEAD_NOTICES
        case AuditKind.RESENT:
            return Beside.RESENDS
    return None


def unlike_the_plans(evidence: Evidence) -> Iterator[Finding]:
    """Each delivery that a row creates exists, and each that exists was created by one row."""
    planned = Counter(one.which for one in planned_here(evidence))
    for which in planned:
        if which not in evidence.deliveries:
            yield evidence.finding(FindingCode.DELIVERY_MISSING, which)
    for which, delivery in evidence.deliveries.items():
        if planned[which] != 1:
            yield evidence.finding(FindingCode.DELIVERY_UNEXPLAINED, delivery.name)


def unlike_the_notices(evidence: Evidence) -> Iterator[Finding]:
    """Each decision and each delivery has the frozen notice that it is told from, and each notice its row."""
    decisions = [row for row in evidence.rows if row.kind == AuditKind.DECISION]
    for row in decisions:
        if evidence.notices.get((row.child, row.dver, "")) != row.uid:
            yield evidence.finding(FindingCode.NOTICE_MISSING, row.name)
    for which, delivery in evidence.deliveries.items():
        if (which.child, which.dver, which.nonce) not in evidence.notices:
            yield evidence.finding(FindingCode.NOTICE_MISSING, delivery.name)
    sealed_beside = {row.uid for row in evidence.rows if "cipher" in row.said}
    for (child, dver, nonce), uid in evidence.notices.items():
        if uid not in sealed_beside:
            named = "#".join(filter(None, (f"notice:{child:02d}", f"{dver:04d}", nonce)))
            yield evidence.finding(FindingCode.NOTICE_WITHOUT_ROW, named)
