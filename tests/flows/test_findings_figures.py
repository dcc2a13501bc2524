"""What the inspection letter could not find out about a hub, counted from the events themselves: how risk was
assessed, the shared data set, what each police unit sends, and what comes in out of office hours."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from functions.adapters.ledger.counters import Counters
from functions.adapters.ledger.days import Days
from functions.adapters.ledger.evidence import Partitions
from functions.domain.measures.catalogue import FIGURES, LIVE_FIGURES
from functions.domain.measures.counts import Cell, Counts, days_of
from functions.domain.measures.published import CONFIDENTIAL, Published, published
from functions.flows.measuring.count import Sources, count
from functions.flows.measuring.live import count_rows
from schemas.codes import AgencyType, Channel
from tests.flows.lives import an_acknowledgement
from tests.flows.test_live_counts import a_desk
from tests.forms import a_complete_form_event, a_heartbeat_event
from tests.world import (
    Wire,
    World,
    a_decision,
    a_receipt,
    a_registry,
    an_agency,
    an_event_id,
)

NOVEMBER, HUB = "2026-11", "Northshire MASH"
Figure = tuple[str, str, str]


def take(world: World, ref: str, received_at: str, decided_at: str | None, **said: object) -> None:
    """One contact of the police as its case system tells it: opened when it is decided, received before."""
    at: Wire = {"received_at": received_at}
    arrived = a_receipt(ref=ref, kind="CONTACT", occurred_at=decided_at or received_at, **at)
    world.take(arrived)
    if decided_at:
        at |= {"decided_at": decided_at, "occurred_at": decided_at, "involved_agencies": []}
        usual: Wire = {"event_id": an_event_id(ref), "primary_outcome": "S17"}
        usual |= {"strategy_discussion_at": None}
        world.take(a_decision(referral_ref=ref, **{**usual, **at, **said}))


def from_the_trail(world: World, month: str) -> Counts:
    """As every export counts it."""
    days, rows = Days(world.store, world.chain), Partitions(world.store)
    sources = Sources(days, rows, world.directory, say=lambda _: None)
    return count(month, a_desk(world).as_of(), sources).counts


def exported(world: World, month: str = NOVEMBER) -> dict[Figure, tuple[str, str, str]]:
    """The month's rows as they are handed out."""
    return as_figures(published(from_the_trail(world, month), [month], HUB))


def as_figures(rows: list[Published]) -> dict[Figure, tuple[str, str, str]]:
    return {(row.k, row.name, row.dimension): (row.value, row.numerator, row.denominator) for row in rows}


# --- finding 8


@pytest.mark.finding(8)
def test_how_many_risks_were_assessed_jointly_is_counted_of_those_that_say_so(world: World) -> None:
    """It was "only undertaken by children's social care": 7 of 12 were not, and a thirteenth waits."""
    for number in range(12):
        mode = "JOINT" if number < 7 else "SOCIAL_CARE_ONLY"
        times = "2026-11-24T09:40:00Z", "2026-11-24T15:02:00Z"
        take(world, f"NS-26-{number:06d}", *times, risk_assessment_mode=mode)
    take(world, "NS-26-000099", "2026-11-24T09:40:00Z", None)
    assert exported(world)["K10", "joint", "all"] == ("58.3", "7", "12")


# --- finding 21


@pytest.mark.finding(21)
def test_of_unborn_children_it_is_counted_whether_a_health_visitor_or_midwife_was_told(world: World) -> None:
    """It was "only 26% of expectant mothers": ten unborn children, and the midwives have heard of five."""
    midwives = an_agency("north-midwives", AgencyType.MIDWIFERY, Channel.WEBHOOK, told_of_unborn=True)
    world.apply(a_registry(midwives))
    known = {"agency_id": "north-midwives", "own_ref": "MW-1001", "holds_plan_role": False}
    unborn: Wire = {"unborn": True, "expected_date_of_delivery": "2027-02-14", "involved_agencies": [known]}
    for number in range(10):
        take(world, f"NS-26-{number:06d}", "2026-11-24T09:40:00Z", "2026-11-24T15:02:00Z", **unborn)
        if number == 4:
            world.send_due()
    assert exported(world)["K16", "unborn_care_told", "all"] == ("50.0", "5", "10")


@pytest.mark.finding(21)
def test_a_service_that_is_added_by_itself_counts_as_told_once_its_notice_has_arrived(world: World) -> None:
    """It has no reference of its own, so that a notice is all that it ever gets."""
    midwives = an_agency("north-midwives", AgencyType.MIDWIFERY, Channel.WEBHOOK, told_of_unborn=True)
    world.apply(a_registry(midwives))
    for number in range(10):
        times = "2026-11-24T09:40:00Z", "2026-11-24T15:02:00Z"
        take(world, f"NS-26-{number:06d}", *times, unborn=True, expected_date_of_delivery="2027-02-14")
        if number == 4:
            world.send_due()
    rows = [row for ref in range(5) for row in world.rows(f"NS-26-{ref:06d}")]
    assert {
        (row["level"], row["notice_reason"])
        for row in rows
        if row["type"] == "ATTEMPT_STARTED" and row["agency"] == "north-midwives"
    } == {(1, "WHICH_CHILD")}
    assert exported(world)["K16", "unborn_care_told", "all"] == ("50.0", "5", "10")


# --- finding 16


BY_THE_UNIT: list[tuple[int, Wire | None]] = [
    (12, {"unit": "CHILD_ABUSE_UNIT"}),
    (7, {"unit": "CHILD_ABUSE_UNIT", "recommended_next_step": None}),
    (9, {"unit": "RESPONSE_NORTH", "recommended_next_step": None}),
    (5, {}),
    (6, None),
]
"""So many children, and what the police form of each says besides; None where none comes."""


def a_day_of_forms(world: World, forms: list[tuple[int, Wire | None]]) -> None:
    world.take(a_heartbeat_event(event_id=an_event_id("beat")))
    said = [form for count, form in forms for _ in range(count)]
    for number, form in enumerate(said):
        ref = f"NS-26-{number:06d}"
        take(world, ref, "2026-11-24T09:40:00Z", None)
        if form is not None:
            own = {"event_id": an_event_id("form", ref), "form_id": f"F-{ref}", "mash_referral_ref": ref}
            world.take(a_complete_form_event(referral_ref=ref, **own, **form))


def by_unit(rows: dict[Figure, tuple[str, str, str]]) -> dict[str, tuple[str, str, str]]:
    """Of each unit's statuses those that there are."""
    return {
        dimension: row
        for (_, name, dimension), row in rows.items()
        if name == "ra_status" and dimension.startswith("unit=") and row[1] != "0"
    }


@pytest.mark.finding(16)
def test_how_much_each_police_unit_sends_and_of_what_quality_is_counted_live_and_exported(
    world: World,
) -> None:
    """The "level and extent of demand, the nature and quality of assessments": volume, and K8 within it."""
    a_day_of_forms(world, BY_THE_UNIT)
    rows = exported(world)
    assert by_unit(rows) == {
        "unit=CHILD_ABUSE_UNIT;ra_status=COMPLETE": ("63.2", "12", "19"),
        "unit=CHILD_ABUSE_UNIT;ra_status=INCORRECT": ("36.8", "7", "19"),
        "unit=RESPONSE_NORTH;ra_status=INCORRECT": ("100.0", "9", "9"),
        "unit=not-told;ra_status=COMPLETE": ("100.0", "5", "5"),
        "unit=no-form;ra_status=ABSENT": ("100.0", "6", "6"),
    }
    assert rows["K8", "ra_status", "ra_status=COMPLETE"] == ("43.6", "17", "39")
    assert by_unit(counted_live(world)) == by_unit(rows)
    world.take(
        a_complete_form_event(
            referral_ref="NS-26-000012",
            mash_referral_ref="NS-26-000012",
            form_id="F-NS-26-000012",
            form_version=3,
            event_id=an_event_id("once more"),
            unit="RESPONSE_NORTH",
            recommended_next_step=None,
        )
    )
    moved = by_unit(exported(world))
    assert moved["unit=CHILD_ABUSE_UNIT;ra_status=INCORRECT"] == ("33.3", "6", "18")
    assert moved["unit=RESPONSE_NORTH;ra_status=INCORRECT"] == ("100.0", "10", "10")
    assert by_unit(counted_live(world)) == moved


@pytest.mark.finding(16)
def test_a_unit_that_sends_little_is_told_by_no_number_of_any_other(world: World) -> None:
    few = (2, {"unit": "RURAL_EAST"})
    a_day_of_forms(world, [*BY_THE_UNIT, few])
    rows = exported(world)
    assert by_unit(rows)["unit=RURAL_EAST;ra_status=COMPLETE"] == (CONFIDENTIAL,) * 3
    volumes = {dimension.partition(";")[0]: row[2] for dimension, row in by_unit(rows).items()}
    shown = [int(volume) for volume in volumes.values() if volume != CONFIDENTIAL]
    assert rows["K8", "ra_status", "ra_status=COMPLETE"][1:] == ("19", "41")
    assert 41 - sum(shown) >= 5
    assert len(shown) == len(volumes) - 2


def counted_live(world: World) -> dict[Figure, tuple[str, str, str]]:
    """As the stream would have it counted, up to each referral's newest row."""
    rows = [row for row in world.all_items("audit") if row["pk"].startswith("R#")]
    newest = Counter(row["pk"].removeprefix("R#") for row in rows if row["sk"].startswith("E#"))
    count_rows(newest, a_desk(world))
    live = Counters(world.store).live([day.isoformat() for day in days_of(NOVEMBER)])
    return as_figures(published(live.by_month(), [NOVEMBER], HUB, LIVE_FIGURES))


# --- finding 13


def a_day_of_contacts(world: World) -> None:
    """24 contacts of Tuesday 24 November 2026, 10:00, and what each number does to its own:

    0 to 11   acknowledged after an hour, decided after 4 hours, S17, jointly; told at once
    12 to 18  decided after 4 hours, NFA, by social care alone; told at once
    19 to 21  decided after 25 hours, S17: more than a day, and more than a working day; told at once
    22, 23    not decided
    """
    for number in range(24):
        ref = f"NS-26-{number:06d}"
        mode, outcome = ("JOINT", "S17") if number < 12 else ("SOCIAL_CARE_ONLY", "NFA")
        decided_at = "2026-11-24T14:00:00Z" if number < 19 else "2026-11-25T11:00:00Z"
        how = {"risk_assessment_mode": mode, "primary_outcome": outcome if number < 19 else "S17"}
        take(world, ref, "2026-11-24T10:00:00Z", decided_at if number < 22 else None, **how)
        if number < 12:
            seen = {"acknowledged_at": "2026-11-24T11:00:00Z", "occurred_at": "2026-11-24T11:00:00Z"}
            world.take(an_acknowledgement(referral_ref=ref, **seen, contribute_by=None))
    world.send_due()


BY_HAND: dict[Figure, tuple[str, str, str]] = {
    ("K1a", "outcome_told", "all"): ("100.0", "22", "22"),
    ("K3", "acknowledged_in_1_working_day", "all"): ("50.0", "12", "24"),
    ("K4", "decided_in_24_hours", "all"): ("79.2", "19", "24"),
    ("K5", "decided_in_1_working_day", "all"): ("79.2", "19", "24"),
    ("K7", "out_of_hours", "all"): ("0.0", "0", "24"),
    ("K8", "ra_status", "ra_status=UNKNOWN"): ("100.0", "24", "24"),
    ("K10", "joint", "all"): ("54.5", "12", "22"),
    ("K11", "no_further_action", "all"): ("31.8", "7", "22"),
    ("K15", "held", "all"): ("0.0", "0", "22"),
}


@pytest.mark.finding(13)
def test_the_shared_data_set_is_what_anybody_counts_by_hand_live_and_exported(world: World) -> None:
    """Who "does not have a shared multi-agency data set": every K, by the trail and by counters."""
    a_day_of_contacts(world)
    rows = exported(world)
    assert {figure: rows[figure] for figure in BY_HAND} == BY_HAND
    assert {(k, name) for k, name, _ in rows} == {(one.k, one.name) for one in FIGURES}
    assert counted_live(world) == {
        figure: row
        for figure, row in rows.items()
        if figure[:2] in {(one.k, one.name) for one in LIVE_FIGURES}
    }


@pytest.mark.finding(13)
def test_no_small_count_of_the_shared_data_set_is_handed_out(world: World) -> None:
    """Three of them were decided without further action: neither they nor what would tell them is shown."""
    for number in range(9):
        outcome = "NFA" if number < 3 else "S17"
        times = "2026-11-24T10:00:00Z", "2026-11-24T14:00:00Z"
        take(world, f"NS-26-{number:06d}", *times, primary_outcome=outcome)
    rows = exported(world)
    assert rows["K11", "no_further_action", "all"] == (CONFIDENTIAL, CONFIDENTIAL, "9")
    assert rows["K4", "decided_in_24_hours", "all"] == ("100.0", "9", "9")
    counts = {int(cell) for row in rows.values() for cell in row[1:] if cell.isdigit()}
    assert not counts & {1, 2, 3, 4}


# --- finding 15: the examples of section 5, each as received by the emergency duty service or the MASH, and
# told when it was opened


RECEIVED = {
    # local time received       in UTC               out    1 working day later, in UTC
    "Wed 10 Jun 2026 10:30": ("2026-06-10T09:30:00Z", False, "2026-06-11T09:30:00Z"),
    "Fri 12 Jun 2026 17:00": ("2026-06-12T16:00:00Z", True, "2026-06-16T08:00:00Z"),
    "Thu 24 Dec 2026 16:00": ("2026-12-24T16:00:00Z", False, "2026-12-29T16:00:00Z"),
    "Sat 24 Oct 2026 23:30 BST": ("2026-10-24T22:30:00Z", True, "2026-10-27T09:00:00Z"),
    "Fri 16 Sep 2022 15:00": ("2022-09-16T14:00:00Z", False, "2022-09-20T14:00:00Z"),
}


@pytest.mark.finding(15)
@pytest.mark.parametrize("late", [timedelta(), timedelta(minutes=1)], ids=["in time", "a minute late"])
@pytest.mark.parametrize("example", RECEIVED)
def test_what_came_in_out_of_hours_counts_from_when_it_came_by_both_clocks_and_apart(
    world: World, example: str, late: timedelta
) -> None:
    """The "timeliness of out of hour's referrals" is by the emergency duty service's receipt."""
    received_at, out, due_at = RECEIVED[example]
    came, day = datetime.fromisoformat(received_at), received_at[:10]
    world.now = datetime.fromisoformat(due_at) + late
    decided_in_days = (datetime.fromisoformat(due_at) + late).astimezone(UTC)
    decided_in_a_day = came + timedelta(hours=24) + late
    take(world, "NS-26-0N1DAY", received_at, f"{decided_in_days:%Y-%m-%dT%H:%M:%SZ}")
    world.now = max(world.now, decided_in_a_day)
    take(world, "NS-26-0N1E24", received_at, f"{decided_in_a_day:%Y-%m-%dT%H:%M:%SZ}")
    cells = from_the_trail(world, day[:7])
    part, other = ("hours=out", "hours=in") if out else ("hours=in", "hours=out")
    month = day[:7]
    in_time = 0 if late else 1
    assert cells[Cell(month, "received", part)] == 2
    assert cells[Cell(month, "received", other)] == 0
    assert cells[Cell(month, "K7.out_of_hours")] == (2 if out else 0)
    longer = datetime.fromisoformat(due_at) - came > timedelta(hours=24)
    assert cells[Cell(month, "K4.decided_in_24_hours", part)] == (in_time if longer else 2 * in_time)
    assert cells[Cell(month, "K5.decided_in_1_working_day", part)] == (1 + in_time if longer else 2 * in_time)
