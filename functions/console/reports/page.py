"""Reports over some months, from the live counters alone: what the shared data set holds, small counts
hidden; and the data set itself, for whoever says what it is for."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus

from functions.console.asking.narrowing import select
from functions.console.asking.periods import (
    Period,
    asked,
    begun_months,
    choices,
    last_year,
    month_words,
    usual,
)
from functions.console.asking.taking_away import FIGURES_ARE_FOR, Taken, taken_away
from functions.console.door.request import Answer, Download, Page
from functions.console.door.roles import TAKERS
from functions.console.door.visit import Visit
from functions.console.reports.agencies import by_agency
from functions.console.reports.spreadsheet import XLSX, as_xlsx
from functions.console.reports.tables import (
    BY_NOTICE,
    COMPLETE,
    FORM_STATUS,
    HOW_LONG,
    IN_TIME,
    TOLD,
    Figure,
    Rows,
    first_asked,
    sections,
)
from functions.console.reports.worded import as_worded_csv
from functions.console.shown.charts import About, LineChart
from functions.console.shown.drawing import Share, line_chart
from functions.console.shown.form import Filters, Form, Hidden, Option, Radios
from functions.console.shown.parts import Column, Fact, Link, Table, Unavailable
from functions.console.shown.reports import Reports
from functions.console.words.moments import clock_time
from functions.domain.measures.catalogue import LIVE_FIGURES
from functions.domain.measures.counts import Counts, days_of
from functions.domain.measures.named import TARGET
from functions.domain.measures.published import (
    CONFIDENTIAL,
    DATA_SET,
    EVERY,
    Published,
    published,
)
from functions.domain.wording.uk_time import uk_date
from functions.story.figures import TOLD_IN_TIME_WORDS, count_words, value_words, why_not_available
from functions.story.named import upper
from schemas.codes import ExportPurpose

MOST_SHOWN = 3
"""Months on a page: a quarter. A file has all of them."""
HIDDEN = (
    "Counts under 5 are hidden, because in so few somebody could recognise a child or a family; and so are "
    "those that would give one away. Hidden is not nought: nought is shown. Months are never added up here: "
    "a sum would tell what each of them hides."
)
CSV = "text/csv; charset=utf-8"
FORMATS: Mapping[str, str] = {"xlsx": "A spreadsheet", "csv": "A CSV file"}
"""By how its name ends, what a file is."""
ABOVE = (Link(text="Overview", path="/"),)


def reports(visit: Visit) -> Page:
    """The figures of the period that the address asks for."""
    return _page(_asked(visit), visit, error=None)


def take_away(visit: Visit) -> Answer:
    """The data set of the period as a file, once it is on record who took it and what for."""
    period, purpose = _asked(visit), visit.request.said("purpose")
    if purpose not in set(ExportPurpose):
        return _page(period, visit, error="Say what it is for: choose one")
    rows = _published(_counted(period.months, visit), visit)
    file = _file(rows, period, visit)
    taken = Taken(DATA_SET, period.since, period.until, len(rows))
    return taken_away(taken, file, visit, purpose=ExportPurpose(purpose))


def _file(rows: Sequence[Published], period: Period, visit: Visit) -> Download:
    """As a spreadsheet or as CSV, the same rows in both; whoever says nothing gets CSV."""
    name = f"figures-{period.since}-to-{period.until}"
    if visit.request.said("format") != "xlsx":
        return Download(f"{name}.csv", CSV, as_worded_csv(rows))
    about = {
        "What this is": f"The figures of {visit.desk.hub.hub_name}, {period.words}",
        "Counted": f"{uk_date(visit.now)} at {clock_time(visit.now)}",
        "Small counts": HIDDEN,
    }
    return Download(f"{name}.xlsx", XLSX, as_xlsx(rows, about, visit.now))


def _asked(visit: Visit) -> Period:
    return asked(visit.said("period"), visit.said("since"), visit.said("until"), visit.now)


def _counted(months: Iterable[str], visit: Visit) -> Mapping[str, Counts]:
    """What the live counters have of each month, day by day."""
    counters = visit.desk.reads.counters
    return {month: counters.live(day.isoformat() for day in days_of(month)) for month in months}


def _published(counted: Mapping[str, Counts], visit: Visit) -> list[Published]:
    """Each month by itself, as whoever takes the data set away gets it."""
    return [
        row
        for month, counts in counted.items()
        for row in published(counts.by_month(), [month], visit.desk.hub.hub_name, LIVE_FIGURES)
    ]


def _page(period: Period, visit: Visit, *, error: str | None) -> Page:
    year = last_year(period)
    counted = _counted(dict.fromkeys((*year, *period.months)), visit)
    everything = _published(counted, visit)
    visit.note("REPORT", len(everything), {"since": period.since, "until": period.until})
    rows = Rows(period.months[-MOST_SHOWN:], everything)
    may = visit.session.role in TAKERS
    shown = Reports(
        period=period.words,
        as_at=_as_at(period, rows, visit),
        filters=_filters(period, visit),
        figures=tuple(_panel(rows, begun_months(visit.now)[0])),
        first_asked=first_asked(rows),
        chart=_chart(Rows(year, everything)),
        sections=sections(rows, by_agency({one: counted[one] for one in rows.months}, _names(visit))),
        hidden_note=HIDDEN,
        export=_form(period, visit, error) if may else None,
        sampling=Link(text="Police forms that people grade", path="/sampling"),
        not_allowed=None if may else "Only a MASH manager or an auditor can take figures away.",
    )
    status = HTTPStatus.BAD_REQUEST if error else HTTPStatus.OK
    return Page("reports", "Reports", shown, status, above=ABOVE, is_wrong=error is not None)


def _names(visit: Visit) -> Mapping[str, str]:
    return {entry.agency_id: entry.name for entry in visit.desk.reads.directory.all()}


def _as_at(period: Period, rows: Rows, visit: Visit) -> str:
    at = f"As counted on {uk_date(visit.now)} at {clock_time(visit.now)}."
    goes_on = (
        f" {month_words(period.until)} is not over." if period.until == begun_months(visit.now)[0] else ""
    )
    more = "" if len(rows.months) == len(period.months) else f" This page shows the last {MOST_SHOWN} months."
    return at + goes_on + more


def _filters(period: Period, visit: Visit) -> Filters:
    request, months = visit.request, {one: month_words(one) for one in begun_months(visit.now)}
    chosen = request.asked("period")
    is_free = tuple(period.months) != tuple(asked(chosen, "", "", visit.now).months)
    offered = choices(visit.now)
    return Filters(
        path="/reports",
        fields=(
            select(
                "period",
                "Quarter or month",
                offered,
                "" if is_free else chosen if chosen in offered else usual(visit.now),
            ),
            select("since", "Or from", months, period.since if is_free else ""),
            select("until", "To the end of", months, period.until if is_free else ""),
        ),
        button="Show",
    )


def _panel(rows: Rows, running: str) -> list[Fact]:
    """The whole figures of one month, so that each may be held beside the others; the outcome and the notice
    never added together."""
    month = rows.newest_complete(running)
    wanted: dict[str, tuple[Figure, str]] = {
        TOLD_IN_TIME_WORDS: (IN_TIME, EVERY),
        "Told the outcome": (TOLD, EVERY),
        "Told by a notice only": (BY_NOTICE, EVERY),
        "Police form complete": (FORM_STATUS, COMPLETE),
        "Half were told within this time of the decision": (HOW_LONG, "percentile=p50"),
    }
    found = {label: rows.one(figure, month, part) for label, (figure, part) in wanted.items()}
    return [
        Fact(label=label, text=upper(value_words(row)), detail=_detail(row))
        for label, row in found.items()
        if row
    ]


def _detail(row: Published) -> str:
    counts = why_not_available(row) or ("" if CONFIDENTIAL in row.denominator else count_words(row))
    return f"{month_words(row.month)}{': ' if counts else ''}{counts}"


def _chart(rows: Rows) -> LineChart | Unavailable:
    """Each month's share told in time; a month whose share is hidden or not known is a gap."""
    found = [(month, rows.one(IN_TIME, month)) for month in rows.months]
    known = [float(row.value) for _, row in found if row and _is_number(row.value)]
    if not known:
        return Unavailable(reason="No month's share is known, or it is hidden")
    title = f"{TOLD_IN_TIME_WORDS}, each month"
    about = About(
        id="told",
        title=title,
        sentence=f"{known[-1]:g}% in the last month that is known. The target is {TARGET}%.",
        note="A gap: hidden, since the counts are small, or not known.",
        table=Table(
            caption=title,
            columns=(Column(heading="Month"), Column(heading="Told in time", is_number=True)),
            rows=tuple(
                (month_words(month), upper(value_words(row)) if row else "None") for month, row in found
            ),
        ),
    )
    points = [
        Share(
            label=month_words(month)[:3],
            value=float(row.value) if row and _is_number(row.value) else None,
            is_labelled=number % MOST_SHOWN == 0,
        )
        for number, (month, row) in enumerate(found)
    ]
    return line_chart(about, points, TARGET)


def _is_number(value: str) -> bool:
    return value.replace(".", "", 1).isdigit()


def _form(period: Period, visit: Visit, error: str | None) -> Form:
    said = visit.request.said("format")
    chosen = said if said in FORMATS else next(iter(FORMATS))
    return Form(
        id="export",
        path="/reports",
        fields=(
            Radios(
                name="purpose",
                question="What is it for?",
                hint=f"The figures of {period.words}. They name no referral. What you take away, when and "
                "what for is recorded.",
                options=tuple(Option(value=one, text=text) for one, text in FIGURES_ARE_FOR.items()),
                error=error,
            ),
            Radios(
                name="format",
                question="As which file?",
                hint="Both have the same rows.",
                options=tuple(
                    Option(value=one, text=text, is_chosen=one == chosen) for one, text in FORMATS.items()
                ),
            ),
        ),
        button="Download",
        hidden=(Hidden(name="since", value=period.since), Hidden(name="until", value=period.until)),
    )
