"""A person pauses an agency's endpoint and resumes it: between the two nothing leaves, then all of it."""

from typing import Any

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Item, Store
from functions.domain.delivery import Answer
from functions.flows.acting.endpoint import Turned, count_waiting, pause, put_forward, resume
from functions.flows.acting.order import NotPossibleError
from schemas.codes import ActReason, AgencyType, AttemptResult, Channel, ErrorWord, PauseCause
from tests.flows.test_taking_in import interleaved
from tests.world import (
    LosesAReply,
    World,
    a_decision,
    a_registry,
    an_agency,
    an_event_id,
    is_whole,
    told_to,
)

REF = "NS-26-7KQ4ZP"
POLICE, PROBATION = "north-police", "north-probation"
BUSY = Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503)


def stopped(world: World, name: str = POLICE) -> Turned:
    return pause(name, world.order(ActReason.MAINTENANCE), world.act_desk)


def started(world: World, name: str = POLICE) -> tuple[Turned, int]:
    turned = resume(name, world.order(ActReason.ENDPOINT_MENDED), world.act_desk)
    return turned, sum(put_forward(turned.agency_id, world.act_desk))


def rows(world: World, agency: str = POLICE) -> list[Item]:
    """What the endpoint's own chain says, without the registry's row."""
    entries = world.store.partition("audit", keys.agency(agency), "E#")
    return [row for row in entries if row["type"] == "ENDPOINT"]


def refused(act: Any, world: World) -> str:
    before = [world.all_items(table) for table in ("audit", "state")]
    with pytest.raises(NotPossibleError) as caught:
        act()
    assert [world.all_items(table) for table in ("audit", "state")] == before
    return str(caught.value)


def decisions(world: World, count: int) -> list[str]:
    """So many referrals with a message to the police; their references."""
    refs = [f"NS-26-{number:06d}" for number in range(count)]
    for ref in refs:
        world.take(a_decision(referral_ref=ref, event_id=an_event_id(ref), involved_agencies=[]))
    return refs


def test_a_pause_says_who_and_why_and_nothing_leaves_until_it_ends(world: World) -> None:
    turned = stopped(world)
    (row,) = rows(world)
    said = {
        "result": "PAUSED",
        "cause": "BY_HAND",
        "reason": "MAINTENANCE",
        "actor": "mash-manager",
        "agency": POLICE,
    }
    assert said.items() <= row.items()
    assert row["req"]
    assert (turned.agency_id, turned.entry) == (POLICE, f"G#{POLICE} {row['sk']}")
    world.take(a_decision())
    world.send_due()
    assert told_to(world) == [PROBATION]
    assert is_whole(world.store.partition("audit", keys.agency(POLICE), "E#"))


def test_once_resumed_everything_that_was_put_off_is_due_at_once_and_nobody_elses(world: World) -> None:
    gp = an_agency("north-gp", AgencyType.GP, Channel.WEBHOOK)
    world.apply(a_registry(gp))
    stopped(world)
    stopped(world, "north-gp")
    refs = decisions(world, 3)
    world.take(a_decision(referring_agency={"agency_id": "north-gp", "own_ref": "GP-1234"}))
    world.send_due()
    world.later(minutes=10)
    world.send_due()
    assert world.police.sent == []  # an e-mail has gone in the place of each
    turned, due = started(world)
    assert due == 3
    (_, row) = rows(world)
    assert {"result": "RESUMED", "reason": "ENDPOINT_MENDED", "actor": "mash-manager"}.items() <= row.items()
    assert turned.entry == f"G#{POLICE} {row['sk']}"
    assert {world.delivery(POLICE, Channel.WEBHOOK, ref=ref)["due_at"] for ref in refs} == {
        "2026-11-24T15:12:30.000Z"
    }
    assert world.delivery("north-gp", Channel.WEBHOOK)["due_at"] == "2026-11-24T16:02:30.000Z"
    for _ in range(3):  # one message first, to see whether it answers
        world.send_due()
    assert len(world.police.sent) == 3


def test_what_waits_for_its_next_try_goes_at_once_too_and_costs_no_try(world: World) -> None:
    world.take(a_decision())
    world.police.answers = [BUSY, BUSY]
    world.send_due()
    world.later(seconds=10)
    world.send_due()
    stopped(world)
    assert started(world)[1] == 1
    item = world.delivery(POLICE, Channel.WEBHOOK)
    assert (item["st"], item["attempt"], item["due_at"]) == ("RETRY", 2, "2026-11-24T15:02:40.000Z")


def test_what_cannot_go_is_left_as_it_is(world: World) -> None:
    """A held message has no due time, one that is being sent has its lease, an e-mail another door."""
    world.take(a_decision(hold_codes=[{"code": "REFERRER_IS_FAMILY"}]))
    stopped(world)
    assert started(world)[1] == 0
    assert "due_at" not in world.delivery(POLICE, Channel.WEBHOOK)


def test_a_message_that_is_claimed_meanwhile_keeps_its_lease(world: World) -> None:
    stopped(world)
    world.take(a_decision())
    world.send_due()
    resume(POLICE, world.order(ActReason.ENDPOINT_MENDED), world.act_desk)
    world.later(hours=1)
    counted: list[bool] = []
    world.police.while_sending = lambda: counted.extend(put_forward(POLICE, world.act_desk))
    world.send_due()
    assert counted == [False]
    assert world.delivery(POLICE, Channel.WEBHOOK)["st"] == "SENT"


def test_how_many_wait_is_counted_and_changes_nothing(world: World) -> None:
    stopped(world)
    decisions(world, 2)
    world.send_due()
    before = world.all_items("state")
    assert count_waiting(POLICE, world.act_desk) == 2
    assert world.all_items("state") == before


def test_an_endpoint_that_refused_us_is_resumed_the_same_way_and_its_task_ends(world: World) -> None:
    world.take(a_decision())
    world.police.answers = [Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=410)]
    world.send_due()
    task = (keys.agency(POLICE), "TASK#MEND_ENDPOINT#00")
    assert (world.store.get("state", *task) or {})["st"] == "OPEN"
    assert started(world)[1] == 1
    assert (world.store.get("state", *task) or {})["st"] == "DONE"


def test_a_pause_by_hand_is_somebodys_task_until_it_ends(world: World) -> None:
    stopped(world)
    task = (keys.agency(POLICE), "TASK#MEND_ENDPOINT#00")
    opened = world.store.get("state", *task) or {}
    assert (opened["st"], opened["role"], opened["due_at"]) == (
        "OPEN", "DIRECTORY_OWNER", "2026-11-25T15:02:30.000Z",
    )  # fmt: skip
    started(world)
    assert (world.store.get("state", *task) or {})["st"] == "DONE"


# --- what is refused


def test_what_is_paused_is_not_paused_again_and_the_answer_says_since_when(world: World) -> None:
    world.health.pause(POLICE, PauseCause.REFUSING, by="mash-outcomes", now=world.now)
    world.later(hours=1)
    assert refused(lambda: stopped(world), world) == (
        "north-police's endpoint is paused already, since 24 November 2026 at 3:02pm (REFUSING)."
    )


def test_what_is_not_paused_is_not_resumed(world: World) -> None:
    assert refused(lambda: started(world), world) == (
        "north-police's endpoint is not paused. What it has not taken, `mash recover north-police --since "
        "INSTANT` sends again."
    )


@pytest.mark.parametrize("name", ["nobody", PROBATION])
def test_without_a_webhook_there_is_nothing_to_pause_or_to_resume(world: World, name: str) -> None:
    mailed = an_agency(PROBATION, AgencyType.PROBATION, Channel.EMAIL, webhook=None)
    police = an_agency(POLICE, AgencyType.POLICE, Channel.WEBHOOK)
    world.apply(a_registry().model_copy(update={"agency": (police, mailed)}))
    said = f"{name} is no active agency with a webhook: see `mash agencies list`."
    assert refused(lambda: stopped(world, name), world) == said
    assert refused(lambda: started(world, name), world) == said


def test_a_reason_for_another_act_is_none_for_these(world: World) -> None:
    order = world.order(ActReason.NOT_RECEIVED)
    assert refused(lambda: pause(POLICE, order, world.act_desk), world).startswith(
        "NOT_RECEIVED is no reason to pause an endpoint. Give one of: MAINTENANCE, "
    )
    assert refused(lambda: resume(POLICE, order, world.act_desk), world).startswith(
        "NOT_RECEIVED is no reason to resume an endpoint. Give one of: ENDPOINT_MENDED, "
    )


# --- two at once, and answers that get lost


def test_an_answer_that_was_lost_is_no_second_pause_and_no_failure(world: World) -> None:
    world.use(LosesAReply)
    stopped(world)
    world.use(Store)
    assert [row["result"] for row in rows(world)] == ["PAUSED"]
    world.use(LosesAReply)
    turned = resume(POLICE, world.order(ActReason.ENDPOINT_MENDED), world.act_desk)
    assert [row["result"] for row in rows(world)] == ["PAUSED", "RESUMED"]
    assert turned.entry == f"G#{POLICE} {rows(world)[-1]['sk']}"


def test_of_two_people_at_once_one_pauses_and_the_other_is_told(world: World) -> None:

    def meanwhile() -> None:
        stopped(world)

    interleaved(world, meanwhile)
    with pytest.raises(NotPossibleError, match="is paused already, since"):
        stopped(world)
    assert len(rows(world)) == 1
