"""What stands around every page: marking, hub, who is signed in, and the way to everywhere else."""

from dataclasses import dataclass

from functions.console.shown.parts import Link


@dataclass(frozen=True, kw_only=True, slots=True)
class Hub:
    """The hub as its configuration names it; `logo` is the path of an image of ours, `brand` a colour."""

    name: str
    council: str
    brand: str
    marking: str
    marking_note: str
    service_desk: str
    logo: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class User:
    name: str
    role: str
    sign_out: str = "/sign-out"


@dataclass(frozen=True, kw_only=True, slots=True)
class Destination:
    """A place in the navigation; `is_here` on the page itself and on those below it."""

    text: str
    path: str
    is_here: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """`title` is the page's own; whoever is not signed in has no user and no navigation."""

    title: str
    hub: Hub
    stylesheet: str
    icon: str
    csrf_token: str = ""
    user: User | None = None
    navigation: tuple[Destination, ...] = ()
    breadcrumbs: tuple[Link, ...] = ()
    """The pages above this one; this one itself is added from the title."""
    service: str = "Referral outcomes"
    is_demo: bool = False
    is_wrong: bool = False
    """Whether the title begins with "Error:"; the same as the page having an error summary."""
