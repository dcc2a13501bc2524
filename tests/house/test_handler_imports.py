"""What each Lambda loads at cold start: an exact list per handler, because imports are most of it (P3)."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass

import pytest

from tests.house.tree import ROOT

ALWAYS = frozenset({"aws_lambda_powertools", "pydantic", "pydantic_core", "boto3", "botocore"})
NEVER = frozenset(
    {
        "aws_xray_sdk",  # 7.6 times a bare cold start, even when switched off
        "requests",
        "moto",
        "aws_cdk",
        "aws_lambda_powertools.event_handler",
        "aws_lambda_powertools.utilities.idempotency",
        "aws_lambda_powertools.utilities.parser.envelopes",
        "email_validator",  # the registry's reader has it; it is not in the package
        "functions.cli",
        "infra",
    }
)
RENDERS_EMAIL = frozenset({"send_email"})
HANDLERS = sorted(path.stem for path in (ROOT / "functions/handlers").glob("[!_]*.py"))

LOADED = """
import json, sys
import functions.handlers.{handler}
print(json.dumps(sorted(sys.modules)))
"""


@dataclass(frozen=True, slots=True)
class Loaded:
    names: frozenset[str]

    def has(self, name: str) -> bool:
        return any(loaded == name or loaded.startswith(f"{name}.") for loaded in self.names)


def loaded_by(handler: str) -> Loaded:
    """Every module in a fresh interpreter after importing the handler alone, as Lambda does."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "AWS_DEFAULT_REGION": "eu-west-2"}
    ran = subprocess.run(
        [sys.executable, "-c", LOADED.format(handler=handler)],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return Loaded(frozenset(json.loads(ran.stdout)))


@pytest.mark.slow
@pytest.mark.parametrize("handler", HANDLERS)
def test_a_handler_loads_nothing_it_does_not_need(handler: str, record_property: object) -> None:
    loaded = loaded_by(handler)
    assert not {name for name in NEVER if loaded.has(name)}
    assert loaded.has("jinja2") == (handler in RENDERS_EMAIL)
