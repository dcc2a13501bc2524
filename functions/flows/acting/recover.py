"""All that an agency's endpoint has not taken since a moment goes again: what waits, at once; what failed, as
a new message."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from functions.adapters.errors import RetryError
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import Item
from functions.domain.by_hand import TO_RECOVER
from functions.flows.acting.again import how_again, require_open
from functions.flows.acting.endpoint import with_an_endpoint
from functions.flows.acting.order import ActDesk, NotPossibleError, Order, require_fitting
from functions.flows.acting.resend import again_as_found, repeat
from schemas.codes import Channel, DeliveryState

MOST_AT_ONCE = 10_000
"""How many messages one run sends again; what is left is found by the next."""


@dataclass(frozen=True, slots=True)
class Outage:
    """What went wrong, as a person says it: at whose endpoint, from when, and until when if it is over."""

    agency: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What there is to recover, the oldest first; `more` is how many were found beyond what one run takes."""

    agency_id: str
    items: Sequence[Item]
    more: int

    @property
    def by_state(self) -> Mapping[DeliveryState, int]:
        """How many in each state."""
        return Counter(DeliveryState(item["st"]) for item in self.items)


class Became(Enum):
    """What one of them became: gone again, gone on by itself meanwhile, or left for the next run."""

    SENT_AGAIN = auto()
    WENT_ON = auto()
    LEFT = auto()


@dataclass(frozen=True, slots=True)
class Recovered:
    """What one of them became, and where that stands in the trail: only what goes again has a row."""

    became: Became
    entries: tuple[str, ...] = ()


def find(outage: Outage, desk: ActDesk, *, most: int) -> Found:
    """What the endpoint has not taken, and may still be told, at most so many. Changes nothing.

    That is whatever waits now, was made before the end of the outage, and is not due yet; and whatever an
    attempt failed for, or was set aside, in its course. Raises NotPossibleError.
    """
    agency_id = with_an_endpoint(outage.agency, desk)
    now = desk.check.now()
    until = outage.until or now
    if outage.since > now or until < outage.since:
        raise NotPossibleError(
            "Say a moment that has passed with --since, and a later one with --until.", "since"
        )
    found = [
        item
        for ref, versions in _where_to_look(agency_id, outage.since, until, desk).items()
        for item in _unfinished(desk.check.intake.referral(ref), agency_id, versions, now)
        if item["created_at"] <= at_text(until)
    ]
    in_order = sorted(found, key=lambda item: (str(item["created_at"]), DeliveryKey.of(item).text))
    return Found(agency_id, in_order[:most], max(len(in_order) - most, 0))


def recover(found: Found, order: Order, desk: ActDesk) -> Iterator[Recovered]:
    """Sends each again, and says what it became, so that whoever waits sees how far it is.

    Each is an act of its own, with its row: what is cut short goes on with the next run, which finds what is
    left. Raises NotPossibleError before the first.
    """
    require_fitting(order, TO_RECOVER, "recover what an endpoint has not taken")
    require_open(found.agency_id, desk)
    return (_again(item, order, desk) for item in found.items)


def _again(item: Item, order: Order, desk: ActDesk) -> Recovered:
    try:
        came = repeat(again_as_found(item, desk), order, desk)
    except NotPossibleError:
        return Recovered(Became.WENT_ON)
    except RetryError:
        return Recovered(Became.LEFT)
    return Recovered(Became.SENT_AGAIN, came.entries)


def _where_to_look(agency_id: str, since: datetime, until: datetime, desk: ActDesk) -> Mapping[str, set[int]]:
    """By referral, the versions of which something ended badly, or at least ended, during the outage."""
    waiting = desk.finding.waiting(agency_id, Channel.WEBHOOK, desk.check.now())
    found: dict[str, set[int]] = {key.ref: set() for key in waiting}
    for ref, version in desk.finding.touched(agency_id, Channel.WEBHOOK, since, until):
        found.setdefault(ref, set()).add(version)
    return found


def _unfinished(referral: Referral, agency_id: str, versions: set[int], now: datetime) -> Iterator[Item]:
    for item in referral.deliveries:
        if item["agency"] != agency_id or item["chan"] != Channel.WEBHOOK:
            continue
        waits = item["st"] in (DeliveryState.PENDING, DeliveryState.RETRY)
        ended_badly = item["st"] in (DeliveryState.FAILED, DeliveryState.PARKED)
        if (waits or (ended_badly and item["dver"] in versions)) and _may_go(referral, item, now):
            yield item


def _may_go(referral: Referral, item: Item, now: datetime) -> bool:
    try:
        how_again(referral, item, now, by_email=False)
    except NotPossibleError:
        return False
    return True
