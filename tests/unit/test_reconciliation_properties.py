"""Nothing is wrong with any life of a referral; whatever one thing is taken away, that is noticed."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from functions.domain.reconciliation.account import Scope, account_of, judged
from functions.domain.reconciliation.evidence import Child, Evidence, Which
from functions.domain.reconciliation.tally import Tally
from schemas.codes import AuditKind, Bucket, FindingCode
from tests.unit.lives import REF, Life, arrived, relinked_without, without_row
from tests.unit.test_reconciliation_ends import DAY

AGENCIES = ("north-police#webhook#3", "north-probation#email#2", "hill-school#email#1", "hill-gp#webhook#2")
FATES = ("waits", "is sent", "is told", "is read", "fails", "is parked", "falls back", "is on its way")


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """Up to three versions of a decision for up to two children, each recipient with a fate of its own."""
    life = Life()
    for child in range(1, draw(st.integers(1, 2)) + 1):
        for dver in range(1, draw(st.integers(1, 3)) + 1):
            _supersede(life, child, dver)
            recipients = draw(st.lists(st.sampled_from(AGENCIES), unique=True, max_size=4))
            held = ("EMERGENCY",) if draw(st.booleans()) else ()
            new = life.decided(*recipients, child=child, dver=dver, held=held)
            if held:
                life.held_row(*held, child=child, dver=dver)
            else:
                life.task("RELEASE_CHILD", child, state="DONE", is_due=False, is_listed=False)
            if not recipients:
                life.row(AuditKind.TASK, child=child, dver=dver, task="CALL_REFERRER")
                life.task("CALL_REFERRER", child)
            for which in () if held else new:
                _live(life, which, draw(st.sampled_from(FATES)), draw(st.integers(0, 2)))
    return life


def _supersede(life: Life, child: int, dver: int) -> None:
    """What waits of an older version is replaced in the newer one's transaction."""
    for which, item in list(life.deliveries.items()):
        if which.child == child and item.state in {"PENDING", "RETRY"}:
            life.row(AuditKind.SUPERSEDED, **life.about(which), by=dver)
            life.becomes(which, state="SUPERSEDED", is_due=False)


def _live(life: Life, which: Which, fate: str, failures: int) -> None:
    for attempt in range(1, failures + 1):
        life.started(which, attempt)
        life.closed(which, "RETRY", attempt, error="E_HTTP")
    match fate:
        case "is sent":
            life.sent(which, failures + 1)
        case "is told":
            life.sent(which, failures + 1)
            life.becomes(which, receipt="DELIVERED")
        case "is read":
            life.sent(which, failures + 1)
            life.row(AuditKind.ACK, **life.about(which))
            life.becomes(which, receipt="DELIVERED", is_confirmed=True, is_watched=False)
        case "fails":
            life.started(which, failures + 1)
            life.closed(which, "FAILED", failures + 1)
            name = life.task("CALL_UNTOLD", which.child, which.agency_id)
            life.becomes(which, is_watched=False, called_for=name)
        case "is parked":
            life.row(AuditKind.PARKED, **life.about(which), reason="NO_SECRET")
            life.becomes(which, state="PARKED", is_due=False)
        case "falls back":
            _fall_back(life, which)
        case "is on its way":
            life.started(which, failures + 1)


def _fall_back(life: Life, which: Which) -> None:
    state = life.deliveries[which].state
    fired = {"watch": "FALLBACK", "state": state, "instead": "msg_1"}
    uid = life.row(AuditKind.CLOCK_FIRED, **life.about(which), **fired)
    text = f"{which.agency_id}#fallback#1"
    mail = life.planned(text, uid, child=which.child, dver=which.dver)
    life.sent(mail)


def codes(evidence: Evidence) -> set[FindingCode]:
    return {finding.code for finding in judged(evidence, Life().now)}


def account(evidence: Evidence) -> Tally:
    scope = Scope(DAY, Life().now + timedelta(hours=1), Life().now)
    return account_of(evidence, arrived(evidence), {REF: evidence}, scope)


@given(lives())
def test_nothing_is_wrong_with_any_life(life: Life) -> None:
    assert list(judged(life.evidence(), life.now)) == []


@given(lives())
def test_every_decision_of_any_life_ends_in_exactly_one_way(life: Life) -> None:
    decisions = [one for one in life.said if one["type"] == "DECISION"]
    tally = account(life.evidence())
    assert tally.decisions == tally.accounted == len(decisions)
    assert set(tally.ended) <= {Bucket.TOLD, Bucket.HELD, Bucket.OPEN, Bucket.NOBODY_TO_TELL}


@given(lives(), st.data())
def test_a_row_that_is_taken_away_is_noticed_wherever_it_stood(life: Life, data: st.DataObject) -> None:
    number = data.draw(st.integers(1, len(life.said)))
    assert FindingCode.SEQUENCE_BROKEN in codes(without_row(number)(life.evidence()))


@given(lives(), st.data())
def test_a_row_that_is_altered_is_noticed_wherever_it_stands(life: Life, data: st.DataObject) -> None:
    found, number = life.evidence(), data.draw(st.integers(0, len(life.said) - 1))
    row = found.rows[number]
    altered = replace(row, said={**row.said, "actor": "somebody-else"})
    rows = (*found.rows[:number], altered, *found.rows[number + 1 :])
    assert codes(replace(found, rows=rows)) == {FindingCode.LINK_BROKEN}


WHAT_MATTERS = {"DECISION", "ATTEMPT_STARTED", "ATTEMPT_CLOSED", "SUPERSEDED", "PARKED"}


@given(lives(), st.data())
def test_a_row_that_was_never_written_is_noticed_by_what_it_would_have_said(
    life: Life, data: st.DataObject
) -> None:
    """The chain is whole: somebody forgot to write the row, or wrote the chain anew."""
    numbers = [number for number, said in enumerate(life.said, 1) if said["type"] in WHAT_MATTERS]
    number = data.draw(st.sampled_from(numbers))
    damaged = relinked_without(number)(life.evidence())
    assert codes(damaged) - {FindingCode.SEQUENCE_BROKEN, FindingCode.LINK_BROKEN}


@given(lives(), st.data())
def test_a_delivery_that_is_taken_away_is_noticed(life: Life, data: st.DataObject) -> None:
    found = life.evidence()
    if found.deliveries:
        gone = data.draw(st.sampled_from(sorted(found.deliveries)))
        kept = {which: item for which, item in found.deliveries.items() if which != gone}
        assert FindingCode.DELIVERY_MISSING in codes(replace(found, deliveries=kept))


@given(lives(), st.data())
def test_a_delivery_that_nobody_asked_for_is_noticed(life: Life, data: st.DataObject) -> None:
    found = life.evidence()
    if found.deliveries:
        which = data.draw(st.sampled_from(sorted(found.deliveries)))
        second = replace(which, channel="email", nonce="X1")
        items = {**found.deliveries, second: replace(found.deliveries[which], which=second)}
        assert FindingCode.DELIVERY_UNEXPLAINED in codes(replace(found, deliveries=items))


@given(lives(), st.data())
def test_a_notice_that_is_taken_away_is_noticed(life: Life, data: st.DataObject) -> None:
    found = life.evidence()
    gone = data.draw(st.sampled_from(sorted(found.notices)))
    kept = {key: uid for key, uid in found.notices.items() if key != gone}
    assert FindingCode.NOTICE_MISSING in codes(replace(found, notices=kept))


@given(lives(), st.data())
def test_a_message_that_waits_for_nothing_is_noticed(life: Life, data: st.DataObject) -> None:
    """Of the newest versions: what another took the place of waits for nobody."""
    found = life.evidence()
    waiting = sorted(
        which
        for which, item in found.deliveries.items()
        if item.is_due and not found.is_replaced(item) and item.state != "SENDING"
    )
    if waiting:
        which = data.draw(st.sampled_from(waiting))
        quiet = replace(found.deliveries[which], is_due=False)
        assert FindingCode.NOT_DUE in codes(replace(found, deliveries={**found.deliveries, which: quiet}))


@given(lives(), st.data())
def test_an_agency_that_is_not_told_and_that_nobody_watches_is_noticed(
    life: Life, data: st.DataObject
) -> None:
    found = life.evidence()
    watched = sorted(
        which
        for which, item in found.deliveries.items()
        if item.is_watched and not found.is_replaced(item) and not item.held
    )
    if watched:
        which = data.draw(st.sampled_from(watched))
        quiet = replace(found.deliveries[which], is_watched=False)
        assert FindingCode.NOT_WATCHED in codes(replace(found, deliveries={**found.deliveries, which: quiet}))


@given(lives())
def test_a_hold_that_is_nobodys_task_is_noticed(life: Life) -> None:
    found = life.evidence()
    done = {name: replace(task, state="DONE") for name, task in found.tasks.items()}
    held = [item for item in found.deliveries.values() if item.held and not found.is_replaced(item)]
    assert (FindingCode.HELD_WITHOUT_TASK in codes(replace(found, tasks=done))) == bool(held)


@given(lives())
def test_a_version_that_is_decided_nowhere_hides_nothing(life: Life) -> None:
    """Were the child's own item lost, everything would count as its newest version."""
    found = life.evidence()
    lost = replace(found, children={child: Child(0) for child in found.children})
    assert codes(lost) >= codes(found)
