"""The monthly dip-sample: complete forms drawn by chance, a task for each, ended by a grade in the trail."""

from datetime import UTC, datetime

import pytest

from functions.adapters.ledger.days import Days
from functions.adapters.ledger.evidence import Partitions
from functions.adapters.ledger.reading import WorkIndex
from functions.flows.acting.done import WhichTask, done
from functions.flows.acting.order import NotPossibleError
from functions.flows.orders import OrderRefusedError
from functions.flows.sampling.dip_sample import Drawn, Sample, draw
from schemas.codes import ActReason, TaskKind, TaskRole
from tests.flows.accounts import reckoned
from tests.flows.silences import said
from tests.flows.test_findings_police_form import take_form
from tests.forms import a_complete_form_event, an_incorrect_form_event
from tests.world import MORNING, World, a_receipt, an_event_id

NOVEMBER = "2026-11"
DECEMBER = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
REFS = [f"NS-26-{number:06d}" for number in range(12)]


@pytest.fixture
def closed(world: World) -> World:
    """Twelve forms of November were complete, one was not; it is December."""
    world.now = MORNING
    for ref in [*REFS, "NS-26-W0RSE0"]:
        world.take(a_receipt(ref=ref, event_id=an_event_id("came", ref), source_seq=None))
        make = an_incorrect_form_event if ref == "NS-26-W0RSE0" else a_complete_form_event
        take_form(world, ref, make())
    world.now = DECEMBER
    return world


def sampled(world: World, size: int = 5, month: str = NOVEMBER, hub: str = "Northshire MASH") -> Drawn:
    sample = Sample(month, hub, size, "mash-manager", world.serial())
    return draw(sample, Days(world.store, world.chain), Partitions(world.store), world.act_desk)


@pytest.mark.finding(6)
@pytest.mark.finding(38)
def test_a_random_draw_of_the_months_complete_forms_is_graded_by_people(closed: World) -> None:
    found = sampled(closed)
    assert (found.complete, len(found.forms)) == (12, 5)
    tasks = list(WorkIndex(closed.store).of(TaskRole.MASH_MANAGER))
    assert {task["pk"] for task in tasks} == {f"R#{form.referral_ref}" for form in found.forms}
    assert {(task["kind"], task["about"]) for task in tasks} == {("GRADE_FORM", NOVEMBER)}
    ref = found.forms[0].referral_ref
    done(WhichTask(TaskKind.GRADE_FORM, ref), closed.order(ActReason.FORM_TO_IMPROVE), closed.act_desk)
    opened, graded = closed.rows(ref)[-2:]
    assert said(opened, "task", "about", "form_version", "actor") == (
        "GRADE_FORM",
        NOVEMBER,
        2,
        "mash-manager",
    )
    assert said(graded, "task", "done", "reason", "actor") == (
        "GRADE_FORM",
        True,
        "FORM_TO_IMPROVE",
        "mash-manager",
    )


def test_drawn_again_it_is_the_same_and_opens_nothing_even_where_a_form_was_graded(closed: World) -> None:
    first = sampled(closed)
    ref = first.forms[0].referral_ref
    done(WhichTask(TaskKind.GRADE_FORM, ref), closed.order(ActReason.FORM_GOOD), closed.act_desk)
    closed.later(days=3)
    again = sampled(closed)
    assert (again.forms, again.opened) == (first.forms, [])
    assert closed.tasks(ref)[f"GRADE_FORM#01#{NOVEMBER}"]["st"] == "DONE"


def test_a_larger_sample_keeps_what_was_drawn_and_adds_to_it(closed: World) -> None:
    first, more = sampled(closed, 5), sampled(closed, 8)
    assert more.forms[:5] == first.forms
    assert more.opened == more.forms[5:]


def test_a_month_that_has_not_ended_is_not_drawn_from(closed: World) -> None:
    with pytest.raises(OrderRefusedError, match="has not ended"):
        sampled(closed, month="2026-12")


def test_a_month_without_complete_forms_asks_nobody(closed: World) -> None:
    found = sampled(closed, month="2026-10")
    assert (found.complete, found.forms, found.opened) == (0, [], [])


def test_only_a_grade_ends_it(closed: World) -> None:
    ref = sampled(closed).forms[0].referral_ref
    with pytest.raises(NotPossibleError, match="FORM_INADEQUATE"):
        done(WhichTask(TaskKind.GRADE_FORM, ref), closed.order(ActReason.SORTED_OUT), closed.act_desk)


def test_the_account_of_the_day_agrees(closed: World) -> None:
    sampled(closed)
    assert not reckoned(closed).differences
