"""The sentence tables: complete, plain, and word for word what was agreed."""

from enum import StrEnum

import pytest

from functions.domain.wording.codes import (
    INFO_NEEDED,
    LEAD_ROLES,
    LEADERS,
    NEXT_STEPS,
    PLAN_STATUSES,
    REASONS,
    SUPPORT,
    WATCH_FOR,
)
from functions.domain.wording.outcomes import FIXED, RESPONSE_CHANGES
from functions.domain.wording.police_form import EXACT_WORDS, SENTENCES
from functions.domain.wording.police_rules import RULE_WORDS, rules_in_words
from schemas.codes import (
    InfoNeeded,
    LeadRole,
    NextStep,
    Outcome,
    PlanStatus,
    RaStatus,
    ReasonCode,
    ResponseChange,
    SupportCode,
    WatchFor,
)
from schemas.risk_assessment import RaRule


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (REASONS, ReasonCode),
        (SUPPORT, SupportCode),
        (NEXT_STEPS, NextStep),
        (WATCH_FOR, WatchFor),
        (PLAN_STATUSES, PlanStatus),
        (LEAD_ROLES, LeadRole),
        (LEADERS, LeadRole),
        (RESPONSE_CHANGES, ResponseChange),
        (SENTENCES, RaStatus),
        (EXACT_WORDS, RaStatus),
        (RULE_WORDS, RaRule),
    ],
)
def test_every_code_has_its_words(table: dict[StrEnum, str], codes: type[StrEnum]) -> None:
    assert set(table) == set(codes)
    assert all(words.isascii() and words == words.strip() for words in table.values())


def test_what_we_may_need_is_all_but_praise() -> None:
    assert set(INFO_NEEDED) == set(InfoNeeded) - {InfoNeeded.GOOD_QUALITY}


def test_a_rule_reads_as_its_code_and_a_few_words_that_name_no_concern_of_one_child() -> None:
    assert rules_in_words(()) == ""
    assert rules_in_words(["RA16", "RA22"]) == (
        "RA16 (no next step recommended), RA22 (grade changed without a reason)"
    )
    assert all(len(words.split()) <= 12 for words in RULE_WORDS.values())
    assert not [rule for rule, words in RULE_WORDS.items() if "abuse" in words or "HIGH" in words]


def test_the_police_sentences_are_the_agreed_ones() -> None:
    not_yet = (
        "Not yet complete. The MASH is following this up with the police."
        " Do not wait for it before you act to keep a child safe."
    )
    agreed = {
        RaStatus.COMPLETE: (
            "Complete. The police risk-assessment form is filled in. This does not mean the risk is low."
        ),
        RaStatus.INCORRECT: not_yet,
        RaStatus.ABSENT: not_yet,
        RaStatus.NOT_REQUIRED: "Not needed. Our agreed policy does not need this form for this referral.",
        RaStatus.UNKNOWN: (
            "Not known. We could not check with the police when we sent this. We will check again."
            " Do not wait for it before you act to keep a child safe."
        ),
    }
    assert agreed == SENTENCES


def test_the_fixed_sentences_are_the_agreed_ones() -> None:
    assert FIXED == {
        Outcome.EMP: "Immediate protective action has been taken. Call the team.",
        Outcome.LAD: "This has been passed to the designated officer.",
    }
