"""Which days are reckoned up now: the newest each hour, older ones until nothing of them is open; and each
day's statements."""

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
"""How long today's account and yesterday's are good for; the function looks each quarter of an hour."""
A_DAY = timedelta(hours=23, minutes=55)
A_WEEK = timedelta(days=6, hours=23, minutes=55)
SETTLES_IN = timedelta(minutes=1)
"""An index is read a little behind: what is written this moment may not be in it yet."""
STATED_FROM = time(2)
"""A day's statement waits for what came in just before midnight."""
HOURLY, DAILY = 2, 28
"""Today and yesterday are reckoned up each hour, four weeks each day. Retries end in three days, and clocks
call people within a few working days: what is not done by then waits for a person."""
MOST_DAYS_BACK = 90
"""What people leave undone is counted and stated each week until then; after an outage as many days are made
up for. One call reads how far a hundred days have come."""


@dataclass(frozen=True, slots=True)
class ReconcileDesk:
    """What the reconciliation works with."""

    tables: Tables
    patience: Patience
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    """Tells this run's statement from another's."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """One day whose turn it is; `states` whatever is counted."""

    day: date
    seen: Progress
    states: bool


def keep_account(desk: ReconcileDesk, has_time: Callable[[], bool]) -> int:
    """Reckons up each day whose turn it is; how many differences there are.

    What time is too short for is gone on with next time.
    """
    differences = 0
    for turn in _due(desk):
        if not has_time():
            break
        differences += _reckon(turn, desk, has_time)
    return differences


def _due(desk: ReconcileDesk) -> Iterator[_Turn]:
    """Each day whose turn it is; older ones last, so that they keep none of the newest waiting."""
    now = desk.now()
    today = uk_day(now)
    days = [today - timedelta(days=back) for back in range(MOST_DAYS_BACK + 1)]
    known = desk.tables.days.progress(days)
    unstated = _unstated(days[1:], known) if now >= local_moment(today, STATED_FROM) else []
    for day in reversed(days):
        seen, states = known[day], day in unstated
        if states or (day in days[:HOURLY] and (_is_past(seen, EVERY, now) or seen.begun)):
            yield _Turn(day, seen, states)
    yield from _lasting([(day, known[day]) for day in days[HOURLY:] if day not in unstated], today, now)


def _unstated(ended: list[date], known: dict[date, Progress]) -> list[date]:
    """The days after the last one that has its statement; where none has, this is a new stage: yesterday."""
    missing = list[date]()
    for day in ended:
        if known[day].is_stated:
            return missing
        missing.append(day)
    return ended[:1]


def _lasting(older: list[tuple[date, Progress]], today: date, now: datetime) -> Iterator[_Turn]:
    """Older days of which something is open, held or different, or may be: the one seen longest ago first."""
    turns = list[_Turn]()
    for day, seen in older:
        is_daily = today - day <= timedelta(days=DAILY)
        is_due = seen.is_stated and not seen.is_settled and _is_past(seen, A_DAY if is_daily else A_WEEK, now)
        if is_due or seen.begun:
            turns.append(_Turn(day, seen, states=not is_daily))
    yield from sorted(turns, key=lambda turn: (turn.seen.checked_at or now, turn.day))


def _is_past(seen: Progress, good_for: timedelta, now: datetime) -> bool:
    return seen.checked_at is None or now - seen.checked_at >= good_for


def _reckon(turn: _Turn, desk: ReconcileDesk, has_time: Callable[[], bool]) -> int:
    now, seen = desk.now(), turn.seen
    begun = seen.begun or Begun(now - SETTLES_IN, "", NOTHING)
    scope = Scope(turn.day, begun.until, now)
    reckoned = reckon(scope, desk.tables, has_time, so_far=begun.tally, after=begun.after)
    tally, part = reckoned.tally, seen.part + 1
    if reckoned.after is not None:
        put_off = replace(begun, after=reckoned.after, tally=tally)
        desk.tables.days.note(turn.day, seen, replace(seen, part=part, begun=put_off))
        log(RECONCILIATION_PUT_OFF, day=turn.day.isoformat(), decisions=tally.decisions)
        return 0
    is_stated = seen.is_stated or turn.states
    is_settled = is_stated and tally.is_settled
    if turn.states or tally.differences or (is_settled and not seen.is_settled):
        _state(scope, tally, desk)
    say(turn.day, tally)
    # Last, so that a run that dies is made up for; two at once write two statements, and both are true.
    counted = Progress(part, now, is_stated, is_settled, counted=tally.counts())
    desk.tables.days.note(turn.day, seen, counted)
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
    ref = keys.ref_of(finding.partition)
    place = {"source": finding.partition} if ref is None else {"referral": ref}
    return {"code": finding.code.value, "where": finding.what, **place}
