"""The raw input of what was refused is kept whole, under its day and hash, and described without contents."""

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import boto3
import pytest

from functions.adapters.errors import BusyError
from functions.adapters.rejected import Kept, RejectedEvents
from tests.adapters.unreached import OVERLOADED, UNREACHED
from tests.stage_tables import REGION
from tests.world import a_bucket

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

NOW = datetime(2026, 11, 24, 23, 59, 59, tzinfo=UTC)
RAW = b'{"child": "Oliver Canary", \xff not even JSON'
DIGEST = hashlib.sha256(RAW).hexdigest()


@pytest.fixture
def bucket(aws: None) -> str:
    return a_bucket()


def keys(bucket: str) -> list[str]:
    listed = boto3.client("s3", region_name=REGION).list_objects_v2(Bucket=bucket)
    return [one["Key"] for one in listed.get("Contents", [])]


def test_a_raw_input_is_kept_to_the_byte_and_its_place_says_nothing_about_it(bucket: str) -> None:
    s3 = boto3.client("s3", region_name=REGION)
    kept = RejectedEvents(s3, bucket).keep(RAW, NOW)
    assert kept == Kept(key=f"2026-11-24/{DIGEST}", sha256=DIGEST, size=len(RAW))
    found = s3.get_object(Bucket=bucket, Key=kept.key)
    assert found["Body"].read() == RAW
    assert found["ContentType"] == "application/octet-stream"
    assert "Canary" not in repr(kept)


def test_keeping_the_same_input_again_keeps_one_copy(bucket: str) -> None:
    rejected = RejectedEvents(boto3.client("s3", region_name=REGION), bucket)
    assert rejected.keep(RAW, NOW) == rejected.keep(RAW, NOW)
    rejected.keep(b"another", NOW)
    assert keys(bucket) == sorted(
        [f"2026-11-24/{DIGEST}", f"2026-11-24/{hashlib.sha256(b'another').hexdigest()}"]
    )


def test_nothing_at_all_can_be_kept_too(bucket: str) -> None:
    kept = RejectedEvents(boto3.client("s3", region_name=REGION), bucket).keep(b"", NOW)
    assert kept.size == 0
    assert keys(bucket) == [kept.key]


class NoBucket:
    """A bucket that cannot be reached, or has too much to do."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def put_object(self, **_: object) -> None:
        raise self._error


@pytest.mark.parametrize("error", [*UNREACHED, *OVERLOADED], ids=str)
def test_what_cannot_be_kept_now_is_to_be_kept_later(error: Exception) -> None:
    with pytest.raises(BusyError):
        RejectedEvents(cast("S3Client", NoBucket(error)), "bucket").keep(RAW, NOW)
