"""The plain words of the codes that rows of the trail carry."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from functions.domain.updates import SAYS_NOTHING_OF_THE_CHILD
from functions.domain.wording.codes import PLAN_STATUSES
from functions.domain.wording.outcomes import LABELS
from functions.domain.wording.police_form import EXACT_WORDS
from schemas.codes import (
    ActReason,
    ChallengeResult,
    Channel,
    ClockKind,
    Disclosure,
    Divergence,
    EnquiryAnswer,
    HoldTrigger,
    InvestigationStatus,
    Level,
    Outcome,
    PlanStatus,
    RaStatus,
    ReleaseReason,
    S47Result,
    Series,
    TaskKind,
)

C = TypeVar("C", bound=StrEnum)

CHANNELS = {
    Channel.EMAIL: "e-mail",
    Channel.WEBHOOK: "webhook",
    Channel.FALLBACK: "e-mail in place of its webhook",
}
LEVELS = {
    Level.NOTHING: "nothing",
    Level.NOTICE: "notice only",
    Level.OUTCOME: "outcome",
    Level.PLAN: "outcome and plan",
}
OF_UPDATES = {
    Level.NOTHING: "nothing",
    Level.NOTICE: "notice only",
    Level.OUTCOME: "the news",
    Level.PLAN: "the news and any plan",
}
"""The same of what is told beside the decisions."""
FIXED_SENTENCE = f"{LEVELS[Level.NOTICE]}, in a fixed sentence"
"""The notice of emergency protection and of allegations."""
HOLDS = {
    HoldTrigger.EMERGENCY: "emergency protection",
    HoldTrigger.LADO: "allegation against a person in a position of trust",
    HoldTrigger.STAFF_LINK: "link to one of the agency's staff",
    HoldTrigger.RESTRICTED_RECORD: "restricted record",
    HoldTrigger.SENSITIVE: "sensitive",
    HoldTrigger.REFERRER_IS_FAMILY: "the referrer is family",
    HoldTrigger.UNVERIFIED_ADDRESS: "an address that is not verified",
}
RELEASE_REASONS = {
    ReleaseReason.SAFE_TO_TELL: "telling it puts nobody at risk",
    ReleaseReason.TOLD_BY_PHONE_FIRST: "it was told by telephone first",
    ReleaseReason.AGREED_WITH_POLICE: "agreed with the police",
    ReleaseReason.AGREED_WITH_DESIGNATED_OFFICER: "agreed with the designated officer",
    ReleaseReason.ADDRESS_VERIFIED: "the address is verified now",
    ReleaseReason.HELD_IN_ERROR: "it was held in error",
}
ACT_REASONS = {
    ActReason.NOT_RECEIVED: "the agency says that it has not received it",
    ActReason.LOST_BY_AGENCY: "the agency has lost it",
    ActReason.AGENCY_ASKED: "the agency asked for it",
    ActReason.ADDRESS_MENDED: "the address is right now",
    ActReason.ENDPOINT_MENDED: "the agency's system takes messages again",
    ActReason.OUR_FAULT_MENDED: "the fault was ours, and is mended",
    ActReason.WRONG_RECIPIENT: "it was not for this agency",
    ActReason.NOT_SAFE_TO_TELL: "telling it could put somebody at risk",
    ActReason.DECIDED_IN_ERROR: "the decision was recorded in error",
    ActReason.MAINTENANCE: "there is work on the agency's system",
    ActReason.NOT_TRUSTED: "it may be somebody else who answers there",
    ActReason.PAUSED_IN_ERROR: "it was paused in error",
    ActReason.NOT_SAFE_YET: "telling it could still put somebody at risk",
    ActReason.POLICE_ASKED: "the police have asked to wait",
    ActReason.OFFICER_NOT_AGREED: "the designated officer has not agreed yet",
    ActReason.NOBODY_REACHED: "whoever must hear it by telephone first has not been reached",
    ActReason.ADDRESS_NOT_VERIFIED: "the address is not verified yet",
    ActReason.TOLD_BY_PHONE: "it was told by telephone",
    ActReason.DECISION_STANDS: "the decision stands, and the case says why",
    ActReason.SORTED_OUT: "it is sorted out",
    ActReason.NOT_NEEDED: "nobody need do it any more",
    ActReason.FORM_GOOD: "the form is good",
    ActReason.FORM_TO_IMPROVE: "the form could be better",
    ActReason.FORM_INADEQUATE: "the form does not do what it is for",
}
DIVERGENCES = {
    Divergence.RECOMMENDATION_NOT_FOLLOWED: "it is not followed, and no reason is given",
    Divergence.SINGLE_AGENCY_AGAINST_JOINT: "social care enquires alone where a joint enquiry is advised",
    Divergence.CALLED_FOLLOWED_AND_IS_NOT: "it is said to be followed, and the outcome is another",
}
S47_RESULTS = {
    S47Result.ICPC: "a child protection conference",
    S47Result.S17_SERVICES: "support as a child in need",
    S47Result.ASSESSMENT_CONTINUES: "the assessment goes on",
    S47Result.OTHER_AGENCY_MONITORS: "another agency keeps an eye on it",
    S47Result.LEGAL_ACTION: "legal action",
    S47Result.SHORT_BREAK: "short breaks",
    S47Result.NO_FURTHER_ACTION: "no further action",
    S47Result.OTHER: "something else",
}
INVESTIGATIONS = {
    InvestigationStatus.OPEN: "it is open",
    InvestigationStatus.CLOSED_CHARGED: "it has ended, with a charge",
    InvestigationStatus.CLOSED_NO_FURTHER_ACTION: "it has ended, without further action",
    InvestigationStatus.CLOSED_OTHER: "it has ended, another way",
}
"""For staff alone: no message says how it ended."""
CHALLENGE_RESULTS = {
    ChallengeResult.UPHELD: "upheld",
    ChallengeResult.REVISED: "the decision is changed",
    ChallengeResult.WITHDRAWN: "withdrawn",
    ChallengeResult.NOT_UPHELD: "not upheld",
}
DISCLOSURES = {
    Disclosure.SHARED: "all of it is shared",
    Disclosure.PARTIAL: "part of it is shared",
    Disclosure.WITHHELD_DETRIMENT: "sharing it would do more harm than good",
    Disclosure.WITHHELD_NOT_FACILITATIVE: "sharing it would not help to protect the child",
}
ENQUIRY_ANSWERS = {
    EnquiryAnswer.KNOWN_CALL_US: "something is known, which is told by telephone",
    EnquiryAnswer.NOTHING_TO_SHARE: "there is nothing to share",
}
FORMS = {**EXACT_WORDS, RaStatus.INCORRECT: "not complete"}
"""How a child's police form stands, in the console's own tags: no message says it so."""
TASK_WORDS = {
    TaskKind.RELEASE_CHILD: "decide whether what is held may be told",
    TaskKind.RELEASE_AGENCY: "decide whether this agency may be told",
    TaskKind.RELEASE_ALLEGATION: "decide whether the allegation may be told",
    TaskKind.CALL_REFERRER: "call the referrer, where there is one to call",
    TaskKind.CALL_AGENCY: "call the agency: what it was told may no longer hold, and no message may say more",
    TaskKind.CHECK_REVISION: "ask for the decision that this revision replaced; it never came",
    TaskKind.CHECK_DUPLICATE: "say which child of which referral this is a duplicate of",
    TaskKind.CHECK_DIVERGENCE: "look at where the decision parts from what the police recommend, and why",
    TaskKind.CHECK_NOT_TOLD: (
        "find a way to tell those agencies that may have no message now (the trail names them)"
    ),
    TaskKind.CALL_UNTOLD: "call the agency: nothing shows that a message has reached it",
    TaskKind.CALL_UNREAD: "call the agency: nobody there has confirmed reading the message",
    TaskKind.MEND_ENDPOINT: "call the agency's desk: its endpoint does not take messages",
    TaskKind.MEND_ADDRESS: "find the agency's right address: a message came back",
    TaskKind.ACKNOWLEDGE_LATE: "see that the referral is acknowledged: its time has passed",
    TaskKind.DECIDE_LATE: "see that the child is decided: the time for it has passed",
    TaskKind.CHASE_CONTRIBUTION: "ask the agency again for what it knows: it has not answered",
    TaskKind.CHASE_TRANSFER: "ask the other authority whether it takes the child over: it has not said so",
    TaskKind.CHASE_CONFERENCE: "find out when the child protection conference is held: its time has passed",
    TaskKind.CHASE_ASSESSMENT: "find out whether the assessment is complete: its time has passed",
    TaskKind.CHASE_PLAN: "find out whether the plan still holds: nothing was heard of it",
    TaskKind.CHASE_POLICE: "ask the police how the joint enquiry stands: nothing was heard of it",
    TaskKind.CHECK_EARLY_EVENT: "find what this event waits for: its referral, decision or challenge",
    TaskKind.CHECK_CHALLENGE: "settle the challenge, or take it up a stage",
    TaskKind.CHECK_WITHHELD: "look what was told, and to whom: some of it is to be withheld",
    TaskKind.CHECK_RELEASE: "look what is held: the case system ended a hold that could not be ended here",
    TaskKind.CHECK_SILENCE: (
        "find out whether this system is down: nothing at all came from it in office hours for too long"
    ),
    TaskKind.CHECK_GAP: "have this system send again what never came",
    TaskKind.CHECK_RESTART: "find out whether this system lost events when it began its numbers anew",
    TaskKind.CHASE_FORM: "see that the police form comes: it is not complete",
    TaskKind.CHECK_STATEMENT: "ask the police about their form: they say it is settled, its check does not",
    TaskKind.GRADE_FORM: "read the police form in the police's own system, and say how good it is",
    TaskKind.READ_LATE_FORM: "read the police form: it was completed after the decision had been told",
    TaskKind.CHECK_REASONS: (
        "find out why so many decisions give no reason of their own, and see that they do"
    ),
}
TASK_NAMES = {
    TaskKind.RELEASE_CHILD: "held: all about a child",
    TaskKind.RELEASE_AGENCY: "held: what one agency is told",
    TaskKind.RELEASE_ALLEGATION: "held: an allegation",
    TaskKind.CALL_REFERRER: "referrer to be called",
    TaskKind.CALL_AGENCY: "agency to be called",
    TaskKind.CHECK_REVISION: "revision without its decision",
    TaskKind.CHECK_DUPLICATE: "duplicate of what is not known",
    TaskKind.CHECK_NOT_TOLD: "agencies that may have no message",
    TaskKind.CHECK_DIVERGENCE: "not as the police recommend",
    TaskKind.CALL_UNTOLD: "decided and not told",
    TaskKind.CALL_UNREAD: "told and not read",
    TaskKind.MEND_ENDPOINT: "system that takes no messages",
    TaskKind.MEND_ADDRESS: "address that mail came back from",
    TaskKind.ACKNOWLEDGE_LATE: "received and not acknowledged",
    TaskKind.DECIDE_LATE: "received and not decided",
    TaskKind.CHASE_CONTRIBUTION: "agency asked and silent",
    TaskKind.CHASE_TRANSFER: "transfer not accepted",
    TaskKind.CHASE_CONFERENCE: "conference not held",
    TaskKind.CHASE_ASSESSMENT: "assessment not complete",
    TaskKind.CHASE_PLAN: "plan without an update",
    TaskKind.CHASE_POLICE: "joint case without an update",
    TaskKind.CHECK_EARLY_EVENT: "event before its time",
    TaskKind.CHECK_CHALLENGE: "challenge not settled",
    TaskKind.CHECK_WITHHELD: "told and to be withheld",
    TaskKind.CHECK_RELEASE: "release that could not be done",
    TaskKind.CHECK_SILENCE: "system that has fallen silent",
    TaskKind.CHECK_GAP: "events missing from a system",
    TaskKind.CHECK_RESTART: "system whose numbers began anew",
    TaskKind.CHASE_FORM: "police form not complete",
    TaskKind.READ_LATE_FORM: "police form after the decision",
    TaskKind.CHECK_STATEMENT: "police word against their form",
    TaskKind.GRADE_FORM: "police form to be graded",
    TaskKind.CHECK_REASONS: "reasons left to the duty team",
}
"""The same as what waits is called where it is counted."""
CLOCK_WORDS = {
    ClockKind.ACKNOWLEDGE: "the acknowledgement",
    ClockKind.DECIDE: "the decision",
    ClockKind.CONTRIBUTE: "the agency's answer",
    ClockKind.TRANSFER: "the other authority's answer",
    ClockKind.CONFERENCE: "the child protection conference",
    ClockKind.ASSESSMENT: "the assessment",
    ClockKind.PLAN: "news of the plan",
    ClockKind.JOINT: "news of the joint enquiry",
    ClockKind.EARLY: "what an early event needs",
    ClockKind.POLICE_FORM: "the police form",
}
"""What each clock waits for, as the start of a sentence goes on from it."""


def told_words(level: Level, series: Series | None) -> str:
    """How much of a decision, or of an update, somebody is told: `outcome and plan`."""
    if series in SAYS_NOTHING_OF_THE_CHILD and level is Level.NOTICE:
        return f"{OF_UPDATES[Level.OUTCOME]}, the police form in brief"
    return LEVELS[level] if series is None else OF_UPDATES[level]


def in_words(code: str) -> str:
    """`no time zone (NO_TIME_ZONE)`, for codes whose names are their words."""
    return f"{code.removeprefix('E_').replace('_', ' ').lower()} ({code})"


def coded(words: Mapping[C, str], code: C) -> str:
    """`upheld (UPHELD)`."""
    return f"{words[code]} ({code})"


def plan_words(code: str) -> str:
    """`child protection plan (CP_PLAN)`; of one that is not disclosed a message has words of its own."""
    status = PlanStatus(code)
    words = "not disclosed" if status is PlanStatus.NOT_DISCLOSED else PLAN_STATUSES[status]
    return f"{words} ({code})"


def outcome_words(code: str) -> str:
    """`section 47 enquiry, joint with police (S47J)`."""
    return f"{LABELS[Outcome(code)]} ({code})"


def form_words(ra_status: str) -> str:
    """`not received (ABSENT)`."""
    return f"{FORMS[RaStatus(ra_status)]} ({ra_status})"
