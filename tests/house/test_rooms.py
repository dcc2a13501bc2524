"""Every fact has one room: what only one kind of file may do, told by the names that do it."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.tree import CODE, ROOT, modules

LEDGER = "functions/adapters/ledger/"
HANDLERS = "functions/handlers/"
CLI = "functions/cli/"
OUTERMOST = (HANDLERS, CLI, "infra/local/")

ROOMS: dict[str, tuple[str, ...]] = {
    "arro3.core": ("functions/cli/parquet.py",),
    "arro3.io": ("functions/cli/parquet.py",),
    "boto3": ("functions/adapters/aws.py", "infra/local/"),
    "os.environ": ("functions/settings.py", HANDLERS, "infra/local/"),
    "os.getenv": (),
    "datetime.now": OUTERMOST,
    "datetime.utcnow": (),
    "date.today": (),
    "time.time": OUTERMOST,
    "uuid4": OUTERMOST,
    "uuid.uuid4": OUTERMOST,
    "random": (HANDLERS, CLI),
    "sleep": ("infra/local/",),
    "time.sleep": OUTERMOST,
    "ConditionExpression": (LEDGER,),
    "KeyConditionExpression": (LEDGER,),
    "UpdateExpression": (LEDGER,),
    "FilterExpression": (LEDGER,),
    "ProjectionExpression": (LEDGER,),
    "logging": ("functions/log_lines.py", "infra/local/"),
    "aws_lambda_powertools.logging": ("functions/log_lines.py",),
    "aws_lambda_powertools.tracing": (),
    "aws_xray_sdk": (),
    "requests": (),
    "jinja2": ("functions/adapters/render.py", "functions/adapters/render/"),
}


def words(module: ast.Module) -> Iterator[str]:
    """What a module imports, names with a dot, and passes by keyword or as a key."""
    for node in ast.walk(module):
        match node:
            case ast.Import():
                yield from (alias.name for alias in node.names)
            case ast.ImportFrom(module=str(origin)):
                yield origin
                yield from (f"{origin}.{alias.name}" for alias in node.names)
                yield from (alias.name for alias in node.names if origin in {"uuid", "time"})
            case ast.Attribute(value=ast.Name(id=owner)) | ast.Attribute(value=ast.Attribute(attr=owner)):
                yield f"{owner}.{node.attr}"
            case ast.keyword(arg=str(name)) | ast.Constant(value=str(name)):
                yield name


SAID = {path: frozenset(words(module)) for path, module in modules(*CODE).items()}


@pytest.mark.parametrize("word", ROOMS)
def test_a_word_is_said_only_in_its_room(word: str) -> None:
    elsewhere = [path for path, said in SAID.items() if word in said and not path.startswith(ROOMS[word])]
    assert not elsewhere


def calls(module: ast.Module) -> Iterator[str]:
    """The dotted names that a module calls, as opposed to passes inward."""
    for node in ast.walk(module):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name)):
                yield f"{owner}.{name}"


def test_the_outermost_hand_chance_and_waiting_inward_and_use_neither() -> None:
    outermost = {
        path: tree for path, tree in modules("functions").items() if path.startswith((HANDLERS, CLI))
    }
    users = [path for path, tree in outermost.items() if {"random.random", "time.sleep"} & set(calls(tree))]
    assert not users


def test_handlers_ask_the_environment_only_whether_this_is_lambda() -> None:
    question = 'if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:'
    for path in (path for path in SAID if path.startswith(HANDLERS)):
        lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if "os.environ" in line or "getenv" in line] in ([], [question]), path


def test_only_the_ledger_the_queue_and_the_seal_spell_a_tables_key() -> None:
    rooms = (LEDGER, "functions/adapters/dispatch.py", "functions/adapters/vault.py")
    elsewhere = [path for path, said in SAID.items() if "pk" in said and not path.startswith(rooms)]
    assert not [path for path in elsewhere if path.startswith("functions/")]


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("import boto3", "boto3"),
        ("from boto3 import client", "boto3"),
        ("import os\nos.environ['A']", "os.environ"),
        ("from os import environ", "os.environ"),
        ("import datetime\ndatetime.datetime.now()", "datetime.now"),
        ("from datetime import datetime\ndatetime.now()", "datetime.now"),
        ("from uuid import uuid4", "uuid4"),
        ("from time import sleep", "time.sleep"),
        ("put(ConditionExpression='a')", "ConditionExpression"),
        ("put(**{'ConditionExpression': 'a'})", "ConditionExpression"),
        ("item['pk']", "pk"),
    ],
)
def test_the_ear_hears_each_way_of_saying_it(source: str, word: str) -> None:
    assert word in set(words(ast.parse(source)))
