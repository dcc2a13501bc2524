"""One message: still trying by webhook, sent by e-mail, held, not shown, and with a reason forgotten."""

from collections.abc import Iterator
from dataclasses import replace

from functions.console.shown.form import Form, Hidden, Option, Radios
from functions.console.shown.message import Email, HeldMessage, Message, Try, Webhook
from functions.console.shown.parts import Done, Fact, Link, Tag, Tone, Unavailable
from tests.console.samples.around import MESSAGES, OVERVIEW, Sample, frame
from tests.console.samples.forms import reason, why

SAME = "The same message goes again with the same message id, so their system will not count it twice."
BODY = """{
  "type": "uk.mash.outcome.v1",
  "timestamp": "2026-11-25T08:31:04Z",
  "data": {
    "referral_ref": "NS-26-004179",
    "child_index": 1,
    "decision_seq": 1,
    "outcome": "S17",
    "police_risk_assessment": {"status": "INCORRECT", "checked_at": "2026-11-25T08:31:02Z"}
  }
}"""
TEXT = """OFFICIAL-SENSITIVE

WE ARE OFFERING EARLY HELP
Referral: NS-26-004190

You made a referral to us on 25 November 2026. We have decided that early
help is the right support.

POLICE RISK ASSESSMENT: NOT NEEDED
No police risk assessment is needed for this referral.

OFFICIAL-SENSITIVE
"""


def tries(*lines: tuple[str, ...]) -> tuple[Try, ...]:
    return tuple(
        Try(number=number, at=at, words=words, technical=technical, took=took)
        for number, at, words, technical, took in lines
    )


def again(error: str | None = None) -> Form:
    return Form(
        id="again",
        path="/messages/one/again",
        fields=(
            Radios(
                name="how",
                question="How",
                options=(
                    Option(value="SAME", text="Their system, now", is_chosen=True),
                    Option(value="FALLBACK", text="By email instead", hint="To their agreed back-up mailbox"),
                ),
            ),
            reason("Why are you sending it again?", error),
        ),
        hidden=(Hidden(name="seen", value="RETRY-7"),),
        button="Send again",
    )


HOW_BY_THEIR_SYSTEM = Radios(
    name="how",
    question="How",
    options=(Option(value="SAME", text="Their system, now", is_chosen=True),),
)
TRYING = Message(
    reference=Link(text="NS-26-004179", path="/referrals/NS-26-004179"),
    title="Outcome to Northshire Probation",
    panel=(
        Fact(label="Status", tag=Tag(text="Still trying", tone=Tone.WARN)),
        Fact(label="Why", text="Their system is not answering"),
        Fact(label="Tries so far", text="7 of 17"),
        Fact(label="Next try", text="Today at 11:35am"),
    ),
    tries=tries(
        ("7", "Today, 8:35am", "Their system did not answer", "No reply after 10 seconds", "10.0s"),
        ("6", "Today, 6:35am", "Their system did not answer", "No reply after 10 seconds", "10.0s"),
        ("5", "Today, 6:12am", "Their system said it was unavailable", "Response 503", "0.3s"),
        (
            *("4", "Yesterday, 9:06am", "Their system refused our signature"),
            *("Response 401. New secret not yet loaded", "0.2s"),
        ),
        ("3", "Yesterday, 8:36am", "Their system refused our signature", "Response 401", "0.2s"),
    ),
    sent_heading="Exactly what we are sending",
    sent=Webhook(
        headers=(
            Fact(label="To", text="receiver.probation-north.example"),
            Fact(label="webhook-id", text="msg_2x7KQ4ZP"),
            Fact(label="webhook-timestamp", text="The time of each try"),
            Fact(label="webhook-signature", text="v1,K5oZ… (shortened)"),
        ),
        body=BODY,
    ),
    send_again=again(),
    send_again_text=SAME,
    cancel=Link(text="Stop this message", path="/messages/one/cancel"),
    who_to_call=Link(text="Who to call at Northshire Probation", path="/agencies/north-probation"),
)
INSTEAD = replace(
    TRYING,
    panel=(
        *TRYING.panel,
        Fact(
            label="Told by email instead",
            tag=Tag(text="Read and confirmed", tone=Tone.GOOD),
            text="Today, 7:40am",
            detail="Outcome and plan",
            link=Link(text="See the email", path="/messages/two"),
        ),
    ),
    not_by_email="Email is not offered. An e-mail in its place was made already: send that one again, from"
    " its own page.",
    send_again=replace(again(), fields=(HOW_BY_THEIR_SYSTEM, reason("Why are you sending it again?"))),
)
MAILED = replace(
    TRYING,
    reference=Link(text="NS-26-004190", path="/referrals/NS-26-004190"),
    title="Outcome to Hillview Surgery",
    panel=(
        Fact(label="Status", tag=Tag(text="Read and confirmed", tone=Tone.GOOD)),
        Fact(label="Why", text="A GP confirmed it today at 8:20am"),
        Fact(label="Tries so far", text="1 of 17"),
        Fact(label="Next try", text="None needed"),
    ),
    tries=tries(("1", "Today, 8:02am", "The mail service accepted it", "Delivered 2 seconds later", "0.3s")),
    facts=(Fact(label="Police risk assessment", tag=Tag(text="Not needed"), text="checked today at 7:55am"),),
    sent_heading="Exactly what we sent",
    sent=Email(
        headers=(
            Fact(label="From", text="outcomes@mash.northshire.example"),
            Fact(label="To", text="referrals@hillview.example"),
            Fact(label="Subject", text="OFFICIAL-SENSITIVE: NS-26-004190 - outcome of your referral"),
        ),
        preview="/preview",
        text=TEXT,
    ),
    send_again=None,
    not_allowed="Only a person signed in as MASH manager can send this again.",
    cancel=None,
)


def held(error: str | None = None) -> Message:
    return replace(
        TRYING,
        reference=Link(text="NS-26-004193", path="/referrals/NS-26-004193"),
        title="Outcome to St Anne's School",
        panel=(
            Fact(label="Status", tag=Tag(text="Held for a safety check", tone=Tone.WARN)),
            Fact(label="Why", text="A person who works with children"),
            Fact(label="Held for", text="40 minutes"),
            Fact(label="A person must act by", text="Today at 9:05am"),
        ),
        tries=(),
        no_tries="Not tried: it is held.",
        sent_heading="Exactly what we will send",
        sent=Unavailable(reason="A held message is made when it is released."),
        send_again=None,
        cancel=None,
        held=HeldMessage(
            trigger="a person who works with children",
            text="The recipient cannot tell that this message exists. Nothing else of this referral waits for"
            " it.",
            release=Form(
                id="release",
                path="/messages/one/release",
                fields=(
                    why(
                        "Why may it go?",
                        "It is safe to tell them",
                        "Agreed with the designated officer",
                        error=error,
                    ),
                    reason("What else should the record say?"),
                ),
                button="Release",
            ),
            keep=Form(
                id="keep",
                path="/messages/one/keep",
                fields=(reason("Why must it wait?"),),
                button="Keep holding",
            ),
        ),
    )


MISMATCH = replace(
    TRYING,
    sent=Unavailable(
        reason="What we make of the record now is not what was sent: the two differ. Do not rely on it. Ring"
        " the service desk."
    ),
    done=Done(title="Sent again", text="It is due now, with the same message id.", entry="0000000416"),
)


def samples() -> Iterator[Sample]:
    above = (OVERVIEW, MESSAGES)
    for name, page, is_wrong in (
        ("message", TRYING, False),
        ("message-told-instead", INSTEAD, False),
        ("message-email", MAILED, False),
        ("message-held", held(), False),
        ("message-held-wrong", held("Choose why it may go"), True),
        ("message-cannot-show", MISMATCH, False),
        ("message-no-reason", replace(TRYING, send_again=again("Say why you are sending it again")), True),
    ):
        around = frame(page.title, "Messages", above, is_wrong=is_wrong)
        yield Sample(name=name, template="message", frame=around, page=page)
