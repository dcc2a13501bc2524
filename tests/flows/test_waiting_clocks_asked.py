"""What agencies are asked for before a decision, and events that come before their time: both are looked
for."""

from datetime import UTC, datetime, timedelta

import pytest

from functions.adapters.ledger.keys import ClockKey
from functions.adapters.ledger.store import to_item
from functions.domain.life_clocks.clock import Which
from functions.flows.acting.done import WhichTask, done
from schemas.agency import Mailbox
from schemas.codes import ActReason, AgencyType, Channel, ClockEnd, ClockKind, TaskKind
from tests.flows.lives import a_case_closed, an_acknowledgement, an_event
from tests.flows.silences import JUST_RECEIVED, clock, clocks, due_clocks, fire_due, fired, said
from tests.flows.sweeps import REF, rows_of
from tests.world import Wire, World, a_decision, a_receipt, a_registry, a_revision, an_agency, an_event_id

ASKED_BY = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PROBATION = (ClockKind.CONTRIBUTE, 1, "north-probation")
CHASE = "CHASE_CONTRIBUTION#01#north-probation"
NEEDS_MORE: Wire = {"primary_outcome": "INF", "strategy_discussion_at": None, "agencies_contributing": []}


@pytest.fixture
def asked(world: World) -> World:
    """Probation was asked, until noon."""
    world.now = JUST_RECEIVED
    world.take(a_receipt())
    world.take(an_acknowledgement("north-probation"))
    return world


def test_an_agency_that_does_not_answer_is_asked_again_by_a_duty_worker(asked: World) -> None:
    asked.now = ASKED_BY - timedelta(milliseconds=1)
    assert due_clocks(asked) == []
    asked.now = ASKED_BY
    assert fire_due(asked) == 1
    (row,) = fired(asked)
    assert said(row, "clock", "task", "task_agency", "role", "due_at") == (
        "CONTRIBUTE",
        "CHASE_CONTRIBUTION",
        "north-probation",
        "MASH_DUTY_WORKER",
        "2026-11-25T12:00:00.000Z",
    )
    assert asked.tasks()[CHASE]["agency"] == "north-probation"
    assert fire_due(asked) == 0


def test_a_decision_in_time_ends_what_was_asked(asked: World) -> None:
    asked.take(a_decision())
    asked.now = ASKED_BY
    assert due_clocks(asked) == []
    assert clock(asked, *PROBATION).end is ClockEnd.ANSWERED


def test_a_decision_that_comes_later_ends_the_task(asked: World) -> None:
    asked.now = ASKED_BY
    fire_due(asked)
    asked.take(a_decision())
    assert asked.tasks()[CHASE]["st"] == "DONE"


@pytest.mark.parametrize(("outcome", "until"), [({}, "ANSWERED"), (NEEDS_MORE, "FIRED")])
def test_what_a_decision_left_running_rings_nobody_where_it_was_final(
    asked: World, outcome: Wire, until: str
) -> None:
    """An earlier release left these where a decision had no room for them."""
    name = ClockKey(REF, Which(*PROBATION)).sk
    before = asked.intake_desk.intake.referral(REF).clocks[name]
    asked.take(a_decision(**outcome))
    asked.store.client.put_item(TableName=asked.store.state, Item=to_item(before))
    asked.now = ASKED_BY
    assert fire_due(asked) >= 1
    assert clocks(asked)["CONTRIBUTE#01#north-probation"] == until
    assert (CHASE in asked.tasks()) is (until == "FIRED")


def test_more_information_needed_ends_it_for_whoever_has_contributed(asked: World) -> None:
    asked.take(a_decision(**NEEDS_MORE))
    assert clock(asked, *PROBATION).runs
    asked.take(a_revision(**{**NEEDS_MORE, "agencies_contributing": ["north-probation"]}))
    assert clock(asked, *PROBATION).end is ClockEnd.ANSWERED


def test_a_person_who_has_heard_ends_the_task_by_hand(asked: World) -> None:
    asked.now = ASKED_BY
    fire_due(asked)
    which = WhichTask(TaskKind.CHASE_CONTRIBUTION, REF, 1, "north-probation")
    done(which, asked.order(ActReason.SORTED_OUT), asked.act_desk)
    assert asked.tasks()[CHASE]["st"] == "DONE"


def test_an_agency_is_known_by_its_id_whichever_name_was_used(world: World) -> None:
    world.apply(a_registry(an_agency("hill-crc", AgencyType.PROBATION, Channel.EMAIL, aliases=("crc",))))
    world.now = JUST_RECEIVED
    world.take(a_receipt())
    world.take(an_acknowledgement("crc"))
    assert "CONTRIBUTE#01#hill-crc" in clocks(world)


def test_asked_again_it_has_until_the_new_time_and_the_old_task_ends(asked: World) -> None:
    asked.now = ASKED_BY
    fire_due(asked)
    again = {"acknowledged_at": "2026-11-24T12:00:00Z", "contribute_by": "2026-11-24T14:00:00Z"}
    asked.take(an_acknowledgement("north-probation", **again))
    assert asked.tasks()[CHASE]["st"] == "DONE"
    asked.now = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
    fire_due(asked)
    assert asked.tasks()[CHASE]["st"] == "OPEN"


# --- a decision for as many as one transaction takes


def crowd() -> list[str]:
    return [f"agency-{number:02d}" for number in range(19)]


def test_a_decision_for_twenty_agencies_on_two_channels_fits_with_every_clock(world: World) -> None:
    """All of them asked and late, the decision and the acknowledgement as well: nothing that is set or ended
    is left out."""
    both = (Channel.EMAIL, Channel.WEBHOOK)
    police = an_agency("north-police", AgencyType.POLICE, *both)
    others = [an_agency(name, AgencyType.OTHER_HEALTH, *both) for name in crowd()]
    world.directory.apply(
        a_registry(*others).model_copy(update={"agency": (police, *others)}),
        applier="duty-engineer",
        now=world.now,
        allow_removal=True,
    )
    world.now = JUST_RECEIVED
    world.take(a_receipt())
    world.take(an_acknowledgement(*crowd()[:10]))
    world.take(an_acknowledgement(*crowd()[10:], acknowledged_at="2026-11-24T10:00:01Z"))
    world.now = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
    fire_due(world)
    involved = [{"agency_id": name, "own_ref": "X-1001", "holds_plan_role": True} for name in crowd()]
    world.take(a_decision(involved_agencies=involved, agencies_contributing=[], plan_status="CP_PLAN"))
    assert world.refused() == []
    assert len(rows_of(world, "DECISION")[0]["recipients"]) == 40
    standing = clocks(world)
    assert standing["DECIDE#01"] == "ANSWERED"
    assert {"ASSESSMENT#01", "CONFERENCE#01", "PLAN#01", "JOINT#01"} <= {
        name for name, until in standing.items() if until.startswith("20")
    }
    assert world.tasks()["DECIDE_LATE#01"]["st"] == "DONE"
    assert {world.tasks()[f"CHASE_CONTRIBUTION#01#{name}"]["st"] for name in crowd()} == {"DONE"}
    assert {until for name, until in standing.items() if name.startswith("CONTRIBUTE")} == {"ANSWERED"}


# --- an event that waits for its time


def test_an_event_whose_referral_does_not_come_is_looked_for_after_a_working_day(world: World) -> None:
    world.now = JUST_RECEIVED
    world.take(an_acknowledgement())
    (waiting,) = world.rows()
    (name,) = clocks(world)
    assert waiting["clocks"] == [f"{name} 2026-11-25T09:41:00.000Z"]
    world.now = datetime(2026, 11, 25, 9, 41, tzinfo=UTC)
    assert fire_due(world) == 1
    (row,) = fired(world)
    assert said(row, "clock", "task", "role") == ("EARLY", "CHECK_EARLY_EVENT", "MASH_MANAGER")
    assert fire_due(world) == 0


def test_one_that_is_taken_up_in_time_is_not_looked_for(world: World) -> None:
    world.now = JUST_RECEIVED
    world.take(an_acknowledgement())
    world.take(a_receipt())
    (name,) = [one for one in clocks(world) if one.startswith("EARLY")]
    assert clocks(world)[name] == "ANSWERED"
    assert clocks(world)["ACKNOWLEDGE#00"] == "ANSWERED"


def test_one_that_is_taken_up_late_ends_its_task(world: World) -> None:
    world.now = JUST_RECEIVED
    world.take(a_case_closed(closed_at="2026-11-24T15:30:00Z", occurred_at="2026-11-24T15:30:00Z"))
    world.later(days=2)
    assert fire_due(world) == 1
    ((name, task),) = world.tasks().items()
    assert (name.startswith("CHECK_EARLY_EVENT#01#"), task["st"]) == (True, "OPEN")
    world.take(a_decision())
    assert world.tasks()[name]["st"] == "DONE"
    taken_up = [row for row in rows_of(world, "LIFECYCLE") if "waited_since" in row]
    assert said(taken_up[0], "ended", "ended_as") == ([f"TASK#{name}"], "ANSWERED")


def test_one_that_turns_out_wrong_is_not_looked_for_any_more(world: World) -> None:
    world.now = JUST_RECEIVED
    world.take(an_acknowledgement("nobody-knows"))
    world.later(days=2)
    fire_due(world)
    world.take(a_receipt())
    refused = [row for row in world.rows() if "refused_copy" in row]
    assert said(refused[0], "ended_as") == ("ANSWERED",)
    assert [task["st"] for name, task in world.tasks().items() if name.startswith("CHECK_EARLY")] == ["DONE"]


def test_each_event_that_waits_is_looked_for_by_itself(world: World) -> None:
    world.now = JUST_RECEIVED
    world.take(an_acknowledgement())
    world.take(an_acknowledgement(event_id=an_event_id("another"), rag="AMBER"))
    assert len(clocks(world)) == 2


def test_a_probation_enquiry_starts_no_clock(world: World) -> None:
    """Whether this release takes it in or refuses it."""
    enquiry = {
        "referral_ref": "NS-26-ENQ001",
        "agency_id": "north-probation",
        "received_at": "2026-11-24T09:40:00Z",
    }
    world.take(an_event("PROBATION_ENQUIRY", **enquiry))
    assert clocks(world, "NS-26-ENQ001") == {}


def test_whoever_has_no_mailbox_to_be_asked_in_is_waited_for_all_the_same(world: World) -> None:
    school = an_agency(
        "hill-school",
        AgencyType.SCHOOL,
        Channel.EMAIL,
        email=Mailbox(address="office@hill-school.example", verified_at=world.now.date()),
    )
    world.apply(a_registry(school))
    world.now = JUST_RECEIVED
    world.take(a_receipt())
    world.take(an_acknowledgement("hill-school"))
    assert "CONTRIBUTE#01#hill-school" in clocks(world)
