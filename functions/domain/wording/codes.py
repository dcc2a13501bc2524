"""One fixed sentence per code: no free text reaches a message, so every word of it stands here."""

from typing import Final

from schemas.codes import (
    InfoNeeded,
    LeadRole,
    NextStep,
    PlanStatus,
    ReasonCode,
    SupportCode,
    WatchFor,
)

REASONS: Final[dict[ReasonCode, str]] = {
    ReasonCode.BELOW_THRESHOLD_L1: "On the information available, universal services can meet the need.",
    ReasonCode.BELOW_THRESHOLD_L2: (
        "On the information available, this does not meet the threshold for a social work assessment."
    ),
    ReasonCode.NEED_MET_BY_EXISTING_SERVICE: (
        "A worker is already in place and has been told about your concern."
    ),
    ReasonCode.INSUFFICIENT_INFO_AFTER_CHASE: "We asked for more information and could not get enough.",
    ReasonCode.NO_CHILD_IDENTIFIED: "We could not identify a child from the referral.",
    ReasonCode.OUT_OF_AREA: "The child lives in another area.",
    ReasonCode.CONSENT_DECLINED: (
        "The family did not agree to support."
        " On the information available, we cannot go further without agreement."
    ),
    ReasonCode.INFO_ONLY_NOTIFICATION: "You sent this for information and no decision was asked for.",
    ReasonCode.HISTORIC: (
        "The concern is about the past. On the information available, it does not meet the threshold now."
    ),
    ReasonCode.OTHER_SEE_TEAM: "Call the duty team for the reason.",
    ReasonCode.NEW_INFORMATION: "We received new information.",
    ReasonCode.MANAGER_REVIEW: "A manager reviewed the decision.",
    ReasonCode.CHALLENGE_UPHELD: "A challenge was upheld.",
    ReasonCode.RECORDED_IN_ERROR: "The earlier decision was recorded in error.",
}
REASONS_BEFORE_BIRTH: Final[dict[ReasonCode, str]] = {
    ReasonCode.OUT_OF_AREA: "The family lives in another area.",
}
"""Said instead where a child that is not born yet could not be meant."""

SUPPORT: Final[dict[SupportCode, str]] = {
    SupportCode.FAMILY_HUB: "Family hub",
    SupportCode.EARLY_HELP_SELF_REF: "Early help self-referral",
    SupportCode.HEALTH_VISITING: "Health visiting",
    SupportCode.SCHOOL_NURSING: "School nursing",
    SupportCode.SCHOOL_PASTORAL: "School pastoral or DSL support",
    SupportCode.DOMESTIC_ABUSE_SERVICE: "Domestic abuse service",
    SupportCode.SUBSTANCE_SERVICE: "Alcohol and drug service",
    SupportCode.PARENT_MH: "Adult mental health",
    SupportCode.CHILD_MH: "Child mental health support",
    SupportCode.HOUSING_MONEY: "Housing and money advice",
    SupportCode.SEND_SERVICE: "SEND information and advice",
}
CALL_ABOUT_SUPPORT: Final = "Call us about support."
SUPPORT_CONTACTS: Final = "Call us for their contact details."
OTHER_SUPPORT_CONTACTS: Final = "Call us for the other contact details."

NEXT_STEPS: Final[dict[NextStep, str]] = {
    NextStep.CONTACT_WITHIN_1_WORKING_DAY: "A social worker will contact you within 1 working day.",
    NextStep.REPORT_OR_CONFERENCE: "We may ask you for a report or to come to a child protection conference.",
    NextStep.STRATEGY_MEETING_JOIN: "We are arranging a strategy meeting. Call the duty number to take part.",
    NextStep.DO_NOT_TELL_FAMILY: (
        "Do not tell the family about this enquiry unless the social worker has agreed it with you."
    ),
    NextStep.TELL_US_CHANGES: "Tell us straight away if anything changes.",
    NextStep.EARLY_HELP_CONTACT: ("The early help team will contact the family within {early_help_days}."),
    NextStep.MAY_JOIN_SUPPORT_MEETING: "They may ask you to join a meeting about the support.",
    NextStep.KEEP_WORKING: "Keep working with the family in your own role.",
    NextStep.REFER_AGAIN: "Refer again if you have new concerns or if things do not improve.",
    NextStep.YOU_LEAD: "Your agency leads the response. Call the duty number to agree the plan.",
    NextStep.OTHER_LEADS: "{leader} leads the response{lead_role}. Call the duty number {purpose}.",
    NextStep.SEND_INFO: "Send us the information listed above{due}.",
    NextStep.SHOW_COLLEAGUES: "Make sure colleagues who saw the earlier message see this one.",
    NextStep.NOTHING_MORE: (
        "You do not need to reply. Keep working with the family in your role."
        " Tell us straight away if anything changes."
    ),
    NextStep.KEEP_RECORDS: "Keep your records in line with your own retention rules.",
    NextStep.HIDE_ONLINE: "If you file this in a patient record, hide it from online access first.",
    NextStep.NOT_ON_PORTAL: "Do not file this where a parent portal shows it.",
}
"""`steps` fills the placeholders; the decision need not say who leads or by when."""

INFO_NEEDED: Final[dict[InfoNeeded, str]] = {
    InfoNeeded.CHILD_DETAILS: "Details of the child.",
    InfoNeeded.HOUSEHOLD: "Who lives in the household.",
    InfoNeeded.INCIDENT_DETAILS: "What happened and when.",
    InfoNeeded.CHRONOLOGY: "A timeline of the main events.",
    InfoNeeded.OFFENDING_HISTORY: "Any history of offending.",
    InfoNeeded.LINK_TO_CHILD: "How the concern affects the child.",
    InfoNeeded.HOME_VISIT_DONE: "If a home visit was made.",
    InfoNeeded.CONSENT_POSITION: "If the family knows about the referral and agrees to it.",
}
INFO_NEEDED_BEFORE_BIRTH: Final[dict[InfoNeeded, str]] = {
    InfoNeeded.CHILD_DETAILS: "Details of the unborn baby.",
    InfoNeeded.LINK_TO_CHILD: "How the concern affects the unborn baby.",
}
GOOD_QUALITY: Final = "Thank you. Your referral gave us the information we needed."

WATCH_FOR: Final[dict[WatchFor, str]] = {
    WatchFor.ADULT_DISENGAGES: "Call us the same day if the adult stops working with you.",
    WatchFor.MISSED_APPOINTMENTS: "Call us the same day if the adult misses appointments.",
    WatchFor.RELAPSE_OR_INCREASED_USE: "Call us the same day if the adult relapses or uses more.",
    WatchFor.MENTAL_STATE_DECLINES: "Call us the same day if the adult's mental state gets worse.",
    WatchFor.NEW_ADULT_IN_HOUSEHOLD: "Call us the same day if a new adult joins the household.",
    WatchFor.PREGNANCY: "Call us the same day if you learn of a pregnancy.",
}

PLAN_STATUSES: Final[dict[PlanStatus, str]] = {
    PlanStatus.NONE: "none",
    PlanStatus.EARLY_HELP_FAMILY_HELP: "early help or Family Help",
    PlanStatus.CIN_PLAN: "child in need plan",
    PlanStatus.CP_ENQUIRY: "child protection enquiry",
    PlanStatus.CP_PLAN: "child protection plan",
    PlanStatus.LOOKED_AFTER: "looked after child",
    PlanStatus.PRE_PROCEEDINGS: "pre-proceedings",
    PlanStatus.NOT_DISCLOSED: "not shared in this message",
}

LEAD_ROLES: Final[dict[LeadRole, str]] = {
    LeadRole.ALLOCATED_SW: "allocated social worker",
    LeadRole.DUTY_SW: "duty social worker",
    LeadRole.FHLP: "Family Help lead practitioner",
    LeadRole.LCPP: "lead child protection practitioner",
    LeadRole.EARLY_HELP_LEAD: "early help lead",
    LeadRole.SCHOOL_DSL: "school safeguarding lead",
    LeadRole.HEALTH_LEAD: "health lead",
    LeadRole.POLICE_LEAD: "police lead",
    LeadRole.PROBATION_LEAD: "probation lead",
}

LEADERS: Final[dict[LeadRole, str]] = {
    LeadRole.ALLOCATED_SW: "Children's social care",
    LeadRole.DUTY_SW: "Children's social care",
    LeadRole.FHLP: "Family Help",
    LeadRole.LCPP: "Children's social care",
    LeadRole.EARLY_HELP_LEAD: "Early help",
    LeadRole.SCHOOL_DSL: "A school",
    LeadRole.HEALTH_LEAD: "A health service",
    LeadRole.POLICE_LEAD: "The police service",
    LeadRole.PROBATION_LEAD: "Probation",
}
"""Which kind of agency leads; the decision names the lead by role only, so no agency can be named here."""
