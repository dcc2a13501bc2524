"""What a command says when it cannot go on."""

import click
from botocore import exceptions
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


_NOBODY = (
    exceptions.NoCredentialsError,
    exceptions.PartialCredentialsError,
    exceptions.CredentialRetrievalError,
    exceptions.ProfileNotFound,
    exceptions.SSOError,
    exceptions.TokenRetrievalError,
)
_NOT_KNOWN = {
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "InvalidToken",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
}
_NOT_ALLOWED = {"AccessDenied", "AccessDeniedException", "KMSAccessDeniedException"}


def not_answered(exc: Exception) -> str:
    """What that is to whoever typed the command."""
    code = exc.response["Error"]["Code"] if isinstance(exc, ClientError) else ""
    if isinstance(exc, _NOBODY):
        return f"no AWS credentials: {exc}\nSign in, or name them by AWS_PROFILE, and run this again."
    if code in _NOT_KNOWN:
        return f"AWS does not take these credentials ({code}): they have run out or are wrong. Sign in again."
    if code in _NOT_ALLOWED:
        return (
            f"these credentials do not allow that: {exc}\n"
            "What `mash` needs is in the policy that the deployment names as OperatorPolicyArn."
        )
    return f"the stack did not answer: {exc}\nIs it still running? See `mash up --help`."
