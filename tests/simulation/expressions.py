"""The words of an expression, and the tree that a condition is."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from tests.simulation.refusals import NotSimulatedError, invalid

Tree: TypeAlias = tuple[Any, ...]
"""("name", "#st"), ("value", ":st"), ("compare", "<", tree, tree), ("and", tree, tree) and so on."""

Names: TypeAlias = Mapping[str, str]
"""What each `#name` stands for."""

_WORDS = re.compile(r"\s*(#\w+|:\w+|[A-Za-z_]\w*|<>|<=|>=|[=<>(),+-])", re.ASCII)
_LOGIC = frozenset({"AND", "OR", "NOT", "IN", "BETWEEN", "SET", "REMOVE", "ADD", "DELETE"})
_COMPARES = frozenset({"=", "<>", "<", "<=", ">", ">="})
FUNCTIONS = {"attribute_exists": 1, "attribute_not_exists": 1, "begins_with": 2}
"""How many arguments each function of a condition takes."""


class Words:
    """An expression, word by word."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._words = list(_split(text))
        self._next = 0

    def peek(self) -> str:
        """The next word, keywords in capitals; nothing at the end."""
        return self._words[self._next] if self._next < len(self._words) else ""

    def take(self) -> str:
        """The next word, which is then behind us."""
        word = self.peek()
        self._next += 1
        return word

    def takes(self, word: str) -> bool:
        """Whether the next word is this one; if so, it is behind us."""
        if self.peek() != word:
            return False
        self._next += 1
        return True

    def must_take(self, word: str) -> None:
        """This word and no other."""
        if not self.takes(word):
            raise self.wrong()

    def must_end(self) -> None:
        """Nothing is left."""
        if self.peek():
            raise self.wrong()

    def listed(self, one: Callable[[], Tree]) -> list[Tree]:
        """One or more, with commas between."""
        found = [one()]
        while self.takes(","):
            found.append(one())
        return found

    def name(self) -> Tree:
        """An attribute, which the house always writes as an alias because many names are reserved."""
        if not self.peek().startswith("#"):
            raise self.wrong()
        return ("name", self.take())

    def operand(self) -> Tree:
        """An attribute or a value."""
        return ("value", self.take()) if self.peek().startswith(":") else self.name()

    def wrong(self) -> Exception:
        """That the next word cannot stand where it stands."""
        return invalid(f"Invalid expression: syntax error at {self.peek() or 'the end'!r} in {self.text!r}")


def _split(text: str) -> Iterator[str]:
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _WORDS.match(text, at)
        if found is None:
            if text[at] in ".[]":
                raise NotSimulatedError(f"a path into an attribute: {text!r}")
            raise invalid(f"Invalid expression: syntax error at {text[at:]!r}")
        word, at = found[1], found.end()
        yield word.upper() if word.upper() in _LOGIC else word


def condition_tree(text: str) -> Tree:
    """The tree of a condition; NOT binds closest, then AND, then OR."""
    words = Words(text)
    tree = _any_of(words)
    words.must_end()
    return tree


def _any_of(words: Words) -> Tree:
    tree = _all_of(words)
    while words.takes("OR"):
        tree = ("or", tree, _all_of(words))
    return tree


def _all_of(words: Words) -> Tree:
    tree = _one(words)
    while words.takes("AND"):
        tree = ("and", tree, _one(words))
    return tree


def _one(words: Words) -> Tree:
    if words.takes("NOT"):
        return ("not", _one(words))
    if words.takes("("):
        return _bracketed(words)
    if words.peek() in FUNCTIONS:
        return _call(words)
    return _comparison(words)


def _bracketed(words: Words) -> Tree:
    doubly = words.peek() == "("
    tree = _any_of(words)
    words.must_take(")")
    if doubly and tree[0] == "bracketed":
        raise invalid("Invalid expression: The expression has redundant parentheses;")
    return ("bracketed", tree)


def _call(words: Words) -> Tree:
    function = words.take()
    words.must_take("(")
    arguments = [words.name(), *([words.operand()] if words.takes(",") else [])]
    words.must_take(")")
    if len(arguments) != FUNCTIONS[function]:
        raise invalid(f"Incorrect number of operands for operator or function {function}")
    return ("call", function, *arguments)


def _comparison(words: Words) -> Tree:
    left = words.operand()
    if words.takes("BETWEEN"):
        low = words.operand()
        words.must_take("AND")
        return ("between", left, low, words.operand())
    if words.takes("IN"):
        words.must_take("(")
        choices = words.listed(words.operand)
        words.must_take(")")
        return ("in", left, *choices)
    if words.peek() not in _COMPARES:
        raise words.wrong()
    return ("compare", words.take(), left, words.operand())


def leaves(tree: Tree) -> Iterator[str]:
    """Every `#name` and `:value` in it."""
    if tree[0] in {"name", "value"}:
        yield tree[1]
    else:
        for inner in tree[1:]:
            if isinstance(inner, tuple):
                yield from leaves(inner)
