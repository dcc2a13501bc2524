"""A made-up year put into the stack's tables, as if it had stood here all the time; on a laptop alone.

`tests.simulation.history` writes the file and says what stands in it.
"""

import base64
import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import boto3

from infra.local.emulator import Emulator

MOST_AT_ONCE = 25
"""As DynamoDB writes in one call."""
Line = dict[str, Any]
_KEPT = (
    "EventSourceArn",
    "BatchSize",
    "MaximumBatchingWindowInSeconds",
    "FilterCriteria",
    "FunctionResponseTypes",
    "MaximumRetryAttempts",
    "MaximumRecordAgeInSeconds",
    "BisectBatchOnFunctionError",
    "ParallelizationFactor",
    "DestinationConfig",
)
"""What the template says of how a stream is read."""


def load(emulator: Emulator, outputs: Mapping[str, str], path: Path) -> int:
    """Puts every item of the file into its table; how many."""
    dynamodb = boto3.client("dynamodb", **emulator.connection)
    loaded = 0
    with gzip.open(path, "rt", encoding="utf-8") as file, _standing_still(emulator):
        next(file)  # about the file, for whoever applies its registry
        for some in _batches(_wrapped(map(_read, file), emulator, outputs["data_key_arn"])):
            left: dict[str, Any] = {}
            for line in some:
                put = {"PutRequest": {"Item": line["item"]}}
                left.setdefault(outputs[f"{line['table']}_table_name"], []).append(put)
            while left:
                left = dynamodb.batch_write_item(RequestItems=left)["UnprocessedItems"]
            loaded += len(some)
    return loaded


@contextmanager
def _standing_still(emulator: Emulator) -> Iterator[None]:
    """No schedule and no stream calls a function meanwhile: half a referral would look like one gone wrong.

    The streams are read on from where the year ends, as if all before had been read when it was written:
    what is due is found by the sweep, and the counters are among the items.
    """
    events = boto3.client("events", **emulator.connection)
    functions = boto3.client("lambda", **emulator.connection)
    rules = [rule["Name"] for rule in events.list_rules()["Rules"] if "ScheduleExpression" in rule]
    streams = [
        one
        for one in functions.list_event_source_mappings()["EventSourceMappings"]
        if ":dynamodb:" in one["EventSourceArn"]
    ]
    for rule in rules:
        events.disable_rule(Name=rule)
    for stream in streams:
        functions.delete_event_source_mapping(UUID=stream["UUID"])
    yield
    for stream in streams:
        read_on: Any = {name: said for name, said in stream.items() if name in _KEPT}
        functions.create_event_source_mapping(
            FunctionName=stream["FunctionArn"], StartingPosition="LATEST", **read_on
        )
    for rule in rules:
        events.enable_rule(Name=rule)


def _wrapped(lines: Iterable[Line], emulator: Emulator, key_arn: str) -> Iterator[Line]:
    """The lines, each data key wrapped by the stack's own."""
    kms = boto3.client("kms", **emulator.connection)
    for line in lines:
        if "plain" in line:
            answer = kms.encrypt(
                KeyId=key_arn,
                Plaintext=base64.b64decode(line["plain"]),
                EncryptionContext={"pk": line["item"]["pk"]["S"]},
            )
            line["item"]["wrapped"] = {"B": answer["CiphertextBlob"]}
        yield line


def _batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    rest = iter(lines)
    while some := list(islice(rest, MOST_AT_ONCE)):
        yield some


def _read(text: str) -> Line:
    line: Line = json.loads(text)
    line["item"] = {name: _with_bytes(value) for name, value in line["item"].items()}
    return line


def _with_bytes(value: Mapping[str, Any]) -> dict[str, Any]:
    """An attribute's value with bytes as the client takes them."""
    ((kind, inner),) = value.items()
    match kind:
        case "B":
            return {kind: base64.b64decode(inner)}
        case "M":
            return {kind: {name: _with_bytes(one) for name, one in inner.items()}}
        case "L":
            return {kind: [_with_bytes(one) for one in inner]}
        case _:
            return {kind: inner}
