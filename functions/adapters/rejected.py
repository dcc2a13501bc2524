"""The rejected-events bucket: the raw input of what was refused, for the operator alone, for 14 days."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from functions.adapters.errors import busy_told

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a raw input is kept and what it was, without saying what was in it."""

    key: str
    sha256: str
    size: int


class RejectedEvents:
    """Keeps raw inputs under the bucket's own key and expiry."""

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def keep(self, raw: bytes, at: datetime) -> Kept:
        """Stores `raw` under its day and its hash, so that keeping it again changes nothing."""
        digest = hashlib.sha256(raw).hexdigest()
        key = f"{at:%Y-%m-%d}/{digest}"
        with busy_told():
            self._s3.put_object(
                Bucket=self._bucket, Key=key, Body=raw, ContentType="application/octet-stream"
            )
        return Kept(key, digest, len(raw))
