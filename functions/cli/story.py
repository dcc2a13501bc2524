"""One referral's trail in plain words: a sentence for each row, in UK time."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from functions.adapters.ledger.store import Item
from functions.domain.refusals import WHAT_TO_DO
from functions.domain.wording.outcomes import LABELS
from functions.domain.wording.uk_time import uk_date, uk_date_and_time
from schemas.codes import AttemptResult, AuditKind, Channel, Level, Outcome, RaStatus, RefusalReason

CHANNELS = {Channel.EMAIL: "e-mail", Channel.WEBHOOK: "webhook"}
LEVELS = {
    Level.NOTHING: "nothing",
    Level.NOTICE: "notice only",
    Level.OUTCOME: "outcome",
    Level.PLAN: "outcome and plan",
}
RA_WORDS = {
    RaStatus.COMPLETE: "",
    RaStatus.INCORRECT: "",
    RaStatus.ABSENT: ", it was not received",
    RaStatus.NOT_REQUIRED: ", by the agreed policy",
    RaStatus.UNKNOWN: ", the police feed could not say",
}
"""What the status alone leaves open; INCORRECT is followed by its rules."""


def clock_time(at: str) -> str:
    """`3:02:31pm`; the trail's order needs the second."""
    moment = datetime.fromisoformat(at)
    *_, time_of_day = uk_date_and_time(moment).split(" ")
    return f"{time_of_day[:-2]}:{moment.second:02d}{time_of_day[-2:]}"


def sentence(row: Item) -> str:
    """What the row says happened."""
    return _SENTENCES[AuditKind(row["type"])](row)


def story(rows: Sequence[Item]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Day by day, each row's time and sentence, in order."""
    for day, written in groupby(rows, key=lambda row: uk_date(datetime.fromisoformat(row["at"]))):
        yield day, [(clock_time(row["at"]), sentence(row)) for row in written]


def outcome_words(code: str) -> str:
    """`section 47 enquiry, joint with police (S47J)`."""
    return f"{LABELS[Outcome(code)]} ({code})"


def check_words(row: Item) -> str:
    """The police check as a status and its rules."""
    rules = f"; rules not met: {', '.join(row['failed'])}" if row["failed"] else ""
    flags = f"; quality flags: {', '.join(row['advisory'])}" if row["advisory"] else ""
    return f"{row['ra']}{RA_WORDS[RaStatus(row['ra'])]}{rules}{flags}"


def _decision(row: Item) -> str:
    outcomes = " and ".join(map(outcome_words, [row["outcome"], *row["additional"]]))
    return (
        f"The MASH decided for child {row['child']}, version {row['dver']}: {outcomes}. "
        f"To be told: {_recipients(row['recipients'])}.{_flags(row['flags'])}"
    )


def _recipients(recipients: Sequence[str]) -> str:
    named = (recipient.split("#") for recipient in recipients)
    listed = [
        f"{agency} by {CHANNELS[Channel(chan)]} ({LEVELS[Level(int(level))]})"
        for agency, chan, level in named
    ]
    return ", ".join(listed) or "nobody"


def _flags(flags: Sequence[str]) -> str:
    return f" For the MASH to look at: {', '.join(flags)}." if flags else ""


def _duplicate(_row: Item) -> str:
    return "The same event came again. Nothing was sent twice."


def _stale(row: Item) -> str:
    return (
        f"An older decision for child {row['child']} came late (version {row['dver']}; "
        f"the newest is {row['newest']}). It was not sent."
    )


def _rejected(row: Item) -> str:
    return (
        f"An event was refused: {row['field']}, {row['reason']}. {WHAT_TO_DO[RefusalReason(row['reason'])]}"
    )


def _lifecycle(row: Item) -> str:
    return f"The police feed said that it is {row['feed_status']}."


def _form(row: Item) -> str:
    children = ", ".join(map(str, row["children"]))
    return f"A police risk-assessment form came (version {row['form_version']}), for child {children}."


def _check(row: Item) -> str:
    stale = " It contradicts what it should match." if row["stale"] else ""
    after = " It was completed after the decision." if row["after_decision"] else ""
    return f"Police form checked for child {row['child']}: {check_words(row)}.{stale}{after}"


def _held(row: Item) -> str:
    whom = f" for {row['held_agency']}" if "held_agency" in row else ""
    return f"Held for a person to release{whom}: {', '.join(row['triggers'])}. It was not sent."


def _started(row: Item) -> str:
    return (
        f"Telling {row['agency']} by {CHANNELS[Channel(row['chan'])]}: {LEVELS[Level(row['level'])]}, "
        f"police form {row['ra']}. Try {row['attempt']}. SHA-256 {row['body_sha256'][:12]}."
    )


def _closed(row: Item) -> str:
    agency, channel = row["agency"], CHANNELS[Channel(row["chan"])]
    if row["result"] == AttemptResult.SUCCESS:
        answered = (
            f"its system answered {row['http_status']}" if "http_status" in row else "accepted for delivery"
        )
        return f"Told {agency} by {channel}: {answered}."
    words = "Nobody knows whether it arrived" if row["result"] == AttemptResult.UNKNOWN else "It failed"
    why = f"{row.get('error', 'no reason')}{_status(row)}"
    again = f" Next try at {clock_time(row['next_due_at'])}." if "next_due_at" in row else ""
    return f"{words} ({agency} by {channel}): {why}.{again}"


def _status(row: Item) -> str:
    return f", answer {row['http_status']}" if "http_status" in row else ""


def _late(row: Item) -> str:
    return f"A try to tell {row['agency']} ended after another had taken over: {row['result']}."


def _superseded(row: Item) -> str:
    return f"Not sent to {row['agency']}: version {row['by']} replaced it."


def _parked(row: Item) -> str:
    return f"Set aside for a person ({row['agency']}): {row['reason']}."


def _registry(row: Item) -> str:
    return f"The registry's entry became version {row['version']}, approved by {row['approver']}."


def _read(row: Item) -> str:
    return f"{row['actor']} read {row['rows']} rows of {row['referral']}."


_SENTENCES: dict[AuditKind, Callable[[Item], str]] = {
    AuditKind.DECISION: _decision,
    AuditKind.EVENT_DUPLICATE: _duplicate,
    AuditKind.DECISION_STALE: _stale,
    AuditKind.REJECTED: _rejected,
    AuditKind.LIFECYCLE: _lifecycle,
    AuditKind.RA_FORM: _form,
    AuditKind.RA_CHECK: _check,
    AuditKind.HELD: _held,
    AuditKind.ATTEMPT_STARTED: _started,
    AuditKind.ATTEMPT_CLOSED: _closed,
    AuditKind.LATE_OUTCOME: _late,
    AuditKind.SUPERSEDED: _superseded,
    AuditKind.PARKED: _parked,
    AuditKind.REGISTRY_CHANGE: _registry,
    AuditKind.READ: _read,
}
