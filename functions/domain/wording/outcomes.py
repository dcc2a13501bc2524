"""What each outcome is called and what an agency is told about it (domain section 2)."""

from dataclasses import dataclass
from typing import Final

from schemas.codes import Outcome, ResponseChange, SaidInstead

ASSESSMENT_WORKING_DAYS: Final = 45
"""Working days from referral to the end of an assessment (CIN census rule 8670Q)."""


class OutcomeNotHandledError(ValueError):
    """The outcome has no words: a DUP is told as the outcome of the referral that it repeats."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OutcomeWords:
    """The words of one outcome; `situation` fills every placeholder.

    `name` follows a colon: "The decision is now: early help." `told` follows "We told you that". `decided`
    follows the opening; `{it}` is "it" only where the opening names that one referral. `more` says what the
    outcome means, and stands by itself.
    """

    label: str
    name: str
    told: str
    heading: str
    decided: str
    more: tuple[str, ...] = ()


_ASSESSMENT_MEANS: Final = (
    "This means a social worker will look at what help is needed{around_the_birth}."
    " We may ask you to take part."
)
_ENQUIRY_NAME: Final = "section 47 enquiry"
_ENQUIRY_TOLD: Final = "we would start a section 47 enquiry"
_ENQUIRY_HEADING: Final = "We are starting a section 47 enquiry"
_ENQUIRY_DECIDED: Final = "We have decided that {it} needs a section 47 enquiry."
_ENQUIRY_MEANS: Final = "This means we will look into whether {a_child_is} at risk of significant harm"

_WORDS: Final[dict[Outcome, OutcomeWords]] = {
    Outcome.NFA: OutcomeWords(
        label="No further action by children's social care",
        name="no further action by children's social care",
        told="we would take no further action",
        heading="We are taking no further action",
        decided="We have decided not to take further action as children's social care.",
        more=("This is based on the information available. It is not a finding that there is no concern.",),
    ),
    Outcome.ADV: OutcomeWords(
        label="Information and advice / signposted",
        name="information and advice",
        told="we would give information and advice",
        heading="We are giving information and advice",
        decided="We have decided that information and advice is the right help.",
        more=("This is based on the information available. It is not a finding that there is no concern.",),
    ),
    Outcome.SAL: OutcomeWords(
        label="Single-agency response",
        name="one agency takes the lead",
        told="one agency would take the lead",
        heading="One agency will take the lead",
        decided="We have decided that one agency can meet the need.",
    ),
    Outcome.EHF: OutcomeWords(
        label="Targeted early help / Family Help",
        name="early help",
        told="we would offer early help",
        heading="We are offering early help",
        decided="We have decided that early help is the right support.",
        more=(
            "We do not think a social work assessment is needed now. The family can say no to early help.",
        ),
    ),
    Outcome.S17: OutcomeWords(
        label="Child in need assessment",
        name="child in need assessment",
        told="we would start a child in need assessment",
        heading="We are starting a child in need assessment",
        decided="We have decided that {it} needs a child in need assessment.",
        more=(
            _ASSESSMENT_MEANS,
            f"We aim to finish it within {ASSESSMENT_WORKING_DAYS} working days of {{first_referral}}.",
            "To talk about it, call the duty manager on {phone}.",
        ),
    ),
    Outcome.STR: OutcomeWords(
        label="Strategy discussion to be held",
        name="strategy discussion",
        told="we would hold a strategy discussion",
        heading="We are holding a strategy discussion",
        decided="We have decided that {it} needs a strategy discussion.",
        more=("This means we and the police and others will talk about what to do next.",),
    ),
    Outcome.S47S: OutcomeWords(
        label="Section 47 enquiry, social care single-agency",
        name=_ENQUIRY_NAME,
        told=_ENQUIRY_TOLD,
        heading=_ENQUIRY_HEADING,
        decided=_ENQUIRY_DECIDED,
        more=(f"{_ENQUIRY_MEANS}.",),
    ),
    Outcome.S47J: OutcomeWords(
        label="Section 47 enquiry, joint with police",
        name=_ENQUIRY_NAME,
        told=_ENQUIRY_TOLD,
        heading=_ENQUIRY_HEADING,
        decided=_ENQUIRY_DECIDED,
        more=(f"{_ENQUIRY_MEANS}, with the police and other agencies.",),
    ),
    Outcome.ACC: OutcomeWords(
        label="Child accommodated",
        name="{a_child} looked after by the council",
        told="the council would look after {a_child}",
        heading="The council will look after {a_child}",
        decided="We have decided that the council will look after {the_child}.",
        more=("We do not say where {a_child_is} in a message. To talk to the team, call {phone}.",),
    ),
    Outcome.OPN: OutcomeWords(
        label="Linked to already-open case",
        name="linked to a case that is already open",
        told="a case was already open",
        heading="The case is already open",
        decided="A case is already open for {this_child}.",
        more=("We have passed {the_referral} to the team that holds the case.",),
    ),
    Outcome.TRF: OutcomeWords(
        label="Transferred to another local authority",
        name="transfer to another council",
        told="we would pass this to another council",
        heading="We are passing this to another council",
        decided="We have decided that {it} belongs to another council.",
    ),
    Outcome.CTI: OutcomeWords(
        label="Child protection transfer-in",
        name="a child protection plan moves to our area",
        told="a child protection plan was moving to our area",
        heading="A child protection plan is moving to our area",
        decided="{One_child} with a child protection plan is moving to our area.",
        more=("We are taking on the plan. We may ask you to help with the move.",),
    ),
    Outcome.PVF: OutcomeWords(
        label="Private fostering / other specialist route",
        name="a specialist route, such as private fostering",
        told="a specialist team would take this on",
        heading="A specialist team will take this on",
        decided="We have decided that {it} needs a specialist route, such as private fostering.",
        more=("A specialist team will take it from here. To talk to them, call {phone}.",),
    ),
    Outcome.INF: OutcomeWords(
        label="Cannot decide: more information needed",
        name="more information is needed",
        told="we needed to know more before we could decide",
        heading="We need to know more before we can decide",
        decided="We cannot decide yet, because we need to know more.",
        more=("This is not a final decision.",),
    ),
}

ENQUIRIES_APART: Final[dict[Outcome, str]] = {
    Outcome.S47S: "section 47 enquiry by social care alone",
    Outcome.S47J: "section 47 enquiry with the police",
}
"""Names for where the two must be told apart; alone, each is a section 47 enquiry, as agreed."""

FIXED: Final[dict[Outcome, str]] = {
    Outcome.EMP: "Immediate protective action has been taken. Call the team.",
    Outcome.LAD: "This has been passed to the designated officer.",
}
"""The only sentence about these two, after release by a person."""

FIXED_CODES: Final[dict[Outcome, SaidInstead]] = {
    Outcome.EMP: SaidInstead.EMERGENCY_PROTECTION,
    Outcome.LAD: SaidInstead.DESIGNATED_OFFICER,
}
"""What an agency's system reads beside the sentence: as much as it says, and not the outcome's own code."""

FIXED_TOLD: Final[dict[Outcome, str]] = {
    Outcome.EMP: "immediate protective action had been taken",
    Outcome.LAD: "this had been passed to the designated officer",
}
"""The fixed sentences as a later message repeats them."""

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
