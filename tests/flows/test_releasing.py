"""A person ends a hold: once, with a reason in the trail, and nothing is told that this one does not free."""

from typing import Any

import pytest

from functions.adapters.ledger.items import end_task
from functions.adapters.ledger.store import Change
from functions.flows.acting.done import WhichTask
from functions.flows.acting.keep import keep, the_hold
from functions.flows.releasing.release_hold import NotReleasableError, Released
from schemas.codes import ActReason, AgencyType, Channel, ReleaseReason, TaskKind
from tests.flows.test_taking_in import interleaved
from tests.world import (
    LosesAReply,
    World,
    a_decision,
    a_registry,
    an_agency,
    change_agency,
    told_to,
)

SECOND_ID = "5b3f9c44-1f0e-4a57-8d1c-0c8e7a1b2c3d"
THIRD_ID = "9f1b6a52-7a7e-4f0c-9f0e-3d2c1b0a9f8e"
REF = "NS-26-7KQ4ZP"
POLICE, PROBATION = "north-police", "north-probation"
SENSITIVE = [{"code": "SENSITIVE"}]
LINKED = [{"code": "STAFF_LINK", "agency_id": PROBATION}]
IN_THE_FAMILY = [{"code": "REFERRER_IS_FAMILY"}]


def releases(world: World) -> list[dict[str, Any]]:
    return [row for row in world.rows() if row["type"] == "RELEASED"]


def refused(world: World, **which: Any) -> str:
    """What a release that is refused says; nothing is written."""
    before = (world.rows(), world.all_items("state"))
    with pytest.raises(NotReleasableError) as caught:
        world.release(**which)
    assert (world.rows(), world.all_items("state")) == before
    return str(caught.value)


@pytest.mark.parametrize(
    ("changes", "which", "said", "due"),
    [
        (
            {"primary_outcome": "EMP"},
            {},
            {"triggers": ["EMERGENCY"], "task": "RELEASE_CHILD", "reason": "TOLD_BY_PHONE_FIRST"},
            2,
        ),
        (
            {"hold_codes": IN_THE_FAMILY},
            {"agency": POLICE, "reason": ReleaseReason.AGREED_WITH_POLICE},
            {
                "triggers": ["REFERRER_IS_FAMILY"],
                "reason": "AGREED_WITH_POLICE",
                "task": "RELEASE_AGENCY",
                "held_agency": POLICE,
            },
            1,
        ),
        (
            {"additional_outcomes": ["LAD"]},
            {"allegation": True},
            {
                "triggers": ["LADO"],
                "task": "RELEASE_ALLEGATION",
                "outcome": "LAD",
                "reason": "AGREED_WITH_DESIGNATED_OFFICER",
            },
            1,
        ),
    ],
    ids=["child", "recipient", "allegation"],
)
def test_a_release_says_which_hold_who_ended_it_and_why_and_ends_its_task(
    world: World, changes: dict[str, Any], which: dict[str, Any], said: dict[str, Any], due: int
) -> None:
    world.take(a_decision(**changes))
    world.send_due()
    world.later(minutes=20)
    came = world.release(**which)
    assert came == Released(child=1, due=due, still_held=0)
    (row,) = releases(world)
    by = {"actor": "mash-manager", "child": 1, "dver": 1}
    assert (said | by).items() <= row.items()
    (task,) = world.tasks().values()
    assert task["st"] == "DONE"
    assert not {"due_pk", "due_sk", "work_pk", "work_sk"} & task.keys()
    assert world.send_due() == due
    assert not [item for item in world.all_items("state") if "message_id" in item and item["st"] != "SENT"]


def test_a_release_frees_at_once_and_only_what_this_hold_held(world: World) -> None:
    world.take(a_decision(hold_codes=[*SENSITIVE, *IN_THE_FAMILY]))
    assert world.release() == Released(child=1, due=1, still_held=1)
    assert world.send_due() == 1
    assert told_to(world) == [PROBATION]
    assert world.delivery(POLICE, Channel.WEBHOOK)["held"] == ["REFERRER_IS_FAMILY"]
    assert world.release(agency=POLICE) == Released(child=1, due=1, still_held=0)
    assert world.send_due() == 1


def test_a_recipients_hold_may_end_first_and_the_childs_still_holds(world: World) -> None:
    world.take(a_decision(hold_codes=[*SENSITIVE, *IN_THE_FAMILY]))
    assert world.release(agency=POLICE) == Released(child=1, due=0, still_held=1)
    assert world.send_due() == 0
    assert world.release() == Released(child=1, due=2, still_held=0)
    assert world.send_due() == 2


def test_several_triggers_on_one_child_end_together(world: World) -> None:
    world.take(a_decision(primary_outcome="EMP", hold_codes=SENSITIVE))
    world.release()
    assert releases(world)[0]["triggers"] == ["EMERGENCY", "SENSITIVE"]
    assert world.send_due() == 2


def test_of_several_held_children_the_one_must_be_said(world: World) -> None:
    world.take(a_decision(hold_codes=SENSITIVE))
    world.take(a_decision(event_id=SECOND_ID, child_index=2, hold_codes=SENSITIVE))
    assert refused(world) == f"Children 1, 2 of {REF} are held: say which with --child."
    world.release(child=2)
    assert world.send_due() == 2
    assert {item["child"] for item in world.all_items("state") if "held" in item and "st" in item} == {1}
    world.release()
    assert world.send_due() == 2


# --- what is not held


@pytest.mark.parametrize(
    ("changes", "which", "said"),
    [
        ({}, {}, f"Nothing of {REF} is held that way."),
        ({}, {"agency": POLICE}, f"Nothing of {REF} is held that way."),
        ({}, {"allegation": True}, f"Nothing of {REF} is held that way."),
        ({}, {"child": 7}, f"Nothing of {REF} is held that way."),
        (
            {"hold_codes": LINKED},
            {},
            f"Nothing of {REF} is held that way. Held: --agency {PROBATION}.",
        ),
        (
            {"hold_codes": LINKED},
            {"agency": POLICE},
            f"Nothing of {REF} is held that way. Held: --agency {PROBATION}.",
        ),
        (
            {"hold_codes": [*SENSITIVE, *LINKED], "additional_outcomes": ["LAD"]},
            {"agency": POLICE},
            f"Nothing of {REF} is held that way. Held: --agency {PROBATION}; --allegation; --child 1.",
        ),
        (
            {"primary_outcome": "LAD"},
            {"allegation": True},
            f"Nothing of {REF} is held that way. Held: --child 1.",
        ),
    ],
)
def test_releasing_what_is_not_held_changes_nothing_and_says_what_is(
    world: World, changes: dict[str, Any], which: dict[str, Any], said: str
) -> None:
    world.take(a_decision(**changes))
    assert refused(world, **which) == said


def test_with_several_children_the_hint_says_whose_hold_it_is(world: World) -> None:
    world.take(a_decision(additional_outcomes=["LAD"]))
    world.take(a_decision(event_id=SECOND_ID, child_index=2, hold_codes=LINKED))
    assert refused(world).endswith(f"Held: --child 1 --allegation; --child 2 --agency {PROBATION}.")


def test_a_referral_nobody_knows_is_said_to_be_unknown(world: World) -> None:
    assert (
        refused(world, ref="NS-26-NOBODY") == "No referral NS-26-NOBODY is known here. Check the reference."
    )


def test_an_agency_that_left_the_registry_is_for_a_call(world: World) -> None:
    world.take(a_decision(hold_codes=IN_THE_FAMILY))
    change_agency(world, POLICE, status="INACTIVE")
    assert refused(world, agency=POLICE) == f"{POLICE} is not in the registry any more: call the agency."


# --- two at once, and answers that get lost


def test_of_two_people_at_once_one_releases_and_the_other_is_told(world: World) -> None:
    world.take(a_decision(primary_outcome="EMP"))
    came: list[Released] = []
    interleaved(world, lambda: came.append(world.release()))
    with pytest.raises(NotReleasableError) as caught:
        world.release()
    assert str(caught.value) == (
        f"Nothing of {REF} is held that way. It was, and has ended: `mash trail {REF}` says how."
    )
    assert came == [Released(1, 2, 0)]
    assert len(releases(world)) == 1
    assert world.send_due() == 2


@pytest.mark.parametrize(
    ("changes", "which", "due"),
    [
        ({"primary_outcome": "EMP"}, {}, 2),
        ({"hold_codes": IN_THE_FAMILY}, {"agency": POLICE}, 1),
        ({"additional_outcomes": ["LAD"]}, {"allegation": True}, 1),
    ],
    ids=["child", "recipient", "allegation"],
)
def test_a_release_whose_answer_was_lost_is_done_once_and_not_called_a_failure(
    world: World, changes: dict[str, Any], which: dict[str, Any], due: int
) -> None:
    world.take(a_decision(**changes))
    world.send_due()
    world.use(LosesAReply)
    assert world.release(**which) == Released(1, due, 0)
    assert len(releases(world)) == 1
    assert world.send_due() == due


def test_a_release_beside_a_siblings_decision_is_tried_again(world: World) -> None:
    world.take(a_decision(primary_outcome="EMP"))
    sibling = a_decision(event_id=SECOND_ID, child_index=2)
    interleaved(world, lambda: world.take(sibling))
    assert world.release() == Released(1, 2, 0)


def test_a_newer_version_replaces_the_hold_and_only_its_own_messages_are_released(world: World) -> None:
    world.take(a_decision(hold_codes=SENSITIVE))
    world.take(a_decision(event_id=SECOND_ID, decision_seq=2, primary_outcome="NFA"))
    assert world.release() == Released(1, 2, 0)
    assert releases(world)[0]["dver"] == 2
    assert world.send_due() == 2
    assert {
        item["st"] for item in world.all_items("state") if item.get("dver") == 1 and "agency" in item
    } == {"SUPERSEDED"}


def test_a_newer_version_at_the_very_moment_is_not_released_unseen(world: World) -> None:
    world.take(a_decision(hold_codes=SENSITIVE))
    newer = a_decision(event_id=SECOND_ID, decision_seq=2, primary_outcome="NFA")
    interleaved(world, lambda: world.take(newer))
    with pytest.raises(NotReleasableError, match=f"A newer decision for child 1 of {REF} came in"):
        world.release()
    assert releases(world) == []
    assert world.send_due() == 0


def test_a_hold_that_is_kept_at_the_very_moment_is_not_released(world: World) -> None:
    """Nobody was shown a page at the command line: what was held at the first try is what was decided of."""
    world.take(a_decision(hold_codes=SENSITIVE))
    seen = the_hold(WhichTask(TaskKind.RELEASE_CHILD, REF), world.act_desk)
    world.later(minutes=5)

    def meanwhile() -> None:
        keep(seen, world.order(ActReason.NOT_SAFE_YET), world.act_desk)

    interleaved(world, meanwhile)
    with pytest.raises(NotReleasableError, match=f"Somebody else has decided of this hold of {REF}"):
        world.release()
    assert releases(world) == []
    assert world.send_due() == 0
    assert world.release() == Released(1, 2, 0)


def test_a_hold_whose_task_was_shown_and_is_done_is_not_released(world: World) -> None:
    world.take(a_decision(hold_codes=SENSITIVE))
    seen = the_hold(WhichTask(TaskKind.RELEASE_CHILD, REF), world.act_desk)
    world.store.write([end_task(world.store, seen["pk"], seen["sk"])])
    assert refused(world, child=1, seen=seen).startswith(f"Nothing of {REF} is held that way.")


def test_a_hold_that_is_nobodys_task_is_released_by_whoever_finds_it(world: World) -> None:
    """The nightly comparison finds such a one, and the command line must end it."""
    world.take(a_decision(hold_codes=SENSITIVE))
    seen = the_hold(WhichTask(TaskKind.RELEASE_CHILD, REF), world.act_desk)
    world.store.write([end_task(world.store, seen["pk"], seen["sk"])])
    assert world.release() == Released(1, 2, 0)


# --- an unverified address


def test_no_reason_releases_an_address_that_nobody_verified(world: World) -> None:
    change_agency(world, PROBATION, verified_at=None)
    world.take(a_decision())
    for reason in ReleaseReason:
        assert refused(world, agency=PROBATION, reason=reason) == (
            f"The mailbox of {PROBATION} is not verified. Verify it, apply the registry with `mash agencies "
            "apply`, check it with `mash agencies check`, and release again."
        )
    change_agency(world, PROBATION, verified_at="2026-11-24")
    assert world.release(agency=PROBATION, reason=ReleaseReason.ADDRESS_VERIFIED) == Released(1, 1, 0)
    assert world.send_due() == 2


def test_an_endpoint_that_nobody_checked_is_named_as_one(world: World) -> None:
    change_agency(world, POLICE, checked_url=None)
    world.take(a_decision())
    assert refused(world, agency=POLICE).startswith(f"The endpoint of {POLICE} is not verified.")


def test_the_childs_release_does_not_verify_an_address(world: World) -> None:
    change_agency(world, PROBATION, verified_at=None)
    world.take(a_decision(hold_codes=SENSITIVE))
    assert world.release() == Released(1, 1, 1)
    world.send_due()
    assert told_to(world) == [POLICE]
    assert world.delivery(PROBATION, Channel.EMAIL)["held"] == ["UNVERIFIED_ADDRESS"]


# --- duplicates

OF_IT = {
    "referral_ref": "NS-26-2DUP5K",
    "primary_outcome": "DUP",
    "duplicate_of": REF,
    "duplicate_of_child": 1,
}
BY_THE_GP = {"referring_agency": {"agency_id": "north-gp"}, "involved_agencies": []}


@pytest.fixture
def duplicated(world: World) -> World:
    """A sensitive decision, and a GP whose own referral turned out to be a duplicate of it."""
    world.apply(a_registry(an_agency("north-gp", AgencyType.GP, Channel.EMAIL)))
    world.take(a_decision(hold_codes=SENSITIVE))
    world.take(a_decision(event_id=SECOND_ID, **OF_IT, **BY_THE_GP))
    return world


def test_a_duplicates_reader_waits_with_the_originals_child_and_is_released_with_it(
    duplicated: World,
) -> None:
    assert duplicated.send_due() == 0
    assert set(duplicated.tasks()) == {"RELEASE_CHILD#01"}
    assert duplicated.release() == Released(child=1, due=3, still_held=0)
    assert duplicated.send_due() == 3
    assert "north-gp" in told_to(duplicated)


def test_a_duplicate_named_by_mistake_says_where_its_decision_stands(duplicated: World) -> None:
    assert refused(duplicated, ref="NS-26-2DUP5K") == (
        "Nothing of NS-26-2DUP5K is held that way. "
        f"It is a duplicate: what is decided for it stands under {REF}."
    )


def test_what_a_duplicate_says_of_its_own_child_is_not_released_where_it_frees_nobody(world: World) -> None:
    """Its messages stand, and wait, with the original's: freeing its own child would tell nobody."""
    world.take(a_decision())
    world.take(a_decision(event_id=SECOND_ID, hold_codes=SENSITIVE, **OF_IT))
    assert REF in refused(world, ref="NS-26-2DUP5K", child=1)


def test_a_referral_that_is_no_duplicate_any_more_has_no_such_hint(duplicated: World) -> None:
    world = duplicated
    own = {"referral_ref": "NS-26-2DUP5K", "primary_outcome": "S17", "decision_seq": 2}
    world.take(a_decision(event_id=THIRD_ID, **own, **BY_THE_GP))
    assert refused(world, ref="NS-26-2DUP5K") == "Nothing of NS-26-2DUP5K is held that way."


# --- more than one transaction takes


def test_a_child_with_more_messages_than_one_transaction_takes_is_released_whole(world: World) -> None:
    """Twenty agencies on two channels, and the same twenty again for each of two duplicates."""
    agencies = [
        an_agency(f"north-{number}", AgencyType.PROBATION, Channel.EMAIL, Channel.WEBHOOK)
        for number in range(20)
    ]
    world.apply(a_registry(*agencies))
    first, *others = (agency.id for agency in agencies)
    everybody = {
        "referring_agency": {"agency_id": first},
        "involved_agencies": [
            {"agency_id": one, "own_ref": "PR-55120", "holds_plan_role": False} for one in others
        ],
    }
    world.take(a_decision(hold_codes=SENSITIVE, **everybody))
    for number, event_id in enumerate((SECOND_ID, THIRD_ID), 1):
        world.take(
            a_decision(event_id=event_id, **OF_IT | {"referral_ref": f"NS-26-DUP{number}"}, **everybody)
        )
    came = world.release()
    assert came == Released(child=1, due=120, still_held=0)
    rows = releases(world)
    assert len(rows) == len({row["uid"] for row in rows}) == 2
    assert [task["st"] for task in world.tasks().values()] == ["DONE"]
    waiting = [item for item in world.all_items("state") if "message_id" in item]
    assert len([item for item in waiting if "due_pk" in item]) == 120


def held_in_all(world: World, number: int) -> None:
    """As many messages as a service has that referred the same child that often, on top of what there is."""
    first = world.delivery(PROBATION, Channel.EMAIL)
    copies = ({**first, "sk": f"{first['sk']}#D{copy:08d}"} for copy in range(number - 1))
    for item in copies:
        world.store.write([world.store.put("x", "state", item)])


IN_PROBATIONS_FAMILY = {
    "referring_agency": {"agency_id": PROBATION, "own_ref": "PR-55120"},
    "involved_agencies": [],
}
BY_THE_PUBLIC = {
    "referring_agency": None,
    "involved_agencies": [{"agency_id": PROBATION, "own_ref": "PR-55120", "holds_plan_role": True}],
}


@pytest.mark.parametrize("number", [94, 95, 97])
def test_the_call_that_waited_has_its_room_beside_the_messages(world: World, number: int) -> None:
    """With the call's row and task the transaction is full with 94."""
    world.take(a_decision(hold_codes=SENSITIVE, **BY_THE_PUBLIC))
    held_in_all(world, number)
    assert world.release() == Released(1, due=number, still_held=0)
    assert {name: task["st"] for name, task in world.tasks().items()} == {
        "CALL_REFERRER#01": "OPEN",
        "RELEASE_CHILD#01": "DONE",
    }
    assert len([row for row in world.rows() if row["type"] == "TASK"]) == 1
    rows = releases(world)
    assert len(rows) == len({row["uid"] for row in rows}) == (1 if number == 94 else 2)


def test_more_calls_than_one_transaction_takes_are_opened_in_several(world: World) -> None:
    """A service that referred the same child sixty times is called about each."""
    world.take(a_decision(hold_codes=SENSITIVE, **BY_THE_PUBLIC))
    calls = [f"CALL_AGENCY|{PROBATION}|NS-26-{number:06d}#01" for number in range(60)]
    waiting = Change({"calls": calls})
    world.store.write([world.store.update("x", "state", (f"R#{REF}", "CHILD#01"), change=waiting)])
    assert world.release() == Released(1, due=1, still_held=0)
    assert len([task for task in world.tasks().values() if task["st"] == "OPEN"]) == 60
    assert len([row for row in world.rows() if row["type"] == "TASK"]) == 60
    assert world.tasks()["RELEASE_CHILD#01"]["st"] == "DONE"


@pytest.mark.parametrize(("number", "transactions"), [(96, 1), (97, 2), (120, 2)])
def test_one_recipients_messages_are_freed_in_several_transactions(
    world: World, number: int, transactions: int
) -> None:
    world.take(a_decision(hold_codes=[{"code": "REFERRER_IS_FAMILY"}], **IN_PROBATIONS_FAMILY))
    held_in_all(world, number)
    assert world.release(agency=PROBATION) == Released(1, due=number, still_held=0)
    assert [task["st"] for task in world.tasks().values()] == ["DONE"]
    assert len(releases(world)) == transactions


def test_a_release_that_stopped_half_way_is_still_a_hold_and_a_task(world: World) -> None:
    """What is left of it is held by the child, and repeating the release ends it."""
    world.take(a_decision(hold_codes=SENSITIVE))
    police = world.delivery(POLICE, Channel.WEBHOOK)
    freed = Change({"due_at": "x"}, remove=("held",))
    world.store.write([world.store.update("x", "state", (police["pk"], police["sk"]), change=freed)])
    assert [task["st"] for task in world.tasks().values()] == ["OPEN"]
    assert world.release() == Released(1, 1, 0)


def test_nobody_may_be_rung_about_what_is_held_and_the_release_opens_the_call(world: World) -> None:
    """Probation was told of an enquiry and may read nothing of the allegation that replaces it."""
    world.take(a_decision())
    world.send_due()
    world.take(a_decision(event_id=SECOND_ID, decision_seq=2, primary_outcome="LAD"))
    assert [name for name in world.tasks() if name.startswith("CALL_")] == []
    assert [row for row in world.rows() if row["type"] == "TASK"] == []
    world.later(hours=2)
    world.release(reason=ReleaseReason.AGREED_WITH_DESIGNATED_OFFICER)
    (call,) = (task for name, task in world.tasks().items() if name.startswith("CALL_"))
    assert (call["kind"], call["agency"], call["opened_at"]) == (
        "CALL_AGENCY", PROBATION, "2026-11-24T17:02:30.000Z",
    )  # fmt: skip
    (row,) = (row for row in world.rows() if row["type"] == "TASK")
    assert (row["task"], row["task_agency"], row["dver"]) == ("CALL_AGENCY", PROBATION, 2)


@pytest.mark.parametrize("reason", sorted(set(ReleaseReason) - {ReleaseReason.TOLD_BY_PHONE_FIRST}))
def test_of_an_emergency_somebody_is_told_by_telephone_first(world: World, reason: ReleaseReason) -> None:
    world.take(a_decision(primary_outcome="EMP"))
    with pytest.raises(NotReleasableError, match="Only TOLD_BY_PHONE_FIRST ends EMERGENCY"):
        world.release(reason=reason)
    assert world.send_due() == 0
    assert world.release().due == 2


NOT_AGREED = sorted(set(ReleaseReason) - {ReleaseReason.AGREED_WITH_DESIGNATED_OFFICER})


@pytest.mark.parametrize("reason", NOT_AGREED)
def test_an_allegation_is_told_of_as_the_designated_officer_agreed(
    world: World, reason: ReleaseReason
) -> None:
    world.take(a_decision(additional_outcomes=["LAD"]))
    with pytest.raises(NotReleasableError, match="Only AGREED_WITH_DESIGNATED_OFFICER ends LADO"):
        world.release(allegation=True, reason=reason)
    assert world.send_due() == 2
    assert world.release(allegation=True).due > 0


def test_so_is_one_that_is_all_there_was(world: World) -> None:
    world.take(a_decision(primary_outcome="LAD", hold_codes=[{"code": "EMERGENCY"}]))
    with pytest.raises(NotReleasableError, match="Only AGREED_WITH_DESIGNATED_OFFICER ends EMERGENCY, LADO"):
        world.release(reason=ReleaseReason.SAFE_TO_TELL)
    assert world.release(reason=ReleaseReason.AGREED_WITH_DESIGNATED_OFFICER).due > 0


@pytest.mark.parametrize("code", ["EMERGENCY", "LADO"])
def test_a_trigger_that_another_outcome_carries_may_be_an_error(world: World, code: str) -> None:
    world.take(a_decision(hold_codes=[{"code": code}]))
    assert world.release(reason=ReleaseReason.HELD_IN_ERROR).due == 2


def test_a_verified_address_is_no_reason_to_tell_what_is_held_for_more(world: World) -> None:
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
    with pytest.raises(NotReleasableError, match="ADDRESS_VERIFIED is no reason to end SENSITIVE"):
        world.release(reason=ReleaseReason.ADDRESS_VERIFIED)
    assert world.send_due() == 0
