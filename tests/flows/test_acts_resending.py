"""A person has a message sent again: as a new one where it has ended, at once where it waits, never twice."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from functions.adapters.errors import BusyError, ContendedError
from functions.adapters.ledger.store import Change, Item, Store
from functions.domain.delivery import Answer
from functions.domain.wording import TEMPLATE_VERSION
from functions.flows.acting.again import How
from functions.flows.acting.order import NotPossibleError, Which
from functions.flows.acting.resend import Again, SentAgain, send_again, what_would_go
from schemas.codes import (
    ActReason,
    AgencyType,
    AttemptResult,
    Channel,
    ErrorWord,
    HoldTrigger,
    Level,
    NoticeReason,
    PauseCause,
)
from tests.flows.test_taking_in import interleaved
from tests.forms import a_complete_form_event
from tests.world import (
    LosesAReply,
    World,
    a_decision,
    a_duplicate,
    a_registry,
    a_revision,
    an_agency,
    change_agency,
    is_whole,
)

SECOND_ID = "5b3f9c44-1f0e-4a57-8d1c-0c8e7a1b2c3d"
REF = "NS-26-7KQ4ZP"
POLICE, PROBATION = "north-police", "north-probation"
BUSY = Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503)
WRONG_KEY = Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=401)
FOR_GOOD = Answer(AttemptResult.FAILED, retryable=False, error=ErrorWord.E_PROVIDER)
CUT = Answer(AttemptResult.UNKNOWN, error=ErrorWord.E_TIMEOUT)


def planned(world: World, agency: str = POLICE, *, by_email: bool = False, **which: Any) -> Again:
    return what_would_go(Which(REF, agency_id=agency, **which), world.act_desk, by_email=by_email)


def again(world: World, agency: str = POLICE, *, by_email: bool = False, **which: Any) -> SentAgain:
    agreed = planned(world, agency, by_email=by_email, **which)
    return send_again(agreed, world.order(ActReason.NOT_RECEIVED), world.act_desk)


def refused(act: Callable[[], object], world: World) -> str:
    """What an act that is refused says; nothing is written."""
    before = [world.all_items(table) for table in ("audit", "state", "keys")]
    with pytest.raises(NotPossibleError) as caught:
        act()
    assert [world.all_items(table) for table in ("audit", "state", "keys")] == before
    return str(caught.value)


def messages(world: World, agency: str = POLICE) -> list[Item]:
    """The agency's messages, in the order in which they were made."""
    items = [item for item in world.all_items("state") if "message_id" in item and item["agency"] == agency]
    return sorted(items, key=lambda item: (item["created_at"], len(item["sk"])))


def nonce(item: Item) -> str:
    """What tells a message apart from another of the same version."""
    return str(item["sk"].split("#")[-1])


def data_of(body: bytes) -> dict[str, Any]:
    """What a webhook tells, without its own id."""
    data: dict[str, Any] = json.loads(body)["data"]
    return data


def resent(world: World) -> list[Item]:
    return [row for row in world.rows() if row["type"] == "RESENT"]


def change(world: World, item: Item, *remove: str, **attributes: Any) -> None:
    """One delivery as another writer, or another moment, leaves it."""
    part = world.store.update("x", "state", (item["pk"], item["sk"]), change=Change(attributes, remove))
    world.store.write([part])


@pytest.fixture
def told(world: World) -> World:
    """The worked example, with everybody told."""
    world.take(a_decision())
    world.send_due()
    return world


@pytest.fixture
def failed(world: World) -> World:
    """The police's system took none of three tries."""
    world.take(a_decision())
    world.police.answers = [BUSY, BUSY, BUSY]
    for _ in range(3):
        world.send_due()
        world.later(minutes=2)
    assert messages(world)[0]["st"] == "FAILED"
    return world


# --- as a new message


def test_a_message_that_was_sent_goes_again_with_an_id_a_notice_and_attempts_of_its_own(told: World) -> None:
    told.later(hours=3)
    came = again(told)
    first, second = messages(told)
    assert (first["st"], first["attempt"]) == ("SENT", 1)
    assert (second["st"], second["attempt"], second["due_at"]) == ("PENDING", 0, "2026-11-24T18:02:30.000Z")
    assert came.message_id == second["message_id"] != first["message_id"]
    notices = [item["sk"] for item in told.store.partition("state", f"R#{REF}", "M#")]
    assert notices == ["M#01#0001", f"M#01#0001#{nonce(second)}"]
    assert told.send_due() == 1
    before, after = (data_of(body) for _, body in told.police.sent)
    for own in ("police_form", "confirm_url"):
        assert before.pop(own) != after.pop(own)
    assert before == after


def test_the_row_says_who_had_what_sent_again_and_why(told: World) -> None:
    came = again(told)
    (row,) = resent(told)
    first, second = messages(told)
    said = {
        "actor": "mash-manager",
        "reason": "NOT_RECEIVED",
        "agency": POLICE,
        "chan": "webhook",
        "child": 1,
        "dver": 1,
        "message_id": first["message_id"],
        "was": "SENT",
        "state": "PENDING",
        "outcome": "S47J",
        "ra": "UNKNOWN",
        "recipients": [f"{POLICE}#webhook#3#{nonce(second)}"],
        "takes_over": True,
    }
    assert said.items() <= row.items()
    assert came.entries == (f"R#{REF} {row['sk']}",)
    assert row["gpk"] == f"A#{POLICE}#2026-11"
    assert is_whole(told.rows())


def test_what_failed_goes_again_with_its_tries_from_the_first(failed: World) -> None:
    again(failed)
    failed.send_due()
    _, second = messages(failed)
    assert (second["st"], second["attempt"], second["rcpt"]) == ("SENT", 1, "DELIVERED")


def test_a_message_made_again_carries_todays_police_check(told: World) -> None:
    told.take(a_complete_form_event())
    again(told, PROBATION)
    told.send_due()
    started = [row for row in told.rows() if row["type"] == "ATTEMPT_STARTED" and row["agency"] == PROBATION]
    assert [row["ra"] for row in started] == ["UNKNOWN", "COMPLETE"]
    assert resent(told)[0]["ra"] == "COMPLETE"


def test_a_mailbox_that_was_lowered_since_gets_no_more_than_it_may_have_now(told: World) -> None:
    change_agency(told, PROBATION, address="duty@probation.example")
    agreed = planned(told, PROBATION)
    assert (agreed.level, agreed.notice_reason) == (Level.NOTICE, NoticeReason.MAILBOX_NOT_MANAGED)
    again(told, PROBATION)
    told.send_due()
    pins, _ = told.mailbox.sent[-1]
    assert (pins.level, pins.notice_reason) == (Level.NOTICE, NoticeReason.MAILBOX_NOT_MANAGED)


def test_a_mailbox_that_was_raised_since_gets_no_more_than_it_was_told(world: World) -> None:
    """How much it might have been told is known to the decision alone."""
    change_agency(world, PROBATION, address="duty@probation.example")
    world.take(a_decision())
    world.send_due()
    change_agency(world, PROBATION, address="mash@probation.secure.example")
    assert planned(world, PROBATION).level is Level.NOTICE


def test_a_message_made_again_is_in_todays_words(told: World) -> None:
    change(told, messages(told)[0], template_version="0")
    again(told)
    assert [item["template_version"] for item in messages(told)] == ["0", TEMPLATE_VERSION]


def test_a_message_may_go_again_and_again_each_time_in_the_last_ones_place(told: World) -> None:
    for _ in range(2):
        told.later(hours=1)
        again(told)
        told.send_due()
    first, second, third = messages(told)
    assert first["resent"] == nonce(second)
    assert second["resent"] == nonce(third)
    assert "resent" not in third
    assert len({item["message_id"] for item in (first, second, third)}) == 3


def test_a_newer_decision_takes_the_place_of_what_was_sent_again_and_waits(told: World) -> None:
    again(told)
    told.take(a_revision())
    assert [(item["dver"], item["st"]) for item in sorted(messages(told), key=lambda item: item["sk"])] == [
        (1, "SENT"),
        (1, "SUPERSEDED"),
        (2, "PENDING"),
    ]


def test_a_duplicates_message_goes_again_under_its_readers_own_reference(world: World) -> None:
    world.apply(a_registry(an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL)))
    world.take(a_decision())
    world.take(a_duplicate())
    world.send_due()
    again(world, "hill-school")
    world.send_due()
    first, second = messages(world, "hill-school")
    assert second["duplicate"] == first["duplicate"]
    assert second["sk"].startswith(first["sk"])
    assert resent(world)[0]["nonce"] == nonce(first)


def test_a_form_of_the_readers_own_referral_is_nearer_than_the_originals(world: World) -> None:
    world.apply(a_registry(an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL)))
    world.take(a_decision())
    world.take(a_duplicate())
    world.send_due()
    world.take(a_complete_form_event(referral_ref="NS-26-D0PL1C"))
    again(world, "hill-school")
    assert world.all_children() == {1: "UNKNOWN"}
    assert resent(world)[0]["ra"] == world.all_children("NS-26-D0PL1C")[1] == "INCORRECT"


# --- the people's clock


def test_nobody_is_given_more_time_because_what_failed_goes_again(failed: World) -> None:
    """Its clock called for a person already; the new message takes clock and call over."""
    first = messages(failed)[0]
    assert failed.tasks()["CALL_UNTOLD#01#north-police"]["st"] == "OPEN"
    again(failed)
    before, after = messages(failed)
    assert "watch_pk" not in before
    assert {name: after[name] for name in ("watch", "watch_at", "wait_from", "called_for")} == {
        name: first[name] for name in ("watch", "watch_at", "wait_from", "called_for")
    }
    failed.send_due()
    assert failed.tasks()["CALL_UNTOLD#01#north-police"]["st"] == "DONE"


def test_what_had_arrived_and_goes_again_starts_a_clock_of_its_own(told: World) -> None:
    told.later(hours=3)
    again(told)
    _, after = messages(told)
    assert (after["watch"], after["watch_at"]) == ("FALLBACK", "2026-11-24T18:32:30.000Z")
    assert (after["wait_from"], "called_for" in after) == ("2026-11-24T18:02:30.000Z", False)


def test_that_the_first_one_arrived_does_not_quieten_the_clock_of_the_second(told: World) -> None:
    """A person did not believe that it had."""
    again(told)
    told.police.answers = [FOR_GOOD]
    told.send_due()
    assert told.tasks()["CALL_UNTOLD#01#north-police"]["st"] == "OPEN"


# --- at once


def test_what_waits_for_its_next_try_goes_at_once_with_its_tries_as_they_are(world: World) -> None:
    world.take(a_decision())
    world.police.answers = [WRONG_KEY]
    world.send_due()
    before = messages(world)[0]
    assert (before["st"], before["attempt"], before["refusals"]) == ("RETRY", 1, 1)
    came = again(world)
    (after,) = messages(world)
    assert (after["st"], after["attempt"], after["refusals"]) == ("RETRY", 1, 0)
    assert (after["due_at"], after["watch_at"]) == ("2026-11-24T15:02:30.000Z", before["watch_at"])
    (row,) = resent(world)
    said = {"was": "RETRY", "state": "RETRY", "next_due_at": "2026-11-24T15:02:30.000Z"}
    assert said.items() <= row.items()
    assert "recipients" not in row
    assert came.message_id == after["message_id"]
    assert world.send_due() == 1
    assert messages(world)[0]["st"] == "SENT"


def test_what_is_set_aside_once_more_has_a_row_of_its_own(world: World) -> None:
    """Neither time an attempt was begun, so that nothing but the trail tells the two apart."""
    world.take(a_decision())
    change_agency(world, PROBATION, status="INACTIVE")
    world.send_due()
    change_agency(world, PROBATION, status="ACTIVE")
    again(world, PROBATION)
    change_agency(world, PROBATION, status="INACTIVE")
    world.send_due()
    first, second = (row for row in world.rows() if row["type"] == "PARKED")
    assert first["uid"] != second["uid"]


def test_what_was_set_aside_goes_on_once_it_is_mended(world: World) -> None:
    world.take(a_decision())
    change_agency(world, PROBATION, status="INACTIVE")
    world.send_due()
    assert messages(world, PROBATION)[0]["st"] == "PARKED"
    change_agency(world, PROBATION, status="ACTIVE")
    again(world, PROBATION)
    (mended,) = messages(world, PROBATION)
    assert (mended["st"], mended["attempt"]) == ("RETRY", 0)
    assert resent(world)[0]["was"] == "PARKED"
    world.send_due()
    assert messages(world, PROBATION)[0]["st"] == "SENT"


def test_what_was_put_off_goes_at_once(world: World) -> None:
    world.take(a_decision())
    item = messages(world)[0]
    change(world, item, due_at="2026-11-24T16:02:30.000Z", due_sk="2026-11-24T16:02:30.000Z#x")
    again(world)
    (item,) = messages(world)
    assert (item["st"], item["due_at"]) == ("PENDING", "2026-11-24T15:02:30.000Z")


# --- by e-mail instead


def test_by_email_instead_the_agreed_mailbox_is_told_and_the_webhook_goes_on(world: World) -> None:
    world.take(a_decision())
    world.police.answers = [BUSY]
    world.send_due()
    again(world, by_email=True)
    webhook, mail = messages(world)
    assert (webhook["st"], "resent" in webhook, mail["chan"], mail["level"]) == (
        "RETRY",
        False,
        "fallback",
        3,
    )
    assert resent(world)[0]["takes_over"] is False
    world.later(minutes=1)
    assert world.send_due() == 2
    assert [pins.agency_id for pins, _ in world.doors[Channel.FALLBACK].sent] == [POLICE]
    assert [item["st"] for item in messages(world)] == ["SENT", "SENT"]


def test_by_email_instead_says_no_more_than_the_mailbox_may_have(world: World) -> None:
    change_agency(world, POLICE, address="desk@police.example")
    world.take(a_decision())
    world.send_due()
    agreed = planned(world, by_email=True)
    assert (agreed.channel, agreed.level) == (Channel.FALLBACK, Level.NOTICE)
    again(world, by_email=True)
    world.send_due()
    pins, body = world.doors[Channel.FALLBACK].sent[0]
    assert (pins.level, pins.notice_reason) == (Level.NOTICE, NoticeReason.MAILBOX_NOT_MANAGED)
    assert b"ection 47" not in body


def test_no_second_email_is_chosen_where_a_person_chose_one(world: World) -> None:
    world.take(a_decision())
    world.police.answers = [BUSY] * 3
    world.send_due()
    again(world, by_email=True)
    for _ in range(4):
        world.later(minutes=20)
        world.send_due()
    assert [item["chan"] for item in messages(world)] == ["webhook", "fallback"]


def test_an_email_that_arrived_instead_ends_the_webhooks_clock(world: World) -> None:
    world.take(a_decision())
    world.police.answers = [BUSY]
    world.send_due()
    again(world, by_email=True)
    webhook, mail = messages(world)
    change(world, mail, rcpt="DELIVERED")
    change(world, webhook, due_at="2026-11-25T15:02:30.000Z", due_sk="2026-11-25T15:02:30.000Z#x")
    world.later(hours=6)
    world.send_due()
    assert "watch" not in messages(world)[0]
    assert "CALL_UNTOLD#01#north-police" not in world.tasks()


def test_by_email_instead_of_what_failed_takes_its_place(failed: World) -> None:
    again(failed, by_email=True)
    webhook, mail = messages(failed)
    assert webhook["resent"] == nonce(mail)
    assert mail["watch"] == "RED_ALERT"


@pytest.mark.parametrize(
    ("prepare", "agency", "said"),
    [
        (lambda _: None, PROBATION, "It is an e-mail already: leave out --by-email."),
        (
            lambda world: again(world, by_email=True),
            POLICE,
            "An e-mail in its place was made already: send that one again, with --channel fallback.",
        ),
        (
            lambda world: change_agency(world, POLICE, channels=["webhook", "email"]),
            POLICE,
            "north-police has an e-mail of its own: send that, with --channel email.",
        ),
        (
            lambda world: change_agency(world, POLICE, address=None),
            POLICE,
            "The registry lists no mailbox of north-police: call the agency.",
        ),
        (
            lambda world: change_agency(world, POLICE, verified_at=None),
            POLICE,
            "The mailbox of north-police is not verified: `mash agencies check` says what to do.",
        ),
    ],
    ids=["an e-mail", "made already", "has its own", "no address", "not verified"],
)
def test_by_email_instead_is_refused_where_it_is_no_way_to_tell_them(
    world: World, prepare: Callable[[World], object], agency: str, said: str
) -> None:
    world.take(a_decision())
    world.police.answers = [BUSY]
    world.send_due()
    prepare(world)
    assert (
        refused(lambda: planned(world, agency, by_email=True, channel=_first_channel(agency)), world) == said
    )


def _first_channel(agency: str) -> Channel:
    return Channel.WEBHOOK if agency == POLICE else Channel.EMAIL


# --- what may not go again


def _held(world: World) -> None:
    change(world, messages(world)[0], st="PENDING", held=[HoldTrigger.SENSITIVE.value])


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (_held, "It is held, so nobody may be told yet: `mash tasks` says who decides"),
        (lambda world: change(world, messages(world)[0], st="SENDING"), "It is being sent at this moment"),
        (
            lambda world: change(world, messages(world)[0], st="QUARANTINE"),
            "Nobody knows yet whether that e-mail left.",
        ),
        (lambda world: change(world, messages(world)[0], st="SUPERSEDED"), "Something newer took its place"),
        (lambda world: change(world, messages(world)[0], st="CANCELLED"), "A person stopped it"),
        (
            lambda world: change(world, messages(world)[0], st="RETRY", due_at="2026-11-24T15:02:30.000Z"),
            "It is due already: it goes with the next sweep",
        ),
        (
            lambda world: change_agency(world, POLICE, status="INACTIVE"),
            "north-police is not in the registry any more: call the agency.",
        ),
        (
            lambda world: change_agency(world, POLICE, checked_url=None),
            "The endpoint of north-police is not verified",
        ),
        (
            lambda world: change_agency(world, POLICE, url=None),
            "The registry lists no endpoint of north-police: call the agency.",
        ),
        (
            lambda world: world.health.pause(POLICE, PauseCause.GONE, by="x", now=world.now),
            "north-police's endpoint is paused (GONE). `mash resume north-police` ends that",
        ),
    ],
    ids=[
        "held",
        "sending",
        "quarantine",
        "superseded",
        "cancelled",
        "due",
        "left",
        "unchecked",
        "no url",
        "paused",
    ],
)
def test_what_may_not_go_again_is_refused_with_what_to_do(
    told: World, prepare: Callable[[World], object], said: str
) -> None:
    prepare(told)
    assert refused(lambda: planned(told), told).startswith(said)


def test_the_older_version_is_never_told_again(world: World) -> None:
    """An agency that the newer decision tells nothing still has the older one's message."""
    world.take(a_decision())
    world.send_due()
    world.take(a_decision(event_id=SECOND_ID, decision_seq=2, primary_outcome="LAD"))
    assert refused(lambda: planned(world, PROBATION), world) == (
        "It is about version 1, and version 2 took its place: nobody is told the older one again. Send the "
        "newer one, or call the agency."
    )


def test_a_duplicate_that_was_decided_for_itself_is_told_that_and_not_the_originals(world: World) -> None:
    world.apply(a_registry(an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL)))
    world.take(a_decision())
    world.take(a_duplicate())
    world.send_due()
    world.take(a_duplicate(seq=2, primary_outcome="S17", duplicate_of=None, duplicate_of_child=None))
    assert refused(lambda: planned(world, "hill-school"), world) == (
        "NS-26-D0PL1C is decided for itself by now: send what was decided there."
    )


def test_a_notice_that_cannot_be_read_any_more_is_for_a_call(told: World) -> None:
    agreed = planned(told)
    key = {"pk": {"S": f"R#{REF}"}, "sk": {"S": "M#01#0001"}}
    told.store.client.delete_item(TableName="state", Key=key)
    act = lambda: send_again(agreed, told.order(ActReason.NOT_RECEIVED), told.act_desk)  # noqa: E731
    assert refused(act, told) == "What was told to north-police cannot be read any more: call the agency."


def test_a_reason_for_another_act_is_none_for_this(told: World) -> None:
    agreed = planned(told)
    act = lambda: send_again(agreed, told.order(ActReason.WRONG_RECIPIENT), told.act_desk)  # noqa: E731
    assert refused(act, told).startswith(
        "WRONG_RECIPIENT is no reason to send a message again. Give one of: NOT_RECEIVED, "
    )


def test_what_changed_since_it_was_agreed_to_is_looked_at_again(world: World) -> None:
    world.take(a_decision())
    world.police.answers = [BUSY]
    world.send_due()
    agreed = planned(world)
    assert agreed.how is How.AT_ONCE
    world.later(minutes=1)
    world.send_due()
    act = lambda: send_again(agreed, world.order(ActReason.NOT_RECEIVED), world.act_desk)  # noqa: E731
    assert refused(act, world).startswith("It changed at this moment: look at it again")


def test_a_mailbox_that_was_lowered_since_somebody_agreed_is_looked_at_again(told: World) -> None:
    agreed = planned(told, PROBATION)
    change_agency(told, PROBATION, address="duty@probation.example")
    act = lambda: send_again(agreed, told.order(ActReason.NOT_RECEIVED), told.act_desk)  # noqa: E731
    assert refused(act, told).startswith("It changed at this moment: look at it again")


# --- which one


def test_of_several_messages_the_one_must_be_said(told: World) -> None:
    told.take(a_decision(event_id=SECOND_ID, child_index=2))
    told.send_due()
    one, two = (told.delivery(POLICE, Channel.WEBHOOK, child=child) for child in (1, 2))
    assert refused(lambda: planned(told), told) == (
        f"That means several messages of {REF}. Say which:\n"
        f"  --child 1 --agency {POLICE} --channel webhook --message {one['message_id'][4:12]}  (SENT)\n"
        f"  --child 2 --agency {POLICE} --channel webhook --message {two['message_id'][4:12]}  (SENT)"
    )
    assert planned(told, child=2).key.child == 2
    assert planned(told, message=two["message_id"]).key.child == 2
    assert planned(told, message=one["message_id"][4:9]).key.child == 1


def test_what_does_not_fit_says_what_there_is(told: World) -> None:
    police = messages(told)[0]["message_id"][4:12]
    probation = messages(told, PROBATION)[0]["message_id"][4:12]
    assert refused(lambda: planned(told, channel=Channel.EMAIL), told) == (
        f"No message of {REF} is that one. There are:\n"
        f"  --agency {POLICE} --channel webhook --message {police}  (SENT)\n"
        f"  --agency {PROBATION} --channel email --message {probation}  (SENT)"
    )


def test_a_duplicate_says_where_its_messages_stand(told: World) -> None:
    told.apply(a_registry(an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL)))
    told.take(a_duplicate())
    which = Which("NS-26-D0PL1C")
    said = refused(lambda: what_would_go(which, told.act_desk, by_email=False), told)
    assert said == (
        "No message of NS-26-D0PL1C is that one. It is a duplicate: what is decided for it stands under "
        f"{REF}."
    )
    told.send_due()
    assert planned(told, "hill-school").seen["duplicate"]["referral_ref"] == "NS-26-D0PL1C"


def test_a_referral_nobody_knows_is_said_to_be_unknown(world: World) -> None:
    which = Which("NS-26-NOBODY")
    said = refused(lambda: what_would_go(which, world.act_desk, by_email=False), world)
    assert said == "No referral NS-26-NOBODY is known here. Check the reference."


def test_an_agency_is_found_by_another_name_that_it_has(world: World) -> None:
    aliased = an_agency(POLICE, AgencyType.POLICE, Channel.WEBHOOK, aliases=("old-police",))
    probation = an_agency(PROBATION, AgencyType.PROBATION, Channel.EMAIL)
    registry = a_registry()
    world.apply(registry.model_copy(update={"agency": (aliased, probation)}))
    world.take(a_decision())
    world.send_due()
    assert planned(world, "old-police").key.agency_id == POLICE


# --- two at once, and answers that get lost


class LosesItsFirst(Store):
    """Does what it is told; the answer never arrives, and at the second try others are writing."""

    said: tuple[type[Exception], ...] = (BusyError, ContendedError)

    def write(self, parts: Any) -> None:
        tries = list(type(self).said)
        if len(tries) == 2:
            super().write(parts)
        if tries:
            type(self).said = tuple(tries[1:])
            raise tries[0]("lost")
        super().write(parts)


@pytest.mark.parametrize("losing", [LosesAReply, LosesItsFirst])
@pytest.mark.parametrize("answers", [[], [BUSY]], ids=["ended", "waits"])
def test_an_answer_that_was_lost_makes_no_second_message(
    world: World, losing: type[Store], answers: list[Answer]
) -> None:
    world.take(a_decision())
    world.police.answers = list(answers)
    world.send_due()
    agreed = planned(world)
    world.use(type("Losing", (losing,), {}))
    send_again(agreed, world.order(ActReason.NOT_RECEIVED), world.act_desk)
    world.use(Store)
    assert len(resent(world)) == 1
    assert len(messages(world)) == (1 if answers else 2)
    assert is_whole(world.rows())


@pytest.mark.parametrize("answers", [[], [BUSY]], ids=["as it went", "by e-mail instead"])
def test_of_two_people_at_once_one_sends_again_and_the_other_is_told(
    world: World, answers: list[Answer]
) -> None:
    world.take(a_decision())
    world.police.answers = list(answers)
    world.send_due()
    agreed = planned(world, by_email=bool(answers))

    def act() -> None:
        send_again(agreed, world.order(ActReason.NOT_RECEIVED), world.act_desk)

    interleaved(world, act)
    with pytest.raises(NotPossibleError, match="already"):
        act()
    assert len(resent(world)) == 1
    assert len(messages(world)) == 2


def test_a_message_that_was_claimed_at_that_moment_is_not_made_due_under_its_senders_hands(
    world: World,
) -> None:
    world.take(a_decision())
    world.police.answers = [BUSY]
    world.send_due()
    agreed = planned(world)
    world.later(seconds=5)

    def claimed() -> None:
        world.now += timedelta(minutes=1)
        world.send_due()

    interleaved(world, claimed)
    with pytest.raises(NotPossibleError, match="It changed at this moment"):
        send_again(agreed, world.order(ActReason.NOT_RECEIVED), world.act_desk)
    assert resent(world) == []


def test_a_siblings_decision_at_that_moment_is_no_obstacle(told: World) -> None:
    agreed = planned(told)
    sibling = a_decision(event_id=SECOND_ID, child_index=2)
    interleaved(told, lambda: told.take(sibling))
    send_again(agreed, told.order(ActReason.NOT_RECEIVED), told.act_desk)
    assert len(resent(told)) == 1
