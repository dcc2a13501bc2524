"""The account of a run in which people acted: what was sent again is due, what was stopped is not open."""

from dataclasses import replace
from typing import Any

from functions.adapters.ledger.store import Item
from functions.cli.accounts import Account, account
from functions.cli.due_messages import Notification
from schemas.codes import Bucket, Channel
from tests.cli.runs import POLICE, PROBATION, REF, a_run, chained, check, decision, started

AGAIN = replace(POLICE, nonce="+S0a1b2c3d")


def by_hand(kind: str, **more: Any) -> Item:
    """What the trail says of one act on the police's message."""
    about = {"agency": "north-police", "chan": "webhook", "child": 1, "dver": 1}
    return {"type": kind, "cause": "a-request", **about, **more}


def accounted(*rows: Item) -> Account:
    """A run of one decision for the police and probation, and whatever followed."""
    run = a_run()
    told = [decision("e-1", "north-police#webhook#3", "north-probation#email#3"), check("e-1")]
    trail = chained(f"R#{REF}", *told, started(PROBATION, "hash-of-mail"), *rows)
    return account(replace(run, sent=run.sent[:1], rows=trail, deliveries={}))


def the_polices(result: Account) -> list[Notification]:
    return [one for one in result.notifications if one.key.agency_id == "north-police"]


def test_a_message_that_was_sent_again_is_due_and_stands_in_the_first_ones_place() -> None:
    recipients = [f"north-police#webhook#3#{AGAIN.nonce}"]
    resent = by_hand("RESENT", recipients=recipients, takes_over=True, outcome="S47J", ra="COMPLETE")
    second = {**started(AGAIN, "hash-of-webhook"), "nonce": AGAIN.nonce}
    result = accounted(started(POLICE, "hash-of-nothing"), resent, second)
    first, again = the_polices(result)
    assert (first.delivered, first.replaced_by) == (False, "the same message, sent again")
    assert (again.key, again.delivered, again.verified) == (AGAIN, True, True)
    assert result.clean


def test_a_message_that_was_sent_again_and_has_not_arrived_is_open() -> None:
    recipients = [f"north-police#webhook#3#{AGAIN.nonce}"]
    resent = by_hand("RESENT", recipients=recipients, takes_over=True, outcome="S47J", ra="COMPLETE")
    result = accounted(started(POLICE, "hash-of-webhook"), resent)
    assert [one.done for one in the_polices(result)] == [True, False]
    assert not result.clean


def test_an_email_beside_a_webhook_that_goes_on_replaces_nothing() -> None:
    recipients = [f"north-police#fallback#3#{AGAIN.nonce}"]
    resent = by_hand("RESENT", recipients=recipients, takes_over=False, outcome="S47J", ra="COMPLETE")
    assert [one.replaced_by for one in the_polices(accounted(resent))] == [None, None]


def test_what_was_only_tried_again_at_once_is_no_second_message() -> None:
    hastened = by_hand("RESENT", was="RETRY", state="RETRY")
    (one,) = the_polices(accounted(started(POLICE, "hash-of-webhook"), hastened))
    assert (one.delivered, one.replaced_by) == (True, None)


def test_what_a_person_stopped_is_not_open_and_says_so() -> None:
    result = accounted(by_hand("CANCELLED", reason="WRONG_RECIPIENT", was="PENDING"))
    (one,) = the_polices(result)
    assert (one.done, one.replaced_by) == (True, "nothing: a person stopped it")
    assert ended(result) == {Bucket.TOLD: 1}


def ended(result: Account) -> dict[Bucket, int]:
    return {bucket: number for bucket, number in result.buckets.items() if number}


STOPPED = by_hand("CANCELLED", reason="WRONG_RECIPIENT", was="PENDING")


def test_a_decision_of_which_a_person_stopped_everything_told_nobody() -> None:
    other = {**STOPPED, "agency": "north-probation", "chan": "email"}
    run = a_run()
    told = [decision("e-1", "north-police#webhook#3", "north-probation#email#3"), check("e-1")]
    rows = chained(f"R#{REF}", *told, STOPPED, other)
    result = account(replace(run, sent=run.sent[:1], rows=rows, deliveries={}))
    assert ended(result) == {Bucket.NOBODY_TO_TELL: 1}
    assert result.clean
    held = account(
        replace(run, sent=run.sent[:1], rows=rows, deliveries={PROBATION: {"held": ["EMERGENCY"]}})
    )
    assert ended(held) == {Bucket.HELD: 1}


def test_a_stopped_webhook_is_what_became_of_the_message_in_its_place() -> None:
    run = a_run()
    told = [decision("e-1", "north-police#webhook#3"), check("e-1")]
    instead = by_hand("CLOCK_FIRED", watch="FALLBACK", instead="msg_2", level=1)
    mailed = started(replace(POLICE, channel=Channel.FALLBACK), "hash-of-mail")
    mailboxes = {"north-police": run.mailboxes["north-probation"]}
    for rows, end in (([], Bucket.OPEN), ([mailed], Bucket.TOLD)):
        trail = chained(f"R#{REF}", *told, instead, STOPPED, *rows)
        whole = replace(run, sent=run.sent[:1], rows=trail, deliveries={}, mailboxes=mailboxes)
        assert ended(account(whole)) == {end: 1}


def test_what_was_sent_again_and_then_stopped_told_nobody() -> None:
    run = a_run()
    told = [decision("e-1", "north-police#webhook#3"), check("e-1")]
    recipients = [f"north-police#webhook#3#{AGAIN.nonce}"]
    resent = by_hand("RESENT", recipients=recipients, takes_over=True, outcome="S47J", ra="COMPLETE")
    rows = chained(f"R#{REF}", *told, resent, {**STOPPED, "nonce": AGAIN.nonce})
    result = account(replace(run, sent=run.sent[:1], rows=rows, deliveries={}))
    assert ended(result) == {Bucket.NOBODY_TO_TELL: 1}


def test_what_a_release_cancelled_was_replaced_by_a_notice_to_the_lead() -> None:
    (one,) = the_polices(accounted(by_hand("CANCELLED", reason="STAFF_LINK")))
    assert one.replaced_by == "a notice to the safeguarding lead"
