"""Whether an endpoint may be sent to now, and which answer opens its breaker (delivery section 6)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.endpoint import (
    COOLDOWN,
    FAILED_IN_A_ROW,
    FEWEST_IN_WINDOW,
    KEPT_BY_SLOT,
    SLOTS,
    WINDOW,
    Answered,
    EndpointState,
    Slot,
    Turn,
)
from schemas.codes import Breaker, PauseCause

NOW = datetime(2026, 11, 24, 15, 2, 30, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)
SOON, JUST_NOW = NOW + A_MOMENT, NOW - A_MOMENT
ALL_BUSY = tuple(Slot(number, busy_until=SOON) for number in range(SLOTS))

slots = st.sampled_from([ALL_BUSY, tuple(map(Slot, range(SLOTS)))])
maybe = st.sampled_from([None, JUST_NOW, NOW, SOON])


def failed(*seconds_ago: float) -> list[Answered]:
    return [Answered(NOW - timedelta(seconds=ago), took_it=False) for ago in seconds_ago]


def took_it(*seconds_ago: float) -> list[Answered]:
    return [Answered(NOW - timedelta(seconds=ago), took_it=True) for ago in seconds_ago]


def remembering(answers: Sequence[Answered]) -> EndpointState:
    """A closed breaker whose slots remember `answers`, dealt out to them in turn."""
    dealt = tuple(Slot(number, None, tuple(answers[number::SLOTS])) for number in range(SLOTS))
    return EndpointState(breaker=Breaker.CLOSED, slots=dealt)


def opens(before: Sequence[Answered], *, now_failed: bool = True) -> bool:
    return remembering(before).opens_after(Answered(NOW, took_it=not now_failed))


# --- turn


def test_an_endpoint_that_answers_is_sent_to_while_a_slot_is_free() -> None:
    assert EndpointState(breaker=Breaker.CLOSED).turn(NOW) is Turn.GO
    one_left = (*ALL_BUSY[:-1], Slot(SLOTS - 1))
    assert EndpointState(breaker=Breaker.CLOSED, slots=one_left).turn(NOW) is Turn.GO


def test_when_four_are_on_their_way_the_next_waits_for_a_slot() -> None:
    assert SLOTS == 4
    assert EndpointState(breaker=Breaker.CLOSED, slots=ALL_BUSY).turn(NOW) is Turn.WAIT


@pytest.mark.parametrize("breaker", [None, Breaker.OPEN])
def test_an_endpoint_of_which_nothing_is_known_or_that_failed_is_probed(breaker: Breaker | None) -> None:
    assert EndpointState(breaker=breaker).turn(NOW) is Turn.PROBE
    assert EndpointState(breaker=breaker, open_until=NOW).turn(NOW) is Turn.PROBE
    assert EndpointState(breaker=breaker, open_until=NOW, probe_until=JUST_NOW).turn(NOW) is Turn.PROBE


@pytest.mark.parametrize("probed_until", [NOW, SOON])
@pytest.mark.parametrize("breaker", [None, Breaker.OPEN])
def test_while_somebody_probes_it_nobody_else_does(breaker: Breaker | None, probed_until: datetime) -> None:
    state = EndpointState(breaker=breaker, open_until=NOW, probe_until=probed_until)
    assert state.turn(NOW) is Turn.WAIT


@pytest.mark.parametrize("breaker", [None, *Breaker])
def test_an_endpoint_that_failed_rests_until_it_has_cooled(breaker: Breaker | None) -> None:
    assert EndpointState(breaker=breaker, open_until=SOON).turn(NOW) is Turn.REST
    assert EndpointState(breaker=breaker, open_until=NOW).turn(NOW) is not Turn.REST


def test_a_probe_that_was_abandoned_keeps_no_closed_breaker_from_being_sent_to() -> None:
    assert EndpointState(breaker=Breaker.CLOSED, probe_until=SOON).turn(NOW) is Turn.GO


@given(st.sampled_from(PauseCause), st.sampled_from([None, *Breaker]), maybe, maybe, slots)
def test_nothing_is_sent_to_a_paused_endpoint_whatever_else_is_known(
    paused: PauseCause,
    breaker: Breaker | None,
    open_until: datetime | None,
    probe_until: datetime | None,
    held: tuple[Slot, ...],
) -> None:
    assert EndpointState(breaker, open_until, probe_until, paused, held).turn(NOW) is Turn.PAUSED


@given(st.sampled_from([None, *Breaker]), maybe, maybe, slots)
def test_no_more_than_a_probe_goes_where_it_is_not_known_that_the_endpoint_answers(
    breaker: Breaker | None,
    open_until: datetime | None,
    probe_until: datetime | None,
    held: tuple[Slot, ...],
) -> None:
    turn = EndpointState(breaker, open_until, probe_until, None, held).turn(NOW)
    goes = Turn.GO if breaker is Breaker.CLOSED else Turn.PROBE
    assert turn in {goes, Turn.WAIT, Turn.REST}


# --- slots


@pytest.mark.parametrize(
    ("busy_until", "free"), [(None, True), (JUST_NOW, True), (NOW, False), (SOON, False)]
)
def test_a_slot_is_free_when_its_lease_has_run_out(*, busy_until: datetime | None, free: bool) -> None:
    assert Slot(0, busy_until).is_free(NOW) is free


def test_of_the_free_slots_chance_picks_one_so_that_workers_seldom_reach_for_the_same() -> None:
    state = EndpointState(slots=(Slot(0, SOON), Slot(1), Slot(2, JUST_NOW), Slot(3, NOW)))
    picked = [state.free_slot(NOW, chance) for chance in (0, 0.49, 0.5, 0.999)]
    assert [slot.number for slot in picked if slot] == [1, 1, 2, 2]
    free = EndpointState()
    assert [slot.number for n in range(SLOTS) if (slot := free.free_slot(NOW, n / SLOTS))] == [0, 1, 2, 3]


@given(st.floats(0, 1, exclude_max=True))
def test_no_chance_picks_a_slot_where_none_is_free(chance: float) -> None:
    assert EndpointState(slots=ALL_BUSY).free_slot(NOW, chance) is None


def test_a_slot_remembers_the_newest_answers_and_forgets_the_oldest() -> None:
    slot = Slot(0)
    for ago in range(3 * KEPT_BY_SLOT, 0, -1):
        slot = Slot(0, answers=slot.with_answer(*failed(ago)))
    assert list(slot.answers) == failed(*range(KEPT_BY_SLOT, 0, -1))
    assert Slot(0).with_answer(*took_it(1)) == tuple(took_it(1))
    assert SLOTS * KEPT_BY_SLOT >= FEWEST_IN_WINDOW


# --- the breaker opens


def test_the_limits_are_those_that_were_agreed() -> None:
    assert (5, 10, timedelta(minutes=5)) == (FAILED_IN_A_ROW, FEWEST_IN_WINDOW, WINDOW)
    assert timedelta(seconds=120) == COOLDOWN


def test_five_failures_in_a_row_open_it_and_four_do_not() -> None:
    assert not opens(failed(30, 20, 10))
    assert opens(failed(40, 30, 20, 10))


def test_five_in_a_row_open_it_however_long_they_took() -> None:
    """An endpoint that gets one message a day is as dead after five of them."""
    assert opens(failed(4 * 86_400, 3 * 86_400, 2 * 86_400, 86_400))


def test_one_success_among_the_last_five_keeps_it_closed() -> None:
    for place in range(4):
        last = failed(40, 30, 20, 10)
        last[place] = took_it(40 - 10 * place)[0]
        assert not opens(last)
    assert opens([*took_it(50), *failed(40, 30, 20, 10)])


def test_an_answer_that_took_the_message_never_opens_it() -> None:
    assert not opens(failed(*range(40, 0, -1)), now_failed=False)


def alternating(count: int, *, more_failed: int = 0) -> list[Answered]:
    """So many answers within the window, every other one a success; the oldest ones failed all the same."""
    return [
        Answered(NOW - timedelta(seconds=n), took_it=n % 2 == 1 and n <= count - more_failed)
        for n in range(count, 0, -1)
    ]


def test_more_than_half_of_at_least_ten_failed_in_five_minutes_open_it_and_just_half_does_not() -> None:
    just_half = alternating(9)
    assert [one.took_it for one in just_half].count(True) == 5
    assert not opens(just_half)
    assert opens(alternating(9, more_failed=1))
    assert not opens(alternating(11))
    assert opens(alternating(10))


def test_nine_in_five_minutes_are_too_few_to_judge_by() -> None:
    assert not opens(alternating(8, more_failed=4))
    assert opens(alternating(9, more_failed=4))


def test_what_is_older_than_five_minutes_does_not_count_among_them() -> None:
    within = [Answered(NOW - WINDOW + A_MOMENT, took_it=False), *alternating(8)]
    without = [Answered(NOW - WINDOW, took_it=False), *alternating(8)]
    assert opens(within)
    assert not opens(without)


def test_old_successes_do_not_outweigh_what_failed_within_the_window() -> None:
    long_ago = took_it(*range(400, 380, -1))
    assert opens([*long_ago, *alternating(10)])


def test_the_slots_answers_are_told_in_the_order_in_which_they_came() -> None:
    """The last five of all of them, whichever slot remembers them."""
    newest_failed = (
        Slot(0, None, (*failed(9, 8, 7, 6),)),
        Slot(1, None, (*took_it(20, 19),)),
        Slot(2, None, (*took_it(18),)),
        Slot(3),
    )
    state = EndpointState(Breaker.CLOSED, slots=newest_failed)
    assert state.opens_after(Answered(NOW, took_it=False))
    newer_success = (*newest_failed[:3], Slot(3, None, (*took_it(5),)))
    assert not EndpointState(Breaker.CLOSED, slots=newer_success).opens_after(Answered(NOW, took_it=False))


def test_an_answer_that_ended_before_others_is_counted_in_its_own_place() -> None:
    """Four workers end in any order; what one of them learnt late is not the newest."""
    later = Answered(NOW + timedelta(seconds=1), took_it=True)
    assert not remembering([*failed(4, 3, 2, 1), later]).opens_after(Answered(NOW, took_it=False))


@given(
    st.lists(
        st.tuples(st.integers(1, 600_000), st.booleans()),
        max_size=SLOTS * KEPT_BY_SLOT,
        unique_by=lambda one: one[0],
    )
)
def test_it_opens_by_what_the_slots_remember_and_not_by_which_of_them_does(
    remembered: list[tuple[int, bool]],
) -> None:
    """Dealt out as they were drawn, which is in no order."""
    answers = [Answered(NOW - timedelta(milliseconds=ago), took_it=took) for ago, took in remembered]
    in_order = sorted(remembered, reverse=True)
    known = [*(took for _, took in in_order), False]
    recent = [*(took for ago, took in in_order if ago < 300_000), False]
    in_a_row = len(known) >= 5 and not any(known[-5:])
    mostly = len(recent) >= 10 and recent.count(False) > recent.count(True)
    assert opens(answers) is (in_a_row or mostly)
