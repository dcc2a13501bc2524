"""The functions that keep the live counts: one woken by the trail's stream, one each night."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.adapters.ledger import keys
from functions.adapters.ledger.counters import Counters
from functions.adapters.ledger.store import to_item
from functions.domain.measures.counts import Cell
from functions.domain.measures.reasons import LEAST_JUDGED
from functions.handlers import count_outcomes, recount_days
from tests.world import MORNING, World, a_decision, a_receipt, an_event_id

TODAY = "2026-11-24"
DECIDED = Cell(TODAY, "decided")
THE_NEXT_NIGHT = MORNING + timedelta(hours=11, minutes=30)


def stream_of(world: World, event_name: str = "INSERT") -> dict[str, Any]:
    """Every row of the trail as a stream record."""
    return {
        "Records": [
            {
                "eventName": event_name,
                "dynamodb": {"Keys": to_item({"pk": row["pk"], "sk": row["sk"]}), "SequenceNumber": "1"},
            }
            for row in world.all_items("audit")
        ]
    }


@pytest.fixture
def decided(world: World) -> World:
    world.take(a_receipt())
    world.take(a_decision())
    return world


def counted(world: World) -> int:
    return Counters(world.store).live([TODAY])[DECIDED]


def test_the_stream_of_the_trail_moves_the_counts_once(decided: World, context: LambdaContext) -> None:
    count_outcomes.handler(stream_of(decided), context)
    assert counted(decided) == 1
    count_outcomes.handler(stream_of(decided), context)
    assert counted(decided) == 1


def test_rows_of_no_referral_and_what_is_no_new_row_count_for_nothing(
    decided: World, context: LambdaContext
) -> None:
    assert count_outcomes.newest_rows(stream_of(decided, "MODIFY")) == {}
    newest = count_outcomes.newest_rows(stream_of(decided))
    assert newest == {"NS-26-7KQ4ZP": len(decided.rows())}
    assert any(not row["pk"].startswith("R#") for row in decided.all_items("audit"))
    count_outcomes.handler({"Records": []}, context)
    assert counted(decided) == 0


def test_the_night_asks_why_so_many_reasons_are_left_to_the_team(
    world: World, context: LambdaContext
) -> None:
    for number in range(LEAST_JUDGED):
        ref = f"NS-26-{number:02d}QR5T"
        usual: dict[str, Any] = {"primary_outcome": "NFA", "involved_agencies": [], "source_seq": None}
        codes = ["OTHER_SEE_TEAM"] if number < 3 else ["HISTORIC"]
        about = {"referral_ref": ref, "event_id": an_event_id(ref)}
        world.take(a_decision(**usual, **about, strategy_discussion_at=None, reason_codes=codes))
    with time_machine.travel(THE_NEXT_NIGHT):
        recount_days.desk.cache_clear()
        recount_days.handler({}, context)
        recount_days.handler({}, context)
    (task,) = world.store.partition("state", keys.ALL_DECISIONS, keys.TASK_PREFIX)
    assert (task["kind"], task["st"], task["about"]) == ("CHECK_REASONS", "OPEN", "3..20")
    assert len(world.store.partition("audit", keys.ALL_DECISIONS)) == 1


def test_the_night_keeps_what_it_found_and_answers_how_much_differs(
    decided: World, context: LambdaContext
) -> None:
    with time_machine.travel(THE_NEXT_NIGHT):
        recount_days.desk.cache_clear()
        assert recount_days.handler({}, context)["differences"] > 0
        assert counted(decided) == 1, "put right"
        assert recount_days.handler({}, context) == {"differences": 0}
    final = decided.store.get("state", keys.day_counters(TODAY), keys.FINAL)
    assert final is not None
    assert final["cells"]["decided||"] == 1
