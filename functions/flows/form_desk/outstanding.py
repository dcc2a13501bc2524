"""Which children's police forms are outstanding, as the force that owes them may know it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from functions.adapters.ledger import keys
from functions.adapters.ledger.reading import WorkIndex
from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import Item
from functions.adapters.registry.entry import Entry
from functions.domain.completeness import ReferredChild, check, form_to_judge
from functions.domain.completeness.feed import FeedState
from functions.flows.desk import CheckDesk
from functions.flows.planning.holds import linked_agencies
from functions.flows.planning.police_form import feed_state, open_forms, owing_force, referred
from schemas.codes import TaskKind, TaskRole
from schemas.risk_assessment import ChildAnswers, PoliceCheck, RaFormMetadata

CHASERS = (TaskRole.MASH_DUTY_WORKER, TaskRole.MASH_MANAGER)
"""Whose task it is to see that a form comes: as long as one of them has it, the form is outstanding."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One child's form: how it stands, and the newest one that we hold."""

    referred: ReferredChild
    feed: FeedState
    check: PoliceCheck
    newest: str
    """The uid of the newest form's entry, by which a later one is told apart; empty while there is none."""
    form: RaFormMetadata | None
    others: tuple[ChildAnswers, ...]
    """What that form says of other children, as far as it is the newest for them, too."""
    without_form: tuple[int, ...]
    """The referral's other children of whom no form is held, and of whom the force may know."""
    next_version: int
    is_chased: bool

    @property
    def ref(self) -> str:
        return self.referred.referral_ref

    @property
    def child(self) -> int:
        return self.referred.child_index


def chased(work: WorkIndex) -> list[Item]:
    """The task of each outstanding form, the one due first first: the queues of two roles, and no more."""
    tasks = (task for role in CHASERS for task in work.of(role))
    found = [task for task in tasks if task["kind"] == TaskKind.CHASE_FORM]
    return sorted(found, key=lambda task: (task["due_at"], keys.owner_of(task), int(task["child"])))


def owed_for(tasks: Sequence[Item], desk: CheckDesk) -> Iterator[Owed]:
    """Those of the children whom the force may know of, each by one read of its referral."""
    force = owing_force(desk.directory)
    for task in tasks:
        owed = owed_by(force, keys.owner_of(task), int(task["child"]), desk)
        if owed is not None and owed.is_chased:
            yield owed


def owed_by(force: Entry | None, ref: str, child: int, desk: CheckDesk) -> Owed | None:
    """How the child's form stands; None where there is no such child, no force that owes forms, or where that
    force may not know of the child.

    A force whose staff a decision called linked is sent no reminder, and its desk is shown no more.
    """
    referral = desk.intake.referral(ref)
    if force is None or child not in referral.children:
        return None
    if not _may_know(force, referral, child):
        return None
    wrapped = desk.intake.wrapped_key(referral.pk)
    if wrapped is None:
        return None
    forms = open_forms(referral, desk.vault.unwrap(referral.pk, wrapped)) if referral.forms else []
    return _owed(force, referral, child, forms, desk)


def _may_know(force: Entry, referral: Referral, child: int) -> bool:
    return force.agency_id not in linked_agencies(referral.children[child])


def _owed(
    force: Entry, referral: Referral, child: int, forms: Sequence[RaFormMetadata], desk: CheckDesk
) -> Owed:
    subject, feed = referred(referral, child, desk.clocks), feed_state(desk.intake.feed())
    kept, form = referral.forms.get(child), form_to_judge(subject, forms)
    same = [other for other, item in referral.forms.items() if kept and item["uid"] == kept["uid"]]
    return Owed(
        referred=subject,
        feed=feed,
        check=check(subject, forms, feed, desk.ra_policy, desk.now()),
        newest=kept["uid"] if kept else "",
        form=form,
        others=tuple(
            said
            for said in (form.children if form else ())
            if said.child_index in same and said.child_index != child
        ),
        without_form=tuple(
            one
            for one in referral.children
            if one != child and one not in referral.forms and _may_know(force, referral, one)
        ),
        next_version=max((int(item["form_version"]) for item in referral.forms.values()), default=0) + 1,
        is_chased=any(task["kind"] == TaskKind.CHASE_FORM for task in referral.open_tasks(child).values()),
    )
