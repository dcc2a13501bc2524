"""The night's recount: kept beside the live counts; what differs is said by figure and day, and put right."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.counters import Counted, Counters
from functions.adapters.ledger.days import Days
from functions.adapters.ledger.store import Part, Store, to_item
from functions.domain.measures.by_agency import REACHED_AGENCY_ON
from functions.domain.measures.counts import Cell, Counts
from functions.flows.measuring.live import count_rows
from functions.flows.measuring.recount import RecountDesk, closed_days, recount
from tests.flows.test_live_counts import REF, TUESDAY, a_desk, count_all
from tests.world import World, a_decision, a_receipt, a_revision, an_event_id

NIGHT = datetime.fromisoformat("2026-11-25T02:30:00+00:00")
DECIDED, NFA = Cell(TUESDAY, "decided"), Cell(TUESDAY, "K11.no_further_action")


@pytest.fixture
def counted(world: World) -> World:
    """The worked example received and decided, and counted; it is the night after it."""
    world.take(a_receipt())
    world.take(a_decision(primary_outcome="NFA", strategy_discussion_at=None))
    count_all(world)
    world.now = NIGHT
    return world


def recounted(world: World, store: Store | None = None) -> int:
    return recount(RecountDesk(a_desk(world, store), Days(world.store, world.chain)))


def said(caplog: pytest.LogCaptureFixture, name: str) -> list[dict[str, Any]]:
    return [vars(record) for record in caplog.records if record.message == name]


def counts(world: World) -> Counters:
    return Counters(world.store)


def test_a_night_without_a_difference_keeps_what_it_found_and_when(
    counted: World, caplog: pytest.LogCaptureFixture
) -> None:
    assert recounted(counted) == 0
    final = counts(counted).recounted(closed_days(NIGHT))
    assert final.counts.cells == counts(counted).live([TUESDAY]).cells
    assert set(final.at) == set(closed_days(NIGHT))
    assert set(final.at.values()) == {NIGHT}
    (line,) = said(caplog, "RECOUNTED")
    assert (line["day"], line["count"], line["differences"]) == (TUESDAY, 1, 0)
    assert said(caplog, "COUNTS_DIFFER") == []


def test_the_days_are_those_of_this_month_and_the_last_that_are_over() -> None:
    days = closed_days(NIGHT)
    assert (days[0], days[-1], len(days)) == ("2026-10-01", TUESDAY, 55)
    assert closed_days(datetime.fromisoformat("2027-01-01T02:30:00+00:00"))[0] == "2026-12-01"


def test_today_is_not_closed_and_differs_from_nothing(counted: World) -> None:
    counted.take(
        a_decision(
            referral_ref="NS-26-0THER0",
            event_id=an_event_id("x"),
            received_at="2026-11-25T01:00:00Z",
            decided_at="2026-11-25T02:00:00Z",
            occurred_at="2026-11-25T02:00:00Z",
        )
    )
    assert recounted(counted) == 0


def test_a_row_that_the_stream_lost_is_named_by_figure_and_day_and_put_right(
    counted: World, caplog: pytest.LogCaptureFixture
) -> None:
    counted.take(a_revision())
    assert recounted(counted) > 0
    named = {(line["day"], line["figure"]) for line in said(caplog, "COUNTS_DIFFER")}
    assert (TUESDAY, "K11") in named
    assert {day for day, _ in named} == {TUESDAY}
    assert REF not in caplog.text
    assert counts(counted).live([TUESDAY])[NFA] == 0
    assert counts(counted).counted(REF).seq == len(counted.rows())
    assert recounted(counted) == 0


def test_a_trail_that_is_older_than_the_counts_is_counted_by_the_first_night(world: World) -> None:
    world.take(a_receipt())
    world.take(a_decision())
    world.now = NIGHT
    assert recounted(world) > 0
    assert counts(world).live([TUESDAY])[DECIDED] == 1
    assert recounted(world) == 0


def test_an_edited_count_is_found_each_night_and_the_recount_beside_it_is_right(counted: World) -> None:
    edited = {"pk": keys.day_counters(TUESDAY), "sk": keys.LIVE}
    item = counted.store.get("state", *edited.values())
    counted.store.client.put_item(TableName="state", Item=to_item({**(item or {}), "decided||": 9}))
    for _ in range(2):
        assert recounted(counted) == 1
    assert counts(counted).live([TUESDAY])[DECIDED] == 9
    assert counts(counted).recounted([TUESDAY]).counts[DECIDED] == 1


def test_what_is_counted_while_the_night_reads_is_no_difference(
    counted: World, caplog: pytest.LogCaptureFixture
) -> None:
    """A row comes between the two reads of the first look; the second has it in both."""

    class Meanwhile(Counters):
        has_come = False

        def live(self, days: Any) -> Any:
            if not Meanwhile.has_come:
                Meanwhile.has_come = True
                counted.take(a_revision())
                count_all(counted)
            return super().live(days)

    desk = a_desk(counted)
    parts = {name: getattr(desk, name) for name in desk.__slots__}
    desk = type(desk)(**{**parts, "counters": Meanwhile(counted.store)})
    assert recount(RecountDesk(desk, Days(counted.store, counted.chain))) == 0
    assert said(caplog, "COUNTS_DIFFER") == []


def test_a_row_that_comes_while_a_referral_is_put_right_is_counted_once(counted: World) -> None:
    counted.take(a_revision())

    class Overtaken(Store):
        """The stream has counted it by the time that the night puts it right."""

        def write(self, parts: Sequence[Part]) -> None:
            if any(part.name == "checkpoint" for part in parts):
                count_rows({REF: len(counted.rows())}, a_desk(counted))
            super().write(parts)

    assert recounted(counted, Overtaken(counted.store.client, audit="audit", state="state")) > 0
    assert recounted(counted) == 0


def test_a_message_that_arrives_long_after_its_referral_came_is_no_difference(
    counted: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody reads so far back each night: the count by agency stays what the stream made it."""
    late = Counts({Cell("2027-01-20", REACHED_AGENCY_ON, "north-police"): 1})
    counts(counted).move("NS-26-L0NGAG", Counted(), Counted(seq=1, counts=late))
    counted.now = datetime.fromisoformat("2027-01-21T02:30:00+00:00")
    assert recounted(counted) == 0
    assert said(caplog, "COUNTS_DIFFER") == []
