"""Reads and transactional writes over the three tables; what a cancelled transaction means."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, SupportsBytes, TypeAlias, cast

from boto3.dynamodb.types import Binary, TypeDeserializer, TypeSerializer  # noqa: TID251 - types, no client
from botocore.exceptions import ClientError

from functions.adapters.errors import THROTTLES, BusyError, ContendedError, MeaningError, busy_told

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

Item: TypeAlias = dict[str, Any]

MOST_PARTS = 100
"""DynamoDB's limit on one transaction."""
MOST_GOT = 100
"""And on the items that one call gets."""
_CONTENTION = frozenset({"TransactionConflict"})
_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize


class ConditionsFailedError(MeaningError):
    """A named condition did not hold; `found` maps each failed part to the item that stood in its way."""

    def __init__(self, found: Mapping[str, Item]) -> None:
        super().__init__(", ".join(sorted(found)))
        self.found = found


@dataclass(frozen=True, slots=True)
class Part:
    """One item of a transaction, named after what it guards.

    `chain` marks a trail row or its head: if only those fail, another writer was first and the step is
    repeated.
    """

    name: str
    action: "TransactWriteItemTypeDef"
    chain: bool = False
    uid: str | None = None


class Store:
    """The three tables behind one client. Reads are strongly consistent unless they use an index."""

    def __init__(self, client: "DynamoDBClient", *, audit: str, state: str, keys: str = "") -> None:
        self.client = client
        self.audit = audit
        self.state = state
        self.keys = keys

    def get(self, table: str, pk: str, sk: str) -> Item | None:
        """One item, or None."""
        with busy_told():
            found = self.client.get_item(
                TableName=table, Key=to_item({"pk": pk, "sk": sk}), ConsistentRead=True
            )
        return from_item(found["Item"]) if "Item" in found else None

    def get_many(self, wanted: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], Item]:
        """The items that exist among (table, pk, sk), in one call for up to 100.

        Raises BusyError if the answer has only some of them.
        """
        request: dict[str, Any] = {}
        for table, pk, sk in wanted:
            request.setdefault(table, {"Keys": [], "ConsistentRead": True})["Keys"].append(
                to_item({"pk": pk, "sk": sk})
            )
        with busy_told():
            answer = self.client.batch_get_item(RequestItems=request)
        if answer.get("UnprocessedKeys"):
            raise BusyError("the tables answered only in part")
        found = ((table, from_item(item)) for table, items in answer["Responses"].items() for item in items)
        return {(table, item["pk"], item["sk"]): item for table, item in found}

    def partition(self, table: str, pk: str, prefix: str = "") -> list[Item]:
        """Every item of a partition whose sort key starts with `prefix`, in order."""
        names = {"#pk": "pk"} | ({"#sk": "sk"} if prefix else {})
        values = {":pk": pk} | ({":prefix": prefix} if prefix else {})
        pages = self.client.get_paginator("query").paginate(
            TableName=table,
            KeyConditionExpression="#pk = :pk" + (" AND begins_with(#sk, :prefix)" if prefix else ""),
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=to_item(values),
            ConsistentRead=True,
        )
        with busy_told():
            return [from_item(item) for page in pages for item in page["Items"]]

    def listed(self, table: str, index: str, name: str, value: str) -> list[Item]:
        """What an index lists under one value of its own key; it may be a moment behind the table."""
        with busy_told():
            found = self.client.query(
                TableName=table,
                IndexName=index,
                KeyConditionExpression=f"#{name} = :value",
                ExpressionAttributeNames={f"#{name}": name},
                ExpressionAttributeValues=to_item({":value": value}),
            )
        return [from_item(item) for item in found["Items"]]

    def write(self, parts: Sequence[Part]) -> None:
        """All of `parts` or none; if every one of its rows stands already, its reply was lost and it is done.

        One row of ours is not enough: two workers that take over one delivery close the abandoned attempt
        with the same row, and only the row after it says whose claim stands.
        Raises ContendedError (read again, try again), ConditionsFailedError (a named condition), BusyError.
        """
        if len(parts) > MOST_PARTS:
            raise ValueError(f"a transaction of {len(parts)} parts; {MOST_PARTS} at most")
        try:
            with busy_told():
                self.client.transact_write_items(TransactItems=[part.action for part in parts])
        except self.client.exceptions.TransactionCanceledException as exc:
            self._explain(parts, exc)

    def _explain(self, parts: Sequence[Part], error: ClientError) -> None:
        reasons = error.response.get("CancellationReasons", [])
        codes = {reason["Code"] for reason in reasons}
        stood = [from_item(reason.get("Item", {})) for reason in reasons]
        rows = [part.uid == item.get("uid") for part, item in zip(parts, stood, strict=True) if part.uid]
        if rows and all(rows):
            return
        failed = {
            part.name: item
            for part, item, reason in zip(parts, stood, reasons, strict=True)
            if reason["Code"] == "ConditionalCheckFailed" and not part.chain
        }
        if codes - {"None", "ConditionalCheckFailed"} - _CONTENTION - THROTTLES:
            raise error  # a ValidationError among the reasons is a bug, not contention
        if failed:
            raise ConditionsFailedError(failed) from error
        raise (
            BusyError("throttled") if codes & THROTTLES else ContendedError("another writer was first")
        ) from error

    def put(
        self, name: str, table: str, item: Mapping[str, Any], *, condition: "Condition | None" = None
    ) -> Part:
        """A put, by default only where nothing stands."""
        guard = condition or ABSENT
        action: Any = {"TableName": table, "Item": to_item(item), **guard.arguments()}
        return Part(name, {"Put": action})

    def update(
        self,
        name: str,
        table: str,
        key: tuple[str, str],
        *,
        change: "Change",
        condition: "Condition | None" = None,
    ) -> Part:
        """An update of one item's attributes under a condition."""
        action: Any = {
            "TableName": table,
            "Key": to_item({"pk": key[0], "sk": key[1]}),
            **change.arguments(condition),
        }
        return Part(name, {"Update": action})

    def delete(self, name: str, table: str, key: tuple[str, str], *, condition: "Condition | None") -> Part:
        """An item taken away for good; without a condition it may have gone already."""
        action: Any = {
            "TableName": table,
            "Key": to_item({"pk": key[0], "sk": key[1]}),
            **(condition.arguments() if condition else {}),
        }
        return Part(name, {"Delete": action})

    def check(self, name: str, table: str, key: tuple[str, str], condition: "Condition") -> Part:
        """A condition on an item that the transaction leaves as it is."""
        action: Any = {
            "TableName": table,
            "Key": to_item({"pk": key[0], "sk": key[1]}),
            **condition.arguments(),
        }
        return Part(name, {"ConditionCheck": action})


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition built from named clauses; attribute names are written `#name`, values `:name`."""

    clauses: str
    values: Mapping[str, Any]

    def arguments(self) -> dict[str, Any]:
        """The request's arguments, each attribute aliased because several of ours are reserved words."""
        return _arguments({"ConditionExpression": self.clauses}, self.values)


ABSENT = Condition("attribute_not_exists(#pk)", {})


@dataclass(frozen=True, slots=True)
class Change:
    """Attributes to set and to remove."""

    set: Mapping[str, Any]
    remove: tuple[str, ...] = ()

    def arguments(self, condition: Condition | None) -> dict[str, Any]:
        """The request's arguments for this change under `condition`."""
        assignments = ", ".join(f"#{name} = :set_{name}" for name in self.set)
        removals = ", ".join(f"#{name}" for name in self.remove)
        update = " ".join(
            f"{verb} {what}" for verb, what in (("SET", assignments), ("REMOVE", removals)) if what
        )
        expressions = {"UpdateExpression": update} | (
            {"ConditionExpression": condition.clauses} if condition else {}
        )
        values = {f"set_{name}": value for name, value in self.set.items()} | dict(
            condition.values if condition else {}
        )
        return _arguments(expressions, values)


def _arguments(expressions: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, Any]:
    words = " ".join(expressions.values()).replace("(", " ").replace(")", " ").replace(",", " ").split()
    names = {word: word[1:] for word in words if word.startswith("#")}
    arguments: dict[str, Any] = {**expressions, "ExpressionAttributeNames": names}
    if "ConditionExpression" in expressions:
        arguments["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    if values:
        arguments["ExpressionAttributeValues"] = to_item(
            {f":{name}": value for name, value in values.items()}
        )
    return arguments


def to_item(record: Mapping[str, Any]) -> Item:
    """`record` as DynamoDB spells it. Most values are text, and boto3 finds that out last."""
    return {name: {"S": value} if type(value) is str else _serialize(value) for name, value in record.items()}


def from_item(item: Mapping[str, Any]) -> Item:
    """DynamoDB's spelling as plain text, integers, bytes, lists and maps."""
    return {name: value["S"] if "S" in value else _plain(_deserialize(value)) for name, value in item.items()}


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever an attribute may hold
    match value:
        case Decimal():
            return int(value)
        case Binary():
            return bytes(cast("SupportsBytes", value))
        case list():
            return [_plain(inner) for inner in value]
        case dict():
            return {name: _plain(inner) for name, inner in value.items()}
        case _:
            return value
