"""A child's police form is looked at once more: the police are reminded of it, or the chase is over."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Fact
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import Arrival, NewUpdate, Referral
from functions.adapters.ledger.store import Item
from functions.adapters.registry.directory import Directory, Entry
from functions.adapters.vault import DataKey
from functions.domain.entitlement import Standing
from functions.domain.life_clocks.clock import LifeClock
from functions.domain.life_clocks.firing import answered
from functions.domain.life_clocks.police_form import (
    LAST_REMINDER,
    SETTLED,
    after_step,
    chasing_task,
    step_at,
)
from functions.domain.series import FORM_SETTLED
from functions.domain.tasks import Task, call_task
from functions.flows.desk import IntakeDesk
from functions.flows.intake.facts import check_fact
from functions.flows.planning.holds import linked_agencies
from functions.flows.planning.notices import opened
from functions.flows.planning.police_form import check_of, owing_force
from functions.flows.planning.recipients import Recipient
from functions.flows.updates.audience import Hearers, outcomes_told, told_of_the_decision
from functions.flows.updates.make import About, Occasion, update
from functions.flows.updates.parts import known_own_ref
from schemas.codes import Addressee, Outcome, RaStatus, Role, Series, TaskKind
from schemas.entitlement import STATUTORY_PARTNERS
from schemas.notice import UpdateFacts
from schemas.risk_assessment import PoliceCheck

_ACTED_ON: Final = frozenset({Outcome.STR, Outcome.S47S, Outcome.S47J, Outcome.S17})
"""Of these a partner acts on what it was told, so it hears once that the form came after all (domain 4)."""


_ASKED_ABOUT_THE_FORM: Final = frozenset({TaskKind.CHASE_FORM, TaskKind.CHECK_STATEMENT})


@dataclass(frozen=True, slots=True)
class Looked:
    """The clock from now on, and what follows; `step` is the one that was taken, None where it is over."""

    then: LifeClock
    form: RaStatus | None = None
    step: int | None = None
    task: Task | None = None
    facts: Sequence[Fact] = ()
    learnt: Mapping[str, Any] = field(default_factory=dict)
    updates: Sequence[NewUpdate] = ()
    done_tasks: Sequence[Item] = ()
    """What a form that is settled answers."""


def look_at_form(
    clock: LifeClock, referral: Referral, cause: str, arrival: Arrival, desk: IntakeDesk
) -> Looked:
    """What becomes of the chase by the form as it stands now; with the referral's key gone, it ends."""
    wrapped = desk.intake.wrapped_key(referral.pk)
    if wrapped is None:
        return Looked(answered(clock, arrival.at))
    key, child = desk.vault.unwrap(referral.pk, wrapped), clock.which.child
    occasion = Occasion(referral, key, arrival, cause, arrival.at, desk.directory.look_up([]).hub)
    form = check_of(referral, child, key, desk, arrival.at)
    if form.status in SETTLED:
        return _settled(clock, form, occasion, desk)
    return _awaited(clock, form, occasion, desk)


def _rechecked(child: int, form: PoliceCheck, occasion: Occasion) -> tuple[list[Fact], dict[str, Any]]:
    """The row and the child's item, where the form is not as it was last seen."""
    referral = occasion.referral
    if referral.children[child].get("ra") == form.status:
        return [], {}
    seen = check_fact(occasion.cause, child, referral.newest(child) or None, form, occasion.arrival)
    return [seen], {"ra": form.status.value}


def _awaited(clock: LifeClock, form: PoliceCheck, occasion: Occasion, desk: IntakeDesk) -> Looked:
    child, now = clock.which.child, occasion.arrival.at
    due_at = form.due_at or clock.since
    step = step_at(clock, due_at, now)
    then = after_step(clock, step, due_at, now, desk.clocks)
    facts, learnt = _rechecked(child, form, occasion)
    hearers = _force(step, occasion, child, desk.directory) if step <= LAST_REMINDER else Hearers()
    told = UpdateFacts(
        happened_at=now,
        due_at=due_at,
        reminder=step if step <= LAST_REMINDER else None,
        next_reminder_at=then.due_at if step < LAST_REMINDER else None,
    )
    reminders = [update(About(Series.RA_REMINDER, child), hearers, told, occasion, desk)]
    return Looked(
        then,
        form.status,
        step,
        chasing_task(then, step, due_at, now, desk.clocks),
        facts,
        {**learnt, FORM_SETTLED: 0},
        reminders if hearers.agencies else (),
    )


def _settled(clock: LifeClock, form: PoliceCheck, occasion: Occasion, desk: IntakeDesk) -> Looked:
    """The reminders end, sent or not; whoever was told that it was not complete hears it."""
    referral, child, now = occasion.referral, clock.which.child, occasion.arrival.at
    facts, learnt = _rechecked(child, form, occasion)
    too_late = form.status is RaStatus.COMPLETE and _was_told_otherwise(referral, child, occasion.key)
    reminded = referral.newest(child, Series.RA_REMINDER) > 0
    hearers = _partners(occasion, child, desk.directory) if too_late else Hearers()
    if reminded:
        hearers = hearers.beside(_force(None, occasion, child, desk.directory))
    updates = []
    if hearers.recipients or reminded:
        told = Hearers(hearers.recipients)  # whoever may have no message was not told the contrary by one
        updates = [update(About(Series.RA_STATUS, child), told, UpdateFacts(happened_at=now), occasion, desk)]
    return Looked(
        answered(clock, now),
        form.status,
        task=call_task(TaskKind.READ_LATE_FORM, now, desk.clocks) if too_late else None,
        facts=facts,
        learnt=learnt | ({FORM_SETTLED: updates[0].number} if updates else {}),
        updates=updates,
        done_tasks=[
            task for task in referral.open_tasks(child).values() if task["kind"] in _ASKED_ABOUT_THE_FORM
        ],
    )


def _was_told_otherwise(referral: Referral, child: int, key: DataKey) -> bool:
    """Whether the newest decision went out with a form that was not complete."""
    newest = referral.newest(child)
    notice = opened(referral, keys.notice(child, newest), key) if newest else None
    return notice is not None and notice.police_form.status not in SETTLED


def _partners(occasion: Occasion, child: int, directory: Directory) -> Hearers:
    """Statutory partners that were told a decision they act on, and have not heard of the form since."""
    referral = occasion.referral
    if _ACTED_ON.isdisjoint(outcomes_told(referral.children[child])):
        return Hearers()
    heard = set(_heard_of_the_form(referral, child))
    told = told_of_the_decision(referral, child, directory).recipients
    return Hearers(
        tuple(one for one in told if one.entry.type in STATUTORY_PARTNERS and one.agency_id not in heard)
    )


def _heard_of_the_form(referral: Referral, child: int) -> Iterator[str]:
    for item in referral.updates:
        if item["child"] == child and DeliveryKey.of(item).series is Series.RA_STATUS:
            yield item["agency"]


def _force(step: int | None, occasion: Occasion, child: int, directory: Directory) -> Hearers:
    """The force that owes the form, by its usual channels; the last reminder goes to the role it named."""
    force = owing_force(directory)
    if force is None:
        return Hearers()
    referral = occasion.referral
    if force.agency_id in linked_agencies(referral.children[child]):
        return Hearers(kept_from=(force.agency_id,))
    to_the_role = step == LAST_REMINDER
    return Hearers(
        (
            Recipient(
                force,
                Standing(Role.INVOLVED),
                own_ref=known_own_ref(force.agency_id, referral, child) or _as_referrer(force, referral),
                addressee=Addressee.FORM_ESCALATION if to_the_role else Addressee.ROLE_MAILBOX,
            ),
        )
    )


def _as_referrer(force: Entry, referral: Referral) -> str | None:
    """Its own reference, where it made the referral itself."""
    head = referral.head
    return head.get("referrer_ref") if head.get("referrer") == force.agency_id else None
