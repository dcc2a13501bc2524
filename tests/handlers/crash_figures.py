"""`python -m tests.handlers.crash_figures`: the sweep with every pair of places; prints the figures."""

import logging

import click
import pytest
from pytest_httpserver import HTTPServer

from functions.log_lines import say_nothing
from tests.handlers.crash_aws import Tables
from tests.handlers.crash_plan import STORIES, Story
from tests.handlers.crash_stage import a_stage
from tests.handlers.crash_sweep import Swept, sweep

NO_ACCOUNT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-west-2",
}


def _swept(stories: tuple[Story, ...]) -> Swept:
    with pytest.MonkeyPatch.context() as environment, HTTPServer("127.0.0.1") as receiver:
        for name, value in NO_ACCOUNT.items():
            environment.setenv(name, value)
        with a_stage(receiver, environment, Tables()) as stage:
            return sweep(stage, stories, pairs=None)


def main() -> int:
    """How many runs did not end as they must, or were left out."""
    say_nothing()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    figures = Swept()
    for function, stories in STORIES.items():
        of_function = _swept(stories)
        click.echo("\n".join((*of_function.wrong, f"{function}: {of_function}")))
        figures.add(of_function)
    click.echo(f"all: {figures}")
    return len(figures.wrong) + figures.left_out


if __name__ == "__main__":
    raise SystemExit(main())
