"""A day of many stories is accounted for from the tables alone; what is wrong is found by its code."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Item
from functions.domain.clock import uk_day
from functions.domain.reconciliation.arrivals import came_in
from schemas.codes import Beside, Bucket, FindingCode
from tests.flows.accounts import (
    AGAIN,
    ALLEGED,
    CAME_BACK,
    COPY,
    FAILED,
    FALLEN,
    HELD,
    LINKED,
    NOBODY,
    ORIGINAL,
    PARKED,
    PHONED,
    REVISED,
    STOPPED,
    TOLD,
    WAITING,
    Damaged,
    items,
    live_through_a_day,
    reckoned,
    row,
)
from tests.world import World, a_world

Damage = Callable[[World, Damaged], None]


@pytest.fixture(scope="module")
def day() -> Iterator[World]:
    """One day for all of this file's tests; each puts right what it damages."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ACCESS_KEY_ID", "testing")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        environment.setenv("AWS_DEFAULT_REGION", "eu-west-2")
        with a_world() as world:
            live_through_a_day(world)
            yield world


@pytest.fixture
def damaged(day: World) -> Iterator[Damaged]:
    tables = Damaged(day)
    yield tables
    tables.put_right()


def found(world: World) -> set[FindingCode]:
    return {finding.code for finding in reckoned(world).findings}


# --- a day in which nothing is wrong


def test_a_day_of_many_stories_has_no_difference_and_every_event_an_end(day: World) -> None:
    tally = reckoned(day)
    assert tally.findings == ()
    assert tally.decisions == tally.accounted == 20
    assert tally.ended == {
        Bucket.TOLD: 10,
        Bucket.HELD: 1,
        Bucket.REFUSED: 1,
        Bucket.DUPLICATE: 1,
        Bucket.STALE: 1,
        Bucket.NOBODY_TO_TELL: 2,
        Bucket.OPEN: 4,
    }
    assert tally.beside == dict.fromkeys(Beside, 1)


def test_what_was_refused_and_is_no_event_is_not_counted(day: World) -> None:
    """A receipt of no message of ours, a link that nobody was sent."""
    reasons = {row["reason"] for row in day.refused()}
    assert reasons == {"UNKNOWN_CODE", "RECEIPT_OF_NO_MESSAGE", "UNKNOWN_TOKEN"}
    assert reckoned(day).ended[Bucket.REFUSED] == 1


def test_what_is_open_is_listed_the_oldest_first(day: World) -> None:
    open_now = reckoned(day).still_open
    waiting = (WAITING, PARKED, FAILED, CAME_BACK)
    assert [one.partition for one in open_now] == [keys.referral(ref) for ref in waiting]
    assert [one.since for one in open_now] == sorted(one.since for one in open_now)


def test_other_days_have_nothing_to_account_for(day: World) -> None:
    for other in (-1, 1):
        tally = reckoned(day, uk_day(day.now) + timedelta(days=other))
        assert (tally.decisions, tally.accounted, tally.findings) == (0, 0, ())


# --- one thing wrong with the tables


def of_table(table: str, find: Callable[[World], Item], **changes: Any) -> Damage:
    """One item, or row, changed past every rule; gone if nothing is said of it."""

    def damage(world: World, tables: Damaged) -> None:
        item = find(world)
        if changes:
            tables.change(table, item, **changes)
        else:
            tables.take_away(table, item)

    return damage


def state(find: Callable[[World], Item], **changes: Any) -> Damage:
    return of_table("state", find, **changes)


def trail(find: Callable[[World], Item], **changes: Any) -> Damage:
    return of_table("audit", find, **changes)


def delivery(ref: str, agency: str = "", channel: str = "") -> Callable[[World], Item]:
    """The first one of a referral, an agency, a channel."""
    return lambda world: next(
        item for item in items(world, ref, "N#") if agency in item["sk"] and channel in item["sk"]
    )


def item(ref: str, prefix: str) -> Callable[[World], Item]:
    return lambda world: items(world, ref, prefix)[0]


def written(ref: str, kind: str, number: int = 0) -> Callable[[World], Item]:
    return lambda world: row(world, ref, kind, number)


def marker(kind: str) -> Callable[[World], Item]:
    """The marker of the first event of a kind."""

    def find(world: World) -> Item:
        of_a_kind = next(
            one for one in world.all_items("audit") if one["type"] == kind and came_in(kind, one)
        )
        return next(
            one
            for one in world.all_items("state")
            if one["pk"].startswith("EVT#")
            and (one.get("partition"), one["at"]) == (of_a_kind["pk"], of_a_kind["at"])
        )

    return find


def refusal(world: World) -> Item:
    return next(row for row in world.refused() if row["reason"] == "UNKNOWN_CODE")


def a_second_delivery(world: World, tables: Damaged) -> None:
    first = delivery(TOLD, "north-police")(world)
    tables.add("state", {**first, "sk": first["sk"].replace("webhook", "email")})


def a_second_notice(world: World, tables: Damaged) -> None:
    tables.add("state", {**item(TOLD, "M#")(world), "sk": "M#07#0001", "uid": "nobody's"})


def an_item_of_another_release(world: World, tables: Damaged) -> None:
    first = delivery(TOLD, "north-police")(world)
    tables.add("state", {**first, "sk": first["sk"].replace("webhook", "telegram")})


def a_referral_is_gone(world: World, tables: Damaged) -> None:
    """Every row and every item; only the marker of its event remembers it."""
    for one in world.rows(PARKED):
        tables.take_away("audit", one)
    for one in items(world, PARKED):
        tables.take_away("state", one)


def a_number_left_out(world: World, tables: Damaged) -> None:
    for kind, number in (("DECISION", 7), ("EVENT_DUPLICATE", 10)):
        tables.change("audit", row(world, TOLD, kind), source_seq=number)


NO_TASK = {"st": "DONE"}
NOT_WATCHED = {"watch_pk": None, "watch_sk": None}
NOT_DUE = {"due_pk": None, "due_sk": None}

BROKEN: list[tuple[FindingCode, Damage]] = [
    # an event
    (FindingCode.NOT_ACCOUNTED, trail(written(TOLD, "DECISION"), dpk=None)),
    (FindingCode.ROW_WITHOUT_MARKER, state(marker("DECISION"))),
    (FindingCode.ROW_WITHOUT_MARKER, state(marker("REJECTED"))),
    (FindingCode.ROW_WITHOUT_MARKER, state(marker("EVENT_DUPLICATE"))),
    (FindingCode.ROW_WITHOUT_MARKER, state(marker("DECISION"), partition="R#NS-26-AN0THR")),
    (FindingCode.MARKER_WITHOUT_ROW, state(marker("DECISION"), partition="R#NS-26-AN0THR")),
    (FindingCode.MARKER_WITHOUT_ROW, trail(written(TOLD, "DECISION"))),
    (FindingCode.MARKER_WITHOUT_ROW, trail(refusal)),
    (FindingCode.MARKER_WITHOUT_ROW, a_referral_is_gone),
    (FindingCode.SOURCE_GAP, a_number_left_out),
    # the chain
    (FindingCode.SEQUENCE_BROKEN, trail(written(TOLD, "RA_CHECK"))),
    (FindingCode.SEQUENCE_BROKEN, trail(lambda world: world.rows(TOLD)[-1])),
    (FindingCode.SEQUENCE_BROKEN, trail(refusal)),
    (FindingCode.SEQUENCE_BROKEN, state(item(TOLD, "HEAD"))),
    (FindingCode.SEQUENCE_BROKEN, state(item(TOLD, "HEAD"), seq=2)),
    (FindingCode.LINK_BROKEN, trail(written(TOLD, "RA_CHECK"), actor="somebody-else")),
    (FindingCode.LINK_BROKEN, trail(written(TOLD, "DECISION"), dsk="2026-11-24T15:00:00.000Z#x")),
    (FindingCode.LINK_BROKEN, trail(lambda world: world.rows(TOLD)[-1], actor="somebody-else")),
    # a message
    (FindingCode.DELIVERY_MISSING, state(delivery(TOLD, "north-police"))),
    (FindingCode.DELIVERY_MISSING, state(delivery(HELD))),
    (FindingCode.DELIVERY_MISSING, state(delivery(LINKED, channel="#L"))),
    (FindingCode.DELIVERY_MISSING, state(delivery(ALLEGED, channel="#A"))),
    (FindingCode.DELIVERY_MISSING, state(delivery(TOLD, "hill-school"))),
    (FindingCode.DELIVERY_MISSING, state(delivery(FALLEN, channel="fallback"))),
    (FindingCode.DELIVERY_MISSING, state(delivery(AGAIN, channel="+S"))),
    (FindingCode.DELIVERY_UNEXPLAINED, a_second_delivery),
    (FindingCode.UNREADABLE, an_item_of_another_release),
    (FindingCode.STATE_DIFFERS, state(delivery(TOLD, "north-police"), st="PENDING")),
    (FindingCode.STATE_DIFFERS, state(delivery(REVISED), st="FAILED")),
    (FindingCode.STATE_DIFFERS, state(delivery(HELD), st="SENT")),
    (FindingCode.STATE_DIFFERS, state(delivery(AGAIN), st="SENT")),
    (FindingCode.STATE_DIFFERS, state(delivery(STOPPED), st="PENDING")),
    (FindingCode.STATE_DIFFERS, state(delivery(CAME_BACK), st="SENT")),
    (FindingCode.NOTICE_MISSING, state(item(TOLD, "M#"))),
    (FindingCode.NOTICE_MISSING, state(item(TOLD, "M#"), uid="another's")),
    (FindingCode.NOTICE_WITHOUT_ROW, a_second_notice),
    # an attempt
    (FindingCode.ATTEMPT_NOT_CLOSED, trail(written(TOLD, "ATTEMPT_CLOSED"))),
    (FindingCode.CLOSED_WITHOUT_START, trail(written(TOLD, "ATTEMPT_STARTED"))),
    (FindingCode.SENT_WITHOUT_START, trail(written(TOLD, "ATTEMPT_STARTED"))),
    (FindingCode.SENT_WITHOUT_CHECK, trail(written(TOLD, "ATTEMPT_STARTED"), ra=None)),
    (
        FindingCode.SENT_WITHOUT_PROOF,
        trail(written(REVISED, "ATTEMPT_CLOSED"), provider_id=None, response_sha256=None),
    ),
    # what waits
    (FindingCode.NOT_DUE, state(delivery(FALLEN, channel="webhook"), **NOT_DUE)),
    (FindingCode.NOT_WATCHED, state(delivery(PARKED), called_for=None, **NOT_WATCHED)),
    (FindingCode.NOT_WATCHED, state(delivery(FAILED), called_for=None, **NOT_WATCHED)),
    (FindingCode.NOT_WATCHED, state(delivery(CAME_BACK), called_for=None, **NOT_WATCHED)),
    (FindingCode.NOT_WATCHED, state(delivery(PHONED), phoned_at=None, called_for=None)),
    (FindingCode.NOT_WATCHED, state(delivery(AGAIN, channel="+S"), acked_at=None, called_for=None)),
    (FindingCode.NOT_WATCHED, state(delivery(TOLD, "north-police"), called_for=None, **NOT_WATCHED)),
    (FindingCode.NOT_WATCHED, state(delivery(TOLD, "hill-school"), called_for=None, **NOT_WATCHED)),
    (FindingCode.HELD_WITHOUT_TASK, state(item(HELD, "TASK#RELEASE_CHILD"), **NO_TASK)),
    (FindingCode.HELD_WITHOUT_TASK, state(item(HELD, "TASK#RELEASE_CHILD"))),
    (FindingCode.TASK_MISSING, state(item(NOBODY, "TASK#CALL_REFERRER"))),
    (FindingCode.TASK_MISSING, state(item(FAILED, "TASK#CALL_UNTOLD"))),
    (FindingCode.TASK_NOT_DUE, state(item(ORIGINAL, "TASK#CHECK_DUPLICATE"), **NOT_DUE)),
    (FindingCode.TASK_NOT_DUE, state(item(NOBODY, "TASK#CALL_REFERRER"), work_pk=None, work_sk=None)),
    (FindingCode.NOBODY_WITHOUT_TASK, trail(written(NOBODY, "TASK"))),
    (FindingCode.CLOCK_NOT_DUE, state(item(TOLD, "CLOCK#ASSESSMENT"), **NOT_DUE)),
    (FindingCode.CLOCK_MISSING, state(item(TOLD, "CLOCK#DECIDE#02"))),
]


@pytest.mark.parametrize(("code", "damage"), BROKEN)
def test_one_thing_that_is_wrong_is_found_by_its_code(
    day: World, damaged: Damaged, code: FindingCode, damage: Damage
) -> None:
    damage(day, damaged)
    assert code in found(day)


def test_every_code_has_its_damage() -> None:
    assert {code for code, _ in BROKEN} == set(FindingCode)


def test_what_was_put_right_is_right(day: World) -> None:
    """Were it not, the tests after it would find what they had not damaged."""
    tables = Damaged(day)
    state(delivery(TOLD, "north-police"))(day, tables)
    assert found(day) == {FindingCode.DELIVERY_MISSING}
    tables.put_right()
    assert found(day) == set()


def test_an_event_that_is_lost_from_every_row_is_not_accounted_for(day: World, damaged: Damaged) -> None:
    """Nothing of the referral is left: one in less, and the marker says so."""
    a_referral_is_gone(day, damaged)
    tally = reckoned(day)
    assert (tally.decisions, tally.accounted, tally.differences) == (19, 19, 1)
    assert tally.findings[0].partition == keys.referral(PARKED)


def test_a_finding_names_what_is_wrong_and_no_more(day: World, damaged: Damaged) -> None:
    state(delivery(TOLD, "north-police"))(day, damaged)
    (finding,) = reckoned(day).findings
    assert (finding.partition, finding.what) == (keys.referral(TOLD), "01#0001#north-police#webhook")


def test_a_duplicates_lost_message_is_found_where_it_stands_and_leaves_its_decision_open(
    day: World, damaged: Damaged
) -> None:
    state(delivery(TOLD, "hill-school"))(day, damaged)
    tally = reckoned(day)
    assert [finding.partition for finding in tally.findings] == [keys.referral(TOLD)]
    assert keys.referral(COPY) in {one.partition for one in tally.still_open}
