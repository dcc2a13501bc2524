"""What is told beside the decisions is accounted for like them, and never mistaken for one of them."""

from datetime import timedelta

import pytest

from functions.domain.reconciliation.account import Scope, account_of, judged
from functions.domain.reconciliation.evidence import Child, Which
from functions.domain.series import line_in, thread_of
from schemas.codes import AuditKind, Beside, Bucket, FindingCode, Series
from tests.unit.lives import REF, Life, arrived, told

PLAN = "north-probation#email#3#UPLAN"
ASKED = "north-probation#email#2#UCONTRIBUTION"
OWN_LINE = line_in(Series.CONTRIBUTION, thread_of("north-probation"))


def updated(
    text: str = PLAN, number: int = 1, series: Series = Series.PLAN, dver: int = 1
) -> tuple[Life, Which]:
    """A referral told of its decision, if there is one, and one update on its way."""
    life = told() if dver else Life()
    uid = life.row(AuditKind.UPDATE, child=1, dver=number, series=series.value, recipients=[text], cipher="c")
    which = life.planned(text, uid, dver=number)
    life.children[1] = Child(dver, newest={series: number})
    return life, which


def codes(life: Life) -> list[FindingCode]:
    return [one.code for one in judged(life.evidence(), life.now + timedelta(hours=2))]


def test_an_update_on_its_way_is_whole() -> None:
    assert codes(updated()[0]) == []


def test_an_update_that_arrived_need_not_be_confirmed() -> None:
    life, which = updated()
    life.sent(which)
    life.becomes(which, receipt="DELIVERED", is_watched=False)
    assert codes(life) == []


def test_an_update_that_nobody_knows_to_have_arrived_is_watched() -> None:
    life, which = updated()
    life.sent(which)
    life.becomes(which, is_watched=False)
    assert codes(life) == [FindingCode.NOT_WATCHED]


def test_an_update_that_no_row_lists_is_found() -> None:
    life = told()
    life.planned(PLAN, "nobody's")
    life.notices[1, 1, "UPLAN"] = life.said[0]["uid"]
    assert codes(life) == [FindingCode.DELIVERY_UNEXPLAINED]


def test_an_update_that_is_not_there_is_found() -> None:
    life, which = updated()
    del life.deliveries[which]
    assert codes(life) == [FindingCode.DELIVERY_MISSING]


def test_a_newer_update_takes_the_place_of_an_older_one_and_of_no_decision() -> None:
    life, which = updated(number=1)
    life.becomes(which, is_due=False, is_watched=False)
    life.children[1] = Child(1, newest={Series.PLAN: 2})
    assert codes(life) == []
    life.children[1] = Child(2, newest={Series.PLAN: 1})
    assert FindingCode.NOT_DUE in codes(life)


def test_a_newer_request_takes_the_place_of_its_own_agencys_alone() -> None:
    life, which = updated(ASKED, series=Series.CONTRIBUTION, dver=0)
    life.becomes(which, is_due=False, is_watched=False)
    life.children[1] = Child(
        0, newest={"CONTRIBUTION": 2, line_in(Series.CONTRIBUTION, thread_of("north-gp")): 2}
    )
    assert codes(life) == [FindingCode.NOT_DUE, FindingCode.NOT_WATCHED]
    life.children[1] = Child(0, newest={"CONTRIBUTION": 2, OWN_LINE: 2})
    assert codes(life) == []


@pytest.mark.parametrize(("dver", "found"), [(0, [FindingCode.NOT_DUE, FindingCode.NOT_WATCHED]), (1, [])])
def test_what_was_asked_before_the_decision_need_not_go_after_it(dver: int, found: list[FindingCode]) -> None:
    life, which = updated(ASKED, series=Series.CONTRIBUTION, dver=0)
    life.becomes(which, is_due=False, is_watched=False)
    life.children[1] = Child(dver, newest={OWN_LINE: 1})
    assert codes(life) == found


def test_a_word_that_no_release_knows_is_of_no_series() -> None:
    assert Which(REF, 1, 1, "north-gp", "email", "UHOROSCOPE").series is None


def test_a_resent_update_is_no_resend_of_the_days_decisions() -> None:
    life, which = updated()
    life.sent(which)
    again = f"{PLAN}+S12345678"
    uid = life.row(AuditKind.RESENT, **life.about(which), recipients=[again], cipher="c")
    life.planned(again, uid)
    life.becomes(which, is_resent=True, is_watched=False)
    evidence = life.evidence()
    scope = Scope(life.now.date(), life.now + timedelta(hours=1), life.now + timedelta(hours=2))
    tally = account_of(evidence, arrived(evidence), {REF: evidence}, scope)
    assert (tally.ended, tally.beside.get(Beside.RESENDS, 0)) == ({Bucket.TOLD: 1}, 0)
