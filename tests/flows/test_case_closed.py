"""A case is closed: everybody who was told of the decision or joined the plan hears it, and the plan ends."""

import pytest

from schemas.codes import AgencyType, Channel
from tests.flows.heard import child, decided, event_rows, forget, mails, posts, told, update_rows
from tests.flows.lives import a_case_closed, a_plan_change, an_investigation
from tests.world import World, a_registry, a_revision, an_agency, an_event_id

EARLIER, LATER = "2026-11-25T09:00:00Z", "2026-11-25T11:00:00Z"
NURSE = "hill-nurse"


@pytest.fixture
def planned(world: World) -> World:
    """A plan that a school nurse has joined since the decision."""
    world.apply(a_registry(an_agency(NURSE, AgencyType.SCHOOL_NURSING, Channel.WEBHOOK)))
    decided(world)
    world.take(
        a_plan_change("north-probation", {"agency_id": NURSE, "own_ref": "SN/9001"}, changed_at=EARLIER)
    )
    world.send_due()
    forget(world)
    return world


def test_a_closed_case_is_told_to_everybody_who_was_told_of_it_or_of_its_plan(planned: World) -> None:
    planned.take(a_case_closed())
    planned.send_due()
    assert told(planned) == {"north-police": 3, "north-probation": 3, NURSE: 3}
    (post,), (mail,) = posts(planned), mails(planned)
    assert (post["message_type"], post["plan"]["status"]) == ("CASE_CLOSED_UPDATE", "NONE")
    said = " ".join(mail.text.split())
    assert "We closed the case on 25 November 2026." in said
    assert "It is not a finding that there is no concern." in said


def test_with_the_case_ends_the_plan(planned: World) -> None:
    planned.take(a_case_closed())
    assert (child(planned)["plan_status"], child(planned)["plan_agencies"]) == ("NONE", [])
    planned.take(an_investigation(changed_at=LATER))
    assert event_rows(planned, "POLICE_INVESTIGATION_STATUS_CHANGED")[0]["nobody"] is True


def test_a_change_of_the_plan_that_comes_late_does_not_bring_it_back(planned: World) -> None:
    planned.take(a_case_closed())
    planned.take(a_plan_change(NURSE, changed_at="2026-11-25T09:59:00Z"))
    assert planned.rows()[-1]["stale"] is True
    assert child(planned)["plan_status"] == "NONE"


def test_a_case_that_was_opened_again_is_not_told_as_closed(planned: World) -> None:
    """The plan that lives now has been told; that the case was closed before it is old news."""
    planned.take(a_plan_change(NURSE, changed_at=LATER))
    planned.take(a_case_closed())
    assert event_rows(planned, "CASE_CLOSED")[0]["stale"] is True
    assert (child(planned)["plan_status"], child(planned)["plan_agencies"]) == ("CP_PLAN", [NURSE])


def test_a_case_that_was_decided_anew_since_is_not_told_as_closed(planned: World) -> None:
    planned.take(a_revision(decided_at=LATER, plan_status="CIN_PLAN"))
    planned.take(a_case_closed())
    assert event_rows(planned, "CASE_CLOSED")[0]["stale"] is True
    assert child(planned)["plan_status"] == "CIN_PLAN"


def test_a_plan_that_ended_after_the_closing_hides_no_closing(planned: World) -> None:
    planned.take(a_plan_change(plan_status="NONE", changed_at=LATER))
    planned.send_due()
    forget(planned)
    planned.take(a_case_closed())
    planned.send_due()
    assert told(planned) == {"north-police": 3, "north-probation": 3}
    assert child(planned)["at_PLAN"] == "2026-11-25T11:00:00.000Z"


def test_an_agency_that_the_plan_named_and_left_again_is_not_told(planned: World) -> None:
    planned.take(a_plan_change(plan_agencies=[]))
    planned.send_due()
    forget(planned)
    planned.take(a_case_closed(closed_at=LATER))
    planned.send_due()
    assert told(planned) == {"north-police": 3, "north-probation": 3}


def test_a_case_closed_again_is_told_again(planned: World) -> None:
    planned.take(a_case_closed())
    planned.send_due()
    planned.take(a_plan_change("north-probation", changed_at="2026-11-25T10:30:00Z"))
    planned.take(a_case_closed(closed_at=LATER, event_id=an_event_id("closed again")))
    planned.send_due()
    assert [row["dver"] for row in update_rows(planned) if row["series"] == "CLOSED"] == [1, 2]
