"""An update as a function from the item before to the item after, made once for each distinct text."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from tests.simulation.conditions import Operand, Values, operand
from tests.simulation.expressions import Names, Tree, Words, leaves
from tests.simulation.refusals import NotSimulatedError, invalid
from tests.simulation.values import Item, Value, add, kind


@dataclass(frozen=True, slots=True)
class Update:
    """What to set, to remove and to add; every value is taken from the item as it was before."""

    sets: tuple[tuple[str, Operand], ...]
    removes: tuple[str, ...]
    adds: tuple[tuple[str, Operand], ...]
    uses: frozenset[str]

    def after(self, before: Item, names: Names, values: Values) -> Item:
        """The item as the update leaves it."""
        item = before.copy()
        for name, value in self.sets:
            item[names[name]] = _there(value(before, names, values))
        for name in self.removes:
            item.pop(names[name], None)
        for name, value in self.adds:
            item[names[name]] = _added(before.get(names[name]), _there(value(before, names, values)))
        return item

    def targets(self, names: Names) -> list[str]:
        """The attributes that it changes."""
        changed = (*(name for name, _ in self.sets), *self.removes, *(name for name, _ in self.adds))
        return [names[name] for name in changed]


@cache
def update(text: str) -> Update:
    """The update that a text spells."""
    trees = list(_changes(Words(text)))
    return Update(
        sets=tuple((tree[1][1], _operand(tree[2])) for tree in trees if tree[0] == "SET"),
        removes=tuple(tree[1][1] for tree in trees if tree[0] == "REMOVE"),
        adds=tuple((tree[1][1], _operand(tree[2])) for tree in trees if tree[0] == "ADD"),
        uses=frozenset(leaf for tree in trees for leaf in leaves(tree)),
    )


def _changes(words: Words) -> Iterator[Tree]:
    """("SET", name, tree), ("REMOVE", name) and ("ADD", name, value), in the order of the text."""
    left = dict(_CLAUSES)
    while words.peek() or left == _CLAUSES:
        if words.peek() == "DELETE":
            raise NotSimulatedError(f"members taken from a set: {words.text!r}")
        if words.peek() not in left:
            raise words.wrong()
        verb = words.take()
        for tree in words.listed(partial(left.pop(verb), words)):
            yield (verb, *tree)


def _set(words: Words) -> Tree:
    target = words.name()
    words.must_take("=")
    left = _term(words)
    return (target, (words.take(), left, _term(words)) if words.peek() in {"+", "-"} else left)


_CLAUSES: Mapping[str, Callable[[Words], Tree]] = {
    "SET": _set,
    "REMOVE": lambda words: (words.name(),),
    "ADD": lambda words: (words.name(), words.operand()),
}


def _term(words: Words) -> Tree:
    if words.peek() not in {"if_not_exists", "list_append"}:
        return words.operand()
    function = words.take()
    words.must_take("(")
    first = words.name() if function == "if_not_exists" else _term(words)
    words.must_take(",")
    second = _term(words)
    words.must_take(")")
    return (function, first, second)


def _operand(tree: Tree) -> Operand:
    if tree[0] in {"name", "value"}:
        return operand(tree)
    combine = _COMBINES[tree[0]]
    one, other = map(_operand, tree[1:])
    return lambda *of: combine(one(*of), other(*of))


def _there(value: Value | None) -> Value:
    if value is None:
        raise invalid("The provided expression refers to an attribute that does not exist in the item")
    return value


def _both(wanted: str, *operands: Value | None) -> list[Any]:
    given = [_there(one) for one in operands]
    if any(kind(one) != wanted for one in given):
        raise invalid("An operand in the update expression has an incorrect data type")
    return [one[wanted] for one in given]


def _plus(one: Value | None, other: Value | None) -> Value:
    first, second = _both("N", one, other)
    return {"N": add(first, second)}


def _minus(one: Value | None, other: Value | None) -> Value:
    first, second = _both("N", one, other)
    return {"N": add(first, second.removeprefix("-") if second.startswith("-") else f"-{second}")}


def _append(one: Value | None, other: Value | None) -> Value:
    first, second = _both("L", one, other)
    return {"L": [*first, *second]}


_COMBINES: Mapping[str, Callable[[Value | None, Value | None], Value | None]] = {
    "+": _plus,
    "-": _minus,
    "if_not_exists": lambda one, other: other if one is None else one,
    "list_append": _append,
}


def _added(before: Value | None, more: Value) -> Value:
    """A sum, or the members of both sets."""
    what = kind(more)
    if what not in {"N", "SS", "NS", "BS"}:
        raise invalid("Incorrect operand type for operator or function; operator: ADD")
    if before is None:
        return more
    if what == "N":
        return _plus(before, more)
    old, new = _both(what, before, more)
    return {what: [*old, *(member for member in new if member not in old)]}
