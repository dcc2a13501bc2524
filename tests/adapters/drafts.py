"""The e-mails whose whole text is kept under golden/: the agreed drafts and one of each other shape.

`python -m tests.adapters.drafts` writes the files again; read the difference before you commit it.
"""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from functions.adapters.render import EmailParts, render_email
from schemas.codes import (
    AgencyType,
    Channel,
    InfoNeeded,
    LeadRole,
    Level,
    NextStep,
    NoticeReason,
    Outcome,
    PlanStatus,
    RaStatus,
    ReasonCode,
    ResponseChange,
    Role,
    SupportCode,
    WatchFor,
)
from schemas.notice import FrozenLabels, FrozenNotice, Pins, SupportContact
from schemas.risk_assessment import RaRule
from tests.notices import (
    A_TOKEN,
    a_duplicate,
    a_hub_contact,
    a_notice,
    a_police_check,
    a_revised_notice,
    pins,
    revised_pins,
)

GOLDEN: Final = Path(__file__).parent / "golden"
_SCHOOL: Final = pins(
    agency_id="hill-school",
    agency_type=AgencyType.SCHOOL,
    channel=Channel.EMAIL,
    level=Level.OUTCOME,
    own_ref="HS/204",
)
_PROBATION: Final = pins(
    agency_id="north-probation",
    agency_type=AgencyType.PROBATION,
    role=Role.INVOLVED,
    channel=Channel.EMAIL,
    own_ref="PR-55120",
)
_NORTHSHIRE: Final = FrozenLabels(
    team="Assessment Team 2",
    receiving_la="West Moorshire Council",
    support={
        SupportCode.FAMILY_HUB: SupportContact(name="Northshire Family Hub", phone="01632 960 120"),
        SupportCode.SCHOOL_NURSING: SupportContact(name="Northshire School Nursing", phone="01632 960 121"),
    },
)
_NO_FURTHER_ACTION: Final = a_notice(
    outcome=Outcome.NFA,
    reason_codes=(ReasonCode.BELOW_THRESHOLD_L2, ReasonCode.NEED_MET_BY_EXISTING_SERVICE),
    support_codes=(SupportCode.FAMILY_HUB, SupportCode.SCHOOL_NURSING),
    next_step_codes=(NextStep.KEEP_WORKING, NextStep.REFER_AGAIN),
    plan_status=PlanStatus.NONE,
    lead_role=None,
    lead_team_code=None,
    labels=_NORTHSHIRE,
)
_CHANGED_TO_AN_ENQUIRY: Final = a_revised_notice(
    reason_codes=(ReasonCode.NEW_INFORMATION,),
    next_step_codes=(NextStep.CONTACT_WITHIN_1_WORKING_DAY,),
    police_form=a_police_check(RaStatus.ABSENT),
)

_DRAFTS: Final[dict[str, tuple[FrozenNotice, Pins]]] = {
    "joint-enquiry-police-form-complete": (a_notice(), pins(channel=Channel.EMAIL)),
    "joint-enquiry-police-form-incorrect": (
        a_notice(
            police_form=a_police_check(
                RaStatus.INCORRECT, failed_rules=(RaRule.RA10, RaRule.RA15), advisory_rules=(RaRule.RA14,)
            ),
            next_step_codes=(
                NextStep.CONTACT_WITHIN_1_WORKING_DAY,
                NextStep.REPORT_OR_CONFERENCE,
                NextStep.DO_NOT_TELL_FAMILY,
                NextStep.TELL_US_CHANGES,
            ),
        ),
        pins(channel=Channel.EMAIL),
    ),
    "joint-enquiry-probation-form-absent": (
        a_notice(police_form=a_police_check(RaStatus.ABSENT)),
        _PROBATION,
    ),
    "early-help-school": (
        a_notice(
            outcome=Outcome.EHF,
            reason_codes=(ReasonCode.BELOW_THRESHOLD_L2,),
            next_step_codes=(
                NextStep.EARLY_HELP_CONTACT,
                NextStep.MAY_JOIN_SUPPORT_MEETING,
                NextStep.REFER_AGAIN,
            ),
            plan_status=PlanStatus.EARLY_HELP_FAMILY_HELP,
            lead_role=LeadRole.EARLY_HELP_LEAD,
        ),
        _SCHOOL,
    ),
    "no-further-action-police": (_NO_FURTHER_ACTION, pins(channel=Channel.EMAIL)),
    "no-further-action-nothing-coded": (
        _NO_FURTHER_ACTION.model_copy(
            update={
                "reason_codes": (),
                "support_codes": (),
                "next_step_codes": (),
                "labels": FrozenLabels(),
            }
        ),
        _SCHOOL,
    ),
    "child-in-need-health-visitor-form-unknown": (
        a_notice(
            outcome=Outcome.S17,
            plan_status=PlanStatus.CIN_PLAN,
            lead_role=LeadRole.ALLOCATED_SW,
            police_form=a_police_check(RaStatus.UNKNOWN),
        ),
        pins(agency_type=AgencyType.HEALTH_VISITING, channel=Channel.EMAIL, own_ref="HV 88-12"),
    ),
    "child-in-need-substance-service": (
        a_notice(
            outcome=Outcome.S17,
            watch_for_codes=(WatchFor.MISSED_APPOINTMENTS, WatchFor.RELAPSE_OR_INCREASED_USE),
            police_form=a_police_check(RaStatus.NOT_REQUIRED),
        ),
        pins(
            agency_type=AgencyType.SUBSTANCE_MISUSE,
            role=Role.INVOLVED,
            channel=Channel.EMAIL,
            level=Level.OUTCOME,
            own_ref="SM-7",
        ),
    ),
    "more-information-school": (
        a_notice(
            outcome=Outcome.INF,
            next_step_codes=(NextStep.SEND_INFO,),
            info_needed_codes=(InfoNeeded.HOUSEHOLD, InfoNeeded.LINK_TO_CHILD),
            info_due_at=datetime(2026, 11, 25, 15, 2, tzinfo=UTC),
        ),
        _SCHOOL,
    ),
    "decision-changed-police": (
        _CHANGED_TO_AN_ENQUIRY,
        revised_pins(channel=Channel.EMAIL),
    ),
    "decision-changed-notice": (
        _CHANGED_TO_AN_ENQUIRY,
        revised_pins(
            **_SCHOOL.model_dump(
                exclude={"level", "notice_reason", "message_type", "told_before"}, exclude_defaults=True
            ),
            level=Level.NOTICE,
            notice_reason=NoticeReason.MAILBOX_NOT_MANAGED,
        ),
    ),
    "decision-changed-in-part-probation": (
        a_revised_notice(plan_status=PlanStatus.CP_PLAN, lead_role=LeadRole.ALLOCATED_SW),
        revised_pins(
            Outcome.S47J,
            agency_id="north-probation",
            agency_type=AgencyType.PROBATION,
            role=Role.INVOLVED,
            channel=Channel.EMAIL,
            own_ref="PR-55120",
        ),
    ),
    "duplicate-school": (
        a_notice(outcome=Outcome.S17, additional=(Outcome.EHF,)),
        _SCHOOL.model_copy(update={"duplicate": a_duplicate()}),
    ),
    "duplicate-health-visitor-knows-both": (
        a_notice(outcome=Outcome.S17, plan_status=PlanStatus.CIN_PLAN),
        pins(
            agency_type=AgencyType.HEALTH_VISITING,
            channel=Channel.EMAIL,
            own_ref="HV 88-12",
            duplicate=a_duplicate(knows_original=True),
        ),
    ),
    "unborn-baby-midwifery": (
        a_notice(
            outcome=Outcome.S17,
            plan_status=PlanStatus.NONE,
            unborn=True,
            expected_date_of_delivery=date(2027, 2, 3),
        ),
        pins(agency_type=AgencyType.MIDWIFERY, role=Role.INVOLVED, channel=Channel.EMAIL, own_ref="MW/31"),
    ),
    "transfer-police": (
        a_notice(
            outcome=Outcome.TRF,
            receiving_la="WEST_MOORSHIRE",
            transfer_accepted=True,
            reason_codes=(ReasonCode.OUT_OF_AREA,),
            plan_status=PlanStatus.NOT_DISCLOSED,
            labels=_NORTHSHIRE,
        ),
        pins(channel=Channel.EMAIL),
    ),
    "single-agency-school-leads": (
        a_notice(
            outcome=Outcome.SAL,
            reason_codes=(ReasonCode.BELOW_THRESHOLD_L2,),
            next_step_codes=(NextStep.OTHER_LEADS, NextStep.TELL_US_CHANGES),
            plan_status=PlanStatus.NONE,
            lead_role=LeadRole.SCHOOL_DSL,
            leading_agency_id="hill-school",
        ),
        _SCHOOL,
    ),
    "advice-school": (
        a_notice(
            outcome=Outcome.ADV,
            reason_codes=(ReasonCode.BELOW_THRESHOLD_L1,),
            support_codes=(SupportCode.FAMILY_HUB, SupportCode.SCHOOL_PASTORAL),
            next_step_codes=(NextStep.KEEP_WORKING, NextStep.REFER_AGAIN),
            family_contacted=True,
            plan_status=PlanStatus.NONE,
            labels=_NORTHSHIRE,
        ),
        _SCHOOL,
    ),
    "open-case-general-practice": (
        a_notice(
            outcome=Outcome.OPN,
            response_change=ResponseChange.STEP_UP,
            next_step_codes=(NextStep.NOTHING_MORE,),
        ),
        pins(agency_type=AgencyType.GP, channel=Channel.EMAIL, level=Level.OUTCOME, own_ref="GP-9"),
    ),
    "emergency-after-release": (
        a_notice(outcome=Outcome.EMP),
        pins(channel=Channel.EMAIL, level=Level.NOTICE),
    ),
    "notice-mailbox-not-managed": (
        _NO_FURTHER_ACTION,
        _SCHOOL.model_copy(update={"level": Level.NOTICE, "notice_reason": NoticeReason.MAILBOX_NOT_MANAGED}),
    ),
    "notice-phone-only": (
        a_notice(outcome=Outcome.ACC, contact=a_hub_contact(reply_to=None)),
        pins(
            agency_type=AgencyType.DENTIST,
            channel=Channel.EMAIL,
            level=Level.NOTICE,
            notice_reason=NoticeReason.PHONE_ONLY,
            own_ref=None,
        ),
    ),
    "notice-which-child": (
        a_notice(police_form=a_police_check(RaStatus.ABSENT)),
        _PROBATION.model_copy(
            update={"level": Level.NOTICE, "notice_reason": NoticeReason.WHICH_CHILD, "own_ref": None}
        ),
    ),
}


DRAFTS: Final[dict[str, tuple[FrozenNotice, Pins, str]]] = {
    name: (*draft, A_TOKEN) for name, draft in _DRAFTS.items()
}
"""Each with the token of its read link."""


def as_read(parts: EmailParts) -> str:
    """What a golden file holds: the subject line above the text part."""
    return f"Subject: {parts.subject}\n\n{parts.text}"


def main() -> None:
    GOLDEN.mkdir(exist_ok=True)
    for stale in GOLDEN.glob("*.email.txt"):
        stale.unlink()
    for name, draft in DRAFTS.items():
        (GOLDEN / f"{name}.email.txt").write_text(as_read(render_email(*draft)), encoding="utf-8")


if __name__ == "__main__":
    main()
