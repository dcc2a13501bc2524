"""What follows a decision is told to everybody who was told of it, once, in order, and never in its place."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest

from functions.adapters.ledger import keys
from functions.domain.delivery import Answer
from functions.domain.series import moment_of
from schemas.codes import AgencyType, AttemptResult, Channel, Level, Outcome, Role, Series
from schemas.entitlement import LoweredLevel
from tests.flows.accounts import reckoned
from tests.flows.heard import child, decided, event_rows, forget, mails, posts, told, update_rows, updates
from tests.flows.lives import (
    NEXT_DAY,
    REF,
    a_case_closed,
    a_conference_held,
    a_plan_change,
    a_transfer_accepted,
    an_assessment_complete,
    an_enquiry_that_ended,
    an_investigation,
)
from tests.flows.sweeps import fails, sweep
from tests.flows.untold import AT_11, until
from tests.world import (
    Wire,
    World,
    a_decision,
    a_duplicate,
    a_hub_directory,
    a_receipt,
    a_registry,
    a_revision,
    an_agency,
    an_event_id,
)

COPY: Final = "NS-26-D0PL1C"
Builder = Callable[..., Wire]

MILESTONES: Final[dict[Series, tuple[Builder, str]]] = {
    Series.ASSESSMENT: (an_assessment_complete, "completed_at"),
    Series.ENQUIRY: (an_enquiry_that_ended, "ended_at"),
    Series.CONFERENCE: (a_conference_held, "held_at"),
    Series.TRANSFER: (a_transfer_accepted, "accepted_at"),
}
EVERYTHING: Final[dict[Series, tuple[Builder, str]]] = {
    **MILESTONES,
    Series.PLAN: (a_plan_change, "changed_at"),
    Series.CLOSED: (a_case_closed, "closed_at"),
    Series.POLICE_CASE: (an_investigation, "changed_at"),
}

each_milestone = pytest.mark.parametrize("series", MILESTONES)
each_event = pytest.mark.parametrize("series", EVERYTHING)


def happened(series: Series, at: str = NEXT_DAY, **changes: Any) -> Wire:
    build, moment = EVERYTHING[series]
    return build(**{moment: at, **changes})


def heard_of(world: World, series: Series) -> list[str]:
    """The newest moments that the child keeps of the series, one for each matter in it."""
    return [at for name, at in child(world).items() if name.startswith(moment_of(series))]


# --- told


@each_milestone
def test_a_milestone_is_told_to_everybody_who_was_told_of_the_decision(world: World, series: Series) -> None:
    decided(world)
    world.take(happened(series))
    assert world.kinds()[-2:] == ["LIFECYCLE", "UPDATE"]
    assert world.send_due() == 2
    (post,), (mail,) = posts(world), mails(world)
    assert (post["message_type"], post["news"]["series"]) == ("MILESTONE_UPDATE", series)
    assert post["news"]["happened_at"] == NEXT_DAY
    assert post["own_ref"] == "43261124/0917"
    assert mail.subject == "OFFICIAL-SENSITIVE: NS-26-7KQ4ZP - update on a referral"
    assert "on 25 November 2026" in " ".join(mail.text.split())
    assert post["police_form"]["status"] == "UNKNOWN"
    assert "POLICE RISK-ASSESSMENT FORM" in mail.text


def test_the_rows_say_what_happened_in_codes_and_who_was_told(world: World) -> None:
    decided(world)
    world.take(an_enquiry_that_ended())
    said, update = world.rows()[-2:]
    assert (said["event_type"], said["child"], said["result"], said["ended_at"]) == (
        "MILESTONE_S47_OUTCOME",
        1,
        "S17_SERVICES",
        NEXT_DAY,
    )
    assert (update["series"], update["dver"], update["ra"]) == ("ENQUIRY", 1, "UNKNOWN")
    assert update["recipients"] == [
        "north-police#webhook#3#UENQUIRY",
        "north-probation#email#3#UENQUIRY",
    ]


def test_what_an_assessment_led_to_is_read_by_those_who_read_plans(world: World) -> None:
    school = an_agency("hill-school", AgencyType.SCHOOL, Channel.WEBHOOK)
    world.apply(a_registry(school))
    involved = [{"agency_id": "hill-school", "own_ref": "HS/204", "holds_plan_role": False}]
    decided(world, primary_outcome="S17", strategy_discussion_at=None, involved_agencies=involved)
    world.take(an_assessment_complete())
    world.send_due()
    (police,), (school_post,) = posts(world), posts(world, "hill-school")
    assert police["plan"]["status"] == "CIN_PLAN"
    assert "The plan now: child in need plan." in police["news"]["text"]
    assert school_post["plan"] is None
    assert "child in need" not in json.dumps(school_post)


def test_an_allegation_beside_lowers_no_update(world: World) -> None:
    """Told by itself, to fewer agencies, it says nothing about who hears of the section 47 enquiry."""
    decided(world, additional_outcomes=["LAD"])
    world.take(an_enquiry_that_ended())
    world.send_due()
    assert told(world) == {"north-police": 3, "north-probation": 3}


def test_nobody_hears_of_a_decision_that_no_longer_holds_for_them(world: World) -> None:
    """The newest decision's readers are told; whoever a person stopped is none."""
    decided(world)
    world.take(a_revision())
    world.send_due()
    forget(world)
    world.take(an_assessment_complete())
    world.send_due()
    assert told(world) == {"north-police": 3, "north-probation": 3}
    assert [item["dver"] for item in updates(world)] == [1, 1]


@each_event
def test_the_same_event_again_is_told_once(world: World, series: Series) -> None:
    decided(world)
    for _ in range(2):
        world.take(happened(series))
    assert len(update_rows(world)) == 1
    assert world.kinds()[-1] == "EVENT_DUPLICATE"


@pytest.mark.finding(24)
def test_finding_24_a_transfer_that_is_accepted_is_told_and_the_child_learns_it(world: World) -> None:
    decided(world, primary_outcome="TRF", receiving_la="SOUTHSHIRE", strategy_discussion_at=None)
    assert "transfer_accepted_by" not in child(world)
    world.take(a_transfer_accepted())
    world.send_due()
    assert child(world)["transfer_accepted_by"] == "SOUTHSHIRE"
    (post,) = posts(world)
    assert post["news"]["receiving_la"] == "SOUTHSHIRE"
    (mail,) = mails(world)
    assert "Southshire Council accepted the transfer on 25 November 2026." in " ".join(mail.text.split())


def test_a_council_that_the_hub_does_not_list_is_not_named(world: World) -> None:
    decided(world, primary_outcome="TRF", receiving_la="SOUTHSHIRE", strategy_discussion_at=None)
    world.take(a_transfer_accepted(receiving_la="OLIVER_CANARY"))
    world.send_due()
    (post,) = posts(world)
    assert post["news"]["receiving_la"] is None
    assert "The other council accepted the transfer" in post["news"]["text"][1]


# --- in its time


@each_event
def test_what_comes_before_the_decision_waits_for_it(world: World, series: Series) -> None:
    world.take(a_receipt())
    world.take(happened(series))
    waiting = world.rows()[-1]
    assert (waiting["type"], waiting["waits_for"]) == ("LIFECYCLE", "DECISION")
    assert world.send_due() == 0
    world.take(a_decision())
    taken_up = event_rows(world, waiting["event_type"])[-1]
    assert taken_up["waited_since"] == waiting["at"]
    assert [row["series"] for row in update_rows(world)] == [series]


@pytest.mark.parametrize("series", sorted(EVERYTHING.keys() - {Series.POLICE_CASE}))
def test_a_child_that_the_referral_does_not_list_is_waited_for_as_well(world: World, series: Series) -> None:
    """A decision needs no arrival, so it may still come; of what the police say nothing is kept for it."""
    world.take(a_receipt(1))
    world.take(happened(series, child_index=2))
    assert world.rows()[-1]["waits_for"] == "DECISION"
    world.take(a_decision())
    assert update_rows(world) == []
    world.take(a_decision(child_index=2, event_id=an_event_id("second")))
    assert [(row["series"], row["child"]) for row in update_rows(world)] == [(series, 2)]


@each_event
def test_what_is_older_than_the_newest_of_its_series_is_recorded_and_told_to_nobody(
    world: World, series: Series, caplog: pytest.LogCaptureFixture
) -> None:
    decided(world)
    world.take(happened(series))
    world.take(happened(series, at="2026-11-25T09:59:59Z"))
    newest, late = event_rows(world, happened(series)["event_type"])
    assert (late["stale"], newest.get("stale")) == (True, None)
    assert len(update_rows(world)) == 1
    assert heard_of(world, series) == ["2026-11-25T10:00:00.000Z"]
    assert caplog.messages.count("EVENT_STALE") == 1


@each_milestone
def test_what_is_put_right_under_the_same_moment_is_told_again(world: World, series: Series) -> None:
    decided(world)
    world.take(happened(series))
    world.send_due()
    world.take(happened(series, event_id=an_event_id("once more")))
    assert [row["dver"] for row in update_rows(world)] == [1, 2]


@each_milestone
def test_a_newer_one_takes_the_place_of_one_that_was_not_sent_yet(world: World, series: Series) -> None:
    decided(world)
    world.take(happened(series))
    world.take(happened(series, at="2026-11-25T11:00:00Z"))
    world.send_due()
    assert [post["news"]["number"] for post in posts(world)] == [2]
    assert {item["dver"]: item["st"] for item in updates(world)} == {1: "SUPERSEDED", 2: "SENT"}


def test_another_series_and_the_decision_itself_are_never_replaced(world: World) -> None:
    world.take(a_decision())
    world.take(an_enquiry_that_ended())
    world.take(a_conference_held())
    assert world.send_due() == 6


@each_event
def test_siblings_are_told_apart(world: World, series: Series) -> None:
    decided(world)
    decided(world, child_index=2, event_id=an_event_id("second"))
    world.take(happened(series, child_index=2))
    assert [(row["child"], row["dver"]) for row in update_rows(world)] == [(2, 1)]
    assert heard_of(world, series) == []


# --- moments that cannot be


@each_event
@pytest.mark.parametrize("known", ["REFERRAL_RECEIVED", "DECIDED", None])
def test_a_moment_more_than_a_day_ahead_is_refused_by_its_field(
    world: World, series: Series, known: str | None
) -> None:
    """Whether it could be told yet or not: once it had waited, it would not be ahead any more."""
    if known:
        world.take(a_decision() if known == "DECIDED" else a_receipt())
    world.take(happened(series, at="2026-11-25T15:02:31Z"))
    (refused,) = world.refused()
    assert (refused["field"], refused["reason"]) == (EVERYTHING[series][1], "IN_THE_FUTURE")
    assert event_rows(world, happened(series)["event_type"]) == []


@each_event
def test_a_day_ahead_is_taken_as_it_comes(world: World, series: Series) -> None:
    decided(world)
    world.take(happened(series, at="2026-11-25T15:02:30Z"))
    assert len(update_rows(world)) == 1


@each_event
@pytest.mark.parametrize("known", ["REFERRAL_RECEIVED", "DECIDED"])
def test_a_moment_before_the_referral_was_received_is_refused_by_its_field(
    world: World, series: Series, known: str
) -> None:
    world.take(a_decision() if known == "DECIDED" else a_receipt())
    world.take(happened(series, at="2026-11-24T09:39:59Z"))
    (refused,) = world.refused()
    assert (refused["field"], refused["reason"]) == (EVERYTHING[series][1], "BEFORE_RECEIPT")
    world.take(happened(series, at="2026-11-24T09:40:00Z"))
    assert len(world.refused()) == 1


def test_what_waited_is_refused_where_it_turns_out_to_be_older_than_its_referral(world: World) -> None:
    world.take(an_enquiry_that_ended(ended_at="2026-11-24T09:00:00Z"))
    world.take(a_decision())
    refused = event_rows(world, "MILESTONE_S47_OUTCOME")[-1]
    assert (refused["field"], refused["reason"]) == ("ended_at", "BEFORE_RECEIPT")
    assert update_rows(world) == []


# --- who must not hear it from us, and who hears it otherwise


@each_event
def test_a_child_that_is_held_has_nobody_told_and_a_person_asked(world: World, series: Series) -> None:
    decided(world, hold_codes=[{"code": "SENSITIVE"}])
    world.take(happened(series))
    assert world.send_due() == 0
    (row,) = update_rows(world)
    assert row["recipients"] == []
    assert set(row["kept_from"]) <= {"north-police", "north-probation"}
    assert f"CHECK_NOT_TOLD#01#{series}" in world.tasks()


@each_milestone
def test_an_agency_with_linked_staff_is_left_to_a_person_and_the_others_are_told(
    world: World, series: Series
) -> None:
    decided(world, hold_codes=[{"code": "STAFF_LINK", "agency_id": "north-probation"}])
    world.take(happened(series))
    world.send_due()
    (row,) = update_rows(world)
    assert row["kept_from"] == ["north-probation"]
    assert told(world) == {"north-police": 3}
    assert f"CHECK_NOT_TOLD#01#{series}" in world.tasks()


@each_milestone
def test_with_nobody_left_to_tell_the_events_row_stands_alone(
    world: World, series: Series, caplog: pytest.LogCaptureFixture
) -> None:
    decided(world, referring_agency=None, involved_agencies=[])
    world.take(happened(series))
    assert world.kinds()[-1] == "LIFECYCLE"
    assert world.rows()[-1]["nobody"] is True
    assert update_rows(world) == []
    assert "UPDATE_FOR_NOBODY" in caplog.messages


def test_a_hub_that_tells_an_agency_nothing_has_nothing_told(world: World) -> None:
    """Lowered since the decision was told."""
    decided(world, involved_agencies=[])
    nothing = LoweredLevel(
        agency_type=AgencyType.POLICE, role=Role.REFERRER, outcome=Outcome.S47J, level=Level.NOTHING
    )
    world.apply(a_registry(hub=a_hub_directory(lowered=(nothing,))))
    world.take(an_enquiry_that_ended())
    assert world.rows()[-1]["nobody"] is True


@each_event
def test_a_duplicates_own_referral_tells_nobody(world: World, series: Series) -> None:
    """Its readers were told under the original; what happens to the child happens there."""
    world.apply(a_registry(an_agency("hill-school", AgencyType.SCHOOL, Channel.WEBHOOK)))
    decided(world)
    world.take(a_duplicate())
    world.send_due()
    forget(world)
    world.take(happened(series, referral_ref=COPY))
    assert world.send_due() == 0
    assert update_rows(world, COPY) == []
    assert event_rows(world, happened(series)["event_type"], COPY)[0]["nobody"] is True


@each_milestone
def test_a_duplicates_reader_hears_it_under_their_own_reference_alone(world: World, series: Series) -> None:
    nurse = an_agency("hill-nurse", AgencyType.SCHOOL_NURSING, Channel.WEBHOOK)
    world.apply(a_registry(nurse))
    decided(world)
    world.take(
        a_duplicate(referring_agency={"agency_id": "hill-nurse", "own_ref": "SN/204"}, source_code="3C")
    )
    world.send_due()
    forget(world)
    world.take(happened(series))
    world.send_due()
    (post,) = posts(world, "hill-nurse")
    assert (post["referral_ref"], post["own_ref"]) == (COPY, "SN/204")
    assert REF not in json.dumps(post)
    assert told(world) == {"north-police": 3, "north-probation": 3, "hill-nurse": 3}


def test_a_duplicate_that_left_hears_no_more_of_the_original(world: World) -> None:
    world.apply(a_registry(an_agency("hill-school", AgencyType.SCHOOL, Channel.WEBHOOK)))
    decided(world)
    world.take(a_duplicate())
    own: Wire = {"primary_outcome": "NFA", "duplicate_of": None, "duplicate_of_child": None}
    world.take(a_duplicate(seq=2, event_type="DECISION_REVISED", supersedes=1, **own))
    world.send_due()
    forget(world)
    world.take(an_enquiry_that_ended())
    world.send_due()
    assert told(world) == {"north-police": 3, "north-probation": 3}


# --- what it asks of nobody


@each_milestone
def test_one_that_arrived_calls_nobody(world: World, series: Series) -> None:
    decided(world)
    world.take(happened(series))
    world.send_due()
    world.later(days=3)
    world.send_due()
    assert [sk for sk in world.tasks() if sk.endswith(series)] == []


@each_milestone
def test_no_update_is_urgent_however_urgent_the_decision(world: World, series: Series) -> None:
    """Of an urgent decision somebody rings two hours on, in the evening; of this, when the office is open."""
    decided(world, involved_agencies=[])
    world.take(happened(series))
    for channel in Channel:
        fails(world, channel)
    for due_at, called in ((AT_11 - timedelta(hours=1), False), (AT_11 + timedelta(minutes=1), True)):
        until(world, due_at)
        sweep(world)
        assert any(sk.startswith("CALL_UNTOLD") and sk.endswith(series) for sk in world.tasks()) == called


def test_a_day_of_updates_leaves_no_account_open(world: World) -> None:
    for door in world.doors.values():
        door.otherwise = Answer(AttemptResult.SUCCESS, provider_id="ses-1", response_sha256="0" * 64)
    world.take(a_receipt(source_seq=None))
    world.take(happened(Series.ENQUIRY, at="2026-11-24T15:00:00Z"))
    decided(world, source_seq=None)
    for series in EVERYTHING:
        world.take(happened(series))
        world.send_due()
    world.take(happened(Series.ENQUIRY, at="2026-11-24T16:00:00Z", event_id=an_event_id("late")))
    assert reckoned(world).findings == ()


def test_no_row_or_key_of_an_update_holds_an_agencys_own_reference(world: World) -> None:
    decided(world)
    world.take(a_plan_change({"agency_id": "north-probation", "own_ref": "PR-55120"}))
    rows = json.dumps(world.rows(), default=str)
    assert "PR-55120" not in rows
    assert keys.referral(REF) in rows
