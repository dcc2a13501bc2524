"""A page as the browser gets it: what it shows, inside what stands around every page."""

from collections.abc import Iterator, Mapping

from functions.adapters.ledger.sessions import Session
from functions.adapters.render import render_console
from functions.console.desk import ConsoleDesk
from functions.console.door.request import Page
from functions.console.door.roles import ROLE_NAMES
from functions.console.paint.assets import image, stylesheet
from functions.console.shown.frame import Destination, Frame, Hub, User
from schemas.codes import ConsoleRole

_OF_THE_MASH = (
    ("Overview", "/"),
    ("Referrals", "/referrals"),
    ("Messages", "/messages"),
    ("Agencies", "/agencies"),
    ("Reports", "/reports"),
)
_PLACES: Mapping[ConsoleRole, tuple[tuple[str, str], ...]] = {
    ConsoleRole.VIEWER: _OF_THE_MASH,
    ConsoleRole.MANAGER: _OF_THE_MASH,
    ConsoleRole.AUDITOR: (*_OF_THE_MASH, ("Access", "/access")),
    ConsoleRole.POLICE_DESK: (("Police desk", "/police-desk"),),
}


def painted(page: Page, session: Session | None, at: str, desk: ConsoleDesk) -> str:
    """The HTML; `at` is the path that was asked for, which the navigation marks."""
    frame = Frame(
        title=page.title,
        hub=Hub(
            name=desk.hub.hub_name,
            council=desk.branding.council,
            brand=desk.branding.colour,
            marking=desk.hub.marking,
            marking_note=desk.branding.handling,
            service_desk=desk.branding.service_desk,
            logo=image("hub.svg").path,
        ),
        stylesheet=stylesheet(desk.branding.colour, desk.hub.marking).path,
        icon=image("icon.svg").path,
        csrf_token=session.csrf if session else "",
        user=User(name=session.name, role=ROLE_NAMES[session.role]) if session else None,
        navigation=tuple(_navigation(session, at)) if session else (),
        breadcrumbs=tuple(page.above),
        is_demo=desk.is_demo,
        is_wrong=page.is_wrong,
    )
    return render_console(page.template, frame=frame, page=page.shown, url=desk.url)


def _navigation(session: Session, at: str) -> Iterator[Destination]:
    for text, path in _PLACES[session.role]:
        is_here = at == path if path == "/" else at == path or at.startswith(f"{path}/")
        yield Destination(text=text, path=path, is_here=is_here)
