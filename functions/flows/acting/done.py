"""A person says that a task is done: a call was made, something was mended, or it needs nobody any more."""

from collections.abc import Sequence
from dataclasses import dataclass

from functions.adapters.ledger import keys
from functions.adapters.ledger.by_hand import Ended
from functions.adapters.ledger.calls import is_about
from functions.adapters.ledger.chain import Fact, Tip, at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import Item
from functions.domain.by_hand import (
    ENDS_THE_CLOCK,
    OF_A_SOURCE,
    OF_ALL_DECISIONS,
    OF_AN_AGENCY,
    OF_NO_REFERRAL,
    TO_END,
)
from functions.domain.life_clocks.police_form import SETTLED
from functions.domain.record import uid
from functions.domain.series import series_of_line
from functions.domain.wording.police_form import EXACT_WORDS
from functions.domain.wording.police_rules import rules_in_words
from functions.flows.acting.order import (
    ActDesk,
    NotPossibleError,
    Order,
    Spoken,
    obstacles_of,
    require_fitting,
    written_once,
)
from functions.flows.orders import Rows
from functions.flows.planning.police_form import check_of
from functions.log_lines import TASK_DONE, log
from schemas.codes import ActReason, AuditKind, DeliveryState, TaskKind, TaskState


@dataclass(frozen=True, slots=True)
class WhichTask:
    """Which task is meant: `ref` is None for one about an agency itself, a source, or all decisions; what is
    not said may be any.

    `about` is the reference by which a duplicate's agency knows the referral, or an update's series; without
    it one that is about neither is meant first.
    """

    kind: TaskKind
    ref: str | None = None
    child: int | None = None
    agency_id: str | None = None
    about: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it: the task, where that stands in the trail, and how many messages count as told now."""

    task: Item
    entries: tuple[str, ...]
    told: int


def done(which: WhichTask, order: Order, desk: ActDesk, spoken: Spoken | None = None) -> Done:
    """Ends the task, in the trail and in the list; of a call, `spoken` says when it was, and to whom.

    Raises NotPossibleError with what to do.
    """
    if which.kind not in TO_END:
        raise NotPossibleError(
            "A hold's task ends with the hold: `mash release` ends both, with the manager's own reason.",
            "task",
            on_a_page="A hold's task ends with the hold: releasing it ends both.",
        )
    require_fitting(order, TO_END[which.kind], f"end {which.kind}")
    _require_its_place(which)
    act = written_once(lambda: _worked_out(which, order, desk, spoken), desk)
    task = act.ended.task
    log(
        TASK_DONE,
        referral=which.ref,
        child=task["child"],
        task=task["kind"],
        agency=task.get("agency") or (keys.owner_of(task) if which.kind in OF_AN_AGENCY else None),
        source=which.source,
        reason=order.reason.value,
    )
    return Done(task, act.rows.entries, len(act.ended.told))


def _require_its_place(which: WhichTask) -> None:
    if which.kind in OF_AN_AGENCY and (which.ref is not None or which.agency_id is None):
        raise NotPossibleError(
            f"{which.kind} is an agency's, and about no referral: name the agency alone.", "agency"
        )
    if which.kind in OF_A_SOURCE and (which.ref is not None or which.source is None):
        raise NotPossibleError(
            f"{which.kind} is about a system that sends us events: name that source alone.", "source"
        )
    if which.kind not in OF_A_SOURCE and which.source is not None:
        raise NotPossibleError(f"{which.kind} is about no source: leave it out.", "source")
    if which.kind in OF_ALL_DECISIONS and which.ref is not None:
        raise NotPossibleError(
            f"{which.kind} is about all decisions, and about no referral: leave that out.", "ref"
        )
    if which.kind not in OF_NO_REFERRAL and which.ref is None:
        raise NotPossibleError(f"{which.kind} is about a referral: say which.", "ref")


@dataclass(frozen=True, slots=True)
class _Act:
    partition: str
    tip: Tip
    ended: Ended

    @property
    def rows(self) -> Rows:
        return Rows(self.partition, self.tip, [self.ended.fact])

    def write(self, desk: ActDesk) -> None:
        desk.by_hand.end(self.tip, self.ended, desk.check.now())


def _worked_out(which: WhichTask, order: Order, desk: ActDesk, spoken: Spoken | None) -> _Act:
    if which.source is not None:
        return _beside(keys.source(which.source), which, order, desk)
    if which.kind in OF_ALL_DECISIONS:
        return _beside(keys.ALL_DECISIONS, which, order, desk)
    if which.ref is None:
        return _of_an_agency(which, order, desk)
    referral = desk.check.intake.case(which.ref)
    if not (referral.children or referral.tasks):
        raise NotPossibleError(f"No referral {which.ref} is known here. Check the reference.", "ref")
    task = the_one(list(referral.tasks.values()), which)
    if which.kind is TaskKind.CHASE_FORM and order.reason is ActReason.SORTED_OUT:
        _require_settled(referral, task["child"], desk)
    told = _told_by_telephone(referral.messages, task, order)
    by_phone = order.reason is ActReason.TOLD_BY_PHONE
    heard_at = spoken.at if spoken else None
    fact = _fact(task, order, spoken)
    grade = order.reason if which.kind is TaskKind.GRADE_FORM else None
    ended = Ended(fact, task, told, by_phone=by_phone, heard_at=heard_at, grade=grade)
    return _Act(referral.pk, referral.tip, ended)


def _require_settled(referral: Referral, child: int, desk: ActDesk) -> None:
    """Only a form that is complete, or not needed by policy, is sorted out (domain section 4): the police
    desk and the managers' figures follow its task. That nobody need chase it any more is another reason, and
    stands in the trail as such. Without the referral's key nobody can tell."""
    if (wrapped := desk.check.intake.wrapped_key(referral.pk)) is None:
        return
    key = desk.check.vault.unwrap(referral.pk, wrapped)
    form = check_of(referral, child, key, desk.check, desk.check.now())
    if form.status not in SETTLED:
        lacks = rules_in_words(form.failed_rules)
        stands = f"not complete: {lacks}" if lacks else EXACT_WORDS[form.status]
        raise NotPossibleError(
            f"The police form for child {child} is still {stands}. Ring the police "
            "lead, or have the police desk fill in its checklist: once the form is complete, this task ends "
            "by itself. If nobody need chase it any more, say that instead.",
            "task",
        )


def _of_an_agency(which: WhichTask, order: Order, desk: ActDesk) -> _Act:
    entry = desk.entry_of(which.agency_id or "")
    agency_id = entry.agency_id if entry else which.agency_id or ""
    if entry and order.reason is ActReason.ADDRESS_MENDED and obstacles_of(entry, desk).came_back:
        raise NotPossibleError(
            f"Nobody has verified {agency_id}'s address since mail came back: ring its main number, then "
            "apply the right address and the day with `mash agencies apply`; that ends this task too.",
            "reason",
            on_a_page=(
                f"Nobody has verified {agency_id}'s address since mail came back: ring its main number, then "
                "have two people put the right address into the registry; that ends this task too."
            ),
        )
    pk = keys.agency(agency_id)
    standing = desk.by_hand.tasks_in(pk)
    task = the_one(standing.tasks, WhichTask(which.kind))
    return _Act(pk, standing.tip, Ended(_fact(task, order), task))


def _beside(pk: str, which: WhichTask, order: Order, desk: ActDesk) -> _Act:
    standing = desk.by_hand.tasks_in(pk)
    task = the_one(standing.tasks, which)
    return _Act(pk, standing.tip, Ended(_fact(task, order), task))


def the_one(tasks: Sequence[Item], which: WhichTask) -> Item:
    """The open task that fits. Raises NotPossibleError unless it is one."""
    open_ones = [task for task in tasks if task["st"] != TaskState.DONE]
    found = [task for task in open_ones if _fits(task, which)]
    if which.about is None:
        found = [task for task in found if "about" not in task] or found
    if len(found) == 1:
        return found[0]
    listed = "\n".join(f"  {option}" for option in _as_options(found or open_ones))
    if found:
        raise NotPossibleError(
            f"Several tasks are meant by that. Say which:\n{listed}",
            "task",
            on_a_page="Several tasks are meant by that: open the one that you mean.",
        )
    there_are = f" There are:\n{listed}" if listed else ""
    raise NotPossibleError(
        f"No such task is open: `mash tasks` lists all.{there_are}",
        "task",
        on_a_page="No such task is open any more: somebody has done it, or nobody need do it.",
    )


def _fits(task: Item, which: WhichTask) -> bool:
    return (
        task["kind"] == which.kind
        and which.child in (None, task["child"])
        and which.agency_id in (None, task.get("agency"))
        and _is_about(task, which.about)
    )


def _is_about(task: Item, about: str | None) -> bool:
    """Named whole, or, of what runs side by side in a series, by the series alone."""
    told = _reference(task)
    return about in (None, _about(task), told, series_of_line(told))


def _about(task: Item) -> str:
    return str(task.get("about", ""))


def _reference(task: Item) -> str:
    """What the task is about without the number of a duplicate's child."""
    return _about(task).partition("#")[0]


def _as_options(tasks: Sequence[Item]) -> list[str]:
    """How the command line names each: a duplicate by its reference, where that tells it from siblings."""
    short = [_as_option(task, _reference(task)) for task in tasks]
    return [
        _as_option(task, _about(task)) if short.count(option) > 1 else option
        for task, option in zip(tasks, short, strict=True)
    ]


def _as_option(task: Item, about: str) -> str:
    agency = f" --agency {task['agency']}" if "agency" in task else ""
    child = f" --child {task['child']}" if task["child"] else ""
    return f"--task {task['kind']}{child}{agency}" + (f" --about {about}" if about else "")


def _told_by_telephone(deliveries: Sequence[Item], task: Item, order: Order) -> list[Item]:
    """The messages whose reader has heard what they tell, so that nobody need call again."""
    if task["kind"] not in ENDS_THE_CLOCK or order.reason is not ActReason.TOLD_BY_PHONE:
        return []
    told = (task["child"], task.get("agency"))
    return [item for item in deliveries if (item["child"], item["agency"]) == told and _is_told(item, task)]


def _is_told(item: Item, call: Item) -> bool:
    """Whether the call was about this message, and it is one that somebody could still be asked about."""
    gone = (DeliveryState.SUPERSEDED, DeliveryState.CANCELLED)
    return is_about(call, DeliveryKey.of(item)) and item["st"] not in gone and "resent" not in item


def _fact(task: Item, order: Order, spoken: Spoken | None = None) -> Fact:
    """The TASK row that says who has done it, and why it is done."""
    details = {
        "child": task["child"],
        "dver": task["dver"],
        "task": task["kind"],
        "role": task["role"],
        "due_at": task.get("due_at"),
        "task_agency": task.get("agency"),
        "about": task.get("about"),
        "done": True,
        "reason": order.reason.value,
        "spoken_at": at_text(spoken.at) if spoken else None,
        "spoken_to": spoken.role.value if spoken else None,
    }
    identity = uid(AuditKind.TASK, order.request, task["sk"])
    return Fact(AuditKind.TASK, identity, order.actor, order.request, details)
