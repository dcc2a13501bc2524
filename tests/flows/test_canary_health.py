"""What a canary says of an endpoint's health, and what several say of our own way out."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from functions.adapters.errors import NothingToSendError
from functions.adapters.ledger import keys
from functions.adapters.ledger.keys import CanaryKey
from functions.adapters.ledger.reading import DueIndex
from functions.adapters.ledger.store import Change
from functions.domain.canary import CANARY_EVERY
from functions.domain.delivery import LEASE, Answer
from functions.domain.endpoint import COOLDOWN, FAILED_IN_A_ROW
from functions.flows.sending.answer import MOST_RECEIVES, Message, answer_message
from functions.flows.sending.canary import send_canary
from functions.flows.sending.park import ParkDesk, park
from schemas.codes import AttemptResult, Channel, ErrorWord, PauseCause
from tests.flows.aviary import FORCES, NORTH, REFUSED, UNREACHED, Aviary, results, rows
from tests.flows.test_taking_in import interleaved
from tests.world import a_decision, an_event_id

# --- the endpoint's health


def set_endpoint(aviary: Aviary, *remove: str, **attributes: str) -> None:
    change = Change(attributes, remove=remove)
    store = aviary.world.store
    store.write([store.update("x", "state", (NORTH.pk, keys.ENDPOINT), change=change)])


def open_breaker(aviary: Aviary) -> None:
    until = aviary.world.now + COOLDOWN
    set_endpoint(aviary, breaker="OPEN", open_until=f"{until:%Y-%m-%dT%H:%M:%S}.000Z")


def test_a_paused_endpoint_is_sent_none_until_it_is_resumed(aviary: Aviary) -> None:
    aviary.agree("north-police")
    world = aviary.world
    world.health.pause("north-police", PauseCause.BY_HAND, by="duty-engineer", now=world.now)
    for _ in range(3):
        assert (aviary.sweep(), aviary.due()) == (0, [])
        world.now += CANARY_EVERY
    assert results(world) == []
    world.health.resume("north-police", by="duty-engineer", reason="MENDED", request="req-1", now=world.now)
    assert aviary.sweep() == 1


def test_an_open_breaker_lets_none_pass_before_its_cooldown_is_over_and_then_one_as_its_probe(
    aviary: Aviary,
) -> None:
    aviary.agree("north-police")
    open_breaker(aviary)
    aviary.world.now += COOLDOWN - timedelta(seconds=1)
    assert (aviary.sweep(), aviary.due()) == (0, [NORTH])
    aviary.world.later(seconds=1)
    assert (aviary.sweep(), aviary.breaker()) == (1, "CLOSED")
    assert rows(aviary.world)[-1]["result"] == "RECOVERED"


def test_a_probe_that_is_not_answered_keeps_the_breaker_open_for_another_cooldown(aviary: Aviary) -> None:
    aviary.agree("north-police")
    open_breaker(aviary)
    aviary.world.now += COOLDOWN
    aviary.outside.answers = [REFUSED]
    assert (aviary.sweep(), aviary.breaker()) == (1, "OPEN")
    assert aviary.desk.canaries.load(NORTH).endpoint.open_until == aviary.world.now + COOLDOWN


def test_while_somebody_else_probes_none_is_sent(aviary: Aviary) -> None:
    aviary.agree("north-police")
    open_breaker(aviary)
    aviary.world.now += COOLDOWN
    until = aviary.world.now + LEASE
    set_endpoint(aviary, probe_until=f"{until:%Y-%m-%dT%H:%M:%S}.000Z")
    assert (aviary.sweep(), aviary.due()) == (0, [NORTH])


def test_of_two_workers_that_would_probe_with_a_canary_one_does(aviary: Aviary) -> None:
    """The other reads before the first has taken the probe, and meets its lease."""
    aviary.agree("north-police")
    open_breaker(aviary)
    aviary.world.now += COOLDOWN
    until = aviary.world.now + LEASE
    interleaved(aviary.world, lambda: set_endpoint(aviary, probe_until=f"{until:%Y-%m-%dT%H:%M:%S}.000Z"))
    assert (aviary.sweep(), results(aviary.world)) == (0, [])


def test_an_endpoint_of_which_nothing_is_known_is_known_to_answer_after_one(aviary: Aviary) -> None:
    aviary.agree("north-police")
    set_endpoint(aviary, "breaker")
    assert (aviary.sweep(), aviary.breaker()) == (1, "CLOSED")


@pytest.mark.parametrize("known", [True, False], ids=["closed", "nothing known"])
def test_canaries_alone_never_open_a_breaker_or_pause_an_endpoint(aviary: Aviary, *, known: bool) -> None:
    aviary.agree("north-police")
    if not known:
        set_endpoint(aviary, "breaker")
    gone = Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=410)
    aviary.outside.answers = [REFUSED, UNREACHED, gone] * FAILED_IN_A_ROW
    for _ in range(3 * FAILED_IN_A_ROW):
        assert aviary.sweep() == 1
        aviary.world.now += CANARY_EVERY
    endpoint = aviary.desk.canaries.load(NORTH).endpoint
    assert aviary.breaker() == ("CLOSED" if known else None)
    assert (endpoint.paused, [slot.answers for slot in endpoint.slots]) == (None, [()] * 4)
    assert aviary.world.tasks() == {}


# --- our own way out


def decide(aviary: Aviary, children: int) -> None:
    for child in range(1, children + 1):
        aviary.world.take(
            a_decision(
                event_id=an_event_id("child", child),
                child_index=child,
                involved_agencies=[],
                agencies_contributing=[],
            )
        )


def unreached(aviary: Aviary, *names: str) -> None:
    """The canaries of these go and reach nobody."""
    for name in names:
        aviary.outside.answers = [UNREACHED]
        send_canary(CanaryKey(name), aviary.desk)
    aviary.outside.answers = []


def test_when_three_agencies_are_out_of_reach_at_once_the_fault_is_ours_and_is_said_once(
    aviary: Aviary, caplog: pytest.LogCaptureFixture
) -> None:
    aviary.agree(*FORCES)
    unreached(aviary, *FORCES[:2])
    assert "EGRESS_FAILING" not in caplog.messages
    unreached(aviary, *FORCES[2:])
    assert caplog.messages.count("EGRESS_FAILING") == 1


def test_an_answer_between_them_says_that_the_way_out_works_whatever_its_status(
    aviary: Aviary, caplog: pytest.LogCaptureFixture
) -> None:
    aviary.agree(*FORCES)
    unreached(aviary, *FORCES[:2])
    aviary.outside.answers = [REFUSED]
    aviary.world.later(seconds=1)
    send_canary(CanaryKey(FORCES[2]), aviary.desk)
    aviary.world.later(seconds=1)
    unreached(aviary, FORCES[3])
    assert "EGRESS_FAILING" not in caplog.messages


def test_where_only_two_agree_both_are_enough_and_one_is_never(
    aviary: Aviary, caplog: pytest.LogCaptureFixture
) -> None:
    aviary.agree("north-police")
    unreached(aviary, "north-police")
    assert "EGRESS_FAILING" not in caplog.messages
    aviary.agree("north-police", "west-police")
    unreached(aviary, "west-police")
    assert "EGRESS_FAILING" in caplog.messages


def test_an_agency_that_no_longer_agrees_is_not_waited_for(
    aviary: Aviary, caplog: pytest.LogCaptureFixture
) -> None:
    aviary.agree(*FORCES)
    aviary.sweep()
    aviary.agree(*FORCES[:2])
    aviary.sweep()
    aviary.world.now += CANARY_EVERY
    unreached(aviary, *FORCES[:2])
    assert "EGRESS_FAILING" in caplog.messages


@pytest.mark.parametrize("ours", [True, False], ids=["our fault", "theirs"])
def test_what_is_our_fault_opens_no_agencys_breaker(aviary: Aviary, *, ours: bool) -> None:
    aviary.agree(*FORCES[1:])
    if ours:
        unreached(aviary, *FORCES[1:])
    decide(aviary, FAILED_IN_A_ROW)
    aviary.world.police.answers = [Answer(AttemptResult.FAILED, error=ErrorWord.E_DNS)] * FAILED_IN_A_ROW
    assert aviary.world.send_due() == FAILED_IN_A_ROW
    assert aviary.breaker() == ("CLOSED" if ours else "OPEN")


def by_canary(aviary: Aviary) -> None:
    aviary.world.now += CANARY_EVERY
    aviary.outside.answers = [REFUSED]
    aviary.sweep()


def by_delivery(aviary: Aviary) -> None:
    decide(aviary, 1)
    aviary.world.send_due()


@pytest.mark.parametrize("reach", [by_canary, by_delivery])
def test_once_anybody_is_reached_the_fault_is_no_longer_ours(
    aviary: Aviary, reach: Callable[[Aviary], None], caplog: pytest.LogCaptureFixture
) -> None:
    aviary.agree(*FORCES[1:])
    unreached(aviary, *FORCES[1:])
    assert aviary.desk.canaries.load(NORTH).endpoint.egress_failing
    reach(aviary)
    assert not aviary.desk.canaries.load(NORTH).endpoint.egress_failing
    assert caplog.messages.count("EGRESS_RECOVERED") == 1


# --- its message


class TimeLeft:
    def __init__(self, milliseconds: int = 60_000) -> None:
        self._milliseconds = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        return self._milliseconds


def test_its_message_goes_to_the_webhook_sender_and_to_no_other(aviary: Aviary) -> None:
    aviary.agree("north-police")
    message = Message('{"pk": "G#north-police", "sk": "CANARY"}', 1)
    with pytest.raises(NothingToSendError, match="e-mail"):
        answer_message(message, TimeLeft(), aviary.world.send_desk(Channel.EMAIL), lambda _: None)
    answer_message(message, TimeLeft(), aviary.world.send_desk(Channel.WEBHOOK), lambda _: None, aviary.desk)
    assert results(aviary.world) == ["CANARY_SENT", "CANARY_OK"]


def test_one_that_can_only_wait_is_left_to_the_sweep_too(aviary: Aviary) -> None:
    aviary.agree("north-police")
    message = Message('{"pk": "G#north-police", "sk": "CANARY"}', MOST_RECEIVES)
    answer_message(message, TimeLeft(0), aviary.world.send_desk(Channel.WEBHOOK), lambda _: None, aviary.desk)
    assert NORTH in list(DueIndex(aviary.world.store).until(aviary.world.now))


def test_its_dead_letter_parks_nothing_and_is_no_refusal(aviary: Aviary) -> None:
    desk = ParkDesk(aviary.world.send_desk(Channel.WEBHOOK).sending, aviary.world.refusal_desk)
    park('{"pk": "G#north-police", "sk": "CANARY"}', "dead-0001", desk)
    assert aviary.world.refused() == []
