"""A duplicate that comes before its original is decided is open in the account until that, or a person,
answers what it waits for."""

import pytest

from functions.flows.acting.done import WhichTask, done
from schemas.codes import ActReason, Bucket, TaskKind
from tests.flows.accounts import reckoned
from tests.flows.lives import a_withholding
from tests.flows.test_duplicates import COPY, NURSE, involving, open_tasks, own_decision, the_agencies
from tests.world import World, a_decision, a_duplicate, a_receipt, a_registry

READS_IN_THE_SYSTEM = {"school": {"in_case_system": True}}


@pytest.fixture
def hub(world: World) -> World:
    """The school that refers the duplicate reads the hub's own system."""
    world.apply(a_registry(*the_agencies(**READS_IN_THE_SYSTEM)))
    return world


def waits(world: World) -> bool:
    """Whether the account says that the duplicate is not told yet."""
    return [one.partition for one in reckoned(world).still_open] == [f"R#{COPY}"]


def ended(world: World) -> dict[Bucket, int]:
    """How the events of this day ended."""
    return {bucket: count for bucket, count in reckoned(world).ended.items() if count}


def test_one_that_is_read_in_the_hubs_own_system_is_told_once_its_original_is_decided(hub: World) -> None:
    hub.take(a_duplicate())
    assert waits(hub)
    hub.take(a_decision())
    hub.send_due()
    assert ended(hub) == {Bucket.TOLD: 2}


def test_one_whose_reader_only_a_person_can_tell_is_that_persons_to_ring(world: World) -> None:
    world.apply(a_registry(*the_agencies(school={"channels": ()})))
    world.take(a_duplicate())
    assert waits(world)
    world.take(a_decision())
    world.send_due()
    assert any(name.startswith("CALL_AGENCY") for name in open_tasks(world))
    assert ended(world) == {Bucket.TOLD: 1, Bucket.NOBODY_TO_TELL: 1}
    assert not reckoned(world).is_done


def test_one_reader_in_the_system_leaves_another_to_be_sent_its_message(hub: World) -> None:
    hub.take(a_duplicate(involved_agencies=involving(NURSE)))
    assert waits(hub)
    hub.take(a_decision())
    assert ended(hub) == {Bucket.OPEN: 2}
    hub.send_due()
    assert ended(hub) == {Bucket.TOLD: 2}


def sorted_out(world: World) -> None:
    """A manager has looked what it is a duplicate of."""
    which = WhichTask(TaskKind.CHECK_DUPLICATE, "NS-26-7KQ4ZP", about=f"{COPY}#01")
    done(which, world.order(ActReason.SORTED_OUT), world.act_desk)


def test_one_that_a_person_has_looked_at_is_not_open_though_its_original_never_comes(hub: World) -> None:
    hub.take(a_duplicate())
    sorted_out(hub)
    assert ended(hub) == {Bucket.NOBODY_TO_TELL: 1}


def test_one_that_a_person_has_looked_at_is_open_until_its_original_is_decided(hub: World) -> None:
    hub.take(a_receipt())
    hub.take(a_duplicate())
    sorted_out(hub)
    assert waits(hub)
    hub.take(a_decision())
    hub.send_due()
    assert ended(hub) == {Bucket.TOLD: 2}


def test_one_whose_original_is_withheld_from_all_is_open_until_a_person_has_looked_at_it(hub: World) -> None:
    hub.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
    hub.take(a_withholding())
    hub.take(a_duplicate())
    assert waits(hub)
    sorted_out(hub)
    assert ended(hub) == {Bucket.NOBODY_TO_TELL: 2}


def test_one_that_is_decided_for_itself_waits_for_no_other(hub: World) -> None:
    hub.take(a_duplicate())
    hub.take(own_decision())
    assert ended(hub) == {Bucket.TOLD: 1, Bucket.NOBODY_TO_TELL: 1}
