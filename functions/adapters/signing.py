"""Standard Webhooks signatures: the library behind checks for what it lets through (delivery section 8)."""

import base64
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from standardwebhooks.webhooks import Webhook

from functions.adapters.errors import UnusableSecretError, busy_told

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

TOLERANCE = timedelta(minutes=5)
"""How far a signature's time may be from ours: an older one could be somebody's copy."""
_MESSAGE_ID = re.compile(r"msg_[0-9A-Za-z]{20,40}")
_TIMESTAMP = re.compile(r"[0-9]{10}")
_PREFIX = "whsec_"
_FEWEST_BYTES, _MOST_BYTES = 24, 64


@dataclass(frozen=True, slots=True)
class SigningSecret:
    """One live secret; `whsec` is never logged."""

    whsec: str

    def __post_init__(self) -> None:
        try:
            size = len(base64.b64decode(self.whsec.removeprefix(_PREFIX), validate=True))
        except ValueError as exc:  # binascii.Error is one, and so is the refusal of letters beyond ASCII
            raise UnusableSecretError("not strict base64") from exc
        if not self.whsec.startswith(_PREFIX) or not _FEWEST_BYTES <= size <= _MOST_BYTES:
            raise UnusableSecretError("not a whsec_ secret of 24 to 64 bytes")

    def __repr__(self) -> str:
        return "SigningSecret(...)"


def signed_headers(
    message_id: str, body: bytes, secrets: tuple[SigningSecret, ...], *, now: datetime
) -> dict[str, str]:
    """The three headers that prove who sent `body` and when, with one signature per live secret.

    The moment is rebuilt in UTC from whole seconds, because the library relabels other zones instead of
    converting.
    Raises ValueError for an id that could collide with another when signed, or a naive `now`.
    """
    if not _MESSAGE_ID.fullmatch(message_id):
        raise ValueError("message id is not msg_ and 20 to 40 letters or digits")
    if now.tzinfo is None:
        raise ValueError("now has no time zone")
    second = int(now.timestamp())
    moment = datetime.fromtimestamp(second, UTC)
    signatures = [Webhook(secret.whsec).sign(message_id, moment, body.decode()) for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(second),
        "webhook-signature": " ".join(signatures),
    }


def verified(
    headers: Mapping[str, str], body: bytes, secrets: tuple[SigningSecret, ...], *, now: datetime
) -> bool:
    """Whether one of `secrets` signed these very bytes within five minutes of `now`, either way.

    Header names are in lower case. Whatever cannot be read is no signature, and never an error: a stranger
    wrote all of it.
    """
    try:
        return _is_signed(headers, body.decode(), secrets, now)
    except Exception:  # noqa: BLE001 - the library raises what its table in delivery section 8 lists, and more
        return False


def _is_signed(
    headers: Mapping[str, str], body: str, secrets: tuple[SigningSecret, ...], now: datetime
) -> bool:
    message_id, timestamp = headers["webhook-id"], headers["webhook-timestamp"]
    if not (_MESSAGE_ID.fullmatch(message_id) and _TIMESTAMP.fullmatch(timestamp)):
        return False
    moment = datetime.fromtimestamp(int(timestamp), UTC)
    if abs(now - moment) > TOLERANCE:
        return False
    # Compared here and not by the library, which reads the machine's own clock and bends what it is given.
    given = [each.encode() for each in headers["webhook-signature"].split(" ")]
    own = [Webhook(secret.whsec).sign(message_id, moment, body).encode() for secret in secrets]
    return any(hmac.compare_digest(one, other) for one in own for other in given)


@dataclass(frozen=True, slots=True)
class LiveSecrets:
    """An agency's live secrets, newest first, and the ids by which the trail names the keys that signed."""

    secrets: tuple[SigningSecret, ...]
    key_ids: tuple[str, ...]


class SecretShelf:
    """Reads each agency's signing secrets: a JSON list of `secret` and `ends_at`, made by `mash rotate`."""

    def __init__(self, client: "SecretsManagerClient", prefix: str) -> None:
        self._client = client
        self._prefix = prefix

    def live(self, agency_id: str, now: datetime) -> LiveSecrets:
        """The secrets that are live at `now`. Raises UnusableSecretError if there is none."""
        try:
            with busy_told():
                answer = self._client.get_secret_value(SecretId=f"{self._prefix}{agency_id}")
        except self._client.exceptions.ResourceNotFoundException as exc:
            raise UnusableSecretError("the agency has no secret") from exc
        listed = live_entries(answer["SecretString"], now)
        secrets = tuple(SigningSecret(str(entry["secret"])) for entry in listed)
        if not secrets:
            raise UnusableSecretError("every secret has ended")
        version = answer["VersionId"][:8]
        return LiveSecrets(
            secrets=secrets,
            key_ids=tuple(f"{version}-{number}" for number, _ in enumerate(secrets, start=1)),
        )


def live_entries(listed: str, now: datetime) -> list[dict[str, str | None]]:
    """Those that sign at `now`; raises UnusableSecretError for anything but a list of `secret` and
    `ends_at`."""
    try:
        return [
            {"secret": SigningSecret(entry["secret"]).whsec, "ends_at": entry["ends_at"]}
            for entry in json.loads(listed)
            if _is_live(entry["ends_at"], now)
        ]
    except (AttributeError, KeyError, TypeError, ValueError) as exc:
        raise UnusableSecretError("not a list of secrets") from exc


def _is_live(ends_at: str | None, now: datetime) -> bool:
    return ends_at is None or datetime.fromisoformat(ends_at) > now
