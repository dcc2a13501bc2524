"""What stands around every sample page: a made-up hub, a made-up person, and a stage in each address."""

from dataclasses import dataclass

from functions.adapters.render import render_console
from functions.console.paint.assets import image, stylesheet
from functions.console.shown.frame import Destination, Frame, Hub, User
from functions.console.shown.parts import Link

HUB = Hub(
    name="Northshire MASH",
    council="Northshire Council",
    brand="#00594f",
    marking="OFFICIAL-SENSITIVE",
    marking_note="handle under the Northshire information sharing agreement",
    service_desk="01632 960 123",
    logo=image("hub.svg").path,
)
MANAGER = User(name="Priya Shah", role="MASH manager")
DESK = User(name="Sam Cole", role="police desk")
PLACES = (
    ("Overview", "/"),
    ("Referrals", "/referrals"),
    ("Messages", "/messages"),
    ("Agencies", "/agencies"),
    ("Reports", "/reports"),
)
OVERVIEW = Link(text="Overview", path="/")
REFERRALS = Link(text="Referrals", path="/referrals")
MESSAGES = Link(text="Messages", path="/messages")
AGENCIES = Link(text="Agencies", path="/agencies")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """A page in one of its states."""

    name: str
    template: str
    frame: Frame
    page: object

    @property
    def html(self) -> str:
        return render_console(self.template, frame=self.frame, page=self.page, url=url)


def url(path: str) -> str:
    """As a REST API's default address has it: the stage comes first."""
    return f"/demo{path}"


def frame(
    title: str,
    here: str = "",
    above: tuple[Link, ...] = (),
    *,
    user: User | None = MANAGER,
    is_wrong: bool = False,
) -> Frame:
    places = PLACES if user is MANAGER else (("Police desk", "/police-desk"),)
    return Frame(
        title=title,
        hub=HUB,
        stylesheet=stylesheet(HUB.brand, HUB.marking).path,
        icon=image("icon.svg").path,
        csrf_token="invented-token",
        user=user,
        navigation=tuple(Destination(text=text, path=path, is_here=text == here) for text, path in places)
        if user
        else (),
        breadcrumbs=above,
        is_demo=True,
        is_wrong=is_wrong,
    )
