"""One decision taken in: checked, released or held, planned per recipient, recorded in one transaction."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from functions.adapters.directory import Listing
from functions.adapters.errors import ContendedError
from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.items import task_key
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import AcceptedDecision, Arrival, NewNotice, Referral, Sealed
from functions.adapters.ledger.store import ConditionsFailedError, Item
from functions.domain import release
from functions.domain.clock import holidays_end_soon, uk_day
from functions.domain.completeness import FeedState, ReferredChild, check, feed_cannot_answer
from functions.domain.quality import gaps
from functions.domain.record import uid
from functions.domain.refusals import Refusal
from functions.domain.release import Verdict
from functions.domain.tasks import Task, call_task
from functions.flows.arrivals import RefusedError
from functions.flows.audience import Audience, Known, audience_of
from functions.flows.deliveries import Plan, Terms, plan
from functions.flows.desk import IntakeDesk
from functions.flows.duplicates import Duplicate, joining, original_of
from functions.flows.holds import holds_of, still_open
from functions.flows.intake_facts import (
    Told,
    about,
    check_fact,
    decision_event_fact,
    decision_fact,
    duplicate_fact,
    suppressed_fact,
    task_fact,
)
from functions.flows.joins import answered
from functions.flows.notices import freeze, sealed, unlisted
from functions.flows.police_form import due_time, feed_state, open_forms
from functions.flows.recipients import names_in, resolved
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
from schemas.codes import AuditKind, Channel, Outcome, QualityFlag, RefusalReason, TaskKind
from schemas.decision import Decision, DecisionRevised
from schemas.hub_directory import HubDirectory
from schemas.risk_assessment import PoliceCheck


def take_decision(decision: Decision, arrival: Arrival, desk: IntakeDesk) -> None:
    """Records the decision and creates its deliveries, or records why it creates none.

    Raises RefusedError naming the field; ContendedError if other writers were first until patience ended.
    """
    listing = desk.directory.look_up(names_in(decision))
    by_id = resolved(decision, listing.entries)
    fingerprinted = decision.model_dump_json(exclude={"event_id", "occurred_at", "source", "source_seq"})
    desk.patience.persist(lambda: _take_once(by_id, fingerprinted, listing, arrival, desk))


def _take_once(
    decision: Decision, contents: str, listing: Listing, arrival: Arrival, desk: IntakeDesk
) -> None:
    """Reads what is known, then writes; raises ContendedError if what was known changed in between."""
    marker, recorded = desk.intake.markers(str(decision.event_id), arrival.bus_id)
    if recorded:
        return
    known = _known(decision, contents, desk)
    child = known.referral.children.get(decision.child_index, {})
    newest = known.referral.newest(decision.child_index)
    try:
        if marker is not None:
            _take_again(decision, arrival, desk, known, "event_id", before=marker)
        elif newest == decision.decision_seq:
            _take_again(decision, arrival, desk, known, "decision_seq", before=child)
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
    fact = duplicate_fact(str(decision.event_id), arrival, about(decision))
    desk.intake.note_duplicate(known.referral, fact, arrival)
    log(EVENT_DUPLICATE, **_ids(decision))


def _note_stale(decision: Decision, arrival: Arrival, desk: IntakeDesk, known: Known, *, newest: int) -> None:
    event_id = str(decision.event_id)
    details = {"event_id": event_id, "newest": newest}
    fact = decision_event_fact(AuditKind.DECISION_STALE, decision, arrival, details)
    desk.intake.note_stale(known.referral, fact, arrival, event_id=event_id, fingerprint=known.fingerprint)
    log(DECISION_STALE, **_ids(decision), newest=newest)


def _accept(decision: Decision, listing: Listing, arrival: Arrival, desk: IntakeDesk, known: Known) -> None:
    """What one decision causes, worked out in full and then written in one transaction."""
    referral, child = known.referral, decision.child_index
    feed = feed_state(desk.intake.feed())
    police_form = _police_form(decision, feed, arrival, desk, known)
    before = still_open(referral, child)
    verdict = release.judge(decision.outcomes, decision.hold_codes, decision.referring_agency, before)
    audience = audience_of(decision, listing, known, desk)
    terms = Terms(desk.managed_domains, listing.hub.lowered, uk_day(arrival.at))
    at = DeliveryKey(decision.referral_ref, child, decision.decision_seq, "", Channel.EMAIL)
    elsewhere, planned, holds = None, Plan(), []
    if Outcome.DUP in decision.outcomes:
        own_form = bool(referral.forms)
        duplicate = Duplicate(decision, audience.recipients, verdict, police_form, own_form, arrival)
        elsewhere = joining(duplicate, original_of(decision, desk), desk, terms)
    else:
        planned = plan(audience.recipients, at, verdict.sent, verdict, terms)
        holds = holds_of(verdict, planned, arrival.at, desk.clocks)
    told = Told(decision, audience, planned, elsewhere)
    tasks = [
        *_calls(told, arrival, desk),
        *(_look(arrival, desk) if _first_seen_as_revision(decision, referral) else ()),
    ]
    notice = freeze(decision, verdict.sent, police_form, desk.hub, listing.hub)
    cause = str(decision.event_id)
    # The arrival tells two copies of one event apart: the second must not take the first's rows for its own.
    identity = uid(AuditKind.DECISION, cause, arrival.bus_id)
    kept = sealed(notice, identity, referral.pk, known.key, desk.vault)
    desk.intake.accept(
        referral,
        AcceptedDecision(
            event_id=cause,
            child=child,
            seq=decision.decision_seq,
            facts=[
                decision_fact(told, _flags(told, listing.hub, referral), kept, arrival),
                check_fact(cause, child, decision.decision_seq, police_form, arrival),
                *(hold.fact(at, cause, arrival) for hold in holds),
                *(suppressed_fact(decision, one.agency_id, arrival) for one in planned.suppressed),
                *(task_fact(decision, task, arrival) for task in tasks),
            ],
            child_state=_child_state(decision, police_form, verdict, known),
            notices=_notices(at, planned, kept),
            deliveries=planned.deliveries,
            tasks=(opened := [*(hold.task for hold in holds), *tasks]),
            done_tasks=_answered(referral, child, opened, audience),
            fingerprint=known.fingerprint,
            new_key=known.new_key,
            elsewhere=elsewhere,
        ),
        arrival,
    )
    _log_accepted(told, police_form, opened)
    if feed_cannot_answer(feed, desk.ra_policy, arrival.at):
        log(RA_FEED_SILENT, **_ids(decision))
    if holidays_end_soon(arrival.at):
        log(CALENDAR_ENDS_SOON)


def _police_form(
    decision: Decision, feed: FeedState, arrival: Arrival, desk: IntakeDesk, known: Known
) -> PoliceCheck:
    # The first decision's time: a later revision must not turn a late form into one on time.
    child = known.referral.children.get(decision.child_index, {})
    first = datetime.fromisoformat(child["first_decided_at"]) if "first_decided_at" in child else None
    due_at = due_time(decision.received_at, decision.rag, first or decision.decided_at, desk.clocks)
    referred = ReferredChild.of(decision, due_at=due_at)
    forms = open_forms(known.referral, known.key)
    return check(referred, forms, feed, desk.ra_policy, arrival.at)


def _notices(at: DeliveryKey, planned: Plan, kept: Sealed) -> list[NewNotice]:
    """The notice, and a copy of it for each duplicate whose messages stand apart."""
    nonces = dict.fromkeys(("", *(new.key.nonce for new in planned.deliveries)))
    return [NewNotice(keys.notice(at.child, at.seq, nonce), kept) for nonce in nonces]


def _calls(told: Told, arrival: Arrival, desk: IntakeDesk) -> Iterator[Task]:
    """Whom a person must call: a referrer whom no message reaches, and agencies that only a call may tell."""
    called = set(told.audience.gone)
    for recipient in told.planned.to_call:
        called.add(recipient.agency_id)
    referrer = told.decision.referring_agency
    if referrer is None or not told.reaches(referrer.agency_id):
        called -= {referrer.agency_id} if referrer else set()
        yield call_task(TaskKind.CALL_REFERRER, arrival.at, desk.clocks)
    for agency_id in sorted(called):
        yield call_task(TaskKind.CALL_AGENCY, arrival.at, desk.clocks, agency_id=agency_id)


def _first_seen_as_revision(decision: Decision, referral: Referral) -> bool:
    """A revision of a version that never came: it is told all the same, and somebody asks what was missed."""
    if not isinstance(decision, DecisionRevised):
        return False
    return referral.newest(decision.child_index) != decision.supersedes


def _look(arrival: Arrival, desk: IntakeDesk) -> Iterator[Task]:
    yield call_task(TaskKind.CHECK_REVISION, arrival.at, desk.clocks)


def _flags(told: Told, hub: HubDirectory, referral: Referral) -> Iterator[QualityFlag]:
    yield from gaps(told.decision)
    yield from unlisted(told.decision, hub)
    if _first_seen_as_revision(told.decision, referral):
        yield QualityFlag.REVISION_WITHOUT_DECISION
    if told.elsewhere is not None and not told.elsewhere.notices:
        yield QualityFlag.DUPLICATE_NOT_FOUND


def _answered(referral: Referral, child: int, opened: Sequence[Task], audience: Audience) -> list[str]:
    """Open tasks that this decision answers: holds of an older version, and duplicates that waited for it.

    A call that is due stays due: only a person's word ends it.
    """
    renewed = {task_key(referral.pk, child, task).sk for task in opened}
    releases = {TaskKind.RELEASE_CHILD, TaskKind.RELEASE_AGENCY, TaskKind.RELEASE_ALLEGATION}
    ended = [sk for sk, task in referral.open_tasks(child).items() if task["kind"] in releases]
    return [sk for sk in (*ended, *answered(referral, audience.joins)) if sk not in renewed]


def _child_state(
    decision: Decision, police_form: PoliceCheck, verdict: Verdict, known: Known
) -> dict[str, Any]:
    before = known.referral.children.get(decision.child_index, {})
    state: dict[str, Any] = {
        "outcome": decision.primary_outcome.value,
        "ra": police_form.status.value,
        "received_at": at_text(decision.received_at),
        "decided_at": at_text(decision.decided_at),
        "first_decided_at": before.get("first_decided_at", at_text(decision.decided_at)),
        "rag": decision.rag.value if decision.rag else "",
        "unborn": decision.unborn,
        "source_code": decision.source_code.value,
        "held": list(map(str, verdict.on_child)),
        "fingerprint": known.fingerprint,
    }
    if decision.duplicate_of is not None:
        state["duplicate_of"] = decision.duplicate_of
    if decision.duplicate_of_child is not None:
        state["duplicate_of_child"] = decision.duplicate_of_child
    return state


def _log_accepted(told: Told, police_form: PoliceCheck, opened: Sequence[Task]) -> None:
    ids, deliveries = _ids(told.decision), told.deliveries
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
