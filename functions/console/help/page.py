"""Help and what the words mean, the accessibility statement and the privacy notice: plain words, no data."""

from functions.console.door.request import Page
from functions.console.door.visit import Visit
from functions.console.help.statements import ACCESSIBILITY, PRIVACY
from functions.console.help.words import AGENCIES, IN_TIME, MESSAGES, PASSAGES, POLICE_FORMS, TOLD
from functions.console.shown.help import Help
from functions.console.shown.parts import Fact


def help_page(visit: Visit) -> Page:
    """The words, how the record is checked, and who to ring."""
    visit.note("HELP", 0)
    hub, desk = visit.desk.hub, visit.desk.branding.service_desk
    ring = (
        Fact(label="A child in danger now", text="999"),
        Fact(label="The MASH", text=hub.duty_phone, detail=hub.duty_hours),
        Fact(label="Out of hours", text=hub.out_of_hours_phone, detail="Emergency duty team"),
        Fact(label="Something here does not work", text=desk, detail="Service desk"),
    )
    shown = Help(glossaries=(TOLD, MESSAGES, POLICE_FORMS, IN_TIME, AGENCIES), passages=PASSAGES, ring=ring)
    return Page("help", "Help and what the words mean", shown)


ACCESSIBILITY_PAGE = Page("statement", ACCESSIBILITY.title, ACCESSIBILITY)
PRIVACY_PAGE = Page("statement", PRIVACY.title, PRIVACY)
