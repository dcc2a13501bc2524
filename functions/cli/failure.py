"""What a command says when it cannot go on."""

import click


class CommandError(click.ClickException):
    """A command failed for a reason that its user can act on; its message says what to do next."""
