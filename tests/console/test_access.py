"""Who looked at what: for auditors alone, one person's day at a time, and on record itself."""

from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest

from functions.adapters.ledger.reading import Asked, Trail
from functions.console.access import page as access
from functions.console.access.entry import ASKED, EVENTS
from functions.console.access.narrowed import SOME
from functions.console.access.page import A_PAGE, OF_NO_REFERRAL
from functions.console.asking import cursor
from functions.console.door.sign_in import SESSION_COOKIE, hashed
from functions.console.routes import ROUTES
from schemas.codes import AuditKind, ExportPurpose, SessionEvent
from tests.console.council import AUDITOR, MANAGER, POLICE, VIEWER, Person
from tests.console.office import Office, Reply
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
        "A report (October 2026) Why Oversight",
        "Took away the shared data set, October 2026: ",
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
    assert "That is not an id" in page.text()
    assert office.signed_in(AUDITOR).get("/access?who=PriyaShah").status == 200
    assert office.signed_in(AUDITOR).get("/access?who=x%23y").status == 200
    assert "Priya" not in str(world.all_items("audit"))


@pytest.mark.parametrize("typed", ["manager%40northshire.example", "morgan", "Priya+Shah", "p-0417%40north"])
def test_what_is_no_id_is_said_to_be_none_and_clears_nobody(office: Office, typed: str) -> None:
    office.signed_in(MANAGER).get("/referrals/NS-26-7KQ4ZP")
    text = office.signed_in(AUDITOR).get(f"/access?who={typed}").text()
    assert "That is not an id, so this says nothing of what anybody looked at." in text
    assert "An id begins with staff: or arn:." in text
    assert "no such entry" not in text


@pytest.mark.parametrize("typed", ["p-9999", "staff:p-9999"])
def test_an_id_without_entries_may_be_a_wrong_one(office: Office, typed: str) -> None:
    text = office.signed_in(AUDITOR).get(f"/access?who={typed}").text()
    assert "There is no such entry of staff:p-9999 on that day." in text
    assert "That holds of a person only if this is their id." in text


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


def looked(world: World, asked: str, number: int, at: datetime | None = None) -> None:
    """Somebody asks for the same so many times, as a program may that nobody watches."""
    asks = Asked(world.store, world.chain)
    for one in range(number):
        asks.note(reader="staff:x", asked=asked, rows=0, request=f"{asked}-{one}", now=at or world.now)


def opened(world: World, at: datetime | None = None) -> None:
    Trail(world.store, world.chain).read(
        "NS-26-7KQ4ZP", reader="staff:x", purpose="CASE_WORK", request="the one", now=at or world.now
    )


def older(reply: Reply, office: Office) -> str:
    """Where the page leads on to."""
    assert 'rel="next"' in reply.body
    link = reply.body.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    return unescape(link).removeprefix(office.base)


def test_nobody_empties_their_own_day_by_looking_at_more(office: Office, world: World) -> None:
    opened(world)
    looked(world, "HELP", A_PAGE + 1)
    browser = office.signed_in(AUDITOR)
    first = browser.get("/access?who=x")
    assert f"{A_PAGE} entries" in first.text()
    assert "Referral NS-26-7KQ4ZP" not in first.text()
    second = browser.get(older(first, office))
    assert "2 entries" in second.text()
    assert "Referral NS-26-7KQ4ZP" in second.text()
    assert 'rel="next"' not in second.body
    assert rows_of(world, "staff:a-0002")[-1]["filters"]["reader"] == "staff:x"


def test_an_auditor_sees_referrals_acts_and_refusals_without_the_rest(office: Office, world: World) -> None:
    opened(world)
    looked(world, "NOT_ALLOWED", 1)
    looked(world, "A_CODE_OF_TOMORROW", 1)
    for code in OF_NO_REFERRAL:
        looked(world, code, 1)
    page = office.signed_in(AUDITOR).get(f"/access?who=x&only={SOME}")
    assert "3 entries" in page.text()
    for words in ("Referral NS-26-7KQ4ZP", "Refused: a page or an act", "A_CODE_OF_TOMORROW"):
        assert words in page.text()
    assert "Remove the filter Referrals, messages, files" in page.text()
    assert rows_of(world, "staff:a-0002")[-1]["filters"]["only"] == SOME


def test_a_list_that_was_narrowed_to_one_referral_shows_it(office: Office, world: World) -> None:
    Asked(world.store, world.chain).note(
        reader="staff:x",
        asked="WORKLIST",
        rows=1,
        request="r",
        now=world.now,
        filters={"ref": "NS-26-7KQ4ZP"},
    )
    assert "1 entry" in office.signed_in(AUDITOR).get(f"/access?who=x&only={SOME}").text()


def test_few_among_very_many_are_found_a_page_at_a_time(
    office: Office, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "LOOKED_AT", 10)
    opened(world)
    looked(world, "HELP", 10)
    browser = office.signed_in(AUDITOR)
    first = browser.get(f"/access?who=x&only={SOME}")
    assert "0 entries" in first.text()
    assert "The next page goes on" in first.text()
    second = browser.get(older(first, office))
    assert "Referral NS-26-7KQ4ZP" in second.text()
    assert "Newest entries" in second.text()


def test_a_summers_day_goes_on_in_the_days_of_utc_that_it_has_hours_of(
    office: Office, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 15 July: an hour is in UTC's 14th; UTC's 15th ends with an hour of the 16th."""
    monkeypatch.setattr(access, "A_PAGE", 3)
    hours = ("2026-07-14T22:44Z", "2026-07-14T23:10Z", "2026-07-15T12:00Z", "2026-07-15T23:10Z")
    before, first, midday, after = map(datetime.fromisoformat, hours)
    looked(world, "OVERVIEW", 2, before)
    opened(world, first)
    looked(world, "HELP", 3, midday)
    looked(world, "HOME", 5, after)
    browser = office.signed_in(AUDITOR)
    page = browser.get("/access?who=x&day=2026-07-15")
    assert "3 entries" in page.text()
    assert "Help" in page.text()
    rest = browser.get(older(page, office))
    assert "1 entry" in rest.text()
    assert "Referral NS-26-7KQ4ZP" in rest.text()


def test_where_a_day_goes_on_is_for_whom_and_what_it_was_offered_for(office: Office, world: World) -> None:
    looked(world, "HELP", A_PAGE + 1)
    browser = office.signed_in(AUDITOR)
    path = older(browser.get("/access?who=x"), office)
    assert browser.get(path).status == 200
    assert browser.get(path.replace("who=x", "who=y")).status == 404
    assert browser.get(path + "x").status == 404
    assert office.signed_in(AUDITOR).get(path).status == 404


def test_behind_the_oldest_entry_is_nothing(office: Office, world: World) -> None:
    looked(world, "HELP", 1)
    browser = office.signed_in(AUDITOR)
    session = office.desk.sign_in.sessions.found(hashed(browser.cookies[SESSION_COOKIE]))
    assert session
    start = cursor.looked_told("L#2026-11-24#staff:x", 1, session)
    assert "nothing older" in browser.get(f"/access?who=x&day=2026-11-24&from={start}").text()


@pytest.mark.parametrize("person", [MANAGER, VIEWER, POLICE])
def test_nobody_but_an_auditor_sees_who_looked_at_what(office: Office, person: Person) -> None:
    browser = office.signed_in(person)
    assert browser.get("/access?who=p-0417").status == 403
    assert 'href="/access"' not in browser.get("/help").body


def test_what_an_auditor_leaves_out_are_pages_that_there_are() -> None:
    assert set(ASKED) > OF_NO_REFERRAL


def test_every_event_at_the_door_has_words() -> None:
    assert set(EVENTS) == set(SessionEvent)


def test_what_pages_ask_for_has_words(office: Office, world: World) -> None:
    browser = office.signed_in(AUDITOR)
    for route in ROUTES:
        if "<" not in route.path:
            browser.get(route.path)
    codes = {row["asked"] for row in rows_of(world, "staff:a-0002") if row["type"] == AuditKind.QUERY}
    assert codes <= set(ASKED)
