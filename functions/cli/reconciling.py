"""`mash reconcile`: one day's account from the tables alone, in words."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from functions.adapters.ledger import keys
from functions.adapters.ledger.days import Days
from functions.adapters.ledger.evidence import Partitions
from functions.cli.accounts import Account
from functions.cli.on_record import chain_of, note
from functions.cli.stack import Stack
from functions.domain.reconciliation.account import Scope
from functions.domain.reconciliation.evidence import Finding
from functions.domain.reconciliation.tally import StillOpen, Tally
from functions.domain.wording.uk_time import uk_date, uk_date_and_time
from functions.flows.reconciling.reckon import Tables, reckon
from schemas.codes import Beside, Bucket, Channel, FindingCode

BUCKETS = {
    Bucket.TOLD: "told: every message that was due was handed over or replaced",
    Bucket.HELD: "held: somebody must say whether it may be told",
    Bucket.REFUSED: "refused: its sender must correct it",
    Bucket.DUPLICATE: "duplicates: nobody is told twice",
    Bucket.STALE: "out of date: a newer decision came first",
    Bucket.NOBODY_TO_TELL: "nobody to tell: a person calls, where there is one to call, or stopped all of it",
    Bucket.OPEN: "open: somebody is not told yet",
}
BESIDE = {
    Beside.FALLBACKS: "e-mails in a failing webhook's place",
    Beside.LEAD_NOTICES: "notices to a safeguarding lead",
    Beside.ALLEGATIONS: "messages about a released allegation",
    Beside.RESENDS: "messages sent again by a person",
}
FINDINGS = {
    FindingCode.NOT_ACCOUNTED: "the day's list and its rows disagree about an event",
    FindingCode.ROW_WITHOUT_MARKER: "an event has a row and no marker: if it came again, it would be new",
    FindingCode.MARKER_WITHOUT_ROW: "an event came in, by its marker, and the trail does not know",
    FindingCode.SOURCE_GAP: "these numbers of its sender's never came",
    FindingCode.SEQUENCE_BROKEN: "a row is missing",
    FindingCode.LINK_BROKEN: "a row is not the one that the next row follows",
    FindingCode.UNREADABLE: "this release cannot read it",
    FindingCode.DELIVERY_MISSING: "a message was due and is not there",
    FindingCode.DELIVERY_UNEXPLAINED: "a message is there that no row, or more than one, asked for",
    FindingCode.STATE_DIFFERS: "a message is in another state than the trail left it in",
    FindingCode.ATTEMPT_NOT_CLOSED: "an attempt began and never ended",
    FindingCode.CLOSED_WITHOUT_START: "an attempt ended that had not begun",
    FindingCode.SENT_WITHOUT_START: "a message was sent, and the trail did not know before",
    FindingCode.SENT_WITHOUT_CHECK: "a message was sent without the police check's status",
    FindingCode.SENT_WITHOUT_PROOF: "a message counts as sent, and nobody acknowledged it",
    FindingCode.NOTICE_MISSING: "what it tells is not there, or is another decision's",
    FindingCode.NOTICE_WITHOUT_ROW: "a notice is there that no row explains",
    FindingCode.NOT_DUE: "a message waits, and nothing will send it",
    FindingCode.NOT_WATCHED: "an agency is not known to be told, and nobody's clock runs",
    FindingCode.HELD_WITHOUT_TASK: "a message is held, and it is nobody's task to release it",
    FindingCode.TASK_MISSING: "a task was opened and is not there",
    FindingCode.TASK_NOT_DUE: "a task is open, and nothing will say so when its time has come",
    FindingCode.NOBODY_WITHOUT_TASK: "nobody is told by a message, and it is nobody's task to call",
    FindingCode.CLOCK_NOT_DUE: "something is waited for, and nothing will say so when its time has come",
    FindingCode.CLOCK_MISSING: "a child is not decided, and no clock waits for its decision",
}


def reckoned(stack: Stack, day: date) -> Tally:
    """The day's account as the deployed function makes it, up to this moment."""
    store, now = stack.store(), datetime.now(UTC)
    tables = Tables(Days(store, chain_of(store)), Partitions(store))
    return reckon(Scope(day, now, now), tables, has_time=lambda: True).tally


def asked_for(stack: Stack, day: date) -> Tally:
    """The same for a person, whose question is recorded before it is answered."""
    store, tally = stack.store(), reckoned(stack, day)
    note(store, "reconcile", tally.decisions)
    return tally


def as_plain(day: date, tally: Tally) -> dict[str, object]:
    """For programs: what is open and what disagrees, by where it stands in the tables."""
    return {
        "day": day.isoformat(),
        "accounted": tally.accounted,
        **tally.counts(),
        "findings": [
            {"code": one.code.value, "partition": one.partition, "what": one.what} for one in tally.findings
        ],
        "still_open": [
            {"since": one.since, "partition": one.partition, "row": one.row} for one in tally.still_open
        ],
    }


def in_words(tally: Tally, about: str) -> Group:
    """The one line, what it is about, how each event ended, what is open, and what disagrees."""
    return Group(
        Text(
            f"{tally.decisions} decisions in, {tally.accounted} accounted for.",
            style="bold red" if tally.differences else "bold green",
        ),
        Text(f"{about}\n"),
        _counts(tally),
        *_open(tally.still_open, tally.ended.get(Bucket.OPEN, 0)),
        *_differences(tally),
    )


def about_day(day: date) -> str:
    """What an account is of."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return f"What came in on {uk_date(noon)}, by the tables alone."


def _counts(tally: Tally) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right")
    for bucket, words in BUCKETS.items():
        table.add_row(str(tally.ended.get(bucket, 0)), words)
    if any(tally.beside.values()) or tally.unconfirmed:
        table.add_row("", Text("beside them", style="bold"))
    for beside, words in BESIDE.items():
        if count := tally.beside.get(beside, 0):
            table.add_row(str(count), words)
    if tally.unconfirmed:
        table.add_row(str(tally.unconfirmed), "messages that no receipt confirms yet")
    return table


def _open(still_open: Iterable[StillOpen], count: int) -> Iterator[RenderableType]:
    if count:
        yield Text("\nOpen, the oldest first", style="bold")
    for one in still_open:
        since = uk_date_and_time(datetime.fromisoformat(one.since))
        yield Text(f"  {_place(one.partition)}, {one.row}: since {since}")


def _differences(tally: Tally) -> Iterator[RenderableType]:
    if not tally.differences:
        return
    yield Text(f"\n{tally.differences} differences (infra/runbooks/reconciliation.md)", style="bold red")
    yield from (Text(f"  {finding_words(finding)}") for finding in tally.findings)
    if unnamed := tally.differences - len(tally.findings):
        yield Text(f"  and {unnamed} more")


def finding_words(finding: Finding) -> str:
    """`NS-26-7KQ4ZP, E#000003: a row is missing (SEQUENCE_BROKEN)`."""
    return f"{_place(finding.partition)}, {finding.what}: {FINDINGS[finding.code]} ({finding.code})"


def _place(partition: str) -> str:
    return keys.ref_of(partition) or partition


def agrees(account: Account, tally: Tally) -> bool:
    """Whether the tables alone say what the demo's account says, which knows what was sent and received."""
    same = all(tally.ended.get(bucket, 0) == account.buckets[bucket] for bucket in Bucket)
    decided = (due.key for due in account.notifications if due.key.series is None)
    instead = sum(1 for key in decided if key.channel is Channel.FALLBACK)
    same &= tally.beside.get(Beside.FALLBACKS, 0) == instead
    return same and tally.decisions == account.decisions_in and not tally.differences
