"""Tables that take no writes for now, or none about one referral."""

from collections.abc import Sequence

from functions.adapters import aws
from functions.adapters.errors import BusyError
from functions.adapters.ledger.store import Part, Store
from functions.cli.outputs import Outputs


class Full(Store):
    """Throttles every write."""

    def write(self, parts: Sequence[Part]) -> None:
        raise BusyError("throttled")


class FullForTheSecond(Store):
    """Throttles every write about the outage's second message."""

    def write(self, parts: Sequence[Part]) -> None:
        if any("NS-26-000001" in str(part.action) for part in parts):
            raise BusyError("throttled")
        super().write(parts)


class CannotWrite(Outputs):
    """A stack whose tables can be read, and to which nothing can be added."""

    def store(self) -> Store:
        return Full(aws.dynamodb(), audit="audit", state="state", keys="keys")
