"""From SES back to the trail: what SES publishes, what the rule lets through, and what of it goes on."""

import json
import re
from typing import Any

import pytest
from moto.events.models import EventPattern

from functions.adapters.ses_events import read_receipt
from infra.senders import EMAIL_CONCURRENCY
from tests.infra.template import Template, refers_to
from tests.mail_events import KINDS, MAILBOX, said, ses_event


def rule_target(template: Template) -> dict[str, Any]:
    (only,) = template.named("ReceiptsFromSes")["Targets"]
    return dict(only)


def test_ses_publishes_all_that_becomes_of_a_message_to_the_default_bus(template: Template) -> None:
    (only,) = template.resources("AWS::SES::ConfigurationSetEventDestination")
    assert refers_to(only["ConfigurationSetName"]) == "SendersOutcomes"
    destination = only["EventDestination"]
    assert destination["Enabled"] is True
    assert set(destination["MatchingEventTypes"]) == {
        "send", "delivery", "bounce", "complaint", "reject", "deliveryDelay", "renderingFailure",
    }  # fmt: skip
    assert str(destination["EventBridgeDestination"]["EventBusArn"]).endswith(":event-bus/default']]}")


def test_the_rule_is_on_the_default_bus_and_takes_our_own_mail_alone(template: Template) -> None:
    rule = template.named("ReceiptsFromSes")
    assert "EventBusName" not in rule.properties
    assert rule["EventPattern"] == {
        "source": ["aws.ses"],
        "account": [{"Ref": "AWS::AccountId"}],
        "detail": {
            "mail": {
                "tags": {
                    "ses:configuration-set": [{"Ref": template.named("SendersOutcomes").logical_id}],
                    "message_id": [{"prefix": "msg_"}],
                    "attempt": [{"exists": True}],
                }
            }
        },
    }
    target = rule_target(template)
    assert template.target(target["Arn"]).name == "ReceiptsMailQueue"
    assert template.target(target["DeadLetterConfig"]["Arn"]).name == "ReceiptsRuleDeadLetters"


def is_let_through(template: Template, event: Any) -> bool:
    """Whether the rule of a deployed stage matches, as another program understands patterns."""
    pattern = json.loads(json.dumps(template.named("ReceiptsFromSes")["EventPattern"]))
    pattern["account"] = ["000000000000"]
    pattern["detail"]["mail"]["tags"]["ses:configuration-set"] = ["outcomes"]
    return bool(EventPattern.load(json.dumps(pattern)).matches_event(event))


@pytest.mark.parametrize("kind", KINDS)
def test_what_ses_says_of_our_mail_is_let_through(template: Template, kind: str) -> None:
    assert is_let_through(template, ses_event(kind))


@pytest.mark.parametrize(
    ("tag", "values"),
    [
        ("ses:configuration-set", ["newsletters"]),
        ("message_id", ["campaign-7"]),
        ("message_id", None),
        ("attempt", None),
    ],
)
def test_what_ses_says_of_other_mail_of_the_account_is_not(
    template: Template, tag: str, values: list[str] | None
) -> None:
    event = ses_event("delivered")
    tags = event["detail"]["mail"]["tags"]
    del tags[tag]
    if values is not None:
        tags[tag] = values
    assert not is_let_through(template, event)


def transformed(event: dict[str, Any], transformer: dict[str, Any]) -> str:
    """As EventBridge documents it: a variable in quotes is text, one without is JSON; what is not there is
    left out."""

    def found(path: str) -> Any:
        value: Any = event
        for name in path.removeprefix("$.").split("."):
            value = value.get(name, "") if isinstance(value, dict) else ""
        return value

    values = {name: found(path) for name, path in transformer["InputPathsMap"].items()}

    def filled(match: re.Match[str]) -> str:
        value, quoted = values[match[2]], bool(match[1])
        return json.dumps(("" if value is None else str(value)) if quoted else value)

    return re.sub(r'(")?<(\w+)>(?(1)")', filled, transformer["InputTemplate"])


@pytest.mark.parametrize("kind", KINDS)
def test_what_goes_on_says_the_same_and_names_nobody(template: Template, kind: str) -> None:
    message = transformed(ses_event(kind), rule_target(template)["InputTransformer"])
    assert read_receipt(message) == read_receipt(said(kind))
    assert "@" not in message
    assert MAILBOX not in message
    assert "NS-26" not in message


def test_each_worker_is_told_how_many_share_the_quota(template: Template) -> None:
    told = template.functions["send_email"]["Environment"]["Variables"]
    (mapping,) = (
        it for it in template.mappings if template.target(it["EventSourceArn"]).name == "DeliveryEmailsQueue"
    )
    assert (
        told["EMAIL_WORKERS"] == str(mapping["ScalingConfig"]["MaximumConcurrency"]) == str(EMAIL_CONCURRENCY)
    )
    assert told["EMAILS_PER_SECOND"] == {"Ref": "EmailsPerSecond"}


def test_a_receipt_that_comes_back_is_seen_again_before_somebody_must_have_been_called(
    template: Template,
) -> None:
    """A person is called within five minutes, and the sweep that opens the call runs each minute."""
    queue = template.named("ReceiptsMailQueue")
    assert queue["VisibilityTimeout"] + 60 < 300
