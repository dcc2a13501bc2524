"""Signing secrets for tests: a shelf over a Secrets Manager that holds the same few for every agency."""

import json
from typing import TYPE_CHECKING, cast

from functions.adapters.signing import SecretShelf

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class FakeSecrets:
    """Secrets Manager; `held` are the live secrets, newest first, and a test may change them."""

    class exceptions:  # noqa: N801 - boto3's own name
        class ResourceNotFoundException(Exception): ...  # noqa: N818

    def __init__(self, *held: str) -> None:
        self.held = held

    def get_secret_value(self, **which: str) -> dict[str, str]:
        """Version and secret, as the real answer names them."""
        if not self.held:
            raise self.exceptions.ResourceNotFoundException
        listed = [{"secret": secret, "ends_at": None} for secret in self.held]
        return {"SecretString": json.dumps(listed), "VersionId": "0123456789abcdef"}


def shelf_of(secrets: FakeSecrets) -> SecretShelf:
    """The shelf that reads them."""
    return SecretShelf(cast("SecretsManagerClient", secrets), "mash/test/webhook/")


def a_shelf() -> SecretShelf:
    """With one secret."""
    return shelf_of(FakeSecrets(SECRET))
