"""The command line itself: what it answers when it is asked wrongly, and what each verb needs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from functions.adapters.errors import ContendedError
from functions.cli import main as main_module
from functions.cli.demo import TRY_YOUR_OWN
from functions.cli.failure import CommandError
from functions.cli.main import cli
from functions.cli.outputs import MASH, REPO, Outputs, Where, announced, connected
from functions.cli.running import claimed
from functions.cli.verdicts import Verdict, exit_code
from tests.cli.runs import REF, chained, decision, sent


def mash(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(cli, arguments, prog_name="mash", env={"MASH_OUTPUTS": "", **environment})


def outputs_of_a_stack(folder: Path, *, alive: bool) -> Path:
    """An outputs file; a stack that has ended has taken its certificate with it."""
    certificate = folder / "server.crt"
    if alive:
        certificate.touch()
    told = {name: f"the {name}" for name in Outputs.model_fields} | {
        "endpoint_url": "https://127.0.0.1:1",
        "region": "eu-west-2",
        "ca_bundle": str(certificate),
        "alarm_topic_arn": "an output that the command line does not need",
    }
    path = folder / "outputs.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    return path


@pytest.mark.parametrize("verb", ["demo", "up", "send", "forms", "trail", "reconcile", "synth"])
def test_every_verb_explains_itself(verb: str) -> None:
    answer = mash(verb, "--help")
    assert answer.exit_code == 0
    assert f"Usage: mash {verb}" in answer.output
    assert verb in mash("--help").output


def test_up_needs_to_know_where_to_write() -> None:
    answer = mash("up")
    assert (answer.exit_code, "Missing option '--outputs'" in answer.output) == (2, True)


def test_a_registry_that_cannot_be_read_stops_up_before_anything_starts(tmp_path: Path) -> None:
    written = tmp_path / "agencies.toml"
    written.write_text('approved_by = "lead"\n[[agency]]\nid = "a"\ndetail = 1\n', encoding="utf-8")
    answer = mash("up", "--outputs", str(tmp_path / "o.json"), "--agencies", str(written))
    assert answer.exit_code == 1
    assert "agency > a > detail - Extra inputs are not permitted" in answer.output


def test_without_a_stack_a_verb_says_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"Start one with `mash up --outputs outputs\.json`"):
        connected(Where(), pointer=tmp_path / "running")


def test_a_stack_that_has_ended_is_not_waited_for(tmp_path: Path) -> None:
    answer = mash("trail", "NS-26-7KQ4ZP", "--outputs", str(outputs_of_a_stack(tmp_path, alive=False)))
    assert answer.exit_code == 1
    assert "is not running any more" in answer.output


def test_outputs_that_are_something_else_are_named(tmp_path: Path) -> None:
    path = tmp_path / "outputs.json"
    path.write_text('{"stage": "local"}', encoding="utf-8")
    answer = mash("trail", "NS-26-7KQ4ZP", "--outputs", str(path))
    assert (answer.exit_code, "region: Field required" in answer.output) == (1, True)


def test_the_environment_can_name_the_outputs(tmp_path: Path) -> None:
    answer = mash("trail", "NS-26-7KQ4ZP", MASH_OUTPUTS=str(tmp_path / "elsewhere.json"))
    assert "elsewhere.json" in answer.output


def test_outputs_are_written_whole_and_read_back(tmp_path: Path) -> None:
    outputs = Outputs.read(outputs_of_a_stack(tmp_path, alive=True))
    before = set(tmp_path.iterdir())
    written, pointer = tmp_path / "copy.json", tmp_path / "running"
    with announced(outputs, written, pointer):
        assert json.loads(written.read_bytes())["alarm_topic_arn"]
        assert Outputs.read(written) == outputs
        assert Path(pointer.read_text(encoding="utf-8")) == written
        assert set(tmp_path.iterdir()) == before | {written, pointer}
    assert set(tmp_path.iterdir()) == before, "a stack that has ended is announced no longer"


def test_a_later_stack_keeps_its_place_when_an_earlier_one_ends(tmp_path: Path) -> None:
    outputs = Outputs.read(outputs_of_a_stack(tmp_path, alive=True))
    written, pointer = tmp_path / "earlier.json", tmp_path / "running"
    with announced(outputs, written, pointer):
        pointer.write_text(str(tmp_path / "later.json"), encoding="utf-8")
        written.write_text("of a later stack", encoding="utf-8")
    assert (pointer.exists(), written.exists()) == (True, True)


def test_a_second_up_with_the_same_outputs_is_refused_and_destroys_nothing(tmp_path: Path) -> None:
    written = outputs_of_a_stack(tmp_path, alive=True)
    before = written.read_bytes()
    with claimed(tmp_path / "outputs.kept", "Stop it."):
        answer = mash("up", "--outputs", str(written))
    assert answer.exit_code == 1
    assert "Stop it, or give another --outputs FILE." in answer.output
    assert written.read_bytes() == before


def test_a_second_demo_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    with claimed(tmp_path, "Stop it."):
        answer = mash("demo", "--folder", str(tmp_path))
    assert (answer.exit_code, "give another --folder" in answer.output) == (1, True)


def test_what_an_ended_command_held_is_free_again(tmp_path: Path) -> None:
    for _ in range(2):
        with claimed(tmp_path / "kept", "Stop it."):
            pass


def test_what_a_newcomer_is_told_to_type_is_where_it_is_said_to_be() -> None:
    assert (REPO / MASH).is_file()
    assert f"`{MASH} send FILE`" in TRY_YOUR_OWN


def test_uv_trusts_what_the_machine_trusts() -> None:
    show = ["make", "--eval", "shown: ; @echo $$UV_SYSTEM_CERTS", "shown"]
    environment = {"PATH": os.environ["PATH"]}
    asked = subprocess.run(show, cwd=REPO, env=environment, capture_output=True, text=True, check=True)
    assert asked.stdout == "1\n"


@pytest.mark.parametrize("content", ["[]", "", "7"])
def test_sending_nothing_is_a_failure_that_needs_no_stack(tmp_path: Path, content: str) -> None:
    (written := tmp_path / "event.json").write_text(content, encoding="utf-8")
    answer = mash("send", str(written), "--outputs", str(tmp_path / "none.json"))
    assert (answer.exit_code, "event.json" in answer.output) == (1, True)


def test_send_says_what_its_exit_codes_mean_and_where_a_refusal_stands() -> None:
    words = mash("send", "--help").output
    assert "3  at least one event was refused" in words
    assert "4  at least one event has no verdict yet" in words
    assert "under its day and source" in words


def test_the_gravest_verdict_decides_the_exit_code() -> None:
    taken, refused = chained(f"R#{REF}", decision("e-1"), {"type": "REJECTED"})
    one = sent("e-1", "bus-1")
    accepted, turned_away, unknown = Verdict(one, taken), Verdict(one, refused), Verdict(one, None)
    assert exit_code([accepted, accepted]) == 0
    assert exit_code([accepted, turned_away]) == 3
    assert exit_code([turned_away, unknown, accepted]) == 4


def test_a_write_that_others_kept_from_being_made_is_one_line_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @click.command()
    def contended() -> None:
        raise ContendedError("another writer was first")

    monkeypatch.setattr(main_module, "cli", contended)
    quieted: list[bool] = []  # not for real: this process has other tests, which read the log
    monkeypatch.setattr(main_module, "say_nothing", lambda: quieted.append(True))
    monkeypatch.setattr(sys, "argv", ["mash"])
    with pytest.raises(SystemExit) as ended:
        main_module.main()
    assert ended.value.code == 1
    assert capsys.readouterr().err == (
        "Error: others were writing at the same moment (another writer was first); try again.\n"
    )
    assert quieted == [True]
