"""Every try of a message, the newest first: in plain words, with the technical reason under them."""

from collections.abc import Sequence
from datetime import datetime

from functions.adapters.ledger.store import Item
from functions.console.shown.message import Try
from functions.console.words.messages import refused
from functions.console.words.moments import short
from functions.story.named import upper
from functions.story.troubles import TRIED
from functions.story.vocabulary import in_words
from schemas.codes import AttemptResult, AuditKind, Channel, ErrorWord


def tries(rows: Sequence[Item], now: datetime) -> list[Try]:
    """Each try of the message whose rows these are; one that has not ended is being made."""
    ended = {row["attempt"]: row for row in rows if row["type"] == AuditKind.ATTEMPT_CLOSED}
    begun = {row["attempt"]: row for row in rows if row["type"] == AuditKind.ATTEMPT_STARTED}
    newest_first = sorted(begun.keys() | ended.keys(), reverse=True)
    return [_ended(ended[one], now) if one in ended else _being_made(begun[one], now) for one in newest_first]


def _being_made(row: Item, now: datetime) -> Try:
    return Try(
        number=str(row["attempt"]),
        at=short(datetime.fromisoformat(row["at"]), now),
        words="It is being sent",
        technical="Nothing has come of it yet",
        took="",
    )


def _ended(row: Item, now: datetime) -> Try:
    return Try(
        number=str(row["attempt"]),
        at=short(datetime.fromisoformat(row["at"]), now),
        words=_words(row),
        technical=_technical(row),
        took=_took(row["took_ms"]) if "took_ms" in row else "",
    )


def _words(row: Item) -> str:
    is_email = Channel(row["chan"]).is_email
    match row["result"]:
        case AttemptResult.SUCCESS:
            return "The mail service accepted it" if is_email else "Their system took it"
        case AttemptResult.UNKNOWN:
            return "Nobody knows whether it arrived"
    if "error" not in row:
        return "It did not arrive"
    error = ErrorWord(row["error"])
    if error is ErrorWord.E_TIMEOUT and not is_email:
        return "Their system did not answer"
    return refused(row) or upper(TRIED[error].what)


def _technical(row: Item) -> str:
    error = row.get("error")
    if error == ErrorWord.E_TIMEOUT and "took_ms" in row:
        return f"No reply after {round(row['took_ms'] / 1000)} seconds"
    if "http_status" in row:
        return f"Response {row['http_status']}"
    return upper(in_words(error)) if error else ""


def _took(milliseconds: int) -> str:
    """`10.0s`; what was quicker than a tenth of a second took no nought of them."""
    return f"{milliseconds / 1000:.1f}s" if milliseconds >= _TENTH else "Under 0.1s"


_TENTH = 100
