"""The AWS clients, each made once, with our time limits and retry settings."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from functions.adapters.mail_departure import leave_within
from functions.adapters.on_duty import Topics

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sts import STSClient

MAIL_LEAVES_SECONDS, MAIL_ANSWER_SECONDS = 3, 7
"""Together an e-mail's share of the lease: what has not left by the first never does, see `leave_within`."""

_PATIENT = Config(connect_timeout=3, read_timeout=5, retries={"total_max_attempts": 3, "mode": "standard"})
# A retry after a read time-out is a second e-mail that nobody recorded: SES has no idempotency token.
_ONCE = Config(
    connect_timeout=MAIL_LEAVES_SECONDS, read_timeout=MAIL_ANSWER_SECONDS, retries={"total_max_attempts": 1}
)
# An answer comes when the function has run, however long that takes; asking again would run it twice.
_UNHURRIED = Config(connect_timeout=3, read_timeout=120, retries={"total_max_attempts": 1})

_elsewhere: dict[str, Any] = {}


def point_at(connection: Mapping[str, Any]) -> None:
    """Makes every client from now on call what `connection` names instead of AWS: the stack of `mash up`.

    `connection` holds arguments of `boto3.client`; the functions never call this.
    """
    _elsewhere.clear()
    _elsewhere.update(connection)
    for client in (dynamodb, events, kms, lambda_, s3, secretsmanager, sesv2, sns, sqs, sts):
        client.cache_clear()


@cache
def dynamodb() -> "DynamoDBClient":
    return boto3.client("dynamodb", config=_PATIENT, **_elsewhere)


@cache
def events() -> "EventBridgeClient":
    return boto3.client("events", config=_PATIENT, **_elsewhere)


@cache
def kms() -> "KMSClient":
    return boto3.client("kms", config=_PATIENT, **_elsewhere)


@cache
def lambda_() -> "LambdaClient":
    return boto3.client("lambda", config=_UNHURRIED, **_elsewhere)


@cache
def s3() -> "S3Client":
    return boto3.client("s3", config=_PATIENT, **_elsewhere)


@cache
def secretsmanager() -> "SecretsManagerClient":
    return boto3.client("secretsmanager", config=_PATIENT, **_elsewhere)


@cache
def sesv2() -> "SESV2Client":
    client: SESV2Client = boto3.client("sesv2", config=_ONCE, **_elsewhere)
    leave_within(client, MAIL_LEAVES_SECONDS)
    return client


@cache
def sns() -> Topics:
    client: Topics = boto3.client("sns", config=_PATIENT, **_elsewhere)
    return client


@cache
def sqs() -> "SQSClient":
    return boto3.client("sqs", config=_PATIENT, **_elsewhere)


@cache
def sts() -> "STSClient":
    return boto3.client("sts", config=_PATIENT, **_elsewhere)
