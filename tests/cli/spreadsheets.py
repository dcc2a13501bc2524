"""Police forms as a force's spreadsheet spells them, written from what the README says of a file."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from functions.cli.forms.reading import Checked, checked
from functions.cli.forms.sheet import read_sheet
from functions.domain.form_columns import COLUMNS
from tests.forms import Wire
from tests.world import MORNING

Cells = dict[str, str]
NO_COLUMN = {
    *("schema_version", "event_id", "event_type", "source", "source_seq", "occurred_at", "form_source"),
    "children",
}


def spelled(event: Wire) -> list[Cells]:
    """A row for each child, all of them with the form's own answers."""
    of_form = dict(_cells({name: value for name, value in event.items() if name not in NO_COLUMN}))
    return [{**of_form, **dict(_cells(child))} for child in event.get("children") or [{}]]


def _cells(answers: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, str]]:
    for name, value in answers.items():
        match value:
            case None | []:
                pass
            case bool():
                yield within + name, "YES" if value else "NO"
            case dict():
                yield from _cells(value, f"{within}{name}.")
            case list():
                yield within + name, " ".join(map(_one_of_a_list, value))
            case _:
                yield within + name, str(value)


def _one_of_a_list(value: Any) -> str:
    if isinstance(value, dict):
        return f"{value.get('role_code') or ''}:{value.get('relationship_code') or ''}"
    return str(value)


def as_csv(rows: Sequence[Mapping[str, str]], columns: Sequence[str] = tuple(COLUMNS), **dialect: Any) -> str:
    """The rows under the names of these columns."""
    text = StringIO()
    writer = csv.DictWriter(text, columns, restval="", **{"lineterminator": "\n", **dialect})
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def written(folder: Path, content: str | bytes) -> Path:
    """A file with this content."""
    path = folder / "forms.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(folder: Path, content: str | bytes) -> Checked:
    """What is found in a file with this content."""
    return checked(read_sheet(written(folder, content)), MORNING)


def answers(event: Wire) -> Wire:
    """What a form answers, whatever else its event says; the order of its children is nobody's answer."""
    children = sorted(event["children"], key=lambda child: int(child["child_index"]))
    kept = {name: value for name, value in event.items() if name not in NO_COLUMN}
    return {**kept, "children": children}
