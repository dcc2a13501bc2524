"""The data set as handed out: figures that anybody can count by hand, hidden where small, never nought where
nothing is known."""

import csv
import io
import json
from dataclasses import astuple, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from functions.domain.measures import dictionary
from functions.domain.measures.across import addresses, followed
from functions.domain.measures.catalogue import DIMENSIONS, FIGURES
from functions.domain.measures.counting import counts_of
from functions.domain.measures.counts import NOTHING, Counts
from functions.domain.measures.facts import Case, Facts
from functions.domain.measures.lines import Name
from functions.domain.measures.published import (
    COLUMNS,
    CONFIDENTIAL,
    LONGER,
    NOBODY,
    NOT_AVAILABLE,
    Published,
    as_csv,
    harmless,
    percent,
    published,
)
from functions.domain.measures.related import related
from functions.domain.measures.sheet import Sheet, sheet_of
from functions.domain.measures.spans import BOUNDS
from functions.domain.measures.suppression import Relation, is_small
from schemas.codes import AuditKind, EventType, RaStatus
from tests.unit.stories import HEALTH, LATER, POLICE, SCHOOL, TUESDAY, Story, hours
from tests.unit.test_measures_suppression import follows

NOVEMBER, HUB = "2026-11", "Northshire MASH"
UPDATE = "UPOLICE_CASE"


def counted(stories: list[Story]) -> Counts:
    """What the deployed command counts of these referrals."""
    facts = [story.facts() for story in stories]
    cases: list[Case] = [case for one in facts for case in one.cases]
    total = sum((counts_of(one) for one in facts), NOTHING)
    stale = addresses([None] * 6 + [TUESDAY.date()] * 14, NOVEMBER, TUESDAY)
    return total + counts_of(Facts(followed=followed(cases, LATER), addresses=stale))


def rows_of(stories: list[Story], month: str = NOVEMBER) -> dict[tuple[str, str, str], Published]:
    rows = published(counted(stories), [month], HUB)
    found = {(row.k, row.name, row.dimension): row for row in rows}
    assert len(found) == len(rows)
    return found


def shown(
    rows: dict[tuple[str, str, str], Published], k: str, name: str, dimension: str = "all"
) -> tuple[str, str, str]:
    row = rows[k, name, dimension]
    return row.value, row.numerator, row.denominator


# --- counted again by hand


def a_month() -> list[Story]:
    """100 contacts. What each number from 1 to 100 does to its story:

    all      the police referred it, red, acknowledged after an hour, its form complete and recommending
    1 to 40  decided after 2 hours, S17, jointly; told an hour later
    41 to 60 decided after 2 hours, NFA; told by notice only
    61 to 75 decided after 30 hours, NFA; told after 40
    76 to 90 not decided
    91 to 100 received on Saturday, decided on Monday, S17; told at once
    """
    return [_story(number) for number in range(1, 101)]


SATURDAY = datetime(2026, 11, 21, 12, tzinfo=UTC)
MONDAY = SATURDAY + timedelta(hours=46)


def _story(number: int) -> Story:
    came = SATURDAY if number > 90 else TUESDAY
    story = Story(f"NS-26-{number:06d}").received(came, rag="RED", pseudonyms={"1": f"{number:032x}"})
    story.checked("COMPLETE").event(EventType.ACKNOWLEDGED, acknowledged_at=came + timedelta(hours=1))
    said: dict[str, Any] = {
        "received_at": came,
        "risk_assessment_mode": "JOINT" if number <= 40 else "SOCIAL_CARE_ONLY",
        "recommendation_given": True,
        "recommendation_followed": number <= 50,
    }
    if number <= 40:
        return story.decided(hours(2), "S17", **said).tried(hours(3))
    if number <= 60:
        story.decided(hours(2), "NFA", **said, recipients=[f"{POLICE}#email#1"])
        story.tried(hours(3), channel="email", level=1, notice_reason="MAILBOX_NOT_MANAGED")
        return story.about(AuditKind.ACK, hours(4), chan="email", result="CONFIRMED")
    if number <= 75:
        return story.decided(hours(30), "NFA", **said).tried(hours(40))
    return story if number <= 90 else story.decided(MONDAY, "S17", **said).tried(MONDAY)


AN_HOUR = str(min(bound for bound in BOUNDS if bound >= 3600))
BY_HAND = {
    ("K1a", "outcome_told", "all"): ("76.5", "65", "85"),  # 40 + 15 + 10 of 40 + 20 + 15 + 10
    ("K1a", "outcome_told", "hours=in"): ("73.3", "55", "75"),
    ("K1a", "outcome_told", "hours=out"): ("100.0", "10", "10"),
    ("K1b", "told_by_notice_only", "all"): ("23.5", "20", "85"),
    ("K2", "told_in_1_working_day", "all"): ("50.0", "50", "100"),  # 40, and 10 whose day ends on Tuesday
    ("K2", "decided_to_told", "percentile=p50"): (AN_HOUR, "", "65"),
    ("K3", "acknowledged_in_1_working_day", "all"): ("100.0", "100", "100"),
    ("K4", "decided_in_24_hours", "all"): ("60.0", "60", "100"),
    ("K5", "decided_in_1_working_day", "all"): ("70.0", "70", "100"),
    ("K6", "decided_in_colour_target", "rag=RED"): ("70.6", "60", "85"),
    ("K6", "decided_in_colour_target", "rag=GREEN"): (NOBODY, "0", "0"),
    ("K7", "out_of_hours", "all"): ("10.0", "10", "100"),
    ("K8", "ra_status", "ra_status=COMPLETE"): ("100.0", "100", "100"),
    ("K8", "ra_status", "ra_status=ABSENT"): ("0.0", "0", "100"),
    ("K9", "next_step_given", "all"): ("100.0", "100", "100"),
    ("K9", "next_step_followed", "all"): ("58.8", "50", "85"),
    ("K10", "joint", "all"): ("47.1", "40", "85"),
    ("K11", "became_referral", "all"): ("0.0", "0", "100"),
    ("K11", "no_further_action", "all"): ("41.2", "35", "85"),
    ("K11", "no_further_action", "source_code=6"): ("41.2", "35", "85"),
    ("K14", "undelivered_or_unread", "all"): ("0.0", "0", "85"),
    ("K14", "stale_addresses", "all"): ("30.0", "6", "20"),
    ("K15", "held", "all"): ("0.0", "0", "85"),
    ("K16", "unborn_care_told", "all"): (NOBODY, "0", "0"),
}


@pytest.mark.parametrize("figure", BY_HAND, ids=" ".join)
def test_a_figure_is_what_anybody_counts_by_hand(figure: tuple[str, str, str]) -> None:
    assert shown(rows_of(a_month()), *figure) == BY_HAND[figure]


def test_percentages_come_at_the_very_end_and_a_half_is_rounded_up() -> None:
    assert percent(59, 100) == "59.0"
    assert percent(1, 3) == "33.3"
    assert percent(2, 3) == "66.7"
    assert percent(1, 2000) == "0.1"
    assert percent(0, 7) == "0.0"
    assert percent(7, 7) == "100.0"
    assert percent(0, 0) == NOBODY


def test_each_row_names_its_month_and_its_hub() -> None:
    rows = published(counted(a_month()), ["2026-10", NOVEMBER], HUB)
    assert {(row.month, row.hub) for row in rows} == {("2026-10", HUB), (NOVEMBER, HUB)}


def test_the_figures_stand_in_the_order_of_the_list() -> None:
    numbers = [int(one.k.rstrip("ab").removeprefix("K")) for one in FIGURES]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, 18))
    assert {one.k for one in FIGURES} >= {"K1a", "K1b"}


# --- what is not known


def test_what_no_event_has_told_is_not_available_and_says_why() -> None:
    rows = rows_of([Story(f"NS-26-{number:06d}").decided(hours(1)).tried(hours(2)) for number in range(9)])
    for k, name, reason in (
        ("K1a", "outcome_told", "no event said who referred (`source_code`, `referring_agency`)"),
        ("K3", "acknowledged_in_1_working_day", "no ACKNOWLEDGED event has come"),
        ("K4", "decided_in_24_hours", "no REFERRAL_RECEIVED event told of a contact (`kind`)"),
        ("K6", "decided_in_colour_target", "no event graded it (`rag`)"),
        ("K8", "ra_late", "nobody has looked for a form yet"),
        ("K10", "joint", "no decision said how risk was assessed (`risk_assessment_mode`)"),
        ("K13", "challenged", "no CHALLENGE_RAISED event has come"),
        ("K16", "unborn_care_told", "no event said whether the child was born (`unborn`)"),
    ):
        row = rows[k, name, "all"]
        assert (row.value, row.numerator, row.denominator) == (NOT_AVAILABLE,) * 3
        assert row.note == f"not available: {reason}"
    assert rows["K12", "referred_again", "all"].note.startswith(
        "not available: no event gave a `child_pseudonym`"
    )


def test_a_figure_of_those_of_whom_it_is_known_says_whom_it_leaves_out() -> None:
    known = [Story(f"NS-26-{number:06d}").received().decided(hours(1)) for number in range(9)]
    rows = rows_of([*known, *(Story(f"NS-26-0NKN{number}W").decided(hours(1)) for number in range(5))])
    assert shown(rows, "K4", "decided_in_24_hours") == ("100.0", "9", "9")
    note = "left out: those of whom no REFERRAL_RECEIVED event told of a contact (`kind`)"
    assert rows["K4", "decided_in_24_hours", "all"].note == note
    assert rows["K7", "duplicates", "all"].note == ""


def test_a_month_of_nothing_is_nobodys_and_not_nought_percent() -> None:
    rows = rows_of(a_month(), "2026-10")
    assert shown(rows, "K4", "decided_in_24_hours") == (NOBODY, "0", "0")
    assert shown(rows, "K2", "decided_to_told", "percentile=p50") == (NOBODY, "", "0")


def test_what_took_longer_than_is_counted_says_so() -> None:
    stories = [
        Story(f"NS-26-{number:06d}").received().decided(hours(1)).tried(hours(1) + timedelta(days=500))
        for number in range(6)
    ]
    assert shown(rows_of(stories), "K2", "decided_to_told", "percentile=p95") == (LONGER, "", "6")


# --- what is hidden


def few(count: int, *, of: int) -> list[Story]:
    """So many contacts decided in time of so many."""
    return [
        Story(f"NS-26-{number:06d}").received().decided(hours(1 if number < count else 99))
        for number in range(of)
    ]


def test_a_small_count_hides_its_share_and_so_does_what_is_left() -> None:
    for count in (1, 4, 16, 19):
        row = rows_of(few(count, of=20))["K4", "decided_in_24_hours", "all"]
        assert (row.value, row.numerator, row.denominator) == (CONFIDENTIAL, CONFIDENTIAL, "20")
        assert row.suppressed == "yes"
    for count in (0, 5, 15, 20):
        row = rows_of(few(count, of=20))["K4", "decided_in_24_hours", "all"]
        assert (row.numerator, row.denominator, row.suppressed) == (str(count), "20", "no")


def test_a_percentile_of_few_is_hidden() -> None:
    stories = [
        Story(f"NS-26-{number:06d}").received().decided(hours(1)).tried(hours(2)) for number in range(4)
    ]
    assert shown(rows_of(stories), "K2", "decided_to_told", "percentile=p50") == (
        CONFIDENTIAL,
        "",
        CONFIDENTIAL,
    )


def test_a_part_that_is_small_is_not_told_by_the_whole_and_the_other_part() -> None:
    stories = [*few(30, of=60), *(_story(number) for number in range(91, 94))]
    rows = rows_of(stories)
    assert shown(rows, "K4", "decided_in_24_hours", "hours=out") == (CONFIDENTIAL,) * 3
    assert shown(rows, "K4", "decided_in_24_hours", "hours=in") == (CONFIDENTIAL,) * 3
    assert rows["K4", "decided_in_24_hours", "all"].denominator == "63"


def at_random(random: Random) -> list[Story]:
    """A month in which much is rare."""
    return [_at_random(number, random) for number in range(random.choice((12, 40, 80)))]


def _at_random(number: int, random: Random) -> Story:
    came = random.choice((TUESDAY, TUESDAY, TUESDAY, SATURDAY))
    story = Story(f"NS-26-{number:06d}").received(
        came,
        kind=random.choice(("CONTACT", "CONTACT", "REFERRAL")),
        source_code=(source := random.choice(("6", "6", "2A", "3A", "1A"))),
        referrer=None if source == "1A" else POLICE,
        unborn=random.choice(([], [], [], [1])),
        rag=random.choice((None, "RED", "GREEN")),
    )
    _checked_at_random(story, random)
    if random.random() < 0.1:
        return story.decided(hours(1), "DUP")
    if random.random() < 0.9:
        said: dict[str, Any] = {
            "received_at": came,
            "risk_assessment_mode": random.choice(("JOINT", "SOCIAL_CARE_ONLY", None)),
        }
        story.decided(hours(random.choice((1, 30))), random.choice(("NFA", "S17", "INF")), **said)
        if random.random() < 0.1:
            held = {"child": 1, "dver": 1, "task": "RELEASE_CHILD", "triggers": ["SENSITIVE"]}
            story.row(AuditKind.HELD, hours(30), cause=story.said[-1]["cause"], **held)
        notice: dict[str, Any] = {"level": 1, "notice_reason": "PHONE_ONLY"} if random.random() < 0.1 else {}
        if random.random() < 0.95:
            story.tried(hours(random.choice((2, 31, 90))), **notice)
    return story


def _checked_at_random(story: Story, random: Random) -> None:
    """As a check is: rules with INCORRECT and there alone, a version where there was a form."""
    status = random.choice((*RaStatus, RaStatus.COMPLETE, RaStatus.COMPLETE))
    rules = random.sample(("RA05", "RA10", "RA16"), random.randint(1, 2))
    if status in (RaStatus.COMPLETE, RaStatus.INCORRECT):
        story.form(1, 1, unit=random.choice(("CHILD_ABUSE_UNIT", "RESPONSE_NORTH", "RURAL", None)))
        story.checked(status, *(rules if status is RaStatus.INCORRECT else ()), form_version=1)
    else:
        story.checked(status)


@pytest.mark.parametrize("seed", range(4))
def test_no_count_of_a_whole_month_that_is_small_follows_from_what_is_published(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - invented children, not a secret
    counts = counted(at_random(random))
    sheet = sheet_of(NOVEMBER, counts)
    values = {name: count for name, count in sheet.values.items() if not name.less_than}
    relations = related(sheet.lines, values)
    assert all(count >= 0 for count in values.values())
    assert all(values[one.whole] == sum(values[part] for part in one.parts) for one in relations)
    seen = set(_shown(sheet))
    assert not any(is_small(values[name]) for name in seen)
    small = {name for name, count in values.items() if is_small(count)}
    found = follows(
        {str(name): count for name, count in values.items()},
        [Relation(str(one.whole), tuple(map(str, one.parts))) for one in relations],
        map(str, seen),
    )
    assert not found & set(map(str, small))
    assert seen


def _shown(sheet: Sheet) -> list[Name]:
    names = {name for line in sheet.lines for name in (line.numerator, line.denominator) if name}
    return [name for name in names if name not in sheet.hidden]


def forms(**units: tuple[int, int]) -> list[Story]:
    """By unit, so many complete forms and so many incorrect ones."""
    stories = list[Story]()
    for unit, counts in units.items():
        for checked, count in zip((("COMPLETE",), ("INCORRECT", "RA05")), counts, strict=True):
            for _ in range(count):
                story = Story(f"NS-26-{len(stories):06d}").received().form(1, 1, unit=unit)
                stories.append(story.checked(*checked, form_version=1))
    return stories


def by_unit(rows: dict[tuple[str, str, str], Published], unit: str) -> list[str]:
    """Its complete and its incorrect forms, and how many children there are."""
    parts = [f"unit={unit};ra_status={status}" for status in ("COMPLETE", "INCORRECT")]
    complete, incorrect = (rows["K8", "ra_status", part] for part in parts)
    assert complete.denominator == incorrect.denominator
    return [complete.numerator, incorrect.numerator, complete.denominator]


def test_a_units_forms_are_shown_with_its_volume_and_none_is_there_without_one() -> None:
    stories = [*forms(CAIU=(20, 9), NORTH=(5, 0)), *(story.checked("ABSENT") for story in few(0, of=6))]
    rows = rows_of(stories)
    assert (by_unit(rows, "CAIU"), by_unit(rows, "NORTH")) == (["20", "9", "29"], ["5", "0", "5"])
    assert shown(rows, "K8", "ra_status", "unit=no-form;ra_status=ABSENT") == ("100.0", "6", "6")
    assert shown(rows, "K8", "ra_status", "ra_status=COMPLETE") == ("62.5", "25", "40")
    assert "unit=no-form;ra_status=ABSENT" not in {part for _, _, part in rows_of(forms(CAIU=(9, 9)))}


def test_of_a_unit_with_a_small_count_no_status_is_shown_nor_of_one_more() -> None:
    """Its volume stays, and so does every figure of all units."""
    rows = rows_of(forms(CAIU=(20, 2), NORTH=(30, 12), RURAL=(9, 7)))
    assert by_unit(rows, "CAIU") == [CONFIDENTIAL, CONFIDENTIAL, "22"]
    assert by_unit(rows, "NORTH") == [CONFIDENTIAL, CONFIDENTIAL, "42"]
    assert by_unit(rows, "RURAL") == ["9", "7", "16"]
    assert shown(rows, "K8", "ra_status", "ra_status=INCORRECT") == ("26.3", "21", "80")


def test_of_a_unit_with_few_children_nothing_is_shown_nor_the_volume_of_one_more() -> None:
    rows = rows_of(forms(CAIU=(2, 1), NORTH=(30, 12), RURAL=(9, 7)))
    hidden = [unit for unit in ("CAIU", "NORTH", "RURAL") if by_unit(rows, unit)[2] == CONFIDENTIAL]
    assert len(hidden) == 2
    assert hidden[0] == "CAIU"
    assert [by_unit(rows, unit) for unit in hidden] == [[CONFIDENTIAL] * 3] * 2
    assert shown(rows, "K8", "ra_status", "ra_status=COMPLETE")[1:] == ("41", "61")


def test_units_of_one_child_each_are_not_told_by_their_number() -> None:
    """Six units that are listed come to six."""
    rows = rows_of(forms(NORTH=(30, 12), **{f"UNIT_{letter}": (1, 0) for letter in "ABCDEF"}))
    assert by_unit(rows, "NORTH") == [CONFIDENTIAL] * 3
    assert shown(rows, "K8", "ra_status", "ra_status=INCORRECT")[1:] == ("12", "48")


def test_the_incorrect_forms_are_not_told_by_those_that_fail_a_rule() -> None:
    """Three are complete: all but those that fail a rule, and the ten that are absent, would tell it."""
    rows = rows_of([*forms(CAIU=(3, 20)), *(story.checked("ABSENT") for story in few(0, of=10))])
    assert shown(rows, "K8", "ra_status", "ra_status=COMPLETE")[1] == CONFIDENTIAL
    assert shown(rows, "K8", "ra_failed_rule")[1] == "20"
    assert shown(rows, "K8", "ra_status", "ra_status=ABSENT")[1] == CONFIDENTIAL


# --- as a file


def test_a_cell_that_a_spreadsheet_would_run_is_harmless() -> None:
    for begins in ("=", "+", "-", "@", "\t", "\r"):
        hostile = f'{begins}HYPERLINK("https://attacker.example","x")'
        assert harmless(hostile) == f"'{hostile}"
        row = replace(published(NOTHING, [NOVEMBER], HUB)[0], hub=hostile, note=f"a,{hostile}\r\n")
        _, cells = list(csv.reader(io.StringIO(as_csv([row]), newline="")))
        assert cells[COLUMNS.index("hub")] == f"'{hostile}"
        assert cells[COLUMNS.index("note")] == f"a,{hostile}\r\n"
    assert harmless("Northshire MASH") == "Northshire MASH"


def test_the_file_has_a_head_and_a_line_for_each_figure_with_every_cell_in_quotes() -> None:
    rows = published(counted(a_month()), [NOVEMBER], HUB)
    text = as_csv(rows)
    head, *lines = list(csv.reader(io.StringIO(text, newline="")))
    assert tuple(head) == COLUMNS
    assert [tuple(line) for line in lines] == [astuple(row) for row in rows]
    assert text.startswith('"month","hub","k","name","dimension"')


# --- the dictionary


def everything() -> list[Story]:
    """A month in which each figure and each dimension has something to say."""
    return [*a_month(), *(_rich(number) for number in range(200, 210))]


def _rich(number: int) -> Story:
    story = Story(f"NS-26-{number:06d}").received(source_code="2A", referrer=SCHOOL, unborn=[1])
    story.form(1, 1, unit="CHILD_ABUSE_UNIT")
    story.checked("INCORRECT", "RA05", late=True, after_decision=True, form_version=1)
    story.decided(hours(1), "NFA", recipients=[f"{HEALTH}#webhook#3"]).tried(hours(2), HEALTH)
    held = {"child": 1, "dver": 1, "task": "RELEASE_AGENCY", "held_agency": SCHOOL}
    story.row(AuditKind.HELD, hours(1), triggers=["STAFF_LINK"], cause=story.said[3]["cause"], **held)
    story.event(EventType.WITHHELD, child=1, decision_seq=1, disclosure="WITHHELD_DETRIMENT")
    story.event(EventType.CHALLENGE_RAISED, child=1, challenge_id="C1", raised_at=hours(3))
    resolved = {"child": 1, "challenge_id": "C1", "resolved_at": hours(9), "result": "UPHELD"}
    story.event(EventType.CHALLENGE_RESOLVED, **resolved)
    closed = {"child": 1, "changed_at": hours(3), "status": "CLOSED_OTHER", "cause": "ended"}
    story.event(EventType.POLICE_INVESTIGATION_STATUS_CHANGED, **closed)
    told = {"child": 1, "dver": 1, "series": "POLICE_CASE", "cause": "ended"}
    story.row(AuditKind.UPDATE, hours(3), **told, recipients=[f"{SCHOOL}#webhook#2#{UPDATE}"])
    return story.tried(hours(4), SCHOOL, nonce=UPDATE)


def test_every_column_figure_and_dimension_that_is_exported_is_in_the_dictionary_and_no_other() -> None:
    rows, plain = published(counted(everything()), [NOVEMBER], HUB), dictionary.as_plain()
    assert [one["name"] for one in plain["columns"]] == list(COLUMNS) == list(dictionary.COLUMN_WORDS)
    assert {(one["k"], one["name"]) for one in plain["figures"]} == {(row.k, row.name) for row in rows}
    exported = {
        (row.k, row.name, part.partition("=")[0])
        for row in rows
        for part in row.dimension.split(";")
        if part != "all"
    }
    described = {(one["k"], one["name"], name) for one in plain["figures"] for name in one["dimensions"]}
    assert exported == described
    assert {one["name"] for one in plain["dimensions"]} == {name for _, _, name in exported}
    assert {one["name"] for one in plain["populations"]} == {one["denominator"] for one in plain["figures"]}


def test_every_marker_that_stands_for_a_number_is_in_the_dictionary() -> None:
    markers = {one["marker"] for one in dictionary.as_plain()["markers"]}
    assert markers == {CONFIDENTIAL, NOT_AVAILABLE, NOBODY, LONGER}
    for row in published(counted(everything()), ["2026-10", NOVEMBER], HUB):
        cells = {row.value, row.numerator, row.denominator}
        assert {cell for cell in cells if cell.startswith("[")} <= markers


def test_every_value_of_a_dimension_that_is_always_shown_is_described() -> None:
    described = {one["name"]: one["values"] for one in dictionary.as_plain()["dimensions"]}
    assert described["hours"] == ["in", "out"]
    assert described["rag"] == ["RED", "AMBER", "GREEN"]
    assert described["ra_status"] == ["COMPLETE", "INCORRECT", "ABSENT", "UNKNOWN"]
    assert {one.name for one in DIMENSIONS} == set(described)


def test_the_fields_of_the_national_standards_are_named() -> None:
    text = dictionary.as_json()
    for field in ("cont_contact_date", "cont_contact_source_code", "cine_referral_date", "cine_referral_nfa"):
        assert field in text
    assert json.loads(text) == dictionary.as_plain()


def test_people_and_programs_read_the_same_dictionary() -> None:
    text, plain = dictionary.as_markdown(), dictionary.as_plain()
    for one in (*plain["columns"], *plain["dimensions"], *plain["populations"]):
        assert f"| {one['name']} | {one['words']} |" in text
    for one in plain["populations"]:
        live = f"no: moved by {one['moved_by']}" if one["moved_by"] else "yes"
        assert f"| {one['name']} | {one['words']} | {live} |" in text
    for one in plain["figures"]:
        assert f"| {one['k']} | {one['name']} | {one['words']} |" in text
    widths = {line.count(" | ") for line in text.splitlines() if line.startswith("| K")}
    assert len(widths) == 1
