"""One referral's trail in plain words: a sentence for each row, in UK time."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from functions.adapters.ledger.store import Item
from functions.adapters.registry.endpoint_rows import CHECKED
from functions.cli.mail_words import mail_words
from functions.domain.refusals import WHAT_TO_DO, WHOLE_EVENT
from functions.domain.wording.outcomes import FIXED, LABELS
from functions.domain.wording.police_form import EXACT_WORDS
from functions.domain.wording.police_rules import rules_in_words
from functions.domain.wording.reader_roles import READER_ROLES
from functions.domain.wording.uk_time import uk_date, uk_date_and_time
from schemas.codes import (
    AckMethod,
    AckResult,
    ActReason,
    AttemptResult,
    AuditKind,
    Channel,
    DeliveryState,
    HoldTrigger,
    Level,
    MessageType,
    Outcome,
    RaStatus,
    ReaderRole,
    ReferralKind,
    RefusalReason,
    ReleaseReason,
    TaskKind,
    Watch,
)

CHANNELS = {
    Channel.EMAIL: "e-mail",
    Channel.WEBHOOK: "webhook",
    Channel.FALLBACK: "e-mail in place of its webhook",
}
LEVELS = {
    Level.NOTHING: "nothing",
    Level.NOTICE: "notice only",
    Level.OUTCOME: "outcome",
    Level.PLAN: "outcome and plan",
}
WHY_NO_FORM = {
    RaStatus.NOT_REQUIRED: ", by the agreed policy",
    RaStatus.UNKNOWN: ": the police feed could not say",
}
NOBODY = "nobody; staff call where a call is due"
"""A member of the public, for example, is never told by a message."""
HOLDS = {
    HoldTrigger.EMERGENCY: "emergency protection",
    HoldTrigger.LADO: "allegation against a person in a position of trust",
    HoldTrigger.STAFF_LINK: "link to one of the agency's staff",
    HoldTrigger.RESTRICTED_RECORD: "restricted record",
    HoldTrigger.SENSITIVE: "sensitive",
    HoldTrigger.REFERRER_IS_FAMILY: "the referrer is family",
    HoldTrigger.UNVERIFIED_ADDRESS: "an address that is not verified",
}
RELEASE_REASONS = {
    ReleaseReason.SAFE_TO_TELL: "telling it puts nobody at risk",
    ReleaseReason.TOLD_BY_PHONE_FIRST: "it was told by telephone first",
    ReleaseReason.AGREED_WITH_POLICE: "agreed with the police",
    ReleaseReason.AGREED_WITH_DESIGNATED_OFFICER: "agreed with the designated officer",
    ReleaseReason.ADDRESS_VERIFIED: "the address is verified now",
    ReleaseReason.HELD_IN_ERROR: "it was held in error",
}
ACT_REASONS = {
    ActReason.NOT_RECEIVED: "the agency says that it has not received it",
    ActReason.LOST_BY_AGENCY: "the agency has lost it",
    ActReason.AGENCY_ASKED: "the agency asked for it",
    ActReason.ADDRESS_MENDED: "the address is right now",
    ActReason.ENDPOINT_MENDED: "the agency's system takes messages again",
    ActReason.OUR_FAULT_MENDED: "the fault was ours, and is mended",
    ActReason.WRONG_RECIPIENT: "it was not for this agency",
    ActReason.NOT_SAFE_TO_TELL: "telling it could put somebody at risk",
    ActReason.DECIDED_IN_ERROR: "the decision was recorded in error",
    ActReason.MAINTENANCE: "there is work on the agency's system",
    ActReason.NOT_TRUSTED: "it may be somebody else who answers there",
    ActReason.PAUSED_IN_ERROR: "it was paused in error",
    ActReason.TOLD_BY_PHONE: "it was told by telephone",
    ActReason.SORTED_OUT: "it is sorted out",
    ActReason.NOT_NEEDED: "nobody need do it any more",
}
TASK_WORDS = {
    TaskKind.RELEASE_CHILD: "decide whether what is held may be told",
    TaskKind.RELEASE_AGENCY: "decide whether this agency may be told",
    TaskKind.RELEASE_ALLEGATION: "decide whether the allegation may be told",
    TaskKind.CALL_REFERRER: "call the referrer, where there is one to call",
    TaskKind.CALL_AGENCY: "call the agency: what it was told may no longer hold, and no message may say more",
    TaskKind.CHECK_REVISION: "ask for the decision that this revision replaced; it never came",
    TaskKind.CHECK_DUPLICATE: "say which child of which referral this is a duplicate of",
    TaskKind.CALL_UNTOLD: "call the agency: no message has reached it",
    TaskKind.CALL_UNREAD: "call the agency: nobody there has confirmed reading the message",
    TaskKind.MEND_ENDPOINT: "call the agency's desk: its endpoint does not take messages",
    TaskKind.MEND_ADDRESS: "find the agency's right address: a message came back",
}


def clock_time(at: str) -> str:
    """`3:02:31pm`; the trail's order needs the second."""
    moment = datetime.fromisoformat(at)
    *_, time_of_day = uk_date_and_time(moment).split(" ")
    return f"{time_of_day[:-2]}:{moment.second:02d}{time_of_day[-2:]}"


def sentence(row: Item) -> str:
    """What the row says happened."""
    return _SENTENCES[AuditKind(row["type"])](row)


def fingerprint(row: Item) -> str:
    """The start of the hash of what was sent, to compare with what arrived; empty for other rows."""
    return f"SHA-256 {row['body_sha256'][:12]}" if "body_sha256" in row else ""


def story(rows: Sequence[Item]) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """Day by day, each row's time, sentence and fingerprint, in order."""
    for day, written in groupby(rows, key=lambda row: uk_date(datetime.fromisoformat(row["at"]))):
        yield day, [(clock_time(row["at"]), sentence(row), fingerprint(row)) for row in written]


def in_words(code: str) -> str:
    """`no time zone (NO_TIME_ZONE)`, for codes whose names are their words."""
    return f"{code.removeprefix('E_').replace('_', ' ').lower()} ({code})"


def outcome_words(code: str) -> str:
    """`section 47 enquiry, joint with police (S47J)`."""
    return f"{LABELS[Outcome(code)]} ({code})"


def check_words(row: Item) -> str:
    """The police check as a status and its rules."""
    rules = f"; rules not met: {rules_in_words(row['failed'])}" if row["failed"] else ""
    flags = f"; quality flags: {rules_in_words(row['advisory'])}" if row["advisory"] else ""
    return f"{form_words(row['ra'])}{WHY_NO_FORM.get(RaStatus(row['ra']), '')}{rules}{flags}"


def form_words(ra_status: str) -> str:
    """`not received (ABSENT)`."""
    return f"{EXACT_WORDS[RaStatus(ra_status)]} ({ra_status})"


def refusal_words(row: Item) -> str:
    """`field decided_at, no time zone (NO_TIME_ZONE). ...`, with what its sender should do."""
    at_fault = "the event as a whole" if row["field"] == WHOLE_EVENT else f"field {row['field']}"
    return f"{at_fault}, {in_words(row['reason'])}. {WHAT_TO_DO[RefusalReason(row['reason'])]}"


def failure_words(row: Item) -> str:
    """`answered 503`, or what went wrong before there was an answer."""
    if "http_status" in row:
        return f"answered {row['http_status']}"
    return in_words(row["error"]) if "error" in row else "no reason given"


def _decision(row: Item) -> str:
    outcomes = " and ".join(map(outcome_words, [row["outcome"], *row["additional"]]))
    decided, reached = (uk_date_and_time(datetime.fromisoformat(row[at])) for at in ("decided_at", "at"))
    revised = f", in the place of version {row['supersedes']}" if "supersedes" in row else ""
    return (
        f"The MASH decided on {decided} (it reached us on {reached}) for child {row['child']}, "
        f"version {row['dver']}{revised}: {outcomes}. {_told(row)}{_flags(row['flags'])}"
    )


def _told(row: Item) -> str:
    """To whom; a duplicate's messages stand with its original's."""
    if "joined" not in row:
        return f"To be told: {_recipients(row['recipients'])}."
    if "told_as" not in row:
        return f"{', '.join(row['joined'])} will be told what its original is decided to be."
    original = row["told_as"]
    return (
        f"To be told what {original['ref']} was decided to be, under this reference: "
        f"{_recipients(row['recipients'])}."
    )


def _recipients(recipients: Sequence[str]) -> str:
    named = (recipient.split("#")[:3] for recipient in recipients)
    listed = [
        f"{agency} by {CHANNELS[Channel(chan)]} ({LEVELS[Level(int(level))]})"
        for agency, chan, level in named
    ]
    return ", ".join(listed) or NOBODY


def _flags(flags: Sequence[str]) -> str:
    return f" For the MASH to look at: {', '.join(map(_flag, flags))}." if flags else ""


def _flag(flag: str) -> str:
    code, _, agency = flag.partition(":")
    return in_words(code) + (f" of {agency}" if agency else "")


def _duplicate(_row: Item) -> str:
    return "The same event came again. Nothing was sent twice."


def _stale(row: Item) -> str:
    return (
        f"An older decision for child {row['child']} came late (version {row['dver']}; "
        f"the newest is {row['newest']}). It was not sent."
    )


def _rejected(row: Item) -> str:
    what = "An event" if "kept_as" in row else "A confirmation" if "input" in row else "A mail receipt"
    return f"{what} was refused: {refusal_words(row)}"


def _lifecycle(row: Item) -> str:
    if "feed_status" in row:
        return f"The police feed said that it is {row['feed_status']}."
    if "duplicate" in row:
        return _joined(row)
    received = uk_date_and_time(datetime.fromisoformat(row["received_at"]))
    what = {ReferralKind.CONTACT: "contact", ReferralKind.REFERRAL: "referral"}[ReferralKind(row["kind"])]
    urgency = f", {row['rag'].lower()}" if "rag" in row else ""
    children = ", ".join(map(str, row["children"]))
    return f"The MASH received this {what} on {received}{urgency}, for child {children}."


def _joined(row: Item) -> str:
    if row.get("left"):
        return f"{row['duplicate']} is decided for itself now and no longer a duplicate of this referral."
    who = ", ".join(row["joined"]) or "nobody"
    told = f"To be told now: {_recipients(row['recipients'])}." if row["recipients"] else "They wait for it."
    waits = f" {_wanted(row)}" if "task" in row else ""
    return f"{row['duplicate']} is a duplicate of this referral; {who} joined. {told}{waits}"


def _form(row: Item) -> str:
    children = ", ".join(map(str, row["children"]))
    return f"A police risk-assessment form came (version {row['form_version']}), for child {children}."


def _check(row: Item) -> str:
    stale = " It contradicts what it should match." if row["stale"] else ""
    after = " It was completed after the decision." if row["after_decision"] else ""
    late = " It was late." if row.get("late") else ""
    return f"Police form checked for child {row['child']}: {check_words(row)}.{stale}{late}{after}"


def _held(row: Item) -> str:
    return f"Held until a person releases it{_held_for(row)}: {_why(row)}. It was not sent.{_who_acts(row)}"


def _held_for(row: Item) -> str:
    """Whom a hold concerns, where it is not everybody."""
    if "held_agency" in row:
        return f" to {row['held_agency']}"
    return " (the allegation alone)" if "outcome" in row else ""


def _why(row: Item) -> str:
    return ", ".join(f"{HOLDS[HoldTrigger(code)]} ({code})" for code in row["triggers"])


def _who_acts(row: Item) -> str:
    """Rows of the first release name no role."""
    if "role" not in row:
        return ""
    return f" {role_words(row)} must act by {uk_date_and_time(datetime.fromisoformat(row['due_at']))}."


def role_words(row: Item) -> str:
    """`The MASH manager`."""
    return f"The {row['role'].replace('_', ' ').lower().replace('mash', 'MASH')}"


def _released(row: Item) -> str:
    reason = RELEASE_REASONS[ReleaseReason(row["reason"])]
    return f"Released{_held_for(row)}: {_why(row)}. {row['actor']} gave the reason: {reason}."


def _gave(row: Item) -> str:
    """Who acted and why, after what became of it."""
    return f"{row['actor']} gave the reason: {ACT_REASONS[ActReason(row['reason'])]}."


def _resent(row: Item) -> str:
    """Sent again as a new message, by the same way or by e-mail instead; or only before its time."""
    message = f"the {CHANNELS[Channel(row['chan'])]} to {row['agency']}"
    if "recipients" not in row:
        return f"{_upper(message)} is tried again at once. {_gave(row)}"
    ((_, channel, level, *_),) = (listed.split("#") for listed in row["recipients"])
    told = LEVELS[Level(int(level))]
    if channel != row["chan"]:
        return f"{row['agency']} is told by e-mail in place of its webhook ({told}). {_gave(row)}"
    return f"{_upper(message)} goes again, as a new message ({told}). {_gave(row)}"


def _cancelled(row: Item) -> str:
    if row["reason"] in ACT_REASONS:
        left = " It may have left already." if row.get("was") == DeliveryState.QUARANTINE else ""
        message = f"the {CHANNELS[Channel(row['chan'])]} to {row['agency']}"
        tasks = " It is nobody's task any more." if "ended" in row else ""
        return f"{_upper(message)} was stopped for good.{left}{tasks} {_gave(row)}"
    return (
        f"The {CHANNELS[Channel(row['chan'])]} to {row['agency']} was cancelled: {in_words(row['reason'])}."
    )


def _suppressed(row: Item) -> str:
    return f"Not sent to {row['agency']}: it reads outcomes in the hub's own case system."


def _wanted(row: Item) -> str:
    what = task_words(row["task"], row.get("task_agency"), row.get("about"))
    if row.get("done"):
        return f"Done: {what}. {_gave(row)}"
    return f"For a person to do: {what}.{_who_acts(row)}"


def task_words(kind: str, agency: str | None, about: str | None) -> str:
    """What to do, about whom; a duplicate's agency knows it by its own reference, and must hear no other."""
    ref, _, child = (about or "").partition("#")
    which = f", about {ref}, child {int(child)}" if about else ""
    return f"{TASK_WORDS[TaskKind(kind)]}{f' ({agency})' if agency else ''}{which}"


def _clock_fired(row: Item) -> str:
    if "watch" in row:
        return _not_told(row)
    what = task_words(row["task"], row.get("task_agency"), row.get("about"))
    return f"Not recorded as done in time: {what}. An alarm was raised for {_lower(role_words(row))}."


def _not_told(row: Item) -> str:
    """What the people's clock beside a delivery brought."""
    how = f"the {CHANNELS[Channel(row['chan'])]} to {row['agency']}"
    match Watch(row["watch"]):
        case Watch.FALLBACK:
            return f"In time nothing came of {how}: an e-mail to its agreed mailbox takes its place."
        case Watch.CALL:
            return f"Nothing shows that {how} arrived. For a person to do: {_wanted_now(row)}"
        case Watch.UNREAD:
            return f"Nobody has confirmed reading {how}. For a person to do: {_wanted_now(row)}"
        case Watch.RED_ALERT:
            return f"A working day is nearly over, and nothing shows that {how} arrived. An alarm was raised."


def _wanted_now(row: Item) -> str:
    return f"{task_words(row['task'], row.get('task_agency'), row.get('about'))}.{_who_acts(row)}"


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _endpoint(row: Item) -> str:
    """A check of an endpoint, or a change of its signing secret."""
    if "result" in row and row["result"] in _FARES:
        return _FARES[row["result"]].format(agency=row["agency"], why=_why_paused(row))
    if "key_id" in row:
        until = f"; the older one counts until {_when(row['older_end_at'])}" if "older_end_at" in row else ""
        return f"{row['agency']} has a new signing secret ({row['key_id']}){until}."
    how = in_words(row["method"])
    if row["result"] == CHECKED:
        return f"The owner of {row['agency']}'s endpoint agreed to receive, by {how}."
    return f"{row['agency']}'s endpoint was checked by {how}, and did not agree: {in_words(row['result'])}."


_FARES = {
    "FAILING": "{agency}'s endpoint does not take messages: it is left alone for a while, then tried once.",
    "RECOVERED": "{agency}'s endpoint takes messages again.",
    "PAUSED": "Nothing more is sent to {agency}'s endpoint until somebody resumes it: {why}.",
    "RESUMED": "{agency}'s endpoint is sent to again: {why}.",
    "CANARY_SENT": "A canary event, which tells nothing, was sent to {agency}'s endpoint.",
    "CANARY_OK": "{agency}'s endpoint took the canary event.",
    "CANARY_FAILED": "{agency}'s endpoint did not take the canary event.",
    "CANARY_UNKNOWN": "Whether a canary event reached {agency}'s endpoint is not known.",
}


def _why_paused(row: Item) -> str:
    """A person's reason, or what was found."""
    if "reason" in row:
        return f"{ACT_REASONS[ActReason(row['reason'])]}, says {row['actor']}"
    return in_words(row.get("cause", ""))


def _when(at: str) -> str:
    return uk_date_and_time(datetime.fromisoformat(at))


def _query(row: Item) -> str:
    return f"{row['actor']} asked for {row['asked']}: {row['rows']} found."


def _started(row: Item) -> str:
    return (
        f"Sending to {row['agency']} by {CHANNELS[Channel(row['chan'])]}, try {row['attempt']}: "
        f"{level_words(row)}{_as_a_change(row)}; police form {form_words(row['ra'])}."
    )


def level_words(row: Item) -> str:
    """How much a STARTED row says was sent; emergency protection and allegations have their own sentence."""
    fixed = row["level"] == Level.NOTICE and "notice_reason" not in row and row.get("outcome") in FIXED
    return "fixed sentence" if fixed else LEVELS[Level(row["level"])]


def _as_a_change(row: Item) -> str:
    """Whoever had an earlier version reads that it changed; a duplicate's reader, their own reference; one
    whose number would not rise otherwise, a higher one."""
    changed = ", as a changed decision" if row.get("message_type") == MessageType.OUTCOME_REVISED else ""
    under = f", under {row['shown_as']}" if "shown_as" in row else ""
    number = f", shown as {row['shown_seq']}" if "shown_seq" in row else ""
    return f"{changed}{under}{number}"


def _closed(row: Item) -> str:
    agency, channel = row["agency"], CHANNELS[Channel(row["chan"])]
    if row["result"] == AttemptResult.SUCCESS:
        return _accepted(row)
    sure = row["result"] != AttemptResult.UNKNOWN
    words = f"The {channel} did not reach" if sure else f"Nobody knows whether the {channel} reached"
    again = f" Next try at {clock_time(row['next_due_at'])}." if "next_due_at" in row else ""
    return f"{words} {agency}: {failure_words(row)}.{again}"


def _accepted(row: Item) -> str:
    """A mail service's acceptance is not yet a delivery; an answer of the agency's own system is."""
    if (channel := Channel(row["chan"])).is_email:
        return f"The mail service accepted the {CHANNELS[channel]} to {row['agency']}."
    return f"Delivered to {row['agency']}: its system answered {row['http_status']}.{_no_call(row)}"


def _no_call(row: Item) -> str:
    return " Nobody need call about it any more." if "ended" in row else ""


def _receipt(row: Item) -> str:
    said = mail_words(row, f"the {CHANNELS[Channel(row['chan'])]} to {row['agency']}") + _no_call(row)
    return f"{said} {_wanted(row)}" if "task" in row else said


def _ack(row: Item) -> str:
    """Who says that a message was read, by role and how; what came of it."""
    message = f"the {CHANNELS[Channel(row['chan'])]}"
    role, how = _lower(READER_ROLES[ReaderRole(row["role"])]), _ACK_METHODS[AckMethod(row["method"])]
    match AckResult(row["result"]):
        case AckResult.CONFIRMED:
            return f"{row['agency']} read and confirmed {message}: {role}, {how}.{_no_call(row)}"
        case AckResult.ALREADY:
            return f"{row['agency']} confirmed {message} once more: {role}, {how}. It was on record already."
        case AckResult.EXPIRED:
            return (
                f"{row['agency']} confirmed {message} too late: {role}, {how}. Its link had ended, or a "
                "later message had taken its place; it does not count as read."
            )


_ACK_METHODS = {AckMethod.PAGE: "on the page", AckMethod.SIGNED_POST: "by its own system"}


def _late(row: Item) -> str:
    return f"A try to tell {row['agency']} ended after another had taken over: {row['result'].lower()}."


def _superseded(row: Item) -> str:
    return f"Not sent to {row['agency']}: version {row['by']} replaced it."


def _parked(row: Item) -> str:
    return f"Set aside for a person ({row['agency']}): {in_words(row['reason'])}."


def _registry(row: Item) -> str:
    return f"The registry's entry became version {row['version']}, approved by {row['approver']}."


def _read(row: Item) -> str:
    return f"{row['actor']} read {row['rows']} rows of {row['referral']}."


def _reconciled(row: Item) -> str:
    return (
        f"Account of {row['day']}: {row['decisions']} decisions in, {row['accounted']} accounted for, "
        f"{row['differences']} differences."
    )


_SENTENCES: dict[AuditKind, Callable[[Item], str]] = {
    AuditKind.DECISION: _decision,
    AuditKind.EVENT_DUPLICATE: _duplicate,
    AuditKind.DECISION_STALE: _stale,
    AuditKind.REJECTED: _rejected,
    AuditKind.LIFECYCLE: _lifecycle,
    AuditKind.RA_FORM: _form,
    AuditKind.RA_CHECK: _check,
    AuditKind.HELD: _held,
    AuditKind.RELEASED: _released,
    AuditKind.SUPPRESSED_IN_SYSTEM: _suppressed,
    AuditKind.ATTEMPT_STARTED: _started,
    AuditKind.ATTEMPT_CLOSED: _closed,
    AuditKind.LATE_OUTCOME: _late,
    AuditKind.RECEIPT: _receipt,
    AuditKind.ACK: _ack,
    AuditKind.SUPERSEDED: _superseded,
    AuditKind.CANCELLED: _cancelled,
    AuditKind.RESENT: _resent,
    AuditKind.PARKED: _parked,
    AuditKind.TASK: _wanted,
    AuditKind.CLOCK_FIRED: _clock_fired,
    AuditKind.ENDPOINT: _endpoint,
    AuditKind.REGISTRY_CHANGE: _registry,
    AuditKind.READ: _read,
    AuditKind.QUERY: _query,
    AuditKind.RECONCILED: _reconciled,
}
