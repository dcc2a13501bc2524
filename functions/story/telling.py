"""A sentence for each row, and all of them day by day."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from functions.adapters.ledger.store import Item
from functions.domain.wording.uk_time import uk_date, uk_date_and_time
from functions.story import acts, came_back, came_in, endpoints, holds, life, looked_up, sent, tasks
from schemas.codes import AuditKind

NOT_OURS = "A row ({kind}) of which this release cannot tell all: `mash trail --json` shows it as it stands."
_SENTENCES: Mapping[AuditKind, Callable[[Item], str]] = {
    AuditKind.DECISION: came_in.decision,
    AuditKind.EVENT_DUPLICATE: came_in.duplicate,
    AuditKind.DECISION_STALE: came_in.stale,
    AuditKind.REJECTED: came_in.rejected,
    AuditKind.LIFECYCLE: life.lifecycle,
    AuditKind.UPDATE: life.update,
    AuditKind.RA_FORM: came_in.form,
    AuditKind.RA_CHECK: came_in.check,
    AuditKind.HELD: holds.held,
    AuditKind.RELEASED: holds.released,
    AuditKind.SUPPRESSED_IN_SYSTEM: sent.suppressed,
    AuditKind.ATTEMPT_STARTED: sent.started,
    AuditKind.ATTEMPT_CLOSED: sent.closed,
    AuditKind.LATE_OUTCOME: sent.late,
    AuditKind.RECEIPT: came_back.receipt,
    AuditKind.ACK: came_back.ack,
    AuditKind.SUPERSEDED: sent.superseded,
    AuditKind.CANCELLED: acts.cancelled,
    AuditKind.RESENT: acts.resent,
    AuditKind.PARKED: sent.parked,
    AuditKind.TASK: tasks.wanted,
    AuditKind.CLOCK_FIRED: tasks.clock_fired,
    AuditKind.ENDPOINT: endpoints.endpoint,
    AuditKind.REGISTRY_CHANGE: looked_up.registry,
    AuditKind.READ: looked_up.read,
    AuditKind.QUERY: looked_up.query,
    AuditKind.EXPORT: looked_up.export,
    AuditKind.SESSION: looked_up.session,
    AuditKind.RECONCILED: looked_up.reconciled,
}


def sentence(row: Item) -> str:
    """What the row says happened; of one that another release wrote, that it is there."""
    try:
        return _SENTENCES[AuditKind(row["type"])](row)
    except (AttributeError, LookupError, TypeError, ValueError):
        return NOT_OURS.format(kind=row.get("type", "of no kind"))


def story(rows: Sequence[Item]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Day by day, each row's time and sentence, in order."""
    for day, written in groupby(rows, key=lambda row: uk_date(datetime.fromisoformat(row["at"]))):
        yield day, [(clock_time(row["at"]), sentence(row)) for row in written]


def clock_time(at: str) -> str:
    """`3:02:31pm`; the trail's order needs the second."""
    moment = datetime.fromisoformat(at)
    *_, time_of_day = uk_date_and_time(moment).split(" ")
    return f"{time_of_day[:-2]}:{moment.second:02d}{time_of_day[-2:]}"
