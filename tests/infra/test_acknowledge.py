"""The confirmation API: open to every reader, throttled, logged without a token, guarded on a real stage."""

import json
from http import HTTPStatus
from typing import Any

from functions.domain.form_link import PATH as FORM_PATH
from functions.domain.read_link import PATH
from functions.flows.acknowledging.answer import Route
from functions.flows.acknowledging.by_system import problem
from infra.acknowledge import FLOW
from infra.web_api import ACCESS_LOG
from tests.infra.conftest import ROOT
from tests.infra.template import Api, Resource, Template

API = "ConfirmApi"


def methods(template: Template) -> dict[tuple[str, str], Resource]:
    return Api(template, API).methods


def stage(template: Template) -> Resource:
    return Api(template, API).stage


def test_the_api_has_the_routes_that_are_answered_and_no_others(template: Template) -> None:
    assert set(methods(template)) == {
        ("GET", Route.PAGE),
        ("HEAD", Route.PAGE),
        ("POST", Route.PAGE),
        ("POST", Route.CONFIRMATIONS),
        ("GET", Route.FORM),
        ("HEAD", Route.FORM),
        ("POST", Route.FORM),
    }
    assert Route.PAGE.startswith(f"/{PATH}/")
    assert Route.FORM.startswith(f"/{FORM_PATH}/")


def test_every_route_calls_the_one_function_and_asks_for_no_sign_in(template: Template) -> None:
    acknowledge = template.functions["acknowledge"]
    for method in methods(template).values():
        assert method["AuthorizationType"] == "NONE"
        assert method["Integration"]["Type"] == "AWS_PROXY"
        assert acknowledge.logical_id in json.dumps(method["Integration"]["Uri"])
    callers = [
        it
        for it in template.resources("AWS::Lambda::Permission")
        if template.target(it["FunctionName"]) == acknowledge
    ]
    assert {it["Principal"] for it in callers} == {"apigateway.amazonaws.com"}
    assert len(callers) == len(methods(template))


def test_the_api_stands_in_the_region_and_is_open_to_every_address(template: Template) -> None:
    """Agencies' staff read mail anywhere: the council's list of addresses must not cover this page."""
    api = template.named(API)
    assert api["EndpointConfiguration"] == {"Types": ["REGIONAL"]}
    assert "Policy" not in api.properties


def test_a_flood_is_held_back_on_every_route_and_one_on_the_page_keeps_no_post_out(
    template: Template,
) -> None:
    everything_else = ("*", "/*")
    settings = {(it["HttpMethod"], it["ResourcePath"]): it for it in stage(template)["MethodSettings"]}
    apart = {
        ("POST", f"/{path.replace('/', '~1')}") for path in (Route.PAGE, Route.FORM, Route.CONFIRMATIONS)
    }
    assert settings.keys() == {everything_else} | apart
    for one in settings.values():
        assert one["ThrottlingRateLimit"] == FLOW.a_second == 10
        assert one["ThrottlingBurstLimit"] == FLOW.at_once == 20
        assert one["MetricsEnabled"] is True


def test_the_access_log_is_encrypted_kept_three_months_and_holds_no_token(template: Template) -> None:
    setting = stage(template)["AccessLogSetting"]
    log = template.target(setting["DestinationArn"])
    assert (log["RetentionInDays"], template.target(log["KmsKeyId"]).name) == (90, "KeyringLogs")
    assert json.loads(setting["Format"]) == ACCESS_LOG
    tells_the_path = ("$context.path", "$context.requestOverride", "$context.customDomain", "$context.domain")
    assert not [value for value in ACCESS_LOG.values() if value.startswith(tells_the_path)]
    a_header_chooses_it = "$context.requestId"
    assert a_header_chooses_it not in ACCESS_LOG.values()
    assert "$context.extendedRequestId" in ACCESS_LOG.values()
    assert ACCESS_LOG["refused"] == "$context.error.responseType", "429 and 403 ring nothing"
    assert template.target(template.body["Outputs"]["ConfirmAccessLogGroupName"]["Value"]) == log
    for settings in stage(template)["MethodSettings"]:
        assert (settings["LoggingLevel"], settings["DataTraceEnabled"]) == ("OFF", False)
    assert "TracingEnabled" not in stage(template).properties


def own_answers(template: Template) -> dict[str, Resource]:
    return Api(template, API).own_answers


def headers(answer: Resource) -> dict[str, str]:
    """As a client has them; API Gateway wants each value in quotes."""
    prefix = "gatewayresponse.header."
    given: dict[str, str] = answer["ResponseParameters"]
    assert all(value.startswith("'") and value.endswith("'") for value in given.values())
    return {name.removeprefix(prefix): value.strip("'") for name, value in given.items()}


def test_what_api_gateway_answers_by_itself_is_a_problem_like_ours(template: Template) -> None:
    ours = problem(HTTPStatus.BAD_REQUEST, "what to do")
    for answer in own_answers(template).values():
        assert ours.headers.items() <= headers(answer).items()
        assert headers(answer).keys() - ours.headers.keys() <= {"retry-after"}
        (body,) = (json.loads(text) for text in answer["ResponseTemplates"].values())
        assert body["title"]
        if status := answer.properties.get("StatusCode"):
            assert body.keys() == json.loads(ours.body).keys()
            assert body["status"] == int(status)
        else:
            assert body.keys() == {"title"}


def test_every_answer_of_its_own_has_its_status_and_those_that_pass_say_when_to_try_again(
    template: Template,
) -> None:
    said = {
        kind: (answer.properties.get("StatusCode"), headers(answer).get("retry-after"))
        for kind, answer in own_answers(template).items()
    }
    assert said == {
        "MISSING_AUTHENTICATION_TOKEN": ("404", None),
        "WAF_FILTERED": ("403", None),
        "THROTTLED": ("429", "10"),
        "DEFAULT_4XX": (None, None),
        "DEFAULT_5XX": (None, "60"),
    }


def test_not_a_word_of_a_request_is_in_those_answers(template: Template) -> None:
    """Only the two forms of a variable are filled in: from the context, and from the request's own parts."""
    for answer in own_answers(template).values():
        said = json.dumps([answer["ResponseTemplates"], answer["ResponseParameters"]])
        assert "$" not in said
        assert "method.request" not in said


def test_the_stage_answers_so_from_its_first_deployment_on(template: Template) -> None:
    deployment = template.target(stage(template)["DeploymentId"])
    answers = {it.logical_id for it in own_answers(template).values()}
    assert answers
    assert answers <= set(deployment.body["DependsOn"])


def test_the_readme_tells_systems_what_may_keep_them_out() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"more than {FLOW.a_second} a second of all agencies' posts together, or " in readme
    assert f", or {FLOW.at_once} at once: send it again after `Retry-After`" in readme
    assert f"more than {FLOW.of_one_address} requests in five minutes from one address" in readme


def test_api_gateway_may_write_its_log_before_the_stage_wants_one(template: Template) -> None:
    (account,) = template.resources("AWS::ApiGateway::Account")
    assert account.logical_id in stage(template).body["DependsOn"]
    role = template.target(account["CloudWatchRoleArn"])
    (policy,) = role["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert all(action.startswith("logs:") for action in statement["Action"])
    for shared in (account, role):
        assert shared.body["DeletionPolicy"] == "Retain", "another stage may use it"


def test_a_firewall_stands_before_a_real_stage_and_keeps_no_sample_of_a_request(template: Template) -> None:
    acl, association = template.named("ConfirmFirewall"), template.named("ConfirmGuarded")
    assert acl.body["Condition"] == association.body["Condition"] == "Real"
    assert stage(template).logical_id in json.dumps(association["ResourceArn"])
    rules: list[dict[str, Any]] = acl["Rules"]
    assert [rule["Name"] for rule in rules] == [
        "TooManyOfOneAddress",
        "AWSManagedRulesAmazonIpReputationList",
        "AWSManagedRulesKnownBadInputsRuleSet",
    ]
    assert rules[0]["Statement"]["RateBasedStatement"] == {"AggregateKeyType": "IP", "Limit": 300}
    assert rules[0]["Action"] == {"Block": {}}
    for visible in (acl.properties, *rules):
        assert visible["VisibilityConfig"]["SampledRequestsEnabled"] is False


def test_links_begin_with_the_stages_own_name_and_on_the_emulator_with_its_address(
    template: Template,
) -> None:
    api = template.named(API)
    base = {
        "Fn::If": [
            "Real",
            {"Ref": "ConfirmBase"},
            {
                "Fn::Join": [
                    "",
                    [{"Ref": "ConfirmBase"}, "/_aws/execute-api/", {"Ref": api.logical_id}, "/prod"],
                ]
            },
        ]
    }
    told = template.functions["receive_event"]["Environment"]["Variables"]
    assert told["CONFIRM_BASE"] == template.body["Outputs"]["ConfirmBase"]["Value"] == base
    assert stage(template)["StageName"] == "prod"


def test_what_it_passes_on_goes_to_the_bus_that_the_intake_hears(template: Template) -> None:
    (bus,) = template.resources("AWS::Events::EventBus")
    assert template.functions["acknowledge"]["Environment"]["Variables"]["EVENT_BUS"] == bus["Name"]


def test_the_policies_that_the_page_lists_are_those_that_the_check_knows(template: Template) -> None:
    variables = [
        template.functions[name]["Environment"]["Variables"] for name in ("acknowledge", "receive_event")
    ]
    assert variables[0]["RA_POLICY"] == variables[1]["RA_POLICY"] == {"Ref": "RaPolicy"}


def test_the_function_gives_up_with_api_gateway_and_not_after_it(template: Template) -> None:
    assert template.functions["acknowledge"]["Timeout"] <= 29
