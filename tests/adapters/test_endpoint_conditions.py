"""Each clause of a claim's slot, breaker, probe and join alone: with one false, nothing is written."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.sending import TOKEN_KEPT, TOKEN_LIVES
from functions.adapters.ledger.store import Change, ConditionsFailedError, Item
from functions.domain.endpoint import SLOTS, Slot, Turn
from functions.domain.series import Replacement
from schemas.codes import AgencyType, Breaker, Channel
from tests.adapters.attempts import (
    AFTER,
    BEFORE,
    LEASE_END,
    NOW,
    PLACES,
    POLICE,
    PROBATION,
    THE_SLOT,
    a_slot,
    change,
    claim,
    everything,
    forget,
    read,
    stands,
)
from tests.stage_tables import on_moto
from tests.world import MORNING, World, a_decision, a_duplicate, a_registry, a_world, an_agency

LEASE = at_text(LEASE_END)
A_TOKEN = "f" * 64


# --- an endpoint that answers

NOT_TAKEN: dict[str, tuple[str, dict[str, Any]]] = {
    "another has the slot": ("slot", {"busy": AFTER}),
    "another has the slot to this very moment": ("slot", {"busy": NOW}),
    "another had the slot meanwhile": ("slot", {"answers": ["2026-11-24T15:02:30.000Z-"]}),
    "the breaker opened": ("endpoint", {"breaker": "OPEN"}),
    "it was paused": ("endpoint", {"paused": "GONE"}),
}


@pytest.mark.parametrize(("part", "says"), NOT_TAKEN.values(), ids=NOT_TAKEN)
def test_a_claim_of_a_slot_with_one_clause_false_names_it_and_writes_nothing(
    decided: World, part: str, says: dict[str, Any]
) -> None:
    waiting = read(decided)
    change(decided, part, **says)
    before = everything(decided)
    with pytest.raises(ConditionsFailedError) as caught:
        claim(decided, waiting)
    assert list(caught.value.found) == [part]
    assert says.items() <= caught.value.found[part].items()
    assert everything(decided) == before


def test_a_claim_of_a_slot_that_remembers_more_than_was_read_writes_nothing(decided: World) -> None:
    change(decided, "slot", answers=["2026-11-24T15:00:00.000Z-"])
    waiting = read(decided)
    change(decided, "slot", answers=["2026-11-24T15:00:00.000Z-", "2026-11-24T15:02:30.000Z-"])
    before = everything(decided)
    with pytest.raises(ConditionsFailedError) as caught:
        claim(decided, waiting)
    assert list(caught.value.found) == ["slot"]
    assert everything(decided) == before


def test_an_endpoint_whose_state_was_lost_meanwhile_is_not_taken_for_one_that_answers(decided: World) -> None:
    waiting = read(decided)
    forget(decided, "endpoint")
    before = everything(decided)
    with pytest.raises(ConditionsFailedError) as caught:
        claim(decided, waiting)
    assert list(caught.value.found) == ["endpoint"]
    assert everything(decided) == before


@pytest.mark.parametrize(
    "busy", [{}, {"busy": BEFORE, "answers": ["2026-11-24T15:00:00.000Z-"]}], ids=["free", "lease ran out"]
)
def test_a_claim_takes_a_free_slot_for_its_lease_and_lets_it_remember(
    decided: World, busy: dict[str, Any]
) -> None:
    if busy:
        change(decided, "slot", **busy)
    claim(decided, read(decided))
    assert stands(decided, "slot") == {**busy, "busy": LEASE}
    assert stands(decided, "endpoint") == {"breaker": "CLOSED"}
    others = [decided.store.get("state", PLACES["slot"][0], keys.slot(number)) for number in range(SLOTS)]
    assert [other is not None for other in others] == [number == THE_SLOT for number in range(SLOTS)]


def test_the_slots_are_read_with_the_delivery_as_they_stand(decided: World) -> None:
    waiting = read(decided)
    assert waiting.endpoint is not None
    assert waiting.endpoint.breaker is Breaker.CLOSED
    assert waiting.endpoint.slots == tuple(map(Slot, range(SLOTS)))
    claim(decided, waiting)
    assert a_slot(decided) == Slot(THE_SLOT, LEASE_END)


def test_an_email_takes_no_slot_and_asks_for_no_breaker(decided: World) -> None:
    waiting = read(decided, PROBATION)
    assert waiting.endpoint is None
    claim(decided, waiting)
    assert decided.delivery("north-probation", Channel.EMAIL)["st"] == "SENDING"
    assert not [item for item in decided.all_items("state") if "busy" in item]


# --- one that may not answer: the probe

UNKNOWN: dict[str, str] = {}
OPEN = {"breaker": "OPEN", "open_until": NOW}
BEFORE_THE_PROBE = {"unknown": UNKNOWN, "open and cooled": OPEN}
NOT_PROBED: dict[str, tuple[str, dict[str, Any]]] = {
    "it was paused": ("endpoint", {"paused": "BY_HAND"}),
    "it has not cooled": ("endpoint", {"open_until": AFTER}),
    "another probes it": ("endpoint", {"probe_until": AFTER}),
    "another probes it to this very moment": ("endpoint", {"probe_until": NOW}),
    "it answered another": ("endpoint", {"breaker": "CLOSED"}),
    "another has the slot": ("slot", {"busy": AFTER}),
}


def known(world: World, before: dict[str, str]) -> None:
    """What the tables say of the endpoint, and no more."""
    forget(world, "endpoint")
    if before:
        change(world, "endpoint", **before)


@pytest.mark.parametrize("before", BEFORE_THE_PROBE.values(), ids=BEFORE_THE_PROBE)
@pytest.mark.parametrize(("part", "says"), NOT_PROBED.values(), ids=NOT_PROBED)
def test_a_probe_with_one_clause_false_names_it_and_writes_nothing(
    decided: World, before: dict[str, str], part: str, says: dict[str, Any]
) -> None:
    known(decided, before)
    waiting = read(decided)
    assert waiting.endpoint is not None
    assert waiting.endpoint.turn(decided.now) is Turn.PROBE
    change(decided, part, **says)
    unchanged = everything(decided)
    with pytest.raises(ConditionsFailedError) as caught:
        claim(decided, waiting)
    assert list(caught.value.found) == [part]
    assert everything(decided) == unchanged


@pytest.mark.parametrize("before", BEFORE_THE_PROBE.values(), ids=BEFORE_THE_PROBE)
@pytest.mark.parametrize("abandoned", [{}, {"probe_until": BEFORE}], ids=["first", "after one abandoned"])
def test_a_probe_is_taken_with_its_slot_and_says_nothing_yet_of_the_breaker(
    decided: World, before: dict[str, str], abandoned: dict[str, str]
) -> None:
    known(decided, {**before, **abandoned})
    claim(decided, read(decided))
    assert stands(decided, "endpoint") == {**before, "probe_until": LEASE}
    assert stands(decided, "slot") == {"busy": LEASE}


# --- a duplicate's reader

SCHOOL = "hill-school"


@pytest.fixture
def joined() -> Iterator[tuple[World, DeliveryKey]]:
    """A school's referral that is a duplicate: its message stands in the original's partition."""
    with a_world(on_moto) as world:
        world.apply(a_registry(an_agency(SCHOOL, AgencyType.SCHOOL, Channel.WEBHOOK)))
        world.take(a_decision())
        world.take(a_duplicate())
        (item,) = [item for item in world.all_items("state") if item.get("duplicate")]
        yield world, DeliveryKey.of(item)


def leave(world: World, key: DeliveryKey) -> None:
    """The school's referral is decided for itself after all."""
    at = (key.pk, read(world, key).join["sk"])
    world.store.write([world.store.update("x", "state", at, change=Change({"left": True}))])


def test_a_message_whose_reader_has_left_meanwhile_is_not_claimed(joined: tuple[World, DeliveryKey]) -> None:
    world, key = joined
    waiting = read(world, key)
    leave(world, key)
    before = everything(world)
    with pytest.raises(ConditionsFailedError) as caught:
        claim(world, waiting)
    assert list(caught.value.found) == ["join"]
    assert everything(world) == before


def test_one_whose_reader_is_still_there_is(joined: tuple[World, DeliveryKey]) -> None:
    world, key = joined
    waiting = read(world, key)
    assert (waiting.join["ref"], waiting.replaced_by) == (a_duplicate()["referral_ref"], None)
    claim(world, waiting)
    assert read(world, key).delivery["st"] == "SENDING"
    leave(world, key)
    assert read(world, key).replaced_by == Replacement(None, 1)


def test_no_other_message_asks_whether_anybody_left(decided: World) -> None:
    waiting = read(decided)
    assert (waiting.join, waiting.replaced_by) == ({}, None)


# --- the read link


def tokens(world: World) -> list[Item]:
    return [item for item in world.all_items("state") if item["sk"] == keys.READ_LINK]


def test_a_first_attempt_makes_its_read_link_by_the_hash_alone(decided: World) -> None:
    claim(decided, read(decided), token_sha256=A_TOKEN)
    ends_at = MORNING + timedelta(days=14)
    assert tokens(decided) == [
        {
            "pk": f"TOKEN#{A_TOKEN}",
            "sk": "TOKEN",
            "delivery_pk": POLICE.pk,
            "delivery_sk": POLICE.sk,
            "agency": "north-police",
            "ends_at": at_text(ends_at),
            "expires_at": int((ends_at + timedelta(days=30)).timestamp()),
        }
    ]
    assert (TOKEN_LIVES.days, TOKEN_KEPT.days) == (14, 30)


def test_a_later_attempt_makes_none_and_prolongs_none(decided: World) -> None:
    change(decided, "delivery", st="RETRY", attempt=1)
    claim(decided, read(decided), token_sha256=A_TOKEN)
    assert tokens(decided) == []


def test_a_message_without_a_link_makes_none(decided: World) -> None:
    claim(decided, read(decided))
    assert tokens(decided) == []


def test_a_claim_that_is_refused_makes_none(decided: World) -> None:
    waiting = read(decided)
    change(decided, "slot", busy=AFTER)
    with pytest.raises(ConditionsFailedError):
        claim(decided, waiting, token_sha256=A_TOKEN)
    assert tokens(decided) == []
