"""What the linters of infrastructure say: nothing, and every exception to that is still needed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.infra.conftest import Synth

Finding = tuple[str, str]
"""A construct's path and the rule it breaks."""


@pytest.fixture(scope="session")
def accepted(assembly: Path) -> set[Finding]:
    metadata: dict[str, list[dict[str, Any]]] = json.loads(
        (assembly / "MashOutcomes.metadata.json").read_text()
    )
    return {
        (path.removeprefix("/"), rule.removeprefix("Annotation::"))
        for path, entries in metadata.items()
        for entry in entries
        if entry["type"] == "aws:cdk:acknowledged-rules"
        for rule in entry["data"]
    }


@pytest.fixture(scope="session")
def found(synth: Synth, tmp_path_factory: pytest.TempPathFactory) -> set[Finding]:
    """All findings, when nothing is accepted."""
    outdir = tmp_path_factory.mktemp("findings") / "cdk.out"
    assert synth(outdir, **{"every-finding": True}).returncode != 0
    report = json.loads((outdir / "validation-report.json").read_text())
    return {
        (place["constructPath"], violation["ruleName"])
        for plugin in report["pluginReports"]
        for violation in plugin["violations"]
        for place in violation["violatingConstructs"]
    }


def covers(accepted: Finding, found: Finding) -> bool:
    return found[1] == accepted[1] and (found[0] + "/").startswith(accepted[0] + "/")


def test_nag_is_clean_because_every_finding_is_accepted_where_it_stands(assembly: Path) -> None:
    report = json.loads((assembly / "validation-report.json").read_text())
    assert report["pluginReports"] == []


def test_every_acceptance_is_still_needed(accepted: set[Finding], found: set[Finding]) -> None:
    assert not {one for one in accepted if not any(covers(one, it) for it in found)}
    assert not {it for it in found if not any(covers(one, it) for one in accepted)}


def test_nothing_is_accepted_for_more_than_one_construct(accepted: set[Finding]) -> None:
    assert "MashOutcomes" not in {path for path, _ in accepted}
    assert all(path.count("/") >= 2 for path, _ in accepted)


def test_cfn_lint_finds_nothing_in_the_template(assembly: Path) -> None:
    ran = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("cfn-lint")), "--regions", "eu-west-2"),
            "--ignore-checks",
            "W3005",  # the library writes dependencies that references already imply
            "W3037",  # sqs:SendMessageBatch, which the emulator knows and AWS does not
            *("--", str(assembly / "MashOutcomes.template.json")),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (0, "")
