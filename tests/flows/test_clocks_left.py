"""A decision whose transaction has no room for its clocks: the next sets them, whoever dies in between."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.adapters.errors import ContendedError
from functions.adapters.ledger.clocks import CLOCKS_LEFT, MOST_AT_ONCE
from functions.adapters.ledger.store import Part, Store
from schemas.codes import AgencyType, Channel
from tests.flows.accounts import reckoned
from tests.flows.lives import a_withdrawal, an_acknowledgement
from tests.flows.silences import JUST_RECEIVED, clocks, fire_due
from tests.flows.sweeps import REF
from tests.flows.test_divergence import BETWEEN, COPY, NOT_FOLLOWED, on_both_channels, the_fullest
from tests.world import (
    Wire,
    World,
    a_decision,
    a_duplicate,
    a_receipt,
    a_registry,
    an_agency,
    an_event_id,
    wrapped,
)

ITS_CLOCKS = {"ASSESSMENT#01", "PLAN#01"}


class DiesBetween(Store):
    """Whoever writes dies once the decision stands, and before the clocks that it left do."""

    def write(self, parts: Sequence[Part]) -> None:
        if any(part.name == "clocks left" for part in parts):
            raise ContendedError("died in between")
        super().write(parts)


class DiesBeforeTheLast(Store):
    """Whoever writes dies when all but the last of the clocks that a decision left do stand."""

    def write(self, parts: Sequence[Part]) -> None:
        if any(part.name == "clocks left" and "Update" in part.action for part in parts):
            raise ContendedError("died before the last")
        super().write(parts)


@pytest.fixture
def fullest(world: World) -> Wire:
    """A decision of as many recipients and holds as there can be, of what was a duplicate's duplicate."""
    agencies = on_both_channels(20)
    world.apply(a_registry(*agencies, an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL)))
    world.take(a_decision())
    world.take(a_duplicate(ref=BETWEEN))
    world.take(a_duplicate(of=BETWEEN, ref=COPY, **NOT_FOLLOWED))
    return the_fullest(3, agencies, referral_ref=COPY, supersedes=2, plan_status="CP_PLAN")


def left(world: World) -> Any:
    return world.intake_desk.intake.referral(COPY).children[1].get(CLOCKS_LEFT)


def standing(world: World) -> set[str]:
    """The clocks that run."""
    return {name for name, until in clocks(world, COPY).items() if until.startswith("20")}


def test_the_fullest_decision_has_its_clocks_too(world: World, fullest: Wire) -> None:
    world.take(fullest)
    assert world.refused() == []
    assert standing(world) >= ITS_CLOCKS
    assert left(world) is None
    newest = [row for row in world.rows(COPY) if row["type"] == "DECISION"][-1]
    assert {said.split()[0] for said in newest["clocks"]} >= ITS_CLOCKS
    assert reckoned(world).findings == ()


@pytest.mark.parametrize("arrival", ["the same", "another"])
def test_whoever_dies_in_between_the_event_comes_again_and_sets_them(
    world: World, fullest: Wire, arrival: str
) -> None:
    whole = world.store
    world.use(DiesBetween)
    with pytest.raises(ContendedError):
        world.take_raw(wrapped(fullest, "bus-once"), "once")
    assert (left(world), standing(world) & ITS_CLOCKS) == (3, set())
    world.store = whole
    world.take_raw(wrapped(fullest, "bus-once" if arrival == "the same" else "bus-twice"), "again")
    assert left(world) is None
    assert standing(world) >= ITS_CLOCKS


def test_a_newer_decision_sets_its_own_and_leaves_none_of_the_older(world: World, fullest: Wire) -> None:
    whole = world.store
    world.use(DiesBetween)
    with pytest.raises(ContendedError):
        world.take_raw(wrapped(fullest, "bus-once"), "once")
    world.store = whole
    newer = {**fullest, "decision_seq": 4, "supersedes": 3, "hold_codes": [], "involved_agencies": []}
    world.take({**newer, "event_id": "0f5f3c1e-7a44-4f59-9d4e-3b7f0d2a9c11", "plan_status": "NONE"})
    assert left(world) is None
    world.take_raw(wrapped(fullest, "bus-once"), "again")
    assert "PLAN#01" not in standing(world)


def test_of_a_decision_that_was_withdrawn_in_between_none_is_set_and_the_child_waits_on(
    world: World, fullest: Wire
) -> None:
    whole = world.store
    world.take(a_receipt(referral_ref=COPY, received_at=fullest["received_at"]))
    before = standing(world)
    world.use(DiesBetween)
    with pytest.raises(ContendedError):
        world.take_raw(wrapped(fullest, "bus-once"), "once")
    world.store = whole
    world.take(a_withdrawal(3, referral_ref=COPY))
    world.take_raw(wrapped(fullest, "bus-once"), "again")
    assert not standing(world) & ITS_CLOCKS
    assert "DECIDE#01" in standing(world) & before


# --- more clocks than one transaction takes


@pytest.fixture
def asked(world: World) -> list[str]:
    """Sixty agencies, each late with what it knows."""
    names = [f"agency-{number:02d}" for number in range(60)]
    world.apply(a_registry(*(an_agency(name, AgencyType.OTHER_HEALTH, Channel.EMAIL) for name in names)))
    world.now = JUST_RECEIVED
    world.take(a_receipt())
    for number in range(4):
        at = {"acknowledged_at": f"2026-11-24T10:00:0{number}Z", "event_id": an_event_id(f"asked-{number}")}
        world.take(an_acknowledgement(*names[15 * number : 15 * (number + 1)], **at))
    world.now = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
    fire_due(world)
    return names


def requests(world: World) -> set[tuple[str, str]]:
    """How the clocks of those who were asked stand, each with its task's state."""
    tasks = {name.rpartition("#")[2]: task["st"] for name, task in world.tasks().items() if "CHASE" in name}
    return {
        (until, tasks[name.rpartition("#")[2]])
        for name, until in clocks(world).items()
        if name.startswith("CONTRIBUTE")
    }


def test_more_requests_than_one_transaction_takes_are_all_ended(world: World, asked: list[str]) -> None:
    assert len(asked) > MOST_AT_ONCE
    world.take(a_decision())
    assert requests(world) == {("ANSWERED", "DONE")}
    assert CLOCKS_LEFT not in world.intake_desk.intake.referral(REF).children[1]


def test_whoever_dies_before_the_last_of_them_the_event_comes_again_and_ends_them(
    world: World, asked: list[str]
) -> None:
    whole, decision = world.store, wrapped(a_decision(), "bus-once")
    world.use(DiesBeforeTheLast)
    with pytest.raises(ContendedError):
        world.take_raw(decision, "once")
    assert requests(world) == {("ANSWERED", "DONE"), ("FIRED", "OPEN")}
    world.store = whole
    world.take_raw(decision, "again")
    assert requests(world) == {("ANSWERED", "DONE")}
