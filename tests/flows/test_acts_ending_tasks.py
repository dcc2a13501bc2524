"""A person says that a task is done: it leaves the list, the trail says why, and no clock rings for it."""

from typing import Any

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.reading import WorkIndex
from functions.adapters.ledger.store import Change, Item
from functions.domain.delivery import Answer
from functions.domain.tasks import endpoint_task
from functions.flows.acting.done import Done, WhichTask, done
from functions.flows.acting.order import NotPossibleError
from schemas.clocks import ClockPolicy
from schemas.codes import (
    ActReason,
    AgencyType,
    AttemptResult,
    Bucket,
    Channel,
    ErrorWord,
    PauseCause,
    TaskKind,
    TaskRole,
)
from tests.flows.accounts import reckoned
from tests.flows.test_taking_in import interleaved
from tests.world import (
    LosesAReply,
    World,
    a_decision,
    a_duplicate,
    a_registry,
    a_revision,
    an_agency,
    is_whole,
)

SECOND_ID = "5b3f9c44-1f0e-4a57-8d1c-0c8e7a1b2c3d"
REF = "NS-26-7KQ4ZP"
POLICE, PROBATION = "north-police", "north-probation"
FOR_GOOD = Answer(AttemptResult.FAILED, retryable=False, error=ErrorWord.E_PROVIDER)
BUSY = Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503)


def ended(
    world: World,
    kind: TaskKind,
    reason: ActReason = ActReason.TOLD_BY_PHONE,
    ref: str | None = REF,
    **which: Any,
) -> Done:
    return done(WhichTask(kind, ref, **which), world.order(reason), world.act_desk)


def refused(world: World, *which: Any, **more: Any) -> str:
    before = [world.all_items(table) for table in ("audit", "state")]
    with pytest.raises(NotPossibleError) as caught:
        ended(world, *which, **more)
    assert [world.all_items(table) for table in ("audit", "state")] == before
    return str(caught.value)


def listed(world: World) -> list[str]:
    """What anybody is still asked to do."""
    return sorted(task["kind"] for role in TaskRole for task in WorkIndex(world.store).of(role))


def done_rows(world: World, ref: str = REF) -> list[Item]:
    return [row for row in world.rows(ref) if row["type"] == "TASK" and row.get("done")]


@pytest.fixture
def untold(world: World) -> World:
    """Neither agency could be told; two calls are open."""
    world.take(a_decision())
    world.police.answers, world.mailbox.answers = [FOR_GOOD], [FOR_GOOD]
    world.send_due()
    world.send_due()
    assert listed(world) == ["CALL_UNTOLD", "CALL_UNTOLD"]
    return world


def test_a_call_that_was_made_leaves_the_list_and_its_row_says_who_and_why(untold: World) -> None:
    came = ended(untold, TaskKind.CALL_UNTOLD, agency_id=POLICE)
    assert listed(untold) == ["CALL_UNTOLD"]
    task = untold.tasks()[f"CALL_UNTOLD#01#{POLICE}"]
    assert (task["st"], {"due_pk", "work_pk"} & task.keys()) == ("DONE", set())
    (row,) = done_rows(untold)
    said = {
        "actor": "mash-manager",
        "reason": "TOLD_BY_PHONE",
        "task": "CALL_UNTOLD",
        "task_agency": POLICE,
        "role": "MASH_DUTY_WORKER",
        "child": 1,
        "dver": 1,
        "done": True,
    }
    assert said.items() <= row.items()
    assert came.entries == (f"R#{REF} {row['sk']}",)
    assert is_whole(untold.rows())


def test_who_was_told_by_telephone_is_called_by_no_clock_any_more(untold: World) -> None:
    assert ended(untold, TaskKind.CALL_UNTOLD, agency_id=POLICE).told == 1
    police, probation = untold.delivery(POLICE, Channel.WEBHOOK), untold.delivery(PROBATION, Channel.EMAIL)
    assert "watch" not in police
    assert police["phoned_at"] == "2026-11-24T15:02:30.000Z"
    assert (probation["watch"], "phoned_at" in probation) == ("RED_ALERT", False)


def test_whoever_was_told_by_telephone_is_told_in_the_days_account(untold: World) -> None:
    ended(untold, TaskKind.CALL_UNTOLD, agency_id=POLICE)
    assert reckoned(untold).ended == {Bucket.OPEN: 1}
    ended(untold, TaskKind.CALL_UNTOLD, agency_id=PROBATION)
    tally = reckoned(untold)
    assert (tally.ended, tally.findings) == ({Bucket.TOLD: 1}, ())


def test_a_message_that_fails_after_the_call_brings_no_second_one(world: World) -> None:
    """Its tries went on beside it."""
    world.take(a_decision())
    world.police.answers = [BUSY] * 3
    world.send_due()
    item = world.delivery(POLICE, Channel.WEBHOOK)
    later = Change({"due_at": "2026-11-24T20:00:00.000Z", "due_sk": "2026-11-24T20:00:00.000Z#x"})
    world.store.write([world.store.update("x", "state", (item["pk"], item["sk"]), change=later)])
    for _ in range(3):
        world.later(hours=1)
        world.send_due()
    ended(world, TaskKind.CALL_UNTOLD, agency_id=POLICE)
    for _ in range(4):
        world.later(hours=1)
        world.send_due()
    assert world.delivery(POLICE, Channel.WEBHOOK)["st"] == "FAILED"
    assert world.tasks()[f"CALL_UNTOLD#01#{POLICE}"]["st"] == "DONE"
    assert "watch" not in world.delivery(POLICE, Channel.WEBHOOK)


def test_who_was_called_about_a_message_need_not_confirm_it_in_writing(world: World) -> None:
    world.take(a_decision())
    world.send_due()
    world.later(hours=4)
    world.send_due()
    assert "CALL_UNREAD" in listed(world)
    ended(world, TaskKind.CALL_UNREAD, agency_id=POLICE)
    assert "CALL_UNREAD" not in listed(world)
    assert world.delivery(POLICE, Channel.WEBHOOK)["phoned_at"]


def test_a_call_that_needs_nobody_any_more_is_no_telling_and_the_clock_goes_on(untold: World) -> None:
    came = ended(untold, TaskKind.CALL_UNTOLD, ActReason.NOT_NEEDED, agency_id=POLICE)
    assert came.told == 0
    item = untold.delivery(POLICE, Channel.WEBHOOK)
    assert (item["watch"], "phoned_at" in item) == ("RED_ALERT", False)


def test_a_call_about_the_older_decision_tells_nothing_of_the_newer(untold: World) -> None:
    untold.take(a_revision())
    ended(untold, TaskKind.CALL_UNTOLD, agency_id=POLICE)
    assert "watch" in untold.delivery(POLICE, Channel.WEBHOOK, seq=2)
    assert "phoned_at" not in untold.delivery(POLICE, Channel.WEBHOOK, seq=2)


def test_a_task_that_is_overdue_is_ended_like_any_other(untold: World) -> None:
    untold.later(hours=2)
    untold.send_due()
    assert untold.tasks()[f"CALL_UNTOLD#01#{POLICE}"]["st"] == "OVERDUE"
    ended(untold, TaskKind.CALL_UNTOLD, agency_id=POLICE)
    assert listed(untold) == ["CALL_UNTOLD"]


@pytest.mark.parametrize(
    ("event", "kind", "reason"),
    [
        (
            {"referring_agency": None, "involved_agencies": []},
            TaskKind.CALL_REFERRER,
            ActReason.TOLD_BY_PHONE,
        ),
        (
            {"event_type": "DECISION_REVISED", "decision_seq": 2, "supersedes": 1},
            TaskKind.CHECK_REVISION,
            ActReason.SORTED_OUT,
        ),
    ],
)
def test_every_other_call_and_check_can_be_ended_too(
    world: World, event: dict[str, Any], kind: TaskKind, reason: ActReason
) -> None:
    world.take(a_decision(**event))
    assert kind in listed(world)
    ended(world, kind, reason)
    assert kind not in listed(world)


def test_duplicates_that_wait_for_a_person_are_told_apart_by_their_own_reference(world: World) -> None:
    world.apply(a_registry(an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL)))
    world.take(a_decision())
    world.take(a_decision(event_id=SECOND_ID, child_index=2))
    for ref in ("NS-26-D0PL1C", "NS-26-D0PL2C"):
        world.take(a_duplicate(ref=ref, duplicate_of_child=None))
    assert refused(world, TaskKind.CHECK_DUPLICATE, ActReason.SORTED_OUT) == (
        "Several tasks are meant by that. Say which:\n"
        "  --task CHECK_DUPLICATE --about NS-26-D0PL1C\n"
        "  --task CHECK_DUPLICATE --about NS-26-D0PL2C"
    )
    ended(world, TaskKind.CHECK_DUPLICATE, ActReason.SORTED_OUT, about="NS-26-D0PL2C")
    assert listed(world) == ["CHECK_DUPLICATE"]
    assert done_rows(world)[0]["about"] == "NS-26-D0PL2C#01"


def test_of_siblings_who_are_duplicates_of_one_child_each_has_a_task_that_can_be_ended(world: World) -> None:
    world.apply(a_registry(an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL)))
    for child in (1, 2):
        world.take(a_duplicate(child_index=child))
    assert refused(world, TaskKind.CHECK_DUPLICATE, ActReason.SORTED_OUT) == (
        "Several tasks are meant by that. Say which:\n"
        "  --task CHECK_DUPLICATE --child 1 --about NS-26-D0PL1C#01\n"
        "  --task CHECK_DUPLICATE --child 1 --about NS-26-D0PL1C#02"
    )
    ended(world, TaskKind.CHECK_DUPLICATE, ActReason.SORTED_OUT, about="NS-26-D0PL1C#02")
    assert done_rows(world)[0]["about"] == "NS-26-D0PL1C#02"


# --- an agency's own tasks


@pytest.fixture
def failing(world: World) -> World:
    """The police's endpoint is to be mended."""
    task = endpoint_task(world.now, ClockPolicy())
    world.health.pause(POLICE, PauseCause.REFUSING, by="mash-outcomes", task=task, now=world.now)
    return world


def test_an_endpoint_that_was_seen_to_leaves_the_list_and_its_agencys_chain_says_so(failing: World) -> None:
    came = ended(failing, TaskKind.MEND_ENDPOINT, ActReason.ENDPOINT_MENDED, ref=None, agency_id=POLICE)
    assert listed(failing) == []
    rows = failing.store.partition("audit", keys.agency(POLICE), "E#")
    said = {"type": "TASK", "task": "MEND_ENDPOINT", "done": True, "reason": "ENDPOINT_MENDED"}
    assert said.items() <= rows[-1].items()
    assert came.entries == (f"G#{POLICE} {rows[-1]['sk']}",)
    assert is_whole(rows)


def test_the_log_says_whose_task_is_done_by_whatever_name_it_was_called(
    failing: World, caplog: pytest.LogCaptureFixture
) -> None:
    police = an_agency(POLICE, AgencyType.POLICE, Channel.WEBHOOK, aliases=("the-police",))
    usual = a_registry()
    failing.apply(usual.model_copy(update={"agency": (police, *usual.agency[1:])}))
    ended(failing, TaskKind.MEND_ENDPOINT, ActReason.ENDPOINT_MENDED, ref=None, agency_id="the-police")
    (line,) = [vars(record) for record in caplog.records if record.msg == "TASK_DONE"]
    assert (line["task"], line["agency"], "referral" in line) == ("MEND_ENDPOINT", POLICE, False)


@pytest.mark.parametrize(
    ("kind", "ref", "agency", "said"),
    [
        (
            TaskKind.MEND_ENDPOINT,
            REF,
            POLICE,
            "MEND_ENDPOINT is an agency's, and about no referral: name the agency alone.",
        ),
        (
            TaskKind.MEND_ENDPOINT,
            None,
            None,
            "MEND_ENDPOINT is an agency's, and about no referral: name the agency alone.",
        ),
        (TaskKind.CALL_UNTOLD, None, POLICE, "CALL_UNTOLD is about a referral: say which."),
        (TaskKind.MEND_ENDPOINT, None, PROBATION, "No such task is open: `mash tasks` lists all."),
        (TaskKind.CALL_AGENCY, REF, None, f"No referral {REF} is known here. Check the reference."),
    ],
)
def test_what_is_not_there_is_not_ended(
    failing: World, kind: TaskKind, ref: str | None, agency: str | None, said: str
) -> None:
    reason = ActReason.NOT_NEEDED
    assert refused(failing, kind, reason, ref=ref, agency_id=agency) == said


@pytest.mark.parametrize("unknown", ["NS-26-NEVER1", REF.lower()])
def test_a_reference_that_nobody_knows_is_said_to_be_one(untold: World, unknown: str) -> None:
    said = refused(untold, TaskKind.CALL_UNTOLD, ActReason.TOLD_BY_PHONE, ref=unknown)
    assert said == f"No referral {unknown} is known here. Check the reference."


def test_what_does_not_fit_says_what_is_open(untold: World) -> None:
    assert refused(untold, TaskKind.CALL_UNREAD) == (
        "No such task is open: `mash tasks` lists all. There are:\n"
        f"  --task CALL_UNTOLD --child 1 --agency {POLICE}\n"
        f"  --task CALL_UNTOLD --child 1 --agency {PROBATION}"
    )


@pytest.mark.parametrize(
    "kind", [TaskKind.RELEASE_CHILD, TaskKind.RELEASE_AGENCY, TaskKind.RELEASE_ALLEGATION]
)
def test_a_holds_task_ends_with_the_hold_alone(world: World, kind: TaskKind) -> None:
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
    assert refused(world, kind, ActReason.NOT_NEEDED) == (
        "A hold's task ends with the hold: `mash release` ends both, with the manager's own reason."
    )


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (TaskKind.CALL_UNTOLD, ActReason.SORTED_OUT),
        (TaskKind.CHECK_DUPLICATE, ActReason.TOLD_BY_PHONE),
        (TaskKind.MEND_ENDPOINT, ActReason.ADDRESS_MENDED),
    ],
)
def test_a_reason_for_another_task_is_none_for_this(untold: World, kind: TaskKind, reason: ActReason) -> None:
    assert refused(untold, kind, reason).startswith(f"{reason} is no reason to end {kind}. Give one of: ")


# --- two at once, and answers that get lost


def test_an_answer_that_was_lost_ends_nothing_twice(untold: World) -> None:
    untold.use(LosesAReply)
    assert ended(untold, TaskKind.CALL_UNTOLD, agency_id=POLICE).told == 1
    assert len(done_rows(untold)) == 1


def test_of_two_people_at_once_one_ends_it_and_the_other_is_told(untold: World) -> None:

    def meanwhile() -> None:
        ended(untold, TaskKind.CALL_UNTOLD, agency_id=POLICE)

    interleaved(untold, meanwhile)
    with pytest.raises(NotPossibleError, match="No such task is open"):
        ended(untold, TaskKind.CALL_UNTOLD, agency_id=POLICE)
    assert len(done_rows(untold)) == 1
