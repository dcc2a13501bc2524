"""Each event ends in exactly one of seven ways, and a day's parts add up."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from functions.domain.reconciliation.account import Scope, account_of
from functions.domain.reconciliation.arrivals import came_in
from functions.domain.reconciliation.ends import bucket_of, is_a_decision, places_of
from functions.domain.reconciliation.evidence import Child, Evidence, Which
from functions.domain.reconciliation.tally import MOST_NAMED, NOTHING, StillOpen, Tally, of_findings
from schemas.codes import AuditKind, Beside, Bucket, FindingCode
from tests.unit.lives import BEGAN, OTHER, REF, Life, arrived, told, without_row

DAY = date(2026, 11, 24)
ORIGINAL = "NS-26-0R1G1N"
TO_POLICE, TO_PROBATION = "north-police#webhook#3", "north-probation#email#2"
POLICE = Which(REF, 1, 1, "north-police", "webhook")
PROBATION = Which(REF, 1, 1, "north-probation", "email")


def a_scope(**changes: Any) -> Scope:
    values: dict[str, Any] = {"day": DAY, "until": BEGAN + timedelta(hours=1), "now": BEGAN}
    return Scope(**{**values, **changes})


def bucket(life: Life, *others: Life, row: int = 1) -> Bucket:
    places = {one.ref: one.evidence() for one in (life, *others)}
    return bucket_of(places[life.ref].rows[row - 1], life.ref, places)


def account(evidence: Evidence, **scope: Any) -> Tally:
    return account_of(evidence, arrived(evidence), {evidence.ref: evidence}, a_scope(**scope))


# --- one decision


def test_a_decision_is_told_when_every_message_that_was_due_was_handed_over() -> None:
    life = Life()
    life.decided(TO_POLICE, TO_PROBATION)
    assert bucket(life) is Bucket.OPEN
    life.sent(POLICE)
    assert bucket(life) is Bucket.OPEN
    life.sent(PROBATION)
    assert bucket(life) is Bucket.TOLD


@pytest.mark.parametrize("state", ["PENDING", "SENDING", "RETRY", "QUARANTINE", "FAILED", "PARKED"])
def test_a_message_in_any_other_state_leaves_its_decision_open(state: str) -> None:
    life = told()
    life.becomes(POLICE, state=state)
    assert bucket(life) is Bucket.OPEN


def test_a_message_that_something_replaced_leaves_nothing_open() -> None:
    life = Life()
    life.decided(TO_POLICE, TO_PROBATION)
    life.becomes(POLICE, state="SUPERSEDED")
    life.row(AuditKind.CANCELLED, **life.about(PROBATION), reason="STAFF_LINK")
    life.becomes(PROBATION, state="CANCELLED")
    assert bucket(life) is Bucket.TOLD


def stopped(life: Life, *messages: Which) -> Life:
    """A person stops what was to be sent."""
    for which in messages:
        life.row(AuditKind.CANCELLED, **life.about(which), reason="WRONG_RECIPIENT")
        life.becomes(which, state="CANCELLED")
    return life


def test_a_decision_of_which_a_person_stopped_everything_told_nobody() -> None:
    life = Life()
    assert bucket(stopped(life, *life.decided(TO_POLICE, TO_PROBATION))) is Bucket.NOBODY_TO_TELL


def test_what_a_person_stopped_leaves_the_rest_to_decide() -> None:
    life = stopped(told(), POLICE)
    assert bucket(life) is Bucket.TOLD
    life.becomes(PROBATION, state="RETRY")
    assert bucket(life) is Bucket.OPEN
    life.becomes(PROBATION, state="PENDING", held=frozenset({"EMERGENCY"}))
    assert bucket(life) is Bucket.HELD


def test_what_was_stopped_once_it_had_arrived_was_told() -> None:
    life = Life()
    stopped(life, *life.decided(TO_POLICE))
    life.becomes(POLICE, is_confirmed=True)
    assert bucket(life) is Bucket.TOLD


def test_a_webhook_that_was_stopped_is_what_became_of_the_email_in_its_place() -> None:
    (mail,) = (which for which in fallen_back().deliveries if which.channel == "fallback")
    for state, end in (("SENT", Bucket.TOLD), ("RETRY", Bucket.OPEN)):
        life = stopped(fallen_back(state=state), POLICE, PROBATION)
        assert bucket(life) is end
    assert bucket(stopped(life, mail)) is Bucket.NOBODY_TO_TELL


def test_what_was_sent_again_and_then_stopped_told_nobody() -> None:
    life = stopped(told(), PROBATION)
    life.becomes(POLICE, state="FAILED", is_resent=True)
    again = sent_again(life, POLICE, "+S1")
    assert bucket(life) is Bucket.OPEN
    assert bucket(stopped(life, again)) is Bucket.NOBODY_TO_TELL


def test_a_message_that_came_back_leaves_its_decision_open_until_it_arrives_after_all() -> None:
    life = told()
    life.becomes(PROBATION, receipt="BOUNCED")
    assert bucket(life) is Bucket.OPEN
    life.becomes(PROBATION, is_confirmed=True)
    assert bucket(life) is Bucket.TOLD


def test_a_message_that_arrived_counts_whatever_its_attempts_learnt() -> None:
    life = told()
    life.becomes(PROBATION, state="QUARANTINE", receipt="DELIVERED")
    assert bucket(life) is Bucket.TOLD


def test_a_message_that_is_not_there_leaves_its_decision_open() -> None:
    life = told()
    del life.deliveries[POLICE]
    assert bucket(life) is Bucket.OPEN


def fallen_back(**fallback: Any) -> Life:
    life = told()
    life.becomes(POLICE, state="RETRY")
    uid = life.row(AuditKind.CLOCK_FIRED, **life.about(POLICE), watch="FALLBACK", instead="msg_1")
    mail = life.planned("north-police#fallback#1", uid)
    life.becomes(mail, **fallback)
    return life


def test_an_email_in_a_failing_webhooks_place_tells_the_agency() -> None:
    assert bucket(fallen_back(state="SENT")) is Bucket.TOLD
    assert bucket(fallen_back(state="RETRY")) is Bucket.OPEN
    assert bucket(fallen_back(state="SENT", receipt="BOUNCED")) is Bucket.OPEN


@pytest.mark.parametrize("state", ["FAILED", "PARKED"])
def test_what_failed_by_one_channel_is_told_once_the_agency_has_heard_it_by_another(state: str) -> None:
    life = Life()
    mail, hook = life.decided("north-gp#email#3", "north-gp#webhook#3")
    life.becomes(mail, state=state)
    life.becomes(hook, state="SENT")
    assert bucket(life) is Bucket.OPEN
    life.becomes(hook, receipt="DELIVERED")
    assert bucket(life) is Bucket.TOLD
    life.becomes(mail, state="RETRY")
    assert bucket(life) is Bucket.OPEN


def test_an_email_in_one_agencys_place_tells_no_other() -> None:
    life = fallen_back(state="SENT")
    life.becomes(PROBATION, state="FAILED")
    assert bucket(life) is Bucket.OPEN


def test_a_message_that_a_person_sent_again_takes_the_place_of_the_one_that_failed() -> None:
    life = told()
    life.becomes(POLICE, state="FAILED")
    again = sent_again(life, POLICE, "+S1")
    assert bucket(life) is Bucket.OPEN
    life.becomes(again, state="SENT")
    assert bucket(life) is Bucket.TOLD
    life.becomes(PROBATION, state="FAILED")
    assert bucket(life) is Bucket.OPEN


def sent_again(life: Life, which: Which, nonce: str) -> Which:
    text = f"{which.agency_id}#{which.channel}#3#{nonce}"
    uid = life.row(AuditKind.RESENT, **life.about(which), recipients=[text], cipher="c")
    return life.planned(text, uid)


def test_what_was_sent_again_may_itself_be_sent_again() -> None:
    life = told()
    life.becomes(POLICE, state="FAILED")
    second = sent_again(life, POLICE, "+S1")
    life.becomes(second, state="FAILED")
    third = sent_again(life, second, "+S2")
    assert bucket(life) is Bucket.OPEN
    life.becomes(third, state="SENT")
    assert bucket(life) is Bucket.TOLD


def test_rows_that_take_each_others_place_end_nothing_and_keep_nobody_waiting() -> None:
    """No row of ours says so; what is read may have been written by others."""
    life = told()
    life.becomes(POLICE, state="FAILED")
    second = sent_again(life, POLICE, "+S1")
    life.becomes(second, state="FAILED")
    life.row(AuditKind.RESENT, **life.about(second), recipients=["north-police#webhook#3"], cipher="c")
    assert bucket(life) is Bucket.OPEN


def test_a_fallback_that_was_planned_and_is_not_there_tells_nobody() -> None:
    life = fallen_back(state="SENT")
    (mail,) = [which for which in life.deliveries if which.channel == "fallback"]
    del life.deliveries[mail]
    assert bucket(life) is Bucket.OPEN


def test_a_decision_of_which_everything_is_held_is_held() -> None:
    life = Life()
    life.decided(TO_POLICE, TO_PROBATION, held=("EMERGENCY",))
    assert bucket(life) is Bucket.HELD


def test_a_decision_of_which_a_part_is_held_is_what_became_of_the_rest() -> None:
    life = told()
    life.becomes(PROBATION, state="PENDING", held=frozenset({"STAFF_LINK"}))
    assert bucket(life) is Bucket.TOLD
    life.becomes(POLICE, state="RETRY")
    assert bucket(life) is Bucket.OPEN


def test_what_was_held_when_a_newer_version_came_counts_as_held() -> None:
    """As the demo's account has it: nobody was told of it."""
    life = Life()
    life.decided(TO_POLICE, held=("EMERGENCY",))
    life.becomes(POLICE, state="SUPERSEDED")
    assert bucket(life) is Bucket.HELD


def test_a_decision_for_nobody_is_told_where_somebody_reads_it_in_the_hubs_own_system() -> None:
    life = Life()
    life.decided()
    assert bucket(life) is Bucket.NOBODY_TO_TELL
    life.row(AuditKind.SUPPRESSED_IN_SYSTEM, child=2, dver=1, agency="adult-care")
    assert bucket(life) is Bucket.NOBODY_TO_TELL
    life.row(AuditKind.SUPPRESSED_IN_SYSTEM, child=1, dver=1, agency="adult-care")
    assert bucket(life) is Bucket.TOLD


# --- duplicates of other referrals


def a_duplicate(**said: Any) -> Life:
    life = Life(OTHER)
    life.decided(joined=["hill-school"], duplicate_of=ORIGINAL, **said)
    return life


def an_original(*told_there: str) -> Life:
    life = Life(ORIGINAL)
    uid = "uid-x"
    for text in told_there:
        life.planned(text, uid, own=(OTHER, 1))
    return life


def test_a_duplicate_is_open_until_its_original_is_decided_and_told() -> None:
    waiting = a_duplicate()
    assert bucket(waiting) is Bucket.OPEN
    assert bucket(waiting, an_original()) is Bucket.OPEN
    original = an_original("hill-school#webhook#2#D1")
    assert bucket(waiting, original) is Bucket.OPEN
    (school,) = original.deliveries
    original.sent(school)
    assert bucket(waiting, original) is Bucket.TOLD
    original.becomes(school, state="PENDING", held=frozenset({"EMERGENCY"}))
    assert bucket(waiting, original) is Bucket.HELD


def test_a_duplicate_of_which_no_message_tells_is_open_while_somebody_is_asked_about_it() -> None:
    original = an_original()
    original.task("CHECK_DUPLICATE", about=f"{OTHER}#02", state="DONE")
    original.task("CHASE_FORM", about=f"{OTHER}#01", state="DONE")
    assert bucket(a_duplicate(), original) is Bucket.OPEN
    original.task("CHECK_DUPLICATE", about=f"{OTHER}#01")
    assert bucket(a_duplicate(), original) is Bucket.OPEN
    original.task("CHECK_DUPLICATE", about=f"{OTHER}#01", state="DONE")
    assert bucket(a_duplicate(), original) is Bucket.NOBODY_TO_TELL


def test_a_duplicate_that_a_person_has_looked_at_is_open_while_its_original_is_not_decided() -> None:
    original = an_original()
    original.task("CHECK_DUPLICATE", about=f"{OTHER}#01", state="DONE")
    original.children[2] = Child(0, is_undecided=True)
    assert bucket(a_duplicate(), original) is Bucket.NOBODY_TO_TELL
    original.children[1] = Child(0, is_undecided=True)
    assert bucket(a_duplicate(), original) is Bucket.OPEN
    original.left.add((OTHER, 2))
    assert bucket(a_duplicate(), original) is Bucket.OPEN
    original.left.add((OTHER, 1))
    assert bucket(a_duplicate(), original) is Bucket.NOBODY_TO_TELL
    original.left.clear()
    original.children[1] = Child(1)
    assert bucket(a_duplicate(), original) is Bucket.NOBODY_TO_TELL


def test_a_duplicate_that_waited_is_told_where_its_reader_reads_the_hubs_own_system() -> None:
    original = an_original()
    original.task("CHECK_DUPLICATE", about=f"{OTHER}#01", state="DONE")
    in_the_system = {"child": 1, "dver": 1, "agency": "adult-care"}
    for about in ({}, {"about": f"{OTHER}#02"}):
        original.row(AuditKind.SUPPRESSED_IN_SYSTEM, **in_the_system, **about)
        assert bucket(a_duplicate(), original) is Bucket.NOBODY_TO_TELL
    original.row(AuditKind.SUPPRESSED_IN_SYSTEM, **in_the_system, about=f"{OTHER}#01")
    assert bucket(a_duplicate(), original) is Bucket.TOLD


def test_a_duplicates_messages_are_found_with_its_original() -> None:
    told_as = {"ref": ORIGINAL, "child": 1, "dver": 1}
    life = Life(OTHER)
    life.decided("hill-school#webhook#2#D1", joined=["hill-school"], told_as=told_as)
    assert bucket(life) is Bucket.OPEN  # nobody has looked there
    original = an_original("hill-school#webhook#2#D1")
    assert bucket(life, original) is Bucket.OPEN
    (school,) = original.deliveries
    original.sent(school)
    assert bucket(life, original) is Bucket.TOLD


def test_a_duplicate_that_says_nothing_new_is_what_became_of_what_was_said() -> None:
    again = a_duplicate(told_as={"ref": ORIGINAL, "child": 1, "dver": 1})
    original = an_original("hill-school#webhook#2#D1")
    assert bucket(again, original) is Bucket.OPEN
    (school,) = original.deliveries
    original.sent(school)
    assert bucket(again, original) is Bucket.TOLD


def test_a_duplicate_whose_agencies_may_be_told_nothing_has_nobody_to_tell() -> None:
    again = a_duplicate(told_as={"ref": ORIGINAL, "child": 1, "dver": 1})
    assert bucket(again, an_original()) is Bucket.NOBODY_TO_TELL


def test_a_duplicate_of_a_member_of_the_publics_has_nobody_to_tell() -> None:
    life = Life(OTHER)
    life.decided(joined=[], duplicate_of=ORIGINAL)
    assert bucket(life, an_original("hill-school#webhook#2#D1")) is Bucket.NOBODY_TO_TELL


def test_another_childs_messages_are_not_a_duplicates() -> None:
    original = an_original()
    original.planned("hill-school#webhook#2#D1", "uid-x", own=(OTHER, 2))
    assert bucket(a_duplicate(), original) is Bucket.OPEN


def test_the_places_of_a_duplicate_are_all_that_it_names() -> None:
    life = a_duplicate()
    life.children[1] = Child(1, places=("NS-26-THIRD1", OTHER))
    told_as = {"ref": "NS-26-FOURTH", "child": 1, "dver": 1}
    life.decided(joined=["hill-school"], told_as=told_as, dver=2)
    life.children[2] = Child(1)
    assert places_of(life.evidence()) == {ORIGINAL, "NS-26-FOURTH"}
    life.children[2] = Child(1, places=("NS-26-THIRD1", OTHER))
    assert places_of(life.evidence()) == {ORIGINAL, "NS-26-FOURTH", "NS-26-THIRD1"}
    assert places_of(told().evidence()) == set()


# --- every event, once


@pytest.mark.parametrize("kind", AuditKind)
@pytest.mark.parametrize("names_a_child", [True, False])
def test_what_is_an_event_to_account_for(kind: AuditKind, names_a_child: bool) -> None:  # noqa: FBT001
    always = {AuditKind.DECISION, AuditKind.DECISION_STALE, AuditKind.REJECTED}
    expected = kind in always or (kind is AuditKind.EVENT_DUPLICATE and names_a_child)
    assert is_a_decision(kind, names_a_child=names_a_child) is expected


def a_busy_life() -> Life:
    """One of each: told, duplicate, stale, a form that came again, and what no event caused."""
    life = told()
    life.row(AuditKind.EVENT_DUPLICATE, child=1, dver=1)
    life.row(AuditKind.DECISION_STALE, child=1, dver=0)
    life.row(AuditKind.EVENT_DUPLICATE)
    life.row(AuditKind.RA_FORM, children=[1])
    return life


def test_each_event_of_a_referral_ends_once() -> None:
    tally = account(a_busy_life().evidence())
    assert (tally.decisions, tally.accounted, tally.differences) == (3, 3, 0)
    assert tally.ended == {Bucket.TOLD: 1, Bucket.DUPLICATE: 1, Bucket.STALE: 1}


def test_what_was_refused_stands_in_a_partition_of_its_own() -> None:
    life = Life("")
    life.row(AuditKind.REJECTED, field="event", reason="NOT_JSON", kept_as="2026-11-24/f")
    tally = account(replace(life.evidence(), partition="X#2026-11-24#unknown"))
    assert (tally.decisions, tally.ended, tally.findings) == (1, {Bucket.REFUSED: 1}, ())


def test_a_confirmation_or_a_receipt_that_was_refused_is_no_event() -> None:
    """Of an event the raw bytes are kept, so that somebody can send it again."""
    life = Life("")
    life.row(AuditKind.REJECTED, input="CONFIRMATION", reason="NO_SUCH_LINK")
    evidence = replace(life.evidence(), partition="X#2026-11-24#unknown")
    assert account_of(evidence, [], {"": evidence}, a_scope()) == NOTHING
    assert not came_in("REJECTED", {"reason": "NO_SUCH_LINK"})
    assert came_in("REJECTED", {"kept_as": "2026-11-24/f"})
    assert came_in("DECISION", {})
    assert not came_in("RECONCILED", {"kept_as": "x"})


def test_an_event_of_the_days_list_without_a_row_is_not_accounted_for() -> None:
    whole = a_busy_life().evidence()
    lost = without_row(6)(whole)
    tally = account_of(lost, arrived(whole), {REF: lost}, a_scope())
    assert (tally.decisions, tally.accounted) == (3, 2)
    assert (FindingCode.NOT_ACCOUNTED, f"uid-{REF}-6") in {(one.code, one.what) for one in tally.findings}


def test_a_row_that_the_days_list_does_not_have_is_not_accounted_for() -> None:
    whole = a_busy_life().evidence()
    unlisted = [one for one in arrived(whole) if one.kind != "DECISION_STALE"]
    tally = account_of(whole, unlisted, {REF: whole}, a_scope())
    assert (tally.decisions, tally.accounted, tally.differences) == (3, 2, 1)
    assert [(one.code, one.what) for one in tally.findings] == [(FindingCode.NOT_ACCOUNTED, "E#000007")]


def test_other_days_events_of_a_referral_are_other_days() -> None:
    life = told()
    life.now += timedelta(days=1)
    life.decided(TO_POLICE, dver=2)
    life.becomes(POLICE, state="SUPERSEDED")
    life.row(AuditKind.SUPERSEDED, **life.about(POLICE), by=2)
    first, second = life.evidence(), DAY + timedelta(days=1)
    one = account_of(first, arrived(first)[:1], {REF: first}, a_scope(until=life.now))
    other = account_of(first, arrived(first)[1:], {REF: first}, a_scope(day=second, until=life.now))
    assert (one.decisions, one.ended) == (1, {Bucket.TOLD: 1})
    assert (other.decisions, other.ended) == (1, {Bucket.OPEN: 1})


def test_what_comes_after_the_hour_is_counted_the_next_time() -> None:
    whole = a_busy_life().evidence()
    until = datetime.fromisoformat(whole.rows[5].at)
    before = account_of(whole, arrived(whole)[:2], {REF: whole}, a_scope(until=until))
    assert (before.decisions, before.accounted) == (2, 2)
    earlier = account_of(whole, arrived(whole)[:1], {REF: whole}, a_scope(until=until - timedelta(seconds=1)))
    assert (earlier.decisions, earlier.accounted) == (1, 1)


def test_a_days_first_and_last_moments_are_the_uks() -> None:
    summer = Life(now=datetime(2026, 6, 10, 22, 59, 59, tzinfo=UTC))
    summer.decided(TO_POLICE)
    found = summer.evidence()
    scope = a_scope(day=date(2026, 6, 11), until=summer.now)
    assert account_of(found, arrived(found), {REF: found}, scope).decisions == 1
    assert account_of(found, [], {REF: found}, replace(scope, day=date(2026, 6, 10))).decisions == 0


# --- beside the decisions


def test_what_no_decision_lists_is_counted_beside_it() -> None:
    life = told()
    for task, nonce in (("RELEASE_AGENCY", "L1"), ("RELEASE_ALLEGATION", "A1"), ("RELEASE_ALLEGATION", "A2")):
        text = f"north-police#webhook#1#{nonce}"
        uid = life.row(AuditKind.RELEASED, child=1, dver=1, task=task, recipients=[text], cipher="c")
        life.planned(text, uid)
    sent_again(life, POLICE, "+S1")
    life.row(AuditKind.CLOCK_FIRED, **life.about(POLICE), watch="FALLBACK", instead="msg_1")
    tally = account(life.evidence())
    assert tally.beside == {
        Beside.LEAD_NOTICES: 1,
        Beside.ALLEGATIONS: 2,
        Beside.RESENDS: 1,
        Beside.FALLBACKS: 1,
    }


def test_another_days_decision_has_its_own_beside() -> None:
    life = told()
    text = "north-police#webhook#1#L1"
    life.row(AuditKind.RELEASED, child=1, dver=7, task="RELEASE_AGENCY", recipients=[text], cipher="c")
    assert account(life.evidence()).beside == {}


def test_a_decision_that_comes_again_another_day_brings_nothing_beside_it() -> None:
    life = told()
    sent_again(life, POLICE, "+S1")
    life.now += timedelta(days=1)
    life.row(AuditKind.EVENT_DUPLICATE, child=1, dver=1)
    found, scope = life.evidence(), a_scope(day=DAY + timedelta(days=1), until=life.now)
    tally = account_of(found, arrived(found)[-1:], {REF: found}, scope)
    assert (tally.decisions, tally.beside, tally.unconfirmed) == (1, {}, 0)


def test_messages_that_no_receipt_confirms_are_counted() -> None:
    life = told()
    life.becomes(POLICE, receipt="DELIVERED")
    assert account(life.evidence()).unconfirmed == 1
    life.becomes(PROBATION, receipt="DELIVERED")
    assert account(life.evidence()).unconfirmed == 0
    life.becomes(PROBATION, state="RETRY", receipt=None)
    assert account(life.evidence()).unconfirmed == 0
    (other,) = life.decided(TO_POLICE, child=2)
    life.becomes(other, state="SENT")
    assert account(life.evidence()).unconfirmed == 1
    found = life.evidence()
    of_the_first = [one for one in arrived(found) if one.uid.endswith("-1")]
    earlier = datetime.fromisoformat(found.rows[0].at)
    assert account_of(found, of_the_first, {REF: found}, a_scope(until=earlier)).unconfirmed == 0


def test_what_is_open_is_named_with_its_age() -> None:
    life = Life()
    life.decided(TO_POLICE)
    life.decided(TO_POLICE, child=2, held=("EMERGENCY",))
    tally = account(life.evidence())
    assert tally.still_open == (StillOpen("2026-11-24T15:02:31Z", f"R#{REF}", "E#000001"),)


# --- sums


def test_parts_of_a_day_add_up_and_survive_the_table_between_them() -> None:
    busy, waiting = account(a_busy_life().evidence()), Life()
    waiting.decided(TO_POLICE)
    broken = account(without_row(2)(a_busy_life().evidence()))
    whole = busy + account(waiting.evidence()) + broken
    assert whole.decisions == busy.decisions + 1 + broken.decisions
    assert whole.ended[Bucket.TOLD] == 2
    assert whole.differences == broken.differences == len(whole.findings)
    assert Tally.of_plain(whole.as_plain()) == whole
    assert Tally.of_plain(NOTHING.as_plain()) == NOTHING
    assert not whole.is_done


def test_a_sum_counts_all_and_names_the_first_fifty() -> None:
    finding = told().evidence().finding(FindingCode.LINK_BROKEN, "E#000001")
    late = [StillOpen(f"2026-11-{day:02d}T09:00:00Z", "R#x", "E#000001") for day in range(30, 0, -1)]
    whole = sum((of_findings(*[finding] * 30) for _ in range(3)), NOTHING)
    assert (whole.differences, len(whole.findings)) == (90, MOST_NAMED)
    both = Tally(still_open=tuple(late)) + Tally(still_open=tuple(late))
    assert len(both.still_open) == MOST_NAMED
    assert both.still_open[0].since == "2026-11-01T09:00:00Z"


def test_every_way_to_end_is_counted_by_its_name_though_nothing_ended_so() -> None:
    counts = NOTHING.counts()
    assert set(counts) == {"decisions", "unconfirmed", "differences", *Bucket, *Beside}
    assert set(counts.values()) == {0}
