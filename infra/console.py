"""The managers' console: pages for people who are signed in, on the council's own networks alone."""

from typing import Any

from aws_cdk import Aws, CfnCondition, Fn, Stack, aws_apigateway
from aws_cdk import Size as Volume
from constructs import Construct

from functions.settings import ConsoleSettings
from infra.acknowledgements import (
    A_SESSION_IS_THE_AUTHORISATION,
    EXECUTION_LOGS_WOULD_HOLD_REFERENCES,
    PEOPLE_SIGN_IN_BY_PAGES,
    THE_CONSOLE_READS_ITS_FORMS,
    accept,
)
from infra.audit_store import (
    AGENCIES,
    AGENCY_INDEX,
    ALL_DECISIONS,
    DAY_INDEX,
    DUE_INDEX,
    MESSAGE_INDEX,
    READERS,
    SESSIONS,
    SIGNED_IN,
    SOURCES,
    WORK_INDEX,
    only_partitions,
)
from infra.foundation import Foundation
from infra.gateway_answers import OF_THE_CONSOLE, answer_alike
from infra.intake import bus_name
from infra.senders import REFERRALS_AND_ENQUIRIES
from infra.service_function import ServiceFunction, Size
from infra.sign_in import SignIn
from infra.web_api import Flow, access_log, guard, regional_api
from schemas.codes import EventType
from schemas.risk_assessment import POLICE_DESK

CONSOLE = Size(timeout_seconds=29, memory_mb=1024)
"""As long as API Gateway itself waits; a page takes a fraction of a second."""
FLOW = Flow(a_second=50, at_once=100, of_one_address=3000)
"""A page is up to four requests, and everybody of a council stands behind one address."""
SMALLEST_COMPRESSED = Volume.kibibytes(1)


class Console(Construct):
    """One function for pages and what they are drawn with, behind an API that answers no other network."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        foundation: Foundation,
        sign_in: SignIn,
        log_account: aws_apigateway.CfnAccount,
    ) -> None:
        super().__init__(scope, construct_id)
        self._foundation = foundation
        self.base = foundation.stage.value("ConsoleBase")
        self.console = self._console(sign_in)
        self.access_log = access_log(self, foundation)
        self.api = self._api(log_account)
        guard(self, foundation, self.api, name="Console", flow=FLOW)

    def _console(self, sign_in: SignIn) -> ServiceFunction:
        stage, store = self._foundation.stage, self._foundation.store
        console = ServiceFunction(
            self,
            "Console",
            handler="console",
            environment=ConsoleSettings.to_env(
                audit_table=store.audit.table_name,
                state_table=store.state.table_name,
                keys_table=store.keys.table_name,
                event_bus=bus_name(stage),
                managed_domains=stage.value("ManagedDomains"),
                ra_policy=stage.value("RaPolicy"),
                console_base=self.base,
                sign_in_issuer=sign_in.issuer,
                sign_in_discovery=sign_in.discovery,
                sign_in_client_id=sign_in.client_id,
                sign_in_credential_name=stage.value("SignInCredentialName"),
                sign_in_groups_claim=stage.value("SignInGroupsClaim"),
                console_roles=stage.value("ConsoleRoles"),
                branding=stage.value("Branding"),
                clocks=stage.value("Clocks"),
                from_address=stage.value("FromAddress"),
                retry_steps=stage.value("RetrySteps"),
                hub=stage.value("Hub"),
                is_demo=Fn.condition_if("Local", "true", "false").to_string(),
            ),
            size=CONSOLE,
            runtime=self._foundation.runtime,
        )
        self._let_read_and_act(console)
        self._let_prove_who_asks(console)
        self._let_pass_on_forms(console)
        return console

    def _let_pass_on_forms(self, console: ServiceFunction) -> None:
        """Of all that the bus takes it can put the forms of the police's own desk, under that name alone."""
        bus = Stack.of(self).format_arn(
            service="events", resource="event-bus", resource_name=bus_name(self._foundation.stage)
        )
        only_forms = {"events:source": POLICE_DESK, "events:detail-type": EventType.RA_FORM_METADATA.value}
        console.may("events:PutEvents", on=bus, where={"StringEquals": only_forms})
        # The emulator never fills these condition keys.
        console.may_on_emulator("events:PutEvents", on=bus)

    def _let_read_and_act(self, console: ServiceFunction) -> None:
        """The trail grows under its hands as under an operator's, a row for a reading, and no other way."""
        store = self._foundation.store
        store.let_append(console)
        store.let(console, store.audit, "BatchGetItem", "Query")
        for index in (AGENCY_INDEX, DAY_INDEX):
            console.may("dynamodb:Query", on=f"{store.audit.table_arn}/index/{index}")
        store.let(console, store.state, "BatchGetItem", "ConditionCheckItem", "GetItem", "Query")
        for index in (DUE_INDEX, MESSAGE_INDEX, WORK_INDEX):
            console.may("dynamodb:Query", on=f"{store.state.table_arn}/index/{index}")
        self._let_write(console)
        store.let(console, store.keys, "GetItem")
        store.unlock(console, writes=True)
        self._foundation.keyring.let_unwrap(console, partitions=REFERRALS_AND_ENQUIRIES)

    def _let_write(self, console: ServiceFunction) -> None:
        """Of the state what its acts change, and who is signed in: no count, no event's marker, no list of
        the registry, no reader's link.

        An agency's entry stands in one partition with its endpoint, which acts change, and a condition knows
        no sort key: there IAM stops nothing.
        """
        state = self._foundation.store.state.table_arn
        console.may("dynamodb:PutItem", on=state, where=only_partitions(*REFERRALS_AND_ENQUIRIES, *SIGNED_IN))
        others = (AGENCIES, SOURCES, ALL_DECISIONS, READERS, SESSIONS)
        changed = only_partitions(*REFERRALS_AND_ENQUIRIES, *others)
        console.may("dynamodb:UpdateItem", on=state, where=changed)
        console.may("dynamodb:DeleteItem", on=state, where=only_partitions(*SIGNED_IN))

    def _let_prove_who_asks(self, console: ServiceFunction) -> None:
        """The one secret that the directory gave the console, where it gave one."""
        name = self._foundation.stage.value("SignInCredentialName")
        has_secret = CfnCondition(
            self, "ClientSecret", expression=Fn.condition_not(Fn.condition_equals(name, ""))
        )
        has_secret.override_logical_id("SignInCredentialNamed")
        secret = f"arn:{Aws.PARTITION}:secretsmanager:{Aws.REGION}:{Aws.ACCOUNT_ID}:secret:{name}-??????"
        console.may_where(has_secret, "secretsmanager:GetSecretValue", on=secret)

    def _api(self, log_account: aws_apigateway.CfnAccount) -> aws_apigateway.RestApi:
        api = regional_api(
            self,
            self._foundation,
            name="console",
            description="The managers' console",
            flow=FLOW,
            access_log=self.access_log,
            smallest_compressed=SMALLEST_COMPRESSED,
            hands_out_files=True,
        )
        answer = aws_apigateway.LambdaIntegration(self.console.lambda_function, allow_test_invoke=False)
        for path in (api.root, api.root.add_resource("{proxy+}")):
            for method in ("GET", "HEAD", "POST"):
                path.add_method(method, answer)
        answer_alike(api, OF_THE_CONSOLE)
        self._open_to_the_council_alone(api)
        api.deployment_stage.node.add_dependency(log_account)
        accept(
            api,
            THE_CONSOLE_READS_ITS_FORMS,
            A_SESSION_IS_THE_AUTHORISATION,
            PEOPLE_SIGN_IN_BY_PAGES,
            EXECUTION_LOGS_WOULD_HOLD_REFERENCES,
        )
        return api

    def _open_to_the_council_alone(self, api: aws_apigateway.RestApi) -> None:
        """What no statement allows is refused; the emulator knows no caller's address.

        A policy counts from the next deployment on: so other networks make another deployment.
        """
        resource = api.node.default_child
        if not isinstance(resource, aws_apigateway.CfnRestApi) or api.latest_deployment is None:
            raise TypeError("an API without its CloudFormation resources can be closed to nobody")
        networks = Fn.split(",", self._foundation.stage.value("ConsoleAddresses"))
        resource.policy = Fn.condition_if("Real", _only_from(networks), Aws.NO_VALUE)
        api.latest_deployment.add_to_logical_id(self._foundation.stage.written("ConsoleAddresses"))


def _only_from(networks: list[str]) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "execute-api:Invoke",
                "Resource": "execute-api:/*",
                "Condition": {"IpAddress": {"aws:SourceIp": networks}},
            }
        ],
    }
