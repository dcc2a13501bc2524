"""An endpoint that refuses or is gone is paused until a person resumes it, and nothing is lost."""

from datetime import timedelta

import pytest

from functions.adapters.errors import ContendedError
from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.reading import DueIndex
from functions.adapters.ledger.store import Change
from functions.domain.delivery import LEASE, Answer
from functions.domain.tasks import endpoint_task
from functions.flows.acting.cancel import cancel, what_would_stop
from functions.flows.acting.endpoint import put_forward
from functions.flows.acting.order import Which
from schemas.codes import ActReason, AttemptResult, Channel, ErrorWord, PauseCause
from tests.flows.endpoints import (
    AGENCY,
    attempts,
    decided_for_police,
    endpoint,
    endpoint_rows,
    owners_task,
    slow_worker,
    states,
)
from tests.flows.sweeps import fails, item_of, recovers, rows_of, send_to, sweep
from tests.flows.test_sending import CrashError, crash, recover
from tests.world import World

GONE = Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=410)
REFUSALS = {
    **{
        str(status): Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=status)
        for status in (401, 403, 404)
    },
    "TLS": Answer(AttemptResult.FAILED, error=ErrorWord.E_TLS),
    "target": Answer(AttemptResult.FAILED, retryable=False, error=ErrorWord.E_INVALID_TARGET),
}


@pytest.mark.parametrize("answer", REFUSALS.values(), ids=REFUSALS)
def test_a_refused_message_is_tried_at_once_in_five_and_in_thirty_minutes_and_then_the_endpoint_is_paused(
    world: World, answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    waiting = decided_for_police(world, 1)
    fails(world, answer=answer)
    began, tried = world.now, []
    for _ in range(40):
        before = len(world.police.sent)
        sweep(world)
        if len(world.police.sent) > before:
            tried.append((world.now - began) // timedelta(minutes=1))
        world.later(minutes=1)
    assert tried == [0, 5, 30]
    assert (states(world, waiting), attempts(world, waiting)) == (["RETRY"], [3])
    assert (endpoint(world)["paused"], endpoint_rows(world)) == ("REFUSING", ["PAUSED"])
    assert owners_task(world)["st"] == "OPEN"
    assert caplog.messages.count("ENDPOINT_PAUSED") == 1
    assert caplog.messages.count("TASK_OPENED") == 1


def test_an_endpoint_that_is_gone_is_paused_by_one_answer(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    waiting = decided_for_police(world, 3)
    fails(world, answer=GONE)
    sweep(world)
    sweep(world)
    assert len(world.police.sent) == 1
    assert sorted(attempts(world, waiting)) == [0, 0, 1]
    assert (endpoint(world)["paused"], endpoint_rows(world)) == ("GONE", ["PAUSED"])
    assert owners_task(world)["st"] == "OPEN"
    assert caplog.messages.count("ENDPOINT_PAUSED") == 1


def test_what_waits_for_a_paused_endpoint_is_looked_at_each_hour_and_no_attempt_is_counted(
    world: World,
) -> None:
    waiting = decided_for_police(world, 1)
    pause(world)
    rows = world.rows(waiting[0].ref)
    send_to(world, waiting[0])
    item = item_of(world, waiting[0])
    in_an_hour = at_text(world.now + timedelta(hours=1))
    assert (item["st"], item["attempt"], item["due_at"]) == ("PENDING", 0, in_an_hour)
    assert (item["watch"], item["watch_at"]) == ("FALLBACK", at_text(world.now))
    assert world.rows(waiting[0].ref) == rows
    world.later(minutes=59, seconds=59)
    assert waiting[0] not in list(DueIndex(world.store).until(world.now))


def pause(world: World) -> None:
    by_hand = PauseCause.BY_HAND
    assert world.health.pause(
        "north-police", by_hand, by="duty-engineer", reason="AGENCY_ASKED", now=world.now
    )


def resume(world: World) -> None:
    assert world.health.resume(
        "north-police", by="duty-engineer", reason="MENDED", request="req-1", now=world.now
    )


def test_the_message_that_found_it_gone_waits_no_longer_for_its_fallback_than_the_others(
    world: World,
) -> None:
    waiting = decided_for_police(world, 2)
    fails(world, answer=GONE)
    for key in waiting:
        send_to(world, key)
    found, waits = (item_of(world, key) for key in waiting)
    assert (found["st"], waits["st"]) == ("RETRY", "PENDING")
    assert {(item["watch"], item["watch_at"]) for item in (found, waits)} == {
        ("FALLBACK", at_text(world.now))
    }


def test_a_clock_that_has_gone_on_from_the_fallback_is_not_set_back_by_a_pause(world: World) -> None:
    waiting = decided_for_police(world, 1)
    pause(world)
    sweep(world)
    at_first = item_of(world, waiting[0])
    assert at_first["watch"] == "CALL"
    world.later(hours=1)
    send_to(world, waiting[0])
    again = item_of(world, waiting[0])
    assert (again["watch"], again["watch_at"]) == (at_first["watch"], at_first["watch_at"])
    assert again["due_at"] == at_text(world.now + timedelta(hours=1))


def test_a_fallback_that_is_due_this_moment_is_left_as_it_is(world: World) -> None:
    waiting = decided_for_police(world, 1)
    pause(world)
    world.later(hours=1)
    before = item_of(world, waiting[0])["watch_at"]
    send_to(world, waiting[0])
    assert item_of(world, waiting[0])["watch_at"] == before


def test_a_resumed_endpoint_is_probed_and_then_everything_goes(world: World) -> None:
    waiting = decided_for_police(world, 3)
    fails(world, answer=GONE)
    sweep(world)
    resume(world)
    recovers(world)
    assert endpoint(world) == {"pk": AGENCY, "sk": keys.ENDPOINT}
    world.later(hours=1, minutes=7)
    sweep(world)
    assert states(world, waiting) == ["SENT"] * 3
    assert endpoint_rows(world) == ["PAUSED", "RESUMED"]
    assert endpoint(world)["breaker"] == "CLOSED"


def test_one_that_refuses_again_after_it_was_resumed_is_paused_again_at_once(world: World) -> None:
    decided_for_police(world, 1)
    fails(world, answer=REFUSALS["403"])
    for minutes in (0, 5, 25):
        world.later(minutes=minutes)
        sweep(world)
    resume(world)
    world.later(hours=1, minutes=7)
    sweep(world)
    assert len(world.police.sent) == 4
    assert endpoint_rows(world) == ["PAUSED", "RESUMED", "PAUSED"]


@pytest.mark.parametrize("at_rest", ["paused", "breaker open"])
def test_one_whose_worker_died_at_an_endpoint_that_now_rests_is_closed_with_the_next_sweep(
    world: World, at_rest: str
) -> None:
    (waiting,) = died_before_it_was_answered(world)
    if at_rest == "paused":
        pause(world)
    else:
        health, until = world.health, world.now + timedelta(hours=1)
        health.open("north-police", until=until, task=endpoint_task(world.now, world.clocks), now=world.now)
    world.later(seconds=LEASE.total_seconds() + 1)
    sweep(world)
    item = item_of(world, waiting)
    assert (item["st"], item["attempt"], item["due_at"] > at_text(world.now)) == ("RETRY", 1, True)
    assert not {"owner", "lease_until"} & item.keys()
    (row,) = rows_of(world, "ATTEMPT_CLOSED", waiting.ref)
    said = (row["result"], row["attempt"], row["state"], row["next_due_at"])
    assert said == ("UNKNOWN", 1, "RETRY", item["due_at"])
    assert len(world.police.sent) == 1


def test_then_a_person_may_stop_it(world: World) -> None:
    (waiting,) = died_before_it_was_answered(world)
    pause(world)
    world.later(seconds=LEASE.total_seconds() + 1)
    sweep(world)
    stop = what_would_stop(
        Which(waiting.ref, agency_id="north-police", channel=Channel.WEBHOOK), world.act_desk
    )
    cancel(stop, world.order(ActReason.NOT_SAFE_TO_TELL), world.act_desk)
    assert states(world, [waiting]) == ["CANCELLED"]


def test_and_resuming_the_endpoint_makes_it_due_at_once(world: World) -> None:
    (waiting,) = died_before_it_was_answered(world)
    pause(world)
    world.later(seconds=LEASE.total_seconds() + 1)
    sweep(world)
    resume(world)
    assert list(put_forward("north-police", world.act_desk)) == [True]
    sweep(world)
    assert states(world, [waiting]) == ["SENT"]
    closed = rows_of(world, "ATTEMPT_CLOSED", waiting.ref)
    assert [row["result"] for row in closed if row["chan"] == "webhook"] == ["UNKNOWN", "SUCCESS"]


def died_before_it_was_answered(world: World) -> list[DeliveryKey]:
    waiting = decided_for_police(world, 1)
    crash(world, Channel.WEBHOOK)
    with pytest.raises(CrashError):
        send_to(world, waiting[0])
    recover(world, Channel.WEBHOOK)
    return waiting


def test_a_worker_that_read_before_the_endpoint_was_resumed_undoes_nothing(world: World) -> None:
    (waiting,) = decided_for_police(world, 1)
    pause(world)
    late = slow_worker(world, waiting)
    resume(world)
    before = item_of(world, waiting)
    with pytest.raises(ContendedError):
        late()
    assert item_of(world, waiting) == before
    send_to(world, waiting)
    assert states(world, [waiting]) == ["SENT"]


def test_what_changed_while_it_was_put_off_is_read_again(world: World) -> None:
    waiting = decided_for_police(world, 1)
    pause(world)
    late = slow_worker(world, waiting[0])
    send_to(world, waiting[0])
    put_off = item_of(world, waiting[0])
    held = Change({"held": ["SENSITIVE"]})
    world.store.write([world.store.update("x", "state", (waiting[0].pk, waiting[0].sk), change=held)])
    with pytest.raises(ContendedError):
        late()
    assert item_of(world, waiting[0]) == put_off | {"held": ["SENSITIVE"]}
