"""Whatever the command line counts: messages beside decisions are among them, and none is a decision's."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from functions.adapters.ledger.everything import Row
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Item
from functions.cli.accounts import Account, account
from functions.cli.course import Course
from functions.cli.due_messages import Evidence
from functions.cli.reconciling import agrees
from functions.cli.report import Material, page_of
from functions.cli.show import Arrivals, in_full, to_open, were_told
from functions.cli.verdicts import Verdict, verdicts
from functions.domain.delivery import message_id
from functions.domain.reconciliation.tally import Tally
from functions.domain.record import uid
from schemas.codes import Bucket, Channel
from tests.cli.rows_beside import an_update, beside
from tests.cli.runs import (
    AT,
    HELD_REF,
    NOWHERE,
    REF,
    a_run,
    chained,
    decision,
    mail,
    receipt,
    sent,
    started,
    with_rows,
)

POLICE = DeliveryKey(REF, 1, 1, "north-police", Channel.WEBHOOK, "UPLAN")
PROBATION = DeliveryKey(REF, 1, 1, "north-probation", Channel.EMAIL, "UPLAN")
EVENT = "0d0f2c9e-8a53-4a0e-9f0e-6a1f2f0b7c12"
BOTH = ["north-police#webhook#3#UPLAN", "north-probation#email#3#UPLAN"]
UPDATE: Item = {**an_update(dver=1, recipients=BOTH), "cause": EVENT, "uid": "of the update"}


def sending(key: DeliveryKey, sha256: str) -> Item:
    """What a STARTED row says of an update: it tells no outcome."""
    row = started(key, sha256)
    del row["outcome"]
    own = {"nonce": key.nonce, "message_id": message_id(key.text)}
    return {**row, **own, "message_type": "PLAN_STATUS_UPDATE", "ra": "ABSENT"}


def a_run_with_an_update(*rows: Item, **sinks: Any) -> Evidence:
    """The usual run, and a change of the plan that both agencies are told."""
    run = a_run()
    event = {**beside("PLAN_STATUS_CHANGED"), "cause": EVENT}
    told = [event, UPDATE, sending(POLICE, "hash-of-update"), sending(PROBATION, "hash-of-letter"), *rows]
    return replace(
        run,
        sent=[*run.sent, sent(EVENT, "bus-9", "PLAN_STATUS_CHANGED")],
        rows=[*run.rows, *chained(f"R#{REF}", *told)],
        deliveries={**run.deliveries, POLICE: {"st": "SENT"}, PROBATION: {"st": "SENT"}},
        receipts=sinks.get("receipts", [*run.receipts, receipt(sha256="hash-of-update")]),
        mails=sinks.get("mails", [*run.mails, mail(sha256="hash-of-letter")]),
    )


def updates_of(result: Account) -> list[dict[str, object]]:
    return [told.as_json() for told in result.notifications if told.key.series]


def lines(table: Any) -> list[str]:
    file = io.StringIO()
    Console(file=file, width=160, highlight=False).print(table)
    return [" ".join(line.split()) for line in file.getvalue().splitlines() if line.strip()]


# --- the account of a run


def test_an_update_is_a_message_that_was_due_and_no_decision() -> None:
    result, usual = account(a_run_with_an_update()), account(a_run())
    assert updates_of(result) == [
        {
            "referral_ref": REF, "child_index": 1, "series": "PLAN", "number": 1, "agency": "north-police",
            "channel": "webhook", "outcome": "", "ra_status": "ABSENT", "level": 3, "attempts": 1,
            "delivered": True, "verified": True,
        },
        {
            "referral_ref": REF, "child_index": 1, "series": "PLAN", "number": 1,
            "agency": "north-probation", "channel": "email", "outcome": "", "ra_status": "ABSENT", "level": 3,
            "attempts": 1, "delivered": True,
        },
    ]  # fmt: skip
    assert (result.decisions_in, result.buckets) == (usual.decisions_in, usual.buckets)
    assert (result.recorded, result.unaccounted, result.clean) == (usual.recorded + 1, 0, True)


def test_an_update_that_did_not_arrive_is_open_and_leaves_its_decision_told() -> None:
    result = account(a_run_with_an_update(mails=[mail()]))
    assert [told["delivered"] for told in updates_of(result)] == [True, False]
    assert (result.buckets[Bucket.TOLD], result.clean) == (1, False)


def test_an_update_that_is_not_tried_yet_shows_the_check_that_it_was_made_with() -> None:
    run = a_run()
    rows = chained(f"R#{REF}", {**beside("PLAN_STATUS_CHANGED"), "cause": EVENT}, UPDATE)
    result = account(replace(run, rows=[*run.rows, *rows]))
    assert {told["ra_status"] for told in updates_of(result)} == {"COMPLETE"}


def replaced(**changes: Any) -> Item:
    whole = {
        "type": "SUPERSEDED", "cause": "e-9", "agency": "north-probation", "chan": "email", "child": 1,
        "dver": 1, "nonce": "UPLAN", "by": 2, "by_series": "PLAN",
    }  # fmt: skip
    return {name: value for name, value in (whole | changes).items() if value is not None}


@pytest.mark.parametrize(
    ("row", "words"),
    [(replaced(), "number 2"), (replaced(by_series=None, by=1), "decision_seq 1")],
    ids=["by a newer one", "by the decision"],
)
def test_what_replaced_an_update_is_named_as_it_counts(row: Item, words: str) -> None:
    result = account(a_run_with_an_update(row, mails=[mail()]))
    assert [told.get("replaced_by") for told in updates_of(result)] == [None, words]
    assert result.clean


def phoned(about: str | None) -> Item:
    row = {
        "type": "TASK", "cause": "request-1", "task": "CALL_UNTOLD", "task_agency": "north-probation",
        "child": 1, "dver": 1, "done": True, "reason": "TOLD_BY_PHONE", "about": about,
    }  # fmt: skip
    return {name: value for name, value in row.items() if value is not None}


def test_a_call_about_the_decision_tells_nothing_of_the_update_nor_the_other_way_round() -> None:
    for about, expected in ((None, [None, "a telephone call"]), ("PLAN", ["a telephone call", None])):
        result = account(a_run_with_an_update(phoned(about), mails=[]))
        told = {one.key.series: one.replaced_by for one in result.notifications if one.key.channel == "email"}
        assert [told["PLAN"], told[None]] == expected  # type: ignore[index]


def waited(**changes: Any) -> list[Row]:
    event = {**beside("PLAN_STATUS_CHANGED"), "cause": EVENT}
    rows = [{**event, "waits_for": "DECISION"}, {**event, "waited_since": AT, **changes}]
    return chained(f"R#{REF}", *rows)


@pytest.mark.parametrize("changes", [{}, {"field": "x", "refused_copy": "1"}], ids=["taken up", "refused"])
def test_an_event_that_waited_went_in_once(changes: dict[str, str]) -> None:
    run = a_run()
    result = account(
        replace(
            run,
            sent=[*run.sent, sent(EVENT, "bus-9", "PLAN_STATUS_CHANGED")],
            rows=[*run.rows, *waited(**changes)],
        )
    )
    assert (result.recorded, result.unaccounted) == (account(run).recorded + 1, 0)


@pytest.mark.parametrize("event_type", ["CASE_CLOSED", "ACKNOWLEDGED", "REFERRAL_RECEIVED"])
def test_what_happens_beside_a_decision_is_none(event_type: str) -> None:
    assert not sent(EVENT, "bus-9", event_type).is_a_decision


@pytest.mark.parametrize("event_type", ["DECIDED", "DECISION_REVISED", "NOBODY_KNOWS"])
def test_a_decision_and_whatever_nobody_knows_stand_for_one(event_type: str) -> None:
    assert sent(EVENT, "bus-9", event_type).is_a_decision


def test_an_update_in_a_failing_webhooks_place_is_no_decisions_fallback() -> None:
    """As the tables count: beside a day's decisions stand only messages about them."""
    fired = {
        "type": "CLOCK_FIRED", "cause": POLICE.sk, "agency": "north-police", "chan": "webhook", "child": 1,
        "dver": 1, "nonce": "UPLAN", "watch": "FALLBACK", "instead": "msg_1", "level": 3,
    }  # fmt: skip
    result = account(a_run_with_an_update(fired))
    assert [told.key.channel for told in result.notifications if told.key.series] == [
        Channel.WEBHOOK, Channel.EMAIL, Channel.FALLBACK,
    ]  # fmt: skip
    tally = Tally(decisions=result.decisions_in, ended=result.buckets)
    assert agrees(result, tally)


# --- how far a decision has come


def test_a_hold_on_an_update_holds_no_decision_of_the_same_number() -> None:
    held = {
        "type": "HELD", "cause": EVENT, "child": 1, "dver": 1, "triggers": ["UNVERIFIED_ADDRESS"],
        "held_agency": "north-police", "task": "RELEASE_AGENCY",
    }  # fmt: skip
    rows = chained(f"R#{REF}", decision("e-1", "north-police#webhook#3"), {**held, "series": "PLAN"})
    course = Course.of(rows[0], rows)
    assert ([one.held for one in course.recipients], course.triggers) == ([False], ())
    other = chained(f"R#{REF}", decision("e-1", "north-police#webhook#3"), held)
    assert [one.held for one in Course.of(other[0], other).recipients] == [True]


# --- what its sender is told


def judged(event: Item, *rows: Item) -> Verdict:
    own = {**event, "cause": EVENT, "uid": uid("LIFECYCLE", EVENT, "bus-9")}
    others = [{"uid": f"of row {number}", **row} for number, row in enumerate(rows)]
    one = sent(EVENT, "bus-9", event["event_type"])
    (verdict,) = verdicts([one], chained(f"R#{REF}", own, *others))
    return verdict


def test_an_event_beside_the_decisions_is_recorded_and_says_what_happened() -> None:
    verdict = judged(beside("CASE_CLOSED"))
    assert verdict.words == "recorded: The case of child 1 was closed on 27 November 2026 at 10:20am."
    assert (verdict.bucket, verdict.as_json()["recipients"]) == ("recorded", [])


def test_it_says_how_many_messages_tell_of_it_and_what_holds_them() -> None:
    verdict = judged(beside("CASE_CLOSED"), UPDATE)
    assert verdict.words.endswith(" 2 messages to tell of it.")
    held = {
        "type": "HELD", "cause": EVENT, "child": 1, "dver": 1, "series": "PLAN", "task": "RELEASE_AGENCY",
        "triggers": ["UNVERIFIED_ADDRESS"], "held_agency": "north-probation",
    }  # fmt: skip
    waits = judged(beside("CASE_CLOSED"), UPDATE, held)
    assert waits.words.endswith(
        " 2 messages to tell of it; held for a person: an address that is not verified (UNVERIFIED_ADDRESS)."
    )
    assert waits.as_json()["held"] == ["UNVERIFIED_ADDRESS"]
    assert [(one["agency"], one["held"]) for one in recipients_in(waits)] == [
        ("north-police", False),
        ("north-probation", True),
    ]


def recipients_in(verdict: Verdict) -> Sequence[dict[str, object]]:
    listed = verdict.as_json()["recipients"]
    assert isinstance(listed, list)
    return listed


def test_anothers_update_is_not_its_own() -> None:
    assert judged(beside("CASE_CLOSED"), {**UPDATE, "cause": "another event"}).updates == ()


def test_one_that_came_too_early_says_what_it_waits_for() -> None:
    verdict = judged(beside("CASE_CLOSED", waits_for="DECISION"))
    assert verdict.words.endswith("That came before the child's decision, and is kept until that comes.")


# --- how it looks


def test_a_message_in_a_terminal_is_named_by_what_it_is_about() -> None:
    result = account(a_run_with_an_update())
    told = lines(were_told(result.notifications, Arrivals([], [], [])))
    assert "told north-police webhook outcome and plan COMPLETE signature verified" in told
    assert "told north-police webhook the news and any plan, about the plan ABSENT signature verified" in told


def test_an_email_to_open_is_named_by_what_it_is_about() -> None:
    evidence = a_run_with_an_update()
    letters = [mail(html=Path("/letter.html"), sha256="hash-of-letter")]
    ((shows, _),) = to_open(letters, evidence.rows)
    assert shows == "north-probation, child 1: about the plan; police form not received"


def test_a_webhook_in_full_shows_the_news_where_there_is_no_decision(tmp_path: Path) -> None:
    body = tmp_path / "1.body"
    body.write_text(
        '{"id": "msg_1", "type": "uk.mash.update.v1", "subject": "NS-26-7KQ4ZP", "data": {"own_ref": null, '
        '"news": {"series": "PLAN"}, "said_instead": null, "police_form": {"status": "ABSENT"}}}'
    )
    evidence = a_run_with_an_update()
    told = [one for one in account(evidence).notifications if one.key == POLICE]
    arrived = Arrivals(evidence.rows, [], [receipt(sha256="hash-of-update", body=body)])
    assert '"series": "PLAN"' in "".join(lines(in_full(told, arrived, [])))


# --- the one page


def page(*rows: Item) -> dict[str, Any]:
    evidence = with_rows(a_run_with_an_update(*rows), lambda row: row.partition != f"R#{HELD_REF}")
    names = {"north-police": "North Police"}
    now = datetime(2026, 11, 24, 16, tzinfo=UTC)
    material = Material(account(evidence), evidence, names, "Northshire MASH", REF, now)
    shown = page_of(material, NOWHERE)
    return {section.title: [line.cells for line in section.lines] for section in shown.sections}


def test_the_page_names_what_an_update_is_about() -> None:
    told = page()["Told"]
    assert (
        f"{REF}, child 1", "North Police", "The news and any plan, about the plan", "Not received",
        "webhook, signature verified",
    ) in told  # fmt: skip


def test_the_page_names_whom_an_update_has_no_message_for() -> None:
    left_out = {
        **UPDATE,
        "recipients": [],
        "dver": 2,
        "in_system": ["north-care"],
        "kept_from": ["hill-dental"],
    }
    not_told = page(left_out)["Not told by message, and why"]
    assert (f"{REF}, child 1", "north-care", "Reads it in the hub's own case system") in not_told
    assert [why for _, who, why in not_told if who == "hill-dental"] == [
        "For a person: find a way to tell those agencies that may have no message now (the trail names them)"
    ]


def test_one_release_ends_what_was_held_of_a_decision_and_of_an_update() -> None:
    hold: Item = {
        "type": "HELD", "cause": EVENT, "child": 1, "dver": 1, "triggers": ["UNVERIFIED_ADDRESS"],
        "held_agency": "north-police", "task": "RELEASE_AGENCY", "role": "DIRECTORY_OWNER",
        "due_at": "2026-11-25T15:02:30.000Z",
    }  # fmt: skip
    ended: Item = {
        "type": "RELEASED", "cause": "request-1", "child": 1, "dver": 1, "triggers": ["UNVERIFIED_ADDRESS"],
        "held_agency": "north-police", "task": "RELEASE_AGENCY", "reason": "ADDRESS_VERIFIED",
    }  # fmt: skip
    again = {**hold, "series": "PLAN", "dver": 3}
    held = page(hold, {**hold, "series": "PLAN", "dver": 2}, ended, again)["Held, and released"]
    mine = [(what, released) for _, what, _, _, released in held if what.startswith("North Police")]
    assert [(what, released.endswith(": the address is verified now")) for what, released in mine] == [
        ("North Police", True),
        ("North Police, about the plan", True),
        ("North Police, about the plan", False),
    ]
