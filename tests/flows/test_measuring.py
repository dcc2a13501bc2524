"""Counting a hub's months from its tables: by the day index, each referral once, by its own events."""

from datetime import UTC, datetime

import pytest

from functions.adapters.ledger.days import Days
from functions.adapters.ledger.evidence import Partitions
from functions.domain.measures.counts import Cell
from functions.domain.measures.facts import AsOf
from functions.domain.measures.published import Published, published
from functions.domain.reconciliation.evidence import Row
from functions.flows.measuring.count import Counted, Sources, count
from tests.flows.lives import (
    a_challenge,
    a_challenge_resolved,
    a_plan_change,
    a_transfer_accepted,
    a_withdrawal,
    a_withholding,
    an_acknowledgement,
    an_enquiry,
    an_investigation,
)
from tests.letter_2017 import DECIDED_IN_1_WORKING_DAY, DECIDED_IN_24_HOURS, MARCH, MAY, contacts
from tests.world import World, a_decision, a_duplicate, a_receipt, an_event_id

NOVEMBER, DECEMBER = "2026-11", "2026-12"


class Counting(Partitions):
    """Remembers which partitions were read."""

    def __init__(self, world: World) -> None:
        super().__init__(world.store)
        self.read_rows_of: list[str] = []

    def rows(self, partition: str) -> list[Row]:
        self.read_rows_of.append(partition)
        return super().rows(partition)


class Wanted:
    """What figures are made from, and what was said on the way."""

    def __init__(self, world: World) -> None:
        self.world, self.said, self.partitions = world, list[str](), Counting(world)

    def count(self, since: str) -> Counted:
        world = self.world
        types = {entry.agency_id: entry.type for entry in world.directory.all()}
        as_of = AsOf(world.now, world.clocks, types)
        sources = Sources(Days(world.store, world.chain), self.partitions, world.directory, self.said.append)
        return count(since, as_of, sources)


@pytest.fixture
def wanted(world: World) -> Wanted:
    return Wanted(world)


def row(rows: list[Published], month: str, k: str, name: str, dimension: str = "all") -> tuple[str, str, str]:
    (found,) = [
        one for one in rows if (one.month, one.k, one.name, one.dimension) == (month, k, name, dimension)
    ]
    return found.value, found.numerator, found.denominator


# --- the letter's two months, from the events themselves


def take_contacts(world: World) -> None:
    """Each as its case system would tell it: when it came, and when it was decided."""
    happens = [(one.received_at, "received", one) for one in contacts()]
    happens += [(one.decided_at, "decided", one) for one in contacts()]
    for at, what, one in sorted(happens, key=lambda event: (event[0], event[1], event[2].ref)):
        world.now = at
        moments = {
            "received_at": f"{one.received_at:%Y-%m-%dT%H:%M:%SZ}",
            "occurred_at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        }
        if what == "received":
            world.take(a_receipt(ref=one.ref, kind="CONTACT", rag=None, **moments))
        else:
            decided = {"decided_at": moments["occurred_at"], "event_id": an_event_id(one.ref), "rag": None}
            world.take(a_decision(referral_ref=one.ref, involved_agencies=[], **moments, **decided))


@pytest.mark.finding(14)
@pytest.mark.slow
def test_the_letters_59_and_80_percent_come_out_of_the_events_beside_the_working_days(
    world: World, wanted: Wanted
) -> None:
    take_contacts(world)
    world.now = datetime(2017, 7, 14, 9, tzinfo=UTC)
    counted = wanted.count(MARCH)
    rows = published(counted.counts, (MARCH, MAY), "Northshire MASH")
    assert counted.referrals == 200
    for month, decided in ((MARCH, {"59", "71"}), (MAY, {"80", "88"})):
        in_hours = row(rows, month, "K4", "decided_in_24_hours")
        in_days = row(rows, month, "K5", "decided_in_1_working_day")
        assert (in_hours[0], in_days[0]) == (DECIDED_IN_24_HOURS[month], DECIDED_IN_1_WORKING_DAY[month])
        assert {in_hours[1], in_days[1]} == decided
        assert in_hours[2] == in_days[2] == "100"


# --- which days and which referrals


def test_each_referral_is_read_once_however_much_came_in_about_it(world: World, wanted: Wanted) -> None:
    world.take(a_receipt())
    world.take(a_decision())
    world.take(a_decision(referral_ref="NS-26-0THER0", event_id=an_event_id("other")))
    world.later(days=1)
    world.take(a_decision(decision_seq=2, event_id=an_event_id("again"), primary_outcome="S17"))
    counted = wanted.count(NOVEMBER)
    assert wanted.partitions.read_rows_of == ["R#NS-26-0THER0", "R#NS-26-7KQ4ZP"]
    assert (counted.referrals, counted.counts[Cell(NOVEMBER, "decided")]) == (2, 2)


def test_what_is_told_of_a_month_after_it_counts_in_that_month(world: World, wanted: Wanted) -> None:
    world.take(a_decision(referral_ref="NS-26-EAR1Y0", event_id=an_event_id("early")))
    world.later(days=10)
    world.take(a_decision())
    world.later(days=30)
    world.send_due()
    counted = wanted.count(NOVEMBER)
    assert counted.counts[Cell(NOVEMBER, "decided")] == 2
    assert counted.counts[Cell(NOVEMBER, "K14.undelivered_or_unread")] > 0
    assert wanted.count(DECEMBER).counts[Cell(NOVEMBER, "decided")] == 1


def test_what_came_in_before_the_first_month_is_not_read(world: World, wanted: Wanted) -> None:
    world.take(a_decision())
    world.later(days=40)
    assert wanted.count("2027-01").referrals == 0
    assert wanted.partitions.read_rows_of == []


def test_a_refused_event_and_a_heartbeat_are_no_referral(world: World, wanted: Wanted) -> None:
    world.take(a_decision(primary_outcome="NONSENSE"))
    assert wanted.count(NOVEMBER).referrals == 0


def test_whoever_waits_is_told_how_far_it_has_come(world: World, wanted: Wanted) -> None:
    world.take(a_decision())
    wanted.count("2026-08")
    assert wanted.said == [
        "100 of 117 days read: 0 referrals",
        "117 of 117 days read: 1 referrals",
        "1 of 1 referrals read",
    ]


# --- figures that no single referral gives


def test_the_registrys_addresses_are_counted_today_and_of_no_month_before(
    world: World, wanted: Wanted
) -> None:
    counted = wanted.count("2026-10").counts
    assert counted[Cell(NOVEMBER, "addresses")] == 2
    assert counted[Cell(NOVEMBER, "K14.stale_addresses")] == 0
    assert (counted[Cell("2026-10", "addresses")], counted[Cell("2026-10", "addresses?")]) == (0, 1)
    world.later(days=120)
    assert wanted.count("2027-03").counts[Cell("2027-03", "K14.stale_addresses")] == 2


def test_a_child_who_is_referred_again_is_found_across_referrals(world: World, wanted: Wanted) -> None:
    child = [{"child_index": 1, "unborn": False, "child_pseudonym": "a" * 32}]
    world.take(a_receipt(children=child))
    world.take(a_decision(primary_outcome="NFA", strategy_discussion_at=None))
    world.later(days=90)
    again = {"received_at": "2027-02-22T10:00:00Z", "occurred_at": "2027-02-22T10:00:00Z"}
    world.take(a_receipt(ref="NS-27-AGA1N0", children=child, **again))
    assert wanted.count(NOVEMBER).counts[Cell(NOVEMBER, "followed?")] == 1
    world.later(days=300)
    counted = wanted.count(NOVEMBER).counts
    assert counted[Cell(NOVEMBER, "K12.referred_again_after_nfa")] == 1
    assert counted[Cell(NOVEMBER, "nfa_followed")] == 1


# --- the service's own rows


def test_what_the_service_writes_of_a_referral_gives_its_figures(world: World, wanted: Wanted) -> None:
    world.take(a_receipt(kind="CONTACT"))
    world.take(a_decision())
    world.send_due()
    cells = wanted.count(NOVEMBER).counts
    for name in ("received", "contacts", "professional_decided", "police_received", "form_required"):
        assert cells[Cell(NOVEMBER, name)] == 1, name
    for figure in ("K1a.outcome_told", "K2.told_in_1_working_day", "K4.decided_in_24_hours"):
        assert cells[Cell(NOVEMBER, figure)] == 1, figure
    assert cells[Cell(NOVEMBER, "K8.ra_status", "ra_status=UNKNOWN")] == 1
    assert cells[Cell(NOVEMBER, "K6.decided_in_colour_target", "rag=RED")] == 0  # after 5 h 22 min


def test_a_challenge_counts_with_its_result_and_its_time(world: World, wanted: Wanted) -> None:
    world.take(a_decision())
    world.later(days=1)
    world.take(a_challenge())
    world.later(days=4)
    world.take(a_challenge_resolved("UPHELD", resolved_at="2026-11-29T10:00:00Z"))
    world.take(a_challenge_resolved("NOT_UPHELD"))
    counted = wanted.count(NOVEMBER).counts
    assert counted[Cell(NOVEMBER, "K13.challenged")] == 1
    assert counted[Cell(NOVEMBER, "K13.challenge_result", "result=UPHELD")] == 1
    assert counted[Cell(NOVEMBER, "K13.challenge_result", "result=NOT_UPHELD")] == 0
    rows = published(counted, (NOVEMBER,), "Northshire MASH")
    assert {one.k for one in rows if one.k == "K13"} == {"K13"}


def test_a_challenge_that_came_before_its_decision_counts_once(world: World, wanted: Wanted) -> None:
    world.take(a_receipt())
    world.take(a_challenge())
    world.take(a_challenge_resolved("REVISED"))
    world.take(a_decision())
    counted = wanted.count(NOVEMBER).counts
    assert counted[Cell(NOVEMBER, "K13.challenged")] == 1
    assert counted[Cell(NOVEMBER, "K13.challenge_result", "result=REVISED")] == 1


def test_what_is_withheld_or_withdrawn_is_held_no_more(world: World, wanted: Wanted) -> None:
    for number, ended in enumerate((a_withholding, a_withdrawal)):
        ref = f"NS-26-E{number}DED0"
        hold = [{"code": "SENSITIVE", "agency_id": None}]
        world.take(a_decision(referral_ref=ref, event_id=an_event_id(ref), hold_codes=hold))
        world.take(ended(referral_ref=ref))
    counted = wanted.count(NOVEMBER).counts
    assert counted[Cell(NOVEMBER, "K15.held", "trigger=SENSITIVE")] == 1  # the other was never decided
    assert counted[Cell(NOVEMBER, "K15.still_held")] == 0
    assert counted[Cell(NOVEMBER, "K15.withheld", "disclosure=WITHHELD_DETRIMENT")] == 1


def test_an_enquiry_is_no_referral(world: World, wanted: Wanted) -> None:
    world.take(an_enquiry("NOTHING_TO_SHARE"))
    assert wanted.count(NOVEMBER).referrals == 0


def test_a_released_hold_and_a_notice_are_told_apart_by_the_services_own_rows(
    world: World, wanted: Wanted
) -> None:
    world.take(a_receipt())
    world.take(a_decision(primary_outcome="EMP", strategy_discussion_at=None))
    assert wanted.count(NOVEMBER).counts[Cell(NOVEMBER, "K15.still_held")] == 1
    world.release()
    world.send_due()
    cells = wanted.count(NOVEMBER).counts
    assert cells[Cell(NOVEMBER, "K15.held", "trigger=EMERGENCY")] == 1
    assert cells[Cell(NOVEMBER, "K15.still_held")] == 0
    assert cells[Cell(NOVEMBER, "K1a.outcome_told")] == 1  # the fixed sentence


def test_a_duplicate_is_counted_once_with_its_original(world: World, wanted: Wanted) -> None:
    world.take(a_receipt())
    world.take(a_decision())
    world.take(
        a_duplicate(referring_agency={"agency_id": "north-probation", "own_ref": "PR-1"}, source_code="7")
    )
    cells = wanted.count(NOVEMBER).counts
    assert (cells[Cell(NOVEMBER, "received")], cells[Cell(NOVEMBER, "K7.duplicates")]) == (2, 1)
    assert cells[Cell(NOVEMBER, "decided")] == 1


def test_an_acknowledgement_that_came_before_its_referral_counts_once_it_is_taken_up(
    world: World, wanted: Wanted
) -> None:
    world.take(an_acknowledgement())
    assert wanted.count(NOVEMBER).counts[Cell(NOVEMBER, "received")] == 0
    world.take(a_receipt())
    counts = wanted.count(NOVEMBER).counts
    assert "ACKNOWLEDGED" in counts.heard
    assert counts[Cell(NOVEMBER, "K3.acknowledged_in_1_working_day")] == 1


def test_a_police_closure_is_counted_by_whom_its_own_update_is_told_to(world: World, wanted: Wanted) -> None:
    world.take(a_decision(involved_agencies=[]))
    world.take(a_plan_change({"agency_id": "north-police", "own_ref": "43261124/0917"}))
    world.send_due()
    world.later(days=1)
    world.take(an_investigation())
    cells = wanted.count(NOVEMBER).counts
    assert (cells[Cell(NOVEMBER, "police_closures")], cells[Cell(NOVEMBER, "police_closures_told")]) == (1, 0)
    world.send_due()
    cells = wanted.count(NOVEMBER).counts
    assert cells[Cell(NOVEMBER, "K17.all_partners_told")] == 1
    assert cells[Cell(NOVEMBER, "police_closures_told")] == 1


def test_a_transfer_that_waits_is_not_decided_until_it_is_accepted(world: World, wanted: Wanted) -> None:
    transfer = {"primary_outcome": "TRF", "strategy_discussion_at": None, "receiving_la": "SOUTHSHIRE"}
    world.take(a_decision(**transfer))
    assert wanted.count(NOVEMBER).counts[Cell(NOVEMBER, "decided")] == 0
    world.take(a_transfer_accepted())
    assert wanted.count(NOVEMBER).counts[Cell(NOVEMBER, "decided")] == 1


def test_decisions_alone_say_who_referred_how_risk_was_assessed_and_whether_the_police_were_followed(
    world: World, wanted: Wanted
) -> None:
    world.take(a_decision(unborn=True))
    public = {"referral_ref": "NS-26-0THER0", "event_id": an_event_id("other"), "source_code": "1A"}
    nothing = {"police_recommended_next_step": None, "recommendation_followed": None}
    alone = {"referring_agency": None, "risk_assessment_mode": "SOCIAL_CARE_ONLY"}
    world.take(a_decision(**public, **nothing, **alone))
    world.send_due()
    cells = wanted.count(NOVEMBER).counts
    assert (cells[Cell(NOVEMBER, "professional_decided")], cells[Cell(NOVEMBER, "K1a.outcome_told")]) == (
        1,
        1,
    )
    assert (cells[Cell(NOVEMBER, "decided_with_mode")], cells[Cell(NOVEMBER, "K10.joint")]) == (2, 1)
    assert (cells[Cell(NOVEMBER, "recommended")], cells[Cell(NOVEMBER, "K9.next_step_followed")]) == (1, 1)
    assert (cells[Cell(NOVEMBER, "unborn")], cells[Cell(NOVEMBER, "unborn?")]) == (1, 0)
    assert cells[Cell(NOVEMBER, "decided", "source_code=1A")] == 1
