"""What both of our APIs are made of: the REST API itself, its throttle, its access log and its firewall."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import RemovalPolicy, Size, aws_apigateway, aws_iam, aws_logs, aws_wafv2
from constructs import Construct

from infra.acknowledgements import ACCESS_LOGS_HAVE_NO_NAMES_YET, accept
from infra.foundation import Foundation

STAGE = "prod"
ACCESS_LOG = {
    "requestId": "$context.extendedRequestId",
    "invocation": "$context.integration.requestId",
    "time": "$context.requestTime",
    "sourceIp": "$context.identity.sourceIp",
    "method": "$context.httpMethod",
    "route": "$context.resourcePath",
    "status": "$context.status",
    "latencyMs": "$context.responseLatency",
    "refused": "$context.error.responseType",
}
"""The route, never the path or what is asked there: that holds a token with which anybody could confirm, a
referral's reference, a sign-in's code. Nothing of a client's own choosing either, as `$context.requestId` is;
`invocation` is what a row of the trail has as its cause; `refused` is why API Gateway itself answered, as
THROTTLED, WAF_FILTERED or ACCESS_DENIED."""
WRITES_ACCESS_LOGS = (
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:PutLogEvents",
)
"""What API Gateway checks that its role may do before it lets a stage have an access log."""


@dataclass(frozen=True)
class Flow:
    """How many requests are let through; what one address may ask is counted over five minutes."""

    a_second: int
    at_once: int
    of_one_address: int


def access_log(scope: Construct, foundation: Foundation) -> aws_logs.LogGroup:
    """Of one API, for three months; it outlives the stack."""
    return aws_logs.LogGroup(
        scope,
        "Access",
        encryption_key=foundation.keyring.logs,
        retention=aws_logs.RetentionDays.THREE_MONTHS,
        removal_policy=RemovalPolicy.RETAIN,
    )


def regional_api(
    scope: Construct,
    foundation: Foundation,
    *,
    name: str,
    description: str,
    flow: Flow,
    access_log: aws_logs.LogGroup,
    apart: Sequence[str] = (),
    smallest_compressed: Size | None = None,
    hands_out_files: bool = False,
) -> aws_apigateway.RestApi:
    """An API in the Region, not at the edge; the routes `apart`, as path and method, are throttled by
    themselves. What is sent is compressed from such a size on. Files that are no text need every type to be
    binary: API Gateway goes by what a browser says it takes first, which is a page, whatever it asks for."""
    api = aws_apigateway.RestApi(
        scope,
        "Api",
        rest_api_name=f"mash-outcomes-{foundation.stage.value('StageName')}-{name}",
        description=description,
        endpoint_types=[aws_apigateway.EndpointType.REGIONAL],
        cloud_watch_role=False,
        min_compression_size=smallest_compressed,
        binary_media_types=["*/*"] if hands_out_files else None,
        deploy_options=aws_apigateway.StageOptions(
            stage_name=STAGE,
            **_counted_and_throttled(flow),
            method_options={
                route: aws_apigateway.MethodDeploymentOptions(**_counted_and_throttled(flow))
                for route in apart
            },
            access_log_destination=aws_apigateway.LogGroupLogDestination(access_log),
            access_log_format=aws_apigateway.AccessLogFormat.custom(_as_json(ACCESS_LOG)),
        ),
    )
    api.node.try_remove_child("Endpoint")  # an output that nobody asked for
    return api


def log_account(scope: Construct) -> aws_apigateway.CfnAccount:
    """API Gateway writes no access log in an account that names it no role for that; one a Region, which
    outlives a stage that others share it with.

    The ceiling over the functions' roles is not for this one: it is no function's.
    """
    role = aws_iam.Role(
        scope,
        "LogRole",
        assumed_by=aws_iam.ServicePrincipal("apigateway.amazonaws.com"),
        inline_policies={
            "WriteAccessLogs": aws_iam.PolicyDocument(
                statements=[aws_iam.PolicyStatement(actions=list(WRITES_ACCESS_LOGS), resources=["*"])]
            )
        },
    )
    accept(role, ACCESS_LOGS_HAVE_NO_NAMES_YET)
    aws_iam.PermissionsBoundary.of(role).clear()
    account = aws_apigateway.CfnAccount(scope, "LogAccount", cloud_watch_role_arn=role.role_arn)
    for shared in (role, account):
        shared.apply_removal_policy(RemovalPolicy.RETAIN)
    return account


def guard(
    scope: Construct, foundation: Foundation, api: aws_apigateway.RestApi, *, name: str, flow: Flow
) -> None:
    """A web application firewall: the emulator's would block nothing, and takes no association."""
    acl = aws_wafv2.CfnWebACL(
        scope,
        "Firewall",
        scope="REGIONAL",
        default_action=aws_wafv2.CfnWebACL.DefaultActionProperty(allow={}),
        visibility_config=_counted(name),
        rules=[
            aws_wafv2.CfnWebACL.RuleProperty(
                name="TooManyOfOneAddress",
                priority=0,
                action=aws_wafv2.CfnWebACL.RuleActionProperty(block={}),
                statement=aws_wafv2.CfnWebACL.StatementProperty(
                    rate_based_statement=aws_wafv2.CfnWebACL.RateBasedStatementProperty(
                        aggregate_key_type="IP", limit=flow.of_one_address
                    )
                ),
                visibility_config=_counted("TooManyOfOneAddress"),
            ),
            _managed("AWSManagedRulesAmazonIpReputationList", priority=1),
            _managed("AWSManagedRulesKnownBadInputsRuleSet", priority=2),
        ],
    )
    guarded = aws_wafv2.CfnWebACLAssociation(
        scope, "Guarded", resource_arn=api.deployment_stage.stage_arn, web_acl_arn=acl.attr_arn
    )
    for resource in (acl, guarded):
        resource.cfn_options.condition = foundation.stage.real


def _counted_and_throttled(flow: Flow) -> dict[str, Any]:
    """What holds for a method by itself: one that is named inherits nothing from the others."""
    return {
        "throttling_rate_limit": flow.a_second,
        "throttling_burst_limit": flow.at_once,
        "logging_level": aws_apigateway.MethodLoggingLevel.OFF,
        "data_trace_enabled": False,
        "metrics_enabled": True,
    }


def _as_json(fields: dict[str, str]) -> str:
    inside = ",".join(f'"{name}":"{value}"' for name, value in fields.items())
    return f"{{{inside}}}"


def _counted(name: str) -> aws_wafv2.CfnWebACL.VisibilityConfigProperty:
    """Counted, and no request kept as a sample: its path would be one."""
    return aws_wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
    )


def _managed(name: str, *, priority: int) -> aws_wafv2.CfnWebACL.RuleProperty:
    """One of AWS's own lists, which blocks what it lists."""
    return aws_wafv2.CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        override_action=aws_wafv2.CfnWebACL.OverrideActionProperty(none={}),
        statement=aws_wafv2.CfnWebACL.StatementProperty(
            managed_rule_group_statement=aws_wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(
                vendor_name="AWS", name=name
            )
        ),
        visibility_config=_counted(name),
    )
