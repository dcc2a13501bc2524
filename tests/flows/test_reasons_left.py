"""Over a tenth of the decisions of four weeks leave their reason to the duty team: the manager's task, once,
until somebody says what came of it or they are a tenth or fewer. No message knows of it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.beside import Beside
from functions.adapters.ledger.counters import Counters
from functions.adapters.ledger.reading import WorkIndex
from functions.adapters.ledger.store import Item
from functions.domain.measures.counts import Cell, Counts
from functions.domain.measures.reasons import REASON_EXPECTED, REASON_LEFT, Reasons, reasons
from functions.flows.acting.done import Done, WhichTask, done
from functions.flows.acting.order import NotPossibleError
from functions.flows.measuring.live import count_rows
from functions.flows.measuring.reasons import ReasonDesk, judged_days, look_at_reasons
from functions.flows.measuring.recount import closed_days
from functions.story.tasks import wanted
from schemas.codes import ActReason, TaskKind, TaskRole
from tests.flows.test_live_counts import a_desk
from tests.flows.test_recount import recounted
from tests.world import LosesAReply, Wire, World, a_decision, a_receipt, a_revision, an_event_id, is_whole

NIGHT = datetime.fromisoformat("2026-11-25T02:30:00+00:00")
YESTERDAY = "2026-11-24"
WORDS = "find out why so many decisions give no reason of their own, and see that they do"
KIND = TaskKind.CHECK_REASONS


@pytest.fixture(autouse=True)
def at_night(world: World) -> None:
    world.now = NIGHT


def night(world: World, left: int, expected: int, *, day: str | None = None) -> None:
    """What a night does after it has counted so many of so many, on yesterday unless another day is said."""
    counters = Counters(world.store)
    day = day or (world.now - timedelta(days=1)).date().isoformat()
    found = Counts({Cell(day, REASON_EXPECTED): expected, Cell(day, REASON_LEFT): left})
    counters.keep_recounted(closed_days(world.now), found, world.now)
    look(world)


def look(world: World) -> None:
    beside = Beside(world.store, world.chain)
    look_at_reasons(
        ReasonDesk(Counters(world.store), beside, world.patience, world.clocks, lambda: world.now)
    )


def nights(world: World, number: int) -> Iterator[None]:
    for _ in range(number):
        world.later(hours=24)
        yield


def stream(world: World) -> None:
    """The trail's stream brings every referral's rows."""
    refs = {row["pk"].removeprefix("R#") for row in world.all_items("audit") if row["pk"].startswith("R#")}
    count_rows({ref: len(world.rows(ref)) for ref in refs}, a_desk(world))


def asked(world: World) -> list[Item]:
    """The open tasks about reasons, as the managers' list has them."""
    return [task for role in TaskRole for task in WorkIndex(world.store).of(role) if task["kind"] == KIND]


def rows(world: World) -> list[Item]:
    return world.store.partition("audit", keys.ALL_DECISIONS, "E#")


def end(world: World, reason: ActReason = ActReason.SORTED_OUT) -> Done:
    return done(WhichTask(KIND), world.order(reason), world.act_desk)


def test_more_than_a_tenth_is_the_managers_task_for_a_working_day(world: World) -> None:
    night(world, 11, 100)
    (task,) = asked(world)
    assert (task["role"], task["st"], task["about"]) == ("MASH_MANAGER", "OPEN", "11..100")
    assert (task["opened_at"], task["due_at"]) == ("2026-11-25T02:30:00.000Z", "2026-11-26T09:00:00.000Z")
    (row,) = rows(world)
    assert (row["type"], row["task"], row["role"], row["about"]) == ("TASK", KIND, "MASH_MANAGER", "11..100")
    assert (row["since"], row["until"]) == ("2026-10-28", YESTERDAY)
    assert wanted(row) == (
        f"For a person to do: {WORDS}: 11 of 100 in four weeks. "
        "The MASH manager must act by 26 November 2026 at 9:00am."
    )


@pytest.mark.parametrize(("left", "expected"), [(10, 100), (2, 20), (3, 19), (19, 19), (0, 50), (0, 0)])
def test_a_tenth_exactly_and_too_few_to_judge_ask_nobody(world: World, left: int, expected: int) -> None:
    night(world, left, expected)
    assert (asked(world), rows(world)) == ([], [])


@pytest.mark.parametrize(("left", "expected"), [(3, 20), (101, 1000), (20, 20)])
def test_anything_above_it_of_enough_does(world: World, left: int, expected: int) -> None:
    night(world, left, expected)
    assert [task["about"] for task in asked(world)] == [f"{left}..{expected}"]


@pytest.mark.parametrize(
    ("day", "asks"),
    [("2026-10-27", False), ("2026-10-28", True), (YESTERDAY, True), ("2026-11-25", False)],
)
def test_four_weeks_that_are_over_are_judged_and_no_day_beside_them(
    world: World, day: str, *, asks: bool
) -> None:
    counters = Counters(world.store)
    found = Counts({Cell(day, REASON_EXPECTED): 20, Cell(day, REASON_LEFT): 20})
    counters.keep_recounted([*closed_days(NIGHT), "2026-11-25"], found, NIGHT)
    look(world)
    assert bool(asked(world)) is asks


def test_they_are_28_days_to_yesterday_whatever_the_month_and_its_holidays() -> None:
    for number in range(3 * 366):
        today = date(2026, 1, 1) + timedelta(days=number)
        days = judged_days(datetime.fromisoformat(f"{today}T02:30:00+00:00"))
        assert days == [(today - timedelta(days=back)).isoformat() for back in range(28, 0, -1)]


def test_once_is_enough_however_long_it_lasts(world: World) -> None:
    night(world, 11, 100)
    for _ in nights(world, 40):
        night(world, 12, 90)
    (task,) = asked(world)
    assert task["about"] == "11..100"
    assert len(rows(world)) == 1


def test_back_at_a_tenth_it_ends_by_itself_with_the_numbers_that_say_so(world: World) -> None:
    night(world, 11, 100)
    world.later(hours=24)
    night(world, 10, 100)
    assert asked(world) == []
    _, row = rows(world)
    assert (row["type"], row["ended_as"], row["found"]) == ("TASK", "ANSWERED", "10..100")
    assert row["ended"] == ["TASK#CHECK_REASONS#00#11..100"]
    assert wanted(row) == (
        f"Nobody need do it any more: {WORDS}: 11 of 100 in four weeks. "
        "No more than a tenth of them leave it out by now."
    )
    assert is_whole(rows(world))
    world.later(hours=24)
    night(world, 11, 100)
    assert len(asked(world)) == 1, "and is asked again when it is more"


def test_too_few_to_judge_end_nothing_that_they_do_not_answer(world: World) -> None:
    night(world, 11, 100)
    world.later(hours=24)
    night(world, 3, 19)
    assert len(asked(world)) == 1
    night(world, 1, 19)
    assert asked(world) == []


def test_a_person_ends_it_in_the_trail_and_is_asked_again_by_four_weeks_of_their_own(world: World) -> None:
    night(world, 11, 100)
    world.now = datetime.fromisoformat("2026-11-25T10:00:00Z")
    end(world)
    assert asked(world) == []
    _, row = rows(world)
    assert (row["done"], row["reason"], row["actor"]) == (True, "SORTED_OUT", "mash-manager")
    assert is_whole(rows(world))
    world.now = datetime.fromisoformat("2026-12-23T02:30:00Z")
    night(world, 50, 100)
    assert asked(world) == []
    world.later(hours=24)
    night(world, 50, 100)
    assert [task["about"] for task in asked(world)] == ["50..100"]


def test_a_reply_that_was_lost_asks_once_and_the_log_says_so_once(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    night(world, 2, 20)
    found = Counts({Cell(YESTERDAY, REASON_EXPECTED): 20, Cell(YESTERDAY, REASON_LEFT): 3})
    Counters(world.store).keep_recounted(closed_days(NIGHT), found, NIGHT)
    world.use(LosesAReply)
    look(world)
    look(world)
    assert (len(asked(world)), len(rows(world))) == (1, 1)
    opened = [vars(one) for one in caplog.records if one.message == "TASK_OPENED"]
    assert [(line["task"], line["role"]) for line in opened] == [(KIND, "MASH_MANAGER")]


def test_one_that_nobody_does_in_time_is_overdue_and_names_nobody(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    night(world, 11, 100)
    world.later(hours=31)
    world.send_due()
    (task,) = asked(world)
    assert task["st"] == "OVERDUE"
    (line,) = [vars(one) for one in caplog.records if one.message == "TASK_OVERDUE"]
    assert (line["task"], line["role"]) == (KIND, "MASH_MANAGER")
    assert not {"agency", "source", "referral"} & line.keys()
    world.later(hours=17)
    night(world, 10, 100)
    assert asked(world) == []


@pytest.mark.parametrize(
    ("which", "field"),
    [(WhichTask(KIND, "NS-26-7KQ4ZP"), "ref"), (WhichTask(KIND, source="mash.case-system"), "source")],
)
def test_it_is_named_by_its_kind_alone(world: World, which: WhichTask, field: str) -> None:
    night(world, 11, 100)
    with pytest.raises(NotPossibleError) as refused:
        done(which, world.order(ActReason.NOT_NEEDED), world.act_desk)
    assert refused.value.field == field
    assert len(asked(world)) == 1


def test_what_comes_twice_is_counted_once_and_the_night_counts_the_same(world: World) -> None:
    """A reason that is rung for, one that is missing, one that is given; then the first is given as well."""
    world.now = datetime.fromisoformat(f"{YESTERDAY}T15:10:00Z")
    for number, codes in enumerate((["OTHER_SEE_TEAM"], [], ["HISTORIC"])):
        ref = f"NS-26-RE4S{number}N"
        decided = {"referral_ref": ref, "event_id": an_event_id(ref), "source_seq": None}
        world.take(a_receipt(ref=ref, source_seq=None))
        nfa = {"primary_outcome": "NFA", "strategy_discussion_at": None, "reason_codes": codes}
        world.take(a_decision(**decided, **nfa))
    for _ in range(2):
        stream(world)
        assert reasons(Counters(world.store).live([YESTERDAY]), [YESTERDAY]) == Reasons(left=2, expected=3)
    ref = "NS-26-RE4S0N"
    given: Wire = {"primary_outcome": "NFA", "strategy_discussion_at": None, "reason_codes": ["OUT_OF_AREA"]}
    revised: Wire = {
        "event_id": an_event_id("revised"),
        "source_seq": None,
        "decided_at": f"{YESTERDAY}T15:05:00Z",
    }
    world.take(a_revision(referral_ref=ref, **revised, **given))
    stream(world)
    world.now = NIGHT
    assert recounted(world) == 0
    final = Counters(world.store).recounted([YESTERDAY]).counts
    assert reasons(final, [YESTERDAY]) == Reasons(left=1, expected=3)


def test_while_it_is_open_every_message_goes_as_ever(world: World) -> None:
    night(world, 20, 20)
    (before,) = asked(world)
    world.now = datetime.fromisoformat("2026-11-25T15:10:00Z")
    nfa = {"primary_outcome": "NFA", "strategy_discussion_at": None, "reason_codes": ["OTHER_SEE_TEAM"]}
    world.take(a_decision(**nfa))
    waiting = [item for item in world.all_items("state") if item["sk"].startswith(keys.DELIVERY_PREFIX)]
    assert waiting
    assert not [item for item in waiting if "held" in item]
    assert world.send_due() == len(waiting)
    assert asked(world) == [before]
