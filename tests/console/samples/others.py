"""Help and statements, signing in and out, and everything that can go wrong."""

from collections.abc import Iterator

from functions.console.shown.help import Glossary, Help, Meaning, Passage, Statement
from functions.console.shown.parts import Fact, Link, Tag, Tone
from functions.console.shown.problems import (
    Changed,
    Typed,
    busy,
    changed_since,
    not_allowed,
    not_found,
    session_ended,
    went_wrong,
)
from functions.console.shown.sign_in import SignedOut, SignIn, Way
from tests.console.samples.around import MANAGER, OVERVIEW, Sample, frame

TYPED = (
    Typed(label="How", text="By email instead"),
    Typed(label="Why are you sending it again?", text="Their desk asked for it by email.\nRung at 8:40am."),
)
HELP = Help(
    glossaries=(
        Glossary(
            id="messages",
            heading="What becomes of a message",
            text="Delivered is not read. Only somebody pressing a button says that it was read.",
            meanings=tuple(
                Meaning(word=Tag(text=word, tone=tone), means=means, todo=todo)
                for word, tone, means, todo in (
                    ("Delivering", Tone.INFO, "It is on its way.", "Nothing."),
                    ("Still trying", Tone.WARN, "A try failed. We try again by ourselves.", "See why."),
                    ("Checking whether it went", Tone.WARN, "We lost sight of a try.", "Wait 15 minutes."),
                    ("Accepted by the mail service", Tone.INFO, "Not yet in their mailbox.", "Nothing."),
                    ("Delivered", Tone.GOOD, "It reached them. It may not have been read.", "Nothing."),
                    ("Read and confirmed", Tone.GOOD, "Somebody there said so.", "Nothing."),
                    ("Not delivered", Tone.BAD, "Every try failed.", "Send it another way, or ring."),
                    ("Held for a safety check", Tone.WARN, "A person must look first.", "Review the hold."),
                    ("Stopped by a person", Tone.QUIET, "Somebody here stopped it.", "Ring them."),
                )
            ),
        ),
        Glossary(
            id="police",
            heading="Police risk assessment",
            text="Complete means the form is complete, not that the risk is low or the work is good.",
            meanings=(
                Meaning(word=Tag(text="Complete", tone=Tone.GOOD), means="All is there.", todo="Nothing."),
                Meaning(
                    word=Tag(text="Not received", tone=Tone.BAD), means="We hold no form.", todo="Ring them."
                ),
            ),
        ),
    ),
    passages=(
        Passage(
            id="record",
            heading="How we check the record",
            paragraphs=(
                "Each entry is sealed with the one before it. A changed entry breaks the chain.",
                "A chain alone cannot show that the newest were cut off: we compare it with a locked copy.",
            ),
        ),
    ),
    ring=(
        Fact(label="Service desk", text="01632 960 123", detail="Monday to Friday, 8am to 6pm"),
        Fact(label="A child in danger now", text="999"),
    ),
)
ACCESSIBILITY = Statement(
    title="Accessibility statement",
    passages=(
        Passage(
            id="tested",
            heading="What was tested",
            paragraphs=("Every page by machine, wide and narrow, by keyboard, and on paper.",),
        ),
        Passage(
            id="not-tested",
            heading="What was not tested",
            paragraphs=("Screen readers, 400% zoom, voice control, and people who use them.",),
        ),
    ),
)
TRY_OUT = SignIn(
    ways=(
        Way(link=Link(text="Sign in as MASH manager", path="/sign-in?role=manager"), hint="Reads and acts."),
        Way(link=Link(text="Sign in as viewer", path="/sign-in?role=viewer"), hint="Reads."),
        Way(link=Link(text="Sign in as auditor", path="/sign-in?role=auditor"), hint="Reads and exports."),
        Way(
            link=Link(text="Sign in as police desk", path="/sign-in?role=police_desk"),
            hint="Records police forms.",
        ),
    ),
    notice="This stage is for trying it out. It needs no password.",
)
COUNCIL = SignIn(ways=(Way(link=Link(text="Sign in with your council account", path="/sign-in"), hint=None),))
SIGN_IN = Link(text="Sign in", path="/sign-in")
BACK = Link(text="Back to the message", path="/messages/one")
CHANGED = (
    Changed(what="Status", was="Still trying, 7 tries", now="Delivered today at 8:44am"),
    Changed(what="Sent again by", was="Nobody", now="MASH manager, today at 8:43am"),
)


def samples() -> Iterator[Sample]:
    yield Sample(name="help", template="help", frame=frame("Help and what the words mean"), page=HELP)
    yield Sample(
        name="accessibility",
        template="statement",
        frame=frame("Accessibility statement"),
        page=ACCESSIBILITY,
    )
    signed_out = frame("Sign in", user=None)
    yield Sample(name="sign-in", template="sign_in", frame=signed_out, page=COUNCIL)
    yield Sample(name="sign-in-try-out", template="sign_in", frame=signed_out, page=TRY_OUT)
    yield Sample(
        name="signed-out",
        template="signed_out",
        frame=frame("You have signed out", user=None),
        page=SignedOut(sign_in=SIGN_IN),
    )
    yield Sample(
        name="signed-out-here-only",
        template="signed_out",
        frame=frame("You have signed out", user=None),
        page=SignedOut(sign_in=SIGN_IN, is_here_only=True),
    )
    for name, page in {
        "problem-not-found": not_found(OVERVIEW),
        "problem-not-allowed": not_allowed("MASH manager", BACK),
        "problem-changed": changed_since(CHANGED, TYPED, BACK),
        "problem-busy": busy("Your change was not made.", BACK, TYPED),
        "problem-went-wrong": went_wrong("Your change was made.", "1-65f0-0a1b2c", OVERVIEW),
        "problem-session-ended": session_ended(TYPED, SIGN_IN),
    }.items():
        around = frame(page.title, user=None if name.endswith("ended") else MANAGER)
        yield Sample(name=name, template="problem", frame=around, page=page)
