"""What somebody did about one version of a decision: nobody can do it before that is made, nor arrange it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.adapters.ledger import keys
from functions.adapters.ledger.records import Referral
from functions.domain.refusals import Refusal, RefusedError
from functions.flows.intake.life.happening import MOST_AHEAD
from functions.flows.intake.life.news import News, too_early
from functions.flows.planning.notices import opened
from functions.flows.updates.make import Occasion
from schemas.codes import RefusalReason, WaitsFor

ACTS_FROM = "acts_from"
"""What a child calls the moment from which on somebody can have acted on its newest decision."""


@dataclass(frozen=True, slots=True)
class Act:
    """What an event says was done about which version, when, and in which of its fields it says when."""

    child: int
    seq: int
    field: str
    at: datetime


def acts_from(decided_at: datetime, came_at: datetime) -> datetime:
    """One that says that it will be decided, by a slip, can be acted on once it is here."""
    return min(decided_at, came_at)


def acted_on(
    act: Act,
    occasion: Occasion,
    news: Callable[[], News],
    arranged: Callable[[], News] | None = None,
    agreed: Callable[[timedelta], News] | None = None,
) -> News:
    """`news` of an act on a version that is known, and was decided when the event came.

    `arranged` where it came before that: whatever moment it names, nobody knew what it was to act on.
    `agreed` where it came after it and names a moment so long before. Without these it is refused. Raises
    RefusedError for a moment that cannot be right.
    """
    if act.at > occasion.arrival.at + MOST_AHEAD:
        raise RefusedError(Refusal(act.field, RefusalReason.IN_THE_FUTURE))
    if occasion.referral.newest(act.child) < act.seq:
        return too_early(WaitsFor.DECISION)
    decided_at, waited_since = _decided_at(act, occasion), occasion.waited_since
    if arranged is not None and waited_since is not None and waited_since < decided_at:
        return arranged()
    if agreed is not None and act.at < decided_at:
        return agreed(decided_at - act.at)
    if min(act.at, waited_since or act.at) < decided_at:
        raise RefusedError(Refusal(act.field, RefusalReason.BEFORE_DECISION))
    return news()


def _decided_at(act: Act, occasion: Occasion) -> datetime:
    """When that version was decided, as far as that is known, or came where it says that this lies ahead; of
    one that never came, anything may be."""
    referral = occasion.referral
    if act.seq == referral.newest(act.child):
        return _newest_from(act, referral)
    notice = opened(referral, keys.notice(act.child, act.seq), occasion.key)
    if notice is None:
        return _EVER
    return acts_from(notice.decided_at, _came_at(act, referral))


def _newest_from(act: Act, referral: Referral) -> datetime:
    child = referral.children[act.child]
    return datetime.fromisoformat(child[ACTS_FROM if ACTS_FROM in child else "decided_at"])


def _came_at(act: Act, referral: Referral) -> datetime:
    """When the first of what tells that version was made; of one that only calls tell, not after the next."""
    made = [item["created_at"] for item in referral.of_child(act.child) if item["dver"] == act.seq]
    return min(map(datetime.fromisoformat, made), default=_newest_from(act, referral))


_EVER = datetime.fromisoformat("0001-01-01T00:00:00Z")
