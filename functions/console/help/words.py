"""What the console's words mean and what to do at each, and the parts of help that explain more."""

from functions.console.agencies.words import WORKING
from functions.console.help.passages import passage
from functions.console.shown.help import Glossary, Meaning
from functions.console.shown.parts import Tag, Tone
from functions.console.words.messages import ACCEPTED, CONFIRMED, HELD, STATUSES
from functions.domain.endpoint import FAILED_IN_A_ROW
from functions.domain.measures.reasons import JUDGED_BY_DAYS, LEAST_JUDGED, MOST_IN_100
from functions.story.figures import TOLD_IN_TIME_WORDS
from schemas.codes import DeliveryState


def _of(status: str, means: str, todo: str) -> Meaning:
    return Meaning(word=STATUSES[status], means=means, todo=todo)


def _word(text: str, tone: Tone, means: str, todo: str) -> Meaning:
    return Meaning(word=Tag(text=text, tone=tone), means=means, todo=todo)


TOLD = Glossary(
    id="told",
    heading="Whether a referrer was told",
    text="Told means that the outcome reached them, or that somebody rang. Sent is not told. "
    f"“{TOLD_IN_TIME_WORDS}” takes in the time that the decision took; how soon after the decision half of "
    "them were told is a figure of its own, in the reports.",
    meanings=(
        _word("Told", Tone.GOOD, "The newest outcome has reached whoever referred.", "Nothing."),
        _word(
            "Notice only",
            Tone.WARN,
            "They know that a decision exists, not which: their mailbox may not have more.",
            "Ring them. It counts as not told.",
        ),
        _word("Not told yet", Tone.BAD, "Nothing has reached them.", "Look at the message, or ring them."),
        _word(
            "Held",
            Tone.WARN,
            "A person must decide first whether telling is safe. The recipient cannot see that.",
            "Release it, or keep it and decide again later. A missing police form never holds anything.",
        ),
    ),
)
MESSAGES = Glossary(
    id="messages",
    heading="What becomes of a message",
    text="Delivered is not read. Only somebody who presses a button says that it was read.",
    meanings=(
        _of(DeliveryState.PENDING, "It is on its way.", "Nothing."),
        _of(DeliveryState.RETRY, "A try failed. We try again by ourselves.", "See why on its page."),
        _of(
            DeliveryState.QUARANTINE,
            "We lost sight of a try, and find out before it is tried again.",
            "Wait 15 minutes.",
        ),
        _of(ACCEPTED, "The mail service has it, not yet their mailbox.", "Nothing."),
        _of(DeliveryState.SENT, "It reached their system or mailbox. It may not have been read.", "Nothing."),
        _of(CONFIRMED, "Somebody there pressed the button.", "Nothing."),
        _of(DeliveryState.FAILED, "Every try failed, or mail came back.", "Send it another way, or ring."),
        _of(HELD, "A person must look first.", "Review the hold."),
        _of(DeliveryState.SUPERSEDED, "A newer decision or update took its place.", "Look at the newer one."),
        _of(DeliveryState.CANCELLED, "Somebody here stopped it and said why.", "Ring them."),
        _of(DeliveryState.PARKED, "It cannot be sent as it is.", "Ring the agency, then the service desk."),
    ),
)
POLICE_FORMS = Glossary(
    id="police-forms",
    heading="Police risk assessments",
    text="Complete means that the form is complete, not that the risk is low or the work is good. The status "
    "goes with every message and never holds one back.",
    meanings=(
        _word("Complete", Tone.GOOD, "Every item that must be there is there.", "Nothing."),
        _word(
            "Not complete", Tone.BAD, "Items are missing: its referral says which.", "Ring the police lead."
        ),
        _word("Not received", Tone.BAD, "We hold no form of this child.", "Ring the police lead."),
        _word("Not needed", Tone.QUIET, "The agreed policy asks for none here.", "Nothing."),
        _word(
            "Not known",
            Tone.WARN,
            "The police's feed is silent or failing, and we hold no form.",
            "Ask the police desk. It counts as outstanding.",
        ),
    ),
)
IN_TIME = Glossary(
    id="in-time",
    heading="What has not come about in time",
    text="Late is a task that is somebody's here. Overdue is a police form, which the police owe us.",
    meanings=(
        _word(
            "Late",
            Tone.BAD,
            "The time by which somebody was to do this task has passed.",
            "Do it next, or say how it ended.",
        ),
        _word(
            "Overdue",
            Tone.BAD,
            "The time has passed by which the police were to send a form that is complete.",
            "Ring the police lead: a task says so.",
        ),
    ),
)
AGENCIES = Glossary(
    id="agencies",
    heading="How an agency can be reached",
    text="Delivered counts the messages that were free to go in the last 7 days, and of these the ones that "
    "arrived. Waiting counts the messages that will go by themselves. Not arrived, on the page that sends "
    "everything waiting, counts those too that failed for good since a moment.",
    meanings=(
        Meaning(word=WORKING.tag, means="Nothing is known to be in the way.", todo="Nothing."),
        _word(
            "Not answering",
            Tone.BAD,
            f"{FAILED_IN_A_ROW} tries in a row failed, or most of the last ones.",
            "Ring their service desk.",
        ),
        _word(
            "Paused",
            Tone.BAD,
            "Somebody here stopped sending to it.",
            "Resume it when it may go on.",
        ),
        _word("Refuses our messages", Tone.BAD, "It refuses our signature.", "Ring the service desk."),
        _word("Says it has gone", Tone.BAD, "Their address is no longer in use.", "Ring them."),
        _word(
            "Wrong address",
            Tone.WARN,
            "Mail came back: the mailbox does not exist or takes nothing.",
            "Ring them. Two people correct it in the registry.",
        ),
        _word(
            "Not yet checked",
            Tone.WARN,
            "Nobody has yet checked the address of their system: the agreed mailbox gets their messages.",
            "Ask an operator to check it.",
        ),
        _word(
            "Not yet proved",
            Tone.WARN,
            "Somebody resumed their system, and it has answered nothing since.",
            "Look again once a message was tried.",
        ),
    ),
)
PASSAGES = (
    passage(
        "refused",
        "Events that we refused",
        """
        An event from the case system that cannot be read is refused, kept for 14 days, and known to
        nobody here: no page shows what it would have told.

        Ring the service desk. An operator sees why it was refused, and whoever sent it must send it
        again. If the case is urgent, ring the agencies yourself.
        """,
    ),
    passage(
        "reasons",
        "Reasons left to the duty team",
        f"""
        Five outcomes should say why: no further action, advice, a single-agency response, early help, and
        private fostering or another specialist route. Where a decision gives no reason, or only “Call the
        duty team for the reason”, agencies are told to ring. That is meant for the odd case.

        Each night we count the decisions of the last {JUDGED_BY_DAYS} days, of each child the newest. Of
        {LEAST_JUDGED} or more, if over {MOST_IN_100} in 100 leave their reason to the team, a MASH manager
        has a task: find out why from those who decide, and see that new decisions give one. No message is
        held or delayed for it.

        The task ends by itself once they are {MOST_IN_100} in 100 or fewer. Whoever says before then that
        it is sorted out is not asked again for {JUDGED_BY_DAYS} days.
        """,
    ),
    passage(
        "record",
        "How we check the record",
        """
        Every entry names the one before it by a number worked out from its content. A changed or
        missing entry in the middle breaks that chain.

        A chain alone cannot show that the newest entries were cut off, so the chain has to be
        compared with a copy that is locked elsewhere. This service does not do that yet: the badge
        says “Not checked yet”. That does not mean that the record is wrong, and it does not mean
        that it is right.
        """,
    ),
    passage(
        "small-counts",
        "Small counts",
        """
        In reports, counts of 1 to 4 are hidden, and so is every count from which one could be
        worked out. “Hidden” says nothing about how large a count is.

        “Not available” means that no event ever told us. It is never a nought.

        The overview is for the people who run this hub: it hides nothing, and no figure of it may
        be passed on.
        """,
    ),
    passage(
        "roles",
        "Who may do what",
        """
        A viewer reads. A MASH manager also sends again, decides of holds, pauses and takes figures
        away. An auditor reads, takes figures away and sees who looked at what. The police desk sees
        its own pages and these.
        """,
    ),
)
