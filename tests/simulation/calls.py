"""Calls on tables as Hypothesis draws them: well-formed ones whose conditions hold or do not."""

import operator
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias

from hypothesis import strategies as st

from tests.simulation.tables import Index
from tests.simulation.values import Item, Value

Call: TypeAlias = tuple[str, dict[str, Any]]
"""A method of the client, and its arguments."""

TABLES = ("audit", "state")
INDEXES = {
    "due": Index("due_pk", "due_sk", keeps=()),
    "work": Index("work_pk", "work_sk", keeps=("st", "n")),
    "watch": Index("watch_pk"),
    "msg": Index("msg_pk", "msg_sk"),
}
"""Of `state` alone."""

_KEYS = [{"S": text} for text in ("k", "k#1", "l")]
_WORDS = [{"S": text} for text in ("", "N", "NE", "NEW", "OPEN", "é", "z")]
_NUMBERS = [{"N": text} for text in ("0", "1", "2", "10", "-3", "1.5")]
_WHOLE = [{"N": text} for text in ("1", "10", "-3")]
"""To be added up: moto keeps 3.0 where two fractions make a whole."""
_LISTS = [{"L": [{"S": text} for text in texts]} for texts in ((), ("N",), ("N", "z"))]
_HOLDS: Mapping[str, list[Value]] = {
    "st": _WORDS,
    "owner": _WORDS,
    "n": _NUMBERS,
    "level": _NUMBERS,
    "sealed": [{"B": data} for data in (b"\x00", b"\x00\x01", b"\xff")],
    "flag": [{"BOOL": True}, {"BOOL": False}],
    "held": _LISTS,
    "map": [{"M": {"one": number}} for number in _NUMBERS],
    "nothing": [{"NULL": True}],
    **{name: _KEYS for index in INDEXES.values() for name in index.key_names},
}
"""Each attribute is always of one kind; what two kinds are to each other has tests of its own."""
_COMPARED = ("st", "owner", "n", "level", "sealed", "flag", "held", "map", "pk")


def _item(key: Item, number: int) -> Item:
    """One of many items that differ in what they hold and in what they lack."""
    names = [name for place, name in enumerate(_HOLDS) if (number + place) % 5]
    return key | {name: _HOLDS[name][number * 7 % len(_HOLDS[name])] for name in names}


keys = st.builds(
    lambda pk, sk: {"pk": {"S": pk}, "sk": {"S": sk}},
    st.sampled_from("pq"),
    st.sampled_from(("a", "ab", "b#é")),
)
items = st.builds(_item, keys, st.integers(0, 34))

_JOINED = (
    "{0}",
    "NOT {0}",
    "{0} AND {1}",
    "{0} OR {1}",
    "{0} AND {1} OR {2}",
    "{0} OR {1} AND {2}",
    "({0} OR {1}) AND {2}",
    "NOT ({0} AND {1}) OR NOT {2}",
    "NOT {0} AND ({1} OR {2})",
)


class Spelt(NamedTuple):
    """An expression with what its aliases stand for."""

    text: str
    names: dict[str, str]
    values: dict[str, Value]


@st.composite
def _comparisons(draw: st.DrawFn, tag: int) -> Spelt:
    """One condition on one attribute; `tag` keeps its values apart from its neighbour's."""
    name = draw(st.sampled_from(_COMPARED))
    names, a, b = {f"#{name}": name}, f":a{tag}", f":b{tag}"
    if name == "pk" or draw(st.integers(0, 3)) == 0:
        return Spelt(f"attribute_{draw(st.sampled_from(('', 'not_')))}exists(#{name})", names, {})
    one, other = draw(st.sampled_from(_HOLDS[name])), draw(st.sampled_from(_HOLDS[name]))
    signs = {"=", "<>"} if name in {"flag", "held", "map"} else {"=", "<>", "<", "<=", ">", ">=", "IN"}
    texts = {"BETWEEN", "begins_with"} if name in {"st", "owner"} else set()
    match draw(st.sampled_from(sorted(signs | texts))):
        case "IN":
            return Spelt(f"#{name} IN ({a}, {b})", names, {a: one, b: other})
        case "BETWEEN":
            low, high = sorted((one["S"], other["S"]))
            return Spelt(f"#{name} BETWEEN {a} AND {b}", names, {a: {"S": low}, b: {"S": high}})
        case "begins_with":
            return Spelt(f"begins_with(#{name}, {a})", names, {a: one})
        case sign:
            return Spelt(f"#{name} {sign} {a}", names, {a: one})


@st.composite
def conditions(draw: st.DrawFn) -> Spelt:
    """Up to three conditions joined."""
    joined = draw(st.sampled_from(_JOINED))
    parts = [draw(_comparisons(tag)) for tag in range(3) if f"{{{tag}}}" in joined]
    names = {alias: name for part in parts for alias, name in part.names.items()}
    values = {alias: value for part in parts for alias, value in part.values.items()}
    return Spelt(joined.format(*(part.text for part in parts)), names, values)


@st.composite
def changes(draw: st.DrawFn) -> Spelt:
    """Some attributes set, summed, appended to and removed."""
    plain = draw(st.lists(st.sampled_from(sorted(_HOLDS)), min_size=1, max_size=5, unique=True))
    cut = draw(st.integers(0, len(plain)))
    sets, removes = plain[:cut], plain[cut:]
    texts = [f"#{name} = :set_{name}" for name in sets]
    values = {f":set_{name}": draw(st.sampled_from(_HOLDS[name])) for name in sets}
    names = {f"#{name}": name for name in plain}
    if draw(st.booleans()):
        texts.append("#sum = if_not_exists(#sum, :zero) + :more")
        names["#sum"] = "sum"
        values |= {":zero": {"N": "0"}, ":more": draw(st.sampled_from(_WHOLE))}
    if draw(st.booleans()):
        texts.append("#all = list_append(if_not_exists(#all, :none), :last)")
        names["#all"] = "all"
        values |= {":none": {"L": []}, ":last": draw(st.sampled_from(_LISTS))}
    clauses = [
        f"{verb} {', '.join(what)}"
        for verb, what in (("SET", texts), ("REMOVE", [f"#{name}" for name in removes]))
        if what
    ]
    if draw(st.booleans()):
        clauses.append("ADD #count :count")
        names["#count"], values[":count"] = "count", draw(st.sampled_from(_WHOLE))
    return Spelt(" ".join(clauses), names, values)


def _arguments(**spelt: Spelt) -> dict[str, Any]:
    """A request's arguments for these expressions."""
    names = {alias: name for one in spelt.values() for alias, name in one.names.items()}
    values = {alias: value for one in spelt.values() for alias, value in one.values.items()}
    return {
        **{what: one.text for what, one in spelt.items()},
        **({"ExpressionAttributeNames": names} if names else {}),
        **({"ExpressionAttributeValues": values} if values else {}),
    }


@st.composite
def actions(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """One part of a transaction."""
    verb = draw(st.sampled_from(("Put", "Put", "Update", "Update", "Delete", "ConditionCheck")))
    spelt = {"UpdateExpression": draw(changes())} if verb == "Update" else {}
    if verb == "ConditionCheck" or draw(st.booleans()):
        spelt["ConditionExpression"] = draw(conditions())
    asked = {"TableName": draw(st.sampled_from(TABLES)), **_arguments(**spelt)}
    asked |= {"Item": draw(items)} if verb == "Put" else {"Key": draw(keys)}
    if "ConditionExpression" in spelt:
        asked["ReturnValuesOnConditionCheckFailure"] = draw(st.sampled_from(("ALL_OLD", "NONE")))
    return {verb: asked}


@st.composite
def queries(draw: st.DrawFn) -> dict[str, Any]:
    """A partition of the table or of an index, whole or between bounds, either way round."""
    name = draw(st.sampled_from((None, *INDEXES)))
    index = INDEXES[name] if name else Index("pk", "sk")
    at = st.sampled_from(("a", "ab", "b", "k", "k#")).map(lambda text: {"S": text})
    values = {":pk": {"S": draw(st.sampled_from("pq" if name is None else ("k", "k#1", "l")))}}
    text, names = "#pk = :pk", {"#pk": index.pk}
    sign = draw(st.sampled_from(("", "=", "<", "<=", ">", ">=", "BETWEEN", "begins_with")))
    if sign and index.sk:
        names["#sk"] = index.sk
        low, high = sorted((draw(at), draw(at)), key=lambda value: value["S"])
        values |= {":low": low} | ({":high": high} if sign == "BETWEEN" else {})
        text += {
            "BETWEEN": " AND #sk BETWEEN :low AND :high",
            "begins_with": " AND begins_with(#sk, :low)",
        }.get(sign, f" AND #sk {sign} :low")
    return {
        "TableName": "state",
        **({"IndexName": name} if name else {}),
        **_arguments(KeyConditionExpression=Spelt(text, names, values)),
        **draw(
            st.fixed_dictionaries(
                {}, optional={"Limit": st.integers(1, 3), "ScanIndexForward": st.booleans()}
            )
        ),
    }


@st.composite
def _alone(draw: st.DrawFn) -> Call:
    ((verb, asked),) = draw(actions().filter(lambda action: "ConditionCheck" not in action)).items()
    return f"{verb.lower()}_item", asked


def _addressed(action: Mapping[str, Mapping[str, Any]]) -> tuple[str, str, str]:
    (asked,) = action.values()
    key = asked.get("Item") or asked["Key"]
    return asked["TableName"], key["pk"]["S"], key["sk"]["S"]


def _transact(parts: list[Item]) -> Call:
    return "transact_write_items", {"TransactItems": parts}


_apart = st.lists(actions(), min_size=1, max_size=6, unique_by=_addressed).map(_transact)
_perhaps_together = st.lists(actions(), min_size=2, max_size=3).map(_transact)
_tables = st.sampled_from(TABLES)
_get = st.builds(lambda table, key: ("get_item", {"TableName": table, "Key": key}), _tables, keys)
_batch = st.lists(keys, min_size=1, max_size=4).map(
    lambda wanted: ("batch_get_item", {"RequestItems": {"state": {"Keys": wanted, "ConsistentRead": True}}})
)
_query = queries().map(lambda asked: ("query", asked))
_puts = st.builds(lambda table, item: ("put_item", {"TableName": table, "Item": item}), _tables, items)

call_sequences: st.SearchStrategy[list[Call]] = st.builds(
    operator.add,
    st.lists(_puts, min_size=4, max_size=8),
    st.lists(st.one_of(_apart, _apart, _perhaps_together, _alone(), _get, _batch, _query), max_size=12),
)
"""Some items, and then anything."""
