"""The police fill in a form about most contacts: with the referral or once they are reminded, whole or with
gaps."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from schemas.codes import CinSource
from tests.forms import a_complete_form_event, a_shell_event, an_incorrect_form_event
from tests.simulation.year.lives import Life, text
from tests.world import Wire, an_event_id

WITH_THE_REFERRAL = {True: 0.6, False: 0.12}
"""By whether the police referred."""
AFTER_A_REMINDER: Mapping[int, float] = {1: 40, 2: 22, 3: 10, 4: 8, 0: 20}
"""After which reminder the others come; the fourth is the manager's, and some wait until somebody rings."""
_HOURS: Mapping[int, tuple[float, float]] = {1: (1, 15), 2: (26, 44), 3: (50, 90), 4: (100, 200)}
INCORRECT, SHELL, MENDED, OPENED_AGAIN = 0.3, 0.08, 0.6, 0.02
SAYS_DONE = 0.25
"""So often the police say that it is done while something is missing, or nothing has come."""


def filled_in(life: Life) -> None:
    """One form, and where it has gaps a second version of some."""
    draws, contact = life.draws, life.contact
    is_at_once = draws.share(WITH_THE_REFERRAL[contact.source is CinSource.POLICE])
    reminder = draws.weighted(AFTER_A_REMINDER)
    if not is_at_once and not reminder:
        if draws.share(SAYS_DONE):
            _says_it_is_done(life, draws.in_office(contact.received_at, 4, 60))
        return
    at = draws.after(contact.received_at, *((-3, 0.5) if is_at_once else _HOURS[reminder]))
    kind = draws.between(0, 1)
    if kind > INCORRECT + SHELL:
        tell_complete(life, at, version=1)
        if draws.share(OPENED_AGAIN):
            _tell(life, draws.after(at, 2, 40), 2, an_incorrect_form_event)
            tell_complete(life, draws.after(at, 50, 90), version=3)
        return
    _tell(life, at, 1, a_shell_event if kind < SHELL else an_incorrect_form_event)
    if draws.share(SAYS_DONE):
        _says_it_is_done(life, draws.after(max(at, contact.received_at), 0.5, 20))
    if draws.share(MENDED):
        tell_complete(life, draws.after(at, 2, 60), version=2)


def tell_complete(life: Life, at: datetime, *, version: int) -> None:
    """The form with everything in it, as that version."""
    _tell(life, at, version, a_complete_form_event)


def _says_it_is_done(life: Life, at: datetime) -> None:
    for child in life.contact.children:
        life.happens(
            at,
            "RA_STATUS_CHANGED",
            child_index=child.index,
            statement="DONE",
            done_at=text(at),
            policy_id=None,
        )


def _tell(life: Life, at: datetime, version: int, make: Callable[..., Wire]) -> None:
    contact = life.contact
    number = f"NP-RA-{contact.number:06d}"
    minutes = timedelta(minutes=1)
    changes: Wire = {
        "event_id": an_event_id(number, version),
        "occurred_at": text(at),
        "referral_ref": contact.ref,
        "form_id": number,
        "form_version": version,
        "mash_referral_ref": contact.ref,
    }
    if make is not a_shell_event:
        changes |= {
            "incident_at": text(at - 300 * minutes),
            "ra_completed_at": text(at - 30 * minutes),
            "supervisor_reviewed_at": text(at - 10 * minutes),
            "household_child_count": sum(not one.unborn for one in contact.children),
            "unborn_count": sum(one.unborn for one in contact.children),
        }
    event = make(**changes)
    children = [
        {**event["children"][0], "child_index": one.index, "unborn": one.unborn} for one in contact.children
    ]
    life.tell(at, event | {"children": children})
