"""Every act before it is done, an item of the worklist, and grading a police form."""

from collections.abc import Iterator
from dataclasses import replace

from functions.console.shown.acts import Act
from functions.console.shown.form import Form, Hidden, Line, Option, Radios, Select
from functions.console.shown.parts import Fact, Link, Tag, Tone
from functions.console.shown.sampling import Drawn, Sampling
from functions.console.shown.worklist import WorkItem
from tests.console.samples.around import AGENCIES, MESSAGES, OVERVIEW, REFERRALS, Sample, frame
from tests.console.samples.forms import options, reason, why

BACK = Link(text="Go back without changing anything", path="/messages/one")
TO_PROBATION = (
    Fact(label="Message", text="Outcome to Northshire Probation"),
    Fact(label="Status", tag=Tag(text="Still trying", tone=Tone.WARN), text="since yesterday, 8:31am"),
)
CALL = Act(
    about="NS-26-004182",
    title="Record a phone call",
    facts=(Fact(label="Outcome", text="Section 47 enquiry"),),
    effects=("The call is added to this referral's record.", "The task to ring them ends."),
    form=Form(
        id="call",
        path="/referrals/NS-26-004182/call",
        fields=(
            Select(
                name="agency",
                question="Which agency did you ring?",
                options=options("Northshire Health Trust", "Northshire Police"),
            ),
            Radios(
                name="result",
                question="What happened?",
                options=(
                    Option(value="TOLD", text="I told them the outcome"),
                    Option(
                        value="LEFT",
                        text="Nobody was told",
                        hint="A message left with somebody is not telling",
                    ),
                ),
            ),
            Line(
                name="at",
                question="When?",
                hint="UK time. For example, 26/11/2026 8:40am",
                value="26/11/2026 8:40am",
                width=20,
            ),
            Select(
                name="role",
                question="Whom did you speak to?",
                hint="Their role. Never a name.",
                options=options("Choose a role", "Named nurse", "Duty sergeant", "Head teacher"),
            ),
        ),
        button="Record the call",
    ),
    back=Link(text="Go back without changing anything", path="/referrals/NS-26-004182"),
)
RESEND = Act(
    about="NS-26-004179",
    title="Send by email instead",
    facts=TO_PROBATION,
    effects=(
        "One new message goes to their agreed mailbox now, with the same reference and decision version.",
        "Their mailbox may be told a notice only, so it does not say what was decided.",
        "The message to their system goes on being tried.",
    ),
    form=Form(
        id="resend",
        path="/messages/one/again",
        fields=(reason("Why are you sending it again?", "Say why you are sending it again"),),
        hidden=(Hidden(name="seen", value="RETRY-7"),),
        button="Send by email",
    ),
    back=BACK,
)
CANCEL = Act(
    about="NS-26-004179",
    title="Stop this message",
    facts=TO_PROBATION,
    effects=("We stop trying to send it.", "Northshire Probation will not be told by this service."),
    warning="This cannot be undone. They still have to be told: ring them.",
    form=Form(
        id="cancel",
        path="/messages/one/cancel",
        fields=(
            why("Why must it stop?", "Wrong recipient", "Not safe to tell", "Decided in error"),
            reason("What else should the record say?"),
        ),
        button="Stop the message",
        is_warning=True,
    ),
    back=BACK,
)
PAUSE = Act(
    about="Northshire Probation",
    title="Pause sending",
    facts=(Fact(label="Waiting", text="12 messages"),),
    effects=(
        "Nothing goes to their system until somebody ends the pause.",
        "What waits is kept, and its deadlines go on.",
    ),
    form=Form(
        id="pause",
        path="/agencies/north-probation/pause",
        fields=(why("Why?", "Maintenance", "Not trusted"), reason("What else should the record say?")),
        button="Pause sending",
    ),
    back=AGENCIES,
)
RECOVER = Act(
    about="Northshire Probation",
    title="Send everything waiting since 6:12am",
    facts=(
        Fact(label="Still trying", text="9 messages", detail="Due now, with the same message ids"),
        Fact(
            label="Already finished",
            text="3 messages",
            detail="Each goes as a new message, with the same reference and decision version",
        ),
    ),
    effects=("12 messages are sent now, at most 2 at a time.",),
    form=Form(
        id="recover",
        path="/agencies/north-probation/recover",
        fields=(reason("Why are you sending them?"),),
        hidden=(Hidden(name="count", value="12"),),
        button="Send 12 messages",
    ),
    back=AGENCIES,
)
EXPORT = Act(
    about="212 referrals",
    title="Download these referrals",
    facts=(),
    effects=("A CSV file of 212 lines is made. It is recorded that you took it.",),
    form=None,
    not_allowed="Only a person signed in as auditor can take this file away.",
    back=REFERRALS,
)
GRADE = Act(
    about="NS-26-004120, child 1",
    title="Grade this police form",
    facts=(Fact(label="Force", text="Northshire Police"), Fact(label="Drawn", text="1 November 2026")),
    effects=("The grade is recorded by your role. It changes nothing that agencies are told.",),
    form=Form(
        id="grade",
        path="/sampling/one",
        fields=(
            Radios(
                name="code",
                question="How good is the form's work?",
                hint="Read it in the police system. Complete means all is filled in, not that it is good.",
                options=options("Good", "Needs to improve", "Inadequate"),
                error="Choose a grade",
            ),
        ),
        button="Record the grade",
    ),
    back=Link(text="Go back to the sample", path="/sampling"),
)
ITEM = WorkItem(
    about="NS-26-004179",
    title="Ring Northshire Probation",
    panel=(
        Fact(label="Task", tag=Tag(text="Late", tone=Tone.BAD), text="by 14 minutes"),
        Fact(label="Whose task", text="MASH duty worker"),
        Fact(label="Open since", text="Yesterday, 8:31am"),
    ),
    why="An officer who supervises an adult in this child's home does not know what we decided.",
    steps=(
        "Ring their duty desk on 01632 960 301.",
        "Tell them the outcome. Do not leave it with anybody who answers.",
        "Record below whom you spoke to.",
    ),
    links=(Link(text="See the message", path="/messages/one"), Link(text="See the referral", path="/")),
    forms=(
        Form(
            id="done",
            path="/worklist/1",
            fields=(why("How did it end?", "I told them by phone", "Sorted out", "Not needed"),),
            button="Record it",
        ),
    ),
    back=Link(text="Back to what needs attention", path="/worklist"),
)
NOT_TOLD = replace(
    ITEM,
    title="Agencies that may have no message",
    panel=(
        Fact(label="Whose", text="MASH manager"),
        Fact(label="Open for", text="40 minutes"),
        Fact(label="To be done by", text="Tomorrow, 8:31am"),
    ),
    why="Some agencies that know of this child have not heard the news, and no message may tell them.",
    steps=(
        "Find a way to tell those agencies that may have no message now (the trail names them).",
        "Then say here how it ended.",
    ),
    whom=(
        Fact(
            label="Northshire Probation",
            text="01632 960 301",
            link=Link(text="See Northshire Probation", path="/agencies/one"),
        ),
        Fact(
            label="St Anne's School",
            text="No telephone number in the registry",
            link=Link(text="See St Anne's School", path="/agencies/two"),
        ),
    ),
)
SAMPLE = Sampling(
    month="November 2026",
    panel=(
        Fact(label="Graded", text="1 of 3 forms"),
        Fact(label="Late", text="0 forms"),
        Fact(label="Could be better", text="1 form"),
    ),
    text="A few complete forms are drawn each month. Read each in the police system and say how good it is.",
    drawn=tuple(
        Drawn(
            form=Link(text=reference, path="/sampling/one"),
            force="Northshire Police",
            drawn="1 November",
            due="30 November",
            grade=grade,
            graded=graded,
        )
        for reference, grade, graded in (
            ("NS-26-004120, child 1", Tag(text="Not graded yet", tone=Tone.WARN), ""),
            ("NS-26-004088, child 1", Tag(text="Not graded yet", tone=Tone.WARN), ""),
            ("NS-26-003981, child 2", Tag(text="Could be better", tone=Tone.WARN), "Today, 8:31am"),
        )
    ),
    earlier=Link(text="October 2026", path="/sampling?month=2026-10"),
)


def samples() -> Iterator[Sample]:
    for name, page, is_wrong in (
        ("act-phone-call", CALL, False),
        ("act-resend", RESEND, True),
        ("act-cancel", CANCEL, False),
        ("act-pause", PAUSE, False),
        ("act-recover", RECOVER, False),
        ("act-export-refused", EXPORT, False),
        ("act-grade", GRADE, True),
    ):
        around = frame(page.title, "Messages", (OVERVIEW, MESSAGES), is_wrong=is_wrong)
        yield Sample(name=name, template="act", frame=around, page=page)
    item = frame(ITEM.title, "Overview", (OVERVIEW, Link(text="Needs attention", path="/worklist")))
    yield Sample(name="work-item", template="work_item", frame=item, page=ITEM)
    around = frame(NOT_TOLD.title, "Overview", (OVERVIEW, Link(text="Needs attention", path="/worklist")))
    yield Sample(name="work-item-not-told", template="work_item", frame=around, page=NOT_TOLD)
    yield Sample(name="sampling", template="sampling", frame=frame("Police forms to grade"), page=SAMPLE)
