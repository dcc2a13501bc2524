"""The overview: each figure against a recount of every row, and the questions of a manager's morning."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from random import Random

import pytest

from functions.console.agencies.waiting import what_waits
from functions.console.overview.page import MOST_LINES
from functions.console.worklist.attention import attention
from functions.domain.delivery import Answer
from functions.domain.wording.outcomes import LABELS
from functions.flows.acting.endpoint import pause
from functions.story.named import upper
from functions.story.vocabulary import TASK_NAMES
from schemas.agency import Mailbox
from schemas.codes import (
    ActReason,
    AgencyType,
    AttemptResult,
    Channel,
    ErrorWord,
    Outcome,
    TaskKind,
)
from tests.console.by_hand import ByHand
from tests.console.council import VIEWER
from tests.console.office import Office, Reply
from tests.flows.busy_autumn import BEGINS, autumn, play, release_most
from tests.live_counts import count_live
from tests.mail_events import said
from tests.simulation.year.draws import POLICY
from tests.simulation.year.run import Player
from tests.world import (
    World,
    a_decision,
    a_receipt,
    a_registry,
    a_revision,
    a_world,
    an_agency,
    an_event_id,
)


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as one:
        yield one


@pytest.fixture
def office(world: World) -> Office:
    return Office.of(world)


def by_hand(office: Office) -> ByHand:
    return ByHand.of(office.store, office.now())


def overview(office: Office) -> Reply:
    """As it is once the stream has been counted."""
    count_live(office.store, office.clocks, office.now())
    return office.signed_in(VIEWER).get("/")


def tile(page: Reply, heading: str) -> tuple[str, str]:
    """A tile's figure, and what stands below it."""
    found = re.search(
        rf">{heading}</a></h2>\s*<p class=\"mo-tile__(?:figure|none)\">([^<]*)</p>(.*?)</li>",
        page.body,
        re.DOTALL,
    )
    assert found, heading
    return found[1], " ".join(re.sub("<[^>]+>", " ", found[2]).split())


def delivered(page: Reply) -> dict[str, str]:
    """What the table of agencies says, by whom it links to."""
    part = page.body.partition('id="agencies"')[2]
    rows = re.findall(
        r'href="[^"]*/agencies(?:/|\?type=)([^"]+)".*?Delivered.*?>([^<]*(?:of|None)[^<]*)<', part, re.DOTALL
    )
    return {name: words.strip() for name, words in rows}


def assert_is_as_counted(page: Reply, counted: ByHand) -> None:
    """Every figure of the page that stands in the tables."""
    told = tile(page, "Referrers not told yet")
    assert told[0] == f"{len(counted.not_told):,}"
    if counted.by_notice:
        assert f"{len(counted.by_notice):,} by notice only" in told[1]
    late = len(counted.open_tasks("CALL_UNTOLD"))
    assert (f"{late:,} message" in told[1]) is bool(late)
    forms = tile(page, "Police risk assessments overdue")
    assert forms[0] == f"{len(counted.open_tasks('CHASE_FORM')):,}"
    assert (f"{len(counted.form_lacking):,} not complete" in forms[1]) is bool(counted.form_lacking)
    assert tile(page, "Decisions in the last 24 hours")[0] == f"{len(counted.decided_of_late):,}"
    assert f'Needs attention <span class="mo-light">({len(counted.open_tasks()):,})' in page.body
    for outcome, count in counted.outcomes.items():
        label = re.escape(LABELS[Outcome(outcome)])
        assert re.search(rf"{label}.{{0,400}}?{count}\b", page.body, re.DOTALL), outcome
    shown = {name: words for name, words in delivered(page).items() if words != "None sent"}
    assert shown == counted.delivered


# --- against the tables


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_after_duplicates_redelivery_and_corrections_each_figure_is_that_of_the_rows(
    office: Office, world: World, seed: int
) -> None:
    world.now = BEGINS
    for number, sent in enumerate(autumn(seed, 300), 1):
        play(sent, world)
        if number % 60 == 0:
            release_most(world, Random(seed))  # noqa: S311 - to be repeated, not secret
    assert_is_as_counted(overview(office), by_hand(office))


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_in_the_middle_of_a_small_year_each_figure_is_that_of_the_rows() -> None:
    until = datetime(2026, 11, 26, 8, 45, tzinfo=UTC)
    player = Player(1, 60, lambda *_: None)
    player.begin()
    while (at := player.next_at) and at < until:
        player.step()
    player.clock.advance_to(until)
    office = Office(player.hub.store, POLICY, lambda: until)
    assert_is_as_counted(overview(office), by_hand(office))


# --- the questions of the morning


def test_morning_who_has_not_been_told(office: Office, world: World) -> None:
    world.take(a_decision())
    world.take(a_decision(referral_ref="NS-26-2", event_id=an_event_id("2")))
    world.send_due()
    world.take(a_decision(referral_ref="NS-26-3", event_id=an_event_id("3")))
    counted = by_hand(office)
    assert len(counted.not_told) == 1
    figure, below = tile(overview(office), "Referrers not told yet")
    assert (figure, below.partition(" Of ")[0]) == ("1", "No call to a referrer is open")
    world.police.otherwise = Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503)
    for _ in range(4):
        world.later(hours=24)
        world.send_due()
    late = by_hand(office).open_tasks("CALL_UNTOLD")
    assert late
    figure, below = tile(overview(office), "Referrers not told yet")
    assert (figure, below.partition(" Of ")[0]) == ("1", f"{len(late)} messages past the deadline")


def test_morning_a_notice_alone_is_not_told_and_is_said_apart(office: Office, world: World) -> None:
    school = an_agency(
        "hill-school",
        AgencyType.SCHOOL,
        Channel.EMAIL,
        email=Mailbox(address="head@hill-school.example", verified_at=date(2026, 11, 2)),
    )
    world.apply(a_registry(school))
    referrer = {"agency_id": "hill-school", "own_ref": "HS/204"}
    world.take(a_decision(primary_outcome="S17", source_code="2A", referring_agency=referrer))
    world.send_due()
    for pins, _ in world.mailbox.sent:
        world.hear(said("delivered", message_id=pins.message_id, at=f"{world.now:%Y-%m-%dT%H:%M:%SZ}"))
    counted = by_hand(office)
    assert (len(counted.not_told), len(counted.by_notice)) == (1, 1)
    figure, below = tile(overview(office), "Referrers not told yet")
    assert figure == "1"
    assert "1 by notice only" in below


def test_morning_which_lack_the_police_form_and_who_is_overdue(office: Office, world: World) -> None:
    world.chases = True
    world.take(a_receipt())
    world.take(a_decision())
    counted = by_hand(office)
    assert len(counted.form_lacking) == 1
    assert "1 not complete" in tile(overview(office), "Police risk assessments overdue")[1]
    for _ in range(12):
        world.later(hours=24)
        world.send_due()
    chased = by_hand(office).open_tasks("CHASE_FORM")
    assert tile(overview(office), "Police risk assessments overdue")[0] == str(len(chased)) == "1"


def test_morning_what_is_held(office: Office, world: World) -> None:
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
    (task,) = by_hand(office).open_tasks()
    page = overview(office)
    assert task["kind"] == TaskKind.RELEASE_CHILD
    assert 'Needs attention <span class="mo-light">(1)' in page.body
    assert "NS-26-7KQ4ZP" in page.text()
    world.release()
    page = overview(office)
    assert by_hand(office).open_tasks() == []
    assert "Nothing needs attention" in page.text()


def test_morning_who_has_not_read_it(office: Office, world: World) -> None:
    world.take(a_decision())
    world.send_due()
    for _ in range(3):
        world.later(hours=24)
        world.send_due()
    unread = by_hand(office).open_tasks("CALL_UNREAD")
    page = overview(office)
    assert len(unread) == page.text().count(upper(TASK_NAMES[TaskKind.CALL_UNREAD])) > 0


def test_morning_what_came_in_badly(office: Office, world: World) -> None:
    world.take(a_decision(referral_ref="no reference"))
    assert len(world.refused()) == 1
    page = overview(office)
    assert "1 event could not be read" in page.text()
    assert 'Needs attention <span class="mo-light">(1)' in page.body
    world.later(hours=25)
    assert "could not be read" not in overview(office).text()


def test_morning_which_endpoint_is_failing_stands_first_by_name(office: Office, world: World) -> None:
    world.take(a_decision())
    pause("north-police", world.order(ActReason.MAINTENANCE), world.act_desk)
    page = overview(office)
    part = page.text().partition("Agencies, last 7 days")[2]
    assert part.index("North Police") < part.index("Paused") < part.index("North Probation")
    assert delivered(page) == {"north-police": "0 of 1", "north-probation": "0 of 1"}


def test_morning_a_system_that_fails_stands_above_what_is_overdue_with_what_waits_for_it(
    office: Office, world: World
) -> None:
    for number in range(MOST_LINES):
        world.take(
            a_decision(
                referral_ref=f"NS-26-9{number}",
                event_id=an_event_id(f"held-{number}"),
                hold_codes=[{"code": "SENSITIVE"}],
            )
        )
    world.later(days=8)
    world.police.otherwise = Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503)
    began = world.now
    for number in range(6):
        world.take(
            a_decision(
                referral_ref=f"NS-26-{number}",
                event_id=an_event_id(number),
                involved_agencies=[],
                **dict.fromkeys(("received_at", "decided_at", "occurred_at"), f"{began:%Y-%m-%dT%H:%M:%SZ}"),
            )
        )
    world.send_due()
    world.later(minutes=5)
    page = overview(office)
    first = page.text().partition("Needs attention")[2].partition("What to do See what is waiting")[0]
    assert ", late" not in first
    assert "North Police" in first
    assert "6 messages waiting" in first
    assert "6 messages waiting. Next try:" in page.text().partition("Agencies, last 7 days")[2]
    link = page.body.partition(">See what is waiting<")[0].rpartition('href="')[2].partition('"')[0]
    item = office.signed_in(VIEWER).get(link.removeprefix(office.base))
    assert "What waits 6 messages waiting The oldest since Today, 3:02pm" in item.text()
    there = (
        item.body.partition(">See the messages that are waiting<")[0]
        .rpartition('href="')[2]
        .partition('"')[0]
    )
    messages = office.signed_in(VIEWER).get(there.replace("&amp;", "&").removeprefix(office.base))
    assert "6 messages" in messages.text()


def test_morning_a_system_that_answered_once_between_two_failures_has_been_waited_for_since_the_first(
    office: Office, world: World
) -> None:
    world.police.otherwise = Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503)
    for number in range(6):
        world.take(
            a_decision(referral_ref=f"NS-26-{number}", event_id=an_event_id(number), involved_agencies=[])
        )
    world.send_due()
    opened = next(iter(by_hand(office).open_tasks("MEND_ENDPOINT")))
    later = {**opened, "opened_at": "2026-11-24T19:00:00.000Z"}
    world.later(hours=5)
    waiting = what_waits(office.desk.reads.due)
    line = attention(later, world.now, {}, waiting)
    assert (line.since, line.age) == ("Today, 3:02pm", "Messages have waited 5 hours")
    assert attention(later, world.now, {}, {}).since == "Today, 7:00pm"
    assert "0 messages waiting" in attention(later, world.now, {}, {}).detail
    assert "How many messages wait is not available" in attention(later, world.now, {}, None).detail


def test_morning_how_many_were_decided_in_24_hours_and_how_many_are_told(
    office: Office, world: World
) -> None:
    world.take(a_decision())
    world.take(a_decision())
    world.take(a_revision())
    world.send_due()
    world.take(a_decision(referral_ref="NS-26-2", event_id=an_event_id("2")))
    assert len(by_hand(office).decided_of_late) == 3
    figure, below = tile(overview(office), "Decisions in the last 24 hours")
    assert (figure, below.partition(" Changes ")[0]) == ("3", "1 referrer already told")
    world.later(hours=25)
    assert tile(overview(office), "Decisions in the last 24 hours")[0] == "0"


def test_morning_this_week_stands_beside_the_same_days_of_last_week(office: Office, world: World) -> None:
    for number, day in enumerate(("2026-11-16", "2026-11-23", "2026-11-23"), 1):
        moments = dict.fromkeys(("received_at", "decided_at", "occurred_at"), f"{day}T10:00:00Z")
        world.take(
            a_decision(
                referral_ref=f"NS-26-{number}",
                event_id=an_event_id(number),
                primary_outcome="NFA",
                strategy_discussion_at=None,
                **moments,
            )
        )
    page = overview(office).text()
    assert "2 decisions to the end of Monday, 1 more than at the same point last week" in page


def test_morning_schools_and_practices_take_one_line_with_the_worst_of_them(
    office: Office, world: World
) -> None:
    some = [an_agency(f"school-{n}", AgencyType.SCHOOL, Channel.WEBHOOK) for n in range(3)]
    world.apply(a_registry(*some, an_agency("old-mill", AgencyType.GP, Channel.EMAIL)))
    pause("school-1", world.order(ActReason.MAINTENANCE), world.act_desk)
    page = overview(office)
    part = page.text().partition("Agencies, last 7 days")[2]
    assert "Schools (3)" in part
    assert "1 paused" in part
    assert "GP practices (1)" in part
    assert "School 1" not in part


def test_whoever_has_more_to_do_than_a_page_shows_is_led_to_all_of_it(office: Office, world: World) -> None:
    for number in range(MOST_LINES + 1):
        held = {"hold_codes": [{"code": "SENSITIVE"}], "event_id": an_event_id(number)}
        world.take(a_decision(referral_ref=f"NS-26-{number}", **held))
    page = overview(office)
    assert f"See all {MOST_LINES + 1}" in page.text()
    assert len(re.findall("Decide: release or keep", page.text())) <= MOST_LINES
