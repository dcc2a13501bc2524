"""The one door of every page: who is it, may they, do they mean it, and is it on record."""

import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote, urlsplit

from functions.adapters.errors import BusyError, ContendedError
from functions.adapters.ledger.sessions import Session, Unfinished
from functions.adapters.oidc import SignInFailedError
from functions.console.desk import ConsoleDesk
from functions.console.door.problems import (
    FORM_TOO_OLD,
    NOT_FOUND,
    TO_SIGN_IN,
    not_yours,
    only_for,
    sign_in_broken,
    signed_out_meanwhile,
    too_busy,
)
from functions.console.door.request import Answer, Answered, Cookie, Elsewhere, Page, Request, Values
from functions.console.door.sign_in import SESSION_COOKIE, SIGNED_OUT, begin, come_back, hashed, safe_path
from functions.console.door.visit import NotHereError, Visit
from functions.console.shown.parts import Link
from functions.console.shown.problems import Typed
from functions.console.shown.sign_in import SignedOut, SignIn, Way
from functions.log_lines import SIGN_IN_REFUSED, log
from schemas.codes import ConsoleRole, SessionEvent

View: TypeAlias = Callable[[Visit], Answer]

CSRF_FIELD = "csrf"
OF_THE_SESSION = frozenset({CSRF_FIELD, "from"})
"""What means nothing in any other session: a form's token, and the cursor of a list (`cursor.py`)."""
ID = re.compile(r"[A-Za-z0-9._~#:|@%-]{1,256}")
"""Of whatever a path names. What somebody typed in words is none: it goes on no record, and into no key."""
CHOSEN = frozenset(
    {"call", "day", "format", "how", "purpose", "reason", "role", "time", "way"}
    | {"agency", "kind", "period", "ref", "since", "status", "until"}
)
"""What pages ask for that somebody finds again once they have signed in again, and what a list or a file was
narrowed to."""
_KEPT = re.compile(r"([A-Za-z0-9][A-Za-z0-9._:|#+-]{0,127}( [0-9]{4}-[0-9T:.Z-]{1,30})?)?")
"""As far as it is a code, which a moment may follow, a number or nothing: the row is in clear, so that
what else somebody typed is kept nowhere."""
LONGEST_TYPED = 2000
"""Of one field, as far as it is shown to whoever has to sign in again."""
TYPED = {"reason": "Reason", "note": "Why"}
"""The fields in which people type, and what their pages call them."""
SIGN_OUT = "/sign-out"


class UnrecordedError(Exception):
    """A page was about to be shown that no row tells of: a bug, and nobody sees the page."""


@dataclass(frozen=True, slots=True)
class Route:
    """One page: where it stands, who may look, and who may do what it offers."""

    path: str
    """With its parameters as `<name>`."""
    shows: View
    may_look: frozenset[ConsoleRole]
    does: View | None = None
    may_act: frozenset[ConsoleRole] = frozenset()
    keeps: frozenset[str] = CHOSEN
    """The fields of its form that a session's end must not lose."""


def enter(route: Route, parameters: Mapping[str, str], request: Request, desk: ConsoleDesk) -> Answered:
    """Answers one request for a page that only people who are signed in see.

    Whoever meets busy tables keeps their navigation: another page may be answered.
    """
    session = None
    try:
        session = _who(request, desk)
        if session is None or session.has_ended(desk.now()):
            return _at_the_door(session, route.keeps, request, desk)
        return _entered(session, route, parameters, request, desk)
    except (BusyError, ContendedError):
        is_in = session is not None and not session.has_ended(desk.now())
        busy = too_busy(was_act=request.method == "POST", here=request.path)
        return Answered(busy, session=session if is_in else None)


def openly(answers: Callable[[], Answered], request: Request) -> Answered:
    """Answers one request that needs nobody to be signed in: a code that came back is not asked for twice."""
    try:
        return answers()
    except (BusyError, ContendedError):
        here = request.path if request.path == SIGN_OUT else "/sign-in"
        return Answered(too_busy(was_act=False, here=here))


def _entered(
    session: Session, route: Route, parameters: Mapping[str, str], request: Request, desk: ConsoleDesk
) -> Answered:
    acts, visit = request.method == "POST", Visit(desk, session, request, parameters, desk.now())
    if session.role not in (route.may_act if acts else route.may_look):
        only_looks = acts and session.role in route.may_look
        whose = only_for(route.may_act) if only_looks else not_yours(route.may_look)
        return _turned_away("NOT_ALLOWED", whose, route.path, visit)
    if acts and not _is_meant(request, session, desk):
        return _turned_away("FORM_NOT_OURS", FORM_TOO_OLD, route.path, visit)
    desk.patience.persist(lambda: desk.sign_in.sessions.seen(session, desk.now()))
    visit.resumed = _taken_up(session, request)
    answer = _seen(route.does if acts and route.does else route.shows, visit)
    if visit.resumed:
        desk.patience.persist(lambda: desk.sign_in.sessions.resumed(session))
    return Answered(answer, session=session)


def _turned_away(why: str, page: Page, path: str, visit: Visit) -> Answered:
    """What is refused is on record as what is read; `path` is the route's own, without anybody's words."""
    visit.note(why, 0, {"page": path})
    return Answered(page, session=visit.session)


def _taken_up(session: Session, request: Request) -> Values:
    """What was typed before a session ended, on the page that it was typed into: kept until that page was
    made, so that busy tables lose none of it."""
    kept = session.unfinished
    is_here = kept and request.method == "GET" and kept.path.partition("?")[0] == request.path
    return kept.fields if kept and is_here else {}


def sign_in(request: Request, _desk: ConsoleDesk) -> Answered:
    """The page before the issuer's own."""
    to = quote(safe_path(request.asked("to")), safe="/")
    way = Way(link=Link(text="Sign in", path=f"/sign-in/start?to={to}"))
    return Answered(Page("sign_in", "Sign in", SignIn(ways=(way,))))


def start(request: Request, desk: ConsoleDesk) -> Answered:
    """On to the issuer; whoever was found out in mid-form has what they typed kept on the way."""
    session = _who(request, desk)
    unfinished = session.unfinished if session and session.has_ended(desk.now()) else None
    try:
        return begin(safe_path(request.asked("to")), desk.sign_in, unfinished=unfinished)
    except SignInFailedError as exc:
        log(SIGN_IN_REFUSED, event=SessionEvent.SIGN_IN_FAILED.value, reason=exc.why)
        return Answered(sign_in_broken(exc.why))


def back(request: Request, desk: ConsoleDesk) -> Answered:
    """From the issuer."""
    return come_back(request, desk.sign_in)


def sign_out(request: Request, desk: ConsoleDesk) -> Answered:
    """Ends the session here, and leads on to where the directory ends its own: on a shared desk the next to
    sign in would else come in as the same person. By a link on a page of ours; what another site links to
    ends nothing."""
    found = _who(request, desk)
    session = None if found is None or found.has_ended(desk.now()) else found
    if not _is_from_here(request, desk):
        if session is None:
            return Answered(Elsewhere(SIGNED_OUT))
        visit = Visit(desk, session, request, {}, desk.now())
        return _turned_away("FORM_NOT_OURS", FORM_TOO_OLD, request.path, visit)
    if session is not None:
        desk.patience.persist(lambda: desk.sign_in.sessions.end(session, request.request_id, desk.now()))
    return Answered(_out_of_the_directory(desk), (Cookie(SESSION_COOKIE, ""),))


def signed_out(request: Request, _desk: ConsoleDesk) -> Answered:
    """Where the directory leads back to; it says nothing to a browser that still has a session."""
    if request.cookies.get(SESSION_COOKIE):
        return Answered(Elsewhere("/"))
    return Answered(_signed_out(is_here_only=False))


def _out_of_the_directory(desk: ConsoleDesk) -> Answer:
    """To the directory's own page; where it has none, or is silent, what is left to be done by hand."""
    try:
        to = desk.sign_in.issuer.sign_out_at(f"{desk.base}{SIGNED_OUT}")
    except SignInFailedError:
        to = None
    return Elsewhere(to) if to else _signed_out(is_here_only=True)


def _signed_out(*, is_here_only: bool) -> Page:
    shown = SignedOut(sign_in=TO_SIGN_IN, is_here_only=is_here_only)
    return Page("signed_out", "You are signed out", shown)


def statement(page: Page, request: Request, desk: ConsoleDesk) -> Answered:
    """A page that tells of nobody, and is for everybody: that somebody read it is on no record. Whoever is
    signed in keeps their navigation."""
    session = _who(request, desk)
    is_in = session is not None and not session.has_ended(desk.now())
    return Answered(page, session=session if is_in else None)


def _who(request: Request, desk: ConsoleDesk) -> Session | None:
    if not (session_id := request.cookies.get(SESSION_COOKIE)):
        return None
    return desk.patience.persist(lambda: desk.sign_in.sessions.found(hashed(session_id)))


def _at_the_door(
    session: Session | None, keeps: frozenset[str], request: Request, desk: ConsoleDesk
) -> Answered:
    """Somebody whose session ended in mid-form gets it back once they have signed in again."""
    to = f"/sign-in?to={quote(_asked_for(request), safe='/')}"
    if request.method == "POST" and session is not None and _is_ours(request, session):
        said = {name: _codes(request.form.get(name, ())) for name in keeps}
        chosen = {name: values for name, values in said.items() if values}
        unfinished = Unfinished(session.staff, _asked_for(request), chosen)
        desk.patience.persist(lambda: desk.sign_in.sessions.interrupted(session, unfinished))
        return Answered(signed_out_meanwhile(_as_typed(request), to))
    if request.method == "POST":
        return Answered(signed_out_meanwhile((), to))
    return Answered(Elsewhere(to))


def _codes(values: Sequence[str]) -> list[str]:
    return [value for value in map(str.strip, values) if _KEPT.fullmatch(value)]


def _as_typed(request: Request) -> tuple[Typed, ...]:
    """What people typed, and none of what went along unseen."""
    fields = ((label, request.said(name)[:LONGEST_TYPED]) for name, label in TYPED.items())
    return tuple(Typed(label=label, text=text) for label, text in fields if text)


def _asked_for(request: Request) -> str:
    """Where they were going, but for the place in a list: its cursor opens nothing in another session, and
    would lead to no page at all instead of to the list's first."""
    pairs = [
        f"{quote(name)}={quote(value)}"
        for name, values in request.query.items()
        for value in values
        if name not in OF_THE_SESSION
    ]
    return request.path + (f"?{'&'.join(pairs)}" if pairs else "")


def _is_meant(request: Request, session: Session, desk: ConsoleDesk) -> bool:
    """A form of ours, sent from a page of ours: another site can make a browser send one, but knows neither
    the token nor our origin."""
    return _is_from_here(request, desk) and _is_ours(request, session)


def _is_from_here(request: Request, desk: ConsoleDesk) -> bool:
    """By what the browser itself says of where it was (Fetch Metadata); an old one says nothing."""
    sent_from = request.headers.get("origin", _origin(desk.base))
    site = request.headers.get("sec-fetch-site", "same-origin")
    return sent_from == _origin(desk.base) and site in ("same-origin", "none")


def _is_ours(request: Request, session: Session) -> bool:
    return hmac.compare_digest(request.said(CSRF_FIELD).encode(), session.csrf.encode())


def _origin(base: str) -> str:
    split = urlsplit(base)
    return f"{split.scheme}://{split.netloc}"


def _seen(view: View, visit: Visit) -> Answer:
    """Raises UnrecordedError."""
    try:
        answer = view(_with_ids(visit))
    except NotHereError:
        if not visit.is_on_record:
            visit.note("NOT_HERE", 0)
        answer = NOT_FOUND
    if not visit.is_on_record:
        raise UnrecordedError(visit.request.path)
    return answer


def _with_ids(visit: Visit) -> Visit:
    """Raises NotHereError where a path names what nothing is called."""
    if not all(map(ID.fullmatch, visit.parameters.values())):
        raise NotHereError("id")
    return visit
