"""What SES says of itself, read as facts; what it does not know is not there."""

from typing import TYPE_CHECKING, Any, cast

import pytest

from functions.adapters.mail_service import TOLD_OF, MailService, ask

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

ALL_OF_IT = {
    "Name": "bus",
    "Enabled": True,
    "EventBridgeDestination": {},
    "MatchingEventTypes": list(TOLD_OF),
}


class NotFoundError(Exception):
    """SES's own error for what it does not know."""


class Exceptions:
    NotFoundException = NotFoundError


class FakeSes:
    """SES with one verified domain and one configuration set, unless a test takes them away."""

    exceptions = Exceptions

    def __init__(self, *destinations: dict[str, Any], domain: str = "", tls: str = "REQUIRE") -> None:
        self.destinations = list(destinations)
        self.domain = domain or "northshire.example"
        self.tls = tls

    def get_account(self) -> dict[str, Any]:
        return {
            "ProductionAccessEnabled": True,
            "SendingEnabled": True,
            "EnforcementStatus": "HEALTHY",
            "SendQuota": {"MaxSendRate": 14.0, "Max24HourSend": 50_000.0, "SentLast24Hours": 12.0},
        }

    def get_email_identity(self, **asked: str) -> dict[str, Any]:
        if asked != {"EmailIdentity": self.domain}:
            raise NotFoundError
        return {"VerifiedForSendingStatus": True}

    def get_configuration_set(self, **asked: str) -> dict[str, Any]:
        if asked != {"ConfigurationSetName": "outcomes"}:
            raise NotFoundError
        return {"DeliveryOptions": {"TlsPolicy": self.tls}}

    def get_configuration_set_event_destinations(self, **asked: str) -> dict[str, Any]:
        return {"EventDestinations": self.destinations}


def asked(ses: FakeSes, configuration_set: str = "outcomes") -> MailService:
    client = cast("SESV2Client", ses)
    return ask(client, domain="northshire.example", configuration_set=configuration_set)


def test_what_ses_says_is_read_whole() -> None:
    assert asked(FakeSes(ALL_OF_IT)) == MailService(
        in_production=True,
        sends=True,
        enforcement="HEALTHY",
        most_per_second=14.0,
        most_per_day=50_000.0,
        sent_today=12.0,
        domain_verified=True,
        demands_tls=True,
        untold=frozenset(),
    )


def test_a_domain_and_a_configuration_set_that_ses_does_not_know_are_not_there() -> None:
    found = asked(FakeSes(ALL_OF_IT, domain="southshire.example"), configuration_set="another")
    assert (found.domain_verified, found.demands_tls, found.untold) == (False, False, TOLD_OF)


def test_tls_that_is_optional_is_not_demanded() -> None:
    assert not asked(FakeSes(ALL_OF_IT, tls="OPTIONAL")).demands_tls


@pytest.mark.parametrize(
    ("destinations", "untold"),
    [
        ([], TOLD_OF),
        ([{**ALL_OF_IT, "Enabled": False}], TOLD_OF),
        ([{"Name": "sns", "Enabled": True, "SnsDestination": {}, "MatchingEventTypes": ["SEND"]}], TOLD_OF),
        ([{**ALL_OF_IT, "MatchingEventTypes": ["SEND", "OPEN"]}], TOLD_OF - {"SEND"}),
        (
            [{**ALL_OF_IT, "MatchingEventTypes": ["SEND"]}, {**ALL_OF_IT, "MatchingEventTypes": ["BOUNCE"]}],
            TOLD_OF - {"SEND", "BOUNCE"},
        ),
    ],
)
def test_what_no_destination_of_ours_publishes_is_untold(
    destinations: list[dict[str, Any]], untold: frozenset[str]
) -> None:
    assert asked(FakeSes(*destinations)).untold == untold
