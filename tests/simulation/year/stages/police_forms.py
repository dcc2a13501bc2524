"""The police fill in a form about most contacts: before the referral or late, whole or with gaps."""

from collections.abc import Callable
from datetime import datetime, timedelta

from schemas.codes import CinSource
from tests.forms import a_complete_form_event, a_shell_event, an_incorrect_form_event
from tests.simulation.year.lives import Life, text
from tests.world import Wire, an_event_id

FILLED_IN = {True: 0.8, False: 0.35}
"""By whether the police referred."""
INCORRECT, SHELL, MENDED = 0.35, 0.08, 0.5


def filled_in(life: Life) -> None:
    """One form, and where it has gaps a second version of some."""
    draws, contact = life.draws, life.contact
    if not draws.share(FILLED_IN[contact.source is CinSource.POLICE]):
        return
    at = draws.after(contact.received_at, -3, 20)
    kind = draws.between(0, 1)
    if kind > INCORRECT + SHELL:
        _tell(life, at, 1, a_complete_form_event)
        return
    _tell(life, at, 1, a_shell_event if kind < SHELL else an_incorrect_form_event)
    if draws.share(MENDED):
        _tell(life, draws.after(at, 2, 40), 2, a_complete_form_event)


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
            "household_child_count": len(contact.children),
        }
    event = make(**changes)
    children = [
        {**event["children"][0], "child_index": one.index, "unborn": one.unborn} for one in contact.children
    ]
    life.tell(at, event | {"children": children})
