"""Which reason fits which act of a person: a code, because no free text may enter the trail."""

from collections.abc import Mapping

from functions.domain.life_clocks.firing import TASKS
from schemas.codes import ActReason, TaskKind

TO_SEND_AGAIN = (
    ActReason.NOT_RECEIVED,
    ActReason.LOST_BY_AGENCY,
    ActReason.AGENCY_ASKED,
    ActReason.ADDRESS_MENDED,
    ActReason.ENDPOINT_MENDED,
    ActReason.OUR_FAULT_MENDED,
)
TO_CANCEL = (
    ActReason.WRONG_RECIPIENT,
    ActReason.NOT_SAFE_TO_TELL,
    ActReason.DECIDED_IN_ERROR,
    ActReason.TOLD_BY_PHONE,
)
TO_PAUSE = (ActReason.MAINTENANCE, ActReason.AGENCY_ASKED, ActReason.NOT_TRUSTED)
TO_RESUME = (ActReason.ENDPOINT_MENDED, ActReason.AGENCY_ASKED, ActReason.PAUSED_IN_ERROR)
TO_RECOVER = (
    ActReason.ENDPOINT_MENDED,
    ActReason.LOST_BY_AGENCY,
    ActReason.AGENCY_ASKED,
    ActReason.OUR_FAULT_MENDED,
)
TO_KEEP = (
    ActReason.NOT_SAFE_YET,
    ActReason.POLICE_ASKED,
    ActReason.OFFICER_NOT_AGREED,
    ActReason.NOBODY_REACHED,
    ActReason.ADDRESS_NOT_VERIFIED,
)
"""Why a hold goes on; why one ends is a ReleaseReason."""

_CALLED = (ActReason.TOLD_BY_PHONE, ActReason.NOT_NEEDED)
_CHECKED = (ActReason.SORTED_OUT, ActReason.NOT_NEEDED)

TO_END: Mapping[TaskKind, tuple[ActReason, ...]] = {
    TaskKind.CALL_REFERRER: _CALLED,
    TaskKind.CALL_AGENCY: _CALLED,
    TaskKind.CALL_UNTOLD: _CALLED,
    TaskKind.CALL_UNREAD: _CALLED,
    TaskKind.CHECK_REVISION: _CHECKED,
    TaskKind.CHECK_DUPLICATE: _CHECKED,
    TaskKind.CHECK_NOT_TOLD: _CHECKED,
    TaskKind.CHECK_DIVERGENCE: (ActReason.DECISION_STANDS, *_CHECKED),
    **dict.fromkeys(TASKS.values(), _CHECKED),
    TaskKind.CHECK_CHALLENGE: _CHECKED,
    TaskKind.CHECK_WITHHELD: _CHECKED,
    TaskKind.CHECK_RELEASE: _CHECKED,
    TaskKind.CHECK_STATEMENT: _CHECKED,
    TaskKind.GRADE_FORM: (ActReason.FORM_GOOD, ActReason.FORM_TO_IMPROVE, ActReason.FORM_INADEQUATE),
    TaskKind.READ_LATE_FORM: (ActReason.DECISION_STANDS, *_CHECKED),
    TaskKind.MEND_ENDPOINT: (ActReason.ENDPOINT_MENDED, ActReason.NOT_NEEDED),
    TaskKind.MEND_ADDRESS: (ActReason.ADDRESS_MENDED, ActReason.NOT_NEEDED),
    TaskKind.CHECK_SILENCE: _CHECKED,
    TaskKind.CHECK_GAP: _CHECKED,
    TaskKind.CHECK_RESTART: _CHECKED,
    TaskKind.CHECK_REASONS: _CHECKED,
}
"""The tasks that a person can say are done; a hold's ends with its release alone."""

OF_AN_AGENCY = frozenset({TaskKind.MEND_ENDPOINT, TaskKind.MEND_ADDRESS})
"""Tasks about an agency itself, and about no referral."""
OF_A_SOURCE = frozenset({TaskKind.CHECK_SILENCE, TaskKind.CHECK_GAP, TaskKind.CHECK_RESTART})
"""Tasks about a system that sends us events: what did not come is about nobody whom we know."""
OF_ALL_DECISIONS = frozenset({TaskKind.CHECK_REASONS})
"""Tasks about how decisions are recorded, and about no single one."""
OF_NO_REFERRAL = OF_AN_AGENCY | OF_A_SOURCE | OF_ALL_DECISIONS
"""What is named without a reference."""
ENDS_THE_CLOCK = frozenset({TaskKind.CALL_UNTOLD, TaskKind.CALL_UNREAD})
"""Calls that tell what a message was to tell: made, its people's clock need ring no more."""
