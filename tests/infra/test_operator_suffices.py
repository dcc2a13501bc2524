"""The operator's policy is what the verbs of `mash` call, recorded as they run, and no more."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
import time_machine
from click.testing import CliRunner

from functions.cli.main import cli
from schemas.codes import Channel
from schemas.publication import EXAMPLES
from tests.cli.deployments import deployed
from tests.cli.typed import FOR_GOOD, POLICE, REF, SINCE
from tests.infra.template import Template
from tests.infra.test_permissions import Grant, grants_of
from tests.stage_tables import REGION, on_moto
from tests.world import MORNING, World, a_decision, a_world, an_event_id

TABLES = {"audit": "<AuditStoreAudit>", "state": "<AuditStoreState>", "keys": "<AuditStoreKeys>"}
IN_A_TRANSACTION = {
    "Put": "PutItem", "Update": "UpdateItem", "ConditionCheck": "ConditionCheckItem", "Delete": "DeleteItem",
}  # fmt: skip
OF_READINESS = {
    ("secretsmanager:DescribeSecret", ""),
    ("ses:GetAccount", ""),
    ("ses:GetConfigurationSet", ""),
    ("ses:GetConfigurationSetEventDestinations", ""),
    ("ses:GetEmailIdentity", ""),
    ("sns:ListSubscriptionsByTopic", ""),
}
"""What `mash ready` asks, which the simulation of SES does not answer: see tests/cli/test_readiness.py and
tests/cli/test_console_readiness.py."""
HELD, FAILED, WAITS = "NS-26-HELD00", "NS-26-FA1LED", "NS-26-WA1TS0"
KEYS_OF_SERVICES = {"<KeyringTables>", "<KeyringIntake>"}
"""Used by DynamoDB and S3 in the caller's name."""
Asked = tuple[str, str]
"""An action and, where it is a table's, the table or index."""


@dataclass
class Recorder:
    """What boto3 is asked to send."""

    calls: set[Asked] = field(default_factory=set)

    def note(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        service = model.service_model.service_name
        if service == "dynamodb":
            self.calls |= set(self._tables(model.name, params))
        elif service == "kms":
            self.calls.add((f"kms:{model.name}", "<KeyringData>"))
        elif service != "sts":  # who one is needs no policy
            self.calls.add((f"{service}:{model.name}", ""))

    def _tables(self, operation: str, params: dict[str, Any]) -> Iterator[Asked]:
        for part in params.get("TransactItems", ()):
            for kind, said in part.items():
                yield f"dynamodb:{IN_A_TRANSACTION[kind]}", TABLES[said["TableName"]]
        for name in params.get("RequestItems", ()):
            yield f"dynamodb:{operation}", TABLES[name]
        if "TableName" in params:
            index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
            yield f"dynamodb:{operation}", f"{TABLES[params['TableName']]}{index}"


@pytest.fixture
def world(_no_real_account: None) -> Iterator[World]:
    """One referral held, one failed, one that waits, and an event that was refused."""
    with a_world(on_moto) as one, time_machine.travel(MORNING, tick=False):
        one.take(a_decision())
        one.take(a_decision(referral_ref=FAILED, event_id=an_event_id("failed"), involved_agencies=[]))
        one.police.answers = [FOR_GOOD, FOR_GOOD]
        one.send_due()
        held = a_decision(referral_ref=HELD, event_id=an_event_id("held"), primary_outcome="EMP")
        one.take(held)
        one.take(a_decision(referral_ref=WAITS, event_id=an_event_id("waits")))
        one.take(a_decision(decided_at="yesterday", event_id=an_event_id("refused")))
        yield one


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    session, recorder = boto3.Session(), Recorder()
    session.events.register("before-parameter-build", recorder.note)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", session)
    return recorder


def every_verb(world: World, folder: Path) -> Iterator[tuple[str, ...]]:
    (event := folder / "event.json").write_text(json.dumps(a_decision()), encoding="utf-8")
    (refused,) = (row for row in world.all_items("audit") if row["type"] == "REJECTED")
    yield "send", str(event), "--wait", "0"
    yield "forms", str(EXAMPLES / "ra-forms.csv"), "--wait", "0"
    yield "trail", REF
    yield "trail", "--message", world.delivery(POLICE, Channel.WEBHOOK)["message_id"]
    yield "refused", "--day", f"{MORNING:%Y-%m-%d}"
    yield "refused", "--fetch", refused["kept_as"], "--to", str(folder / "copy")
    yield ("tasks",)
    yield ("status",)
    yield "reconcile", "--day", f"{MORNING:%Y-%m-%d}"
    month = f"{MORNING:%Y-%m}"
    yield "figures", "--month", month
    yield "export", "--since", month, "--until", month, "--folder", str(folder / "export")
    yield "release", HELD, "--reason", "TOLD_BY_PHONE_FIRST"
    yield "done", FAILED, "--task", "CALL_UNTOLD", "--reason", "TOLD_BY_PHONE"
    yield "resend", REF, "--agency", POLICE, "--reason", "NOT_RECEIVED", "--yes"
    yield "cancel", WAITS, "--agency", POLICE, "--reason", "WRONG_RECIPIENT", "--yes"
    yield "pause", POLICE, "--reason", "MAINTENANCE"
    yield "resume", POLICE, "--reason", "ENDPOINT_MENDED"
    yield "recover", POLICE, "--since", SINCE, "--reason", "ENDPOINT_MENDED", "--yes"
    yield "agencies", "list"
    yield "agencies", "check"
    yield "rotate", POLICE


@pytest.fixture
def asked(world: World, recorder: Recorder, tmp_path: Path) -> set[Asked]:
    """Every action that the verbs need."""
    boto3.client("events", region_name=REGION).create_event_bus(Name="bus")
    recorder.calls.clear()
    file = deployed(
        tmp_path,
        audit_table_name="audit",
        state_table_name="state",
        keys_table_name="keys",
        data_key_arn=world.kms_key,
        secret_prefix="mash/demo/webhook/",
        event_bus_name="bus",
        rejected_bucket_name=world.bucket,
    )
    for words in every_verb(world, tmp_path):
        nothing = {"MASH_OUTPUTS": "", "MASH_DEPLOYED": ""}
        answer = CliRunner().invoke(cli, [*words, "--deployed", str(file)], env=nothing)
        assert answer.exit_code in {0, 1, 4}, answer.output
        assert isinstance(answer.exception, SystemExit | None), (words, answer.exception)
    return recorder.calls


def test_the_operators_policy_is_what_the_verbs_ask_for_and_no_more(
    asked: set[Asked], template: Template
) -> None:
    grants = [it for it in grants_of("", template.named("OperatorPolicy")) if it.effect == "Allow"]
    granted = {(it.action, _where(it)) for it in grants if it.resource not in KEYS_OF_SERVICES}
    assert asked | OF_READINESS == granted


def _where(grant: Grant) -> str:
    return grant.resource if grant.action.startswith(("dynamodb:", "kms:")) else ""
