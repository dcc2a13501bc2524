"""The lists of a message: what happens next, what information is needed, which support there is."""

from functions.domain.wording.audience import may_lead
from functions.domain.wording.codes import (
    CALL_ABOUT_SUPPORT,
    INFO_NEEDED,
    INFO_NEEDED_BEFORE_BIRTH,
    LEAD_ROLES,
    LEADERS,
    NEXT_STEPS,
    OTHER_SUPPORT_CONTACTS,
    REASONS,
    REASONS_BEFORE_BIRTH,
    SUPPORT,
    SUPPORT_CONTACTS,
    WATCH_FOR,
)
from functions.domain.wording.situation import as_phrase, speaks_of_a_baby
from functions.domain.wording.told import Told
from functions.domain.wording.uk_time import uk_date_and_time
from schemas.codes import NextStep, Outcome, SupportCode
from schemas.notice import FrozenNotice, Pins


def steps(notice: FrozenNotice, pins: Pins, codes: Told) -> tuple[str, ...]:
    """What the reader is asked to do, with the dates and numbers of this notice."""
    facts = {
        "due": _due(notice),
        "early_help_days": _working_days(notice.labels.early_help_working_days),
        **_leader(notice, pins),
    }
    said = [NEXT_STEPS[step].format(**facts) for step in codes.steps]
    if Outcome.EHF in codes.outcomes and NextStep.REFER_AGAIN in codes.steps:
        again = codes.steps.index(NextStep.REFER_AGAIN)
        said[again] += " You do not need to wait for early help to finish."
    return (*said, *(WATCH_FOR[code] for code in codes.watch_for))


def needed(notice: FrozenNotice, pins: Pins, codes: Told) -> tuple[str, ...]:
    """The information asked for; a request that lists none still says whom to ask."""
    if codes.needed is None:
        return ()
    words = INFO_NEEDED | (INFO_NEEDED_BEFORE_BIRTH if speaks_of_a_baby(notice, pins) else {})
    return tuple(words[code] for code in codes.needed) or ("Call the duty manager to ask what we need.",)


def why(notice: FrozenNotice, pins: Pins, codes: Told) -> tuple[str, ...]:
    """The reasons, in the decision's order."""
    words = REASONS | (REASONS_BEFORE_BIRTH if speaks_of_a_baby(notice, pins) else {})
    return tuple(words[code] for code in codes.reasons)


def support(notice: FrozenNotice, codes: Told) -> tuple[str, ...]:
    """Each suggested service by the hub's own name and number, or by its default name and ours."""
    named = tuple(_service(notice, code) for code in codes.support)
    if codes.ask_about_support:
        return (*named, CALL_ABOUT_SUPPORT)
    with_phone = [bool(_phone(notice, code)) for code in codes.support]
    if all(with_phone):
        return named
    return (*named, OTHER_SUPPORT_CONTACTS if any(with_phone) else SUPPORT_CONTACTS)


def _service(notice: FrozenNotice, code: SupportCode) -> str:
    listed = notice.labels.support.get(code)
    name = as_phrase(listed.name) if listed else SUPPORT[code]
    phone = _phone(notice, code)
    return f"{name}, {phone}." if phone else f"{name}."


def _phone(notice: FrozenNotice, code: SupportCode) -> str | None:
    listed = notice.labels.support.get(code)
    return listed.phone if listed else None


def _due(notice: FrozenNotice) -> str:
    return f" by {uk_date_and_time(notice.info_due_at)}" if notice.info_due_at else " as soon as you can"


def _working_days(days: int) -> str:
    return "1 working day" if days == 1 else f"{days} working days"


def _leader(notice: FrozenNotice, pins: Pins) -> dict[str, str]:
    """Who leads, to those who do not; where the reader's own agency may be meant, they settle it by phone."""
    known = notice.leading_agency_id is not None
    role = notice.lead_role
    of_this_type = may_lead(role, pins.agency_type)
    another = "Another agency" if known else "One agency"
    return {
        "leader": another if role is None or (known and of_this_type) else LEADERS[role],
        "lead_role": f" ({LEAD_ROLES[role]})" if role else "",
        "purpose": "for details" if known or (role and not of_this_type) else "to agree who leads",
    }
