"""How long things may take: office hours and every limit that a clock counts by (domain section 5)."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from schemas.base import Contract, SourceName

ClockTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""A time of day in the UK, such as `09:00`."""
ElapsedHours = Annotated[int, Field(ge=1, le=72)]
Seconds = Annotated[int, Field(ge=1, le=86_400)]
WorkingDays = Annotated[int, Field(ge=1, le=20)]
"""For what one person does at a desk; more than four weeks of it is a slip."""
ManyWorkingDays = Annotated[int, Field(ge=1, le=90)]
"""For what takes weeks: an assessment, a conference, a plan."""


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
    decision_measured_by_hours: ElapsedHours = 24
    """K4 counts by it, beside K5 (domain section 8): a hub that changes it measures something of its own."""
    decision_measured_by_working_days: WorkingDays = 1
    """K5 counts by it, beside K4."""
    acknowledgement_within_working_days: WorkingDays = 1
    """Working Together and KCSIE (domain section 1)."""
    contribution_within_hours_if_red: ElapsedHours = 2
    """The domain names no limit: half the time that the decision has (unverified)."""
    contribution_within_working_hours: ElapsedHours = 4
    """Half a working day, likewise (unverified)."""
    transfer_answer_within_working_days: WorkingDays = 1
    """While the other authority has not accepted, the decision clock runs; its own limit, so (unverified)."""
    ra_last_reminder_after_working_days: WorkingDays = 1
    """Counted from the second reminder, which comes when the police form is due (domain section 4)."""
    assessment_within_working_days: ManyWorkingDays = 45
    """From the referral: CIN census rule 8670Q (domain section 1)."""
    conference_within_working_days: ManyWorkingDays = 15
    """From the strategy discussion: CIN census rule 8675Q (domain section 1)."""
    plan_update_within_working_days: ManyWorkingDays = 30
    """Six weeks, as core groups meet; the domain names no limit (unverified)."""
    joint_update_within_working_days: ManyWorkingDays = 10
    """Two weeks; the domain names no limit (unverified)."""
    challenge_stage_within_working_days: WorkingDays = 5
    """For each of the four stages; the domain names no limit (unverified)."""
    early_event_within_working_days: WorkingDays = 1
    """So long an event may wait for its referral or decision before somebody looks for it (unverified)."""
    silent_source_hours: ElapsedHours = 4
    """A source from which nothing at all came for so many hours of open office may be down; a police feed's
    heartbeats come within four (domain section 4)."""
    quiet_sources: tuple[SourceName, ...] = ()
    """Sources that may be quiet for days, such as sheets that somebody brings in: nobody asks after them."""

    form_graded_within_working_days: WorkingDays = 10
    """A form of the monthly dip-sample; the domain names no limit (unverified)."""

    @model_validator(mode="after")
    def _the_office_opens_before_it_closes(self) -> Self:
        if self.office_opens >= self.office_closes:
            raise ValueError("office_opens must be before office_closes")
        return self
