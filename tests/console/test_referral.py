"""One referral in the console: what happened, who confirmed, what it repeats; on paper, and as a file."""

import csv
import html
import io
import re
from collections.abc import Iterator
from hashlib import sha256

import pytest

from functions.adapters.ledger.listing import Place
from functions.adapters.ledger.store import Item
from functions.console.asking.cursor import entry_told, told
from functions.console.door.sign_in import SESSION_COOKIE, hashed
from functions.console.referrals import referral as module
from functions.console.referrals.referral import A_PAGE
from functions.domain.delivery import Answer
from schemas.codes import AgencyType, AttemptResult, AuditKind, Channel, ErrorWord, ReadPurpose
from tests.console.council import AUDITOR, MANAGER, VIEWER, Person
from tests.console.office import Office, Reply
from tests.world import World, a_decision, a_duplicate, a_receipt, a_registry, a_revision, a_world, an_agency

REF = "NS-26-7KQ4ZP"
PATH = f"/referrals/{REF}"


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as one:
        yield one


@pytest.fixture
def office(world: World) -> Office:
    return Office.of(world)


def shown(office: Office, more: str = "", person: Person = MANAGER) -> Reply:
    return office.signed_in(person).get(f"{PATH}{more}")


def titles(reply: Reply) -> list[str]:
    found = re.findall(r'<h3 class="mo-timeline__title">(.*?)</h3>', reply.body)
    return [" ".join(re.sub("<[^>]+>", "", one).split()) for one in found]


def of_kind(world: World, kind: AuditKind) -> list[Item]:
    return [row for row in world.all_items("audit") if row["type"] == kind]


def test_what_one_moment_did_to_several_children_is_one_entry(office: Office, world: World) -> None:
    world.take(a_receipt(1, 2, 3))
    reply = shown(office)
    assert titles(reply) == [
        "Police risk assessment checked by this service",
        "Referral received by the case system",
    ]
    for child in (1, 2, 3):
        assert f"Police form checked for child {child}: " in reply.text()


def test_two_moments_are_two_entries_though_they_are_alike(office: Office, world: World) -> None:
    for _ in range(3):
        world.take(a_receipt(1))
        world.later(minutes=1)
    again = "The same event came again by the case system"
    assert titles(shown(office)).count(again) == 2


def test_no_sentence_of_the_record_names_a_command(office: Office, world: World) -> None:
    world.take(a_decision())
    world.mailbox.answers = [Answer(AttemptResult.FAILED, retryable=False, error=ErrorWord.E_PROVIDER)]
    world.send_due()
    text = shown(office).text()
    assert "then “Send it again” sends it again" in text
    assert "mash" not in text.replace("mash-", "").replace("MASH", "")


def test_a_decision_that_was_replaced_is_shown_beside_the_one_in_force(office: Office, world: World) -> None:
    world.take(a_decision())
    world.take(a_revision(primary_outcome="S17"))
    text = shown(office).text()
    assert re.search(r"Version 2 Outcome Child in need assessment .* Now In force Version 1", text)
    assert re.search(r"Version 1 Outcome Section 47 enquiry, joint with police .* Now Replaced", text)


def test_a_duplicate_leads_to_what_it_repeats(office: Office, world: World) -> None:
    school = an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL)
    world.apply(a_registry(school))
    world.take(a_decision())
    world.take(a_duplicate())
    reply = office.signed_in().get("/referrals/NS-26-D0PL1C")
    assert f"Repeats What is decided for it stands under {REF}" in reply.text()
    assert f'href="{office.base}{PATH}"' in reply.body


def test_how_long_it_is_kept_is_said_and_not_invented(office: Office, world: World) -> None:
    world.take(a_decision())
    assert "Keep until As the council's retention schedule says" in shown(office).text()


def test_on_paper_stands_who_printed_it_and_when_and_the_record_has_it_too(
    office: Office, world: World
) -> None:
    world.take(a_decision())
    page = shown(office)
    assert f'href="{office.base}{PATH}?child=1&amp;print=1"' in page.body
    text = shown(office, "?child=1&print=1").text()
    assert "Printed by Priya Shah, MASH manager, 24 November 2026 at 3:02pm. Printing is recorded." in text
    assert "Record a phone call" not in text
    assert "Download" not in text
    (row,) = [row for row in of_kind(world, AuditKind.QUERY) if row["asked"] == "PRINT_REFERRAL"]
    assert (row["actor"], row["filters"]) == ("staff:p-0417", {"ref": REF})


def test_the_record_is_taken_away_with_its_reason_its_hash_and_its_rows_on_record(
    office: Office, world: World
) -> None:
    world.take(a_receipt(1))
    world.take(a_decision())
    assert "Download (CSV)" in shown(office).text()
    assert "Download (CSV, 1KB)" in office.signed_in().get(f"/referrals/{REF}/download").text()
    browser = office.signed_in()
    page = browser.get(f"{PATH}/download")
    reply = browser.post(f"{PATH}/download", {**page.fields(), "reason": ReadPurpose.CASE_WORK})
    assert reply.headers["Content-Disposition"] == f'attachment; filename="{REF}.csv"'
    heads, *rows = csv.reader(io.StringIO(reply.body.removeprefix("\ufeff")))
    assert heads == ["Entry", "When (UK)", "When (UTC)", "What", "By", "In full"]
    assert [row[0] for row in rows] == [str(number) for number in range(1, len(world.rows()) + 1)]
    assert rows[0][1:5] == [
        *("24 November 2026 at 3:02pm", "2026-11-24T15:02:30.000Z"),
        *("Referral received", "the case system"),
    ]
    (export,) = of_kind(world, AuditKind.EXPORT)
    assert (export["exported"], export["purpose"], export["rows"]) == (
        *(f"the record of {REF}", ReadPurpose.CASE_WORK),
        len(world.rows()),
    )
    assert export["filters"] == {"ref": REF}
    assert export["sha256"] == sha256(reply.body.encode()).hexdigest()


def test_without_a_reason_the_record_stays_here(office: Office, world: World) -> None:
    world.take(a_decision())
    browser = office.signed_in()
    reply = browser.post(f"{PATH}/download", browser.get(f"{PATH}/download").fields())
    assert reply.status == 400
    assert not of_kind(world, AuditKind.EXPORT)


def test_an_auditor_may_take_the_record_away_and_a_viewer_may_not(office: Office, world: World) -> None:
    world.take(a_decision())
    assert "Download (CSV)" in shown(office, person=AUDITOR).text()
    assert "Download (CSV" not in shown(office, person=VIEWER).text()
    assert shown(office, "/download", VIEWER).status == 403


# --- a long history


MANY = 130


@pytest.fixture
def long(world: World) -> World:
    """A referral whose event came again and again, each time an entry of its own."""
    for _ in range(MANY):
        world.take(a_receipt(1))
        world.later(minutes=1)
    return world


def older(reply: Reply) -> str:
    (found,) = set(re.findall(rf'href="[^"]*({PATH}[?][^"]*from=[^"]*)"', reply.body))
    return html.unescape(found)


def test_a_long_history_goes_on_page_by_page_and_leaves_nothing_out(office: Office, long: World) -> None:
    browser = office.signed_in()
    first = browser.get(PATH)
    rest = browser.get(older(first))
    assert len(titles(first)) == A_PAGE
    assert "from=" not in rest.body.replace("?to=", "")
    assert "These are older entries. Newest entries" in rest.text()
    assert "These are older entries" not in first.text()
    both = [*titles(first), *titles(rest)]
    assert both == titles(browser.get(f"{PATH}?print=1"))
    assert len(both) == MANY + 1


def test_what_comes_in_meanwhile_moves_no_entry_from_page_to_page(office: Office, long: World) -> None:
    browser = office.signed_in()
    path = older(browser.get(PATH))
    before = titles(browser.get(path))
    long.take(a_decision())
    assert titles(browser.get(path)) == before


def test_the_file_has_all_of_a_long_history(office: Office, long: World) -> None:
    browser = office.signed_in()
    page = browser.get(f"{PATH}/download")
    reply = browser.post(f"{PATH}/download", {**page.fields(), "reason": ReadPurpose.CASE_WORK})
    assert len(list(csv.reader(io.StringIO(reply.body)))) == len(long.rows()) + 1


def down(world: World, *statuses: int) -> None:
    """Their system is tried once for each, and answers so."""
    for status in statuses:
        world.police.otherwise = Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=status)
        world.send_due()
        world.later(minutes=1)


def tries(reply: Reply) -> list[int]:
    """The number of each try on the page, in its order."""
    return [int(number) for number in re.findall(r"[Tt]ry (\d+)\b", reply.text())]


def test_tries_that_end_alike_are_one_entry_with_every_one_in_it(office: Office, world: World) -> None:
    world.take(a_decision(involved_agencies=[]))
    down(world, 503, 503)
    page, paper = shown(office), shown(office, "?print=1")
    ended = "Tried 2 times to reach North Police: their system said it was unavailable by this service"
    assert ended in titles(page)
    assert "See each of the 2 tries" in page.text()
    assert [set(tries(one)) for one in (page, paper)] == [{1, 2}, {1, 2}]
    assert paper.body.count(" open>") == paper.body.count("<details") == 1


@pytest.mark.parametrize("most", [1, 2, 3, 5])
def test_no_try_is_on_two_pages_or_on_none(
    office: Office, world: World, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    world.take(a_decision(involved_agencies=[]))
    down(world, 503, 401)
    monkeypatch.setattr(module, "A_PAGE", most)
    browser = office.signed_in()
    page = browser.get(PATH)
    seen, found = tries(page), titles(page)
    while "Older entries" in page.text():
        page = browser.get(older(page))
        seen, found = seen + tries(page), found + titles(page)
    paper = browser.get(f"{PATH}?print=1")
    assert (seen, found) == (tries(paper), titles(paper))


def test_a_short_history_is_one_page(office: Office, world: World) -> None:
    world.take(a_decision())
    assert "Older entries" not in shown(office).text()


@pytest.mark.parametrize("change", ["flip", "cut", "another", "list", "foreign"])
def test_a_place_that_we_did_not_give_out_for_this_referral_leads_nowhere(
    office: Office, long: World, change: str
) -> None:
    browser = office.signed_in()
    asked = older(browser.get(PATH))
    path, _, start = asked.partition("from=")
    session = office.desk.sign_in.sessions.found(hashed(browser.cookies[SESSION_COOKIE]))
    assert session
    forged = {
        "flip": f"x{start[1:]}",
        "cut": start[:-3],
        "another": entry_told("NS-26-OTHER1", 31, session),
        "list": told(Place(long.now.date()), session),
        "foreign": start,
    }[change]
    assert browser.get(f"/messages?from={start}").status == 404
    who = office.signed_in(VIEWER) if change == "foreign" else browser
    assert browser.get(asked).status == 200
    assert who.get(f"{path}from={forged}").status == 404
