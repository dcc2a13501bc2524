"""The police close an investigation: each agency with a part in the child's live plan hears that it ended."""

import json

import pytest

from functions.domain.series import line_in, moment_of, nonce_of
from schemas.codes import AgencyType, Channel, PlanStatus, Series
from tests.flows.heard import child, decided, event_rows, forget, mails, posts, told, update_rows
from tests.flows.lives import REF, a_plan_change, an_investigation, thread_in
from tests.flows.sweeps import rows_of
from tests.world import World, a_decision, a_duplicate, a_registry, a_revision, an_agency

SCHOOL, CHARITY, SOUTH = "hill-school", "hill-charity", "south-police"
CLOSED = ("CLOSED_CHARGED", "CLOSED_NO_FURTHER_ACTION", "CLOSED_OTHER")
ONE, ANOTHER = "43261124/0917", "43261124/0918"
LATER, LATEST = "2026-11-25T11:00:00Z", "2026-11-25T12:00:00Z"
EVERY_PART = [
    {"agency_id": "north-police", "own_ref": "43261124/0917"},
    {"agency_id": "north-probation", "own_ref": "PR-55120"},
    {"agency_id": SOUTH, "own_ref": "SP/1001"},
    {"agency_id": SCHOOL, "own_ref": "HS/204"},
    {"agency_id": CHARITY, "own_ref": "CH/1001"},
]


@pytest.fixture
def planned(world: World) -> World:
    """A live plan in which five agencies have a part, two of them police forces."""
    world.apply(
        a_registry(
            an_agency(SCHOOL, AgencyType.SCHOOL, Channel.WEBHOOK),
            an_agency(CHARITY, AgencyType.VOLUNTARY, Channel.EMAIL),
            an_agency(SOUTH, AgencyType.POLICE, Channel.WEBHOOK),
            an_agency("hill-gp", AgencyType.GP, Channel.WEBHOOK),
        )
    )
    probation = {"agency_id": "north-probation", "own_ref": "PR-55120", "holds_plan_role": True}
    gp = {"agency_id": "hill-gp", "own_ref": "GP-1001", "holds_plan_role": False}
    world.take(a_decision(involved_agencies=[probation, gp]))
    world.take(a_plan_change(*EVERY_PART))
    world.send_due()
    forget(world)
    return world


@pytest.mark.finding(10)
@pytest.mark.parametrize("status", CLOSED)
def test_finding_10_a_closure_is_told_to_each_with_a_part_in_the_live_plan_and_to_nobody_else(
    planned: World, status: str
) -> None:
    planned.take(an_investigation(status, source="north-police.ra-feed", changed_at=LATER))
    assert planned.send_due() == 4
    assert told(planned) == {"north-probation": 3, SOUTH: 3, SCHOOL: 2, CHARITY: 1}
    (mail,) = mails(planned)
    assert "A police investigation ended on 25 November 2026." in " ".join(mail.text.split())
    assert posts(planned, SCHOOL)[0]["message_type"] == "POLICE_INVESTIGATION_UPDATE"


@pytest.mark.finding(10)
@pytest.mark.parametrize("without", ["NONE", "no part", "revised"])
def test_finding_10_without_a_live_plan_nobody_is_told(world: World, without: str) -> None:
    decided(world)
    if without == "NONE":
        world.take(a_plan_change(plan_status="NONE"))
    elif without == "no part":
        world.take(a_plan_change(plan_agencies=[]))
    else:
        world.take(a_revision(plan_status="NONE"))
    world.take(an_investigation(changed_at=LATER))
    (row,) = event_rows(world, "POLICE_INVESTIGATION_STATUS_CHANGED")
    assert row["nobody"] is True
    assert "POLICE_CASE" not in {one["series"] for one in update_rows(world)}


@pytest.mark.parametrize("status", sorted(set(PlanStatus) - {PlanStatus.NONE}))
def test_every_status_but_none_is_a_live_plan(world: World, status: PlanStatus) -> None:
    decided(world, plan_status=status.value)
    world.take(an_investigation())
    world.send_due()
    assert told(world) == {"north-probation": 3}


@pytest.mark.parametrize("status", CLOSED)
def test_no_message_says_how_it_ended_or_which_occurrence_it_was(planned: World, status: str) -> None:
    planned.take(an_investigation(status, changed_at=LATER))
    planned.send_due()
    left = " ".join(
        [
            *(body.decode() for _, body in planned.police.sent),
            *(f"{mail.subject} {mail.text} {mail.html}" for _, mail in planned.mailbox.mails),
        ]
    )
    assert status not in left
    assert "charged" not in left.lower()
    assert "no further action" not in left.lower()
    for pins, body in planned.police.sent:
        assert pins.agency_id == "north-police" or "43261124/0917" not in body.decode()


def test_the_trail_keeps_how_it_ended_as_a_code(planned: World) -> None:
    planned.take(an_investigation("CLOSED_NO_FURTHER_ACTION", changed_at=LATER))
    (row,) = event_rows(planned, "POLICE_INVESTIGATION_STATUS_CHANGED")
    assert (row["status"], row["police_occurrence_ref"]) == ("CLOSED_NO_FURTHER_ACTION", "43261124/0917")


@pytest.mark.parametrize(
    ("source", "left_out"),
    [
        ("north-police.ra-feed", "north-police"),
        ("mash.case-system", None),
        ("police.ra-feed", None),
    ],
)
def test_the_force_that_told_us_is_not_told_what_it_knows(
    planned: World, source: str, left_out: str | None
) -> None:
    planned.take(an_investigation(source=source, changed_at=LATER))
    planned.send_due()
    assert {"north-police", SOUTH} - told(planned).keys() == ({left_out} if left_out else set())


def test_an_opened_one_is_recorded_and_told_to_nobody(planned: World) -> None:
    before = len(update_rows(planned))
    planned.take(an_investigation("OPEN", changed_at=LATER))
    assert planned.send_due() == 0
    assert planned.rows()[-1]["status"] == "OPEN"
    assert "nobody" not in planned.rows()[-1]
    assert len(update_rows(planned)) == before
    line = line_in(Series.POLICE_CASE, thread_in(planned, ONE))
    assert planned.rows()[-1]["thread"] == thread_in(planned, ONE)
    assert child(planned)[moment_of(line)] == "2026-11-25T11:00:00.000Z"


def test_a_closure_that_comes_after_a_later_opening_is_old_news(planned: World) -> None:
    planned.take(an_investigation("OPEN", changed_at=LATER))
    planned.take(an_investigation("CLOSED_OTHER"))
    assert planned.send_due() == 0
    assert planned.rows()[-1]["stale"] is True


@pytest.mark.finding(10)
@pytest.mark.parametrize("second", [ANOTHER, None])
@pytest.mark.parametrize("first", ["OPEN", "CLOSED_CHARGED"])
def test_finding_10_an_older_closure_of_another_investigation_is_told_however_late_it_comes(
    planned: World, first: str, second: str | None
) -> None:
    planned.take(an_investigation(first, changed_at=LATER))
    planned.send_due()
    forget(planned)
    planned.take(an_investigation("CLOSED_OTHER", police_occurrence_ref=second))
    planned.send_due()
    assert told(planned) == {"north-police": 3, "north-probation": 3, SOUTH: 3, SCHOOL: 2, CHARITY: 1}


@pytest.mark.finding(10)
@pytest.mark.parametrize(("first", "second"), [(ONE, ANOTHER), (None, ONE), (ONE, None)])
def test_finding_10_two_that_ended_before_either_was_told_are_both_told(
    planned: World, first: str | None, second: str | None
) -> None:
    planned.take(an_investigation(police_occurrence_ref=first, changed_at=LATER))
    planned.take(an_investigation(police_occurrence_ref=second, changed_at=LATEST))
    planned.send_due()
    ended = [post["news"] for post in posts(planned, SCHOOL)]
    assert sorted((news["number"], news["happened_at"]) for news in ended) == [(1, LATER), (2, LATEST)]
    assert len({news["thread"] for news in ended}) == 2
    assert len(mails(planned)) == 2
    assert rows_of(planned, "SUPERSEDED") == []


@pytest.mark.parametrize("ref", [ANOTHER, None])
def test_an_older_statement_about_the_same_investigation_stays_old_news(
    planned: World, ref: str | None
) -> None:
    planned.take(an_investigation(changed_at=LATER))
    planned.take(an_investigation(police_occurrence_ref=ref, changed_at=LATER))
    planned.send_due()
    forget(planned)
    planned.take(an_investigation("CLOSED_OTHER", police_occurrence_ref=ref))
    assert planned.send_due() == 0
    assert planned.rows()[-1]["stale"] is True


def test_one_that_ended_again_takes_the_place_of_its_own_unsent_end(planned: World) -> None:
    planned.take(an_investigation())
    planned.take(an_investigation(police_occurrence_ref=ANOTHER))
    planned.take(an_investigation("OPEN", changed_at=LATER))
    planned.take(an_investigation(changed_at=LATEST))
    assert {row["nonce"] for row in rows_of(planned, "SUPERSEDED")} == {
        nonce_of(Series.POLICE_CASE, thread=thread_in(planned, ONE))
    }
    planned.send_due()
    assert sorted(post["news"]["number"] for post in posts(planned, SCHOOL)) == [2, 3]


def test_a_duplicates_reader_with_a_part_in_the_plan_hears_it_under_their_own_reference(world: World) -> None:
    world.apply(a_registry(an_agency(SCHOOL, AgencyType.SCHOOL, Channel.WEBHOOK)))
    decided(world)
    world.take(a_duplicate())
    world.take(a_plan_change(SCHOOL))
    world.send_due()
    world.take(an_investigation(changed_at=LATER))
    world.send_due()
    ended = [
        post for post in posts(world, SCHOOL) if post["news"] and post["news"]["series"] == "POLICE_CASE"
    ]
    assert [post["referral_ref"] for post in ended] == ["NS-26-D0PL1C"]
    assert REF not in json.dumps(ended)
