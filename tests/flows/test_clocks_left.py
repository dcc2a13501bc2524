"""A decision whose transaction has no room for its clocks: the next sets them, whoever dies in between."""

from collections.abc import Sequence
from typing import Any

import pytest

from functions.adapters.errors import ContendedError
from functions.adapters.ledger.clocks import CLOCKS_LEFT
from functions.adapters.ledger.store import Part, Store
from schemas.codes import AgencyType, Channel
from tests.flows.accounts import reckoned
from tests.flows.silences import clocks
from tests.flows.test_divergence import BETWEEN, COPY, NOT_FOLLOWED, on_both_channels, the_fullest
from tests.world import Wire, World, a_decision, a_duplicate, a_registry, an_agency, wrapped

ITS_CLOCKS = {"ASSESSMENT#01", "PLAN#01"}


class DiesBetween(Store):
    """Whoever writes dies once the decision stands, and before the clocks that it left do."""

    def write(self, parts: Sequence[Part]) -> None:
        if any(part.name == "clocks left" for part in parts):
            raise ContendedError("died in between")
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
