"""What differs by outcome and level: heading, decision, reasons, next steps, support."""

from dataclasses import dataclass
from typing import Final

from functions.domain.wording.codes import (
    CALL_ABOUT_SUPPORT,
    GOOD_QUALITY,
    INFO_NEEDED,
    LEAD_ROLES,
    LEADERS,
    NEXT_STEPS,
    PLAN_STATUSES,
    REASONS,
    SUPPORT,
    SUPPORT_CONTACTS,
    WATCH_FOR,
)
from functions.domain.wording.outcomes import FIXED, RESPONSE_CHANGES, words_for
from functions.domain.wording.told import Shape, Told, main_outcome, may_lead
from functions.domain.wording.uk_time import uk_date, uk_date_and_time
from schemas.codes import AgencyType, InfoNeeded, NextStep, NoticeReason, Outcome, PlanStatus, Role
from schemas.notice import FrozenNotice, Pins

_NOTICE_REASONS: Final[dict[NoticeReason, str]] = {
    NoticeReason.MAILBOX_NOT_MANAGED: "because we cannot be sure your mailbox is secure",
    NoticeReason.PHONE_ONLY: "because we share it by phone only",
    NoticeReason.WHICH_CHILD: "because we must confirm which child",
}
_NOT_A_PLAN: Final = frozenset({PlanStatus.CP_ENQUIRY, PlanStatus.LOOKED_AFTER, PlanStatus.PRE_PROCEEDINGS})
_WE_CALL_BACK: Final = (
    "Ask for the duty manager. We will call you back on your agency's main number before we share anything."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """The sections between the references and the contact details."""

    heading: str
    paragraphs: tuple[str, ...]
    needed: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    next_steps: tuple[str, ...]
    support: tuple[str, ...] = ()


def body_of(notice: FrozenNotice, pins: Pins, codes: Told) -> Body:
    """The body for one recipient, of the shape that `told` chose."""
    if codes.shape is Shape.NOTICE:
        return _notice_only(notice, pins, codes)
    if codes.shape is Shape.FIXED:
        return Body(
            heading=_there_is_an_outcome(pins),
            paragraphs=tuple(FIXED[outcome] for outcome in codes.outcomes),
            next_steps=_steps(notice, pins, codes),
        )
    return _in_full(notice, pins, codes)


def _there_is_an_outcome(pins: Pins) -> str:
    return f"There is an outcome for {'your' if pins.role is Role.REFERRER else 'a'} referral"


def _notice_only(notice: FrozenNotice, pins: Pins, codes: Told) -> Body:
    """Draft 7: says that there is a decision and how to hear it, and nothing that would give it away."""
    referral = "a referral you made to us" if pins.role is Role.REFERRER else "a referral"
    because = _NOTICE_REASONS[pins.notice_reason or NoticeReason.PHONE_ONLY]
    return Body(
        heading=_there_is_an_outcome(pins),
        paragraphs=(
            f"We have made a decision about {referral}. We are not putting it in this email, {because}.",
        ),
        next_steps=(
            f"Call the MASH on {notice.contact.duty_phone} and give the reference above.",
            _WE_CALL_BACK,
            *_steps(notice, pins, codes),
        ),
    )


def _in_full(notice: FrozenNotice, pins: Pins, codes: Told) -> Body:
    main = main_outcome(codes.outcomes)
    words = words_for(main)
    facts = {
        "it": "it" if pins.role is Role.REFERRER else "the referral",
        "phone": notice.contact.duty_phone,
        "area": _humanised(notice.receiving_la).title() if notice.receiving_la else "that council",
    }
    return Body(
        heading=words.heading,
        paragraphs=(
            f"{_opening(notice, pins)} {words.decided.format(**facts)}",
            *(sentence.format(**facts) for sentence in words.more),
            *_what_the_decision_adds(notice, pins, codes),
            *(_also(outcome) for outcome in codes.outcomes if outcome is not main),
            *_plan(notice, codes),
            *_thanks(notice, pins),
        ),
        needed=_needed(notice, codes),
        why=tuple(REASONS[code] for code in codes.reasons),
        next_steps=_steps(notice, pins, codes),
        support=_support(codes),
    )


def _opening(notice: FrozenNotice, pins: Pins) -> str:
    if pins.role is Role.REFERRER:
        return f"You made a referral to us on {uk_date(notice.received_at)}."
    return "We are telling you because your agency is involved."


def _also(outcome: Outcome) -> str:
    return FIXED[outcome] if outcome in FIXED else f"We have also decided: {words_for(outcome).also}."


def _what_the_decision_adds(notice: FrozenNotice, pins: Pins, codes: Told) -> tuple[str, ...]:
    """What depends on the decision's other codes, for each outcome that carries them."""
    added: list[str] = []
    if {Outcome.NFA, Outcome.ADV} & set(codes.outcomes) and NextStep.REFER_AGAIN not in codes.steps:
        added.append("You can refer again if you have new concerns.")
    if Outcome.SAL in codes.outcomes and not {NextStep.YOU_LEAD, NextStep.OTHER_LEADS} & set(codes.steps):
        added.append(NEXT_STEPS[NextStep.OTHER_LEADS].format(**_leader(notice, pins)))
    if Outcome.OPN in codes.outcomes and notice.response_change is not None:
        added.append(RESPONSE_CHANGES[notice.response_change])
    if Outcome.STR in codes.outcomes and NextStep.STRATEGY_MEETING_JOIN not in codes.steps:
        added.append(f"To take part, call the duty manager on {notice.contact.duty_phone}.")
    if Outcome.S47J in codes.outcomes and codes.plan and pins.agency_type is not AgencyType.POLICE:
        added.append(f"To reach the police lead, call the duty manager on {notice.contact.duty_phone}.")
    return tuple(added)


def _plan(notice: FrozenNotice, codes: Told) -> tuple[str, ...]:
    """Level 3: the plan's status and how to reach who leads, by role and team and never by name."""
    if not codes.plan:
        return ()
    lead = [LEAD_ROLES[notice.lead_role]] if notice.lead_role else []
    team = [f"{_humanised(notice.lead_team_code)} team"] if notice.lead_team_code else []
    who = ", ".join([*lead, *team]) or "the duty manager"
    what = "status" if notice.plan_status in _NOT_A_PLAN else "plan"
    status = PLAN_STATUSES[notice.plan_status]
    return (f"Current {what}: {status}. Lead contact: {who}, {notice.contact.duty_phone}.",)


def _thanks(notice: FrozenNotice, pins: Pins) -> tuple[str, ...]:
    earned = InfoNeeded.GOOD_QUALITY in notice.info_needed_codes and pins.role is Role.REFERRER
    return (GOOD_QUALITY,) if earned else ()


def _needed(notice: FrozenNotice, codes: Told) -> tuple[str, ...]:
    """Without a request these codes grade the referral, and that is for the MASH to raise by phone."""
    if Outcome.INF not in codes.outcomes and NextStep.SEND_INFO not in codes.steps:
        return ()
    return tuple(INFO_NEEDED[code] for code in notice.info_needed_codes if code in INFO_NEEDED) or (
        "Call the duty manager to ask what we need.",
    )


def _steps(notice: FrozenNotice, pins: Pins, codes: Told) -> tuple[str, ...]:
    facts = {"due": _due(notice), **_leader(notice, pins)}
    steps = [NEXT_STEPS[step].format(**facts) for step in codes.steps]
    if Outcome.INF in codes.outcomes and NextStep.SEND_INFO not in codes.steps:
        steps.append(NEXT_STEPS[NextStep.SEND_INFO].format(**facts))
    if Outcome.EHF in codes.outcomes and NextStep.REFER_AGAIN in codes.steps:
        again = codes.steps.index(NextStep.REFER_AGAIN)
        steps[again] += " You do not need to wait for early help to finish."
    return (*steps, *(WATCH_FOR[code] for code in codes.watch_for))


def _due(notice: FrozenNotice) -> str:
    return f" by {uk_date_and_time(notice.info_due_at)}" if notice.info_due_at else " as soon as you can"


def _leader(notice: FrozenNotice, pins: Pins) -> dict[str, str]:
    """Where the reader's own agency may be meant, they settle it on the phone: the decision does not say."""
    if notice.lead_role is None:
        return {"leader": "One agency", "lead_role": "", "purpose": "to agree who leads"}
    return {
        "leader": LEADERS[notice.lead_role],
        "lead_role": f" ({LEAD_ROLES[notice.lead_role]})",
        "purpose": "to agree who leads" if may_lead(notice.lead_role, pins.agency_type) else "for details",
    }


def _support(codes: Told) -> tuple[str, ...]:
    named = tuple(f"{SUPPORT[code]}." for code in codes.support)
    if codes.ask_about_support:
        return (*named, CALL_ABOUT_SUPPORT)
    return (*named, SUPPORT_CONTACTS) if named else ()


def _humanised(code: str) -> str:
    """`ASSESSMENT_2` as `Assessment 2`, until the hub's directory has a label for it."""
    return code.replace("_", " ").capitalize()
