"""Each outcome from its event to its referrer's mailbox: what domain section 2 lets a referrer be told."""

from typing import NamedTuple

import pytest

from functions.domain.wording.outcomes import FIXED
from schemas.codes import AgencyType, Channel, Outcome, ReleaseReason
from tests.world import Wire, World, a_decision, a_duplicate, a_registry, an_agency

SCHOOL = "hill-school"
REFERRED_BY_PROBATION: Wire = {
    "referring_agency": {"agency_id": "north-probation", "own_ref": "PR-55120"},
    "involved_agencies": [],
    "next_step_codes": [],
    "source_code": "7",
    "strategy_discussion_at": "2026-11-23T13:45:00Z",
}
TEAM = (
    "The lead contact is the duty social worker, Assessment Team 2. To reach them, call us on 01632 960 100."
)
SECRET = "Do not tell the family about this enquiry unless the social worker has agreed it with you."
RISK = "This means we will look into whether a child is at risk of significant harm"
NOT_A_FINDING = "This is based on the information available. It is not a finding that there is no concern."
CHALLENGE = "If you disagree with this decision, talk to the duty manager first."


class Cell(NamedTuple):
    """What the event adds, what its referrer must read, and what may not be there."""

    event: Wire
    says: tuple[str, ...]
    never: tuple[str, ...] = ()


TOLD: dict[Outcome, Cell] = {
    Outcome.NFA: Cell({}, ("take further action", NOT_A_FINDING, "You can refer again", CHALLENGE)),
    Outcome.ADV: Cell(
        {"family_contacted": False}, ("information and advice", "We have not contacted the family.")
    ),
    Outcome.SAL: Cell(
        {"lead_role": "SCHOOL_DSL", "next_step_codes": ["TELL_US_CHANGES"]},
        ("A school leads the response (school safeguarding lead).", "Tell us straight away"),
    ),
    Outcome.EHF: Cell(
        {"lead_role": "EARLY_HELP_LEAD"},
        (
            "The lead contact is the early help lead, Assessment Team 2.",
            "The family can say no to early help.",
        ),
    ),
    Outcome.S17: Cell({}, (TEAM, "within 45 working days of the referral", "We may ask you to take part.")),
    Outcome.STR: Cell(
        {},
        (
            "We are holding a strategy discussion",
            "To take part, call the duty manager on 01632 960 100.",
            SECRET,
        ),
    ),
    Outcome.S47S: Cell(
        {}, ("We are starting a section 47 enquiry", f"{RISK}.", TEAM, SECRET), ("police lead",)
    ),
    Outcome.S47J: Cell(
        {}, (f"{RISK}, with the police", TEAM, "To reach the police lead, call the duty manager", SECRET)
    ),
    Outcome.EMP: Cell({}, (FIXED[Outcome.EMP], SECRET), ("Assessment Team", "protection order")),
    Outcome.ACC: Cell({}, ("The council will look after a child", TEAM, "We do not say where a child is")),
    Outcome.OPN: Cell(
        {"response_change": "STEP_DOWN"},
        (
            "already open",
            "passed your referral to the team that holds the case",
            "The response will step down.",
        ),
    ),
    Outcome.TRF: Cell(
        {"receiving_la": "SOUTHSHIRE", "transfer_accepted": False},
        ("passed your referral to Southshire Council. They have not yet told us that they accept it.",),
    ),
    Outcome.CTI: Cell({}, ("A child protection plan is moving to our area", TEAM)),
    Outcome.PVF: Cell({}, ("needs a specialist route, such as private fostering", "A specialist team", TEAM)),
    Outcome.LAD: Cell(
        {}, (FIXED[Outcome.LAD], SECRET), ("Assessment Team", "llegation", "position of trust")
    ),
    Outcome.INF: Cell(
        {"info_needed_codes": ["HOUSEHOLD"], "info_due_at": "2026-11-25T15:02:00Z"},
        (
            "This is not a final decision.",
            "Who lives in the household.",
            "Send us the information listed above by 25 November 2026 at 3:02pm.",
        ),
    ),
}
WHEN_THE_DISCUSSION_IS = ("23 November", "1:45pm", "13:45")


def the_only_mail(world: World, agency: str) -> str:
    (mail,) = [mail for pins, mail in world.mailbox.mails if pins.agency_id == agency]
    return " ".join(mail.text.split())


RELEASED_BECAUSE = {
    Outcome.EMP: ReleaseReason.TOLD_BY_PHONE_FIRST,
    Outcome.LAD: ReleaseReason.AGREED_WITH_DESIGNATED_OFFICER,
}


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.DUP])
def test_an_outcome_tells_its_referrer_what_the_domain_says(world: World, outcome: Outcome) -> None:
    """The fixed sentences after a person's release; nothing says when or where a discussion is."""
    cell = TOLD[outcome]
    world.take(a_decision(**{**REFERRED_BY_PROBATION, "primary_outcome": outcome.value, **cell.event}))
    assert world.send_due() == (0 if outcome in FIXED else 1)
    if outcome in FIXED:
        world.release(reason=RELEASED_BECAUSE[outcome])
        world.send_due()
    said = the_only_mail(world, "north-probation")
    assert [words for words in cell.says if words not in said] == []
    assert [words for words in (*cell.never, *WHEN_THE_DISCUSSION_IS) if words in said] == []


def test_a_duplicate_tells_its_referrer_the_originals_outcome_under_their_own_reference(world: World) -> None:
    """At this referrer's own level: probation reads the plan, the school that repeated it does not."""
    world.apply(a_registry(an_agency(SCHOOL, AgencyType.SCHOOL, Channel.EMAIL)))
    world.take(a_decision(**{**REFERRED_BY_PROBATION, "primary_outcome": "S17"}))
    world.take(a_duplicate(referring_agency={"agency_id": SCHOOL, "own_ref": "HS/204"}))
    world.send_due()
    said = the_only_mail(world, SCHOOL)
    assert "Referral: NS-26-D0PL1C Child: 1 Your reference: HS/204" in said
    assert "We are starting a child in need assessment" in said
    assert "Assessment Team 2" not in said
    assert "NS-26-7KQ4ZP" not in said
    assert TEAM in the_only_mail(world, "north-probation")
