"""Who would be called by an alarm: the confirmed subscriptions of its topic."""

from collections.abc import Iterator
from typing import Any, Protocol

_AN_ARN = "arn:"
"""What is not confirmed, or was ended, has a word in its place."""


class Topics(Protocol):
    """What is asked of SNS."""

    def list_subscriptions_by_topic(self, *, TopicArn: str, NextToken: str = "") -> dict[str, Any]:  # noqa: N803 - SNS's names
        """One page of a topic's subscriptions."""


def confirmed_subscriptions(sns: Topics, topic: str) -> int:
    """How many have confirmed that they want the messages of `topic`; SNS sends to nobody else."""
    return sum(arn.startswith(_AN_ARN) for arn in _subscriptions(sns, topic))


def _subscriptions(sns: Topics, topic: str) -> Iterator[str]:
    page = sns.list_subscriptions_by_topic(TopicArn=topic)
    while True:
        yield from (one["SubscriptionArn"] for one in page.get("Subscriptions", ()))
        if not (token := page.get("NextToken")):
            return
        page = sns.list_subscriptions_by_topic(TopicArn=topic, NextToken=token)
