"""The words of an outcome as they read in this notice, to this reader: it, the child, the hub's own names."""

from typing import Final

from functions.domain.wording.audience import BIRTH_TYPES
from functions.domain.wording.outcomes import ENQUIRIES_APART, OutcomeWords, words_for
from functions.domain.wording.own_referral import made_this_referral
from schemas.codes import Outcome, Role
from schemas.notice import FrozenNotice, Pins

_BORN: Final = {
    "a_child": "a child",
    "One_child": "A child",
    "the_child": "the child",
    "this_child": "this child",
    "a_child_is": "a child is",
    "around_the_birth": "",
}
_UNBORN: Final = {
    "a_child": "a baby",
    "One_child": "An unborn baby",
    "the_child": "the baby",
    "this_child": "this unborn baby",
    "a_child_is": "the baby will be",
    "around_the_birth": " before and after the birth",
}


def situation(notice: FrozenNotice, pins: Pins) -> dict[str, str]:
    """What fills the placeholders of `OutcomeWords`."""
    the_referral = "your referral" if pins.role is Role.REFERRER else "the referral"
    return {
        "it": "it" if made_this_referral(pins) else the_referral,
        "the_referral": the_referral,
        "first_referral": "the first referral" if pins.duplicate else "the referral",
        "phone": notice.contact.duty_phone,
        **(_UNBORN if speaks_of_a_baby(notice, pins) else _BORN),
    }


def speaks_of_a_baby(notice: FrozenNotice, pins: Pins) -> bool:
    """Only to whoever told us of the pregnancy, and to the services that are told when the baby is due.

    To everybody else the words are true of any child: a message is not to be how they learn of a pregnancy.
    """
    return notice.unborn and (made_this_referral(pins) or pins.agency_type in BIRTH_TYPES)


def words_in(notice: FrozenNotice, pins: Pins, outcome: Outcome) -> OutcomeWords:
    """The outcome's words with every placeholder filled. Raises OutcomeNotHandledError for DUP."""
    words, facts = words_for(outcome), situation(notice, pins)
    return OutcomeWords(
        label=words.label,
        name=words.name.format(**facts),
        told=words.told.format(**facts),
        heading=words.heading.format(**facts),
        decided=words.decided.format(**facts),
        more=tuple(sentence.format(**facts) for sentence in words.more),
    )


def name_of(notice: FrozenNotice, pins: Pins, outcome: Outcome, *, apart: bool = False) -> str:
    """The outcome as a sentence names it after a colon, by the hub's own label if it has one.

    `apart` tells the two section 47 enquiries from each other.
    """
    if label := notice.labels.outcomes.get(outcome):
        return as_phrase(label)
    if apart and outcome in ENQUIRIES_APART:
        return ENQUIRIES_APART[outcome]
    return words_in(notice, pins, outcome).name


def as_phrase(hub_text: str) -> str:
    """A configured phrase fit for the middle or the end of a sentence: single spaces, no full stop."""
    return " ".join(hub_text.split()).rstrip(" .,:")
