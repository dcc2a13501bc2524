"""`mash demo`: it ends by itself with 0, and its report accounts for everything that went in."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from schemas.codes import RaStatus
from tests.whole.conftest import mash


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
        "decisions_in": 35, "told": 24, "held": 1, "refused": 7, "duplicate": 1, "stale": 1,
        "nobody_to_tell": 1, "open": 0, "recorded": 6, "unaccounted": 0, "unknown_messages": 0,
        "broken_links": 0,
    }  # fmt: skip


def test_every_message_arrived_with_a_police_check(demo: tuple[str, dict[str, Any], Path]) -> None:
    _, report, _ = demo
    told = report["notifications"]
    assert len(told) == 54
    (replaced,) = (one for one in told if not one["delivered"])
    assert (replaced["agency"], replaced["replaced_by"]) == (
        "oakfield-school", "a notice to the safeguarding lead",
    )  # fmt: skip
    assert {one["ra_status"] for one in told} == {*RaStatus}
    webhooks = [one for one in told if one["channel"] == "webhook"]
    assert [one["verified"] for one in webhooks] == [True] * 14
    assert all("verified" not in one for one in told if one["channel"] == "email")


def test_the_endpoint_that_fails_once_was_tried_twice(demo: tuple[str, dict[str, Any], Path]) -> None:
    _, report, _ = demo
    assert {one["agency"]: one["attempts"] for one in report["notifications"] if one["attempts"] > 1} == {
        "west-police": 2
    }


def test_the_first_line_says_what_is_shortened_and_the_last_accounts(
    demo: tuple[str, dict[str, Any], Path],
) -> None:
    said, _, _ = demo
    lines = said.splitlines()
    assert "retry steps are shortened" in lines[0]
    assert lines[-1] == (
        "35 events to account for: 24 told, 1 held for a person, 7 refused, 1 duplicate, 1 out of date, "
        "1 with nobody to tell, 0 still open. Unaccounted for: 0."
    )
    assert not [line for line in lines if line != line.rstrip()]
    assert max(map(len, (line for line in lines[:-1] if "file://" not in line))) <= 100


def test_the_emails_are_files_that_a_browser_opens(demo: tuple[str, dict[str, Any], Path]) -> None:
    said, _, folder = demo
    pages = sorted((folder / "emails").glob("*.html"))
    assert len(pages) == 39
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
        "The trail of NS-26-3HC6ZA",
    ]  # fmt: skip
    delivered = sum(one["delivered"] for one in report["notifications"])
    assert re.findall(r"<li[^>]*><b>(.*?)</b>", html)[0::3] == [str(delivered), str(report["refused"])]
    links = re.findall(r'<a href="(.*?)">', html)
    assert {folder / link for link in links} == set((folder / "emails").glob("*.html"))
    assert "http://" not in html
    assert "https://" not in html
