"""The dip sample in the console: what waits to be graded, and grading it by the task's own page."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from schemas.codes import ActReason, AuditKind
from tests.console.council import AUDITOR, MANAGER, POLICE, VIEWER, Person
from tests.console.office import Office
from tests.flows.test_dip_sample import DECEMBER, REFS, sampled
from tests.flows.test_findings_police_form import take_form
from tests.forms import a_complete_form_event
from tests.world import MORNING, World, a_receipt, a_world, an_event_id


@pytest.fixture
def world() -> Iterator[World]:
    """Three of November's complete forms were drawn in December."""
    with a_world() as one:
        one.now = MORNING
        for ref in REFS[:5]:
            one.take(a_receipt(ref=ref, event_id=an_event_id("came", ref), source_seq=None))
            take_form(one, ref, a_complete_form_event())
        one.now = DECEMBER
        sampled(one, size=3)
        yield one


@pytest.fixture
def office(world: World) -> Office:
    return Office.of(world)


def links(body: str) -> list[str]:
    return re.findall(r'href="[^"]*(/worklist/[^"]+GRADE_FORM[^"]*)"', body)


@pytest.mark.parametrize("person", [MANAGER, VIEWER, AUDITOR])
def test_whoever_is_of_the_mash_sees_what_waits_to_be_graded(office: Office, person: Person) -> None:
    reply = office.signed_in(person).get("/sampling")
    assert "November 2026" in reply.text()
    assert "Graded 0 of 3 forms" in reply.text()
    assert len(links(reply.body)) == 3


def test_the_police_do_not_grade_their_own_forms(office: Office) -> None:
    assert office.signed_in(POLICE).get("/sampling").status == 403


@pytest.mark.parametrize(
    ("grade", "words"),
    [
        (ActReason.FORM_GOOD, "Good"),
        (ActReason.FORM_TO_IMPROVE, "Could be better"),
        (ActReason.FORM_INADEQUATE, "Inadequate"),
    ],
)
def test_what_is_graded_stays_on_the_list_with_its_grade_and_when(
    office: Office, grade: ActReason, words: str
) -> None:
    browser = office.signed_in(MANAGER)
    path = links(browser.get("/sampling").body)[0]
    browser.post(path, {**browser.get(path).fields(), "reason": grade})
    text = browser.get("/sampling").text()
    assert "Graded 1 of 3 forms" in text
    assert f"{words} 1 form" in text
    assert f"{words} Today, 9:00am" in text
    ref = path.partition("~")[2].partition("/")[0]
    assert f'/referrals/{ref}?child=1"' in browser.get("/sampling").body


def test_once_all_are_graded_the_months_page_still_says_how(office: Office) -> None:
    browser = office.signed_in(MANAGER)
    for path in links(browser.get("/sampling").body):
        browser.post(path, {**browser.get(path).fields(), "reason": ActReason.FORM_GOOD})
    text = browser.get("/sampling").text()
    assert "Graded 3 of 3 forms" in text
    assert "October 2026" in text


def test_before_the_first_of_the_months_that_may_be_asked_for_there_is_no_other(office: Office) -> None:
    text = office.signed_in(MANAGER).get("/sampling?month=2026-01").text()
    assert "No forms were drawn this month" in text
    assert "December 2025" not in text


def test_reports_lead_there(office: Office) -> None:
    assert f'href="{office.base}/sampling"' in office.signed_in(VIEWER).get("/reports").body


def test_a_manager_grades_a_form_and_it_waits_no_longer(office: Office, world: World) -> None:
    browser = office.signed_in(MANAGER)
    path = links(browser.get("/sampling").body)[0]
    fields = {**browser.get(path).fields(), "reason": ActReason.FORM_TO_IMPROVE}
    assert browser.post(path, fields).status == 303
    assert len(links(browser.get("/sampling").body)) == 2
    (row,) = [row for row in world.all_items("audit") if row.get("reason") == ActReason.FORM_TO_IMPROVE]
    assert (row["actor"], row["task"]) == ("staff:p-0417", "GRADE_FORM")


def test_a_viewer_grades_nothing(office: Office, world: World) -> None:
    browser = office.signed_in(VIEWER)
    path = links(browser.get("/sampling").body)[0]
    assert ActReason.FORM_GOOD not in browser.get(path).body
    assert not [row for row in world.all_items("audit") if row.get("reason")]


def test_looking_at_it_is_on_record(office: Office, world: World) -> None:
    office.signed_in(VIEWER).get("/sampling?month=2026-11")
    (row,) = [row for row in world.all_items("audit") if row["type"] == AuditKind.QUERY]
    assert (row["asked"], row["rows"], row["filters"]) == ("SAMPLE", 3, {"month": "2026-11"})


def test_an_earlier_months_is_a_link_away(office: Office, world: World) -> None:
    world.now = DECEMBER + timedelta(days=40)
    ref = REFS[6]
    world.take(a_receipt(ref=ref, event_id=an_event_id("came", ref), source_seq=None))
    take_form(world, ref, a_complete_form_event())
    world.now += timedelta(days=31)
    sampled(world, month="2027-01")
    browser = office.signed_in(MANAGER)
    newest = browser.get("/sampling")
    assert "January 2027" in newest.text()
    assert "November 2026: 3 forms to grade" in newest.text()
    assert len(links(browser.get("/sampling?month=2026-11").body)) == 3


def test_what_is_late_says_so(office: Office, world: World) -> None:
    world.now += timedelta(days=60)
    assert "Late 3 forms" in office.signed_in(MANAGER).get("/sampling").text()


def test_where_none_waits_it_says_so() -> None:
    with a_world() as empty:
        text = Office.of(empty).signed_in(MANAGER).get("/sampling?month=x").text()
    assert "No forms were drawn this month" in text
