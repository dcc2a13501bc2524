"""Those who joined a referral because theirs is a duplicate of it: who they are, and when they leave again.

Every decision that makes a referral a duplicate, or ends it, writes into each referral where it stands:

    A is a duplicate of B, B of C:     J#A and J#B stand in C, J#A also in B
    B is decided after all:            C lets go of B and of A, which came through B; A stays with B
    A is decided after all:            B and C let go of A

So whoever decides B or C reads its own partition alone, and two decisions at once meet at its chain's head.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Fact, at_text
from functions.adapters.ledger.records import Arrival, Elsewhere, Referral
from functions.adapters.ledger.store import Item
from functions.adapters.registry.directory import Entry
from functions.domain.entitlement import Standing
from functions.domain.record import uid
from functions.flows.desk import IntakeDesk
from functions.flows.intake.earlier import OwnReferral, read_as
from functions.flows.planning.recipients import Recipient
from schemas.codes import AuditKind, DeliveryState, HoldTrigger, Role, TaskKind, TaskState
from schemas.decision import Decision
from schemas.notice import SharedReferral, ToldBefore

MOST_HOPS = 3
"""How far a duplicate of a duplicate is followed; further, or in a circle, a person must look."""
MOST_PLACES = 20
"""In how many referrals it is looked up what was told of a child before; those it joined last come first."""
UNSENT = (DeliveryState.PENDING, DeliveryState.RETRY, DeliveryState.QUARANTINE)
"""What must not go, nor go again, once its reader's referral has left."""


def which(ref: str, child: int) -> str:
    """One referral's child in a word, as tasks and joins name it."""
    return f"{ref}#{child:02d}"


def about(join: Item) -> str:
    return which(join["ref"], join["of_child"])


def joined(referral: Referral, child: int) -> list[Item]:
    """The joins that this child's decision must tell; one that names no child means the only one."""
    return [
        join
        for join in referral.joins
        if not join["left"] and (join["child"] or only_child(referral)) == child
    ]


def only_child(referral: Referral) -> int | None:
    """The one child that a referral has.

    Before its arrival has told how many there are, none is taken for the only one: siblings come one by one,
    and must not be mixed up (hazard H9).
    """
    if "kind" in referral.head and len(referral.children) == 1:
        return next(iter(referral.children))
    return None


def own_join(
    decision: Decision, recipients: Sequence[Recipient], *, child: int | None, through: Collection[str]
) -> dict[str, Any]:
    """What the original must know to tell this duplicate's recipients; `through` are duplicates in between.

    A referrer of the public is nobody's recipient: `public` says that a person calls them.
    """
    return {
        "sk": keys.join(decision.referral_ref, decision.child_index),
        "ref": decision.referral_ref,
        "of_child": decision.child_index,
        "dver": decision.decision_seq,
        "received_at": at_text(decision.received_at),
        "child": child or 0,
        "through": list(through),
        "public": decision.referring_agency is None,
        "left": False,
        "members": [_member(recipient) for recipient in recipients],
    }


def carried_join(
    join: Item, recipients: Sequence[Recipient], *, child: int | None, through: Collection[str]
) -> dict[str, Any]:
    """A join of a referral that turns out to be a duplicate itself, as its original must know it."""
    now = {
        recipient.agency_id: _member(recipient) for recipient in recipients if recipient.about == about(join)
    }
    kept = {name: join[name] for name in ("sk", "ref", "of_child", "dver", "received_at", "public", "left")}
    return {
        **kept,
        "child": child or 0,
        "through": [*join["through"], *through],
        "members": [now.get(member["agency"], member) for member in join["members"]],
    }


def _member(recipient: Recipient) -> dict[str, Any]:
    before = recipient.told_before
    told = {
        "own_ref": recipient.own_ref,
        "told_before": before.model_dump(mode="json", exclude_none=True) if before else None,
    }
    return {
        "agency": recipient.agency_id,
        "role": recipient.standing.role.value,
        "holds_plan_role": recipient.standing.holds_plan_role,
        "held": [trigger.value for trigger in recipient.own_holds],
        **{name: value for name, value in told.items() if value is not None},
    }


def agencies_in(joins: Sequence[Item]) -> set[str]:
    return {member["agency"] for join in joins for member in join["members"]}


def members_of(join: Item, entries: Mapping[str, Entry]) -> Iterator[Recipient]:
    """Whoever joined and is in the registry, once each, told under their own reference."""
    seen: set[str] = set()
    for member in join["members"]:
        entry = entries.get(member["agency"])
        if entry is None or entry.agency_id in seen:
            continue
        seen.add(entry.agency_id)
        before = member.get("told_before")
        yield Recipient(
            entry,
            Standing(Role(member["role"]), holds_plan_role=member["holds_plan_role"]),
            own_ref=member.get("own_ref"),
            told_before=ToldBefore.model_validate_json(json.dumps(before)) if before else None,
            duplicate=SharedReferral(
                referral_ref=join["ref"],
                child_index=join["of_child"],
                decision_seq=join["dver"],
                received_at=datetime.fromisoformat(join["received_at"]),
                knows_original=False,
            ),
            own_holds=tuple(map(HoldTrigger, member["held"])),
            nonce=keys.duplicate_nonce(join["ref"], join["of_child"]),
        )


def answered(referral: Referral, told: Sequence[Item]) -> list[str]:
    """The open tasks that asked what these joins are duplicates of."""
    return asked_about(referral, {about(join) for join in told})


def asked_about(referral: Referral, duplicates: Collection[str]) -> list[str]:
    return [
        sk
        for sk, task in referral.tasks.items()
        if task["kind"] == TaskKind.CHECK_DUPLICATE
        and task.get("about") in duplicates
        and task["st"] != TaskState.DONE
    ]


def places(referral: Referral, child: int, desk: IntakeDesk) -> list[Referral]:
    """The referrals in which this child stands as a duplicate, or ever did: those it joined, and theirs in
    turn. Whatever it becomes, its readers go on from what they were told there."""
    found: dict[str, Referral] = {}
    ahead = told_in(referral, child)
    while ahead:
        ref = ahead.pop(0)
        if ref in found or ref == referral.ref or len(found) == MOST_PLACES:
            continue
        found[ref] = desk.intake.referral(ref)
        if any(about(join) == which(referral.ref, child) for join in found[ref].joins):
            ahead += [one for index in found[ref].children for one in told_in(found[ref], index)]
    return list(found.values())


def told_in(referral: Referral, child: int) -> list[str]:
    """Every referral that the child ever joined, the newest first."""
    state = referral.children.get(child, {})
    return list(state.get("told_in") or state.get("joined", ()))


def leaving(
    decision: Decision, standing: Sequence[Referral], staying: Collection[str], arrival: Arrival
) -> Iterator[Elsewhere]:
    """What a decision ends in the referrals that its child was a duplicate of: those not in `staying`."""
    me = which(decision.referral_ref, decision.child_index)
    for place in standing:
        if place.ref in staying:
            continue
        gone = [
            join for join in place.joins if not join["left"] and (about(join) == me or me in join["through"])
        ]
        if gone:
            yield _left(decision, place, gone, arrival)


def _left(decision: Decision, place: Referral, gone: Sequence[Item], arrival: Arrival) -> Elsewhere:
    """Nothing of `gone` is told there any more, neither now nor later; what was not sent yet is replaced."""
    owns = {OwnReferral(join["ref"], join["of_child"]) for join in gone}
    unsent = [item for item in place.messages if item["st"] in UNSENT and read_as(item) in owns]
    cause = str(decision.event_id)
    details = {
        "event_type": decision.event_type.value,
        "duplicate": decision.referral_ref,
        "duplicate_child": decision.child_index,
        "left": True,
        "joined": [],
        "recipients": [],
    }
    identity = uid(AuditKind.LIFECYCLE, cause, arrival.bus_id, place.ref)
    return Elsewhere(
        referral=place,
        facts=[Fact(AuditKind.LIFECYCLE, identity, arrival.source, cause, details)],
        joins=[{"sk": join["sk"], "left": True} for join in gone],
        done_tasks=[*asked_about(place, {about(join) for join in gone}), *nothing_to_release(place, unsent)],
        unsent=unsent,
    )


def nothing_to_release(place: Referral, unsent: Sequence[Item]) -> list[str]:
    """The tasks about agencies of which nothing is held any more once `unsent` are not sent."""
    others = (item for item in place.messages if item["st"] == DeliveryState.PENDING and item not in unsent)
    still_held = {item["agency"] for item in others if "held" in item}
    freed = {item["agency"] for item in unsent if "held" in item} - still_held
    return [
        sk
        for sk, task in place.tasks.items()
        if task["kind"] == TaskKind.RELEASE_AGENCY
        and task.get("agency") in freed
        and task["st"] != TaskState.DONE
    ]


def no_longer_named(me: str, recipients: Iterable[Recipient], place: Referral) -> list[Item]:
    """What was not sent yet to agencies that joined by this duplicate, and that it names no more."""
    named = {name for one in recipients if one.about == me for name in one.names}
    return [
        item
        for item in place.messages
        if item["st"] in UNSENT and item["agency"] not in named and "duplicate" in item and reader(item) == me
    ]


def reader(item: Item) -> str:
    """The referral's child that a message is read about, in a word."""
    own = read_as(item)
    return which(own.ref, own.child)
