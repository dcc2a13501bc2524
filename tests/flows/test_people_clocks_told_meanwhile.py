"""An agency is told while somebody is to ring it, or untold again: one call, and one alarm, follow that."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Change, Item, Part, Store
from functions.flows.acting.done import WhichTask, done
from functions.flows.clocks.untold import fire_watch
from schemas.codes import ActReason, AgencyType, Channel, TaskKind
from tests.flows.accounts import reckoned
from tests.flows.sweeps import POLICE, REF, fire_clocks, item_of, recovers, send_to, sweep
from tests.flows.test_taking_in import interleaved
from tests.flows.untold import (
    AT_11,
    AT_14,
    AT_15,
    CALL,
    CALM,
    FOR_EVER,
    GP_MAIL,
    GP_WEBHOOK,
    NEXT_TRY,
    UNREAD,
    fired,
    set_,
    until,
    untold,
    untold_on_both,
)
from tests.mail_events import said
from tests.world import World, a_decision, a_registry, an_agency

CALL_SK = f"TASK#{CALL}north-gp"
GP_CALL = f"{CALL}north-gp"


@pytest.fixture
def decided(world: World) -> World:
    """A practice with a mailbox and a system is to be told; nothing has left yet."""
    world.apply(a_registry(an_agency("north-gp", AgencyType.GP, Channel.EMAIL, Channel.WEBHOOK)))
    referred = {"agency_id": "north-gp", "own_ref": "GP-9"}
    world.take(a_decision(referring_agency=referred, involved_agencies=[], **CALM))
    return world


@pytest.fixture
def rung(world: World) -> World:
    """Nothing gets through on either channel, and a duty worker is to ring."""
    untold_on_both(world, **CALM)
    until(world, AT_11)
    sweep(world)
    assert call(world) == "OPEN"
    return world


def call(world: World) -> str | None:
    task = world.tasks().get(GP_CALL)
    return str(task["st"]) if task else None


def hear(world: World, kind: str, key: DeliveryKey = GP_MAIL) -> None:
    world.hear(said(kind, message_id=item_of(world, key)["message_id"]))


def somebody_ends_the_call(world: World) -> None:
    which = WhichTask(TaskKind.CALL_UNTOLD, REF, agency_id="north-gp")
    done(which, world.order(ActReason.NOT_NEEDED), world.act_desk)


def ended_rows(world: World) -> list[tuple[str, str]]:
    """Which rows say that they ended the call, and why."""
    return [(row["type"], row["ended_as"]) for row in world.rows() if row.get("ended") == [CALL_SK]]


# --- what arrived comes back


def test_a_call_that_an_email_answered_is_opened_again_when_it_comes_back(rung: World) -> None:
    """Once for both channels, though each had remembered the earlier call."""
    hear(rung, "delivered")
    assert call(rung) == "DONE"
    rung.later(minutes=5)
    hear(rung, "came-back")
    rung.later(minutes=1)
    fire_clocks(rung)
    assert call(rung) == "OPEN"
    for _ in range(3):
        rung.later(minutes=5)
        fire_clocks(rung)
    assert len(fired(rung, "CALL")) == 2


def test_so_is_one_that_was_not_needed_before_it_arrived(rung: World) -> None:
    somebody_ends_the_call(rung)
    hear(rung, "delivered")
    hear(rung, "came-back")
    fire_clocks(rung)
    assert call(rung) == "OPEN"


@pytest.mark.parametrize("unread_first", [False, True], ids=["at once", "unread till then"])
def test_a_call_that_was_never_opened_because_an_email_had_arrived_is_opened_then(
    decided: World, *, unread_first: bool
) -> None:
    decided.police.answers = [FOR_EVER]
    send_to(decided, GP_MAIL)
    hear(decided, "delivered")
    send_to(decided, GP_WEBHOOK)
    fire_clocks(decided)
    assert (item_of(decided, GP_WEBHOOK)["st"], decided.tasks()) == ("FAILED", {})
    if unread_first:
        decided.now = AT_15
        fire_clocks(decided)
        assert list(decided.tasks()) == [f"{UNREAD}north-gp"]
    hear(decided, "came-back")
    decided.later(minutes=1)
    fire_clocks(decided)
    assert call(decided) == "OPEN"
    assert len(fired(decided, "CALL")) == 1


def test_what_comes_back_calls_for_nobody_where_the_webhook_has_arrived(rung: World) -> None:
    hear(rung, "delivered")
    recovers(rung)
    rung.now = NEXT_TRY
    sweep(rung)
    assert item_of(rung, GP_WEBHOOK)["st"] == "SENT"
    hear(rung, "came-back")
    rung.later(minutes=1)
    fire_clocks(rung)
    assert (call(rung), len(fired(rung, "CALL"))) == ("DONE", 1)


def test_the_account_of_the_day_finds_nothing_left_alone_meanwhile(decided: World) -> None:
    """The webhook's own clock ended when the e-mail arrived: the e-mail's watches for both of them."""
    decided.police.answers = [FOR_EVER]
    send_to(decided, GP_MAIL)
    hear(decided, "delivered")
    send_to(decided, GP_WEBHOOK)
    fire_clocks(decided)
    assert not reckoned(decided).findings
    hear(decided, "came-back")
    assert not reckoned(decided).findings
    fire_clocks(decided)
    assert not reckoned(decided).findings


# --- what arrives answers the call, whichever channel's clock had opened it


def mail_fails_and_somebody_is_to_ring(world: World) -> None:
    world.mailbox.answers = [FOR_EVER]
    send_to(world, GP_MAIL)
    fire_clocks(world)
    assert call(world) == "OPEN"


def its_own_clock_runs_out(world: World) -> None:
    set_(world, GP_WEBHOOK, watch="CALL")
    assert fire_watch(GP_WEBHOOK, world.watch_desk)
    assert call(world) == "OPEN"


MEANWHILE: list[Callable[[World], None]] = [mail_fails_and_somebody_is_to_ring, its_own_clock_runs_out]


@pytest.mark.parametrize("happens", MEANWHILE)
def test_a_call_that_is_opened_while_a_webhook_is_on_its_way_ends_when_that_arrives(
    decided: World, happens: Callable[[World], None]
) -> None:
    decided.now = decided.now + timedelta(minutes=30)
    decided.police.while_sending = lambda: happens(decided)
    send_to(decided, GP_WEBHOOK)
    assert item_of(decided, GP_WEBHOOK)["st"] == "SENT"
    task = decided.tasks()[GP_CALL]
    assert (task["st"], "work_pk" in task, "due_pk" in task) == ("DONE", False, False)
    assert ended_rows(decided) == [("ATTEMPT_CLOSED", "TOLD_MEANWHILE")]


class AsTheAttemptCloses(Store):
    """Something happens between what the end of an attempt read and what it writes, once."""

    meanwhile: Callable[[], None] | None = None

    def write(self, parts: Sequence[Part]) -> None:
        if any(_closes(part) for part in parts) and self.meanwhile:
            happens, self.meanwhile = self.meanwhile, None
            happens()
        super().write(parts)


def _closes(part: Part) -> bool:
    put = part.action.get("Put")
    return put is not None and put["Item"].get("type") == {"S": "ATTEMPT_CLOSED"}


@pytest.mark.parametrize("happens", MEANWHILE)
def test_nor_is_one_overlooked_that_is_opened_as_the_attempt_is_put_on_record(
    decided: World, happens: Callable[[World], None]
) -> None:
    decided.now = decided.now + timedelta(minutes=30)
    store = AsTheAttemptCloses(decided.store.client, audit="audit", state="state", keys="keys")
    decided.store = store
    decided.__post_init__()
    decided.police.while_sending = lambda: setattr(store, "meanwhile", lambda: happens(decided))
    send_to(decided, GP_WEBHOOK)
    assert (item_of(decided, GP_WEBHOOK)["st"], call(decided)) == ("SENT", "DONE")
    assert ended_rows(decided) == [("ATTEMPT_CLOSED", "TOLD_MEANWHILE")]


def test_a_clock_that_runs_out_as_the_webhook_arrives_calls_for_nobody(decided: World) -> None:
    """The other way about: the attempt is put on record between what the clock read and what it writes."""
    decided.mailbox.answers = [FOR_EVER]
    send_to(decided, GP_MAIL)
    interleaved(decided, lambda: send_to(decided, GP_WEBHOOK))
    assert not fire_watch(GP_MAIL, decided.watch_desk)
    assert (decided.tasks(), item_of(decided, GP_WEBHOOK)["st"]) == ({}, "SENT")


def test_an_email_that_arrives_answers_the_call_that_the_webhooks_clock_had_opened(decided: World) -> None:
    send_to(decided, GP_MAIL)
    decided.police.answers = [FOR_EVER]
    send_to(decided, GP_WEBHOOK)
    fire_clocks(decided)
    assert (call(decided), "called_for" in item_of(decided, GP_MAIL)) == ("OPEN", False)
    hear(decided, "delivered")
    assert call(decided) == "DONE"
    assert ended_rows(decided) == [("RECEIPT", "TOLD_MEANWHILE")]


def test_an_email_that_was_only_accepted_answers_nothing(rung: World) -> None:
    recovers(rung, Channel.EMAIL)
    hear(rung, "accepted")
    assert (call(rung), ended_rows(rung)) == ("OPEN", [])


def a_later_part(world: World) -> DeliveryKey:
    """A part of the same version that was released later, by e-mail alone: another message."""
    later = DeliveryKey(REF, 1, 1, "north-gp", Channel.EMAIL, "L0000009")
    item: Item = {**item_of(world, GP_MAIL), "sk": later.sk, "message_id": "msg_" + "1" * 32, "watch": "CALL"}
    del item["called_for"]
    world.store.write([world.store.put("x", "state", item)])
    world.now = AT_14
    return later


def test_a_call_about_another_message_of_that_version_goes_on_until_that_arrives(rung: World) -> None:
    """That the first message arrived tells nobody of what the other says."""
    later = a_later_part(rung)
    assert fire_watch(later, rung.watch_desk)
    hear(rung, "delivered")
    assert (call(rung), ended_rows(rung)) == ("OPEN", [])
    hear(rung, "delivered", later)
    assert (call(rung), ended_rows(rung)) == ("DONE", [("RECEIPT", "TOLD_MEANWHILE")])


def test_a_call_that_somebody_had_ended_is_opened_about_the_other_message_alone(rung: World) -> None:
    somebody_ends_the_call(rung)
    later = a_later_part(rung)
    assert fire_watch(later, rung.watch_desk)
    assert call(rung) == "OPEN"
    hear(rung, "delivered", later)
    assert call(rung) == "DONE"


def test_one_that_was_sent_again_and_arrives_after_all_does_not_answer_for_the_second(rung: World) -> None:
    """A person did not believe that it had arrived; the second one's clock does not, either."""
    again = DeliveryKey(REF, 1, 1, "north-gp", Channel.EMAIL, "+S1")
    item = {**item_of(rung, GP_MAIL), "sk": again.sk}
    rung.store.write([rung.store.put("x", "state", item)])
    set_(rung, GP_MAIL, resent="+S1")
    hear(rung, "delivered")
    assert call(rung) == "OPEN"


def test_an_older_versions_webhook_leaves_the_call_about_the_newer_one(rung: World) -> None:
    newer = Change({"dver": 2})
    rung.store.write([rung.store.update("x", "state", (GP_MAIL.pk, CALL_SK), change=newer)])
    recovers(rung)
    rung.now = NEXT_TRY
    sweep(rung)
    assert item_of(rung, GP_WEBHOOK)["st"] == "SENT"
    assert call(rung) == "OPEN"


# --- one alarm, whatever the number of channels


def alarms(caplog: pytest.LogCaptureFixture) -> int:
    return caplog.messages.count("NOT_TOLD_IN_TIME")


def test_an_agency_with_two_channels_raises_one_alarm(rung: World, caplog: pytest.LogCaptureFixture) -> None:
    until(rung, AT_15)
    sweep(rung)
    assert (len(fired(rung, "RED_ALERT")), alarms(caplog)) == (1, 1)
    assert not {"watch", "watch_pk"} & (item_of(rung, GP_MAIL).keys() | item_of(rung, GP_WEBHOOK).keys())


def test_a_webhook_and_the_email_in_its_place_raise_one(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    untold(world)
    until(world, AT_15 + timedelta(hours=2))
    sweep(world)
    fallback = item_of(world, replace(POLICE, channel=Channel.FALLBACK))
    assert ("watch" in fallback, fallback["called_for"]) == (False, f"TASK#{CALL}north-police")
    assert (len(fired(world, "RED_ALERT")), alarms(caplog)) == (1, 1)


def test_a_message_that_fails_for_good_days_after_the_alarm_raises_no_second_one(
    rung: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor a second call: the one that is still to be made keeps its hour."""
    until(rung, AT_15)
    sweep(rung)
    asked = rung.tasks()[GP_CALL]
    rung.mailbox.answers = [FOR_EVER]
    rung.now = NEXT_TRY
    sweep(rung)
    rung.later(minutes=1)
    sweep(rung)
    assert item_of(rung, GP_MAIL)["st"] == "FAILED"
    assert (len(fired(rung, "RED_ALERT")), alarms(caplog)) == (1, 1)
    assert len(fired(rung, "CALL")) == 1
    assert rung.tasks()[GP_CALL]["opened_at"] == asked["opened_at"]


def test_a_call_that_a_person_ended_unmade_is_asked_for_again_when_its_message_fails_for_good(
    world: World,
) -> None:
    world.apply(a_registry(an_agency("north-gp", AgencyType.GP, Channel.EMAIL, webhook=None)))
    referred = {"agency_id": "north-gp", "own_ref": "GP-9"}
    world.take(a_decision(referring_agency=referred, involved_agencies=[], **CALM))
    world.later(hours=5)
    set_(world, GP_MAIL, watch="CALL")
    assert fire_watch(GP_MAIL, world.watch_desk)
    which = WhichTask(TaskKind.CALL_UNTOLD, REF, agency_id="north-gp")
    done(which, world.order(ActReason.NOT_NEEDED), world.act_desk)
    mail_fails_and_somebody_is_to_ring(world)
    assert len(fired(world, "CALL")) == 2


def test_two_sweeps_that_raise_it_at_once_for_two_channels_raise_one(
    rung: World, caplog: pytest.LogCaptureFixture
) -> None:
    rung.now = AT_15
    answers: list[bool] = []
    interleaved(rung, lambda: answers.append(fire_watch(GP_MAIL, rung.watch_desk)))
    answers.append(fire_watch(GP_WEBHOOK, rung.watch_desk))
    assert answers == [True, False]
    assert (len(fired(rung, "RED_ALERT")), alarms(caplog)) == (1, 1)


def test_an_agency_that_was_told_after_the_alarm_and_is_not_any_more_raises_another(
    rung: World, caplog: pytest.LogCaptureFixture
) -> None:
    until(rung, AT_15)
    sweep(rung)
    hear(rung, "delivered")
    hear(rung, "came-back")
    for _ in range(3):
        rung.later(minutes=1)
        fire_clocks(rung)
    assert call(rung) == "OPEN"
    assert (len(fired(rung, "RED_ALERT")), alarms(caplog)) == (2, 2)


def test_another_message_of_that_version_raises_its_own(rung: World) -> None:
    """A part that was released later: nobody has been alarmed about that."""
    later = a_later_part(rung)
    assert fire_watch(GP_MAIL, rung.watch_desk)
    assert fire_watch(later, rung.watch_desk)
    rung.now = AT_15
    assert fire_watch(later, rung.watch_desk)
    assert [row.get("nonce") for row in fired(rung, "RED_ALERT")] == [None, "L0000009"]
