"""Each arrival finds its own row, by the identities that the real intake writes here."""

import json
from collections.abc import Iterator

import pytest

from functions.adapters.ledger.everything import Everything
from functions.cli.arrivals import Arrivals, own_rows
from functions.cli.bus import Entry, Sent
from tests.forms import a_complete_form_event, a_heartbeat_event
from tests.world import Wire, World, a_decision, a_world, an_event_id


@pytest.fixture
def world(_no_real_account: None) -> Iterator[World]:
    with a_world() as one:
        yield one


def arrived(world: World, event: Wire, bus_id: str) -> Sent:
    """`event` through the bus, under this arrival's id."""
    world.take(event, bus_id=bus_id)
    return Sent(Entry(f"{bus_id}.json", json.dumps(event), event), bus_id)


def kinds(world: World, *sent: Sent) -> list[str | None]:
    return [row.item["type"] if row else None for row in own_rows(sent, Everything(world.store).rows())]


def test_every_sort_of_event_finds_its_row(world: World) -> None:
    another = "5b3f9c44-1f0e-4a57-8d1c-0c8e7a1b2c3d"
    sent = [
        arrived(world, a_heartbeat_event(event_id="9f1b6a52-7a7e-4f0c-9f0e-3d2c1b0a9f8e"), "bus-heartbeat"),
        arrived(world, a_complete_form_event(), "bus-form"),
        arrived(world, a_decision(decision_seq=2), "bus-decision"),
        arrived(world, a_decision(event_id=another, decision_seq=1), "bus-stale"),
        arrived(world, a_decision(primary_outcome="WRONG"), "bus-refused"),
        arrived(world, {"event_type": "DECIDED"}, "bus-without-id"),
    ]
    assert kinds(world, *sent) == [
        "LIFECYCLE", "RA_FORM", "DECISION", "DECISION_STALE", "REJECTED", "REJECTED",
    ]  # fmt: skip


def test_text_that_is_no_event_finds_its_refusal_by_the_queues_id(world: World) -> None:
    world.take_raw("no JSON", "queue-00000001")
    sent = Sent(Entry("text", "no JSON", None), "queue-00000001", past_the_bus=True)
    assert kinds(world, sent) == ["REJECTED"]


@pytest.mark.parametrize(
    "event", [a_decision(), a_complete_form_event(), a_heartbeat_event()], ids=lambda it: it["event_type"]
)
def test_the_same_event_again_is_told_that_it_is_a_duplicate(world: World, event: Wire) -> None:
    first, *again = [arrived(world, event, f"bus-sender-{number}") for number in range(3)]
    assert kinds(world, *again) == ["EVENT_DUPLICATE"] * 2
    assert kinds(world, *again, first)[-1] != "EVENT_DUPLICATE"
    rows = own_rows([first, *again], Everything(world.store).rows())
    assert len({(row.partition, row.seq) for row in rows if row}) == 3


def test_an_id_in_capitals_is_the_same_id(world: World) -> None:
    sent = arrived(world, a_decision(event_id="0D0F2C9E-8A53-4A0E-9F0E-6A1F2F0B7C11"), "bus-capitals")
    assert kinds(world, sent) == ["DECISION"]


def test_an_event_that_another_sent_is_not_ours(world: World) -> None:
    arrived(world, a_decision(), "bus-of-another")
    ours = Sent(Entry("ours", json.dumps(a_decision()), a_decision()), "bus-of-ours")
    assert kinds(world, ours) == [None]


# --- read by their markers alone


def read_back(world: World, *sent: Sent) -> list[str | None]:
    arrivals = Arrivals(world.store, sent)
    return [row.item["type"] if row else None for row in own_rows(sent, arrivals.rows())]


def test_the_markers_lead_to_the_same_rows_as_the_whole_trail(world: World) -> None:
    sent = [
        arrived(world, a_heartbeat_event(event_id="9f1b6a52-7a7e-4f0c-9f0e-3d2c1b0a9f8e"), "bus-heartbeat"),
        arrived(world, a_complete_form_event(), "bus-form"),
        arrived(world, a_decision(decision_seq=2), "bus-decision"),
        arrived(world, a_decision(decision_seq=2), "bus-again"),
        arrived(world, a_decision(primary_outcome="WRONG"), "bus-refused"),
        Sent(Entry("lost", json.dumps(a_decision()), a_decision()), "bus-lost"),
    ]
    assert read_back(world, *sent) == kinds(world, *sent)
    assert read_back(world, *sent)[-3:] == ["EVENT_DUPLICATE", "REJECTED", None]


def test_of_a_trail_only_the_partitions_are_read_that_the_arrivals_are_in(world: World) -> None:
    arrived(world, a_decision(referral_ref="NS-26-0THER0", event_id=an_event_id("other")), "bus-other")
    ours = arrived(world, a_decision(), "bus-ours")
    assert {row.partition for row in Arrivals(world.store, [ours]).rows()} == {"R#NS-26-7KQ4ZP"}


def test_more_arrivals_than_one_call_reads_are_read_in_several(world: World) -> None:
    sent = [
        arrived(world, a_decision(referral_ref=f"NS-26-{n:06d}", event_id=an_event_id(n)), f"bus-{n:08d}")
        for n in range(51)
    ]
    assert read_back(world, *sent) == ["DECISION"] * 51


def test_nothing_is_read_for_an_event_that_another_sent(world: World) -> None:
    arrived(world, a_decision(), "bus-of-another")
    ours = Sent(Entry("ours", json.dumps(a_decision()), a_decision()), "bus-of-ours")
    assert Arrivals(world.store, [ours]).rows() == []
