"""The lists of referrals and of messages: full, empty, and with a filter that is wrong."""

from collections.abc import Iterator
from dataclasses import replace

from functions.console.shown.form import Checkboxes, Chip, Line
from functions.console.shown.listing import Around
from functions.console.shown.messages import MessageLine, Messages
from functions.console.shown.parts import Link, Tag, Tone
from functions.console.shown.referrals import ReferralLine, Referrals
from tests.console.samples.around import Sample, frame
from tests.console.samples.forms import agencies, filters, options

NOT_DELIVERED = Tag(text="Not delivered", tone=Tone.BAD)
STILL_TRYING = Tag(text="Still trying", tone=Tone.WARN)
TOLD = Tag(text="Told", tone=Tone.GOOD)
NOT_TOLD = Tag(text="Not told yet", tone=Tone.BAD)
COMPLETE = Tag(text="Complete", tone=Tone.GOOD)
DATES = (
    Line(name="from", question="Decided from", hint="For example, 24/11/2026", width=10),
    Line(name="to", question="Decided to", width=10),
)


def referral(
    reference: str, outcome: str, *rest: str, told: Tag = TOLD, form: Tag = COMPLETE
) -> ReferralLine:
    """`rest` is when it was decided, about telling, about the form, by whom, and about which child."""
    decided, told_detail, police_detail, referred_by, *about = rest
    return ReferralLine(
        reference=Link(text=reference, path=f"/referrals/{reference}"),
        about=about[0] if about else "",
        outcome=outcome,
        decided=decided,
        told=told,
        told_detail=told_detail,
        police_form=form,
        police_detail=police_detail,
        referred_by=referred_by,
    )


REFERRALS = Referrals(
    around=Around(
        heading="212 referrals",
        filters=replace(
            filters(
                "/referrals",
                Checkboxes(
                    name="told",
                    question="Referrer",
                    options=options("Told", "Notice only", "Not told yet", "Held", chosen=("Told",)),
                ),
                Checkboxes(
                    name="police",
                    question="Police risk assessment",
                    options=options("Complete", "Not complete", "Not received", "Not known", "Overdue"),
                ),
                agencies(),
                *DATES,
            ),
            chips=(Chip(text="Decided since 23 November", path="/referrals?from="),),
        ),
        empty="No referrals match.",
        clear="/referrals",
        notice="Showing the newest 200. Narrow the dates to see others.",
        next=Link(text="Page 2 of 8", path="/referrals?after=invented"),
        download=Link(text="Download these referrals (CSV)", path="/referrals.csv"),
    ),
    lines=(
        referral(
            *("NS-26-004193", "LADO allegation", "Today, 8:01am", "A person who works with children"),
            *("Policy 3", "St Anne's School"),
            told=Tag(text="Held", tone=Tone.WARN),
            form=Tag(text="Not needed"),
        ),
        referral(
            *("NS-26-004190", "Early help", "Today, 7:55am", "Email address does not exist"),
            *("Policy 7", "Hillview Surgery"),
            told=NOT_TOLD,
            form=Tag(text="Not needed"),
        ),
        referral(
            *("NS-26-004182", "Section 47 enquiry", "24 November, 3:02pm", "After 5 hours 12 minutes"),
            *("Due 25 November, 3:02pm", "Northshire Health Trust", "Child 1 of 2"),
            form=Tag(text="Overdue", tone=Tone.BAD),
        ),
        referral(
            *("NS-26-004182", "Child in need assessment", "24 November, 3:02pm", "After 5 hours 12 minutes"),
            *("24 November, 4:40pm", "Northshire Health Trust", "Child 2 of 2"),
        ),
        referral(
            *("NS-26-004179", "Child in need assessment", "24 November, 8:31am", "Past the deadline"),
            *("Due today, 5:00pm", "Northshire Probation"),
            told=NOT_TOLD,
            form=Tag(text="Not complete: 3 items missing", tone=Tone.WARN),
        ),
        referral(
            *("NS-26-004171", "No further action", "23 November, 2:12pm", "After 41 minutes"),
            *("Our feed was silent", "Riverside Housing"),
            told=Tag(text="Notice only", tone=Tone.INFO),
            form=Tag(text="Not known", tone=Tone.WARN),
        ),
    ),
)


def message(subject: str, reference: str, status: Tag, *rest: str) -> MessageLine:
    """`rest` is to whom, how, why it stands so, when it was last tried, and how often."""
    to, by, why, last_try, tries = rest
    return MessageLine(
        message=Link(text=subject, path=f"/messages/{reference}"),
        reference=reference,
        to=to,
        by=by,
        status=status,
        why=why,
        last_try=last_try,
        tries=tries,
    )


NO_ANSWER = "Their system is not answering"
PROBATION = ("Northshire Probation", "Their system", NO_ANSWER)
MESSAGES = Messages(
    around=Around(
        heading="14 messages",
        filters=replace(
            filters(
                "/messages",
                Checkboxes(
                    name="status",
                    question="Status",
                    options=options(
                        *("Not delivered", "Still trying", "Delivered", "Read and confirmed", "Held"),
                        chosen=("Not delivered", "Still trying"),
                    ),
                ),
                Checkboxes(
                    name="kind",
                    question="Message",
                    options=options("Outcome", "Decision changed", "Police reminder"),
                ),
                agencies(),
            ),
            chips=(
                Chip(text="Not delivered", path="/messages?status=STILL_TRYING"),
                Chip(text="Still trying", path="/messages?status=NOT_DELIVERED"),
            ),
        ),
        empty="No messages match.",
        clear="/messages",
        next=Link(text="Page 2 of 2", path="/messages?after=invented"),
        download=Link(text="Download these 14 messages (CSV)", path="/messages.csv"),
    ),
    lines=(
        message(
            *("Outcome: child in need assessment", "NS-26-004179", STILL_TRYING),
            *(*PROBATION, "Today, 8:35am", "Try 7 of 17"),
        ),
        message(
            *("Outcome: early help", "NS-26-004190", NOT_DELIVERED, "Hillview Surgery", "Email"),
            *("Email address does not exist", "Today, 8:02am", "Try 1 of 17"),
        ),
        message(
            *("Decision changed", "NS-26-004101", STILL_TRYING, *PROBATION),
            *("Today, 7:58am", "Try 4 of 17"),
        ),
        message(
            *("Outcome: no further action", "NS-26-004144", NOT_DELIVERED, "St Anne's School", "Email"),
            *("Inbox not accepting messages right now", "Yesterday, 5:12pm", "Try 17 of 17"),
        ),
        message(
            *("Outcome: section 47 enquiry", "NS-26-004188", STILL_TRYING, *PROBATION),
            *("Yesterday, 4:44pm", "Try 8 of 17"),
        ),
    ),
)


def samples() -> Iterator[Sample]:
    wrong = replace(
        MESSAGES.around.filters,
        fields=(
            Line(
                name="from",
                question="Tried from",
                value="31/02/2026",
                error="31/02/2026 is not a date",
            ),
        ),
    )
    referrals, messages = frame("Referrals", "Referrals"), frame("Messages", "Messages")
    for name, template, around, page in (
        ("referrals", "referrals", referrals, REFERRALS),
        ("referrals-empty", "referrals", referrals, replace(REFERRALS, lines=())),
        ("messages", "messages", messages, MESSAGES),
        ("messages-empty", "messages", messages, replace(MESSAGES, lines=())),
    ):
        yield Sample(name=name, template=template, frame=around, page=page)
    yield Sample(
        name="messages-wrong-filter",
        template="messages",
        frame=frame("Messages", "Messages", is_wrong=True),
        page=replace(MESSAGES, around=replace(MESSAGES.around, filters=wrong), lines=()),
    )
