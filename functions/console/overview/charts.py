"""The overview's three charts, from its counts: what each bar and point is, and the sentence above them."""

from collections.abc import Sequence
from datetime import date, timedelta

from functions.console.overview.figures import (
    DAYS,
    WEEKS,
    Figures,
    PartOfWhole,
    monday_of,
    working_week,
)
from functions.console.referrals.page import decided_since
from functions.console.shown.charts import About, BarChart, LineChart, RowChart
from functions.console.shown.drawing import Count, Share, bar_chart, line_chart, row_chart
from functions.console.shown.parts import Column, Table, Unavailable
from functions.console.words.moments import counted, day_and_month, day_name
from functions.domain.measures.named import TARGET
from functions.domain.wording.outcomes import LABELS
from functions.domain.wording.uk_time import uk_day as uk_day_words
from functions.story.figures import TOLD_IN_TIME_WORDS

LABELLED = 4
"""Every so many weeks have their date under the line."""


def decisions_each_day(figures: Figures) -> BarChart:
    """This week's working days beside last week's; a day that is not over is dashed and never compared."""
    monday = monday_of(figures.today)
    days = working_week(monday)
    over = [day for day in days if day < figures.today]
    this, last = sum(map(figures.decided, over)), sum(map(figures.decided, map(_week_before, over)))
    counts = [
        Count(
            label=day_name(day)[:3],
            below="so far" if day == figures.today else day_and_month(day),
            value=figures.decided(day) if day <= figures.today else None,
            before=figures.decided(_week_before(day)),
            is_part=day == figures.today,
        )
        for day in days
    ]
    title = "Decisions each working day"
    columns = (_column("Day"), _column("This week", is_number=True), _column("Last week", is_number=True))
    about = About(
        id="decisions",
        title=title,
        sentence=_compared(this, last, over),
        note="Bar: this week. Black line: same day last week. Dashed bar: day not finished.",
        table=Table(caption=title, columns=columns, rows=tuple(map(_of_a_day, counts))),
    )
    return bar_chart(about, counts)


def _compared(this: int, last: int, over: Sequence[date]) -> str:
    if not over:
        return "No day of this week is over yet."
    more = this - last
    than = f"{abs(more):,} {'more' if more > 0 else 'fewer'} than" if more else "as many as"
    return (
        f"{counted(this, 'decision')} to the end of {day_name(over[-1])}, {than} at the same point last week."
    )


def _week_before(day: date) -> date:
    return day - timedelta(days=7)


def told_in_time(figures: Figures) -> LineChart | Unavailable:
    """Each of the last 12 weeks, the one that goes on last."""
    monday = monday_of(figures.today)
    mondays = [monday - timedelta(days=7 * back) for back in reversed(range(WEEKS))]
    shares = [figures.told_in_time(one) for one in mondays]
    known = [share for share in shares if share.whole]
    if not known:
        return Unavailable(reason=f"Nothing was received in the last {DAYS} days")
    title = TOLD_IN_TIME_WORDS
    weeks = list(zip(mondays, shares, strict=True))
    columns = (
        _column("Week from"),
        _column("Told in time", is_number=True),
        _column("Of", is_number=True),
        _column("Per cent", is_number=True),
    )
    about = About(
        id="told",
        title=title,
        sentence=_trend(known),
        note="Weeks run Monday to Sunday. A day counts once everybody's working day is over.",
        table=Table(caption=title, columns=columns, rows=tuple(_of_a_week(*week) for week in weeks)),
    )
    points = [
        Share(label=day_and_month(one), value=share.per_cent, is_labelled=number % LABELLED == 0)
        for number, (one, share) in enumerate(weeks)
    ]
    return line_chart(about, points, TARGET)


def outcomes_this_week(figures: Figures) -> RowChart:
    """The week's decisions by their newest outcome, the most frequent first."""
    found = sorted(figures.outcomes().items(), key=lambda one: (-one[1], one[0]))
    total, monday = sum(count for _, count in found), monday_of(figures.today)
    return row_chart(
        "Outcomes this week",
        f"{counted(total, 'decision')} since {day_name(monday)}.",
        [
            (LABELS[outcome], count, decided_since(monday, figures.today, outcome=outcome))
            for outcome, count in found
        ],
    )


def _of_a_day(one: Count) -> tuple[str, ...]:
    this = "" if one.value is None else f"{one.value:,}"
    return (f"{one.label} {one.below}", this, f"{one.before or 0:,}")


def _of_a_week(monday: date, share: PartOfWhole) -> tuple[str, ...]:
    return (uk_day_words(monday), f"{share.part:,}", f"{share.whole:,}", _per_cent(share.per_cent))


def _column(heading: str, *, is_number: bool = False) -> Column:
    return Column(heading=heading, is_number=is_number)


def _per_cent(value: float | None) -> str:
    return "Not known yet" if value is None else f"{value:g}%"


def _trend(known: Sequence[PartOfWhole]) -> str:
    over = known[-1].against_target
    beside = "Above" if over > 0 else "Below" if over else "At"
    target = f"{beside} the {TARGET}% target."
    last, *earlier = [share.per_cent or 0 for share in reversed(known)]
    if not earlier:
        return f"{last:g}% in the last week that is known. {target}"
    before = earlier[0]
    moved = (
        f"up from {before:g}%" if last > before else f"down from {before:g}%" if last < before else "as in"
    )
    return f"{last:g}% in the last week that is known, {moved} the week before. {target}"
