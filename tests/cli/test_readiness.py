"""`mash ready`: each thing that keeps e-mail from arriving is named, with what to do, and fails the check."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner, Result
from joserfc.jwk import KeySet
from pytest_httpserver import HTTPServer

from functions.adapters import aws
from functions.adapters.mail_service import TOLD_OF, MailService
from functions.adapters.on_duty import confirmed_subscriptions
from functions.cli.finding import Finding, in_turn
from functions.cli.main import cli
from functions.cli.readiness import MailStage, findings, on_duty, readiness
from infra.stage import Stage
from schemas.console import DOCUMENT, Branding
from tests.an_aws import an_aws
from tests.cli.deployments import deployed
from tests.console.council import Council

EXAMPLE_PAGES = Stage.named("demo").branding
OWN_PAGES = Branding(council="Fenshire", colour="#00594f", service_desk="01999 1", handling="as agreed")
TOPIC = "arn:aws:sns:eu-west-2:000000000000:duty"
STAGE = MailStage("demo", "outcomes@northshire.example", "outcomes", 14, TOPIC)
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
    with an_aws():
        yield httpserver
    aws.point_at({})


PAGE = """<ListSubscriptionsByTopicResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">
<ListSubscriptionsByTopicResult><Subscriptions>{members}</Subscriptions>{more}</ListSubscriptionsByTopicResult>
<ResponseMetadata><RequestId>one</RequestId></ResponseMetadata></ListSubscriptionsByTopicResponse>"""
CONFIRMED = f"{TOPIC}:0b1c"
PENDING = "PendingConfirmation"


def subscribed(server: HTTPServer, *arns: str, more: str = "", **token: str) -> None:
    """One page of the topic's subscriptions, for whoever asks SNS for it in these words."""
    members = "".join(f"<member><SubscriptionArn>{arn}</SubscriptionArn></member>" for arn in arns)
    asked = {"Action": "ListSubscriptionsByTopic", "Version": "2010-03-31", "TopicArn": TOPIC, **token}
    server.expect_oneshot_request("/", "POST", data=urlencode(asked)).respond_with_data(
        PAGE.format(members=members, more=more), content_type="text/xml"
    )


@pytest.fixture
def sns(ses: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> HTTPServer:
    """An SNS beside that SES."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_SNS", ses.url_for(""))
    aws.point_at({"region_name": "eu-west-2"})
    return ses


@pytest.mark.parametrize(
    ("arns", "reached"), [([], 0), ([PENDING], 0), (["Deleted"], 0), ([PENDING, CONFIRMED], 1)]
)
def test_only_who_has_confirmed_is_reached_by_an_alarm(
    sns: HTTPServer, arns: list[str], reached: int
) -> None:
    subscribed(sns, *arns)
    assert confirmed_subscriptions(aws.sns(), TOPIC) == reached


def test_who_has_confirmed_may_stand_on_a_later_page(sns: HTTPServer) -> None:
    subscribed(sns, *[PENDING] * 100, more="<NextToken>further</NextToken>")
    subscribed(sns, CONFIRMED, NextToken="further")
    assert confirmed_subscriptions(aws.sns(), TOPIC) == 1


def test_alarms_that_reach_nobody_are_to_be_mended() -> None:
    assert str(on_duty(1)) == "ok    Alarms reach 1 confirmed subscription."
    assert str(on_duty(2)) == "ok    Alarms reach 2 confirmed subscriptions."
    assert str(on_duty(0)).startswith("MEND  No alarm would reach anybody: ")


def test_nobody_is_on_duty_on_a_laptop(sns: HTTPServer) -> None:
    sns.expect_request("/v2/email/configuration-sets/outcomes").respond_with_json(
        {"ConfigurationSetName": "outcomes", "DeliveryOptions": {"TlsPolicy": "REQUIRE"}}
    )
    assert len(list(readiness(replace(STAGE, name="local", alarm_topic=None)))) == 8


def ready(folder: Path, tls: str, arn: str, ses: HTTPServer, **told: str) -> Result:
    """Of a stage whose directory and console are `ses` as well."""
    subscribed(ses, arn)
    here = ses.url_for("").rstrip("/")
    council = Council(here, f"{here}/sign-in/back", None)
    ses.expect_request(DOCUMENT).respond_with_json(council.document)
    ses.expect_request("/keys").respond_with_json(KeySet([council.key]).as_dict(private=False))
    ses.expect_request("/sign-in").respond_with_data('<a href="/sign-in/start?to=/">Sign in</a>')
    console = {
        "console_url": here,
        "console_addresses": "198.18.0.0/24",
        "sign_in_issuer": here,
        "sign_in_credential_name": "",
        "branding": OWN_PAGES.model_dump_json(),
    }
    ses.expect_oneshot_request("/v2/email/configuration-sets/outcomes").respond_with_json(
        {"ConfigurationSetName": "outcomes", "DeliveryOptions": {"TlsPolicy": tls}}
    )
    outputs = deployed(folder, configuration_set_name="outcomes", alarm_topic_arn=TOPIC, **(console | told))
    return CliRunner().invoke(cli, ["ready", "--deployed", str(outputs)], prog_name="mash")


def test_the_verb_ends_well_only_if_nothing_is_missing(tmp_path: Path, sns: HTTPServer) -> None:
    answer = ready(tmp_path, "REQUIRE", CONFIRMED, sns)
    assert (answer.exit_code, answer.output.count("ok  ")) == (0, 14)
    answer = ready(tmp_path, "OPTIONAL", CONFIRMED, sns)
    assert (answer.exit_code, answer.output.count("ok  "), answer.output.count("MEND")) == (1, 13, 1)
    answer = ready(tmp_path, "REQUIRE", PENDING, sns)
    assert (answer.exit_code, answer.output.count("ok  "), answer.output.count("MEND")) == (1, 13, 1)


def test_the_verb_looks_at_the_console_as_well(tmp_path: Path, sns: HTTPServer) -> None:
    answer = ready(tmp_path, "REQUIRE", CONFIRMED, sns, branding=EXAMPLE_PAGES.model_dump_json())
    assert (answer.exit_code, answer.output.count("ok  "), answer.output.count("MEND")) == (1, 13, 1)
    assert "MEND  The console's pages have the example's council" in answer.output


def refuses(server: HTTPServer, path: str, code: str) -> None:
    """SES's own way to say no."""
    answer = {"message": "User: one is not authorized"}
    server.expect_oneshot_request(path).respond_with_json(answer, 400, headers={"x-amzn-errortype": code})


def test_a_question_that_is_refused_is_a_line_of_its_own_and_hides_no_other(
    tmp_path: Path, sns: HTTPServer
) -> None:
    sns.clear()
    refuses(sns, "/v2/email/account", "AccessDeniedException")
    answer = ready(tmp_path, "REQUIRE", CONFIRMED, sns)
    (mend,) = [line for line in answer.output.splitlines() if line.startswith("MEND")]
    assert (answer.exit_code, answer.output.count("ok  ")) == (1, 6), answer.output
    assert "Not known: these credentials do not allow that" in mend
    assert "GetAccount" in mend
    assert "OperatorPolicyArn" in mend


def test_each_thing_is_said_before_the_next_is_asked() -> None:
    def asking(asked: list[str], name: str) -> Iterator[Finding]:
        asked.append(name)
        yield Finding(name, is_fine=True)

    asked: list[str] = []
    found = in_turn(asking(asked, "one"), asking(asked, "two"))
    assert (next(found).words, asked) == ("one", ["one"])
