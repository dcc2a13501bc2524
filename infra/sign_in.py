"""Who signs people in: the council's own directory, or else a pool of this stack, with a second factor."""

from typing import TypeVar

from aws_cdk import Aws, CfnCondition, CfnResource, Fn, RemovalPolicy, aws_cognito
from constructs import Construct

from infra.acknowledgements import A_SECOND_FACTOR_ON_EVERY_REAL_STAGE, NO_RISK_SCORES_OF_STAFF, accept
from infra.stage import StageParameters
from schemas.console import DOCUMENT, POOL_GROUPS

Made = TypeVar("Made", bound=CfnResource)

LONGEST_MINUTES = 5
"""A token is read once, when somebody comes back from signing in; the console's session is its own."""
SHORTEST_REFRESH_MINUTES = 60
"""The least that Cognito takes; nothing asks for a token anew."""


class SignIn(Construct):
    """The pool is made only where the stage names no directory. Nobody can register: an administrator adds
    people, and puts them into a group."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: StageParameters) -> None:
        super().__init__(scope, construct_id)
        self._stage = stage
        self.own = CfnCondition(self, "Own", expression=Fn.condition_equals(stage.value("SignInIssuer"), ""))
        self.own.override_logical_id("OwnSignIn")
        self._pool = self._make_pool()
        self._client = self._make_client()
        for group in POOL_GROUPS:
            self._if_own(
                aws_cognito.CfnUserPoolGroup(self, group, user_pool_id=self.pool_id, group_name=group)
            )
        self._if_own(
            aws_cognito.CfnUserPoolDomain(
                self,
                "Pages",
                user_pool_id=self.pool_id,
                domain=Fn.join("-", ["mash-outcomes", stage.value("StageName"), Aws.ACCOUNT_ID]),
            )
        )

    @property
    def pool_id(self) -> str:
        """The pool's own, where there is one."""
        return self._pool.ref

    @property
    def issuer(self) -> str:
        """Whose tokens the console believes."""
        return self._either(self._pools_name(), self._stage.value("SignInIssuer"))

    @property
    def discovery(self) -> str:
        """Where the issuer's document is found: below its name, and on the emulator, whose pool has a name
        that only AWS answers for, by the console's own address."""
        on_emulator = Fn.join("", [self._stage.value("ConsoleBase"), "/", self.pool_id, DOCUMENT])
        of_pool = Fn.condition_if("Local", on_emulator, Fn.join("", [self._pools_name(), DOCUMENT]))
        return self._either(of_pool.to_string(), Fn.join("", [self._stage.value("SignInIssuer"), DOCUMENT]))

    @property
    def client_id(self) -> str:
        """The client id the console gives the issuer."""
        return self._either(self._client.ref, self._stage.value("SignInClientId"))

    def _pools_name(self) -> str:
        return Fn.join("", [f"https://cognito-idp.{Aws.REGION}.amazonaws.com/", self.pool_id])

    def _either(self, own: str, theirs: str) -> str:
        return Fn.condition_if("OwnSignIn", own, theirs).to_string()

    def _make_pool(self) -> aws_cognito.CfnUserPool:
        pool = aws_cognito.CfnUserPool(
            self,
            "People",
            user_pool_name=f"mash-outcomes-{self._stage.value('StageName')}",
            admin_create_user_config=aws_cognito.CfnUserPool.AdminCreateUserConfigProperty(
                allow_admin_create_user_only=True
            ),
            username_attributes=["email"],
            auto_verified_attributes=["email"],
            account_recovery_setting=aws_cognito.CfnUserPool.AccountRecoverySettingProperty(
                recovery_mechanisms=[
                    aws_cognito.CfnUserPool.RecoveryOptionProperty(name="admin_only", priority=1)
                ]
            ),
            # The emulator's page asks for no code, and a newcomer's first look is to need no telephone.
            mfa_configuration=Fn.condition_if("Local", "OFF", "ON").to_string(),
            enabled_mfas=["SOFTWARE_TOKEN_MFA"],
            policies=aws_cognito.CfnUserPool.PoliciesProperty(
                password_policy=aws_cognito.CfnUserPool.PasswordPolicyProperty(
                    minimum_length=14,
                    require_lowercase=True,
                    require_numbers=True,
                    require_symbols=True,
                    require_uppercase=True,
                    temporary_password_validity_days=3,
                )
            ),
            deletion_protection="ACTIVE",
        )
        pool.apply_removal_policy(RemovalPolicy.RETAIN)
        accept(pool, A_SECOND_FACTOR_ON_EVERY_REAL_STAGE, NO_RISK_SCORES_OF_STAFF)
        return self._if_own(pool)

    def _make_client(self) -> aws_cognito.CfnUserPoolClient:
        """A public client: a code is worth nothing without the verifier that the console keeps (PKCE)."""
        base = self._stage.value("ConsoleBase")
        client = aws_cognito.CfnUserPoolClient(
            self,
            "Console",
            user_pool_id=self.pool_id,
            client_name="console",
            generate_secret=False,
            allowed_o_auth_flows_user_pool_client=True,
            allowed_o_auth_flows=["code"],
            allowed_o_auth_scopes=["openid", "profile", "email"],
            callback_ur_ls=[f"{base}/sign-in/back"],
            logout_ur_ls=[f"{base}/signed-out"],
            supported_identity_providers=["COGNITO"],
            explicit_auth_flows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            prevent_user_existence_errors="ENABLED",
            enable_token_revocation=True,
            id_token_validity=LONGEST_MINUTES,
            access_token_validity=LONGEST_MINUTES,
            refresh_token_validity=SHORTEST_REFRESH_MINUTES,
            token_validity_units=aws_cognito.CfnUserPoolClient.TokenValidityUnitsProperty(
                **dict.fromkeys(("id_token", "access_token", "refresh_token"), "minutes")
            ),
        )
        return self._if_own(client)

    def _if_own(self, resource: Made) -> Made:
        resource.cfn_options.condition = self.own
        return resource
