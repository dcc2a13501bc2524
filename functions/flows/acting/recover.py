"""All that an agency's endpoint has not taken since a moment goes again, or all e-mail that did not
leave for it: what waits, at once; what failed, as a new message."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from functools import cache
from itertools import chain

from functions.adapters.errors import RetryError
from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import Item
from functions.adapters.registry.directory import Entry
from functions.domain.by_hand import TO_RECOVER
from functions.flows.acting.again import how_again, require_reachable
from functions.flows.acting.endpoint import with_a_mailbox, with_an_endpoint
from functions.flows.acting.order import ActDesk, NotPossibleError, Order, require_fitting
from functions.flows.acting.resend import again_as_found, repeat
from schemas.codes import CanaryResult, Channel, DeliveryState

MOST_AT_ONCE = 10_000
"""How many messages one run sends again; what is left is found by the next."""
NEWEST = 1_500
"""Entries about an agency among which the beginning of its trouble is looked for: a week of canary events,
of which every quarter of an hour brings two."""
_BEGINNINGS = frozenset({"FAILING", "PAUSED"})
_TOOK_ONE = frozenset({"RECOVERED", CanaryResult.CANARY_OK})


@dataclass(frozen=True, slots=True)
class Outage:
    """What went wrong, as a person says it: at whose endpoint or mailbox, from when, and until when if it is
    over."""

    agency: str
    since: datetime
    until: datetime | None = None
    by_email: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What there is to recover, the oldest first; `more` is how many stand so beyond what one run takes, of
    which a newer message may have replaced some."""

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


def trouble_began(agency_id: str, desk: ActDesk) -> datetime | None:
    """Since when the agency's endpoint has not taken messages, by the newest entries about it, whether or not
    it takes them again by now; None where they tell of no trouble.

    A trouble lasts back to the last time that the endpoint took something: whoever pauses one that fails, and
    resumes it, begins no new one.
    """
    began = None
    for row in desk.finding.newest(keys.agency(agency_id), NEWEST):
        if row.get("result") in _BEGINNINGS:
            began = row["at"]
        elif began and row.get("result") in _TOOK_ONE:
            break
    return datetime.fromisoformat(began) if began else None


def find(outage: Outage, desk: ActDesk, *, most: int) -> Found:
    """What has not reached the agency that way, and may still be told, at most so many. Changes nothing.

    That is whatever waits now, was made before the end of the outage, and is not due yet; and whatever an
    attempt failed for, or was set aside, in its course. Of referrals it reads those that one run takes,
    however long the outage was. Raises NotPossibleError.
    """
    agency = (with_a_mailbox if outage.by_email else with_an_endpoint)(outage.agency, desk)
    now = desk.check.now()
    until = outage.until or now
    if outage.since > now or until < outage.since:
        raise NotPossibleError(
            "Say a moment that has passed with --since, and a later one with --until.",
            "since",
            on_a_page="Say a moment that has passed, and a later one until which to look.",
        )
    left = [
        item
        for channel in _ways(agency, outage)
        for item in _unfinished(agency.agency_id, channel, outage.since, until, desk)
    ]
    left.sort(key=lambda item: (str(item["created_at"]), DeliveryKey.of(item).text))
    found, looked_at = list[Item](), 0
    case = cache(desk.check.intake.case)
    for item in left:
        if len(found) == most:
            break
        looked_at += 1
        if _may_go(case(keys.referral_of(item)), item, now):
            found.append(item)
    return Found(agency.agency_id, found, len(left) - looked_at)


def recover(found: Found, order: Order, desk: ActDesk) -> Iterator[Recovered]:
    """Sends each again, and says what it became, so that whoever waits sees how far it is.

    Each is an act of its own, with its row: what is cut short goes on with the next run, which finds what is
    left. Raises NotPossibleError before the first.
    """
    require_fitting(order, TO_RECOVER, "recover what an agency has not taken")
    for seen in _one_of_each_way(found):
        require_reachable(seen, Channel(seen["chan"]), desk)
    return (_again(item, order, desk) for item in found.items)


def _ways(agency: Entry, outage: Outage) -> tuple[Channel, ...]:
    """An e-mail in a webhook's place is still to be sent only where the agency has none of its own."""
    if not outage.by_email:
        return (Channel.WEBHOOK,)
    return (Channel.EMAIL,) if Channel.EMAIL in agency.channels else (Channel.EMAIL, Channel.FALLBACK)


def _one_of_each_way(found: Found) -> Iterable[Item]:
    """An agency may be reached by more than one mailbox."""
    return {(item["chan"], item.get("addressee")): item for item in found.items}.values()


def _again(item: Item, order: Order, desk: ActDesk) -> Recovered:
    try:
        came = repeat(again_as_found(item, desk), order, desk)
    except NotPossibleError:
        return Recovered(Became.WENT_ON)
    except RetryError:
        return Recovered(Became.LEFT)
    return Recovered(Became.SENT_AGAIN, came.entries)


def _unfinished(
    agency_id: str, channel: Channel, since: datetime, until: datetime, desk: ActDesk
) -> Iterator[Item]:
    """What waits, and what ended badly during the outage and still stands so.

    What the mail service took and brought back is for whoever finds the right address, and not found.
    """
    troubled = dict.fromkeys(desk.finding.ended_badly(agency_id, channel, since, until))
    waiting = desk.finding.waiting(agency_id, channel, desk.check.now())
    for item in desk.finding.standing(chain(troubled, waiting)):
        waits = item["st"] in (DeliveryState.PENDING, DeliveryState.RETRY)
        ended_badly = item["st"] in (DeliveryState.FAILED, DeliveryState.PARKED)
        is_left = waits or (ended_badly and DeliveryKey.of(item) in troubled)
        if is_left and not {"resent", "rcpt"} & item.keys() and item["created_at"] <= at_text(until):
            yield item


def _may_go(referral: Referral, item: Item, now: datetime) -> bool:
    try:
        how_again(referral, item, now, by_email=False)
    except NotPossibleError:
        return False
    return True
