"""How easily each message reads, measured against the drafts that people agreed."""

import re
from itertools import product
from typing import Any, Final

import pytest

from functions.domain.wording.message import Message, compose
from functions.domain.wording.outcomes import EXPECTS_REASON, FIXED
from functions.domain.wording.police_form import SENTENCES, police_block
from functions.domain.wording.told import Shape, told
from schemas.codes import (
    AgencyType,
    LeadRole,
    Level,
    NextStep,
    NoticeReason,
    Outcome,
    RaStatus,
    ReasonCode,
    Role,
)
from schemas.entitlement import default_level
from schemas.notice import FrozenNotice, Pins
from tests.notices import a_duplicate, a_notice, a_police_check, a_revised_notice, pins, revised_pins

MOST_WORDS: Final = 25
COMPLETE: Final = f"Police risk-assessment form: complete. {SENTENCES[RaStatus.COMPLETE]}"
NOT_YET: Final = f"Police risk-assessment form: not yet complete. {SENTENCES[RaStatus.ABSENT]}"

SEVEN_DRAFTS: Final = tuple(
    " ".join(draft.split())
    for draft in f"""
We are starting a section 47 enquiry. You made a referral to us on 24 November 2026. We have decided that
it needs a section 47 enquiry. This means we will look into whether a child is at risk of significant
harm, with the police and other agencies. {NOT_YET} A social worker will contact you within 1 working
day. We may ask you for a report or to come to a child protection conference. Do not tell the family
about this enquiry unless the social worker has agreed it with you. Tell us straight away if anything
changes.

We are offering early help. You made a referral to us on 24 November 2026. We have decided that early
help is the right support. We do not think a social work assessment is needed now. The family can say no
to early help. On the information available, universal services can meet the need. {COMPLETE} The early
help team will contact the family within 5 working days. They may ask you to join a meeting about the
support. Refer again if you have new concerns or if things do not improve. You do not need to wait for
early help to finish.

We are taking no further action. You made a referral to us on 24 November 2026. We have decided not to
take further action as children's social care. This is based on the information available. It is not a
finding that there is no concern. On the information available, universal services can meet the need. A
worker is already in place and has been told about your concern. {COMPLETE} Keep working with the family
in your own role. Refer again if you have new concerns or if things do not improve. Northshire Family
Hub, 01632 960 120. Northshire School Nursing, 01632 960 121.

Our decision has changed. We told you on 24 November 2026 that we would offer early help. We have looked
again and changed our decision. The decision is now: section 47 enquiry. Please use this message and not
the earlier one. We received new information. {NOT_YET} A social worker will contact you within 1 working
day. Do not tell the family about this enquiry unless the social worker has agreed it with you. Make sure
colleagues who saw the earlier message see this one.

Please complete the risk-assessment form. We are waiting for your risk-assessment form for this referral.
It was due on 25 November 2026 at 3:02pm. The decision is a section 47 enquiry. Without your form, other
agencies are acting on part of the picture. Police risk-assessment form: ABSENT. It has not reached us.
{NOT_YET} This is reminder 2 of 3. Reminder 3 goes to the duty inspector on 26 November 2026 at 3:02pm.
Complete the form in your own system. Do not reply with it. If it is done, tell us the date and time
using the link below. If it is not needed, choose the policy there.

The section 47 enquiry has ended. The section 47 enquiry that followed your referral ended on 14 December
2026. The enquiry did not lead to a child protection conference. Support for the family continues.
{COMPLETE} You do not need to reply. Keep working with the family in your role. Tell us straight away if
anything changes. Refer again if you have new concerns or if things do not improve. Keep your records in
line with your own retention rules.

There is an outcome for your referral. We have made a decision about a referral you made to us. We are
not putting it in this email, because we cannot be sure your mailbox is secure. {COMPLETE} Call the MASH
on 01632 960 100 and give the reference above. Ask for the duty manager. We will call you back on your
agency's main number before we share anything.
""".split("\n\n")
)
"""Heading to last step of each draft of domain 10.3, codes as their sentences."""

ENQUIRY_STEPS: Final = (
    NextStep.CONTACT_WITHIN_1_WORKING_DAY,
    NextStep.REPORT_OR_CONFERENCE,
    NextStep.TELL_US_CHANGES,
)
USUAL_STEPS: Final[dict[Outcome, tuple[NextStep, ...]]] = {
    **dict.fromkeys(Outcome, (NextStep.KEEP_WORKING, NextStep.TELL_US_CHANGES)),
    Outcome.S47S: ENQUIRY_STEPS,
    Outcome.S47J: ENQUIRY_STEPS,
    Outcome.EHF: (NextStep.EARLY_HELP_CONTACT, NextStep.MAY_JOIN_SUPPORT_MEETING, NextStep.REFER_AGAIN),
}
USUAL_LEADS: Final = {Outcome.SAL: LeadRole.HEALTH_LEAD, Outcome.EHF: LeadRole.EARLY_HELP_LEAD}
TOLD: Final = tuple(outcome for outcome in Outcome if outcome is not Outcome.DUP)


def syllables(word: str) -> int:
    """Groups of vowels, less the endings that are written and not said."""
    groups = len(re.findall(r"[aeiouy]+", word.lower()))
    silent = re.search(r"([^aeiouyl]e|[^aeiouytd]ed|[^aeiouyszcg]es)$", word.lower()) and groups > 1
    return max(1, groups - bool(silent))


def sentences_of(text: str) -> list[str]:
    return [sentence for sentence in re.split(r"(?<=[.:])\s+", text) if re.search(r"[A-Za-z]", sentence)]


def reading_ease(text: str) -> float:
    """Flesch's reading ease: 60 is plain English, 100 is very easy. Figures are not words."""
    words = re.findall(r"[A-Za-z]+(?:'[a-z]+)?", text)
    said = sum(map(syllables, words))
    return 206.835 - 1.015 * len(words) / len(sentences_of(text)) - 84.6 * said / len(words)


def body(message: Message) -> str:
    """What the drafts have, in their order: neither references nor contact details, which are the frame's."""
    sections = (
        message.heading,
        *message.paragraphs,
        *message.needed,
        *message.why,
        message.police_form.heading,
        message.police_form.sentence,
        *message.next_steps,
        *message.support,
    )
    return " ".join(f"{sentence.rstrip('.')}." for sentence in sections)


def floor(status: RaStatus) -> float:
    """The hardest draft, as it stands or with the police sentence of `status`, which is agreed as it is."""
    words = police_block(a_police_check(status), AgencyType.GP, in_brief=False)
    form = f"{words.heading}. {words.sentence}"
    with_status = (re.sub(f"{COMPLETE}|{NOT_YET}", form, draft) for draft in SEVEN_DRAFTS)
    return min(map(reading_ease, (*SEVEN_DRAFTS, *with_status)))


FLOOR: Final = {status: floor(status) for status in RaStatus}


def _told_in_full(agency_type: AgencyType, role: Role, outcome: Outcome) -> Level:
    """The matrix's own level, or 2 where only a decision that asks the agency to act raises it so far."""
    return max(default_level(agency_type, role, outcome, holds_plan_role=True), Level.OUTCOME)


def messages(outcome: Outcome) -> list[tuple[FrozenNotice, Pins]]:
    """A usual message of each kind, to each sort of reader."""
    reasons = (ReasonCode.BELOW_THRESHOLD_L2,) if outcome in EXPECTS_REASON else ()
    readers = product((AgencyType.POLICE, AgencyType.GP, AgencyType.SCHOOL), Role, (False, True), RaStatus)
    found: list[tuple[FrozenNotice, Pins]] = []
    for agency_type, role, notice_only, status in readers:
        level = Level.NOTICE if notice_only else _told_in_full(agency_type, role, outcome)
        who: dict[str, Any] = {"agency_type": agency_type, "role": role, "level": level}
        if level <= Level.NOTICE and outcome not in FIXED:
            who["notice_reason"] = NoticeReason.MAILBOX_NOT_MANAGED
        what: dict[str, Any] = {
            "outcome": outcome,
            "police_form": a_police_check(status),
            "next_step_codes": USUAL_STEPS[outcome],
            "lead_role": USUAL_LEADS.get(outcome, LeadRole.DUTY_SW),
            "reason_codes": (*reasons, ReasonCode.NEW_INFORMATION),
        }
        found += [
            (a_notice(**what), pins(**who)),
            (a_notice(**what), pins(**who, duplicate=a_duplicate())),
            (a_revised_notice(**what), revised_pins(**who)),
        ]
    return found


def test_the_measure_counts_as_people_do() -> None:
    counted = {"family": 3, "referral": 3, "made": 1, "changed": 1, "decided": 3, "agencies": 3, "table": 2}
    assert {word: syllables(word) for word in counted} == counted
    assert reading_ease("The cat sat on the mat.") == pytest.approx(116.145)


@pytest.mark.parametrize("outcome", TOLD)
def test_every_message_reads_as_easily_as_the_drafts(outcome: Outcome) -> None:
    for notice, recipient in messages(outcome):
        if told(notice, recipient).shape is Shape.FIXED:  # three agreed sentences and nothing of ours
            continue
        text = body(compose(notice, recipient))
        assert reading_ease(text) >= FLOOR[notice.police_form.status], text


@pytest.mark.parametrize("outcome", TOLD)
def test_no_sentence_is_long(outcome: Outcome) -> None:
    for notice, recipient in messages(outcome):
        message = compose(notice, recipient)
        frame = (message.contact, message.emergency, message.disagree or "", *message.footer)
        for sentence in sentences_of(f"{body(message)} {' '.join(frame)}"):
            assert len(sentence.split()) <= MOST_WORDS, sentence
