"""The transaction of a confirmation: all of it or nothing, and only of what is still as it was read."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from functions.adapters.errors import ContendedError
from functions.adapters.ledger import keys
from functions.adapters.ledger.confirming import Confirming, Link, Readable
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Change, ConditionsFailedError, Item
from functions.domain.read_link import hashed
from functions.flows.acknowledging.desk import Asked
from functions.flows.acknowledging.facts import read_fact
from schemas.codes import AckMethod, AckResult, Channel, ReaderRole
from tests.readers import token_for
from tests.stage_tables import on_moto
from tests.world import World, a_decision, a_world

PROBATION = DeliveryKey("NS-26-7KQ4ZP", 1, 1, "north-probation", Channel.EMAIL)
ASKED = Asked(ReaderRole.MANAGER, AckMethod.PAGE, "request-1")


@pytest.fixture
def told(_no_real_account: None) -> Iterator[World]:
    with a_world(on_moto) as world:
        world.take(a_decision())
        world.send_due()
        yield world


def confirming(world: World) -> Confirming:
    return Confirming(world.store, world.chain)


def read(world: World) -> Readable:
    found = confirming(world).load(PROBATION)
    assert found
    return found


def link(world: World) -> Link:
    found = confirming(world).link(hashed(token_for(world, "north-probation", Channel.EMAIL)))
    assert found
    return found


def confirm(world: World, seen: Readable, by: Link | None) -> None:
    fact = read_fact(seen, AckResult.CONFIRMED, ASKED)
    confirming(world).confirm(seen, fact, ASKED.role, by_link=by, now=world.now)


def change(world: World, key: tuple[str, str], **attributes: str) -> None:
    world.store.write([world.store.update("x", "state", key, change=Change(attributes))])


def everything(world: World) -> tuple[list[Item], list[Item]]:
    return world.all_items("state"), world.all_items("audit")


@pytest.mark.parametrize(
    "attributes", [{"acked_at": "2026-11-24T15:02:30.000Z"}, {"st": "SUPERSEDED"}, {"st": "CANCELLED"}]
)
def test_a_message_that_changed_since_it_was_read_is_not_confirmed(
    told: World, attributes: dict[str, str]
) -> None:
    seen, by = read(told), link(told)
    change(told, (PROBATION.pk, PROBATION.sk), **attributes)
    before = everything(told)
    with pytest.raises(ConditionsFailedError) as refused:
        confirm(told, seen, by)
    assert set(refused.value.found) == {"delivery"}
    assert everything(told) == before


def test_a_link_that_is_gone_confirms_nothing(told: World) -> None:
    seen, by = read(told), replace(link(told), token_sha256="0" * 64)
    before = everything(told)
    with pytest.raises(ConditionsFailedError) as refused:
        confirm(told, seen, by)
    assert set(refused.value.found) == {"token"}
    assert everything(told) == before


def test_a_row_written_meanwhile_is_a_conflict_and_writes_nothing(told: World) -> None:
    seen, by = read(told), link(told)
    told.take(a_decision(event_id="5b3f9c44-1f0e-4a57-8d1c-0c8e7a1b2c3d", child_index=2))
    before = everything(told)
    with pytest.raises(ContendedError):
        confirm(told, seen, by)
    assert everything(told) == before


def test_a_message_is_found_by_its_id_and_no_other_is(told: World) -> None:
    item = told.delivery("north-probation", Channel.EMAIL)
    assert confirming(told).message(item["message_id"]) == PROBATION
    assert confirming(told).message("msg_" + "5bad" * 8) is None


def test_what_is_no_delivery_and_no_link_is_none(told: World) -> None:
    assert confirming(told).load(replace(PROBATION, agency_id="nobody")) is None
    assert confirming(told).link("0" * 64) is None


def test_an_agency_that_was_never_in_the_registry_is_shown_by_its_id(told: World) -> None:
    told.store.client.delete_item(
        TableName="state", Key={"pk": {"S": keys.agency("north-probation")}, "sk": {"S": keys.HEAD}}
    )
    assert read(told).agency_name == "north-probation"
