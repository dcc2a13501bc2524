"""What the police desk's checklist asks, rule by rule: each answer of the form's contract, in plain words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from functions.story.named import upper
from schemas.codes import PoliceNextStep
from schemas.risk_assessment import RaRule
from schemas.risk_codes import (
    DaNotDoneReason,
    DaTool,
    FormBasis,
    IncidentTime,
    NeglectFinding,
    NoContactReason,
    YesNo,
    YesNoUnknown,
)


class Kind(StrEnum):
    """How an answer is given."""

    CHOICE = "CHOICE"
    GRADE = "GRADE"
    """One of the hub's own scale."""
    NUMBER = "NUMBER"
    REFERENCE = "REFERENCE"
    STAFF = "STAFF"
    CODE = "CODE"
    CODES = "CODES"
    ADULTS = "ADULTS"
    MOMENT = "MOMENT"


OTHER_CHILDREN, OTHER_UNBORN = "other_children", "other_unborn"
"""How many more children the form lists; the contract lists each of them instead."""
DAY, TIME = ".day", ".time"
"""What a moment's two fields are called, after its name."""
CODE_HINT = "A code of your force's list"

Choices = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """One answer: `name` is the contract's, dotted where it stands within a part."""

    name: str
    words: str
    kind: Kind = Kind.CHOICE
    choices: Choices | None = None
    hint: str | None = None

    @property
    def fields(self) -> Iterator[str]:
        """The names of its fields on the page."""
        if self.kind is not Kind.MOMENT or self.choices:
            yield self.name
        if self.kind is Kind.MOMENT:
            yield from (f"{self.name}{DAY}", f"{self.name}{TIME}")


def _words_of(codes: type[StrEnum]) -> Choices:
    return {code.value: upper(code.value.replace("_", " ").lower()) for code in codes}


_YES_NO = _words_of(YesNo)
_YES_NO_UNKNOWN = _words_of(YesNoUnknown)
_NO_CONTACT = _words_of(NoContactReason)
_BASES = {FormBasis.ATTENDED.value: "An officer was there", FormBasis.DESK.value: "From the desk"}


def _moment(name: str, words: str, choices: Choices | None = None) -> Question:
    return Question(name, words, Kind.MOMENT, choices)


def _code(name: str, words: str) -> Question:
    return Question(name, words, Kind.CODE, hint=CODE_HINT)


def _staff(name: str, words: str) -> Question:
    return Question(name, words, Kind.STAFF, hint="A staff id, never a name")


def _number(name: str, words: str, hint: str | None = None) -> Question:
    return Question(name, words, Kind.NUMBER, hint=hint)


def _yes_no(name: str, words: str) -> Question:
    return Question(name, words, choices=_YES_NO)


def _reference(name: str, words: str, hint: str | None = None) -> Question:
    return Question(name, words, Kind.REFERENCE, hint=hint)


def _searched(system: str, words: str) -> tuple[Question, Question]:
    return (
        _yes_no(f"checks.{system}.done", f"{words} searched"),
        _code(f"checks.{system}.not_done_reason", f"{words}: why not"),
    )


def _screened(item: str, words: str) -> Question:
    return Question(f"neglect_screen.{item}", words, choices=_words_of(NeglectFinding))


def _cofactor(name: str, words: str) -> Question:
    return Question(f"cofactors.{name}", words, choices=_YES_NO_UNKNOWN)


ASKED: Mapping[RaRule, tuple[Question, ...]] = {
    RaRule.RA01: (
        Question("form_basis", "How the form was made", choices=_BASES),
        _reference(
            "police_occurrence_ref", "Occurrence reference", "From the desk without one: NO_OCCURRENCE"
        ),
    ),
    RaRule.RA02: (_reference("mash_referral_ref", "The MASH reference as the officer wrote it"),),
    RaRule.RA03: (
        _staff("author_id", "Who wrote it"),
        _code("author_role", "In which role"),
        _code("author_force", "Of which force"),
    ),
    RaRule.RA04: (
        _moment("incident_at", "When it happened", _words_of(IncidentTime)),
        _moment("ra_completed_at", "When the form was completed"),
    ),
    RaRule.RA05: (
        _number("household_child_count", "Children in the household", "0 is an answer"),
        _number("unborn_count", "Unborn children", "0 is an answer"),
        _yes_no("unborn", "Is this child not born yet?"),
        _yes_no("under_five", "Is this child under five?"),
        _yes_no("in_household", "Does this child live in the household?"),
        _number(OTHER_CHILDREN, "Other children that the form lists", "Beside this child"),
        _number(OTHER_UNBORN, "Other unborn children that the form lists", "Beside this child"),
    ),
    RaRule.RA06: (
        _yes_no("seen", "Was the child seen?"),
        Question("not_seen_reason", "If not, why", choices=_NO_CONTACT),
    ),
    RaRule.RA07: (
        _yes_no("spoken_to", "Was the child spoken to?"),
        _yes_no("spoken_to_alone", "Alone?"),
        Question("not_spoken_reason", "If not, why", choices=_NO_CONTACT),
    ),
    RaRule.RA08: (
        _yes_no("voice_answered", "Are the child's own words recorded?"),
        _number("voice_length", "How many characters", "Count them; never copy them"),
        _yes_no("voice_is_placeholder", "Is it only a placeholder, such as n/a?"),
        _yes_no("observed_behaviour_answered", "Is what was observed recorded?"),
    ),
    RaRule.RA09: (
        Question(
            "adults",
            "Adults, by role and relationship",
            Kind.ADULTS,
            hint="ROLE:RELATIONSHIP for each, with a space between them. Never a name",
        ),
        _code("adults_unknown_reason", "If none is listed, why"),
    ),
    RaRule.RA10: (
        _screened("home", "Home"),
        _screened("hygiene", "Hygiene"),
        _screened("food", "Food"),
        _screened("supervision", "Supervision"),
        _screened("medical_dental", "Medical and dental"),
        _screened("school", "School"),
        _code("neglect_screen.not_assessed_reason", "If something was not assessed, why"),
    ),
    RaRule.RA11: (
        _cofactor("domestic_abuse", "Domestic abuse"),
        _cofactor("substances", "Alcohol or drugs"),
        _cofactor("parental_mental_health", "Parents' mental health"),
        _cofactor("exploitation_cse_cce", "Exploitation"),
        _cofactor("missing", "Missing"),
        _cofactor("offender_in_household", "An offender in the household"),
    ),
    RaRule.RA12: (
        *_searched("pnc", "PNC"),
        *_searched("local_rms", "Local records"),
        *_searched("pnd", "PND"),
        *_searched("visor_mosovo", "ViSOR or MOSOVO"),
        *_searched("prior_ppn", "Earlier notifications"),
    ),
    RaRule.RA13: (Question("risk_grade", "Risk grade", Kind.GRADE),),
    RaRule.RA14: (
        _number(
            "grade_rationale_length", "Characters of the reason for the grade", "Count them; never copy them"
        ),
        _yes_no("grade_rationale_is_placeholder", "Is it only a placeholder, such as n/a?"),
    ),
    RaRule.RA15: (
        _code("initial_action_code", "First action"),
        _yes_no("initial_action_rationale_given", "Is its reason recorded?"),
        _code("child_now_with_code", "Whom the child is now with"),
    ),
    RaRule.RA16: (
        Question("recommended_next_step", "Recommended next step", choices=_words_of(PoliceNextStep)),
        _code("recommended_other_reason_code", "If another one, why"),
    ),
    RaRule.RA17: (
        _yes_no("crime_recorded", "Was a crime recorded?"),
        _code("investigation_status", "How the investigation stands"),
        _staff("officer_in_case_id", "Officer in the case"),
        _code("unit", "Unit"),
    ),
    RaRule.RA18: (
        Question("da_tool", "Form used for domestic abuse", choices=_words_of(DaTool)),
        _reference("da_ref", "Its reference"),
        Question("da_not_done_reason", "If none was used, why", choices=_words_of(DaNotDoneReason)),
    ),
    RaRule.RA19: (
        _yes_no("family_aware", "Does the family know?"),
        _yes_no("safe_to_contact", "Is it safe to contact the family?"),
    ),
    RaRule.RA20: (
        _staff("supervisor_id", "Supervisor"),
        _moment("supervisor_reviewed_at", "When they reviewed it"),
        _code("supervisor_outcome", "What came of it"),
    ),
    RaRule.RA21: (
        _code("override_reason_code", "Why another step than the grade asks for"),
        _yes_no("police_protection_used", "Was police protection used?"),
        Question(
            "rationale_codes",
            "Codes of what was weighed",
            Kind.CODES,
            hint=f"{CODE_HINT}, with spaces between them",
        ),
    ),
    RaRule.RA22: (
        Question("mash_regrade", "Grade that the MASH gave instead", Kind.GRADE),
        _yes_no("mash_regrade_rationale_given", "Is its reason recorded?"),
    ),
}
QUESTIONS = tuple(question for asked in ASKED.values() for question in asked)

TITLES: Mapping[RaRule, str] = {
    RaRule.RA01: "the police's reference",
    RaRule.RA02: "the MASH's reference",
    RaRule.RA03: "who wrote it",
    RaRule.RA04: "dates and times",
    RaRule.RA05: "children",
    RaRule.RA06: "whether the child was seen",
    RaRule.RA07: "whether the child was spoken to",
    RaRule.RA08: "what the child said or showed",
    RaRule.RA09: "adults",
    RaRule.RA10: "neglect",
    RaRule.RA11: "other risks",
    RaRule.RA12: "records checks",
    RaRule.RA13: "risk grade",
    RaRule.RA14: "the reason for the grade",
    RaRule.RA15: "first action",
    RaRule.RA16: "next step",
    RaRule.RA17: "crime and officer",
    RaRule.RA18: "domestic abuse form",
    RaRule.RA19: "the family",
    RaRule.RA20: "supervisor's review",
    RaRule.RA21: "whether the answers fit together",
    RaRule.RA22: "a grade that the MASH changed",
}
"""What each rule is about; the wording of the check says what is wrong with it instead."""
PARTS: Mapping[str, tuple[RaRule, ...]] = {
    "References, author and dates": (RaRule.RA01, RaRule.RA02, RaRule.RA03, RaRule.RA04),
    "The child and the household": (RaRule.RA05, RaRule.RA06, RaRule.RA07, RaRule.RA08, RaRule.RA09),
    "Neglect and other risks": (RaRule.RA10, RaRule.RA11),
    "Records checks and the grade": (RaRule.RA12, RaRule.RA13, RaRule.RA14),
    "What was done and is advised": (RaRule.RA15, RaRule.RA16, RaRule.RA17, RaRule.RA18, RaRule.RA19),
    "Review": (RaRule.RA20, RaRule.RA21, RaRule.RA22),
}
"""The rules as a page groups them, each in one part."""
