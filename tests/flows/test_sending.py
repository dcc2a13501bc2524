"""One delivery through its door: claims, leases, retries, and what each failing point leaves behind."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from functions.adapters.dispatch import message_body
from functions.adapters.errors import BusyError, NothingToSendError, RetryError
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.sending import Sending
from functions.adapters.ledger.store import Change, Item, Part, Store
from functions.adapters.ledger.waiting import Waiting
from functions.adapters.pace import Pace
from functions.domain.delivery import LEASE, QUARANTINE, Answer
from functions.flows.sending.answer import MOST_RECEIVES, Message, answer_message
from functions.flows.sending.park import ParkDesk, park
from functions.flows.sending.send import send
from schemas.codes import AttemptResult, Channel, ErrorWord
from tests.flows.test_taking_in import interleaved
from tests.world import BOTH, STEPS, World, a_decision, wrapped

ANOTHER_ID = "5b3f9c44-1f0e-4a57-8d1c-0c8e7a1b2c3d"
REF = "NS-26-7KQ4ZP"
POLICE = DeliveryKey(REF, 1, 1, "north-police", Channel.WEBHOOK)
PROBATION = DeliveryKey(REF, 1, 1, "north-probation", Channel.EMAIL)
REFUSED = Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503)
CUT = Answer(AttemptResult.UNKNOWN, error=ErrorWord.E_TIMEOUT)


class CrashError(Exception):
    """The function was stopped here."""


class TimeLeft:
    def __init__(self, milliseconds: int) -> None:
        self.milliseconds = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds


def attempts(world: World, agency: str) -> list[tuple[str, int, str]]:
    """(started or closed, attempt, result) of one agency, in the trail's order."""
    return [
        (row["type"].removeprefix("ATTEMPT_"), row["attempt"], row.get("result", ""))
        for row in world.rows()
        if row.get("agency") == agency and row["type"].startswith("ATTEMPT_")
    ]


def send_to(world: World, key: DeliveryKey) -> None:
    send(key, world.send_desk(key.channel))


def crash(world: World, channel: Channel) -> None:
    def stop() -> None:
        raise CrashError

    world.doors[channel].while_sending = stop


def recover(world: World, channel: Channel) -> None:
    world.doors[channel].while_sending = lambda: None


@pytest.fixture
def decided(world: World) -> World:
    world.take(a_decision())
    return world


def test_nothing_leaves_before_its_started_row_is_in_the_trail(decided: World) -> None:
    seen: list[list[str]] = []
    decided.police.while_sending = lambda: seen.append(decided.kinds())
    send_to(decided, POLICE)
    assert seen == [["DECISION", "RA_CHECK", "ATTEMPT_STARTED"]]


def test_a_failed_attempt_is_tried_again_not_before_it_is_due_with_the_same_bytes(decided: World) -> None:
    decided.police.answers = [REFUSED]
    send_to(decided, POLICE)
    assert decided.delivery("north-police", Channel.WEBHOOK)["st"] == "RETRY"
    decided.later(seconds=9)
    send_to(decided, POLICE)
    assert len(decided.police.sent) == 1
    decided.later(seconds=1)
    send_to(decided, POLICE)
    assert attempts(decided, "north-police") == [
        ("STARTED", 1, ""),
        ("CLOSED", 1, "FAILED"),
        ("STARTED", 2, ""),
        ("CLOSED", 2, "SUCCESS"),
    ]
    assert decided.police.sent[0] == decided.police.sent[1]


def test_a_receivers_hint_only_postpones(decided: World) -> None:
    decided.police.answers = [Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, hint=timedelta(hours=1))]
    send_to(decided, POLICE)
    assert decided.delivery("north-police", Channel.WEBHOOK)["due_at"] == "2026-11-24T16:02:30.000Z"


def test_the_schedule_ends_in_failed_and_a_person_is_told(
    decided: World, caplog: pytest.LogCaptureFixture
) -> None:
    decided.police.answers = [REFUSED] * len(STEPS)
    for step in (*STEPS, 3600):
        decided.later(seconds=step)
        send_to(decided, POLICE)
    assert len(decided.police.sent) == len(STEPS)
    item = decided.delivery("north-police", Channel.WEBHOOK)
    assert item["st"] == "FAILED"
    assert "due_pk" not in item
    assert "SEND_EXHAUSTED" in caplog.messages


def test_a_refusal_for_ever_is_not_tried_again(decided: World) -> None:
    decided.mailbox.answers = [Answer(AttemptResult.FAILED, retryable=False, error=ErrorWord.E_PROVIDER)]
    send_to(decided, PROBATION)
    assert decided.delivery("north-probation", Channel.EMAIL)["st"] == "FAILED"


def test_a_second_worker_on_the_same_message_sends_nothing(decided: World) -> None:
    decided.police.while_sending = lambda: send_to(decided, POLICE)
    send_to(decided, POLICE)
    assert len(decided.police.sent) == 1


class ReadEarlier(Sending):
    """A worker that read before somebody else acted."""

    seen: Waiting | None = None

    def load(self, key: DeliveryKey) -> Waiting | None:
        return self.seen


def test_a_worker_that_read_before_the_claim_cannot_claim_again(decided: World) -> None:
    """Both read PENDING; the second's claim must fail on the condition, not on what it read."""
    slow = ReadEarlier(decided.store, decided.chain)
    slow.seen = decided.send_desk(Channel.WEBHOOK).sending.load(POLICE)
    send_to(decided, POLICE)
    send(POLICE, replace(decided.send_desk(Channel.WEBHOOK), sending=slow))
    assert len(decided.police.sent) == 1
    assert len(attempts(decided, "north-police")) == 2


def test_a_webhook_abandoned_by_a_crash_is_closed_unknown_and_sent_again_with_the_same_id(
    decided: World,
) -> None:
    crash(decided, Channel.WEBHOOK)
    with pytest.raises(CrashError):
        send_to(decided, POLICE)
    recover(decided, Channel.WEBHOOK)
    decided.later(seconds=LEASE.total_seconds() - 1)
    send_to(decided, POLICE)
    assert len(decided.police.sent) == 1
    decided.later(seconds=2)
    assert decided.send_due() == 2
    assert attempts(decided, "north-police") == [
        ("STARTED", 1, ""),
        ("CLOSED", 1, "UNKNOWN"),
        ("STARTED", 2, ""),
        ("CLOSED", 2, "SUCCESS"),
    ]
    assert decided.police.sent[0] == decided.police.sent[1]


def test_two_workers_that_take_over_one_abandoned_webhook_send_it_once(decided: World) -> None:
    """Both close the abandoned attempt with the same row; only one may take that for its own claim."""
    crash(decided, Channel.WEBHOOK)
    with pytest.raises(CrashError):
        send_to(decided, POLICE)
    recover(decided, Channel.WEBHOOK)
    decided.later(seconds=LEASE.total_seconds() + 1)
    interleaved(decided, lambda: send_to(decided, POLICE))
    send_to(decided, POLICE)
    assert len(decided.police.sent) == 2
    assert attempts(decided, "north-police") == [
        ("STARTED", 1, ""),
        ("CLOSED", 1, "UNKNOWN"),
        ("STARTED", 2, ""),
        ("CLOSED", 2, "SUCCESS"),
    ]


def test_a_takeover_closes_no_attempt_that_its_sender_has_closed_after_all(decided: World) -> None:
    """Whoever takes over read it abandoned, and stood still until it was due again."""
    slow = ReadEarlier(decided.store, decided.chain)

    def look_while_it_is_abandoned() -> None:
        decided.later(seconds=LEASE.total_seconds() + 1)
        slow.seen = decided.send_desk(Channel.WEBHOOK).sending.load(POLICE)

    decided.police.while_sending = look_while_it_is_abandoned
    decided.police.answers = [Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503)]
    send_to(decided, POLICE)
    recover(decided, Channel.WEBHOOK)
    decided.later(minutes=1)
    send(POLICE, replace(decided.send_desk(Channel.WEBHOOK), sending=slow))
    assert attempts(decided, "north-police") == [("STARTED", 1, ""), ("CLOSED", 1, "FAILED")]


def test_a_throttled_commit_is_tried_again_and_never_becomes_a_second_message(decided: World) -> None:
    class ThrottledTwice(Store):
        refusals = 2

        def write(self, parts: Sequence[Part]) -> None:
            closing = any("ATTEMPT_CLOSED" in str(part.action) for part in parts)
            if closing and self.refusals:
                self.refusals -= 1
                raise BusyError("throttled")
            super().write(parts)

    decided.store = ThrottledTwice(decided.store.client, audit="audit", state="state", keys="keys")
    decided.__post_init__()
    send_to(decided, PROBATION)
    assert attempts(decided, "north-probation") == [("STARTED", 1, ""), ("CLOSED", 1, "SUCCESS")]


@pytest.mark.parametrize("lost", ["ATTEMPT_STARTED", "ATTEMPT_CLOSED"])
def test_a_write_whose_reply_was_lost_is_known_as_our_own(decided: World, lost: str) -> None:
    """A claim that was ours all along goes on to send; a commit that was done is no late outcome."""

    class LosesOneReply(Store):
        to_lose = 1

        def write(self, parts: Sequence[Part]) -> None:
            super().write(parts)
            if self.to_lose and any(lost in str(part.action) for part in parts):
                self.to_lose -= 1
                raise BusyError("ReadTimeoutError")

    decided.store = LosesOneReply(decided.store.client, audit="audit", state="state", keys="keys")
    decided.__post_init__()
    send_to(decided, PROBATION)
    assert len(decided.mailbox.sent) == 1
    assert attempts(decided, "north-probation") == [("STARTED", 1, ""), ("CLOSED", 1, "SUCCESS")]
    assert decided.kinds()[-1] == "ATTEMPT_CLOSED"


def test_an_email_of_unknown_fate_is_left_alone_before_it_is_sent_again(decided: World) -> None:
    crash(decided, Channel.EMAIL)
    with pytest.raises(CrashError):
        send_to(decided, PROBATION)
    recover(decided, Channel.EMAIL)
    decided.later(seconds=LEASE.total_seconds() + 1)
    send_to(decided, PROBATION)
    assert decided.delivery("north-probation", Channel.EMAIL)["st"] == "QUARANTINE"
    decided.later(seconds=QUARANTINE.total_seconds() - 1)
    send_to(decided, PROBATION)
    assert len(decided.mailbox.sent) == 1
    decided.later(seconds=1)
    send_to(decided, PROBATION)
    assert attempts(decided, "north-probation") == [
        ("STARTED", 1, ""),
        ("CLOSED", 1, "UNKNOWN"),
        ("STARTED", 2, ""),
        ("CLOSED", 2, "SUCCESS"),
    ]


def test_an_email_cut_off_by_the_network_is_quarantined_too(decided: World) -> None:
    decided.mailbox.answers = [CUT]
    send_to(decided, PROBATION)
    assert decided.delivery("north-probation", Channel.EMAIL)["st"] == "QUARANTINE"


@pytest.mark.parametrize("channel", BOTH)
def test_attempts_never_exceed_the_schedule_even_if_every_one_is_abandoned(
    decided: World, channel: Channel
) -> None:
    key = POLICE if channel is Channel.WEBHOOK else PROBATION
    crash(decided, channel)
    for _ in range(3 * len(STEPS)):
        decided.later(hours=1)
        try:
            send_to(decided, key)
        except CrashError:
            continue
    assert len(decided.doors[channel].sent) == len(STEPS)
    assert decided.delivery(key.agency_id, channel)["st"] == "FAILED"
    rows = attempts(decided, key.agency_id)
    assert [kind for kind, _, _ in rows] == ["STARTED", "CLOSED"] * len(STEPS)


def test_a_zombie_that_answers_after_its_lease_changes_nothing_and_is_recorded(decided: World) -> None:
    def stall() -> None:
        decided.police.while_sending = lambda: None
        decided.later(seconds=LEASE.total_seconds() + 1)
        send_to(decided, POLICE)

    decided.police.while_sending = stall
    decided.police.answers = [Answer(AttemptResult.SUCCESS), REFUSED]
    send_to(decided, POLICE)
    assert decided.kinds()[-1] == "LATE_OUTCOME"
    assert decided.delivery("north-police", Channel.WEBHOOK)["st"] == "SENT"


def test_an_older_outcome_never_follows_a_newer_one_to_the_same_agency(decided: World) -> None:
    """Version 2 comes while version 1 is on its way: 2 waits for the lane, then goes; 1 is never repeated."""
    newer = DeliveryKey(REF, 1, 2, "north-police", Channel.WEBHOOK)

    def newer_decision_arrives() -> None:
        decided.police.while_sending = lambda: None
        decided.take(a_decision(event_id=ANOTHER_ID, decision_seq=2, primary_outcome="S17"))
        with pytest.raises(RetryError):
            send_to(decided, newer)

    decided.police.while_sending = newer_decision_arrives
    decided.police.answers = [REFUSED]
    send_to(decided, POLICE)
    decided.later(seconds=11)
    decided.send_due()
    assert [b'"decision_seq":2' in body for _, body in decided.police.sent] == [False, True]
    assert decided.delivery("north-police", Channel.WEBHOOK)["st"] == "SUPERSEDED"


def test_an_abandoned_older_outcome_is_closed_and_superseded_not_sent(decided: World) -> None:
    crash(decided, Channel.WEBHOOK)
    with pytest.raises(CrashError):
        send_to(decided, POLICE)
    recover(decided, Channel.WEBHOOK)
    decided.take(a_decision(event_id=ANOTHER_ID, decision_seq=2, primary_outcome="S17"))
    decided.later(seconds=LEASE.total_seconds() + 1)
    send_to(decided, POLICE)
    assert decided.kinds()[-2:] == ["ATTEMPT_CLOSED", "SUPERSEDED"]
    assert decided.rows()[-2]["result"] == "UNKNOWN"


def test_a_siblings_newer_version_neither_supersedes_nor_delays(decided: World) -> None:
    decided.take(a_decision(event_id=ANOTHER_ID, child_index=2, decision_seq=2))
    assert decided.send_due() == 4
    assert "SUPERSEDED" not in decided.kinds()


@pytest.mark.parametrize(
    ("what", "reason"),
    [("status", "AGENCY_INACTIVE"), ("notice", "UNREADABLE"), ("key", "UNREADABLE")],
)
def test_what_cannot_be_sent_is_parked_and_a_person_is_told(
    decided: World, what: str, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = decided.store
    damage = {
        "status": store.update("x", "state", ("G#north-police", "HEAD"), change=Change({"status": "PAUSED"})),
        "notice": store.update("x", "state", (f"R#{REF}", "M#01#0001"), change=Change({"cipher": b"x" * 40})),
        "key": store.update("x", "keys", (f"R#{REF}", "KEY"), change=Change({"wrapped": b""})),
    }
    store.write([damage[what]])
    send_to(decided, POLICE)
    assert decided.police.sent == []
    assert decided.rows()[-1]["reason"] == reason
    assert decided.delivery("north-police", Channel.WEBHOOK)["st"] == "PARKED"
    assert "DELIVERY_PARKED" in caplog.messages


def test_a_message_that_would_differ_from_its_first_try_is_parked(decided: World) -> None:
    decided.police.answers = [REFUSED]
    send_to(decided, POLICE)
    change = Change({"own_ref": "43261124/0000"})
    decided.store.write([decided.store.update("x", "state", (POLICE.pk, POLICE.sk), change=change)])
    decided.later(seconds=10)
    send_to(decided, POLICE)
    assert len(decided.police.sent) == 1
    assert decided.rows()[-1]["reason"] == "HASH_MISMATCH"


def test_an_agency_changed_while_its_message_was_made_is_read_again(decided: World) -> None:
    def changed_meanwhile() -> None:
        change = Change({"version": 2})
        decided.store.write([decided.store.update("x", "state", ("G#north-police", "HEAD"), change=change)])

    decided.police.while_made_ready = changed_meanwhile
    with pytest.raises(RetryError):
        send_to(decided, POLICE)
    assert decided.police.sent == []


def test_a_message_without_time_to_end_goes_back_untouched(decided: World) -> None:
    waits: list[int] = []
    with pytest.raises(RetryError):
        answer_message(Message("{}", 1), TimeLeft(26_999), decided.send_desk(Channel.EMAIL), waits.append)
    assert (waits, decided.mailbox.sent) == ([0], [])


@pytest.mark.parametrize(("milliseconds", "sent"), [(33_249, 0), (33_250, 1)])
def test_a_mail_that_may_have_to_wait_for_its_turn_needs_time_for_that_too(
    decided: World, milliseconds: int, sent: int
) -> None:
    """Five workers that share 80 % of one mail a second: 6.25 s each."""
    pace = Pace(1, 5, monotonic=lambda: 0.0, pause=lambda _: None)
    desk = replace(decided.send_desk(Channel.EMAIL), pace=pace)
    with suppress(RetryError):
        answer_message(Message(message_body(PROBATION), 1), TimeLeft(milliseconds), desk, lambda _: None)
    assert len(decided.mailbox.sent) == sent


class Throttled(Store):
    """Tables that have too much to do for as long as a test says so."""

    busy = False

    def get_many(self, wanted: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], Item]:
        if self.busy:
            raise BusyError("ThrottlingException")
        return super().get_many(wanted)


@pytest.mark.parametrize("milliseconds", [60_000, 26_999], ids=["throttled", "behind others that are"])
def test_however_long_the_tables_are_throttled_what_is_due_is_sent_when_they_are_not(
    decided: World, milliseconds: int
) -> None:
    """Each message is given back a few times and then let go; the sweep's next one finds the tables well."""
    decided.use(Throttled)
    tables = decided.store
    assert isinstance(tables, Throttled)
    tables.busy = True
    body, waits = message_body(POLICE), list[int]()
    for receives in range(1, MOST_RECEIVES):
        with pytest.raises(RetryError):
            answer(decided, Message(body, receives), milliseconds, waits)
    answer(decided, Message(body, MOST_RECEIVES), milliseconds, waits)
    assert len(waits) == MOST_RECEIVES - 1
    tables.busy = False
    assert decided.delivery("north-police", Channel.WEBHOOK)["st"] == "PENDING"
    decided.send_due()
    assert decided.delivery("north-police", Channel.WEBHOOK)["st"] == "SENT"


def answer(world: World, message: Message, milliseconds: int, waits: list[int]) -> None:
    answer_message(message, TimeLeft(milliseconds), world.send_desk(Channel.WEBHOOK), waits.append)


def test_what_fails_for_another_reason_is_left_to_become_a_dead_letter(world: World) -> None:
    waits: list[int] = []
    with pytest.raises(NothingToSendError):
        answer(world, Message(message_body(POLICE), MOST_RECEIVES), 60_000, waits)
    assert waits == []


@pytest.mark.parametrize(
    "body", ["", "[]", "null", '{"pk": "R#X"}', '{"pk": "X", "sk": "N#1"}', "[" * 99_999]
)
def test_a_message_that_names_no_delivery_is_not_swallowed(decided: World, body: str) -> None:
    with pytest.raises(NothingToSendError):
        answer_message(Message(body, 1), TimeLeft(60_000), decided.send_desk(Channel.EMAIL), lambda _: None)


def test_a_message_for_a_delivery_that_does_not_exist_is_not_swallowed(world: World) -> None:
    with pytest.raises(NothingToSendError):
        send_to(world, POLICE)


def test_a_dead_letter_parks_its_delivery_or_is_recorded_as_refused(decided: World) -> None:
    desk = ParkDesk(decided.send_desk(Channel.WEBHOOK).sending, decided.refusal_desk)
    park(f'{{"pk": "{POLICE.pk}", "sk": "{POLICE.sk}"}}', "dead-0001", desk)
    park("what is this", "dead-0002", desk)
    park("what is this", "dead-0002", desk)
    assert decided.delivery("north-police", Channel.WEBHOOK)["st"] == "PARKED"
    assert decided.rows()[-1]["reason"] == "DEAD_LETTER"
    assert [row["reason"] for row in decided.refused()] == ["COULD_NOT_BE_PROCESSED"]


def test_a_dead_letter_of_an_event_that_was_taken_in_is_no_refusal(decided: World) -> None:
    desk = ParkDesk(decided.send_desk(Channel.WEBHOOK).sending, decided.refusal_desk)
    decided.take(a_decision(event_id=ANOTHER_ID, child_index=2), bus_id="bus-00000001")
    park(wrapped(a_decision(event_id=ANOTHER_ID, child_index=2), "bus-00000001"), "dead-0001", desk)
    assert decided.refused() == []
    park(wrapped(a_decision(event_id=ANOTHER_ID, child_index=3), "bus-00000002"), "dead-0002", desk)
    assert [row["reason"] for row in decided.refused()] == ["COULD_NOT_BE_PROCESSED"]


def test_a_dead_letter_about_a_delivery_that_is_not_there_is_told(world: World) -> None:
    desk = ParkDesk(world.send_desk(Channel.WEBHOOK).sending, world.refusal_desk)
    park(f'{{"pk": "{POLICE.pk}", "sk": "{POLICE.sk}"}}', "dead-0001", desk)
    assert [row["reason"] for row in world.refused()] == ["COULD_NOT_BE_PROCESSED"]


def test_a_key_of_another_release_stops_neither_the_sweep_nor_the_rest(
    decided: World, caplog: pytest.LogCaptureFixture
) -> None:
    item = {**decided.delivery("north-police", Channel.WEBHOOK), "sk": "N#01#0001#north-police#pigeon"}
    decided.store.write([decided.store.put("x", "state", item)])
    assert decided.send_due() == 2
    assert "KEY_UNREADABLE" in caplog.messages
