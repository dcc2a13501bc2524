"""`python -m tests.handlers.crash_figures`: the whole sweep, with more pairs than the tests take; prints the
figures."""

from typing import TYPE_CHECKING, cast

import click
import pytest
from pytest_httpserver import HTTPServer

from functions.log_lines import say_nothing
from tests.handlers.conftest import Context
from tests.handlers.crash_programs import PROGRAMS, TWICE, Story
from tests.handlers.crash_stage import a_stage
from tests.handlers.crash_sweep import Swept, sweep

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

TIMES_AS_MANY_PAIRS = 5
NO_ACCOUNT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-west-2",
}


def _swept(story: Story, pairs: int) -> Swept:
    with pytest.MonkeyPatch.context() as environment, HTTPServer("127.0.0.1") as receiver:
        for name, value in NO_ACCOUNT.items():
            environment.setenv(name, value)
        with a_stage(cast("LambdaContext", Context()), receiver, environment) as stage:
            return sweep(stage, story, pairs=pairs)


def main() -> int:
    """How many runs did not end as they must."""
    say_nothing()
    figures = Swept()
    for function, stories in PROGRAMS.items():
        for story in stories:
            figures.add(_swept(story, TWICE.get(function, 0) * TIMES_AS_MANY_PAIRS))
    click.echo("\n".join((*figures.wrong, str(figures))))
    return len(figures.wrong)


if __name__ == "__main__":
    raise SystemExit(main())
