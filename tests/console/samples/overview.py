"""The overview: a bad morning, a good one, and one on which nothing can be read."""

from collections.abc import Iterator

from functions.console.shown.charts import About, BarChart, LineChart
from functions.console.shown.drawing import Count, Share, bar_chart, line_chart, row_chart
from functions.console.shown.overview import AgencyLine, Attention, NeedsAttention, Overview, Tile
from functions.console.shown.parts import Column, Link, Table, Tag, Tone, Unavailable
from tests.console.samples.around import Sample, frame

AS_AT = "Thursday 26 November 2026. Figures as at 8:45am."
DOWN = Unavailable(reason="The database did not answer at 8:45am. Messages are still being sent.")
DOWNLOAD = Link(text="Download figures for the partnership board", path="/reports/board.csv")
WEEK = (
    Count(label="Mon", below="23 Nov", value=41, before=36),
    Count(label="Tue", below="24 Nov", value=52, before=47),
    Count(label="Wed", below="25 Nov", value=38, before=44),
    Count(label="Thu", below="so far", value=6, before=40, is_part=True),
    Count(label="Fri", below="27 Nov", before=35),
)
MONDAYS = (
    *("7 Sep", "14 Sep", "21 Sep", "28 Sep", "5 Oct", "12 Oct"),
    *("19 Oct", "26 Oct", "2 Nov", "9 Nov", "16 Nov", "23 Nov"),
)
TOLD = (88, 89, 87, 91, 90, 92, 91, 93, 92, 94, 93, 96)


def decisions(counts: tuple[Count, ...] = WEEK) -> BarChart:
    said = ["None yet" if one.value is None else f"{one.value:,}" for one in counts]
    before = ["Not counted" if one.before is None else f"{one.before:,}" for one in counts]
    about = About(
        id="decisions",
        title="Decisions each working day",
        sentence="137 decisions so far this week. At the end of Wednesday it was 131, 4 more than at the same"
        " point last week.",
        note="Bar: this week. Black line: same day last week. Dashed bar: day not finished.",
        table=Table(
            caption="Decisions each working day",
            caption_is_hidden=True,
            columns=(
                Column(heading="Day"),
                Column(heading="This week", is_number=True),
                Column(heading="Last week", is_number=True),
            ),
            rows=tuple((one.label, *both) for one, *both in zip(counts, said, before, strict=True)),
        ),
    )
    return bar_chart(about, counts)


def told(values: tuple[float | None, ...] = TOLD, target: float | None = 95) -> LineChart:
    shares = tuple(
        Share(label=monday, value=value, is_labelled=not n % 4 or n == len(values) - 1)
        for n, (monday, value) in enumerate(zip(MONDAYS, values, strict=False))
    )
    about = About(
        id="told",
        title="Told within 1 working day of the referral arriving",
        sentence="96% so far this week, up from 93% last week. Above the 95% target for the first time in 12"
        " weeks.",
        note="Weeks run Monday to Friday. Bank holidays are not counted.",
        table=Table(
            caption="Told within 1 working day of the referral arriving",
            caption_is_hidden=True,
            columns=(Column(heading="Week from"), Column(heading="Told in time", is_number=True)),
            rows=tuple(
                (one.label, "Not available" if one.value is None else f"{one.value:g}%") for one in shares
            ),
        ),
    )
    return line_chart(about, shares, target)


TILES = (
    Tile(
        heading="Referrers not told yet",
        path="/referrals?told=untold&decided=2026-08-28",
        figure="3",
        below=("1 is past its deadline", "2 more by notice only"),
        tone=Tone.BAD,
    ),
    Tile(
        heading="Police risk assessments overdue",
        path="/referrals?police=overdue",
        figure="2",
        below=("5 more are due today",),
        tone=Tone.BAD,
    ),
    Tile(
        heading="Decisions in the last 24 hours",
        path="/referrals?decided=1",
        figure="38",
        below=("35 referrers already told",),
        tone=Tone.INFO,
    ),
    Tile(
        heading="Told within 1 working day",
        path="/reports",
        figure="96%",
        below=("Of the referral arriving, this week. Target 95%. Last week 93%",),
        tone=Tone.GOOD,
    ),
)


def line(what: str, tag: Tag, detail: str, *rest: str) -> Attention:
    """`rest` is who, since when, how long, what to do and, unless it is a referral, the path."""
    who, since, age, todo, *path = rest
    return Attention(
        what=Link(text=what, path=path[0] if path else f"/referrals/{what}"),
        tag=tag,
        detail=detail,
        who=who,
        since=since,
        age=age,
        todo=Link(text=todo, path="/worklist/1"),
    )


OVERDUE = Tag(text="Police assessment overdue", tone=Tone.BAD)
LINES = (
    line(
        *("NS-26-004179", Tag(text="Not told", tone=Tone.BAD), "Past the 1 working day deadline"),
        *("Northshire Probation", "Yesterday, 8:31am", "1 day 14 minutes", "Send it another way"),
    ),
    line(
        *("NS-26-004182", OVERDUE, "Section 47 enquiry", "Northshire Police"),
        *("Yesterday, 3:02pm", "Under 1 working day", "Ring the police lead"),
    ),
    line(
        *("NS-26-004165", OVERDUE, "Child in need assessment", "Northshire Police"),
        *("Tuesday, 11:40am", "1 working day late", "Escalate"),
    ),
    line(
        *("NS-26-004193", Tag(text="Held", tone=Tone.WARN), "A person who works with children"),
        *("Duty manager", "Today, 8:05am", "40 minutes", "Review the hold"),
    ),
    line(
        *("Northshire Probation", Tag(text="System not answering", tone=Tone.WARN), "12 messages waiting"),
        *(
            "Their service desk",
            "Today, 6:12am",
            "2 hours 33 minutes",
            "See what is waiting",
            "/agencies/north-probation",
        ),
    ),
    line(
        *("NS-26-004190", Tag(text="Wrong address", tone=Tone.WARN), "Email address does not exist"),
        *("Hillview Surgery", "Today, 8:02am", "", "Correct the address"),
    ),
)
WORKING = Tag(text="Working", tone=Tone.GOOD)


def agency(name: str, sent_by: str, delivered: str, status: Tag = WORKING, since: str = "") -> AgencyLine:
    return AgencyLine(
        agency=Link(text=name, path="/agencies/one"),
        sent_by=sent_by,
        delivered=delivered,
        status=status,
        since=since or None,
    )


AGENCIES = (
    agency("Northshire Police", "Their system", "61 of 61"),
    agency(
        *("Northshire Probation", "Their system", "7 of 19"),
        *(Tag(text="Not answering", tone=Tone.BAD), "Since 6:12am"),
    ),
    agency("Northshire Health Trust", "Their system and email", "44 of 44"),
    agency("GP practices (31)", "Email", "27 of 28", Tag(text="1 wrong address", tone=Tone.WARN)),
    agency("Schools (112)", "Email", "53 of 53"),
)
OUTCOMES = row_chart(
    "Outcomes this week",
    "",
    [
        ("Early help", 58, "/referrals?outcome=EHF"),
        ("No further action", 34, "/referrals?outcome=NFA"),
        ("Child in need assessment", 27, "/referrals?outcome=S17"),
        ("Section 47 enquiry", 18, "/referrals?outcome=S47"),
    ],
)
BAD_MORNING = Overview(
    as_at=AS_AT,
    tiles=TILES,
    attention=NeedsAttention(
        count="14",
        lines=LINES,
        checked_at="8:45am",
        all_of=Link(text="See all 14 that need attention", path="/worklist"),
    ),
    decisions=decisions(),
    told=told(),
    agencies=AGENCIES,
    outcomes=OUTCOMES,
    download=DOWNLOAD,
)
GOOD_TILES: tuple[tuple[str | Unavailable, str], ...] = (
    ("0", "Everybody has been told"),
    ("0", "None is due today"),
    ("0", "Nothing came in"),
    (Unavailable(reason="Nothing was decided this week."), ""),
)
GOOD_MORNING = Overview(
    as_at=AS_AT,
    tiles=tuple(
        Tile(heading=tile.heading, path=tile.path, figure=figure, below=(below,), tone=Tone.GOOD)
        for tile, (figure, below) in zip(TILES, GOOD_TILES, strict=True)
    ),
    attention=NeedsAttention(count="0", lines=(), checked_at="8:45am"),
    decisions=decisions(()),
    told=told((), None),
    agencies=(),
    outcomes=row_chart("Outcomes this week", "", []),
)
DARK_MORNING = Overview(
    as_at=AS_AT,
    tiles=tuple(Tile(heading=tile.heading, path=tile.path, figure=DOWN, tone=Tone.QUIET) for tile in TILES),
    attention=DOWN,
    decisions=DOWN,
    told=DOWN,
    agencies=DOWN,
    outcomes=DOWN,
)


def samples() -> Iterator[Sample]:
    around = frame("Overview", "Overview")
    for name, page in {
        "overview": BAD_MORNING,
        "overview-nothing-wrong": GOOD_MORNING,
        "overview-not-available": DARK_MORNING,
    }.items():
        yield Sample(name=name, template="overview", frame=around, page=page)
