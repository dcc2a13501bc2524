"""Which days are reckoned up now: today and yesterday each hour; and the statement of each day that ended."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from functions.adapters.errors import ContendedError
from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Fact, Tip, at_text
from functions.adapters.ledger.days import Begun, Progress
from functions.adapters.patience import Patience
from functions.domain.clock import local_moment, uk_day
from functions.domain.reconciliation.account import Scope
from functions.domain.reconciliation.evidence import Finding
from functions.domain.reconciliation.tally import NOTHING, Tally
from functions.domain.record import uid
from functions.flows.reconciling.reckon import Tables, reckon
from functions.log_lines import RECONCILED, RECONCILIATION_FAILED, RECONCILIATION_PUT_OFF, log
from schemas.codes import AuditKind

ACTOR = "mash-outcomes"
EVERY = timedelta(minutes=55)
"""How long a day's account is good for; the function looks each quarter of an hour."""
SETTLES_IN = timedelta(minutes=1)
"""An index is read a little behind: what is written this moment may not be in it yet."""
STATED_FROM = time(2)
"""A day's statement waits for what came in just before midnight."""
MOST_DAYS_BACK = 7
"""How many days that have ended without a statement are made up for, after an outage."""


@dataclass(frozen=True, slots=True)
class ReconcileDesk:
    """What the reconciliation works with."""

    tables: Tables
    patience: Patience
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    """Tells this run's statement from another's."""


def keep_account(desk: ReconcileDesk, has_time: Callable[[], bool]) -> int:
    """Reckons up each day whose turn it is; how many differences there are.

    What time is too short for is gone on with next time.
    """
    differences = 0
    for day, seen, states in _due(desk):
        if not has_time():
            break
        differences += _reckon(day, seen, desk, has_time, states=states)
    return differences


def _due(desk: ReconcileDesk) -> Iterator[tuple[date, Progress, bool]]:
    """Each day whose turn it is, and whether its statement is due."""
    now = desk.now()
    today = uk_day(now)
    days = [today - timedelta(days=back) for back in range(MOST_DAYS_BACK + 1)]
    known = desk.tables.days.progress(days)
    unstated = _unstated(days[1:], known) if now >= local_moment(today, STATED_FROM) else []
    for day in reversed(days):
        seen, states = known[day], day in unstated
        is_watched = day in days[:2] and (seen.checked_at is None or now - seen.checked_at >= EVERY)
        if states or is_watched or seen.begun:
            yield day, seen, states


def _unstated(ended: list[date], known: dict[date, Progress]) -> list[date]:
    """The days after the last one that has its statement; where none has, this is a new stage: yesterday."""
    missing = list[date]()
    for day in ended:
        if known[day].is_stated:
            return missing
        missing.append(day)
    return ended[:1]


def _reckon(
    day: date, seen: Progress, desk: ReconcileDesk, has_time: Callable[[], bool], *, states: bool
) -> int:
    now = desk.now()
    begun = seen.begun or Begun(now - SETTLES_IN, "", NOTHING)
    scope = Scope(day, begun.until, now)
    reckoned = reckon(scope, desk.tables, has_time, so_far=begun.tally, after=begun.after)
    tally, part = reckoned.tally, seen.part + 1
    if reckoned.after is not None:
        put_off = replace(begun, after=reckoned.after, tally=tally)
        desk.tables.days.note(day, seen, replace(seen, part=part, begun=put_off))
        log(RECONCILIATION_PUT_OFF, day=day.isoformat(), decisions=tally.decisions)
        return 0
    if states or tally.differences:
        _state(scope, tally, desk)
    say(day, tally)
    # Last, so that a run that dies is made up for; two at once write two statements, and both are true.
    desk.tables.days.note(day, seen, Progress(part, now, is_stated=seen.is_stated or states))
    return tally.differences


def _state(scope: Scope, tally: Tally, desk: ReconcileDesk) -> None:
    """One row in the day's own partition: its counts, and each finding by the row or delivery it is about."""
    fact = _statement(scope, tally, desk.new_id())
    after_row: Tip | None = None

    def once() -> None:
        # After a reply that was lost the same row is written after the same tip: there it stands, if it was.
        nonlocal after_row
        after_row = after_row or desk.tables.days.tip(scope.day)
        try:
            desk.tables.days.state(scope.day, after_row, fact, desk.now())
        except ContendedError:
            after_row = None
            raise

    desk.patience.persist(once)


def _statement(scope: Scope, tally: Tally, run: str) -> Fact:
    day = scope.day.isoformat()
    details = {
        "day": day,
        "until": at_text(scope.until),
        "accounted": tally.accounted,
        **tally.counts(),
        "findings": [f"{one.code}|{one.partition}|{one.what}" for one in tally.findings],
        "still_open": [f"{one.since}|{one.partition}|{one.row}" for one in tally.still_open],
    }
    return Fact(AuditKind.RECONCILED, uid(AuditKind.RECONCILED, day, run), ACTOR, day, details)


def say(day: date, tally: Tally) -> None:
    """One line for the day, and one for each difference that is named."""
    log(RECONCILED, day=day.isoformat(), **tally.counts())
    for finding in tally.findings:
        log(RECONCILIATION_FAILED, day=day.isoformat(), **_where(finding))


def _where(finding: Finding) -> dict[str, str]:
    ref = keys.ref_in(finding.partition)
    place = {"source": finding.partition} if ref is None else {"referral": ref}
    return {"code": finding.code.value, "where": finding.what, **place}
