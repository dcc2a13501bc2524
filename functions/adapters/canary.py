"""The canary event: signed and posted as every outcome is, with nothing to tell."""

from datetime import datetime

from functions.adapters.door import ReadyMessage
from functions.adapters.errors import NoAddressError
from functions.adapters.payload import payload_sha256
from functions.adapters.registry.entry import Entry
from functions.adapters.signing import SecretShelf, signed_headers
from functions.adapters.webhook import FIXED_HEADERS, Outside, read_answer
from schemas.endpoint_events import AboutEndpoint, CanaryEvent


class CanaryDoor:
    """The same way out as every webhook's, under its guard and its deadline.

    `publisher` is the hub's own origin, such as https://outcomes.hub.example.
    """

    def __init__(self, outside: Outside, secrets: SecretShelf, publisher: str) -> None:
        self._outside = outside
        self._secrets = secrets
        self._publisher = publisher.rstrip("/")

    def ready(self, agency: Entry, message_id: str, now: datetime) -> ReadyMessage:
        """The event signed at `now`. Raises FinalError if there is nowhere to post it, or nothing to sign
        with."""
        if (url := agency.url) is None:
            raise NoAddressError(agency.agency_id)
        event = CanaryEvent(
            id=message_id,
            source=f"{self._publisher}/mash",
            time=now,
            data=AboutEndpoint(agency_id=agency.agency_id),
        )
        body = event.model_dump_json().encode()
        live = self._secrets.live(agency.agency_id, now)
        headers = FIXED_HEADERS | signed_headers(message_id, body, live.secrets, now=now)
        return ReadyMessage(
            body_sha256=payload_sha256(body),
            template="canary-1",
            template_sha256=None,
            key_ids=live.key_ids,
            send_once=lambda: self._outside.exchange(
                "POST", url, body, headers, lambda response, ends: read_answer(response, ends, now)
            ),
        )
