"""What the SDK raises where a service could not be reached, or did not answer."""

from botocore.exceptions import (
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
