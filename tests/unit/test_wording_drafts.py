"""The agreed drafts, word for word: what the service says of each is what people signed off."""

from typing import Final

import pytest

from functions.domain.wording.message import Message, compose
from schemas.codes import (
    AgencyType,
    Level,
    NextStep,
    NoticeReason,
    Outcome,
    RaStatus,
    ReasonCode,
    Role,
    S47Result,
    Series,
)
from schemas.codes import SupportCode as Support
from schemas.notice import Frozen, FrozenLabels, Pins, SupportContact
from tests.notices import (
    a_notice,
    a_police_check,
    a_revised_notice,
    an_update,
    pins,
    revised_pins,
    update_pins,
)

OPENING: Final = "You made a referral to us on 24 November 2026."
COMPLETE: Final = (
    "Complete. The police risk-assessment form is filled in. This does not mean the risk is low."
)
NOT_YET: Final = (
    "Not yet complete. The MASH is following this up with the police."
    " Do not wait for it before you act to keep a child safe."
)
CONTACT: Final = "A social worker will contact you within 1 working day."
DO_NOT_TELL: Final = (
    "Do not tell the family about this enquiry unless the social worker has agreed it with you."
)
NORTHSHIRE: Final = FrozenLabels(
    support={
        Support.FAMILY_HUB: SupportContact(name="Northshire Family Hub", phone="01632 960 120"),
        Support.SCHOOL_NURSING: SupportContact(name="Northshire School Nursing", phone="01632 960 121"),
    }
)
ABSENT: Final = a_police_check(RaStatus.ABSENT)
READER: Final = pins(agency_type=AgencyType.VOLUNTARY, level=Level.OUTCOME)
ENQUIRY_STEPS: Final = (
    NextStep.CONTACT_WITHIN_1_WORKING_DAY,
    NextStep.REPORT_OR_CONFERENCE,
    NextStep.DO_NOT_TELL_FAMILY,
    NextStep.TELL_US_CHANGES,
)

DRAFTS: Final[dict[str, tuple[Frozen, Pins, str]]] = {
    "1 section 47 enquiry with the police": (
        a_notice(next_step_codes=ENQUIRY_STEPS, police_form=ABSENT),
        READER,
        f"""outcome of your referral
We are starting a section 47 enquiry
{OPENING} We have decided that it needs a section 47 enquiry. This means we will look into whether a child \
is at risk of significant harm, with the police and other agencies.
Form: {NOT_YET}
Next: {CONTACT} | We may ask you for a report or to come to a child protection conference. | {DO_NOT_TELL} | \
Tell us straight away if anything changes.""",
    ),
    "1 section 47 enquiry by social care": (
        a_notice(outcome=Outcome.S47S, next_step_codes=ENQUIRY_STEPS, police_form=ABSENT),
        READER,
        f"""outcome of your referral
We are starting a section 47 enquiry
{OPENING} We have decided that it needs a section 47 enquiry. This means we will look into whether a child \
is at risk of significant harm.
Form: {NOT_YET}
Next: {CONTACT} | We may ask you for a report or to come to a child protection conference. | {DO_NOT_TELL} | \
Tell us straight away if anything changes.""",
    ),
    "2 early help": (
        a_notice(
            outcome=Outcome.EHF,
            reason_codes=(ReasonCode.BELOW_THRESHOLD_L1,),
            next_step_codes=(
                NextStep.EARLY_HELP_CONTACT,
                NextStep.MAY_JOIN_SUPPORT_MEETING,
                NextStep.REFER_AGAIN,
            ),
            lead_role=None,
        ),
        READER,
        f"""outcome of your referral
We are offering early help
{OPENING} We have decided that early help is the right support. We do not think a social work assessment is \
needed now. The family can say no to early help.
Why: On the information available, universal services can meet the need.
Form: {COMPLETE}
Next: The early help team will contact the family within 5 working days. | They may ask you to join a \
meeting about the support. | Refer again if you have new concerns or if things do not improve. You do not \
need to wait for early help to finish.""",
    ),
    "3 no further action": (
        a_notice(
            outcome=Outcome.NFA,
            reason_codes=(ReasonCode.BELOW_THRESHOLD_L1, ReasonCode.NEED_MET_BY_EXISTING_SERVICE),
            next_step_codes=(NextStep.KEEP_WORKING, NextStep.REFER_AGAIN),
            support_codes=(Support.FAMILY_HUB, Support.SCHOOL_NURSING),
            labels=NORTHSHIRE,
        ),
        READER,
        f"""outcome of your referral
We are taking no further action
{OPENING} We have decided not to take further action as children's social care. This is based on the \
information available. It is not a finding that there is no concern.
Why: On the information available, universal services can meet the need. | A worker is already in place and \
has been told about your concern.
Form: {COMPLETE}
Next: Keep working with the family in your own role. | Refer again if you have new concerns or if things do \
not improve.
Support: Northshire Family Hub, 01632 960 120. | Northshire School Nursing, 01632 960 121.""",
    ),
    "4 decision changed": (
        a_revised_notice(
            reason_codes=(ReasonCode.NEW_INFORMATION,),
            next_step_codes=(NextStep.CONTACT_WITHIN_1_WORKING_DAY,),
            police_form=ABSENT,
        ),
        revised_pins(agency_type=AgencyType.VOLUNTARY, level=Level.OUTCOME),
        f"""our decision has changed
Our decision has changed
We told you on 24 November 2026 that we would offer early help. We have looked again and changed our \
decision. The decision is now: section 47 enquiry. Please use this message and not the earlier one. We made \
this decision on 26 November 2026 at 9:30am. This means we will look into whether a child is at risk of \
significant harm, with the police and other agencies.
Why: We received new information.
Form: {NOT_YET}
Next: {CONTACT} | {DO_NOT_TELL} | Make sure colleagues who saw the earlier message see this one.""",
    ),
    "6 enquiry closed": (
        an_update(Series.ENQUIRY, facts={"enquiry_result": S47Result.S17_SERVICES}),
        update_pins(Series.ENQUIRY, agency_type=AgencyType.VOLUNTARY, level=Level.OUTCOME),
        f"""update on your referral
The section 47 enquiry has ended
The section 47 enquiry that followed your referral ended on 14 December 2026.
Why: The enquiry did not lead to a child protection conference. Support for the family continues.
Form: {COMPLETE}
Next: You do not need to reply. Keep working with the family in your role. Tell us straight away if anything \
changes. | Refer again if you have new concerns or if things do not improve. | Keep your records in line \
with your own retention rules.""",
    ),
    "7 notice only": (
        a_notice(),
        pins(
            agency_type=AgencyType.VOLUNTARY,
            level=Level.NOTICE,
            notice_reason=NoticeReason.MAILBOX_NOT_MANAGED,
        ),
        f"""there is an outcome
There is an outcome for your referral
We have made a decision about a referral you made to us. We are not putting it in this email, because we \
cannot be sure your mailbox is secure.
Form: {COMPLETE}
Next: Call the MASH on 01632 960 100 and give the reference above. | Ask for the duty manager. We will call \
you back on your agency's main number before we share anything.""",
    ),
    "7 notice only, involved": (
        a_notice(),
        pins(
            agency_type=AgencyType.VOLUNTARY,
            level=Level.NOTICE,
            notice_reason=NoticeReason.WHICH_CHILD,
            role=Role.INVOLVED,
            own_ref=None,
        ),
        f"""there is an outcome
There is an outcome for a referral
We have made a decision about a referral. We are not putting it in this email, because we must confirm which \
child.
Form: {COMPLETE}
Next: Call the MASH on 01632 960 100 and give the reference above. | Ask for the duty manager. We will call \
you back on your agency's main number before we share anything.""",
    ),
}
"""Draft 4 adds two sentences to what was agreed: when the new decision was made, and what it means. Draft 5
is of a message that this version does not send."""


def as_drafted(message: Message) -> str:
    """The message in the drafts' own layout: suffix, heading, body, then the lists that are not empty."""
    lists = {
        "Why": message.why,
        "Form": (message.police_form.sentence,),
        "Next": message.next_steps,
        "Support": message.support,
    }
    return "\n".join(
        (
            message.subject.split(" - ")[1],
            message.heading,
            " ".join(message.paragraphs),
            *(f"{name}: {' | '.join(sentences)}" for name, sentences in lists.items() if sentences),
        )
    )


@pytest.mark.parametrize("name", sorted(DRAFTS))
def test_an_agreed_draft_is_said_word_for_word(name: str) -> None:
    notice, recipient, draft = DRAFTS[name]
    assert as_drafted(compose(notice, recipient)) == draft
