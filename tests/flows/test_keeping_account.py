"""Which days are accounted for when, what is written down of it, and who is told."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.days import Days, Progress
from functions.adapters.ledger.store import Item, Store
from functions.domain.reconciliation.account import Scope
from functions.domain.reconciliation.tally import NOTHING
from functions.flows.reconciling.keep_account import keep_account
from functions.flows.reconciling.reckon import reckon
from functions.log_lines import hashed
from tests.flows.accounts import HELD, TOLD, Damaged, always, decided, desk, items, reckoned, tables
from tests.readers import opened
from tests.world import LosesAReply, World, a_decision, an_event_id

DAY = date(2026, 11, 24)


def keep(world: World, has_time: Callable[[], bool] = always) -> int:
    return keep_account(desk(world), has_time)


def statements(world: World, day: date = DAY) -> list[Item]:
    return world.store.partition("audit", keys.day(day))


def said(caplog: pytest.LogCaptureFixture, line: str) -> list[dict[str, Any]]:
    return [vars(record) for record in caplog.records if record.message == line]


def accounts(caplog: pytest.LogCaptureFixture) -> list[tuple[str, int]]:
    return [(line["day"], line["decisions"]) for line in said(caplog, "RECONCILED")]


def times(number: int) -> Callable[[], bool]:
    """There is time for so many questions, and then for no more."""
    left = iter([True] * number)
    return lambda: next(left, False)


@pytest.fixture
def taken(world: World) -> World:
    """Three referrals of the day, one of them held, an hour ago."""
    for ref in (TOLD, "NS-26-AN0THR"):
        world.take(decided(ref))
    world.take(decided(HELD, primary_outcome="EMP"))
    world.later(hours=1)
    return world


def broken(world: World) -> Damaged:
    """A message that was due is gone."""
    damaged = Damaged(world)
    damaged.take_away("state", items(world, TOLD, "N#")[0])
    return damaged


# --- each hour


def test_today_and_yesterday_are_accounted_for_and_an_hour_later_again(
    taken: World, caplog: pytest.LogCaptureFixture
) -> None:
    assert keep(taken) == 0
    assert accounts(caplog) == [("2026-11-23", 0), ("2026-11-24", 3)]
    taken.later(minutes=15)
    keep(taken)
    assert len(accounts(caplog)) == 2
    taken.later(minutes=45)
    keep(taken)
    assert accounts(caplog)[2:] == [("2026-11-23", 0), ("2026-11-24", 3)]


def test_the_line_says_how_each_event_ended(taken: World, caplog: pytest.LogCaptureFixture) -> None:
    keep(taken)
    line = said(caplog, "RECONCILED")[-1]
    assert {name: line[name] for name in ("decisions", "told", "held", "open", "differences")} == {
        "decisions": 3, "told": 0, "held": 1, "open": 2, "differences": 0,
    }  # fmt: skip


def test_what_was_written_this_moment_waits_for_the_next_account(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """The index of one table may have it already, and the other's not."""
    world.take(decided(TOLD))
    world.later(seconds=59)
    keep(world)
    assert accounts(caplog)[-1] == ("2026-11-24", 0)
    world.later(hours=1)
    keep(world)
    assert accounts(caplog)[-1] == ("2026-11-24", 1)


def test_a_day_in_which_nothing_is_wrong_writes_no_row_until_it_has_ended(taken: World) -> None:
    keep(taken)
    assert statements(taken) == []


def test_a_difference_is_a_row_that_names_it_and_a_line_that_hashes_its_referral(
    taken: World, caplog: pytest.LogCaptureFixture
) -> None:
    broken(taken)
    assert keep(taken) == 1
    (statement,) = statements(taken)
    what = "01#0001#north-police#webhook"
    assert statement["findings"] == [f"DELIVERY_MISSING|{keys.referral(TOLD)}|{what}"]
    assert (statement["type"], statement["decisions"], statement["differences"]) == ("RECONCILED", 3, 1)
    (line,) = said(caplog, "RECONCILIATION_FAILED")
    assert (line["levelname"], line["code"], line["where"]) == ("ERROR", "DELIVERY_MISSING", what)
    assert line["referral"] == hashed(TOLD)
    assert TOLD not in str(line)


def test_a_difference_without_a_referral_says_its_source(
    taken: World, caplog: pytest.LogCaptureFixture
) -> None:
    taken.take({**a_decision(), "primary_outcome": "NONSENSE"})
    (refused,) = taken.refused()
    Damaged(taken).change("audit", refused, reason="MISSING")
    taken.later(minutes=2)
    keep(taken)
    (line,) = said(caplog, "RECONCILIATION_FAILED")
    assert (line["code"], line["source"]) == ("LINK_BROKEN", "X#2026-11-24#mash.case-system")


def test_each_account_that_finds_a_difference_writes_one_row_of_a_whole_chain(taken: World) -> None:
    broken(taken)
    for _ in range(3):
        keep(taken)
        taken.later(hours=1)
    rows = statements(taken)
    assert [one["sk"] for one in rows] == ["E#000001", "E#000002", "E#000003"]
    evidence = tables(taken).partitions.read(keys.day(DAY))
    assert evidence.tip is not None
    assert evidence.tip[0] == 3


def test_what_is_put_right_is_no_difference_any_more(taken: World) -> None:
    damage = broken(taken)
    assert keep(taken) == 1
    damage.put_right()
    taken.later(hours=1)
    assert keep(taken) == 0
    assert len(statements(taken)) == 1


# --- a day that has ended


def at(world: World, text: str) -> World:
    world.now = datetime.fromisoformat(text)
    return world


def test_a_day_is_stated_once_two_hours_after_it_ended(taken: World) -> None:
    keep(at(taken, "2026-11-25T01:59:59Z"))
    assert statements(taken) == []
    keep(at(taken, "2026-11-25T02:00:00Z"))
    (statement,) = statements(taken)
    counts = {name: statement[name] for name in ("decisions", "accounted", "held", "open", "differences")}
    assert counts == {"decisions": 3, "accounted": 3, "held": 1, "open": 2, "differences": 0}
    assert (statement["day"], statement["actor"], statement["cause"]) == (
        "2026-11-24", "mash-outcomes", "2026-11-24",
    )  # fmt: skip
    assert statement["still_open"] == [
        f"2026-11-24T15:02:30.000Z|{keys.referral(ref)}|E#000001" for ref in (TOLD, "NS-26-AN0THR")
    ]
    assert "dpk" not in statement
    for _ in range(3):
        taken.later(hours=1)
        keep(taken)
    assert len(statements(taken)) == 1


def test_a_day_without_any_event_is_stated_too(taken: World) -> None:
    keep(at(taken, "2026-11-26T02:00:00Z"))
    (statement,) = statements(taken, date(2026, 11, 25))
    assert (statement["decisions"], statement["accounted"]) == (0, 0)


def test_the_night_is_the_uks(world: World) -> None:
    """In summer a day ends at 23:00 UTC."""
    at(world, "2026-06-10T22:30:00Z").take(decided(TOLD))
    keep(at(world, "2026-06-11T00:59:59Z"))
    assert statements(world, date(2026, 6, 10)) == []
    keep(at(world, "2026-06-11T01:00:00Z"))
    (statement,) = statements(world, date(2026, 6, 10))
    assert statement["decisions"] == 1


def test_days_that_nobody_stated_are_made_up_for_after_the_last_one_that_was(taken: World) -> None:
    keep(at(taken, "2026-11-25T02:00:00Z"))
    keep(at(taken, "2026-11-29T02:00:00Z"))
    later = [DAY + timedelta(days=number) for number in range(1, 5)]
    assert [len(statements(taken, day)) for day in (DAY, *later)] == [1] * 5
    assert len(statements(taken, DAY - timedelta(days=1))) == 0


def test_a_new_stage_states_no_more_than_yesterday(taken: World) -> None:
    keep(at(taken, "2026-11-26T02:00:00Z"))
    assert [len(statements(taken, day)) for day in (DAY, date(2026, 11, 25))] == [0, 1]


def test_a_statement_whose_reply_was_lost_stands_once(taken: World) -> None:
    taken.use(LosesAReply)
    keep(at(taken, "2026-11-25T02:00:00Z"))
    assert len(statements(taken)) == 1


def test_a_statement_that_another_row_came_before_is_written_after_it(taken: World) -> None:
    class WritesFirst(Days):
        def state(self, *arguments: Any) -> None:
            if not statements(taken):
                day, tip, fact, now = arguments
                other = type(fact)(fact.kind, "another", fact.actor, fact.cause, fact.details)
                super().state(day, tip, other, now)
            super().state(*arguments)

    tools = desk(taken)
    days = WritesFirst(taken.store, taken.chain)
    at(taken, "2026-11-25T02:00:00Z")
    keep_account(_with_days(tools, days), always)
    assert [one["sk"] for one in statements(taken)] == ["E#000001", "E#000002"]


def _with_days(tools: Any, days: Days) -> Any:
    reading = type(tools.tables)(days, tools.tables.partitions)
    return type(tools)(reading, tools.patience, tools.now, tools.new_id)


def test_a_statement_that_could_not_be_written_is_made_up_for(taken: World) -> None:
    class Refuses(Days):
        def state(self, *arguments: Any) -> None:
            raise RuntimeError("no")

    at(taken, "2026-11-25T02:00:00Z")
    with pytest.raises(RuntimeError):
        keep_account(_with_days(desk(taken), Refuses(taken.store, taken.chain)), always)
    taken.later(minutes=15)
    keep(taken)
    assert len(statements(taken)) == 1


# --- a day that takes longer than there is time for


def test_a_day_that_time_is_too_short_for_is_gone_on_with_where_it_stopped(
    taken: World, caplog: pytest.LogCaptureFixture
) -> None:
    keep(taken, times(3))  # yesterday, today, and one of today's partitions
    assert accounts(caplog) == [("2026-11-23", 0)]
    assert [line["decisions"] for line in said(caplog, "RECONCILIATION_PUT_OFF")] == [1]
    taken.later(minutes=15)
    keep(taken, times(2))
    assert [line["decisions"] for line in said(caplog, "RECONCILIATION_PUT_OFF")] == [1, 2]
    taken.later(minutes=15)
    keep(taken)
    assert accounts(caplog) == [("2026-11-23", 0), ("2026-11-24", 3)]
    line = said(caplog, "RECONCILED")[-1]
    assert (line["held"], line["open"], line["differences"]) == (1, 2, 0)


def test_a_day_in_parts_finds_what_a_day_at_once_finds(taken: World) -> None:
    broken(taken)
    whole = reckoned(taken)
    scope, so_far, after = Scope(DAY, taken.now, taken.now), NOTHING, ""
    for _ in range(10):
        part = reckon(scope, tables(taken), times(1), so_far=so_far, after=after)
        so_far = part.tally
        if part.after is None:
            break
        after = part.after
    assert so_far == whole
    assert whole.differences == 1


def test_what_comes_in_meanwhile_is_counted_by_no_part_of_it(
    taken: World, caplog: pytest.LogCaptureFixture
) -> None:
    keep(taken, times(3))
    taken.take(decided(TOLD, decision_seq=2, event_id=an_event_id("meanwhile")))
    taken.take(decided("NS-26-000000"))
    taken.later(minutes=15)
    keep(taken)
    assert accounts(caplog)[-1] == ("2026-11-24", 3)
    assert said(caplog, "RECONCILIATION_FAILED") == []


def test_two_runs_do_not_go_on_with_one_day(taken: World) -> None:
    keep(taken, times(3))
    days = tables(taken).days
    seen = days.progress([DAY])[DAY]
    assert seen.begun is not None
    assert days.note(DAY, seen, Progress(seen.part + 1, taken.now))
    assert not days.note(DAY, seen, Progress(seen.part + 1, taken.now))
    assert not days.note(DAY, Progress(), Progress(1))


def test_without_time_nothing_is_begun(taken: World, caplog: pytest.LogCaptureFixture) -> None:
    assert keep(taken, times(0)) == 0
    assert accounts(caplog) == []


def test_what_is_left_of_a_day_is_done_before_the_next_hour_of_todays(
    taken: World, caplog: pytest.LogCaptureFixture
) -> None:
    keep(taken, times(3))
    at(taken, "2026-11-25T00:10:00Z")
    keep(taken)
    assert accounts(caplog)[1:] == [("2026-11-24", 3), ("2026-11-25", 0)]


# --- looking twice


def test_a_finding_that_a_second_look_does_not_have_is_none(taken: World) -> None:
    """A query may show one part of a transaction, and not yet another."""
    damage = broken(taken)

    class PutRightMeanwhile(Days):
        looks = 0

        def arrivals(self, *arguments: Any) -> Any:
            self.looks += 1
            if self.looks == 2:
                damage.put_right()
            return super().arrivals(*arguments)

    reading = type(tables(taken))(PutRightMeanwhile(taken.store, taken.chain), tables(taken).partitions)
    tally = reckon(Scope(DAY, taken.now, taken.now), reading, always).tally
    assert (tally.decisions, tally.findings) == (3, ())


def test_a_marker_that_a_second_look_has_is_not_missing(taken: World) -> None:
    late = Damaged(taken)
    marker = next(one for one in taken.all_items("state") if one["pk"].startswith("EVT#"))
    late.take_away("state", marker)

    class ThereAtLast(Days):
        looks = 0

        def marked(self, *arguments: Any) -> Any:
            self.looks += 1
            if self.looks == 2:
                late.put_right()
            return super().marked(*arguments)

    reading = type(tables(taken))(ThereAtLast(taken.store, taken.chain), tables(taken).partitions)
    assert reckon(Scope(DAY, taken.now, taken.now), reading, always).tally.findings == ()


def test_rows_that_are_appended_while_a_partition_is_read_are_no_gap(taken: World) -> None:
    """The rows are read before the head, and once more where the head is further on."""

    class Appends(Store):
        meanwhile: Iterator[int] = iter([1])

        def partition(self, table: str, pk: str, prefix: str = "") -> list[Item]:
            found = super().partition(table, pk, prefix)
            if table == "audit" and pk == keys.referral(TOLD) and next(self.meanwhile, None):
                taken.take(decided(TOLD))
            return found

    reading = type(tables(taken).partitions)(Appends(taken.store.client, audit="audit", state="state"))
    evidence = reading.read(keys.referral(TOLD))
    assert evidence.tip is not None
    assert evidence.rows[-1].seq == evidence.tip[0] == len(taken.rows(TOLD))


def test_a_day_is_a_day_of_the_uk_in_every_part(world: World) -> None:
    world.now = datetime(2026, 6, 10, 23, 30, tzinfo=UTC)
    world.take(decided(TOLD))
    assert reckoned(world, date(2026, 6, 11)).decisions == 1
    assert reckoned(world, date(2026, 6, 10)).decisions == 0


class Noting(Store):
    """Notes which partitions are read whole."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.read: list[str] = []

    def partition(self, table: str, pk: str, prefix: str = "") -> list[Item]:
        self.read.append(pk)
        return super().partition(table, pk, prefix)


def test_what_strangers_try_at_the_confirmation_api_is_never_read(world: World) -> None:
    """Not even where an event of an unknown sender was refused: they make their own partition long."""
    world.take(a_decision(source="not.registered", child_index=0))
    for _ in range(3):
        opened(world, "0" * 32)
    by_strangers = {row["pk"] for row in world.refused() if row.get("input") == "CONFIRMATION"}
    noting = Noting(world.store.client, audit="audit", state="state", keys="keys")
    world.store = noting
    assert reckoned(world).findings == ()
    assert noting.read == ["X#2026-11-24#unknown"]
    assert by_strangers == {"X#2026-11-24#/confirmations"}
