"""The two events that an agency's endpoint receives beside outcomes: the test before the first one, and the
canary. Neither tells of a child."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import AgencyId, Contract, Instant
from schemas.notice import HttpsUrl


class AboutEndpoint(Contract):
    """Whose endpoint it is, and nothing more."""

    agency_id: AgencyId


class _EndpointEvent(Contract):
    """A CloudEvent about no referral."""

    specversion: Literal["1.0"] = "1.0"
    id: Annotated[str, Field(pattern=r"^msg_[0-9a-f]{32}$")]
    source: HttpsUrl
    time: Instant
    datacontenttype: Literal["application/json"] = "application/json"
    data: AboutEndpoint


class EndpointTestEvent(_EndpointEvent):
    """Asks whether the owner of an endpoint agrees to receive: a 2xx says yes."""

    type: Literal["uk.mash.endpoint-test.v1"] = "uk.mash.endpoint-test.v1"


class CanaryEvent(_EndpointEvent):
    """Asks whether the way to an endpoint is open."""

    type: Literal["uk.mash.canary.v1"] = "uk.mash.canary.v1"
