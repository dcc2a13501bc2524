"""What each Lambda loads at cold start: an exact list per handler, because imports are most of it (P3)."""

import json
import os
import re
import subprocess
import sys
from importlib.metadata import packages_distributions

import pytest

from tests.house.tree import ROOT

SDK = frozenset({"boto3", "botocore", "jmespath", "s3transfer", "python-dateutil", "six", "urllib3"})
"""What Lambda's own runtime ships, so that the package need not."""

ALWAYS = frozenset(
    {
        "annotated_types",
        "aws_lambda_powertools",
        "pydantic",
        "pydantic_core",
        "typing_extensions",
        "typing_inspection",
    }
    | {"boto3", "botocore", "certifi", "dateutil", "jmespath", "s3transfer", "six", "urllib3"}
)
SEALS = frozenset({"_cffi_backend", "cryptography"})
RENDERS_EMAIL = frozenset({"jinja2", "markupsafe"})
SIGNS_AND_POSTS = frozenset({"standardwebhooks", "httpx", "httpcore", "h11", "anyio", "idna", "ssrfguard"})

VERIFIES = frozenset({"standardwebhooks"})

SIGNS_PEOPLE_IN = frozenset({"itsdangerous", "joserfc"})

LIBRARIES = {
    "acknowledge": ALWAYS | RENDERS_EMAIL | VERIFIES,
    "console": ALWAYS | SEALS | RENDERS_EMAIL | SIGNS_AND_POSTS | SIGNS_PEOPLE_IN,
    "count_outcomes": ALWAYS,
    "park_dead_letter": ALWAYS | SEALS,
    "receive_event": ALWAYS | SEALS,
    "record_receipt": ALWAYS,
    "reconcile": ALWAYS,
    "recount_days": ALWAYS,
    "relay_deliveries": ALWAYS,
    "send_email": ALWAYS | SEALS | RENDERS_EMAIL,
    "send_webhook": ALWAYS | SEALS | SIGNS_AND_POSTS,
    "sweep_due": ALWAYS,
}

ONLY = {"console": {"aws_lambda_powertools.event_handler"}}
"""What else belongs to one handler: a router, for the one that has more routes than it could name."""

NEVER = (
    "aws_xray_sdk",  # 7.6 times a bare cold start, even when switched off
    "requests",
    "aws_lambda_powertools.event_handler",
    "aws_lambda_powertools.utilities.idempotency",
    "aws_lambda_powertools.utilities.parser.envelopes",
    "schemas.agency",  # only the operator's command reads the registry; its e-mail validator is not packaged
)

LOAD = """
import importlib, json, sys

class OnlyThePackage:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {absent}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, OnlyThePackage())
importlib.import_module("functions.handlers.{handler}")
print(json.dumps({{name: getattr(module, "__file__", None) or "" for name, module in sys.modules.items()}}))
"""


def absent_in_lambda() -> set[str]:
    """The top-level modules installed here that neither the package nor Lambda's runtime will have."""
    lock = (ROOT / "requirements-runtime.txt").read_text(encoding="utf-8")
    packaged = {_plain(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)} | SDK
    installed = packages_distributions().items()
    return {root for root, owners in installed if not {_plain(owner) for owner in owners} & packaged} - {
        "functions",
        "schemas",
    }


def _plain(name: str) -> str:
    return re.sub(r"[._-]+", "-", name).lower()


def loaded_by(handler: str) -> dict[str, str]:
    """Every module, with its file, after a fresh interpreter imported the handler alone, as Lambda does."""
    ran = subprocess.run(
        [sys.executable, "-c", LOAD.format(handler=handler, absent=absent_in_lambda())],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "AWS_DEFAULT_REGION": "eu-west-2"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return dict(json.loads(ran.stdout))


@pytest.mark.slow
@pytest.mark.parametrize("handler", LIBRARIES)
def test_a_handler_loads_exactly_the_libraries_it_needs(handler: str) -> None:
    loaded = loaded_by(handler)
    assert {name.partition(".")[0] for name, file in loaded.items() if "site-packages" in file} == LIBRARIES[
        handler
    ]
    assert set(NEVER) & set(loaded) == ONLY.get(handler, set())


def test_every_handler_has_its_list() -> None:
    handlers = {path.stem for path in (ROOT / "functions/handlers").glob("[!_]*.py")}
    assert handlers == set(LIBRARIES)
