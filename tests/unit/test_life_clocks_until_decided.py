"""From receipt to a final decision: what waits, until when, and what neither ends nor restarts it."""

from datetime import UTC, datetime, timedelta

import pytest

from schemas.codes import ClockEnd, Rag
from tests.unit.waits import (
    ACKNOWLEDGE,
    DECIDE,
    DECIDED,
    OF_A_GP,
    OF_PROBATION,
    RECEIVED,
    Story,
    acknowledged,
    at,
    decided,
    of_child,
    received,
    revised,
    with_rag,
)

A_WORKING_DAY = datetime(2026, 11, 25, 9, 40, tzinfo=UTC)
FOUR_HOURS = datetime(2026, 11, 24, 13, 40, tzinfo=UTC)
THREE_WORKING_DAYS = datetime(2026, 11, 27, 9, 40, tzinfo=UTC)
UNTIL = {Rag.RED: FOUR_HOURS, Rag.AMBER: A_WORKING_DAY, Rag.GREEN: THREE_WORKING_DAYS, None: A_WORKING_DAY}
NOT_FINAL = ("INF", "DUP", "TRF")
ELSEWHERE = {"duplicate_of": "NS-26-0THER1", "receiving_la": "SOUTHSHIRE", "transfer_accepted": False}


def not_final(outcome: str, **changes: object) -> dict[str, object]:
    """What such a decision says beside its outcome."""
    return (ELSEWHERE if outcome != "INF" else {}) | changes


@pytest.mark.parametrize("kind", ["CONTACT", "REFERRAL"])
@pytest.mark.parametrize("rag", UNTIL)
def test_whatever_arrives_is_to_be_acknowledged_in_a_working_day_and_decided_by_its_colour(
    kind: str, rag: Rag | None
) -> None:
    story = Story().hear(received(1, 2, kind=kind, **with_rag(rag)))
    assert story.running() == {
        ACKNOWLEDGE: A_WORKING_DAY,
        DECIDE: UNTIL[rag],
        of_child(2, DECIDE): UNTIL[rag],
    }
    assert {clock.since for clock in story.clocks.values()} == {RECEIVED}


@pytest.mark.parametrize(
    ("received_at", "one_day", "three_days"),
    [
        ("2026-06-10T09:30:00Z", at(11, 9, 30, month=6), at(15, 9, 30, month=6)),
        ("2026-06-12T16:00:00Z", at(16, 8, month=6), at(18, 8, month=6)),
        ("2026-12-24T16:00:00Z", at(29, 16), at(31, 16)),
        ("2026-10-24T22:30:00Z", at(27, 9, month=10), at(29, 9, month=10)),
        ("2022-09-16T14:00:00Z", at(20, 14, month=9, year=2022), at(22, 14, month=9, year=2022)),
    ],
)
def test_the_domains_examples_hold_for_the_clocks(
    received_at: str, one_day: datetime, three_days: datetime
) -> None:
    """Section 5: working days keep the local time, and a council's night is nobody's."""
    story = Story().hear(received(received_at=received_at, rag="GREEN"))
    assert story.running() == {ACKNOWLEDGE: one_day, DECIDE: three_days}
    red = Story().hear(received(received_at=received_at, rag="RED"))
    assert red.running()[DECIDE] == datetime.fromisoformat(received_at) + timedelta(hours=4)


def test_what_is_told_again_restarts_nothing() -> None:
    story = Story().hear(received(kind="CONTACT"))
    before = dict(story.clocks)
    later = received(received_at="2026-11-24T11:00:00Z")
    assert story.hear(later).clocks == before


def test_an_earlier_receipt_that_comes_late_makes_the_clocks_due_sooner() -> None:
    story = Story().hear(received())
    story.hear(received(received_at="2026-11-24T09:10:00Z"))
    sooner = {ACKNOWLEDGE: A_WORKING_DAY - timedelta(minutes=30), DECIDE: FOUR_HOURS - timedelta(minutes=30)}
    assert story.running() == sooner


def test_an_acknowledgement_ends_its_own_clock_and_no_other() -> None:
    story = Story().hear(received(), acknowledged())
    assert story.ended() == {ACKNOWLEDGE: ClockEnd.ANSWERED}
    assert story.running() == {DECIDE: FOUR_HOURS}


def test_an_acknowledgement_that_is_not_expected_any_more_begins_nothing() -> None:
    story = Story().hear(received(), acknowledged(), received(kind="CONTACT"), acknowledged())
    assert story.ended() == {ACKNOWLEDGE: ClockEnd.ANSWERED}


@pytest.mark.parametrize("after", [Rag.AMBER, Rag.GREEN, Rag.RED])
@pytest.mark.parametrize("before", UNTIL)
def test_another_colour_counts_from_the_receipt_and_makes_nothing_later_that_had_one(
    before: Rag | None, after: Rag
) -> None:
    """The first colour says how urgent it is; a later one may hurry, and never puts off."""
    story = Story().hear(received(**with_rag(before)), acknowledged(**with_rag(after)))
    expected = UNTIL[after] if before is None else min(UNTIL[before], UNTIL[after])
    assert story.running()[DECIDE] == expected
    assert story.clocks[DECIDE].since == RECEIVED


def test_neither_does_it_when_it_falls_twice() -> None:
    story = Story().hear(received(rag="RED"), acknowledged(rag="GREEN"), acknowledged(rag="AMBER"))
    assert story.running()[DECIDE] == FOUR_HOURS


def test_one_without_a_colour_leaves_the_decisions_clock_alone() -> None:
    story = Story().hear(received(rag="GREEN"), acknowledged())
    assert story.running()[DECIDE] == THREE_WORKING_DAYS


def test_a_clock_that_has_fired_is_not_moved_by_a_colour() -> None:
    story = Story().hear(received(rag="AMBER")).fire(DECIDE)
    assert story.hear(acknowledged(rag="RED")).clocks[DECIDE].end is ClockEnd.FIRED


@pytest.mark.parametrize("outcome", ["NFA", "S17", "EMP", "LAD", "OPN", "CTI"])
def test_a_final_code_ends_the_decisions_clock_held_or_not(outcome: str) -> None:
    hold = [{"code": "SENSITIVE"}]
    story = Story().hear(received(), decided(outcome, hold_codes=hold))
    assert story.ended()[DECIDE] is ClockEnd.ANSWERED
    assert story.clocks[DECIDE].ended_at == DECIDED


@pytest.mark.parametrize("outcome", NOT_FINAL)
def test_what_is_not_final_ends_it_not(outcome: str) -> None:
    story = Story().hear(received(), decided(outcome, **not_final(outcome)))
    assert story.running()[DECIDE] == FOUR_HOURS


@pytest.mark.parametrize("outcome", NOT_FINAL)
def test_a_hub_that_starts_with_decisions_has_the_clock_all_the_same(outcome: str) -> None:
    story = Story().hear(decided(outcome, **not_final(outcome)))
    assert story.running()[DECIDE] == FOUR_HOURS
    assert story.clocks[DECIDE].since == RECEIVED


def test_one_that_is_decided_at_once_has_none() -> None:
    assert DECIDE not in Story().hear(decided("NFA")).clocks


def test_a_final_code_beside_one_that_is_not_settles_it() -> None:
    both = decided("INF", additional_outcomes=["S17"])
    assert Story().hear(received(), both).ended()[DECIDE] is ClockEnd.ANSWERED


def test_a_transfer_is_final_once_the_other_authority_has_accepted() -> None:
    taken = decided("TRF", receiving_la="SOUTHSHIRE", transfer_accepted=True)
    assert Story().hear(received(), taken).ended()[DECIDE] is ClockEnd.ANSWERED


def test_more_information_needed_may_come_with_another_colour() -> None:
    story = Story().hear(received(rag="GREEN"), decided("INF", rag="RED"))
    assert story.running()[DECIDE] == FOUR_HOURS
    story = Story().hear(received(rag="RED"), decided("INF", rag="GREEN"))
    assert story.running()[DECIDE] == FOUR_HOURS
    story = Story().hear(received(rag="RED"), decided("INF", rag=None))
    assert story.running()[DECIDE] == FOUR_HOURS


@pytest.mark.parametrize("outcome", NOT_FINAL)
def test_a_final_decision_that_is_taken_back_to_one_that_is_not_is_waited_for_again(outcome: str) -> None:
    story = Story().hear(received(), decided("S17"), revised(2, outcome, **not_final(outcome)))
    assert story.running()[DECIDE] == FOUR_HOURS
    assert story.hear(revised(3, "NFA")).ended()[DECIDE] is ClockEnd.ANSWERED


def test_a_decision_that_comes_late_answers_the_clock_that_fired() -> None:
    story = Story().hear(received()).fire(DECIDE)
    assert story.hear(decided("INF")).ended()[DECIDE] is ClockEnd.FIRED
    assert story.hear(revised(2, "NFA")).ended()[DECIDE] is ClockEnd.ANSWERED


def test_an_acknowledgement_is_waited_for_until_every_child_is_decided() -> None:
    """Then each one's decision says more than an acknowledgement could."""
    story = Story().hear(received(1, 2), decided("NFA"))
    assert ACKNOWLEDGE in story.running()
    story.hear(decided("INF", child_index=2))
    assert story.ended()[ACKNOWLEDGE] is ClockEnd.ANSWERED


def test_of_a_child_that_was_decided_before_it_arrived_nothing_is_waited_for() -> None:
    story = Story().hear(decided("NFA"), received())
    assert (story.running(), story.ended()) == ({}, {})
    story = Story().hear(decided("NFA"), received(1, 2))
    assert set(story.running()) == {ACKNOWLEDGE, of_child(2, DECIDE)}


# --- what agencies are asked for


@pytest.mark.parametrize(
    ("rag", "due_at"),
    [
        (Rag.RED, datetime(2026, 11, 24, 12, 0, tzinfo=UTC)),
        (Rag.AMBER, datetime(2026, 11, 24, 14, 0, tzinfo=UTC)),
        (None, datetime(2026, 11, 24, 14, 0, tzinfo=UTC)),
    ],
)
def test_each_agency_that_is_asked_has_a_clock_by_colour(rag: Rag | None, due_at: datetime) -> None:
    story = Story().hear(received(rag=None), acknowledged("north-probation", "north-gp", **with_rag(rag)))
    assert {which: story.running()[which] for which in (OF_PROBATION, OF_A_GP)} == {
        OF_PROBATION: due_at,
        OF_A_GP: due_at,
    }


def test_where_the_hub_says_by_when_that_holds() -> None:
    asked = acknowledged("north-probation", contribute_by="2026-11-24T11:15:00Z")
    assert Story().hear(received(), asked).running()[OF_PROBATION] == at(24, 11, 15, month=11)


def test_the_referrals_colour_counts_where_the_acknowledgement_has_none() -> None:
    story = Story().hear(received(rag="RED"), acknowledged("north-probation"))
    assert story.running()[OF_PROBATION] == at(24, 12, month=11)


def test_asked_again_the_last_word_counts_and_an_older_one_does_not() -> None:
    again = acknowledged("north-probation", acknowledged_at="2026-11-24T12:00:00Z", rag="RED")
    story = Story().hear(received(), acknowledged("north-probation"), again)
    assert story.running()[OF_PROBATION] == at(24, 14, month=11)
    assert story.hear(acknowledged("north-probation")).running()[OF_PROBATION] == at(24, 14, month=11)


def test_one_that_fired_begins_anew_when_the_agency_is_asked_again() -> None:
    story = Story().hear(received(), acknowledged("north-probation")).fire(OF_PROBATION)
    again = acknowledged("north-probation", acknowledged_at="2026-11-24T12:00:00Z", rag="RED")
    assert story.hear(again).running()[OF_PROBATION] == at(24, 14, month=11)


def test_about_a_decided_child_nobody_is_asked() -> None:
    story = Story().hear(received(), decided("INF"), acknowledged("north-probation"))
    assert OF_PROBATION not in story.clocks


def test_a_final_decision_ends_what_agencies_were_asked_and_a_provisional_one_for_whoever_has_answered() -> (
    None
):
    story = Story().hear(received(), acknowledged("north-probation", "north-gp"))
    story.hear(decided("INF", agencies_contributing=["north-gp"]))
    assert story.ended()[OF_A_GP] is ClockEnd.ANSWERED
    assert OF_PROBATION in story.running()
    assert story.hear(revised(2, "NFA")).ended()[OF_PROBATION] is ClockEnd.ANSWERED


def test_a_siblings_decision_ends_nothing_of_another_child() -> None:
    story = Story().hear(received(1, 2), acknowledged("north-probation"), decided("NFA", child_index=2))
    assert set(story.running()) == {DECIDE, OF_PROBATION}
