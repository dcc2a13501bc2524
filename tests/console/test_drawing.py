"""Charts stay on their drawing, and say the same, whatever is counted."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.adapters.render import render_console
from functions.console.shown.drawing import (
    FOOT,
    LEFT,
    RIGHT,
    TOP,
    Count,
    Share,
    bar_chart,
    line_chart,
    row_chart,
)
from functions.console.shown.overview import Overview
from functions.console.shown.parts import Unavailable
from tests.console.samples.around import frame
from tests.console.samples.overview import BAD_MORNING, GOOD_MORNING, decisions, told

COUNTS = st.builds(
    Count,
    label=st.just("Mon"),
    value=st.none() | st.integers(0, 10**15),
    before=st.none() | st.integers(0, 10**15),
)
ABOUT = decisions().about


@given(st.lists(COUNTS, max_size=40))
def test_bars_stay_on_the_drawing(counts: list[Count]) -> None:
    chart = bar_chart(ABOUT, counts)
    assert len(chart.bars) == len(counts)
    assert 2 <= len(chart.levels) <= 6
    for bar in chart.bars:
        assert LEFT <= bar.x < bar.x + bar.width <= RIGHT
        assert TOP <= bar.y <= FOOT
        assert bar.height == pytest.approx(FOOT - bar.y, abs=0.2)
        assert bar.words_y > 0
        assert bar.before_y is None or TOP <= bar.before_y <= FOOT
        assert len(bar.words) <= 10


@given(st.lists(st.none() | st.floats(-1000, 1000), max_size=60), st.none() | st.floats(0, 100))
def test_a_line_stays_on_the_drawing(values: list[float | None], target: float | None) -> None:
    chart = line_chart(ABOUT, [Share(label="7 Sep", value=value) for value in values], target)
    dots = [dot for run in chart.runs for dot in run]
    assert len(dots) == len([value for value in values if value is not None])
    assert all(LEFT <= dot.x <= RIGHT and TOP <= dot.y <= FOOT for dot in dots)
    assert 3 <= len(chart.levels) <= 6
    assert chart.levels[-1].words == "100%"
    assert chart.target is None or TOP <= chart.target.y <= FOOT


def test_a_higher_count_has_a_higher_bar_from_the_same_foot() -> None:
    low, high = bar_chart(ABOUT, (Count(label="Mon", value=10), Count(label="Tue", value=20))).bars
    assert high.height == 2 * low.height
    assert low.y + low.height == high.y + high.height == FOOT


def test_a_missing_week_breaks_the_line() -> None:
    chart = told((90, None, 92, 93))
    assert [len(run) for run in chart.runs] == [1, 2]


def test_one_value_alone_is_a_point_with_its_words() -> None:
    chart = told((97.25,))
    assert chart.last_words == "97.2%"
    assert [len(run) for run in chart.runs] == [1]


@pytest.mark.parametrize(
    ("values", "said"),
    [((3, 80), ""), ((88, 96), "The scale starts at 80%."), ((55,), "The scale starts at 50%.")],
)
def test_a_scale_that_does_not_start_at_nought_says_so(values: tuple[float, ...], said: str) -> None:
    assert told(values).scale_note == said


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "0"), (9_999, "9,999"), (12_345, "12.3k"), (3_400_000, "3.4m"), (10**15, "over 999bn")],
)
def test_a_count_is_written_so_that_it_fits(value: int, words: str) -> None:
    assert bar_chart(ABOUT, (Count(label="Mon", value=value),)).bars[0].words == words


def test_words_over_a_bar_are_clear_of_the_line_of_the_week_before() -> None:
    (bar,) = bar_chart(ABOUT, (Count(label="Wed", value=38, before=44),)).bars
    assert bar.before_y is not None
    assert bar.words_y < bar.before_y


def test_lying_bars_are_measured_by_the_longest() -> None:
    rows = row_chart("Outcomes", "", [("Early help", 50, None), ("None", 0, None), ("Advice", 25, "/x")]).rows
    assert [(row.words, row.per_cent) for row in rows] == [("50", 100), ("0", 0), ("25", 50)]


def test_lying_bars_of_nothing_have_no_length() -> None:
    assert [row.per_cent for row in row_chart("Outcomes", "", [("Early help", 0, None)]).rows] == [0]


@pytest.mark.parametrize("morning", [BAD_MORNING, GOOD_MORNING])
def test_a_chart_has_a_name_a_sentence_above_and_its_figures_below(morning: Overview) -> None:
    html = render_console("overview", frame=frame("Overview"), page=morning, url=str)
    drawn = re.findall(
        r'<p class="mo-text">([^<]*)</p>\s*<div[^>]*>\s*<svg(.*?)</svg>(.*?)</details>', html, re.DOTALL
    )
    charts = [chart for chart in (morning.decisions, morning.told) if not isinstance(chart, Unavailable)]
    for (sentence, svg, below), chart in zip(drawn, charts, strict=True):
        assert sentence == chart.about.sentence
        assert 'role="img"' in svg
        assert f"{chart.about.title}</title>" in svg
        assert f">{sentence}" in svg[svg.index("<desc") :]
        assert "See this chart as a table" in below
        assert below.count("<tr") == len(chart.about.table.rows) + bool(chart.about.table.rows)
