"""The webhook's body against the worked example, the levels, and an independent CloudEvents reader."""

import json
from itertools import product
from typing import Any, Final

import pytest
from cloudevents.v1.http import from_json
from pydantic import ValidationError

from functions.adapters.payload import payload_sha256, render_webhook
from functions.domain.wording.police_form import SENTENCES
from schemas.codes import AgencyType, Level, NextStep, NoticeReason, Outcome, RaStatus, Role, SupportCode
from schemas.entitlement import STATUTORY_PARTNERS
from schemas.outcome import OutcomeData, OutcomeEvent
from schemas.risk_assessment import RaRule
from tests.notices import a_notice, a_police_check, pins

EXAMPLE: Final = {
    "specversion": "1.0",
    "id": "msg_8c6f0e1c2a4b4d0f9a7e3b5c1d2e4f60",
    "source": "https://outcomes.northshire.example/mash",
    "type": "uk.mash.outcome.v1",
    "subject": "NS-26-7KQ4ZP",
    "time": "2026-11-24T15:02:29Z",
    "datacontenttype": "application/json",
    "dataschema": "https://outcomes.northshire.example/schemas/outcome-1.0.json",
    "protectivemarking": "OFFICIAL-SENSITIVE",
    "data": {
        "referral_ref": "NS-26-7KQ4ZP",
        "child_index": 1,
        "own_ref": "43261124/0917",
        "level": 3,
        "decision": {
            "decision_seq": 1,
            "supersedes": None,
            "outcome": "S47J",
            "additional_outcomes": [],
            "decided_at": "2026-11-24T15:02:00Z",
            "reason_codes": [],
        },
        "police_form": {
            "status": "COMPLETE",
            "failed_rules": [],
            "advisory_rules": [],
            "evaluated_at": "2026-11-24T15:02:30Z",
            "sentence": (
                "Complete. The police risk-assessment form is filled in. This does not mean the risk is low."
            ),
        },
        "next_steps": ["CONTACT_WITHIN_1_WORKING_DAY", "TELL_US_CHANGES", "DO_NOT_TELL_FAMILY"],
        "support": [],
        "plan": {"status": "CP_ENQUIRY", "lead_role": "DUTY_SW", "lead_team_code": "ASSESSMENT_2"},
        "contact": {
            "duty_phone": "01632 960 100",
            "escalation_url": "https://safeguarding.northshire.example/disagree",
        },
    },
}
TOLD: Final = tuple(outcome for outcome in Outcome if outcome is not Outcome.DUP)


def data(**event: Any) -> dict[str, Any]:
    found: dict[str, Any] = event["data"]
    return found


def test_the_worked_examples_body_comes_out_whole_and_in_its_key_order() -> None:
    assert render_webhook(a_notice(), pins()) == json.dumps(EXAMPLE, separators=(",", ":")).encode()


def test_level_two_drops_the_plan_and_nothing_else() -> None:
    body = json.loads(render_webhook(a_notice(), pins(level=Level.OUTCOME)))
    assert body == {**EXAMPLE, "data": {**data(**EXAMPLE), "level": 2, "plan": None}}


@pytest.mark.parametrize("outcome", [Outcome.EMP, Outcome.LAD])
def test_the_fixed_sentences_webhook_names_no_decision(outcome: Outcome) -> None:
    said = data(**json.loads(render_webhook(a_notice(outcome=outcome), pins(level=Level.NOTICE))))
    assert (said["level"], said["decision"], said["next_steps"]) == (1, None, [])


def test_level_one_keeps_references_the_police_sentence_and_contact() -> None:
    notice_only = pins(level=Level.NOTICE, notice_reason=NoticeReason.PHONE_ONLY)
    notice = a_notice(support_codes=(SupportCode.FAMILY_HUB,), police_form=a_police_check(RaStatus.INCORRECT))
    assert json.loads(render_webhook(notice, notice_only))["data"] == {
        "referral_ref": "NS-26-7KQ4ZP",
        "child_index": None,
        "own_ref": "43261124/0917",
        "level": 1,
        "decision": None,
        "police_form": {
            "status": "INCORRECT",
            "failed_rules": [],
            "advisory_rules": [],
            "evaluated_at": None,
            "sentence": SENTENCES[RaStatus.INCORRECT],
        },
        "next_steps": [],
        "support": [],
        "plan": None,
        "contact": data(**EXAMPLE)["contact"],
    }


@pytest.mark.parametrize("outcome", [Outcome.S47J, Outcome.EMP, Outcome.LAD])
def test_a_level_one_body_shows_no_outcome_even_where_the_email_has_a_fixed_sentence(
    outcome: Outcome,
) -> None:
    body = json.loads(
        render_webhook(a_notice(outcome=outcome), pins(agency_type=AgencyType.GP, level=Level.NOTICE))
    )
    assert body["data"]["decision"] is None
    assert body["data"]["next_steps"] == []


def test_emergency_protection_carries_no_other_outcome_reason_or_plan() -> None:
    body = json.loads(render_webhook(a_notice(additional=(Outcome.EMP,)), pins()))
    assert body["data"]["decision"]["outcome"] == "EMP"
    assert body["data"]["decision"]["additional_outcomes"] == []
    assert body["data"]["plan"] is None
    assert body["data"]["next_steps"] == [NextStep.DO_NOT_TELL_FAMILY]


@pytest.mark.parametrize(("outcome", "level", "status"), list(product(TOLD, (1, 2, 3), RaStatus)))
def test_an_independent_reader_accepts_every_body_and_finds_the_police_sentence(
    outcome: Outcome, level: int, status: RaStatus
) -> None:
    for agency_type, role in product((AgencyType.POLICE, AgencyType.PROBATION, AgencyType.GP), Role):
        notice = a_notice(outcome=outcome, police_form=a_police_check(status))
        body = render_webhook(notice, pins(agency_type=agency_type, role=role, level=Level(level)))
        event = from_json(body)
        assert event["type"] == "uk.mash.outcome.v1"
        assert event["protectivemarking"] == "OFFICIAL-SENSITIVE"
        told = event.get_data()
        assert told is not None
        assert told["police_form"]["sentence"] == SENTENCES[status]
        assert SENTENCES[status].encode() in body
        assert OutcomeEvent.model_validate_json(body).model_dump_json().encode() == body


@pytest.mark.parametrize(
    ("status", "coarse"),
    [
        (RaStatus.COMPLETE, "COMPLETE"),
        (RaStatus.INCORRECT, "NOT_YET_COMPLETE"),
        (RaStatus.ABSENT, "NOT_YET_COMPLETE"),
        (RaStatus.NOT_REQUIRED, "NOT_NEEDED"),
        (RaStatus.UNKNOWN, "NOT_KNOWN"),
    ],
)
@pytest.mark.parametrize("agency_type", AgencyType)
def test_partners_receive_the_exact_status_and_the_rest_the_coarse_one(
    agency_type: AgencyType, status: RaStatus, coarse: str
) -> None:
    notice = a_notice(police_form=a_police_check(status))
    body = json.loads(render_webhook(notice, pins(agency_type=agency_type)))
    expected = status.value if agency_type in STATUTORY_PARTNERS else coarse
    assert body["data"]["police_form"]["status"] == expected


@pytest.mark.parametrize("agency_type", AgencyType)
def test_only_the_police_receive_the_rules(agency_type: AgencyType) -> None:
    check = a_police_check(RaStatus.INCORRECT, advisory_rules=(RaRule.RA14,))
    body = json.loads(render_webhook(a_notice(police_form=check), pins(agency_type=agency_type)))
    police = agency_type is AgencyType.POLICE
    assert body["data"]["police_form"]["failed_rules"] == (["RA10"] if police else [])
    assert body["data"]["police_form"]["advisory_rules"] == (["RA14"] if police else [])


def test_sensitive_support_is_left_out_for_all_but_statutory_referrers() -> None:
    notice = a_notice(support_codes=(SupportCode.FAMILY_HUB, SupportCode.PARENT_MH))
    referrer = json.loads(render_webhook(notice, pins()))
    involved = json.loads(render_webhook(notice, pins(role=Role.INVOLVED)))
    assert referrer["data"]["support"] == ["FAMILY_HUB", "PARENT_MH"]
    assert involved["data"]["support"] == ["FAMILY_HUB"]


def test_a_missing_reason_travels_as_ask_the_team() -> None:
    body = json.loads(render_webhook(a_notice(outcome=Outcome.NFA), pins()))
    assert body["data"]["decision"]["reason_codes"] == ["OTHER_SEE_TEAM"]


@pytest.mark.parametrize("police_form", [{}, {"police_form": None}])
def test_a_body_without_the_police_check_cannot_be_built(police_form: dict[str, None]) -> None:
    parts = OutcomeEvent.model_validate_json(render_webhook(a_notice(), pins())).data.model_dump(
        exclude={"police_form"}
    )
    with pytest.raises(ValidationError, match="police_form"):
        OutcomeData.model_validate({**parts, **police_form})


def test_the_same_notice_and_pins_give_the_same_bytes() -> None:
    first, second = (render_webhook(a_notice(), pins()) for _ in range(2))
    assert first == second
    assert payload_sha256(first) == payload_sha256(second)
    assert payload_sha256(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
