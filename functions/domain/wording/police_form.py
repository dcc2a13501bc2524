"""The police risk-assessment form in words: on every message, and never a word about the risk itself."""

from dataclasses import dataclass
from typing import Final

from functions.domain.wording.police_rules import rules_in_words
from schemas.codes import AgencyType, RaStatus
from schemas.entitlement import STATUTORY_PARTNERS
from schemas.outcome import PoliceFormStatus
from schemas.risk_assessment import PoliceCheck

_NOT_YET: Final = (
    "Not yet complete. The MASH is following this up with the police."
    " Do not wait for it before you act to keep a child safe."
)

SENTENCES: Final[dict[RaStatus, str]] = {
    RaStatus.COMPLETE: (
        "Complete. The police risk-assessment form is filled in. This does not mean the risk is low."
    ),
    RaStatus.INCORRECT: _NOT_YET,
    RaStatus.ABSENT: _NOT_YET,
    RaStatus.NOT_REQUIRED: "Not needed. Our agreed policy does not need this form for this referral.",
    RaStatus.UNKNOWN: (
        "Not known. We could not check with the police when we sent this. We will check again."
        " Do not wait for it before you act to keep a child safe."
    ),
}
"""Domain 10.2, word for word: one of these is in the bytes of every message, notice-only included."""

_HEADINGS: Final[dict[RaStatus, str]] = {
    RaStatus.COMPLETE: "complete",
    RaStatus.INCORRECT: "not yet complete",
    RaStatus.ABSENT: "not yet complete",
    RaStatus.NOT_REQUIRED: "not needed",
    RaStatus.UNKNOWN: "not known",
}

EXACT_WORDS: Final[dict[RaStatus, str]] = {
    RaStatus.COMPLETE: "complete",
    RaStatus.INCORRECT: "not correctly completed",
    RaStatus.ABSENT: "not received",
    RaStatus.NOT_REQUIRED: "not needed",
    RaStatus.UNKNOWN: "not known",
}
"""Each status apart from the others, as statutory partners and the trail's readers are told it."""

_JUDGED: Final = frozenset({RaStatus.COMPLETE, RaStatus.INCORRECT})
"""Where there was a form to judge: of no form, "rules not met: none" would be half a truth."""

_COARSE: Final[dict[RaStatus, PoliceFormStatus]] = {
    RaStatus.COMPLETE: PoliceFormStatus.COMPLETE,
    RaStatus.INCORRECT: PoliceFormStatus.NOT_YET_COMPLETE,
    RaStatus.ABSENT: PoliceFormStatus.NOT_YET_COMPLETE,
    RaStatus.NOT_REQUIRED: PoliceFormStatus.NOT_NEEDED,
    RaStatus.UNKNOWN: PoliceFormStatus.NOT_KNOWN,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PoliceBlock:
    """The block of an e-mail; `detail` is for police and statutory partners, `sentence` for everyone."""

    status_words: str
    warns: bool
    detail: str | None
    sentence: str

    @property
    def heading(self) -> str:
        """Names the status only where no detail follows that does."""
        title = "Police risk-assessment form"
        return title if self.detail else f"{title}: {self.status_words}"


def police_block(check: PoliceCheck, agency_type: AgencyType, *, in_brief: bool) -> PoliceBlock:
    """The block for one recipient; a notice, and what is as brief, keeps the sentence and drops the detail
    (domain section 4)."""
    return PoliceBlock(
        status_words=_HEADINGS[check.status],
        warns=check.status not in {RaStatus.COMPLETE, RaStatus.NOT_REQUIRED},
        detail=None if in_brief else _detail(check, agency_type),
        sentence=SENTENCES[check.status],
    )


def outward_status(status: RaStatus, agency_type: AgencyType) -> PoliceFormStatus:
    """The code an agency's system receives: the exact one only where the exact words are shown too."""
    if reads_detail(agency_type):
        return PoliceFormStatus(status.value)
    return _COARSE[status]


def reads_detail(agency_type: AgencyType) -> bool:
    """Whether it reads more of the form than its sentence: which of the five statuses, and the police its
    rules."""
    return agency_type in STATUTORY_PARTNERS


def sees_rules(agency_type: AgencyType) -> bool:
    """Failed rules and quality flags tell how an officer filled in a form: for the police only."""
    return agency_type is AgencyType.POLICE


def _detail(check: PoliceCheck, agency_type: AgencyType) -> str | None:
    if sees_rules(agency_type):
        return f"Police risk-assessment form: {check.status}.{_rules(check)}"
    if reads_detail(agency_type):
        return f"Police risk-assessment form: {EXACT_WORDS[check.status]}."
    return None


def _rules(check: PoliceCheck) -> str:
    if check.status not in _JUDGED:
        return ""
    failed, flags = (rules_in_words(rules) or "none" for rules in (check.failed_rules, check.advisory_rules))
    return f" Rules not met: {failed}. Quality flags: {flags}."
