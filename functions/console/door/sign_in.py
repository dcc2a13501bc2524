"""Coming in and going: the code flow's two ends, and the session between them (console section 8).

The browser that began is the one that comes back (a cookie of its own, RFC 6749 section 10.12), with a code
that PKCE binds to us; each sign-in is used once. What it gets is a new session's id, never one that it had.
"""

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import cast

from functions.adapters.ledger.sessions import Session, SignIn, Unfinished
from functions.adapters.oidc import Claims, SignInFailedError
from functions.console.desk import SignInDesk
from functions.console.door.problems import NO_ROLE, SIGN_IN_FAILED, sign_in_broken
from functions.console.door.request import Answered, Cookie, Elsewhere, Page, Request
from functions.domain.session import role_of
from functions.log_lines import SIGN_IN_REFUSED, log
from schemas.codes import ConsoleRole, SessionEvent

SESSION_COOKIE = "__Host-session"
SIGN_IN_COOKIE = "__Host-sign-in"
"""Bound to this very host and to TLS by their names."""
HOME = "/"
SIGNED_OUT = "/signed-out"
"""Which the directory has to know as a place that it may lead back to."""
NOBODY = "staff:unknown"
LONGEST_NAME = 60
_SUBJECT = re.compile(r"[A-Za-z0-9._:|@-]{1,128}")
_HERE = re.compile(r"/(?![/\\])[\x21-\x7e]{0,1000}")
"""A path of ours: what begins with two slashes is another host's address."""


def safe_path(text: str) -> str:
    """Where a sign-in may lead: below this console, else to its first page."""
    return text if _HERE.fullmatch(text) and "\\" not in text else HOME


def hashed(secret: str) -> str:
    """What the table keeps of it."""
    return sha256(secret.encode()).hexdigest()


def begin(leads_to: str, desk: SignInDesk, *, unfinished: Unfinished | None = None) -> Answered:
    """Sends the browser to the issuer, with what only it can bring back.

    Raises SignInFailedError if the issuer cannot be asked, BusyError.
    """
    state, browser, nonce, verifier = (desk.secret() for _ in range(4))
    begun = SignIn(hashed(state), hashed(browser), verifier, nonce, safe_path(leads_to), unfinished)
    to = desk.issuer.sign_in_at(state=state, nonce=nonce, verifier=verifier)
    desk.patience.persist(lambda: desk.sessions.begin(begun, desk.now()))
    return Answered(Elsewhere(to), (Cookie(SIGN_IN_COOKIE, browser),))


def come_back(request: Request, desk: SignInDesk) -> Answered:
    """Opens a session for whoever the issuer says it is, if they have a role here; says what else to do.

    What no browser of ours began is nobody's sign-in: a line in the log and no row, or anybody who reaches
    the address could write rows that are kept for ever, and have all who fail wait for one chain.
    """
    now = desk.now()
    browser = request.cookies.get(SIGN_IN_COOKIE, "")
    begun = desk.patience.persist(
        lambda: desk.sessions.take(hashed(request.asked("state")), hashed(browser), now)
    )
    forgotten = Cookie(SIGN_IN_COOKIE, "")
    if begun is None:
        log(SIGN_IN_REFUSED, event=SessionEvent.SIGN_IN_FAILED.value, reason="NOT_BEGUN_HERE")
        return Answered(SIGN_IN_FAILED, (forgotten,))
    if not (code := request.asked("code")):
        return Answered(_refused(request, desk, "ISSUER_REFUSED"), (forgotten,))
    try:
        claims = desk.issuer.claims(code, verifier=begun.verifier, nonce=begun.nonce)
    except SignInFailedError as exc:
        _refused(request, desk, exc.why)
        return Answered(sign_in_broken(exc.why), (forgotten,))
    return _let_in(claims, begun, request, desk, forgotten)


def _let_in(claims: Claims, begun: SignIn, request: Request, desk: SignInDesk, forgotten: Cookie) -> Answered:
    subject = str(claims["sub"])
    if not _SUBJECT.fullmatch(subject):
        return Answered(_refused(request, desk, "SUBJECT_UNUSABLE"), (forgotten,))
    staff = f"staff:{subject}"
    role = role_of(_groups(claims, desk.groups_claim), desk.roles)
    brought = request.cookies.get(SESSION_COOKIE)
    before = hashed(brought) if brought else ""
    if role is None:
        return Answered(_turned_away(staff, before, request, desk), (forgotten, Cookie(SESSION_COOKIE, "")))
    session_id = desk.secret()
    session = _session(session_id, staff=staff, role=role, claims=claims, begun=begun, desk=desk)
    desk.patience.persist(
        lambda: desk.sessions.open(session, request.request_id, desk.now(), instead_of=before)
    )
    leads_to = session.unfinished.path if session.unfinished else begun.leads_to
    return Answered(Elsewhere(leads_to), (forgotten, Cookie(SESSION_COOKIE, session_id)))


def _session(
    session_id: str, *, staff: str, role: ConsoleRole, claims: Claims, begun: SignIn, desk: SignInDesk
) -> Session:
    """What was typed goes to whoever typed it, and to nobody else who signs in at the same browser."""
    theirs = begun.unfinished if begun.unfinished and begun.unfinished.staff == staff else None
    now = desk.now()
    return Session(
        hashed(session_id),
        staff=staff,
        name=_name(claims),
        role=role,
        csrf=desk.secret(),
        opened_at=now,
        seen_at=now,
        unfinished=theirs,
    )


def _turned_away(staff: str, before: str, request: Request, desk: SignInDesk) -> Page:
    """Whoever signed in here before has left the browser to somebody who may see nothing."""
    desk.patience.persist(
        lambda: desk.sessions.turn_away(staff, request.request_id, desk.now(), instead_of=before)
    )
    log(SIGN_IN_REFUSED, event=SessionEvent.NO_ROLE.value, reason=SessionEvent.NO_ROLE.value)
    return NO_ROLE


def _refused(request: Request, desk: SignInDesk, why: str) -> Page:
    """On record before anybody is told; the page says how to try again, and nothing of why."""
    desk.patience.persist(lambda: desk.sessions.refuse(NOBODY, request.request_id, desk.now(), why=why))
    log(SIGN_IN_REFUSED, event=SessionEvent.SIGN_IN_FAILED.value, reason=why)
    return SIGN_IN_FAILED


def _groups(claims: Claims, claim: str) -> Sequence[str]:
    """Directories give one group as a text and several as a list; whatever else is there names none."""
    found = claims.get(claim)
    if isinstance(found, str):
        return [found]
    is_named = isinstance(found, list) and all(isinstance(group, str) for group in found)
    return cast("list[str]", found) if is_named else []


def _name(claims: Claims) -> str:
    """What stands on their own pages, at most a line of it."""
    named = (claims.get(name) for name in ("name", "preferred_username", "email"))
    return str(next(filter(None, named), "Signed in"))[:LONGEST_NAME]
