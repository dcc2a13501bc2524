"""Whoever was told of a decision by telephone alone hears what follows it: by message, or from a person."""

import pytest

from functions.flows.acting.cancel import cancel, what_would_stop
from functions.flows.acting.done import WhichTask, done
from functions.flows.acting.order import Which
from schemas.codes import ActReason, AgencyType, Channel, TaskKind
from tests.flows.heard import event_rows, forget, mails, posts, told, update_rows
from tests.flows.lives import (
    REF,
    a_case_closed,
    a_challenge,
    a_phone_call,
    a_plan_change,
    a_withdrawal,
    an_enquiry_that_ended,
)
from tests.world import World, a_decision, a_receipt, a_registry, a_revision, an_agency, change_agency

PROBATION, POLICE = "north-probation", "north-police"


def stopped(world: World, agency: str, reason: ActReason = ActReason.TOLD_BY_PHONE) -> None:
    """Somebody stops what is still to be sent to the agency."""
    meant = what_would_stop(Which(REF, agency_id=agency), world.act_desk)
    cancel(meant, world.order(reason), world.act_desk)


def rung(world: World, agency: str | None, reason: ActReason = ActReason.TOLD_BY_PHONE) -> None:
    """Somebody says that the call is made which the decision left to people."""
    kind = TaskKind.CALL_AGENCY if agency else TaskKind.CALL_REFERRER
    done(WhichTask(kind, REF, agency_id=agency), world.order(reason), world.act_desk)


@pytest.fixture
def unreached(world: World) -> World:
    """Probation has no channel, so that only a call may tell it of the decision."""
    change_agency(world, PROBATION, channels=[])
    world.take(a_decision())
    world.send_due()
    forget(world)
    return world


def test_whoever_was_rung_in_the_place_of_a_message_hears_what_follows(world: World) -> None:
    world.take(a_decision())
    stopped(world, PROBATION)
    world.send_due()
    forget(world)
    world.take(an_enquiry_that_ended())
    world.send_due()
    assert told(world) == {POLICE: 3, PROBATION: 3}
    assert "PR-55120" in mails(world)[0].text


def test_whoever_was_stopped_for_another_reason_does_not(world: World) -> None:
    world.take(a_decision())
    stopped(world, PROBATION, ActReason.WRONG_RECIPIENT)
    world.send_due()
    forget(world)
    world.take(an_enquiry_that_ended())
    world.send_due()
    assert told(world) == {POLICE: 3}


def test_of_a_held_child_whoever_was_rung_is_left_to_a_person(world: World) -> None:
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
    stopped(world, PROBATION)
    world.take(an_enquiry_that_ended())
    assert world.send_due() == 0
    assert update_rows(world)[0]["kept_from"] == [POLICE, PROBATION]


def test_whoever_was_rung_about_the_plan_hears_when_the_case_is_closed(world: World) -> None:
    world.apply(a_registry(an_agency("hill-nurse", AgencyType.SCHOOL_NURSING, Channel.WEBHOOK)))
    world.take(a_decision())
    world.take(a_plan_change("hill-nurse"))
    stopped(world, "hill-nurse")
    world.send_due()
    forget(world)
    world.take(a_case_closed(closed_at="2026-11-25T11:00:00Z"))
    world.send_due()
    assert "hill-nurse" in told(world)


def test_an_agency_without_a_channel_that_was_rung_is_rung_about_what_follows(unreached: World) -> None:
    rung(unreached, PROBATION)
    unreached.take(an_enquiry_that_ended())
    unreached.send_due()
    assert told(unreached) == {POLICE: 3}
    assert update_rows(unreached)[0]["kept_from"] == [PROBATION]
    assert unreached.tasks()["CHECK_NOT_TOLD#01#ENQUIRY"]["st"] == "OPEN"


def test_once_it_has_a_channel_it_has_the_message_under_its_own_reference(unreached: World) -> None:
    rung(unreached, PROBATION)
    change_agency(unreached, PROBATION, channels=["email"])
    unreached.take(an_enquiry_that_ended())
    unreached.send_due()
    assert told(unreached) == {POLICE: 3, PROBATION: 3}
    assert "PR-55120" in mails(unreached)[0].text


def test_whoever_was_rung_as_the_case_system_knows_hears_what_follows(unreached: World) -> None:
    unreached.take(a_phone_call(PROBATION))
    change_agency(unreached, PROBATION, channels=["email"])
    unreached.take(an_enquiry_that_ended())
    unreached.send_due()
    assert told(unreached) == {POLICE: 3, PROBATION: 3}
    assert "PR-55120" in mails(unreached)[0].text


def test_a_referrer_that_was_rung_as_the_case_system_knows_hears_what_follows(world: World) -> None:
    change_agency(world, POLICE, channels=[])
    world.take(a_receipt())
    world.take(a_decision())
    world.take(a_phone_call(POLICE))
    change_agency(world, POLICE, channels=["webhook"])
    world.take(an_enquiry_that_ended())
    world.send_due()
    assert POLICE in told(world)


def test_a_call_known_from_the_case_system_does_not_undo_that_a_person_stopped_the_message(
    world: World,
) -> None:
    world.take(a_decision())
    world.take(a_phone_call(PROBATION))
    stopped(world, PROBATION, ActReason.NOT_SAFE_TO_TELL)
    world.send_due()
    forget(world)
    world.take(an_enquiry_that_ended())
    world.send_due()
    assert told(world) == {POLICE: 3}


def test_a_stopped_message_keeps_when_its_reader_was_rung(world: World) -> None:
    world.take(a_decision())
    world.take(a_phone_call(PROBATION))
    stopped(world, PROBATION)
    assert world.delivery(PROBATION, Channel.EMAIL)["phoned_at"] == "2026-11-24T15:40:00.000Z"


def test_of_a_decision_that_was_sent_in_error_whoever_was_rung_is_left_to_a_person(unreached: World) -> None:
    rung(unreached, PROBATION)
    change_agency(unreached, PROBATION, channels=["email"])
    unreached.take(a_withdrawal())
    assert unreached.tasks()["CHECK_NOT_TOLD#01#WITHDRAWAL"]["st"] == "OPEN"
    unreached.send_due()
    forget(unreached)
    unreached.take(an_enquiry_that_ended())
    assert unreached.send_due() == 0
    assert update_rows(unreached)[-1]["kept_from"] == [POLICE, PROBATION]


def test_whoever_was_rung_in_the_place_of_a_message_hears_that_it_was_sent_in_error(world: World) -> None:
    world.take(a_decision())
    stopped(world, PROBATION)
    world.send_due()
    forget(world)
    world.take(a_withdrawal())
    world.send_due()
    assert {pins.agency_id for pins, _ in world.mailbox.mails} == {PROBATION}


def test_whoever_was_rung_and_challenges_hears_what_becomes_of_it(world: World) -> None:
    world.take(a_decision())
    stopped(world, PROBATION)
    world.send_due()
    forget(world)
    world.take(a_challenge(PROBATION))
    world.send_due()
    assert PROBATION in told(world)


@pytest.mark.parametrize("reason", [ActReason.NOT_NEEDED, None])
def test_what_nobody_was_rung_about_is_followed_by_nothing(
    unreached: World, reason: ActReason | None
) -> None:
    if reason is not None:
        rung(unreached, PROBATION, reason)
    unreached.take(an_enquiry_that_ended())
    unreached.send_due()
    assert told(unreached) == {POLICE: 3}
    assert "kept_from" not in update_rows(unreached)[0]


def test_a_call_about_an_older_decision_tells_nobody_of_the_newer(unreached: World) -> None:
    rung(unreached, PROBATION)
    unreached.take(a_revision(decided_at="2026-11-24T16:00:00Z"))
    unreached.take(an_enquiry_that_ended())
    assert "kept_from" not in update_rows(unreached)[0]
    rung(unreached, PROBATION)
    unreached.take(a_case_closed(closed_at="2026-11-25T11:00:00Z"))
    assert update_rows(unreached)[1]["kept_from"] == [PROBATION]


def test_a_referrer_that_was_rung_hears_what_follows_under_its_own_reference(world: World) -> None:
    change_agency(world, POLICE, channels=[])
    world.take(a_decision())
    rung(world, None)
    change_agency(world, POLICE, channels=["webhook"])
    world.take(an_enquiry_that_ended())
    world.send_due()
    (post,) = posts(world)
    assert (post["own_ref"], post["level"]) == ("43261124/0917", 3)


def test_an_agency_that_left_the_registry_and_was_rung_is_rung_about_what_follows(world: World) -> None:
    world.take(a_decision())
    world.send_due()
    change_agency(world, PROBATION, status="INACTIVE")
    world.take(a_revision(involved_agencies=[]))
    rung(world, PROBATION)
    world.take(an_enquiry_that_ended())
    assert update_rows(world)[0]["kept_from"] == [PROBATION]


def test_an_agency_that_lost_its_channels_since_is_left_to_a_person(world: World) -> None:
    world.take(a_decision())
    world.send_due()
    change_agency(world, PROBATION, channels=[])
    world.take(an_enquiry_that_ended())
    assert update_rows(world)[0]["kept_from"] == [PROBATION]
    assert event_rows(world, "MILESTONE_S47_OUTCOME")
