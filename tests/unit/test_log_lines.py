"""The log catalogue: closed fields, hashed references, nothing but ids, codes and counts."""

import json
import logging
import re
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest

from functions import log_lines
from functions.log_lines import (
    DECISION_ACCEPTED,
    EVENT_REFUSED,
    NOT_LOGGED,
    SEND_STARTED,
    LogLine,
    hashed,
    log,
)

CATALOGUE = [entry for entry in vars(log_lines).values() if isinstance(entry, LogLine)]
ALARMED = {"EVENT_REFUSED", "SEND_EXHAUSTED", "DELIVERY_PARKED", "RA_FEED_SILENT"}

Written = Callable[[], dict[str, Any]]


@pytest.fixture
def written() -> Iterator[Written]:
    """Reads back the one line that the test wrote, as the log group would receive it."""
    (handler,) = logging.getLogger("mash-outcomes").handlers
    assert isinstance(handler, logging.StreamHandler)
    stream = StringIO()
    before = handler.setStream(stream)
    yield lambda: dict(json.loads(stream.getvalue()))
    if before is not None:
        handler.setStream(before)


def test_a_line_is_json_whose_message_is_its_name(written: Written) -> None:
    log(SEND_STARTED, delivery="msg_8c6f0e1c", agency="north-police", channel="webhook", attempt=1)
    line = written()
    assert line["message"] == "SEND_STARTED"
    assert line["level"] == "INFO"
    assert line["service"] == "mash-outcomes"
    assert (line["delivery"], line["attempt"]) == ("msg_8c6f0e1c", 1)


def test_the_location_is_the_callers(written: Written) -> None:
    log(SEND_STARTED, attempt=1)
    assert written()["location"].startswith("test_the_location_is_the_callers:")


def test_a_reference_is_written_as_its_hash_only(written: Written) -> None:
    log(DECISION_ACCEPTED, referral="NS-26-7KQ4ZP", count=2)
    line = written()
    assert line["referral"] == hashed("NS-26-7KQ4ZP")
    assert re.fullmatch(r"[0-9a-f]{16}", line["referral"])
    assert "7KQ4ZP" not in json.dumps(line)


def test_a_field_of_none_is_left_out(written: Written) -> None:
    log(EVENT_REFUSED, reason="NOT_JSON", event=None)
    assert "event" not in written()


def test_a_field_that_the_entry_does_not_list_is_an_error() -> None:
    with pytest.raises(TypeError, match="SEND_STARTED has no field address"):
        log(SEND_STARTED, address="mash@police.example")


@pytest.mark.parametrize(
    "text",
    [
        "a child of nine",
        "Mallory\nlevel=ERROR",
        "mash@police.example",
        "<script>",
        "R#NS-26-7KQ4ZP",
        "Q#NS-26-ENQ001",
        "x" * 81,
        "",
        "Zoë",
    ],
)
def test_text_that_is_no_id_or_code_is_withheld(written: Written, text: str) -> None:
    log(EVENT_REFUSED, field=text)
    assert written()["field"] == NOT_LOGGED


@pytest.mark.parametrize("line", CATALOGUE, ids=lambda line: line.name)
def test_each_entry_is_named_as_its_constant_and_has_fields(line: LogLine) -> None:
    assert getattr(log_lines, line.name) is line
    assert line.fields


def test_what_an_alarm_matches_is_no_mere_information() -> None:
    loud = {line.name for line in CATALOGUE if line.level > log_lines.Level.INFO}
    assert loud >= ALARMED
