"""Whether the outcome reached whoever referred, when, and how much of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.domain.measures.decisions import Final
from functions.domain.measures.messages import Message
from functions.domain.measures.said import Call, at, calls
from functions.domain.reconciliation.evidence import Row
from schemas.codes import AgencyType, AuditKind

UNBORN_CARE = frozenset({AgencyType.HEALTH_VISITING, AgencyType.MIDWIFERY})


@dataclass(frozen=True, slots=True)
class Told:
    """What the referrer heard; of a decision that was revised, the newest counts."""

    first_at: datetime | None
    """When any final decision first reached it; a notice is not the outcome."""
    took: timedelta | None
    """From that decision until then."""
    newest: bool
    newest_by_notice: bool
    """Whether a notice of it has arrived, and the outcome itself has not."""
    unborn_care: bool
    """Whether a health visitor or midwife was told, whoever referred. A notice is enough: a service that is
    told by itself has no reference of its own, so that it gets no more."""


def told(
    finals: Sequence[Final],
    rows: Sequence[Row],
    messages: Sequence[Message],
    referrer: str | None,
    agency_types: Mapping[str, AgencyType],
) -> Told:
    """By messages that arrived, calls that were made, and the hub's own system where that is read."""
    heard = sorted(_heard(finals, rows, messages, referrer))
    first_at, took = heard[0] if heard else (None, None)
    newest = [final for final in finals[-1:] if _told_at(final, rows, messages, referrer)]
    return Told(
        first_at=first_at,
        took=took,
        newest=bool(newest),
        newest_by_notice=not newest and any(_noticed(final, messages, referrer) for final in finals[-1:]),
        unborn_care=any(
            agency_types.get(agency_id) in UNBORN_CARE
            for final in finals
            for agency_id in _told_at_all(final, rows, messages, referrer)
        ),
    )


def _told_at_all(
    final: Final, rows: Sequence[Row], messages: Sequence[Message], referrer: str | None
) -> Iterator[str]:
    """Every agency that has heard of the decision: by a message, were it a notice, by a call, or where it
    reads."""
    yield from (one.about.agency_id for one in _about(final, messages) if one.told_at)
    for call in _calls(final, rows):
        if agency_id := call.agency_id or referrer:
            yield agency_id
    yield from (row.said["agency"] for row in _in_the_system(final, rows))


def _heard(
    finals: Sequence[Final], rows: Sequence[Row], messages: Sequence[Message], referrer: str | None
) -> Iterator[tuple[datetime, timedelta]]:
    """When each final decision reached the referrer, and how long after it was made."""
    for final in finals:
        if told_at := _told_at(final, rows, messages, referrer):
            yield told_at, max(told_at - final.at, timedelta())


def _told_at(
    final: Final, rows: Sequence[Row], messages: Sequence[Message], referrer: str | None
) -> datetime | None:
    if referrer is None:
        return None
    own = [one.outcome_told_at for one in _about(final, messages) if one.about.agency_id == referrer]
    rung = (call.at for call in _calls(final, rows) if call.agency_id in (None, referrer))
    read = (at(row) for row in _in_the_system(final, rows) if row.said["agency"] == referrer)
    return min((*filter(None, own), *rung, *read), default=None)


def _calls(final: Final, rows: Sequence[Row]) -> Iterator[Call]:
    for call in calls(rows):
        if (call.child, call.dver) == (final.row.child, final.dver):
            yield call


def _in_the_system(final: Final, rows: Sequence[Row]) -> Iterator[Row]:
    """Whoever reads outcomes in the hub's own case system was told there."""
    for row in rows:
        is_read = row.kind == AuditKind.SUPPRESSED_IN_SYSTEM
        if is_read and (row.child, row.dver) == (final.row.child, final.dver):
            yield row


def _about(final: Final, messages: Sequence[Message]) -> Iterator[Message]:
    for one in messages:
        about = one.about
        if about.tells_this_decision and (about.child, about.dver) == (final.row.child, final.dver):
            yield one


def _noticed(final: Final, messages: Sequence[Message], referrer: str | None) -> bool:
    return any(one.told_at and one.about.agency_id == referrer for one in _about(final, messages))
