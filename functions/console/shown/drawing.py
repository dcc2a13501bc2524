"""Where each shape of a chart lies, from what was counted; whatever is counted, it stays on the drawing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Final

from functions.console.shown.charts import About, Bar, BarChart, Dot, Level, LineChart, Mark, Row, RowChart

LEFT: Final = 56
RIGHT: Final = 504
TOP: Final = 26
FOOT: Final = 184
ROOM_FOR_THE_LAST_VALUE: Final = 60
"""On the right of a line's last point."""
_HEIGHT_OF_WORDS: Final = 22
_WIDEST_BAR: Final = 60
_STEPS: Final = ((80, 5), (50, 10), (20, 20), (0, 25))
"""From which lowest per cent on a scale goes up by how much; the last one starts at nought."""
_UNITS: Final = ((10**9, 10**9, "bn"), (10**6, 10**6, "m"), (10**4, 10**3, "k"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """One bar's figures: this period, the same one before, and whether this one is not over yet."""

    label: str
    below: str = ""
    value: int | None = None
    before: int | None = None
    is_part: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """One point of a line, in per cent; without a value the line has a gap. Few points need a label."""

    label: str
    value: float | None
    is_labelled: bool = False


def bar_chart(about: About, counts: Sequence[Count]) -> BarChart:
    """Bars from nought, each with the black line of the period before."""
    top, step = _ceiling(max(_given(counts), default=0))
    slot = (RIGHT - LEFT) / max(len(counts), 1)
    return BarChart(
        about=about,
        levels=tuple(Level(y=_y(at, 0, top), words=_short(at)) for at in range(0, top + 1, step)),
        bars=tuple(_bar(count, LEFT + slot * n, slot, top) for n, count in enumerate(counts)),
    )


def _given(counts: Iterable[Count]) -> Iterator[int]:
    return (value for count in counts for value in (count.value, count.before) if value is not None)


def _bar(count: Count, x: float, slot: float, top: int) -> Bar:
    y = _y(count.value or 0, 0, top)
    before_y = None if count.before is None else _y(count.before, 0, top)
    width = min(slot * 0.56, _WIDEST_BAR)
    return Bar(
        x=round(x + (slot - width) / 2, 1),
        y=y,
        width=round(width, 1),
        height=round(FOOT - y, 1),
        middle=round(x + slot / 2, 1),
        words="" if count.value is None else _short(count.value),
        words_y=round(_clear_of(before_y, y) - 7, 1),
        label=count.label,
        below=count.below,
        before_y=before_y,
        is_part=count.is_part,
    )


def _clear_of(line: float | None, bar: float) -> float:
    """Where words above a bar end: higher, where a line just above the bar would strike them through."""
    return line if line is not None and 0 < bar - line < _HEIGHT_OF_WORDS else bar


def line_chart(about: About, shares: Sequence[Share], target: float | None = None) -> LineChart:
    """A line in per cent up to a hundred, from a round figure below its lowest value and the target."""
    low, step = _percentages([*(one.value for one in shares if one.value is not None), target or 100])
    dots = [
        None if share.value is None else Dot(x=x, y=_y(share.value, low, 100))
        for x, share in zip(_across(len(shares)), shares, strict=True)
    ]
    last = max((n for n, dot in enumerate(dots) if dot), default=None)
    return LineChart(
        about=about,
        levels=tuple(Level(y=_y(at, low, 100), words=f"{at}%") for at in range(low, 101, step)),
        runs=tuple(_runs(dots)),
        marks=tuple(
            Mark(x=x, words=share.label)
            for x, share in zip(_across(len(shares)), shares, strict=True)
            if share.is_labelled
        ),
        last=None if last is None else dots[last],
        last_words="" if last is None else f"{shares[last].value:.3g}%",
        target=None if target is None else Level(y=_y(target, low, 100), words=f"Target {target:.3g}%"),
        scale_note=f"The scale starts at {low}%." if low else "",
    )


def _percentages(given: Iterable[float]) -> tuple[int, int]:
    """Where a scale up to a hundred starts, and its step."""
    lowest = max(floor(min(given) / 10) * 10, 0)
    step = next(step for start, step in _STEPS if lowest >= start)
    return (min(100 - -(-(100 - lowest) // step) * step, 100 - 2 * step), step)


def _across(points: int) -> tuple[float, ...]:
    """As many places from left to right; one alone is in the middle."""
    right = RIGHT - ROOM_FOR_THE_LAST_VALUE
    if points == 1:
        return ((LEFT + right) / 2,)
    return tuple(round(LEFT + (right - LEFT) * n / (points - 1), 1) for n in range(points))


def _runs(dots: Iterable[Dot | None]) -> Iterator[tuple[Dot, ...]]:
    run: list[Dot] = []
    for dot in (*dots, None):
        if dot:
            run.append(dot)
        elif run:
            yield tuple(run)
            run = []


def row_chart(title: str, sentence: str, counts: Sequence[tuple[str, int, str | None]]) -> RowChart:
    """Bars that lie, in the order given: of each its label, its count and the path that it leads to."""
    most = max((value for _, value, _ in counts), default=0)
    rows = (
        Row(label=label, words=f"{value:,}", per_cent=round(100 * value / most, 1) if most else 0, path=path)
        for label, value, path in counts
    )
    return RowChart(title=title, sentence=sentence, rows=tuple(rows))


def _y(value: float, low: float, high: float) -> float:
    share = (min(max(value, low), high) - low) / (high - low)
    return round(FOOT - share * (FOOT - TOP), 1)


def _ceiling(most: int) -> tuple[int, int]:
    """The end of a scale of at most five even steps that holds `most`, and the step."""
    power = 10 ** floor(log10(max(most, 1)))
    steps = (power // 4, power // 2, power, 2 * power)
    step = next(step for step in steps if step and most <= 5 * step)
    return (max(-(-most // step), 1) * step, step)


def _short(value: int) -> str:
    """A count that fits over its bar and beside its scale: thousands as 12k, millions as 3.4m."""
    for size, unit, letter in _UNITS:
        if value >= size:
            return f"{value / unit:,.3g}{letter}" if value < 10**12 else "over 999bn"
    return f"{value:,}"
