"""Each child is decided: mostly in time, some late, a few never; some provisionally first, some anew."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from functions.domain.due import decision_due_at
from schemas.codes import CinSource, Outcome, PlanStatus, Rag
from tests.simulation.year.contacts import Child, Version
from tests.simulation.year.county import AUTHORITY, PARTNERS, POLICE, TEAM
from tests.simulation.year.draws import POLICY
from tests.simulation.year.lives import Life, text
from tests.world import Wire, a_decision, an_event_id

_OUTCOMES: Mapping[Outcome, float] = {
    Outcome.NFA: 37,
    Outcome.ADV: 20,
    Outcome.EHF: 11,
    Outcome.SAL: 5,
    Outcome.S17: 10,
    Outcome.STR: 2.5,
    Outcome.S47S: 1.5,
    Outcome.S47J: 2.5,
    Outcome.EMP: 0.3,
    Outcome.ACC: 0.3,
    Outcome.OPN: 5,
    Outcome.TRF: 1.5,
    Outcome.CTI: 0.4,
    Outcome.PVF: 0.3,
    Outcome.LAD: 0.7,
    Outcome.DUP: 2,
}
_IF_RED: Mapping[Outcome, float] = {
    Outcome.NFA: 10,
    Outcome.ADV: 6,
    Outcome.S17: 26,
    Outcome.STR: 18,
    Outcome.S47S: 10,
    Outcome.S47J: 20,
    Outcome.EMP: 2,
    Outcome.ACC: 1.5,
    Outcome.OPN: 4,
    Outcome.LAD: 1.5,
    Outcome.EHF: 1,
}
_AFTER_A_STRATEGY_DISCUSSION: Mapping[Outcome, float] = {
    Outcome.S47J: 40,
    Outcome.S47S: 25,
    Outcome.S17: 25,
    Outcome.NFA: 10,
}
_PLANS: Mapping[Outcome, Mapping[PlanStatus, float]] = {
    Outcome.EHF: {PlanStatus.EARLY_HELP_FAMILY_HELP: 1},
    Outcome.S17: {PlanStatus.NONE: 6, PlanStatus.CIN_PLAN: 4},
    Outcome.STR: {PlanStatus.CP_ENQUIRY: 1},
    Outcome.S47S: {PlanStatus.CP_ENQUIRY: 1},
    Outcome.S47J: {PlanStatus.CP_ENQUIRY: 1},
    Outcome.EMP: {PlanStatus.CP_ENQUIRY: 1, PlanStatus.LOOKED_AFTER: 1},
    Outcome.ACC: {PlanStatus.LOOKED_AFTER: 1},
    Outcome.OPN: {PlanStatus.CIN_PLAN: 3, PlanStatus.CP_PLAN: 1, PlanStatus.NOT_DISCLOSED: 1},
    Outcome.CTI: {PlanStatus.CP_PLAN: 1},
    Outcome.DUP: {PlanStatus.NOT_DISCLOSED: 1},
}
_NO_PLAN: Mapping[PlanStatus, float] = {PlanStatus.NONE: 1}
S47 = frozenset({Outcome.S47S, Outcome.S47J})
LATE, NEVER = 0.09, 0.01
SOON = 0.65
"""Decided on the day, whatever the colour allows."""
PROVISIONAL = 0.03
SETTLED_AFTER_INF = 0.94
REVISED = 0.035
SENSITIVE, STAFF_LINKED, RESTRICTED = 0.004, 0.004, 0.003
FOLLOWED = 0.85


def decided(life: Life) -> None:
    """Siblings are decided one after the other, mostly alike."""
    draws, contact = life.draws, life.contact
    if draws.share(NEVER):
        return
    at, alike = _when(life), _outcome(life)
    for child in contact.children:
        outcome = alike if draws.share(0.75) else _outcome(life)
        if outcome is Outcome.DUP and not _originals(life):
            outcome = Outcome.NFA
        _versions(life, child, outcome, at)
        at = draws.after(at, 0.01, 0.4)


def _when(life: Life) -> datetime:
    """Within the time of the colour, or after it."""
    draws, contact = life.draws, life.contact
    due_at, begun = decision_due_at(contact.received_at, contact.rag, POLICY), contact.received_at
    if draws.share(LATE):
        return draws.in_office(due_at, 0.5, 60)
    hours = (due_at - begun) / timedelta(hours=1)
    if contact.rag is Rag.RED:
        return draws.after(begun, 0.6, 3.7)
    soon = draws.share(SOON)
    at = draws.in_office(begun, *((0.4, 7) if soon else (0.1 * hours, 0.9 * hours)))
    return min(at, due_at - timedelta(minutes=20)) if due_at - begun > timedelta(hours=1) else at


def _outcome(life: Life) -> Outcome:
    return life.draws.weighted(_IF_RED if life.contact.rag is Rag.RED else _OUTCOMES)


def _versions(life: Life, child: Child, outcome: Outcome, at: datetime) -> None:
    draws = life.draws
    if draws.share(PROVISIONAL) and outcome is not Outcome.DUP:
        tell_version(life, child, Outcome.INF, at)
        at = draws.days_later(at, 1, 6)
        if not draws.share(SETTLED_AFTER_INF):
            return
    tell_version(life, child, outcome, at)
    if outcome is Outcome.STR and draws.share(0.75):
        tell_version(life, child, draws.weighted(_AFTER_A_STRATEGY_DISCUSSION), draws.days_later(at, 1, 4))
    elif outcome is Outcome.DUP and draws.share(0.1):
        tell_version(life, child, Outcome.NFA, draws.days_later(at, 1, 3))
    elif draws.share(REVISED):
        tell_version(life, child, another_outcome(life), draws.days_later(at, 1, 15))


def another_outcome(life: Life) -> Outcome:
    """Of a version that says something else than the one before."""
    return life.draws.weighted({**_OUTCOMES, Outcome.DUP: 0})


def tell_version(life: Life, child: Child, outcome: Outcome, at: datetime) -> None:
    """The next version, told within minutes."""
    seq = len(child.versions) + 1
    told_at = life.draws.after(at, 0.005, 0.2)
    event = _event(life, child, outcome, at, seq) | {"occurred_at": text(told_at)}
    outcomes = tuple(map(Outcome, (event["primary_outcome"], *event["additional_outcomes"])))
    plan, told = PlanStatus(event["plan_status"]), tuple(_named(event))
    child.versions.append(Version(seq, told_at, outcomes, plan, told, _held_from(event)))
    life.tell(told_at, event)


def _named(event: Wire) -> Iterator[str]:
    for agency in (event["referring_agency"], *event["involved_agencies"]):
        if agency is not None:
            yield agency["agency_id"]


def _held_from(event: Wire) -> str | None:
    codes = {hold["code"]: hold.get("agency_id", "") for hold in event["hold_codes"]}
    outcomes = {event["primary_outcome"], *event["additional_outcomes"]}
    if codes.keys() - {"STAFF_LINK"} or outcomes & {Outcome.EMP, Outcome.LAD}:
        return ""
    return codes.get("STAFF_LINK")


def _event(life: Life, child: Child, outcome: Outcome, at: datetime, seq: int) -> Wire:
    draws, contact = life.draws, life.contact
    plan = draws.weighted(_PLANS.get(outcome, _NO_PLAN))
    involved = [] if outcome is Outcome.DUP else _involved(life, outcome, plan)
    followed = draws.share(FOLLOWED) if contact.source is CinSource.POLICE else None
    changes: dict[str, Any] = {
        "event_id": an_event_id("decided", contact.ref, child.index, seq),
        "source_seq": None,
        "referral_ref": contact.ref,
        "child_index": child.index,
        "decision_seq": seq,
        "unborn": child.unborn,
        "received_at": text(contact.received_at),
        "decided_at": text(at),
        "rag": contact.rag.value,
        "source_code": contact.source.value,
        "primary_outcome": outcome.value,
        "strategy_discussion_at": text(draws.after(at, -1.5, -0.1)) if outcome in S47 else None,
        "next_step_codes": ["TELL_US_CHANGES"],
        "plan_status": plan.value,
        "lead_role": None if plan is PlanStatus.NONE or outcome is Outcome.DUP else "DUTY_SW",
        "lead_team_code": None if outcome is Outcome.DUP else TEAM,
        "risk_assessment_mode": "JOINT" if draws.share(0.4) else "SOCIAL_CARE_ONLY",
        "agencies_contributing": [],
        "police_recommended_next_step": None if followed is None else "INFO_ONLY",
        "recommendation_followed": followed,
        "divergence_reason": "NEW_INFORMATION" if followed is False and draws.share(0.8) else None,
        "referring_agency": contact.agency
        and {"agency_id": contact.agency, "own_ref": contact.own_ref(contact.agency)},
        "involved_agencies": involved,
        "hold_codes": _holds(life, involved),
        **_of_the_outcome(life, outcome, at),
    }
    if child.unborn:
        changes["expected_date_of_delivery"] = f"{at + timedelta(days=90):%Y-%m-%d}"
    event = a_decision(**changes)
    if seq > 1:
        event |= {"event_type": "DECISION_REVISED", "supersedes": seq - 1}
        event["reason_codes"] = [*event["reason_codes"], "NEW_INFORMATION"]
    return event


def _involved(life: Life, outcome: Outcome, plan: PlanStatus) -> list[Wire]:
    draws, contact = life.draws, life.contact
    named = [one for one in draws.some(PARTNERS, 3) if one != contact.agency]
    if outcome is Outcome.S47J and contact.agency != POLICE and POLICE not in named:
        named.append(POLICE)
    in_a_plan = plan is not PlanStatus.NONE
    return [
        {
            "agency_id": one,
            "own_ref": contact.own_ref(one) if draws.share(0.85) else None,
            "holds_plan_role": in_a_plan and draws.share(0.7),
        }
        for one in named
    ]


def _holds(life: Life, involved: list[Wire]) -> list[Wire]:
    draws = life.draws
    holds: list[Wire] = [
        {"code": code}
        for code, likely in (("SENSITIVE", SENSITIVE), ("RESTRICTED_RECORD", RESTRICTED))
        if draws.share(likely)
    ]
    if involved and draws.share(STAFF_LINKED):
        holds.append({"code": "STAFF_LINK", "agency_id": involved[0]["agency_id"]})
    return holds


def _originals(life: Life) -> list[str]:
    """Earlier contacts that were decided for themselves."""
    return [
        one.ref
        for one in life.earlier
        if one.agency != life.contact.agency
        and one.children[0].decided
        and all(Outcome.DUP not in version.outcomes for version in one.children[0].versions)
    ]


def _of_the_outcome(life: Life, outcome: Outcome, at: datetime) -> dict[str, Any]:
    """What this outcome alone says."""
    draws = life.draws
    by_outcome: Mapping[Outcome, Callable[[], dict[str, Any]]] = {
        **dict.fromkeys((Outcome.NFA, Outcome.ADV), lambda: _below_the_threshold(life)),
        Outcome.EHF: lambda: {"reason_codes": ["BELOW_THRESHOLD_L2"]},
        Outcome.SAL: lambda: {"reason_codes": [_MET], "leading_agency_id": life.contact.agency},
        Outcome.OPN: lambda: {"response_change": draws.one_of(("NO_CHANGE", "REVIEW", "STEP_UP"))},
        Outcome.TRF: lambda: {"receiving_la": AUTHORITY, "transfer_accepted": draws.share(0.2)},
        Outcome.INF: lambda: {
            "info_needed_codes": ["HOUSEHOLD"],
            "info_due_at": text(draws.after(at, 24, 72)),
        },
        Outcome.LAD: lambda: {"additional_outcomes": ["S17"]} if draws.share(0.5) else {},
        Outcome.PVF: lambda: {"reason_codes": [_MET]},
        Outcome.DUP: lambda: {"duplicate_of": draws.one_of(_originals(life)), "duplicate_of_child": 1},
    }
    return by_outcome.get(outcome, dict[str, Any])()


_MET = "NEED_MET_BY_EXISTING_SERVICE"


def _below_the_threshold(life: Life) -> dict[str, Any]:
    reason = "BELOW_THRESHOLD_L2" if life.draws.share(0.8) else "INFO_ONLY_NOTIFICATION"
    return {"reason_codes": [reason], "support_codes": ["FAMILY_HUB"], "family_contacted": True}
