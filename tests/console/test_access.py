"""Who looked at what: for auditors alone, one person's day at a time, and on record itself."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.adapters.ledger.reading import Asked
from functions.console.access import ASKED, EVENTS, MOST
from functions.console.routes import ROUTES
from schemas.codes import AuditKind, ExportPurpose, SessionEvent
from tests.console.council import AUDITOR, MANAGER, POLICE, VIEWER, Person
from tests.console.office import Office
from tests.world import World, a_decision, a_world


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as one:
        one.take(a_decision())
        yield one


@pytest.fixture
def office(world: World) -> Office:
    return Office.of(world)


def rows_of(world: World, staff: str) -> list[dict[str, Any]]:
    return [row for row in world.all_items("audit") if row["pk"].endswith(f"#{staff}")]


def test_an_auditor_sees_what_somebody_opened_took_away_and_why(office: Office) -> None:
    browser = office.signed_in(MANAGER)
    browser.get("/referrals/NS-26-7KQ4ZP")
    page = browser.get("/reports?period=2026-10")
    browser.post("/reports", {**page.fields(), "purpose": ExportPurpose.INSPECTION})
    browser.get("/sign-out", **{"sec-fetch-site": "same-origin"})
    text = office.signed_in(AUDITOR).get("/access?who=p-0417").text()
    for words in (
        "Referral NS-26-7KQ4ZP Why Work on a case",
        "A report (since 2026-10, until 2026-10) Why Oversight",
        "Took away the shared data set, 2026-10 to 2026-10",
        "An inspection",
        "Signed in",
        "Signed out",
        "staff:p-0417",
        "MASH manager",
    ):
        assert words in text, words
    assert text.index("Signed out") < text.index("Took away") < text.index("Signed in")


def test_looking_here_is_on_record_with_whose_day_it_was(office: Office, world: World) -> None:
    office.signed_in(MANAGER)
    office.signed_in(AUDITOR).get("/access?who=p-0417")
    row = rows_of(world, "staff:a-0002")[-1]
    assert (row["type"], row["asked"], row["purpose"]) == (AuditKind.QUERY, "ACCESS", "INSPECTION")
    assert row["filters"] == {"day": "2026-11-24", "reader": "staff:p-0417"}


def test_what_is_nobodys_id_never_goes_on_record(office: Office, world: World) -> None:
    page = office.signed_in(AUDITOR).get("/access?who=Priya+Shah")
    assert "Nobody of that id" in page.text()
    assert office.signed_in(AUDITOR).get("/access?who=PriyaShah").status == 200
    assert office.signed_in(AUDITOR).get("/access?who=x%23y").status == 200
    assert "Priya" not in str(world.all_items("audit"))


def test_without_an_id_it_is_the_auditors_own_day(office: Office) -> None:
    browser = office.signed_in(AUDITOR)
    browser.get("/agencies")
    assert "The list of agencies" in browser.get("/access").text()


def test_an_operator_at_the_command_line_is_found_by_their_arn(office: Office, world: World) -> None:
    arn = "arn:aws:sts::000000000000:assumed-role/operator/jo"
    Asked(world.store, world.chain).note(
        reader=arn, asked="figures of 2026-10", rows=3, request="r-1", now=world.now
    )
    text = office.signed_in(AUDITOR).get(f"/access?who={arn}").text()
    assert "figures of 2026-10 Why At the command line" in text


@pytest.mark.parametrize(
    ("day", "hour_of_the_day"), [("2026-07-15", "2026-07-14T23:30:00"), ("2026-07-14", "2026-07-14T22:30:00")]
)
def test_a_day_is_the_uks_and_not_that_of_utc(
    office: Office, world: World, day: str, hour_of_the_day: str
) -> None:
    now = datetime.fromisoformat(hour_of_the_day).replace(tzinfo=UTC)
    Asked(world.store, world.chain).note(reader="staff:x", asked="STORY", rows=0, request="r-2", now=now)
    assert "STORY" in office.signed_in(AUDITOR).get(f"/access?who=x&day={day}").text()
    assert "STORY" not in office.signed_in(AUDITOR).get("/access?who=x&day=2026-07-16").text()


def test_a_day_of_more_than_a_page_shows_says_so(office: Office, world: World) -> None:
    for number in range(MOST + 1):
        Asked(world.store, world.chain).note(
            reader="staff:x", asked="OVERVIEW", rows=0, request=f"r-{number}", now=world.now
        )
    assert f"Showing the newest {MOST}" in office.signed_in(AUDITOR).get("/access?who=x").text()


@pytest.mark.parametrize("person", [MANAGER, VIEWER, POLICE])
def test_nobody_but_an_auditor_sees_who_looked_at_what(office: Office, person: Person) -> None:
    browser = office.signed_in(person)
    assert browser.get("/access?who=p-0417").status == 403
    assert 'href="/access"' not in browser.get("/help").body


def test_every_event_at_the_door_has_words() -> None:
    assert set(EVENTS) == set(SessionEvent)


def test_what_pages_ask_for_has_words(office: Office, world: World) -> None:
    browser = office.signed_in(AUDITOR)
    for route in ROUTES:
        if "<" not in route.path:
            browser.get(route.path)
    codes = {row["asked"] for row in rows_of(world, "staff:a-0002") if row["type"] == AuditKind.QUERY}
    assert codes <= set(ASKED)
