"""How an agency is reached, and how that stands, in a few words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from functions.adapters.registry.entry import Entry
from functions.adapters.registry.obstacles import Obstacles, Rest
from functions.console.shown.parts import Tag, Tone
from functions.console.words.moments import day_name, within_a_sentence
from functions.domain.clock import uk_day
from functions.domain.measures.by_agency import Deliveries
from functions.story.named import upper
from schemas.codes import Channel, PauseCause

DAYS = 7
"""Over so many days an agency's deliveries are counted, today among them."""
WAYS = {Channel.WEBHOOK: "their system", Channel.EMAIL: "email"}
PAUSED = {
    PauseCause.BY_HAND: "Paused",
    PauseCause.REFUSING: "Refuses our messages",
    PauseCause.GONE: "Says it has gone",
}


@dataclass(frozen=True, slots=True)
class Reachable:
    """How an agency can be reached now."""

    tag: Tag
    since: datetime | None = None
    more: str | None = None
    """What happens next, or why it stands so."""

    @property
    def is_well(self) -> bool:
        """Whether nothing keeps messages from it."""
        return self.tag.tone is Tone.GOOD


NOT_ANSWERING = Tag(text="Not answering", tone=Tone.BAD)
WORKING = Reachable(Tag(text="Working", tone=Tone.GOOD))


def standing(
    entry: Entry, rest: Rest | None, obstacles: Obstacles, failing_since: datetime | None, now: datetime
) -> Reachable:
    """Its own system first, then its mailboxes; what nobody has tried yet is not known to work.

    `failing_since` is when somebody was last asked to ring about its system, if that is still open.
    """
    if rest and rest.pause:
        return Reachable(Tag(text=PAUSED[rest.pause.cause], tone=Tone.BAD), rest.pause.since)
    if rest and rest.until:
        return Reachable(NOT_ANSWERING, failing_since, next_try(rest.until, now))
    if obstacles.is_unproved:
        more = "Resumed: it has answered nothing since"
        return Reachable(Tag(text="Not yet proved", tone=Tone.WARN), more=more)
    if obstacles.came_back:
        return Reachable(Tag(text="Wrong address", tone=Tone.WARN), min(obstacles.came_back.values()))
    if Channel.WEBHOOK in entry.channels and entry.url != entry.checked_url:
        return Reachable(Tag(text="Not yet checked", tone=Tone.WARN))
    return WORKING


def next_try(rests_until: datetime, now: datetime) -> str:
    """Of a system that is left alone until then; afterwards whichever message is due first tries it."""
    when = within_a_sentence(rests_until, now) if rests_until > now else "when a message is due"
    return f"Next try: {when}"


def delivered_words(found: Deliveries) -> str:
    """`7 of 19`; of what was never sent there is no share."""
    return f"{found.reached:,} of {found.sent:,}" if found.sent else "None sent"


def last_success(found: Deliveries, now: datetime) -> str:
    """By its day, which is all that is counted: the moment is in the messages themselves. Today's is said to
    be over, so that it does not speak against a system that has stopped answering since."""
    if found.last is None:
        return f"None in {DAYS} days"
    match (uk_day(now) - found.last).days:
        case 0:
            return "Earlier today"
        case 1:
            return "Yesterday"
        case _:
            return day_name(found.last)


def last_days(now: datetime) -> Sequence[date]:
    """Today and the six days before it."""
    return [uk_day(now) - timedelta(days=back) for back in range(DAYS)]


def way_words(entry: Entry) -> str:
    """`Their system and email`."""
    ways = [WAYS[channel] for channel in entry.channels if channel in WAYS]
    return upper(" and ".join(ways)) or "Not told by message"
