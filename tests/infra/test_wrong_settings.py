"""What somebody writes wrongly into a stage's file is refused before a deployment, in words that mend it."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from infra.stage import LOCAL, Stage

ISSUER = "https://id.example/tenant"
ROLES = {"group-1": "manager"}


def read(name: str = "demo", **changed: Any) -> Stage:
    """The stage, with other values; raises ValidationError."""
    values = json.loads(Stage.named(name).model_dump_json())
    return Stage.model_validate_json(json.dumps(values | changed))


def directory(**changed: Any) -> dict[str, Any]:
    return {"sign_in": {"issuer": ISSUER, "client_id": "x", "roles": ROLES} | changed}


@pytest.mark.parametrize(
    ("changed", "place", "says"),
    [
        (directory(client_id=""), "sign_in", "client_id is missing: write"),
        (directory(issuer=""), "sign_in", "issuer is missing: write the directory's, or leave client_id out"),
        (
            {"sign_in": {"client_secret": "mash/demo/sign-in", "roles": ROLES}},
            "sign_in",
            "or leave client_secret out",
        ),
        (
            directory(issuer=f"{ISSUER}/.well-known/openid-configuration"),
            "sign_in.issuer",
            f"write {ISSUER}",
        ),
        (directory(issuer="http://id.example"), "sign_in.issuer", "write it with https://"),
        (
            directory(client_secret="arn:aws:secretsmanager:eu-west-2:1:secret:mash/x"),
            "sign_in.client_secret",
            "write its name here, such as mash/demo/sign-in",
        ),
        (directory(client_secret="Xy8Q~made-up"), "sign_in.client_secret", "write its name here"),
        (directory(roles={}), "sign_in.roles", '"GROUP" = "manager"'),
        (directory(roles={"group-1": "viewer"}), "sign_in.roles", "write which group manages"),
        ({"console_addresses": []}, "console_addresses", "write at least one network"),
        ({"console_addresses": ["192.0.2.7/24"]}, "console_addresses.0", "write 192.0.2.0/24"),
        ({"console_addresses": ["0.0.0.0/0"]}, "console_addresses", "write the council's own networks"),
        ({"console_addresses": ["::/0"]}, "console_addresses", "write the council's own networks"),
        (
            {"console_addresses": ["192.0.2.0/24", "10.20.0.0/16"]},
            "console_addresses",
            "10.20.0.0/16 is private",
        ),
        ({"console_addresses": ["fd00::/16"]}, "console_addresses", "write the public addresses"),
        ({"console_base": "https://mash.example/console"}, "console_base", "a host alone, without a path"),
        ({"console_base": "http://127.0.0.1:80"}, "console_base", "write https://"),
        ({"console_base": "https://outcomes.northshire.example"}, "console_base", "another custom domain"),
        ({"alarm_address": "nobody"}, "alarm_address", "write a mailbox"),
    ],
)
def test_a_wrong_setting_is_refused_at_its_place_and_says_what_to_write(
    changed: dict[str, Any], place: str, says: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        read(**changed)
    (mistake,) = refused.value.errors()
    assert ".".join(map(str, mistake["loc"])) == place
    assert says in mistake["msg"]


def test_a_directory_of_the_councils_own_is_taken() -> None:
    taken = read(**directory(client_secret="mash/demo/sign-in"))
    assert taken.parameters()["SignInCredentialName"] == "mash/demo/sign-in"


def test_only_the_local_stage_opens_its_console_to_everybody_and_without_tls() -> None:
    local = read(LOCAL)
    assert (local.console_addresses, local.console_base[:7]) == (("0.0.0.0/0",), "http://")
