"""What a spreadsheet, or ill will, puts into a file of forms: named by line and column, never repeated."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from functions.cli.failure import CommandError
from functions.cli.forms.faults import Fault, FileRefusedError
from functions.cli.forms.sheet import MOST_BYTES, MOST_CHARACTERS, letter, read_sheet
from functions.cli.main import cli
from functions.domain.form_columns import COLUMNS
from tests.cli.spreadsheets import Cells, as_csv, read, spelled, written
from tests.forms import Wire, a_child_on_the_form, a_complete_form_event, a_toddlers_form_event

(COMPLETE,) = spelled(a_complete_form_event())
SIBLINGS = spelled(a_toddlers_form_event())
OTHER = {**COMPLETE, "form_id": "NP-RA-000500"}
SECRET = "Alex of 12 High Street"


def faults_of(folder: Path, content: str | bytes) -> tuple[Fault, ...]:
    """What is wrong in a file, whether some of it can be sent or nothing."""
    try:
        return read(folder, content).faults
    except FileRefusedError as exc:
        return exc.faults


def found(folder: Path, content: str | bytes) -> list[tuple[int, str | None, str]]:
    return [(fault.line, fault.column, fault.reason) for fault in faults_of(folder, content)]


def sendable(folder: Path, content: str | bytes) -> list[str]:
    """The labels of the forms that a file would send."""
    return [entry.label for entry in read(folder, content).entries]


def with_cells(**cells: str) -> str:
    """A file of one form in which these cells, by a name with `__` for a dot, say something else."""
    return as_csv([{**COMPLETE, **{name.replace("__", "."): cell for name, cell in cells.items()}}])


# --- as spreadsheets write it


@pytest.mark.parametrize(
    "content",
    [
        as_csv([COMPLETE]).encode("utf-8-sig"),
        as_csv([COMPLETE], lineterminator="\r\n").encode(),
        as_csv([COMPLETE], delimiter=";", lineterminator="\r\n").encode("utf-8-sig"),
        b"sep=;\r\n" + as_csv([COMPLETE], delimiter=";", lineterminator="\r\n").encode(),
        b"SEP=\t\r\n" + as_csv([COMPLETE], delimiter="\t").encode(),
        b"\n;;;;\n" + as_csv([COMPLETE], delimiter=";").encode(),
        as_csv([{}, COMPLETE, {}, {}]).encode() + b"\n\n",
        as_csv([COMPLETE], quoting=csv.QUOTE_ALL).encode(),
        as_csv([COMPLETE]).replace("form_id,", " Form_ID ,").encode(),
        as_csv([{name: f" {cell}\t" for name, cell in COMPLETE.items()}]).encode(),
        as_csv([{name: f"{cell}\xa0" for name, cell in COMPLETE.items()}]).encode("cp1252"),
        as_csv([COMPLETE], [*COLUMNS, ""]).encode(),
        as_csv([COMPLETE]).rstrip("\n,").encode(),
    ],
    ids=[
        "a byte order mark", "Windows line ends", "semicolons", "a named separator", "a named tab",
        "blank rows above", "blank rows between and below", "everything in quotes", "capitals in a name",
        "spaces around", "hard spaces of Windows-1252", "an empty column", "cells left out at the end",
    ],
)  # fmt: skip
def test_what_a_spreadsheet_does_to_a_file_is_no_fault(tmp_path: Path, content: bytes) -> None:
    assert found(tmp_path, content) == []
    assert len(sendable(tmp_path, content)) == 1


def test_a_line_is_counted_as_an_editor_counts_it(tmp_path: Path) -> None:
    wrong = {**OTHER, "seen": "PERHAPS"}
    top = "sep=,\r\n\r\n"
    assert found(tmp_path, top + as_csv([COMPLETE, {}, wrong], lineterminator="\r\n")) == [
        (6, "seen", "UNKNOWN_CODE")
    ]


def test_capitals_matter_in_no_code_of_ours_and_in_every_code_of_the_polices(tmp_path: Path) -> None:
    """A name that somebody typed must not become a code."""
    assert found(tmp_path, with_cells(seen="yes", form_basis="Attended", unborn="true")) == []
    assert found(tmp_path, with_cells(risk_grade="High", author_role="Robin")) == [
        (2, "author_role", "NOT_VALID"),
        (2, "risk_grade", "NOT_VALID"),
    ]


# --- a file of which nothing is sent


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        (as_csv([COMPLETE], [*COLUMNS, "narrative"]), [(1, "narrative (BY)", "UNKNOWN_FIELD")]),
        (as_csv([COMPLETE], [*COLUMNS, "childs_voice"]), [(1, "childs_voice (BY)", "UNKNOWN_FIELD")]),
        (as_csv([COMPLETE], [SECRET, *COLUMNS]), [(1, "A", "UNKNOWN_FIELD")]),
        (as_csv([COMPLETE], [*COLUMNS, "source"]), [(1, "source (BY)", "UNKNOWN_FIELD")]),
        (as_csv([COMPLETE], [*COLUMNS, "seen"]), [(1, "seen", "CONTRADICTION")]),
        (
            as_csv([{}], [name for name in COLUMNS if name not in ("form_version", "child_index")]),
            [(1, "form_version", "MISSING"), (1, "child_index", "MISSING")],
        ),
        ("\n".join(as_csv([COMPLETE]).splitlines()[1:]), [(1, None, "MISSING")]),
        ("\x00\x01\x02", [(1, None, "MISSING")]),
        (as_csv([COMPLETE]).rstrip("\n") + f",{SECRET}\n", [(2, "BY", "NOT_VALID")]),
        (as_csv([{**COMPLETE, "": SECRET}], ["", *COLUMNS]), [(2, "A", "NOT_VALID")]),
        (as_csv([OTHER, {**COMPLETE, "form_id": ""}]), [(3, "form_id", "MISSING")]),
        (as_csv([OTHER, {**COMPLETE, "form_version": ""}]), [(3, "form_version", "MISSING")]),
        (as_csv([OTHER, {**COMPLETE, "form_id": "=A2"}]), [(3, "form_id", "NOT_VALID")]),
        (as_csv([OTHER]) + f'"{SECRET}', [(3, None, "NOT_VALID")]),
        (as_csv([OTHER]) + f'"{SECRET}"x,1\n', [(3, None, "NOT_VALID")]),
    ],
    ids=[
        "a column for narrative", "a column for a voice", "a name of somebody as a column's",
        "a column that is ours to say", "a column twice", "columns missing", "no names of columns",
        "no text at all", "a cell too many", "a cell under no name", "a row of no form",
        "a row of no version", "a form's id by formula", "a quotation that does not end",
        "a quotation that ends too soon",
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_understood_sends_nothing(
    tmp_path: Path, content: str, faults: list[tuple[int, str | None, str]]
) -> None:
    with pytest.raises(FileRefusedError):
        read(tmp_path, content)
    assert found(tmp_path, content) == faults


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "cannot be read"),
        (b"", "is empty: its first row names the columns"),
        (b"\xef\xbb\xbf\r\n;;;\r\n", "is empty: its first row names the columns"),
        (as_csv([]).encode(), "holds no form"),
        (as_csv([COMPLETE]).encode("utf-16"), "is UTF-16 text: save it as CSV UTF-8"),
        (b"x" * (MOST_BYTES + 1), "is larger than 16 MB"),
    ],
    ids=["missing", "empty", "blank", "names alone", "UTF-16", "too large"],
)
def test_what_is_no_csv_file_says_what_to_do(tmp_path: Path, content: bytes | None, says: str) -> None:
    path = tmp_path / "forms.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=says):
        read_sheet(path)


def test_columns_go_by_their_letters_as_in_a_spreadsheet() -> None:
    assert [letter(place) for place in (0, 25, 26, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip


# --- a form that is not sent, beside others that are


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"form_basis": ""}, "form_basis", "MISSING"),
        ({"form_basis": "PHONE"}, "form_basis", "UNKNOWN_CODE"),
        ({"child_index": ""}, "child_index", "MISSING"),
        ({"child_index": "first"}, "child_index", "NOT_VALID"),
        ({"child_index": "1.0"}, "child_index", "NOT_VALID"),
        ({"child_index": "9" * 3000}, "child_index", "NOT_VALID"),
        ({"child_index": "9" * 5000}, "child_index", "NOT_VALID"),
        ({"child_index": "\u0661"}, "child_index", "NOT_VALID"),
        ({"form_version": "0"}, "form_version", "NOT_VALID"),
        ({"author_id": "Example"}, "author_id", "NOT_VALID"),
        ({"incident_at": "23/11/2026 21:10"}, "incident_at", "NOT_VALID"),
        ({"incident_at": "2026-11-23T21:10:00"}, "incident_at", "NO_TIME_ZONE"),
        ({"unborn": "perhaps"}, "unborn", "NOT_VALID"),
        ({"seen": "1"}, "seen", "UNKNOWN_CODE"),
        ({"neglect_screen__home": "FINE"}, "neglect_screen.home", "UNKNOWN_CODE"),
        ({"checks__pnc__done": "x"}, "checks.pnc.done", "NOT_VALID"),
        ({"adults": "MOTHER:CARER:MORE"}, "adults", "NOT_VALID"),
        ({"adults": "Robin"}, "adults", "NOT_VALID"),
        ({"adults": "A:B " * 31}, "adults", "NOT_VALID"),
        ({"rationale_codes": "NEGLECT, COLD"}, "rationale_codes", "NOT_VALID"),
        ({"police_occurrence_ref": "x" * 201}, "police_occurrence_ref", "NOT_VALID"),
        ({"police_occurrence_ref": "=1+2"}, "police_occurrence_ref", "NOT_VALID"),
        ({"risk_grade": "=HYPERLINK(1)"}, "risk_grade", "NOT_VALID"),
        ({"risk_grade": "@SUM(1)"}, "risk_grade", "NOT_VALID"),
        ({"risk_grade": "+44"}, "risk_grade", "NOT_VALID"),
        ({"risk_grade": "-2+3|cmd"}, "risk_grade", "NOT_VALID"),
        ({"da_ref": "a\nb"}, "da_ref", "NOT_VALID"),
        ({"da_ref": "a\x00b"}, "da_ref", "NOT_VALID"),
        ({"da_ref": "a\u202eb"}, "da_ref", "NOT_VALID"),
        ({"da_ref": "x" * (MOST_CHARACTERS + 1)}, "da_ref", "NOT_VALID"),
        ({"da_ref": "x" * 1_000_000}, "da_ref", "NOT_VALID"),
        ({"seen": SECRET}, "seen", "UNKNOWN_CODE"),
        ({"form_basis": "=A1"}, "form_basis", "NOT_VALID"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_a_form_with_a_fault_stays_behind_and_the_others_go(
    tmp_path: Path, cells: Cells, column: str, reason: str
) -> None:
    wrong = {**COMPLETE, **{name.replace("__", "."): cell for name, cell in cells.items()}}
    content = as_csv([wrong, OTHER])
    assert found(tmp_path, content) == [(2, column, reason)]
    last = content.count("\n")
    assert sendable(tmp_path, content) == [f"line {last}"]


def test_every_fault_of_a_form_is_named_at_its_own_line(tmp_path: Path) -> None:
    first, second = SIBLINGS
    rows = [
        {**first, "author_id": "", "seen": "PERHAPS"},
        OTHER,
        {**second, "author_id": "Example", "unborn": "soon", "voice_length": "=1"},
    ]
    assert found(tmp_path, as_csv(rows)) == [
        (2, "seen", "UNKNOWN_CODE"),
        (4, "voice_length", "NOT_VALID"),
        (4, "author_id", "NOT_VALID"),
        (4, "unborn", "NOT_VALID"),
    ]
    assert sendable(tmp_path, as_csv(rows)) == ["line 3"]


def test_an_answer_that_is_spoilt_is_named_where_it_stands_and_not_as_missing(tmp_path: Path) -> None:
    first, second = SIBLINGS
    content = as_csv([{**first, "form_basis": ""}, {**second, "form_basis": "=A2"}])
    assert found(tmp_path, content) == [(3, "form_basis", "NOT_VALID")]


def test_rows_of_one_form_may_stand_anywhere_and_must_not_disagree(tmp_path: Path) -> None:
    first, second = SIBLINGS
    assert sendable(tmp_path, as_csv([second, OTHER, first])) == ["line 2", "line 3"]
    contradicting = as_csv([first, OTHER, {**second, "risk_grade": "HIGH"}])
    assert found(tmp_path, contradicting) == [(4, "risk_grade", "CONTRADICTION")]
    assert faults_of(tmp_path, contradicting)[0].advice.startswith("Line 2 answers this for the same form")


def test_a_child_has_one_row(tmp_path: Path) -> None:
    content = as_csv([COMPLETE, {**COMPLETE, "child_index": "01"}])
    assert found(tmp_path, content) == [(3, "child_index", "CONTRADICTION")]


def test_each_row_that_does_not_say_which_child_it_is_about_is_named(tmp_path: Path) -> None:
    nobody = [{**row, "child_index": ""} for row in SIBLINGS]
    assert found(tmp_path, as_csv(nobody)) == [(2, "child_index", "MISSING"), (3, "child_index", "MISSING")]


def test_a_form_has_no_more_children_than_the_contract_holds(tmp_path: Path) -> None:
    event: Wire = a_complete_form_event(children=[a_child_on_the_form(number) for number in range(1, 32)])
    (fault,) = faults_of(tmp_path, as_csv(spelled(event)))
    assert (fault.line, fault.column) == (2, "child_index")
    assert fault.advice == "A form has at most 30 of these."


@pytest.mark.parametrize("version", ["2", "Z"], ids=["a slip in an answer", "a slip in the version"])
def test_no_version_of_a_form_goes_while_another_row_of_its_id_is_wrong(tmp_path: Path, version: str) -> None:
    """The row may be a child of any of them, and a form without its child would be taken for whole."""
    wrong = {**COMPLETE, "form_version": version, "child_index": "2", "seen": "PERHAPS"}
    content = as_csv([{**COMPLETE, "form_version": "1"}, wrong, OTHER])
    assert sendable(tmp_path, content) == ["line 4"]
    assert read(tmp_path, content).left_out == 2


def test_one_version_spelled_in_two_ways_is_one_form(tmp_path: Path) -> None:
    first, second = SIBLINGS
    assert sendable(tmp_path, as_csv([first, {**second, "form_version": "02"}])) == ["line 2"]


# --- what is said of it


def said(folder: Path, content: str, *options: str) -> Result:
    path = written(folder, content)
    return CliRunner().invoke(cli, ["forms", str(path), "--dry-run", *options], prog_name="mash")


def hostile(secret: str) -> Sequence[Mapping[str, str]]:
    """A row for each column, in which its cell says what nobody may repeat."""
    return [{**COMPLETE, "form_id": f"F{number}", name: secret} for number, name in enumerate(COLUMNS)]


@pytest.mark.parametrize("secret", [SECRET, f"={SECRET}", f"{SECRET}\x00", SECRET.replace(" ", "_")])
@pytest.mark.parametrize("options", [(), ("--json",)], ids=["words", "JSON"])
def test_nothing_that_stands_in_a_cell_is_repeated(
    tmp_path: Path, secret: str, options: tuple[str, ...]
) -> None:
    answer = said(tmp_path, as_csv(hostile(secret)), *options)
    assert answer.exit_code in {1, 3}
    assert "column " in answer.output or '"column"' in answer.output
    assert "Alex" not in answer.output
    assert "High" not in answer.output


@pytest.mark.parametrize("options", [(), ("--json",)], ids=["words", "JSON"])
def test_a_file_without_names_of_columns_is_not_taken_for_them(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    answer = said(tmp_path, "alex,example,12 high street\n", *options)
    assert answer.exit_code == 1
    assert "alex" not in answer.output
    assert "high" not in answer.output


def test_a_fault_says_what_to_write(tmp_path: Path) -> None:
    answer = said(tmp_path, with_cells(seen="PERHAPS", unborn="soon", child_index="first", author_id="Robin"))
    assert answer.output.splitlines() == [
        (
            "line 2, column author_id: not valid (NOT_VALID). Correct the value; the published schema states "
            "its form. The officer's staff id; never a name."
        ),
        (
            "line 2, column child_index: not valid (NOT_VALID). Write a whole number. Which child of the "
            "referral, counted from 1 in the referral's order."
        ),
        "line 2, column unborn: not valid (NOT_VALID). Write YES or NO. Whether the child is not born yet.",
        (
            "line 2, column seen: unknown code (UNKNOWN_CODE). Write one of YES, NO. Whether the officer saw "
            "the child."
        ),
        "0 forms could be sent; 1 form not, for the faults above. Nothing was sent.",
    ]


def test_columns_that_are_not_there_are_named_once(tmp_path: Path) -> None:
    columns = [name for name in COLUMNS if not name.startswith("mash_regrade")]
    answer = said(tmp_path, as_csv([COMPLETE], columns))
    assert answer.stderr == (
        "No column for mash_regrade, mash_regrade_rationale_given: unanswered in every form.\n"
    )
    assert answer.exit_code == 0
