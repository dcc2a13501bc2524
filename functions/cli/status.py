"""`mash status`: how a stage stands at this moment, on one screen."""

import click

from functions.cli.options import with_json, with_stack
from functions.cli.outputs import Where, connected
from functions.cli.show import as_json
from functions.cli.standing import standing
from functions.cli.status_lines import status_lines


@click.command()
@with_json
@with_stack
def status(*, wants_json: bool, where: Where) -> None:
    """Say on one screen how the stage stands: what came in, who is told, what waits, what is late.

    It says what was counted last, and when; `mash reconcile` counts anew. Asking is recorded too, before
    anything is shown.
    """
    found = standing(connected(where))
    if wants_json:
        click.echo(as_json(found.as_json()))
    else:
        for line in status_lines(found):
            click.echo(line)
