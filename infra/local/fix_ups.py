"""What the emulator's CloudFormation drops from the template, set by hand once the stack is there.

The infra tests assert each on the template; here it is only made true on the emulator as well. Encryption
of tables and buckets and the buckets' lifecycle are dropped too: nothing on a laptop depends on them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import boto3

from infra.local.emulator import Emulator

TABLES = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")


@dataclass(frozen=True)
class FixUp:
    """One dropped property: which resources have it, and the call that sets it."""

    dropped: str
    types: tuple[str, ...]
    call: Callable[[Emulator, str, Mapping[str, Any]], None]

    def apply(self, emulator: Emulator, physical_id: str, resource: Mapping[str, Any]) -> None:
        if resource["Type"] in self.types:
            self.call(emulator, physical_id, resource["Properties"])


def _time_to_live(emulator: Emulator, table: str, properties: Mapping[str, Any]) -> None:
    if wanted := properties.get("TimeToLiveSpecification"):
        boto3.client("dynamodb", **emulator.connection).update_time_to_live(
            TableName=table, TimeToLiveSpecification=wanted
        )


def _point_in_time_recovery(emulator: Emulator, table: str, properties: Mapping[str, Any]) -> None:
    places = [properties, *properties.get("Replicas", [])]
    if any(place.get("PointInTimeRecoverySpecification") for place in places):
        boto3.client("dynamodb", **emulator.connection).update_continuous_backups(
            TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )


FIX_UPS = (
    FixUp("a table's time to live", TABLES, _time_to_live),
    FixUp("a table's point-in-time recovery", TABLES, _point_in_time_recovery),
)
