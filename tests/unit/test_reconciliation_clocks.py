"""A silence that nobody would hear: a clock that does not run, a child whose decision nothing waits for."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from functions.domain.reconciliation.account import judged
from functions.domain.reconciliation.evidence import Child, Evidence
from functions.domain.reconciliation.quiet import is_done
from schemas.codes import AuditKind, ClockEnd, ClockKind, FindingCode
from tests.unit.lives import OF_A_CLOCK, Damage, Life, told, without_clock, without_task

DECIDE, ASSESSMENT = "CLOCK#DECIDE#01", "CLOCK#ASSESSMENT#01"


def undecided() -> Life:
    """Received, and not decided."""
    life = Life()
    life.row(AuditKind.LIFECYCLE, event_type="REFERRAL_RECEIVED", children=[1])
    life.children[1] = Child(0, is_undecided=True)
    life.clock("ACKNOWLEDGE", 0)
    life.clock("DECIDE")
    return life


def late() -> Life:
    """The same, whose time has passed: its task stands for the clock."""
    life = undecided()
    life.clock("DECIDE", is_due=False, end=ClockEnd.FIRED)
    life.row(AuditKind.CLOCK_FIRED, child=1, dver=0, clock="DECIDE", task="DECIDE_LATE")
    life.task("DECIDE_LATE")
    return life


def needing_more() -> Life:
    """Decided, but only that more information is needed."""
    life = told()
    life.children[1] = Child(1, is_undecided=True)
    life.clock("DECIDE")
    return life


def assessed() -> Life:
    """Decided and told; an assessment is waited for, and the decision no more."""
    life = told()
    life.clock("DECIDE", is_due=False, end=ClockEnd.ANSWERED)
    life.clock("ASSESSMENT")
    return life


def settled_meanwhile() -> Life:
    """A clock that fired into nothing: there was nothing to do any more."""
    life = assessed()
    life.clock("CONTRIBUTE", is_due=False, end=ClockEnd.ANSWERED)
    life.row(AuditKind.CLOCK_FIRED, child=1, clock="CONTRIBUTE", ended_by="ANSWERED")
    return life


def found(evidence: Evidence) -> list[tuple[FindingCode, str]]:
    return [(one.code, one.what) for one in judged(evidence, Life().now)]


@pytest.mark.parametrize("life", [undecided, late, needing_more, assessed, settled_meanwhile])
def test_with_clocks_that_run_or_have_ended_nothing_is_wrong(life: Callable[[], Life]) -> None:
    assert found(life().evidence()) == []


def without_time(name: str) -> Damage:
    """A clock that has lost its place in the index."""
    return lambda evidence: replace(
        evidence, clocks={**evidence.clocks, name: replace(evidence.clocks[name], is_due=False)}
    )


def ended(name: str, end: ClockEnd) -> Damage:
    """A clock that has ended, rightly or not."""
    stopped = without_time(name)
    return lambda evidence: replace(
        stopped(evidence),
        clocks={**evidence.clocks, name: replace(evidence.clocks[name], is_due=False, end=end)},
    )


@pytest.mark.parametrize(
    ("life", "damage", "expected"),
    [
        (assessed, without_time(ASSESSMENT), [(FindingCode.CLOCK_NOT_DUE, ASSESSMENT)]),
        (undecided, without_clock(DECIDE), [(FindingCode.CLOCK_MISSING, "DECIDE#01")]),
        (needing_more, without_clock(DECIDE), [(FindingCode.CLOCK_MISSING, "DECIDE#01")]),
        (
            undecided,
            without_time(DECIDE),
            [(FindingCode.CLOCK_NOT_DUE, DECIDE), (FindingCode.CLOCK_MISSING, "DECIDE#01")],
        ),
        (undecided, ended(DECIDE, ClockEnd.ANSWERED), [(FindingCode.CLOCK_MISSING, "DECIDE#01")]),
        (late, without_task("TASK#DECIDE_LATE#01"), [(FindingCode.TASK_MISSING, "E#000002")]),
    ],
)
def test_what_would_stay_quiet_is_found(
    life: Callable[[], Life], damage: Damage, expected: list[tuple[FindingCode, str]]
) -> None:
    assert found(damage(life().evidence())) == expected


def test_every_code_of_a_clock_has_its_damage() -> None:
    damaged = without_time(DECIDE)(undecided().evidence())
    assert {code for code, _ in found(damaged)} == OF_A_CLOCK


def test_a_siblings_clock_is_no_childs_own() -> None:
    life = undecided()
    life.children[2] = Child(0, is_undecided=True)
    assert found(life.evidence()) == [(FindingCode.CLOCK_MISSING, "DECIDE#02")]


def test_another_kind_of_clock_waits_for_no_decision() -> None:
    life = undecided()
    life.clocks = {name: clock for name, clock in life.clocks.items() if clock.kind != ClockKind.DECIDE}
    assert found(life.evidence()) == [(FindingCode.CLOCK_MISSING, "DECIDE#01")]


def test_a_clock_that_runs_on_for_weeks_leaves_a_told_day_done() -> None:
    """Its own time wakes somebody; a day's account need not wait for it."""
    life = assessed()
    life.deliveries = {which: replace(one, receipt="DELIVERED") for which, one in life.deliveries.items()}
    assert is_done(life.evidence())
