"""The pages that say what is in somebody's way: what happened to what they asked, and what to do now."""

from collections.abc import Collection
from http import HTTPStatus

from functions.console.door.request import Page
from functions.console.door.roles import SIGNED_IN_AS
from functions.console.shown.parts import Link
from functions.console.shown.problems import (
    Changed,
    Problem,
    Typed,
    busy,
    changed_since,
    not_allowed,
    not_found,
    session_ended,
    went_wrong,
)
from schemas.codes import ConsoleRole

TO_OVERVIEW = Link(text="Go to the overview", path="/")
TO_WORKLIST = Link(text="Back to the list", path="/worklist")
TO_SIGN_IN = Link(text="Sign in", path="/sign-in")
NOT_MADE = "Your change was not made."
NOT_KNOWN = "We do not know whether your change was made. Look before you try again."


def problem(shown: Problem, status: HTTPStatus) -> Page:
    """The page of a problem."""
    return Page("problem", shown.title, shown, status)


NOT_FOUND = problem(not_found(TO_OVERVIEW), HTTPStatus.NOT_FOUND)
"""One page for what is not there and for what somebody may not know of: neither tells from the other."""
FORM_TOO_OLD = problem(
    Problem(
        title="Send this form again",
        lines=(
            "The form you sent is none that we gave you since you signed in.",
            "Go back, open it again and send it.",
        ),
        made=NOT_MADE,
        onward=(TO_OVERVIEW,),
    ),
    HTTPStatus.FORBIDDEN,
)
NOT_THIS_WAY = problem(
    Problem(
        title="This page cannot be asked for in this way",
        lines=("Open it by its link or its address. Nothing was done.",),
        onward=(TO_OVERVIEW,),
    ),
    HTTPStatus.METHOD_NOT_ALLOWED,
)
"""For a program: no link or form of ours leads here."""
NO_ROLE = problem(
    Problem(
        title="You have no role here yet",
        lines=(
            "The directory knows you, but has given you no role in this service.",
            "Ask the service desk. That you tried to sign in is on record.",
        ),
        onward=(TO_SIGN_IN,),
    ),
    HTTPStatus.FORBIDDEN,
)
SIGN_IN_FAILED = problem(
    Problem(
        title="You are not signed in",
        lines=(
            "Signing in was not finished: it took over 10 minutes, or it was begun in another window.",
            "Try again. If it keeps happening, ring the service desk.",
        ),
        onward=(TO_SIGN_IN,),
    ),
    HTTPStatus.FORBIDDEN,
)
_SIGN_IN_SILENT = problem(
    Problem(
        title="The council's sign-in does not answer",
        lines=("Wait a minute, then try again. Messages to agencies go on being sent meanwhile.",),
        onward=(TO_SIGN_IN,),
    ),
    HTTPStatus.SERVICE_UNAVAILABLE,
)
_SIGN_IN_BROKEN = problem(
    Problem(
        title="The council's sign-in does not work here",
        lines=(
            "You did nothing wrong: this service and the council's directory do not agree.",
            "Trying again does not help.",
            "Ring the service desk. Messages to agencies go on being sent meanwhile.",
        ),
        onward=(TO_SIGN_IN,),
    ),
    HTTPStatus.FORBIDDEN,
)


def sign_in_broken(why: str) -> Page:
    """Nobody can sign in, by one of DIRECTORY_FAULTS; only silence passes by itself."""
    return _SIGN_IN_SILENT if why == "ISSUER_SILENT" else _SIGN_IN_BROKEN


def only_for(roles: Collection[ConsoleRole]) -> Page:
    """A refused act says whose it is (console section 3)."""
    return problem(not_allowed(_whose(roles), TO_OVERVIEW), HTTPStatus.FORBIDDEN)


def not_yours(roles: Collection[ConsoleRole]) -> Page:
    """So does a page that is for others."""
    shown = Problem(
        title="This page is not for your role",
        lines=(
            f"Only a person signed in as {_whose(roles)} can open it.",
            "Ask one of them, or ring the service desk if it should be yours.",
        ),
        onward=(TO_OVERVIEW,),
    )
    return problem(shown, HTTPStatus.FORBIDDEN)


def _whose(roles: Collection[ConsoleRole]) -> str:
    """`a MASH manager, an auditor or a MASH viewer`."""
    *others, last = (words for role, words in SIGNED_IN_AS.items() if role in roles)
    return f"{', '.join(others)} or {last}" if others else last


def changed(what: tuple[Changed, ...], typed: tuple[Typed, ...], onward: Link) -> Page:
    """Somebody, or the service itself, was quicker."""
    return problem(changed_since(what, typed, onward), HTTPStatus.CONFLICT)


def not_possible(what_to_do: str, onward: Link) -> Page:
    """It may not be done as things stand; `what_to_do` is what the act itself says."""
    shown = Problem(
        title="This cannot be done as things stand", lines=(what_to_do,), made=NOT_MADE, onward=(onward,)
    )
    return problem(shown, HTTPStatus.CONFLICT)


def dealt_with(when: str | None, about: Link, *, was_act: bool) -> Page:
    """Of a task that was open and is done by now: nobody was wrong to look for it, or to want to do it."""
    shown = Problem(
        title="This has been dealt with",
        lines=(
            f"It ended {when}." if when else "It is not open any more.",
            "The record of what it was about says how, and who did it.",
        ),
        made=NOT_MADE if was_act else None,
        onward=(about, TO_WORKLIST),
    )
    return problem(shown, HTTPStatus.GONE)


def too_busy(*, was_act: bool, here: str) -> Page:
    """The tables do not answer in time; of an act nobody knows whether it was done."""
    made = NOT_KNOWN if was_act else None
    return problem(busy(made, Link(text="Try again", path=here)), HTTPStatus.SERVICE_UNAVAILABLE)


def failed(request_id: str, *, was_act: bool) -> Page:
    """A bug, or a right that the function lacks; the number is what its line in the log has."""
    made = NOT_KNOWN if was_act else None
    return problem(went_wrong(made, request_id, TO_OVERVIEW), HTTPStatus.INTERNAL_SERVER_ERROR)


def signed_out_meanwhile(typed: tuple[Typed, ...], sign_in: str) -> Page:
    """In mid-form."""
    shown = session_ended(typed, Link(text="Sign in again", path=sign_in))
    return problem(shown, HTTPStatus.FORBIDDEN)
