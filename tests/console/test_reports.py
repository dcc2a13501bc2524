"""Reports: what the shared data set holds of some months, nothing small, nothing guessed, and taken away only
for a purpose that is on record."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import astuple
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO

import pytest
from openpyxl import load_workbook

from functions.adapters.ledger.counters import Counted, Counters
from functions.console.asking.periods import MOST_MONTHS, asked, choices, last_year
from functions.console.reports.spreadsheet import XLSX, as_xlsx
from functions.console.reports.tables import Rows, told_once
from functions.console.reports.worded import HEADS, worded
from functions.console.shown.parts import Column, Table
from functions.domain.measures.catalogue import LIVE_FIGURES
from functions.domain.measures.counts import ALL, Cell, Counts
from functions.domain.measures.published import COLUMNS, CONFIDENTIAL, MARKERS, Published, published
from functions.story.figures import TOLD_IN_TIME_WORDS
from schemas.codes import AuditKind, EventType, ExportPurpose
from tests.console.council import AUDITOR, MANAGER, POLICE, VIEWER
from tests.console.office import Browser, Office, Reply
from tests.notices import a_hub_contact
from tests.world import World, a_world

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
OUT, IN = "hours=out", "hours=in"


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as one:
        yield one


@pytest.fixture
def office(world: World) -> Office:
    return Office.of(world)


def count(world: World, day: str, counts: dict[tuple[str, str], int], *heard: str) -> None:
    """What the live counters would have of a day."""
    cells = {Cell(day, name, part): number for (name, part), number in counts.items()}
    now = Counted(seq=1, counts=Counts(cells, frozenset(heard)))
    Counters(world.store).move(f"NS-26-{day}", Counted(), now)


def october(world: World, *heard: str) -> None:
    """63 decided of whom 58 were told, and of whom too few came out of hours."""
    told = {("K1a.outcome_told", ALL): 58, ("K1a.outcome_told", IN): 55, ("K1a.outcome_told", OUT): 3}
    by_notice = {("K1b.told_by_notice_only", ALL): 5, ("K1b.told_by_notice_only", IN): 5}
    decided = {
        ("professional_decided", ALL): 63,
        ("professional_decided", IN): 60,
        ("professional_decided", OUT): 3,
        ("decided", ALL): 63,
    }
    count(world, "2026-10-08", {**told, **by_notice, **decided}, *heard)


def cells(page: Reply, name: str) -> list[str]:
    """What stands in the line of that name, in every table that has one."""
    found = re.findall(r"<th[^>]*>([^<]*)</th>((?:<td[^>]*>.*?</td>)*)", page.body, re.DOTALL)
    return [
        re.sub(r"\s+", " ", re.sub("<[^>]+>", "", one)).strip()
        for heading, line in found
        if heading.strip() == name
        for one in re.findall(r"<td[^>]*>(.*?)</td>", line, re.DOTALL)
    ]


def take(browser: Browser, purpose: str, page: str = "/reports?period=2026-10", **changed: str) -> Reply:
    answers = {**browser.get(page).fields(), "purpose": purpose, "format": "csv", **changed}
    return browser.post("/reports", answers)


# --- the page


def test_the_outcome_stands_beside_the_notice_and_the_two_are_never_one(office: Office, world: World) -> None:
    october(world)
    page = office.signed_in().get("/reports?period=2026-10")
    assert cells(page, "In all")[:2] == ["92.1% (58 of 63)", "7.9% (5 of 63)"]
    assert "Told the outcome 92.1%" in page.text()
    assert "Told by a notice only 7.9%" in page.text()


def test_what_is_small_is_hidden_and_so_is_what_would_tell_it(office: Office, world: World) -> None:
    october(world)
    page = office.signed_in().get("/reports?period=2026-10")
    assert "Counts under 5 are hidden" in page.text()
    assert cells(page, "Received out of hours")[:1] == ["Hidden"]
    assert cells(page, "Received in office hours")[:1] == ["Hidden"]
    assert not re.search(r"\b(55|60)\b", page.text())


def test_what_a_board_asks_first_leads_and_the_rest_is_folded_and_listed(
    office: Office, world: World
) -> None:
    october(world)
    page = office.signed_in().get("/reports?period=2026-10")
    assert cells(page, "Was told the outcome, in time or later") == ["92.1% (58 of 63)"]
    assert page.body.index("What a board asks first") < page.body.index("<details")
    listed = re.findall(r'href="#(section-\d+)">([^<]*)<', page.body)
    assert [heading for _, heading in listed][:3] == ["Told", "Told, by agency", "How long it took"]
    assert [one for one, _ in listed] == re.findall(r'id="(section-\d+)"', page.body)
    assert page.text().count("Counts under 5 are hidden") == 1
    assert "<details open" not in page.body


def told_and_in_time(world: World, month: str, told: int, in_time: int) -> None:
    """A month of 60 referrals in office hours, each decided."""
    numbers = {
        "K1a.outcome_told": told,
        "K2.told_in_1_working_day": in_time,
        **dict.fromkeys(("professional_received", "professional_decided", "received", "decided"), 60),
    }
    count(world, f"{month}-08", {(name, part): n for name, n in numbers.items() for part in (ALL, IN)})


def test_the_panel_is_of_one_month_the_newest_that_is_over(office: Office, world: World) -> None:
    told_and_in_time(world, "2026-09", 54, 48)
    told_and_in_time(world, "2026-10", 54, 50)
    told_and_in_time(world, "2026-11", 30, 20)
    text = office.signed_in().get("/reports?since=2026-09&until=2026-11").text()
    above = text.partition("What a board asks first")[0]
    assert "Told within 1 working day of the referral arriving 83.3% October 2026: 50 of 60" in above
    assert "Told the outcome 90.0% October 2026: 54 of 60" in above
    assert "November 2026: " not in above
    assert "September 2026: " not in above


def test_the_panel_keeps_to_its_month_though_that_hides_a_figure(office: Office, world: World) -> None:
    told_and_in_time(world, "2026-09", 54, 48)
    told_and_in_time(world, "2026-10", 58, 57)
    above = office.signed_in().get("/reports?since=2026-09&until=2026-10").text()
    assert "Told within 1 working day of the referral arriving Hidden October 2026" in above


def test_the_month_that_goes_on_is_the_panels_only_where_it_is_alone() -> None:
    assert Rows(["2026-09", "2026-10"], []).newest_complete("2026-10") == "2026-09"
    assert Rows(["2026-10"], []).newest_complete("2026-10") == "2026-10"


def test_each_figure_of_telling_names_the_moment_that_it_runs_from(office: Office, world: World) -> None:
    told_and_in_time(world, "2026-10", 54, 50)
    page = office.signed_in().get("/reports?period=2026-10")
    assert cells(page, TOLD_IN_TIME_WORDS) == ["83.3% (50 of 60)"] * 2
    assert "Half were told within this time of the decision" in page.text()
    for path in ("/reports", "/", "/help"):
        text = office.signed_in().get(path).text()
        assert TOLD_IN_TIME_WORDS in text, path
        assert "Feedback within" not in text


def test_parts_that_show_no_number_in_any_month_are_named_together() -> None:
    columns = (Column(heading="Figure"), Column(heading="September"), Column(heading="October"))
    shown = ("Red", "Hidden", "50.0% (6 of 12)")
    rows = (shown, ("Amber", "Hidden", "Nobody to count"), ("Green", "Nobody to count", "Nobody to count"))
    table = told_once(Table(caption="By colour", columns=columns, rows=rows))
    assert table.rows == (shown,)
    assert table.note == "No figure to show, hidden or nobody to count: Amber. Nobody to count: Green."


def test_each_agency_has_its_messages_and_what_is_few_of_them_is_hidden(office: Office, world: World) -> None:
    sent = {("to_agency", "north-police"): 40, ("reached_agency", "north-police"): 34}
    sent |= {("to_agency", "gone"): 40, ("reached_agency", "gone"): 38}
    count(world, "2026-10-08", sent)
    page = office.signed_in().get("/reports?period=2026-10")
    assert cells(page, "North Police") == ["85.0% (34 of 40)"]
    assert "38" not in page.text(), "the two that did not arrive"
    assert "No figure to show, hidden or nobody to count: gone" in page.text()


def test_a_page_says_what_the_command_line_says_of_the_same_counters(office: Office, world: World) -> None:
    october(world)
    live = Counters(world.store).live(["2026-10-08"]).by_month()
    page = office.signed_in().get("/reports?period=2026-10").text()
    for row in published(live, ["2026-10"], a_hub_contact().hub_name, LIVE_FIGURES):
        if row.numerator.isdigit() and row.denominator.isdigit() and row.denominator != "0":
            assert f"{row.value}% ({row.numerator} of {row.denominator})" in page


def test_what_nobody_ever_told_is_not_available_and_what_was_told_is(office: Office, world: World) -> None:
    october(world)
    page = office.signed_in().get("/reports?period=2026-10")
    assert cells(page, "Decisions challenged") == ["Not available"]
    assert "no CHALLENGE_RAISED event has come" in page.text()
    count(world, "2026-10-09", {("decided", ALL): 5}, EventType.CHALLENGE_RAISED)
    page = office.signed_in().get("/reports?period=2026-10")
    assert cells(page, "Decisions challenged") == ["0.0% (0 of 68)"]


def test_months_stand_beside_each_other_and_are_never_added_up(office: Office, world: World) -> None:
    october(world)
    count(world, "2026-11-03", {("professional_decided", ALL): 10, ("K1a.outcome_told", ALL): 10})
    page = office.signed_in().get("/reports?since=2026-10&until=2026-11")
    assert cells(page, "In all")[:4:2] == ["92.1% (58 of 63)", "100.0% (10 of 10)"]
    assert "73" not in page.text()
    assert "October to November 2026" in page.text()
    assert "November 2026 is not over" in page.text()


def test_a_long_period_shows_its_last_three_months_and_says_so(office: Office) -> None:
    page = office.signed_in().get("/reports?since=2026-01&until=2026-09").text()
    assert "This page shows the last 3 months" in page
    assert "June 2026 None" not in page


def test_what_needs_the_whole_record_is_named_and_not_shown_as_nought(office: Office) -> None:
    page = office.signed_in().get("/reports").text()
    assert "K12 Referred again in 12 months" in page
    assert "The people who run the system count and export them: ask the service desk" in page
    assert "mash figures" not in page, "a manager has no command line"


def test_whoever_looks_is_on_record_with_the_period(office: Office, world: World) -> None:
    office.signed_in().get("/reports?period=2026-Q3")
    row = world.all_items("audit")[-1]
    assert (row["type"], row["asked"]) == (AuditKind.QUERY, "REPORT")
    assert row["filters"] == {"since": "2026-07", "until": "2026-09"}


# --- periods


@pytest.mark.parametrize(
    ("chosen", "since", "until", "months"),
    [
        ("2026-11", "", "", ["2026-11"]),
        ("2026-Q4", "", "", ["2026-10", "2026-11"]),
        ("2026-Q3", "", "", ["2026-07", "2026-08", "2026-09"]),
        ("", "", "", ["2026-07", "2026-08", "2026-09"]),
        ("2026-12", "", "", ["2026-07", "2026-08", "2026-09"]),
        ("2025-11", "", "", ["2026-07", "2026-08", "2026-09"]),
        ("2026-Q3", "2026-10", "2026-11", ["2026-10", "2026-11"]),
        ("2026-11", "2026-11", "2026-10", ["2026-11"]),
        ("<script>", "x", "2026-10", ["2026-07", "2026-08", "2026-09"]),
    ],
)
def test_a_period_is_what_was_asked_for_as_far_as_there_is_one(
    chosen: str, since: str, until: str, months: list[str]
) -> None:
    period = asked(chosen, since, until, NOW)
    assert list(period.months) == months
    assert len(last_year(period)) == MOST_MONTHS


def test_quarters_come_before_months_and_only_whole_ones_begin() -> None:
    offered = list(choices(datetime(2026, 11, 1, tzinfo=UTC)))
    assert offered[:5] == ["2026-Q4", "2026-Q3", "2026-Q2", "2026-Q1", "2026-11"]
    assert offered[-1] == "2025-12"


# --- the file


def test_a_file_holds_the_data_set_and_is_on_record_before_it_is_handed_out(
    office: Office, world: World
) -> None:
    october(world)
    reply = take(office.signed_in(AUDITOR), ExportPurpose.PARTNERSHIP_BOARD)
    assert reply.status == 200
    assert reply.headers["Content-Disposition"] == 'attachment; filename="figures-2026-10-to-2026-10.csv"'
    head, *rows = list(csv.reader(io.StringIO(reply.body.removeprefix("\ufeff"), newline="")))
    assert head == list(HEADS)
    told = next(row for row in rows if row[2:4] == ["K1a", "outcome_told"] and row[5] == "hours=out")
    assert told[4:7] == ["Outcome told", "hours=out", "Received out of hours"]
    live = Counters(world.store).live(["2026-10-08"]).by_month()
    assert len(rows) == len(published(live, ["2026-10"], "hub", LIVE_FIGURES))
    (row,) = [row for row in world.all_items("audit") if row["type"] == AuditKind.EXPORT]
    assert (row["actor"], row["purpose"]) == ("staff:a-0002", ExportPurpose.PARTNERSHIP_BOARD)
    assert (row["since"], row["until"], row["rows"]) == ("2026-10", "2026-10", len(rows))
    assert row["sha256"] == sha256(reply.body.encode()).hexdigest()


def test_a_spreadsheet_holds_the_rows_of_the_csv_file_with_numbers_for_numbers(
    office: Office, world: World
) -> None:
    october(world)
    auditor = office.signed_in(AUDITOR)
    as_text = take(auditor, ExportPurpose.INSPECTION).body.removeprefix("\ufeff")
    reply = take(auditor, ExportPurpose.INSPECTION, format="xlsx")
    assert reply.status == 200
    assert reply.headers["Content-Type"] == XLSX
    assert reply.headers["Content-Disposition"] == 'attachment; filename="figures-2026-10-to-2026-10.xlsx"'
    figures, notes = load_workbook(BytesIO(reply.content)).worksheets
    sheet = list(figures.iter_rows(values_only=True))
    lines = list(csv.reader(io.StringIO(as_text, newline="")))
    assert [list(map(says, row, line)) for row, line in zip(sheet, lines, strict=True)] == lines
    told = next(row for row in sheet if row[2:6] == ("K1a", "outcome_told", "Outcome told", "all"))
    assert told[6:10] == ("In all", 92.1, 58, 63)
    assert CONFIDENTIAL in {row[7] for row in sheet}
    said = {str(name): text for name, text in notes.iter_rows(values_only=True)}
    assert said["What this is"] == f"The figures of {a_hub_contact().hub_name}, October 2026"
    assert {*HEADS, *MARKERS} < set(said)


def test_each_row_has_words_beside_its_codes_and_its_codes_as_the_shared_data_set_has_them() -> None:
    for row in published(Counts(), ["2026-10"], "hub", LIVE_FIGURES):
        cells = dict(zip(HEADS, worded(row), strict=True))
        assert [cells[name] for name in COLUMNS] == list(astuple(row))
        assert "=" not in cells["part_in_words"]
        assert cells["what_it_measures"] != row.name


def says(cell: object, in_csv: str) -> str:
    """A workbook's cell as a CSV file spells it, a number with as many places."""
    return f"{cell:.{len(in_csv.partition('.')[2])}f}" if isinstance(cell, int | float) else str(cell or "")


def test_a_spreadsheet_is_on_record_with_its_fingerprint_before_it_is_handed_out(
    office: Office, world: World
) -> None:
    october(world)
    reply = take(office.signed_in(MANAGER), ExportPurpose.PARTNERSHIP_BOARD, format="xlsx")
    (row,) = [row for row in world.all_items("audit") if row["type"] == AuditKind.EXPORT]
    assert (row["actor"], row["sha256"]) == ("staff:p-0417", sha256(reply.content).hexdigest())


@pytest.mark.parametrize("hostile", ["=1+1", "+1", "-1", "@SUM(A1)", "http://a.example", "\t=1", "007"])
def test_no_cell_of_a_spreadsheet_is_ever_run_or_read_as_anything_but_its_words(hostile: str) -> None:
    row = Published("2026-10", hostile, "K1a", "outcome_told", hostile, "92.1", "58", "63", "no", hostile)
    book = load_workbook(BytesIO(as_xlsx([row], {hostile: hostile}, NOW)))
    figures, notes = book.worksheets
    for cell in (figures["B2"], figures["F2"], figures["L2"], notes["A1"], notes["B1"]):
        assert (cell.value, cell.data_type, cell.hyperlink) == (hostile, "s", None)


def test_a_file_names_no_referral_and_hides_what_is_small(office: Office, world: World) -> None:
    october(world)
    reply = take(office.signed_in(MANAGER), ExportPurpose.INSPECTION)
    assert "NS-26" not in reply.body
    assert '"55"' not in reply.body


@pytest.mark.parametrize("purpose", ["", "because", "COMMAND_LINE"])
def test_without_a_purpose_nothing_is_taken_away(office: Office, world: World, purpose: str) -> None:
    reply = take(office.signed_in(MANAGER), purpose)
    assert reply.status == 400
    assert "Say what it is for" in reply.text()
    assert AuditKind.EXPORT not in {row["type"] for row in world.all_items("audit")}


def test_a_viewer_takes_nothing_away_and_the_police_desk_does_not_even_look(
    office: Office, world: World
) -> None:
    viewer = office.signed_in(VIEWER)
    assert "Only a MASH manager or an auditor" in viewer.get("/reports").text()
    assert take(viewer, ExportPurpose.INSPECTION).status == 403
    assert office.signed_in(POLICE).get("/reports").status == 403
    assert AuditKind.EXPORT not in {row["type"] for row in world.all_items("audit")}


def test_a_form_that_is_not_ours_takes_nothing_away(office: Office, world: World) -> None:
    assert take(office.signed_in(), ExportPurpose.INSPECTION, csrf="another's").status == 403
    assert AuditKind.EXPORT not in {row["type"] for row in world.all_items("audit")}
