"""The registry and holds on the running template: with its own grants, and no deployment between."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from functions.cli.registry import EXAMPLE
from tests.whole.conftest import Stack, an_event, eventually, mash

A_HOSPICE = """
[[agency]]
id = "meadow-hospice"
type = "OTHER_HEALTH"
name = "Meadow Hospice"
channels = ["email"]
own_ref_pattern = "^MH[0-9]{4}$"
[agency.email]
address = "safeguarding@meadow-hospice.secure.example"
verified_at = 2026-11-02
"""


@pytest.mark.finding(36)
def test_an_agency_added_to_a_running_stack_is_told_by_the_next_decision(
    stack: Stack, tmp_path: Path
) -> None:
    """One command and no deployment: the county's list is data."""
    where = ("--outputs", str(stack.outputs_file))
    event = an_event(
        "decision.health-no-form",
        referral_ref="NS-26-WHO001",
        event_id="22222222-0000-4000-8000-000000000001",
        involved_agencies=[{"agency_id": "meadow-hospice", "own_ref": "MH2041", "holds_plan_role": False}],
    )
    (written := tmp_path / "event.json").write_text(json.dumps(event), encoding="utf-8")
    before = mash("send", str(written), *where)
    assert (before.returncode, "UNKNOWN_AGENCY" in before.stdout) == (3, True)
    (registry := tmp_path / "agencies.toml").write_text(running(stack) + today(A_HOSPICE), encoding="utf-8")
    applied = mash("agencies", "apply", str(registry), "--yes", *where)
    assert applied.returncode == 0, applied.stdout + applied.stderr
    assert "+ meadow-hospice (OTHER_HEALTH)" in applied.stdout
    event |= {"event_id": "22222222-0000-4000-8000-000000000002"}
    written.write_text(json.dumps(event), encoding="utf-8")
    after = mash("send", str(written), *where)
    assert after.returncode == 0, after.stdout + after.stderr
    addresses = {
        ("safeguarding@meadow-hospice.secure.example",),
        ("safeguarding@health-visiting.secure.example",),
    }
    assert eventually(lambda: {mail.to for mail in stack.mails("NS-26-WHO001")} == addresses)


def test_a_hold_that_nobody_ends_in_time_calls_somebody_and_is_released_all_the_same(
    stack: Stack, tmp_path: Path
) -> None:
    """The deployed sweep fires the clock; a manager then releases, and the message goes."""
    where, ref = ("--outputs", str(stack.outputs_file)), "NS-26-WHO002"
    event = an_event("decision.still-held", referral_ref=ref, event_id="22222222-0000-4000-8000-000000000003")
    (written := tmp_path / "event.json").write_text(json.dumps(event), encoding="utf-8")
    assert mash("send", str(written), *where).returncode == 0
    assert [task["state"] for task in tasks(stack) if is_to_release(task, ref)] == ["OPEN"]
    assert eventually(lambda: stack.sweep()["queued"] == 0), "clocks of other referrals fire first"
    an_hour_passes(stack, ref)
    assert stack.sweep() == {"queued": 0, "fired": 1}
    assert stack.sweep() == {"queued": 0, "fired": 0}
    assert stack.kinds(ref).count("CLOCK_FIRED") == 1
    assert [task["state"] for task in tasks(stack) if is_to_release(task, ref)] == ["OVERDUE"]
    assert stack.receipts(ref) == []
    released = mash("release", ref, "--reason", "TOLD_BY_PHONE_FIRST", *where)
    assert released.stdout == f"{ref}, child 1: released; 2 messages due now\n", released.stderr
    assert [task for task in tasks(stack) if is_to_release(task, ref)] == []
    stack.sweep()
    assert eventually(lambda: stack.kinds(ref).count("ATTEMPT_CLOSED") == 2), stack.kinds(ref)
    assert (len(stack.receipts(ref)), len(stack.mails(ref))) == (1, 1)
    again = mash("release", ref, "--reason", "TOLD_BY_PHONE_FIRST", *where)
    assert (again.returncode, "Nothing of NS-26-WHO002 is held that way." in again.stderr) == (1, True)


def is_to_release(task: dict[str, str], ref: str) -> bool:
    return (task["referral_ref"], task["kind"]) == (ref, "RELEASE_CHILD")


def tasks(stack: Stack) -> list[dict[str, str]]:
    """What `mash tasks` lists."""
    listed = mash("tasks", "--json", "--outputs", str(stack.outputs_file))
    return list(json.loads(listed.stdout))


def an_hour_passes(stack: Stack, ref: str) -> None:
    """The task's time has come: its place in the due index moves to the past."""
    sk = "TASK#RELEASE_CHILD#01"
    stack.client("dynamodb").update_item(
        TableName=stack.outputs["state_table_name"],
        Key={"pk": {"S": f"R#{ref}"}, "sk": {"S": sk}},
        UpdateExpression="SET due_at = :past, due_sk = :due",
        ExpressionAttributeValues={
            ":past": {"S": "2026-01-01T00:00:00.000Z"},
            ":due": {"S": f"2026-01-01T00:00:00.000Z#R#{ref}|{sk}"},
        },
    )


def running(stack: Stack) -> str:
    """The example registry as `mash up` applied it: its endpoints here, its days moved to now."""
    text = today(EXAMPLE.read_text(encoding="utf-8"))
    lines = []
    for line in text.splitlines():
        if line.startswith("id = "):
            agency = line.split('"')[1]
        pointed = (
            f'url = "{stack.outputs["receiver_origin"]}/{agency}/outcomes"'
            if line.startswith("url")
            else line
        )
        lines.append(pointed)
    return "\n".join(lines)


def today(text: str) -> str:
    """Days as they are kept for the example: verified on the day that the tests run."""
    day = datetime.now(UTC).date().isoformat()
    return "\n".join(
        f"verified_at = {day}" if line.startswith("verified_at") else line for line in text.splitlines()
    )
