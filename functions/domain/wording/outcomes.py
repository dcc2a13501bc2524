"""What each outcome is called and what an agency is told about it (domain section 2)."""

from dataclasses import dataclass
from typing import Final

from schemas.codes import Outcome, ResponseChange

ASSESSMENT_WORKING_DAYS: Final = 45
"""Working days from referral to the end of an assessment (CIN census rule 8670Q)."""


class OutcomeNotHandledError(ValueError):
    """The outcome has no words yet: DUP needs the original referral's outcome, which a later issue brings."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OutcomeWords:
    """The words of one outcome.

    `decided` follows the opening; `{it}` is "it" to the referrer and "the referral" to others, `{phone}` the
    duty number, `{area}` the receiving authority. `also` names the outcome beside another one.
    """

    label: str
    also: str
    heading: str
    decided: str
    more: tuple[str, ...] = ()


_ENQUIRY_HEADING: Final = "We are starting a section 47 enquiry"
_ENQUIRY_DECIDED: Final = "We have decided that {it} needs a section 47 enquiry."
_ENQUIRY_MEANS: Final = "This means we will look into whether a child is at risk of significant harm"

_WORDS: Final[dict[Outcome, OutcomeWords]] = {
    Outcome.NFA: OutcomeWords(
        label="No further action by children's social care",
        also="no further action by children's social care",
        heading="We are taking no further action",
        decided="We have decided not to take further action as children's social care.",
        more=("This is based on the information available. It is not a finding that there is no concern.",),
    ),
    Outcome.ADV: OutcomeWords(
        label="Information and advice / signposted",
        also="information and advice",
        heading="We are giving information and advice",
        decided="We have decided that information and advice is the right help.",
        more=(
            "This is based on the information available. It is not a finding that there is no concern.",
            "The decision does not say if the family was contacted. Call us if you need to know.",
        ),
    ),
    Outcome.SAL: OutcomeWords(
        label="Single-agency response",
        also="a response led by one agency",
        heading="One agency will lead the response",
        decided="We have decided that one agency can meet the need.",
    ),
    Outcome.EHF: OutcomeWords(
        label="Targeted early help / Family Help",
        also="early help",
        heading="We are offering early help",
        decided="We have decided that early help is the right support.",
        more=(
            "We do not think a social work assessment is needed now. The family can say no to early help.",
        ),
    ),
    Outcome.S17: OutcomeWords(
        label="Child in need assessment",
        also="a child in need assessment",
        heading="We are starting a child in need assessment",
        decided="We have decided that {it} needs a child in need assessment.",
        more=(
            "This means a social worker will look at what help is needed. We may ask you to take part.",
            f"We aim to finish it within {ASSESSMENT_WORKING_DAYS} working days of the referral.",
            "To talk about it, call the duty manager on {phone}.",
        ),
    ),
    Outcome.STR: OutcomeWords(
        label="Strategy discussion to be held",
        also="a strategy discussion",
        heading="We are holding a strategy discussion",
        decided="We have decided that {it} needs a strategy discussion.",
    ),
    Outcome.S47S: OutcomeWords(
        label="Section 47 enquiry, social care single-agency",
        also="a section 47 enquiry",
        heading=_ENQUIRY_HEADING,
        decided=_ENQUIRY_DECIDED,
        more=(f"{_ENQUIRY_MEANS}.",),
    ),
    Outcome.S47J: OutcomeWords(
        label="Section 47 enquiry, joint with police",
        also="a section 47 enquiry with the police",
        heading=_ENQUIRY_HEADING,
        decided=_ENQUIRY_DECIDED,
        more=(f"{_ENQUIRY_MEANS}, with the police and other agencies.",),
    ),
    Outcome.ACC: OutcomeWords(
        label="Child accommodated",
        also="a child is now looked after",
        heading="A child is now looked after",
        decided="We have decided that the council will look after the child.",
        more=("We do not say where the child is in a message. To talk to the team, call {phone}.",),
    ),
    Outcome.OPN: OutcomeWords(
        label="Linked to already-open case",
        also="a case that is already open",
        heading="The case is already open",
        decided="A case is already open for this child. We have passed {it} to the team that holds it.",
    ),
    Outcome.TRF: OutcomeWords(
        label="Transferred to another local authority",
        also="a transfer to another council",
        heading="We are passing this to another council",
        decided="We have decided that {it} belongs to another council.",
        more=("We have passed it to {area}. They have not yet told us that they accept it.",),
    ),
    Outcome.CTI: OutcomeWords(
        label="Child protection transfer-in",
        also="a child protection plan that moves to us",
        heading="A child protection plan is moving to our area",
        decided="A child with a child protection plan is moving to our area.",
        more=("We are taking on the plan. We may ask you to help with the move.",),
    ),
    Outcome.PVF: OutcomeWords(
        label="Private fostering / other specialist route",
        also="a specialist route",
        heading="A specialist team will take this on",
        decided="We have decided that {it} needs a specialist route, such as private fostering.",
        more=("A specialist team will take it from here. To talk to them, call {phone}.",),
    ),
    Outcome.INF: OutcomeWords(
        label="Cannot decide: more information needed",
        also="more information is needed",
        heading="We need more information before we can decide",
        decided="We cannot decide yet, because we need more information.",
        more=("This is not a final decision.",),
    ),
}

FIXED: Final[dict[Outcome, str]] = {
    Outcome.EMP: "Immediate protective action has been taken. Call the team.",
    Outcome.LAD: "This has been passed to the designated officer.",
}
"""The only sentence about these two, after release by a person."""

RESPONSE_CHANGES: Final[dict[ResponseChange, str]] = {
    ResponseChange.NO_CHANGE: "The response stays the same.",
    ResponseChange.REVIEW: "The team will review the response.",
    ResponseChange.STEP_UP: "The response will step up.",
    ResponseChange.STEP_DOWN: "The response will step down.",
}

LABELS: Final[dict[Outcome, str]] = {
    **{outcome: words.label for outcome, words in _WORDS.items()},
    Outcome.EMP: "Emergency protection",
    Outcome.LAD: "Allegation against a person in a position of trust",
    Outcome.DUP: "Duplicate of another referral",
}
"""Default labels, for pages and the command line; hubs may change a label, never a code."""

EXPECTS_REASON: Final = frozenset({Outcome.NFA, Outcome.ADV, Outcome.SAL, Outcome.EHF, Outcome.PVF})
EXPECTS_SUPPORT: Final = frozenset({Outcome.NFA, Outcome.ADV})
KEEP_FROM_FAMILY: Final = frozenset({Outcome.STR, Outcome.S47S, Outcome.S47J, Outcome.EMP, Outcome.LAD})
"""Outcomes whose messages always say DO_NOT_TELL_FAMILY: a tipped-off family can put the child at risk."""


def words_for(outcome: Outcome) -> OutcomeWords:
    """The words of an outcome told in full; raises OutcomeNotHandledError for DUP."""
    if outcome not in _WORDS:
        raise OutcomeNotHandledError(outcome)
    return _WORDS[outcome]
