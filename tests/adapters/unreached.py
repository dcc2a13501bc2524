"""What the SDK raises where a service could not be reached, did not answer, or had too much to do."""

from typing import Any

from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

_THERE = "https://service.example"
UNREACHED = (
    ReadTimeoutError(endpoint_url=_THERE),
    ConnectionClosedError(endpoint_url=_THERE),
    EndpointConnectionError(endpoint_url=_THERE),
    ConnectTimeoutError(endpoint_url=_THERE),
)


def told(code: str, status: int) -> ClientError:
    """A service's answer that is none: its code, and the status of its HTTP response."""
    said: Any = {"Error": {"Code": code, "Message": ""}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(said, "Operation")


OVERLOADED = (
    told("ThrottlingException", 400),
    told("ServiceUnavailable", 503),
    told("KMSInternalException", 500),
    told("DependencyTimeoutException", 503),
    told("InternalServiceError", 500),
    told("SlowDown", 503),
)
REFUSED = (told("AccessDeniedException", 400), told("KMSInvalidStateException", 400))
