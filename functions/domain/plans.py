"""Whether a plan is live: agencies work under it together, and each hears what changes around it."""

from schemas.codes import PlanStatus


def is_live(status: PlanStatus) -> bool:
    """Whether there is a plan; one that is not disclosed is one."""
    return status is not PlanStatus.NONE


def is_kept_up_to_date(status: PlanStatus) -> bool:
    """Whether somebody must look at it again and again: an enquiry has clocks of its own, and of a plan that
    is not disclosed nobody here could say that it is stale."""
    return is_live(status) and status not in _NOT_OURS_TO_WATCH


_NOT_OURS_TO_WATCH = frozenset({PlanStatus.CP_ENQUIRY, PlanStatus.NOT_DISCLOSED})
