"""The account of a run: right when all is well, and wrong in the right place when anything is seeded."""

from dataclasses import replace

import pytest

from functions.cli.accounts import Account, account
from functions.cli.due_messages import Evidence
from schemas.codes import Bucket, Channel
from tests.cli.runs import (
    POLICE,
    PROBATION,
    REF,
    a_run,
    chained,
    mail,
    receipt,
    relinked,
    sent,
    started,
    with_rows,
)


def notification(result: Account, agency: str) -> dict[str, object]:
    (found,) = [told.as_json() for told in result.notifications if told.key.agency_id == agency]
    return found


def test_every_input_ends_in_exactly_one_bucket() -> None:
    result = account(a_run())
    assert {bucket: result.buckets[bucket] for bucket in Bucket} == {
        Bucket.TOLD: 1,
        Bucket.HELD: 1,
        Bucket.REFUSED: 1,
        Bucket.DUPLICATE: 1,
        Bucket.STALE: 1,
        Bucket.NOBODY_TO_TELL: 1,
        Bucket.OPEN: 0,
    }
    assert (result.decisions_in, result.recorded, result.unaccounted, result.clean) == (6, 1, 0, True)


def test_the_report_names_what_the_issue_names() -> None:
    report = account(a_run()).as_json()
    assert report["notifications"] == [
        {
            "referral_ref": REF, "child_index": 1, "decision_seq": 1, "agency": "north-police",
            "channel": "webhook", "outcome": "S47J", "ra_status": "COMPLETE", "level": 3, "attempts": 1,
            "delivered": True, "verified": True,
        },
        {
            "referral_ref": REF, "child_index": 1, "decision_seq": 1, "agency": "north-probation",
            "channel": "email", "outcome": "S47J", "ra_status": "COMPLETE", "level": 3, "attempts": 1,
            "delivered": True,
        },
    ]  # fmt: skip
    del report["notifications"]
    assert report == {
        "decisions_in": 6, "recorded": 1, "told": 1, "held": 1, "refused": 1, "duplicate": 1, "stale": 1,
        "nobody_to_tell": 1, "open": 0, "unaccounted": 0, "unknown_messages": 0, "broken_links": 0,
        "audit_entries": 13, "canaries_taken": 0,
    }  # fmt: skip


def test_an_event_that_left_no_row_is_unaccounted() -> None:
    run = a_run()
    result = account(replace(run, sent=[*run.sent, sent("e-9", "bus-9")]))
    assert (result.unaccounted, result.clean) == (1, False)


def test_a_form_that_left_no_row_is_unaccounted_too() -> None:
    run = a_run()
    result = account(replace(run, sent=[*run.sent, sent("e-9", "bus-9", "RA_FORM_METADATA")]))
    assert (result.decisions_in, result.unaccounted, result.clean) == (6, 1, False)


def test_one_input_lost_and_another_counted_twice_do_not_cancel_out() -> None:
    run = with_rows(a_run(), lambda row: row.item["type"] != "DECISION_STALE")
    kept = {"cause": "queue-6", "field": "event", "kept_as": "2026-11-24/again"}
    twice = chained("X#2026-11-24#again", {"type": "REJECTED", **kept})
    result = account(replace(run, rows=[*run.rows, *twice]))
    assert sum(result.buckets.values()) == result.decisions_in
    assert (result.unaccounted, result.clean) == (2, False)


def test_a_row_that_no_input_explains_is_unaccounted() -> None:
    run = a_run()
    result = account(replace(run, sent=run.sent[:-1]))
    assert (result.unaccounted, result.clean) == (1, False)


def test_a_confirmation_that_was_refused_is_no_event_that_went_in() -> None:
    run = a_run()
    knock = {"type": "REJECTED", "input": "CONFIRMATION", "cause": "request-1", "field": "token"}
    result = account(replace(run, rows=[*run.rows, *chained("X#2026-11-24#again", knock)]))
    assert result.buckets == account(run).buckets
    assert (result.decisions_in, result.unaccounted) == (6, 0)


def test_a_mail_receipt_that_was_refused_is_no_event_that_went_in() -> None:
    run = a_run()
    garbled = {"type": "REJECTED", "cause": "receipt-1", "field": "event", "reason": "NOT_JSON"}
    result = account(replace(run, rows=[*run.rows, *chained("X#2026-11-24#again", garbled)]))
    assert result.buckets == account(run).buckets
    assert (result.decisions_in, result.unaccounted) == (6, 0)


def test_a_canary_is_no_event_no_message_and_nothing_to_account_for() -> None:
    run = a_run()
    canary = [{"type": "ENDPOINT", "cause": "CANARY", "result": f"CANARY_{how}"} for how in ("SENT", "OK")]
    result = account(replace(run, rows=[*run.rows, *chained("G#north-police", *canary)]))
    assert result == replace(account(run), audit_entries=15, canaries_taken=1)


def test_a_refused_form_counts_among_the_refused() -> None:
    run = a_run()
    kept = {"cause": "bus-8", "field": "form_id", "kept_as": "2026-11-24/feed"}
    refused = chained("X#2026-11-24#feed", {"type": "REJECTED", **kept})
    result = account(
        replace(run, sent=[*run.sent, sent("e-8", "bus-8", "RA_FORM_METADATA")], rows=[*run.rows, *refused])
    )
    assert (result.decisions_in, result.buckets[Bucket.REFUSED], result.unaccounted) == (7, 2, 0)


@pytest.mark.parametrize(
    "sinks",
    [
        {"receipts": []},
        {"receipts": [receipt(sha256="other bytes")]},
        {"receipts": [receipt(status=503)]},
        {"receipts": [receipt(agency="west-police")]},
        {"mails": []},
        {"mails": [mail(sha256="other bytes")]},
        {"mails": [mail(to=("somebody.else@secure.example",))]},
        {"mails": [mail(to=("mash@probation.secure.example", "somebody.else@secure.example"))]},
    ],
    ids=[
        "no webhook", "altered webhook", "webhook answered 503", "webhook at another agency",
        "no e-mail", "altered e-mail", "e-mail at another address", "e-mail with a copy to somebody",
    ],
)  # fmt: skip
def test_a_message_counts_only_if_the_right_sink_took_the_announced_bytes(
    sinks: dict[str, list[object]],
) -> None:
    result = account(replace(a_run(), **sinks))  # type: ignore[arg-type]
    assert (result.buckets[Bucket.TOLD], result.buckets[Bucket.OPEN], result.clean) == (0, 1, False)


def test_a_webhook_whose_signature_fails_is_delivered_and_not_verified() -> None:
    result = account(replace(a_run(), receipts=[receipt(verified=False)]))
    found = notification(result, "north-police")
    assert (found["delivered"], found["verified"], result.clean) == (True, False, False)


def test_a_retry_counts_its_tries_and_is_told_once() -> None:
    run = a_run()
    again = [*run.rows, *chained(f"R#{REF}", started(POLICE, "hash-of-webhook", attempt=2))]
    result = account(replace(run, rows=again, receipts=[receipt(status=503), receipt()]))
    assert notification(result, "north-police")["attempts"] == 2
    assert result.buckets[Bucket.TOLD] == 1


def test_a_superseded_message_is_replaced_and_not_open() -> None:
    run = with_rows(a_run(), lambda row: row.item.get("body_sha256") != "hash-of-mail")
    superseded = {
        "type": "SUPERSEDED", "cause": "e-5", "agency": "north-probation", "chan": "email", "child": 1,
        "dver": 1, "by": 2,
    }  # fmt: skip
    result = account(replace(run, rows=[*run.rows, *chained(f"R#{REF}", superseded)], mails=[]))
    found = notification(result, "north-probation")
    assert (found["delivered"], found["replaced_by"]) == (False, "decision_seq 2")
    assert (result.buckets[Bucket.TOLD], result.buckets[Bucket.OPEN]) == (1, 0)


def fallen_back(*, sha256: str = "hash-of-fallback", to: str = "desk@police.secure.example") -> Evidence:
    """The police's webhook has not arrived, and an e-mail has taken its place."""
    run, key = a_run(), replace(POLICE, channel=Channel.FALLBACK)
    fired = {
        "type": "CLOCK_FIRED", "cause": POLICE.sk, "agency": "north-police", "chan": "webhook", "child": 1,
        "dver": 1, "watch": "FALLBACK", "instead": "msg_1", "level": 3,
    }  # fmt: skip
    return replace(
        run,
        rows=[*run.rows, *chained(f"R#{REF}", fired, started(key, "hash-of-fallback"))],
        mails=[*run.mails, mail(sha256=sha256, to=(to,))],
        mailboxes={**run.mailboxes, "north-police": ("desk@police.secure.example",)},
    )


def test_an_email_in_a_failing_webhooks_place_is_a_message_that_was_due() -> None:
    result = account(fallen_back())
    (instead,) = (one for one in result.notifications if one.key.channel is Channel.FALLBACK)
    assert (instead.delivered, instead.level, instead.verified) == (True, 3, None)
    assert len(result.notifications) == 3
    assert (result.unknown_messages, result.buckets[Bucket.TOLD]) == (0, 1)


@pytest.mark.parametrize("sink", [{"sha256": "other bytes"}, {"to": "mash@probation.secure.example"}])
def test_it_counts_only_if_the_agencys_own_mailbox_took_the_announced_bytes(sink: dict[str, str]) -> None:
    result = account(fallen_back(**sink))
    assert [one.delivered for one in result.notifications] == [True, True, False]
    assert not result.clean


def test_another_clock_makes_no_message() -> None:
    run = a_run()
    called = {
        "type": "CLOCK_FIRED", "cause": POLICE.sk, "agency": "north-police", "chan": "webhook", "child": 1,
        "dver": 1, "watch": "CALL", "task": "CALL_UNTOLD",
    }  # fmt: skip
    result = account(replace(run, rows=[*run.rows, *chained(f"R#{REF}", called)]))
    assert len(result.notifications) == 2


BOUNCED = {
    "type": "RECEIPT", "cause": PROBATION.sk, "agency": "north-probation", "chan": "email", "child": 1,
    "dver": 1, "receipt": "BOUNCED",
}  # fmt: skip
PHONED = {
    "type": "TASK", "cause": "request-1", "task": "CALL_UNTOLD", "task_agency": "north-probation",
    "child": 1, "dver": 1, "done": True, "reason": "TOLD_BY_PHONE",
}  # fmt: skip


@pytest.mark.parametrize(
    "rows",
    [
        [BOUNCED],
        [BOUNCED, {**PHONED, "reason": "NOT_NEEDED"}],
        [BOUNCED, {**PHONED, "task_agency": "north-police"}],
        [BOUNCED, {name: said for name, said in PHONED.items() if name not in {"done", "reason"}}],
    ],
    ids=["nobody called", "nobody was told", "another agency was", "a call is due"],
)
def test_whoever_gets_an_email_back_has_told_nobody(rows: list[dict[str, object]]) -> None:
    """Whatever the mailbox on this machine holds."""
    run = a_run()
    result = account(replace(run, rows=[*run.rows, *chained(f"R#{REF}", *rows)]))
    found = notification(result, "north-probation")
    assert (found["delivered"], found["came_back"]) == (False, True)
    assert (result.buckets[Bucket.OPEN], result.clean) == (1, False)


def test_a_call_takes_the_place_of_an_email_that_came_back() -> None:
    run = a_run()
    result = account(replace(run, rows=[*run.rows, *chained(f"R#{REF}", BOUNCED, PHONED)]))
    found = notification(result, "north-probation")
    assert (found["delivered"], found["came_back"], found["replaced_by"]) == (False, True, "a telephone call")
    assert (result.buckets[Bucket.TOLD], result.buckets[Bucket.OPEN]) == (1, 0)


def test_an_email_that_is_late_has_not_come_back() -> None:
    run = a_run()
    late = {**BOUNCED, "receipt": "DELAYED"}
    result = account(replace(run, rows=[*run.rows, *chained(f"R#{REF}", late)]))
    assert notification(result, "north-probation")["delivered"] is True


def test_a_message_that_the_trail_does_not_know_is_found() -> None:
    stray = mail(sha256="sent behind the trail's back")
    result = account(replace(a_run(), mails=[mail(), stray]))
    assert (result.unknown_messages, result.clean) == (1, False)


def test_a_delivery_that_vanished_from_the_state_is_still_due() -> None:
    run = a_run()
    gone = {key: item for key, item in run.deliveries.items() if key != PROBATION}
    result = account(replace(run, deliveries=gone, mails=[]))
    assert notification(result, "north-probation")["delivered"] is False
    assert result.buckets[Bucket.OPEN] == 1


def seeded(evidence: Evidence, at: int, **changes: object) -> Account:
    return account(replace(evidence, rows=relinked(evidence.rows, at, **changes)))


def test_an_altered_row_breaks_the_link_after_it() -> None:
    assert seeded(a_run(), 1, outcome="NFA").broken_links == 1


def test_a_removed_row_breaks_the_numbers_after_it() -> None:
    result = account(with_rows(a_run(), lambda row: row.item["type"] != "RA_FORM"))
    assert result.broken_links > 0
    assert not result.clean
