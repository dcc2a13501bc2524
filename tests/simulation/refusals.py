"""What the simulated tables refuse with: botocore's own exceptions, spelt as AWS spells them."""

from collections.abc import Sequence
from typing import Any, cast

from botocore.exceptions import ClientError


class NotSimulatedError(BaseException):
    """The call asks for something that these tables do not do; no `except Exception` takes it for a fault."""


class exceptions:  # noqa: N801 - as botocore spells it
    """The modelled exceptions, by the name a client gives them."""

    class ConditionalCheckFailedException(ClientError): ...  # noqa: N818

    class ProvisionedThroughputExceededException(ClientError): ...  # noqa: N818

    class ResourceNotFoundException(ClientError): ...  # noqa: N818

    class TransactionCanceledException(ClientError): ...  # noqa: N818

    class TransactionConflictException(ClientError): ...  # noqa: N818


def refusal(code: str, message: str = "", **more: Any) -> ClientError:
    """The exception that botocore would raise for an answer with this code."""
    kind: type[ClientError] = getattr(exceptions, code, ClientError)
    return kind(cast("Any", {"Error": {"Code": code, "Message": message}, **more}), "Simulated")


def invalid(message: str) -> ClientError:
    """A request that is wrong whatever stands in the tables."""
    return refusal("ValidationException", message)


def cancelled(reasons: Sequence[dict[str, Any]]) -> ClientError:
    """A transaction of which nothing happened."""
    codes = ", ".join(reason["Code"] for reason in reasons)
    return refusal(
        "TransactionCanceledException",
        f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]",
        CancellationReasons=list(reasons),
    )
