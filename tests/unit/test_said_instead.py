"""A webhook that names no outcome says what the e-mail of the same decision says, and no more."""

import json
from itertools import product
from typing import Any, Final

import pytest

from functions.adapters.payload import render_webhook
from functions.domain.wording.codes import NEXT_STEPS
from functions.domain.wording.message import Message, compose
from functions.domain.wording.outcomes import FIXED, FIXED_CODES
from functions.domain.wording.unwritten import how_to_hear_it
from schemas.codes import AgencyType, Level, NoticeReason, Outcome, RaStatus, Role, SaidInstead
from schemas.notice import FrozenNotice, Pins
from schemas.risk_assessment import RaRule
from tests.notices import a_duplicate, a_notice, a_police_check, a_revised_notice, pins, revised_pins

RULES: Final = a_police_check(RaStatus.INCORRECT, advisory_rules=(RaRule.RA14,))
BOTH: Final = (Outcome.EMP, Outcome.LAD)


def readers(reason: NoticeReason | None) -> list[tuple[Any, Pins]]:
    """Each kind of agency and role, told for the first time, once more, and of a duplicate."""
    found: list[tuple[Any, Pins]] = []
    for agency_type, role in product(AgencyType, Role):
        who: dict[str, Any] = {"agency_type": agency_type, "role": role}
        who |= {"level": Level.NOTICE, "notice_reason": reason}
        found.append((a_notice, pins(**who)))
        found.append((a_revised_notice, revised_pins(Outcome.EHF, **who)))
        found.append((a_notice, pins(**who, duplicate=a_duplicate(knows_original=True))))
    return found


def both_ways(notice: FrozenNotice, recipient: Pins) -> tuple[Message, dict[str, Any]]:
    """The e-mail and the webhook's data."""
    data: dict[str, Any] = json.loads(render_webhook(notice, recipient))["data"]
    return compose(notice, recipient), data


def in_words(steps: list[str]) -> tuple[str, ...]:
    return tuple(words for code, words in NEXT_STEPS.items() for step in steps if step == code)


@pytest.mark.parametrize("outcomes", [(Outcome.EMP,), (Outcome.LAD,), BOTH, (Outcome.EMP, Outcome.S47J)])
def test_a_fixed_sentence_is_said_with_its_child_its_steps_and_the_polices_rules(
    outcomes: tuple[Outcome, ...],
) -> None:
    what: dict[str, Any] = {"outcome": outcomes[0], "additional": outcomes[1:], "police_form": RULES}
    for notice, recipient in readers(None):
        mail, data = both_ways(notice(**what), recipient)
        assert tuple(said["sentence"] for said in data["said_instead"]) == mail.paragraphs
        assert data["child_index"] == mail.references.child
        assert data["referral_ref"] == mail.references.referral
        assert set(in_words(data["next_steps"])) == set(mail.next_steps)
        assert len(data["next_steps"]) == len(mail.next_steps)
        assert data["next_steps"][0] == "DO_NOT_TELL_FAMILY"
        has_rules = "Rules not met" in (mail.police_form.detail or "")
        assert data["police_form"]["failed_rules"] == (["RA10"] if has_rules else [])
        assert data["police_form"]["advisory_rules"] == (["RA14"] if has_rules else [])
        assert (data["decision"], data["plan"], data["support"]) == (None, None, [])


@pytest.mark.parametrize("reason", NoticeReason)
@pytest.mark.parametrize("outcome", [Outcome.S47J, Outcome.NFA, Outcome.EMP, Outcome.LAD])
def test_a_notice_says_why_and_whom_to_ring_and_how_to_file_it(
    outcome: Outcome, reason: NoticeReason
) -> None:
    for notice, recipient in readers(reason):
        mail, data = both_ways(notice(outcome=outcome, police_form=RULES), recipient)
        (said,) = data["said_instead"]
        assert said["code"] == SaidInstead.CALL_FOR_OUTCOME
        call, call_back, *filing = mail.next_steps
        by_email = " ".join((*mail.paragraphs, call, call_back))
        assert said["sentence"] == by_email.replace("this email", "this message").replace(" above", "")
        assert set(in_words(data["next_steps"])) == set(filing)
        assert "DO_NOT_TELL_FAMILY" not in data["next_steps"]
        assert (data["child_index"], data["decision"]) == (None, None)
        assert (data["police_form"]["failed_rules"], data["police_form"]["advisory_rules"]) == ([], [])


@pytest.mark.parametrize("outcome", [one for one in Outcome if one not in {Outcome.DUP, Outcome.EMP}])
def test_beside_a_named_outcome_nothing_is_said_instead(outcome: Outcome) -> None:
    for level in (Level.OUTCOME, Level.PLAN):
        notice = a_notice(outcome=Outcome.S47J, additional=(outcome,))
        _, data = both_ways(notice, pins(level=level))
        assert data["said_instead"] == []
        assert data["decision"]["outcome"] == "S47J"


def test_each_fixed_sentence_has_a_code_that_is_no_outcomes() -> None:
    assert FIXED_CODES.keys() == FIXED.keys()
    assert len(set(FIXED_CODES.values())) == len(FIXED)
    assert not {code.value for code in SaidInstead} & {outcome.value for outcome in Outcome}
    assert SaidInstead.CALL_FOR_OUTCOME not in FIXED_CODES.values()


def test_how_to_hear_it_has_the_hubs_own_number() -> None:
    call, _ = how_to_hear_it(a_notice(), "the reference above")
    assert call == "Call the MASH on 01632 960 100 and give the reference above."
