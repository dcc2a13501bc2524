"""How long somebody stays signed in, and who may do what: the rules behind the console's door."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from schemas.codes import ConsoleRole

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=10)
SEEN_AGAIN_AFTER = timedelta(minutes=1)
"""A session's row is not written at each click: what it says of the last one is that much behind at most."""
SIGN_IN_WITHIN = timedelta(minutes=10)
RESUMED_WITHIN = timedelta(minutes=30)
"""For how long what somebody was typing is kept for them, once their session had ended."""

_THE_MOST_FIRST = (ConsoleRole.MANAGER, ConsoleRole.AUDITOR, ConsoleRole.VIEWER, ConsoleRole.POLICE_DESK)


def ends_at(opened_at: datetime, seen_at: datetime) -> datetime:
    """When a session ends that nobody uses any more: by its idle limit or its absolute one."""
    return min(seen_at + IDLE, opened_at + ABSOLUTE)


def role_of(groups: Collection[str], roles: Mapping[str, ConsoleRole]) -> ConsoleRole | None:
    """The one role of somebody whom the directory has in these groups, by the stage's table; None if it gives
    them none.

    Whoever has several has the first of manager, auditor, viewer, police desk: a role of people outside the
    MASH never adds to one inside.
    """
    theirs = {roles[group] for group in groups if group in roles}
    return next((role for role in _THE_MOST_FIRST if role in theirs), None)
