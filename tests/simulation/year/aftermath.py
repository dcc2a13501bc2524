"""What each outage of a year kept waiting, and when the last of it had gone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from functions.adapters.ledger import keys
from schemas.codes import Channel
from tests.simulation.year.bus import BURST_MINUTES
from tests.simulation.year.hub import CASE_SYSTEM, POLICE_FEED
from tests.simulation.year.outages import (
    ITS_ENDPOINT,
    THE_BUS,
    THE_ENDPOINT,
    THE_FEED,
    THE_HUB,
    THE_KEY_EXPIRED,
    THE_MAIL,
    TURNED_AWAY,
    Outage,
)
from tests.simulation.year.run import Year

_A_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Aftermath:
    """One outage and what waited for its end."""

    what: str
    outage: Outage
    waited: int
    last_at: datetime | None


def aftermath(year: Year) -> Iterator[Aftermath]:
    """Of each outage; a message waited if it was made meanwhile, an event if it came with the burst."""
    sent = list(_sent(year))
    yield _messages("the mail service fails: e-mails", THE_MAIL, sent, _by_mail)
    yield _messages(f"{TURNED_AWAY}'s endpoint refuses us: messages", THE_KEY_EXPIRED, sent, _to(TURNED_AWAY))
    yield _messages(f"{ITS_ENDPOINT}'s endpoint hangs: messages", THE_ENDPOINT, sent, _to(ITS_ENDPOINT))
    burst = timedelta(minutes=BURST_MINUTES) + _A_MOMENT
    yield _events("the bus is down: events", THE_BUS, year, (CASE_SYSTEM, POLICE_FEED), burst)
    yield _events("the police feed is silent: forms", THE_FEED, year, (POLICE_FEED,), burst)
    yield _events("the hub stands still: events", THE_HUB, year, (CASE_SYSTEM, POLICE_FEED), _A_MOMENT)


def _sent(year: Year) -> Iterator[Mapping[str, Any]]:
    """Every message that was sent, made or not in any outage."""
    for (_, sk), item in year.hub.tables.tables[year.hub.store.state].items.items():
        if sk.startswith(keys.DELIVERY_PREFIX) and "sent_at" in item:
            yield {name: item[name]["S"] for name in ("agency", "chan", "created_at", "sent_at")}


def _messages(
    what: str,
    outage: Outage,
    sent: Sequence[Mapping[str, Any]],
    concerns: Callable[[Mapping[str, Any]], bool],
) -> Aftermath:
    waited = [
        datetime.fromisoformat(one["sent_at"])
        for one in sent
        if concerns(one) and outage.covers(datetime.fromisoformat(one["created_at"]))
    ]
    return Aftermath(what, outage, len(waited), max(waited, default=None))


def _by_mail(one: Mapping[str, Any]) -> bool:
    return Channel(one["chan"]).is_email


def _to(agency: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda one: one["agency"] == agency and one["chan"] == Channel.WEBHOOK


def _events(what: str, outage: Outage, year: Year, sources: tuple[str, ...], burst: timedelta) -> Aftermath:
    came = [
        one.at
        for heard in year.heard.values()
        for one in heard
        if one.event["source"] in sources and outage.until <= one.at <= outage.until + burst
    ]
    return Aftermath(what, outage, len(came), max(came, default=None))
