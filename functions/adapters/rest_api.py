"""What API Gateway's REST API hands to a function, and what it wants back: just as much of it as we use."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """One request; header names are in lower case, and the body's bytes are those that were sent."""

    method: str
    route: str
    """The resource with its parameters' names, never their values."""
    parameters: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    request_id: str
    """Lambda's own, of this one invocation. API Gateway's is the client's to choose, by a header: it could be
    free text, or another request's."""

    @classmethod
    def of(cls, event: Mapping[str, Any], request_id: str) -> "Request":
        """Reads a proxy event of version 1."""
        return cls(
            method=event["httpMethod"],
            route=event["resource"],
            parameters=event.get("pathParameters") or {},
            headers={name.lower(): value for name, value in (event.get("headers") or {}).items()},
            body=_body(event),
            request_id=request_id,
        )


@dataclass(frozen=True, slots=True)
class Response:
    """One answer."""

    status: HTTPStatus
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_proxy_answer(self, *, with_body: bool) -> dict[str, Any]:
        """What API Gateway sends on; to HEAD it is the headers alone."""
        return {
            "statusCode": int(self.status),
            "headers": dict(self.headers),
            "body": self.body if with_body else "",
            "isBase64Encoded": False,
        }


def _body(event: Mapping[str, Any]) -> bytes:
    """What cannot be decoded is no body, and its sender is told so as for any other that says nothing."""
    text: str = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return text.encode(errors="replace")
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""
