"""Any form goes through the flat spelling whole, however a spreadsheet writes its file."""

import csv
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.domain.form_columns import COLUMNS, REQUIRED, SAID_BY_US
from schemas.publication import EXAMPLES
from schemas.risk_assessment import Adult, ChildAnswers, RaFormMetadata
from tests.cli.spreadsheets import NO_COLUMN, answers, as_csv, read, spelled
from tests.forms import (
    Wire,
    a_complete_form_event,
    a_desk_form_event,
    a_shell_event,
    a_toddlers_form_event,
    an_incorrect_form_event,
    read_form,
)

EXAMPLE = EXAMPLES / "ra-forms.csv"
SCHEMA = RaFormMetadata.model_json_schema()
FORMS = {
    "complete": a_complete_form_event(),
    "toddler and an unborn sibling": a_toddlers_form_event(),
    "desk": a_desk_form_event(),
    "incorrect": an_incorrect_form_event(),
    "shell": a_shell_event(),
    "of no child": a_complete_form_event(children=[], adults=[], rationale_codes=[]),
    "linked to nothing": a_complete_form_event(referral_ref=None),
    "an adult of whom nothing is known": a_complete_form_event(adults=[{}, {"role_code": "CARER"}]),
}


def values(schema: Wire) -> st.SearchStrategy[Any]:
    """Whatever the contract's own JSON Schema takes."""
    return next(make(schema) for word, make in BY_WORD.items() if word in schema)


def texts(schema: Wire) -> st.SearchStrategy[str]:
    longest = schema.get("maxLength", 100)
    pattern: str = schema["pattern"]
    return st.from_regex(pattern, fullmatch=True).filter(lambda text: len(text) <= longest)


def objects(schema: Wire) -> st.SearchStrategy[Wire]:
    fields = {name: values(field) for name, field in schema["properties"].items()}
    needed = {name: fields.pop(name) for name in schema.get("required", [])}
    return st.fixed_dictionaries(needed, optional=fields)


MOMENTS = st.sampled_from(["2026-11-24T01:30:00Z", "2026-06-01T00:30:00.250+01:00"])
TYPED = st.sampled_from(["43261124/0917", "NO_OCCURRENCE", "see log", "n/a", "-", 'it\'s "as", above;'])
"""What somebody writes where a reference belongs."""
BY_TYPE: dict[str, Callable[[Wire], st.SearchStrategy[Any]]] = {
    "string": lambda _: TYPED,
    "array": lambda schema: st.lists(values(schema["items"]), max_size=3),
    "object": objects,
    "integer": lambda schema: st.integers(schema["minimum"], schema["maximum"]),
    "boolean": lambda _: st.booleans(),
    "null": lambda _: st.none(),
}
BY_WORD: dict[str, Callable[[Wire], st.SearchStrategy[Any]]] = {
    "$ref": lambda schema: values(SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]),
    "anyOf": lambda schema: st.one_of(*map(values, schema["anyOf"])),
    "enum": lambda schema: st.sampled_from(schema["enum"]),
    "pattern": texts,
    "format": lambda _: MOMENTS,
    "type": lambda schema: BY_TYPE[schema["type"]](schema),
}

OF_A_FORM = {name: field for name, field in SCHEMA["properties"].items() if name not in NO_COLUMN}
any_children = st.lists(
    values(SCHEMA["$defs"]["ChildAnswers"]), max_size=4, unique_by=lambda child: child["child_index"]
)
any_form = st.builds(
    lambda form, children: read_form({**a_shell_event(), **form, "children": children}),
    values(
        {"type": "object", "properties": OF_A_FORM, "required": ["form_id", "form_version", "form_basis"]}
    ),
    any_children,
)
dialects = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from(",;\t"),
        "lineterminator": st.sampled_from(["\n", "\r\n", "\r"]),
        "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    }
)


def the_same(came: Wire, form: RaFormMetadata) -> bool:
    expected = answers(form.model_dump(mode="json"))
    return answers(json.loads(read_form(came).model_dump_json())) == expected


def only(folder: Path, content: str | bytes) -> Wire:
    """The one form of a file that has no fault."""
    found = read(folder, content)
    assert found.faults == ()
    (entry,) = found.entries
    assert entry.detail is not None
    return entry.detail


@pytest.mark.parametrize("name", FORMS)
def test_each_sort_of_form_goes_through_the_spelling_whole(tmp_path: Path, name: str) -> None:
    assert the_same(only(tmp_path, as_csv(spelled(FORMS[name]))), read_form(FORMS[name]))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    any_form, dialects, st.randoms(use_true_random=False), st.sampled_from(["utf-8", "utf-8-sig", "cp1252"])
)
def test_any_form_goes_through_any_spreadsheets_file_whole(
    tmp_path: Path, form: RaFormMetadata, dialect: Wire, chance: random.Random, encoding: str
) -> None:
    """Its columns and rows in any order."""
    columns, rows = list(COLUMNS), spelled(json.loads(form.model_dump_json()))
    chance.shuffle(columns)
    chance.shuffle(rows)
    assert the_same(only(tmp_path, as_csv(rows, columns, **dialect).encode(encoding)), form)


@pytest.mark.parametrize("name", ["complete", "toddler and an unborn sibling"])
def test_one_form_has_one_id_however_it_is_spelled(tmp_path: Path, name: str) -> None:
    rows = spelled(FORMS[name])
    ticked = [{column: {"YES": "TRUE", "NO": "FALSE"}.get(cell, cell) if _is_ticked(column) else cell
               for column, cell in row.items()} for row in rows]  # fmt: skip
    once = [rows[0], *({k: row[k] for k in row if k in OF_A_CHILD or k in REQUIRED} for row in rows[1:])]
    again = [
        as_csv(rows),
        as_csv(list(reversed(rows)), list(COLUMNS)[::-1], delimiter=";"),
        as_csv(ticked),
        as_csv(once),
    ]
    ids = {only(tmp_path, content)["event_id"] for content in again}
    assert len(ids) == 1


OF_A_CHILD = set(ChildAnswers.model_fields)


def _is_ticked(column: str) -> bool:
    return COLUMNS[column].advice.startswith(("Write YES or NO", "Write one of YES, NO"))


@pytest.mark.parametrize(
    "changes",
    [{"form_version": 3}, {"form_id": "NP-RA-000418"}, {"risk_grade": "MEDIUM"}, {"referral_ref": None}],
    ids=lambda changes: next(iter(changes)),
)
def test_another_version_or_another_answer_is_another_event(tmp_path: Path, changes: Wire) -> None:
    ids = [
        only(tmp_path, as_csv(spelled(event)))["event_id"]
        for event in (a_complete_form_event(), a_complete_form_event(**changes))
    ]
    assert len(set(ids)) == 2


def test_an_id_stays_the_same_from_release_to_release(tmp_path: Path) -> None:
    """A file that was sent before an upgrade is a duplicate after it."""
    detail = only(tmp_path, as_csv(spelled(a_complete_form_event())))
    assert detail["event_id"] == "3fa9eaba-b6e0-520a-a135-38684d96fbd0"


def test_what_an_event_says_of_itself_is_ours(tmp_path: Path) -> None:
    detail = only(tmp_path, as_csv(spelled(a_complete_form_event())))
    assert {name: detail[name] for name in SAID_BY_US & detail.keys() if name != "event_id"} == {
        "schema_version": "1.0",
        "event_type": "RA_FORM_METADATA",
        "source": "police.ra-csv",
        "occurred_at": "2026-11-24T15:02:30Z",
        "form_source": "CSV",
    }


def test_words_in_the_place_of_a_reference_do_not_leave_the_machine(tmp_path: Path) -> None:
    """They are judged by their rule, as the feed's are, and go as what the contract keeps of them."""
    found = read(tmp_path, as_csv(spelled(a_complete_form_event(police_occurrence_ref="see the log"))))
    assert found.entries[0].detail is not None
    assert found.entries[0].detail["police_occurrence_ref"] == "?"
    assert "log" not in found.entries[0].text


# --- the columns


def test_each_answer_of_the_contract_has_a_column_of_its_own() -> None:
    of_form = set(RaFormMetadata.model_fields) - NO_COLUMN
    assert {column.path[0] for column in COLUMNS.values() if not column.of_child} == of_form
    assert {name for name, column in COLUMNS.items() if column.of_child} == OF_A_CHILD
    assert not OF_A_CHILD & of_form
    assert set(Adult.model_fields) == {"role_code", "relationship_code"}, "the spelling has places for two"


def test_only_what_tells_a_form_and_its_child_must_be_there() -> None:
    assert REQUIRED == ("form_id", "form_version", "form_basis", "child_index")


# --- the example


def test_the_example_has_every_column_and_no_fault(tmp_path: Path) -> None:
    content = EXAMPLE.read_text(encoding="utf-8")
    assert content.splitlines()[0].split(",") == list(COLUMNS)
    found = read(tmp_path, content)
    assert (len(found.entries), found.faults) == (3, ())


def test_the_examples_first_form_is_the_published_one(tmp_path: Path) -> None:
    feed = json.loads((EXAMPLES / "ra-form-metadata.json").read_text(encoding="utf-8"))
    first = read(tmp_path, EXAMPLE.read_bytes()).entries[0].detail
    assert first is not None
    assert the_same(first, read_form(feed))
