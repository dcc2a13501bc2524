"""Somebody rings the force about a form that has not come, or has gaps: mostly it comes whole within days,
now and then later; of a few contacts it never does."""

from tests.simulation.year.hearing import Counts
from tests.simulation.year.lives import Life
from tests.simulation.year.stages.police_forms import tell_complete

RUNG, COMES, COMES_LATE = (1, 3), (0, 3), (4, 9)
"""So many working days after the contact, or the form with gaps; and after the call."""
LATE, NEVER = 0.15, 0.1


def rung_about(life: Life) -> None:
    """The last version of a contact's form."""
    draws = life.draws
    forms = [Counts(*said) for said in life.said if said.event["event_type"] == "RA_FORM_METADATA"]
    newest = max(forms, key=lambda form: int(form.event["form_version"]), default=None)
    if (newest and newest.is_complete) or draws.share(NEVER):
        return
    since = max(life.contact.received_at, newest.at) if newest else life.contact.received_at
    rung_at = draws.days_later(since, *RUNG)
    at = draws.days_later(rung_at, *(COMES_LATE if draws.share(LATE) else COMES))
    tell_complete(life, at, version=int(newest.event["form_version"]) + 1 if newest else 1)
