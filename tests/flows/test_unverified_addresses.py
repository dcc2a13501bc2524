"""An address nobody verified lately gets nothing, neither at intake nor when it lapses before the send."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from functions.adapters.errors import ContendedError
from functions.adapters.ledger.keys import DeliveryKey
from functions.domain.delivery import LEASE, QUARANTINE, Answer
from functions.flows.releasing.release_hold import NotReleasableError
from functions.flows.sending.send import send
from schemas.codes import AgencyType, AttemptResult, Channel, ErrorWord
from tests.flows.test_sending import CrashError, ReadEarlier, crash, recover
from tests.world import (
    World,
    a_decision,
    a_registry,
    an_agency,
    change_agency,
    held_rows,
    told_to,
)

SECOND_ID = "5b3f9c44-1f0e-4a57-8d1c-0c8e7a1b2c3d"
REF = "NS-26-7KQ4ZP"
POLICE, PROBATION = "north-police", "north-probation"
AT_POLICE = DeliveryKey(REF, 1, 1, POLICE, Channel.WEBHOOK)
AT_PROBATION = DeliveryKey(REF, 1, 1, PROBATION, Channel.EMAIL)
AN_HOUR_ON = "2026-11-24T16:02:30.000Z"
OTHER_URL = {"url": "https://moved.example/outcomes"}


def verify(world: World, agency: str) -> None:
    """Somebody made sure, today, and the registry says so."""
    change_agency(
        world,
        agency,
        verified_at=f"{world.now:%Y-%m-%d}",
        url=f"https://{agency}.example/outcomes",
        checked_url=f"https://{agency}.example/outcomes",
    )


# --- at intake


@pytest.mark.parametrize(
    ("agency", "lapsed", "told"),
    [
        (PROBATION, {"verified_at": "2026-08-25"}, POLICE),
        (PROBATION, {"verified_at": "2026-11-25"}, POLICE),
        (PROBATION, {"verified_at": None}, POLICE),
        (POLICE, {"checked_url": None}, PROBATION),
        (POLICE, {"checked_url": "https://north-police.example/other"}, PROBATION),
    ],
    ids=["91 days ago", "only tomorrow", "never", "endpoint never checked", "another endpoint checked"],
)
def test_an_address_that_is_not_verified_at_intake_holds_that_recipient_alone(
    world: World, agency: str, lapsed: dict[str, str | None], told: str
) -> None:
    change_agency(world, agency, **lapsed)
    world.take(a_decision(primary_outcome="S17"))
    for _ in range(3):
        world.send_due()
        world.later(hours=1)
    assert told_to(world) == [told]
    (row,) = held_rows(world)
    assert (row["triggers"], row["held_agency"]) == (["UNVERIFIED_ADDRESS"], agency)
    (task,) = [task for task in world.tasks().values() if task["kind"] == "RELEASE_AGENCY"]
    assert (task["role"], task["agency"]) == ("DIRECTORY_OWNER", agency)
    assert task["due_at"] == row["due_at"] == "2026-11-25T15:02:30.000Z"


def test_an_address_verified_ninety_days_ago_is_told(world: World) -> None:
    change_agency(world, PROBATION, verified_at="2026-08-26")
    world.take(a_decision())
    assert world.send_due() == 2


def test_only_the_channel_that_is_not_verified_waits(world: World) -> None:
    world.apply(a_registry(an_agency("north-gp", AgencyType.GP, Channel.EMAIL, Channel.WEBHOOK)))
    change_agency(world, "north-gp", checked_url=None)
    world.take(a_decision(referring_agency={"agency_id": "north-gp"}, involved_agencies=[]))
    assert world.send_due() == 1
    assert world.delivery("north-gp", Channel.EMAIL)["st"] == "SENT"
    assert world.delivery("north-gp", Channel.WEBHOOK)["held"] == ["UNVERIFIED_ADDRESS"]


def test_urgent_and_out_of_hours_the_emergency_duty_team_has_it_for_an_hour(world: World) -> None:
    world.now = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
    change_agency(world, PROBATION, verified_at=None)
    world.take(a_decision())
    (task,) = world.tasks().values()
    assert (task["role"], task["due_at"]) == ("EMERGENCY_DUTY_TEAM", "2026-11-28T04:00:00.000Z")


# --- at the send


@pytest.mark.parametrize(
    ("key", "lapsed"),
    [(AT_PROBATION, {"verified_at": "2026-08-25"}), (AT_POLICE, OTHER_URL)],
    ids=["mailbox lapsed", "endpoint moved"],
)
def test_what_lapses_before_the_send_is_held_again_with_its_task_and_nothing_leaves(
    world: World, key: DeliveryKey, lapsed: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    world.take(a_decision())
    change_agency(world, key.agency_id, **lapsed)
    for _ in range(3):
        world.send_due()
    assert key.agency_id not in told_to(world)
    item = world.delivery(key.agency_id, key.channel)
    assert (item["st"], item["held"], item["attempt"]) == ("PENDING", ["UNVERIFIED_ADDRESS"], 0)
    assert not {"due_at", "due_pk", "due_sk", "owner", "lease_until"} & item.keys()
    (row,) = held_rows(world)
    said = {"agency": key.agency_id, "chan": key.channel.value, "held_agency": key.agency_id}
    assert (said | {"triggers": ["UNVERIFIED_ADDRESS"], "task": "RELEASE_AGENCY"}).items() <= row.items()
    (task,) = world.tasks().values()
    assert (task["role"], task["due_at"], task["st"]) == ("DIRECTORY_OWNER", AN_HOUR_ON, "OPEN")
    assert (row["role"], row["due_at"]) == (task["role"], task["due_at"])
    assert task["work_pk"] == "W#TASK#DIRECTORY_OWNER"
    assert {"due_pk", "due_sk"} <= task.keys()
    assert caplog.messages.count("DELIVERY_HELD") == 1


@pytest.mark.parametrize(
    ("key", "lapsed"),
    [(AT_PROBATION, {"verified_at": "2026-08-25"}), (AT_POLICE, OTHER_URL)],
    ids=["mailbox lapsed", "endpoint moved"],
)
def test_what_was_held_at_the_send_goes_once_it_is_verified_and_released(
    world: World, key: DeliveryKey, lapsed: dict[str, str]
) -> None:
    world.take(a_decision())
    change_agency(world, key.agency_id, **lapsed)
    world.send_due()
    with pytest.raises(NotReleasableError, match="is not verified"):
        world.release(agency=key.agency_id)
    verify(world, key.agency_id)
    world.release(agency=key.agency_id)
    assert world.send_due() == 1
    assert world.delivery(key.agency_id, key.channel)["st"] == "SENT"
    assert [task["st"] for task in world.tasks().values()] == ["DONE"]


def test_an_attempt_that_a_crash_left_open_is_closed_unknown_before_the_hold(world: World) -> None:
    world.take(a_decision())
    crash(world, Channel.WEBHOOK)
    with pytest.raises(CrashError):
        send(AT_POLICE, world.send_desk(Channel.WEBHOOK))
    recover(world, Channel.WEBHOOK)
    change_agency(world, POLICE, **OTHER_URL)
    world.later(seconds=LEASE.total_seconds() + 1)
    send(AT_POLICE, world.send_desk(Channel.WEBHOOK))
    closed, held = world.rows()[-2:]
    assert (closed["type"], closed["result"], closed["state"]) == ("ATTEMPT_CLOSED", "UNKNOWN", "PENDING")
    assert held["type"] == "HELD"
    assert len(world.police.sent) == 1
    verify(world, POLICE)
    world.release(agency=POLICE)
    send(AT_POLICE, world.send_desk(Channel.WEBHOOK))
    assert world.police.sent[0] == world.police.sent[1]
    assert world.delivery(POLICE, Channel.WEBHOOK)["attempt"] == 2


def test_an_email_of_unknown_fate_is_quarantined_first_and_then_held(world: World) -> None:
    world.take(a_decision())
    crash(world, Channel.EMAIL)
    with pytest.raises(CrashError):
        send(AT_PROBATION, world.send_desk(Channel.EMAIL))
    recover(world, Channel.EMAIL)
    change_agency(world, PROBATION, verified_at="2026-01-05")
    world.later(seconds=LEASE.total_seconds() + 1)
    send(AT_PROBATION, world.send_desk(Channel.EMAIL))
    assert world.delivery(PROBATION, Channel.EMAIL)["st"] == "QUARANTINE"
    world.later(seconds=QUARANTINE.total_seconds())
    send(AT_PROBATION, world.send_desk(Channel.EMAIL))
    assert world.delivery(PROBATION, Channel.EMAIL)["held"] == ["UNVERIFIED_ADDRESS"]
    assert len(world.mailbox.sent) == 1
    assert [row.get("result") for row in world.rows()[-3:]] == [None, "UNKNOWN", None]


def test_a_retry_that_was_held_keeps_its_count_and_its_bytes(world: World) -> None:
    world.take(a_decision())
    world.police.answers = [Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503)]
    send(AT_POLICE, world.send_desk(Channel.WEBHOOK))
    change_agency(world, POLICE, **OTHER_URL)
    world.later(seconds=10)
    send(AT_POLICE, world.send_desk(Channel.WEBHOOK))
    verify(world, POLICE)
    world.release(agency=POLICE)
    send(AT_POLICE, world.send_desk(Channel.WEBHOOK))
    assert world.police.sent[0] == world.police.sent[1]
    item = world.delivery(POLICE, Channel.WEBHOOK)
    assert (item["st"], item["attempt"]) == ("SENT", 2)


def test_what_lapses_again_between_release_and_send_is_a_hold_and_a_row_of_its_own(world: World) -> None:
    """On one night both holds are due at the same time, and so would be the same row."""
    world.now = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
    world.take(a_decision(primary_outcome="S17"))
    for _ in range(2):
        change_agency(world, PROBATION, verified_at=None)
        world.send_due()
        verify(world, PROBATION)
        world.release(agency=PROBATION)
    assert world.send_due() == 1
    rows = held_rows(world)
    assert [row["due_at"] for row in rows] == ["2026-12-01T09:00:00.000Z"] * 2
    assert len({row["uid"] for row in rows}) == 2
    assert [row["type"] for row in world.rows() if row["type"] in {"HELD", "RELEASED"}] == [
        "HELD",
        "RELEASED",
    ] * 2


def test_a_second_channel_held_later_gives_nobody_more_time_for_the_first(world: World) -> None:
    world.apply(a_registry(an_agency("north-gp", AgencyType.GP, Channel.EMAIL, Channel.WEBHOOK)))
    change_agency(world, "north-gp", checked_url=None)
    world.take(a_decision(referring_agency={"agency_id": "north-gp"}, involved_agencies=[]))
    change_agency(world, "north-gp", verified_at=None)
    world.later(minutes=59)
    world.send_due()
    (task,) = world.tasks().values()
    assert task["due_at"] == AN_HOUR_ON
    assert [row["due_at"] for row in held_rows(world)] == [AN_HOUR_ON] * 2
    world.later(minutes=1)
    world.send_due()
    assert world.kinds().count("CLOCK_FIRED") == 1


def test_a_task_already_overdue_stays_so_when_a_second_channel_is_held(world: World) -> None:
    world.apply(a_registry(an_agency("north-gp", AgencyType.GP, Channel.EMAIL, Channel.WEBHOOK)))
    change_agency(world, "north-gp", checked_url=None)
    world.take(a_decision(referring_agency={"agency_id": "north-gp"}, involved_agencies=[]))
    world.mailbox.answers = [Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP)]
    world.send_due()
    world.later(hours=2)
    change_agency(world, "north-gp", verified_at=None)
    world.send_due()
    world.later(minutes=1)
    world.send_due()
    assert world.delivery("north-gp", Channel.EMAIL)["held"] == ["UNVERIFIED_ADDRESS"]
    (task,) = world.tasks().values()
    assert (task["st"], task["due_at"]) == ("OVERDUE", AN_HOUR_ON)
    assert "due_pk" not in task


def test_two_workers_that_find_an_address_lapsed_hold_it_once(world: World) -> None:
    world.take(a_decision())
    change_agency(world, PROBATION, verified_at=None)
    slow = ReadEarlier(world.store, world.chain)
    slow.seen = world.send_desk(Channel.EMAIL).sending.load(AT_PROBATION)
    world.send_due()
    with pytest.raises(ContendedError):
        send(AT_PROBATION, replace(world.send_desk(Channel.EMAIL), sending=slow))
    assert len(held_rows(world)) == 1


# --- a mailbox that may have less than was planned


def test_a_mailbox_lowered_while_its_message_waits_is_parked_and_never_sent_whole(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.take(a_decision())
    change_agency(world, PROBATION, address="mash@probation.example", mailbox_raised=False)
    for _ in range(3):
        world.send_due()
        world.later(hours=1)
    assert world.mailbox.sent == []
    assert world.delivery(PROBATION, Channel.EMAIL)["st"] == "PARKED"
    (row,) = [row for row in world.rows() if row["type"] == "PARKED"]
    assert (row["reason"], row["agency"]) == ("MAILBOX_LOWERED", PROBATION)
    assert caplog.messages.count("DELIVERY_PARKED") == 1


@pytest.mark.parametrize("hours", [1, 24 * 30])
def test_a_mailbox_lowered_while_a_person_held_its_message_is_parked_after_release(
    world: World, hours: int
) -> None:
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
    world.later(hours=hours)
    change_agency(world, PROBATION, address="mash@probation.example", mailbox_raised=False)
    world.release()
    world.send_due()
    assert PROBATION not in told_to(world)
    assert world.delivery(PROBATION, Channel.EMAIL)["st"] == "PARKED"


def test_a_mailbox_raised_by_two_approvers_keeps_its_whole_message_on_a_new_domain(world: World) -> None:
    world.take(a_decision())
    change_agency(world, PROBATION, address="mash@probation.example", mailbox_raised=True)
    world.send_due()
    assert PROBATION in told_to(world)


def test_a_notice_goes_to_a_lowered_mailbox_for_it_says_nothing(world: World) -> None:
    involved = [{"agency_id": PROBATION, "own_ref": None, "holds_plan_role": True}]
    world.take(a_decision(involved_agencies=involved))
    change_agency(world, PROBATION, address="mash@probation.example", mailbox_raised=False)
    world.send_due()
    assert PROBATION in told_to(world)
