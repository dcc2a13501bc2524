"""What a request says, refused as AWS refuses it where it is malformed."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from tests.simulation.refusals import NotSimulatedError, invalid, refusal
from tests.simulation.tables import Key, Table, text_of
from tests.simulation.values import Item

Asked: TypeAlias = Mapping[str, Any]

NAMES = "ExpressionAttributeNames"
VALUES = "ExpressionAttributeValues"


def takes_only(asked: Asked, known: frozenset[str]) -> None:
    """Refuses an argument that would be ignored here and heeded by AWS."""
    if not asked.keys() <= known:
        raise NotSimulatedError(f"arguments {sorted(asked.keys() - known)}")


def table_of(tables: Mapping[str, Table], name: str) -> Table:
    """The table of that name."""
    if name not in tables:
        raise refusal("ResourceNotFoundException", f"Requested resource not found: Table: {name} not found")
    return tables[name]


def key_of(key: Item) -> Key:
    """The key that a request addresses; nothing but `pk` and `sk`."""
    if len(key) > 2:
        raise invalid("The provided key element does not match the schema")
    return key_in(key)


def key_in(item: Item) -> Key:
    """The key of an item."""
    if "pk" not in item or "sk" not in item:
        raise invalid("The provided key element does not match the schema")
    return text_of(item, "pk"), text_of(item, "sk")


def check_aliases(asked: Asked, uses: frozenset[str]) -> None:
    """Every alias in an expression is given, and every one that is given is used."""
    names, values = asked.get(NAMES), asked.get(VALUES)
    given = (names or {}).keys() | (values or {}).keys()
    if given != uses:
        missing, unused = sorted(uses - given), sorted(given - uses)
        raise invalid(f"Expression attributes not defined: {missing}; unused in expressions: {unused}")
    for what, aliases in ((NAMES, names), (VALUES, values)):
        if aliases is not None and not aliases:
            raise invalid(f"{what} must not be empty")
