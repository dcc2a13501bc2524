"""What a figure and its parts are called on a screen, how a span of seconds reads there, and what stands in a
number's place."""

from collections.abc import Mapping

from functions.domain.measures.catalogue import FIGURES, IN, NO_FORM, NOT_TOLD, OUT
from functions.domain.measures.published import CONFIDENTIAL, LONGER, NOBODY, NOT_AVAILABLE, Published
from functions.domain.wording.outcomes import LABELS
from functions.domain.wording.police_rules import rules_in_words
from functions.story.vocabulary import CHALLENGE_RESULTS, DISCLOSURES, FORMS, HOLDS
from schemas.codes import CinSource, Rag
from schemas.risk_assessment import RaRule

WORDS = {(one.k, one.name): one.words for one in FIGURES}
TOLD_IN_TIME_WORDS = WORDS["K2", "told_in_1_working_day"]
"""What it is called wherever it stands: two figures are of telling, and the other runs from the decision."""
NO_COUNTERS = tuple(dict.fromkeys(f"{one.k} {one.words}" for one in FIGURES if one.of.moved_by))
"""Figures that move without a row, and are counted when somebody asks."""
INSTEAD = {
    CONFIDENTIAL: "hidden",
    NOT_AVAILABLE: "not available",
    NOBODY: "-",
    LONGER: "longer than is counted",
}
_REFERRERS = {
    CinSource.FAMILY: "family",
    CinSource.ACQUAINTANCE: "an acquaintance",
    CinSource.SELF: "the child",
    CinSource.OTHER_INDIVIDUAL: "another individual",
    CinSource.SCHOOLS: "a school",
    CinSource.EDUCATION_SERVICES: "education services",
    CinSource.GP: "a GP",
    CinSource.HEALTH_VISITOR: "a health visitor",
    CinSource.SCHOOL_NURSE: "a school nurse",
    CinSource.OTHER_PRIMARY_HEALTH: "other primary health",
    CinSource.EMERGENCY_DEPARTMENT: "an emergency department",
    CinSource.OTHER_HEALTH: "other health",
    CinSource.HOUSING: "housing",
    CinSource.LA_SOCIAL_CARE: "the council's social care",
    CinSource.LA_INTERNAL: "another service of the council",
    CinSource.LA_EXTERNAL: "another council",
    CinSource.EARLY_HELP: "early help",
    CinSource.POLICE: "the police",
    CinSource.OTHER_LEGAL: "another legal agency",
    CinSource.OTHER: "another agency",
    CinSource.ANONYMOUS: "nobody named",
    CinSource.UNKNOWN: "not known",
}
PARTS: Mapping[str, Mapping[str, str]] = {
    "hours": {IN: "received in office hours", OUT: "received out of hours"},
    "rag": {**{rag.value: rag.value.lower() for rag in Rag}, NOT_TOLD: "no colour told"},
    "source_code": {
        **{source.value: f"from {words} ({source.value})" for source, words in _REFERRERS.items()},
        NOT_TOLD: "from whom was not told",
    },
    "ra_status": {status.value: words for status, words in FORMS.items()},
    "unit": {NO_FORM: "no form came", NOT_TOLD: "unit not told"},
    "rule": {rule.value: rules_in_words([rule]) for rule in RaRule},
    "outcome": {outcome.value: words for outcome, words in LABELS.items()},
    "result": {result.value: words for result, words in CHALLENGE_RESULTS.items()},
    "trigger": {trigger.value: words for trigger, words in HOLDS.items()},
    "disclosure": {disclosure.value: words for disclosure, words in DISCLOSURES.items()},
    "percentile": {"p50": "half of them within", "p95": "95 in 100 within"},
}
"""By dimension, each of its values in words."""
_BY_OWN_CODE = {"unit": "unit"}
"""What each dimension of others' codes is called; a code of theirs stands behind it."""


def part_words(dimension: str) -> str:
    """`received out of hours, half of them within` for `hours=out;percentile=p50`.

    A value that no release knows stands as it is.
    """
    return ", ".join(_one(part) for part in dimension.split(";"))


def _one(part: str) -> str:
    name, _, value = part.partition("=")
    own = f"{_BY_OWN_CODE[name]} {value}" if name in _BY_OWN_CODE else part
    return PARTS.get(name, {}).get(value, own)


def span_words(seconds: int) -> str:
    """`81 seconds`, `4 h 35 min`: never shorter than it is."""
    if seconds < 2 * 60:
        return f"{seconds} seconds"
    hours, minutes = divmod(-(-seconds // 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def value_words(row: Published) -> str:
    """`59.0%`, `81 seconds`, `hidden`, `not available`: never a nought that nobody counted."""
    if row.value in INSTEAD:
        return INSTEAD[row.value]
    return f"{row.value}%" if row.numerator else span_words(int(row.value))


def count_words(row: Published) -> str:
    """`59 of 100`, or of how many a span of time is."""
    numerator, denominator = (INSTEAD.get(cell, cell) for cell in (row.numerator, row.denominator))
    return f"{numerator} of {denominator}" if numerator else denominator


def why_not_available(row: Published) -> str:
    """What no event has told; empty where that is not what is missing."""
    return row.note.removeprefix("not available: ") if row.value == NOT_AVAILABLE else ""
