"""Events that come from a source by its own numbers, and what is asked of people about it."""

from datetime import datetime

from functions.adapters.ledger import keys
from functions.adapters.ledger.beside import Beside
from functions.adapters.ledger.days import Days
from functions.adapters.ledger.reading import WorkIndex
from functions.adapters.ledger.store import Item
from functions.domain.by_hand import OF_A_SOURCE
from functions.flows.acting.done import Done, WhichTask, done
from functions.flows.reconciling.sources import SourceDesk, hear_sources
from schemas.codes import ActReason, TaskKind, TaskRole
from tests.forms import a_heartbeat_event
from tests.world import World, an_event_id

CASES = "mash.case-system"
FEED = "police.ra-feed"


def at(world: World, text: str) -> World:
    world.now = datetime.fromisoformat(text)
    return world


def comes(world: World, *numbers: int | None, source: str = FEED) -> None:
    """An event by each of these numbers, all at this moment: a heartbeat, which is about nobody."""
    for number in numbers:
        event_id = an_event_id(source, number, world.serial())
        world.take(a_heartbeat_event(source=source, source_seq=number, event_id=event_id))


def hear(world: World) -> None:
    """What happens each quarter of an hour."""
    store = world.store
    tools = (Days(store, world.chain), Beside(store, world.chain), WorkIndex(store), world.patience)
    hear_sources(SourceDesk(*tools, world.clocks, lambda: world.now))


def asked(world: World) -> list[Item]:
    """The open tasks about sources, as the managers' list has them."""
    found = (task for role in TaskRole for task in WorkIndex(world.store).of(role))
    return [task for task in found if task["kind"] in OF_A_SOURCE]


def asks(world: World) -> list[tuple[str, str, str | None]]:
    """Each by its source, its kind and its numbers."""
    return sorted((keys.owner_of(task), task["kind"], task.get("about")) for task in asked(world))


def rows(world: World, source: str = FEED) -> list[Item]:
    return world.store.partition(world.store.audit, keys.source(source), "E#")


def end(
    world: World, kind: TaskKind, reason: ActReason, source: str = FEED, about: str | None = None
) -> Done:
    which = WhichTask(kind, source=source, about=about)
    return done(which, world.order(reason), world.act_desk)
