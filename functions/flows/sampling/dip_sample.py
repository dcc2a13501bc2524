"""The monthly dip-sample: complete police forms drawn by chance, each a task for whoever grades it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Fact, Tip
from functions.adapters.ledger.days import Days
from functions.adapters.ledger.evidence import Partitions
from functions.adapters.ledger.items import task_key
from functions.adapters.ledger.records import OpenedTask, Referral
from functions.domain.dip_sample import CompleteForm, complete_in, drawn
from functions.domain.measures.counts import first_day, month_of
from functions.domain.record import uid
from functions.domain.tasks import Task, grading_task
from functions.flows.acting.order import ActDesk, written_once
from functions.flows.orders import OrderRefusedError, Rows
from functions.flows.planning.tasks import task_details
from functions.log_lines import TASK_OPENED, log
from schemas.codes import AuditKind

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sample:
    """Which month of which hub, how many forms, and who draws them in which request."""

    month: str
    hub: str
    size: int
    actor: str
    request: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """How many forms were complete, which of them are graded, and for which a task was opened now."""

    complete: int
    forms: list[CompleteForm]
    opened: list[CompleteForm]


def draw(sample: Sample, days: Days, partitions: Partitions, desk: ActDesk) -> Drawn:
    """Opens a task for each form that is drawn; drawn again, it opens those alone that are not there.

    Raises OrderRefusedError for a month that has not ended: its list may still change.
    """
    now = desk.check.now()
    if sample.month >= month_of(now):
        raise OrderRefusedError(f"{sample.month} has not ended: its forms are not all known yet.", "month")
    forms = [
        form
        for ref in sorted(_referrals(sample.month, days, now))
        for form in complete_in(sample.month, ref, (row.said for row in partitions.rows(keys.referral(ref))))
    ]
    chosen = drawn(forms, sample.month, sample.hub, sample.size)
    return Drawn(len(forms), chosen, [form for form in chosen if _is_opened(form, sample, desk)])


def _referrals(month: str, days: Days, now: datetime) -> set[str]:
    """Every referral about which something came in while the month ran."""
    return {
        ref
        for day in _days_of(month)
        for one in days.arrivals(day, now)
        if (ref := keys.ref_in(one.partition))
    }


def _days_of(month: str) -> list[date]:
    """In the UK."""
    first = first_day(month)
    return [day for number in range(31) if f"{(day := first + number * _A_DAY):%Y-%m}" == month]


def _is_opened(form: CompleteForm, sample: Sample, desk: ActDesk) -> bool:
    return written_once(lambda: _opening(form, sample, desk), desk).is_new


@dataclass(frozen=True, slots=True)
class _Opening:
    """A form's task, in its referral; nothing is written where it stands, done or not."""

    form: CompleteForm
    referral: Referral
    tip: Tip
    fact: Fact
    task: Task
    is_new: bool

    @property
    def rows(self) -> Rows:
        return Rows(self.referral.pk, self.tip, [self.fact])

    def write(self, desk: ActDesk) -> None:
        if not self.is_new:
            return
        child = self.form.child
        opened = OpenedTask(child, self.referral.newest(child), self.task)
        desk.by_hand.open(self.referral, self.fact, opened, desk.check.now())
        ref, task = self.referral.ref, self.task
        log(TASK_OPENED, referral=ref, child=child, task=task.kind.value, role=task.role.value)


def _opening(form: CompleteForm, sample: Sample, desk: ActDesk) -> _Opening:
    referral = desk.check.intake.referral(form.referral_ref)
    task = grading_task(sample.month, desk.check.now(), desk.check.clocks)
    details = {
        "child": form.child,
        "dver": referral.newest(form.child) or None,
        "form_version": form.version,
        **task_details(task),
    }
    identity = uid(AuditKind.TASK, sample.request, form.name)
    fact = Fact(AuditKind.TASK, identity, sample.actor, sample.request, details)
    stands = task_key(referral.pk, form.child, task).sk in referral.tasks
    return _Opening(form, referral, referral.tip, fact, task, is_new=not stands)
