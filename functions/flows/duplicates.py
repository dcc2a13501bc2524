"""Duplicates: their recipients join the original's, and are told what is decided there under their own
reference."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import Arrival, Joining, NewNotice, Referral
from functions.adapters.ledger.store import Item
from functions.domain.record import uid
from functions.domain.release import Verdict
from functions.domain.tasks import call_task
from functions.flows.deliveries import Plan, Terms, plan
from functions.flows.desk import IntakeDesk
from functions.flows.holds import agency_holds
from functions.flows.intake_facts import joined_fact
from functions.flows.notices import opened, sealed
from functions.flows.police_form import check_of
from functions.flows.recipients import Recipient
from schemas.codes import AuditKind, Channel, HoldTrigger, Outcome, TaskKind
from schemas.decision import Decision
from schemas.notice import FrozenNotice, SharedReferral
from schemas.risk_assessment import PoliceCheck

MOST_HOPS = 3
"""How far a duplicate of a duplicate is followed; further, or in a circle, a person must look."""


@dataclass(frozen=True, slots=True)
class Original:
    """Where a duplicate's outcome is decided; `child` is None while nobody can say which child is meant."""

    referral: Referral
    child: int | None

    @property
    def state(self) -> Item:
        """The child as the referral keeps it."""
        return self.referral.children.get(self.child or 0, {})

    @property
    def version(self) -> int:
        """The newest version decided for that child; 0 if there is none."""
        return int(self.state.get("dver", 0))


def original_of(decision: Decision, desk: IntakeDesk) -> Original:
    """The referral that decides for this duplicate, through duplicates of duplicates.

    With no child stated it is the only one that the original has; of several, none is guessed: siblings must
    not be mixed up (hazard H9).
    """
    named = desk.intake.referral(decision.duplicate_of or "")
    found = Original(named, _which_child(named, decision.duplicate_of_child))
    seen = {decision.referral_ref}
    for _ in range(MOST_HOPS):
        if found.state.get("outcome") != Outcome.DUP:
            return found
        seen.add(found.referral.ref)
        if found.state["duplicate_of"] in seen:
            break
        further = desk.intake.referral(found.state["duplicate_of"])
        found = Original(further, _which_child(further, found.state.get("duplicate_of_child")))
    return Original(named, None)


def _which_child(referral: Referral, stated: int | None) -> int | None:
    if stated is None and len(referral.children) == 1:
        return next(iter(referral.children))
    return stated


@dataclass(frozen=True, slots=True)
class Duplicate:
    """One duplicate's decision on its way to its original: who joins, with which check and holds."""

    decision: Decision
    recipients: Sequence[Recipient]
    verdict: Verdict
    police_form: PoliceCheck
    has_own_form: bool
    arrival: Arrival

    @property
    def nonce(self) -> str:
        return keys.duplicate_nonce(self.decision.referral_ref, self.decision.child_index)


def joining(duplicate: Duplicate, original: Original, desk: IntakeDesk, terms: Terms) -> Joining:
    """What the duplicate's transaction writes beside the original: the joins, and the messages due now."""
    decision, arrival, referral = duplicate.decision, duplicate.arrival, original.referral
    notice = _notice_now(duplicate, original, desk)
    if notice is None:
        task = call_task(
            TaskKind.CHECK_DUPLICATE,
            arrival.at,
            desk.clocks,
            about=f"{decision.referral_ref}#{decision.child_index:02d}",
        )
        fact = joined_fact(decision, duplicate.recipients, Plan(), None, arrival, task=task)
        return Joining(
            original=referral,
            child=original.child,
            at_version=original.version,
            facts=[fact],
            joins=list(_joins(duplicate, original)),
            notices=(),
            deliveries=(),
            tasks=[task],
        )
    key, _ = desk.key_for(referral.pk)  # whatever is decided there has its key
    cause = str(decision.event_id)
    kept = sealed(notice, uid(AuditKind.LIFECYCLE, cause, arrival.bus_id), referral.pk, key, desk.vault)
    at = DeliveryKey(
        referral.ref, notice.child_index, notice.decision_seq, "", Channel.EMAIL, duplicate.nonce
    )
    outcomes = (notice.outcome, *notice.additional)
    told = plan(_under_own_reference(duplicate, original), at, outcomes, _verdict(duplicate, original), terms)
    standing = {item["sk"] for item in referral.deliveries}
    fresh = replace(told, deliveries=tuple(new for new in told.deliveries if new.key.sk not in standing))
    holds = agency_holds(fresh, outcomes, arrival.at, desk.clocks)
    sks = (new.key.notice_sk for new in fresh.deliveries)
    return Joining(
        original=referral,
        child=original.child,
        at_version=original.version,
        facts=[
            joined_fact(decision, duplicate.recipients, fresh, kept, arrival, at=at),
            *(hold.fact(at, cause, arrival) for hold in holds),
        ],
        joins=list(_joins(duplicate, original)),
        notices=[NewNotice(sk, kept) for sk in dict.fromkeys(sks) if sk not in referral.notices],
        deliveries=fresh.deliveries,
        tasks=[hold.task for hold in holds],
    )


def _notice_now(duplicate: Duplicate, original: Original, desk: IntakeDesk) -> FrozenNotice | None:
    """The original's newest notice with today's police check; None while nothing can be told.

    The form is usually linked to the original; one that is linked to the duplicate itself is nearer.
    """
    if original.child is None or not original.version:
        return None
    key, _ = desk.key_for(original.referral.pk)
    notice = opened(original.referral, keys.notice(original.child, original.version), key)
    if notice is None or duplicate.has_own_form:
        return notice and notice.model_copy(update={"police_form": duplicate.police_form})
    form = check_of(original.referral, original.child, key, desk, duplicate.arrival.at)
    return notice.model_copy(update={"police_form": form})


def _verdict(duplicate: Duplicate, original: Original) -> Verdict:
    """What holds the original's child holds these messages too, and so does what holds the duplicate."""
    there = tuple(map(HoldTrigger, original.state.get("held", ())))
    on_child = dict.fromkeys((*there, *duplicate.verdict.on_child))
    return replace(duplicate.verdict, on_child=tuple(on_child))


def _under_own_reference(duplicate: Duplicate, original: Original) -> Iterator[Recipient]:
    """Each message names its reader's own referral; the original only to whoever is told of it anyway.

    Whoever joined the duplicate, before it turned out to be one, keeps their own reference.
    """
    decision = duplicate.decision
    told_there = {
        item["agency"] for item in original.referral.of_child(original.child or 0) if "duplicate" not in item
    }
    for recipient in duplicate.recipients:
        if recipient.duplicate is not None:
            yield recipient
            continue
        shared = SharedReferral(
            referral_ref=decision.referral_ref,
            child_index=decision.child_index,
            decision_seq=decision.decision_seq,
            received_at=decision.received_at,
            knows_original=recipient.agency_id in told_there,
        )
        yield replace(recipient, duplicate=shared, nonce=duplicate.nonce)


def _joins(duplicate: Duplicate, original: Original) -> Iterator[dict[str, Any]]:
    """What the original's later versions must know to tell these recipients as well."""
    for recipient in _under_own_reference(duplicate, original):
        own, standing = recipient.duplicate, recipient.standing
        if own is not None:
            yield {
                "sk": keys.join(own.referral_ref, own.child_index, recipient.agency_id),
                "ref": own.referral_ref,
                "of_child": own.child_index,
                "dver": own.decision_seq,
                "received_at": at_text(own.received_at),
                "child": original.child or 0,
                "agency": recipient.agency_id,
                "role": standing.role.value,
                "holds_plan_role": standing.holds_plan_role,
                **({"own_ref": recipient.own_ref} if recipient.own_ref else {}),
            }
