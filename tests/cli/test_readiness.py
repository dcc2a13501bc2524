"""`mash ready`: each thing that keeps e-mail from arriving is named, with what to do, and fails the check."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from moto import mock_aws
from pytest_httpserver import HTTPServer

from functions.adapters import aws
from functions.adapters.mail_service import TOLD_OF, MailService
from functions.cli.main import cli
from functions.cli.readiness import MailStage, findings
from tests.cli.deployments import deployed

STAGE = MailStage("demo", "outcomes@northshire.example", "outcomes", 14)
FINE = MailService(
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


def test_a_stage_that_is_ready_says_so_in_every_line() -> None:
    assert [str(finding) for finding in findings(FINE, STAGE)] == [
        "ok    The account may write to anybody.",
        "ok    Sending is switched on.",
        "ok    SES has nothing against the account.",
        "ok    SES takes 14 e-mails a second; the stage counts on 14.",
        "ok    12 of the day's 50000 e-mails are sent.",
        "ok    northshire.example is verified.",
        "ok    No e-mail leaves without TLS.",
        "ok    SES tells us what becomes of each e-mail.",
    ]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"in_production": False}, "sandbox"),
        ({"sends": False}, "aws sesv2 put-account-sending-attributes --sending-enabled"),
        ({"enforcement": "PROBATION"}, "SES says PROBATION of the account"),
        ({"enforcement": "SHUTDOWN"}, "SES says SHUTDOWN of the account"),
        ({"most_per_second": 1.0}, "lower emails_per_second"),
        ({"sent_today": 40_000.0}, "ask AWS for a higher daily quota"),
        ({"domain_verified": False}, "northshire.example is not verified"),
        ({"demands_tls": False}, "does not demand TLS"),
        ({"untold": TOLD_OF - {"SEND"}}, "BOUNCE, COMPLAINT, DELIVERY, DELIVERY_DELAY, REJECT"),
    ],
)
def test_each_thing_that_is_missing_is_one_line_with_what_to_do(wrong: dict[str, Any], words: str) -> None:
    (missing,) = [finding for finding in findings(replace(FINE, **wrong), STAGE) if not finding.is_fine]
    assert words in missing.words
    assert str(missing).startswith("MEND  ")


def test_an_account_without_a_daily_limit_has_spent_nothing() -> None:
    unlimited = replace(FINE, most_per_day=-1.0)
    assert all(finding.is_fine for finding in findings(unlimited, STAGE))


def test_the_emulators_own_rate_is_no_fault_of_the_local_stage() -> None:
    local = replace(STAGE, name="local", emails_per_second=1000)
    assert all(finding.is_fine for finding in findings(FINE, local))


@pytest.fixture
def ses(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[HTTPServer]:
    """An SES of our own, on the wire as AWS has it; everything is well but what a test changes."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", httpserver.url_for(""))
    httpserver.expect_request("/v2/email/account").respond_with_json(
        {
            "ProductionAccessEnabled": True,
            "SendingEnabled": True,
            "EnforcementStatus": "HEALTHY",
            "SendQuota": {"MaxSendRate": 14.0, "Max24HourSend": 50000.0, "SentLast24Hours": 12.0},
        }
    )
    httpserver.expect_request("/v2/email/identities/northshire.example").respond_with_json(
        {"VerifiedForSendingStatus": True}
    )
    httpserver.expect_request("/v2/email/configuration-sets/outcomes/event-destinations").respond_with_json(
        {
            "EventDestinations": [
                {
                    "Name": "bus",
                    "Enabled": True,
                    "EventBridgeDestination": {"EventBusArn": "arn:aws:events:eu-west-2:0:event-bus/default"},
                    "MatchingEventTypes": sorted(TOLD_OF),
                }
            ]
        }
    )
    with mock_aws():
        yield httpserver
    aws.point_at({})


def ready(folder: Path, tls: str, ses: HTTPServer) -> Result:
    ses.expect_oneshot_request("/v2/email/configuration-sets/outcomes").respond_with_json(
        {"ConfigurationSetName": "outcomes", "DeliveryOptions": {"TlsPolicy": tls}}
    )
    return CliRunner().invoke(
        cli,
        ["ready", "--deployed", str(deployed(folder, configuration_set_name="outcomes"))],
        prog_name="mash",
    )


def test_the_verb_ends_well_only_if_nothing_is_missing(tmp_path: Path, ses: HTTPServer) -> None:
    answer = ready(tmp_path, "REQUIRE", ses)
    assert (answer.exit_code, answer.output.count("ok  ")) == (0, 8)
    answer = ready(tmp_path, "OPTIONAL", ses)
    assert (answer.exit_code, answer.output.count("ok  "), answer.output.count("MEND")) == (1, 7, 1)
