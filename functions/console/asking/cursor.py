"""Where a list goes on, as an address may say it: signed for its session, so that no link from elsewhere
leads into the middle of one. Whoever signs with their own page's token finds nothing that they may not see.
"""

from collections.abc import Collection
from datetime import date

from itsdangerous import BadData, URLSafeSerializer

from functions.adapters.ledger.listing import Place
from functions.adapters.ledger.sessions import Session
from functions.console.door.visit import NotHereError

OF_A_LIST, OF_A_REFERRAL, OF_A_READER = "a list's cursor", "a referral's cursor", "a reader's cursor"
NOT_OURS = (BadData, TypeError, ValueError)
OF_READINGS = "the cursor of a referral's readings"
"""A list's cursor is refused as a referral's."""


def told(place: Place, session: Session) -> str:
    """The cursor of a place, which nobody but this session's person can use."""
    return _signer(session, OF_A_LIST).dumps([place.day.isoformat(), place.before])


def read(cursor: str, session: Session) -> Place:
    """The place of a cursor; raises NotHereError for what we never gave out, or gave to another."""
    try:
        day, before = _signer(session, OF_A_LIST).loads(cursor)
        return Place(date.fromisoformat(day), str(before))
    except NOT_OURS as exc:
        raise NotHereError("cursor") from exc


def entry_told(ref: str, number: int, session: Session) -> str:
    """The cursor of a referral's entry, before which its history goes on."""
    return _signer(session, OF_A_REFERRAL).dumps([ref, number])


def entry_read(cursor: str, ref: str, session: Session) -> int:
    """The entry of a cursor; raises NotHereError for what we never gave out for this referral."""
    try:
        of, number = _signer(session, OF_A_REFERRAL).loads(cursor)
        number = int(number)
    except NOT_OURS as exc:
        raise NotHereError("cursor") from exc
    if of != ref:
        raise NotHereError("cursor")
    return number


def looked_told(chain: str, number: int, session: Session) -> str:
    """The cursor of an entry of what somebody looked at, before which their day goes on."""
    return _signer(session, OF_A_READER).dumps([chain, number])


def looked_read(cursor: str, chains: Collection[str], session: Session) -> tuple[str, int]:
    """The chain and number of a cursor; raises NotHereError for what we never gave out for these chains."""
    try:
        chain, number = _signer(session, OF_A_READER).loads(cursor)
        number = int(number)
    except NOT_OURS as exc:
        raise NotHereError("cursor") from exc
    if chain not in chains:
        raise NotHereError("cursor")
    return chain, number


def reading_told(ref: str, before: str, session: Session) -> str:
    """The cursor of a reading of a referral, before which its readings go on."""
    return _signer(session, OF_READINGS).dumps([ref, before])


def reading_read(cursor: str, ref: str, session: Session) -> str:
    """The reading of a cursor; raises NotHereError for what we never gave out for this referral."""
    try:
        of, before = _signer(session, OF_READINGS).loads(cursor)
    except NOT_OURS as exc:
        raise NotHereError("cursor") from exc
    if of != ref:
        raise NotHereError("cursor")
    return str(before)


def _signer(session: Session, what: str) -> URLSafeSerializer:
    return URLSafeSerializer(session.csrf, salt=what)
