"""The console's first page: the overview, but for whoever has a desk of their own."""

from functions.console.door.request import Answer, Elsewhere
from functions.console.door.visit import Visit
from functions.console.overview.page import overview
from schemas.codes import ConsoleRole


def home(visit: Visit) -> Answer:
    """The police's desk is all that they have here."""
    if visit.session.role is not ConsoleRole.POLICE_DESK:
        return overview(visit)
    visit.note("HOME", 0)
    return Elsewhere("/police-desk")
