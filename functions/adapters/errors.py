"""What an adapter's failure means to its caller.

MeaningError
├── RetryError          may work later; the message goes back to its queue
│   ├── ContendedError  somebody else wrote first: read again, then try again
│   └── BusyError       throttled, or no answer came: a write may have happened all the same
└── FinalError          never will, however often it is tried
    ├── NothingToSendError   a queue message names nothing that exists, or nothing for this queue
    ├── UnreadableError      what was kept cannot be opened, or is not what it was
    ├── UnusableSecretError  nothing to sign with
    ├── NoAddressError       nowhere to send to
    ├── SuppressedAddressError  mail to this address came back, and nobody has verified it since
    ├── LoweredMailboxError  the message says more than the mailbox may now have
    └── InactiveAgencyError  nobody to send to
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnectionError

from schemas.codes import ParkReason

NO_ANSWER: Final = (HTTPClientError, NoConnectionError)
"""What the SDK raises where a service could not be reached, or did not answer: two families, not one."""
THROTTLES: Final = frozenset(
    {"ThrottlingError", "ProvisionedThroughputExceeded", "ThrottlingException", "RequestLimitExceeded",
     "ProvisionedThroughputExceededException", "TransactionInProgressException", "InternalServerError"}
)  # fmt: skip
_FAULT_OF_THE_SERVICE = 500


class MeaningError(Exception):
    """Any failure that an adapter has understood; anything else is a bug and is raised as it came."""


class RetryError(MeaningError):
    """It may work later."""


class ContendedError(RetryError):
    """Another writer was first."""


class BusyError(RetryError):
    """The service throttles us, or its answer did not arrive; a write may have happened all the same."""


class FinalError(MeaningError):
    """It never will; `park_as` says what a person must mend before the delivery can go."""

    park_as: ParkReason = ParkReason.UNREADABLE


class NothingToSendError(FinalError):
    """A message of a sender's queue names no delivery and no canary, or none that there is, or one that is
    not for this queue."""


class UnreadableError(FinalError):
    """Sealed content does not open: its key is gone, or it was changed."""


class UnusableSecretError(FinalError):
    """A signing secret is missing, ended, or not 24 to 64 bytes of strict base64."""

    park_as = ParkReason.NO_SECRET


class NoAddressError(FinalError):
    """The registry lists no address of the channel for the agency."""

    park_as = ParkReason.NO_ADDRESS


class SuppressedAddressError(FinalError):
    """Mail to this address came back or was complained of, and nobody has verified it since."""

    park_as = ParkReason.ADDRESS_SUPPRESSED


class LoweredMailboxError(FinalError):
    """The agency's mailbox changed since the message was planned, and may not have it whole any more."""

    park_as = ParkReason.MAILBOX_LOWERED


class InactiveAgencyError(FinalError):
    """The agency is not active."""

    park_as = ParkReason.AGENCY_INACTIVE


@contextmanager
def busy_told() -> Iterator[None]:
    """A throttle, a service's own fault, or an answer that never came, as BusyError: the work may be done all
    the same. Every other refusal is raised as it came."""
    try:
        yield
    except NO_ANSWER as exc:
        raise BusyError(type(exc).__name__) from exc
    except ClientError as exc:
        if _is_busy(exc):
            raise BusyError(exc.response["Error"]["Code"]) from exc
        raise


def _is_busy(error: ClientError) -> bool:
    """A service's own faults go by many names, so the status is asked as well."""
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return error.response["Error"]["Code"] in THROTTLES or status >= _FAULT_OF_THE_SERVICE
