"""One decision taken in: checked, released or held, planned per recipient, recorded in one transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from functions.adapters.errors import ContendedError
from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.clocks import CLOCKS_LEFT
from functions.adapters.ledger.intake import parts_needed
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import (
    AcceptedDecision,
    Arrival,
    Elsewhere,
    NewNotice,
    Sealed,
)
from functions.adapters.ledger.store import MOST_PARTS, ConditionsFailedError, Item
from functions.adapters.registry.directory import Listing
from functions.domain import release
from functions.domain.clock import holidays_end_soon, uk_day
from functions.domain.completeness import feed_cannot_answer
from functions.domain.quality import gaps
from functions.domain.record import uid
from functions.domain.refusals import Refusal, RefusedError
from functions.domain.release import Verdict
from functions.domain.series import REFERRER_WAITS
from functions.domain.tasks import Task
from functions.flows.desk import IntakeDesk
from functions.flows.intake.audience import Audience, Known, audience_of
from functions.flows.intake.duplicates import Duplicate, joining, original_of
from functions.flows.intake.earlier import no_later
from functions.flows.intake.facts import (
    Told,
    about,
    check_fact,
    decision_event_fact,
    decision_fact,
    duplicate_fact,
    suppressed_fact,
    task_fact,
)
from functions.flows.intake.for_people import (
    answers,
    calls,
    first_seen_as_revision,
    looks,
    only_called,
    without_advice,
)
from functions.flows.intake.from_police import FromPolice, from_police
from functions.flows.intake.joins import leaving, told_in
from functions.flows.intake.life.happening import MOST_AHEAD
from functions.flows.intake.life.of_a_version import ACTS_FROM, acts_from
from functions.flows.intake.life.plan import plan_as_decided
from functions.flows.intake.own_reference import plan_for_all
from functions.flows.intake.waits import clocks_after, set_clocks_left, with_clocks, without_clocks
from functions.flows.planning.deliveries import Plan, Terms
from functions.flows.planning.holds import Hold, holds_of
from functions.flows.planning.notices import freeze, listed, sealed, unlisted
from functions.flows.planning.police_form import feed_state
from functions.flows.planning.recipients import looked_up, names_in, resolved
from functions.flows.planning.tasks import waiting_call
from functions.log_lines import (
    CALENDAR_ENDS_SOON,
    DECISION_ACCEPTED,
    DECISION_STALE,
    DELIVERY_HELD,
    EVENT_DUPLICATE,
    NOBODY_TO_TELL,
    RA_CHECKED,
    RA_FEED_SILENT,
    TASK_OPENED,
    log,
)
from schemas.codes import AuditKind, Channel, HoldTrigger, Outcome, QualityFlag, RefusalReason, TaskKind
from schemas.decision import Decision
from schemas.risk_assessment import PoliceCheck


def take_decision(decision: Decision, arrival: Arrival, desk: IntakeDesk) -> None:
    """Records the decision and creates its deliveries, or records why it creates none.

    Raises RefusedError naming the field; ContendedError if other writers were first until patience ended.
    """
    listing = looked_up(names_in(decision), desk.directory)
    by_id = resolved(decision, listing.entries)
    fingerprinted = decision.model_dump_json(exclude={"event_id", "occurred_at", "source", "source_seq"})
    desk.patience.persist(lambda: _take_once(by_id, fingerprinted, listing, arrival, desk))


def _take_once(
    decision: Decision, contents: str, listing: Listing, arrival: Arrival, desk: IntakeDesk
) -> None:
    """Reads what is known, then writes; raises ContendedError if what was known changed in between."""
    marker, recorded = desk.intake.markers(str(decision.event_id), arrival.bus_id)
    if recorded:
        set_clocks_left(listed(decision, listing.hub), arrival.at, desk)
        return
    known = _known(decision, contents, desk)
    child = known.referral.children.get(decision.child_index, {})
    newest = known.referral.newest(decision.child_index)
    try:
        if marker is not None:
            _take_again(decision, arrival, desk, known, "event_id", before=marker)
            set_clocks_left(listed(decision, listing.hub), arrival.at, desk)
        elif newest == decision.decision_seq:
            _take_again(decision, arrival, desk, known, "decision_seq", before=child)
            set_clocks_left(listed(decision, listing.hub), arrival.at, desk)
        elif newest > decision.decision_seq:
            _note_stale(decision, arrival, desk, known, newest=newest)
        else:
            _accept(decision, listing, arrival, desk, known)
    except ConditionsFailedError as exc:
        raise ContendedError("the referral changed while the decision was taken in") from exc


def _known(decision: Decision, contents: str, desk: IntakeDesk) -> Known:
    """`contents` is what makes two decisions the same one: everything but the envelope's own identity."""
    referral = desk.intake.referral(decision.referral_ref)
    key, new_key = desk.key_for(referral.pk)
    return Known(referral, key, new_key, key.fingerprint(contents.encode()))


_REUSED = {"event_id": RefusalReason.EVENT_ID_REUSED, "decision_seq": RefusalReason.DECISION_SEQ_REUSED}


def _take_again(
    decision: Decision, arrival: Arrival, desk: IntakeDesk, known: Known, field: str, *, before: Item
) -> None:
    """The same decision once more is a duplicate; other contents under a used id or version are refused.

    Swallowing them as a duplicate would lose an outcome: a sibling's, where a sender copied an id.
    """
    if before["fingerprint"] != known.fingerprint:
        raise RefusedError(Refusal(field, _REUSED[field]))
    details = {**about(decision), "source_seq": decision.source_seq}
    fact = duplicate_fact(str(decision.event_id), arrival, details)
    desk.intake.note_duplicate(known.referral, fact, arrival)
    log(EVENT_DUPLICATE, **_ids(decision))


def _note_stale(decision: Decision, arrival: Arrival, desk: IntakeDesk, known: Known, *, newest: int) -> None:
    event_id = str(decision.event_id)
    details = {"event_id": event_id, "newest": newest, "source_seq": decision.source_seq}
    fact = decision_event_fact(AuditKind.DECISION_STALE, decision, arrival, details)
    desk.intake.note_stale(known.referral, fact, arrival, event_id=event_id, fingerprint=known.fingerprint)
    log(DECISION_STALE, **_ids(decision), newest=newest)


def _accept(decision: Decision, listing: Listing, arrival: Arrival, desk: IntakeDesk, known: Known) -> None:
    """What one decision causes, worked out in full and then written in one transaction."""
    feed = feed_state(desk.intake.feed())
    police = from_police(decision, feed, arrival, desk, known)
    audience = audience_of(decision, listing, known, desk)
    verdict = release.judge(
        decision.outcomes, decision.hold_codes, decision.referring_agency, audience.before
    )
    taken = _Taken(decision, listing, arrival, desk, known, police, audience, verdict)
    new, told = _recorded(taken)
    if parts_needed(new) > MOST_PARTS:
        new = without_clocks(new)
    if parts_needed(new) > MOST_PARTS:
        new = without_advice(new)
    if parts_needed(new) > MOST_PARTS:
        raise RefusedError(Refusal("involved_agencies", RefusalReason.TOO_MANY_RECIPIENTS))
    desk.intake.accept(known.referral, new, arrival)
    # Said first: whoever sets what was left, later and in another invocation, says none of it.
    _log_accepted(told, police.form, new.tasks)
    if feed_cannot_answer(feed, desk.ra_policy, arrival.at):
        log(RA_FEED_SILENT, **_ids(decision))
    if holidays_end_soon(arrival.at):
        log(CALENDAR_ENDS_SOON, **_ids(decision))
    if CLOCKS_LEFT in new.child_state:
        set_clocks_left(listed(decision, listing.hub), arrival.at, desk)


@dataclass(frozen=True, slots=True)
class _Taken:
    """One decision on its way in, with what is known and found out so far."""

    decision: Decision
    listing: Listing
    arrival: Arrival
    desk: IntakeDesk
    known: Known
    police: FromPolice
    audience: Audience
    verdict: Verdict

    @property
    def at(self) -> DeliveryKey:
        """Which referral, child and version, whichever the agency and channel."""
        decision = self.decision
        return DeliveryKey(
            decision.referral_ref, decision.child_index, decision.decision_seq, "", Channel.EMAIL
        )

    @property
    def terms(self) -> Terms:
        hub = self.listing.hub
        return Terms(self.desk.managed_domains, hub.lowered, uk_day(self.arrival.at), self.desk.clocks)


def _recorded(taken: _Taken) -> tuple[AcceptedDecision, Told]:
    decision, arrival, known = taken.decision, taken.arrival, taken.known
    referral, child = known.referral, decision.child_index
    at, clocks = arrival.at, taken.desk.clocks
    told, elsewhere = _told(taken)
    holds = [] if told.told_as or told.waits else _holds(taken, told.planned)
    calling = list(calls(told, at, clocks))
    # Nobody may be rung about what is held: the release opens these calls.
    wait = calling if any(hold.task.kind is TaskKind.RELEASE_CHILD for hold in holds) else []
    tasks = [
        no_later(task, referral, child)
        for task in (
            *(() if wait else calling),
            *looks(told, known.referral, taken.police.diverges, at, clocks),
        )
    ]
    opened = [*(hold.task for hold in holds), *tasks]
    referrer_waits = told.referrer_who_waits(referral.head)
    notice = freeze(
        decision,
        taken.verdict.sent,
        taken.police.form,
        taken.desk.hub,
        taken.listing.hub,
        confirm_base=taken.desk.confirm_base,
    )
    cause = str(decision.event_id)
    # The arrival tells two copies of one event apart: the second must not take the first's rows for its own.
    identity = uid(AuditKind.DECISION, cause, arrival.bus_id)
    kept = sealed(notice, identity, referral.pk, known.key, taken.desk.vault)
    new = AcceptedDecision(
        event_id=cause,
        child=child,
        seq=decision.decision_seq,
        facts=[
            decision_fact(
                told,
                _flags(told, taken, arrival),
                kept,
                arrival,
                wait,
                diverges=taken.police.diverges,
                referrer_waits=referrer_waits,
            ),
            check_fact(cause, child, decision.decision_seq, taken.police.form, arrival),
            *(hold.fact(taken.at, cause, arrival) for hold in holds),
            *(suppressed_fact(decision, one, arrival) for one in told.planned.suppressed),
            *(task_fact(decision, task, arrival) for task in tasks),
        ],
        child_state=_child_state(
            taken, told, [there.referral.ref for there in elsewhere if not _leaves(there)], wait
        )
        | ({REFERRER_WAITS: referrer_waits} if referrer_waits else {}),
        notices=_notices(taken.at, told, kept),
        deliveries=() if told.told_as else told.fresh,
        tasks=opened,
        done_tasks=answers(referral, child, opened, taken.audience, referrer_waits),
        fingerprint=known.fingerprint,
        new_key=known.new_key,
        elsewhere=elsewhere,
    )
    moved = clocks_after(listed(decision, taken.listing.hub), arrival.at, referral, clocks)
    return with_clocks(new, moved), told


def _told(taken: _Taken) -> tuple[Told, list[Elsewhere]]:
    """Who is told what, and where that is written: a duplicate's messages stand with its original."""
    decision, audience = taken.decision, taken.audience
    if Outcome.DUP not in decision.outcomes:
        planned = plan_for_all(audience.recipients, taken.at, taken.verdict, taken.terms)
        told = Told(decision, audience, planned, planned.deliveries)
        return told, list(leaving(decision, audience.places, (), taken.arrival))
    has_own_form = bool(taken.known.referral.forms)
    duplicate = Duplicate(decision, audience, taken.verdict, taken.police.form, has_own_form, taken.arrival)
    joined = joining(duplicate, original_of(decision, taken.desk), taken.desk, taken.terms)
    told = Told(
        decision, audience, joined.planned, joined.fresh, joined.told_as, waits=joined.told_as is None
    )
    return told, [*joined.elsewhere, *leaving(decision, audience.places, joined.refs, taken.arrival)]


def _leaves(there: Elsewhere) -> bool:
    return all(join["left"] for join in there.joins)


def _holds(taken: _Taken, planned: Plan) -> list[Hold]:
    """Each with the clock of the hold that it goes on with, if there is one."""
    referral, child = taken.known.referral, taken.decision.child_index
    return [
        replace(hold, task=no_later(hold.task, referral, child))
        for hold in holds_of(taken.verdict, planned, taken.arrival.at, taken.desk.clocks)
    ]


def _notices(at: DeliveryKey, told: Told, kept: Sealed) -> list[NewNotice]:
    """The notice, and a copy of it for each duplicate whose messages stand apart."""
    here = () if told.told_as else told.fresh
    nonces = dict.fromkeys(("", *(new.key.nonce for new in here)))
    return [NewNotice(keys.notice(at.child, at.seq, nonce), kept) for nonce in nonces]


def _flags(told: Told, taken: _Taken, arrival: Arrival) -> Iterator[QualityFlag]:
    yield from gaps(told.decision)
    yield from unlisted(told.decision, taken.listing.hub)
    if first_seen_as_revision(told.decision, taken.known.referral):
        yield QualityFlag.REVISION_WITHOUT_DECISION
    if told.waits:
        yield QualityFlag.DUPLICATE_NOT_FOUND
    if max(told.decision.received_at, told.decision.decided_at) > arrival.at + MOST_AHEAD:
        yield QualityFlag.MOMENT_IN_THE_FUTURE


def _child_state(taken: _Taken, told: Told, joined: Sequence[str], wait: Sequence[Task]) -> dict[str, Any]:
    decision, police_form = taken.decision, taken.police.form
    before = taken.known.referral.children.get(decision.child_index, {})
    state: dict[str, Any] = {
        "outcome": decision.primary_outcome.value,
        "additional": [outcome.value for outcome in decision.additional_outcomes],
        "ra": police_form.status.value,
        "received_at": at_text(decision.received_at),
        "decided_at": at_text(decision.decided_at),
        ACTS_FROM: at_text(acts_from(decision.decided_at, taken.arrival.at)),
        "first_decided_at": before.get("first_decided_at", at_text(decision.decided_at)),
        "rag": decision.rag.value if decision.rag else "",
        "unborn": decision.unborn,
        "source_code": decision.source_code.value,
        **plan_as_decided(decision, before, taken.arrival.at),
        "held": list(map(str, taken.verdict.on_child)),
        "calls": [waiting_call(task) for task in wait],
        "by_phone": list(only_called(told)),
        "linked": sorted(
            agency_id
            for agency_id, triggers in taken.verdict.on_agency.items()
            if HoldTrigger.STAFF_LINK in triggers
        ),
        "fingerprint": taken.known.fingerprint,
    }
    if ever := list(dict.fromkeys((*joined, *told_in(taken.known.referral, decision.child_index)))):
        state["told_in"] = ever
    if Outcome.DUP in decision.outcomes:
        of_a_duplicate = {
            "duplicate_of": decision.duplicate_of,
            "duplicate_of_child": decision.duplicate_of_child,
            "joined": list(joined),
        }
        state |= {name: value for name, value in of_a_duplicate.items() if value is not None}
    return state


def _log_accepted(told: Told, police_form: PoliceCheck, opened: Sequence[Task]) -> None:
    ids, deliveries = _ids(told.decision), told.fresh
    held = [delivery for delivery in deliveries if delivery.held]
    log(DECISION_ACCEPTED, **ids, count=len(deliveries), held=len(held))
    if told.nobody:
        log(NOBODY_TO_TELL, **ids)
    log(RA_CHECKED, **ids, status=police_form.status.value, rule_set=police_form.rule_set_version)
    for delivery in held:
        log(
            DELIVERY_HELD,
            **ids,
            delivery=delivery.pins.message_id,
            agency=delivery.key.agency_id,
            channel=delivery.key.channel.value,
            trigger=delivery.held[0].value,
        )
    for task in opened:
        log(TASK_OPENED, **ids, task=task.kind.value, role=task.role.value)


def _ids(decision: Decision) -> dict[str, str | int]:
    return {
        "event": str(decision.event_id),
        "referral": decision.referral_ref,
        **about(decision),
    }
