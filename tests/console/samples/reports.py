"""Reports: a quarter with small numbers hidden, and one with parts that cannot be had."""

from collections.abc import Iterator
from dataclasses import replace

from functions.console.shown.form import Filters, Form, Radios, Select
from functions.console.shown.parts import Column, Fact, Link, Table, Unavailable
from functions.console.shown.reports import Reports, Section
from tests.console.samples.around import Sample, frame
from tests.console.samples.forms import options, reason
from tests.console.samples.overview import told

FEW = "Fewer than 5"


def table(caption: str, columns: tuple[str, ...], *rows: tuple[str, ...], note: str | None = None) -> Table:
    return Table(
        caption=caption,
        columns=tuple(Column(heading=name, is_number=bool(n)) for n, name in enumerate(columns)),
        rows=rows,
        note=note,
    )


QUARTER = Reports(
    period="July to September 2026",
    as_at="Complete days only, to 30 September 2026.",
    filters=Filters(
        path="/reports",
        fields=(
            Select(
                name="period",
                question="Period",
                options=options("July to September 2026", "April to June 2026", "Last 12 months"),
            ),
        ),
        button="Show",
    ),
    figures=(
        Fact(label="Told within 1 working day of the referral arriving", text="93%"),
        Fact(label="By notice only", text="6%", detail="counted apart"),
        Fact(
            label="Half were told within this time of the decision", text="1.4 hours", detail="working hours"
        ),
        Fact(label="9 in 10 within", text="6.8 hours", detail="working hours"),
        Fact(label="Police forms complete in time", text="81%"),
    ),
    first_asked=replace(
        table(
            "What a board asks first",
            ("Figure", "July 2026", "August 2026", "September 2026"),
            (
                "Told within 1 working day of the referral arriving",
                "Hidden",
                "93.0% (40 of 43)",
                "94.1% (48 of 51)",
            ),
            ("Was told by a notice only", "Hidden", "Hidden", "9.8% (5 of 51)"),
            ("The police form was complete", "Hidden", "81.0% (17 of 21)", "80.0% (20 of 25)"),
            ("Why not sent at once: staff are linked to the child", "Hidden", "Nobody to count", "Hidden"),
        ),
        caption_is_hidden=True,
    ),
    chart=told(),
    hidden_note="Counts under 5 are hidden, and so are those that would give one away.",
    sections=(
        Section(
            heading="Told in time",
            text="From the decision to the first delivery. A notice only is counted apart.",
            tables=(
                table(
                    "By agency",
                    ("Agency", "Decisions", "Told in time", "Notice only", "Half within", "9 in 10 within"),
                    ("Northshire Police", "412", "96%", "0%", "0.6 hours", "3.1 hours"),
                    ("Northshire Health Trust", "388", "95%", "2%", "1.1 hours", "5.4 hours"),
                    ("Schools", "240", "91%", "61%", "1.9 hours", "7.2 hours"),
                    ("Riverside Housing", FEW, FEW, "Not available", "Not available", "Not available"),
                ),
                table(
                    "By outcome",
                    ("Outcome", "Decisions", "Told in time"),
                    ("Early help", "512", "94%"),
                    ("No further action", "301", "92%"),
                    ("Section 47 enquiry", "166", "98%"),
                ),
            ),
        ),
        Section(
            heading="Police risk assessments",
            text="Complete means that the form is complete, not that the risk is low or the work is good.",
            tables=(
                table(
                    "Late forms by what was missing",
                    ("Rule", "Forms", "Late"),
                    ("RA10 neglect questions", "31", "12"),
                    ("RA13 risk grade", "18", "7"),
                    ("RA20 supervisor's review", "9", FEW),
                    note="One form may lack several things.",
                ),
            ),
        ),
        Section(
            heading="Holds",
            text="By what caused them, and how long they lasted.",
            tables=(
                replace(table("Holds", ("Cause", "Holds")), empty="No message was held in this period."),
            ),
        ),
    ),
    export=Form(
        id="export",
        path="/reports/export",
        fields=(
            Radios(
                name="format",
                question="As which file?",
                hint="Both have the same rows.",
                options=options("A spreadsheet", "A CSV file", chosen=("A spreadsheet",)),
            ),
            reason("What is it for?"),
        ),
        button="Download",
    ),
    sampling=Link(text="Police forms that people grade", path="/sampling"),
)
PARTLY = replace(
    QUARTER,
    figures=Unavailable(reason="The totals of this quarter are being counted again."),
    first_asked=None,
    chart=Unavailable(reason="The totals of this quarter are being counted again."),
    sections=(
        QUARTER.sections[1],
        replace(QUARTER.sections[0], tables=Unavailable(reason="No decision gave this field.")),
    ),
    export=None,
    not_allowed="Only a person signed in as auditor can take figures away.",
)


def samples() -> Iterator[Sample]:
    around = frame("Reports", "Reports")
    for name, page in {"reports": QUARTER, "reports-not-available": PARTLY}.items():
        yield Sample(name=name, template="reports", frame=around, page=page)
