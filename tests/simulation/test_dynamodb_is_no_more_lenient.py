"""What AWS refuses is refused, moto's blind spots included, and what is not simulated is said."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.simulation.dynamodb import DynamoDB
from tests.simulation.refusals import NotSimulatedError
from tests.simulation.tables import Index, Table

KEY = {"pk": {"S": "p"}, "sk": {"S": "a"}}
ONE = {"N": "1"}
INDEXES = {"due": Index("due_pk", "due_sk"), "watch": Index("watch_pk")}


@pytest.fixture
def client() -> DynamoDB:
    """One table with indexes, empty."""
    return DynamoDB({"state": Table(INDEXES)})


def a_put(sk: str = "a", **more: Any) -> dict[str, Any]:
    return {"Put": {"TableName": "state", "Item": {"pk": {"S": "p"}, "sk": {"S": sk}}, **more}}


def a_put_if(condition: str, names: str = "", **values: Any) -> dict[str, Any]:
    """A put under a condition whose names stand for themselves."""
    return a_put(ConditionExpression=condition, **aliases(names, values))


def a_delete(**key: Any) -> dict[str, Any]:
    return {"Delete": {"TableName": "state", "Key": key}}


def an_update(text: str, **values: Any) -> dict[str, Any]:
    """An update whose names stand for themselves."""
    words = text.replace(",", " ").split()
    names = " ".join(word[1:] for word in words if word.startswith("#"))
    return {"TableName": "state", "Key": KEY, "UpdateExpression": text, **aliases(names, values)}


def aliases(names: str, values: dict[str, Any]) -> dict[str, Any]:
    """`#name` for each name, `:name` for each value."""
    given = {
        "ExpressionAttributeNames": {f"#{name}": name for name in names.split()},
        "ExpressionAttributeValues": {f":{name}": value for name, value in values.items()},
    }
    return {what: those for what, those in given.items() if those}


SYNTAX, OPERAND = "syntax error", "Incorrect operand type"
MALFORMED: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "no parts": ("1 to 100", []),
    "too many parts": ("1 to 100", [a_put(str(number)) for number in range(101)]),
    "an item addressed twice": ("multiple operations on one item", [a_put(), a_put()]),
    "a name that is not given": (r"not defined: \['#st'\]", [a_put_if("#st = :new", new=ONE)]),
    "a value that is not given": (r"not defined: \[':new'\]", [a_put_if("#st = :new", "st")]),
    "a name not used": (r"unused .*\['#n'\]", [a_put_if("attribute_exists(#st)", "st n")]),
    "a value not used": (r"unused .*\[':new'\]", [a_put_if("attribute_exists(#st)", "st", new=ONE)]),
    "aliases without an expression": (r"unused .*\['#st'\]", [a_put(**aliases("st", {}))]),
    "no values, said as such": ("must not be empty", [a_put(ExpressionAttributeValues={})]),
    "a name that is no alias": (f"{SYNTAX} at 'owner'", [a_put_if("owner = :new", new=ONE)]),
    "brackets twice": ("redundant parentheses", [a_put_if("((attribute_exists(#st)))", "st")]),
    "half a condition": (f"{SYNTAX} at 'the end'", [a_put_if("#st =", "st")]),
    "no comparison": (f"{SYNTAX} at 'the end'", [a_put_if("#st", "st")]),
    "something more": (f"{SYNTAX} at '#st'", [a_put_if("attribute_exists(#st) #st", "st")]),
    "an open bracket": (f"{SYNTAX} at 'the end'", [a_put_if("(attribute_exists(#st)", "st")]),
    "a lack of arguments": ("Incorrect number of operands", [a_put_if("begins_with(#st)", "st")]),
    "a character of no language": (f"{SYNTAX} at '! :new'", [a_put_if("#st =! :new", "st", new=ONE)]),
    "an order of what has none": (OPERAND, [a_put_if("#st < :new", "st", new={"BOOL": True})]),
    "a range of what has none": (OPERAND, [a_put_if("#st BETWEEN :a AND :b", "st", a=ONE, b={"L": []})]),
    "a prefix that is a number": (OPERAND, [a_put_if("NOT (begins_with(#st, :new))", "st", new=ONE)]),
    "half a key": ("does not match the schema", [a_delete(pk={"S": "p"})]),
    "more than a key": ("does not match the schema", [a_delete(**KEY, st=ONE)]),
    "an empty key": ("empty string value for key sk", [a_delete(pk={"S": "p"}, sk={"S": ""})]),
    "a key that is a number": ("Type mismatch for key sk", [a_delete(pk={"S": "p"}, sk=ONE)]),
    "a check of nothing": ("ConditionExpression", [{"ConditionCheck": {"TableName": "state", "Key": KEY}}]),
    "a key changed": ("part of the key", [{"Update": an_update("SET #sk = :one", one={"S": "b"})}]),
    "one attribute twice": ("overlap", [{"Update": an_update("SET #st = :one REMOVE #st", one=ONE)}]),
    "one clause twice": (f"{SYNTAX} at 'REMOVE'", [{"Update": an_update("REMOVE #st REMOVE #n")}]),
    "no clause": (f"{SYNTAX} at '#st'", [{"Update": an_update("#st = :one", one=ONE)}]),
    "an empty update": (f"{SYNTAX} at 'the end'", [{"Update": an_update("")}]),
}


@pytest.mark.parametrize("what", MALFORMED)
def test_what_is_malformed_is_refused_whole(client: DynamoDB, what: str) -> None:
    message, parts = MALFORMED[what]
    client.put_item(TableName="state", Item={**KEY, "st": {"S": "NEW"}})
    with pytest.raises(ClientError, match=message) as caught:
        client.transact_write_items(TransactItems=parts)
    assert caught.value.response["Error"]["Code"] == "ValidationException"
    assert len(client.journal) == 1


def test_a_table_that_is_not_there_is_not_found(client: DynamoDB) -> None:
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_item(TableName="gone", Key=KEY)


def a_query(text: str, names: str = "pk", *, low: str = "p", high: str = "p", **more: Any) -> dict[str, Any]:
    bounds = {"low": {"S": low}, "high": {"S": high}}
    values = {name: bound for name, bound in bounds.items() if f":{name}" in text}
    return {"TableName": "state", "KeyConditionExpression": text, **aliases(names, values), **more}


UNANSWERABLE: dict[str, tuple[str, dict[str, Any]]] = {
    "an index that is not there": ("not have the specified index", a_query("#pk = :low", IndexName="gone")),
    "an index consistently": ("Consistent", a_query("#pk = :low", IndexName="due", ConsistentRead=True)),
    "no more than nothing": ("Limit", a_query("#pk = :low", Limit=0)),
    "a sort key alone": ("missed key schema element: pk", a_query("#sk = :low", "sk")),
    "many partitions": ("missed key schema element: pk", a_query("#pk > :low")),
    "all partitions but one": ("Invalid operator", a_query("#pk <> :low")),
    "one key twice": ("one condition per key", a_query("#pk = :low AND #pk = :high")),
    "three keys": ("one condition per key", a_query("#pk = :low AND #sk = :low AND #st = :low", "pk sk st")),
    "what is no key": ("not supported", a_query("#pk = :low AND #st = :low", "pk st")),
    "a range backwards": ("BETWEEN", a_query("#pk = :low AND #sk BETWEEN :low AND :high", "pk sk", high="a")),
    "a key of another index": ("missed", a_query("#watch_pk = :low", "watch_pk", IndexName="due")),
    "an order where there is none": (
        "not supported",
        a_query("#watch_pk = :low AND #due_sk < :low", "watch_pk due_sk", IndexName="watch"),
    ),
}


@pytest.mark.parametrize("what", UNANSWERABLE)
def test_a_query_that_aws_would_not_answer_is_not_answered(client: DynamoDB, what: str) -> None:
    message, asked = UNANSWERABLE[what]
    with pytest.raises(ClientError, match=message) as caught:
        client.query(**asked)
    assert caught.value.response["Error"]["Code"] == "ValidationException"


def test_a_batch_is_of_one_to_a_hundred_different_keys(client: DynamoDB) -> None:
    for keys in ([], [KEY, KEY], [{**KEY, "sk": {"S": str(number)}} for number in range(101)]):
        with pytest.raises(ClientError, match="ValidationException"):
            client.batch_get_item(RequestItems={"state": {"Keys": keys}})


def test_what_is_not_simulated_is_said_and_not_ignored(client: DynamoDB) -> None:
    deeper = a_put_if("#st.#n = :one", "st n", one=ONE)
    from_a_set = {"Update": an_update("DELETE #st :one", one={"SS": ["a"]})}
    for parts in ([deeper], [from_a_set], [a_put(ReturnValues="ALL_OLD")]):
        with pytest.raises(NotSimulatedError):
            client.transact_write_items(TransactItems=parts)
    assert not issubclass(NotSimulatedError, Exception)


@pytest.mark.parametrize(
    "text",
    [
        "SET #st = #gone",
        "SET #st = #gone + :one",
        "SET #st = #pk - :one",
        "SET #due_pk = :one",
        "ADD #words :one",
        "SET #st = list_append( #words , :one)",
    ],
)
def test_a_part_that_cannot_be_worked_out_cancels_as_a_validation_error(client: DynamoDB, text: str) -> None:
    client.put_item(TableName="state", Item={**KEY, "words": {"S": "text"}})
    update = an_update(text, **({"one": ONE} if ":one" in text else {}))
    with pytest.raises(client.exceptions.TransactionCanceledException) as caught:
        client.transact_write_items(TransactItems=[a_put("b"), {"Update": update}])
    codes = [reason["Code"] for reason in caught.value.response["CancellationReasons"]]
    assert codes == ["None", "ValidationError"]
    with pytest.raises(ClientError, match="ValidationException"):
        client.update_item(**update)
    assert len(client.journal) == 1


def holds(client: DynamoDB, condition: str, names: str, **values: Any) -> bool:
    """Whether an item is there to be taken under this condition."""
    try:
        client.delete_item(
            TableName="state", Key=KEY, ConditionExpression=condition, **aliases(names, values)
        )
    except client.exceptions.ConditionalCheckFailedException:
        return False
    return True


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">=", "=", "<>"])
@pytest.mark.parametrize("name", ["st", "gone"])
def test_of_two_kinds_all_that_holds_is_that_they_differ(client: DynamoDB, sign: str, name: str) -> None:
    client.put_item(TableName="state", Item={**KEY, "st": ONE})
    assert holds(client, f"#{name} {sign} :new", name, new={"S": "1"}) == (sign == "<>")


@pytest.mark.parametrize(
    ("kept", "same"),
    [
        ({"N": "1.50"}, {"N": "1.5"}),
        ({"L": [{"N": "2.0"}]}, {"L": [{"N": "2"}]}),
        ({"M": {"a": {"N": "1e1"}}}, {"M": {"a": {"N": "10"}}}),
        ({"SS": ["a", "b"]}, {"SS": ["b", "a"]}),
        ({"BS": [b"a", b"b"]}, {"BS": [b"b", b"a"]}),
        ({"NS": ["1", "2"]}, {"NS": ["2.0", "1"]}),
    ],
)
def test_values_are_the_same_however_they_are_written(client: DynamoDB, kept: Any, same: Any) -> None:
    client.put_item(TableName="state", Item={**KEY, "st": kept})
    assert holds(client, "#st = :same", "st", same=same)


def test_sums_are_written_as_the_numbers_they_are(client: DynamoDB) -> None:
    client.put_item(TableName="state", Item={**KEY, "n": {"N": "1.50"}})
    text = "SET #sum = #n + :half , #less = #n - :minus , #third = #n - :half"
    client.update_item(**an_update(text, half={"N": "0.5"}, minus={"N": "-0.25"}))
    item = client.get_item(TableName="state", Key=KEY)["Item"]
    assert [item[name]["N"] for name in ("sum", "less", "third")] == ["2", "1.75", "1"]


def test_members_are_added_to_a_set_once(client: DynamoDB) -> None:
    for members in (["a", "b"], ["b", "c"]):
        client.update_item(**an_update("ADD #told :one", one={"SS": members}))
    assert client.get_item(TableName="state", Key=KEY)["Item"]["told"] == {"SS": ["a", "b", "c"]}
