"""Two accounts of one referral: whatever one of them lacks is found, by its code, and nothing else is."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.domain.reconciliation.account import judged
from functions.domain.reconciliation.attempts import TAKEN_OVER_WITHIN
from functions.domain.reconciliation.evidence import Child, Evidence, Which
from schemas.codes import AuditKind, FindingCode
from tests.unit.lives import (
    OF_A_CLOCK,
    REF,
    Damage,
    Life,
    relinked_without,
    told,
    with_delivery,
    with_row,
    without_delivery,
    without_notice,
    without_row,
    without_task,
)

POLICE = Which(REF, 1, 1, "north-police", "webhook")
PROBATION = Which(REF, 1, 1, "north-probation", "email")


def codes(evidence: Evidence, **later: float) -> list[FindingCode]:
    return [one.code for one in judged(evidence, Life().now + timedelta(**later))]


# --- lives in which nothing is wrong


def waiting() -> Life:
    life = Life()
    life.decided("north-police#webhook#3", "north-probation#email#2")
    return life


def on_its_way() -> Life:
    life = waiting()
    life.started(POLICE)
    return life


def retried() -> Life:
    life = waiting()
    life.started(POLICE)
    life.closed(POLICE, "RETRY", error="E_HTTP", response_sha256="f" * 64)
    life.started(POLICE, 2)
    return life


def taken_over() -> Life:
    """An abandoned attempt is closed just before the next begins."""
    life = waiting()
    life.started(POLICE)
    life.closed(POLICE, "RETRY", result="UNKNOWN")
    life.sent(POLICE, 2)
    return life


def quarantined() -> Life:
    """A mail whose fate nobody knows, until a receipt says that it left."""
    life = waiting()
    life.started(PROBATION)
    life.closed(PROBATION, "QUARANTINE", result="UNKNOWN")
    life.row(AuditKind.RECEIPT, **life.about(PROBATION), receipt="ACCEPTED", state="SENT")
    life.becomes(PROBATION, state="SENT", is_due=False, receipt="ACCEPTED")
    return life


def held() -> Life:
    life = Life()
    life.decided("north-police#webhook#3", held=("EMERGENCY",))
    life.held_row("EMERGENCY")
    return life


def released() -> Life:
    life = held()
    life.row(AuditKind.RELEASED, child=1, dver=1, triggers=["EMERGENCY"], task="RELEASE_CHILD")
    life.children[1] = Child(1)
    life.task("RELEASE_CHILD", state="DONE", is_due=False, is_listed=False)
    life.becomes(POLICE, held=frozenset(), is_due=True, is_watched=True)
    return life


def held_alone() -> Life:
    """One recipient's address is not verified; the other is told."""
    life = Life()
    life.decided("north-police#webhook#3", "north-probation#email#2")
    life.becomes(PROBATION, held=frozenset({"UNVERIFIED_ADDRESS"}), is_due=False, is_watched=False)
    life.held_row("UNVERIFIED_ADDRESS", agency="north-probation")
    life.sent(POLICE)
    return life


def held_twice() -> Life:
    life = held()
    life.becomes(POLICE, held=frozenset({"EMERGENCY", "STAFF_LINK"}))
    life.held_row("STAFF_LINK", agency="north-police")
    return life


def to_the_lead() -> Life:
    """The shared mailbox's message is cancelled, and a notice goes to the lead."""
    life = Life()
    life.decided("hill-school#email#2")
    (school,) = life.deliveries
    life.becomes(school, held=frozenset({"STAFF_LINK"}), is_due=False, is_watched=False)
    life.held_row("STAFF_LINK", agency="hill-school")
    made = ["hill-school#email#1#L12345678"]
    said = {"task": "RELEASE_AGENCY", "held_agency": "hill-school", "recipients": made, "cipher": "c"}
    uid = life.row(AuditKind.RELEASED, child=1, dver=1, **said)
    life.row(AuditKind.CANCELLED, **life.about(school), reason="STAFF_LINK")
    life.becomes(school, state="CANCELLED", held=frozenset())
    life.planned(made[0], uid)
    return life


def superseded() -> Life:
    life = waiting()
    life.decided("north-police#webhook#3", "north-probation#email#2", dver=2)
    for which in (POLICE, PROBATION):
        life.row(AuditKind.SUPERSEDED, **life.about(which), by=2)
        life.becomes(which, state="SUPERSEDED", is_due=False)
    return life


def left_for_the_claim() -> Life:
    """What found no room in the newer version's transaction is still due, and refuses itself when claimed."""
    life = waiting()
    life.decided("north-police#webhook#3", dver=2)
    life.becomes(POLICE, is_watched=False)
    return life


def parked() -> Life:
    life = waiting()
    life.row(AuditKind.PARKED, **life.about(POLICE), reason="NO_SECRET")
    life.becomes(POLICE, state="PARKED", is_due=False)
    return life


def failed_and_called() -> Life:
    life = waiting()
    life.started(POLICE)
    life.closed(POLICE, "FAILED", error="E_HTTP")
    name = life.task("CALL_UNTOLD", 1, "north-police")
    fired = {"watch": "CALL", "state": "FAILED", "task": "CALL_UNTOLD", "task_agency": "north-police"}
    life.row(AuditKind.CLOCK_FIRED, **life.about(POLICE), **fired)
    life.becomes(POLICE, is_watched=False, called_for=name)
    return life


def fallen_back() -> Life:
    """The webhook fails, an e-mail takes its place and arrives: nobody's clock need run for the webhook."""
    life = waiting()
    life.started(POLICE)
    life.closed(POLICE, "RETRY", error="E_TIMEOUT")
    fired = {"watch": "FALLBACK", "state": "RETRY", "instead": "msg_1"}
    uid = life.row(AuditKind.CLOCK_FIRED, **life.about(POLICE), **fired)
    fallback = life.planned("north-police#fallback#1", uid)
    life.sent(fallback)
    life.becomes(fallback, receipt="DELIVERED")
    life.becomes(POLICE, is_watched=False)
    return life


def confirmed() -> Life:
    life = told()
    life.row(AuditKind.ACK, **life.about(POLICE))
    life.becomes(POLICE, receipt="DELIVERED", is_confirmed=True, is_watched=False)
    return life


def bounced() -> Life:
    """The message that was taken came back: somebody is called, and whoever keeps the directory."""
    life = told()
    said = {"receipt": "BOUNCED", "rcpt": "BOUNCED", "state": "FAILED", "task": "MEND_ADDRESS"}
    life.row(AuditKind.RECEIPT, **life.about(PROBATION), **said)
    life.becomes(PROBATION, receipt="BOUNCED", state="FAILED")
    return life


def came_back_after_the_webhook_had_failed() -> Life:
    """The webhook's clock had ended, for the e-mail had arrived; now the e-mail's runs for both."""
    life = Life()
    mail, webhook = life.decided("north-gp#email#2", "north-gp#webhook#2")
    life.sent(mail)
    life.started(webhook)
    life.closed(webhook, "FAILED")
    life.becomes(webhook, is_watched=False)
    said = {"receipt": "BOUNCED", "rcpt": "BOUNCED", "state": "FAILED"}
    life.row(AuditKind.RECEIPT, **life.about(mail), **said)
    life.becomes(mail, receipt="BOUNCED", state="FAILED")
    return life


def came_back_and_called(kind: str = "CALL_UNTOLD") -> Life:
    """A call about the one that came back is one about both."""
    life = came_back_after_the_webhook_had_failed()
    mail, _ = life.deliveries
    life.becomes(mail, is_watched=False, called_for=life.task(kind, 1, "north-gp"))
    return life


def came_back_and_called_before() -> Life:
    """That it had not been read is another call than that it never arrived."""
    return came_back_and_called("CALL_UNREAD")


def confirmed_before_anything_was_known() -> Life:
    """Nobody knew whether the mail left; its reader does."""
    life = waiting()
    life.started(PROBATION)
    life.closed(PROBATION, "QUARANTINE", result="UNKNOWN")
    life.row(AuditKind.ACK, **life.about(PROBATION), result="CONFIRMED", state="SENT")
    life.becomes(PROBATION, state="SENT", is_due=False, is_watched=False, is_confirmed=True)
    return life


def sent_again() -> Life:
    """What failed was mended and goes again, as a new message with that one's clock."""
    life = waiting()
    life.started(POLICE)
    life.closed(POLICE, "FAILED")
    life.becomes(POLICE, is_resent=True, is_watched=False)
    made = ["north-police#webhook#3#+S1"]
    said = {"was": "FAILED", "state": "PENDING", "recipients": made, "takes_over": True, "cipher": "c"}
    life.planned(made[0], life.row(AuditKind.RESENT, **life.about(POLICE), **said))
    return life


def hastened() -> Life:
    """What was parked was mended and goes on as it is."""
    life = parked()
    life.row(AuditKind.RESENT, **life.about(POLICE), was="PARKED", state="RETRY")
    life.becomes(POLICE, state="RETRY", is_due=True)
    return life


def stopped() -> Life:
    life = waiting()
    life.row(AuditKind.CANCELLED, **life.about(POLICE), was="PENDING", reason="NOT_SAFE_TO_TELL")
    life.becomes(POLICE, state="CANCELLED", is_due=False, is_watched=False)
    return life


def told_by_telephone() -> Life:
    life = failed_and_called()
    life.row(AuditKind.TASK, child=1, dver=1, task="CALL_UNTOLD", task_agency="north-police", done=True)
    life.task("CALL_UNTOLD", 1, "north-police", state="DONE", is_due=False, is_listed=False)
    life.becomes(POLICE, is_confirmed=True, called_for=None)
    return life


def left_again() -> Life:
    """The school's referral is no duplicate any more: what it was told there is watched by nobody."""
    life = joined_and_told()
    (school,) = (which for which in life.deliveries if which.agency_id == "hill-school")
    life.becomes(school, is_watched=False)
    life.left.add(("NS-26-D0PL1C", 1))
    return life


def nobody() -> Life:
    life = Life()
    life.decided()
    life.row(AuditKind.TASK, child=1, dver=1, task="CALL_REFERRER")
    life.task("CALL_REFERRER")
    return life


def nobody_while_held() -> Life:
    """The call waits for the release; nobody may be rung about what is held."""
    life = Life()
    life.decided(held=("SENSITIVE",), calls=["CALL_REFERRER||"])
    life.held_row("SENSITIVE")
    return life


def read_in_the_system() -> Life:
    life = Life()
    life.decided()
    life.row(AuditKind.SUPPRESSED_IN_SYSTEM, child=1, dver=1, agency="adult-care")
    return life


def waits_for_its_original() -> Life:
    life = Life()
    life.decided(joined=["hill-school"], duplicate_of="NS-26-0R1G1N")
    return life


def asked_about_elsewhere() -> Life:
    """A duplicate waits here; which child it is of, a person says. The row may name no child."""
    life = waiting()
    said = {"duplicate": "NS-26-D0PL1C", "duplicate_child": 1, "recipients": [], "about": "NS-26-D0PL1C#01"}
    life.row(AuditKind.LIFECYCLE, **said, task="CHECK_DUPLICATE")
    life.task("CHECK_DUPLICATE", 0, about="NS-26-D0PL1C#01")
    return life


def joined_and_told() -> Life:
    """A duplicate's school is told here, under its own reference and from a notice of its own."""
    life = told()
    recipients = ["hill-school#webhook#2#D0a1b2c3"]
    said = {"duplicate": "NS-26-D0PL1C", "duplicate_child": 1, "recipients": recipients, "cipher": "c"}
    uid = life.row(AuditKind.LIFECYCLE, **said, child=1, dver=1)
    life.sent(life.planned(recipients[0], uid, own=("NS-26-D0PL1C", 1)))
    return life


def told_elsewhere() -> Life:
    life = Life()
    told_as = {"ref": "NS-26-0R1G1N", "child": 1, "dver": 2}
    life.decided("hill-school#webhook#2#D0a1b2c3", joined=["hill-school"], told_as=told_as)
    return life


def overdue() -> Life:
    life = held()
    life.task("RELEASE_CHILD", state="OVERDUE", is_due=False)
    return life


def only_received() -> Life:
    life = Life()
    life.row(AuditKind.LIFECYCLE, event_type="REFERRAL_RECEIVED", children=[1])
    life.children[1] = Child(0)
    return life


WHOLE = [
    told, waiting, on_its_way, retried, taken_over, quarantined, held, released, held_alone, held_twice,
    to_the_lead, superseded, left_for_the_claim, parked, failed_and_called, fallen_back, confirmed, bounced,
    came_back_after_the_webhook_had_failed, came_back_and_called, confirmed_before_anything_was_known,
    sent_again, hastened, stopped, told_by_telephone, left_again,
    nobody, nobody_while_held, read_in_the_system, waits_for_its_original, asked_about_elsewhere,
    joined_and_told, told_elsewhere, overdue, only_received,
]  # fmt: skip


@pytest.mark.parametrize(
    "evidence",
    [
        with_delivery("north-gp", is_watched=False)(came_back_after_the_webhook_had_failed().evidence()),
        came_back_and_called_before().evidence(),
    ],
    ids=["nobody", "called to have it read"],
)
def test_what_came_back_and_nobody_looks_after_is_found_for_both_channels(evidence: Evidence) -> None:
    assert codes(evidence) == [FindingCode.NOT_WATCHED] * 2


def test_an_email_that_came_back_watches_for_no_message_but_its_own_agencys() -> None:
    life = came_back_after_the_webhook_had_failed()
    other = life.decided("north-police#webhook#3", child=2)[0]
    life.started(other)
    life.closed(other, "FAILED")
    life.becomes(other, is_watched=False)
    assert codes(life.evidence()) == [FindingCode.NOT_WATCHED]


@pytest.mark.parametrize("life", WHOLE)
def test_a_life_in_which_nothing_is_wrong_has_no_finding(life: Any) -> None:
    assert codes(life().evidence()) == []


# --- one thing wrong

BROKEN: list[tuple[Any, Damage, FindingCode]] = [
    (told, without_row(3), FindingCode.SEQUENCE_BROKEN),
    (told, without_row(5), FindingCode.SEQUENCE_BROKEN),
    (told, lambda found: replace(found, tip=None), FindingCode.SEQUENCE_BROKEN),
    (told, lambda found: replace(found, tip=(4, "0" * 64)), FindingCode.SEQUENCE_BROKEN),
    (told, lambda found: replace(found, tip=(5, "0" * 64)), FindingCode.LINK_BROKEN),
    (told, lambda found: replace(found, rows=(*found.rows[:4], _altered(found, 5))), FindingCode.LINK_BROKEN),
    (told, lambda found: replace(found, unreadable=("N#01",)), FindingCode.UNREADABLE),
    (told, without_delivery("north-police"), FindingCode.DELIVERY_MISSING),
    (waiting, with_row(1, recipients=["north-police"]), FindingCode.DELIVERY_MISSING),
    (waiting, with_row(1, recipients=["north-police#webhook#3"]), FindingCode.DELIVERY_UNEXPLAINED),
    (waiting, with_row(1, recipients=["north-police#webhook#3"] * 2), FindingCode.DELIVERY_UNEXPLAINED),
    (fallen_back, with_row(4, instead=None), FindingCode.DELIVERY_UNEXPLAINED),
    (waiting, with_delivery("north-police", state="SENT"), FindingCode.STATE_DIFFERS),
    (told, with_delivery("north-police", state="RETRY"), FindingCode.STATE_DIFFERS),
    (told, with_delivery("north-police", state="NONSENSE"), FindingCode.STATE_DIFFERS),
    (parked, relinked_without(2), FindingCode.STATE_DIFFERS),
    (to_the_lead, relinked_without(4), FindingCode.STATE_DIFFERS),
    (superseded, relinked_without(3), FindingCode.STATE_DIFFERS),
    (bounced, relinked_without(6), FindingCode.STATE_DIFFERS),
    (stopped, relinked_without(2), FindingCode.STATE_DIFFERS),
    (hastened, relinked_without(3), FindingCode.STATE_DIFFERS),
    (sent_again, relinked_without(4), FindingCode.DELIVERY_UNEXPLAINED),
    (told, relinked_without(3), FindingCode.ATTEMPT_NOT_CLOSED),
    (taken_over, relinked_without(3), FindingCode.ATTEMPT_NOT_CLOSED),
    (taken_over, with_row(3, attempt=7), FindingCode.CLOSED_WITHOUT_START),
    (told, relinked_without(2), FindingCode.CLOSED_WITHOUT_START),
    (told, relinked_without(2), FindingCode.SENT_WITHOUT_START),
    (told, with_row(2, ra=None), FindingCode.SENT_WITHOUT_CHECK),
    (told, with_row(2, ra="FINE"), FindingCode.SENT_WITHOUT_CHECK),
    (told, with_row(3, provider_id=None), FindingCode.SENT_WITHOUT_PROOF),
    (
        confirmed_before_anything_was_known,
        with_row(4, type=AuditKind.CLOCK_FIRED.value),
        FindingCode.SENT_WITHOUT_PROOF,
    ),
    (told, without_notice(1, 1), FindingCode.NOTICE_MISSING),
    (told, lambda found: replace(found, notices={(1, 1, ""): "another"}), FindingCode.NOTICE_MISSING),
    (told, lambda found: _with_notice(found, 1, 9, "uid-x"), FindingCode.NOTICE_WITHOUT_ROW),
    (told, lambda found: _with_notice(found, 1, 1, found.rows[1].uid, "A1"), FindingCode.NOTICE_WITHOUT_ROW),
    (waiting, with_delivery("north-police", is_due=False), FindingCode.NOT_DUE),
    (waiting, with_delivery("north-police", is_watched=False), FindingCode.NOT_WATCHED),
    (parked, with_delivery("north-police", is_watched=False), FindingCode.NOT_WATCHED),
    (told, with_delivery("north-probation", is_watched=False), FindingCode.NOT_WATCHED),
    (left_again, lambda found: replace(found, left=frozenset()), FindingCode.NOT_WATCHED),
    (
        told,
        with_delivery("north-police", receipt="DELIVERED", is_watched=False),
        FindingCode.NOT_WATCHED,
    ),
    (held, without_task("TASK#RELEASE_CHILD#01"), FindingCode.HELD_WITHOUT_TASK),
    (
        held_alone,
        without_task("TASK#RELEASE_AGENCY#01#north-probation"),
        FindingCode.HELD_WITHOUT_TASK,
    ),
    (held_twice, without_task("TASK#RELEASE_AGENCY#01#north-police"), FindingCode.HELD_WITHOUT_TASK),
    (held, without_task("TASK#RELEASE_CHILD#01"), FindingCode.TASK_MISSING),
    (nobody, without_task("TASK#CALL_REFERRER#01"), FindingCode.TASK_MISSING),
    (
        asked_about_elsewhere,
        without_task("TASK#CHECK_DUPLICATE#00#NS-26-D0PL1C#01"),
        FindingCode.TASK_MISSING,
    ),
    (
        failed_and_called,
        without_task("TASK#CALL_UNTOLD#01#north-police"),
        FindingCode.TASK_MISSING,
    ),
    (held, lambda found: _with_task(found, is_due=False), FindingCode.TASK_NOT_DUE),
    (overdue, lambda found: _with_task(found, is_listed=False), FindingCode.TASK_NOT_DUE),
    (nobody, relinked_without(2), FindingCode.NOBODY_WITHOUT_TASK),
    (nobody, with_row(2, task="CHECK_REVISION"), FindingCode.NOBODY_WITHOUT_TASK),
    (read_in_the_system, relinked_without(2), FindingCode.NOBODY_WITHOUT_TASK),
]


def _altered(found: Evidence, number: int) -> Any:
    row = found.rows[number - 1]
    return replace(row, said={**row.said, "prev": "1" * 64})


def _with_notice(found: Evidence, child: int, dver: int, uid: str, nonce: str = "") -> Evidence:
    return replace(found, notices={**found.notices, (child, dver, nonce): uid})


def _with_task(found: Evidence, **changes: Any) -> Evidence:
    return replace(found, tasks={name: replace(task, **changes) for name, task in found.tasks.items()})


@pytest.mark.parametrize(("life", "damage", "code"), BROKEN)
def test_one_thing_that_is_wrong_is_found_by_its_code(life: Any, damage: Damage, code: FindingCode) -> None:
    assert code in codes(damage(life().evidence()))


def test_every_code_of_a_referral_has_its_damage() -> None:
    of_a_day = {
        FindingCode.NOT_ACCOUNTED,
        FindingCode.ROW_WITHOUT_MARKER,
        FindingCode.MARKER_WITHOUT_ROW,
        FindingCode.SOURCE_GAP,
    }
    assert {code for *_, code in BROKEN} == set(FindingCode) - of_a_day - OF_A_CLOCK


def test_a_finding_names_the_partition_and_the_row_or_delivery() -> None:
    damaged = without_delivery("north-police")(told().evidence())
    (missing,) = judged(damaged, Life().now)
    assert (missing.partition, missing.what) == (f"R#{REF}", "01#0001#north-police#webhook")
    (gap,) = judged(without_row(1)(only_received_twice().evidence()), Life().now)
    assert (gap.code, gap.what) == (FindingCode.SEQUENCE_BROKEN, "E#000002")
    nonce = joined_and_told().evidence()
    (lost,) = judged(replace(nonce, notices={**nonce.notices, (1, 1, "D0a1b2c3"): "other"}), Life().now)
    assert lost.what == "notice:01#0001#D0a1b2c3"


def only_received_twice() -> Life:
    life = only_received()
    life.row(AuditKind.EVENT_DUPLICATE)
    return life


# --- the time that things may take


def test_an_attempt_may_run_as_long_as_its_lease_and_until_somebody_takes_it_over() -> None:
    evidence = on_its_way().evidence()
    lease = evidence.deliveries[POLICE].lease_until
    assert lease is not None
    until = lease + TAKEN_OVER_WITHIN
    assert list(judged(evidence, until)) == []
    (finding,) = judged(evidence, until + timedelta(milliseconds=1))
    assert (finding.code, finding.what) == (FindingCode.ATTEMPT_NOT_CLOSED, "E#000002")


def test_an_attempt_whose_endpoint_is_paused_may_wait_for_its_turn() -> None:
    life = on_its_way()
    later = life.now + timedelta(hours=5)
    life.becomes(POLICE, due_at=later)
    assert list(judged(life.evidence(), later)) == []


def test_an_attempt_that_nobody_dates_runs_for_nobody() -> None:
    life = on_its_way()
    life.becomes(POLICE, due_at=None, lease_until=None)
    assert FindingCode.ATTEMPT_NOT_CLOSED in codes(life.evidence())


def test_an_attempt_of_a_delivery_that_is_gone_is_not_closed_either() -> None:
    damaged = without_delivery("north-police")(on_its_way().evidence())
    assert set(codes(damaged)) == {FindingCode.DELIVERY_MISSING, FindingCode.ATTEMPT_NOT_CLOSED}


# --- what nobody need look after


def test_a_newer_version_takes_the_place_of_what_waits() -> None:
    """A hold that it found no room to end is nobody's any more."""
    life = held()
    life.decided("north-police#webhook#3", dver=2)
    life.tasks.clear()
    life.task("RELEASE_CHILD", state="DONE", is_due=False, is_listed=False)
    assert codes(life.evidence()) == []


@pytest.mark.parametrize("receipt", ["DELIVERED", "COMPLAINED"])
def test_whoever_is_told_by_another_channel_needs_no_clock_for_this_one(receipt: str) -> None:
    life = Life()
    hook, mail = life.decided("west-police#webhook#3", "west-police#email#3")
    life.sent(hook)
    life.becomes(hook, receipt=receipt)
    life.becomes(mail, is_watched=False)
    assert codes(life.evidence()) == []
    life.becomes(hook, receipt="ACCEPTED")
    assert codes(life.evidence()) == [FindingCode.NOT_WATCHED]


def test_whoever_has_read_it_by_another_channel_needs_no_clock_for_this_one() -> None:
    life = Life()
    hook, mail = life.decided("west-police#webhook#3", "west-police#email#3")
    for which in (hook, mail):
        life.sent(which)
        life.becomes(which, receipt="DELIVERED", is_watched=False)
    life.becomes(mail, is_confirmed=True)
    assert codes(life.evidence()) == []


def test_what_was_sent_again_is_nobodys_excuse_but_its_own() -> None:
    """A person did not believe that it had arrived: what says so of it says nothing of the other channel."""
    life = Life()
    hook, mail = life.decided("west-police#webhook#3", "west-police#email#3")
    for which in (hook, mail):
        life.sent(which)
    life.becomes(hook, receipt="DELIVERED", is_resent=True)
    life.becomes(mail, is_watched=False)
    assert codes(life.evidence()) == [FindingCode.NOT_WATCHED]
    life.becomes(hook, is_resent=False)
    assert codes(life.evidence()) == []


def test_a_message_that_repeats_another_tells_the_same_reader_and_is_watched_in_its_place() -> None:
    life = sent_again()
    again = Which(REF, 1, 1, "north-police", "webhook", "+S1")
    life.becomes(POLICE, is_resent=False)
    assert codes(life.evidence()) == [FindingCode.NOT_WATCHED]
    life.sent(again)
    life.becomes(again, receipt="DELIVERED")
    assert codes(life.evidence()) == []
    life.becomes(again, is_watched=False)
    assert codes(life.evidence()) == [FindingCode.NOT_WATCHED]


def test_another_agencys_message_is_nobodys_excuse() -> None:
    life = told()
    life.becomes(POLICE, receipt="DELIVERED", is_confirmed=True)
    life.becomes(PROBATION, is_watched=False)
    assert codes(life.evidence()) == [FindingCode.NOT_WATCHED]


def test_a_partition_that_is_no_referrals_is_asked_for_its_links_alone() -> None:
    life = told()
    evidence = replace(life.evidence(), ref="", partition="X#2026-11-24#unknown", deliveries={})
    assert codes(evidence) == []
    assert codes(without_row(2)(evidence)) == [FindingCode.SEQUENCE_BROKEN]


def test_an_empty_partition_is_whole() -> None:
    assert codes(Life().evidence()) == []
