"""Duplicates: their recipients join the original's, and are told what is decided there under their own
reference."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from functions.adapters.ledger import keys
from functions.adapters.ledger.clocks import clocks_of
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import Arrival, Elsewhere, NewDelivery, NewNotice, Referral
from functions.adapters.ledger.store import Item
from functions.domain.life_clocks.clock import Which
from functions.domain.record import uid
from functions.domain.release import Verdict
from functions.domain.tasks import call_task
from functions.domain.withdrawal import WITHDRAWN, is_withdrawn
from functions.domain.withholding import withheld_as
from functions.flows.desk import IntakeDesk
from functions.flows.intake.audience import Audience
from functions.flows.intake.came_back import is_told, replaced, standing, told_anew
from functions.flows.intake.earlier import no_later
from functions.flows.intake.facts import joined_fact
from functions.flows.intake.joins import (
    MOST_HOPS,
    asked_about,
    carried_join,
    no_longer_named,
    nothing_to_release,
    only_child,
    own_join,
    which,
)
from functions.flows.intake.own_reference import also_held
from functions.flows.planning.deliveries import Plan, Terms, plan
from functions.flows.planning.holds import agency_holds, still_open
from functions.flows.planning.notices import opened, sealed
from functions.flows.planning.police_form import check_of
from functions.flows.planning.recipients import Recipient
from schemas.codes import AuditKind, Channel, ClockKind, DeliveryState, HoldTrigger, Outcome, TaskKind
from schemas.decision import Decision
from schemas.notice import FrozenNotice, SharedReferral
from schemas.risk_assessment import PoliceCheck


@dataclass(frozen=True, slots=True)
class Original:
    """Where a duplicate's outcome is decided; `child` is None while nobody can say which child is meant.

    `between` are the duplicates on the way there, each with its child.
    """

    referral: Referral
    child: int | None
    between: tuple[tuple[Referral, int], ...] = ()

    @property
    def state(self) -> Item:
        """The child as the referral keeps it."""
        return self.referral.children.get(self.child or 0, {})

    @property
    def version(self) -> int:
        """The newest version decided for that child; 0 if there is none."""
        return int(self.state.get("dver", 0))


def original_of(decision: Decision, desk: IntakeDesk) -> Original:
    """The referral that decides for this duplicate, through duplicates of duplicates."""
    return _followed(decision.referral_ref, decision.duplicate_of or "", decision.duplicate_of_child, desk)


def is_decided_there(referral: Referral, child: int, desk: IntakeDesk) -> bool:
    """Whether the child is a duplicate, and not in error, and the original has a decision that its own clock
    waits for no more."""
    state = referral.children.get(child, {})
    if state.get("outcome") != Outcome.DUP or WITHDRAWN in state:
        return False
    found = _followed(referral.ref, state["duplicate_of"], state.get("duplicate_of_child"), desk)
    if found.child is None or not found.version:
        return False
    clock = clocks_of(found.referral).get(Which(ClockKind.DECIDE, found.child))
    return clock is None or not clock.waits


def _followed(ref: str, duplicate_of: str, child: int | None, desk: IntakeDesk) -> Original:
    """With no child stated it is the only one that the original has; of several, none is guessed: siblings
    must not be mixed up (hazard H9)."""
    named = desk.intake.referral(duplicate_of)
    found = Original(named, child or only_child(named))
    seen = {ref}
    for _ in range(MOST_HOPS):
        if found.child is None or found.state.get("outcome") != Outcome.DUP:
            return found
        seen.add(found.referral.ref)
        if found.state["duplicate_of"] in seen:
            break
        further = desk.intake.referral(found.state["duplicate_of"])
        found = Original(
            further,
            found.state.get("duplicate_of_child") or only_child(further),
            (*found.between, (found.referral, found.child)),
        )
    return Original(named, None)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """One duplicate's decision on its way to its original: who joins, with which check and holds."""

    decision: Decision
    audience: Audience
    verdict: Verdict
    police_form: PoliceCheck
    has_own_form: bool
    arrival: Arrival


@dataclass(frozen=True, slots=True)
class Joined:
    """What becomes of a duplicate: who would be told there and how, and of that what is new.

    `told_as` says where the messages stand; None while the original is not decided.
    """

    elsewhere: tuple[Elsewhere, ...]
    planned: Plan = field(default_factory=Plan)
    fresh: tuple[NewDelivery, ...] = ()
    told_as: DeliveryKey | None = None

    @property
    def refs(self) -> list[str]:
        """The referrals in which the duplicate stands now."""
        return [there.referral.ref for there in self.elsewhere]


def joining(duplicate: Duplicate, original: Original, desk: IntakeDesk, terms: Terms) -> Joined:
    """What the duplicate's transaction writes in the original: the joins, and the messages due now."""
    between = tuple(_on_the_way(duplicate, original))
    notice = _notice_now(duplicate, original, desk)
    if notice is None:
        return Joined((_waiting(duplicate, original, desk), *between))
    at = DeliveryKey(original.referral.ref, notice.child_index, notice.decision_seq, "", Channel.EMAIL)
    outcomes = (notice.outcome, *notice.additional)
    recipients, told, unsent = _coming(duplicate, original, outcomes, at)
    planned = also_held(plan(recipients, at, outcomes, _verdict(original, outcomes), terms), recipients)
    fresh = replace(
        planned,
        deliveries=tuple(new for new in planned.deliveries if (new.key.agency_id, new.key.nonce) not in told),
    )
    me, place = which(duplicate.decision.referral_ref, duplicate.decision.child_index), original.referral
    unsent += no_longer_named(me, recipients, place)
    there = _telling(duplicate, original, notice, fresh, desk)
    done = [*there.done_tasks, *nothing_to_release(place, unsent)]
    there = replace(there, unsent=unsent, done_tasks=done)
    return Joined((there, *between), planned, fresh.deliveries, at)


def _coming(
    duplicate: Duplicate, original: Original, outcomes: tuple[Outcome, ...], at: DeliveryKey
) -> tuple[list[Recipient], set[tuple[str, str]], list[Item]]:
    """Whoever joins; which of them, by agency and nonce, were told of this very version and need no more; and
    what is not sent any more because they are told anew."""
    decision, referral = duplicate.decision, original.referral
    by = f"|{decision.referral_ref}#{decision.child_index:02d}#{decision.decision_seq}"
    recipients, told = [], set()
    unsent: list[Item] = []
    for recipient in _under_own_reference(duplicate, original, outcomes):
        items = standing(recipient, referral, at)
        if is_told(recipient, referral, items):
            told.add((recipient.agency_id, recipient.nonce))
            recipients.append(recipient)
        else:
            unsent += replaced(items)
            recipients.append(told_anew(recipient, items, by))
    return recipients, told, unsent


def _notice_now(duplicate: Duplicate, original: Original, desk: IntakeDesk) -> FrozenNotice | None:
    """The original's newest notice with today's police check; None while nothing can be told.

    Nothing can of what was sent in error, or is withheld from any of those who would be told. The form is
    usually linked to the original; one that is linked to the duplicate itself is nearer.
    """
    if original.child is None or not original.version:
        return None
    if is_withdrawn(original.state, None, original.version):
        return None
    readers = (one.agency_id for one in duplicate.audience.recipients)
    if any(withheld_as(original.state, None, agency_id) for agency_id in readers):
        return None
    key, _ = desk.key_for(original.referral.pk)
    notice = opened(original.referral, keys.notice(original.child, original.version), key)
    if notice is None or duplicate.has_own_form:
        return notice and notice.model_copy(update={"police_form": duplicate.police_form})
    form = check_of(original.referral, original.child, key, desk, duplicate.arrival.at)
    return notice.model_copy(update={"police_form": form})


def _verdict(original: Original, outcomes: tuple[Outcome, ...]) -> Verdict:
    """What holds the original's child, or the agency there, holds these messages, too."""
    before = still_open(original.referral, original.child or 0)
    return Verdict(outcomes, before.on_child, dict(before.on_agency), allegation_beside=False)


def _under_own_reference(
    duplicate: Duplicate, original: Original, outcomes: tuple[Outcome, ...]
) -> Iterator[Recipient]:
    """Each message names its reader's own referral; the original only to whoever is told of it anyway.

    Whoever joined the duplicate, before it turned out to be one, keeps their own reference. What holds the
    duplicate holds them all, and what always waits for a person waits for one for them as well: the release
    of it was for others.
    """
    decision, verdict = duplicate.decision, duplicate.verdict
    told_there = set(_told_there(original))
    always = {Outcome.EMP: HoldTrigger.EMERGENCY, Outcome.LAD: HoldTrigger.LADO}
    for recipient in duplicate.audience.recipients:
        own = recipient.duplicate or SharedReferral(
            referral_ref=decision.referral_ref,
            child_index=decision.child_index,
            decision_seq=decision.decision_seq,
            received_at=decision.received_at,
            knows_original=False,
        )
        held = (
            *recipient.own_holds,
            *verdict.on_child,
            *verdict.on_agency.get(recipient.agency_id, ()),
            *(trigger for outcome, trigger in always.items() if outcome in outcomes),
        )
        yield replace(
            recipient,
            duplicate=own.model_copy(update={"knows_original": recipient.agency_id in told_there}),
            nonce=keys.duplicate_nonce(own.referral_ref, own.child_index),
            own_holds=tuple(dict.fromkeys(held)),
        )


def _told_there(original: Original) -> Iterator[str]:
    for item in original.referral.of_child(original.child or 0):
        current = item["dver"] == original.version and item["st"] != DeliveryState.CANCELLED
        if "duplicate" not in item and (current or item["attempt"]):
            yield item["agency"]


def _telling(
    duplicate: Duplicate, original: Original, notice: FrozenNotice, fresh: Plan, desk: IntakeDesk
) -> Elsewhere:
    """The original decided: whoever joins is told now, beside the row that says so."""
    decision, arrival, referral = duplicate.decision, duplicate.arrival, original.referral
    key, _ = desk.key_for(referral.pk)  # whatever is decided there has its key
    cause = str(decision.event_id)
    identity = uid(AuditKind.LIFECYCLE, cause, arrival.bus_id, referral.ref)
    kept = sealed(notice, identity, referral.pk, key, desk.vault)
    at = DeliveryKey(referral.ref, notice.child_index, notice.decision_seq, "", Channel.EMAIL)
    outcomes = (notice.outcome, *notice.additional)
    holds = [
        replace(hold, task=no_later(hold.task, referral, at.child))
        for hold in agency_holds(fresh, outcomes, arrival.at, desk.clocks)
    ]
    me = which(decision.referral_ref, decision.child_index)
    sks = dict.fromkeys(new.key.notice_sk for new in fresh.deliveries)
    told = joined_fact(
        decision, duplicate.audience, fresh, identity, arrival, at=at, notice=kept, form=notice.police_form
    )
    return Elsewhere(
        referral=referral,
        child=original.child,
        at_version=original.version,
        facts=[told, *(hold.fact(at, cause, arrival) for hold in holds)],
        joins=list(_joins(duplicate, referral, original.child, original.between)),
        notices=[NewNotice(sk, kept) for sk in sks if sk not in referral.notices],
        deliveries=fresh.deliveries,
        tasks=[hold.task for hold in holds],
        done_tasks=asked_about(referral, {me}),
    )


def _waiting(duplicate: Duplicate, original: Original, desk: IntakeDesk) -> Elsewhere:
    """Nothing can be told yet: the joins wait for the original, and a person looks whether it is one."""
    decision, arrival, referral = duplicate.decision, duplicate.arrival, original.referral
    me = which(decision.referral_ref, decision.child_index)
    asked = call_task(TaskKind.CHECK_DUPLICATE, arrival.at, desk.clocks, about=me)
    task = no_later(asked, referral, original.child or 0)
    identity = uid(AuditKind.LIFECYCLE, str(decision.event_id), arrival.bus_id, referral.ref)
    open_key = keys.task(task.kind, original.child or 0, None, me)
    return Elsewhere(
        referral=referral,
        child=original.child,
        at_version=original.version,
        facts=[joined_fact(decision, duplicate.audience, Plan(), identity, arrival, task=task)],
        joins=list(_joins(duplicate, referral, original.child, original.between)),
        tasks=[task],
        done_tasks=[sk for sk in asked_about(referral, {me}) if sk != open_key],
    )


def _on_the_way(duplicate: Duplicate, original: Original) -> Iterator[Elsewhere]:
    """A duplicate of a duplicate joins both: should the one in between be decided after all, it is told of
    that."""
    decision, arrival = duplicate.decision, duplicate.arrival
    for number, (referral, child) in enumerate(original.between):
        identity = uid(AuditKind.LIFECYCLE, str(decision.event_id), arrival.bus_id, referral.ref)
        yield Elsewhere(
            referral=referral,
            facts=[joined_fact(decision, duplicate.audience, Plan(), identity, arrival)],
            joins=list(_joins(duplicate, referral, child, original.between[:number])),
        )


def _joins(
    duplicate: Duplicate, there: Referral, child: int | None, between: Sequence[tuple[Referral, int]]
) -> Iterator[dict[str, object]]:
    """This duplicate's join, and those of its own duplicates; never one of the original itself."""
    decision, audience = duplicate.decision, duplicate.audience
    through = [which(referral.ref, index) for referral, index in between]
    held = duplicate.verdict
    mine = [
        replace(one, own_holds=(*held.on_child, *held.on_agency.get(one.agency_id, ())))
        for one in audience.recipients
        if one.duplicate is None
    ]
    yield own_join(decision, mine, child=child, through=through)
    me = which(decision.referral_ref, decision.child_index)
    theirs = [
        replace(one, own_holds=tuple(dict.fromkeys((*one.own_holds, *held.on_child))))
        for one in audience.recipients
        if one.duplicate is not None
    ]
    for join in audience.joins:
        if join["ref"] != there.ref:
            yield carried_join(join, theirs, child=child, through=[me, *through])
