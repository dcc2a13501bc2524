"""How a sentence names what its row is about: the message, who acted, and when."""

import re
from collections.abc import Sequence
from datetime import datetime

from functions.adapters.ledger import keys
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Item
from functions.domain.delivery import message_id
from functions.domain.series import series_of
from functions.domain.wording.uk_time import uk_date, uk_date_and_time
from functions.domain.wording.updates.names import numbered
from functions.flows.acting.chosen import ID_PREFIX, SHORT_ID
from functions.story.vocabulary import CHANNELS
from schemas.codes import Channel, Series


def the_message(row: Item) -> str:
    """`the e-mail to north-probation (child 1, version 2, msg_1f0e4a57)`: no other message has the same."""
    return f"the {CHANNELS[Channel(row['chan'])]} to {row['agency']} {_which(row)}"


def its_message(row: Item) -> str:
    """The same, where the sentence has named the agency already."""
    return f"the {CHANNELS[Channel(row['chan'])]} {_which(row)}"


def _which(row: Item) -> str:
    told = numbered(series_in(row), row["dver"])
    return f"({_child(row)}{told}, {short_id(_id_of(row))})"


def _child(row: Item) -> str:
    """Nothing of what is about no child."""
    return f"child {row['child']}, " if row["child"] else ""


def series_in(row: Item) -> Series | None:
    """The series of the update that a row is about; None where it is about a decision, or about neither."""
    if "series" in row:
        return Series(row["series"])
    return series_of(row.get("nonce", ""))


def _id_of(row: Item) -> str:
    """Not every row has its message's id, but each the key that the id is made from."""
    return row["message_id"] if "message_id" in row else planned_id(row, row["chan"], row.get("nonce", ""))


def planned_id(row: Item, channel: str, nonce: str) -> str:
    """The id of the message that the row's agency gets of the row's decision, by that way."""
    key = DeliveryKey(keys.owner_of(row), row["child"], row["dver"], row["agency"], Channel(channel), nonce)
    return message_id(key.text)


def short_id(whole: str) -> str:
    """`msg_1f0e4a57`, as an act takes it (`--message`) and the message's own id begins."""
    return whole[: len(ID_PREFIX) + SHORT_ID]


def which_child(row: Item) -> str:
    """` (child 1, version 2)`; no version while nothing is decided, and nothing where no child is meant."""
    if "child" not in row or "dver" not in row:
        return ""
    told = numbered(series_in(row), row["dver"]) if row["dver"] else ""
    which = f"{_child(row)}{told}".removesuffix(", ")
    return f" ({which})" if which else ""


def for_children(children: Sequence[int]) -> str:
    """`for child 1`, `for children 1, 2 and 4`."""
    *before, last = map(str, children)
    return f"for children {', '.join(before)} and {last}" if before else f"for child {last}"


def actor_words(actor: str) -> str:
    """Of an ARN its last part, the session or the user; any other name as it is."""
    return re.split(r"[/:]", actor)[-1] if actor.startswith("arn:") else actor


def moment(at: str) -> str:
    """`25 November 2026 at 3:02pm`."""
    return uk_date_and_time(datetime.fromisoformat(at))


def next_moment(at: str, *, after: str) -> str:
    """`at 3:02pm` on the same day in the UK, else `on 25 November 2026 at 3:02pm`."""
    day, seen_on = (uk_date(datetime.fromisoformat(one)) for one in (at, after))
    whole = moment(at)
    return whole.removeprefix(day).strip() if day == seen_on else f"on {whole}"


def upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def lower(words: str) -> str:
    return words[:1].lower() + words[1:]
