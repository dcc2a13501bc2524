"""An SES that turns messages away, and what the trail says of the tries."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

from functions.adapters.email import EmailDoor
from functions.adapters.ledger.keys import DeliveryKey
from functions.flows.sending.desk import SendDesk
from functions.flows.sending.send import send
from schemas.codes import Channel
from tests.world import World

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

PROBATION = DeliveryKey("NS-26-7KQ4ZP", 1, 1, "north-probation", Channel.EMAIL)


class TurnsAway:
    """An SES that answers with these codes, one a time, and then accepts."""

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = list(codes)

    def send_email(self, **_: Any) -> dict[str, str]:
        """SES v2's SendEmail."""
        if not self.codes:
            return {"MessageId": "0102018c-accepted"}
        said: Any = {"Error": {"Code": self.codes.pop(0)}, "ResponseMetadata": {"HTTPStatusCode": 400}}
        raise ClientError(said, "SendEmail")


def answered_with(world: World, *codes: str) -> SendDesk:
    """The e-mail sender's tools, over an SES that answers with these codes and then accepts."""
    ses = cast("SESV2Client", TurnsAway(codes))
    door = EmailDoor(ses, from_address="mash@northshire.example", configuration_set="outcomes")
    return replace(world.send_desk(Channel.EMAIL), door=door)


def attempts(world: World, *codes: str, every: timedelta) -> None:
    """Sends the example's e-mail until SES accepts it, looking at it `every` so often."""
    desk = answered_with(world, *codes)
    for _ in range(len(codes) + 1):
        send(PROBATION, desk)
        world.now += every


def closed(world: World) -> list[tuple[int, str, str | None, bool]]:
    """Each try as the trail has it: its number, its result, why, and whether it is none of the schedule's."""
    return [
        (row["attempt"], row["result"], row.get("error"), row.get("not_counted", False))
        for row in world.rows()
        if row["type"] == "ATTEMPT_CLOSED"
    ]
