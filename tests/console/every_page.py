"""An address of every page that needs somebody to be signed in, over one world with something on each."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser

from functions.adapters.ledger import keys
from functions.console.door.guard import Route
from functions.console.door.sign_in import SESSION_COOKIE, hashed
from functions.console.routes import ROUTES
from schemas.codes import Channel, ConsoleRole
from tests.console.council import AUDITOR, MANAGER, POLICE, VIEWER, Person
from tests.console.office import Browser
from tests.flows.chases import reminded
from tests.world import MORNING, World, a_decision, a_world, an_event_id

PEOPLE: Mapping[ConsoleRole, Person] = {
    ConsoleRole.VIEWER: VIEWER,
    ConsoleRole.MANAGER: MANAGER,
    ConsoleRole.AUDITOR: AUDITOR,
    ConsoleRole.POLICE_DESK: POLICE,
}
REF, HELD_REF = "NS-26-7KQ4ZP", "NS-26-H3LD01"
PARAMETER = re.compile(r"<(\w+)>")


@contextmanager
def a_full_world() -> Iterator[World]:
    """A decision that was sent, its police form awaited, and another that is held."""
    with a_world() as world:
        reminded(world).now = MORNING
        world.take(a_decision())
        world.send_due()
        world.take(a_held_decision())
        yield world


def a_held_decision(ref: str = HELD_REF) -> dict[str, object]:
    """One that waits for a manager."""
    hold = [{"code": "SENSITIVE"}]
    return a_decision(referral_ref=ref, event_id=an_event_id(ref), source_seq=4183, hold_codes=hold)


@dataclass(frozen=True, slots=True)
class Asked:
    """A page, and where it is found in this world."""

    route: Route
    path: str

    def by(self) -> list[Person]:
        """Whoever may look at it."""
        return [PEOPLE[role] for role in sorted(self.route.may_look)]


def known(world: World) -> dict[str, str]:
    """A value for every parameter of a path that stands for something which is there."""
    message = world.delivery("north-probation", Channel.EMAIL)
    task = next(iter(world.tasks(HELD_REF)))
    return {
        "ref": REF,
        "child": "1",
        "message_id": message["message_id"],
        "agency_id": "north-police",
        "partition": f"R~{HELD_REF}",
        "task": f"{keys.TASK_PREFIX}{task}".replace("#", "~"),
    }


def things_done(world: World) -> int:
    """Rows of anything but a refusal, which has one of its own."""
    refused = ("FORM_NOT_OURS", "NOT_ALLOWED")
    return sum(row.get("asked") not in refused for row in world.all_items("audit"))


def every_page(values: Mapping[str, str]) -> list[Asked]:
    """Each route; a parameter of another name needs a value above before its page is tested."""
    return [Asked(route, filled(route, values)) for route in ROUTES]


def filled(route: Route, values: Mapping[str, str]) -> str:
    """The path with these values."""
    return PARAMETER.sub(lambda found: values[found[1]], route.path)


def csrf_of(browser: Browser) -> str:
    """The token of this browser's session, as its forms have it."""
    session = browser.office.desk.sign_in.sessions.found(hashed(browser.cookies[SESSION_COOKIE]))
    assert session
    return session.csrf


class Markup(HTMLParser):
    """What of a page could run, or lead away."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.runs: list[str] = []
        self.feed(body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "object", "embed", "base"):
            self.runs.append(tag)
        self.runs += [name for name, _ in attrs if name.startswith("on") or name == "srcdoc"]
        addresses = [value or "" for name, value in attrs if name in ("href", "src", "action", "formaction")]
        self.runs += [
            one for one in addresses if not one.startswith(("https://console.", "/", "#", "mailto:", "tel:"))
        ]
