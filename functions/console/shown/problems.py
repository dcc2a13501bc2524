"""What is shown when a page cannot be had, or a change was not made: never more than the person may know."""

from dataclasses import dataclass

from functions.console.shown.parts import Link


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """What somebody else changed since the form was opened."""

    what: str
    was: str
    now: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """What was asked and what was typed, kept on the page so that nothing is lost."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """`made` reads "Your change was not made." or "Your change was made.", if one was asked for."""

    title: str
    lines: tuple[str, ...]
    made: str | None = None
    changed: tuple[Changed, ...] = ()
    still_works: tuple[str, ...] = ()
    typed: tuple[Typed, ...] = ()
    onward: tuple[Link, ...] = ()
    trace_id: str | None = None


def not_found(onward: Link) -> Problem:
    """The same for what does not exist and for what this person may not know exists."""
    return Problem(
        title="Page not found",
        lines=(
            "If you typed the address, check that it is right.",
            "A reference that we do not hold, and one that you may not see, lead here alike.",
        ),
        onward=(onward,),
    )


def not_allowed(role: str, onward: Link) -> Problem:
    """A refused act says which role may do it."""
    return Problem(
        title="You cannot do this",
        lines=(f"Only a person signed in as {role} can do this. Ask one of them, or ring the service desk.",),
        made="Your change was not made.",
        onward=(onward,),
    )


def changed_since(changed: tuple[Changed, ...], typed: tuple[Typed, ...], onward: Link) -> Problem:
    """Somebody, or the service itself, was quicker."""
    return Problem(
        title="This changed since you opened it",
        lines=("Look at what changed, then decide again.",),
        made="Your change was not made.",
        changed=changed,
        typed=typed,
        onward=(onward,),
    )


def busy(made: str | None, onward: Link, typed: tuple[Typed, ...] = ()) -> Problem:
    """The database turns us away for now; it may answer another page. Help, being on record, needs it."""
    return Problem(
        title="The service is busy",
        lines=("The database has more to do than it can at the moment. Wait a minute, then try again.",),
        made=made,
        still_works=(
            "Messages to agencies still go, some of them later than usual. Nothing is lost.",
            "Other pages may be answered. The service desk is, by telephone.",
        ),
        typed=typed,
        onward=(onward,),
    )


def went_wrong(made: str | None, trace_id: str, onward: Link) -> Problem:
    """Nobody here knows why; `trace_id` finds it in the log."""
    return Problem(
        title="Sorry, there is a problem",
        lines=(
            "Try again later. If it keeps happening, ring the service desk and give them the number below.",
        ),
        made=made,
        onward=(onward,),
        trace_id=trace_id,
    )


def session_ended(typed: tuple[Typed, ...], sign_in: Link) -> Problem:
    """In mid-form: what was chosen stays, and goes back into the form once its person signed in again."""
    return Problem(
        title="You have been signed out",
        lines=(
            "Nobody used this page for 30 minutes, or you signed in over 10 hours ago.",
            "Sign in again and you will be back where you were, with what you chose.",
        ),
        made="Your change was not made.",
        typed=typed,
        onward=(sign_in,),
    )
