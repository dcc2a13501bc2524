"""One update worked out: its deliveries, its frozen notice, the row that lists whom it is for, and what is
held."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from functions.adapters.ledger.chain import Fact
from functions.adapters.ledger.items import task_key
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import (
    Arrival,
    NewDelivery,
    NewNotice,
    NewUpdate,
    OpenedTask,
    Referral,
)
from functions.adapters.vault import DataKey
from functions.domain.clock import uk_day
from functions.domain.delivery import message_id
from functions.domain.entitlement import Entitlement
from functions.domain.record import uid
from functions.domain.series import line_in, nonce_of
from functions.domain.tasks import Task, call_task
from functions.domain.wording import LABELS_VERSION, UPDATE_TEMPLATE_VERSION
from functions.domain.wording.updates import MESSAGE_TYPES
from functions.flows.desk import IntakeDesk
from functions.flows.intake.earlier import no_later
from functions.flows.planning.deliveries import Plan, Terms, is_trusted, listed
from functions.flows.planning.holds import agency_holds
from functions.flows.planning.notices import sealed
from functions.flows.planning.police_form import check_of
from functions.flows.planning.recipients import Recipient
from functions.flows.stopping import ended_holds
from functions.flows.updates.audience import Hearers
from functions.flows.updates.telling import Telling, telling
from schemas.codes import (
    Addressee,
    AuditKind,
    Channel,
    HoldTrigger,
    Level,
    Series,
    TaskKind,
)
from schemas.hub_directory import HubDirectory
from schemas.notice import FrozenLabels, FrozenUpdate, Pins, UpdateFacts

_THREAD = "thread"


@dataclass(frozen=True, slots=True)
class Occasion:
    """What updates are made from: the referral as it was read, the event that caused them, and when."""

    referral: Referral
    key: DataKey
    arrival: Arrival
    cause: str
    occurred_at: datetime
    hub: HubDirectory
    waited_since: datetime | None = None
    """Since when the event waited for what it is about, if it came before that."""

    def thread(self, matter: str) -> str:
        """What tells one matter's messages from those of another in their series, and names it to nobody.

        From a plain hash whoever is sent it could find the police's number, trying all that there can be.
        """
        return self.key.fingerprint(f"{_THREAD}|{matter}".encode())[:8]


@dataclass(frozen=True, slots=True)
class About:
    """Which series of which child; `thread` tells matters apart that run side by side in it."""

    series: Series
    child: int
    thread: str = ""


def update(
    about: About, hearers: Hearers, facts: UpdateFacts, occasion: Occasion, desk: IntakeDesk
) -> NewUpdate:
    """The next of its series for the child; without anybody to tell it is a row alone."""
    referral, arrival, series = occasion.referral, occasion.arrival, about.series
    number = referral.newest(about.child, series) + 1
    nonce = nonce_of(series, thread=about.thread)
    key = DeliveryKey(referral.ref, about.child, number, "", Channel.EMAIL, nonce)
    terms = Terms(desk.managed_domains, occasion.hub.lowered, uk_day(arrival.at), desk.clocks)
    told = telling(series, about.child, referral, terms)
    in_system = sorted({one.agency_id for one in hearers.recipients if one.entry.in_case_system})
    heard = [one for one in hearers.recipients if one.agency_id not in in_system]
    planned = Plan(tuple(new for one in heard for new in _deliveries(one, key, about, told, terms)))
    frozen = _frozen(key, about, facts, occasion, desk)
    identity = uid(AuditKind.UPDATE, occasion.cause, arrival.bus_id, series, str(about.child))
    kept = sealed(frozen, identity, referral.pk, occasion.key, desk.vault)
    row = {
        "child": about.child,
        "dver": number,
        "series": series.value,
        "thread": about.thread or None,
        "recipients": listed(planned.deliveries),
        "in_system": in_system or None,
        "kept_from": list(hearers.kept_from) or None,
        "ra": frozen.police_form.status.value,
        "cipher": kept.cipher,
    }
    holds = agency_holds(planned, (), arrival.at, desk.clocks)
    tasks = [*(hold.task for hold in holds), *_to_decide(series, hearers, arrival.at, desk)]
    new = NewUpdate(
        child=about.child,
        series=series,
        line=line_in(series, about.thread),
        number=number,
        facts=[
            Fact(AuditKind.UPDATE, identity, arrival.source, occasion.cause, row),
            *(hold.fact(key, occasion.cause, arrival) for hold in holds),
        ],
        notices=[
            NewNotice(sk, kept) for sk in dict.fromkeys(new.key.notice_sk for new in planned.deliveries)
        ],
        deliveries=planned.deliveries,
        tasks=[OpenedTask(about.child, number, no_later(task, referral, about.child)) for task in tasks],
    )
    return _ending_holds(new, referral)


def _ending_holds(new: NewUpdate, referral: Referral) -> NewUpdate:
    """With the holds of nothing but what gives way to it, unless something of it waits for the same."""
    goes_on = {task_key(referral.pk, one.child, one.task).sk for one in new.tasks}
    over = [task for task in ended_holds(referral, new.gives_way(referral)) if task["sk"] not in goes_on]
    if not over:
        return new
    row, *others = new.facts
    row = replace(row, details={**row.details, "ended": [task["sk"] for task in over]})
    return replace(new, facts=[row, *others], over=over)


def _to_decide(series: Series, hearers: Hearers, at: datetime, desk: IntakeDesk) -> Iterator[Task]:
    """Somebody must settle how those hear who may not have it now."""
    if hearers.kept_from:
        yield call_task(TaskKind.CHECK_NOT_TOLD, at, desk.clocks, about=series.value)


def _deliveries(
    recipient: Recipient, at: DeliveryKey, about: About, told: Telling, terms: Terms
) -> Iterator[NewDelivery]:
    entry, addressee = recipient.entry, recipient.addressee
    for channel in entry.channels if addressee is Addressee.ROLE_MAILBOX else (Channel.EMAIL,):
        may_have = told(recipient, is_trusted(entry, channel, terms.managed_domains, addressee))
        if may_have.level is Level.NOTHING:
            continue
        nonce = nonce_of(about.series, recipient.nonce, thread=about.thread)
        key = replace(at, agency_id=entry.agency_id, channel=channel, nonce=nonce)
        unverified = not entry.is_verified(channel, addressee, terms.today)
        yield NewDelivery(
            key=key,
            pins=_pins(key, recipient, may_have, about.series),
            endpoint_version=entry.version,
            held=(HoldTrigger.UNVERIFIED_ADDRESS,) if unverified else (),
            watched_after_seconds=terms.clocks.fallback_after_seconds,
        )


def _pins(key: DeliveryKey, recipient: Recipient, told: Entitlement, series: Series) -> Pins:
    return Pins(
        agency_id=key.agency_id,
        agency_type=recipient.entry.type,
        role=recipient.standing.role,
        channel=key.channel,
        level=told.level,
        message_type=MESSAGE_TYPES[series],
        message_id=message_id(key.text),
        template_version=UPDATE_TEMPLATE_VERSION,
        own_ref=recipient.own_ref,
        notice_reason=told.notice_reason,
        addressee=recipient.addressee,
        duplicate=recipient.duplicate,
        told_before=recipient.told_before,
    )


def _frozen(
    key: DeliveryKey, about: About, facts: UpdateFacts, occasion: Occasion, desk: IntakeDesk
) -> FrozenUpdate:
    referral, child = occasion.referral, key.child
    labels = _labels(facts, occasion.hub)
    return FrozenUpdate(
        referral_ref=referral.ref,
        child_index=child,
        series=about.series,
        thread=about.thread or None,
        number=key.seq,
        facts=facts.model_copy(update=_unlisted(facts, labels)),
        occurred_at=occasion.occurred_at,
        received_at=_received_at(about, referral),
        contact=desk.hub,
        police_form=check_of(referral, child, occasion.key, desk, occasion.arrival.at),
        labels_version=LABELS_VERSION,
        labels=labels,
        confirm_base=desk.confirm_base,
    )


def _received_at(about: About, referral: Referral) -> datetime:
    """An acknowledgement is of the referral: a decision that is held meanwhile changes no word of it."""
    of_all = about.series is Series.ACKNOWLEDGEMENT
    known = referral.head if of_all else referral.children[about.child]
    return datetime.fromisoformat(known["received_at"])


def _labels(facts: UpdateFacts, directory: HubDirectory) -> FrozenLabels:
    teams = {team.code: team.name for team in directory.team}
    councils = {council.code: council.name for council in directory.authority}
    outcomes = {label.outcome: label.text for label in directory.label if label.outcome == facts.outcome}
    return FrozenLabels(
        outcomes=outcomes,
        team=teams.get(facts.lead_team_code or ""),
        receiving_la=councils.get(facts.receiving_la or ""),
    )


def _unlisted(facts: UpdateFacts, labels: FrozenLabels) -> dict[str, Any]:
    """A team or council that the hub's directory does not list is left out: such a code might be a name."""
    return {
        "lead_team_code": facts.lead_team_code if labels.team else None,
        "receiving_la": facts.receiving_la if labels.receiving_la else None,
    }
