"""Whether anything waits that nobody and nothing looks after: without a time, a clock or a task."""

from collections.abc import Iterable, Iterator

from functions.domain.reconciliation.evidence import Delivery, Evidence, Finding
from schemas.codes import AuditKind, ClockKind, DeliveryState, FindingCode, Receipt, TaskKind, TaskState

_ENDED_BADLY = frozenset({DeliveryState.FAILED, DeliveryState.PARKED})
_CALLS = frozenset({TaskKind.CALL_REFERRER, TaskKind.CALL_AGENCY})
_OPENS_ITS_TASK = frozenset({AuditKind.HELD, AuditKind.TASK, AuditKind.LIFECYCLE})


def left_quietly(evidence: Evidence) -> Iterator[Finding]:
    """Every delivery that nothing will move, every task that will not ring, and every silence that nobody
    hears."""
    for delivery in evidence.deliveries.values():
        if not evidence.is_replaced(delivery):
            yield from (evidence.finding(code, delivery.name) for code in _quiet(delivery, evidence))
    for name, task in evidence.tasks.items():
        will_ring = task.is_due or task.state == TaskState.OVERDUE
        if task.is_open and not (task.is_listed and will_ring):
            yield evidence.finding(FindingCode.TASK_NOT_DUE, name)
    yield from _missing_tasks(evidence)
    yield from _nobody_called(evidence)
    yield from _unheard(evidence)


def _unheard(evidence: Evidence) -> Iterator[Finding]:
    """A clock runs or has ended; and for each child that is not decided, one waits for its decision."""
    for name, clock in evidence.clocks.items():
        if clock.end is None and not clock.is_due:
            yield evidence.finding(FindingCode.CLOCK_NOT_DUE, name)
    waiting = {
        clock.child for clock in evidence.clocks.values() if clock.kind == ClockKind.DECIDE and clock.waits
    }
    for child, known in evidence.children.items():
        if known.is_undecided and child not in waiting:
            yield evidence.finding(FindingCode.CLOCK_MISSING, f"{ClockKind.DECIDE}#{child:02d}")


def _quiet(delivery: Delivery, evidence: Evidence) -> Iterator[FindingCode]:
    if delivery.held:
        if not _is_somebodys_task(delivery, evidence):
            yield FindingCode.HELD_WITHOUT_TASK
        return
    on_its_way = delivery.state not in _ENDED_BADLY | {DeliveryState.SENT}
    if on_its_way and not delivery.is_due:
        yield FindingCode.NOT_DUE
    if not (delivery.is_watched or delivery.is_resent or _needs_no_clock(delivery, evidence)):
        yield FindingCode.NOT_WATCHED
    if delivery.called_for is not None and delivery.called_for not in evidence.tasks:
        yield FindingCode.TASK_MISSING


def _needs_no_clock(delivery: Delivery, evidence: Evidence) -> bool:
    """Its clock has run out and somebody was called, or the agency has read it, or was told by another
    channel, or had been until that came back: then what came back is looked after for both. An update that
    has arrived need not be confirmed; what is withheld from its reader, nobody is asked about any more."""
    if _somebody_was_called(delivery, evidence) or evidence.is_withheld(delivery):
        return True
    beside = [one for one in evidence.deliveries.values() if _counts_beside(delivery, one)]
    if delivery.is_told:
        return delivery.which.series is not None or any(one.is_confirmed for one in beside)
    came_back = (one for one in beside if one.receipt == Receipt.BOUNCED)
    looked_after = any(one.is_watched or _somebody_was_called(one, evidence) for one in came_back)
    return looked_after or is_told_somehow(delivery, beside)


def _somebody_was_called(delivery: Delivery, evidence: Evidence) -> bool:
    """A call that the agency should read what it had been told is none about a message that came back."""
    if delivery.called_for is None:
        return False
    task = evidence.tasks.get(delivery.called_for)
    return task is None or delivery.is_told or task.kind == TaskKind.CALL_UNTOLD


def is_done(evidence: Evidence) -> bool:
    """Whether everybody who should be told is known to have heard, and no task waits for a person."""
    deliveries = evidence.deliveries.values()
    all_told = all(evidence.is_replaced(one) or is_told_somehow(one, deliveries) for one in deliveries)
    return all_told and not any(task.is_open for task in evidence.tasks.values())


def is_told_somehow(delivery: Delivery, others: Iterable[Delivery]) -> bool:
    """Whether its agency is known to have heard what it tells, by whatever channel."""
    return any(one.is_told for one in others if _counts_beside(delivery, one))


def is_heard_otherwise(delivery: Delivery, others: Iterable[Delivery]) -> bool:
    """Whether it ended badly and its agency has heard what it tells by another channel all the same: nobody
    is asked about it, so that it stays as it is."""
    return delivery.state in _ENDED_BADLY and is_told_somehow(delivery, others)


def _counts_beside(delivery: Delivery, other: Delivery) -> bool:
    """What is known of another channel's message is known of this one; not of one that was sent again, which
    a person did not believe to have arrived."""
    return other is delivery or (other.reader == delivery.reader and not other.is_resent)


def _is_somebodys_task(delivery: Delivery, evidence: Evidence) -> bool:
    """What holds the child is one task, what holds this recipient alone another; each must be open."""
    child, agency_id = delivery.which.child, delivery.which.agency_id
    known = evidence.children.get(child)
    on_child = known.held if known else frozenset()
    tasks = {(task.kind, task.child, task.agency_id) for task in evidence.tasks.values() if task.is_open}
    wanted = set[tuple[str, int, str | None]]()
    if delivery.held & on_child:
        wanted.add((TaskKind.RELEASE_CHILD, child, None))
    if delivery.held - on_child:
        wanted.add((TaskKind.RELEASE_AGENCY, child, agency_id))
    return wanted <= tasks


def _missing_tasks(evidence: Evidence) -> Iterator[Finding]:
    """Each task that a row opened is there, open or done."""
    there = {(task.kind, task.child, task.agency_id, task.about) for task in evidence.tasks.values()}
    of_no_child = {(kind, agency_id, about) for kind, _, agency_id, about in there}
    for row in evidence.rows:
        said = row.said
        opens = row.kind in _OPENS_ITS_TASK or "clock" in said
        if not opens or "task" not in said:
            continue
        agency_id, about = said.get("task_agency", said.get("held_agency")), said.get("about")
        known = (
            (said["task"], row.child, agency_id, about) in there
            if "child" in said
            else (said["task"], agency_id, about) in of_no_child
        )
        if not known:
            yield evidence.finding(FindingCode.TASK_MISSING, row.name)


def _nobody_called(evidence: Evidence) -> Iterator[Finding]:
    """A decision of which no message tells anybody is somebody's call, now or when its hold has ended."""
    called = {
        (row.child, row.dver)
        for row in evidence.rows
        if (row.kind == AuditKind.TASK and row.said.get("task") in _CALLS)
        or row.kind == AuditKind.SUPPRESSED_IN_SYSTEM
    }
    for row in evidence.rows:
        if row.kind != AuditKind.DECISION or (row.child, row.dver) in called:
            continue
        if not any(row.said.get(name) for name in ("recipients", "joined", "calls")):
            yield evidence.finding(FindingCode.NOBODY_WITHOUT_TASK, row.name)
