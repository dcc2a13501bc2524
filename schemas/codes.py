"""Every closed vocabulary of the service: labels may change from hub to hub, these codes never do."""

from enum import IntEnum, StrEnum


class EventType(StrEnum):
    """What the MASH and the police feed can tell us; equals EventBridge's DetailType."""

    REFERRAL_RECEIVED = "REFERRAL_RECEIVED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    DECIDED = "DECIDED"
    DECISION_REVISED = "DECISION_REVISED"
    MILESTONE_ASSESSMENT_COMPLETE = "MILESTONE_ASSESSMENT_COMPLETE"
    MILESTONE_S47_OUTCOME = "MILESTONE_S47_OUTCOME"
    MILESTONE_ICPC_OUTCOME = "MILESTONE_ICPC_OUTCOME"
    PLAN_STATUS_CHANGED = "PLAN_STATUS_CHANGED"
    CASE_CLOSED = "CASE_CLOSED"
    POLICE_INVESTIGATION_STATUS_CHANGED = "POLICE_INVESTIGATION_STATUS_CHANGED"
    RA_FORM_METADATA = "RA_FORM_METADATA"
    RA_FEED_HEARTBEAT = "RA_FEED_HEARTBEAT"
    RA_STATUS_CHANGED = "RA_STATUS_CHANGED"
    TRANSFER_ACCEPTED = "TRANSFER_ACCEPTED"
    CHALLENGE_RAISED = "CHALLENGE_RAISED"
    CHALLENGE_STAGE_2 = "CHALLENGE_STAGE_2"
    CHALLENGE_STAGE_3 = "CHALLENGE_STAGE_3"
    CHALLENGE_STAGE_4 = "CHALLENGE_STAGE_4"
    CHALLENGE_RESOLVED = "CHALLENGE_RESOLVED"
    RELEASED = "RELEASED"
    WITHHELD = "WITHHELD"
    PHONE_CONFIRMED = "PHONE_CONFIRMED"
    WITHDRAWN_IN_ERROR = "WITHDRAWN_IN_ERROR"
    PROBATION_ENQUIRY = "PROBATION_ENQUIRY"


class Outcome(StrEnum):
    """What the MASH decided for one child."""

    NFA = "NFA"
    ADV = "ADV"
    SAL = "SAL"
    EHF = "EHF"
    S17 = "S17"
    STR = "STR"
    S47S = "S47S"
    S47J = "S47J"
    EMP = "EMP"
    ACC = "ACC"
    OPN = "OPN"
    TRF = "TRF"
    CTI = "CTI"
    PVF = "PVF"
    LAD = "LAD"
    INF = "INF"
    DUP = "DUP"


class Rag(StrEnum):
    RED = "RED"
    AMBER = "AMBER"
    GREEN = "GREEN"


class CinSource(StrEnum):
    """Who referred, as the CIN census counts it: its 22 codes."""

    FAMILY = "1A"
    ACQUAINTANCE = "1B"
    SELF = "1C"
    OTHER_INDIVIDUAL = "1D"
    SCHOOLS = "2A"
    EDUCATION_SERVICES = "2B"
    GP = "3A"
    HEALTH_VISITOR = "3B"
    SCHOOL_NURSE = "3C"
    OTHER_PRIMARY_HEALTH = "3D"
    EMERGENCY_DEPARTMENT = "3E"
    OTHER_HEALTH = "3F"
    HOUSING = "4"
    LA_SOCIAL_CARE = "5A"
    LA_INTERNAL = "5B"
    LA_EXTERNAL = "5C"
    EARLY_HELP = "5D"
    POLICE = "6"
    OTHER_LEGAL = "7"
    OTHER = "8"
    ANONYMOUS = "9"
    UNKNOWN = "10"


class AgencyType(StrEnum):
    POLICE = "POLICE"
    PROBATION = "PROBATION"
    YOUTH_JUSTICE = "YOUTH_JUSTICE"
    LEGAL_OTHER = "LEGAL_OTHER"
    GP = "GP"
    HEALTH_VISITING = "HEALTH_VISITING"
    SCHOOL_NURSING = "SCHOOL_NURSING"
    OTHER_PRIMARY_HEALTH = "OTHER_PRIMARY_HEALTH"
    EMERGENCY_DEPT = "EMERGENCY_DEPT"
    DENTIST = "DENTIST"
    OTHER_HEALTH = "OTHER_HEALTH"
    MIDWIFERY = "MIDWIFERY"
    CAMHS = "CAMHS"
    ADULT_MENTAL_HEALTH = "ADULT_MENTAL_HEALTH"
    SUBSTANCE_MISUSE = "SUBSTANCE_MISUSE"
    AMBULANCE = "AMBULANCE"
    ACUTE_HOSPITAL = "ACUTE_HOSPITAL"
    LA_SOCIAL_CARE = "LA_SOCIAL_CARE"
    LA_INTERNAL = "LA_INTERNAL"
    OTHER_LA = "OTHER_LA"
    EARLY_HELP = "EARLY_HELP"
    HOUSING = "HOUSING"
    SCHOOL = "SCHOOL"
    EDUCATION_SERVICE = "EDUCATION_SERVICE"
    EARLY_YEARS = "EARLY_YEARS"
    VOLUNTARY = "VOLUNTARY"
    OTHER = "OTHER"
    FIRE = "FIRE"
    CHILDMINDER = "CHILDMINDER"
    FAMILY = "FAMILY"
    ACQUAINTANCE = "ACQUAINTANCE"
    SELF = "SELF"
    OTHER_INDIVIDUAL = "OTHER_INDIVIDUAL"
    ANONYMOUS = "ANONYMOUS"
    UNKNOWN = "UNKNOWN"


class ReasonCode(StrEnum):
    BELOW_THRESHOLD_L1 = "BELOW_THRESHOLD_L1"
    BELOW_THRESHOLD_L2 = "BELOW_THRESHOLD_L2"
    NEED_MET_BY_EXISTING_SERVICE = "NEED_MET_BY_EXISTING_SERVICE"
    INSUFFICIENT_INFO_AFTER_CHASE = "INSUFFICIENT_INFO_AFTER_CHASE"
    NO_CHILD_IDENTIFIED = "NO_CHILD_IDENTIFIED"
    OUT_OF_AREA = "OUT_OF_AREA"
    CONSENT_DECLINED = "CONSENT_DECLINED"
    INFO_ONLY_NOTIFICATION = "INFO_ONLY_NOTIFICATION"
    HISTORIC = "HISTORIC"
    OTHER_SEE_TEAM = "OTHER_SEE_TEAM"
    NEW_INFORMATION = "NEW_INFORMATION"
    MANAGER_REVIEW = "MANAGER_REVIEW"
    CHALLENGE_UPHELD = "CHALLENGE_UPHELD"
    RECORDED_IN_ERROR = "RECORDED_IN_ERROR"


class SupportCode(StrEnum):
    FAMILY_HUB = "FAMILY_HUB"
    EARLY_HELP_SELF_REF = "EARLY_HELP_SELF_REF"
    HEALTH_VISITING = "HEALTH_VISITING"
    SCHOOL_NURSING = "SCHOOL_NURSING"
    SCHOOL_PASTORAL = "SCHOOL_PASTORAL"
    DOMESTIC_ABUSE_SERVICE = "DOMESTIC_ABUSE_SERVICE"
    SUBSTANCE_SERVICE = "SUBSTANCE_SERVICE"
    PARENT_MH = "PARENT_MH"
    CHILD_MH = "CHILD_MH"
    HOUSING_MONEY = "HOUSING_MONEY"
    SEND_SERVICE = "SEND_SERVICE"


class NextStep(StrEnum):
    CONTACT_WITHIN_1_WORKING_DAY = "CONTACT_WITHIN_1_WORKING_DAY"
    REPORT_OR_CONFERENCE = "REPORT_OR_CONFERENCE"
    STRATEGY_MEETING_JOIN = "STRATEGY_MEETING_JOIN"
    DO_NOT_TELL_FAMILY = "DO_NOT_TELL_FAMILY"
    TELL_US_CHANGES = "TELL_US_CHANGES"
    EARLY_HELP_CONTACT = "EARLY_HELP_CONTACT"
    MAY_JOIN_SUPPORT_MEETING = "MAY_JOIN_SUPPORT_MEETING"
    KEEP_WORKING = "KEEP_WORKING"
    REFER_AGAIN = "REFER_AGAIN"
    YOU_LEAD = "YOU_LEAD"
    OTHER_LEADS = "OTHER_LEADS"
    SEND_INFO = "SEND_INFO"
    SHOW_COLLEAGUES = "SHOW_COLLEAGUES"
    NOTHING_MORE = "NOTHING_MORE"
    KEEP_RECORDS = "KEEP_RECORDS"
    HIDE_ONLINE = "HIDE_ONLINE"
    NOT_ON_PORTAL = "NOT_ON_PORTAL"


class InfoNeeded(StrEnum):
    CHILD_DETAILS = "CHILD_DETAILS"
    HOUSEHOLD = "HOUSEHOLD"
    INCIDENT_DETAILS = "INCIDENT_DETAILS"
    CHRONOLOGY = "CHRONOLOGY"
    OFFENDING_HISTORY = "OFFENDING_HISTORY"
    LINK_TO_CHILD = "LINK_TO_CHILD"
    HOME_VISIT_DONE = "HOME_VISIT_DONE"
    CONSENT_POSITION = "CONSENT_POSITION"
    GOOD_QUALITY = "GOOD_QUALITY"


class PlanStatus(StrEnum):
    NONE = "NONE"
    EARLY_HELP_FAMILY_HELP = "EARLY_HELP_FAMILY_HELP"
    CIN_PLAN = "CIN_PLAN"
    CP_ENQUIRY = "CP_ENQUIRY"
    CP_PLAN = "CP_PLAN"
    LOOKED_AFTER = "LOOKED_AFTER"
    PRE_PROCEEDINGS = "PRE_PROCEEDINGS"
    NOT_DISCLOSED = "NOT_DISCLOSED"


class LeadRole(StrEnum):
    ALLOCATED_SW = "ALLOCATED_SW"
    DUTY_SW = "DUTY_SW"
    FHLP = "FHLP"
    LCPP = "LCPP"
    EARLY_HELP_LEAD = "EARLY_HELP_LEAD"
    SCHOOL_DSL = "SCHOOL_DSL"
    HEALTH_LEAD = "HEALTH_LEAD"
    POLICE_LEAD = "POLICE_LEAD"
    PROBATION_LEAD = "PROBATION_LEAD"


class WatchFor(StrEnum):
    ADULT_DISENGAGES = "ADULT_DISENGAGES"
    MISSED_APPOINTMENTS = "MISSED_APPOINTMENTS"
    RELAPSE_OR_INCREASED_USE = "RELAPSE_OR_INCREASED_USE"
    MENTAL_STATE_DECLINES = "MENTAL_STATE_DECLINES"
    NEW_ADULT_IN_HOUSEHOLD = "NEW_ADULT_IN_HOUSEHOLD"
    PREGNANCY = "PREGNANCY"


class ResponseChange(StrEnum):
    NO_CHANGE = "NO_CHANGE"
    REVIEW = "REVIEW"
    STEP_UP = "STEP_UP"
    STEP_DOWN = "STEP_DOWN"


class RiskAssessmentMode(StrEnum):
    JOINT = "JOINT"
    SOCIAL_CARE_ONLY = "SOCIAL_CARE_ONLY"


class PoliceNextStep(StrEnum):
    """What the officer says should happen next (rule RA16)."""

    STRATEGY_MEETING = "STRATEGY_MEETING"
    JOINT_INVESTIGATION = "JOINT_INVESTIGATION"
    SOCIAL_CARE_SINGLE = "SOCIAL_CARE_SINGLE"
    EARLY_HELP = "EARLY_HELP"
    INFO_ONLY = "INFO_ONLY"
    OTHER = "OTHER"


class DivergenceReason(StrEnum):
    """Why the MASH did not follow the police's recommendation; our list, no source names one."""

    NEW_INFORMATION = "NEW_INFORMATION"
    THRESHOLD_NOT_MET = "THRESHOLD_NOT_MET"
    THRESHOLD_EXCEEDED = "THRESHOLD_EXCEEDED"
    NEED_MET_BY_EXISTING_SERVICE = "NEED_MET_BY_EXISTING_SERVICE"
    CONSENT_DECLINED = "CONSENT_DECLINED"
    OTHER_SEE_TEAM = "OTHER_SEE_TEAM"


class S47Result(StrEnum):
    """What a section 47 enquiry led to."""

    ICPC = "ICPC"
    S17_SERVICES = "S17_SERVICES"
    ASSESSMENT_CONTINUES = "ASSESSMENT_CONTINUES"
    OTHER_AGENCY_MONITORS = "OTHER_AGENCY_MONITORS"
    LEGAL_ACTION = "LEGAL_ACTION"
    SHORT_BREAK = "SHORT_BREAK"
    NO_FURTHER_ACTION = "NO_FURTHER_ACTION"
    OTHER = "OTHER"


class InvestigationStatus(StrEnum):
    """Whether the police still investigate; of what came of it a message says only that it has ended."""

    OPEN = "OPEN"
    CLOSED_CHARGED = "CLOSED_CHARGED"
    CLOSED_NO_FURTHER_ACTION = "CLOSED_NO_FURTHER_ACTION"
    CLOSED_OTHER = "CLOSED_OTHER"


class RaStatement(StrEnum):
    """What the police say of their form: a reason to check it again, never its status."""

    DONE = "DONE"
    NOT_NEEDED = "NOT_NEEDED"


class ChallengeResult(StrEnum):
    """How a challenge to a decision ended."""

    UPHELD = "UPHELD"
    REVISED = "REVISED"
    WITHDRAWN = "WITHDRAWN"
    NOT_UPHELD = "NOT_UPHELD"


class Disclosure(StrEnum):
    """Whether somebody decided to share, and why not where they did not (section 16LA)."""

    SHARED = "SHARED"
    PARTIAL = "PARTIAL"
    WITHHELD_DETRIMENT = "WITHHELD_DETRIMENT"
    WITHHELD_NOT_FACILITATIVE = "WITHHELD_NOT_FACILITATIVE"


class EnquiryAnswer(StrEnum):
    """What probation is answered; what is known is told by phone."""

    KNOWN_CALL_US = "KNOWN_CALL_US"
    NOTHING_TO_SHARE = "NOTHING_TO_SHARE"


class Divergence(StrEnum):
    """Where a decision parts from what the police recommend; both managers look at each, and none is held."""

    RECOMMENDATION_NOT_FOLLOWED = "RECOMMENDATION_NOT_FOLLOWED"
    SINGLE_AGENCY_AGAINST_JOINT = "SINGLE_AGENCY_AGAINST_JOINT"
    CALLED_FOLLOWED_AND_IS_NOT = "CALLED_FOLLOWED_AND_IS_NOT"


class HoldCode(StrEnum):
    """Why the case system asks for human release."""

    EMERGENCY = "EMERGENCY"
    LADO = "LADO"
    STAFF_LINK = "STAFF_LINK"
    RESTRICTED_RECORD = "RESTRICTED_RECORD"
    SENSITIVE = "SENSITIVE"
    REFERRER_IS_FAMILY = "REFERRER_IS_FAMILY"


class HoldTrigger(StrEnum):
    """Why something waits for a person: every code of the wire, and one that only our registry can tell."""

    EMERGENCY = "EMERGENCY"
    LADO = "LADO"
    STAFF_LINK = "STAFF_LINK"
    RESTRICTED_RECORD = "RESTRICTED_RECORD"
    SENSITIVE = "SENSITIVE"
    REFERRER_IS_FAMILY = "REFERRER_IS_FAMILY"
    UNVERIFIED_ADDRESS = "UNVERIFIED_ADDRESS"


class ReleaseReason(StrEnum):
    """Why a person ends a hold; a code, because no free text may enter the trail."""

    SAFE_TO_TELL = "SAFE_TO_TELL"
    TOLD_BY_PHONE_FIRST = "TOLD_BY_PHONE_FIRST"
    AGREED_WITH_POLICE = "AGREED_WITH_POLICE"
    AGREED_WITH_DESIGNATED_OFFICER = "AGREED_WITH_DESIGNATED_OFFICER"
    ADDRESS_VERIFIED = "ADDRESS_VERIFIED"
    HELD_IN_ERROR = "HELD_IN_ERROR"


class NotReleasable(StrEnum):
    """Why a hold was not ended by whoever wanted to end it."""

    NOTHING_HELD = "NOTHING_HELD"
    WHICH_CHILD = "WHICH_CHILD"
    NEWER_DECISION = "NEWER_DECISION"
    CHANGED_MEANWHILE = "CHANGED_MEANWHILE"
    CAME_BEFORE_DECISION = "CAME_BEFORE_DECISION"
    REASON_DOES_NOT_FIT = "REASON_DOES_NOT_FIT"
    ADDRESS_NOT_VERIFIED = "ADDRESS_NOT_VERIFIED"
    NO_SAFEGUARDING_LEAD = "NO_SAFEGUARDING_LEAD"
    NOT_IN_REGISTRY = "NOT_IN_REGISTRY"
    UNREADABLE = "UNREADABLE"


class ActReason(StrEnum):
    """Why a person sends again, stops, pauses, recovers, keeps a hold or ends a task; which fits what stands
    in `domain/by_hand.py`.

    A message left with somebody is none of them: nobody was told.
    """

    NOT_RECEIVED = "NOT_RECEIVED"
    LOST_BY_AGENCY = "LOST_BY_AGENCY"
    AGENCY_ASKED = "AGENCY_ASKED"
    ADDRESS_MENDED = "ADDRESS_MENDED"
    ENDPOINT_MENDED = "ENDPOINT_MENDED"
    OUR_FAULT_MENDED = "OUR_FAULT_MENDED"
    WRONG_RECIPIENT = "WRONG_RECIPIENT"
    NOT_SAFE_TO_TELL = "NOT_SAFE_TO_TELL"
    DECIDED_IN_ERROR = "DECIDED_IN_ERROR"
    MAINTENANCE = "MAINTENANCE"
    NOT_TRUSTED = "NOT_TRUSTED"
    PAUSED_IN_ERROR = "PAUSED_IN_ERROR"
    NOT_SAFE_YET = "NOT_SAFE_YET"
    POLICE_ASKED = "POLICE_ASKED"
    OFFICER_NOT_AGREED = "OFFICER_NOT_AGREED"
    NOBODY_REACHED = "NOBODY_REACHED"
    ADDRESS_NOT_VERIFIED = "ADDRESS_NOT_VERIFIED"
    TOLD_BY_PHONE = "TOLD_BY_PHONE"
    DECISION_STANDS = "DECISION_STANDS"
    SORTED_OUT = "SORTED_OUT"
    NOT_NEEDED = "NOT_NEEDED"
    FORM_GOOD = "FORM_GOOD"
    FORM_TO_IMPROVE = "FORM_TO_IMPROVE"
    FORM_INADEQUATE = "FORM_INADEQUATE"


class TaskKind(StrEnum):
    """What a person must do because no machine may, or can."""

    RELEASE_CHILD = "RELEASE_CHILD"
    RELEASE_AGENCY = "RELEASE_AGENCY"
    RELEASE_ALLEGATION = "RELEASE_ALLEGATION"
    CALL_REFERRER = "CALL_REFERRER"
    CALL_AGENCY = "CALL_AGENCY"
    CHECK_REVISION = "CHECK_REVISION"
    CHECK_DUPLICATE = "CHECK_DUPLICATE"
    CHECK_NOT_TOLD = "CHECK_NOT_TOLD"
    CHECK_DIVERGENCE = "CHECK_DIVERGENCE"
    CHECK_CHALLENGE = "CHECK_CHALLENGE"
    CHECK_WITHHELD = "CHECK_WITHHELD"
    CHECK_RELEASE = "CHECK_RELEASE"
    CALL_UNTOLD = "CALL_UNTOLD"
    CALL_UNREAD = "CALL_UNREAD"
    MEND_ENDPOINT = "MEND_ENDPOINT"
    MEND_ADDRESS = "MEND_ADDRESS"
    ACKNOWLEDGE_LATE = "ACKNOWLEDGE_LATE"
    DECIDE_LATE = "DECIDE_LATE"
    CHASE_CONTRIBUTION = "CHASE_CONTRIBUTION"
    CHASE_TRANSFER = "CHASE_TRANSFER"
    CHASE_CONFERENCE = "CHASE_CONFERENCE"
    CHASE_ASSESSMENT = "CHASE_ASSESSMENT"
    CHASE_PLAN = "CHASE_PLAN"
    CHASE_POLICE = "CHASE_POLICE"
    CHECK_EARLY_EVENT = "CHECK_EARLY_EVENT"
    CHECK_SILENCE = "CHECK_SILENCE"
    CHECK_GAP = "CHECK_GAP"
    CHECK_RESTART = "CHECK_RESTART"
    CHASE_FORM = "CHASE_FORM"
    READ_LATE_FORM = "READ_LATE_FORM"
    CHECK_STATEMENT = "CHECK_STATEMENT"
    GRADE_FORM = "GRADE_FORM"
    CHECK_REASONS = "CHECK_REASONS"


class TaskRole(StrEnum):
    """Whose task it is: a role, never a person."""

    MASH_MANAGER = "MASH_MANAGER"
    MASH_DUTY_WORKER = "MASH_DUTY_WORKER"
    EMERGENCY_DUTY_TEAM = "EMERGENCY_DUTY_TEAM"
    DIRECTORY_OWNER = "DIRECTORY_OWNER"
    POLICE_MASH_SUPERVISOR = "POLICE_MASH_SUPERVISOR"


class TaskState(StrEnum):
    OPEN = "OPEN"
    OVERDUE = "OVERDUE"
    DONE = "DONE"


class TaskEnd(StrEnum):
    """Why a task ended without a person: what it asked for had come about."""

    TOLD_MEANWHILE = "TOLD_MEANWHILE"
    ANSWERED = "ANSWERED"


class ClockKind(StrEnum):
    """What somebody must hear of in time; while it has not come, a clock runs."""

    ACKNOWLEDGE = "ACKNOWLEDGE"
    DECIDE = "DECIDE"
    CONTRIBUTE = "CONTRIBUTE"
    TRANSFER = "TRANSFER"
    CONFERENCE = "CONFERENCE"
    ASSESSMENT = "ASSESSMENT"
    PLAN = "PLAN"
    JOINT = "JOINT"
    EARLY = "EARLY"
    POLICE_FORM = "POLICE_FORM"


class ClockEnd(StrEnum):
    """Why a clock no longer runs; one that fired still waits, and its task with it."""

    ANSWERED = "ANSWERED"
    REVISED = "REVISED"
    CLOSED = "CLOSED"
    FIRED = "FIRED"


class WaitsFor(StrEnum):
    """What an event that came before its time waits for."""

    REFERRAL = "REFERRAL"
    DECISION = "DECISION"
    CHALLENGE = "CHALLENGE"


class ReferralKind(StrEnum):
    """Whether the MASH counts an arrival as a contact or, later or at once, as a referral."""

    CONTACT = "CONTACT"
    REFERRAL = "REFERRAL"


class RaStatus(StrEnum):
    """The police risk-assessment check's five answers; UNKNOWN counts as not complete."""

    COMPLETE = "COMPLETE"
    INCORRECT = "INCORRECT"
    ABSENT = "ABSENT"
    NOT_REQUIRED = "NOT_REQUIRED"
    UNKNOWN = "UNKNOWN"


class Channel(StrEnum):
    """How a message travels. FALLBACK is an e-mail that we choose where a webhook fails; no registry lists
    it."""

    EMAIL = "email"
    WEBHOOK = "webhook"
    FALLBACK = "fallback"

    @property
    def is_email(self) -> bool:
        return self is not Channel.WEBHOOK


class Role(StrEnum):
    """Why an agency is told."""

    REFERRER = "referrer"
    INVOLVED = "involved"


class Level(IntEnum):
    """How much of a decision an agency is told (domain section 6.4)."""

    NOTHING = 0
    NOTICE = 1
    OUTCOME = 2
    PLAN = 3


class NoticeReason(StrEnum):
    """Why a recipient gets notice only, so that the message can say so."""

    MAILBOX_NOT_MANAGED = "MAILBOX_NOT_MANAGED"
    PHONE_ONLY = "PHONE_ONLY"
    WHICH_CHILD = "WHICH_CHILD"


class SaidInstead(StrEnum):
    """What a message says where it names no outcome: that of a fixed sentence, or to ring to hear it."""

    EMERGENCY_PROTECTION = "EMERGENCY_PROTECTION"
    DESIGNATED_OFFICER = "DESIGNATED_OFFICER"
    CALL_FOR_OUTCOME = "CALL_FOR_OUTCOME"


class MessageType(StrEnum):
    """What sort of message it is; OUTCOME_REVISED goes to whoever was told an earlier version."""

    OUTCOME = "OUTCOME"
    OUTCOME_REVISED = "OUTCOME_REVISED"
    ACKNOWLEDGEMENT = "ACKNOWLEDGEMENT"
    CONTRIBUTION_REQUEST = "CONTRIBUTION_REQUEST"
    MILESTONE_UPDATE = "MILESTONE_UPDATE"
    PLAN_STATUS_UPDATE = "PLAN_STATUS_UPDATE"
    POLICE_INVESTIGATION_UPDATE = "POLICE_INVESTIGATION_UPDATE"
    CASE_CLOSED_UPDATE = "CASE_CLOSED_UPDATE"
    RA_REMINDER = "RA_REMINDER"
    RA_STATUS_UPDATE = "RA_STATUS_UPDATE"
    STALE_PLAN_REMINDER = "STALE_PLAN_REMINDER"
    JOINT_CASE_REMINDER = "JOINT_CASE_REMINDER"
    CHALLENGE_UPDATE = "CHALLENGE_UPDATE"
    WITHDRAWN_NOTICE = "WITHDRAWN_NOTICE"
    ENQUIRY_ANSWER = "ENQUIRY_ANSWER"


class Series(StrEnum):
    """What messages beside decisions are about: in each series a newer one takes an unsent older one's place.

    A decision's messages are no series: no update replaces a decision, nor a decision an update.
    """

    ACKNOWLEDGEMENT = "ACKNOWLEDGEMENT"
    CONTRIBUTION = "CONTRIBUTION"
    ASSESSMENT = "ASSESSMENT"
    ENQUIRY = "ENQUIRY"
    CONFERENCE = "CONFERENCE"
    PLAN = "PLAN"
    POLICE_CASE = "POLICE_CASE"
    CLOSED = "CLOSED"
    TRANSFER = "TRANSFER"
    CHALLENGE = "CHALLENGE"
    WITHDRAWAL = "WITHDRAWAL"
    RA_STATUS = "RA_STATUS"
    RA_REMINDER = "RA_REMINDER"
    STALE_PLAN = "STALE_PLAN"
    JOINT_CASE = "JOINT_CASE"
    PROBATION_ENQUIRY = "PROBATION_ENQUIRY"


class Addressee(StrEnum):
    """Whose mailbox at the agency: the role mailbox, the one lead who is told where staff are linked, or the
    role that hears of a police form last."""

    ROLE_MAILBOX = "ROLE_MAILBOX"
    SAFEGUARDING_LEAD = "SAFEGUARDING_LEAD"
    FORM_ESCALATION = "FORM_ESCALATION"


class DeliveryState(StrEnum):
    PENDING = "PENDING"
    SENDING = "SENDING"
    RETRY = "RETRY"
    QUARANTINE = "QUARANTINE"
    SENT = "SENT"
    FAILED = "FAILED"
    SUPERSEDED = "SUPERSEDED"
    CANCELLED = "CANCELLED"
    PARKED = "PARKED"


class Receipt(StrEnum):
    """What is known of a message after it was accepted: in this order, and never backwards (delivery section
    3)."""

    ACCEPTED = "ACCEPTED"
    DELAYED = "DELAYED"
    DELIVERED = "DELIVERED"
    BOUNCED = "BOUNCED"
    COMPLAINED = "COMPLAINED"


class ReceiptCause(StrEnum):
    """Why a message waits at the mail service or came back, as the service says it."""

    MAILBOX_UNKNOWN = "MAILBOX_UNKNOWN"
    REFUSED_FOR_GOOD = "REFUSED_FOR_GOOD"
    SUPPRESSED_BY_PROVIDER = "SUPPRESSED_BY_PROVIDER"
    UNSUBSCRIBED = "UNSUBSCRIBED"
    MARKED_AS_SPAM = "MARKED_AS_SPAM"
    REFUSED_FOR_NOW = "REFUSED_FOR_NOW"
    MAILBOX_FULL = "MAILBOX_FULL"
    MESSAGE_TOO_LARGE = "MESSAGE_TOO_LARGE"
    CONTENT_REFUSED = "CONTENT_REFUSED"
    TAKES_TOO_LONG = "TAKES_TOO_LONG"
    LOOKS_LIKE_SPAM = "LOOKS_LIKE_SPAM"
    MAIL_SYSTEM_FAILING = "MAIL_SYSTEM_FAILING"
    NO_CONNECTION = "NO_CONNECTION"
    PROVIDER_FAILING = "PROVIDER_FAILING"
    NOT_STATED = "NOT_STATED"
    PROVIDER_REJECTED = "PROVIDER_REJECTED"
    NOT_RENDERED = "NOT_RENDERED"


class Watch(StrEnum):
    """The people's clock that runs beside a delivery: what happens next if nothing changes (delivery section
    5)."""

    FALLBACK = "FALLBACK"
    CALL = "CALL"
    RED_ALERT = "RED_ALERT"
    UNREAD = "UNREAD"


class ReaderRole(StrEnum):
    """Who at an agency says that they have read a message: a role, never a person."""

    DUTY_WORKER = "DUTY_WORKER"
    DESIGNATED_SAFEGUARDING_LEAD = "DESIGNATED_SAFEGUARDING_LEAD"
    OFFICER_IN_CASE = "OFFICER_IN_CASE"
    PRACTITIONER = "PRACTITIONER"
    MANAGER = "MANAGER"
    ADMINISTRATOR = "ADMINISTRATOR"
    OTHER = "OTHER"


class AckMethod(StrEnum):
    """How somebody said that they have read a message."""

    PAGE = "PAGE"
    SIGNED_POST = "SIGNED_POST"


class AckResult(StrEnum):
    """What came of it; EXPIRED where the link has ended, or nobody need read the message any more."""

    CONFIRMED = "CONFIRMED"
    ALREADY = "ALREADY"
    EXPIRED = "EXPIRED"


class Breaker(StrEnum):
    """Whether an endpoint is sent to; one of which nothing is known is tried with one probe first."""

    CLOSED = "CLOSED"
    OPEN = "OPEN"


class PauseCause(StrEnum):
    """Why nothing is sent to an endpoint until a person resumes it."""

    REFUSING = "REFUSING"
    GONE = "GONE"
    BY_HAND = "BY_HAND"


class CanaryResult(StrEnum):
    """What an endpoint's rows say of a canary event: the one before it leaves, and the one after."""

    CANARY_SENT = "CANARY_SENT"
    CANARY_OK = "CANARY_OK"
    CANARY_FAILED = "CANARY_FAILED"
    CANARY_UNKNOWN = "CANARY_UNKNOWN"


class AuditKind(StrEnum):
    """What a row of the trail can say happened."""

    DECISION = "DECISION"
    EVENT_DUPLICATE = "EVENT_DUPLICATE"
    DECISION_STALE = "DECISION_STALE"
    REJECTED = "REJECTED"
    LIFECYCLE = "LIFECYCLE"
    UPDATE = "UPDATE"
    RA_FORM = "RA_FORM"
    RA_CHECK = "RA_CHECK"
    HELD = "HELD"
    RELEASED = "RELEASED"
    SUPPRESSED_IN_SYSTEM = "SUPPRESSED_IN_SYSTEM"
    ATTEMPT_STARTED = "ATTEMPT_STARTED"
    ATTEMPT_CLOSED = "ATTEMPT_CLOSED"
    LATE_OUTCOME = "LATE_OUTCOME"
    RECEIPT = "RECEIPT"
    SUPERSEDED = "SUPERSEDED"
    CANCELLED = "CANCELLED"
    PARKED = "PARKED"
    RESENT = "RESENT"
    ACK = "ACK"
    TASK = "TASK"
    CLOCK_FIRED = "CLOCK_FIRED"
    ENDPOINT = "ENDPOINT"
    REGISTRY_CHANGE = "REGISTRY_CHANGE"
    READ = "READ"
    QUERY = "QUERY"
    EXPORT = "EXPORT"
    SESSION = "SESSION"
    RECONCILED = "RECONCILED"


ARRIVALS = frozenset(
    {
        AuditKind.DECISION,
        AuditKind.EVENT_DUPLICATE,
        AuditKind.DECISION_STALE,
        AuditKind.REJECTED,
        AuditKind.LIFECYCLE,
        AuditKind.RA_FORM,
    }
)
"""Rows that an event from outside causes: each stands in the index of its day."""


class Bucket(StrEnum):
    """How one decision event ended (delivery section 14); every one ends in exactly one of these."""

    TOLD = "told"
    HELD = "held"
    REFUSED = "refused"
    DUPLICATE = "duplicate"
    STALE = "stale"
    NOBODY_TO_TELL = "nobody_to_tell"
    OPEN = "open"


class Beside(StrEnum):
    """Messages that no decision lists: a person, or a clock, made them later."""

    FALLBACKS = "fallbacks"
    LEAD_NOTICES = "lead_notices"
    ALLEGATIONS = "allegations"
    RESENDS = "resends"


class FindingCode(StrEnum):
    """What two accounts of one day disagree about; each rings."""

    NOT_ACCOUNTED = "NOT_ACCOUNTED"
    ROW_WITHOUT_MARKER = "ROW_WITHOUT_MARKER"
    MARKER_WITHOUT_ROW = "MARKER_WITHOUT_ROW"
    SOURCE_GAP = "SOURCE_GAP"
    SEQUENCE_BROKEN = "SEQUENCE_BROKEN"
    LINK_BROKEN = "LINK_BROKEN"
    UNREADABLE = "UNREADABLE"
    DELIVERY_MISSING = "DELIVERY_MISSING"
    DELIVERY_UNEXPLAINED = "DELIVERY_UNEXPLAINED"
    STATE_DIFFERS = "STATE_DIFFERS"
    ATTEMPT_NOT_CLOSED = "ATTEMPT_NOT_CLOSED"
    CLOSED_WITHOUT_START = "CLOSED_WITHOUT_START"
    SENT_WITHOUT_START = "SENT_WITHOUT_START"
    SENT_WITHOUT_CHECK = "SENT_WITHOUT_CHECK"
    SENT_WITHOUT_PROOF = "SENT_WITHOUT_PROOF"
    NOTICE_MISSING = "NOTICE_MISSING"
    NOTICE_WITHOUT_ROW = "NOTICE_WITHOUT_ROW"
    NOT_DUE = "NOT_DUE"
    NOT_WATCHED = "NOT_WATCHED"
    HELD_WITHOUT_TASK = "HELD_WITHOUT_TASK"
    TASK_MISSING = "TASK_MISSING"
    TASK_NOT_DUE = "TASK_NOT_DUE"
    NOBODY_WITHOUT_TASK = "NOBODY_WITHOUT_TASK"
    CLOCK_NOT_DUE = "CLOCK_NOT_DUE"
    CLOCK_MISSING = "CLOCK_MISSING"


class RefusalReason(StrEnum):
    """Why an input was refused; the sentence that says what to do stands in `domain/refusals.py`."""

    NOT_JSON = "NOT_JSON"
    TOO_LARGE = "TOO_LARGE"
    NOT_AN_EVENT = "NOT_AN_EVENT"
    EVENT_TYPE_NOT_HANDLED = "EVENT_TYPE_NOT_HANDLED"
    SOURCE_DIFFERS = "SOURCE_DIFFERS"
    UNKNOWN_SOURCE = "UNKNOWN_SOURCE"
    TYPE_NOT_GRANTED = "TYPE_NOT_GRANTED"
    WRONG_VERSION = "WRONG_VERSION"
    MISSING = "MISSING"
    UNKNOWN_FIELD = "UNKNOWN_FIELD"
    UNKNOWN_CODE = "UNKNOWN_CODE"
    UNKNOWN_AGENCY = "UNKNOWN_AGENCY"
    NOT_PROBATION = "NOT_PROBATION"
    NOT_WHO_ASKED = "NOT_WHO_ASKED"
    UNKNOWN_CHILD = "UNKNOWN_CHILD"
    UNKNOWN_VERSION = "UNKNOWN_VERSION"
    """Said by an earlier release, whose rows stand: what names such a version waits for it now."""
    NO_TIME_ZONE = "NO_TIME_ZONE"
    NOT_VALID = "NOT_VALID"
    CONTRADICTION = "CONTRADICTION"
    TOO_MANY_RECIPIENTS = "TOO_MANY_RECIPIENTS"
    TOO_MANY = "TOO_MANY"
    EVENT_ID_REUSED = "EVENT_ID_REUSED"
    DECISION_SEQ_REUSED = "DECISION_SEQ_REUSED"
    IN_THE_FUTURE = "IN_THE_FUTURE"
    BEFORE_RECEIPT = "BEFORE_RECEIPT"
    BEFORE_DECISION = "BEFORE_DECISION"
    COULD_NOT_BE_PROCESSED = "COULD_NOT_BE_PROCESSED"
    NOT_A_RECEIPT = "NOT_A_RECEIPT"
    RECEIPT_OF_NO_MESSAGE = "RECEIPT_OF_NO_MESSAGE"
    UNKNOWN_TOKEN = "UNKNOWN_TOKEN"
    UNKNOWN_MESSAGE = "UNKNOWN_MESSAGE"
    NOT_THE_PAGE = "NOT_THE_PAGE"
    BAD_SIGNATURE = "BAD_SIGNATURE"
    LINK_ENDED = "LINK_ENDED"
    FORM_NOT_WANTED = "FORM_NOT_WANTED"
    TOO_MANY_STATEMENTS = "TOO_MANY_STATEMENTS"


class QualityFlag(StrEnum):
    """A gap in a decision that is told all the same, and shown to the MASH (domain section 3)."""

    REASON_MISSING = "REASON_MISSING"
    SUPPORT_MISSING = "SUPPORT_MISSING"
    OWN_REF_UNUSABLE = "OWN_REF_UNUSABLE"
    STRATEGY_DISCUSSION_MISSING = "STRATEGY_DISCUSSION_MISSING"
    RESPONSE_CHANGE_MISSING = "RESPONSE_CHANGE_MISSING"
    RECEIVING_LA_MISSING = "RECEIVING_LA_MISSING"
    DIVERGENCE_REASON_MISSING = "DIVERGENCE_REASON_MISSING"
    TEAM_UNKNOWN = "TEAM_UNKNOWN"
    RECEIVING_LA_UNKNOWN = "RECEIVING_LA_UNKNOWN"
    REVISION_WITHOUT_DECISION = "REVISION_WITHOUT_DECISION"
    DUPLICATE_NOT_FOUND = "DUPLICATE_NOT_FOUND"
    MOMENT_IN_THE_FUTURE = "MOMENT_IN_THE_FUTURE"


class ParkReason(StrEnum):
    """Why a delivery cannot be sent until a person mends something."""

    UNREADABLE = "UNREADABLE"
    HASH_MISMATCH = "HASH_MISMATCH"
    AGENCY_INACTIVE = "AGENCY_INACTIVE"
    NO_ADDRESS = "NO_ADDRESS"
    NO_SECRET = "NO_SECRET"
    MAILBOX_LOWERED = "MAILBOX_LOWERED"
    ADDRESS_SUPPRESSED = "ADDRESS_SUPPRESSED"
    DEAD_LETTER = "DEAD_LETTER"


class ErrorWord(StrEnum):
    """What went wrong with one attempt, as the trail says it (delivery section 5)."""

    E_TIMEOUT = "E_TIMEOUT"
    E_CONNECTION = "E_CONNECTION"
    E_DNS = "E_DNS"
    E_TLS = "E_TLS"
    E_HTTP = "E_HTTP"
    E_INVALID_TARGET = "E_INVALID_TARGET"
    E_TOO_LARGE = "E_TOO_LARGE"
    E_PROVIDER = "E_PROVIDER"
    E_THROTTLED = "E_THROTTLED"
    E_QUOTA = "E_QUOTA"
    E_MAIL_PAUSED = "E_MAIL_PAUSED"
    E_MAIL_SUSPENDED = "E_MAIL_SUSPENDED"
    E_MAIL_DENIED = "E_MAIL_DENIED"
    E_MAIL_UNVERIFIED = "E_MAIL_UNVERIFIED"
    E_MAIL_NOT_SET_UP = "E_MAIL_NOT_SET_UP"
    E_LEASE_EXPIRED = "E_LEASE_EXPIRED"
    E_TOO_LATE = "E_TOO_LATE"


class AttemptResult(StrEnum):
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"


class ConsoleRole(StrEnum):
    """What somebody may do in the console (console section 8); each has exactly one."""

    VIEWER = "viewer"
    MANAGER = "manager"
    AUDITOR = "auditor"
    POLICE_DESK = "police_desk"


class ReadPurpose(StrEnum):
    """Why somebody reads (audit section 8): no purpose, no data."""

    COMMAND_LINE = "COMMAND_LINE"
    CASE_WORK = "CASE_WORK"
    OVERSIGHT = "OVERSIGHT"
    INSPECTION = "INSPECTION"
    FORM_DESK = "FORM_DESK"


class ExportPurpose(StrEnum):
    """What figures are taken away for."""

    PARTNERSHIP_BOARD = "PARTNERSHIP_BOARD"
    INSPECTION = "INSPECTION"
    SERVICE_REVIEW = "SERVICE_REVIEW"
    SHARED_DATA_SET = "SHARED_DATA_SET"


class SessionEvent(StrEnum):
    """What happened at the console's door."""

    SIGNED_IN = "SIGNED_IN"
    SIGNED_OUT = "SIGNED_OUT"
    NO_ROLE = "NO_ROLE"
    SIGN_IN_FAILED = "SIGN_IN_FAILED"
