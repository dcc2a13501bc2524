"""How long things may take: office hours and the limits of the people's clocks (domain section 5)."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from schemas.base import Contract

ClockTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""A time of day in the UK, such as `09:00`."""
ElapsedHours = Annotated[int, Field(ge=1, le=72)]
Seconds = Annotated[int, Field(ge=1, le=86_400)]
WorkingDays = Annotated[int, Field(ge=1, le=20)]


class ClockPolicy(Contract):
    """What a hub agreed; `{}` is the domain's default.

    Elapsed hours run day and night; working days are Monday to Friday less the bank holidays of England.
    """

    office_opens: ClockTime = "09:00"
    office_closes: ClockTime = "17:00"
    """From this minute on it is out of hours."""
    ra_due_hours_if_red: ElapsedHours = 4
    ra_due_working_days: WorkingDays = 1
    release_within_hours_if_urgent: ElapsedHours = 1
    """EMP, STR, S47S and S47J wait this long for a person, day and night (domain section 6.3)."""
    release_within_working_days: WorkingDays = 1
    call_within_working_days: WorkingDays = 1
    fallback_after_seconds: Seconds = 1800
    """An e-mail takes the place of a webhook that has failed for so long; the local stage alone shortens
    it."""
    untold_call_within_working_hours: ElapsedHours = 4
    untold_call_within_hours_if_urgent: ElapsedHours = 2
    """RED, EMP, STR, S47S and S47J (domain section 5); day and night."""
    untold_alert_hours_before_working_day: ElapsedHours = 1
    """How long before one working day ends the red alert is raised."""
    unread_call_within_hours_if_urgent: ElapsedHours = 4
    unread_call_within_working_days: WorkingDays = 1
    silence_hours: ElapsedHours = 2
    """Without a decision for so many hours of open office, somebody looks whether the feed is down."""
    decision_within_hours_if_red: ElapsedHours = 4
    decision_within_working_days_if_amber: WorkingDays = 1
    decision_within_working_days_if_green: WorkingDays = 3

    @model_validator(mode="after")
    def _the_office_opens_before_it_closes(self) -> Self:
        if self.office_opens >= self.office_closes:
            raise ValueError("office_opens must be before office_closes")
        return self
