"""Whether the police feed can be believed when it has brought no form."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.risk_assessment import RaPolicy
from schemas.risk_codes import FeedStatus


@dataclass(frozen=True)
class FeedState:
    """The feed's newest heartbeat, at the time *we* received it; both None when there was never one."""

    last_heartbeat_at: datetime | None
    status: FeedStatus | None


NEVER_HEARD = FeedState(last_heartbeat_at=None, status=None)


def feed_is_silent(feed: FeedState, policy: RaPolicy, now: datetime) -> bool:
    """None ever, or none within the limit (4 hours by default); one exactly at the limit still counts."""
    if feed.last_heartbeat_at is None:
        return True
    return now - feed.last_heartbeat_at > timedelta(hours=policy.feed_silent_after_hours)


def feed_cannot_answer(feed: FeedState, policy: RaPolicy, now: datetime) -> bool:
    """Silent or failing: no form then means "not known", not "absent"."""
    return feed.status is FeedStatus.FAILING or feed_is_silent(feed, policy, now)
