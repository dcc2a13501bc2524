"""Sends and sweeps by the product's own schedule, so that days of failure pass as they would."""

from dataclasses import replace
from datetime import timedelta

from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.reading import DueIndex
from functions.adapters.ledger.store import Item
from functions.domain.delivery import Answer, Schedule
from functions.flows.clocks.untold import fire_watch
from functions.flows.sending.desk import EndpointBusyError, SendDesk
from functions.flows.sending.send import send
from schemas.codes import AttemptResult, Channel, ErrorWord
from tests.world import World

STEPS = (0, 10, 60, 300, 1800, 3600, 7200, 14_400, 28_800, 43_200, 43_200, 43_200, 43_200, 28_800)
REFUSED_STEPS = (0, 300, 1500)
REF = "NS-26-7KQ4ZP"
POLICE = DeliveryKey(REF, 1, 1, "north-police", Channel.WEBHOOK)
PROBATION = DeliveryKey(REF, 1, 1, "north-probation", Channel.EMAIL)
TOOK_IT = Answer(AttemptResult.SUCCESS)
SILENT = Answer(AttemptResult.UNKNOWN, error=ErrorWord.E_TIMEOUT)
DOWN = Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503)
ALWAYS = 1000
"""More answers than any story here asks for."""


def desk_of(world: World, channel: Channel) -> SendDesk:
    return replace(world.send_desk(channel), schedule=Schedule(STEPS, REFUSED_STEPS))


def send_to(world: World, key: DeliveryKey) -> None:
    send(key, desk_of(world, key.channel))


def sweep(world: World) -> None:
    """One minute's sweep: every due delivery through its door, then every clock that has run out."""
    for key in [key for key in DueIndex(world.store).until(world.now) if isinstance(key, DeliveryKey)]:
        try:
            send_to(world, key)
        except EndpointBusyError:
            continue
    fire_clocks(world)


def fire_clocks(world: World) -> int:
    """The people's clocks alone; how many had something to say."""
    return sum(fire_watch(key, world.watch_desk) for key in list(DueIndex(world.store).watched(world.now)))


def sweep_for(world: World, much: timedelta, every: timedelta) -> None:
    """Time passes with a sweep now, and one after each step."""
    ends_at = world.now + much
    sweep(world)
    while world.now < ends_at:
        world.now += every
        sweep(world)


def fails(world: World, channel: Channel = Channel.WEBHOOK, answer: Answer = DOWN) -> None:
    """From now on nothing gets through there."""
    world.doors[channel].answers = [answer] * ALWAYS


def recovers(world: World, channel: Channel = Channel.WEBHOOK) -> None:
    world.doors[channel].answers = []


def item_of(world: World, key: DeliveryKey) -> Item:
    item = world.store.get("state", key.pk, key.sk)
    assert item is not None
    return item


def rows_of(world: World, kind: str, ref: str = REF) -> list[Item]:
    return [row for row in world.rows(ref) if row["type"] == kind]
