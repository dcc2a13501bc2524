"""The README keeps up: it names every setting, every make target and every verb of `mash`."""

import re

import pytest

from functions import settings
from tests.house.tree import ROOT

SETTINGS = sorted(
    {
        name.upper()
        for model in vars(settings).values()
        if isinstance(model, type) and issubclass(model, settings.Settings)
        for name in model.model_fields
    }
)
IN_THE_STAGES_FILE = {
    "CONSOLE_BASE": "console_base",
    "SIGN_IN_ISSUER": "issuer",
    "SIGN_IN_CLIENT_ID": "client_id",
    "SIGN_IN_CREDENTIAL_NAME": "client_secret",
    "SIGN_IN_GROUPS_CLAIM": "groups_claim",
    "CONSOLE_ROLES": "[sign_in.roles]",
    "BRANDING": "[branding]",
}
"""What the console is told, by what an operator writes for it."""
TARGETS = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
BY_HAND = ("resend", "cancel", "pause", "resume", "recover", "done")
VERBS = (
    *(
        "demo",
        "up",
        "send",
        "forms",
        "trail",
        "release",
        "tasks",
        "status",
        "reconcile",
        "refused",
        "agencies",
        "rotate",
    ),
    *("ready", "synth", "figures", "export"),
    *BY_HAND,
)


@pytest.fixture(scope="module")
def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_is_in_the_readme(readme: str, name: str) -> None:
    if key := IN_THE_STAGES_FILE.get(name):
        assert re.search(rf"^\|[^|]*`{re.escape(key)}`[^|]*\|", readme, re.MULTILINE)
        assert f"`{name}`" not in readme
    else:
        assert re.search(rf"\b{name}\b", readme)


@pytest.mark.parametrize("target", [target for target in TARGETS if target != "help"])
def test_a_make_target_is_in_the_readme(readme: str, target: str) -> None:
    assert re.search(rf"\bmake {target}\b", readme)


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_in_the_readme(readme: str, verb: str) -> None:
    assert re.search(rf"\bmash {verb}\b", readme)


def test_every_make_target_says_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert set(phony.split()) == set(TARGETS)
