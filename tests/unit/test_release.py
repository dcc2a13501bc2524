"""What a person must release first, and that the police form has no say in it."""

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.release import OpenHolds, Verdict, judge
from schemas.codes import HoldCode, HoldTrigger, Outcome
from schemas.decision import HoldRequest, NamedAgency

SCHOOL = NamedAgency(agency_id="hill-school")
EVERY_OUTCOME_BUT_HELD_ONES = [one for one in Outcome if one not in (Outcome.EMP, Outcome.LAD)]


def a_hold(code: HoldCode, agency_id: str | None = None) -> HoldRequest:
    return HoldRequest(code=code, agency_id=agency_id)


def held(outcomes: tuple[Outcome, ...], *holds: HoldRequest) -> Verdict:
    return judge(outcomes, holds, SCHOOL)


def test_release_cannot_ask_about_the_police_form() -> None:
    assert list(inspect.signature(judge).parameters) == [
        "outcomes",
        "holds",
        "referrer",
        "still_open",
    ]


@pytest.mark.parametrize("outcome", EVERY_OUTCOME_BUT_HELD_ONES)
def test_an_outcome_without_a_trigger_goes_at_once(outcome: Outcome) -> None:
    assert held((outcome,)) == Verdict((outcome,), (), {}, allegation_beside=False)


@pytest.mark.parametrize(
    "code", [HoldCode.EMERGENCY, HoldCode.LADO, HoldCode.RESTRICTED_RECORD, HoldCode.SENSITIVE]
)
def test_a_childs_hold_code_holds_everything_about_that_child(code: HoldCode) -> None:
    assert held((Outcome.S17,), a_hold(code)) == Verdict(
        (Outcome.S17,), (HoldTrigger(code),), {}, allegation_beside=False
    )


def test_a_staff_link_holds_only_the_agency_it_names() -> None:
    verdict = held((Outcome.S17,), a_hold(HoldCode.STAFF_LINK, "north-gp"))
    assert verdict.on_child == ()
    assert verdict.on_agency == {"north-gp": (HoldTrigger.STAFF_LINK,)}


def test_a_family_referrer_holds_only_the_referrer() -> None:
    verdict = held((Outcome.S17,), a_hold(HoldCode.REFERRER_IS_FAMILY))
    assert verdict.on_child == ()
    assert verdict.on_agency == {"hill-school": (HoldTrigger.REFERRER_IS_FAMILY,)}


def test_a_family_referrer_who_is_no_agency_holds_nobody() -> None:
    verdict = judge((Outcome.S17,), [a_hold(HoldCode.REFERRER_IS_FAMILY)], None)
    assert (verdict.on_child, verdict.on_agency) == ((), {})


def test_every_trigger_on_one_recipient_is_kept_once_and_in_order() -> None:
    verdict = held(
        (Outcome.S17,),
        a_hold(HoldCode.STAFF_LINK, "hill-school"),
        a_hold(HoldCode.STAFF_LINK, "hill-school"),
        a_hold(HoldCode.REFERRER_IS_FAMILY),
        a_hold(HoldCode.STAFF_LINK, "north-gp"),
    )
    assert verdict.on_agency == {
        "hill-school": (HoldTrigger.REFERRER_IS_FAMILY, HoldTrigger.STAFF_LINK),
        "north-gp": (HoldTrigger.STAFF_LINK,),
    }


def test_several_triggers_on_one_child_are_all_named() -> None:
    verdict = held((Outcome.EMP,), a_hold(HoldCode.SENSITIVE), a_hold(HoldCode.RESTRICTED_RECORD))
    assert verdict.on_child == (HoldTrigger.EMERGENCY, HoldTrigger.RESTRICTED_RECORD, HoldTrigger.SENSITIVE)


@pytest.mark.parametrize(
    "outcomes", [(Outcome.EMP,), (Outcome.S47J, Outcome.EMP), (Outcome.EMP, Outcome.ACC)]
)
def test_emergency_protection_always_holds_the_whole_message(outcomes: tuple[Outcome, ...]) -> None:
    assert held(outcomes) == Verdict(outcomes, (HoldTrigger.EMERGENCY,), {}, allegation_beside=False)


def test_an_allegation_alone_is_always_held() -> None:
    assert held((Outcome.LAD,)) == Verdict((Outcome.LAD,), (HoldTrigger.LADO,), {}, allegation_beside=False)


@pytest.mark.parametrize("outcomes", [(Outcome.S47J, Outcome.LAD), (Outcome.LAD, Outcome.S47J)])
@pytest.mark.parametrize("asked", [(), (a_hold(HoldCode.LADO),)])
def test_an_allegation_never_holds_the_section_47_beside_it(
    outcomes: tuple[Outcome, ...], asked: tuple[HoldRequest, ...]
) -> None:
    assert held(outcomes, *asked) == Verdict((Outcome.S47J,), (), {}, allegation_beside=True)


def test_an_allegation_beside_an_emergency_leaves_the_emergency_held() -> None:
    verdict = held((Outcome.EMP, Outcome.LAD))
    assert verdict == Verdict((Outcome.EMP,), (HoldTrigger.EMERGENCY,), {}, allegation_beside=True)


def test_another_hold_still_holds_what_stands_beside_an_allegation() -> None:
    verdict = held((Outcome.S47J, Outcome.LAD), a_hold(HoldCode.SENSITIVE))
    assert verdict == Verdict((Outcome.S47J,), (HoldTrigger.SENSITIVE,), {}, allegation_beside=True)


# --- what an earlier version is still held for

PERSONS_CODES = [HoldTrigger.RESTRICTED_RECORD, HoldTrigger.SENSITIVE]


@pytest.mark.parametrize("trigger", PERSONS_CODES)
@pytest.mark.parametrize("outcome", Outcome)
def test_a_childs_hold_that_nobody_released_holds_the_newer_version(
    outcome: Outcome, trigger: HoldTrigger
) -> None:
    verdict = judge((outcome,), [], SCHOOL, OpenHolds(on_child=(trigger,)))
    assert trigger in verdict.on_child


@pytest.mark.parametrize("trigger", [HoldTrigger.EMERGENCY, HoldTrigger.LADO])
@pytest.mark.parametrize("outcome", EVERY_OUTCOME_BUT_HELD_ONES)
def test_a_hold_that_came_with_an_outcome_goes_with_it(outcome: Outcome, trigger: HoldTrigger) -> None:
    verdict = judge((outcome,), [], SCHOOL, OpenHolds(on_child=(trigger,)))
    assert verdict.on_child == ()


def test_an_open_hold_and_a_new_one_are_both_named_once() -> None:
    before = OpenHolds(on_child=(HoldTrigger.SENSITIVE,))
    again = judge((Outcome.EMP,), [a_hold(HoldCode.SENSITIVE)], SCHOOL, before)
    assert again.on_child == (HoldTrigger.EMERGENCY, HoldTrigger.SENSITIVE)


def test_a_recipients_hold_that_nobody_released_stays_with_that_recipient() -> None:
    before = OpenHolds(
        on_agency={"north-gp": (HoldTrigger.STAFF_LINK,), "hill-school": (HoldTrigger.REFERRER_IS_FAMILY,)}
    )
    verdict = judge((Outcome.S17,), [a_hold(HoldCode.STAFF_LINK, "hill-school")], SCHOOL, before)
    assert verdict.on_agency == {
        "north-gp": (HoldTrigger.STAFF_LINK,),
        "hill-school": (HoldTrigger.REFERRER_IS_FAMILY, HoldTrigger.STAFF_LINK),
    }


def test_whether_an_address_is_verified_is_asked_anew() -> None:
    before = OpenHolds(on_agency={"north-gp": (HoldTrigger.UNVERIFIED_ADDRESS,)})
    assert judge((Outcome.S17,), [], SCHOOL, before).on_agency == {}


def test_an_open_hold_still_holds_what_stands_beside_an_allegation() -> None:
    before = OpenHolds(on_child=(HoldTrigger.SENSITIVE, HoldTrigger.LADO))
    verdict = judge((Outcome.S47J, Outcome.LAD), [], SCHOOL, before)
    assert verdict == Verdict((Outcome.S47J,), (HoldTrigger.SENSITIVE,), {}, allegation_beside=True)


@given(
    outcomes=st.lists(st.sampled_from(Outcome), min_size=1, max_size=4, unique=True),
    before=st.lists(st.sampled_from(HoldTrigger), max_size=4),
)
def test_a_newer_version_never_has_fewer_holds_than_it_would_have_by_itself(
    outcomes: list[Outcome], before: list[HoldTrigger]
) -> None:
    by_itself = judge(outcomes, [], SCHOOL)
    after = judge(outcomes, [], SCHOOL, OpenHolds(on_child=tuple(before)))
    assert set(by_itself.on_child) <= set(after.on_child)
    assert (after.sent, after.allegation_beside) == (by_itself.sent, by_itself.allegation_beside)
    assert Outcome.LAD not in after.sent or after.sent == (Outcome.LAD,)
