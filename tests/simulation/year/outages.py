"""What fails in a simulated year, and when: mail, an endpoint, the bus, the police feed, the hub itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tests.simulation.outside import Mood
from tests.simulation.year.doors import THE_MAIL_SERVICE, Spell


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which something is down."""

    since: datetime
    until: datetime

    def covers(self, moment: datetime) -> bool:
        return self.since <= moment < self.until


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


THE_MAIL = Outage(_at("2026-11-17T08:00"), _at("2026-11-19T08:00"))
ITS_ENDPOINT, THE_ENDPOINT = "north-hospital", Outage(_at("2027-01-12T07:30"), _at("2027-01-14T16:00"))
TURNED_AWAY, THE_KEY_EXPIRED = "mill-school", Outage(_at("2026-10-06T00:00"), _at("2026-10-08T10:00"))
"""Its endpoint refuses us, so that it is paused until a person resumes it."""
THE_BUS = Outage(_at("2026-07-14T09:20"), _at("2026-07-14T15:05"))
"""Events that are sent meanwhile come in a burst afterwards, in any order."""
THE_FEED = Outage(_at("2027-02-05T18:00"), _at("2027-02-08T14:30"))
"""Neither forms nor heartbeats; what was written meanwhile comes afterwards."""
THE_HUB = Outage(_at("2026-09-21T09:40"), _at("2026-09-21T13:00"))
"""Nothing of ours runs: what is due waits, and so do events, which their queue keeps."""
NUMBERS_LOST, NUMBERS_LOST_AT = 3, _at("2026-08-20T08:00")
"""So many numbers the case system never sends: what they stood for nobody can tell."""
COUNTS_ANEW_AT = _at("2026-12-14T11:00")
"""The police feed is set up anew, and begins to count at 1."""

SPELLS: Final[Mapping[str, Sequence[Spell]]] = {
    THE_MAIL_SERVICE: [Spell(THE_MAIL.since, THE_MAIL.until, Mood.FAILS)],
    ITS_ENDPOINT: [Spell(THE_ENDPOINT.since, THE_ENDPOINT.until, Mood.HANGS)],
    TURNED_AWAY: [Spell(THE_KEY_EXPIRED.since, THE_KEY_EXPIRED.until, Mood.REFUSES)],
}
