"""`mash ready` of the secret that the directory gave the console: whether it is there, readable, and good."""

from datetime import datetime, timedelta
from typing import Final

from functions.adapters.client_secret import DEFAULT_KEY, EXPIRES, ClientSecret
from functions.cli.finding import Finding, finding

SOON: Final = timedelta(days=60)
"""Asked once a month, it is said three weeks before at the latest: another team has a queue too."""
IN_ORDER: Final = "what to do in which order stands in infra/config/demo.toml"


def client_secret(name: str, found: ClientSecret | None, now: datetime) -> Finding:
    """The directory ends it on a day that it tells whoever made it, and from then on lets nobody in."""
    if found is None:
        words = f"There is no secret {name}, which client_secret names: {IN_ORDER}."
        return Finding(words, is_fine=False)
    if found.is_being_deleted:
        words = f"{name} is being deleted: aws secretsmanager restore-secret --secret-id {name}"
        return Finding(words, is_fine=False)
    if not found.has_value:
        words = (
            f"{name} has no value, and nobody can sign in: put it there, without an end of line; {IN_ORDER}."
        )
        return Finding(words, is_fine=False)
    if found.key:
        words = (
            f"{name} stands under a key of its own, {found.key}, by which the console may not read it: aws "
            f"secretsmanager update-secret --secret-id {name} --kms-key-id {DEFAULT_KEY}"
        )
        return Finding(words, is_fine=False)
    tag = f"aws secretsmanager tag-resource --secret-id {name} --tags Key={EXPIRES},Value=YYYY-MM-DD"
    if (last := found.expires_on) is None:
        words = f"Nobody said when the client secret expires. Look at the directory, then: {tag}"
        return Finding(words, is_fine=False)
    left = (last - now.date()).days
    when = f"expires on {last}, in {left} days" if left > 0 else f"has expired, on {last}"
    return finding(
        left > SOON.days,
        f"The client secret {when}.",
        f"The client secret {when}: make a new one at the directory, put its value under the same name (aws "
        f"secretsmanager put-secret-value), and say until when: {tag}",
    )
