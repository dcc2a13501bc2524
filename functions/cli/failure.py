"""What a command says when it cannot go on."""

import click
from botocore.exceptions import BotoCoreError, ClientError


class CommandError(click.ClickException):
    """A command failed for a reason that its user can act on; its message says what to do next.

    `field` is the argument or option to change, where there is one.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


NOT_ANSWERED = (BotoCoreError, ClientError)
"""What the clients raise where AWS, or the emulator in its place, refuses or does not answer."""


def not_answered(exc: Exception) -> str:
    """What that is to whoever typed the command."""
    return f"the stack did not answer: {exc}\nIs it still running? See `mash up --help`."
