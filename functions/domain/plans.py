"""Whether a plan is live: agencies work under it together, and each hears what changes around it."""

from schemas.codes import PlanStatus


def is_live(status: PlanStatus) -> bool:
    """Whether there is a plan; one that is not disclosed is one."""
    return status is not PlanStatus.NONE
