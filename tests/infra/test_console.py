"""The console's API: closed to every network but the council's, compressed, logged without what was asked."""

import json
from pathlib import Path

import pytest
from aws_cdk import App, aws_lambda
from pydantic import ValidationError

from functions.settings import ConsoleSettings
from infra.console import FLOW
from infra.service_stack import ServiceStack
from infra.stage import LOCAL, Stage
from infra.web_api import ACCESS_LOG
from tests.infra.template import STACK, Api, Template

API = "ConsoleApi"


def test_whatever_the_path_it_is_the_functions_to_answer_and_no_other_method_is(template: Template) -> None:
    methods = Api(template, API).methods
    assert set(methods) == {
        (method, path) for method in ("GET", "HEAD", "POST") for path in ("", "/{proxy+}")
    }
    console = template.functions["console"].logical_id
    for method in methods.values():
        assert method["Integration"]["Type"] == "AWS_PROXY"
        assert console in json.dumps(method["Integration"]["Uri"])


def test_only_the_councils_own_networks_are_let_in_on_a_real_stage(template: Template) -> None:
    api = template.named(API)
    assert api["EndpointConfiguration"] == {"Types": ["REGIONAL"]}
    condition, strict, on_emulator = api["Policy"]["Fn::If"]
    assert (condition, on_emulator) == ("Real", {"Ref": "AWS::NoValue"})
    (statement,) = strict["Statement"]
    assert statement == {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": "execute-api:/*",
        "Condition": {"IpAddress": {"aws:SourceIp": {"Fn::Split": [",", {"Ref": "ConsoleAddresses"}]}}},
    }


def test_the_page_behind_a_messages_link_is_not_behind_that_list(template: Template) -> None:
    assert "Policy" not in template.named("ConfirmApi").properties


def deployment_for(stage: Stage, folder: Path) -> str:
    """The name that the API's deployment has in a template made for this stage."""
    (package := folder / "package").mkdir(parents=True)
    app = App(outdir=str(folder / "cdk.out"))
    ServiceStack(app, STACK, stage=stage, code=aws_lambda.Code.from_asset(str(package)))
    made = Template.of(Path(app.synth().directory))
    return str(Api(made, API).stage["DeploymentId"]["Ref"])


def test_another_list_of_networks_makes_another_deployment_without_which_it_would_not_count(
    template: Template, tmp_path: Path
) -> None:
    written = Stage.named("demo")
    deployed = Api(template, API).stage["DeploymentId"]["Ref"]
    assert deployment_for(written, tmp_path / "same") == deployed
    moved = written.model_copy(update={"console_addresses": ("198.51.100.0/24",)})
    assert deployment_for(moved, tmp_path / "moved") != deployed


@pytest.mark.parametrize("network", ["192.0.2.1/24", "everywhere", ""])
def test_what_is_no_network_is_refused(network: str) -> None:
    values = json.loads(Stage.named("demo").model_dump_json())
    with pytest.raises(ValidationError, match=r"console_addresses\.0"):
        Stage.model_validate_json(json.dumps({**values, "console_addresses": [network]}))


def test_api_gateway_compresses_what_is_worth_it_and_hands_out_files_as_the_bytes_that_they_are(
    template: Template,
) -> None:
    api = template.named(API)
    assert api["MinimumCompressionSize"] == 1024
    assert api["BinaryMediaTypes"] == ["*/*"]
    assert "BinaryMediaTypes" not in template.named("ConfirmApi").properties


def test_the_access_log_holds_neither_a_path_nor_what_was_asked(template: Template) -> None:
    stage = Api(template, API).stage
    assert json.loads(stage["AccessLogSetting"]["Format"]) == ACCESS_LOG
    log = template.target(stage["AccessLogSetting"]["DestinationArn"])
    assert template.target(template.body["Outputs"]["ConsoleAccessLogGroupName"]["Value"]) == log
    assert (log["RetentionInDays"], template.target(log["KmsKeyId"]).name) == (90, "KeyringLogs")
    for settings in stage["MethodSettings"]:
        assert (settings["LoggingLevel"], settings["DataTraceEnabled"]) == ("OFF", False)
        assert settings["ThrottlingRateLimit"] == FLOW.a_second == 50
        assert settings["ThrottlingBurstLimit"] == FLOW.at_once == 100


def test_api_gateway_may_write_its_log_before_the_stage_wants_one(template: Template) -> None:
    (account,) = template.resources("AWS::ApiGateway::Account")
    assert account.logical_id in Api(template, API).stage.body["DependsOn"]


def test_a_firewall_stands_before_a_real_stage_wide_enough_for_a_whole_council(template: Template) -> None:
    acl, association = template.named("ConsoleFirewall"), template.named("ConsoleGuarded")
    assert acl.body["Condition"] == association.body["Condition"] == "Real"
    assert Api(template, API).stage.logical_id in json.dumps(association["ResourceArn"])
    assert acl["Rules"][0]["Statement"]["RateBasedStatement"] == {"AggregateKeyType": "IP", "Limit": 3000}
    for visible in (acl.properties, *acl["Rules"]):
        assert visible["VisibilityConfig"]["SampledRequestsEnabled"] is False


def test_whoever_is_outside_is_told_so_and_not_a_word_of_a_request_is_in_any_answer(
    template: Template,
) -> None:
    answers = Api(template, API).own_answers
    assert answers["ACCESS_DENIED"]["StatusCode"] == "403"
    assert "the council's own network" in answers["ACCESS_DENIED"]["ResponseTemplates"]["application/json"]
    assert answers.keys() == Api(template, "ConfirmApi").own_answers.keys() | {"ACCESS_DENIED"}
    for answer in answers.values():
        said = json.dumps([answer["ResponseTemplates"], answer["ResponseParameters"]])
        assert "$" not in said
        assert "method.request" not in said


def test_the_function_gives_up_with_api_gateway_and_has_the_memory_that_pages_take(
    template: Template,
) -> None:
    console = template.functions["console"]
    assert (console["Timeout"], console["MemorySize"]) == (29, 1024)


def test_only_the_emulators_console_says_that_its_data_is_made_up(template: Template) -> None:
    told = template.functions["console"]["Environment"]["Variables"]
    assert told["IS_DEMO"] == {"Fn::If": ["Local", "true", "false"]}


@pytest.mark.parametrize("name", ["demo", LOCAL])
def test_a_stages_values_are_what_the_consoles_settings_accept(name: str) -> None:
    stage = Stage.named(name)
    told = stage.parameters()
    settings = ConsoleSettings.from_env(
        {
            **dict.fromkeys(("AUDIT_TABLE", "STATE_TABLE", "KEYS_TABLE", "EVENT_BUS"), "x"),
            "FROM_ADDRESS": told["FromAddress"],
            "RETRY_STEPS": told["RetrySteps"],
            **dict.fromkeys(("SIGN_IN_ISSUER", "SIGN_IN_DISCOVERY", "SIGN_IN_CLIENT_ID"), "x"),
            "SIGN_IN_CREDENTIAL_NAME": told["SignInCredentialName"],
            "SIGN_IN_GROUPS_CLAIM": told["SignInGroupsClaim"],
            "CONSOLE_BASE": told["ConsoleBase"],
            "CONSOLE_ROLES": told["ConsoleRoles"],
            "BRANDING": told["Branding"],
            "MANAGED_DOMAINS": told["ManagedDomains"],
            "RA_POLICY": told["RaPolicy"],
            "CLOCKS": told["Clocks"],
            "HUB": told["Hub"],
            "IS_DEMO": "true",
        }
    )
    assert (settings.branding, settings.console_roles) == (stage.branding, stage.sign_in.roles)


def test_the_console_is_told_where_it_stands_and_so_is_whoever_deploys_it(template: Template) -> None:
    told = template.functions["console"]["Environment"]["Variables"]
    assert told["CONSOLE_BASE"] == template.body["Outputs"]["ConsoleUrl"]["Value"] == {"Ref": "ConsoleBase"}
