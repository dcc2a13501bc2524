"""An e-mail that leaves for SES in time or not at all, however long the connection took to stand."""

import time
from io import BytesIO
from typing import TYPE_CHECKING, cast

from functions.adapters.departure import TooLateError

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest
    from mypy_boto3_sesv2 import SESV2Client


def leave_within(ses: "SESV2Client", seconds: float) -> None:
    """From now on `ses` sends no part of an e-mail later than this after it began to connect.

    The client's own limits are for each address it tries and for each read of a handshake, and there is none
    for the look-up of a name. A request whose body stays behind is none that SES could accept.
    """

    def hold(request: "AWSPreparedRequest", **_: object) -> None:
        request.body = _TimelyBody(cast("bytes", request.body), time.monotonic() + seconds)

    ses.meta.events.register("before-send.sesv2.SendEmail", hold)


class _TimelyBody(BytesIO):
    """A body that is read when the connection stands and the headers have left."""

    def __init__(self, body: bytes, ends: float) -> None:
        super().__init__(body)
        self._ends = ends

    def read(self, size: int | None = -1, /) -> bytes:
        """Raises TooLateError."""
        if time.monotonic() >= self._ends:
            raise TooLateError
        return super().read(size)
