"""One part of a transaction: what it asks of an item, and what the item would then be."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from botocore.exceptions import ClientError

from tests.simulation.conditions import ALWAYS, Condition, Values, condition
from tests.simulation.expressions import Names
from tests.simulation.refusals import invalid
from tests.simulation.requests import (
    NAMES,
    VALUES,
    Asked,
    check_aliases,
    key_in,
    key_of,
    table_of,
    takes_only,
)
from tests.simulation.tables import Key, Table
from tests.simulation.updates import update
from tests.simulation.values import Item

Reason: TypeAlias = dict[str, Any]
Change: TypeAlias = Callable[[Item | None], Item | None]

_ANY = frozenset({"TableName", "ConditionExpression", NAMES, VALUES, "ReturnValuesOnConditionCheckFailure"})
_TAKES: Mapping[str, frozenset[str]] = {
    "Put": _ANY | {"Item"},
    "Update": _ANY | {"Key", "UpdateExpression"},
    "Delete": _ANY | {"Key"},
    "ConditionCheck": _ANY | {"Key"},
}


class Step(NamedTuple):
    """An action that was read and found well-formed."""

    table_name: str
    table: Table
    key: Key
    condition: Condition
    names: Names
    values: Values
    change: Change
    shows_old: bool

    def decide(self) -> tuple[Reason | None, Item | None]:
        """Why it cannot be, if it cannot; otherwise the item as it leaves it."""
        before = self.table.items.get(self.key)
        if not self.condition.holds(before or {}, self.names, self.values):
            old = {"Item": before.copy()} if before and self.shows_old else {}
            return {
                "Code": "ConditionalCheckFailed",
                "Message": "The conditional request failed",
                **old,
            }, None
        try:
            after = self.change(before)
            if after is not None and after is not before:
                self.table.check(after)
        except ClientError as exc:
            return {"Code": "ValidationError", "Message": exc.response["Error"]["Message"]}, None
        return None, after


def step(tables: Mapping[str, Table], action: Mapping[str, Asked]) -> Step:
    """What an action asks for; raises what AWS says of one that is malformed."""
    ((verb, asked),) = action.items()
    takes_only(asked, _TAKES[verb])
    table = table_of(tables, asked["TableName"])
    test = condition(asked["ConditionExpression"]) if "ConditionExpression" in asked else ALWAYS
    names, values = asked.get(NAMES) or {}, asked.get(VALUES) or {}
    key = key_in(asked["Item"]) if verb == "Put" else key_of(asked["Key"])
    if verb == "Update":
        change = _updating(asked, test, names, values)
    else:
        check_aliases(asked, test.uses)
        change = _CHANGES[verb](asked)
    test.check(values)
    shows_old = asked.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
    return Step(asked["TableName"], table, key, test, names, values, change, shows_old)


def _putting(asked: Asked) -> Change:
    item = asked["Item"].copy()
    return lambda _: item


def _deleting(_: Asked) -> Change:
    return lambda _: None


def _checking(asked: Asked) -> Change:
    if "ConditionExpression" not in asked:
        raise invalid("a ConditionCheck has a ConditionExpression")
    return lambda before: before


_CHANGES: Mapping[str, Callable[[Asked], Change]] = {
    "Put": _putting,
    "Delete": _deleting,
    "ConditionCheck": _checking,
}


def _updating(asked: Asked, test: Condition, names: Names, values: Values) -> Change:
    if "UpdateExpression" not in asked:
        return lambda before: before or asked["Key"].copy()
    made = update(asked["UpdateExpression"])
    check_aliases(asked, test.uses | made.uses)
    targets = made.targets(names)
    if len(set(targets)) < len(targets):
        raise invalid("Invalid UpdateExpression: Two document paths overlap with each other")
    if "pk" in targets or "sk" in targets:
        raise invalid("Cannot update attribute. This attribute is part of the key")
    return lambda before: made.after(before or asked["Key"], names, values)
