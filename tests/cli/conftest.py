"""What the tests of the acts share: a world, its stack, and messages that stand in many ways."""

from collections.abc import Callable, Iterator
from functools import cache

import pytest
import time_machine

from functions.adapters import aws
from functions.adapters.ledger.store import Store
from functions.adapters.patience import Patience
from functions.cli import office, on_record, releasing
from functions.cli.outputs import Outputs
from schemas.clocks import ClockPolicy
from schemas.risk_assessment import RaPolicy
from tests.cli.typed import BUSY, FOR_GOOD, Mash
from tests.stage_tables import in_memory
from tests.world import MORNING, World, a_decision, a_world, an_event_id


@pytest.fixture
def make_store() -> Callable[[], Store]:
    """Tables in memory, which tests/simulation holds to moto's. What is tested of boto3's client itself asks
    for moto's."""
    return in_memory


@pytest.fixture
def world(_no_real_account: None, make_store: Callable[[], Store]) -> Iterator[World]:
    """A world whose clients the command line shares: all but that of tables in memory are moto's."""
    clear_clients()
    with (
        a_world(make_store) as one,
        time_machine.travel(MORNING, tick=False),
        pytest.MonkeyPatch.context() as patch,
    ):
        if make_store is in_memory:
            patch.setattr(aws, "dynamodb", cache(lambda: one.store.client))
        yield one
    clear_clients()


@pytest.fixture(autouse=True)
def _no_time_is_waited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who cannot write tries again for as long as ever, by a clock that only their pauses move."""
    waited = 0.0

    def pause(seconds: float) -> None:
        nonlocal waited
        waited += seconds

    patience = Patience(monotonic=lambda: waited, pause=pause, jitter=lambda: 0.0)
    for module in (office, on_record, releasing):
        monkeypatch.setattr(module, "PATIENCE", patience)


def clear_clients() -> None:
    for client in (aws.dynamodb, aws.kms, aws.sts):
        client.cache_clear()


@pytest.fixture
def stack(world: World) -> Outputs:
    """What the command line knows of these tables."""
    known = {name: f"the {name}" for name in Outputs.model_fields} | {
        "audit_table_name": "audit",
        "state_table_name": "state",
        "keys_table_name": "keys",
        "data_key_arn": world.kms_key,
        "managed_domains": "secure.example",
        "ra_policy": RaPolicy().model_dump_json(),
        "clocks": ClockPolicy().model_dump_json(),
    }
    return Outputs.model_validate(known)


@pytest.fixture
def mash(stack: Outputs, monkeypatch: pytest.MonkeyPatch) -> Mash:
    return Mash(stack, monkeypatch)


@pytest.fixture
def told(world: World) -> World:
    """The worked example, with everybody told."""
    world.take(a_decision())
    world.send_due()
    return world


@pytest.fixture
def outage(world: World) -> World:
    """One message to the police that failed, and two that wait for their next try."""
    for number, answer in enumerate((FOR_GOOD, BUSY, BUSY)):
        ref = f"NS-26-{number:06d}"
        world.take(a_decision(referral_ref=ref, event_id=an_event_id(ref), involved_agencies=[]))
        world.police.answers = [answer]
        world.send_due()
    return world
