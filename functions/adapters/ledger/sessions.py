"""Who is signed in: a sign-in that has begun, the session that it opened, and the rows that say so.

Both are found by the hash of what the browser holds: whoever reads the table can use neither.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Chain, Fact, at_text
from functions.adapters.ledger.store import (
    Change,
    Condition,
    ConditionsFailedError,
    Item,
    Store,
)
from functions.domain.record import uid
from functions.domain.session import RESUMED_WITHIN, SEEN_AGAIN_AFTER, SIGN_IN_WITHIN, ends_at
from schemas.codes import AuditKind, ConsoleRole, SessionEvent

THERE = Condition("attribute_exists(#pk)", {})


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What somebody had typed when their session was found to have ended: for them alone, and for once.

    `path` is the page's with its query; a field that a form has several of keeps them all.
    """

    staff: str
    path: str
    fields: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in on its way: what the issuer's answer is held against, and where it leads."""

    state_sha256: str
    browser_sha256: str
    verifier: str
    nonce: str
    leads_to: str
    unfinished: Unfinished | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is, or was, signed in.

    `staff` is the directory's own id of them, and all that the trail knows; `name` stands on their own pages
    and nowhere else.
    """

    id_sha256: str
    staff: str
    name: str
    role: ConsoleRole
    csrf: str
    opened_at: datetime
    seen_at: datetime
    unfinished: Unfinished | None = None

    def has_ended(self, now: datetime) -> bool:
        """By its own times: the table deletes what has expired days later."""
        return ends_at(self.opened_at, self.seen_at) <= now


class Sessions:
    """Reads and writes both, each opening and ending with its row in the trail."""

    def __init__(self, store: Store, chain: Chain) -> None:
        self._store = store
        self._chain = chain

    def begin(self, begun: SignIn, now: datetime) -> None:
        """Keeps a sign-in that begins."""
        item = {
            "pk": keys.sign_in(begun.state_sha256),
            "sk": keys.SIGN_IN,
            "browser": begun.browser_sha256,
            "verifier": begun.verifier,
            "nonce": begun.nonce,
            "leads_to": begun.leads_to,
            "until": at_text(now + SIGN_IN_WITHIN),
            "expires_at": int((now + SIGN_IN_WITHIN).timestamp()),
            **_kept(begun.unfinished),
        }
        self._store.write([self._store.put("sign-in", self._store.state, item)])

    def take(self, state_sha256: str, browser_sha256: str, now: datetime) -> SignIn | None:
        """The sign-in that this browser began, once: whoever comes second, or late, finds none."""
        address = (keys.sign_in(state_sha256), keys.SIGN_IN)
        item = self._store.get(self._store.state, *address)
        if item is None or item["browser"] != browser_sha256 or item["until"] <= at_text(now):
            return None
        try:
            self._store.write([self._store.delete("sign-in", self._store.state, address, condition=THERE)])
        except ConditionsFailedError:
            return None
        return SignIn(
            state_sha256,
            browser_sha256,
            verifier=item["verifier"],
            nonce=item["nonce"],
            leads_to=item["leads_to"],
            unfinished=_unfinished(item),
        )

    def open(self, session: Session, request: str, now: datetime, *, instead_of: str = "") -> None:
        """Somebody is signed in from now on, with the row that says so.

        `instead_of` is the hash of the id that their browser brought, whosever that was: it opens nothing
        from now on.
        """
        item = {
            "pk": keys.session(session.id_sha256),
            "sk": keys.SESSION,
            "staff": session.staff,
            "name": session.name,
            "role": session.role.value,
            "csrf": session.csrf,
            "opened_at": at_text(session.opened_at),
            "seen_at": at_text(session.seen_at),
            "expires_at": int((ends_at(session.opened_at, session.seen_at) + RESUMED_WITHIN).timestamp()),
            **_kept(session.unfinished),
        }
        opened = self._store.put("session", self._store.state, item)
        fact = _fact(SessionEvent.SIGNED_IN, session.staff, request, role=session.role.value)
        self._store.write([*self._row(fact, now), opened, *self._ended(instead_of)])

    def found(self, id_sha256: str) -> Session | None:
        """The session of that id, whether it has ended or not; None if there is none (any more)."""
        item = self._store.get(self._store.state, keys.session(id_sha256), keys.SESSION)
        if item is None:
            return None
        return Session(
            id_sha256,
            staff=item["staff"],
            name=item["name"],
            role=ConsoleRole(item["role"]),
            csrf=item["csrf"],
            opened_at=datetime.fromisoformat(item["opened_at"]),
            seen_at=datetime.fromisoformat(item["seen_at"]),
            unfinished=_unfinished(item),
        )

    def seen(self, session: Session, now: datetime) -> None:
        """Somebody goes on; nothing is written within a minute of the last time, nor once it was ended."""
        if now - session.seen_at < SEEN_AGAIN_AFTER:
            return
        change = Change(
            {
                "seen_at": at_text(now),
                "expires_at": int((ends_at(session.opened_at, now) + RESUMED_WITHIN).timestamp()),
            }
        )
        self._change(session, change)

    def interrupted(self, session: Session, unfinished: Unfinished) -> None:
        """Keeps what somebody was typing when their session was found to have ended."""
        self._change(session, Change(_kept(unfinished)))

    def resumed(self, session: Session) -> None:
        """What was typed has been shown again, and is kept no longer."""
        self._change(session, Change({}, remove=("unfinished",)))

    def end(self, session: Session, request: str, now: datetime) -> None:
        """Somebody signs out: what their browser holds opens nothing from now on."""
        gone = self._ended(session.id_sha256)
        self._store.write([*self._row(_fact(SessionEvent.SIGNED_OUT, session.staff, request), now), *gone])

    def turn_away(self, staff: str, request: str, now: datetime, *, instead_of: str) -> None:
        """A row for somebody whom the directory knows, and who has no role; `instead_of` as in `open`."""
        row = self._row(_fact(SessionEvent.NO_ROLE, staff, request), now)
        self._store.write([*row, *self._ended(instead_of)])

    def refuse(self, staff: str, request: str, now: datetime, *, why: str) -> None:
        """A row for somebody who could not sign in; `why` is a code."""
        self._store.write(self._row(_fact(SessionEvent.SIGN_IN_FAILED, staff, request, reason=why), now))

    def _ended(self, id_sha256: str) -> "list[Any]":
        if not id_sha256:
            return []
        address = (keys.session(id_sha256), keys.SESSION)
        return [self._store.delete("session", self._store.state, address, condition=None)]

    def _row(self, fact: Fact, now: datetime) -> "list[Any]":
        pk = keys.read_by(now, fact.actor)
        return self._chain.append(pk, self._chain.tip(pk), [fact], now)

    def _change(self, session: Session, change: Change) -> None:
        address = (keys.session(session.id_sha256), keys.SESSION)
        part = self._store.update("session", self._store.state, address, change=change, condition=THERE)
        try:
            self._store.write([part])
        except ConditionsFailedError:
            return  # signed out meanwhile, in another window


def _fact(what: SessionEvent, staff: str, request: str, **details: str | None) -> Fact:
    return Fact(
        AuditKind.SESSION, uid("SESSION", what, request), staff, request, {"event": what.value, **details}
    )


def _kept(unfinished: Unfinished | None) -> dict[str, object]:
    if unfinished is None:
        return {}
    return {
        "unfinished": {
            "staff": unfinished.staff,
            "path": unfinished.path,
            "fields": {name: list(values) for name, values in unfinished.fields.items()},
        }
    }


def _unfinished(item: Item) -> Unfinished | None:
    kept = item.get("unfinished")
    return Unfinished(kept["staff"], kept["path"], kept["fields"]) if kept else None
