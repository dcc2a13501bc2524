"""Who opened one referral, when and why: by its reference, for auditors alone, and on record itself."""

from collections.abc import Iterator

import pytest
import time_machine

from functions.adapters.ledger.keys import read_by
from functions.adapters.ledger.store import Item
from functions.cli import on_record
from functions.console.access import opened
from schemas.codes import AgencyType, Channel, ReadPurpose
from tests.console.council import AUDITOR, MANAGER, POLICE, VIEWER, Person
from tests.console.every_page import HELD_REF, a_held_decision
from tests.console.office import Office
from tests.console.test_access import older
from tests.live_counts import count_live
from tests.world import World, a_decision, a_registry, a_world, an_agency, an_event_id

REF, OTHER, LONE = "NS-26-7KQ4ZP", "NS-26-0TH3R1", "NS-26-L0NE01"
PATH = f"/access?ref={REF}"
ARN = "arn:aws:sts::000000000000:assumed-role/operator/jo"


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as one:
        one.take(a_decision())
        one.take(a_decision(referral_ref=OTHER, event_id=an_event_id(OTHER), source_seq=4183))
        yield one


@pytest.fixture
def office(world: World) -> Office:
    return Office.of(world)


def lines(office: Office, path: str = PATH) -> list[str]:
    """A line of the page each: when, who, what and why, the newest first."""
    text = office.signed_in(AUDITOR).get(path).text()
    _, _, found = text.partition("When Who What Why ")
    return [line.strip() for line in found.split("Today, ") if line]


def trail_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """`mash trail REF`, by an operator."""
    monkeypatch.setattr(on_record, "caller", lambda: ARN)
    with time_machine.travel(world.now, tick=False):
        assert on_record.read(world.store, REF)


def taken_away(office: Office) -> None:
    browser = office.signed_in(AUDITOR)
    page = browser.get(f"/referrals/{REF}/download")
    browser.post(f"/referrals/{REF}/download", {**page.fields(), "reason": ReadPurpose.INSPECTION})


def test_everybody_who_opened_a_referral_is_listed_with_when_and_why(
    office: Office, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = world.delivery("north-police", Channel.WEBHOOK)["message_id"]
    office.signed_in(VIEWER).get(f"/referrals/{REF}")
    world.later(minutes=1)
    office.signed_in(MANAGER).get(f"/messages/{message}")
    world.later(minutes=1)
    taken_away(office)
    world.later(minutes=1)
    trail_read(world, monkeypatch)
    by_operator, *by_auditor, by_manager, by_viewer = lines(office)
    for line, words in (
        (by_operator, ("3:05pm Who jo on that day", f"Referral {REF} Why At the command line")),
        (by_manager, ("3:03pm", f"staff:{MANAGER.subject}", f"Referral {REF} Why Work on a case")),
        (by_viewer, ("3:02pm", f"staff:{VIEWER.subject}", f"Referral {REF} Why Work on a case")),
    ):
        assert all(one in line for one in words), line
    assert all(f"3:04pm Who staff:{AUDITOR.subject}" in line for line in by_auditor)
    whys = sorted(line.partition("What ")[2] for line in by_auditor)
    taken = f"Took away the record of {REF}, 24 November 2026: {len(world.rows())} rows Why An inspection"
    assert whys == [*[f"Referral {REF} Why An inspection"] * 2, taken]


def test_readers_of_another_referral_are_not_among_them(office: Office) -> None:
    office.signed_in(VIEWER).get(f"/referrals/{OTHER}")
    assert "Nobody is known to have opened it." in office.signed_in(AUDITOR).get(PATH).text()
    assert f"Referral {OTHER}" in office.signed_in(AUDITOR).get(f"/access?ref={OTHER}").text()


@pytest.mark.parametrize("path", ["/", "/referrals", "/messages", "/worklist", f"/referrals?ref={REF}"])
def test_a_list_that_shows_many_is_not_among_them_and_the_page_says_so(office: Office, path: str) -> None:
    assert office.signed_in(MANAGER).get(path).status in (200, 303)
    text = office.signed_in(AUDITOR).get(PATH).text()
    assert "Nobody is known to have opened it." in text
    assert "Lists and files of several referrals are not among them." in text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (f"/referrals/{REF}?print=1", "A referral on paper"),
        (f"/messages?ref={REF}", "The list of messages"),
        (f"/worklist?ref={REF}", "The list of tasks"),
        (f"/referrals/{REF}/chronology", f"Referral {REF}"),
    ],
)
def test_what_shows_that_referral_alone_is(office: Office, path: str, words: str) -> None:
    office.signed_in(MANAGER).get(path)
    assert any(words in line for line in lines(office))


@pytest.mark.parametrize("path", ["/messages?agency=quay-school", "/referrals?agency=quay-school"])
def test_a_list_that_comes_to_one_referral_is_a_reading_of_it(
    office: Office, world: World, path: str
) -> None:
    """Whoever knows the day or the agency of a referral needs no reference to find it."""
    world.apply(a_registry(an_agency("quay-school", AgencyType.SCHOOL, Channel.EMAIL)))
    of_the_school = {"agency_id": "quay-school", "own_ref": None}
    world.take(
        a_decision(
            referral_ref=LONE, event_id=an_event_id(LONE), source_seq=4184, referring_agency=of_the_school
        )
    )
    count_live(world.store, world.clocks, world.now)
    assert LONE in office.signed_in(VIEWER).get(path).text()
    (line,) = lines(office, f"/access?ref={LONE}")
    assert f"staff:{VIEWER.subject}" in line
    assert f"all of it {LONE}" in line


def test_a_file_of_one_referrals_messages_is_taken_away_of_it(office: Office) -> None:
    browser = office.signed_in(MANAGER)
    path = f"/messages/download?ref={REF}"
    browser.post("/messages/download", {**browser.get(path).fields(), "reason": ReadPurpose.CASE_WORK})
    assert any("Took away messages" in line for line in lines(office))


def test_a_list_of_tasks_takes_a_reference_as_a_referrals_alone(office: Office, world: World) -> None:
    world.take(a_held_decision())
    browser = office.signed_in(MANAGER)
    assert "1 item" in browser.get(f"/worklist?ref={HELD_REF}").text()
    assert "Nothing of this kind needs attention" in browser.get(f"/worklist?source={HELD_REF}").text()


def test_what_was_asked_for_and_not_shown_says_so(office: Office) -> None:
    browser = office.signed_in(POLICE)
    assert browser.get(f"/police-desk/{REF}/1").status == 404
    browser.get(f"/police-desk?ref={REF}")
    found = lines(office)
    assert len(found) == 2
    assert all("shown nothing" in line for line in found)


def test_they_are_read_a_page_at_a_time_and_once_each(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened, "A_PAGE", 3)
    for _ in range(5):
        office.signed_in(VIEWER).get(f"/referrals/{REF}")
    browser = office.signed_in(AUDITOR)
    first = browser.get(PATH)
    assert "3 entries on this page" in first.text()
    rest = browser.get(older(first, office))
    assert "2 entries on this page" in rest.text()
    assert "Newest entries" in rest.text()
    assert 'rel="next"' not in rest.body


def test_where_they_go_on_is_for_whom_and_what_it_was_offered_for(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened, "A_PAGE", 1)
    for _ in range(2):
        office.signed_in(VIEWER).get(f"/referrals/{REF}")
    browser = office.signed_in(AUDITOR)
    path = older(browser.get(PATH), office)
    assert browser.get(path).status == 200
    assert browser.get(path.replace(REF, OTHER)).status == 404
    assert browser.get(path + "x").status == 404
    assert office.signed_in(AUDITOR).get(path).status == 404


def newest_of(world: World, person: Person) -> Item:
    return world.store.partition("audit", read_by(world.now, f"staff:{person.subject}"), "E#")[-1]


def test_asking_is_on_record_and_is_itself_an_opening(office: Office, world: World) -> None:
    office.signed_in(AUDITOR).get(PATH)
    row = newest_of(world, AUDITOR)
    assert (row["asked"], row["purpose"], row["filters"]) == ("ACCESS", "INSPECTION", {"ref": REF})
    assert any(f"This access log ({REF})" in line for line in lines(office))


@pytest.mark.parametrize("typed", ["MARY-SMITH", "Mary+Smith", "%23", "NS-26-N0N3"])
def test_what_is_no_reference_of_ours_never_goes_on_record(office: Office, world: World, typed: str) -> None:
    text = office.signed_in(AUDITOR).get(f"/access?ref={typed}").text()
    assert "No referral has this reference." in text
    row = newest_of(world, AUDITOR)
    assert (row["asked"], row["rows"]) == ("ACCESS", 0)
    assert "filters" not in row


def test_a_reference_is_found_however_somebody_types_its_letters(office: Office) -> None:
    office.signed_in(VIEWER).get(f"/referrals/{REF}")
    assert len(lines(office, PATH.replace(REF, REF.lower()))) == 1


@pytest.mark.parametrize("person", [MANAGER, VIEWER, POLICE])
def test_nobody_but_an_auditor_sees_who_opened_a_referral(office: Office, person: Person) -> None:
    assert office.signed_in(person).get(PATH).status == 403


@pytest.mark.parametrize(("person", "is_there"), [(AUDITOR, True), (MANAGER, False), (VIEWER, False)])
def test_a_referrals_page_leads_an_auditor_to_who_opened_it(
    office: Office, person: Person, *, is_there: bool
) -> None:
    page = office.signed_in(person).get(f"/referrals/{REF}")
    assert ("Who opened this record" in page.text()) is is_there
    assert (f'href="{office.base}{PATH}"' in page.body) is is_there
    assert "Who opened" not in office.signed_in(person).get(f"/referrals/{REF}?print=1").text()


def test_each_reader_leads_to_all_that_they_looked_at_on_that_day(office: Office) -> None:
    office.signed_in(VIEWER).get(f"/referrals/{REF}")
    page = office.signed_in(AUDITOR).get(PATH)
    assert f"/access?who=staff%3A{VIEWER.subject}&amp;day=2026-11-24" in page.body
