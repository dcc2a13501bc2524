"""`--json` on the acts: one object alone on standard output, which names the rows that the act wrote."""

import json
from typing import Any

import pytest
from click.testing import Result

from functions.adapters import aws
from functions.adapters.ledger.reading import Asked
from functions.adapters.ledger.store import Item, Store
from functions.cli import acts, answering
from functions.cli.failure import CommandError
from functions.cli.outputs import Outputs
from functions.domain.tasks import endpoint_task
from functions.flows.acting.recover import Outage
from schemas.clocks import ClockPolicy
from schemas.codes import ActReason, PauseCause
from tests.cli.busy_tables import CannotWrite, FullForTheSecond
from tests.cli.typed import BUSY, ME, POLICE, PROBATION, REF, SINCE, Mash, of_kind
from tests.world import MORNING, World, a_decision

KIND_OF_ROWS = {
    "release": {"RELEASED"},
    "keep": {"TASK"},
    "resend": {"RESENT"},
    "cancel": {"CANCELLED"},
    "pause": {"ENDPOINT"},
    "resume": {"ENDPOINT"},
    "recover": {"RESENT"},
    "done": {"TASK"},
}


def answered(result: Result) -> dict[str, Any]:
    """The object, which must be all that a program reads."""
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def rows_by(world: World, request: str) -> list[Item]:
    """What the act wrote, its own question aside: that was written before anything was done."""
    written = [row for row in world.all_items("audit") if request in (row["cause"], row.get("req"))]
    written = [row for row in written if row["type"] != "QUERY"]
    return sorted(written, key=lambda row: (str(row["pk"]), str(row["sk"])))


def done_by(world: World, result: Result) -> dict[str, Any]:
    """What is said of an act that succeeded, apart from its rows, which are checked against the trail."""
    said = answered(result)
    assert result.exit_code == 0
    rows, request = said.pop("rows"), said.pop("request")
    written = rows_by(world, request)
    assert rows == [{"pk": row["pk"], "sk": row["sk"]} for row in written] != []
    assert {row["type"] for row in written} == KIND_OF_ROWS[said["act"]]
    assert {(row["actor"], row["reason"]) for row in written} == {(ME, said["reason"])}
    return said


# --- what was done


def test_a_release_says_what_is_due_and_what_is_still_held(world: World, mash: Mash) -> None:
    holds = [{"code": "SENSITIVE"}, {"code": "REFERRER_IS_FAMILY"}]
    world.take(a_decision(hold_codes=holds))
    assert done_by(world, mash("release", REF, "--reason", "TOLD_BY_PHONE_FIRST", "--json")) == {
        "act": "release",
        "referral_ref": REF,
        "child_index": 1,
        "due": 1,
        "still_held": 1,
        "reason": "TOLD_BY_PHONE_FIRST",
    }


def test_a_hold_that_is_kept_says_whose_it_is_now_and_until_when(world: World, mash: Mash) -> None:
    world.take(a_decision(primary_outcome="EMP"))
    assert done_by(world, mash("keep", REF, "--reason", "NOBODY_REACHED", "--json")) == {
        "act": "keep",
        "task": "RELEASE_CHILD",
        "referral_ref": REF,
        "child_index": 1,
        "agency": None,
        "role": "MASH_MANAGER",
        "due_at": "2026-11-24T16:02:30.000Z",
        "reason": "NOBODY_REACHED",
    }


def test_a_message_sent_again_is_named_by_its_new_id(told: World, mash: Mash) -> None:
    result = mash(
        "resend", REF, "--agency", POLICE, "--by-email", "--reason", "NOT_RECEIVED", "--yes", "--json"
    )
    (new,) = (item for item in told.all_items("state") if "+" in item["sk"] and "message_id" in item)
    assert done_by(told, result) == {
        "act": "resend",
        "referral_ref": REF,
        "child_index": 1,
        "decision_seq": 1,
        "agency": POLICE,
        "channel": "fallback",
        "level": 3,
        "message_id": new["message_id"],
        "how": "ANEW",
        "reason": "NOT_RECEIVED",
    }


def test_a_message_tried_again_at_once_keeps_its_id(world: World, mash: Mash) -> None:
    world.take(a_decision())
    world.police.answers = [BUSY]
    world.send_due()
    result = mash("resend", REF, "--channel", "webhook", "--reason", "AGENCY_ASKED", "--yes", "--json")
    said = done_by(world, result)
    assert (said["how"], said["channel"]) == ("AT_ONCE", "webhook")
    assert said["message_id"] == of_kind(world, "RESENT")[0]["message_id"]


def test_what_was_stopped_is_named_and_what_was_not_is_counted(world: World, mash: Mash) -> None:
    world.take(a_decision(hold_codes=[{"code": "REFERRER_IS_FAMILY"}]))
    result = mash("cancel", REF, "--agency", POLICE, "--reason", "TOLD_BY_PHONE", "--yes", "--json")
    assert done_by(world, result) == {
        "act": "cancel",
        "referral_ref": REF,
        "child_index": 1,
        "agency": POLICE,
        "stopped": 1,
        "message_ids": [row["message_id"] for row in of_kind(world, "CANCELLED")],
        "went_on": 0,
        "on_their_way": 0,
        "tasks_done": 1,
        "reason": "TOLD_BY_PHONE",
    }


def test_a_pause_counts_what_waits_and_a_resumption_what_is_due(world: World, mash: Mash) -> None:
    paused = mash("pause", POLICE, "--reason", "MAINTENANCE", "--json")
    world.take(a_decision())
    world.send_due()
    resumed = mash("resume", POLICE, "--reason", "ENDPOINT_MENDED", "--json")
    assert done_by(world, paused) == {
        "act": "pause",
        "agency": POLICE,
        "waiting": 0,
        "reason": "MAINTENANCE",
    }
    assert done_by(world, resumed) == {
        "act": "resume",
        "agency": POLICE,
        "due": 1,
        "reason": "ENDPOINT_MENDED",
    }


RECOVERY = ("recover", POLICE, "--since", SINCE, "--reason", "OUR_FAULT_MENDED", "--json")
FOUND = {
    "act": "recover",
    "agency": POLICE,
    "channel": "webhook",
    "since": "2026-11-24T15:00:00.000Z",
    "until": None,
    "dry_run": False,
    "found": 3,
    "by_state": {"RETRY": 2, "FAILED": 1},
    "more": 0,
    "sent_again": 0,
    "went_on": 0,
    "left": 0,
    "reason": "OUR_FAULT_MENDED",
}


def test_a_recovery_names_a_row_for_each_message_that_goes_again(outage: World, mash: Mash) -> None:
    result = mash(*RECOVERY, "--yes")
    assert len(answered(result)["rows"]) == 3
    assert done_by(outage, result) == {**FOUND, "sent_again": 3}


def test_a_dry_run_and_a_recovery_of_nothing_name_no_row(outage: World, mash: Mash) -> None:
    until = ["--until", "2026-11-24T15:10+00:00"]
    dry = answered(mash(*RECOVERY, *until, "--dry-run"))
    assert dry.pop("request")
    assert dry == {**FOUND, "until": "2026-11-24T15:10:00.000Z", "dry_run": True, "rows": []}
    mash(*RECOVERY, "--yes")
    nothing = answered(mash(*RECOVERY, "--yes"))
    assert (nothing["found"], nothing["sent_again"], nothing["rows"]) == (0, 0, [])


def test_a_call_that_was_made_says_whose_task_it_was_and_who_counts_as_told(
    outage: World, mash: Mash
) -> None:
    result = mash("done", "NS-26-000000", "--task", "CALL_UNTOLD", "--reason", "TOLD_BY_PHONE", "--json")
    assert done_by(outage, result) == {
        "act": "done",
        "task": "CALL_UNTOLD",
        "referral_ref": "NS-26-000000",
        "child_index": 1,
        "agency": POLICE,
        "about": None,
        "source": None,
        "told": 1,
        "reason": "TOLD_BY_PHONE",
    }


def test_an_agencys_own_task_has_no_referral_and_no_child(world: World, mash: Mash) -> None:
    task = endpoint_task(world.now, ClockPolicy())
    world.health.pause(POLICE, PauseCause.REFUSING, by="x", task=task, now=world.now)
    own = ["--agency", POLICE, "--task", "MEND_ENDPOINT", "--reason", "ENDPOINT_MENDED"]
    said = done_by(world, mash("done", *own, "--json"))
    assert (said["referral_ref"], said["child_index"], said["agency"]) == (None, None, POLICE)


# --- what a person sees beside it


def test_what_a_person_agrees_to_stands_beside_what_a_program_reads(told: World, mash: Mash) -> None:
    result = mash("resend", REF, "--agency", POLICE, "--reason", "NOT_RECEIVED", "--json", says="y\n")
    assert "1 new message with an id of its own" in result.stderr
    assert "Send it again? [y/N]:" in result.stderr
    assert done_by(told, result)["how"] == "ANEW"


# --- what stands in the way


def refusal(result: Result) -> tuple[int, str, dict[str, Any]]:
    """How it ended; a program that was refused reads the same from every act."""
    said = answered(result)
    assert said.keys() == {"act", "error"}
    assert said["error"].keys() == {"field", "message"}
    return result.exit_code, said["act"], said["error"]


@pytest.mark.parametrize(
    ("command", "field", "message"),
    [
        (("release", "NS-26-XXXXXX", "--reason", "TOLD_BY_PHONE_FIRST"), "ref", "No referral NS-26-XXXXXX"),
        (("release", REF, "--reason", "TOLD_BY_PHONE_FIRST"), None, f"Nothing of {REF} is held that way."),
        (("resend", REF, "--reason", "NOT_RECEIVED", "--yes"), "message", "That means several messages"),
        (
            ("resend", REF, "--agency", PROBATION, "--by-email", "--reason", "NOT_RECEIVED", "--yes"),
            "by_email",
            "It is an e-mail already: leave out --by-email.",
        ),
        (
            ("cancel", REF, "--agency", "nobody", "--reason", "NOT_SAFE_TO_TELL", "--yes"),
            "agency",
            f"No message of {REF} is that one.",
        ),
        (
            (
                "cancel",
                REF,
                "--agency",
                POLICE,
                "--channel",
                "email",
                "--reason",
                "NOT_SAFE_TO_TELL",
                "--yes",
            ),
            "message",
            f"No message of {REF} is that one.",
        ),
        (
            ("resend", REF, "--child", "2", "--reason", "NOT_RECEIVED", "--yes"),
            "child",
            f"No message of {REF} is that one.",
        ),
        (("pause", "nobody", "--reason", "MAINTENANCE"), "agency", "nobody is no active agency"),
        (("resume", POLICE, "--reason", "ENDPOINT_MENDED"), None, "north-police's endpoint is not paused."),
        (
            ("recover", POLICE, "--since", "2027-01-01T00:00Z", "--reason", "OUR_FAULT_MENDED", "--yes"),
            "since",
            "Say a moment that has passed with --since",
        ),
        (("done", "--task", "CALL_UNTOLD", "--reason", "TOLD_BY_PHONE"), "ref", "CALL_UNTOLD is about a"),
        (
            ("done", REF, "--task", "CALL_UNTOLD", "--reason", "ENDPOINT_MENDED"),
            "reason",
            "ENDPOINT_MENDED is no reason to end CALL_UNTOLD",
        ),
    ],
)
def test_what_stands_in_the_way_is_an_object_too_with_the_code_that_it_always_had(
    told: World, mash: Mash, command: tuple[str, ...], field: str | None, message: str
) -> None:
    in_words, result = mash(*command), mash(*command, "--json")
    code, act, error = refusal(result)
    assert (code, act, error["field"]) == (1, command[0], field)
    assert error["message"].startswith(message)
    assert in_words.exit_code == code
    assert f"Error: {error['message']}" in in_words.stderr


@pytest.mark.parametrize(
    ("says", "field", "message"),
    [
        (None, "yes", "Nothing was changed: nobody is here to be asked. Read that, then add --yes."),
        ("n\n", None, "Nothing was changed."),
    ],
)
def test_an_act_that_nobody_agrees_to_is_refused_and_changes_nothing(
    told: World, mash: Mash, says: str | None, field: str | None, message: str
) -> None:
    result = mash("resend", REF, "--agency", POLICE, "--reason", "NOT_RECEIVED", "--json", says=says)
    assert refusal(result) == (1, "resend", {"field": field, "message": message})
    assert of_kind(told, "RESENT") == []


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (("pause", POLICE), "reason"),
        (("pause", POLICE, "--reason", "she asked me to"), "reason"),
        (("pause", "--reason", "MAINTENANCE"), "agency"),
        (("pause", POLICE, "--reason", "MAINTENANCE", "--loudly"), "--loudly"),
        (("pause", POLICE, "--reason"), "--reason"),
        (("pause", POLICE, "twice", "--reason", "MAINTENANCE"), None),
        (("recover", POLICE, "--since", "yesterday", "--reason", "OUR_FAULT_MENDED"), "since"),
        (("release", REF, "--agency", POLICE, "--allegation", "--reason", "TOLD_BY_PHONE_FIRST"), None),
    ],
)
def test_a_command_that_is_not_understood_says_so_to_a_program_and_ends_as_before(
    mash: Mash, command: tuple[str, ...], field: str | None
) -> None:
    first, *rest = command
    in_words, result = mash(*command), mash(first, "--json", *rest)
    code, act, error = refusal(result)
    assert (code, act, error["field"]) == (2, first, field)
    assert in_words.exit_code == code
    assert in_words.stdout == ""
    assert " ".join(error["message"].split()) in " ".join(in_words.stderr.split())


class IsGone(Outputs):
    """Tables that went with their stack."""

    def store(self) -> Store:
        return Store(aws.dynamodb(), audit="gone", state="gone", keys="gone")


PAUSE = ("pause", POLICE, "--reason", "MAINTENANCE", "--json")


def test_others_who_write_all_the_while_are_an_error_that_says_to_go_on(
    stack: Outputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    mash = Mash(CannotWrite.model_validate(stack.model_dump()), monkeypatch)
    code, _, error = refusal(mash("recover", *PAUSE[1:2], *RECOVERY[2:]))
    assert (code, error["field"]) == (1, None)
    assert error["message"].startswith("Others were writing all the while (throttled): run it again.")


def test_a_stack_that_does_not_answer_is_an_error_for_a_program_too(
    stack: Outputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    mash = Mash(IsGone.model_validate(stack.model_dump()), monkeypatch)
    code, act, error = refusal(mash(*PAUSE))
    assert (code, act, error["field"]) == (1, "pause", None)
    assert error["message"].startswith("the stack did not answer: ")
    assert type(mash(*PAUSE[:-1]).exception).__name__ == "ResourceNotFoundException"


def test_what_is_left_of_a_recovery_is_an_error_beside_what_was_done(
    outage: World, capsys: pytest.CaptureFixture[str]
) -> None:
    outage.use(FullForTheSecond)
    at = acts.Acting(outage.act_desk, Asked(outage.store, outage.chain), ME, "this-request")
    talk = answering.Talk("recover", wants_json=True, yes=True)
    came = acts.recovered(at, Outage(POLICE, MORNING), ActReason.OUR_FAULT_MENDED, talk, dry_run=False)
    with pytest.raises(SystemExit) as ended:
        talk.tell(came)
    said = json.loads(capsys.readouterr().out)
    assert ended.value.code == CommandError.exit_code == 1
    assert (said["sent_again"], said["left"], len(said["rows"])) == (2, 1, 2)
    assert said["error"] == {"field": None, "message": acts.LEFT_OVER}
