"""What came in: decisions, referrals, police forms and their check, and what was refused."""

from collections.abc import Sequence

from functions.adapters.ledger.store import Item
from functions.domain.refusals import WHAT_TO_DO, WHOLE_EVENT
from functions.domain.series import series_of
from functions.domain.wording.police_rules import rules_in_words
from functions.story.named import for_children, moment
from functions.story.tasks import wanted
from functions.story.vocabulary import (
    CHANNELS,
    DIVERGENCES,
    form_words,
    in_words,
    outcome_words,
    told_words,
)
from schemas.codes import Channel, Divergence, Level, RaStatus, ReferralKind, RefusalReason

WHY_NO_FORM = {
    RaStatus.NOT_REQUIRED: ", by the agreed policy",
    RaStatus.UNKNOWN: ": the police feed could not say",
}
NOBODY = "nobody by a message"
"""Whether an agency reads it in the hub's own system, or staff are to call, is a row of its own."""
_GIVEN = {"CONFIRMATION": "A confirmation", "STATEMENT": "A statement about a police form"}
"""What somebody gave who may not, where it was no event."""
_KINDS = {ReferralKind.CONTACT: "contact", ReferralKind.REFERRAL: "referral"}


def decision(row: Item) -> str:
    outcomes = " and ".join(map(outcome_words, [row["outcome"], *row["additional"]]))
    revised = f", in the place of version {row['supersedes']}" if "supersedes" in row else ""
    return (
        f"The MASH decided on {moment(row['decided_at'])} (it reached us on {moment(row['at'])}) for child "
        f"{row['child']}, version {row['dver']}{revised}: {outcomes}. {_told(row)}{_flags(row['flags'])}"
        f"{_lacks(row)}{_diverges(row)}"
    )


def _told(row: Item) -> str:
    """To whom; a duplicate's messages stand with its original's."""
    if "joined" not in row:
        return f"To be told: {recipients_words(row['recipients'])}."
    if "told_as" not in row:
        return f"{', '.join(row['joined'])} will be told what its original is decided to be."
    original = row["told_as"]
    return (
        f"To be told what {original['ref']} was decided to be, under this reference: "
        f"{recipients_words(row['recipients'])}."
    )


def recipients_words(recipients: Sequence[str]) -> str:
    """`north-police by webhook (outcome and plan)`, one after the other."""
    return ", ".join(map(_recipient, recipients)) or NOBODY


def _recipient(listed: str) -> str:
    agency, chan, level, *nonce = listed.split("#")
    told = told_words(Level(int(level)), series_of("".join(nonce)))
    return f"{agency} by {CHANNELS[Channel(chan)]} ({told})"


def _flags(flags: Sequence[str]) -> str:
    return f" For the MASH to look at: {', '.join(map(_flag, flags))}." if flags else ""


def _flag(flag: str) -> str:
    code, _, agency = flag.partition(":")
    return in_words(code) + (f" of {agency}" if agency else "")


def _lacks(row: Item) -> str:
    """What the MASH says of the referral itself; rows of an earlier release do not say."""
    said = ", ".join(map(in_words, row.get("info_needed_codes", ())))
    return f" Of the referral itself: {said}." if said else ""


def _diverges(row: Item) -> str:
    ways = (f"{DIVERGENCES[Divergence(code)]} ({code})" for code in row.get("divergences", ()))
    found = "; ".join(ways)
    return f" Beside what the police recommend: {found}." if found else ""


def duplicate(_row: Item) -> str:
    return "The same event came again. Nothing was sent twice."


def stale(row: Item) -> str:
    return (
        f"An older decision for child {row['child']} came late (version {row['dver']}; "
        f"the newest is {row['newest']}). It was not sent."
    )


def rejected(row: Item) -> str:
    what = "An event" if "kept_as" in row else _GIVEN.get(row.get("input", ""), "A mail receipt")
    return f"{what} was refused: {refusal_words(row)}"


def refusal_words(row: Item) -> str:
    """`field decided_at, no time zone (NO_TIME_ZONE). ...`, with what its sender should do."""
    at_fault = "the event as a whole" if row["field"] == WHOLE_EVENT else f"field {row['field']}"
    return f"{at_fault}, {in_words(row['reason'])}. {WHAT_TO_DO[RefusalReason(row['reason'])]}"


def beginning(row: Item) -> str:
    """How a referral begins: it arrives, another joins it as its duplicate, or the police feed is heard."""
    if "feed_status" in row:
        return f"The police feed said that it is {row['feed_status']}."
    if "duplicate" in row:
        return _joined(row)
    urgency = f", {row['rag'].lower()}" if "rag" in row else ""
    return (
        f"The MASH received this {_KINDS[ReferralKind(row['kind'])]} on {moment(row['received_at'])}"
        f"{urgency}, {for_children(row['children'])}."
    )


def _joined(row: Item) -> str:
    if row.get("left"):
        return f"{row['duplicate']} is decided for itself now and no longer a duplicate of this referral."
    who = ", ".join(row["joined"]) or "nobody"
    told = (
        f"To be told now: {recipients_words(row['recipients'])}."
        if row["recipients"]
        else "They wait for it."
    )
    waits = f" {wanted(row)}" if "task" in row else ""
    return f"{row['duplicate']} is a duplicate of this referral; {who} joined. {told}{waits}"


def form(row: Item) -> str:
    whom = for_children(row["children"])
    return f"A police risk-assessment form came (version {row['form_version']}), {whom}."


def check(row: Item) -> str:
    stale = " It contradicts what it should match." if row["stale"] else ""
    after = " It was completed after the decision." if row["after_decision"] else ""
    late = " It was late." if row.get("late") else ""
    return f"Police form checked for child {row['child']}: {check_words(row)}.{stale}{late}{after}"


def check_words(row: Item) -> str:
    """The police check as a status and its rules."""
    rules = f"; rules not met: {rules_in_words(row['failed'])}" if row["failed"] else ""
    flags = f"; quality flags: {rules_in_words(row['advisory'])}" if row["advisory"] else ""
    return f"{form_words(row['ra'])}{WHY_NO_FORM.get(RaStatus(row['ra']), '')}{rules}{flags}"
