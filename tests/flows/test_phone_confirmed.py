"""An agency was told by telephone, as the case system knows: nobody need ring it about that any more."""

from typing import Any

import pytest

from functions.adapters.ledger import keys
from functions.domain.delivery import Answer
from functions.domain.measures.said import calls
from functions.domain.reconciliation.evidence import Row
from schemas.codes import AgencyType, AttemptResult, Channel, ErrorWord, ReleaseReason
from tests.flows.accounts import reckoned
from tests.flows.lives import a_phone_call
from tests.flows.sweeps import rows_of
from tests.world import (
    BOTH,
    World,
    a_decision,
    a_receipt,
    a_registry,
    a_revision,
    an_agency,
    change_agency,
)

FOR_GOOD = Answer(AttemptResult.FAILED, retryable=False, error=ErrorWord.E_PROVIDER)
CALL = "CALL_UNTOLD#01#north-probation"


def not_told(world: World) -> None:
    """Mail to probation failed for good, and somebody is to ring."""
    world.take(a_decision())
    world.mailbox.answers = [FOR_GOOD]
    world.send_due()
    world.send_due()
    assert world.tasks()[CALL]["st"] == "OPEN"


def test_the_call_about_it_ends_and_its_clock_stops(world: World) -> None:
    not_told(world)
    world.take(a_phone_call())
    row = world.rows()[-1]
    assert (row["type"], row["event_type"], row["agency_id"]) == (
        "LIFECYCLE",
        "PHONE_CONFIRMED",
        "north-probation",
    )
    assert row["ended"] == [f"TASK#{CALL}"]
    assert row["reader_role"] == "DUTY_WORKER"
    assert world.tasks()[CALL]["st"] == "DONE"
    item = world.delivery("north-probation", Channel.EMAIL)
    assert item["phoned_at"] == "2026-11-24T15:40:00.000Z"
    assert "watch_pk" not in item


def test_nobody_is_called_because_it_was_not_read(world: World) -> None:
    world.take(a_decision())
    world.send_due()
    world.take(a_phone_call("north-police"))
    world.later(days=2)
    world.send_due()
    assert "CALL_UNREAD#01#north-police" not in world.tasks()


def test_a_call_about_another_agency_goes_on(world: World) -> None:
    not_told(world)
    world.take(a_phone_call("north-police"))
    assert world.tasks()[CALL]["st"] == "OPEN"


def test_a_call_about_a_newer_version_goes_on(world: World) -> None:
    """Told by telephone was the first; what the second says nobody has heard yet."""
    world.take(a_decision())
    world.send_due()
    world.take(a_revision())
    world.mailbox.answers = [FOR_GOOD]
    world.send_due()
    world.send_due()
    world.take(a_phone_call())
    assert world.tasks()[CALL]["st"] == "OPEN"
    assert "phoned_at" not in world.delivery("north-probation", Channel.EMAIL, seq=2)


def test_the_call_to_an_agency_that_no_message_reaches_ends(world: World) -> None:
    world.apply(a_registry(an_agency("hill-nurse", AgencyType.SCHOOL_NURSING)))
    nurse = {"agency_id": "hill-nurse", "own_ref": "SN-1001", "holds_plan_role": False}
    world.take(a_decision(involved_agencies=[nurse]))
    assert world.tasks()["CALL_AGENCY#01#hill-nurse"]["st"] == "OPEN"
    world.take(a_phone_call("hill-nurse"))
    assert world.tasks()["CALL_AGENCY#01#hill-nurse"]["st"] == "DONE"


def test_the_call_to_the_referrer_ends_where_the_referral_names_it(world: World) -> None:
    world.apply(a_registry(an_agency("hill-nurse", AgencyType.SCHOOL_NURSING)))
    nurse = {"agency_id": "hill-nurse", "own_ref": "SN-1001"}
    world.take(a_receipt(referring_agency=nurse, source_code="3C"))
    world.take(a_decision(referring_agency=nurse))
    assert world.tasks()["CALL_REFERRER#01"]["st"] == "OPEN"
    world.take(a_phone_call("hill-nurse"))
    assert world.tasks()["CALL_REFERRER#01"]["st"] == "DONE"


@pytest.mark.parametrize(
    ("code", "agency", "task"),
    [
        ("SENSITIVE", None, "RELEASE_CHILD#01"),
        ("STAFF_LINK", "north-probation", "RELEASE_AGENCY#01#north-probation"),
    ],
)
def test_what_is_held_is_not_told_because_somebody_says_so(
    world: World, code: str, agency: str | None, task: str
) -> None:
    world.take(a_decision(hold_codes=[{"code": code, "agency_id": agency}]))
    before = world.delivery("north-probation", Channel.EMAIL)
    world.take(a_phone_call())
    assert world.rows()[-1]["still_held"] is True
    assert world.tasks()[task]["st"] == "OPEN"
    assert world.delivery("north-probation", Channel.EMAIL) == before


EMERGENCY: dict[str, Any] = {"primary_outcome": "EMP"}


def rung_first(world: World, **decision: Any) -> None:
    """Emergency protection, and the police were rung before anything of it may go."""
    world.take(a_decision(**EMERGENCY, **decision))
    world.later(minutes=10)
    world.take(a_phone_call("north-police", phoned_at="2026-11-24T15:10:00Z"))


def test_of_emergency_protection_the_call_that_comes_first_is_kept_and_ends_no_hold(world: World) -> None:
    rung_first(world)
    row, item = world.rows()[-1], world.delivery("north-police", Channel.WEBHOOK)
    assert (row["rung_first"], "still_held" in row) == (True, False)
    assert (item["phoned_at"], item["held"]) == ("2026-11-24T15:10:00.000Z", ["EMERGENCY"])
    assert "phoned_at" not in world.delivery("north-probation", Channel.EMAIL)
    assert {name: task["st"] for name, task in world.tasks().items()} == {"RELEASE_CHILD#01": "OPEN"}
    assert world.send_due() == 0


def test_once_that_is_released_whoever_was_rung_first_is_sent_it_and_not_rung_again(world: World) -> None:
    rung_first(world)
    assert world.release(reason=ReleaseReason.TOLD_BY_PHONE_FIRST).due == 2
    world.send_due()
    assert {pins.agency_id for pins, _ in world.police.sent} == {"north-police"}
    assert world.delivery("north-police", Channel.WEBHOOK)["phoned_at"] == "2026-11-24T15:10:00.000Z"
    world.later(days=2)
    world.send_due()
    assert {name for name in world.tasks() if "CALL_" in name} == set()


def test_both_accounts_of_the_day_agree_on_whoever_was_rung_first(world: World) -> None:
    rung_first(world)
    assert reckoned(world).findings == ()
    world.release()
    world.send_due()
    assert [one for one in reckoned(world).findings if one.code != "SENT_WITHOUT_PROOF"] == []


def test_a_call_that_came_first_counts_from_when_it_was_made(world: World) -> None:
    rung_first(world)
    (call,) = calls([Row(row["sk"], keys.seq_of(row["sk"]), row) for row in world.rows()])
    assert (call.agency_id, call.at.isoformat()) == ("north-police", "2026-11-24T15:10:00+00:00")


@pytest.mark.parametrize("code", ["SENSITIVE", "STAFF_LINK"])
def test_where_something_else_holds_it_too_that_it_was_told_is_not_believed(world: World, code: str) -> None:
    agency = "north-police" if code == "STAFF_LINK" else None
    rung_first(world, hold_codes=[{"code": code, "agency_id": agency}])
    assert world.rows()[-1]["still_held"] is True
    assert "rung_first" not in world.rows()[-1]
    assert "phoned_at" not in world.delivery("north-police", Channel.WEBHOOK)


def test_of_two_channels_of_which_one_is_not_verified_the_agency_does_not_count_as_told(world: World) -> None:
    world.apply(a_registry(an_agency("hill-nurse", AgencyType.SCHOOL_NURSING, *BOTH)))
    change_agency(world, "hill-nurse", verified_at=None)
    nurse = {"agency_id": "hill-nurse", "own_ref": "SN-1001", "holds_plan_role": False}
    world.take(a_decision(**EMERGENCY, involved_agencies=[nurse]))
    world.later(minutes=10)
    world.take(a_phone_call("hill-nurse", phoned_at="2026-11-24T15:10:00Z"))
    assert world.rows()[-1]["still_held"] is True
    assert "phoned_at" not in world.delivery("hill-nurse", Channel.EMAIL)
    assert "phoned_at" in world.delivery("hill-nurse", Channel.WEBHOOK)


def test_once_it_is_released_it_goes_and_is_called_about_like_any_other(world: World) -> None:
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE", "agency_id": None}]))
    world.take(a_phone_call())
    world.release()
    world.mailbox.answers = [FOR_GOOD]
    world.send_due()
    world.send_due()
    assert world.tasks()[CALL]["st"] == "OPEN"


def test_of_two_channels_the_one_that_is_not_held_counts(world: World) -> None:
    world.apply(a_registry(an_agency("hill-nurse", AgencyType.SCHOOL_NURSING, *BOTH)))
    change_agency(world, "hill-nurse", verified_at=None)
    nurse = {"agency_id": "hill-nurse", "own_ref": "SN-1001", "holds_plan_role": False}
    world.take(a_decision(involved_agencies=[nurse]))
    assert "held" in world.delivery("hill-nurse", Channel.EMAIL)
    world.take(a_phone_call("hill-nurse"))
    assert "phoned_at" not in world.delivery("hill-nurse", Channel.EMAIL)
    assert "phoned_at" in world.delivery("hill-nurse", Channel.WEBHOOK)
    assert world.rows()[-1]["still_held"] is True


def test_a_call_from_an_older_version_goes_on_while_the_newer_one_is_held(world: World) -> None:
    """Nobody may say yet what was decided last; that the agency must be rung stays somebody's task."""
    world.apply(a_registry(an_agency("hill-nurse", AgencyType.SCHOOL_NURSING)))
    nurse = {"agency_id": "hill-nurse", "own_ref": "SN-1001", "holds_plan_role": False}
    world.take(a_decision(involved_agencies=[nurse]))
    world.take(a_revision(involved_agencies=[nurse], hold_codes=[{"code": "SENSITIVE", "agency_id": None}]))
    world.take(a_phone_call("hill-nurse", decision_seq=2))
    assert world.rows()[-1]["still_held"] is True
    assert world.tasks()["CALL_AGENCY#01#hill-nurse"]["st"] == "OPEN"


def test_a_hold_on_the_newer_version_keeps_no_older_one_from_being_told(world: World) -> None:
    not_told(world)
    world.take(a_revision(hold_codes=[{"code": "SENSITIVE", "agency_id": None}]))
    world.take(a_phone_call())
    assert "still_held" not in world.rows()[-1]
    assert "phoned_at" in world.delivery("north-probation", Channel.EMAIL)


def test_a_second_call_changes_no_moment(world: World) -> None:
    not_told(world)
    world.take(a_phone_call())
    world.take(a_phone_call(phoned_at="2026-11-24T16:00:00Z"))
    item = world.delivery("north-probation", Channel.EMAIL)
    assert item["phoned_at"] == "2026-11-24T15:40:00.000Z"
    assert "ended" not in world.rows()[-1]


def test_an_agency_that_nobody_knows_is_refused_by_its_field(world: World) -> None:
    world.take(a_decision())
    world.take(a_phone_call("nobody-knows"))
    (refused,) = world.refused()
    assert (refused["field"], refused["reason"]) == ("agency_id", "UNKNOWN_AGENCY")


def test_a_call_about_a_version_that_has_not_come_waits_for_it_and_says_so(world: World) -> None:
    """The revision was decided, and is on its way: the call overtook it."""
    world.take(a_decision())
    world.later(hours=2)
    world.take(a_phone_call(decision_seq=2, phoned_at="2026-11-24T17:02:00Z"))
    assert world.refused() == []
    assert rows_of(world, "LIFECYCLE")[-1]["waits_for"] == "DECISION"
    assert "phoned_at" not in world.delivery("north-probation", Channel.EMAIL)
    world.later(seconds=5)
    world.take(a_revision())
    assert "waited_since" in rows_of(world, "LIFECYCLE")[-1]
    assert "phoned_at" in world.delivery("north-probation", Channel.EMAIL, seq=2)


def test_one_about_a_version_that_never_comes_is_somebodys_to_look_for(world: World) -> None:
    world.take(a_decision())
    world.take(a_phone_call(decision_seq=9))
    world.later(days=2)
    world.send_due()
    assert any(name.startswith("CHECK_EARLY_EVENT#01") for name in world.tasks())


def test_a_call_that_is_known_before_its_decision_waits_for_it(world: World) -> None:
    world.take(a_phone_call())
    assert rows_of(world, "LIFECYCLE")[-1]["waits_for"] == "DECISION"
    world.take(a_decision())
    assert "phoned_at" in world.delivery("north-probation", Channel.EMAIL)


def test_both_accounts_of_the_day_agree(world: World) -> None:
    not_told(world)
    world.take(a_phone_call())
    world.take(a_phone_call("north-police"))
    assert [one for one in reckoned(world).findings if one.code != "SENT_WITHOUT_PROOF"] == []
