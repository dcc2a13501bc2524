"""Builders of frozen notices and their pins: the worked example, with what a test changes."""

from datetime import UTC, datetime
from typing import Any, Final

from functions.domain.series import UNTIL_DECIDED
from functions.domain.wording import LABELS_VERSION, TEMPLATE_VERSION, UPDATE_TEMPLATE_VERSION
from functions.domain.wording.updates import MESSAGE_TYPES
from schemas.codes import (
    AgencyType,
    Channel,
    LeadRole,
    Level,
    MessageType,
    NextStep,
    Outcome,
    PlanStatus,
    RaStatus,
    Role,
    S47Result,
    Series,
)
from schemas.notice import (
    FrozenLabels,
    FrozenNotice,
    FrozenUpdate,
    HubContact,
    Pins,
    SharedReferral,
    ToldBefore,
    UpdateFacts,
)
from schemas.risk_assessment import PoliceCheck, RaRule

A_MESSAGE_ID: Final = "msg_8c6f0e1c2a4b4d0f9a7e3b5c1d2e4f60"
CONFIRM_BASE: Final = "https://outcomes.northshire.example"
A_TOKEN: Final = "5f0c92b7ad3e41860b6d2f97c41ae853"
A_READ_LINK: Final = f"{CONFIRM_BASE}/read/{A_TOKEN}"


def a_hub_contact(**changes: Any) -> HubContact:
    """Northshire, an invented hub; its numbers are those kept for drama."""
    values: dict[str, Any] = {
        "hub_name": "Northshire MASH",
        "duty_phone": "01632 960 100",
        "duty_hours": "Monday to Friday, 8:30am to 5:30pm",
        "out_of_hours_phone": "01632 960 999",
        "escalation_url": "https://safeguarding.northshire.example/disagree",
        "publisher_url": "https://outcomes.northshire.example",
        "reply_to": "mash.duty@northshire.example",
        "marking": "OFFICIAL-SENSITIVE",
    }
    return HubContact(**{**values, **changes})


def a_police_check(status: RaStatus = RaStatus.COMPLETE, **changes: Any) -> PoliceCheck:
    """A check with `status`; only an INCORRECT one has a failed rule."""
    values: dict[str, Any] = {
        "status": status,
        "failed_rules": (RaRule.RA10,) if status is RaStatus.INCORRECT else (),
        "advisory_rules": (),
        "rule_set_version": "1",
        "evaluated_at": datetime(2026, 11, 24, 15, 2, 30, tzinfo=UTC),
        "policy_id": "POLICY_1" if status is RaStatus.NOT_REQUIRED else None,
        "stale": False,
        "after_decision": False,
    }
    return PoliceCheck(**{**values, **changes})


def a_notice(**changes: Any) -> FrozenNotice:
    """The worked example's notice: section 47, joint, with a complete form."""
    values: dict[str, Any] = {
        "referral_ref": "NS-26-7KQ4ZP",
        "child_index": 1,
        "decision_seq": 1,
        "message_type": MessageType.OUTCOME,
        "outcome": Outcome.S47J,
        "additional": (),
        "reason_codes": (),
        "support_codes": (),
        "next_step_codes": (NextStep.CONTACT_WITHIN_1_WORKING_DAY, NextStep.TELL_US_CHANGES),
        "watch_for_codes": (),
        "info_needed_codes": (),
        "info_due_at": None,
        "plan_status": PlanStatus.CP_ENQUIRY,
        "lead_role": LeadRole.DUTY_SW,
        "lead_team_code": "ASSESSMENT_2",
        "response_change": None,
        "receiving_la": None,
        "occurred_at": datetime(2026, 11, 24, 15, 2, 29, tzinfo=UTC),
        "received_at": datetime(2026, 11, 24, 9, 40, tzinfo=UTC),
        "decided_at": datetime(2026, 11, 24, 15, 2, tzinfo=UTC),
        "contact": a_hub_contact(),
        "police_form": a_police_check(),
        "labels_version": LABELS_VERSION,
        "labels": FrozenLabels(team="Assessment Team 2"),
        "confirm_base": CONFIRM_BASE,
    }
    return FrozenNotice(**{**values, **changes})


def pins(**changes: Any) -> Pins:
    """The worked example's police webhook, level 3."""
    values: dict[str, Any] = {
        "agency_id": "north-police",
        "agency_type": AgencyType.POLICE,
        "role": Role.REFERRER,
        "channel": Channel.WEBHOOK,
        "level": Level.PLAN,
        "message_type": MessageType.OUTCOME,
        "message_id": A_MESSAGE_ID,
        "template_version": TEMPLATE_VERSION,
        "own_ref": "43261124/0917",
        "notice_reason": None,
    }
    return Pins(**{**values, **changes})


def revised_pins(before: Outcome | None = Outcome.EHF, **changes: Any) -> Pins:
    """The police told once more, after they were told `before` on 24 November 2026."""
    told_at = datetime(2026, 11, 24, 15, 2, 31, tzinfo=UTC)
    values: dict[str, Any] = {
        "message_type": MessageType.OUTCOME_REVISED,
        "told_before": ToldBefore(decision_seq=1, outcome=before, told_at=told_at),
    }
    return pins(**{**values, **changes})


def a_revised_notice(**changes: Any) -> FrozenNotice:
    """The second version of the worked example, decided two days after the first."""
    values: dict[str, Any] = {
        "decision_seq": 2,
        "message_type": MessageType.OUTCOME_REVISED,
        "occurred_at": datetime(2026, 11, 26, 9, 30, 5, tzinfo=UTC),
        "decided_at": datetime(2026, 11, 26, 9, 30, tzinfo=UTC),
    }
    return a_notice(**{**values, **changes})


def a_duplicate(*, knows_original: bool = False) -> SharedReferral:
    """A referral that arrived a day after the worked example's and repeats it, about its second child."""
    return SharedReferral(
        referral_ref="NS-26-0DUPL8",
        child_index=2,
        decision_seq=1,
        received_at=datetime(2026, 11, 25, 8, 15, tzinfo=UTC),
        knows_original=knows_original,
    )


def an_update(series: Series = Series.ACKNOWLEDGEMENT, **changes: Any) -> FrozenUpdate:
    """What is told beside the worked example's decision, or before it.

    `facts` are the series' own: what a test says of them is put in the place of the usual ones.
    """
    usual = BEFORE_THE_DECISION if series in UNTIL_DECIDED else AFTER_IT
    facts = {**usual["facts"], **USUAL_FACTS.get(series, {}), **changes.pop("facts", {})}
    values: dict[str, Any] = {
        "referral_ref": "NS-26-7KQ4ZP",
        "child_index": 1,
        "series": series,
        "number": 1,
        "received_at": datetime(2026, 11, 24, 9, 40, tzinfo=UTC),
        "contact": a_hub_contact(),
        "labels_version": LABELS_VERSION,
        "confirm_base": CONFIRM_BASE,
    }
    return FrozenUpdate(**{**values, **usual, "facts": UpdateFacts(**facts), **changes})


BEFORE_THE_DECISION: Final[dict[str, Any]] = {
    "facts": {
        "happened_at": datetime(2026, 11, 24, 10, 0, tzinfo=UTC),
        "due_at": datetime(2026, 11, 24, 13, 40, tzinfo=UTC),
    },
    "occurred_at": datetime(2026, 11, 24, 10, 1, tzinfo=UTC),
    "police_form": a_police_check(evaluated_at=datetime(2026, 11, 24, 10, 1, tzinfo=UTC)),
}
AFTER_IT: Final[dict[str, Any]] = {
    "facts": {"happened_at": datetime(2026, 12, 14, 11, 20, tzinfo=UTC)},
    "occurred_at": datetime(2026, 12, 14, 11, 21, tzinfo=UTC),
    "police_form": a_police_check(),
    "labels": FrozenLabels(team="Assessment Team 2", receiving_la="Southshire Council"),
}
USUAL_FACTS: Final[dict[Series, dict[str, Any]]] = {
    Series.ASSESSMENT: {"plan_status": PlanStatus.CIN_PLAN},
    Series.ENQUIRY: {"enquiry_result": S47Result.S17_SERVICES},
    Series.CONFERENCE: {"plan_status": PlanStatus.CP_PLAN},
    Series.TRANSFER: {"receiving_la": "SOUTHSHIRE"},
    Series.PLAN: {
        "plan_status": PlanStatus.CP_PLAN,
        "lead_role": LeadRole.LCPP,
        "lead_team_code": "ASSESSMENT_2",
    },
    Series.CLOSED: {"plan_status": PlanStatus.NONE},
    Series.STALE_PLAN: {"happened_at": datetime(2026, 11, 2, 9, 15, tzinfo=UTC)},
    Series.JOINT_CASE: {"happened_at": datetime(2026, 11, 30, 15, 2, tzinfo=UTC)},
}


def update_pins(series: Series = Series.ACKNOWLEDGEMENT, **changes: Any) -> Pins:
    """The police told of an update of that series in their own system, in full."""
    values: dict[str, Any] = {
        "level": Level.OUTCOME if series in UNTIL_DECIDED else Level.PLAN,
        "message_type": MESSAGE_TYPES[series],
        "template_version": UPDATE_TEMPLATE_VERSION,
    }
    return pins(**{**values, **changes})
