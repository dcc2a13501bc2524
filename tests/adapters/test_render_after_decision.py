"""Updates rendered: whole against their goldens, and what each reader may not have in no byte of them."""

import json
import re
from itertools import product
from typing import Any, Final

import pytest

from functions.adapters.render import render_email
from functions.adapters.webhook import webhook_body
from functions.domain.wording.codes import LEAD_ROLES, PLAN_STATUSES
from functions.domain.wording.police_form import SENTENCES
from schemas.codes import (
    AgencyType,
    Channel,
    LeadRole,
    Level,
    NoticeReason,
    PlanStatus,
    RaStatus,
    S47Result,
    Series,
)
from schemas.notice import FrozenUpdate, Pins
from tests.adapters.drafts_after_decision import DRAFTS, GOLDEN, in_files
from tests.notices import A_TOKEN, a_duplicate, a_police_check, an_update, update_pins

FILES: Final = in_files()
AFTER_DECISION: Final = (
    Series.ASSESSMENT,
    Series.ENQUIRY,
    Series.CONFERENCE,
    Series.TRANSFER,
    Series.PLAN,
    Series.POLICE_CASE,
    Series.CLOSED,
    Series.STALE_PLAN,
    Series.JOINT_CASE,
)
OF_THE_PLAN: Final = {
    *(words for status, words in PLAN_STATUSES.items() if status is not PlanStatus.NONE),
    *LEAD_ROLES.values(),
    "There is no plan",
    "Assessment Team 2",
    "ASSESSMENT_2",
    *(status.value for status in PlanStatus if status is not PlanStatus.NONE),
    *LeadRole,
}


def both_ways(update: FrozenUpdate, pins: Pins) -> tuple[str, dict[str, Any]]:
    """The e-mail's words on one line, and what the system gets."""
    parts = render_email(update, pins.model_copy(update={"channel": Channel.EMAIL}), A_TOKEN)
    return " ".join(parts.text.split()), json.loads(webhook_body(update, pins, A_TOKEN))


@pytest.mark.parametrize("name", sorted(FILES))
def test_an_update_reads_whole_as_its_golden(name: str) -> None:
    assert FILES[name] == (GOLDEN / name).read_text(encoding="utf-8")


def test_every_golden_belongs_to_an_update() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == FILES.keys()


@pytest.mark.parametrize("series", AFTER_DECISION)
def test_every_update_has_the_police_sentence_in_every_form(series: Series) -> None:
    for status, level in product(RaStatus, (Level.NOTICE, Level.OUTCOME, Level.PLAN)):
        update = an_update(series, police_form=a_police_check(status))
        pins = update_pins(series, level=level)
        text, posted = both_ways(update, pins)
        assert SENTENCES[status] in text
        assert SENTENCES[status] in render_email(update, pins).html
        assert posted["data"]["police_form"]["sentence"] == SENTENCES[status]


@pytest.mark.parametrize("series", [Series.ASSESSMENT, Series.CONFERENCE, Series.CLOSED])
@pytest.mark.parametrize("status", PlanStatus)
def test_below_the_level_of_plans_nothing_of_one_is_in_an_update(series: Series, status: PlanStatus) -> None:
    facts = {"plan_status": status, "lead_role": LeadRole.LCPP, "lead_team_code": "ASSESSMENT_2"}
    pins = update_pins(series, agency_type=AgencyType.SCHOOL, level=Level.OUTCOME)
    text, posted = both_ways(an_update(series, facts=facts), pins)
    assert posted["data"]["plan"] is None
    assert [words for words in OF_THE_PLAN if words in text + json.dumps(posted)] == []


@pytest.mark.parametrize("status", PlanStatus)
def test_the_level_of_plans_has_the_status_as_a_code_and_in_words(status: PlanStatus) -> None:
    text, posted = both_ways(an_update(Series.PLAN, facts={"plan_status": status}), update_pins(Series.PLAN))
    assert posted["data"]["plan"] == {
        "status": status.value,
        "lead_role": "LCPP",
        "lead_team_code": "ASSESSMENT_2",
    }
    assert "lead child protection practitioner, Assessment Team 2" in text


@pytest.mark.parametrize("result", S47Result)
def test_an_enquirys_result_is_a_code_for_systems_that_may_have_it_and_for_no_notice(
    result: S47Result,
) -> None:
    update = an_update(Series.ENQUIRY, facts={"enquiry_result": result})
    notice = update_pins(Series.ENQUIRY, level=Level.NOTICE, notice_reason=NoticeReason.PHONE_ONLY)
    _, in_full = both_ways(update, update_pins(Series.ENQUIRY, level=Level.OUTCOME))
    text, in_a_notice = both_ways(update, notice)
    assert in_full["data"]["news"]["enquiry_result"] == result.value
    assert in_a_notice["data"]["news"] is None
    assert "enquiry" not in text.lower() + json.dumps(in_a_notice).lower()


@pytest.mark.parametrize("series", AFTER_DECISION)
@pytest.mark.parametrize("level", [Level.NOTICE, Level.OUTCOME, Level.PLAN])
def test_no_byte_of_a_duplicates_update_names_the_other_referral(series: Series, level: Level) -> None:
    update, pins = an_update(series), update_pins(series, level=level, duplicate=a_duplicate())
    parts = render_email(update, pins)
    for seen in (parts.subject, parts.text, parts.html, webhook_body(update, pins, None).decode()):
        assert update.referral_ref not in seen
        assert "NS-26-0DUPL8" in seen


@pytest.mark.parametrize("name", sorted(DRAFTS))
def test_the_text_part_is_narrow_plain_and_marked_at_both_ends(name: str) -> None:
    parts = render_email(*DRAFTS[name])
    lines = parts.text.splitlines()
    assert parts.text.isascii()
    assert all(len(line) <= 72 for line in lines if not re.fullmatch(r"https://\S+", line))
    assert (lines[0], lines[-1]) == ("OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE")
    assert "\n\n\n" not in parts.text
    assert len(parts.subject) <= 65
