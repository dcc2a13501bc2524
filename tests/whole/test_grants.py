"""Each function needs what it is granted: with one grant less in the template, that function fails."""

import copy
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from infra.local.assembly import Assembly, current_assembly
from infra.local.deploy import deploy
from infra.local.emulator import Emulator, running_emulator
from tests.mail_events import said
from tests.world import a_decision, wrapped

NO_MAIL_IS_SENT = 9
"""The discard port: nothing in this file reaches an agency."""

ONE_GRANT = {
    "acknowledge": ("dynamodb:Query", "not authorized to perform: dynamodb:Query"),
    "receive_event": ("dynamodb:PutItem", '"operation":"TransactWriteItems"'),
    # The emulator's word for what AWS calls sqs:SendMessage.
    "relay_deliveries": ("sqs:SendMessageBatch", "not authorized to perform: sqs:SendMessageBatch"),
    "sweep_due": ("dynamodb:Query", "not authorized to perform: dynamodb:Query"),
    "send_email": ("dynamodb:BatchGetItem", '"operation":"BatchGetItem"'),
    "send_webhook": ("dynamodb:BatchGetItem", '"operation":"BatchGetItem"'),
    "park_dead_letter": ("s3:PutObject", '"operation":"PutObject"'),
    "record_receipt": ("dynamodb:Query", '"operation":"Query"'),
    "reconcile": ("dynamodb:Query", "not authorized to perform: dynamodb:Query"),
    "console": ("dynamodb:GetItem", '"message":"PAGE_UNANSWERED"'),
    "count_outcomes": ("dynamodb:GetItem", "not authorized to perform: dynamodb:GetItem"),
    "recount_days": ("dynamodb:Query", "not authorized to perform: dynamodb:Query"),
}
"""What is taken from each function, wherever its policies grant it, and how the function then says so."""

NAMED_OTHERWISE = {"record_receipt": "receipts"}
"""Functions whose output is not called after the first word of their handler."""

UPDATED_WITHIN_SECONDS = 60
Template = dict[str, Any]


class Stack:
    """The template on an emulator of its own, and a way to call each function."""

    def __init__(self, emulator: Emulator, assembly: Assembly) -> None:
        self.emulator, self.assembly = emulator, assembly
        self.parameters = {**assembly.stage["parameters"], "LocalReceiverOrigins": "http://127.0.0.1:9"}
        self.outputs = deploy(emulator, assembly, assembly.stage["stack_name"], self.parameters)
        self.serial = iter(range(1, 1_000_000))
        self._put_a_sent_delivery("email")
        self._put_a_sent_delivery("webhook")

    def client(self, service: str) -> Any:
        return boto3.client(service, **self.emulator.connection)  # type: ignore[call-overload]

    def call(self, handler: str, event: dict[str, Any]) -> str:
        """What the function answered, and what it logged if it failed."""
        word = NAMED_OTHERWISE.get(handler) or handler.removeprefix("send_").split("_")[0]
        name = self.outputs[f"{word}_function_name"]
        answer = self.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event).encode())
        return f"{answer.get('FunctionError', 'answered')}: {answer['Payload'].read().decode()}"

    def logged_by(self, handler: str) -> str:
        """Everything in the function's log."""
        logs = self.client("logs")
        word = {"receive": "Receive", "relay": "Relay", "sweep": "Sweep", "park": "Park", "record": "Record"}
        word |= {"count": "Count", "recount": "Recount"}
        part = word.get(handler.split("_", maxsplit=1)[0]) or handler.removeprefix("send_").title()
        groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
        (group,) = [name for name in groups if f"{part}Logs" in name]
        return "\n".join(event["message"] for event in logs.filter_log_events(logGroupName=group)["events"])

    def update(self, template: Template) -> None:
        """The stack updated to `template`; raises AssertionError if it does not take."""
        bucket, cloudformation = "edited-templates", self.client("cloudformation")
        s3 = self.client("s3")
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
        s3.put_object(Bucket=bucket, Key="template.json", Body=json.dumps(template).encode())
        name = self.assembly.stage["stack_name"]
        cloudformation.update_stack(
            StackName=name,
            TemplateURL=f"{self.emulator.endpoint_url}/{bucket}/template.json",
            Parameters=[
                {"ParameterKey": key, "ParameterValue": value} for key, value in self.parameters.items()
            ],
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
        )
        ends, moment = time.monotonic() + UPDATED_WITHIN_SECONDS, threading.Event()
        while (status := cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]) in {
            "UPDATE_IN_PROGRESS",
            "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        }:
            assert time.monotonic() < ends
            moment.wait(0.2)
        assert status == "UPDATE_COMPLETE"

    def event_for(self, handler: str) -> dict[str, Any]:
        """An event that makes the function use the grant in question."""
        number = next(self.serial)
        if handler == "receive_event":
            event_id = f"0d0f2c9e-8a53-4a0e-9f0e-{number:012d}"
            decision = a_decision(
                event_id=event_id,
                referral_ref=f"NS-26-G{number:05d}",
                referring_agency=None,
                involved_agencies=[],
            )
            return letters(wrapped(decision, event_id), number)
        if handler == "relay_deliveries":
            image = {
                "pk": {"S": "R#NS-26-NOBODY"},
                "sk": {"S": "N#01#0001#nobody#email"},
                "due_pk": {"S": "DUE#1"},
            }
            return {"Records": [{"eventName": "INSERT", "dynamodb": {"NewImage": image}}]}
        if handler in _OF_THEIR_OWN:
            return _OF_THEIR_OWN[handler](number)
        if handler == "park_dead_letter":
            return letters(f"no event {number}", number)
        if handler.startswith("send_"):
            channel = handler.removeprefix("send_")
            return letters(json.dumps(sent_delivery(channel)), number)
        return {}

    def _put_a_sent_delivery(self, channel: str) -> None:
        """A delivery for which a sender has nothing left to do, once it has been able to read it."""
        item = {**sent_delivery(channel), "st": "SENT"}
        self.client("dynamodb").put_item(
            TableName=self.outputs["state_table_name"],
            Item={name: {"S": value} for name, value in item.items()},
        )


def letters(body: str, number: int) -> dict[str, Any]:
    record = {
        "messageId": f"message-{number}",
        "receiptHandle": "receipt",
        "body": body,
        "attributes": {"ApproximateReceiveCount": "1"},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-2:000000000000:queue",
        "awsRegion": "eu-west-2",
    }
    return {"Records": [record]}


def about_unknown_mail(number: int) -> dict[str, Any]:
    """A receipt of an e-mail that nobody knows, so old that it is not waited for."""
    body = said("accepted", message_id=f"msg_{number:032x}", at="2020-01-01T00:00:00Z")
    return letters(body, number)


def sent_delivery(channel: str) -> dict[str, str]:
    """The key of a delivery over `channel`, as queue messages carry it."""
    return {"pk": "R#NS-26-GRANTS", "sk": f"N#01#0001#north-agency#{channel}"}


def about_no_message(number: int) -> dict[str, Any]:
    """A confirmation as API Gateway hands it over, of a message that nobody was sent."""
    return {
        "httpMethod": "POST",
        "resource": "/confirmations",
        "headers": {},
        "requestContext": {"requestId": f"request-{number}"},
        "body": json.dumps({"id": f"msg_{number:032x}", "role": "MANAGER"}),
        "isBase64Encoded": False,
    }


def nobody_who_comes_back(number: int) -> dict[str, Any]:
    """A browser that comes back from a sign-in which nobody began, which the function looks for."""
    return {
        "httpMethod": "GET",
        "path": "/sign-in/back",
        "headers": {},
        "multiValueQueryStringParameters": {"state": [f"state-{number}"]},
        "requestContext": {"requestId": f"request-{number}"},
        "body": None,
        "isBase64Encoded": False,
    }


def about_no_row(_: int) -> dict[str, Any]:
    """A batch that only makes the function read the registry."""
    return {"Records": []}


_OF_THEIR_OWN = {
    "acknowledge": about_no_message,
    "console": nobody_who_comes_back,
    "record_receipt": about_unknown_mail,
    "count_outcomes": about_no_row,
}


def handlers_of(template: Template) -> dict[str, str]:
    """Handler's name -> logical id of its role."""
    return {
        resource["Properties"]["Handler"].split(".")[2]: resource["Properties"]["Role"]["Fn::GetAtt"][0]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::Lambda::Function"
        and resource["Properties"]["Handler"].startswith("functions.handlers.")
    }


def without(template: Template, handler: str, action: str) -> int:
    """Takes `action` out of every policy of the function's role, in place; how often it stood there."""
    role, taken = handlers_of(template)[handler], 0
    for resource in template["Resources"].values():
        if resource["Type"] != "AWS::IAM::Policy" or {"Ref": role} not in resource["Properties"]["Roles"]:
            continue
        for statement in resource["Properties"]["PolicyDocument"]["Statement"]:
            if statement["Effect"] == "Allow":
                actions = statement["Action"]
                listed = [actions] if isinstance(actions, str) else actions
                left = [one for one in listed if one != action]
                taken += len(listed) - len(left)
                statement["Action"] = left or ["sqs:GetQueueUrl"]
    return taken


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running_emulator(NO_MAIL_IS_SENT) as emulator:
        yield Stack(emulator, current_assembly())


@pytest.fixture(scope="module")
def answers_with_all_grants(stack: Stack) -> dict[str, str]:
    return {handler: stack.call(handler, stack.event_for(handler)) for handler in ONE_GRANT}


@pytest.fixture(scope="module")
def answers_with_one_grant_less(stack: Stack, answers_with_all_grants: dict[str, str]) -> dict[str, str]:
    template = copy.deepcopy(stack.assembly.template)
    for handler, (action, _) in ONE_GRANT.items():
        assert without(template, handler, action) >= 1
    stack.update(template)
    return {handler: stack.call(handler, stack.event_for(handler)) for handler in ONE_GRANT}


def test_every_deployed_function_is_tried(stack: Stack) -> None:
    assert set(handlers_of(stack.assembly.template)) == set(ONE_GRANT)


@pytest.mark.parametrize("handler", ONE_GRANT)
def test_a_function_works_with_its_grants_and_fails_without_one(
    stack: Stack,
    answers_with_all_grants: dict[str, str],
    answers_with_one_grant_less: dict[str, str],
    handler: str,
) -> None:
    answered = answers_with_all_grants[handler]
    assert answered in {
        "answered: null",
        'answered: {"queued": 0, "fired": 0}',
        'answered: {"differences": 0}',
        'answered: {"batchItemFailures": []}',
    } or answered.startswith(
        ('answered: {"statusCode": 401, ', 'answered: {"statusCode": 403, ', 'answered: {"queued": ')
    )
    said = answers_with_one_grant_less[handler] + stack.logged_by(handler)
    assert "AccessDenied" in said
    assert ONE_GRANT[handler][1] in said
    assert answers_with_one_grant_less[handler] != answered
