"""`mash up` and `mash send` on the synthesised template: events in, rows, e-mails and webhooks out."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from functions.cli.accounts import broken_links
from tests.whole.conftest import EVENTS, Stack, an_event, eventually, mash

TOLD = ["DECISION", "RA_CHECK", *(["ATTEMPT_STARTED", "ATTEMPT_CLOSED"] * 2)]


def test_the_outputs_say_where_everything_is(stack: Stack) -> None:
    named = {
        "endpoint_url", "region", "aws_access_key_id", "aws_secret_access_key", "ca_bundle",
        "event_bus_name", "audit_table_name", "state_table_name", "keys_table_name", "emails_folder",
        "webhooks_folder", "intake_queue_url", "rejected_bucket_name", "console_url",
        "console_staff", "console_password",
    }  # fmt: skip
    assert named <= stack.outputs.keys()
    assert all(key == key.lower() for key in stack.outputs)
    assert stack.outputs["endpoint_url"].startswith("https://127.0.0.1:")
    assert stack.outputs["receiver_origin"].startswith("http://127.0.0.1:")


def test_a_decision_becomes_an_email_and_a_verified_webhook(stack: Stack, tmp_path: Path) -> None:
    ref = "NS-26-WHOLE01"
    event = an_event(
        "decision.neglect-joint", referral_ref=ref, event_id="11111111-0000-4000-8000-000000000001"
    )
    (written := tmp_path / "event.json").write_text(json.dumps(event), encoding="utf-8")
    answer = mash("send", str(written), "--outputs", str(stack.outputs_file))
    assert answer.stdout == (
        "event.json: accepted for child 1: Section 47 enquiry, joint with police (S47J)\n"
    ), answer.stderr
    assert stack.comes_to(ref, TOLD), stack.kinds(ref)
    (mail,), (receipt,) = stack.mails(ref), stack.receipts(ref)
    assert (mail.to, receipt.agency) == (("mash@probation.secure.example",), "north-police")
    assert (receipt.verified, receipt.status) == (True, 204)
    announced = {row.item["body_sha256"] for row in stack.rows(ref) if "body_sha256" in row.item}
    assert announced == {mail.sha256, receipt.sha256}
    status = next(row.item["ra"] for row in stack.rows(ref) if row.item["type"] == "RA_CHECK")
    assert json.loads(receipt.body.read_bytes())["data"]["police_form"]["status"] == status
    assert "POLICE RISK-ASSESSMENT FORM" in mail.text.read_text(encoding="utf-8")


def test_an_endpoint_that_agrees_is_sent_a_canary_that_nobody_keeps(stack: Stack) -> None:
    def canaries() -> list[tuple[str, str]]:
        ends = [(row.partition, str(row.item.get("result"))) for row in stack.everything.rows()]
        return [(partition, result) for partition, result in ends if result.startswith("CANARY")]

    stack.sweep()
    expected = [("G#north-police", "CANARY_SENT"), ("G#north-police", "CANARY_OK")]
    assert eventually(lambda: canaries()[:2] == expected), canaries()
    kept = Path(stack.outputs["webhooks_folder"]).glob("*.body")
    assert not [body for body in kept if b"uk.mash.canary" in body.read_bytes()]


def test_a_second_up_with_the_same_outputs_leaves_the_first_alone(stack: Stack) -> None:
    before = stack.outputs_file.read_bytes()
    (kept := Path(stack.outputs["emails_folder"]) / "999-an-earlier-message.txt").touch()
    answer = mash("up", "--outputs", str(stack.outputs_file))
    assert (answer.returncode, "give another --outputs FILE" in answer.stderr) == (1, True)
    assert stack.outputs_file.read_bytes() == before
    assert kept.exists()


def test_each_of_three_senders_at_once_is_told_of_its_own_arrival(stack: Stack, tmp_path: Path) -> None:
    event = an_event(
        "decision.neglect-joint",
        referral_ref="NS-26-WHOLE05",
        event_id="11111111-0000-4000-8000-000000000006",
    )
    (written := tmp_path / "event.json").write_text(json.dumps(event), encoding="utf-8")

    def send(_: int) -> tuple[int, str]:
        answer = mash("send", str(written), "--json", "--wait", "60", "--outputs", str(stack.outputs_file))
        (verdict,) = json.loads(answer.stdout)
        return answer.returncode, verdict["verdict"]

    with ThreadPoolExecutor(max_workers=3) as senders:
        answers = sorted(senders.map(send, range(3)))
    assert answers == [(0, "DECISION"), (0, "EVENT_DUPLICATE"), (0, "EVENT_DUPLICATE")]
    again = mash("send", str(written), "--wait", "60", "--outputs", str(stack.outputs_file))
    assert again.stdout == "event.json: a duplicate: recorded, nothing is sent\n"


def test_what_is_held_and_what_tells_nobody_is_said_to_its_sender(stack: Stack) -> None:
    files = [str(EVENTS / f"decision.{name}.json") for name in ("emergency-held", "public-referrer")]
    answer = mash("send", *files, "--outputs", str(stack.outputs_file))
    held, nobody = answer.stdout.splitlines()
    assert answer.returncode == 0
    assert held.endswith("; held for a person: emergency protection (EMERGENCY); nobody is told yet")
    assert nobody.endswith("; nobody may be told automatically")


def test_a_refused_event_has_an_exit_code_of_its_own(stack: Stack) -> None:
    path = str(EVENTS / "malformed.naive-time.json")
    refused = mash("send", path, "--outputs", str(stack.outputs_file))
    assert (refused.returncode, "NO_TIME_ZONE" in refused.stdout) == (3, True)


def test_the_same_event_three_times_at_once_is_one_set_of_messages(stack: Stack) -> None:
    ref = "NS-26-WHOLE02"
    event = an_event(
        "decision.neglect-joint", referral_ref=ref, event_id="11111111-0000-4000-8000-000000000002"
    )
    stack.send(event, event, event)
    assert stack.comes_to(ref, [*TOLD, "EVENT_DUPLICATE", "EVENT_DUPLICATE"]), stack.kinds(ref)
    assert (len(stack.mails(ref)), len(stack.receipts(ref))) == (1, 1)


@pytest.mark.finding(35)
def test_two_siblings_with_the_same_version_are_both_told(stack: Stack) -> None:
    ref = "NS-26-WHOLE03"
    stack.send(
        an_event("decision.sibling-one", referral_ref=ref, event_id="11111111-0000-4000-8000-000000000003"),
        an_event("decision.sibling-two", referral_ref=ref, event_id="11111111-0000-4000-8000-000000000004"),
    )
    assert eventually(lambda: stack.kinds(ref).count("ATTEMPT_CLOSED") == 5), stack.kinds(ref)
    told = {(row.item["child"], row.item["outcome"]) for row in stack.rows(ref) if "body_sha256" in row.item}
    assert told == {(1, "S47S"), (2, "S17")}
    assert (len(stack.mails(ref)), len(stack.receipts(ref))) == (4, 1)


@pytest.mark.parametrize(
    ("name", "field", "reason"),
    [
        ("malformed.unknown-code", "primary_outcome", "UNKNOWN_CODE"),
        ("malformed.naive-time", "decided_at", "NO_TIME_ZONE"),
        ("malformed.unknown-field", "childs_first_name", "UNKNOWN_FIELD"),
        ("malformed.unknown-agency", "referring_agency.agency_id", "UNKNOWN_AGENCY"),
        ("malformed.wrong-version", "schema_version", "WRONG_VERSION"),
        ("malformed.not-handled", "event_type", "EVENT_TYPE_NOT_HANDLED"),
    ],
)
def test_a_malformed_event_is_refused_by_the_field_at_fault(
    stack: Stack, name: str, field: str, reason: str
) -> None:
    (sent,) = stack.send(an_event(name))
    refused = stack.refusal(sent)
    assert (refused["type"], refused["field"], refused["reason"]) == ("REJECTED", field, reason)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ((EVENTS / "malformed.not-json.json").read_text(encoding="utf-8"), "NOT_JSON"),
        (json.dumps(an_event("decision.neglect-joint") | {"x": "x" * 70_000}), "TOO_LARGE"),
    ],
    ids=["not JSON", "over 64 KB"],
)
def test_what_only_the_intake_queue_can_carry_is_refused_and_kept(
    stack: Stack, text: str, reason: str
) -> None:
    (sent,) = stack.send(text)
    refused = stack.refusal(sent)
    assert (refused["type"], refused["reason"], refused["bytes"]) == ("REJECTED", reason, len(text.encode()))
    kept = stack.client("s3").get_object(Bucket=stack.outputs["rejected_bucket_name"], Key=refused["kept_as"])
    assert kept["Body"].read() == text.encode()
    assert refused["sha256"] == hashlib.sha256(text.encode()).hexdigest()


def test_a_senders_own_words_reach_no_row_no_message_and_no_log(stack: Stack) -> None:
    words = "<script>alert('Canary Wharf')</script>"
    refusals = [
        stack.refusal(sent)
        for sent in stack.send(
            an_event("malformed.unknown-field", childs_first_name=words),
            an_event("decision.neglect-joint", lead_team_code=words),
            an_event("decision.neglect-joint", **{words: 1}),
            f"not JSON {words}",
        )
    ]
    assert [refused["field"] for refused in refusals] == [
        "childs_first_name", "lead_team_code", "(unnamed)", "event",
    ]  # fmt: skip
    log = Path(stack.outputs["emulator_log"]).read_text(encoding="utf-8", errors="replace")
    rows = "".join(str(row.item) for row in stack.everything.rows())
    assert "Canary" not in rows + log


def test_the_trail_of_a_referral_is_told_in_words_and_as_rows(stack: Stack) -> None:
    ref = "NS-26-WHOLE04"
    stack.send(
        an_event(
            "decision.public-referrer", referral_ref=ref, event_id="11111111-0000-4000-8000-000000000005"
        )
    )
    assert stack.comes_to(ref, ["DECISION", "RA_CHECK", "TASK"]), stack.kinds(ref)
    where = ("--outputs", str(stack.outputs_file))
    words = mash("trail", ref, *where).stdout
    assert f"{ref}: 3 entries" in words
    assert "To be told: nobody by a message." in " ".join(words.split())
    rows = json.loads(mash("trail", ref, "--json", *where).stdout)
    assert [row["type"] for row in rows] == ["DECISION", "RA_CHECK", "TASK"]
    readings = [row.item for row in stack.everything.rows() if row.item["type"] == "READ"]
    assert [(read["referral"], read["rows"]) for read in readings if read["referral"] == ref] == [
        (ref, 3)
    ] * 2


def test_every_link_of_every_trail_holds(stack: Stack) -> None:
    rows = stack.everything.rows()
    assert rows
    assert broken_links(rows) == 0
