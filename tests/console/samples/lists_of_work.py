"""The lists of agencies, of work, of police forms outstanding, and of who looked at what."""

from collections.abc import Iterator
from dataclasses import replace

from functions.console.shown.access import Access, Looked
from functions.console.shown.agencies import Agencies, AgencySummary
from functions.console.shown.form import Checkboxes, Filters, Line, Radios
from functions.console.shown.listing import Around
from functions.console.shown.parts import Done, Link, Tag, Tone
from functions.console.shown.police_desk import FormLine, PoliceDesk
from functions.console.shown.worklist import Worklist
from tests.console.samples.around import DESK, Sample, frame
from tests.console.samples.forms import agencies, filters, options
from tests.console.samples.overview import LINES

WHEN = (
    Line(name="from", question="From", hint="For example, 24/11/2026", width=10),
    Line(name="to", question="To", width=10),
)


def agency(name: str, sent_by: str, status: Tag, *rest: str) -> AgencySummary:
    delivered, last_success, waiting, *detail = rest
    waits = Link(text=waiting, path="/messages?agency=one&status=RETRY")
    return AgencySummary(
        agency=Link(text=name, path="/agencies/one"),
        sent_by=sent_by,
        delivered=delivered,
        last_success=last_success,
        waiting=waits if waiting else None,
        status=status,
        detail=detail[0] if detail else None,
    )


WORKING = Tag(text="Working", tone=Tone.GOOD)
AGENCIES = Agencies(
    around=Around(
        heading="149 agencies",
        filters=Filters(
            path="/agencies",
            fields=(
                Line(name="name", question="Name of the agency"),
                Radios(
                    name="status",
                    question="Status",
                    options=options("All", "Not answering", "Wrong address", "Paused", chosen=("All",)),
                ),
            ),
        ),
        empty="No agencies match.",
        clear="/agencies",
        next=Link(text="Page 2 of 6", path="/agencies?after=invented"),
    ),
    lines=(
        agency("Northshire Police", "Their system", WORKING, "61 of 61", "Earlier today", ""),
        agency(
            *("Northshire Probation", "Their system", Tag(text="Not answering", tone=Tone.BAD), "7 of 19"),
            *("Yesterday", "12 messages", "Since today, 6:12am. Next try: today, 9:02am"),
        ),
        agency(
            "Hillview Surgery",
            "Email",
            Tag(text="Wrong address", tone=Tone.WARN),
            "0 of 1",
            "Never",
            "1 message",
        ),
        agency(
            *("Riverside Housing", "Their system", Tag(text="Paused", tone=Tone.INFO), "3 of 3"),
            *("Monday, 9:15am", "2 messages", "Maintenance, since Monday"),
        ),
        agency("St Anne's School", "Email", Tag(text="Not yet checked"), "0 of 0", "Never", ""),
    ),
)
DESK_FORMS = PoliceDesk(
    around=Around(
        heading="3 forms outstanding",
        filters=filters(
            "/police-desk",
            Checkboxes(
                name="form", question="Form", options=options("Not received", "Not complete", "Not known")
            ),
        ),
        empty="No forms outstanding.",
        clear="/police-desk",
    ),
    lines=tuple(
        FormLine(
            reference=Link(text=reference, path=f"/police-desk/{reference}"),
            about=about,
            force="Northshire Police",
            due=due,
            due_detail=late,
            status=status,
            missing=missing,
        )
        for reference, about, due, late, status, missing in (
            (
                *("NS-26-004182", "Child 1 of 2", "Yesterday, 3:02pm", "Overdue"),
                *(Tag(text="Not received", tone=Tone.BAD), "We hold no form"),
            ),
            (
                *("NS-26-004179", "", "Today, 5:00pm", "In 8 hours"),
                *(Tag(text="Not complete: 3 items missing", tone=Tone.WARN), "RA10, RA13, RA15"),
            ),
            (
                *("NS-26-004171", "", "Friday, 5:00pm", "Close of next working day"),
                *(Tag(text="Not known", tone=Tone.WARN), "Our feed has been silent since 6:00am"),
            ),
        )
    ),
    done=Done(title="Form saved", text="NS-26-004160 is now complete.", entry="0000000412"),
)
WORK = Worklist(
    around=Around(
        heading="14 need attention",
        filters=filters(
            "/worklist",
            Checkboxes(name="kind", question="What is wrong", options=options("Not told", "Held", "Late")),
            agencies(),
        ),
        empty="Nothing needs attention. Checked at 8:45am.",
        clear="/worklist",
    ),
    lines=LINES,
    done=Done(title="Done", text="The phone call to Northshire Probation is recorded.", entry="0000000413"),
)
ACCESS = Access(
    about="Every page of a referral, every search and every file taken away.",
    around=Around(
        heading="3 entries",
        filters=filters("/access", *WHEN),
        empty="No entries match.",
        clear="/access",
        download=Link(text="Download these entries (CSV)", path="/access.csv"),
    ),
    lines=tuple(
        Looked(at=at, who=who, role=role, what=what, purpose=purpose)
        for at, who, role, what, purpose in (
            ("Today, 8:46am", "Priya Shah", "Manager", "Referral NS-26-004182", "Daily work"),
            ("Today, 8:45am", "Priya Shah", "Manager", "Overview", "Daily work"),
            ("Yesterday, 4:10pm", "Jo Marsh", "Auditor", "212 referrals taken away as CSV", "Inspection"),
        )
    ),
)


def samples() -> Iterator[Sample]:
    for name, template, title, here, page in (
        ("agencies", "agencies", "Agencies", "Agencies", AGENCIES),
        ("worklist", "worklist", "Needs attention", "Overview", WORK),
        ("access", "access", "Who looked at what", "Reports", ACCESS),
    ):
        yield Sample(name=name, template=template, frame=frame(title, here), page=page)
    desk = frame("Police desk", "Police desk", user=DESK)
    yield Sample(name="police-desk", template="police_desk", frame=desk, page=DESK_FORMS)
    around = replace(DESK_FORMS.around, heading="0 forms outstanding")
    none = replace(DESK_FORMS, done=None, lines=(), around=around)
    yield Sample(name="police-desk-none", template="police_desk", frame=desk, page=none)
