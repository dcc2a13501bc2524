"""Transactions over the tables: what goes in comes out, and what a cancelled one means."""

from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from functions.adapters.errors import BusyError, ContendedError, RetryError
from functions.adapters.ledger.store import (
    ABSENT,
    Change,
    Condition,
    ConditionsFailedError,
    Item,
    Part,
    Store,
    from_item,
    to_item,
)
from tests.adapters.unreached import OVERLOADED, UNREACHED
from tests.stage_tables import REGION

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

HEAD = ("R#A", "HEAD")
attributes = st.recursive(
    st.text(max_size=12) | st.integers(-(10**30), 10**30) | st.booleans() | st.none() | st.binary(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


class CancelledError(ClientError):
    """What DynamoDB raises for a cancelled transaction."""


class FakeTables:
    """A client whose transactions end as a test has scripted."""

    class exceptions:  # noqa: N801 - as botocore spells it
        """The one exception that is told apart by class."""

        TransactionCanceledException = CancelledError

    def __init__(self, error: Exception | None) -> None:
        self._error = error

    def transact_write_items(self, **_: Any) -> None:
        """Cancelled, throttled, or done."""
        if self._error is not None:
            raise self._error

    def batch_get_item(self, **asked: Any) -> dict[str, Any]:
        """An answer that leaves something out."""
        return {"Responses": {}, "UnprocessedKeys": asked["RequestItems"]}


def store_over(error: Exception | None) -> Store:
    return Store(cast("DynamoDBClient", FakeTables(error)), audit="audit", state="state", keys="keys")


def reason(code: str = "None", **item: Any) -> dict[str, Any]:
    return {"Code": code, **({"Item": to_item(item)} if item else {})}


def cancelled(*reasons: dict[str, Any]) -> CancelledError:
    return CancelledError(
        cast(
            "Any",
            {
                "Error": {"Code": "TransactionCanceledException", "Message": ""},
                "CancellationReasons": reasons,
            },
        ),
        "TransactWriteItems",
    )


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": ""}}, "TransactWriteItems")


ROW = Part("row E#000001", {}, chain=True, uid="ours")
MOVE = Part("head", {}, chain=True)
DELIVERY = Part("delivery", {})
LANE = Part("lane", {})
PARTS = [ROW, MOVE, DELIVERY, LANE]
FAILED = "ConditionalCheckFailed"


def outcome_of(*reasons: dict[str, Any]) -> None:
    store_over(cancelled(*reasons)).write(PARTS)


@given(st.dictionaries(st.text(min_size=1, max_size=8), attributes, max_size=6))
def test_what_is_written_is_what_is_read(record: dict[str, Any]) -> None:
    assert from_item(to_item(record)) == record


@given(st.dictionaries(st.text(min_size=1, max_size=8), attributes, max_size=6))
def test_what_is_read_is_plain_and_can_be_hashed_as_it_was(record: dict[str, Any]) -> None:
    def kinds(value: object) -> set[type]:
        match value:
            case list():
                return {list}.union(*map(kinds, value))
            case dict():
                return {dict}.union(*map(kinds, value.values()))
        return {type(value)}

    assert kinds(from_item(to_item(record))) <= {dict, list, str, int, bool, bytes, type(None)}


def test_a_fraction_has_no_place_in_a_table() -> None:
    with pytest.raises(TypeError):
        to_item({"share": 0.5})


# --- what a cancelled transaction means


def test_a_transaction_that_went_through_says_nothing() -> None:
    store_over(None).write(PARTS)


def test_a_row_that_carries_our_uid_is_our_own_success_whose_reply_was_lost() -> None:
    outcome_of(
        reason(FAILED, uid="ours"), reason(FAILED, seq=1), reason(FAILED, st="SENDING"), reason(FAILED)
    )


def test_one_row_of_ours_beside_another_writers_is_not_our_success() -> None:
    """Two workers close one abandoned attempt with the same row; the claim after it is one worker's."""
    second = Part("row 2", PARTS[0].action, chain=True, uid="my claim")
    error = cancelled(reason(FAILED, uid="ours"), reason(FAILED, uid="their claim"))
    with pytest.raises(ContendedError):
        store_over(error).write([PARTS[0], second])


def test_a_transaction_too_large_for_the_tables_is_never_sent() -> None:
    with pytest.raises(ValueError, match="101 parts"):
        store_over(None).write([PARTS[0]] * 101)


def test_another_writers_row_in_our_place_is_contention() -> None:
    with pytest.raises(ContendedError):
        outcome_of(reason(FAILED, uid="theirs"), reason(FAILED, seq=1), reason(), reason())


@pytest.mark.parametrize("place", range(4))
def test_a_conflict_anywhere_is_contention(place: int) -> None:
    reasons = [reason() for _ in PARTS]
    reasons[place] = reason("TransactionConflict")
    with pytest.raises(ContendedError):
        outcome_of(*reasons)


def test_a_named_condition_that_failed_is_named_with_what_stood_in_its_way() -> None:
    with pytest.raises(ConditionsFailedError) as caught:
        outcome_of(reason(), reason(), reason(FAILED, st="SENT", attempt=2), reason(FAILED))
    assert caught.value.found == {"delivery": {"st": "SENT", "attempt": 2}, "lane": {}}
    assert str(caught.value) == "delivery, lane"
    assert not isinstance(caught.value, RetryError)


def test_a_named_condition_outweighs_contention_beside_it() -> None:
    with pytest.raises(ConditionsFailedError) as caught:
        outcome_of(
            reason(FAILED, uid="theirs"),
            reason("TransactionConflict"),
            reason(FAILED, st="SENT"),
            reason("ThrottlingError"),
        )
    assert set(caught.value.found) == {"delivery"}


@pytest.mark.parametrize("code", ["ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_throttle_among_the_reasons_is_to_be_tried_later(code: str) -> None:
    with pytest.raises(RetryError) as caught:
        outcome_of(reason(code), reason(FAILED, seq=1), reason(), reason())
    assert not isinstance(caught.value, ContendedError)


@pytest.mark.parametrize("code", ["ValidationError", "ItemCollectionSizeLimitExceeded", "DuplicateItem"])
def test_a_reason_that_is_a_bug_is_raised_as_it_came_and_not_retried(code: str) -> None:
    error = cancelled(reason(code), reason(FAILED), reason(FAILED), reason("TransactionConflict"))
    with pytest.raises(CancelledError) as caught:
        store_over(error).write(PARTS)
    assert caught.value is error


@pytest.mark.parametrize(
    "code",
    [
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "TransactionInProgressException",
        "InternalServerError",
    ],
)
def test_a_throttled_call_is_to_be_tried_later(code: str) -> None:
    with pytest.raises(RetryError):
        store_over(refused(code)).write(PARTS)


@pytest.mark.parametrize("error", [*UNREACHED, *OVERLOADED], ids=str)
def test_a_call_without_an_answer_is_to_be_tried_later(error: Exception) -> None:
    with pytest.raises(BusyError):
        store_over(error).write(PARTS)


@pytest.mark.parametrize(
    "code", ["AccessDeniedException", "ValidationException", "ResourceNotFoundException"]
)
def test_any_other_refusal_is_raised_as_it_came(code: str) -> None:
    error = refused(code)
    with pytest.raises(ClientError) as caught:
        store_over(error).write(PARTS)
    assert caught.value is error


def test_an_answer_in_part_is_to_be_tried_later() -> None:
    with pytest.raises(RetryError):
        store_over(None).get_many([("state", *HEAD)])


# --- the same on tables


def put(store: Store, sk: str, **attributes: Any) -> Item:
    item = {"pk": "R#A", "sk": sk, **attributes}
    store.write([store.put(sk, store.state, item)])
    return item


def test_a_put_stands_only_where_nothing_stood(store: Store) -> None:
    first = put(store, "HEAD", uid="first")
    with pytest.raises(ConditionsFailedError) as caught:
        put(store, "HEAD", uid="second")
    assert caught.value.found == {"HEAD": first}
    assert store.get("state", *HEAD) == first
    assert store.get("state", "R#A", "OTHER") is None


def test_all_of_a_transaction_happens_or_none_of_it(store: Store) -> None:
    put(store, "HEAD")
    parts = [
        store.put("new", store.audit, {"pk": "R#A", "sk": "E#000001"}),
        store.put("head", store.state, {"pk": "R#A", "sk": "HEAD"}),
    ]
    with pytest.raises(ConditionsFailedError) as caught:
        store.write(parts)
    assert set(caught.value.found) == {"head"}
    assert store.get("audit", "R#A", "E#000001") is None


def test_a_part_repeated_after_its_reply_was_lost_is_a_success(store: Store) -> None:
    item = {"pk": "R#A", "sk": "E#000001", "uid": "ours"}
    action: Any = {"TableName": "audit", "Item": to_item(item), **ABSENT.arguments()}
    part = Part("row E#000001", {"Put": action}, chain=True, uid="ours")
    store.write([part])
    store.write([part])
    other = Part("row E#000001", {"Put": action}, chain=True, uid="theirs")
    with pytest.raises(ContendedError):
        store.write([other])


def test_an_update_sets_and_removes_under_its_condition_reserved_words_included(store: Store) -> None:
    put(store, "HEAD", owner="me", status="ACTIVE", level=3, ttl=1)
    mine = Condition("#owner = :me AND #level IN (:three, :four)", {"me": "me", "three": 3, "four": 4})
    change = Change({"status": "ENDED", "value": b"\x00"}, remove=("owner", "ttl"))
    store.write([store.update("head", store.state, HEAD, change=change, condition=mine)])
    changed = {"pk": "R#A", "sk": "HEAD", "status": "ENDED", "level": 3, "value": b"\x00"}
    assert store.get("state", *HEAD) == changed
    with pytest.raises(ConditionsFailedError) as caught:
        store.write([store.update("head", store.state, HEAD, change=change, condition=mine)])
    assert caught.value.found == {"head": changed}


def test_an_update_can_only_set_or_only_remove_and_needs_no_condition(store: Store) -> None:
    store.write([store.update("head", store.state, HEAD, change=Change({"a": 1, "b": 2}))])
    store.write([store.update("head", store.state, HEAD, change=Change({}, remove=("a",)))])
    assert store.get("state", *HEAD) == {"pk": "R#A", "sk": "HEAD", "b": 2}


def test_a_check_changes_nothing_and_holds_back_what_stands_beside_it(store: Store) -> None:
    put(store, "CHILD#01", dver=2)
    for version, allowed in [(2, True), (1, False)]:
        parts = [
            store.put("row", store.audit, {"pk": "R#A", "sk": f"E#{version:06d}"}),
            store.check("child", store.state, ("R#A", "CHILD#01"), Condition("#dver = :v", {"v": version})),
        ]
        if allowed:
            store.write(parts)
        else:
            with pytest.raises(ConditionsFailedError):
                store.write(parts)
    assert [row["sk"] for row in store.partition("audit", "R#A")] == ["E#000002"]
    assert store.get("state", "R#A", "CHILD#01") == {"pk": "R#A", "sk": "CHILD#01", "dver": 2}


def test_a_partition_is_read_whole_in_order_and_by_prefix(store: Store) -> None:
    for number in (3, 1, 2):
        put(store, f"E#{number:06d}", at=number, filler="x" * 300_000 if number > 1 else "")
    for number in range(4, 8):
        put(store, f"E#{number:06d}", at=number, filler="x" * 300_000)
    put(store, "HEAD")
    boto3.client("dynamodb", region_name=REGION).put_item(
        TableName="state", Item=to_item({"pk": "R#AB", "sk": "E#000001"})
    )
    assert [row["at"] for row in store.partition("state", "R#A", "E#")] == [1, 2, 3, 4, 5, 6, 7]
    assert len(store.partition("state", "R#A")) == 8
    assert store.partition("state", "R#B") == []


def test_many_items_are_read_in_one_call_from_several_tables(store: Store) -> None:
    item = put(store, "HEAD", seq=1)
    store.write([store.put("row", store.audit, {"pk": "R#A", "sk": "E#000001"})])
    wanted = [("state", *HEAD), ("state", "R#A", "GONE"), ("audit", "R#A", "E#000001")]
    assert store.get_many(wanted) == {
        ("state", *HEAD): item,
        ("audit", "R#A", "E#000001"): {"pk": "R#A", "sk": "E#000001"},
    }
