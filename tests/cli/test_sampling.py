"""`mash dip-sample`: a closed month's complete forms, drawn, shown and put on the list of whoever grades."""

import json

import pytest
import time_machine
from click.testing import CliRunner, Result

from functions.cli import sampling as module
from functions.cli.main import cli
from functions.cli.outputs import Outputs
from tests.flows.test_dip_sample import DECEMBER, NOVEMBER, closed
from tests.notices import a_hub_contact
from tests.world import World

__all__ = ["closed"]


def mash(stack: Outputs, patch: pytest.MonkeyPatch, *arguments: str) -> Result:
    hub = stack.model_copy(update={"hub": a_hub_contact().model_dump_json()})
    patch.setattr(module, "connected", lambda _: hub)
    with time_machine.travel(DECEMBER, tick=False):
        return CliRunner().invoke(cli, ["dip-sample", *arguments], prog_name="mash")


def test_what_is_drawn_is_shown_and_drawn_again_it_is_the_same(
    closed: World, stack: Outputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = mash(stack, monkeypatch, "--month", NOVEMBER, "--size", "3")
    assert first.exit_code == 0, first.output
    head, *forms = first.output.splitlines()
    assert head == "2026-11: 12 forms were complete; 3 drawn, 3 new."
    assert len(forms) == 3
    again = mash(stack, monkeypatch, "--month", NOVEMBER, "--size", "3")
    assert again.output.splitlines() == ["2026-11: 12 forms were complete; 3 drawn, 0 new.", *forms]


def test_it_is_there_for_programs_too(closed: World, stack: Outputs, monkeypatch: pytest.MonkeyPatch) -> None:
    found = json.loads(mash(stack, monkeypatch, "--month", NOVEMBER, "--size", "2", "--json").output)
    assert (found["act"], found["month"], found["complete"], found["opened"]) == (
        "dip-sample",
        NOVEMBER,
        12,
        2,
    )
    assert [set(one) for one in found["drawn"]] == [{"referral_ref", "child_index", "form_version"}] * 2


def test_a_month_that_runs_is_refused(stack: Outputs, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = mash(stack, monkeypatch, "--month", "2026-12")
    assert (answer.exit_code, "2026-12 has not ended" in answer.output) == (2, True)
