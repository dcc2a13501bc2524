"""The trail's links: no gap, no fork, every row tied to the one before."""

import itertools
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.adapters.errors import ContendedError
from functions.adapters.ledger.chain import Chain, Fact, Tip, at_text
from functions.adapters.ledger.store import ConditionsFailedError, Item, Store
from functions.domain.record import GENESIS, commitment
from schemas.codes import AuditKind

REFERRAL = "R#NS-26-7KQ4ZP"
NOW = datetime(2026, 11, 24, 15, 2, 30, 120_000, tzinfo=UTC)


def a_fact(number: int, **changes: Any) -> Fact:
    values: dict[str, Any] = {
        "kind": AuditKind.DECISION,
        "uid": f"{number:032x}",
        "actor": "mash.case-system",
        "cause": "an-event",
        "details": {"child": number},
        "agency_id": None,
    }
    return Fact(**{**values, **changes})


@pytest.fixture
def chain(store: Store) -> Chain:
    salts = itertools.count(1)
    return Chain(store, salt=lambda: f"{next(salts):032x}")


def append(store: Store, chain: Chain, *facts: Fact, tip: Tip | None = None, **head: Any) -> None:
    store.write(chain.append(REFERRAL, tip or chain.tip(REFERRAL), facts, NOW, head=head or None))


def rows(store: Store) -> list[Item]:
    return store.partition("audit", REFERRAL)


def linked(found: list[Item]) -> bool:
    """Whether each row's `prev` is the commitment of the one before, the first row's thirty-two zeros."""
    before = [GENESIS, *map(commitment, found)]
    return [row["prev"] for row in found] == before[:-1]


def test_an_empty_partition_has_the_genesis_tip(chain: Chain) -> None:
    assert chain.tip(REFERRAL) == Tip(0, GENESIS) == Tip.of(None) == Tip.of({"version": 3})


def test_a_row_says_everything_about_what_happened(store: Store, chain: Chain) -> None:
    append(store, chain, a_fact(1, details={"child": 1, "rag": None, "flags": [], "cipher": b"\x00"}))
    assert rows(store) == [
        {
            "pk": REFERRAL,
            "sk": "E#000001",
            "v": 1,
            "uid": f"{1:032x}",
            "type": "DECISION",
            "at": "2026-11-24T15:02:30.120Z",
            "actor": "mash.case-system",
            "cause": "an-event",
            "prev": GENESIS,
            "salt": f"{1:032x}",
            "child": 1,
            "flags": [],
            "cipher": b"\x00",
            "dpk": "D#2026-11-24",
            "dsk": f"2026-11-24T15:02:30.120Z#{1:032x}",
        }
    ]


@pytest.mark.parametrize("kind", AuditKind)
def test_a_row_that_an_event_caused_and_no_other_is_listed_under_its_day(
    store: Store, chain: Chain, kind: AuditKind
) -> None:
    append(store, chain, a_fact(1, kind=kind, details={"kept_as": "copy"} if kind == "REJECTED" else {}))
    (row,) = rows(store)
    of_an_event = {"DECISION", "EVENT_DUPLICATE", "DECISION_STALE", "REJECTED", "LIFECYCLE", "RA_FORM"}
    assert ("dpk" in row) == ("dsk" in row) == (kind in of_an_event)


def test_what_is_refused_without_a_kept_copy_is_no_event_of_the_day(store: Store, chain: Chain) -> None:
    """A receipt or a confirmation: the copy of an event's raw input is what an event alone leaves."""
    append(store, chain, a_fact(1, kind=AuditKind.REJECTED, details={"input": "receipt"}))
    (row,) = rows(store)
    assert "dpk" not in row
    assert "dsk" not in row


def test_what_is_refused_after_it_waited_is_listed_by_its_day_and_counted_in_none(
    store: Store, chain: Chain
) -> None:
    said = {"waited_since": "2026-11-23T10:00:00.000Z", "refused_copy": "2026-11-24/1"}
    append(store, chain, a_fact(1, kind=AuditKind.LIFECYCLE, details=said))
    (row,) = rows(store)
    assert row["dpk"] == "LATE#2026-11-24"
    assert row["dsk"] == f"2026-11-24T15:02:30.120Z#{1:032x}"


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-06-10T22:59:59.999Z", "2026-06-10"),
        ("2026-06-10T23:00:00.000Z", "2026-06-11"),
        ("2026-12-24T23:59:59.999Z", "2026-12-24"),
    ],
)
def test_a_day_is_the_uks_so_that_summers_begins_an_hour_before_utcs(
    store: Store, chain: Chain, at: str, day: str
) -> None:
    moment = datetime.fromisoformat(at)
    store.write(chain.append(REFERRAL, Tip(), [a_fact(1)], moment))
    (row,) = rows(store)
    assert row["dpk"] == f"D#{day}"


def test_a_row_about_an_agency_is_listed_under_it_by_month_and_time(store: Store, chain: Chain) -> None:
    append(store, chain, a_fact(1, agency_id="north-police"))
    (row,) = rows(store)
    assert (row["agency"], row["gpk"]) == ("north-police", "A#north-police#2026-11")
    assert row["gsk"] == f"2026-11-24T15:02:30.120Z#{1:032x}"
    assert linked([row])


def test_rows_are_gapless_linked_and_salted_over_many_transactions(store: Store, chain: Chain) -> None:
    for size in (1, 3, 2, 1):
        append(store, chain, *(a_fact(len(rows(store)) + number) for number in range(size)))
    found = rows(store)
    assert [row["sk"] for row in found] == [f"E#{number:06d}" for number in range(1, 8)]
    assert linked(found)
    assert len({row["salt"] for row in found}) == 7
    assert chain.tip(REFERRAL) == Tip(7, commitment(found[-1]))


def test_the_link_is_over_the_row_as_it_stands_in_the_table(store: Store, chain: Chain) -> None:
    append(
        store, chain, a_fact(1, details={"cipher": b"\xff" * 40, "recipients": ["a#email#3"], "stale": True})
    )
    append(store, chain, a_fact(2))
    first, second = rows(store)
    assert second["prev"] == commitment(first)


def test_a_writer_with_an_old_tip_writes_nothing_and_is_told_to_read_again(
    store: Store, chain: Chain
) -> None:
    old = chain.tip(REFERRAL)
    append(store, chain, a_fact(1))
    with pytest.raises(ContendedError):
        append(store, chain, a_fact(2), tip=old)
    append(store, chain, a_fact(3))
    stale = Tip(1, commitment(rows(store)[0]))
    with pytest.raises(ContendedError):
        append(store, chain, a_fact(4), tip=stale)
    assert [row["child"] for row in rows(store)] == [1, 3]
    assert linked(rows(store))


def test_no_row_lands_beyond_the_heads_next_number(store: Store, chain: Chain) -> None:
    append(store, chain, a_fact(1))
    with pytest.raises(ContendedError):
        append(store, chain, a_fact(2), tip=Tip(5, "00" * 32))
    assert len(rows(store)) == 1


def test_the_same_fact_written_again_after_a_lost_reply_stays_one_row(store: Store, chain: Chain) -> None:
    old = chain.tip(REFERRAL)
    append(store, chain, a_fact(1))
    append(store, chain, a_fact(1), tip=old)
    assert len(rows(store)) == 1


def test_a_step_that_another_condition_stops_leaves_no_row(store: Store, chain: Chain) -> None:
    parts = chain.append(REFERRAL, Tip(), [a_fact(1)], NOW)
    taken = store.put("marker", store.state, {"pk": "EVT#1", "sk": "EVT"})
    store.write([taken])
    with pytest.raises(ConditionsFailedError) as caught:
        store.write([*parts, taken])
    assert set(caught.value.found) == {"marker"}
    assert rows(store) == []
    assert chain.tip(REFERRAL) == Tip()


def test_the_head_keeps_what_a_step_sets_on_it(store: Store, chain: Chain) -> None:
    append(store, chain, a_fact(1), status="ACTIVE", version=1)
    append(store, chain, a_fact(2), version=2)
    head = store.get("state", REFERRAL, "HEAD")
    assert head is not None
    assert (head["seq"], head["status"], head["version"]) == (2, "ACTIVE", 2)


def test_partitions_do_not_share_a_sequence(store: Store, chain: Chain) -> None:
    append(store, chain, a_fact(1))
    store.write(chain.append("G#north-police", chain.tip("G#north-police"), [a_fact(2)], NOW))
    assert [row["sk"] for row in store.partition("audit", "G#north-police")] == ["E#000001"]


@given(
    st.lists(
        st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)),  # noqa: DTZ001 - made aware below
        min_size=2,
        max_size=2,
    ),
    st.integers(-12, 12),
)
def test_the_order_of_the_texts_is_the_order_of_the_moments(moments: list[datetime], hours: int) -> None:
    first, second = (
        moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=zone)
        for moment, zone in zip(moments, [UTC, timezone(timedelta(hours=hours))], strict=True)
    )
    assert (at_text(first) < at_text(second)) == (first < second)
    assert len(at_text(first)) == len("2026-11-24T15:02:30.120Z")
