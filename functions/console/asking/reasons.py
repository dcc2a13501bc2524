"""Why somebody does what they do: one of the reasons that fit, by its code, so that no free text enters the
trail."""

from collections.abc import Iterable, Mapping

from functions.console.door.visit import Visit
from functions.console.shown.form import Option, Radios
from functions.story.named import upper
from functions.story.vocabulary import ACT_REASONS
from schemas.codes import ActReason

KEPT = "Kept in the record with your id and the time."


def reason_field(question: str, reasons: Iterable[ActReason], visit: Visit, error: str | None) -> Radios:
    """The question of an act by hand; what was chosen before somebody had to sign in again is chosen."""
    return why_field(question, act_words(reasons), visit.typed.get("reason"), error)


def act_words(reasons: Iterable[ActReason]) -> Mapping[str, str]:
    """What each of these says."""
    return {one.value: ACT_REASONS[one] for one in reasons}


def why_field(
    question: str, reasons: Mapping[str, str], chosen: str | None, error: str | None, hint: str = KEPT
) -> Radios:
    """`reasons` are codes and their words."""
    return Radios(
        name="reason",
        question=question,
        hint=hint,
        options=tuple(
            Option(value=code, text=upper(words), is_chosen=code == chosen) for code, words in reasons.items()
        ),
        error=error,
    )
