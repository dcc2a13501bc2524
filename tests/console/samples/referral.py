"""One referral: a usual one, a held one with two versions and a broken seal, and the same for paper."""

from collections.abc import Iterator
from dataclasses import replace

from functions.console.shown.chronology import Chronology
from functions.console.shown.parts import Done, Fact, Link, Tag, Tone
from functions.console.shown.referral import Happened, Hold, Printed, Referral, Seal, SealBadge, Version
from tests.console.samples.around import OVERVIEW, REFERRALS, Sample, frame


def link(text: str) -> Link:
    return Link(text=text, path="/messages/one")


HAPPENED = (
    Happened(
        title="Second reminder sent to Northshire Police",
        by="this service",
        at="26 November 2026 at 8:30am",
        lines=("Copied to the police MASH sergeant. Delivered in 0.3 seconds.",),
        links=(link("See the reminder"),),
    ),
    Happened(
        title="Police risk assessment became overdue: reminder 2 of 3",
        by="this service",
        at="25 November 2026 at 3:02pm",
        lines=("It was due 1 working day after the section 47 decision.",),
        links=(link("See the first reminder"),),
        is_bad=True,
    ),
    Happened(
        title="Outcome read and confirmed",
        by="Northshire Health Trust",
        at="24 November 2026 at 3:41pm",
        lines=("A named nurse opened the link and confirmed, 37 minutes after it was sent.",),
    ),
    Happened(
        title="Outcome delivered to Northshire Health Trust",
        by="this service",
        at="24 November 2026 at 3:04pm",
        lines=("Second try. Their system accepted it in 0.4 seconds.",),
        links=(link("See exactly what was sent"),),
    ),
    Happened(
        title="Sent again",
        by="MASH manager",
        at="24 November 2026 at 3:04pm",
        reason="Their desk says the system is back.",
    ),
    Happened(
        title="Tried 9 times to reach Northshire Health Trust: their system said it was unavailable",
        by="this service",
        at="24 November 2026, between 10:02am and 3:03pm",
        links=(link("See exactly what was sent"),),
        is_bad=True,
        each=tuple(
            Happened(
                title=f"Try {number} failed",
                by="this service",
                at=f"24 November 2026 at {number}:02pm",
                lines=(f"Try {number} of the outcome failed: their system said it was unavailable.",),
            )
            for number in range(9, 0, -1)
        ),
    ),
    Happened(
        title="Police risk assessment checked",
        by="this service",
        at="24 November 2026 at 3:02pm",
        lines=(
            "Not received. The outcome went out marked “not yet complete”. The police were asked for it.",
        ),
    ),
    Happened(
        title="Decision recorded: section 47 enquiry",
        by="duty manager 07",
        at="24 November 2026 at 3:02pm",
        lines=("Received from the case system. Decision version 1.",),
    ),
    Happened(
        title="Referral received",
        by="Northshire Health Trust",
        at="24 November 2026 at 9:14am",
        lines=("Reference NS-26-004182 given. Receipt acknowledged to the referrer in 2 minutes.",),
    ),
)
USUAL = Referral(
    reference="NS-26-004182",
    about="Referral, child 1 of 2",
    children=(Link(text="child 2", path="/referrals/NS-26-004182/2"),),
    panel=(
        Fact(label="Outcome", tag=Tag(text="Section 47 enquiry", tone=Tone.PLAN)),
        Fact(label="Referrer told", tag=Tag(text="Told", tone=Tone.GOOD), text="after 5 hours 12 minutes"),
        Fact(
            label="Police risk assessment",
            tag=Tag(text="Overdue", tone=Tone.BAD),
            text="due 25 November, 3:02pm",
        ),
        Fact(label="Referred by", text="Northshire Health Trust"),
    ),
    warnings=("The police risk assessment was due at 3:02pm yesterday. They were reminded at 8:30am today.",),
    holds=(),
    happened=HAPPENED,
    seal=SealBadge(
        seal=Seal.INTACT,
        text="All 8 entries match their seals, and the last sealed one matches the copy locked at 8:45am.",
        newer="1 newer entry is not sealed yet.",
    ),
    facts=(
        Fact(label="Received", text="24 November 2026, 9:14am"),
        Fact(label="Decided", text="24 November 2026, 3:02pm"),
        Fact(label="Decided by", text="Duty manager 07"),
        Fact(label="Told the referrer", text="24 November 2026, 3:04pm"),
        Fact(label="Read and confirmed", text="24 November 2026, 3:41pm"),
        Fact(label="Keep until", text="Set by retention rule R4"),
    ),
    record_call=Link(text="Record a phone call", path="/referrals/NS-26-004182/call"),
    print_view=Link(text="Print this record", path="/referrals/NS-26-004182/print"),
    download=Link(text="Download (CSV, 2KB)", path="/referrals/NS-26-004182/record.csv"),
)
HELD = replace(
    USUAL,
    reference="NS-26-004193",
    about="Referral",
    children=(),
    panel=(
        Fact(label="Outcome", tag=Tag(text="LADO allegation", tone=Tone.PLAN)),
        Fact(label="Referrer told", tag=Tag(text="Held", tone=Tone.WARN), text="for 40 minutes"),
        Fact(label="Police risk assessment", tag=Tag(text="Not needed"), text="policy 7"),
        Fact(label="Referred by", text="St Anne's School"),
    ),
    warnings=(),
    holds=(
        Hold(
            trigger="a person who works with children",
            text="1 message has waited since 8:05am today. A manager must release or keep it by 9:05am.",
            review=Link(text="Review the hold", path="/messages/held"),
        ),
    ),
    versions=(
        Version(
            number="2",
            outcome="LADO allegation",
            decided="Today, 8:01am",
            decided_by="Duty manager 07",
            state=Tag(text="In force", tone=Tone.GOOD),
        ),
        Version(
            number="1",
            outcome="No further action",
            decided="Yesterday, 4:50pm",
            decided_by="Duty manager 03",
            state=Tag(text="Replaced by version 2"),
        ),
    ),
    seal=SealBadge(
        seal=Seal.DOES_NOT_MATCH,
        text="Do not rely on this record. Ring the service desk. Entry 5 does not match.",
    ),
    happened=HAPPENED[-2:],
    older=Link(text="Older entries", path="/referrals/NS-26-004193?from=invented"),
    done=Done(title="Phone call recorded", text="It is in the list below.", entry="0000000415"),
)
CANNOT = SealBadge(
    seal=Seal.CANNOT_CHECK,
    text="We could not reach the locked copy. This does not mean the record is wrong.",
)
NOT_CHECKED = SealBadge(
    seal=Seal.NOT_CHECKED,
    title="Not checked since 25 November at 6:00pm",
    text="Last checked 25 November at 6:00pm.",
    check=Link(text="Check now", path="/referrals/NS-26-004182/check"),
)


LATER = Happened(title="Decision recorded: early help", by="the case system", at="2 November 2026 at 9:15am")
CHRONOLOGY = Chronology(
    reference="NS-26-004193",
    about="NS-26-004193, child 1",
    panel=(
        Fact(label="Referrals of this child", text="2 referrals"),
        Fact(label="First received", text="2 March 2026"),
        Fact(label="Newest outcome", text="Early help"),
    ),
    notice="Only the newest 20 referrals of this child are shown.",
    happened=(LATER, replace(LATER, title="Referral received", at="2 March 2026 at 9:15am")),
    back=Link(text="Back to the referral", path="/referrals/NS-26-004193?child=1"),
)


def samples() -> Iterator[Sample]:
    above = (OVERVIEW, REFERRALS)
    for name, page in {
        "referral": USUAL,
        "referral-held": HELD,
        "referral-cannot-check": replace(USUAL, seal=CANNOT, happened=HAPPENED[-1:]),
        "referral-not-checked": replace(USUAL, seal=NOT_CHECKED, happened=HAPPENED[:1]),
        "referral-paper": replace(
            USUAL,
            printed=Printed(by="Priya Shah, MASH manager", at="26 November 2026 at 8:46am"),
            record_call=None,
            print_view=None,
            download=None,
        ),
    }.items():
        yield Sample(
            name=name, template="referral", frame=frame(page.reference, "Referrals", above), page=page
        )
    page_of_a_child = frame("Chronology", "Referrals", above)
    yield Sample(name="chronology", template="chronology", frame=page_of_a_child, page=CHRONOLOGY)
