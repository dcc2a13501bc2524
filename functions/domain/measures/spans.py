"""How long things took, as a histogram: exact counts in fixed buckets, which add up like any other count.

A percentile is the upper bound of the bucket in which it falls: never flattering, and at most 15 % above the
truth, or 10 seconds.
"""

from bisect import bisect_left
from collections.abc import Mapping
from datetime import timedelta
from itertools import accumulate

BUCKETS = 110
BOUNDS = tuple(10 * 115**step // 100**step for step in range(BUCKETS))
"""Upper bounds in whole seconds: 10, then each 15 % above the one before, up to a year and a half."""
LONGER = BUCKETS
"""The bucket of whatever took longer than that."""


def bucket_of(span: timedelta) -> int:
    """The first bucket whose bound the span does not exceed."""
    return bisect_left(BOUNDS, span.total_seconds())


def percentile(histogram: Mapping[int, int], percent: int) -> int | None:
    """Within how many seconds so many percent of them were done; None if that is longer than any bound.

    Raises ValueError for a histogram of nothing.
    """
    total = sum(histogram.values())
    if not total:
        raise ValueError("a percentile of nothing")
    wanted, buckets = -(-total * percent // 100), sorted(histogram)
    reached = accumulate(histogram[bucket] for bucket in buckets)
    found = next(bucket for bucket, seen in zip(buckets, reached, strict=True) if seen >= wanted)
    return BOUNDS[found] if found < LONGER else None
