"""Who signs people in: a pool of the stack's own where the stage names no directory, and how strict it is."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from infra.local.staff import PEOPLE
from infra.stage import LOCAL, Stage
from schemas.console import SignIn
from tests.infra.template import Template

DOCUMENT = "/.well-known/openid-configuration"


def told(template: Template) -> dict[str, Any]:
    variables: dict[str, Any] = template.functions["console"]["Environment"]["Variables"]
    return variables


def test_the_pool_is_made_only_where_the_stage_names_no_directory(template: Template) -> None:
    assert template.body["Conditions"]["OwnSignIn"] == {"Fn::Equals": [{"Ref": "SignInIssuer"}, ""]}
    made = [it for it in template.resources() if it.type.startswith("AWS::Cognito::")]
    assert {it.type.rpartition("::")[2] for it in made} == {
        "UserPool", "UserPoolClient", "UserPoolDomain", "UserPoolGroup",
    }  # fmt: skip
    assert {it.body["Condition"] for it in made} == {"OwnSignIn"}
    assert template.body["Outputs"]["SignInPoolId"]["Condition"] == "OwnSignIn"


def test_nobody_registers_and_everybody_of_a_real_stage_needs_a_second_factor(template: Template) -> None:
    pool = template.named("SignInPeople")
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert pool["MfaConfiguration"] == {"Fn::If": ["Local", "OFF", "ON"]}
    assert pool["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]
    assert pool["AccountRecoverySetting"] == {"RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]}


def test_passwords_are_long_and_the_pool_outlives_the_stack(template: Template) -> None:
    pool = template.named("SignInPeople")
    policy = pool["Policies"]["PasswordPolicy"]
    assert policy["MinimumLength"] >= 14
    assert all(policy[f"Require{kind}"] for kind in ("Lowercase", "Uppercase", "Numbers", "Symbols"))
    assert pool["DeletionProtection"] == "ACTIVE"
    assert pool.body["DeletionPolicy"] == pool.body["UpdateReplacePolicy"] == "Retain"


def test_the_console_is_a_public_client_whose_codes_come_back_to_it_alone_and_soon_end(
    template: Template,
) -> None:
    client = template.named("SignInConsole")
    assert client["GenerateSecret"] is False
    assert client["AllowedOAuthFlows"] == ["code"]
    assert client["CallbackURLs"] == [{"Fn::Join": ["", [{"Ref": "ConsoleBase"}, "/sign-in/back"]]}]
    assert client["LogoutURLs"] == [{"Fn::Join": ["", [{"Ref": "ConsoleBase"}, "/signed-out"]]}]
    assert (client["IdTokenValidity"], client["AccessTokenValidity"]) == (5, 5)
    assert set(client["TokenValidityUnits"].values()) == {"minutes"}
    assert client["PreventUserExistenceErrors"] == "ENABLED"


@pytest.mark.parametrize("name", ["demo", LOCAL])
def test_every_group_of_the_pool_has_a_role_by_the_shipped_stages_table(
    template: Template, name: str
) -> None:
    groups = {it["GroupName"] for it in template.resources("AWS::Cognito::UserPoolGroup")}
    assert groups == set(Stage.named(name).sign_in.roles.root)
    assert {group for _, group in PEOPLE.values()} == groups


def test_the_function_is_told_of_the_pool_or_of_the_stages_own_directory(template: Template) -> None:
    pool = template.named("SignInPeople").logical_id
    told_issuer = told(template)["SIGN_IN_ISSUER"]["Fn::If"]
    assert told_issuer[0] == "OwnSignIn"
    assert told_issuer[2] == {"Ref": "SignInIssuer"}
    assert _text(told_issuer[1]) == f"https://cognito-idp.eu-west-2.amazonaws.com/<{pool}>"
    assert told(template)["SIGN_IN_CLIENT_ID"]["Fn::If"][::2] == ["OwnSignIn", {"Ref": "SignInClientId"}]
    assert told(template)["SIGN_IN_CREDENTIAL_NAME"] == {"Ref": "SignInCredentialName"}


def test_on_a_real_stage_the_document_stands_below_its_issuers_name(template: Template) -> None:
    pool = template.named("SignInPeople").logical_id
    own, pools, theirs = told(template)["SIGN_IN_DISCOVERY"]["Fn::If"]
    assert own == "OwnSignIn"
    assert theirs == {"Fn::Join": ["", [{"Ref": "SignInIssuer"}, DOCUMENT]]}
    local, on_emulator, real = pools["Fn::If"]
    assert local == "Local"
    assert _text(on_emulator) == f"<ConsoleBase>/<{pool}>{DOCUMENT}"
    assert _text(real) == _text(told(template)["SIGN_IN_ISSUER"]["Fn::If"][1]) + DOCUMENT


def test_an_issuer_that_ends_with_a_slash_is_refused_because_the_document_stands_after_one() -> None:
    roles = {"group": "manager"}
    assert SignIn.model_validate_json(json.dumps({"roles": roles})).issuer == ""
    theirs = {"roles": roles, "issuer": "https://id.example/tenant", "client_id": "x"}
    kept = SignIn.model_validate_json(json.dumps(theirs))
    assert kept.issuer == "https://id.example/tenant"
    for wrong in ("https://id.example/", "http://id.example", "https://id.example/?a=b"):
        with pytest.raises(ValidationError, match="issuer"):
            SignIn.model_validate_json(json.dumps({"roles": roles, "issuer": wrong}))


def test_the_template_knows_nobody_and_no_password(template: Template) -> None:
    text = json.dumps(template.body)
    assert not [word for address, (name, _) in PEOPLE.items() for word in (address, name) if word in text]
    assert "Made-up" not in text
    assert not list(template.resources("AWS::Cognito::UserPoolUser"))


def _text(value: Any) -> str:
    match value:
        case {"Fn::Join": ["", list(parts)]}:
            return "".join(map(_text, parts))
        case {"Ref": "AWS::Region"}:
            return "eu-west-2"
        case {"Ref": str(name)}:
            return f"<{name}>"
    return str(value)
