"""Every figure of the shared data set: K1a to K17, each with its words, what it counts and divides by."""

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any, TypeAlias

from functions.domain.measures.facts import Case
from functions.domain.measures.populations import (
    ADDRESSES,
    CLOSURES,
    CLOSURES_TOLD,
    COLOURED,
    CONTACTS,
    DECIDED,
    FOLLOWED,
    FORM_REQUIRED,
    HOLDS,
    MODE_KNOWN,
    NFA_FOLLOWED,
    OPEN_HOLDS,
    POLICE_RECEIVED,
    PROFESSIONAL_DECIDED,
    PROFESSIONAL_RECEIVED,
    PROFESSIONAL_TOLD,
    RECEIVED,
    RECOMMENDED,
    RESOLVED,
    SENT,
    TIMED,
    UNBORN,
    U,
    is_recommended,
)
from functions.domain.measures.shapes import Dimension, Measure, Sort, Split, Times
from schemas.codes import EventType, Rag, RaStatus


def _if(holds: Callable[[U], bool]) -> Callable[[U], Collection[str]]:
    return lambda unit: ("yes",) if holds(unit) else ()


NO_TIME = timedelta()
IN, OUT = "in", "out"
NOT_TOLD = "not-told"
NO_FORM = "no-form"
HOURS = Dimension("hours", "received in or out of office hours, bank holidays out", (IN, OUT))
COLOUR = Dimension("rag", "the most urgent grade until the decision", tuple(Rag))
SOURCE = Dimension(
    "source_code",
    "who referred, as the CIN census codes it",
    standard="CIN N00152; SSD cont_contact_source_code, cine_referral_source_code",
)
STATUS = Dimension(
    "ra_status", "the newest check", tuple(one for one in RaStatus if one is not RaStatus.NOT_REQUIRED)
)
UNIT = Dimension(
    "unit",
    "the police unit that the newest form names, by the police's own code (RA17); "
    f"`{NO_FORM}`: no form came; `{NOT_TOLD}`: it names no unit",
)
RULE = Dimension("rule", "the mandatory rule that the form fails")
OUTCOME = Dimension("outcome", "the newest decision's outcome")
RESULT = Dimension("result", "how the challenge ended")
TRIGGER = Dimension("trigger", "why a person had to release it first")
DISCLOSURE = Dimension("disclosure", "what was decided about sharing (s16LA Children Act 2004)")
PERCENTILE = Dimension("percentile", "p50: within this time for half of them; p95: for 95 in 100")
DIMENSIONS = (HOURS, COLOUR, SOURCE, STATUS, UNIT, RULE, OUTCOME, RESULT, TRIGGER, DISCLOSURE, PERCENTILE)


def _unit(case: Case) -> str:
    if case.check is None or not case.check.has_form:
        return NO_FORM
    return case.check.unit or NOT_TOLD


BY_HOURS = Split(HOURS, lambda case: OUT if case.received.is_out_of_hours else IN)
BY_COLOUR = Split(COLOUR, lambda case: (case.decided and case.decided.rag) or NOT_TOLD)
BY_SOURCE = Split(SOURCE, lambda case: case.received.source_code or NOT_TOLD)
BY_UNIT = Split(UNIT, _unit)

_CONTACT_DATE = "SSD cont_contact_date"
_REFERRAL_DATE = "CIN N00100; SSD cine_referral_date"

MEASURES: tuple[Measure[Any], ...] = (
    Measure(
        "K1a",
        "outcome_told",
        "Outcome told",
        PROFESSIONAL_DECIDED,
        "the newest outcome has reached whoever referred: level 2 or more, a fixed sentence, or a call",
        _if(lambda case: case.told.newest),
        splits=(BY_HOURS,),
        within=PROFESSIONAL_TOLD.name,
    ),
    Measure(
        "K1b",
        "told_by_notice_only",
        "Told by notice only",
        PROFESSIONAL_DECIDED,
        "a notice of it has arrived, and nobody has said the outcome",
        _if(lambda case: case.told.newest_by_notice),
        splits=(BY_HOURS,),
    ),
    Measure(
        "K2",
        "told_in_1_working_day",
        "Told within 1 working day of the referral arriving",
        PROFESSIONAL_RECEIVED,
        "an outcome reached whoever referred within one working day of receipt",
        _if(lambda case: case.told_in_a_working_day),
        splits=(BY_HOURS,),
        standards=(_REFERRAL_DATE,),
    ),
    Measure(
        "K3",
        "acknowledged_in_1_working_day",
        "Acknowledged within 1 working day",
        RECEIVED,
        "acknowledged within one working day of receipt",
        _if(lambda case: case.received.acknowledged_in_time),
        splits=(BY_HOURS,),
        needs=EventType.ACKNOWLEDGED,
        standards=(_REFERRAL_DATE,),
    ),
    Measure(
        "K4",
        "decided_in_24_hours",
        "Decided within 24 elapsed hours",
        CONTACTS,
        "a final decision within 24 hours of receipt, nights and weekends counted, or what the hub's clocks "
        "measure by",
        _if(lambda case: case.decided is not None and case.decided.in_a_day),
        splits=(BY_HOURS,),
        standards=(_CONTACT_DATE,),
    ),
    Measure(
        "K5",
        "decided_in_1_working_day",
        "Decided within 1 working day",
        CONTACTS,
        "a final decision within one working day of receipt, or what the hub's clocks measure by",
        _if(lambda case: case.decided is not None and case.decided.in_a_working_day),
        splits=(BY_HOURS,),
        standards=(_CONTACT_DATE,),
    ),
    Measure(
        "K6",
        "decided_in_colour_target",
        "Decided within the colour's target",
        COLOURED,
        "a final decision within the time of its colour, by the hub's clocks",
        _if(lambda case: case.decided is not None and case.decided.in_colour),
        splits=(BY_COLOUR, BY_HOURS),
    ),
    Measure(
        "K7",
        "out_of_hours",
        "Received out of hours",
        RECEIVED,
        "received outside office hours",
        _if(lambda case: case.received.is_out_of_hours),
        standards=(_CONTACT_DATE,),
    ),
    Measure(
        "K7",
        "duplicates",
        "Duplicates",
        RECEIVED,
        "repeats another referral, with which it is counted in the other figures",
        _if(lambda case: case.received.is_duplicate),
    ),
    Measure(
        "K8",
        "ra_status",
        "Police form, by status",
        FORM_REQUIRED,
        "the newest check says so",
        lambda case: (case.check.status,) if case.check else (),
        sort=Sort.PARTS,
        dimension=STATUS,
        splits=(BY_UNIT,),
    ),
    Measure(
        "K8",
        "ra_late",
        "Police form completed late",
        FORM_REQUIRED,
        "completed after it was due",
        _if(lambda case: case.check is not None and case.check.late),
    ),
    Measure(
        "K8",
        "ra_after_decision",
        "Police form completed after the decision",
        FORM_REQUIRED,
        "completed after the decision",
        _if(lambda case: case.check is not None and case.check.after_decision),
    ),
    Measure(
        "K8",
        "ra_failed_rule",
        "Police form, by failing rule",
        FORM_REQUIRED,
        "fails the rule",
        lambda case: case.check.failed if case.check else (),
        sort=Sort.TAGS,
        dimension=RULE,
    ),
    Measure(
        "K9",
        "next_step_given",
        "Police say what should happen next",
        POLICE_RECEIVED,
        "with a valid recommendation (RA16)",
        _if(is_recommended),
    ),
    Measure(
        "K9",
        "next_step_followed",
        "Police recommendation followed",
        RECOMMENDED,
        "the decision follows it",
        _if(lambda case: case.decided is not None and bool(case.decided.followed)),
    ),
    Measure(
        "K10",
        "joint",
        "Joint risk assessment",
        MODE_KNOWN,
        "risk was assessed jointly (JOINT)",
        _if(lambda case: case.decided is not None and bool(case.decided.is_joint)),
    ),
    Measure(
        "K11",
        "became_referral",
        "Contacts that became referrals",
        CONTACTS,
        "later received as a referral",
        _if(lambda case: case.received.became_referral),
        splits=(BY_SOURCE,),
        standards=(_CONTACT_DATE, _REFERRAL_DATE),
    ),
    Measure(
        "K11",
        "no_further_action",
        "No further action",
        DECIDED,
        "the newest outcome is NFA",
        _if(lambda case: case.decided is not None and case.decided.is_nfa),
        splits=(BY_SOURCE,),
        standards=("CIN N00112; SSD cine_referral_nfa",),
    ),
    Measure(
        "K11",
        "outcome",
        "Decisions, by outcome",
        DECIDED,
        "the newest outcome is this one",
        lambda case: (case.decided.outcome,) if case.decided else (),
        sort=Sort.PARTS,
        dimension=OUTCOME,
    ),
    Measure(
        "K12",
        "referred_again",
        "Referred again in 12 months",
        FOLLOWED,
        "another referral of the child came within 12 months of the decision",
        _if(lambda one: one.came_back),
        standards=(_REFERRAL_DATE,),
    ),
    Measure(
        "K12",
        "referred_again_after_nfa",
        "Referred again in 12 months after no further action",
        NFA_FOLLOWED,
        "another referral of the child came within 12 months of the decision",
        _if(lambda one: one.came_back),
        standards=(_REFERRAL_DATE, "CIN N00112; SSD cine_referral_nfa"),
    ),
    Measure(
        "K13",
        "challenged",
        "Decisions challenged",
        DECIDED,
        "an agency raised a challenge",
        _if(lambda case: case.is_challenged),
        needs=EventType.CHALLENGE_RAISED,
    ),
    Measure(
        "K13",
        "challenge_result",
        "Challenges, by result",
        RESOLVED,
        "resolved so",
        lambda one: (one.result,),
        sort=Sort.PARTS,
        dimension=RESULT,
        needs=EventType.CHALLENGE_RESOLVED,
    ),
    Measure(
        "K14",
        "undelivered_or_unread",
        "Messages not there in time",
        SENT,
        "not known to have arrived within one working day, or unread past its limit",
        _if(lambda one: one.failed),
    ),
    Measure(
        "K14",
        "stale_addresses",
        "Addresses not verified for 90 days",
        ADDRESSES,
        "nobody has verified it for over 90 days",
        _if(lambda one: bool(one.is_stale)),
    ),
    Measure(
        "K15",
        "held",
        "Decisions held, by reason",
        DECIDED,
        "something of it was held for that reason",
        lambda case: case.triggers,
        sort=Sort.TAGS,
        dimension=TRIGGER,
    ),
    Measure(
        "K15",
        "withheld",
        "Decisions withheld, by reason",
        DECIDED,
        "a WITHHELD event says so of somebody",
        lambda case: case.disclosures,
        sort=Sort.TAGS,
        dimension=DISCLOSURE,
        needs=EventType.WITHHELD,
    ),
    Measure(
        "K15",
        "still_held",
        "Holds still open",
        HOLDS,
        "neither released nor ended by a newer decision",
        _if(lambda one: one.open_for is not None),
    ),
    Measure(
        "K16",
        "unborn_care_told",
        "Unborn: health visitor or midwife told",
        UNBORN,
        "a health visiting or midwifery service was told: the outcome, or by a notice alone, or by a call",
        _if(lambda case: case.told.unborn_care),
    ),
    Measure(
        "K17",
        "all_partners_told",
        "Police closures told to every partner",
        CLOSURES,
        "the message has reached every partner with a live plan",
        _if(lambda one: one.told_all_after is not None),
        needs=EventType.POLICE_INVESTIGATION_STATUS_CHANGED,
    ),
)
TIMES: tuple[Times[Any], ...] = (
    Times(
        "K2",
        "decided_to_told",
        "From the decision until it was told",
        PROFESSIONAL_TOLD,
        lambda case: case.told.took or NO_TIME,
        splits=(BY_HOURS,),
    ),
    Times(
        "K13",
        "time_to_resolve",
        "From a challenge until it was resolved",
        TIMED,
        lambda one: one.took or NO_TIME,
        percents=(50,),
        needs=EventType.CHALLENGE_RESOLVED,
    ),
    Times(
        "K15", "age_of_open_holds", "Age of holds still open", OPEN_HOLDS, lambda one: one.open_for or NO_TIME
    ),
    Times(
        "K17",
        "time_to_tell_all",
        "From a police closure until every partner was told",
        CLOSURES_TOLD,
        lambda one: one.told_all_after or NO_TIME,
        needs=EventType.POLICE_INVESTIGATION_STATUS_CHANGED,
    ),
)
Figure: TypeAlias = Measure[Any] | Times[Any]
FIGURES: tuple[Figure, ...] = tuple(
    sorted((*MEASURES, *TIMES), key=lambda one: int(one.k.rstrip("ab").removeprefix("K")))
)
"""All of them in the order of the list; those of one number as they stand above."""
LIVE_FIGURES = tuple(one for one in FIGURES if not one.of.moved_by)
"""Those that have live counters."""
