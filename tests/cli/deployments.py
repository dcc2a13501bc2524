"""What `make deploy` writes about a stage, as the CDK command line writes it."""

import json
from collections.abc import Collection
from pathlib import Path

from functions.cli.stack import Stack
from infra.stage import Stage
from schemas.clocks import ClockPolicy
from schemas.risk_assessment import RaPolicy

ACCOUNT = "123456789012"
"""Whose tests are signed in to."""
DERIVED = {"stage", "region"}
"""What no output says: the stack's name and the key's address do."""


def deployed(
    folder: Path, *, account: str = ACCOUNT, before_it_told: Collection[str] = (), **known: str
) -> Path:
    """The file of the stage demo; `known` are outputs, in snake_case, and so is what it did not tell yet."""
    stage = Stage.named("demo")
    outputs = {name: f"the {name}" for name in Stack.model_fields.keys() - DERIVED} | {
        "data_key_arn": f"arn:aws:kms:eu-west-2:{account}:key/one",
        "from_address": stage.from_address,
        "emails_per_second": str(stage.emails_per_second),
        "managed_domains": "secure.example",
        "ra_policy": RaPolicy().model_dump_json(),
        "clocks": ClockPolicy().model_dump_json(),
        "hub": stage.hub.model_dump_json(),
        "console_addresses": ",".join(stage.console_addresses),
        "console_roles": stage.sign_in.roles.model_dump_json(),
        "branding": stage.branding.model_dump_json(),
    }
    told = {as_output(name): value for name, value in (outputs | known).items() if name not in before_it_told}
    path = folder / "deployed.json"
    path.write_text(json.dumps({stage.stack_name: told}), encoding="utf-8")
    return path


def as_output(name: str) -> str:
    """`event_bus_name` as the template spells it."""
    return "".join(word.capitalize() for word in name.split("_"))
