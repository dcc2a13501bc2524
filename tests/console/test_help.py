"""Help and the statements: every role reads them, and they say of the product what is so."""

import re
from collections.abc import Iterator

import pytest

from functions.console.agencies.words import PAUSED
from functions.console.help.words import AGENCIES, IN_TIME, MESSAGES, PASSAGES, POLICE_FORMS
from functions.console.words.messages import STATUSES
from functions.domain.measures.suppression import LEAST_SHOWN
from tests.console.council import AUDITOR, MANAGER, POLICE, VIEWER, Person
from tests.console.office import Office
from tests.world import World, a_decision, a_world


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as one:
        yield one


@pytest.fixture
def office(world: World) -> Office:
    return Office.of(world)


@pytest.mark.parametrize("person", [MANAGER, VIEWER, AUDITOR, POLICE])
@pytest.mark.parametrize("path", ["/help", "/accessibility", "/privacy"])
def test_every_role_reads_help_and_the_statements(office: Office, person: Person, path: str) -> None:
    assert office.signed_in(person).get(path).status == 200


@pytest.mark.parametrize("path", ["/accessibility", "/privacy"])
def test_the_statements_are_there_for_whoever_is_not_signed_in(
    office: Office, world: World, path: str
) -> None:
    page = office.browser().get(path)
    assert page.status == 200
    assert "Sign out" not in page.text()
    assert office.browser().get("/help").status == 303
    browser, rows = office.signed_in(), len(world.all_items("audit"))
    assert "Sign out" in browser.get(path).text()
    world.later(hours=1)
    assert "Sign out" not in browser.get(path).text()
    assert len(world.all_items("audit")) == rows, "it tells of nobody, so that somebody read it is no row"


def test_help_has_every_word_that_a_message_can_have_and_what_to_do() -> None:
    assert {one.word.text for one in MESSAGES.meanings} == {tag.text for tag in STATUSES.values()}
    assert all(one.means and one.todo for one in MESSAGES.meanings)


def test_help_has_every_word_that_an_agency_can_have() -> None:
    words = {one.word.text for one in AGENCIES.meanings}
    others = {"Working", "Not answering", "Wrong address", "Not yet checked", "Not yet proved"}
    assert set(PAUSED.values()) | others == words


def test_a_task_is_late_and_a_police_form_overdue_and_help_has_both(office: Office, world: World) -> None:
    assert [one.word.text for one in IN_TIME.meanings] == ["Late", "Overdue"]
    assert "Late is a task that is somebody's here. Overdue is a police form" in shown_help(office)
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
    world.later(days=30)
    worklist = office.signed_in().get("/worklist").text()
    assert re.search(r"\d+ items?, \d+ late", worklist)
    assert "overdue" not in worklist.lower().partition("apply filters")[2]


def shown_help(office: Office) -> str:
    return office.signed_in().get("/help").text()


def test_help_says_what_complete_does_not_mean(office: Office) -> None:
    text = office.signed_in().get("/help").text()
    assert "not that the risk is low or the work is good" in text
    assert {one.word.text for one in POLICE_FORMS.meanings} == {
        "Complete",
        "Not complete",
        "Not received",
        "Not needed",
        "Not known",
    }


@pytest.mark.parametrize("path", ["/help", "/referrals/NS-26-7KQ4ZP"])
def test_no_page_claims_that_the_record_is_checked(office: Office, world: World, path: str) -> None:
    world.take(a_decision())
    text = office.signed_in().get(path).text()
    assert "compare the two" not in text
    assert "This service does not do that yet" in text
    assert "Not checked yet" in text
    assert "tamper-proof" not in text.lower()


def test_help_says_whom_to_ring(office: Office) -> None:
    text, desk = office.signed_in().get("/help").text(), office.desk
    assert "A child in danger now 999" in text
    for number in (desk.hub.duty_phone, desk.hub.out_of_hours_phone, desk.branding.service_desk):
        assert number in text


def test_what_leads_to_help_finds_its_part() -> None:
    assert "refused" in {one.id for one in PASSAGES}


def test_help_hides_the_counts_that_reports_hide(office: Office) -> None:
    assert f"counts of 1 to {LEAST_SHOWN - 1} are hidden" in office.signed_in().get("/help").text()


def test_the_statement_says_what_was_not_tested(office: Office) -> None:
    text = office.signed_in().get("/accessibility").text()
    assert "What was not tested Screen readers, 400% zoom, voice control" in text


@pytest.mark.parametrize(
    "part",
    [
        "How far they meet it Partly.",
        "Known problems None at level AA is known.",
        "ask the Equality Advisory and Support Service (EASS)",
        "Prepared on 27 November 2026",
    ],
)
def test_the_statement_has_what_the_regulations_ask_for(office: Office, part: str) -> None:
    assert part in office.browser().get("/accessibility").text()


def test_the_privacy_notice_tells_staff_that_each_page_is_recorded(office: Office) -> None:
    text = office.signed_in().get("/privacy").text()
    assert "at every page that you open" in text
    assert "Auditors can see it" in text
