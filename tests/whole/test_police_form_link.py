"""The police form's page through the deployed API: the link of a real reminder, and what is said by it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from functions.adapters.ledger.store import Item
from functions.cli.sinks import read_receipts
from functions.domain.form_statement import MOST_BY_ONE_LINK
from tests.whole.conftest import Stack, an_event, eventually
from tests.whole.test_read_and_confirmed import Answer, ask

REF = "NS-26-WHOLE12"


def reminders(stack: Stack) -> list[Item]:
    """What the force's system was sent of the form of this referral."""
    received = (one.body.read_bytes() for one in read_receipts(Path(stack.outputs["webhooks_folder"])))
    data = [json.loads(body)["data"] for body in received if REF.encode() in body]
    return [one for one in data if one.get("message_type") == "RA_REMINDER"]


def statements(stack: Stack) -> list[Item]:
    rows = [row.item for row in stack.rows(REF) if row.item["type"] == "LIFECYCLE"]
    return [row for row in rows if row["event_type"] == "RA_STATUS_CHANGED"]


def say(stack: Stack, link: str, minute: int) -> Answer:
    """What the button's form posts: that the form was done yesterday, at that minute."""
    day = datetime.now(UTC) - timedelta(days=1)
    done = {"day": day.day, "month": day.month, "year": day.year, "time": f"08:{minute:02d}"}
    form = {"content_type": "application/x-www-form-urlencoded"}
    return ask(stack, "POST", link, urlencode({"statement": "DONE", **done}).encode(), **form)


def test_the_police_say_by_the_link_of_a_reminder_how_their_form_stands(stack: Stack) -> None:
    stack.send(
        an_event("decision.neglect-joint", referral_ref=REF, event_id="11111111-0000-4000-8000-000000000012")
    )
    assert eventually(lambda: bool(stack.sweep()) and bool(reminders(stack))), stack.kinds(REF)
    (reminder,) = reminders(stack)
    link = reminder["police_form_url"]
    assert link.startswith(f"{stack.outputs['confirm_base']}/police-form/")

    # A scanner and a browser open it: nothing is said.
    assert ask(stack, "HEAD", link).body == ""
    shown = ask(stack, "GET", link)
    assert (shown.status, shown.heading) == (200, "Tell us how the form stands")
    assert REF in shown.body
    assert shown.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert statements(stack) == []

    # The button: with nothing chosen, twice the same, and until the link takes no more.
    assert ask(stack, "POST", link, b"").status == 400
    answers = [say(stack, link, minute) for minute in (0, *range(MOST_BY_ONE_LINK))]
    assert [(one.status, one.heading) for one in answers] == [(200, "Thank you")] * (MOST_BY_ONE_LINK + 1)
    assert (refused := say(stack, link, 59)).status == 429
    assert refused.heading == ask(stack, "GET", link).heading == "This link takes no more answers"
    assert eventually(lambda: len(statements(stack)) == MOST_BY_ONE_LINK), stack.kinds(REF)

    # Each by the bus, checked, and none of them the form's status.
    recorded = statements(stack)
    assert {(row["actor"], row["statement"], row["reminded"]) for row in recorded} == {
        ("police.status-page", "DONE", "north-police")
    }
    causes = {row["cause"] for row in recorded}
    rows = [row.item for row in stack.rows(REF)]
    assert len([row for row in rows if row["type"] == "RA_CHECK" and row["cause"] in causes]) == len(causes)
    assert "EVENT_DUPLICATE" not in stack.kinds(REF)
    child = stack.store.get(stack.store.state, f"R#{REF}", "CHILD#01") or {}
    assert child["ra"] not in {"COMPLETE", "NOT_REQUIRED"}
    refusals = [row.item for row in stack.everything.rows() if row.item.get("input") == "STATEMENT"]
    assert [(row["reason"], row["times"]) for row in refusals] == [("TOO_MANY_STATEMENTS", 1)]

    # Its form has come: the link says that nothing more is needed, and of which referral it was no more.
    stack.send(
        an_event(
            "form.neglect-complete",
            **dict.fromkeys(("referral_ref", "mash_referral_ref"), REF),
            event_id="11111111-0000-4000-8000-000000000013",
            form_id="RA-2026-118212",
        )
    )
    assert eventually(lambda: ask(stack, "GET", link).heading == "Nothing more is needed"), stack.kinds(REF)
    assert REF not in ask(stack, "GET", link).body
