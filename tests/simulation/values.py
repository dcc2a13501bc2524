"""Attribute values as DynamoDB spells them: when two are the same, which comes first, what they add up to."""

import operator
from collections.abc import Callable, Mapping
from decimal import Context, Decimal
from typing import Any, TypeAlias

Value: TypeAlias = dict[str, Any]
Item: TypeAlias = dict[str, Value]

ORDERED = frozenset({"S", "N", "B"})
"""The kinds that a value can be less than another in."""
_ADDS = Context(prec=38)
"""DynamoDB's precision."""


def kind(value: Value) -> str:
    """S, N, B, BOOL, NULL, L, M, SS, NS or BS."""
    return next(iter(value))


def same(one: Value | None, other: Value | None) -> bool:
    """Whether both are there and equal; numbers by what they are, not by how they are written."""
    if one is None or other is None:
        return False
    if one == other:
        return True
    ((this, a),), ((that, b),) = one.items(), other.items()
    return this == that and this in _SAME and _SAME[this](a, b)


def _same_map(a: Mapping[str, Value], b: Mapping[str, Value]) -> bool:
    return a.keys() == b.keys() and all(same(a[name], b[name]) for name in a)


_SAME: Mapping[str, Callable[[Any, Any], bool]] = {
    "N": lambda a, b: number(a) == number(b),
    "L": lambda a, b: len(a) == len(b) and all(map(same, a, b)),
    "M": _same_map,
    "SS": lambda a, b: set(a) == set(b),
    "BS": lambda a, b: set(a) == set(b),
    "NS": lambda a, b: set(map(number, a)) == set(map(number, b)),
}


def _compares(holds: Callable[[Any, Any], bool]) -> Callable[[Value | None, Value | None], bool]:
    """A comparison that is false where one is missing or the kinds differ."""

    def compare(one: Value | None, other: Value | None) -> bool:
        if one is None or other is None:
            return False
        ((this, a),), ((that, b),) = one.items(), other.items()
        if this != that or this not in ORDERED:
            return False
        return holds(number(a), number(b)) if this == "N" else holds(a, b)

    return compare


COMPARES: Mapping[str, Callable[[Value | None, Value | None], bool]] = {
    "=": same,
    "<>": lambda one, other: not same(one, other),
    "<": _compares(operator.lt),
    "<=": _compares(operator.le),
    ">": _compares(operator.gt),
    ">=": _compares(operator.ge),
}


def begins_with(value: Value | None, prefix: Value | None) -> bool:
    """Whether text or bytes start so; false for any other kind."""
    if value is None or prefix is None:
        return False
    ((this, a),), ((that, b),) = value.items(), prefix.items()
    return this == that and this in {"S", "B"} and bool(a.startswith(b))


def number(text: str) -> int | Decimal:
    """An integer where it is written as one: nearly all are."""
    try:
        return int(text)
    except ValueError:
        return Decimal(text)


def add(one: str, other: str) -> str:
    """The sum of two numbers, as DynamoDB writes it."""
    total = _ADDS.add(Decimal(one), Decimal(other))
    whole = total.to_integral_value()
    return str(int(total)) if total == whole else f"{total.normalize(_ADDS):f}"
