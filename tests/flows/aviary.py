"""A world in which some agencies agree to canaries: what is sent of them, and what the trail then says."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from functions.adapters.canary import CanaryDoor
from functions.adapters.ledger import keys
from functions.adapters.ledger.canaries import Canaries
from functions.adapters.ledger.keys import CanaryKey
from functions.adapters.ledger.reading import DueIndex
from functions.adapters.ledger.store import Item
from functions.adapters.webhook import Judge, Outside
from functions.domain.delivery import Answer
from functions.flows.sending.canary import CanaryDesk, send_canary
from schemas.agency import Agency, Endpoint, Registry
from schemas.codes import AgencyType, AttemptResult, Channel, ErrorWord
from tests.adapters.shelves import SECRET, FakeSecrets, shelf_of
from tests.world import World, an_agency

if TYPE_CHECKING:
    from collections.abc import Callable

TOOK_IT = Answer(AttemptResult.SUCCESS, http_status=204)
REFUSED = Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503)
UNREACHED = Answer(AttemptResult.FAILED, error=ErrorWord.E_DNS)
FORCES = ("north-police", "west-police", "south-police", "east-police")
NORTH = CanaryKey("north-police")


class CrashError(Exception):
    """The function was stopped here."""


class ScriptedOutside(Outside):
    """Keeps what would leave, and gives the answers that a test has scripted; success when they run out."""

    def __init__(self, world: World) -> None:
        super().__init__(())
        self.posted: list[tuple[str, bytes, dict[str, str]]] = []
        self.answers: list[Answer] = []
        self.trail_then: list[list[str]] = []
        self.while_posting: Callable[[], object] = lambda: None
        self._world = world

    def exchange(self, method: str, url: str, body: bytes, headers: dict[str, str], judge: Judge) -> Answer:
        """One post, of which nothing leaves."""
        self.posted.append((url, body, headers))
        self.trail_then.append(results(self._world))
        self.while_posting()
        return self.answers.pop(0) if self.answers else TOOK_IT


@dataclass
class Aviary:
    """A world in which some agencies agree to canaries, and what is sent of them."""

    world: World
    secrets: FakeSecrets = field(default_factory=lambda: FakeSecrets(SECRET))

    def __post_init__(self) -> None:
        self.outside = ScriptedOutside(self.world)

    @property
    def desk(self) -> CanaryDesk:
        world = self.world
        return CanaryDesk(
            canaries=Canaries(world.store, world.chain),
            door=CanaryDoor(self.outside, shelf_of(self.secrets), "https://outcomes.northshire.example"),
            health=world.health,
            deliveries=world.send_desk(Channel.WEBHOOK),
        )

    def due(self) -> list[CanaryKey]:
        found = DueIndex(self.world.store).until(self.world.now)
        return [key for key in found if isinstance(key, CanaryKey)]

    def sweep(self) -> int:
        """Whatever is due goes to its sender; how many were posted."""
        before = len(self.outside.posted)
        for key in self.due():
            send_canary(key, self.desk)
        return len(self.outside.posted) - before

    def agree(self, *names: str) -> None:
        """The registry says that these agencies agree, and no others."""
        self.apply(*(a_force(name, agrees=name in names) for name in FORCES))

    def apply(self, *forces: Agency) -> None:
        """The registry says this of them, and leaves the others of the four as they were without canaries."""
        told = {force.id for force in forces}
        others = (a_force(name) for name in FORCES if name not in told)
        registry = Registry(approved_by="head-of-mash", agency=(*forces, *others))
        self.world.directory.apply(registry, applier="duty-engineer", now=self.world.now)

    def item(self, name: str = "north-police") -> Item:
        """What the state keeps of one agency's canaries."""
        return self.world.store.get("state", keys.agency(name), keys.CANARY) or {}

    def breaker(self) -> str | None:
        return (self.world.store.get("state", NORTH.pk, keys.ENDPOINT) or {}).get("breaker")


def a_registry() -> Registry:
    """The four forces; none agrees."""
    return Registry(approved_by="head-of-mash", agency=tuple(map(a_force, FORCES)))


def a_force(name: str, *, url: str | None = None, agrees: bool = False) -> Agency:
    """A police force with a webhook, which agrees to canaries or does not."""
    endpoint = Endpoint(url=url or f"https://{name}.example/outcomes", canary=agrees)
    return an_agency(name, AgencyType.POLICE, Channel.WEBHOOK, webhook=endpoint)


def crash(aviary: Aviary) -> None:
    """The sender is stopped while one is on its way."""

    def stop() -> None:
        raise CrashError

    aviary.outside.while_posting = stop
    with pytest.raises(CrashError):
        aviary.sweep()
    aviary.outside.while_posting = lambda: None


def rows(world: World, name: str = "north-police") -> list[Item]:
    """One agency's own trail."""
    return world.store.partition(world.store.audit, keys.agency(name), "E#")


def results(world: World, name: str = "north-police") -> list[str]:
    """What the trail says of its canaries, in order."""
    said = [str(row.get("result")) for row in rows(world, name)]
    return [result for result in said if result.startswith("CANARY_")]
