"""Changing an agency's signing secret: a new one beside the older ones, which end after an overlap."""

import base64
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from functions.adapters.errors import UnusableSecretError
from functions.adapters.signing import SigningSecret, live_entries

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

SECRET_BYTES = 32
MOST_LIVE = 10
"""A header with one signature for each must still be read by every receiver."""
MOST_OVERLAP = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Rotation:
    """A change that is ready to be made: the trail names its key before the key stands anywhere."""

    agency_id: str
    key_id: str
    older_end_at: str | None
    """When the last of the older ones ends; None where there is none."""
    live: int
    version: str
    listed: str

    def __repr__(self) -> str:
        return f"Rotation({self.agency_id!r}, {self.key_id!r})"


class SecretKeeper:
    """Writes what `SecretShelf` reads: an agency's JSON list of `secret` and `ends_at`, newest first."""

    def __init__(self, client: "SecretsManagerClient", prefix: str) -> None:
        self._client = client
        self._prefix = prefix

    def has_secret(self, agency_id: str, now: datetime) -> bool:
        """Whether anything signs for the agency now."""
        return bool(self._live(agency_id, now))

    def is_live_for(self, agency_ids: Iterable[str], secret: SigningSecret, now: datetime) -> bool:
        """Whether `secret` signs for one of these agencies now."""
        return any(
            entry["secret"] == secret.whsec
            for agency_id in agency_ids
            for entry in self._older(agency_id, now)
        )

    def prepare(
        self, agency_id: str, secret: SigningSecret, *, overlap: timedelta, version: str, now: datetime
    ) -> Rotation:
        """The list with `secret` first and the older live ones ending within `overlap`.

        `version` is a new UUID, under which Secrets Manager will know the change.
        Raises UnusableSecretError if the secret signs already, or too many would be live.
        """
        older = self._older(agency_id, now)
        if any(entry["secret"] == secret.whsec for entry in older):
            raise UnusableSecretError("this secret signs already: make another")
        ends_at = now + overlap
        kept = [
            {"secret": entry["secret"], "ends_at": _sooner(entry["ends_at"], ends_at)}
            for entry in older
            if overlap
        ]
        listed = [{"secret": secret.whsec, "ends_at": None}, *kept]
        if len(listed) > MOST_LIVE:
            raise UnusableSecretError(f"{MOST_LIVE} secrets are live: wait until one has ended")
        return Rotation(
            agency_id=agency_id,
            key_id=f"{version[:8]}-1",
            older_end_at=max((str(entry["ends_at"]) for entry in kept), default=None),
            live=len(listed),
            version=version,
            listed=json.dumps(listed),
        )

    def make(self, rotation: Rotation) -> None:
        """Makes the change; from now on every message is signed with the new secret too."""
        name = f"{self._prefix}{rotation.agency_id}"
        try:
            self._client.put_secret_value(
                SecretId=name, SecretString=rotation.listed, ClientRequestToken=rotation.version
            )
        except self._client.exceptions.ResourceNotFoundException:
            self._client.create_secret(
                Name=name, SecretString=rotation.listed, ClientRequestToken=rotation.version
            )

    def _older(self, agency_id: str, now: datetime) -> list[dict[str, str | None]]:
        try:
            return self._live(agency_id, now)
        except UnusableSecretError:
            return []  # what cannot be read signs nothing, and must not keep a good one out

    def _live(self, agency_id: str, now: datetime) -> list[dict[str, str | None]]:
        try:
            answer = self._client.get_secret_value(SecretId=f"{self._prefix}{agency_id}")
        except self._client.exceptions.ResourceNotFoundException:
            return []
        return live_entries(answer["SecretString"], now)


def new_secret(random_bytes: Callable[[int], bytes]) -> SigningSecret:
    """A secret that nobody has had."""
    return SigningSecret("whsec_" + base64.b64encode(random_bytes(SECRET_BYTES)).decode())


def _sooner(ends_at: str | None, overlap_ends_at: datetime) -> str:
    """One that was to end earlier still does."""
    already = datetime.fromisoformat(ends_at) if ends_at else overlap_ends_at
    return min(already, overlap_ends_at).astimezone(UTC).isoformat(timespec="seconds")
