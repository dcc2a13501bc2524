"""Rules on the child being judged: listed, seen, spoken to, heard, screened for neglect."""

from collections.abc import Iterator

from functions.domain.completeness.case import Case
from schemas.risk_assessment import ChildAnswers
from schemas.risk_codes import FormBasis, NeglectFinding, NoContactReason, YesNo

NEEDS_OBSERVATION = frozenset({NoContactReason.PRE_VERBAL, NoContactReason.COMMUNICATION_NEED})
"""A child who cannot say it in words is heard by what was observed."""

SCREENED = ("home", "hygiene", "food", "supervision", "medical_dental", "school")


def child_or_count_is_missing(case: Case) -> bool:
    """RA05: a count not stated; this child not listed; fewer children or unborn listed than stated.

    A child listed as not `in_household` is not one of the household's; left unanswered, it is.
    """
    form = case.form
    if case.child is None or form.household_child_count is None or form.unborn_count is None:
        return True
    unborn = sum(child.unborn is True for child in form.children)
    born = sum(child.unborn is not True and child.in_household is not False for child in form.children)
    return born < form.household_child_count or unborn < form.unborn_count


def _asked(case: Case) -> ChildAnswers | None:
    """The child's answers on contact; None where they are not asked: DESK, unborn, or not listed (RA05)."""
    exempt = case.form.form_basis is FormBasis.DESK or case.referred.unborn
    return None if exempt else case.child


def seen_is_unanswered(case: Case) -> bool:
    """RA06: unanswered; NO without reason; DESK and unborn exempt."""
    child = _asked(case)
    if child is None:
        return False
    return child.seen is None or (child.seen is YesNo.NO and child.not_seen_reason is None)


def spoken_to_is_unanswered(case: Case) -> bool:
    """RA07: spoken to, or then alone, unanswered; either NO without reason; DESK and unborn exempt."""
    child = _asked(case)
    if child is None:
        return False
    if child.spoken_to is None or (child.spoken_to is YesNo.YES and child.spoken_to_alone is None):
        return True
    return YesNo.NO in (child.spoken_to, child.spoken_to_alone) and child.not_spoken_reason is None


def _voice_is_empty(child: ChildAnswers, min_length: int) -> bool:
    says_something = child.voice_answered is True and child.voice_is_placeholder is False
    return not says_something or (child.voice_length or 0) < min_length


def child_is_unheard(case: Case) -> bool:
    """RA08: spoken to, and the voice empty, a placeholder or too short; or no words and nothing observed."""
    if case.child is not None and case.child.spoken_to is YesNo.YES:
        return _voice_is_empty(case.child, case.policy.min_voice_length)
    child = _asked(case)
    if child is None or child.not_spoken_reason not in NEEDS_OBSERVATION:
        return False
    return child.observed_behaviour_answered is not True


def findings(case: Case) -> Iterator[tuple[str, NeglectFinding | None]]:
    """The six items of the neglect screen with their answers."""
    return ((item, answer) for item, answer in case.form.neglect_screen if item in SCREENED)


def _finding_is_wrong(case: Case, item: str, answer: NeglectFinding | None) -> bool:
    under_five = case.child is not None and case.child.under_five is True
    wrong = {
        None: True,
        NeglectFinding.NONE_SEEN: case.form.form_basis is not FormBasis.ATTENDED,
        NeglectFinding.CONCERN_SEEN: False,
        NeglectFinding.NOT_ASSESSED: case.form.neglect_screen.not_assessed_reason is None,
        NeglectFinding.NOT_APPLICABLE: not (case.referred.unborn or (item == "school" and under_five)),
    }
    return wrong[answer]


def neglect_screen_is_incomplete(case: Case) -> bool:
    """RA10: an item blank; NONE_SEEN if not ATTENDED; NOT_ASSESSED without reason; an item that does apply.

    Takes nothing from RA11: domestic abuse YES never answers for neglect.
    """
    return any(_finding_is_wrong(case, item, answer) for item, answer in findings(case))
