"""Read and confirmed: the page behind each message's link, the police form's page and the post of agencies'
systems, in one API."""

from typing import Any

from aws_cdk import (
    Aws,
    Fn,
    RemovalPolicy,
    Stack,
    aws_apigateway,
    aws_iam,
    aws_logs,
    aws_wafv2,
)
from constructs import Construct

from functions.settings import AcknowledgeSettings
from infra.acknowledgements import (
    A_TOKEN_OR_A_SIGNATURE_IS_THE_AUTHORISATION,
    ACCESS_LOGS_HAVE_NO_NAMES_YET,
    EXECUTION_LOGS_WOULD_HOLD_TOKENS,
    READERS_ARE_NO_USERS,
    SECRETS_ARE_ONE_PER_AGENCY,
    THE_FUNCTION_READS_ITS_CONTRACT,
    accept,
)
from infra.foundation import Foundation
from infra.gateway_answers import answer_alike
from infra.intake import bus_name
from infra.service_function import ServiceFunction, Size
from schemas.codes import EventType
from schemas.lifecycle import STATUS_PAGE

ACKNOWLEDGE = Size(timeout_seconds=29, memory_mb=1024)
"""As long as API Gateway itself waits; a person is answered long before."""
REQUESTS_A_SECOND = 10
REQUESTS_AT_ONCE = 20
"""Of each of these: the pages for all who read them, the button of each, and the systems' posts; so that
strangers who open pages by the dozen keep no system's confirmation out. Each is far more than a county
confirms, and all together are the bound of the rows that a flood makes."""
PAGE, FORM, CONFIRMATIONS = "/read/{token}", "/police-form/{token}", "/confirmations"
REQUESTS_OF_ONE_ADDRESS = 300
"""In five minutes: a whole agency may stand behind one address."""
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
}
"""The route, never the path: that holds a token, with which anybody could confirm. Nothing of a client's own
choosing either, as `$context.requestId` is; `invocation` is what a row of the trail has as its cause."""
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


class Acknowledge(Construct):
    """Open to the world, and to no sign-in and no list of addresses: agencies' staff read mail anywhere."""

    def __init__(self, scope: Construct, construct_id: str, *, foundation: Foundation) -> None:
        super().__init__(scope, construct_id)
        self._foundation = foundation
        self.acknowledge = self._acknowledge()
        self.api = self._api()
        self._guard()
        self.base = self._base()

    def _acknowledge(self) -> ServiceFunction:
        stage, store = self._foundation.stage, self._foundation.store
        acknowledge = ServiceFunction(
            self,
            "Acknowledge",
            handler="acknowledge",
            environment=AcknowledgeSettings.to_env(
                audit_table=store.audit.table_name,
                state_table=store.state.table_name,
                event_bus=bus_name(stage),
                secret_prefix=stage.secret_prefix,
                ra_policy=stage.value("RaPolicy"),
                hub=stage.value("Hub"),
            ),
            size=ACKNOWLEDGE,
            runtime=self._foundation.runtime,
        )
        store.let_append(acknowledge)
        store.let(acknowledge, store.state, "BatchGetItem", "GetItem", "UpdateItem")
        store.let_find_messages(acknowledge)
        store.unlock(acknowledge, writes=True)
        secrets = (
            f"arn:{Aws.PARTITION}:secretsmanager:{Aws.REGION}:{Aws.ACCOUNT_ID}:secret:{stage.secret_prefix}*"
        )
        acknowledge.may("secretsmanager:GetSecretValue", on=secrets)
        acknowledge.accept(SECRETS_ARE_ONE_PER_AGENCY)
        self._let_pass_on_statements(acknowledge)
        return acknowledge

    def _let_pass_on_statements(self, acknowledge: ServiceFunction) -> None:
        """It answers strangers: of all that the bus takes, it can put what the police say of their form, and
        that under its own name alone."""
        bus = Stack.of(self).format_arn(
            service="events", resource="event-bus", resource_name=bus_name(self._foundation.stage)
        )
        only_statements = {
            "events:source": STATUS_PAGE,
            "events:detail-type": EventType.RA_STATUS_CHANGED.value,
        }
        acknowledge.may("events:PutEvents", on=bus, where={"StringEquals": only_statements})
        # The emulator never fills these condition keys.
        acknowledge.may_on_emulator("events:PutEvents", on=bus)

    def _api(self) -> aws_apigateway.RestApi:
        log = aws_logs.LogGroup(
            self,
            "Access",
            encryption_key=self._foundation.keyring.logs,
            retention=aws_logs.RetentionDays.THREE_MONTHS,
            removal_policy=RemovalPolicy.RETAIN,
        )
        api = aws_apigateway.RestApi(
            self,
            "Api",
            rest_api_name=f"mash-outcomes-{self._foundation.stage.value('StageName')}-confirm",
            description="Read and confirmed",
            endpoint_types=[aws_apigateway.EndpointType.REGIONAL],
            cloud_watch_role=False,
            deploy_options=aws_apigateway.StageOptions(
                stage_name=STAGE,
                **_counted_and_throttled(),
                method_options={
                    f"{path}/POST": aws_apigateway.MethodDeploymentOptions(**_counted_and_throttled())
                    for path in (PAGE, FORM, CONFIRMATIONS)
                },
                access_log_destination=aws_apigateway.LogGroupLogDestination(log),
                access_log_format=aws_apigateway.AccessLogFormat.custom(_as_json(ACCESS_LOG)),
            ),
        )
        api.node.try_remove_child("Endpoint")  # an output that nobody asked for
        self._route(api)
        answer_alike(api)
        api.deployment_stage.node.add_dependency(self._log_role())
        accept(
            api,
            THE_FUNCTION_READS_ITS_CONTRACT,
            A_TOKEN_OR_A_SIGNATURE_IS_THE_AUTHORISATION,
            READERS_ARE_NO_USERS,
            EXECUTION_LOGS_WOULD_HOLD_TOKENS,
        )
        return api

    def _route(self, api: aws_apigateway.RestApi) -> None:
        answer = aws_apigateway.LambdaIntegration(self.acknowledge.lambda_function, allow_test_invoke=False)
        for path in (PAGE, FORM):
            page = api.root.resource_for_path(path)
            for method in ("GET", "HEAD", "POST"):
                page.add_method(method, answer)
        api.root.resource_for_path(CONFIRMATIONS).add_method("POST", answer)

    def _log_role(self) -> aws_apigateway.CfnAccount:
        """API Gateway writes no access log in an account that names it no role for that; one a Region,
        which outlives a stage that others share it with.

        The ceiling over the functions' roles is not for this one: it is no function's.
        """
        role = aws_iam.Role(
            self,
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
        account = aws_apigateway.CfnAccount(self, "LogAccount", cloud_watch_role_arn=role.role_arn)
        for shared in (role, account):
            shared.apply_removal_policy(RemovalPolicy.RETAIN)
        return account

    def _guard(self) -> None:
        """A web application firewall: the emulator's would block nothing, and takes no association."""
        acl = aws_wafv2.CfnWebACL(
            self,
            "Firewall",
            scope="REGIONAL",
            default_action=aws_wafv2.CfnWebACL.DefaultActionProperty(allow={}),
            visibility_config=_counted("Confirm"),
            rules=[
                aws_wafv2.CfnWebACL.RuleProperty(
                    name="TooManyOfOneAddress",
                    priority=0,
                    action=aws_wafv2.CfnWebACL.RuleActionProperty(block={}),
                    statement=aws_wafv2.CfnWebACL.StatementProperty(
                        rate_based_statement=aws_wafv2.CfnWebACL.RateBasedStatementProperty(
                            aggregate_key_type="IP", limit=REQUESTS_OF_ONE_ADDRESS
                        )
                    ),
                    visibility_config=_counted("TooManyOfOneAddress"),
                ),
                _managed("AWSManagedRulesAmazonIpReputationList", priority=1),
                _managed("AWSManagedRulesKnownBadInputsRuleSet", priority=2),
            ],
        )
        stage_arn = self.api.deployment_stage.stage_arn
        guarded = aws_wafv2.CfnWebACLAssociation(
            self, "Guarded", resource_arn=stage_arn, web_acl_arn=acl.attr_arn
        )
        for resource in (acl, guarded):
            resource.cfn_options.condition = self._foundation.stage.real

    def _base(self) -> str:
        """What a link begins with: the stage's own name, or the API's path at the emulator's address."""
        asked = self._foundation.stage.value("ConfirmBase")
        on_emulator = Fn.join("", [asked, "/_aws/execute-api/", self.api.rest_api_id, "/", STAGE])
        return Fn.condition_if("Real", asked, on_emulator).to_string()


def _counted_and_throttled() -> dict[str, Any]:
    """What holds for a method by itself: one that is named inherits nothing from the others."""
    return {
        "throttling_rate_limit": REQUESTS_A_SECOND,
        "throttling_burst_limit": REQUESTS_AT_ONCE,
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
