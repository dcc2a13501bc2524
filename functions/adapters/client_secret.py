"""The secret that the directory gave the console, as Secrets Manager keeps it, and what is said of it."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

EXPIRES = "expires"
"""The tag in which whoever keeps a new value says until when the directory takes it: nothing else knows."""

CURRENT = "AWSCURRENT"
"""The version that whoever names none is given."""
DEFAULT_KEY = "alias/aws/secretsmanager"


@dataclass(frozen=True, slots=True)
class ClientSecret:
    """A secret as it is kept."""

    name: str
    is_being_deleted: bool
    has_value: bool
    """False where none was put yet: the name stands, and is empty."""
    key: str | None
    """The KMS key of its own; None under the account's default key, the only one of use to the console."""
    expires: str | None
    """As the tag has it, whatever that is; None where nobody said."""

    @property
    def expires_on(self) -> date | None:
        """The day, where the tag says one."""
        try:
            return date.fromisoformat(self.expires or "")
        except ValueError:
            return None


def kept(client: "SecretsManagerClient", name: str) -> ClientSecret | None:
    """The secret of that name; None if there is none."""
    try:
        found = client.describe_secret(SecretId=name)
    except client.exceptions.ResourceNotFoundException:
        return None
    tags = {tag.get("Key"): tag.get("Value") for tag in found.get("Tags", ())}
    stages = found.get("VersionIdsToStages", {}).values()
    return ClientSecret(
        name,
        is_being_deleted="DeletedDate" in found,
        has_value=any(CURRENT in of_a_version for of_a_version in stages),
        key=None if (key := found.get("KmsKeyId", DEFAULT_KEY)).endswith(DEFAULT_KEY) else key,
        expires=tags.get(EXPIRES),
    )


def value(client: "SecretsManagerClient", name: str) -> str:
    """The secret itself, for the directory alone.

    Without the end of a line that a file of it has, and `--secret-string file://...` keeps: no directory
    makes a secret with one, and none would take it.
    """
    return client.get_secret_value(SecretId=name)["SecretString"].rstrip("\r\n")
