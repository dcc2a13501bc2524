"""A decision was sent in error: whoever was told hears that it does not count, and nobody else is told it."""

import json
from typing import Any

import pytest

from functions.adapters.errors import RetryError
from functions.adapters.ledger import keys
from functions.adapters.ledger.intake import Intake
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Change, Item
from functions.domain.delivery import Answer
from functions.flows.acting.order import NotPossibleError, Which
from functions.flows.acting.resend import what_would_go
from functions.flows.releasing.order import NotReleasableError
from functions.flows.updates.audience import told_of_the_decision
from schemas.agency import Mailbox
from schemas.codes import AgencyType, AttemptResult, Channel, ErrorWord
from tests.flows.accounts import reckoned
from tests.flows.lives import a_withdrawal
from tests.flows.sweeps import POLICE, REF, rows_of, send_to
from tests.world import (
    World,
    a_decision,
    a_duplicate,
    a_registry,
    a_revision,
    an_agency,
    change_agency,
)

COPY = "NS-26-D0PL1C"
NOTICE = "UWITHDRAWAL"
DOWN = Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503)
FOR_GOOD = Answer(AttemptResult.FAILED, retryable=False, error=ErrorWord.E_PROVIDER)


@pytest.fixture(autouse=True)
def _proofs(world: World) -> None:
    for door in world.doors.values():
        door.otherwise = Answer(AttemptResult.SUCCESS, provider_id="ses-1", response_sha256="0" * 64)


def forget(world: World) -> None:
    """What has left so far is of no interest."""
    for door in world.doors.values():
        door.sent.clear()
        door.mails.clear()


def decided(world: World, **changes: Any) -> None:
    """The worked example, told to both."""
    world.take(a_decision(**changes))
    world.send_due()
    forget(world)


def child(world: World) -> Item:
    item = world.store.get("state", keys.referral(REF), keys.child(1))
    assert item is not None
    return item


def open_tasks(world: World) -> set[str]:
    return {name for name, task in world.tasks().items() if task["st"] != "DONE"}


def posts(world: World) -> list[dict[str, Any]]:
    return [json.loads(body)["data"] for _, body in world.police.sent]


def test_whoever_was_told_hears_that_it_does_not_count(world: World) -> None:
    decided(world)
    world.take(a_withdrawal())
    assert world.kinds()[-2:] == ["LIFECYCLE", "UPDATE"]
    assert world.send_due() == 2
    (post,), ((_, mail),) = posts(world), world.mailbox.mails
    assert (post["message_type"], post["news"]["decision_seq"]) == ("WITHDRAWN_NOTICE", 1)
    assert post["police_form"]["status"] == "UNKNOWN"
    text = " ".join(mail.text.split())
    assert "Do not act on our earlier message" in text
    assert (
        "On 24 November 2026 at 3:02pm we told you a decision about a referral. It was sent in error." in text
    )
    assert "Delete the earlier message and any copy of it." in text
    assert "POLICE RISK-ASSESSMENT FORM" in mail.text
    assert "disagree" not in mail.text
    assert child(world)["withdrawn"] == 1


def test_no_byte_of_it_names_what_was_decided(world: World) -> None:
    decided(world)
    world.take(a_withdrawal())
    world.send_due()
    ((_, mail),) = world.mailbox.mails
    said = json.dumps(posts(world)) + mail.subject + mail.text + mail.html
    assert [word for word in ("S47J", "section 47", "CP_ENQUIRY", "Assessment Team") if word in said] == []


def test_whoever_was_told_an_older_version_hears_it_too(world: World) -> None:
    """The second version was told to nobody yet: its messages are stopped, those of the first are void."""
    decided(world)
    world.take(a_revision())
    world.take(a_withdrawal(2))
    assert {row["dver"] for row in rows_of(world, "CANCELLED")} == {2}
    assert world.send_due() == 2
    assert {post["news"]["decision_seq"] for post in posts(world)} == {1}


def test_what_was_not_sent_is_stopped_in_the_same_moment(world: World) -> None:
    world.take(a_decision())
    world.take(a_withdrawal())
    assert world.kinds() == ["DECISION", "RA_CHECK", "LIFECYCLE", "CANCELLED", "CANCELLED"]
    assert {row["reason"] for row in rows_of(world, "CANCELLED")} == {"DECIDED_IN_ERROR"}
    assert world.send_due() == 0
    assert world.delivery("north-police", Channel.WEBHOOK)["st"] == "CANCELLED"


def test_what_is_on_its_way_goes_no_further_and_its_reader_hears(world: World) -> None:
    """The attempt had begun: it may have arrived."""
    world.take(a_decision())
    world.police.answers = [DOWN]
    world.police.while_sending = lambda: (
        world.take(a_withdrawal()) if not rows_of(world, "LIFECYCLE") else None
    )
    world.send_due()
    world.later(minutes=1)
    forget(world)
    world.send_due()
    assert [post["message_type"] for post in posts(world)] == ["WITHDRAWN_NOTICE"]
    assert world.delivery("north-police", Channel.WEBHOOK)["st"] == "CANCELLED"


def test_a_message_that_the_transaction_left_refuses_itself(world: World) -> None:
    world.take(a_decision())
    world.take(a_withdrawal())
    item = world.delivery("north-police", Channel.WEBHOOK)
    again = {"st": "PENDING", "due_at": "2026-11-24T15:02:30.000Z"}
    world.store.write([world.store.update("x", "state", (item["pk"], item["sk"]), change=Change(again))])
    send_to(world, DeliveryKey.of(item))
    assert world.police.sent == []
    assert world.delivery("north-police", Channel.WEBHOOK)["st"] == "CANCELLED"
    assert rows_of(world, "CANCELLED")[-1]["reason"] == "DECIDED_IN_ERROR"


def test_a_message_that_was_about_to_leave_when_it_was_withdrawn_stays(world: World) -> None:
    """Read before, and claimed after."""
    world.take(a_decision())
    world.police.while_made_ready = lambda: world.take(a_withdrawal())
    send_to(world, POLICE)
    assert world.police.sent == []
    assert world.delivery("north-police", Channel.WEBHOOK)["st"] == "CANCELLED"


def test_one_that_the_transaction_left_cannot_be_claimed_once_it_was_read(world: World) -> None:
    """It comes back, and is stopped then."""
    world.take(a_decision())
    of_child, withdrawn = (keys.referral(REF), keys.child(1)), Change({"withdrawn": 1})
    world.police.while_made_ready = lambda: world.store.write(
        [world.store.update("child", "state", of_child, change=withdrawn)]
    )
    with pytest.raises(RetryError):
        send_to(world, POLICE)
    send_to(world, POLICE)
    assert world.police.sent == []
    assert world.delivery("north-police", Channel.WEBHOOK)["st"] == "CANCELLED"


def test_as_urgent_as_the_decision_is_that_it_does_not_count(world: World) -> None:
    decided(world)
    world.take(a_withdrawal())
    world.mailbox.answers = [FOR_GOOD]
    world.send_due()
    world.send_due()
    call = world.tasks()["CALL_UNTOLD#01#north-probation#WITHDRAWAL"]
    assert call["due_at"] == "2026-11-24T16:02:30.000Z"


def test_its_holds_and_calls_end_with_it(world: World) -> None:
    world.apply(a_registry(an_agency("hill-nurse", AgencyType.SCHOOL_NURSING, Channel.EMAIL)))
    change_agency(world, "hill-nurse", verified_at=None)
    involved = [
        {"agency_id": "hill-nurse", "own_ref": "SN-1001", "holds_plan_role": False},
        {"agency_id": "north-probation", "own_ref": "PR-55120", "holds_plan_role": True},
    ]
    world.take(a_decision(involved_agencies=involved, additional_outcomes=["LAD"]))
    world.mailbox.answers = [FOR_GOOD]
    world.send_due()
    world.send_due()
    assert open_tasks(world) == {
        "RELEASE_AGENCY#01#hill-nurse",
        "RELEASE_ALLEGATION#01",
        "CALL_UNTOLD#01#north-probation",
    }
    world.take(a_withdrawal())
    assert open_tasks(world) == set()


def test_a_hold_of_the_child_ends_and_holds_what_is_decided_next(world: World) -> None:
    """Nobody need release what is told to nobody; the record is as sensitive as before."""
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE", "agency_id": None}]))
    world.take(a_withdrawal())
    assert world.tasks()["RELEASE_CHILD#01"]["st"] == "DONE"
    with pytest.raises(NotReleasableError):
        world.release()
    world.take(a_revision())
    assert world.tasks()["RELEASE_CHILD#01"]["st"] == "OPEN"
    assert "withdrawn" not in child(world)
    assert world.send_due() == 0


def test_calls_that_waited_behind_a_hold_are_made_no_more(world: World) -> None:
    public: dict[str, Any] = {"referring_agency": None, "involved_agencies": []}
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE", "agency_id": None}], **public))
    assert child(world)["calls"]
    world.take(a_withdrawal())
    assert child(world)["calls"] == []


def test_a_clock_of_what_was_told_rings_no_more(world: World) -> None:
    decided(world)
    world.take(a_withdrawal())
    world.send_due()
    world.later(days=2)
    world.send_due()
    assert not [name for name in world.tasks() if "CALL_UNREAD" in name]


def test_a_newer_decision_is_told_as_ever(world: World) -> None:
    decided(world)
    world.take(a_withdrawal())
    world.send_due()
    forget(world)
    world.take(a_revision(reason_codes=["RECORDED_IN_ERROR"]))
    assert "withdrawn" not in child(world)
    assert world.send_due() == 2


@pytest.mark.parametrize("seq", [1, 2])
def test_what_was_replaced_or_withdrawn_already_is_not_withdrawn(world: World, seq: int) -> None:
    decided(world)
    world.take(a_revision())
    if seq == 2:
        world.take(a_withdrawal(2, withdrawn_at="2026-11-24T16:05:00Z"))
    before = len(rows_of(world, "UPDATE"))
    world.take(a_withdrawal(seq))
    assert rows_of(world, "LIFECYCLE")[-1]["stale"] is True
    assert len(rows_of(world, "UPDATE")) == before


def test_a_version_that_nobody_knows_yet_is_withdrawn_when_it_comes(world: World) -> None:
    world.take(a_withdrawal())
    assert rows_of(world, "LIFECYCLE")[-1]["waits_for"] == "DECISION"
    world.take(a_decision())
    assert child(world)["withdrawn"] == 1
    assert world.send_due() == 0


def test_no_hold_delays_it_but_a_lead_is_told_by_a_person(world: World) -> None:
    """Each was told the first version; what holds the second holds no word that the first was wrong."""
    world.apply(a_registry(an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL)))
    school = {"agency_id": "hill-school", "own_ref": "HS/204", "holds_plan_role": False}
    decided(world, involved_agencies=[school])
    holds = [
        {"code": "SENSITIVE", "agency_id": None},
        {"code": "STAFF_LINK", "agency_id": "hill-school"},
    ]
    world.take(a_revision(hold_codes=holds, involved_agencies=[school]))
    world.take(a_withdrawal(2))
    assert world.send_due() == 1
    assert [post["message_type"] for post in posts(world)] == ["WITHDRAWN_NOTICE"]
    assert rows_of(world, "UPDATE")[-1]["kept_from"] == ["hill-school"]
    assert world.tasks()["CHECK_NOT_TOLD#01#WITHDRAWAL"]["st"] == "OPEN"


def test_a_mailbox_that_is_not_managed_may_have_it_for_it_says_nothing(world: World) -> None:
    school = an_agency(
        "hill-school",
        AgencyType.SCHOOL,
        Channel.EMAIL,
        email=Mailbox(address="office@hill-school.example", verified_at=world.now.date()),
    )
    world.apply(a_registry(school))
    decided(world, referring_agency={"agency_id": "hill-school", "own_ref": "HS/204"}, involved_agencies=[])
    world.take(a_withdrawal())
    world.send_due()
    ((_, mail),) = world.mailbox.mails
    assert "Do not act on our earlier message" in mail.text


def test_a_duplicates_reader_hears_it_under_the_reference_it_knows(world: World) -> None:
    world.apply(a_registry(an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL)))
    decided(world)
    world.take(a_duplicate())
    world.send_due()
    forget(world)
    world.take(a_withdrawal())
    assert world.send_due() == 3
    mails = {pins.agency_id: mail for pins, mail in world.mailbox.mails}
    assert COPY in mails["hill-school"].text
    assert REF not in mails["hill-school"].text


def test_a_duplicate_of_what_was_withdrawn_waits_for_what_is_decided_next(world: World) -> None:
    world.apply(a_registry(an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL)))
    decided(world)
    world.take(a_withdrawal())
    world.send_due()
    forget(world)
    world.take(a_duplicate())
    assert world.send_due() == 0
    world.take(a_revision())
    world.send_due()
    assert "hill-school" in {pins.agency_id for pins, _ in world.mailbox.mails}


def test_a_duplicate_that_was_none_is_for_a_person_to_tell(world: World) -> None:
    """Its reader was told by the other referral's messages."""
    world.apply(a_registry(an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL)))
    decided(world)
    world.take(a_duplicate())
    world.send_due()
    world.take(a_withdrawal(referral_ref=COPY))
    assert world.tasks(COPY)["CHECK_NOT_TOLD#01#WITHDRAWAL"]["st"] == "OPEN"
    assert rows_of(world, "UPDATE", COPY) == []


def test_whom_a_person_rang_a_person_rings_again(world: World) -> None:
    world.take(a_decision(referring_agency=None, involved_agencies=[]))
    call = ("state", keys.referral(REF), "TASK#CALL_REFERRER#01")
    item = world.store.get(*call)
    assert item is not None
    done = Change({"st": "DONE"})
    world.store.write([world.store.update("x", "state", (item["pk"], item["sk"]), change=done)])
    world.take(a_withdrawal())
    assert world.tasks()["CHECK_NOT_TOLD#01#WITHDRAWAL"]["st"] == "OPEN"


def test_nobody_sends_it_again(world: World) -> None:
    decided(world)
    world.take(a_withdrawal())
    message = world.delivery("north-police", Channel.WEBHOOK)["message_id"]
    with pytest.raises(NotPossibleError, match="sent in error"):
        what_would_go(Which(REF, message=message), world.act_desk, by_email=False)


def test_what_follows_a_decision_that_was_withdrawn_is_told_to_nobody_by_a_machine(world: World) -> None:
    decided(world)
    world.take(a_withdrawal())
    referral = Intake(world.store, world.chain).referral(REF)
    hearers = told_of_the_decision(referral, 1, world.directory)
    assert (hearers.recipients, hearers.kept_from) == ((), ("north-police", "north-probation"))


def test_a_siblings_decision_is_left_alone(world: World) -> None:
    decided(world)
    world.take(a_decision(child_index=2, event_id="0d0f2c9e-8a53-4a0e-9f0e-6a1f2f0b7c12"))
    world.take(a_withdrawal())
    world.send_due()
    assert {post["child_index"]: post["message_type"] for post in posts(world)} == {
        1: "WITHDRAWN_NOTICE",
        2: "OUTCOME",
    }


@pytest.mark.parametrize(
    ("holds", "ended"),
    [([], "told"), ([{"code": "SENSITIVE", "agency_id": None}], "nobody_to_tell")],
)
def test_both_accounts_of_the_day_agree(world: World, holds: list[dict[str, Any]], ended: str) -> None:
    world.take(a_decision(hold_codes=holds))
    world.send_due()
    world.take(a_withdrawal())
    world.send_due()
    found = reckoned(world)
    assert found.findings == ()
    assert dict(found.ended) == {ended: 1}
