"""How acts look in a terminal: what would change, with its count, and what came of it."""

from collections.abc import Iterable, Mapping
from itertools import groupby

from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Item
from functions.domain.wording.uk_time import uk_date_and_time
from functions.domain.wording.updates.names import SUBJECTS, numbered
from functions.flows.acting.again import How
from functions.flows.acting.cancel import Cancelled, ToStop
from functions.flows.acting.recover import MOST_AT_ONCE, Became, Found, Outage
from functions.flows.acting.resend import Again
from functions.story.vocabulary import ACT_REASONS, CHANNELS, told_words
from schemas.codes import ActReason, Channel, DeliveryState, Receipt

STATES: Mapping[DeliveryState, str] = {
    DeliveryState.PENDING: "not tried yet",
    DeliveryState.SENDING: "being sent at this moment",
    DeliveryState.RETRY: "still trying",
    DeliveryState.QUARANTINE: "checking whether it went",
    DeliveryState.SENT: "sent",
    DeliveryState.FAILED: "not delivered",
    DeliveryState.PARKED: "cannot be sent, needs a person",
    DeliveryState.SUPERSEDED: "replaced by a later message",
    DeliveryState.CANCELLED: "stopped by a person",
}
"""The states as the managers' page names them."""
_RECOVERED_BY: Mapping[DeliveryState, str] = {
    DeliveryState.PENDING: "goes at once",
    DeliveryState.RETRY: "is tried again at once",
    DeliveryState.PARKED: "is tried again at once",
    DeliveryState.FAILED: "goes again as a new message",
}


def counted(number: int, noun: str, several: str = "") -> str:
    """`1 message`, `2 messages`."""
    return f"{number} {noun if number == 1 else several or f'{noun}s'}"


def reason_words(reason: ActReason) -> str:
    """`the agency has lost it (LOST_BY_AGENCY)`."""
    return f"{ACT_REASONS[reason]} ({reason})"


def state_words(item: Item) -> str:
    """How a message stands, in a manager's words."""
    if "held" in item:
        return "held for a safety check"
    if "acked_at" in item:
        return "read and confirmed"
    state = DeliveryState(item["st"])
    if state is DeliveryState.SENT:
        arrived = item.get("rcpt") == Receipt.DELIVERED
        return "delivered" if arrived else "accepted by the mail service"
    return STATES[state]


def state_and_tries(item: Item) -> str:
    """`still trying, after 3 tries`."""
    tries = f", after {counted(item['attempt'], 'try', 'tries')}" if item["attempt"] else ""
    return f"{state_words(item)}{tries}"


def message_words(item: Item) -> str:
    """`webhook to north-police`, what it is about if that is no decision, and whose referral it names where
    that is another one."""
    series, own = DeliveryKey.of(item).series, item.get("duplicate")
    about = f", about {SUBJECTS[series]}" if series else ""
    under = f", about {own['referral_ref']}" if own else ""
    return f"{CHANNELS[Channel(item['chan'])]} to {item['agency']}{about}{under}"


def again_shown(again: Again, reason: ActReason) -> Group:
    """One message: how it stands, what becomes of it, why."""
    told = told_words(again.level, again.key.series)
    how = f"1 new message with an id of its own ({told})"
    if again.channel is not again.key.channel:
        how = f"1 e-mail to the agreed mailbox in its place ({told})"
    elif again.how is How.AT_ONCE:
        how = "the same message, tried again at once"
    lines = {
        "message": message_words(again.seen),
        "stands": state_and_tries(again.seen),
        "becomes": how,
        "reason": reason_words(reason),
    }
    key = again.key
    return _shown(f"{key.ref}, child {key.child}, {numbered(key.series, key.seq)}", lines)


def stop_shown(what: ToStop, reason: ActReason) -> Group:
    """Each message that would be stopped, and what nobody can stop."""
    key = DeliveryKey.of(what.items[0])
    lines = {
        "stops": "\n".join(f"{message_words(item)}: {state_and_tries(item)}" for item in what.items),
        "reason": reason_words(reason),
    }
    if what.on_their_way:
        sent = "\n".join(map(message_words, what.on_their_way))
        lines["goes on"] = f"{sent}: being sent at this moment, and cannot be stopped"
    return _shown(f"{key.ref}, child {key.child}", lines)


def stopped_words(came: Cancelled, went_on: int) -> str:
    """`2 messages stopped, never to be sent. 1 other had gone on meanwhile.`, and where that stands."""
    beside = f" {counted(went_on, 'other')} had gone on meanwhile." if went_on else ""
    tasks = f" {counted(came.done_tasks, 'task')} ended with that." if came.done_tasks else ""
    stopped = f"{counted(len(came.items), 'message')} stopped, never to be sent.{beside}{tasks}"
    return f"{stopped}\n{in_the_trail(came.entries)}"


def whose(found: Found, outage: Outage) -> str:
    """`north-police's system`, or its mailbox."""
    return f"{found.agency_id}'s {'mailbox' if outage.by_email else 'system'}"


def found_shown(found: Found, outage: Outage, reason: ActReason) -> Group:
    """How many messages in each state, and what becomes of them."""
    title = f"What {whose(found, outage)} has not taken since {_since(outage)}"
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(justify="right", style="bold")
    table.add_column()
    table.add_column(style="dim")
    for state, words in _RECOVERED_BY.items():
        if number := found.by_state[state]:
            table.add_row(str(number), STATES[state], words)
    more = f"; {found.more} more for the next run: one takes {MOST_AT_ONCE:,}" if found.more else ""
    table.add_row(str(len(found.items)), f"in all{more}")
    why = Text.assemble(("reason  ", "dim"), reason_words(reason))
    return Group(Text(title, style="bold"), Padding(Group(table, Text(), why), (1, 0, 1, 3)))


def recovered_words(became: Mapping[Became, int]) -> str:
    """`14 messages go again; 1 had gone on by itself; 1 is left for the next run.`"""
    again, went_on, left = (became.get(one, 0) for one in Became)
    parts = [f"{counted(again, 'message')} {'goes' if again == 1 else 'go'} again"]
    parts += [f"{went_on} had gone on by {'itself' if went_on == 1 else 'themselves'}"] if went_on else []
    parts += [f"{left} {'is' if left == 1 else 'are'} left for the next run"] if left else []
    return "; ".join(parts)


def found_facts(found: Found, outage: Outage, *, dry_run: bool) -> dict[str, object]:
    """What `found_shown` shows, as a program reads it."""
    return {
        "agency": found.agency_id,
        "channel": (Channel.EMAIL if outage.by_email else Channel.WEBHOOK).value,
        "since": at_text(outage.since),
        "until": at_text(outage.until) if outage.until else None,
        "dry_run": dry_run,
        "found": len(found.items),
        "by_state": {state.value: number for state, number in found.by_state.items()},
        "more": found.more,
    }


def became_facts(became: Mapping[Became, int]) -> dict[str, object]:
    """How many went again, had gone on, were left: each nought where nothing was done."""
    return {one.name.lower(): became.get(one, 0) for one in Became}


def in_the_trail(entries: Iterable[str]) -> str:
    """Where to look it up: each partition once, before its entries."""
    listed = [
        f"{partition} {', '.join(entry.split()[1] for entry in together)}"
        for partition, together in groupby(entries, key=lambda entry: entry.split()[0])
    ]
    return f"In the trail: {'; '.join(listed)}."


def _since(outage: Outage) -> str:
    until = f", until {uk_date_and_time(outage.until)}" if outage.until else ""
    return f"{uk_date_and_time(outage.since)}{until}"


def _shown(title: str, lines: Mapping[str, str]) -> Group:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for name, words in lines.items():
        table.add_row(name, Text(words))
    return Group(Text(title, style="bold"), Padding(table, (1, 0, 1, 3)))
