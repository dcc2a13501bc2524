"""Whom one decision is for: the agencies it names, those it adds by itself, those told before."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from functions.adapters.directory import Entry
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import Item
from functions.adapters.vault import DataKey
from functions.domain.entitlement import Standing, usable_own_ref
from functions.domain.refusals import Refusal
from functions.domain.wording.told import main_outcome
from functions.flows.arrivals import RefusedError
from functions.flows.notices import opened
from schemas.codes import DeliveryState, Level, Outcome, RefusalReason, Role
from schemas.decision import Decision, InvolvedAgency, NamedAgency
from schemas.notice import SharedReferral, ToldBefore

Named = TypeVar("Named", bound=NamedAgency)

MOST_RECIPIENTS = 20
"""Of one event, those added by themselves included: its transaction must stay within 100 items."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """An agency to be told; `own_ref_unusable` if it gave a reference that must not be repeated.

    `told_before` is the version it had a message about; `duplicate` its own referral, where the decision is
    another one's.
    """

    entry: Entry
    standing: Standing
    own_ref: str | None = None
    own_ref_unusable: bool = False
    told_before: ToldBefore | None = None
    duplicate: SharedReferral | None = None
    nonce: str = ""

    @property
    def agency_id(self) -> str:
        return self.entry.agency_id


def names_in(decision: Decision) -> set[str]:
    """Every name of an agency that the registry must know before the decision can be taken in."""
    return {name for _, name in _names(decision)}


def _names(decision: Decision) -> Iterator[tuple[str, str]]:
    """Field and name."""
    if decision.referring_agency is not None:
        yield "referring_agency.agency_id", decision.referring_agency.agency_id
    for index, agency in enumerate(decision.involved_agencies):
        yield f"involved_agencies.{index}.agency_id", agency.agency_id
    for index, hold in enumerate(decision.hold_codes):
        if hold.agency_id is not None:
            yield f"hold_codes.{index}.agency_id", hold.agency_id


def resolved(decision: Decision, entries: Mapping[str, Entry]) -> Decision:
    """The decision with each agency by its id, an alias or two of one agency named once.

    Raises RefusedError naming the field of the first agency that the registry lacks.
    """
    for field, name in _names(decision):
        if name not in entries:
            raise RefusedError(Refusal(field, RefusalReason.UNKNOWN_AGENCY))
    referrer, leading = decision.referring_agency, decision.leading_agency_id
    return decision.model_copy(
        update={
            "referring_agency": referrer and _by_id(referrer, entries),
            "involved_agencies": tuple(_merged(_by_id(one, entries) for one in decision.involved_agencies)),
            "hold_codes": tuple(
                hold.model_copy(update={"agency_id": hold.agency_id and entries[hold.agency_id].agency_id})
                for hold in decision.hold_codes
            ),
            "leading_agency_id": leading and entries[leading].agency_id,
            "information_asked_of": tuple(entries[name].agency_id for name in decision.information_asked_of),
        }
    )


def _by_id(named: Named, entries: Mapping[str, Entry]) -> Named:
    return named.model_copy(update={"agency_id": entries[named.agency_id].agency_id})


def _merged(involved: Iterable[InvolvedAgency]) -> Iterator[InvolvedAgency]:
    """Two names of one agency become one: with a reference if either has one, in the plan if either is."""
    by_id: dict[str, InvolvedAgency] = {}
    for one in involved:
        before = by_id.get(one.agency_id, one)
        by_id[one.agency_id] = one.model_copy(
            update={
                "own_ref": before.own_ref or one.own_ref,
                "holds_plan_role": before.holds_plan_role or one.holds_plan_role,
            }
        )
    yield from by_id.values()


def named_in(decision: Decision, entries: Mapping[str, Entry]) -> tuple[Recipient, ...]:
    """Each agency of a resolved decision once, the referrer first.

    An involved agency that also referred is told as the referrer.
    """
    recipients: dict[str, Recipient] = {}
    plan_roles = {one.agency_id for one in decision.involved_agencies if one.holds_plan_role}
    by_id = {entry.agency_id: entry for entry in entries.values()}
    named: list[tuple[NamedAgency, Role]] = [(one, Role.INVOLVED) for one in decision.involved_agencies]
    if decision.referring_agency is not None:
        named.insert(0, (decision.referring_agency, Role.REFERRER))
    for one, role in named:
        if one.agency_id not in recipients:
            entry = by_id[one.agency_id]
            usable = usable_own_ref(one.own_ref, entry.own_ref_pattern)
            recipients[one.agency_id] = Recipient(
                entry=entry,
                standing=Standing(
                    role,
                    holds_plan_role=one.agency_id in plan_roles,
                    leads=one.agency_id == decision.leading_agency_id,
                    asked_for_information=one.agency_id in decision.information_asked_of,
                ),
                own_ref=usable,
                own_ref_unusable=one.own_ref is not None and usable is None,
            )
    return tuple(recipients.values())


def missing_for_unborn(named: Sequence[Recipient], services: Iterable[Entry]) -> Iterator[Recipient]:
    """Health visiting and midwifery, told of each unborn child (domain section 6.4), unless named already."""
    types = {recipient.entry.type for recipient in named}
    for service in services:
        if service.type not in types:
            yield Recipient(service, Standing(Role.INVOLVED))


def told_before(
    referral: Referral, child: int, seq: int, recipient: Recipient, key: DataKey
) -> ToldBefore | None:
    """The newest earlier version of which this agency had, or may have had, a message under this reference.

    Whatever was started counts: nobody can say that it did not arrive.
    """
    own = recipient.duplicate.referral_ref if recipient.duplicate else referral.ref
    started = [
        item
        for item in referral.of_child(child)
        if item["agency"] == recipient.agency_id
        and item["dver"] < seq
        and item["attempt"]
        and item.get("duplicate", {}).get("referral_ref", referral.ref) == own
    ]
    if not started:
        return None
    newest = max(item["dver"] for item in started)
    of_newest = [item for item in started if item["dver"] == newest]
    arrived = sorted(item["sent_at"] for item in of_newest if item["st"] == DeliveryState.SENT)
    fullest = max(of_newest, key=lambda item: int(item["level"]))
    return ToldBefore(
        decision_seq=newest,
        outcome=_outcome_told(referral, fullest, key) if fullest["level"] > Level.NOTICE else None,
        told_at=datetime.fromisoformat(arrived[0]) if arrived else None,
    )


def _outcome_told(referral: Referral, item: Item, key: DataKey) -> Outcome | None:
    notice = opened(referral, DeliveryKey.parse(item["pk"], item["sk"]).notice_sk, key)
    return main_outcome((notice.outcome, *notice.additional)) if notice else None


def told_earlier_and_not_named(
    referral: Referral, child: int, seq: int, named: Iterable[str]
) -> dict[str, Item]:
    """By agency, a delivery of an earlier version that was started: whoever got that one gets this one too.

    A duplicate's recipients are not among them: they are told as long as their own referral is a duplicate.
    """
    known = set(named)
    return {
        item["agency"]: item
        for item in sorted(referral.of_child(child), key=lambda item: int(item["dver"]))
        if item["dver"] < seq and item["attempt"] and "duplicate" not in item and item["agency"] not in known
    }


def carried_over(item: Item, entry: Entry) -> Recipient:
    """A recipient of an earlier version in the role it had then; a plan role is only ever stated anew."""
    return Recipient(entry, Standing(Role(item["role"])), own_ref=item.get("own_ref"))


def with_memory(
    recipients: Iterable[Recipient], referral: Referral, decision: Decision, key: DataKey
) -> Iterator[Recipient]:
    """Each recipient with the version that it had a message about before, if any."""
    for recipient in recipients:
        before = told_before(referral, decision.child_index, decision.decision_seq, recipient, key)
        yield replace(recipient, told_before=before) if before else recipient


def refuse_too_many(recipients: Sequence[Recipient]) -> None:
    """Raises RefusedError if the decision is for more agencies than one transaction can tell."""
    if len(recipients) > MOST_RECIPIENTS:
        raise RefusedError(Refusal("involved_agencies", RefusalReason.TOO_MANY_RECIPIENTS))
