"""What the mail service says afterwards: recorded once, only forwards, and somebody is called in time."""

import itertools
from collections.abc import Callable, Iterable, Sequence

import pytest

from functions.adapters.errors import BusyError, RetryError
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Change, Item, Part, Store
from functions.domain.delivery import LEASE, QUARANTINE, Answer
from functions.flows.acting.order import Which
from functions.flows.acting.resend import send_again, what_would_go
from functions.flows.receipts.record import record_receipt
from functions.flows.sending.send import send
from schemas.codes import ActReason, AttemptResult, Channel, ErrorWord
from tests.flows.test_taking_in import interleaved
from tests.mail_events import KINDS, MAILBOX, MESSAGE_ID, said
from tests.world import LosesAReply, World, a_decision, change_agency, is_whole

REF = "NS-26-7KQ4ZP"
PROBATION = DeliveryKey(REF, 1, 1, "north-probation", Channel.EMAIL)
CUT = Answer(AttemptResult.UNKNOWN, error=ErrorWord.E_TIMEOUT)
REFUSED = Answer(AttemptResult.FAILED, error=ErrorWord.E_PROVIDER)
CALL, UNREAD = "CALL_UNTOLD#01#north-probation", "CALL_UNREAD#01#north-probation"


class StoppedError(Exception):
    """The function was stopped here."""


@pytest.fixture
def decided(world: World) -> World:
    world.take(a_decision())
    return world


@pytest.fixture
def sent(decided: World) -> World:
    """The example's e-mail to probation has been handed over."""
    send_it(decided)
    return decided


def send_it(world: World) -> None:
    send(PROBATION, world.send_desk(Channel.EMAIL))


def item(world: World) -> Item:
    return world.delivery("north-probation", Channel.EMAIL)


def receipts(world: World) -> list[Item]:
    return [row for row in world.rows() if row["type"] == "RECEIPT"]


# --- what each receipt makes of a delivery, in whatever state it is


def is_sent(world: World) -> None:
    send_it(world)


def is_on_its_way(world: World) -> None:
    """Claimed, and no answer yet."""

    def stop() -> None:
        raise StoppedError

    world.mailbox.while_sending = stop
    with pytest.raises(StoppedError):
        send_it(world)
    world.mailbox.while_sending = lambda: None


def is_in_quarantine(world: World) -> None:
    world.mailbox.answers = [CUT]
    send_it(world)


def is_to_be_tried_again(world: World) -> None:
    world.mailbox.answers = [REFUSED]
    send_it(world)


def has_failed(world: World) -> None:
    world.mailbox.answers = [Answer(AttemptResult.FAILED, retryable=False, error=ErrorWord.E_PROVIDER)]
    send_it(world)


STATES: dict[str, Callable[[World], None]] = {
    "SENT": is_sent,
    "SENDING": is_on_its_way,
    "QUARANTINE": is_in_quarantine,
    "RETRY": is_to_be_tried_again,
    "FAILED": has_failed,
}
FACETS = {
    "accepted": "ACCEPTED",
    "delayed": "DELAYED",
    "came-back-for-now": "DELAYED",
    "delivered": "DELIVERED",
    "came-back": "BOUNCED",
    "suppressed": "BOUNCED",
    "rejected": "BOUNCED",
    "not-rendered": "BOUNCED",
    "complained": "COMPLAINED",
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_receipt_is_recorded_in_every_state_and_no_message_it_tells_of_is_sent_again(
    decided: World, kind: str, state: str
) -> None:
    STATES[state](decided)
    assert item(decided)["st"] == state
    decided.hear(said(kind))
    settled = "FAILED" if FACETS[kind] == "BOUNCED" else "SENT"
    after = item(decided)
    assert after["rcpt"] == FACETS[kind]
    assert after["st"] == ("SENDING" if state == "SENDING" else settled)
    (row,) = receipts(decided)
    assert (row["receipt"], row["rcpt"], row["attempt"]) == (FACETS[kind], FACETS[kind], 1)
    assert row.get("state") == (None if after["st"] == state else settled)
    decided.later(hours=1)
    send_it(decided)
    assert len(decided.mailbox.sent) == 1
    assert item(decided)["st"] == settled
    assert not {"due_pk", "owner"} & item(decided).keys()
    assert is_whole(decided.rows())


def test_the_row_says_all_that_was_said_and_no_address(sent: World) -> None:
    sent.hear(said("came-back"))
    (row,) = receipts(sent)
    told = {name: value for name, value in row.items() if name not in {"v", "uid", "salt", "prev", "pk"}}
    assert told == {
        "sk": "E#000005",
        "type": "RECEIPT",
        "at": "2026-11-24T15:02:30.000Z",
        "actor": "mail-service",
        "cause": PROBATION.sk,
        "agency": "north-probation",
        "gpk": "A#north-probation#2026-11",
        "gsk": f"2026-11-24T15:02:30.000Z#{row['uid']}",
        "child": 1,
        "dver": 1,
        "chan": "email",
        "attempt": 1,
        "message_id": MESSAGE_ID,
        "receipt": "BOUNCED",
        "reason": "REFUSED_FOR_GOOD",
        "gave_up": True,
        "said_at": "2026-11-24T15:02:36.000Z",
        "provider_id": "0102019ab3c1d2e3-11111111-2222-4333-8444-555555555555-000000",
        "rcpt": "BOUNCED",
        "state": "FAILED",
        "suppressed": True,
        "task": "MEND_ADDRESS",
        "role": "DIRECTORY_OWNER",
        "due_at": "2026-11-25T15:02:30.000Z",
        "task_agency": "north-probation",
    }


# --- in whatever order they come


@pytest.mark.parametrize(
    ("kinds", "facet", "state"),
    [
        (("accepted", "delayed", "delivered"), "DELIVERED", "SENT"),
        (("accepted", "delivered", "came-back"), "BOUNCED", "FAILED"),
        (("delivered", "came-back-for-now", "complained"), "COMPLAINED", "SENT"),
    ],
)
@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_a_facet_moves_forward_only_whatever_the_order(
    sent: World, kinds: tuple[str, ...], facet: str, state: str, order: tuple[int, ...]
) -> None:
    for place in order:
        sent.hear(said(kinds[place]))
    assert (item(sent)["rcpt"], item(sent)["st"]) == (facet, state)
    assert [row["receipt"] for row in receipts(sent)] == [FACETS[kinds[place]] for place in order]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_receipt_again_is_no_second_row_and_changes_nothing(sent: World, kind: str) -> None:
    sent.hear(said(kind))
    before = [sent.all_items(table) for table in ("audit", "state")]
    sent.later(minutes=1)
    sent.hear(said(kind))
    assert [sent.all_items(table) for table in ("audit", "state")] == before


def test_the_next_delay_of_the_same_message_is_a_row_of_its_own(sent: World) -> None:
    sent.hear(said("delayed"))
    sent.hear(said("delayed", at="2026-11-24T15:20:00Z"))
    assert [row["said_at"][11:16] for row in receipts(sent)] == ["15:07", "15:20"]


# --- faster than our own commit


@pytest.mark.parametrize(
    ("kind", "answer", "state"),
    [
        ("accepted", Answer(AttemptResult.SUCCESS), "SENT"),
        ("delivered", Answer(AttemptResult.SUCCESS), "SENT"),
        ("delivered", CUT, "SENT"),
        ("accepted", CUT, "SENT"),
        ("accepted", REFUSED, "SENT"),
        ("came-back", Answer(AttemptResult.SUCCESS), "FAILED"),
        ("came-back", CUT, "FAILED"),
    ],
)
def test_a_receipt_that_comes_before_our_own_commit_decides_what_it_says(
    decided: World, kind: str, answer: Answer, state: str
) -> None:
    decided.mailbox.while_sending = lambda: decided.hear(said(kind))
    decided.mailbox.answers = [answer]
    send_it(decided)
    assert [row["type"] for row in decided.rows()[-3:]] == ["ATTEMPT_STARTED", "RECEIPT", "ATTEMPT_CLOSED"]
    closed = decided.rows()[-1]
    assert (closed["result"], closed["state"]) == (answer.result, state)
    assert (item(decided)["st"], item(decided)["rcpt"]) == (state, FACETS[kind])
    assert "next_due_at" not in closed
    assert "due_pk" not in item(decided)


def test_a_message_told_of_while_its_sender_lay_dead_is_not_left_alone_but_sent(decided: World) -> None:
    is_on_its_way(decided)
    decided.hear(said("accepted"))
    decided.later(seconds=LEASE.total_seconds() + 1)
    send_it(decided)
    closed = decided.rows()[-1]
    assert (closed["type"], closed["result"], closed["state"]) == ("ATTEMPT_CLOSED", "UNKNOWN", "SENT")


def test_a_receipt_that_comes_while_an_abandoned_message_is_set_aside_is_not_overlooked(
    decided: World,
) -> None:
    is_on_its_way(decided)
    decided.later(seconds=LEASE.total_seconds() + 1)
    interleaved(decided, lambda: decided.hear(said("accepted")))
    with pytest.raises(RetryError):
        send_it(decided)
    send_it(decided)
    assert item(decided)["st"] == "SENT"


def test_silence_alone_permits_another_e_mail(decided: World) -> None:
    is_in_quarantine(decided)
    decided.later(seconds=QUARANTINE.total_seconds())
    send_it(decided)
    assert len(decided.mailbox.sent) == 2
    decided.hear(said("accepted", attempt=2))
    assert [row["attempt"] for row in receipts(decided)] == [2]


def test_a_message_told_of_after_a_hold_is_not_sent_when_it_is_released(decided: World) -> None:
    is_in_quarantine(decided)
    decided.later(seconds=QUARANTINE.total_seconds())
    change_agency(decided, "north-probation", verified_at="2026-01-02")
    send_it(decided)
    assert item(decided)["held"] == ["UNVERIFIED_ADDRESS"]
    decided.hear(said("accepted"))
    change_agency(decided, "north-probation", verified_at="2026-11-24")
    decided.release(agency="north-probation")
    send_it(decided)
    assert (item(decided)["st"], len(decided.mailbox.sent)) == ("SENT", 1)


# --- the people's clock


def test_a_delivered_message_waits_for_somebody_to_confirm_it(sent: World) -> None:
    """A joint enquiry is urgent: four hours from when it arrived."""
    sent.hear(said("delivered"))
    after = item(sent)
    assert (after["watch"], after["watch_at"]) == ("UNREAD", "2026-11-24T19:02:30.000Z")


def test_an_accepted_message_is_not_yet_told(sent: World) -> None:
    before = item(sent)["watch"], item(sent)["watch_at"]
    for kind in ("accepted", "delayed"):
        sent.hear(said(kind))
    assert (item(sent)["watch"], item(sent)["watch_at"]) == before


@pytest.mark.parametrize("kind", ["came-back", "suppressed", "rejected", "not-rendered", "came-back-for-now"])
def test_what_came_back_calls_a_person_within_a_minute(sent: World, kind: str) -> None:
    sent.hear(said(kind))
    sent.later(minutes=1)
    sent.send_due()
    task = sent.tasks()[CALL]
    assert (task["st"], task["role"]) == ("OPEN", "MASH_DUTY_WORKER")
    assert sent.rows()[-1]["type"] == "CLOCK_FIRED"


def test_what_came_back_after_it_had_arrived_calls_a_person_too(sent: World) -> None:
    sent.hear(said("delivered"))
    sent.hear(said("came-back"))
    sent.later(minutes=1)
    sent.send_due()
    assert sent.tasks()[CALL]["st"] == "OPEN"


def test_an_out_of_office_answer_after_delivery_calls_nobody(sent: World) -> None:
    """SES reports those as transient bounces."""
    sent.hear(said("delivered"))
    before = item(sent)["watch"], item(sent)["watch_at"]
    sent.later(hours=1)
    sent.hear(said("came-back-for-now"))
    assert (item(sent)["watch"], item(sent)["watch_at"]) == before


def test_what_was_only_delayed_and_is_then_given_up_calls_a_person(sent: World) -> None:
    sent.hear(said("delayed"))
    sent.later(minutes=10)
    sent.hear(said("came-back-for-now"))
    assert (item(sent)["watch"], item(sent)["watch_at"]) == ("CALL", "2026-11-24T15:12:30.000Z")


def test_a_complaint_means_that_it_arrived_and_asks_for_a_call(sent: World) -> None:
    sent.hear(said("delivered"))
    sent.hear(said("complained"))
    sent.later(minutes=1)
    sent.send_due()
    assert sent.tasks()[UNREAD]["st"] == "OPEN"
    assert CALL not in sent.tasks()
    assert item(sent)["st"] == "SENT"


def test_a_message_that_was_confirmed_as_read_calls_nobody(sent: World) -> None:
    acked = {"acked_at": "2026-11-24T15:10:00.000Z"}
    put(sent, **acked)
    for kind in ("delivered", "came-back", "complained"):
        sent.hear(said(kind))
    assert item(sent)["watch"] == "FALLBACK"


def test_a_message_that_was_sent_again_has_no_clock_any_more_whatever_is_said_of_it(sent: World) -> None:
    """The message in its place has the clock: one call is enough."""
    agreed = what_would_go(Which(REF, agency_id="north-probation"), sent.act_desk, by_email=False)
    send_again(agreed, sent.order(ActReason.NOT_RECEIVED), sent.act_desk)
    for kind in ("delivered", "came-back", "complained"):
        sent.hear(said(kind))
    (first,) = (one for one in sent.all_items("state") if one.get("message_id") == MESSAGE_ID)
    assert (first["rcpt"], "watch" in first) == ("COMPLAINED", False)


def put(world: World, **attributes: object) -> None:
    """The delivery says something else, as another writer might have it."""
    change = Change(attributes)
    world.store.write([world.store.update("x", "state", (PROBATION.pk, PROBATION.sk), change=change)])


def test_a_message_that_arrives_after_all_ends_the_call_that_was_opened(sent: World) -> None:
    sent.later(hours=3)
    sent.send_due()
    sent.later(minutes=1)
    sent.send_due()
    assert sent.tasks()[CALL]["st"] == "OPEN"
    sent.hear(said("delivered", at="2026-11-24T18:00:00Z"))
    task = sent.tasks()[CALL]
    assert (task["st"], "work_pk" in task, "due_pk" in task) == ("DONE", False, False)
    assert "called_for" not in item(sent)
    assert item(sent)["watch"] == "UNREAD"
    sent.hear(said("came-back"))
    sent.send_due()
    assert sent.tasks()[CALL]["st"] == "OPEN", "it came back all the same, and that is news"


def test_an_older_versions_arrival_does_not_end_the_call_about_the_newer_one(sent: World) -> None:
    sent.later(hours=3)
    sent.send_due()
    sent.later(minutes=1)
    sent.send_due()
    task = sent.tasks()[CALL]
    newer = sent.store.update("x", "state", (task["pk"], task["sk"]), change=Change({"dver": 2}))
    sent.store.write([newer])
    sent.hear(said("delivered"))
    assert sent.tasks()[CALL]["st"] == "OPEN"


def test_whoever_is_called_already_is_not_called_a_second_time(sent: World) -> None:
    sent.later(hours=3)
    sent.send_due()
    sent.later(minutes=1)
    sent.send_due()
    before = item(sent)["watch"], item(sent)["watch_at"]
    sent.hear(said("came-back"))
    assert (item(sent)["watch"], item(sent)["watch_at"]) == before


# --- of what the trail does not know


def test_a_receipt_whose_message_the_index_has_not_yet_comes_back(sent: World) -> None:
    stranger = said("accepted", message_id=f"msg_{'0' * 32}")
    sent.later(minutes=3)
    with pytest.raises(RetryError):
        sent.hear(stranger)
    assert sent.refused() == []


def foreign(world: World) -> dict[str, str]:
    return {
        "a message that nobody sent": said("accepted", message_id=f"msg_{'0' * 32}"),
        "an attempt that nobody started": said("accepted", attempt=2),
        "a webhook": said(
            "accepted", message_id=world.delivery("north-police", Channel.WEBHOOK)["message_id"]
        ),
    }


@pytest.mark.parametrize(
    "which", ["a message that nobody sent", "an attempt that nobody started", "a webhook"]
)
def test_a_receipt_of_an_unknown_message_is_in_the_trail_and_changes_nothing(
    sent: World, which: str, caplog: pytest.LogCaptureFixture
) -> None:
    sent.send_due()
    sent.later(minutes=5)
    before = sent.rows(), item(sent)
    sent.hear(foreign(sent)[which])
    (row,) = sent.refused()
    assert (row["pk"], row["field"], row["reason"]) == (
        "X#2026-11-24#unknown", "message_id", "RECEIPT_OF_NO_MESSAGE",
    )  # fmt: skip
    assert (sent.rows(), item(sent)) == before
    assert MAILBOX not in str(row)
    assert "RECEIPT_REFUSED" in caplog.messages


def test_a_message_that_is_no_receipt_is_refused_once_per_arrival(sent: World) -> None:
    for _ in range(2):
        record_receipt('{"source": "somebody.else"}', "sqs-again", sent.receipt_desk)
    (row,) = sent.refused()
    assert (row["field"], row["reason"], row["cause"]) == ("source", "NOT_A_RECEIPT", "sqs-again")
    assert len(row["sha256"]) == 64


# --- others write at the same moment


def test_a_receipt_whose_answer_was_lost_is_recorded_once_and_still_said(
    sent: World, caplog: pytest.LogCaptureFixture
) -> None:
    sent.use(LosesAReply)
    sent.hear(said("came-back"))
    assert len(receipts(sent)) == 1
    assert caplog.messages.count("MAIL_CAME_BACK") == 1


def test_two_workers_with_the_same_receipt_record_it_once(sent: World) -> None:
    interleaved(sent, lambda: sent.hear(said("delivered")))
    sent.hear(said("delivered"))
    assert len(receipts(sent)) == 1


def test_two_receipts_at_once_both_stand_and_the_further_one_counts(sent: World) -> None:
    interleaved(sent, lambda: sent.hear(said("came-back")))
    sent.hear(said("delivered"))
    assert sorted(row["receipt"] for row in receipts(sent)) == ["BOUNCED", "DELIVERED"]
    assert (item(sent)["rcpt"], item(sent)["st"]) == ("BOUNCED", "FAILED")


class ReadsInPieces(Store):
    """A batch of reads is no snapshot: the delivery was read before another wrote, the head after."""

    read_before: Item | None = None

    def get_many(self, wanted: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], Item]:
        found = super().get_many(wanted)
        before, self.read_before = self.read_before, None
        return found | ({("state", before["pk"], before["sk"]): before} if before else {})


def test_a_delivery_that_was_read_before_its_head_is_read_again(sent: World) -> None:
    before = item(sent)
    sent.hear(said("delivered"))
    store = ReadsInPieces(sent.store.client, audit="audit", state="state", keys="keys")
    store.read_before = before
    sent.store = store
    sent.__post_init__()
    sent.hear(said("delayed"))
    assert (item(sent)["rcpt"], item(sent)["watch"]) == ("DELIVERED", "UNREAD")


def test_a_table_that_stays_busy_brings_the_receipt_back(sent: World) -> None:
    class Busy(LosesAReply):
        def write(self, parts: Sequence[Part]) -> None:
            raise BusyError("throttled")

    sent.use(Busy)
    with pytest.raises(BusyError):
        sent.hear(said("delivered"))


def test_no_line_of_the_log_names_an_address_or_a_reference(
    sent: World, caplog: pytest.LogCaptureFixture
) -> None:
    for kind in KINDS:
        sent.hear(said(kind))
    lines = [str(vars(record)) for record in caplog.records if record.message.startswith(("RECEIPT", "MAIL"))]
    assert len(lines) > len(KINDS)
    assert not [line for line in lines if MAILBOX in line or REF in line]
