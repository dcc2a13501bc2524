"""`mash demo`: it ends by itself with 0, and its report accounts for everything that went in."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from functions.cli.main import cli
from functions.cli.outputs import MASH
from schemas.codes import RaStatus
from tests.whole.conftest import ROOT, mash


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, Any], Path]:
    """What it printed, its report, and the folder of what arrived."""
    folder = tmp_path_factory.mktemp("demo")
    report = folder / "report.json"
    done = mash("demo", "--report", str(report), "--folder", str(folder / "kept"))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout, json.loads(report.read_bytes()), folder / "kept"


def test_everything_that_went_in_is_accounted_for(demo: tuple[str, dict[str, Any], Path]) -> None:
    _, report, _ = demo
    counts = {name: count for name, count in report.items() if name not in {"notifications", "audit_entries"}}
    assert counts == {
        "decisions_in": 39, "told": 28, "held": 1, "refused": 7, "duplicate": 1, "stale": 1,
        "nobody_to_tell": 1, "open": 0, "recorded": 18, "unaccounted": 0, "unknown_messages": 0,
        "broken_links": 0, "canaries_taken": 1,
    }  # fmt: skip


def test_every_message_arrived_with_a_police_check(demo: tuple[str, dict[str, Any], Path]) -> None:
    _, report, _ = demo
    told = report["notifications"]
    assert len(told) == 127
    assert {one["agency"]: one["replaced_by"] for one in told if not one["delivered"]} == {
        "oakfield-school": "a notice to the safeguarding lead",
        "northshire-fire": "a telephone call",
    }
    assert {one["ra_status"] for one in told} == {*RaStatus}
    webhooks = [one for one in told if one["channel"] == "webhook"]
    assert [one["verified"] for one in webhooks] == [True] * 51
    assert all("verified" not in one for one in told if one["channel"] != "webhook")


def test_endpoints_that_fail_were_tried_until_they_took_it(demo: tuple[str, dict[str, Any], Path]) -> None:
    _, report, _ = demo
    assert {one["agency"]: one["attempts"] for one in report["notifications"] if one["attempts"] > 1} == {
        "west-police": 2,
        "northshire-hospital": 5,
    }


def test_an_email_takes_a_failing_webhooks_place_and_the_webhook_arrives_too(
    demo: tuple[str, dict[str, Any], Path],
) -> None:
    said, report, _ = demo
    hospital = [one for one in report["notifications"] if one["agency"] == "northshire-hospital"]
    assert {one["channel"]: one["delivered"] for one in hospital} == {"fallback": True, "webhook": True}
    assert [one["channel"] for one in report["notifications"]].count("fallback") == 1
    assert "an e-mail to its agreed mailbox takes its place" in in_a_line(said)


def test_an_email_that_comes_back_calls_a_person_and_says_that_its_receipt_is_simulated(
    demo: tuple[str, dict[str, Any], Path],
) -> None:
    said, report, _ = demo
    assert [one["agency"] for one in report["notifications"] if one.get("came_back")] == ["northshire-fire"]
    words = in_a_line(said)
    assert "simulated receipt: the emulator's mail service gives none" in words
    assert "call the agency: nothing shows that a message has reached it (northshire-fire)" in words
    assert "find the agency's right address: a message came back (northshire-fire)" in words


def test_a_message_is_confirmed_by_pressing_the_button_and_not_by_opening_it(
    demo: tuple[str, dict[str, Any], Path],
) -> None:
    words = in_a_line(demo[0])
    assert "opened twice: nothing is confirmed; then" in words
    confirmed = r"north-health-visiting read and confirmed the e-mail \(.{32}\): duty worker, on the page\."
    assert len(re.findall(confirmed, words)) == 1


FOLLOWED = (
    "The MASH received this referral",
    "The police form for child 1 is not received: reminder 1 of 3 is due",
    "The MASH acknowledged this referral",
    "Asked what they know",
    "To be told about what the agency knows",
    "is not complete: reminder",
    "Child in need assessment (S17)",
    "north-police disagreed with the decision for child 1",
    "upheld",
    "Section 47 enquiry, joint with police (S47J)",
    "Police form checked for child 1: complete (COMPLETE)",
    "The section 47 enquiry about child 1 ended",
    "The child protection conference about child 1 was held",
    "child protection plan (CP_PLAN)",
    "The police investigation that child 1 is part of",
    "child in need plan (CIN_PLAN)",
)
"""What its trail says of the referral that is followed, in this order."""


def test_one_referral_is_followed_from_its_arrival_to_its_plan(
    demo: tuple[str, dict[str, Any], Path],
) -> None:
    trail = in_a_line(demo[0].split("The trail of NS-26-2HW7LC")[1].split("The worklist")[0])
    found = [trail.find(words) for words in FOLLOWED]
    assert -1 not in found, FOLLOWED[found.index(-1)]
    assert found == sorted(found)


def test_it_ends_with_what_waits_for_whom_and_with_the_months_figures(
    demo: tuple[str, dict[str, Any], Path],
) -> None:
    worklist, figures = demo[0].split("The worklist")[1].split("The figures of this month")
    assert worklist.count(" --reason REASON") == worklist.count("REASON is ") > 5
    assert "See that the police form comes" in in_a_line(worklist)
    shown = {line.split()[0] for line in figures.splitlines() if re.match(r"K\d", line)}
    assert shown == {"K1a", "K1b", *(f"K{number}" for number in range(2, 18))}


def in_a_line(said: str) -> str:
    return " ".join(said.split())


def test_the_first_line_says_what_is_shortened_and_the_last_accounts(
    demo: tuple[str, dict[str, Any], Path],
) -> None:
    said, _, _ = demo
    lines = said.splitlines()
    assert "retry steps are shortened" in lines[0]
    first = in_a_line(said)[:300]
    assert "an e-mail takes a failing webhook's place after 20 seconds instead of 30 minutes" in first
    assert "calls the deployed sweep every 2 seconds." in first
    assert lines[-1] == (
        "39 events to account for: 28 told, 1 held for a person, 7 refused, 1 duplicate, 1 out of date, "
        "1 with nobody to tell, 0 still open. Unaccounted for: 0."
    )
    assert not [line for line in lines if line != line.rstrip()]
    whole = ("file://", "   mash ")  # what somebody copies is on one line
    assert max(len(line) for line in lines[:-1] if not any(words in line for words in whole)) <= 100


def test_it_says_at_the_end_how_to_see_the_console(demo: tuple[str, dict[str, Any], Path]) -> None:
    ending = demo[0].split("The whole run on one page")[1]
    assert "To see the managers' console over a whole year: `make up HISTORY=yes`." in ending
    assert f"`{MASH} send FILE`" in ending
    assert "--history" in {name for param in cli.commands["up"].params for name in param.opts}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "@exec mash up --outputs $(OUTPUTS) $(if $(HISTORY),--history)\n" in makefile


def test_the_emails_are_files_that_a_browser_opens(demo: tuple[str, dict[str, Any], Path]) -> None:
    said, _, folder = demo
    pages = sorted((folder / "emails").glob("*.html"))
    assert len(pages) == 75
    shows = re.findall(r"([^/]+?)\s+(file://\S+/emails/\S+)", said.split("to open in a browser", 1)[1])
    assert {link for _, link in shows} == {page.as_uri() for page in pages}
    assert all("; police form " in " ".join(words.split()) for words, _ in shows)
    assert all("police risk-assessment form" in page.read_text(encoding="utf-8").lower() for page in pages)


def test_the_report_is_one_page_that_links_to_what_arrived(demo: tuple[str, dict[str, Any], Path]) -> None:
    """Told, not told, held, forms outstanding, refused, one trail: each with the numbers of the account."""
    said, report, folder = demo
    page = folder / "report.html"
    assert page.as_uri() in said
    html = page.read_text(encoding="utf-8")
    headings = re.findall(r"<h2>(.*?)</h2>", html)
    assert headings == [
        "Told", "Not told by message, and why", "Held, and released", "Police forms outstanding", "Refused",
        "The trail of NS-26-2HW7LC",
    ]  # fmt: skip
    delivered = sum(one["delivered"] for one in report["notifications"])
    assert re.findall(r"<li[^>]*><b>(.*?)</b>", html)[0::3] == [str(delivered), str(report["refused"])]
    links = re.findall(r'<a href="(.*?)">', html)
    assert {folder / link for link in links} == set((folder / "emails").glob("*.html"))
    assert "http://" not in html
    assert "https://" not in html
