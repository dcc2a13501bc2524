"""A decision is challenged: the manager is alerted first, and whoever challenged hears of every stage."""

import json
from typing import Any

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Change, Item
from functions.domain.delivery import Answer
from functions.flows.acting.done import WhichTask, done
from schemas.agency import Mailbox
from schemas.codes import ActReason, AgencyType, AttemptResult, Channel, DeliveryState, TaskKind
from schemas.entitlement import PUBLIC
from tests.flows.accounts import reckoned
from tests.flows.lives import (
    CHALLENGE,
    a_challenge,
    a_challenge_at,
    a_challenge_resolved,
    a_withdrawal,
    thread_in,
)
from tests.flows.sweeps import REF, rows_of
from tests.world import World, a_decision, a_receipt, a_registry, a_revision, an_agency, change_agency

LOOK = f"CHECK_CHALLENGE#01#{CHALLENGE}"
OTHER = "CH-2026-0118"


def decided(world: World, **changes: Any) -> None:
    """The worked example, told; what leaves from now on is beside it."""
    for door in world.doors.values():
        door.otherwise = Answer(AttemptResult.SUCCESS, provider_id="ses-1", response_sha256="0" * 64)
    world.take(a_decision(**changes))
    world.send_due()
    forget(world)


def forget(world: World) -> None:
    """What has left so far is of no interest."""
    for door in world.doors.values():
        door.sent.clear()
        door.mails.clear()


def told(world: World) -> dict[str, dict[str, Any]]:
    """By agency, the news that its system or mailbox had: an e-mail's as its heading."""
    found = {pins.agency_id: json.loads(body)["data"] for pins, body in world.police.sent}
    return found | {pins.agency_id: {"mail": mail} for pins, mail in world.mailbox.mails}


def text_to(world: World, agency: str = "north-probation") -> str:
    (mail,) = (mail for pins, mail in world.mailbox.mails if pins.agency_id == agency)
    return " ".join(mail.text.split())


def child(world: World) -> Item:
    item = world.store.get("state", keys.referral(REF), keys.child(1))
    assert item is not None
    return item


def stop(world: World, agency: str) -> None:
    """A person has stopped the agency's message."""
    item = world.delivery(agency, Channel.EMAIL)
    change = Change({"st": DeliveryState.CANCELLED.value})
    world.store.write([world.store.update("x", "state", (item["pk"], item["sk"]), change=change)])


@pytest.mark.finding(25)
def test_a_challenge_is_followed_from_its_first_stage_to_its_end(world: World) -> None:
    decided(world)
    world.later(days=1)
    world.take(a_challenge())
    world.send_due()
    assert "We have your challenge" in text_to(world)
    for stage in (2, 3, 4):
        forget(world)
        world.later(days=1)
        world.take(a_challenge_at(stage))
        world.send_due()
        assert f"Your challenge has gone to stage {stage}" in text_to(world)
    forget(world)
    world.take(a_challenge_resolved("UPHELD"))
    world.send_due()
    assert told(world).keys() == {"north-police", "north-probation"}
    types = [row["event_type"] for row in rows_of(world, "LIFECYCLE")]
    assert types == [
        "CHALLENGE_RAISED",
        "CHALLENGE_STAGE_2",
        "CHALLENGE_STAGE_3",
        "CHALLENGE_STAGE_4",
        "CHALLENGE_RESOLVED",
    ]
    assert rows_of(world, "LIFECYCLE")[-1]["result"] == "UPHELD"
    world.take(a_revision(reason_codes=["CHALLENGE_UPHELD"]))
    forget(world)
    world.send_due()
    assert "A challenge was upheld." in text_to(world)


@pytest.mark.finding(27)
@pytest.mark.parametrize("agency_type", [one for one in AgencyType if one not in PUBLIC])
def test_an_agency_of_any_type_may_challenge(world: World, agency_type: AgencyType) -> None:
    world.apply(a_registry(an_agency("hill-agency", agency_type, Channel.EMAIL)))
    decided(world)
    world.take(a_challenge("hill-agency"))
    assert world.tasks()[LOOK]["st"] == "OPEN"
    assert world.send_due() == 3
    assert "We have your challenge" in text_to(world, "hill-agency")
    assert "An agency does not agree with our decision" in text_to(world)
    assert "police risk-assessment form" in text_to(world, "hill-agency").lower()


def test_the_manager_is_alerted_before_anybody_hears_and_each_stage_has_its_own_time(world: World) -> None:
    decided(world)
    world.later(days=1)
    world.take(a_challenge())
    task = world.tasks()[LOOK]
    assert (task["role"], task["about"], task["due_at"]) == (
        "MASH_MANAGER",
        CHALLENGE,
        "2026-12-02T10:00:00.000Z",
    )
    world.later(days=2)
    world.take(a_challenge_at(2))
    assert world.tasks()[LOOK]["due_at"] == "2026-12-03T10:00:00.000Z"
    world.take(a_challenge_resolved("NOT_UPHELD"))
    assert world.tasks()[LOOK]["st"] == "DONE"


def test_a_stage_reached_tomorrow_gives_nobody_more_time(world: World) -> None:
    decided(world)
    world.take(a_challenge(raised_at="2027-11-25T10:00:00Z"))
    assert world.tasks()[LOOK]["due_at"] == "2026-12-01T15:02:30.000Z"


def test_the_child_says_which_challenges_are_open(world: World) -> None:
    decided(world)
    world.take(a_challenge())
    world.take(a_challenge("north-police", challenge_id=OTHER))
    world.take(a_challenge_at(2))
    opened = {"raised_by": "north-police", "since": "2026-11-25T10:00:00.000Z", "dver": 1, "stage": 1}
    assert child(world)["challenges"] == {
        CHALLENGE: {**opened, "raised_by": "north-probation", "stage": 2},
        OTHER: opened,
    }
    world.take(a_challenge_resolved("WITHDRAWN"))
    assert child(world)["challenges"] == {OTHER: opened}


def test_all_who_were_told_the_decision_hear_of_each_stage_but_not_who_challenged(world: World) -> None:
    decided(world)
    world.take(a_challenge())
    world.send_due()
    raised = told(world)["north-police"]["news"]
    assert raised["text"][0] == "An agency does not agree with our decision"
    assert "Our decision stands until we tell you that it has changed." in raised["text"]
    forget(world)
    world.take(a_challenge_at(2))
    world.send_due()
    assert "On 26 November 2026 the challenge went to stage 2 of 4." in posted(world)
    assert "probation" not in posted(world).lower()


def posted(world: World) -> str:
    return json.dumps(told(world)["north-police"])


@pytest.mark.parametrize(
    ("result", "heading"),
    [("NOT_UPHELD", "Your challenge was not upheld"), ("WITHDRAWN", "Your challenge was withdrawn")],
)
def test_where_the_decision_stands_all_hear_that_it_does(world: World, result: str, heading: str) -> None:
    decided(world)
    world.take(a_challenge())
    world.send_due()
    forget(world)
    world.take(a_challenge_resolved(result))
    assert world.send_due() == 2
    assert heading in text_to(world)
    assert "Our decision stands." in text_to(world)
    assert told(world)["north-police"]["news"]["text"][0] == "Our decision stands"


@pytest.mark.parametrize("result", ["UPHELD", "REVISED"])
def test_where_the_decision_changes_all_who_were_told_it_hear_not_to_rely_on_it(
    world: World, result: str
) -> None:
    decided(world)
    world.take(a_challenge())
    world.send_due()
    forget(world)
    world.take(a_challenge_resolved(result))
    assert world.send_due() == 2
    news = told(world)["north-police"]["news"]
    assert news["text"][0] == "Our decision will change"
    assert "Do not rely on the earlier message until then." in news["text"]
    assert (news["challenge_result"], news["challenge_stage"]) == (result, 1)
    assert "We will send you the changed decision. Do not rely" in text_to(world)
    assert "S47J" not in json.dumps(told(world)["north-police"])


def test_a_person_tells_whom_no_message_reaches_only_once_the_decision_is_to_change(world: World) -> None:
    decided(world)
    change_agency(world, "north-police", status="INACTIVE")
    world.take(a_challenge())
    assert "kept_from" not in rows_of(world, "UPDATE")[-1]
    assert "CHECK_NOT_TOLD#01#CHALLENGE" not in world.tasks()
    world.take(a_challenge_resolved("UPHELD"))
    assert rows_of(world, "UPDATE")[-1]["kept_from"] == ["north-police"]
    assert world.tasks()["CHECK_NOT_TOLD#01#CHALLENGE"]["st"] == "OPEN"


def test_a_decision_that_changed_meanwhile_is_not_called_into_doubt(world: World) -> None:
    decided(world)
    world.take(a_challenge())
    world.take(a_revision(reason_codes=["CHALLENGE_UPHELD"]))
    world.send_due()
    forget(world)
    world.take(a_challenge_resolved("UPHELD"))
    assert world.send_due() == 2
    assert "We have changed our decision since you challenged it." in text_to(world)
    assert "We have changed our decision since." in posted(world)
    assert "Do not rely" not in text_to(world) + posted(world)


def test_two_challenges_of_one_child_run_side_by_side(world: World) -> None:
    """Neither takes the other's place unsent, and a stage takes that of the one before."""
    decided(world)
    world.take(a_challenge())
    world.take(a_challenge("north-police", challenge_id=OTHER))
    world.take(a_challenge_at(2))
    assert world.send_due() == 4
    headings = {json.loads(body)["data"]["news"]["text"][0] for _, body in world.police.sent}
    assert headings == {"We have your challenge", "An agency does not agree with our decision"}
    mails = " ".join(mail.text for _, mail in world.mailbox.mails)
    assert "Your challenge has gone to stage 2" in mails
    replaced = rows_of(world, "SUPERSEDED")
    assert [(row["dver"], row["by"]) for row in replaced] == [(1, 3), (1, 3)]
    assert {row["nonce"] for row in replaced} == {f"UCHALLENGE__{thread_in(world, CHALLENGE)}"}


def test_two_challenges_of_one_agency_both_arrive_and_their_numbers_rise(world: World) -> None:
    decided(world)
    world.take(a_challenge("north-police"))
    world.take(a_challenge("north-police", challenge_id=OTHER))
    assert world.send_due() == 4
    news = [json.loads(body)["data"]["news"] for _, body in world.police.sent]
    assert {one["number"]: one["thread"] for one in news} == {
        1: thread_in(world, CHALLENGE),
        2: thread_in(world, OTHER),
    }


def test_calls_about_two_challenges_are_two(world: World) -> None:
    world.apply(a_registry(an_agency("hill-nurse", AgencyType.SCHOOL_NURSING, Channel.EMAIL)))
    decided(world)
    world.take(a_challenge("hill-nurse"))
    world.take(a_challenge("hill-nurse", challenge_id=OTHER))
    world.send_due()
    world.later(days=2)
    world.send_due()
    world.send_due()
    calls = [name for name in world.tasks() if name.startswith("CALL_UNTOLD#01#hill-nurse")]
    assert calls == [
        f"CALL_UNTOLD#01#hill-nurse#CHALLENGE__{thread}"
        for thread in sorted((thread_in(world, CHALLENGE), thread_in(world, OTHER)))
    ]


def test_whoever_rang_about_a_challenge_has_told_that_one_alone(world: World) -> None:
    decided(world)
    world.take(a_challenge())
    world.take(a_challenge("north-police", challenge_id=OTHER))
    world.mailbox.otherwise = Answer(AttemptResult.FAILED, retryable=False)
    world.send_due()
    world.send_due()
    line = f"CHALLENGE__{thread_in(world, CHALLENGE)}"
    which = WhichTask(TaskKind.CALL_UNTOLD, REF, agency_id="north-probation", about=line)
    done(which, world.order(ActReason.TOLD_BY_PHONE), world.act_desk)
    items = world.store.partition("state", keys.referral(REF), "N#")
    assert [item["sk"] for item in items if "phoned_at" in item] == [
        f"N#01#0001#north-probation#email#U{line}"
    ]
    left = [name for name, task in world.tasks().items() if task["st"] == "OPEN"]
    assert f"CALL_UNTOLD#01#north-probation#CHALLENGE__{thread_in(world, OTHER)}" in left


@pytest.mark.parametrize(
    "late", ["stage 3 before 2", "stage 2 again", "after the end", "raised again", "ended again"]
)
def test_what_comes_out_of_order_is_recorded_and_told_to_nobody(world: World, late: str) -> None:
    decided(world)
    world.take(a_challenge())
    if late in {"stage 2 again", "after the end", "ended again"}:
        world.take(a_challenge_at(2))
    if late in {"after the end", "ended again"}:
        world.take(a_challenge_resolved("NOT_UPHELD"))
    before = len(rows_of(world, "UPDATE")), child(world)["challenges"], world.tasks()[LOOK]
    world.take(
        {
            "stage 3 before 2": a_challenge_at(3),
            "stage 2 again": a_challenge_at(2, reached_at="2026-11-27T10:00:00Z"),
            "after the end": a_challenge_at(3),
            "raised again": a_challenge("north-police"),
            "ended again": a_challenge_resolved("UPHELD"),
        }[late]
    )
    assert rows_of(world, "LIFECYCLE")[-1]["stale"] is True
    assert before == (len(rows_of(world, "UPDATE")), child(world)["challenges"], world.tasks()[LOOK])


def test_what_is_said_of_a_challenge_that_nobody_knows_waits_for_it(world: World) -> None:
    decided(world)
    world.take(a_challenge_at(2))
    world.later(seconds=1)
    world.take(a_challenge_resolved("NOT_UPHELD"))
    assert [row["waits_for"] for row in rows_of(world, "LIFECYCLE")] == ["CHALLENGE", "CHALLENGE"]
    assert world.send_due() == 0
    world.take(a_challenge())
    taken_up = [row["event_type"] for row in rows_of(world, "LIFECYCLE") if "waited_since" in row]
    assert taken_up == ["CHALLENGE_STAGE_2", "CHALLENGE_RESOLVED"]
    assert world.send_due() == 2
    assert "Your challenge was not upheld" in text_to(world)
    assert world.tasks()[LOOK]["st"] == "DONE"


def test_a_challenge_to_what_is_not_decided_yet_alerts_the_manager_and_waits(world: World) -> None:
    """Its stages wait for it, in the order in which they came, and are taken up with it."""
    world.take(a_receipt())
    world.take(a_challenge_at(2))
    world.take(a_challenge())
    assert rows_of(world, "LIFECYCLE")[-1]["waits_for"] == "DECISION"
    assert world.tasks()[LOOK]["st"] == "OPEN"
    world.take(a_decision())
    assert child(world)["challenges"][CHALLENGE]["stage"] == 2
    world.send_due()
    assert "Your challenge has gone to stage 2" in " ".join(mail.text for _, mail in world.mailbox.mails)


def test_an_agency_that_nobody_knows_is_refused_by_the_field(world: World) -> None:
    decided(world)
    world.take(a_challenge("nobody-knows"))
    (refused,) = world.refused()
    assert (refused["field"], refused["reason"]) == ("raised_by", "UNKNOWN_AGENCY")
    assert LOOK not in world.tasks()


def test_an_agency_is_known_by_its_other_names(world: World) -> None:
    world.apply(a_registry(an_agency("hill-nps", AgencyType.PROBATION, Channel.EMAIL, aliases=("nps",))))
    decided(world)
    world.take(a_challenge("NPS"))
    assert child(world)["challenges"][CHALLENGE]["raised_by"] == "hill-nps"


def test_a_mailbox_that_is_not_managed_may_have_it_for_it_says_nothing(world: World) -> None:
    school = an_agency(
        "hill-school",
        AgencyType.SCHOOL,
        Channel.EMAIL,
        email=Mailbox(address="office@hill-school.example", verified_at=world.now.date()),
    )
    world.apply(a_registry(school))
    decided(world)
    world.take(a_challenge("hill-school"))
    world.send_due()
    assert "We have your challenge" in text_to(world, "hill-school")


@pytest.mark.parametrize(
    ("why", "others"), [("linked", 1), ("held", 0), ("no way to it", 1), ("stopped", 1), ("withdrawn", 0)]
)
def test_whoever_no_machine_may_tell_is_somebodys_to_tell(world: World, why: str, others: int) -> None:
    channels = () if why == "no way to it" else (Channel.EMAIL,)
    world.apply(a_registry(an_agency("hill-school", AgencyType.SCHOOL, *channels)))
    link = {"code": "STAFF_LINK", "agency_id": "hill-school"}
    sensitive = {"code": "SENSITIVE", "agency_id": None}
    holds = {"linked": [link], "held": [sensitive]}.get(why, [])
    decided(world, hold_codes=holds, referring_agency={"agency_id": "hill-school", "own_ref": "HS/204"})
    if why == "stopped":
        stop(world, "hill-school")
    if why == "withdrawn":
        world.take(a_withdrawal())
        world.send_due()
    world.take(a_challenge("hill-school"))
    assert world.send_due() == others
    assert rows_of(world, "UPDATE")[-1]["kept_from"] == ["hill-school"]
    assert "CHECK_NOT_TOLD#01#CHALLENGE" in world.tasks()


def test_the_referrer_of_an_arrival_challenges_under_its_own_reference(world: World) -> None:
    world.apply(a_registry(an_agency("hill-gp", AgencyType.GP, Channel.EMAIL)))
    world.take(a_receipt(referring_agency={"agency_id": "hill-gp", "own_ref": "GP-1001"}, source_code="3A"))
    decided(world)
    world.take(a_challenge("hill-gp"))
    world.send_due()
    assert "Your reference: GP-1001" in text_to(world, "hill-gp")
    subjects = {pins.agency_id: mail.subject for pins, mail in world.mailbox.mails}
    assert "update on your referral" in subjects["hill-gp"]


def test_the_same_event_again_is_a_duplicate(world: World) -> None:
    decided(world)
    for _ in range(2):
        world.take(a_challenge())
    assert world.kinds()[-1] == "EVENT_DUPLICATE"
    assert len(rows_of(world, "UPDATE")) == 1


def test_both_accounts_of_the_day_agree(world: World) -> None:
    decided(world)
    world.take(a_challenge())
    world.take(a_challenge("north-police", challenge_id=OTHER))
    world.take(a_challenge_at(2))
    world.take(a_challenge_resolved("UPHELD"))
    world.send_due()
    assert reckoned(world).findings == ()
