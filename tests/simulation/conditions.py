"""A condition as a function of an item, made once for each distinct text."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, reduce
from typing import TypeAlias

from tests.simulation.expressions import Names, Tree, condition_tree, leaves
from tests.simulation.refusals import invalid
from tests.simulation.values import COMPARES, ORDERED, Item, Value, begins_with, kind

Values: TypeAlias = Mapping[str, Value]
Test: TypeAlias = Callable[[Item, Names, Values], bool]
Operand: TypeAlias = Callable[[Item, Names, Values], Value | None]

_TEXT = frozenset({"S", "B"})


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold of an item, with the aliases it uses and the kinds that its values must have."""

    holds: Test
    uses: frozenset[str]
    demands: tuple[tuple[str, frozenset[str]], ...]

    def check(self, values: Values) -> None:
        """Refuses a value that its operator cannot take, whether or not the evaluation would come to it."""
        for name, kinds in self.demands:
            if kind(values[name]) not in kinds:
                raise invalid(f"Incorrect operand type for operator or function; {name}")


ALWAYS = Condition(lambda _item, _names, _values: True, frozenset(), ())


@cache
def condition(text: str) -> Condition:
    """The condition that a text spells."""
    tree = condition_tree(text)
    return Condition(_test(tree), frozenset(leaves(tree)), tuple(_demands(tree)))


def _test(tree: Tree) -> Test:
    match tree:
        case ("bracketed", inner):
            return _test(inner)
        case ("and" | "or" | "not" as word, *parts):
            return _LOGIC[word](*map(_test, parts))
        case ("call", function, *arguments):
            return _CALLS[function](*map(operand, arguments))
        case ("compare", sign, left, right):
            return _both(COMPARES[sign], operand(left), operand(right))
        case ("between", middle, low, high):
            return _between(operand(middle), operand(low), operand(high))
    _, left, *choices = tree
    equal = [_both(COMPARES["="], operand(left), operand(choice)) for choice in choices]
    return reduce(_or, equal)


def _and(one: Test, other: Test) -> Test:
    return lambda item, names, values: one(item, names, values) and other(item, names, values)


def _or(one: Test, other: Test) -> Test:
    return lambda item, names, values: one(item, names, values) or other(item, names, values)


def _not(one: Test) -> Test:
    return lambda item, names, values: not one(item, names, values)


def _both(compare: Callable[[Value | None, Value | None], bool], left: Operand, right: Operand) -> Test:
    return lambda item, names, values: compare(left(item, names, values), right(item, names, values))


def _between(middle: Operand, low: Operand, high: Operand) -> Test:
    return _and(_both(COMPARES[">="], middle, low), _both(COMPARES["<="], middle, high))


_LOGIC: Mapping[str, Callable[..., Test]] = {"and": _and, "or": _or, "not": _not}
_CALLS: Mapping[str, Callable[..., Test]] = {
    "attribute_exists": lambda one: lambda *of: one(*of) is not None,
    "attribute_not_exists": lambda one: lambda *of: one(*of) is None,
    "begins_with": lambda one, other: _both(begins_with, one, other),
}


def operand(tree: Tree) -> Operand:
    """What an attribute holds, or what a value is."""
    what, alias = tree
    if what == "name":
        return lambda item, names, values: item.get(names[alias])
    return lambda item, names, values: values[alias]


def _demands(tree: Tree) -> Iterator[tuple[str, frozenset[str]]]:
    match tree:
        case ("compare", "<" | "<=" | ">" | ">=", *operands) | ("between", *operands):
            yield from ((one[1], ORDERED) for one in operands if one[0] == "value")
        case ("call", "begins_with", _, ("value", prefix)):
            yield (prefix, _TEXT)
        case ("bracketed" | "and" | "or" | "not", *parts):
            for part in parts:
                yield from _demands(part)
