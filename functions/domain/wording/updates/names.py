"""What each series of updates is about, as staff name it: in the trail, in tasks, on the command line."""

from collections.abc import Mapping
from typing import Final

from schemas.codes import Series

SUBJECTS: Final[Mapping[Series, str]] = {
    Series.ACKNOWLEDGEMENT: "the referral's arrival",
    Series.CONTRIBUTION: "what the agency knows",
    Series.ASSESSMENT: "the assessment",
    Series.ENQUIRY: "the section 47 enquiry",
    Series.CONFERENCE: "the child protection conference",
    Series.PLAN: "the plan",
    Series.POLICE_CASE: "the police investigation",
    Series.CLOSED: "the closing of the case",
    Series.TRANSFER: "the transfer",
    Series.CHALLENGE: "the challenge",
    Series.WITHDRAWAL: "the withdrawn decision",
    Series.RA_STATUS: "the police form",
    Series.RA_REMINDER: "the police form that is awaited",
    Series.STALE_PLAN: "the plan that nobody has renewed",
    Series.JOINT_CASE: "the joint case",
    Series.PROBATION_ENQUIRY: "probation's enquiry",
}
"""Whatever follows "about": a number of such a series counts its own messages, and no decision's versions."""


def numbered(series: Series | None, number: int) -> str:
    """`version 2` of a decision; of an update `about the plan, number 2`."""
    return f"version {number}" if series is None else f"about {SUBJECTS[series]}, number {number}"
