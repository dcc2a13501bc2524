"""What a heartbeat has looked at again is bounded: who is unknown, so many at once; nobody else is read."""

from collections.abc import Iterable, Iterator

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.keys import ClockKey
from functions.adapters.ledger.store import Change, Item, Store
from functions.domain.life_clocks.clock import Which
from functions.flows.intake.recheck import MOST_AT_ONCE
from schemas.codes import ClockKind
from tests.flows.chases import a_beat, chasing
from tests.stage_tables import in_memory
from tests.world import World, a_receipt, a_world

CHASES = 300
OF_THE_SAME_FORCE = "NS-26-{:06d}"


class CountedStore(Store):
    """Remembers whose whole partitions were read, and how many calls got items."""

    def __init__(self) -> None:
        super().__init__(in_memory().client, audit="audit", state="state", keys="keys")
        self.read_whole: list[str] = []
        self.gets = 0

    def partition(self, table: str, pk: str, prefix: str = "") -> list[Item]:
        self.read_whole.append(pk)
        return super().partition(table, pk, prefix)

    def get_many(self, wanted: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], Item]:
        self.gets += 1
        return super().get_many(wanted)


@pytest.fixture
def counted() -> Iterator[tuple[World, CountedStore]]:
    store = CountedStore()
    with a_world(lambda: store) as world:
        yield chasing(world), store


def with_its_manager(store: Store, number: int) -> None:
    """A chase that ran out long ago; nothing else of its referral is there."""
    key = ClockKey(OF_THE_SAME_FORCE.format(number), Which(ClockKind.POLICE_FORM, 1))
    since = "2026-10-01T09:00:00.000Z"
    said = {"kind": "POLICE_FORM", "child": 1, "since": since, "step": 4, "ended_by": "FIRED"}
    queued = {"work_pk": keys.CHASES_OF_MANAGERS, "work_sk": f"{since}#{key.text}"}
    clock = {"pk": key.pk, "sk": key.sk, **said, **queued}
    child = {"pk": key.pk, "sk": keys.child(1), "ra": "ABSENT"}
    store.write([store.put("clock", store.state, clock), store.put("child", store.state, child)])


def not_known(world: World, *refs: str) -> None:
    """Referrals that came while the feed was silent."""
    for ref in refs:
        world.take(a_receipt(ref=ref))
        change, address = Change({"ra": "UNKNOWN"}), (keys.referral(ref), keys.child(1))
        world.store.write([world.store.update("child", world.store.state, address, change=change)])


def test_a_heartbeat_reads_no_referral_but_those_of_which_nothing_was_known(
    counted: tuple[World, CountedStore],
) -> None:
    world, store = counted
    for number in range(CHASES - 2):
        with_its_manager(store, number)
    not_known(world, "NS-26-ONE001", "NS-26-TWO002")
    store.read_whole.clear()
    store.gets = 0
    world.later(minutes=1)
    a_beat(world)
    whole = {pk for pk in store.read_whole if pk != keys.FEED}
    assert whole == {"R#NS-26-ONE001", "R#NS-26-TWO002"}
    assert (len(store.read_whole), store.gets) == (2 + 2, 1 + CHASES // 100)
    assert world.all_children("NS-26-ONE001") == world.all_children("NS-26-TWO002") == {1: "ABSENT"}


def test_the_next_heartbeat_goes_on_where_so_many_are_unknown(counted: tuple[World, CountedStore]) -> None:
    world, _ = counted
    refs = [OF_THE_SAME_FORCE.format(number) for number in range(MOST_AT_ONCE + 1)]
    not_known(world, *refs)
    left = []
    for _ in range(2):
        world.later(minutes=1)
        a_beat(world)
        left.append([ref for ref in refs if world.all_children(ref) == {1: "UNKNOWN"}])
    assert list(map(len, left)) == [1, 0]
