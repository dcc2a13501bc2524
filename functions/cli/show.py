"""How the demo and the trail look in a terminal: 100 columns, colour only where somebody looks at it."""

import io
import json
import re
import sys
from base64 import b64encode
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO, cast

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from functions.adapters.ledger.everything import Row
from functions.adapters.ledger.store import Item
from functions.cli.accounts import Account
from functions.cli.due_messages import Notification
from functions.cli.sinks import Mail, Receipt
from functions.cli.verdicts import Verdict
from functions.domain.delivery import message_id
from functions.domain.wording.outcomes import LABELS
from functions.domain.wording.police_form import EXACT_WORDS
from functions.domain.wording.updates.names import SUBJECTS
from functions.story.came_in import check_words
from functions.story.named import series_in
from functions.story.sent import level_words
from functions.story.telling import sentence, story
from functions.story.troubles import failure_words
from functions.story.vocabulary import CHANNELS, told_words
from schemas.codes import AttemptResult, AuditKind, Bucket, Channel, Level, Outcome, RaStatus

WIDTH = 100
BESIDE = 43
"""Columns for the rows beside the messages."""
SAYS_LITTLE = {"v", "uid", "salt", "cipher", "gpk", "gsk", "type", "sk", "at", "actor", "cause"}
"""Attributes of a row that are left out beside the messages; `mash trail --json` has them all."""
LONGEST = 20
"""Characters of an id or a hash beside the messages: enough to tell one from another, and fits a line."""
IN_SHORT = {Channel.FALLBACK: "e-mail instead"}
"""For the table of who was told, which has a line for each."""
AFTERWARDS = frozenset({AuditKind.CLOCK_FIRED, AuditKind.RECEIPT, AuditKind.ACK})
NOT_UNDER_A_REFERRAL = (
    "An event that was refused, perhaps a newer decision, is under no referral: its reference cannot be "
    "trusted. `mash refused` lists a day's."
)
FORM_HEADING = "POLICE RISK-ASSESSMENT FORM"


BUCKETS = {
    Bucket.TOLD: "told",
    Bucket.HELD: "held for a person",
    Bucket.REFUSED: "refused",
    Bucket.DUPLICATE: "duplicate",
    Bucket.STALE: "out of date",
    Bucket.NOBODY_TO_TELL: "with nobody to tell",
    Bucket.OPEN: "still open",
}


class WithoutTrailingSpaces(io.TextIOBase):
    """Text on its way into a file or a pipe: what only fills up a line is left out."""

    def __init__(self, kept: TextIO) -> None:
        self._kept = kept

    def write(self, text: str) -> int:
        self._kept.write(re.sub(r" +(?=\n)", "", text))
        return len(text)

    def flush(self) -> None:
        self._kept.flush()


def terminal(stream: TextIO | None = None) -> Console:
    """Standard output, or `stream`; colour follows the terminal and NO_COLOR, and only a terminal gets full
    lines."""
    wanted = stream or sys.stdout
    file = wanted if wanted.isatty() else cast("TextIO", WithoutTrailingSpaces(wanted))
    return Console(width=WIDTH, highlight=False, file=file)


def as_json(found: object) -> str:
    """`found` for a program; sealed bytes as base64."""
    return json.dumps(found, indent=1, default=lambda raw: b64encode(raw).decode())


def print_trail(ref: str, rows: Sequence[Item]) -> None:
    """One referral's story."""
    console = terminal()
    console.print(f"[bold]{escape(ref)}[/]: {len(rows)} entries")
    console.print(trail_table(rows))
    console.print(Text(f"\n{NOT_UNDER_A_REFERRAL}", style="dim"))


def trail_table(rows: Sequence[Item]) -> Table:
    """A line for each row: when, and what happened."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True, justify="right")
    table.add_column(overflow="fold")
    for day, entries in story(rows):
        table.add_row("", Text(day, style="bold"))
        for moment, words in entries:
            table.add_row(moment, Text(words))
    return table


def heading(number: int, title: str, shows: str) -> Group:
    """A scenario's first lines."""
    return Group(
        Text(),
        Text(f"{number}. {title}", style="bold"),
        Padding(Text(shows, style="dim"), (0, 0, 0, 3)),
        Text(),
    )


def came_in(verdicts: Iterable[Verdict]) -> Padding:
    """What went in, and what the service made of it."""
    table = _lines(wide_columns=(2,))
    for verdict in verdicts:
        refused = verdict.kind is AuditKind.REJECTED
        about = verdict.sent.entry.referral_ref or verdict.sent.entry.label
        table.add_row(Text("in", "cyan"), Text(about), Text(verdict.words, "yellow" if refused else ""))
    return Padding(table, (0, 0, 0, 3))


def acted(command: str, became: str) -> Padding:
    """What a person did, as they would have typed it, and what came of it."""
    table = _lines(wide_columns=(1,))
    table.add_row(Text("act", "cyan"), Text(command))
    table.add_row("", Text(became, "dim"))
    return Padding(table, (0, 0, 0, 3))


def was_judged(rows: Iterable[Row]) -> Padding:
    """The police check of each child, and what a person must release first."""
    table = _lines(wide_columns=(2,))
    for row in sorted(rows, key=lambda row: (row.referral_ref or "", row.item.get("child", 0))):
        ref = row.referral_ref or ""
        if row.item["type"] == AuditKind.RA_CHECK:
            words = f"police form for child {row.item['child']}: {check_words(row.item)}"
            table.add_row(Text("check", "cyan"), Text(ref), Text(words))
        elif row.item["type"] == AuditKind.HELD:
            table.add_row(Text("held", "yellow"), Text(ref), Text(sentence(row.item)))
    return Padding(table, (0, 0, 0, 3))


def failed_tries(rows: Iterable[Row]) -> Padding:
    """Which systems did not take a message at first, and that it went again."""
    table = _lines(wide_columns=(3,))
    for row in rows:
        if row.item["type"] == AuditKind.ATTEMPT_CLOSED and row.item["result"] != AttemptResult.SUCCESS:
            channel = CHANNELS[Channel(row.item["chan"])]
            again = ", tried again" if "next_due_at" in row.item else ""
            words = f"{failure_words(row.item)}{again}"
            table.add_row(Text("failed", "yellow"), row.item["agency"], channel, Text(words))
    return Padding(table, (0, 0, 0, 3))


def followed(rows: Iterable[Row]) -> Padding:
    """What came afterwards: a clock that ran out, a word of the mail service or of a reader, a call."""
    table = _lines(wide_columns=(2,))
    for row in rows:
        if row.item["type"] in AFTERWARDS or (row.item["type"] == AuditKind.TASK and row.item.get("done")):
            table.add_row(Text("then", "cyan"), Text(row.referral_ref or ""), Text(sentence(row.item)))
    return Padding(table, (0, 0, 0, 3))


def were_told(notifications: Sequence[Notification], arrived: "Arrivals") -> Padding:
    """Who was told, what, how, with which police status, and what their own system says about it."""
    children = {(told.key.ref, told.key.child) for told in notifications}
    table = _lines(wide_columns=(3, 5))
    for told in sorted(notifications, key=lambda told: told.key.text):
        which = f", child {told.key.child}" if len(children) > 1 else ""
        table.add_row(
            _became(told),
            f"{told.key.agency_id}{which}",
            IN_SHORT.get(told.key.channel, CHANNELS[told.key.channel]),
            _how_much(told),
            _coloured(told.ra_status),
            arrived.words(told),
        )
    return Padding(table, (0, 0, 0, 3))


def _how_much(told: Notification) -> str:
    about = f", about {told.about}" if told.about else ""
    return f"{told_words(Level(told.level), told.key.series)}{about}"


def _became(told: Notification) -> Text:
    """Only what has arrived counts as told."""
    if told.delivered:
        return Text("told", "green")
    if told.came_back and told.replaced_by:
        return Text("called", "green")
    return Text("replaced") if told.replaced_by else Text("open", "red")


def _lines(*, wide_columns: Sequence[int]) -> Table:
    """As many columns as the last wide one needs; the others are never broken."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=8)
    for column in range(1, wide_columns[-1] + 1):
        table.add_column(no_wrap=column not in wide_columns, overflow="fold")
    return table


def _coloured(ra_status: str) -> Text:
    """Never green: a form that is complete says nothing about the risk."""
    return Text(ra_status, style="" if ra_status in {RaStatus.COMPLETE, RaStatus.NOT_REQUIRED} else "yellow")


class Arrivals:
    """What the sinks hold, looked up by the hash that a STARTED row announced."""

    def __init__(self, rows: Iterable[Row], mails: Sequence[Mail], receipts: Sequence[Receipt]) -> None:
        self._hashes = {
            row.item["message_id"]: row.item["body_sha256"]
            for row in rows
            if row.item["type"] == AuditKind.ATTEMPT_STARTED
        }
        self._mails = {mail.sha256: mail for mail in mails}
        self._receipts = {receipt.sha256: receipt for receipt in receipts}

    def words(self, told: Notification) -> str:
        """What arrived where."""
        if told.came_back:
            return f"came back; replaced by {told.replaced_by}" if told.replaced_by else "came back"
        if not told.delivered:
            return f"replaced by {told.replaced_by}" if told.replaced_by else "nothing has arrived"
        tries = f", at try {told.attempts}" if told.attempts > 1 else ""
        if told.verified is None:
            return f"arrived as e-mail{tries}"
        return f"{'signature verified' if told.verified else 'SIGNATURE NOT VERIFIED'}{tries}"

    def mail(self, told: Notification) -> Mail | None:
        """The e-mail that told them."""
        return self._mails.get(self._hash(told))

    def receipt(self, told: Notification) -> Receipt | None:
        """The request that told them."""
        return self._receipts.get(self._hash(told))

    def _hash(self, told: Notification) -> str:
        return str(self._hashes.get(message_id(told.key.text)))


def in_full(notifications: Sequence[Notification], arrived: Arrivals, rows: Sequence[Item]) -> Padding:
    """The messages as they arrived, and beside them the rows that DynamoDB holds."""
    messages: list[RenderableType] = []
    for told in notifications:
        if receipt := arrived.receipt(told):
            messages += [
                Text(f"webhook to {told.key.agency_id}", style="bold"),
                _webhook(receipt.body),
                Text(),
            ]
        if mail := arrived.mail(told):
            messages += [Text(f"e-mail to {', '.join(mail.to)}", style="bold"), _mail(mail), Text()]
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(overflow="fold", width=WIDTH - BESIDE - 7)
    table.add_column(overflow="fold", width=BESIDE)
    table.add_row(Group(*messages), Group(*_beside(rows)))
    return Padding(table, (1, 0, 0, 3))


def _webhook(body: Path) -> Text:
    event = json.loads(body.read_bytes())
    data = event["data"]
    shown = {
        "id": event["id"],
        "type": event["type"],
        "subject": event["subject"],
        "data": {
            "own_ref": data["own_ref"],
            **{name: data[name] for name in ("decision", "news") if name in data},
            **({"said_instead": instead} if (instead := data["said_instead"]) else {}),
            "police_form": data["police_form"],
        },
    }
    return Text(json.dumps(shown, indent=1, ensure_ascii=False))


def _mail(mail: Mail) -> Text:
    """The subject, the first lines, and the police form's part of the text."""
    marking, what, references, *rest = mail.text.read_text(encoding="utf-8").split("\n\n")
    form = [part for part in rest if part.startswith(FORM_HEADING)]
    return Text("\n\n".join([f"Subject: {mail.subject}", marking, what, references, "...", *form, "..."]))


def _beside(rows: Sequence[Item]) -> Iterable[RenderableType]:
    yield Text("rows of the audit table", style="bold")
    for row in rows:
        yield Text(f"{row['sk']} {row['type']}", style="cyan")
        said = (f"{name}={_short(value)}" for name, value in row.items() if _says_something(name, value))
        yield Padding(Text(" ".join(said), style="dim"), (0, 0, 0, 2))


def _says_something(name: str, value: object) -> bool:
    return name not in SAYS_LITTLE and value not in ([], "", False) and not name.startswith("p" + "k")


def _short(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    text = str(value)
    return f"{text[:LONGEST]}.." if len(text) > LONGEST + 2 else text


def too_slow(log: Path) -> Group:
    """Something did not happen in time: what the functions said last."""
    complaints = [line for line in log.read_text(errors="replace").splitlines() if "Error" in line]
    return Group(
        Text("\nNot everything happened in time; the stories end here. The functions' last errors:", "red"),
        *(Text(f"   {line}") for line in complaints[-5:]),
    )


def to_open(mails: Sequence[Mail], rows: Iterable[Row]) -> Iterable[tuple[str, str]]:
    """For each e-mail, what it shows, by its row in the trail, and the link that opens it."""
    started = {
        row.item["body_sha256"]: row.item for row in rows if row.item["type"] == AuditKind.ATTEMPT_STARTED
    }
    for mail in mails:
        row = started.get(mail.sha256)
        yield _shows(row) if row else "not in the trail", mail.html.as_uri()


def _shows(row: Item) -> str:
    series = series_in(row)
    what = f"about {SUBJECTS[series]}" if series else _decided(row)
    return f"{row['agency']}, child {row['child']}: {what}; police form {EXACT_WORDS[RaStatus(row['ra'])]}"


def _decided(row: Item) -> str:
    return LABELS[Outcome(row["outcome"])] if row["level"] > Level.NOTICE else level_words(row)


def summary(result: Account) -> Text:
    """What arrived, and what the trail that says so looks like."""
    delivered = sum(1 for told in result.notifications if told.delivered)
    webhooks = [told for told in result.notifications if told.verified is not None]
    verified = sum(1 for told in webhooks if told.verified)
    return Text(
        f"{len(result.notifications)} messages were due; {delivered} arrived exactly as the trail announced "
        f"them, {verified} of {len(webhooks)} webhooks with a signature that the receiver verified. "
        f"{_otherwise(result)}"
        f"{result.unknown_messages} arrived that the trail does not know. {result.recorded} forms and "
        f"heartbeats were kept. {_canaries(result)}The trail has {result.audit_entries} rows; "
        f"{result.broken_links} do not follow the row before."
    )


def _otherwise(result: Account) -> str:
    """What took another way, if anything did."""
    instead = sum(1 for told in result.notifications if told.key.channel is Channel.FALLBACK)
    came_back = sum(1 for told in result.notifications if told.came_back)
    parts = (
        f"{instead} of them was an e-mail in a failing webhook's place. " if instead == 1 else "",
        f"{instead} of them were e-mails in a failing webhook's place. " if instead > 1 else "",
        f"{came_back} came back, by a simulated receipt. " if came_back else "",
    )
    return "".join(parts)


def _canaries(result: Account) -> str:
    """Nothing where nobody agrees to them, or none was taken."""
    taken = result.canaries_taken
    return f"{taken} canar{'y was' if taken == 1 else 'ies were'} taken as well. " if taken else ""


def last_line(result: Account) -> Text:
    """The line that accounts for everything."""
    buckets = ", ".join(f"{result.buckets[bucket]} {words}" for bucket, words in BUCKETS.items())
    return Text(
        f"{result.decisions_in} events to account for: {buckets}. Unaccounted for: {result.unaccounted}.",
        style="bold green" if result.clean else "bold red",
    )
