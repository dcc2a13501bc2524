"""`mash demo`: it ends by itself with 0, and its report accounts for everything that went in."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

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
        "decisions_in": 19, "told": 8, "held": 1, "refused": 7, "duplicate": 1, "stale": 1,
        "nobody_to_tell": 1, "open": 0, "recorded": 5, "unaccounted": 0, "unknown_messages": 0,
        "broken_links": 0,
    }  # fmt: skip


def test_every_message_arrived_with_a_police_check(demo: tuple[str, dict[str, Any], Path]) -> None:
    _, report, _ = demo
    told = report["notifications"]
    assert len(told) == 18
    assert all(one["delivered"] or one.get("replaced_by") for one in told)
    assert {one["ra_status"] for one in told} == {"COMPLETE", "INCORRECT", "ABSENT", "UNKNOWN"}
    webhooks = [one for one in told if one["channel"] == "webhook"]
    assert [one["verified"] for one in webhooks] == [True] * 5
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
        "19 events to account for: 8 told, 1 held for a person, 7 refused, 1 duplicate, 1 out of date, "
        "1 with nobody to tell, 0 still open. Unaccounted for: 0."
    )
    assert not [line for line in lines if line != line.rstrip()]
    assert max(map(len, (line for line in lines[:-1] if "file://" not in line))) <= 100


def test_the_emails_are_files_that_a_browser_opens(demo: tuple[str, dict[str, Any], Path]) -> None:
    said, _, folder = demo
    pages = sorted((folder / "emails").glob("*.html"))
    assert len(pages) == 13
    lines = said.splitlines()
    shows = {line.strip(): before.strip() for before, line in pairwise(lines) if "file://" in line}
    assert set(shows) == {page.as_uri() for page in pages}
    assert all("; police form " in words for words in shows.values())
    assert all("police risk-assessment form" in page.read_text(encoding="utf-8").lower() for page in pages)
