"""A deployed stage: each verb finds it by what `make deploy` wrote, and acts as whoever is signed in."""

import json
from collections.abc import Callable, Collection
from hashlib import sha256
from pathlib import Path

import boto3
import pytest
from click.testing import CliRunner, Result

from functions.adapters import aws
from functions.adapters.ledger.store import Item, Store
from functions.cli.failure import CommandError
from functions.cli.main import cli, main
from functions.cli.stack import TOLD_OF_THE_CONSOLE, Stack
from schemas.codes import Channel
from tests.cli.deployments import deployed
from tests.cli.typed import FOR_GOOD, ME, POLICE, REF, SINCE, of_kind
from tests.stage_tables import REGION, on_moto
from tests.world import World, a_decision, wrapped

PREFIX = "mash/demo/webhook/"
SAID = ("--reason", "MAINTENANCE")


@pytest.fixture
def make_store() -> Callable[[], Store]:
    """Which account and region boto3's client asks is what is tested."""
    return on_moto


@pytest.fixture
def decided(world: World) -> World:
    """A decision is in the tables."""
    world.take(a_decision())
    return world


def told_of(world: World, folder: Path, *, before_it_told: Collection[str] = ()) -> Path:
    """What a deployment of the world's tables would have written."""
    return deployed(
        folder,
        before_it_told=before_it_told,
        audit_table_name="audit",
        state_table_name="state",
        keys_table_name="keys",
        data_key_arn=world.kms_key,
        secret_prefix=PREFIX,
        event_bus_name="bus",
    )


@pytest.fixture
def file(world: World, tmp_path: Path) -> Path:
    """Of today."""
    return told_of(world, tmp_path)


def typed(*arguments: str, **environment: str) -> Result:
    nothing = {"MASH_OUTPUTS": "", "MASH_DEPLOYED": ""}
    return CliRunner().invoke(cli, arguments, prog_name="mash", env={**nothing, **environment})


def last(world: World) -> Item:
    """The newest row that a person's act left."""
    return [row for row in world.all_items("audit") if row.get("actor") == ME][-1]


def test_the_file_says_which_stage_it_is_and_where(tmp_path: Path) -> None:
    stack = Stack.deployed(deployed(tmp_path, event_bus_name="bus"))
    assert (stack.stage, stack.region, stack.account) == ("demo", "eu-west-2", "123456789012")
    assert (stack.event_bus_name, stack.local_receivers) == ("bus", ())


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"a": 1}', '{"a": {}}', '{"a": {}, "b": {}}'])
def test_a_file_that_no_deployment_wrote_is_named(tmp_path: Path, content: str) -> None:
    (path := tmp_path / "deployed.json").write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=r"deployed\.json is not what a deployment wrote"):
        Stack.deployed(path)
    with pytest.raises(CommandError, match="run `make deploy"):
        Stack.deployed(tmp_path / "nothing.json")


def test_what_an_older_deployment_did_not_say_yet_is_named(tmp_path: Path) -> None:
    path = deployed(tmp_path, before_it_told={"rejected_bucket_name"})
    with pytest.raises(CommandError, match="lacks rejected_bucket_name: run `make deploy"):
        Stack.deployed(path)


READS = (
    (("trail", REF), "READ"),
    (("tasks",), "QUERY"),
    (("reconcile", "--day", "2026-11-24"), "QUERY"),
    (("figures", "--month", "2026-11"), "QUERY"),
    (("agencies", "list"), "QUERY"),
    (("agencies", "check"), "QUERY"),
)


@pytest.mark.parametrize(("command", "row"), READS, ids=lambda it: it if isinstance(it, str) else it[0])
def test_what_is_read_is_read_there_and_recorded(
    decided: World, file: Path, command: tuple[str, ...], row: str
) -> None:
    answer = typed(*command, "--deployed", str(file))
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.output
    assert [one["actor"] for one in of_kind(decided, row)] == [ME]


ACTS = (
    (("resend", REF, "--agency", POLICE, "--reason", "NOT_RECEIVED", "--yes"), "RESENT"),
    (("cancel", REF, "--agency", POLICE, "--reason", "WRONG_RECIPIENT", "--yes"), "CANCELLED"),
    (("recover", POLICE, "--since", SINCE, "--reason", "ENDPOINT_MENDED", "--yes"), "RESENT"),
    (("pause", POLICE, *SAID), "ENDPOINT"),
    (("done", REF, "--task", "CALL_UNTOLD", "--reason", "TOLD_BY_PHONE"), "TASK"),
)


@pytest.mark.parametrize(("command", "row"), ACTS, ids=lambda it: it if isinstance(it, str) else it[0])
def test_an_act_is_done_there_by_whoever_is_signed_in(
    decided: World, file: Path, command: tuple[str, ...], row: str
) -> None:
    decided.police.answers = [FOR_GOOD]
    decided.send_due()
    answer = typed(*command, "--deployed", str(file))
    assert answer.exit_code == 0, answer.output
    assert last(decided)["type"] == row


def test_a_hold_is_released_there(world: World, file: Path) -> None:
    world.take(a_decision(primary_outcome="EMP"))
    reason = ("--reason", "TOLD_BY_PHONE_FIRST", "--deployed", str(file))
    assert typed("release", REF, *reason).exit_code == 0
    assert last(world)["type"] == "RELEASED"


def test_a_deployment_that_did_not_tell_of_its_console_yet_still_lets_a_hold_be_released(
    world: World, tmp_path: Path
) -> None:
    older = told_of(world, tmp_path, before_it_told={*TOLD_OF_THE_CONSOLE, "sign_in_pool_id"})
    world.take(a_decision(primary_outcome="EMP"))
    answer = typed("release", REF, "--reason", "TOLD_BY_PHONE_FIRST", "--deployed", str(older))
    assert (answer.exit_code, last(world)["type"]) == (0, "RELEASED"), answer.output


def test_a_paused_endpoint_is_resumed_there(world: World, file: Path) -> None:
    there = ("--deployed", str(file))
    assert typed("pause", POLICE, *SAID, *there).exit_code == 0
    assert typed("resume", POLICE, "--reason", "ENDPOINT_MENDED", *there).exit_code == 0
    assert last(world)["result"] == "RESUMED"


def test_a_secret_is_changed_in_that_stages_own_place(world: World, file: Path) -> None:
    answer = typed("rotate", POLICE, "--deployed", str(file))
    assert answer.exit_code == 0, answer.output
    kept = boto3.client("secretsmanager", region_name=REGION).list_secrets()["SecretList"]
    assert [one["Name"] for one in kept] == [f"{PREFIX}{POLICE}"]


def test_an_event_goes_on_that_stages_bus_and_its_verdict_is_the_trails(
    world: World, file: Path, tmp_path: Path
) -> None:
    boto3.client("events", region_name=REGION).create_event_bus(Name="bus")
    (event := tmp_path / "event.json").write_text(json.dumps(a_decision()), encoding="utf-8")
    answer = typed("send", str(event), "--wait", "0", "--deployed", str(file))
    assert (answer.exit_code, "not in the trail yet" in answer.output) == (4, True)


def test_who_sends_what_in_whose_name_is_recorded_before_it_goes(
    world: World, file: Path, tmp_path: Path
) -> None:
    """There is no bus: nothing has gone, and the row stands. A kept copy stays whose it was."""
    (kept := tmp_path / "kept.json").write_text(wrapped(a_decision(), "bus-once"), encoding="utf-8")
    assert typed("send", str(kept), "--wait", "0", "--deployed", str(file)).exit_code == 1
    (row,) = of_kind(world, "QUERY")
    digest = sha256(kept.read_bytes()).hexdigest()
    asked = f"events sent as mash.case-system: {digest}"
    assert (row["actor"], row["asked"], row["rows"]) == (ME, asked, 1)


def test_the_environment_can_name_the_deployment_and_what_is_typed_goes_first(
    decided: World, file: Path, tmp_path: Path
) -> None:
    assert typed("trail", REF, MASH_DEPLOYED=str(file)).exit_code == 0
    both = typed("trail", REF, "--deployed", str(file), MASH_OUTPUTS=str(tmp_path / "o.json"))
    assert both.exit_code == 0
    other = typed("trail", REF, "--outputs", str(tmp_path / "o.json"), MASH_DEPLOYED=str(file))
    assert (other.exit_code, f"There is no {tmp_path / 'o.json'}" in other.output) == (1, True)


def test_two_stacks_at_once_are_none(file: Path) -> None:
    answer = typed("trail", REF, "--outputs", "o.json", "--deployed", str(file))
    assert (answer.exit_code, "name two stacks: say which" in answer.output) == (2, True)
    answer = typed("pause", POLICE, *SAID, "--json", MASH_OUTPUTS="o.json", MASH_DEPLOYED=str(file))
    assert (answer.exit_code, "say which" in json.loads(answer.output)["error"]["message"]) == (2, True)


def test_credentials_of_another_account_change_nothing(world: World, tmp_path: Path) -> None:
    before = world.all_items("audit")
    there = deployed(tmp_path, account="999999999999", audit_table_name="audit", state_table_name="state")
    answer = typed("pause", POLICE, *SAID, "--deployed", str(there))
    assert answer.exit_code == 1
    assert "are of account 123456789012, and demo stands in 999999999999" in answer.output
    assert world.all_items("audit") == before


def test_another_region_of_the_environment_is_not_asked(
    decided: World, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    assert typed("trail", REF, "--deployed", str(file)).exit_code == 0


def said(capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch, *arguments: str) -> str:
    """What the command's own entry point says on standard error."""
    patch.setattr("sys.argv", ["mash", *arguments])
    patch.setattr("functions.cli.main.say_nothing", lambda: None)  # other tests here read the log
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    return capsys.readouterr().err


def test_without_credentials_it_is_said_how_to_get_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # which remembers the credentials of other tests
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    words = said(capsys, monkeypatch, "tasks", "--deployed", str(deployed(tmp_path)))
    aws.point_at({})
    assert words.startswith("Error: no AWS credentials: ")
    assert "Sign in, or name them by AWS_PROFILE" in words


def test_a_log_lines_message_leads_to_its_referral_and_the_reading_is_recorded(
    decided: World, file: Path
) -> None:
    message = decided.delivery(POLICE, Channel.WEBHOOK)["message_id"]
    answer = typed("trail", "--message", message, "--deployed", str(file))
    assert (answer.exit_code, answer.output.startswith(f"{REF}: ")) == (0, True), answer.output
    (row,) = of_kind(decided, "READ")
    assert (row["referral"], row["actor"]) == (REF, ME)


def test_a_message_that_is_not_known_or_not_named_whole_is_said(decided: World, file: Path) -> None:
    answer = typed("trail", "--message", "msg_", "--deployed", str(file))
    assert (answer.exit_code, "No message msg_ is known to this stage" in answer.output) == (1, True)
    assert of_kind(decided, "READ") == []


@pytest.mark.parametrize("which", [(), (REF, "--message", "msg_1")])
def test_a_trail_is_named_by_one_thing(file: Path, which: tuple[str, ...]) -> None:
    assert typed("trail", *which, "--deployed", str(file)).exit_code == 2
