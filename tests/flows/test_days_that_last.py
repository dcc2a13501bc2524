"""How long a day is accounted for: until nothing of it is open, and then a statement says so."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from functions.domain.delivery import Answer
from functions.domain.reconciliation.tally import Tally
from functions.flows.acting.done import WhichTask, done
from functions.flows.reconciling.keep_account import MOST_DAYS_BACK
from schemas.codes import ActReason, AttemptResult, Channel, FindingCode, TaskKind
from tests.flows.accounts import FOR_GOOD, HELD, TOLD, decided, items, reckoned, told_by
from tests.flows.test_keeping_account import DAY, at, broken, keep, said, statements, times
from tests.mail_events import said as heard
from tests.readers import pressed, token_for
from tests.world import World, an_event_id

ITS_NIGHT = "2026-11-25T02:00:00Z"
TWO_NIGHTS_LATER = "2026-11-27T02:00:00Z"
ANOTHER = "NS-26-AN0THR"


@pytest.fixture(autouse=True)
def _every_door_says_what_proves_it(world: World) -> None:
    for door in world.doors.values():
        door.otherwise = Answer(AttemptResult.SUCCESS, provider_id="ses-1", response_sha256="0" * 64)


@pytest.fixture
def day(world: World) -> World:
    """One referral, of which nobody is told yet."""
    world.take(decided(TOLD))
    return world


def hourly(world: World, hours: int) -> int:
    """How many differences that many hours' runs find."""
    found = 0
    for _ in range(hours):
        found += keep(world)
        world.later(hours=1)
    return found


def everybody_hears(world: World) -> None:
    """The webhook is answered, the e-mail is sent and read."""
    world.send_due()
    pressed(world, token_for(world, "north-probation", Channel.EMAIL))


def counted(caplog: pytest.LogCaptureFixture, day: date = DAY) -> int:
    return sum(line["day"] == day.isoformat() for line in said(caplog, "RECONCILED"))


def the_newest(world: World) -> dict[str, int]:
    statement = statements(world)[-1]
    return {name: statement[name] for name in ("accounted", "told", "held", "open", "differences")}


# --- what goes wrong after two nights


def test_a_message_that_vanishes_two_nights_after_its_day_was_stated_is_noticed_within_a_day(
    day: World, caplog: pytest.LogCaptureFixture
) -> None:
    keep(at(day, ITS_NIGHT))
    keep(at(day, TWO_NIGHTS_LATER))
    damage = broken(day)
    assert hourly(day, 25) == 1
    (line,) = said(caplog, "RECONCILIATION_FAILED")
    assert (line["day"], line["code"]) == ("2026-11-24", FindingCode.DELIVERY_MISSING)
    assert hourly(day, 48) == 2
    damage.put_right()
    assert hourly(day, 24) == 0
    findings = [len(statement["findings"]) for statement in statements(day)]
    assert findings == [0, 1, 1, 1]


def test_a_difference_that_was_put_right_ends_with_a_statement_that_says_so(day: World) -> None:
    everybody_hears(day)
    damage = broken(day)
    keep(at(day, ITS_NIGHT))
    keep(at(day, TWO_NIGHTS_LATER))
    damage.put_right()
    hourly(day, 48)
    assert [statement["differences"] for statement in statements(day)] == [1, 1, 0]
    assert the_newest(day) == {"accounted": 1, "told": 1, "held": 0, "open": 0, "differences": 0}


def test_a_difference_found_yesterday_opens_a_day_that_was_closed(
    day: World, caplog: pytest.LogCaptureFixture
) -> None:
    everybody_hears(day)
    keep(at(day, ITS_NIGHT))
    damage = broken(day)
    day.later(hours=20)
    keep(day)
    assert keep(at(day, TWO_NIGHTS_LATER)) == 1
    damage.put_right()
    keep(at(day, "2026-11-28T02:00:00Z"))
    assert [statement["differences"] for statement in statements(day)] == [0, 1, 1, 0]
    caplog.clear()
    hourly(day, 30)
    assert counted(caplog) == 0


# --- until nothing of it is open


def test_a_day_is_counted_once_a_day_until_everybody_is_told_and_closed_with_a_statement(
    day: World, caplog: pytest.LogCaptureFixture
) -> None:
    keep(at(day, ITS_NIGHT))
    at(day, TWO_NIGHTS_LATER)
    caplog.clear()
    hourly(day, 48)
    assert counted(caplog) == 2
    assert the_newest(day)["open"] == 1
    everybody_hears(day)
    hourly(day, 24)
    assert len(statements(day)) == 2
    assert the_newest(day) == {"accounted": 1, "told": 1, "held": 0, "open": 0, "differences": 0}
    assert statements(day)[-1]["still_open"] == []
    caplog.clear()
    hourly(day, 48)
    assert counted(caplog) == 0
    assert len(statements(day)) == 2


def test_a_day_of_which_nothing_is_open_in_its_night_is_stated_once_and_counted_no_more(
    day: World, caplog: pytest.LogCaptureFixture
) -> None:
    everybody_hears(day)
    keep(at(day, ITS_NIGHT))
    at(day, TWO_NIGHTS_LATER)
    caplog.clear()
    hourly(day, 48)
    assert counted(caplog) == 0
    assert [one["open"] for one in statements(day)] == [0]


def test_a_held_child_keeps_its_day_open_until_it_is_told(world: World) -> None:
    world.take(decided(HELD, primary_outcome="EMP"))
    keep(at(world, ITS_NIGHT))
    keep(at(world, TWO_NIGHTS_LATER))
    assert [one["held"] for one in statements(world)] == [1]
    world.release(HELD)
    world.send_due()
    pressed(world, token_for(world, "north-probation", Channel.EMAIL))
    hourly(world, 25)
    assert [one["held"] for one in statements(world)] == [1, 0]


def an_email_is_sent(world: World) -> Callable[[], object]:
    world.send_due()
    (mail,) = items(world, TOLD, "N#01#0001#north-probation")
    return lambda: world.hear(heard("delivered", message_id=mail["message_id"]))


def an_email_failed_and_somebody_must_call(world: World) -> Callable[[], object]:
    world.mailbox.answers = [FOR_GOOD]
    world.send_due()
    call = WhichTask(TaskKind.CALL_UNTOLD, TOLD)
    return lambda: done(call, world.order(ActReason.TOLD_BY_PHONE), world.act_desk)


@pytest.mark.parametrize("story", [an_email_is_sent, an_email_failed_and_somebody_must_call])
def test_what_nobody_is_known_to_have_heard_keeps_its_day_open(
    world: World, caplog: pytest.LogCaptureFixture, story: Callable[[World], Callable[[], object]]
) -> None:
    """Its mail service's word that it took a message is not enough, nor that somebody was asked to call."""
    world.take(decided(TOLD, **told_by("north-probation")))
    ends = story(world)
    keep(at(world, ITS_NIGHT))
    at(world, TWO_NIGHTS_LATER)
    caplog.clear()
    keep(world)
    assert (counted(caplog), len(statements(world))) == (1, 1)
    ends()
    hourly(world, 25)
    assert len(statements(world)) == 2
    assert the_newest(world) == {"accounted": 1, "told": 1, "held": 0, "open": 0, "differences": 0}


# --- how long


def test_what_is_open_after_four_weeks_is_counted_and_stated_each_week_for_ninety_days(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.take(decided(HELD, primary_outcome="EMP"))
    keep(at(world, ITS_NIGHT))
    for _ in range(100):
        world.later(days=1)
        keep(world)
    assert counted(caplog) == 28 + 8
    assert len(statements(world)) == 1 + 8
    last = datetime.fromisoformat(statements(world)[-1]["at"]).date()
    assert timedelta(days=MOST_DAYS_BACK - 7) < last - DAY <= timedelta(days=MOST_DAYS_BACK)
    assert the_newest(world)["held"] == 1


# --- no day keeps another waiting


def two_open_days(world: World) -> World:
    for ref in (TOLD, ANOTHER):
        world.take(decided(ref))
        world.later(days=1)
        keep(at(world, f"{world.now:%Y-%m-%d}T02:00:00Z"))
    return at(world, "2026-11-29T02:00:00Z")


def days_of(caplog: pytest.LogCaptureFixture, line: str = "RECONCILED") -> list[str]:
    return [one["day"] for one in said(caplog, line)]


def test_older_days_are_counted_after_the_newest_the_one_seen_longest_ago_first(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    keep(two_open_days(world))
    caplog.clear()
    at(world, "2026-11-30T03:00:00Z")
    # Yesterday's statement and today, each a question; the older day, and its one partition; and no more.
    keep(world, times(4))
    assert days_of(caplog) == ["2026-11-29", "2026-11-30", "2026-11-24"]
    world.later(minutes=15)
    keep(world)
    assert days_of(caplog)[3:] == ["2026-11-25"]


def test_an_older_day_that_time_is_too_short_for_is_gone_on_with(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    for ref in (TOLD, ANOTHER):
        world.take(decided(ref))
    keep(at(world, ITS_NIGHT))
    keep(at(world, TWO_NIGHTS_LATER))
    caplog.clear()
    at(world, "2026-11-28T03:00:00Z")
    keep(world, times(4))
    assert days_of(caplog, "RECONCILIATION_PUT_OFF") == ["2026-11-24"]
    world.later(minutes=15)
    keep(world)
    assert days_of(caplog) == ["2026-11-27", "2026-11-28", "2026-11-24"]
    assert said(caplog, "RECONCILED")[-1]["open"] == 2


def test_what_is_left_of_yesterday_at_midnight_is_gone_on_with_at_once(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    for ref in (TOLD, ANOTHER):
        world.take(decided(ref))
    keep(at(world, ITS_NIGHT))
    keep(at(world, "2026-11-25T23:50:00Z"), times(2))
    caplog.clear()
    keep(at(world, "2026-11-26T00:05:00Z"))
    assert days_of(caplog)[-1] == "2026-11-24"


# --- a number that comes at last


def test_a_number_that_its_sender_sends_days_later_closes_the_gap(world: World) -> None:
    world.take(decided(TOLD, source_seq=7))
    world.take(decided(ANOTHER, source_seq=9))
    world.later(days=4)
    assert gaps_of(reckoned(world, DAY)) == ["8..8"]
    world.take(decided("NS-26-1ATE00", source_seq=8, event_id=an_event_id("late")))
    world.later(minutes=16)
    assert gaps_of(reckoned(world, DAY)) == []


def gaps_of(tally: Tally) -> list[str]:
    return [one.what for one in tally.findings if one.code is FindingCode.SOURCE_GAP]
