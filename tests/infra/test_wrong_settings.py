"""What somebody writes wrongly into a stage's file is refused before a deployment, in words that mend it."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from functions.cli.outputs import REPO
from infra import stage as stage_module
from infra.app import main
from infra.stage import LOCAL, Stage
from schemas.console import SignIn

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


def test_the_example_of_a_directory_is_one_that_a_stage_takes() -> None:
    demo = (REPO / "infra" / "config" / "demo.toml").read_text(encoding="utf-8")
    example = re.findall(r'^# (\w+ = ".+"|\[sign_in\.roles\]|"[0-9a-f-]{36}" = ".+")$', demo, re.MULTILINE)
    written = demo.split("\n[sign_in]\n")[0] + "\n".join(["\n[sign_in]", *example])
    sign_in = tomllib.loads(written)["sign_in"]
    taken = read(sign_in=sign_in).sign_in
    assert (taken.client_secret, taken.groups_claim) == ("mash/demo/sign-in", "groups")
    assert len(taken.roles.root) == 3
    assert SignIn.model_fields.keys() == sign_in.keys()


def test_only_the_local_stage_opens_its_console_to_everybody_and_without_tls() -> None:
    local = read(LOCAL)
    assert (local.console_addresses, local.console_base[:7]) == (("0.0.0.0/0",), "http://")


def test_a_synth_says_each_mistake_in_one_line_with_its_file_and_nothing_that_only_follows_from_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    demo = (REPO / "infra" / "config" / "demo.toml").read_text(encoding="utf-8")
    monkeypatch.setattr(stage_module, "CONFIG", tmp_path)
    wrong = demo.replace("192.0.2.0/24", "192.0.2.7/24").replace("#00594f", "#ffdd00")
    (tmp_path / "north.toml").write_text(wrong, encoding="utf-8")
    (tmp_path / "south.toml").write_text("owner =", encoding="utf-8")
    (tmp_path / "west.toml").write_text(f"{demo}[sign_out]\n", encoding="utf-8")
    said = {}
    for name in ("north", "south", "east", "west"):
        with pytest.raises(SystemExit) as ended:
            main(stage_name=name, outdir=tmp_path / "out")
        said[name] = str(ended.value.code).splitlines()
    assert [line[:50] for line in said["north"]] == [
        "infra/config/north.toml: console_addresses.0: 192.",
        "infra/config/north.toml: branding.colour: white wo",
    ]
    assert said["north"][0].endswith("write 192.0.2.0/24")
    assert said["south"][0].startswith("infra/config/south.toml: Invalid value")
    assert said["east"] == [
        "infra/config/east.toml is missing: write it after infra/config/demo.toml, or name another stage"
    ]
    assert said["west"] == ["infra/config/west.toml: sign_out: Extra inputs are not permitted"]
