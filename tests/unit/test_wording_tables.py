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


def test_the_reasons_are_the_agreed_sentences() -> None:
    assert {code.value: words for code, words in REASONS.items()} == {
        "BELOW_THRESHOLD_L1": "On the information available, universal services can meet the need.",
        "BELOW_THRESHOLD_L2": (
            "On the information available, this does not meet the threshold for a social work assessment."
        ),
        "NEED_MET_BY_EXISTING_SERVICE": "A worker is already in place and has been told about your concern.",
        "INSUFFICIENT_INFO_AFTER_CHASE": "We asked for more information and could not get enough.",
        "NO_CHILD_IDENTIFIED": "We could not identify a child from the referral.",
        "OUT_OF_AREA": "The child lives in another area.",
        "CONSENT_DECLINED": (
            "The family did not agree to support."
            " On the information available, we cannot go further without agreement."
        ),
        "INFO_ONLY_NOTIFICATION": "You sent this for information and no decision was asked for.",
        "HISTORIC": (
            "The concern is about the past. On the information available, it does not meet the threshold now."
        ),
        "OTHER_SEE_TEAM": "Call the duty team for the reason.",
        "NEW_INFORMATION": "We received new information.",
        "MANAGER_REVIEW": "A manager reviewed the decision.",
        "CHALLENGE_UPHELD": "A challenge was upheld.",
        "RECORDED_IN_ERROR": "The earlier decision was recorded in error.",
    }


def test_the_services_have_the_agreed_names() -> None:
    assert {code.value: words for code, words in SUPPORT.items()} == {
        "FAMILY_HUB": "Family hub",
        "EARLY_HELP_SELF_REF": "Early help self-referral",
        "HEALTH_VISITING": "Health visiting",
        "SCHOOL_NURSING": "School nursing",
        "SCHOOL_PASTORAL": "School pastoral or DSL support",
        "DOMESTIC_ABUSE_SERVICE": "Domestic abuse service",
        "SUBSTANCE_SERVICE": "Alcohol and drug service",
        "PARENT_MH": "Adult mental health",
        "CHILD_MH": "Child mental health support",
        "HOUSING_MONEY": "Housing and money advice",
        "SEND_SERVICE": "SEND information and advice",
    }


def test_the_next_steps_are_the_agreed_sentences() -> None:
    """With a leader, a due time and a number of days filled in. "Above" is ours: the list stands there."""
    facts = {
        "leader": "Probation",
        "lead_role": " (probation lead)",
        "purpose": "for details",
        "due": " by 25 November 2026 at 3:02pm",
        "early_help_days": "5 working days",
    }
    assert {code.value: words.format(**facts) for code, words in NEXT_STEPS.items()} == {
        "CONTACT_WITHIN_1_WORKING_DAY": "A social worker will contact you within 1 working day.",
        "REPORT_OR_CONFERENCE": "We may ask you for a report or to come to a child protection conference.",
        "STRATEGY_MEETING_JOIN": ("We are arranging a strategy meeting. Call the duty number to take part."),
        "DO_NOT_TELL_FAMILY": (
            "Do not tell the family about this enquiry unless the social worker has agreed it with you."
        ),
        "TELL_US_CHANGES": "Tell us straight away if anything changes.",
        "EARLY_HELP_CONTACT": "The early help team will contact the family within 5 working days.",
        "MAY_JOIN_SUPPORT_MEETING": "They may ask you to join a meeting about the support.",
        "KEEP_WORKING": "Keep working with the family in your own role.",
        "REFER_AGAIN": "Refer again if you have new concerns or if things do not improve.",
        "YOU_LEAD": "Your agency leads the response. Call the duty number to agree the plan.",
        "OTHER_LEADS": "Probation leads the response (probation lead). Call the duty number for details.",
        "SEND_INFO": "Send us the information listed above by 25 November 2026 at 3:02pm.",
        "SHOW_COLLEAGUES": "Make sure colleagues who saw the earlier message see this one.",
        "NOTHING_MORE": (
            "You do not need to reply. Keep working with the family in your role."
            " Tell us straight away if anything changes."
        ),
        "KEEP_RECORDS": "Keep your records in line with your own retention rules.",
        "HIDE_ONLINE": "If you file this in a patient record, hide it from online access first.",
        "NOT_ON_PORTAL": "Do not file this where a parent portal shows it.",
    }


def test_what_to_watch_for_begins_as_agreed() -> None:
    assert all(words.startswith("Call us the same day if ") for words in WATCH_FOR.values())


def test_the_fixed_sentences_are_the_agreed_ones() -> None:
    assert FIXED == {
        Outcome.EMP: "Immediate protective action has been taken. Call the team.",
        Outcome.LAD: "This has been passed to the designated officer.",
    }
