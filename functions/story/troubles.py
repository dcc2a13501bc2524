"""What went wrong with a message, in a sentence for each code: what happened, and what a person does now."""

from collections.abc import Mapping
from dataclasses import dataclass

from functions.adapters.ledger.store import Item
from schemas.codes import ErrorWord, ParkReason


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happened, as the rest of a sentence; and what a person does about it, as one of its own."""

    what: str
    now: str


CALL_THEN_RESEND = "Call the agency; once its system is well, `mash resend` sends the message again."
TELL_THE_ENGINEERS = (
    "Call the agency if it cannot wait, and tell the engineers: once mended, it goes by itself."
)
TRIED: Mapping[ErrorWord, Trouble] = {
    ErrorWord.E_TIMEOUT: Trouble("no answer came in time", CALL_THEN_RESEND),
    ErrorWord.E_CONNECTION: Trouble("there was no connection, or it broke off", CALL_THEN_RESEND),
    ErrorWord.E_DNS: Trouble(
        "the address of the agency's system was not found",
        "Call the agency, and ask whether the address in the registry is right.",
    ),
    ErrorWord.E_TLS: Trouble(
        "the agency's system could not prove whose it is",
        "Call the agency, and ask its desk to mend its certificate; then `mash resend` sends it again.",
    ),
    ErrorWord.E_HTTP: Trouble("the agency's system did not take it", CALL_THEN_RESEND),
    ErrorWord.E_INVALID_TARGET: Trouble(
        "the address of the agency's system is none that we may send to",
        "Call the agency, and have two people correct its address in the registry.",
    ),
    ErrorWord.E_TOO_LARGE: Trouble(
        "it is larger than may be sent",
        "Call the agency, and tell the engineers: `mash resend` cannot make it smaller.",
    ),
    ErrorWord.E_PROVIDER: Trouble(
        "the mail service did not take it",
        "Call the agency, and ask the engineers to run `mash ready`; then `mash resend` sends it again.",
    ),
    ErrorWord.E_THROTTLED: Trouble(
        "the mail service takes no more so fast",
        "Call the agency if it cannot wait; `mash resend` sends the message again.",
    ),
    ErrorWord.E_QUOTA: Trouble(
        "the mail service takes no more today",
        "Call the agency, and ask the engineers to have the quota raised; then `mash resend` sends it again.",
    ),
    ErrorWord.E_MAIL_PAUSED: Trouble("the mail service has paused our sending", TELL_THE_ENGINEERS),
    ErrorWord.E_MAIL_SUSPENDED: Trouble("the mail service has ended our sending", TELL_THE_ENGINEERS),
    ErrorWord.E_MAIL_DENIED: Trouble("the mail service does not let us send", TELL_THE_ENGINEERS),
    ErrorWord.E_MAIL_UNVERIFIED: Trouble(
        "the mail service does not know our domain any more", TELL_THE_ENGINEERS
    ),
    ErrorWord.E_MAIL_NOT_SET_UP: Trouble("the mail service lacks what we send by", TELL_THE_ENGINEERS),
    ErrorWord.E_LEASE_EXPIRED: Trouble(
        "our sender stopped before it could say what came of it",
        "Ask the agency whether it has the message; if not, `mash resend` sends it again.",
    ),
    ErrorWord.E_TOO_LATE: Trouble(
        "our sender was too slow and let nothing leave",
        "Tell the engineers; `mash resend` sends the message again.",
    ),
}
PARKED: Mapping[ParkReason, Trouble] = {
    ParkReason.UNREADABLE: Trouble(
        "what it is made from cannot be read",
        "Tell the agency by telephone; the engineers mend it, and `mash resend` lets it go on.",
    ),
    ParkReason.HASH_MISMATCH: Trouble(
        "it would no longer be the very message that the trail announced",
        "Send nothing: tell the agency by telephone, and the information governance lead.",
    ),
    ParkReason.AGENCY_INACTIVE: Trouble(
        "the agency is no longer active in the registry",
        "Find out who acts for it now, and tell them by telephone.",
    ),
    ParkReason.NO_ADDRESS: Trouble(
        "the registry has no address for it",
        "Tell the agency by telephone; two people correct the registry, and `mash resend` lets it go on.",
    ),
    ParkReason.NO_SECRET: Trouble(
        "there is no usable secret to sign it with",
        "Tell the agency by telephone; `mash rotate` makes a secret to hand over, then `mash resend` lets it "
        "go on.",
    ),
    ParkReason.MAILBOX_LOWERED: Trouble(
        "the agency's mailbox may not have all of it any more",
        "Tell the agency by telephone; `mash resend` sends as much as the mailbox may have.",
    ),
    ParkReason.ADDRESS_SUPPRESSED: Trouble(
        "mail to this address came back, or was called spam, and nobody has verified it since",
        "Tell the agency by telephone; two people put the right address into the registry, and `mash resend` "
        "lets it go on.",
    ),
    ParkReason.DEAD_LETTER: Trouble(
        "our sender failed at it again and again",
        "Tell the agency by telephone; the engineers find the fault, and `mash resend` lets it go on.",
    ),
}


def failure_words(row: Item) -> str:
    """What went wrong with a try, with the number that the agency's system answered, for its engineers."""
    if "error" not in row:
        return "no reason given"
    what = TRIED[ErrorWord(row["error"])].what
    return f"{what} ({row['http_status']})" if "http_status" in row else what


def what_now(row: Item) -> str:
    """What a person does where nothing goes on by itself."""
    return f" {TRIED[ErrorWord(row['error'])].now}" if "error" in row else ""
