"""What SES says of the account, the sending domain and the configuration set; it changes none of them."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

TOLD_OF = frozenset(
    {"SEND", "DELIVERY", "BOUNCE", "COMPLAINT", "REJECT", "DELIVERY_DELAY", "RENDERING_FAILURE"}
)
"""What a configuration set must publish, so that we learn what becomes of a message."""


@dataclass(frozen=True, slots=True)
class MailService:
    """SES as it stands."""

    in_production: bool
    sends: bool
    enforcement: str
    most_per_second: float
    most_per_day: float
    sent_today: float
    domain_verified: bool
    demands_tls: bool
    untold: frozenset[str]
    """Of what must be published, what is not."""


def ask(ses: "SESV2Client", *, domain: str, configuration_set: str) -> MailService:
    """Asks SES; what it does not know is not verified and demands nothing."""
    account = ses.get_account()
    quota = account.get("SendQuota", {})
    identity: Mapping[str, Any] = {}
    options: Mapping[str, Any] = {}
    destinations: list[Mapping[str, Any]] = []
    with suppress(ses.exceptions.NotFoundException):
        identity = ses.get_email_identity(EmailIdentity=domain)
    with suppress(ses.exceptions.NotFoundException):
        found = ses.get_configuration_set(ConfigurationSetName=configuration_set)
        told = ses.get_configuration_set_event_destinations(ConfigurationSetName=configuration_set)
        options, destinations = found.get("DeliveryOptions", {}), list(told.get("EventDestinations", []))
    return MailService(
        in_production=bool(account.get("ProductionAccessEnabled")),
        sends=bool(account.get("SendingEnabled")),
        enforcement=str(account.get("EnforcementStatus", "UNKNOWN")),
        most_per_second=quota.get("MaxSendRate", 0.0),
        most_per_day=quota.get("Max24HourSend", 0.0),
        sent_today=quota.get("SentLast24Hours", 0.0),
        domain_verified=bool(identity.get("VerifiedForSendingStatus")),
        demands_tls=options.get("TlsPolicy") == "REQUIRE",
        untold=TOLD_OF - _published(destinations),
    )


def _published(destinations: list[Mapping[str, Any]]) -> set[str]:
    return {
        event
        for destination in destinations
        if destination.get("Enabled") and "EventBridgeDestination" in destination
        for event in destination["MatchingEventTypes"]
    }
