"""One agency: its system not answering, and one that may only be read about."""

from collections.abc import Iterator
from dataclasses import replace

from functions.console.shown.agencies import Agency, ReachedBy
from functions.console.shown.form import Form
from functions.console.shown.parts import Column, Done, Fact, Link, Table, Tag, Tone
from tests.console.samples.around import AGENCIES, OVERVIEW, Sample, frame

FAILING = Agency(
    name="Northshire Probation",
    about="Agency",
    panel=(
        Fact(label="Status", tag=Tag(text="Not answering", tone=Tone.BAD), text="since 6:12am"),
        Fact(label="Delivered, last 7 days", text="7 of 19"),
        Fact(label="Last success", text="Yesterday"),
        Fact(label="Waiting", text="12 messages"),
    ),
    warnings=("4 messages have waited over 2 hours. Their agreed mailbox was told that something waits.",),
    ways=(
        ReachedBy(
            heading="Their system",
            facts=(
                Fact(label="Address", text="receiver.probation-north.example"),
                Fact(label="Signing key", text="Ends in 7f3a", detail="61 days old"),
                Fact(label="Second key", text="None"),
                Fact(label="Checked", text="2 November 2026, 10:15am"),
            ),
            note="A key is never shown in full.",
        ),
        ReachedBy(
            heading="Agreed mailbox",
            facts=(
                Fact(label="Address", text="mash-outcomes@probation-north.example"),
                Fact(label="May be told", text="A notice only", detail="Its mail is not managed"),
            ),
        ),
        ReachedBy(
            heading="Who to call",
            facts=(
                Fact(label="Service desk", text="01632 960 301", detail="Monday to Friday, 8am to 6pm"),
                Fact(label="Out of hours", text="01632 960 399"),
            ),
        ),
    ),
    changes=Table(
        caption="Changes, newest first",
        caption_is_hidden=True,
        columns=(Column(heading="When"), Column(heading="What"), Column(heading="Who")),
        rows=(
            ("25 November 2026, 8:30am", "Second signing key ended", "Integration lead 2"),
            ("24 November 2026, 8:30am", "Signing key changed", "Integration lead 2"),
            ("2 November 2026, 10:15am", "Endpoint checked", "This service"),
        ),
    ),
    test=Form(id="test", path="/agencies/north-probation/test", fields=(), button="Send a test message"),
    acts=(
        Link(text="Send everything waiting (12)", path="/agencies/north-probation/recover"),
        Link(text="Pause sending", path="/agencies/north-probation/pause"),
    ),
    messages=Link(text="See the 12 messages waiting", path="/messages?agency=north-probation"),
)
READ_ONLY = replace(
    FAILING,
    panel=(Fact(label="Status", tag=Tag(text="Paused", tone=Tone.INFO), text="maintenance, since Monday"),),
    warnings=(),
    changes=replace(FAILING.changes, rows=(), empty="Nothing was changed yet."),
    test=None,
    acts=(),
    not_allowed="Only a person signed in as MASH manager can pause or send.",
    done=Done(title="Test message sent", text="Their system answered in 0.2 seconds: 204."),
)


def samples() -> Iterator[Sample]:
    around = frame("Northshire Probation", "Agencies", (OVERVIEW, AGENCIES))
    for name, page in {"agency": FAILING, "agency-read-only": READ_ONLY}.items():
        yield Sample(name=name, template="agency", frame=around, page=page)
