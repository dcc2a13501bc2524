"""The webhook's body from a frozen notice: CloudEvents JSON, made without a template engine."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from functions.domain.read_link import read_link
from functions.domain.shown import shown
from functions.domain.wording import links_to_the_page, says_what_level_one_may
from functions.domain.wording.outcomes import FIXED, FIXED_CODES
from functions.domain.wording.own_referral import own_referral
from functions.domain.wording.police_form import SENTENCES, outward_status, sees_rules
from functions.domain.wording.told import Shape, Told, is_revised, told
from functions.domain.wording.unwritten import how_to_hear_it, there_is_an_outcome
from schemas.codes import Level, MessageType, SaidInstead
from schemas.notice import FrozenNotice, HubContact, Pins
from schemas.outcome import (
    OutcomeData,
    OutcomeEvent,
    ToldContact,
    ToldDecision,
    ToldInfoNeeded,
    ToldInstead,
    ToldPlan,
    ToldPoliceForm,
)
from schemas.risk_assessment import PoliceCheck

CONTENT_TYPE: Final = "application/cloudevents+json; charset=utf-8"


def render_webhook(notice: FrozenNotice, pins: Pins, token: str | None = None) -> bytes:
    """The body for one recipient's system: compact JSON in the contract's key order.

    `token` is that of its read link. A message of an older version lacks the keys that came after it, so that
    its bytes stay what they were.
    """
    event = outcome_event(notice, pins, token)
    return event.model_dump_json(exclude={"data": _newer_than(pins.template_version)}).encode()


def payload_sha256(body: bytes) -> str:
    """Hex SHA-256 of the body, as STARTED keeps it."""
    return hashlib.sha256(body).hexdigest()


def _newer_than(version: str) -> Mapping[str, Any]:
    """The keys of `data` that came after a version, as pydantic is told to leave them out."""
    newer: dict[str, Any] = {}
    if not links_to_the_page(version):
        newer["confirm_url"] = True
    if not says_what_level_one_may(version):
        newer |= {"said_instead": True, "contact": {"duty_hours", "out_of_hours_phone"}}
    return newer


def outcome_event(notice: FrozenNotice, pins: Pins, token: str | None = None) -> OutcomeEvent:
    """The CloudEvent for one recipient; `publisher_url` is the hub's address that names source and schema."""
    publisher = notice.contact.publisher_url.rstrip("/")
    return OutcomeEvent(
        id=pins.message_id,
        source=f"{publisher}/mash",
        subject=own_referral(notice, pins).ref,
        time=notice.occurred_at,
        dataschema=f"{publisher}/schemas/outcome-1.0.json",
        protectivemarking=notice.contact.marking,
        data=_data(notice, pins, token),
    )


def _data(notice: FrozenNotice, pins: Pins, token: str | None) -> OutcomeData:
    """What a fixed sentence's e-mail names, its webhook names; of a notice, only how to file and show it.

    A message of an older version had none of this at level 1.
    """
    codes = told(notice, pins)
    known = own_referral(notice, pins)
    in_full = pins.level > Level.NOTICE and codes.shape is not Shape.NOTICE
    says = in_full or says_what_level_one_may(pins.template_version)
    says_which = says and codes.shape is not Shape.NOTICE
    return OutcomeData(
        referral_ref=known.ref,
        child_index=known.child_index if says_which else None,
        own_ref=pins.own_ref,
        level=pins.level,
        message_type=MessageType.OUTCOME_REVISED if is_revised(pins) else MessageType.OUTCOME,
        duplicate_of=codes.original_ref,
        decision=_decision(notice, pins, codes) if in_full else None,
        said_instead=_said_instead(notice, pins, codes) if says else (),
        police_form=told_police_form(notice.police_form, pins, in_full=in_full, says_which=says_which),
        next_steps=codes.steps if says else (),
        info_needed=_info_needed(notice, codes),
        watch_for=codes.watch_for,
        support=codes.support,
        expected_date_of_delivery=codes.expected_date_of_delivery,
        plan=_plan(notice) if codes.plan else None,
        contact=told_contact(notice.contact),
        confirm_url=read_link(notice, token),
    )


def _decision(notice: FrozenNotice, pins: Pins, codes: Told) -> ToldDecision:
    outcome, *additional = codes.outcomes
    return ToldDecision(
        decision_seq=shown(notice.decision_seq, pins),
        supersedes=pins.told_before.decision_seq if pins.told_before else None,
        outcome=outcome,
        additional_outcomes=tuple(additional),
        decided_at=notice.decided_at,
        reason_codes=codes.reasons,
        response_change=codes.response_change,
        receiving_la=codes.receiving_la,
        transfer_accepted=codes.transfer_accepted,
        family_contacted=codes.family_contacted,
    )


def _said_instead(notice: FrozenNotice, pins: Pins, codes: Told) -> tuple[ToldInstead, ...]:
    """The e-mail's words where it names no outcome: a fixed sentence each, or why to ring and how."""
    if codes.shape is Shape.FULL:
        return ()
    if codes.shape is Shape.FIXED:
        return tuple(ToldInstead(code=FIXED_CODES[one], sentence=FIXED[one]) for one in codes.outcomes)
    said = (*there_is_an_outcome(notice, pins, "this message"), *how_to_hear_it(notice, "the reference"))
    return (ToldInstead(code=SaidInstead.CALL_FOR_OUTCOME, sentence=" ".join(said)),)


def _info_needed(notice: FrozenNotice, codes: Told) -> ToldInfoNeeded | None:
    if codes.needed is None:
        return None
    return ToldInfoNeeded(codes=codes.needed, due_at=notice.info_due_at)


def told_contact(contact: HubContact) -> ToldContact:
    """Whom to ring, whatever is told."""
    return ToldContact(
        duty_phone=contact.duty_phone,
        duty_hours=contact.duty_hours,
        out_of_hours_phone=contact.out_of_hours_phone,
        escalation_url=contact.escalation_url,
    )


def told_police_form(check: PoliceCheck, pins: Pins, *, in_full: bool, says_which: bool) -> ToldPoliceForm:
    """The police check as this reader may have it: its sentence always, its rules to the police alone."""
    rules_shown = says_which and sees_rules(pins.agency_type)
    return ToldPoliceForm(
        status=outward_status(check.status, pins.agency_type),
        failed_rules=check.failed_rules if rules_shown else (),
        advisory_rules=check.advisory_rules if rules_shown else (),
        evaluated_at=check.evaluated_at if in_full else None,
        sentence=SENTENCES[check.status],
    )


def _plan(notice: FrozenNotice) -> ToldPlan:
    """A team that the hub's directory does not list stays out: its code could be somebody's name."""
    return ToldPlan(
        status=notice.plan_status,
        lead_role=notice.lead_role,
        lead_team_code=notice.lead_team_code if notice.labels.team else None,
    )
