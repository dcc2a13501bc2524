"""The list of messages: narrowed by an address that can be shared, page by page, and taken away on record."""

import csv
import io
import re
from collections.abc import Iterator
from hashlib import sha256

import pytest

from functions.adapters.ledger.store import Item
from functions.console.messages import page as module
from functions.domain.delivery import Answer
from schemas.codes import AttemptResult, AuditKind, Channel, ErrorWord, ReadPurpose
from tests.console.council import AUDITOR, MANAGER, VIEWER, Person
from tests.console.office import Browser, Office, Reply
from tests.world import World, a_decision, a_revision, a_world, an_event_id, change_agency

POLICE, PROBATION = "north-police", "north-probation"
DOWNLOAD = "/messages/download"


@pytest.fixture
def world() -> Iterator[World]:
    """Two messages: the police's system is unavailable, probation's mail has gone."""
    with a_world() as one:
        one.doors[Channel.WEBHOOK].answers = [
            Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503)
        ]
        one.take(a_decision())
        one.later(minutes=1)
        one.send_due()
        yield one


@pytest.fixture
def office(world: World) -> Office:
    return Office.of(world)


def listed(office: Office, query: str = "", person: Person = MANAGER) -> Reply:
    return office.signed_in(person).get(f"/messages{query}")


def take(browser: Browser, page: Reply, **changed: str) -> Reply:
    return browser.post(DOWNLOAD, {**page.fields(), "reason": ReadPurpose.INSPECTION, **changed})


def of_kind(world: World, kind: AuditKind) -> list[Item]:
    return [row for row in world.all_items("audit") if row["type"] == kind]


def table(reply: Reply) -> list[list[str]]:
    return list(csv.reader(io.StringIO(reply.body.removeprefix("\ufeff"))))


def test_each_line_says_what_to_whom_how_it_stands_and_when_it_was_tried(office: Office) -> None:
    text = listed(office).text()
    assert "2 messages" in text
    assert (
        "Outcome NS-26-7KQ4ZP, child 1 To North Police Their system Status Still trying Their system said it "
        "was unavailable Last try Today, 3:03pm Try 1 of 17"
    ) in text
    assert "To North Probation Email Status Accepted by the mail service Last try Today, 3:03pm" in text
    assert "a message stands with its referral, whatever day it was sent" in text


def test_a_message_that_has_arrived_says_no_more_why_it_had_not(office: Office, world: World) -> None:
    world.later(minutes=1)
    world.send_due()
    text = listed(office).text()
    assert "Delivered Last try Today, 3:04pm Try 2 of 17" in text
    assert "unavailable" not in text
    assert not {"error", "http_status"} & world.delivery(POLICE, Channel.WEBHOOK).keys()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?status=RETRY", [POLICE]),
        ("?status=RETRY&status=accepted", [POLICE, PROBATION]),
        ("?status=FAILED", []),
        ("?kind=outcome", [POLICE, PROBATION]),
        ("?kind=changed", []),
        ("?kind=reminder&kind=news", []),
        ("?agency=north-police", [POLICE]),
        ("?way=email", [PROBATION]),
        ("?ref=ns-26-7kq4zp", [POLICE, PROBATION]),
        ("?ref=NS-26-NOBODY", []),
        ("?since=2026-11-23&until=2026-11-23", []),
        ("?status=nonsense&kind=nonsense&way=nonsense&since=nonsense", [POLICE, PROBATION]),
    ],
)
def test_an_address_narrows_the_list(office: Office, query: str, found: list[str]) -> None:
    text = listed(office, query).text()
    lines = re.findall(r"child 1 To (North \w+)", text)
    assert sorted(lines) == sorted(one.replace("-", " ").title() for one in found)
    assert ("No messages match. " in text) is (not found)


def test_a_later_version_is_a_decision_changed(office: Office, world: World) -> None:
    world.take(a_revision())
    text = listed(office, "?kind=changed").text()
    assert "Decision changed NS-26-7KQ4ZP, child 1 To North Probation" in text
    assert "Outcome NS-26-7KQ4ZP" not in text


def test_each_filter_in_force_can_be_taken_off_by_itself(office: Office) -> None:
    body = listed(office, "?status=RETRY&status=FAILED&kind=outcome&agency=north-police&way=webhook").body
    chips = re.findall(r'<li><a href="[^"]*/messages\?([^"]+)"><span class="govuk-visually-hidden">', body)
    without = [chip.replace("&amp;", "&") for chip in chips]
    assert [one.count("status=") for one in without] == [1, 1, 2, 2, 2]
    assert [one.count("kind=") for one in without] == [1, 1, 0, 1, 1]
    assert [one.count("agency=") for one in without] == [1, 1, 1, 0, 1]
    assert [one.count("way=") for one in without] == [1, 1, 1, 1, 0]


def test_a_messages_own_number_leads_straight_to_it(office: Office, world: World) -> None:
    message_id = world.delivery(POLICE, Channel.WEBHOOK)["message_id"]
    reply = listed(office, f"?ref={message_id}")
    assert (reply.status, reply.leads_to) == (303, f"{office.base}/messages/{message_id}")


def test_who_looked_for_what_is_on_record_by_codes_alone(office: Office, world: World) -> None:
    listed(office, "?status=RETRY&status=FAILED&ref=NS-26-7KQ4ZP&agency=north-police")
    (row,) = of_kind(world, AuditKind.QUERY)
    assert (row["asked"], row["rows"]) == ("MESSAGES", 1)
    assert row["filters"] == {
        "status": "RETRY FAILED",
        "ref": "NS-26-7KQ4ZP",
        "agency": "north-police",
    }
    listed(office, "?agency=north-police")
    row = of_kind(world, AuditKind.QUERY)[-1]
    days = {"since": "2026-11-10", "until": "2026-11-24"}
    assert row["filters"] == {"agency": "north-police", "came_to": "NS-26-7KQ4ZP", **days}


def test_a_file_of_one_referral_says_which_in_the_record_and_in_its_name(
    office: Office, world: World
) -> None:
    """And no days, which nobody looked at."""
    browser = office.signed_in()
    reply = take(browser, browser.get(f"{DOWNLOAD}?ref=NS-26-7KQ4ZP&agency=north-police"))
    assert 'filename="messages-of-NS-26-7KQ4ZP.csv"' in reply.headers["Content-Disposition"]
    (export,) = of_kind(world, AuditKind.EXPORT)
    assert export["filters"] == {"ref": "NS-26-7KQ4ZP", "agency": "north-police"}
    assert not {"since", "until"} & export.keys()
    text = office.signed_in(AUDITOR).get("/access?who=p-0417").text()
    assert "Took away messages (NS-26-7KQ4ZP, agency north-police): 1 row" in text


def test_a_page_that_is_full_leads_on_and_every_message_is_on_one(
    office: Office, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 4):
        world.take(
            a_decision(
                event_id=f"5b0f2c9e-8a53-4a0e-9f0e-6a1f2f0b7c{number:02d}",
                referral_ref=f"NS-26-MORE0{number}",
                source_seq=4190 + number,
            )
        )
    monkeypatch.setattr(module, "A_PAGE", 2)
    browser, seen = office.signed_in(), list[str]()
    path: str | None = "/messages"
    while path:
        page = browser.get(path)
        found = re.findall(r"(NS-26-[A-Z0-9]+), child 1", page.text())
        assert 0 < len(found) <= 2 or not found
        seen += found
        older = re.search(
            r'href="[^"]*(/messages\?[^"]*from=[^"]+)"[^>]*>', page.body.split("mo-list__main")[1]
        )
        path = older[1].replace("&amp;", "&").replace("/download", "") if older else None
    assert sorted(seen) == sorted(2 * [*(f"NS-26-MORE0{number}" for number in (1, 2, 3)), "NS-26-7KQ4ZP"])


def test_a_page_that_stops_at_its_bound_says_so_and_one_that_ends_leads_further_back(
    office: Office, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.later(days=40)
    world.take(a_decision(referral_ref="NS-26-NEWER", event_id=an_event_id(1)))
    text = listed(office).text()
    assert "NS-26-NEWER" in text
    assert "NS-26-7KQ4ZP" not in text
    assert "Look further back, to 2 January 2026" in text
    page = listed(office, "?since=2026-01-02&status=RETRY")
    assert "NS-26-7KQ4ZP" in page.text()
    assert "looks at 60 referrals, or at those of 92 days. Narrow the dates, or go on." in page.text()
    monkeypatch.setattr(module, "MOST_REFERRALS", 1)
    page = listed(office, "?since=2026-11-24&status=RETRY")
    assert "looks at" in page.text()
    assert "Look further back" not in page.text()


def test_a_list_of_one_referral_has_nothing_further_back(office: Office) -> None:
    assert "Look further back" in listed(office).text()
    assert "Look further back" not in listed(office, "?ref=NS-26-7KQ4ZP").text()


def test_a_cursor_of_somebody_elses_leads_nowhere(office: Office) -> None:
    assert listed(office, "?from=somebody-elses").status == 404


def test_the_list_is_taken_away_with_its_reason_its_hash_and_its_rows_on_record(
    office: Office, world: World
) -> None:
    browser = office.signed_in()
    assert "Download these 1 message (CSV)" not in browser.get("/messages").text()
    page = browser.get(f"{DOWNLOAD}?status=RETRY")
    assert "In the file 1 message Only Still trying" in page.text()
    reply = take(browser, page)
    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert reply.headers["Content-Disposition"] == (
        'attachment; filename="messages-2026-11-10-to-2026-11-24.csv"'
    )
    assert reply.body.startswith("\ufeff")
    heads, row = table(reply)
    assert heads == [*("Message", "Message number", "Referral", "Child", "To"), *TAIL]
    assert row == [
        *("Outcome", world.delivery(POLICE, Channel.WEBHOOK)["message_id"], "NS-26-7KQ4ZP", "1"),
        *("North Police", "Their system", "Still trying", "Their system said it was unavailable"),
        *("24 November 2026 at 3:03pm", "1"),
    ]
    (export,) = of_kind(world, AuditKind.EXPORT)
    assert (export["actor"], export["exported"], export["purpose"]) == (
        *("staff:p-0417", "messages"),
        ReadPurpose.INSPECTION,
    )
    assert export["filters"] == {"status": "RETRY", "came_to": "NS-26-7KQ4ZP"}
    assert (export["since"], export["until"]) == ("2026-11-10", "2026-11-24")
    assert (export["rows"], export["sha256"]) == (1, sha256(reply.body.encode()).hexdigest())


TAIL = ("Sent by", "Status", "Why", "Last try", "Tries")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_of_the_file_is_a_formula(office: Office, world: World, name: str) -> None:
    change_agency(world, POLICE, name=name)
    browser = office.signed_in()
    reply = take(browser, browser.get(f"{DOWNLOAD}?agency=north-police"))
    assert f'"\'{name}"' in reply.body


def test_without_a_reason_nothing_is_taken_away(office: Office, world: World) -> None:
    browser = office.signed_in()
    reply = take(browser, browser.get(DOWNLOAD), reason="BECAUSE")
    assert reply.status == 400
    assert "Say what you need the file for: choose one" in reply.text()
    assert not of_kind(world, AuditKind.EXPORT)


def test_an_auditor_may_take_it_away_and_a_viewer_may_not(office: Office, world: World) -> None:
    assert "Download these 2 messages (CSV)" in listed(office, person=AUDITOR).text()
    assert "Download these" not in listed(office, person=VIEWER).text()
    viewer, auditor = office.signed_in(VIEWER), office.signed_in(AUDITOR)
    assert viewer.get(DOWNLOAD).status == 403
    page = auditor.get(DOWNLOAD)
    assert take(viewer, page, csrf=viewer.csrf).status == 403
    assert not of_kind(world, AuditKind.EXPORT)
    assert take(auditor, page).status == 200
