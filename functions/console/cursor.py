"""Where a list goes on, as an address may say it: signed, so that nobody asks for what none offered them."""

from datetime import date

from itsdangerous import BadData, URLSafeSerializer

from functions.adapters.ledger.listing import Place
from functions.adapters.ledger.sessions import Session
from functions.console.visit import NotHereError


def told(place: Place, session: Session) -> str:
    """The cursor of a place, which nobody but this session's person can use."""
    return _signer(session).dumps([place.day.isoformat(), place.after])


def read(cursor: str, session: Session) -> Place:
    """The place of a cursor; raises NotHereError for what we never gave out, or gave to another."""
    try:
        day, after = _signer(session).loads(cursor)
    except BadData as exc:
        raise NotHereError("cursor") from exc
    return Place(date.fromisoformat(day), after)


def _signer(session: Session) -> URLSafeSerializer:
    return URLSafeSerializer(session.csrf, salt="a list's cursor")
