"""Entry: writes the cloud assembly for one stage, with neither credentials nor network."""

import argparse
import sys
import tempfile
import tomllib
from pathlib import Path

from aws_cdk import App, Validations, aws_lambda
from cdk_nag import AwsSolutionsChecks
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from infra.service_stack import ServiceStack
from infra.stage import Stage

STACK = "MashOutcomes"


def main(*, code: Path | None = None, outdir: Path | None = None, stage_name: str | None = None) -> Path:
    """Synthesise into `outdir`, or where the CDK command line wants it, and say where.

    Raises on a cdk-nag finding. Exits with what is wrong in the stage's file, if anything is.

    `code` is a folder that infra.build made. The CDK command line names it by the context of cdk.json; with
    neither, the assembly carries an empty folder, and is a template to read or to test, not to deploy.
    """
    app = App(outdir=str(outdir) if outdir else None, analytics_reporting=False, tree_metadata=False)
    stage = _stage(stage_name or app.node.try_get_context("stage") or "demo")
    with tempfile.TemporaryDirectory() as nothing:
        folder = code or _named_by_the_command_line(app) or Path(nothing)
        ServiceStack(app, STACK, stage=stage, code=aws_lambda.Code.from_asset(str(folder)))
        Validations.of(app).add_plugins(AwsSolutionsChecks(app, verbose=True))
        return Path(app.synth().directory)


def _stage(name: str) -> Stage:
    """Exits with one line for each mistake: the file, the place in it, and what to write there."""
    file = f"infra/config/{name}.toml"
    try:
        return Stage.named(name)
    except FileNotFoundError:
        sys.exit(f"{file} is missing: write it after infra/config/demo.toml, or name another stage")
    except tomllib.TOMLDecodeError as exc:
        sys.exit(f"{file}: {exc}")
    except ValidationError as exc:
        sys.exit("\n".join(f"{file}: {_in_words(one)}" for one in exc.errors(include_url=False)))


def _in_words(mistake: ErrorDetails) -> str:
    place = ".".join(map(str, mistake["loc"]))
    said = mistake["msg"].removeprefix("Value error, ")
    return f"{place}: {said}" if place else said


def _named_by_the_command_line(app: App) -> Path | None:
    named = app.node.try_get_context("code")
    if named is None:
        return None
    if not (folder := Path(named)).is_dir():
        sys.exit(f"{named} is missing: run `make build` first")
    return folder


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(prog="python -m infra.app", description=__doc__)
    arguments.add_argument(
        "--code", type=Path, help="the Lambda package made by infra.build; empty if left out"
    )
    arguments.add_argument("--outdir", type=Path, help="where to; the CDK command line says so itself")
    arguments.add_argument("--stage", help="which of infra/config; else the CDK context's, else demo")
    asked = arguments.parse_args()
    main(code=asked.code, outdir=asked.outdir, stage_name=asked.stage)
