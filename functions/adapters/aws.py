"""The AWS clients, each made once, with our time limits and retry settings."""

from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient

_PATIENT = Config(connect_timeout=3, read_timeout=5, retries={"total_max_attempts": 3, "mode": "standard"})
# A retry after a read time-out is a second e-mail that nobody recorded: SES has no idempotency token.
_ONCE = Config(connect_timeout=3, read_timeout=7, retries={"total_max_attempts": 1})


@cache
def dynamodb() -> "DynamoDBClient":
    return boto3.client("dynamodb", config=_PATIENT)


@cache
def kms() -> "KMSClient":
    return boto3.client("kms", config=_PATIENT)


@cache
def s3() -> "S3Client":
    return boto3.client("s3", config=_PATIENT)


@cache
def secretsmanager() -> "SecretsManagerClient":
    return boto3.client("secretsmanager", config=_PATIENT)


@cache
def sesv2() -> "SESV2Client":
    return boto3.client("sesv2", config=_ONCE)


@cache
def sqs() -> "SQSClient":
    return boto3.client("sqs", config=_PATIENT)
