"""What a runbook says to type can be typed: verbs, options, codes, and names of what is deployed."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import click
import pytest
from botocore import xform_name

from functions.cli.main import cli
from functions.domain import by_hand
from schemas.codes import ActReason, FindingCode, TaskKind
from schemas.console import DIRECTORY_FAULTS
from tests.infra.template import Template

ROOT = Path(__file__).parents[2]
RUNBOOKS = sorted((ROOT / "infra" / "runbooks").glob("*.md"))
TARGETS = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
OUTPUT = re.compile(r"<([A-Z][A-Za-z]+)>")
PLACEHOLDERS = {
    "INSTANT": "2026-11-24T06:12Z",
    "YYYY-MM-DD": "2026-11-24",
    "YYYY-MM": "2026-11",
    "FILE": "file",
}
ANY_CODE = {"CODE", "KIND", "ROLE"}


def commands(text: str, program: str) -> Iterator[list[str]]:
    """Each command of a program that a text quotes, in backticks or in a block, word by word."""
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    spans = re.findall(r"`([^`]+)`", re.sub(r"```sh\n.*?```", "", text, flags=re.DOTALL))
    for quoted in (*lines, *spans):
        words = shlex.split(re.sub(r"\$\([^)]*\)", "COMPUTED", quoted)) if program in quoted else []
        if words[:1] == [program]:
            yield words[1:]


def everywhere(program: str) -> list[Any]:
    return [
        pytest.param(words, id=f"{path.stem}: {' '.join(words)}"[:90])
        for path in RUNBOOKS
        for words in commands(path.read_text(encoding="utf-8"), program)
    ]


def filled_in(command: click.Command, words: list[str]) -> list[str]:
    """The words with each placeholder replaced by something that its parameter takes."""
    choices = {
        name: option.type.choices[0]
        for option in command.params
        if isinstance(option.type, click.Choice)
        for name in option.opts
    }
    return [
        str(choices[before]) if word in ANY_CODE and before in choices else PLACEHOLDERS.get(word, word)
        for before, word in zip(["", *words], words, strict=False)
    ]


def understood(words: list[str]) -> dict[str, Any]:
    """What click makes of the words; raises UsageError where it makes nothing of them."""
    command: click.Command = cli
    while isinstance(command, click.Group):
        name, *words = words
        assert name in command.commands, name
        command = command.commands[name]
    if words == ["--help"]:
        return {}
    return command.make_context(command.name, filled_in(command, words)).params


@pytest.mark.parametrize("words", everywhere("mash"))
def test_a_command_of_ours_is_one_with_all_that_it_needs(words: list[str]) -> None:
    said = understood(list(words))
    if words[0] == "trail":
        assert (said["ref"] is None) != (said["message"] is None)
    if words[0] == "refused":
        assert (said["fetch"] is None) == (said["to"] is None)
    if words[0] == "done" and "KIND" not in words:
        kind = TaskKind(said["task"])
        assert ActReason(said["reason"]) in by_hand.TO_END[kind]
        assert (said["ref"] is None) == (kind in by_hand.OF_NO_REFERRAL)
        assert (said["source"] is not None) == (kind in by_hand.OF_A_SOURCE)


@pytest.mark.parametrize(
    "words",
    [
        ["recover", "ID", "--since"],
        ["resend", "REF", "--agency", "ID"],
        ["pause", "ID", "--reason", "FOR_FUN"],
        ["tasks", "--everything"],
    ],
    ids=" ".join,
)
def test_a_command_that_lacks_something_would_be_noticed(words: list[str]) -> None:
    with pytest.raises(click.UsageError):
        understood(words)


@pytest.mark.parametrize("words", everywhere("make"))
def test_a_target_exists(words: list[str]) -> None:
    assert words[0] in TARGETS
    assert all(re.fullmatch(r"[A-Z]+=\w+", word) for word in words[1:])


@pytest.mark.parametrize("words", everywhere("aws"))
def test_a_command_of_aws_is_an_operation_with_all_that_it_needs(words: list[str]) -> None:
    service, operation, *rest = words
    model = botocore.session.get_session().get_service_model(service)
    (name,) = (one for one in model.operation_names if xform_name(one, "-") == operation)
    shape = model.operation_model(name).input_shape
    assert shape is not None
    options = {f"--{xform_name(member, '-')}" for member in shape.members}
    given = {word for word in rest if word.startswith("--")}
    assert given <= options
    assert {f"--{xform_name(member, '-')}" for member in shape.required_members} <= given


def test_what_is_named_in_angle_brackets_is_an_output_of_the_deployment(template: Template) -> None:
    outputs = set(template.body["Outputs"])
    for path in RUNBOOKS:
        assert set(OUTPUT.findall(path.read_text(encoding="utf-8"))) <= outputs, path.stem


def test_every_dead_letter_queue_and_every_log_is_an_output_and_in_a_runbook(template: Template) -> None:
    places = {name for name in template.body["Outputs"] if name.endswith(("LetterQueueUrl", "LogGroupName"))}
    apis = ("Confirm", "Console")
    assert {f"{name}AccessLogGroupName" for name in apis} <= places
    assert len(places) == len(template.dead_letter_queues) + len(template.functions) + len(apis)
    text = "".join(path.read_text(encoding="utf-8") for path in RUNBOOKS)
    assert places <= set(OUTPUT.findall(text))


@pytest.mark.parametrize("code", FindingCode)
def test_every_difference_has_its_line_in_the_runbook(code: FindingCode) -> None:
    text = (ROOT / "infra" / "runbooks" / "reconciliation.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in text.splitlines() if line.startswith("| ")]
    (row,) = (cells for cells in rows if code.value in re.findall(r"[A-Z_]+", cells[1]))
    assert all(cell.strip() for cell in row[1:-1])


@pytest.mark.parametrize(
    "reason", [*DIRECTORY_FAULTS, "NO_ROLE", "NOT_BEGUN_HERE", "ISSUER_REFUSED", "SUBJECT_UNUSABLE"]
)
def test_every_reason_why_somebody_cannot_sign_in_has_its_meaning_and_its_fix(reason: str) -> None:
    text = (ROOT / "infra" / "runbooks" / "console.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in text.splitlines() if line.startswith("| ")]
    (row,) = (cells for cells in rows if cells[1].strip() == reason)
    assert len(row) == 5
    assert all(cell.strip() for cell in row[1:-1])


@pytest.mark.parametrize("runbook", ["function-errors", "dead-letter"])
def test_an_alarm_that_one_runbook_serves_for_many_is_named_there(runbook: str, template: Template) -> None:
    text = (ROOT / "infra" / "runbooks" / f"{runbook}.md").read_text(encoding="utf-8")
    for alarm in template.resources("AWS::CloudWatch::Alarm"):
        name = alarm.name.removeprefix("Alarms").removesuffix("DeadLetters").removesuffix("Errors")
        if f"/{runbook}.md" in alarm["AlarmDescription"]:
            assert re.search(rf"\b{name}\b", text), name


@pytest.mark.parametrize("kind", TaskKind)
def test_every_kind_of_task_has_its_words_in_a_runbook(kind: TaskKind) -> None:
    pages = [page.read_text(encoding="utf-8") for page in RUNBOOKS]
    assert any(re.search(rf"\b{kind}\b", page) for page in pages)
