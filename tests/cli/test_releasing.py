"""`mash release` and `mash tasks` on the tables: who acted is in the trail, and who asks comes first."""

from collections.abc import Sequence
from uuid import uuid4

import pytest

from functions.adapters import aws
from functions.adapters.errors import BusyError
from functions.adapters.ledger.store import Item, Part, Store
from functions.cli.failure import CommandError
from functions.cli.outputs import Outputs
from functions.cli.releasing import phones, release_words, released, task_as_json, tasks
from functions.domain.tasks import endpoint_task
from functions.flows.releasing.release_hold import Released
from schemas.clocks import ClockPolicy
from schemas.codes import AgencyType, Channel, PauseCause, ReleaseReason, TaskRole
from tests.world import Wire, World, a_decision, a_registry, an_agency

SECOND_ID = "5b3f9c44-1f0e-4a57-8d1c-0c8e7a1b2c3d"
THIRD_ID = "9f1b6a52-7a7e-4f0c-9f0e-3d2c1b0a9f8e"
REF = "NS-26-7KQ4ZP"
ME = "arn:aws:sts::123456789012:user/moto"
EVERY_ROLE = list(TaskRole)
PHONE = "01632 960 301"


def release(
    stack: Outputs, *, child: int | None = None, agency: str | None = None, allegation: bool = False
) -> Released:
    agreed = ReleaseReason.AGREED_WITH_DESIGNATED_OFFICER
    reason = agreed if allegation else ReleaseReason.TOLD_BY_PHONE_FIRST
    return released(
        stack,
        REF,
        child=child,
        agency=agency,
        allegation=allegation,
        reason=reason,
        request=str(uuid4()),
    )


def questions(world: World) -> list[Item]:
    return [row for row in world.all_items("audit") if row["type"] == "QUERY"]


# --- releasing


def test_a_release_is_the_callers_and_says_so(world: World, stack: Outputs) -> None:
    world.take(a_decision(primary_outcome="EMP"))
    assert release(stack) == Released(child=1, due=2, still_held=0)
    (row,) = [row for row in world.rows() if row["type"] == "RELEASED"]
    assert (row["actor"], row["reason"]) == (ME, "TOLD_BY_PHONE_FIRST")
    assert row["at"] == "2026-11-24T15:02:30.000Z"
    assert world.send_due() == 2


def test_each_sort_of_hold_is_released_by_its_option(world: World, stack: Outputs) -> None:
    holds = [{"code": "SENSITIVE"}, {"code": "REFERRER_IS_FAMILY"}]
    world.take(a_decision(additional_outcomes=["LAD"], hold_codes=holds))
    assert release(stack, agency="north-police") == Released(1, 0, 1)
    assert release(stack, allegation=True) == Released(1, 0, 1)
    assert release(stack, child=1) == Released(1, 3, 0)
    assert world.send_due() == 3


def test_the_same_command_again_is_another_order_and_finds_nothing_held(world: World, stack: Outputs) -> None:
    world.take(a_decision(primary_outcome="EMP"))
    release(stack)
    with pytest.raises(CommandError, match=r"held that way\. It was, and has ended: `mash trail"):
        release(stack)
    assert world.kinds().count("RELEASED") == 1


def test_what_stands_in_the_way_is_said_to_whoever_asked(world: World, stack: Outputs) -> None:
    with pytest.raises(CommandError, match=f"No referral {REF} is known here"):
        release(stack)
    assert world.rows() == []


@pytest.mark.parametrize(
    ("came", "words"),
    [
        (Released(1, 1, 0), "released; 1 message due now"),
        (Released(1, 2, 0), "released; 2 messages due now"),
        (Released(1, 0, 2), "released; 0 messages due now; 2 still held for another reason"),
    ],
)
def test_what_came_of_it_is_told_in_a_line(came: Released, words: str) -> None:
    assert release_words(came) == words


# --- tasks


@pytest.fixture
def waiting(world: World) -> World:
    """Three holds: the directory's, the manager's of an hour, and a manager's of a working day."""
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE"}], additional_outcomes=["LAD"]))
    linked = [{"code": "STAFF_LINK", "agency_id": "north-probation"}]
    world.take(a_decision(event_id=SECOND_ID, child_index=2, primary_outcome="S17", hold_codes=linked))
    nobody: Wire = {"referring_agency": None, "involved_agencies": []}
    world.take(a_decision(event_id=THIRD_ID, referral_ref="NS-26-2PUB5K", primary_outcome="NFA", **nobody))
    return world


def test_what_waits_is_listed_by_role_the_one_due_first_first(waiting: World, stack: Outputs) -> None:
    found = tasks(stack, EVERY_ROLE)
    assert (found[0]["kind"], found[0]["child"]) == ("RELEASE_CHILD", 1)
    assert [task["due_at"] for task in found] == sorted(task["due_at"] for task in found)
    assert len(found) == 4
    assert [task["kind"] for task in tasks(stack, [TaskRole.MASH_DUTY_WORKER])] == ["CALL_REFERRER"]
    assert tasks(stack, [TaskRole.EMERGENCY_DUTY_TEAM]) == []


def test_what_is_done_is_not_listed_and_what_is_overdue_still_is(waiting: World, stack: Outputs) -> None:
    waiting.later(hours=1)
    waiting.send_due()
    release(stack, allegation=True)
    found = {task["kind"]: task["st"] for task in tasks(stack, EVERY_ROLE)}
    assert found == {"RELEASE_CHILD": "OVERDUE", "RELEASE_AGENCY": "OPEN", "CALL_REFERRER": "OPEN"}


def test_asking_is_a_row_of_the_askers_with_how_many_were_shown(waiting: World, stack: Outputs) -> None:
    tasks(stack, EVERY_ROLE)
    tasks(stack, [TaskRole.DIRECTORY_OWNER])
    first, second = sorted(questions(waiting), key=lambda row: str(row["sk"]))
    assert {row["pk"] for row in (first, second)} == {f"L#2026-11-24#{ME}"}
    said = {"actor": ME, "asked": "tasks", "purpose": "COMMAND_LINE", "rows": 4}
    assert said.items() <= first.items()
    assert second["rows"] == 0


class CannotRecord(Outputs):
    """Tables that can be read, and to which nothing can be added."""

    def store(self) -> Store:
        class Full(Store):
            def write(self, parts: Sequence[Part]) -> None:
                raise BusyError("throttled")

        return Full(aws.dynamodb(), audit="audit", state="state", keys="keys")


def test_nothing_is_shown_that_could_not_be_recorded_first(waiting: World, stack: Outputs) -> None:
    with pytest.raises(BusyError):
        tasks(CannotRecord.model_validate(stack.model_dump()), EVERY_ROLE)
    assert questions(waiting) == []


def test_a_program_gets_each_task_as_an_object_whoever_it_is_about(waiting: World, stack: Outputs) -> None:
    mend = endpoint_task(waiting.now, ClockPolicy())
    waiting.health.pause("north-police", PauseCause.REFUSING, by="mash-outcomes", task=mend, now=waiting.now)
    told = {task["kind"]: task_as_json(task) for task in tasks(stack, EVERY_ROLE)}
    in_a_day = {"opened_at": "2026-11-24T15:02:30.000Z", "due_at": "2026-11-25T15:02:30.000Z"}
    assert told["CALL_REFERRER"] == in_a_day | {
        "referral_ref": "NS-26-2PUB5K",
        "child_index": 1,
        "agency_id": None,
        "source": None,
        "about": None,
        "kind": "CALL_REFERRER",
        "role": "MASH_DUTY_WORKER",
        "state": "OPEN",
    }
    assert (told["RELEASE_AGENCY"]["child_index"], told["RELEASE_AGENCY"]["agency_id"]) == (
        2,
        "north-probation",
    )
    endpoints = told["MEND_ENDPOINT"]
    assert (endpoints["referral_ref"], endpoints["child_index"]) == (None, None)
    assert (endpoints["agency_id"], endpoints["role"]) == ("north-police", "DIRECTORY_OWNER")


def test_whom_to_ring_is_looked_up_in_the_registry_for_calls_alone(world: World, stack: Outputs) -> None:
    schools = [f"school-{number:02d}" for number in range(60)]
    listed = [an_agency(name, AgencyType.SCHOOL, Channel.EMAIL, phone=PHONE) for name in schools]
    world.directory.apply(a_registry(*listed), applier="safeguarding-lead-2", now=world.now)
    calls = [{"kind": "CALL_UNTOLD", "agency": name} for name in (*schools, "north-probation", "nobody")]
    held = {"kind": "RELEASE_AGENCY", "agency": schools[0]}
    assert phones(stack, calls) == dict.fromkeys(schools, PHONE)
    assert phones(stack, [{"kind": "MEND_ADDRESS", "pk": "G#school-07"}]) == {"school-07": PHONE}
    assert phones(stack, [held, {"kind": "CALL_REFERRER"}]) == {}
