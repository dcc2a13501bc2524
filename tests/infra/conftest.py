"""The template, synthesised once for the session, by a process that has neither credentials nor a home."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.infra.template import Template

ROOT = Path(__file__).parents[2]
NOWHERE = "http://127.0.0.1:9"

Synth = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def synth(tmp_path_factory: pytest.TempPathFactory) -> Synth:
    """Runs the CDK app into a folder; the Lambda package is an empty folder of its own making."""
    home = tmp_path_factory.mktemp("home")

    def run(outdir: Path, **context: Any) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "infra.app"],
            cwd=ROOT,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(home),
                "CDK_OUTDIR": str(outdir),
                "CDK_CONTEXT_JSON": json.dumps(context),
                "HTTP_PROXY": NOWHERE,
                "HTTPS_PROXY": NOWHERE,
                # Without these the AWS libraries would ask a cloud machine for its own credentials.
                "AWS_EC2_METADATA_DISABLED": "true",
                "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "18,20",
                "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
            },
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def assembly(synth: Synth, tmp_path_factory: pytest.TempPathFactory) -> Path:
    outdir = tmp_path_factory.mktemp("assembly") / "cdk.out"
    ran = synth(outdir)
    assert ran.returncode == 0, ran.stderr[-3000:]
    return outdir


@pytest.fixture(scope="session")
def template(assembly: Path) -> Template:
    return Template.of(assembly)
