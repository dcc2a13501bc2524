"""One template for every stage: what differs is a parameter, and the strict side is the default."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pydantic import ValidationError

from functions.adapters.ledger import keys
from functions.cli.main import cli
from functions.cli.stack import Stack
from functions.settings import EmailSettings, ReceiveSettings, WebhookSettings
from infra.environment import as_parameter
from infra.service_stack import REGION
from infra.stage import CONFIG, LOCAL, Stage
from schemas.codes import EventType
from schemas.sources import OWN_SOURCES
from tests.cli.deployments import DERIVED, as_output
from tests.infra.template import Template
from tests.notices import a_hub_contact

ROOT = Path(__file__).parents[2]
TAGS = {"service", "environment", "owner", "cost-centre", "data-classification"}
TAKES_TAGS = {
    "AWS::CloudWatch::Alarm",
    "AWS::DynamoDB::Table",
    "AWS::Events::EventBus",
    "AWS::Events::Rule",
    "AWS::IAM::Role",
    "AWS::KMS::Key",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Function",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::SES::ConfigurationSet",
    "AWS::SES::EmailIdentity",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
}
DEAD_LETTERS = (
    *("Email", "Intake", "Receipts", "ReceiptsRule", "Reconcile", "Relay", "Rule", "Sweep", "Webhook"),
    *("Count", "Recount"),
)
FUNCTIONS = (
    *("Acknowledge", "Email", "Park", "Receipts", "Receive", "Reconcile", "Relay", "Sweep", "Webhook"),
    *("Console", "Count", "Recount"),
)
LONGEST_NAME = 130
"""Of a table, a key or a queue: an ARN or an address, with an account's number and what CDK adds."""
THREE_DAYS = 71 * 3600 + 36 * 60


@pytest.fixture(
    params=sorted(path.stem for path in CONFIG.glob("*.toml") if not path.stem.startswith("agencies"))
)
def stage(request: pytest.FixtureRequest) -> Stage:
    return Stage.named(request.param)


def test_a_stage_of_the_invented_hub_is_rung_where_its_worked_example_says(stage: Stage) -> None:
    """The console's Help says the one, and messages of a made-up year the other."""
    assert stage.hub == a_hub_contact()


def defaults(template: Template) -> dict[str, Any]:
    """The default of each parameter of ours."""
    ours = {name: it for name, it in template.body["Parameters"].items() if name != "BootstrapVersion"}
    return {name: it["Default"] for name, it in ours.items()}


def test_a_template_without_parameters_is_a_real_stage_with_that_stages_values(template: Template) -> None:
    assert defaults(template) == Stage.named("demo").parameters()
    assert template.body["Conditions"]["Real"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "StageName"}, LOCAL]}]}


def test_the_local_stage_is_no_default(synth: Any, tmp_path: Path) -> None:
    ran = synth(tmp_path / "cdk.out", stage=LOCAL)
    assert ran.returncode != 0
    assert "the template's defaults come from a real stage" in ran.stderr


def test_the_template_is_where_the_verb_says_that_it_wrote_it() -> None:
    written = ROOT / "cdk.out" / "MashOutcomes.template.json"
    written.unlink(missing_ok=True)
    nowhere = CliRunner().invoke(cli, ["synth", "--stage", "nowhere"])
    assert (nowhere.exit_code, written.exists()) == (1, False)
    answer = CliRunner().invoke(cli, ["synth"])
    assert (answer.exit_code, answer.output) == (0, f"{written} is written.\n")
    assert defaults(Template.of(written.parent)) == Stage.named("demo").parameters()


def test_a_stages_values_are_what_the_functions_settings_accept(stage: Stage) -> None:
    told = stage.parameters()
    assert (
        ReceiveSettings.from_env(
            {
                **dict.fromkeys(
                    ("AUDIT_TABLE", "STATE_TABLE", "KEYS_TABLE", "DATA_KEY_ARN", "REJECTED_BUCKET"), "x"
                ),
                "HUB": told["Hub"],
                "CONFIRM_BASE": told["ConfirmBase"],
                "RA_POLICY": told["RaPolicy"],
                "CLOCKS": told["Clocks"],
                "MANAGED_DOMAINS": told["ManagedDomains"],
                "REGISTERED_SOURCES": told["RegisteredSources"],
            }
        ).managed_domains
        == stage.managed_domains
    )
    tables = dict.fromkeys(("AUDIT_TABLE", "STATE_TABLE", "KEYS_TABLE"), "x")
    email = {
        "FROM_ADDRESS": told["FromAddress"],
        "CONFIGURATION_SET": "x",
        "EMAILS_PER_SECOND": told["EmailsPerSecond"],
        "EMAIL_WORKERS": "5",
        "RETRY_STEPS": told["RetrySteps"],
        "REFUSED_STEPS": told["RefusedSteps"],
        "CLOCKS": told["Clocks"],
        "MANAGED_DOMAINS": told["ManagedDomains"],
        "EMAIL_QUEUE_URL": "x",
        "DEAD_LETTERS_URL": "x",
    }
    sends = EmailSettings.from_env({**tables, **email})
    assert (sends.retry_steps, sends.refused_steps) == (stage.retry_steps, stage.refused_steps)
    webhook = {
        "SECRET_PREFIX": "x",
        "HUB": told["Hub"],
        "LOCAL_RECEIVER_ORIGINS": "",
        "RETRY_STEPS": told["RetrySteps"],
        "REFUSED_STEPS": told["RefusedSteps"],
        "CLOCKS": told["Clocks"],
        "WEBHOOK_QUEUE_URL": "x",
        "DEAD_LETTERS_URL": "x",
    }
    assert WebhookSettings.from_env({**tables, **webhook}).local_receiver_origins == ()


def test_only_the_local_stage_shortens_the_retries() -> None:
    real, local = Stage.named("demo"), Stage.named(LOCAL)
    assert len(real.retry_steps) == len(local.retry_steps) == 14
    assert THREE_DAYS <= sum(real.retry_steps) < THREE_DAYS + 60
    assert sum(local.retry_steps) < 3600
    assert (real.refused_steps, sum(local.refused_steps) < 60) == ((0, 300, 1500), True)
    assert (real.clocks.fallback_after_seconds, local.clocks.fallback_after_seconds < 60) == (1800, True)


def longest(value: Any, told: dict[str, str]) -> int:
    """How many bytes a setting may have, where the stage answers the template's questions so."""
    match value:
        case str():
            return len(value.encode())
        case {"Ref": str(name)} if name in told:
            return len(told[name].encode())
        case {"Fn::If": [_, one, other]}:
            return max(longest(one, told), longest(other, told))
        case {"Fn::Join": [_, list(parts)]}:
            return sum(longest(part, told) for part in parts)
    return LONGEST_NAME


def test_a_stages_values_fit_into_the_four_kilobytes_of_each_functions_environment(
    template: Template, stage: Stage
) -> None:
    """AWS counts names and values together."""
    told = stage.parameters()
    for handler, function in template.functions.items():
        variables = function["Environment"]["Variables"]
        assert sum(len(name) + longest(value, told) for name, value in variables.items()) <= 4096, handler


def with_sources(**sources: list[str]) -> str:
    """The demo stage with these sources beside, or in the place of, its own."""
    values = json.loads(Stage.named("demo").model_dump_json())
    return json.dumps({**values, "registered_sources": values["registered_sources"] | sources})


def test_a_stage_whose_values_do_not_fit_into_a_functions_environment_is_refused_by_the_largest() -> None:
    """AWS says so only while it deploys, when half of the stack is changed."""
    many = {f"case-system-{number:02d}": [kind.value for kind in EventType] for number in range(3)}
    with pytest.raises(
        ValidationError, match=r"ReceiveSettings .* of 4000; registered_sources alone"
    ) as told:
        Stage.model_validate_json(with_sources(**many))
    assert "leave out of it" in str(told.value)
    Stage.model_validate_json(with_sources(**dict(list(many.items())[:1])))


def test_what_a_stage_says_to_a_function_is_what_is_measured(template: Template) -> None:
    """Each value of the stage's stands under its setting's name: so its size is known before a synth."""
    asked = {name for name in template.body["Parameters"] if name != "BootstrapVersion"}
    for handler, function in template.functions.items():
        variables = function["Environment"]["Variables"]
        told = {name: value["Ref"] for name, value in variables.items() if "Ref" in value}
        of_the_stage = {name: ref for name, ref in told.items() if ref in asked}
        assert {as_parameter(name.lower()) for name in of_the_stage} == set(of_the_stage.values()), handler


@pytest.mark.parametrize(("name", "kind"), OWN_SOURCES.items())
def test_a_stage_that_would_refuse_what_we_put_on_the_bus_ourselves_is_none(
    name: str, kind: EventType
) -> None:
    values = json.loads(Stage.named("demo").model_dump_json())
    others = {one: types for one, types in values["registered_sources"].items() if one != name}
    for sources in (others, {**others, name: ["DECIDED"]}):
        with pytest.raises(ValidationError, match=f'add "{name}" = \\["{kind}"\\]'):
            Stage.model_validate_json(json.dumps({**values, "registered_sources": sources}))


def test_a_stage_file_with_a_word_too_many_is_refused() -> None:
    values = json.loads(Stage.named("demo").model_dump_json())
    with pytest.raises(ValidationError, match="receiver_origins"):
        Stage.model_validate_json(json.dumps({**values, "receiver_origins": []}))


@pytest.mark.parametrize("name", [keys.CONFIRMATIONS, "mash.*", "a,b", ""])
def test_a_source_without_a_proper_name_is_refused(name: str) -> None:
    """Least of all under the name that the refusals of strangers are kept under."""
    values = json.loads(Stage.named("demo").model_dump_json())
    sources = {**values["registered_sources"], name: ["DECIDED"]}
    with pytest.raises(ValidationError, match=r"registered_sources\."):
        Stage.model_validate_json(json.dumps({**values, "registered_sources": sources}))


def test_receivers_on_the_own_machine_exist_on_the_local_stage_only(template: Template) -> None:
    told = template.functions["send_webhook"]["Environment"]["Variables"]
    assert told["LOCAL_RECEIVER_ORIGINS"] == {"Fn::If": ["Real", "", {"Ref": "LocalReceiverOrigins"}]}
    assert str(template.body).count("'LocalReceiverOrigins'") == 2  # the question, and its one answer


def test_the_service_lives_in_london(assembly: Path, template: Template) -> None:
    manifest = json.loads((assembly / "manifest.json").read_text())
    assert manifest["artifacts"]["MashOutcomes"]["environment"] == "aws://unknown-account/eu-west-2"
    assert REGION == "eu-west-2"
    named = {word for word in json.dumps(template.body).split('"') if word.startswith(("eu-", "us-"))}
    assert named <= {"eu-west-2"}


def test_whatever_takes_tags_carries_all_five(template: Template) -> None:
    for resource in template.resources(*TAKES_TAGS):
        assert {tag["Key"] for tag in resource["Tags"]} == TAGS, resource.name
    untagged = {it.type for it in template.resources() if "Tags" not in it.properties}
    assert not untagged & TAKES_TAGS


def test_the_outputs_are_what_the_command_line_and_the_tests_read(template: Template) -> None:
    places = {
        *(f"{name}DeadLetterQueue{how}" for name in DEAD_LETTERS for how in ("Arn", "Url")),
        *(f"{name}{what}Name" for name in FUNCTIONS for what in ("Function", "LogGroup")),
    }
    assert set(template.body["Outputs"]) == places | {
        "AlarmTopicArn",
        "AuditTableName",
        "Branding",
        "Clocks",
        "ConfigurationSetName",
        "ConfirmAccessLogGroupName",
        "ConfirmBase",
        "ConsoleAccessLogGroupName",
        "ConsoleAddresses",
        "ConsoleApiId",
        "ConsoleRoles",
        "ConsoleUrl",
        "DataKeyArn",
        "EmailQueueUrl",
        "EmailsPerSecond",
        "EventBusName",
        "FromAddress",
        "Hub",
        "IntakeQueueUrl",
        "KeysTableName",
        "OperatorPolicyArn",
        "ManagedDomains",
        "RaPolicy",
        "ReceiptsQueueUrl",
        "RejectedBucketName",
        "SecretPrefix",
        "SignInClientId",
        "SignInCredentialName",
        "SignInGroupsClaim",
        "SignInIssuer",
        "SignInPoolId",
        "StateTableName",
        "WebhookQueueUrl",
    }


def test_a_deployment_says_all_that_the_verbs_ask_of_a_stack(template: Template) -> None:
    asked = {as_output(name) for name in Stack.model_fields.keys() - DERIVED}
    assert asked <= set(template.body["Outputs"])


def test_two_stages_in_one_account_share_no_name(template: Template) -> None:
    assert template.named("IntakeBus")["Name"] == {"Fn::Join": ["", ["mash-outcomes-", {"Ref": "StageName"}]]}
    fixed = {
        f"{it.name}.{name}"
        for it in template.resources()
        for name in ("FunctionName", "QueueName", "TableName", "BucketName", "RoleName", "TopicName")
        if isinstance(it.properties.get(name), str)
    }
    assert not fixed


def test_deploying_without_a_package_is_refused_with_the_next_step(synth: Any, tmp_path: Path) -> None:
    ran = synth(tmp_path / "cdk.out", code=str(tmp_path / "build" / "deploy"))
    assert ran.returncode != 0
    assert "is missing: run `make build` first" in ran.stderr
    assert json.loads((ROOT / "cdk.json").read_text())["context"]["code"] == "build/deploy"


def test_the_shipped_stages_publish_where_the_published_schema_says(stage: Stage) -> None:
    """Messages name their schema by the hub's own origin: the one the schema itself names."""
    schema = json.loads((ROOT / "schemas" / "published" / "outcome.schema.json").read_text(encoding="utf-8"))
    assert schema["$id"] == f"{stage.hub.publisher_url}/schemas/outcome-1.0.json"
