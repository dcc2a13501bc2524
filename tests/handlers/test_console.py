"""The console's own tools, as its function makes them in a container: what the directory is shown."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from functions.adapters import aws
from functions.handlers import console
from functions.settings import ConsoleSettings
from infra.stage import Stage
from tests.an_aws import an_aws

ROOT = Path(__file__).parents[2]
SECRET = "mash/demo/sign-in"
MADE_UP = "Xy8Q~made-up"


@pytest.fixture
def container(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Of the stage demo, with a directory that gave it a secret."""
    stage = Stage.named("demo")
    of_the_stage = dict.fromkeys(map(str.upper, ConsoleSettings.model_fields), "x") | {
        "CONSOLE_BASE": stage.console_base,
        "CONSOLE_ROLES": stage.sign_in.roles.model_dump_json(),
        "BRANDING": stage.branding.model_dump_json(),
        "RA_POLICY": stage.ra_policy.model_dump_json(),
        "CLOCKS": stage.clocks.model_dump_json(),
        "HUB": stage.hub.model_dump_json(),
        "RETRY_STEPS": "0,10",
        "IS_DEMO": "false",
        "SIGN_IN_CREDENTIAL_NAME": SECRET,
    }
    for name, value in of_the_stage.items():
        monkeypatch.setenv(name, value)
    console.desk.cache_clear()
    aws.point_at({"region_name": "eu-west-2"})
    with an_aws():
        yield monkeypatch
    aws.point_at({})
    console.desk.cache_clear()


def shown_to_the_directory() -> str | None:
    return console.desk().sign_in.issuer.client.secret()


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_the_end_of_a_files_line_is_no_part_of_a_secret(container: pytest.MonkeyPatch, end: str) -> None:
    aws.secretsmanager().create_secret(Name=SECRET, SecretString=f"{MADE_UP}{end}")
    assert shown_to_the_directory() == MADE_UP


def test_a_public_client_shows_none(container: pytest.MonkeyPatch) -> None:
    container.setenv("SIGN_IN_CREDENTIAL_NAME", "")
    assert shown_to_the_directory() is None


def test_once_it_is_loaded_no_collection_goes_through_it_again() -> None:
    """In the middle of a first page that would take longer than the page."""
    loading = "import gc, functions.handlers.console; print(gc.get_freeze_count())"
    ran = subprocess.run(
        [sys.executable, "-c", loading],
        env={"AWS_DEFAULT_REGION": "eu-west-2", "AWS_LAMBDA_FUNCTION_NAME": "console"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(ran.stdout) > 100_000
