"""What differs by outcome and level: the heading, the paragraphs, and the lists below them."""

from dataclasses import dataclass

from functions.domain.wording import steps
from functions.domain.wording.asked import leads
from functions.domain.wording.codes import GOOD_QUALITY
from functions.domain.wording.outcomes import FIXED, RESPONSE_CHANGES
from functions.domain.wording.own_referral import made_this_referral, own_referral
from functions.domain.wording.plan import lead_contact, plan_now, who_leads
from functions.domain.wording.revision import HAS_CHANGED, revised_heading, revised_opening
from functions.domain.wording.situation import as_phrase, name_of, situation, words_in
from functions.domain.wording.told import Shape, Told, is_revised, main_outcome
from functions.domain.wording.uk_time import uk_date, uk_day
from functions.domain.wording.unwritten import how_to_hear_it, there_is_an_outcome
from schemas.codes import AgencyType, InfoNeeded, NextStep, Outcome, Role
from schemas.notice import FrozenNotice, Pins


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """The sections between the references and the contact details; a notice gives nothing away.

    `form_in_brief`: of the police form there is its sentence alone, as on a notice.
    """

    heading: str
    paragraphs: tuple[str, ...]
    needed: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    next_steps: tuple[str, ...]
    support: tuple[str, ...] = ()
    form_in_brief: bool = False


def body_of(notice: FrozenNotice, pins: Pins, codes: Told) -> Body:
    """The body for one recipient, of the shape that `told` chose."""
    if codes.shape is Shape.NOTICE:
        return _notice_only(notice, pins, codes)
    if codes.shape is Shape.FIXED:
        return Body(
            heading=_heading(pins),
            paragraphs=tuple(FIXED[outcome] for outcome in codes.outcomes),
            next_steps=steps.steps(notice, pins, codes),
        )
    return _in_full(notice, pins, codes)


def _heading(pins: Pins) -> str:
    if is_revised(pins):
        return HAS_CHANGED
    return f"There is an outcome for {'your' if pins.role is Role.REFERRER else 'a'} referral"


def _notice_only(notice: FrozenNotice, pins: Pins, codes: Told) -> Body:
    """Draft 7: says that there is a decision and how to hear it, and nothing that would give it away."""
    return Body(
        heading=_heading(pins),
        paragraphs=there_is_an_outcome(notice, pins, "this email"),
        next_steps=(
            *how_to_hear_it(notice, "the reference above"),
            *steps.steps(notice, pins, codes),
        ),
        form_in_brief=True,
    )


def _in_full(notice: FrozenNotice, pins: Pins, codes: Told) -> Body:
    main = main_outcome(codes.outcomes)
    words = words_in(notice, pins, main)
    revised = is_revised(pins)
    same_concern = _same_concern(pins, codes)
    return Body(
        heading=revised_heading(pins, main) if revised else words.heading,
        paragraphs=(
            *(
                revised_opening(notice, pins, main, same_concern)
                if revised
                else _opening(notice, pins, main, same_concern)
            ),
            *words.more,
            *(_also(notice, pins, outcome) for outcome in codes.outcomes if outcome is not main),
            *_what_the_decision_adds(notice, pins, codes),
            *_plan(notice, codes),
            *_thanks(notice, pins),
        ),
        needed=steps.needed(notice, pins, codes),
        why=steps.why(notice, pins, codes),
        next_steps=steps.steps(notice, pins, codes),
        support=steps.support(notice, codes),
    )


def _opening(notice: FrozenNotice, pins: Pins, main: Outcome, same_concern: tuple[str, ...]) -> tuple[str]:
    """Why the reader gets this and what was decided; the hub's own name for it, where it has one."""
    if pins.role is Role.REFERRER:
        opening = f"You made a referral to us on {uk_date(own_referral(notice, pins).received_at)}."
    else:
        opening = "We are telling you because your agency is involved."
    label = notice.labels.outcomes.get(main)
    called = (f"We call this: {as_phrase(label)}.",) if label else ()
    return (" ".join((opening, *same_concern, words_in(notice, pins, main).decided, *called)),)


def _same_concern(pins: Pins, codes: Told) -> tuple[str, ...]:
    """Why one decision answers two referrals; the other's reference only to whoever has it anyway."""
    if pins.duplicate is None:
        return ()
    if codes.original_ref is None:
        return ("We have more than one referral about the same concern. We looked at them as one.",)
    also_known = f"You also know of referral {codes.original_ref}, which is about the same concern."
    return (f"{also_known} We looked at the two as one.",)


def _also(notice: FrozenNotice, pins: Pins, outcome: Outcome) -> str:
    if outcome in FIXED:
        return FIXED[outcome]
    return f"We have also decided: {name_of(notice, pins, outcome, apart=True)}."


def _what_the_decision_adds(notice: FrozenNotice, pins: Pins, codes: Told) -> tuple[str, ...]:
    """What depends on the decision's other codes, for each outcome that carries them."""
    phone = notice.contact.duty_phone
    said = {
        Outcome.ADV: _whether_the_family_was_contacted(codes),
        Outcome.EHF: _early_help_lead(notice, pins, codes),
        Outcome.OPN: RESPONSE_CHANGES[codes.response_change] if codes.response_change else "",
        Outcome.TRF: _transfer(notice, pins, codes),
        Outcome.INF: "" if codes.needed is not None else "We have asked others for this information.",
        Outcome.STR: (
            ""
            if NextStep.STRATEGY_MEETING_JOIN in codes.steps
            else f"To take part, call the duty manager on {phone}."
        ),
        Outcome.S47J: (
            f"To reach the police lead, call the duty manager on {phone}."
            if codes.plan and pins.agency_type is not AgencyType.POLICE
            else ""
        ),
    }
    below_threshold = {Outcome.NFA, Outcome.ADV} & set(codes.outcomes)
    may_refer_again = bool(below_threshold) and NextStep.REFER_AGAIN not in codes.steps
    due = codes.expected_date_of_delivery
    return (
        *(sentence for outcome, sentence in said.items() if outcome in codes.outcomes and sentence),
        *(("You can refer again if you have new concerns.",) if may_refer_again else ()),
        *((f"The baby is due on {uk_day(due)}.",) if due else ()),
    )


def _whether_the_family_was_contacted(codes: Told) -> str:
    if codes.family_contacted is None:
        return "The decision does not say if the family was contacted. Call us if you need to know."
    return "We have contacted the family." if codes.family_contacted else "We have not contacted the family."


def _early_help_lead(notice: FrozenNotice, pins: Pins, codes: Told) -> str:
    """Whom to ask for; level 3 reads it with the plan, and whoever leads needs no introduction."""
    if notice.lead_role is None or codes.plan or leads(notice, pins):
        return ""
    return lead_contact(who_leads(notice.lead_role, None), notice.contact)


def _transfer(notice: FrozenNotice, pins: Pins, codes: Told) -> str:
    """By the name in the hub's directory alone: a code that it does not list could be anything."""
    council = as_phrase(notice.labels.receiving_la or "the other council")
    accepted = (
        "They have accepted it."
        if codes.transfer_accepted
        else "They have not yet told us that they accept it."
    )
    return f"We have passed {situation(notice, pins)['the_referral']} to {council}. {accepted}"


def _plan(notice: FrozenNotice, codes: Told) -> tuple[str, ...]:
    """Level 3: the plan's status and how to reach who leads, by role and team and never by name."""
    if not codes.plan:
        return ()
    lead = who_leads(notice.lead_role, notice.labels.team)
    return (f"{plan_now(notice.plan_status)} {lead_contact(lead, notice.contact)}",)


def _thanks(notice: FrozenNotice, pins: Pins) -> tuple[str, ...]:
    earned = InfoNeeded.GOOD_QUALITY in notice.info_needed_codes and made_this_referral(pins)
    return (GOOD_QUALITY,) if earned else ()
