"""`mash up --history`: the deployed template over a made-up year, as if it had stood there all the time."""

import gzip
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from functions.adapters.ledger.store import from_item
from functions.cli.accounts import broken_links
from functions.cli.history import FOLDER
from tests.console.by_hand import ByHand
from tests.whole.conftest import Stack, brought_up, eventually, sign_in
from tests.world import a_decision, an_event_id

CONTACTS = 40
NEW = "NS-26-HISTORY1"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    outputs = tmp_path_factory.mktemp("history") / "outputs.json"
    with brought_up(outputs, "--history", "--contacts", str(CONTACTS)) as running:
        yield running


def by_hand(stack: Stack) -> ByHand:
    """Everything that stands in the tables now."""
    pages = stack.client("dynamodb").get_paginator("scan").paginate(TableName=stack.store.state)
    state = [from_item(item) for page in pages for item in page["Items"]]
    return ByHand([row.item for row in stack.everything.rows()], state, datetime.now(UTC))


def figures(page: Page) -> dict[str, str]:
    """Each tile's figure, by its heading, with what stands below it."""
    tiles = page.locator(".mo-tile").all()
    return {tile.locator("h2").inner_text(): " ".join(tile.inner_text().split()) for tile in tiles}


def as_counted(stack: Stack) -> dict[str, str]:
    """The same by hand."""
    counted = by_hand(stack)
    untold = sum(not one.knows_newest for one in counted.to_be_told)
    overdue = len(counted.open_tasks("CHASE_FORM"))
    lacking = f"{len(counted.form_lacking)} not complete" if counted.form_lacking else "All others"
    return {
        "Referrers not told yet": f"Referrers not told yet {untold} ",
        "Police risk assessments overdue": f"Police risk assessments overdue {overdue} {lacking}",
        "Decisions in the last 24 hours": f"Decisions in the last 24 hours {len(counted.decided_of_late)} ",
    }


def is_as_counted(stack: Stack, page: Page) -> bool:
    page.goto(stack.outputs["console_url"])
    shown = figures(page)
    return all(shown[heading].startswith(words) for heading, words in as_counted(stack).items())


def test_every_link_of_the_year_that_was_loaded_holds(stack: Stack) -> None:
    rows = stack.everything.rows()
    assert len({row.referral_ref for row in rows if row.referral_ref}) >= CONTACTS
    assert broken_links(rows) == 0


def test_what_had_its_end_when_the_year_ended_is_not_sent_again(stack: Stack) -> None:
    with gzip.open(FOLDER / f"{CONTACTS}.gz", "rt", encoding="utf-8") as file:
        until = json.loads(next(file))["until"]
        items = [one["item"] for line in file if (one := json.loads(line))["table"] == "state"]
    ended = {one["message_id"]["S"] for one in items if one.get("st") == {"S": "SENT"}}
    stack.sweep()
    rows = [row.item for row in stack.everything.rows() if row.item["type"] == "ATTEMPT_STARTED"]
    sent_since = {row["message_id"] for row in rows if row["at"] > until}
    assert len(ended) > CONTACTS
    assert not ended & sent_since


def test_the_overview_says_what_the_tables_hold_and_a_new_decision_is_counted_once(
    stack: Stack, page: Page
) -> None:
    sign_in(stack, page, "manager")
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    assert is_as_counted(stack, page), (figures(page), as_counted(stack))
    before = len(by_hand(stack).to_be_told)
    hospital = {"agency_id": "north-hospital", "own_ref": "H/2041"}
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    moments = dict.fromkeys(("occurred_at", "received_at", "decided_at"), now)
    changes = {"referral_ref": NEW, "event_id": an_event_id(NEW), "referring_agency": hospital}
    stack.send(
        a_decision(
            **changes,
            **moments,
            primary_outcome="EHF",
            strategy_discussion_at=None,
            police_recommended_next_step=None,
            recommendation_followed=None,
        )
    )
    assert eventually(lambda: len(by_hand(stack).to_be_told) == before + 1)
    assert eventually(lambda: is_as_counted(stack, page)), (figures(page), as_counted(stack))


def test_whose_system_is_down_and_what_waits_for_it(stack: Stack, page: Page) -> None:
    rows = by_hand(stack).rows
    results = [
        (row["result"], row["at"]) for row in rows if row["pk"] == "G#north-police" and "result" in row
    ]
    checked = max(at for result, at in results if result == "CHECKED")
    failing = min(at for result, at in results if result == "FAILING" and at >= checked)
    tries = (row["at"] for row in rows if row["type"] == "ATTEMPT_CLOSED" and row["agency"] == "north-police")
    assert [at for at in tries if checked <= at <= failing] == []
    sign_in(stack, page, "manager")
    page.get_by_role("link", name="Agencies", exact=True).first.click()
    line = page.get_by_role("row", name="North Police")
    expect(line).to_contain_text("Not answering")


def test_a_message_of_the_year_is_shown_as_it_was_sent(stack: Stack, page: Page) -> None:
    """Its data key was wrapped by the stack's own, and its bytes have the hash that the trail announced."""
    sent = [one for one in by_hand(stack).messages if "sent_at" in one and one["pk"] != f"R#{NEW}"]
    newest = {one["chan"]: one for one in sorted(sent, key=lambda one: one["sent_at"])}
    sign_in(stack, page, "manager")
    for message in (newest["email"], newest["webhook"]):
        page.goto(f"{stack.outputs['console_url']}/messages/{message['message_id']}")
        expect(page.get_by_text("Exactly what we sent")).to_be_visible()
        shown = page.locator(".mo-sent").inner_text() + page.content()
        assert "police risk-assessment form" in shown.lower()
        assert not re.search("cannot be read|so we do not show it|not kept any more", shown)


def test_a_referral_of_the_year_is_found_and_told(stack: Stack, page: Page) -> None:
    referrals = by_hand(stack).referrals
    ref = max(referrals, key=lambda ref: len(referrals[ref]))
    sign_in(stack, page, "manager")
    page.goto(f"{stack.outputs['console_url']}/referrals/{ref}")
    expect(page.get_by_text("Everything that happened")).to_be_visible()
    readings = [row.item for row in stack.everything.rows() if row.item["type"] == "READ"]
    assert ref in {row.get("referral") for row in readings}
