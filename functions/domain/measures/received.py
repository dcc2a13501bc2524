"""How a child's referral came in: when, from whom, as what; None where no event has told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.domain.clock import HorizonError, in_office_hours, working_days_later
from functions.domain.measures.decisions import standing
from functions.domain.measures.said import events, moment
from functions.domain.reconciliation.evidence import Row
from functions.domain.tasks import or_sooner
from schemas.clocks import ClockPolicy
from schemas.codes import AuditKind, EventType, Outcome, RaStatus, ReferralKind

_RECOMMENDATION = "RA16"
_HAS_A_FORM = frozenset({RaStatus.COMPLETE, RaStatus.INCORRECT})


@dataclass(frozen=True, slots=True)
class Received:
    """A child's referral as it came in."""

    at: datetime
    is_out_of_hours: bool
    is_duplicate: bool
    """Whether it repeats another referral, with which it is counted."""
    is_contact: bool | None
    became_referral: bool
    source_code: str | None
    is_professional: bool | None
    """Whether an agency referred; the public is called by staff, never told by a message."""
    pseudonym: str | None
    unborn: bool | None
    acknowledged_in_time: bool


@dataclass(frozen=True, slots=True)
class Check:
    """The newest police check of a child."""

    status: str
    failed: frozenset[str]
    late: bool
    after_decision: bool
    has_form: bool = False
    """Whether there was a form to look at, even one that nobody filled in."""
    unit: str | None = None
    """The police unit that it names (RA17)."""

    @property
    def recommends(self) -> bool:
        """Whether a form says validly what should happen next."""
        return self.status in _HAS_A_FORM and _RECOMMENDATION not in self.failed


def concerns(said: Mapping[str, Any], child: int) -> bool:
    """Whether a row is of this child, by its `child` or its list of `children`, or of none in particular."""
    if "children" in said:
        return child in said["children"]
    return bool(said.get("child", child) == child)


def children_of(rows: Sequence[Row]) -> list[int]:
    """Every child of the referral that was received or decided."""
    listed = {child for row in events(rows, EventType.REFERRAL_RECEIVED) for child in row.said["children"]}
    return sorted(listed | {row.child for row in rows if row.kind == AuditKind.DECISION})


def received(rows: Sequence[Row], child: int, clocks: ClockPolicy) -> Received:
    """What is known of the child's arrival; a decision alone says when, and little else."""
    arrivals = [row for row in events(rows, EventType.REFERRAL_RECEIVED) if concerns(row.said, child)]
    decided = [row for row in rows if row.kind == AuditKind.DECISION and row.child == child]
    kept = standing(rows, child)
    at = min(moment(row, "received_at") for row in (*arrivals, *decided))
    knows_source = [row.said for row in (*arrivals, *decided) if "source_code" in row.said]
    kinds = {row.said["kind"] for row in arrivals}
    return Received(
        at=at,
        is_out_of_hours=not _in_office_hours(at, clocks),
        is_duplicate=bool(kept) and kept[-1].said["outcome"] == Outcome.DUP,
        is_contact=ReferralKind.CONTACT in kinds if kinds else None,
        became_referral=ReferralKind.REFERRAL in kinds,
        source_code=knows_source[-1]["source_code"] if knows_source else None,
        is_professional="referrer" in knows_source[-1] if knows_source else None,
        pseudonym=_pseudonym(arrivals, child),
        unborn=_unborn(arrivals, decided, child),
        acknowledged_in_time=_acknowledged(rows, within_a_working_day(at, clocks)),
    )


def referrer(rows: Sequence[Row], child: int) -> str | None:
    """The agency that referred, by the newest row that knows."""
    known = [row.said for row in rows if "source_code" in row.said and concerns(row.said, child)]
    return known[-1].get("referrer") if known else None


def check_of(rows: Sequence[Row], child: int) -> Check | None:
    """The child's newest police check; None before the first."""
    checks = [row.said for row in rows if row.kind == AuditKind.RA_CHECK and row.child == child]
    if not checks:
        return None
    said = checks[-1]
    return Check(
        status=said["ra"],
        failed=frozenset(said["failed"]),
        late=bool(said.get("late")),
        after_decision=bool(said.get("after_decision")),
        has_form="form_version" in said,
        unit=_unit(rows, child, said.get("form_version")),
    )


def _unit(rows: Sequence[Row], child: int, version: int | None) -> str | None:
    """The unit of the form that was looked at: the newest one of this version, the child's own before another
    of the referral that leaves it out. A check names no form, and an older row no unit."""
    kept = (row.said for row in rows if row.kind == AuditKind.RA_FORM and row.said["newest_for"])
    found = [said for said in kept if said["form_version"] == version]
    newest = sorted(found, key=lambda said: child in said["newest_for"])[-1:]
    return newest[0].get("unit") if newest else None


def within_a_working_day(start: datetime, clocks: ClockPolicy) -> datetime:
    """When one working day from `start` is over; past the known bank holidays, a day."""
    return or_sooner(lambda: working_days_later(start, 1, clocks), start)


def _in_office_hours(at: datetime, clocks: ClockPolicy) -> bool:
    try:
        return in_office_hours(at, clocks)
    except HorizonError:
        return False


def _pseudonym(arrivals: Sequence[Row], child: int) -> str | None:
    known = [row.said.get("pseudonyms", {}).get(str(child)) for row in arrivals]
    return next(filter(None, reversed(known)), None)


def _unborn(arrivals: Sequence[Row], decided: Sequence[Row], child: int) -> bool | None:
    """The newest word; a decision's row said nothing of it before these figures asked."""
    told = [child in row.said["unborn"] for row in arrivals]
    told += [row.said["unborn"] for row in decided if "unborn" in row.said]
    return told[-1] if told else None


def _acknowledged(rows: Sequence[Row], due_at: datetime) -> bool:
    said = (moment(row, "acknowledged_at") for row in events(rows, EventType.ACKNOWLEDGED))
    return any(acknowledged_at <= due_at for acknowledged_at in said)
