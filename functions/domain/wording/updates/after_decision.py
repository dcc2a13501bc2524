"""How whatever follows a decision is begun: since when, after whose referral, and that it reassures
nobody."""

from dataclasses import dataclass
from typing import Final

from functions.domain.wording.plan import plan_now
from functions.domain.wording.uk_time import uk_date
from schemas.codes import Level, PlanStatus, Role
from schemas.notice import FrozenUpdate, Pins

NO_FINDING: Final = "It is not a finding that there is no concern."
"""What has ended must not be read as proof that all is well (hazard H6)."""


@dataclass(frozen=True, slots=True)
class Happened:
    """A sentence in parts: `The enquiry`, which is `that followed your referral`, `ended`; then the day.

    Only whoever referred reads `of_yours`.
    """

    what: str
    of_yours: str
    did: str = ""


def opening(update: FrozenUpdate, pins: Pins, happened: Happened) -> str:
    """What happened and on which day; an agency that is involved reads why it is told, as of a decision."""
    mine = pins.role is Role.REFERRER
    because = "" if mine else "We are telling you because your agency is involved. "
    said = (happened.what, happened.of_yours if mine else "", happened.did)
    return f"{because}{' '.join(filter(None, said))} on {uk_date(update.facts.happened_at)}."


def led_to(update: FrozenUpdate, pins: Pins) -> tuple[str, ...]:
    """What plan there is now, to those who read plans; that there is none is no finding."""
    status = update.facts.plan_status
    if status is None or pins.level is not Level.PLAN:
        return ()
    return (plan_now(status), NO_FINDING) if status is PlanStatus.NONE else (plan_now(status),)
