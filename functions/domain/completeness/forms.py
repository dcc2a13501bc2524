"""Which form counts: shells, the order of forms, and the one to judge a child by."""

from collections.abc import Iterable
from datetime import UTC

from pydantic import BaseModel

from functions.domain.completeness.case import ReferredChild
from schemas.codes import PoliceNextStep
from schemas.decision import Envelope
from schemas.risk_assessment import ChildAnswers, RaFormMetadata

IDENTIFYING = frozenset(Envelope.model_fields) | {
    "event_type",
    "referral_ref",
    "form_id",
    "form_version",
    "form_basis",
    "form_source",
    "police_occurrence_ref",
    "mash_referral_ref",
    "author_id",
    "author_role",
    "author_force",
    "officer_in_case_id",
    "supervisor_id",
    "da_ref",
    "child_index",
    "unborn",
    "under_five",
    "in_household",
}
"""Ids: which form, whose, about which child. A form that holds nothing else is a shell."""

ABOUT_EMPTY_TEXT = frozenset({"voice_is_placeholder", "grade_rationale_is_placeholder"})
"""What a police system can say of a text nobody wrote; neither value is an answer."""


def _is_answer(name: str, value: object) -> bool:
    """Whether somebody answered; no characters, or a box nobody ticked, is what a blank form sends."""
    if name in IDENTIFYING or name in ABOUT_EMPTY_TEXT:
        return False
    if isinstance(value, BaseModel):
        return _holds_an_answer(value)
    if isinstance(value, tuple):
        return any(_is_answer(name, part) for part in value)
    if name.endswith("_length"):
        return bool(value)
    return value is not None and value is not False


def _holds_an_answer(part: BaseModel) -> bool:
    return any(_is_answer(name, value) for name, value in part)


def is_shell(form: RaFormMetadata) -> bool:
    """Nothing beyond ids is answered."""
    return not _holds_an_answer(form)


def form_rank(form: RaFormMetadata) -> str:
    """Text whose plain order is the order of forms: fuller above shell, police version, completion time.

    The store keeps the form with the greatest rank per child (`rank < :new`), so neither a shell nor a late
    older form displaces a fuller one; an equal rank is the same form again.
    """
    filled = 0 if is_shell(form) else 1
    completed = form.ra_completed_at
    stamp = "" if completed is None else completed.astimezone(UTC).isoformat(timespec="microseconds")
    return f"{filled}#{form.form_version:09d}#{stamp}"


def answers_for(form: RaFormMetadata, child_index: int) -> ChildAnswers | None:
    """The form's answers for this child; None where the form does not list it."""
    return next((child for child in form.children if child.child_index == child_index), None)


def form_to_judge(referred: ReferredChild, forms: Iterable[RaFormMetadata]) -> RaFormMetadata | None:
    """The newest fuller form that lists the child; else a fuller one that omits it; else a shell; else None.

    A form linked to another referral is no form of this one, whoever passed it in.
    """

    def order(form: RaFormMetadata) -> tuple[bool, bool, str]:
        return (not is_shell(form), answers_for(form, referred.child_index) is not None, form_rank(form))

    linked = [form for form in forms if form.referral_ref in (None, referred.referral_ref)]
    return max(linked, key=order, default=None)


def next_step_recommended(referred: ReferredChild, forms: Iterable[RaFormMetadata]) -> PoliceNextStep | None:
    """What the form to judge recommends for the child; one that does not list it says nothing of it."""
    form = form_to_judge(referred, forms)
    if form is None or answers_for(form, referred.child_index) is None:
        return None
    return form.recommended_next_step
