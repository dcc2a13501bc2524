"""What somebody at the police answers on the form's page: each mistake names its question, and UK time is
meant."""

from datetime import UTC, datetime

import pytest

from functions.domain.form_statement import (
    DATE_AHEAD,
    DATE_TOO_EARLY,
    MOST_KEPT,
    NO_DATE,
    NO_POLICY,
    NO_STATEMENT,
    NO_SUCH_DATE,
    NO_SUCH_TIME,
    NO_TIME,
    TIME_AHEAD,
    TIME_SKIPPED,
    Answers,
    Mistake,
    Statement,
    is_put_on_record,
    judged,
)
from schemas.codes import RaStatement

NOW = datetime(2026, 11, 24, 14, 31, tzinfo=UTC)
POLICIES = ("POLICY-2026-01", "POLICY-2026-02")


def done(day: str = "24", month: str = "11", year: str = "2026", time: str = "14:30") -> Answers:
    return Answers("DONE", day, month, year, time)


def said(answers: Answers, now: datetime = NOW) -> Statement | tuple[Mistake, ...]:
    return judged(answers, POLICIES, now)


def test_a_form_that_is_done_is_done_at_a_moment() -> None:
    assert said(done()) == Statement(RaStatement.DONE, datetime(2026, 11, 24, 14, 30, tzinfo=UTC))


@pytest.mark.parametrize("time", ["09:05", "9:05", "9.05", "0905", "905"])
def test_a_time_may_be_written_as_people_write_it(time: str) -> None:
    assert said(done(time=time)) == Statement(RaStatement.DONE, datetime(2026, 11, 24, 9, 5, tzinfo=UTC))


def test_in_summer_the_time_is_british_summer_time() -> None:
    assert said(done("1", "7", "2026", "14:30")) == Statement(
        RaStatement.DONE, datetime(2026, 7, 1, 13, 30, tzinfo=UTC)
    )


def test_of_a_time_that_came_twice_the_first_is_meant() -> None:
    assert said(done("25", "10", "2026", "1:30")) == Statement(
        RaStatement.DONE, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    )


def test_a_time_over_which_the_clocks_went_forward_never_was() -> None:
    assert said(done("29", "3", "2026", "1:30")) == (TIME_SKIPPED,)


def test_now_is_not_ahead_and_a_minute_later_is() -> None:
    at_the_minute = NOW.replace(second=0)
    assert said(done(time="14:31"), at_the_minute) == Statement(RaStatement.DONE, at_the_minute)
    assert said(done(time="14:32"), at_the_minute) == (TIME_AHEAD,)


def test_today_is_the_uks_today() -> None:
    just_after_midnight = datetime(2026, 7, 1, 23, 10, tzinfo=UTC)
    assert isinstance(said(done("2", "7", "2026", "0:05"), just_after_midnight), Statement)
    assert said(done("3", "7", "2026", "0:05"), just_after_midnight) == (DATE_AHEAD,)


@pytest.mark.parametrize(
    ("day", "month", "year", "wrong"),
    [
        ("", "", "", NO_DATE),
        ("24", "", "", NO_SUCH_DATE),
        ("", "11", "2026", NO_SUCH_DATE),
        ("24", "11", "26", NO_SUCH_DATE),
        ("31", "2", "2026", NO_SUCH_DATE),
        ("0", "1", "2026", NO_SUCH_DATE),
        ("٢٤", "11", "2026", NO_SUCH_DATE),
        ("24th", "11", "2026", NO_SUCH_DATE),
        ("31", "12", "1999", DATE_TOO_EARLY),
        ("25", "11", "2026", DATE_AHEAD),
        ("31", "12", "9999", DATE_AHEAD),
    ],
)
def test_a_date_that_is_none_or_cannot_be_is_named(day: str, month: str, year: str, wrong: Mistake) -> None:
    assert said(done(day, month, year)) == (wrong,)


def test_the_first_day_of_2000_will_do() -> None:
    assert isinstance(said(done("1", "1", "2000", "0:00")), Statement)


@pytest.mark.parametrize(
    ("time", "wrong"),
    [
        ("", NO_TIME),
        ("24:00", NO_SUCH_TIME),
        ("14:60", NO_SUCH_TIME),
        ("2:30pm", NO_SUCH_TIME),
        ("14", NO_SUCH_TIME),
    ],
)
def test_a_time_that_is_none_or_cannot_be_is_named(time: str, wrong: Mistake) -> None:
    assert said(done(time=time)) == (wrong,)


def test_both_are_named_where_both_are_wrong_in_the_order_of_the_form() -> None:
    assert said(Answers("DONE")) == (NO_DATE, NO_TIME)


@pytest.mark.parametrize("statement", ["", "done", "COMPLETE", "DONE NOT_NEEDED"])
def test_a_choice_of_no_list_is_none(statement: str) -> None:
    assert said(Answers(statement)) == (NO_STATEMENT,)


def test_a_form_that_is_not_needed_names_a_policy_of_the_hub() -> None:
    assert said(Answers("NOT_NEEDED", policy="POLICY-2026-02")) == Statement(
        RaStatement.NOT_NEEDED, policy_id="POLICY-2026-02"
    )
    for other in ("", "POLICY-2026-03", "policy-2026-02"):
        assert said(Answers("NOT_NEEDED", policy=other)) == (NO_POLICY,)


def test_where_no_policy_is_agreed_nothing_can_be_not_needed() -> None:
    assert judged(Answers("NOT_NEEDED", policy=""), (), NOW) == (NO_STATEMENT,)


def test_answers_are_taken_once_each_trimmed_and_never_longer_than_an_answer_is() -> None:
    fields = {"statement": ["DONE"], "day": [" 24 "], "month": ["1", "2"], "year": ["9" * 999], "more": ["x"]}
    assert Answers.of(fields) == Answers("DONE", "24", "", "9" * MOST_KEPT)


def test_every_mistake_is_one_plain_sentence_without_a_full_stop() -> None:
    for each in (NO_STATEMENT, NO_DATE, NO_SUCH_DATE, DATE_TOO_EARLY, DATE_AHEAD, NO_TIME, NO_POLICY):
        assert each.says[0].isupper()
        assert not each.says.endswith(".")


def test_what_happens_often_has_a_row_the_first_time_and_at_each_tenfold() -> None:
    told = [times for times in range(1, 100_001) if is_put_on_record(times)]
    assert told == [1, 10, 100, 1_000, 10_000, 100_000]
