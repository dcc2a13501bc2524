"""The webhook's body against the worked example, the levels, and an independent CloudEvents reader."""

import json
from datetime import UTC, date, datetime
from itertools import product
from typing import Any, Final

import pytest
from cloudevents.v1.http import from_json
from pydantic import ValidationError

from functions.adapters.payload import payload_sha256, render_webhook
from functions.domain.wording.outcomes import FIXED, FIXED_CODES
from functions.domain.wording.police_form import SENTENCES
from schemas.codes import (
    AgencyType,
    InfoNeeded,
    LeadRole,
    Level,
    MessageType,
    NextStep,
    NoticeReason,
    Outcome,
    RaStatus,
    ResponseChange,
    Role,
    SupportCode,
    WatchFor,
)
from schemas.entitlement import STATUTORY_PARTNERS
from schemas.notice import FrozenLabels, ToldBefore
from schemas.outcome import OutcomeData, OutcomeEvent
from schemas.risk_assessment import RaRule
from tests.notices import (
    A_READ_LINK,
    A_TOKEN,
    a_duplicate,
    a_notice,
    a_police_check,
    a_revised_notice,
    pins,
    revised_pins,
)

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
        "message_type": "OUTCOME",
        "duplicate_of": None,
        "decision": {
            "decision_seq": 1,
            "supersedes": None,
            "outcome": "S47J",
            "additional_outcomes": [],
            "decided_at": "2026-11-24T15:02:00Z",
            "reason_codes": [],
            "response_change": None,
            "receiving_la": None,
            "transfer_accepted": None,
            "family_contacted": None,
        },
        "said_instead": [],
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
        "info_needed": None,
        "watch_for": [],
        "support": [],
        "expected_date_of_delivery": None,
        "plan": {"status": "CP_ENQUIRY", "lead_role": "DUTY_SW", "lead_team_code": "ASSESSMENT_2"},
        "contact": {
            "duty_phone": "01632 960 100",
            "duty_hours": "Monday to Friday, 8:30am to 5:30pm",
            "out_of_hours_phone": "01632 960 999",
            "escalation_url": "https://safeguarding.northshire.example/disagree",
        },
        "confirm_url": "https://outcomes.northshire.example/read/5f0c92b7ad3e41860b6d2f97c41ae853",
    },
}
EVERYTHING_ELSE: Final[dict[str, Any]] = {
    "unborn": True,
    "expected_date_of_delivery": date(2027, 2, 3),
    "family_contacted": True,
    "response_change": ResponseChange.STEP_UP,
    "receiving_la": "WEST_MOORSHIRE",
    "transfer_accepted": False,
    "info_needed_codes": (InfoNeeded.HOUSEHOLD, InfoNeeded.GOOD_QUALITY),
    "info_due_at": datetime(2026, 11, 25, 15, 2, tzinfo=UTC),
    "watch_for_codes": (WatchFor.ADULT_DISENGAGES, WatchFor.PREGNANCY),
    "labels": FrozenLabels(team="Assessment Team 2", receiving_la="West Moorshire Council"),
}
"""What a decision may carry beside its outcome, all at once."""
TOLD: Final = tuple(outcome for outcome in Outcome if outcome is not Outcome.DUP)


def data(**event: Any) -> dict[str, Any]:
    found: dict[str, Any] = event["data"]
    return found


def test_the_worked_examples_body_comes_out_whole_and_in_its_key_order() -> None:
    assert render_webhook(a_notice(), pins(), A_TOKEN) == json.dumps(EXAMPLE, separators=(",", ":")).encode()


def test_level_two_drops_the_plan_and_nothing_else() -> None:
    body = json.loads(render_webhook(a_notice(), pins(level=Level.OUTCOME), A_TOKEN))
    assert body == {**EXAMPLE, "data": {**data(**EXAMPLE), "level": 2, "plan": None}}


@pytest.mark.parametrize("outcome", [Outcome.EMP, Outcome.LAD])
def test_the_fixed_sentences_webhook_names_no_decision(outcome: Outcome) -> None:
    body = render_webhook(a_notice(outcome=outcome, **EVERYTHING_ELSE), pins(level=Level.NOTICE), A_TOKEN)
    example = data(**EXAMPLE)
    assert json.loads(body)["data"] == {
        **example,
        "level": 1,
        "decision": None,
        "said_instead": [{"code": FIXED_CODES[outcome], "sentence": FIXED[outcome]}],
        "police_form": {**example["police_form"], "evaluated_at": None},
        "next_steps": ["DO_NOT_TELL_FAMILY"],
        "plan": None,
    }
    assert f'"{outcome}"'.encode() not in body


def test_level_one_keeps_references_the_police_sentence_and_contact() -> None:
    notice_only = pins(
        agency_type=AgencyType.MIDWIFERY,
        level=Level.NOTICE,
        notice_reason=NoticeReason.PHONE_ONLY,
        message_type=MessageType.OUTCOME_REVISED,
        told_before=ToldBefore(decision_seq=1, outcome=Outcome.EHF, told_at=None),
        duplicate=a_duplicate(knows_original=True),
    )
    notice = a_notice(
        outcome=Outcome.INF,
        additional=(Outcome.TRF, Outcome.OPN, Outcome.ADV),
        support_codes=(SupportCode.FAMILY_HUB,),
        police_form=a_police_check(RaStatus.INCORRECT),
        **EVERYTHING_ELSE,
    )
    assert json.loads(render_webhook(notice, notice_only, A_TOKEN))["data"] == {
        "referral_ref": "NS-26-0DUPL8",
        "child_index": None,
        "own_ref": "43261124/0917",
        "level": 1,
        "message_type": "OUTCOME_REVISED",
        "duplicate_of": None,
        "decision": None,
        "said_instead": [
            {
                "code": "CALL_FOR_OUTCOME",
                "sentence": (
                    "We have changed our decision about a referral you made to us. We are not putting it in "
                    "this message, because we share it by phone only. We changed it on 24 November 2026 at "
                    "3:02pm. Any earlier message from us about it is out of date. Call the MASH on 01632 960 "
                    "100 and give the reference. Ask for the duty manager. We will call you back on your "
                    "agency's main number before we share anything."
                ),
            }
        ],
        "police_form": {
            "status": "INCORRECT",
            "failed_rules": [],
            "advisory_rules": [],
            "evaluated_at": None,
            "sentence": SENTENCES[RaStatus.INCORRECT],
        },
        "next_steps": ["SHOW_COLLEAGUES", "HIDE_ONLINE"],
        "info_needed": None,
        "watch_for": [],
        "support": [],
        "expected_date_of_delivery": None,
        "plan": None,
        "contact": data(**EXAMPLE)["contact"],
        "confirm_url": A_READ_LINK,
    }


@pytest.mark.parametrize(
    ("outcome", "steps"),
    [
        (Outcome.S47J, ["HIDE_ONLINE"]),
        (Outcome.EMP, ["DO_NOT_TELL_FAMILY", "HIDE_ONLINE"]),
        (Outcome.LAD, ["DO_NOT_TELL_FAMILY", "HIDE_ONLINE"]),
    ],
)
def test_a_level_one_body_shows_no_outcome_even_where_the_email_has_a_fixed_sentence(
    outcome: Outcome, steps: list[str]
) -> None:
    body = render_webhook(a_notice(outcome=outcome), pins(agency_type=AgencyType.GP, level=Level.NOTICE))
    assert json.loads(body)["data"]["decision"] is None
    assert json.loads(body)["data"]["next_steps"] == steps
    assert f'"{outcome}"'.encode() not in body


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


BESIDE: Final[dict[Outcome, dict[str, Any]]] = {
    Outcome.OPN: {"response_change": "STEP_UP"},
    Outcome.TRF: {"receiving_la": "WEST_MOORSHIRE", "transfer_accepted": False},
    Outcome.ADV: {"family_contacted": True},
}


@pytest.mark.parametrize("outcome", [outcome for outcome in TOLD if outcome not in FIXED])
def test_what_belongs_to_one_outcome_travels_beside_that_outcome_only(outcome: Outcome) -> None:
    said = data(**json.loads(render_webhook(a_notice(outcome=outcome, **EVERYTHING_ELSE), pins())))
    nothing = dict.fromkeys(("response_change", "receiving_la", "transfer_accepted", "family_contacted"))
    expected = nothing | BESIDE.get(outcome, {})
    assert {name: said["decision"][name] for name in nothing} == expected
    asked = {"codes": ["HOUSEHOLD"], "due_at": "2026-11-25T15:02:00Z"}
    assert said["info_needed"] == (asked if outcome is Outcome.INF else None)


def test_who_is_not_asked_for_information_receives_no_request() -> None:
    notice = a_notice(outcome=Outcome.INF, information_asked_of=("hill-school",), **EVERYTHING_ELSE)
    said = data(**json.loads(render_webhook(notice, pins())))
    assert said["info_needed"] is None
    assert "SEND_INFO" not in said["next_steps"]


@pytest.mark.parametrize("agency_type", AgencyType)
def test_the_birth_and_what_to_watch_for_reach_only_their_services(agency_type: AgencyType) -> None:
    said = data(**json.loads(render_webhook(a_notice(**EVERYTHING_ELSE), pins(agency_type=agency_type))))
    birth = agency_type in {AgencyType.HEALTH_VISITING, AgencyType.MIDWIFERY}
    adult_service = agency_type in {AgencyType.ADULT_MENTAL_HEALTH, AgencyType.SUBSTANCE_MISUSE}
    assert said["expected_date_of_delivery"] == ("2027-02-03" if birth else None)
    assert said["watch_for"] == (["ADULT_DISENGAGES", "PREGNANCY"] if adult_service else [])


def test_a_code_that_the_directory_does_not_list_does_not_travel() -> None:
    notice = a_notice(
        outcome=Outcome.TRF,
        lead_team_code="JANE_SMITH_TEAM",
        receiving_la="JANE_SMITHSHIRE",
        labels=FrozenLabels(),
    )
    body = render_webhook(notice, pins())
    assert b"JANE" not in body
    assert json.loads(body)["data"]["plan"] == {
        "status": "CP_ENQUIRY",
        "lead_role": "DUTY_SW",
        "lead_team_code": None,
    }


@pytest.mark.parametrize(("agency_id", "step"), [("hill-school", "YOU_LEAD"), ("vale-school", "OTHER_LEADS")])
def test_only_the_agency_that_leads_receives_that_it_does(agency_id: str, step: str) -> None:
    notice = a_notice(
        outcome=Outcome.SAL,
        leading_agency_id="hill-school",
        lead_role=LeadRole.SCHOOL_DSL,
        next_step_codes=(NextStep.YOU_LEAD,),
    )
    school = pins(agency_id=agency_id, agency_type=AgencyType.SCHOOL, level=Level.OUTCOME)
    assert data(**json.loads(render_webhook(notice, school)))["next_steps"][0] == step


def test_a_changed_decision_names_the_version_it_replaces() -> None:
    event = json.loads(render_webhook(a_revised_notice(), revised_pins()))
    assert event["type"] == "uk.mash.outcome.v1"
    assert event["data"]["message_type"] == "OUTCOME_REVISED"
    assert event["data"]["decision"]["decision_seq"] == 2
    assert event["data"]["decision"]["supersedes"] == 1
    assert "SHOW_COLLEAGUES" in event["data"]["next_steps"]


@pytest.mark.parametrize(("outcome", "level"), list(product(TOLD, (1, 2, 3))))
def test_a_duplicates_event_is_about_the_recipients_own_referral(outcome: Outcome, level: int) -> None:
    body = render_webhook(a_notice(outcome=outcome), pins(level=Level(level), duplicate=a_duplicate()))
    event = json.loads(body)
    assert event["subject"] == event["data"]["referral_ref"] == "NS-26-0DUPL8"
    assert event["data"]["child_index"] in {None, 2}
    assert b"NS-26-7KQ4ZP" not in body


@pytest.mark.parametrize(
    ("level", "original"),
    [(Level.NOTICE, None), (Level.OUTCOME, "NS-26-7KQ4ZP"), (Level.PLAN, "NS-26-7KQ4ZP")],
)
def test_the_other_reference_travels_in_one_key_to_whoever_knows_it(
    level: Level, original: str | None
) -> None:
    body = render_webhook(a_notice(), pins(level=level, duplicate=a_duplicate(knows_original=True)))
    assert json.loads(body)["data"]["duplicate_of"] == original
    assert body.count(b"NS-26-7KQ4ZP") == (0 if original is None else 1)


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
