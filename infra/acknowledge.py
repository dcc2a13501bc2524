"""Read and confirmed: the page behind each message's link, the police form's page and the post of agencies'
systems, in one API."""

from aws_cdk import Aws, Fn, Stack, aws_apigateway
from constructs import Construct

from functions.settings import AcknowledgeSettings
from infra.acknowledgements import (
    A_TOKEN_OR_A_SIGNATURE_IS_THE_AUTHORISATION,
    EXECUTION_LOGS_WOULD_HOLD_TOKENS,
    READERS_ARE_NO_USERS,
    SECRETS_ARE_ONE_PER_AGENCY,
    THE_FUNCTION_READS_ITS_CONTRACT,
    accept,
)
from infra.foundation import Foundation
from infra.gateway_answers import OF_CONFIRMATIONS, answer_alike
from infra.intake import bus_name
from infra.service_function import ServiceFunction, Size
from infra.web_api import STAGE, Flow, access_log, guard, log_account, regional_api
from schemas.codes import EventType
from schemas.lifecycle import STATUS_PAGE

ACKNOWLEDGE = Size(timeout_seconds=29, memory_mb=1024)
"""As long as API Gateway itself waits; a person is answered long before."""
FLOW = Flow(a_second=10, at_once=20, of_one_address=300)
"""Of each of these: the pages for all who read them, the button of each, and the systems' posts; so that
strangers who open pages by the dozen keep no system's confirmation out. Each is far more than a county
confirms, and all together are the bound of the rows that a flood makes. A whole agency may stand behind one
address."""
PAGE, FORM, CONFIRMATIONS = "/read/{token}", "/police-form/{token}", "/confirmations"


class Acknowledge(Construct):
    """Open to the world, and to no sign-in and no list of addresses: agencies' staff read mail anywhere."""

    def __init__(self, scope: Construct, construct_id: str, *, foundation: Foundation) -> None:
        super().__init__(scope, construct_id)
        self._foundation = foundation
        self.acknowledge = self._acknowledge()
        self.log_account = log_account(self)
        self.access_log = access_log(self, foundation)
        self.api = self._api()
        guard(self, foundation, self.api, name="Confirm", flow=FLOW)
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
        api = regional_api(
            self,
            self._foundation,
            name="confirm",
            description="Read and confirmed",
            flow=FLOW,
            access_log=self.access_log,
            apart=[f"{path}/POST" for path in (PAGE, FORM, CONFIRMATIONS)],
        )
        self._route(api)
        answer_alike(api, OF_CONFIRMATIONS)
        api.deployment_stage.node.add_dependency(self.log_account)
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

    def _base(self) -> str:
        """What a link begins with: the stage's own name, or the API's path at the emulator's address."""
        asked = self._foundation.stage.value("ConfirmBase")
        on_emulator = Fn.join("", [asked, "/_aws/execute-api/", self.api.rest_api_id, "/", STAGE])
        return Fn.condition_if("Real", asked, on_emulator).to_string()
