"""One decision from event to closed deliveries, and every row it leaves."""

import pytest

from functions.adapters.ledger.chain import Tip
from functions.domain.record import GENESIS, commitment
from functions.domain.wording.police_form import SENTENCES
from schemas.codes import Channel, RaStatus
from tests.forms import a_complete_form_event, a_heartbeat_event
from tests.world import World, a_decision


def test_a_decision_is_told_to_both_agencies_and_the_trail_says_so_in_order(world: World) -> None:
    world.take(a_complete_form_event())
    world.take(a_decision())
    assert world.send_due() == 2

    assert world.kinds() == ["RA_FORM", "DECISION", "RA_CHECK"] + ["ATTEMPT_STARTED", "ATTEMPT_CLOSED"] * 2
    decision, check = world.rows()[1:3]
    assert decision["recipients"] == ["north-police#webhook#3", "north-probation#email#3"]
    assert (check["ra"], check["failed"]) == ("COMPLETE", [])
    assert world.delivery("north-police", Channel.WEBHOOK)["st"] == "SENT"
    assert world.delivery("north-probation", Channel.EMAIL)["st"] == "SENT"
    for _, body in world.police.sent + world.mailbox.sent:
        assert b"The police risk-assessment form is filled in" in b" ".join(body.split())


def test_rows_are_gapless_and_each_links_to_the_one_before(world: World) -> None:
    world.take(a_decision())
    world.send_due()

    rows = world.rows()
    assert [row["sk"] for row in rows] == [f"E#{number:06d}" for number in range(1, len(rows) + 1)]
    previous = GENESIS
    for row in rows:
        assert row["prev"] == previous
        previous = commitment(row)
    assert Tip.of(world.store.get("state", "R#NS-26-7KQ4ZP", "HEAD")) == Tip(len(rows), previous)
    assert len({row["uid"] for row in rows}) == len({row["salt"] for row in rows}) == len(rows)


@pytest.mark.parametrize(("with_heartbeat", "status"), [(True, RaStatus.ABSENT), (False, RaStatus.UNKNOWN)])
def test_a_missing_form_never_keeps_an_outcome_back(
    world: World, *, with_heartbeat: bool, status: RaStatus
) -> None:
    if with_heartbeat:
        world.take(a_heartbeat_event())
    world.take(a_decision())
    assert world.send_due() == 2
    assert [row["ra"] for row in world.rows() if row["type"] == "ATTEMPT_STARTED"] == [status] * 2
    first_words = SENTENCES[status].split(".")[0].encode()
    assert all(first_words in b" ".join(body.split()) for _, body in world.police.sent + world.mailbox.sent)
