"""What may expire by itself: read links, and nothing that anybody still waits for."""

from functions.adapters.ledger import keys
from functions.domain.delivery import Answer
from schemas.codes import AttemptResult, ErrorWord
from tests.world import World, a_decision, a_revision

FAILS = Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503)


def test_only_a_read_link_ever_expires_whatever_becomes_of_its_message(world: World) -> None:
    world.police.answers = [FAILS] * 2
    world.take(a_decision())
    world.take(
        a_decision(event_id="5b3f9c44-1f0e-4a57-8d1c-0c8e7a1b2c3d", child_index=2, primary_outcome="EMP")
    )
    for hours in (0, 1, 30):
        world.later(hours=hours)
        world.send_due()
    world.take(a_revision())
    world.send_due()
    expiring = [item for item in world.all_items("state") if "expires_at" in item]
    assert expiring
    assert {item["sk"] for item in expiring} == {keys.READ_LINK}
    assert not [
        item for table in ("audit", "keys") for item in world.all_items(table) if "expires_at" in item
    ]
