"""One simulated year from its first contact until the last that follows from it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from functions.adapters.errors import RetryError
from functions.adapters.ledger.keys import ClockKey, DeliveryKey, new_delivery
from functions.flows.sending.send import send
from tests.forms import a_heartbeat_event
from tests.simulation.year.agenda import Agenda
from tests.simulation.year.bus import Arrives, Bus
from tests.simulation.year.calendar import THE_YEAR, Calendar
from tests.simulation.year.county import EVERYBODY
from tests.simulation.year.doors import Spell
from tests.simulation.year.draws import Draws
from tests.simulation.year.hearing import Heard
from tests.simulation.year.hub import Hub
from tests.simulation.year.lives import Said, lives, text
from tests.simulation.year.oracle.sources import QUARTER, SourceBook
from tests.simulation.year.outages import SPELLS, THE_HUB
from tests.simulation.year.post import Post
from tests.simulation.year.readers import Readers
from tests.simulation.year.sampling import draw_sample
from tests.simulation.year.staff import Staff
from tests.simulation.year.stages.order import STAGES
from tests.world import an_event_id

A_MINUTE, A_WEEK = timedelta(minutes=1), timedelta(days=7)
HEARTBEAT_EVERY = timedelta(hours=3)


def minute_of_sweep(moment: datetime) -> datetime:
    """When the sweep of each minute finds what is due then; while the hub is down, when that is over."""
    whole = moment.replace(second=0, microsecond=0)
    return hub_is_up(whole if whole == moment else whole + A_MINUTE)


def hub_is_up(moment: datetime) -> datetime:
    """Then, or when the hub works again."""
    return THE_HUB.until if THE_HUB.covers(moment) else moment


@dataclass
class Year:
    """What a year came to: the hub as it stands, and what it was told."""

    hub: Hub
    heard: dict[str, list[Heard]] = field(default_factory=dict)
    """By referral."""
    stuck: list[str] = field(default_factory=list)
    """Tasks that nobody could do."""
    contacts: int = 0
    sweeps: int = 0
    hearings: int = 0
    last_hearing: datetime = THE_YEAR.begins
    book: SourceBook = field(default_factory=lambda: SourceBook(hub_is_up))
    """Of the sources: what people should have been asked about them."""
    left_out: list[tuple[str, str]] = field(default_factory=list)
    """Numbers that a source never sent."""


class Player:
    """Lets a year pass.

    Time jumps from one thing that happens to the next. The hub's sweep runs each minute; here it runs in
    those minutes alone in which it would find something. The others would be the same as none: a sweep reads
    two indexes up to its minute and does nothing with what is not in them, and whatever is put into them by
    something that happens is seen before time goes on. Likewise the hearings of the sources, one in each
    quarter of an hour: here in those in which somebody should be asked something, or no longer, and once a
    week beside.
    """

    def __init__(
        self,
        seed: int,
        contacts: int,
        say: Callable[[int, datetime], None],
        *,
        calendar: Calendar = THE_YEAR,
        spells: Mapping[str, Sequence[Spell]] = SPELLS,
    ) -> None:
        self._calendar = calendar
        self.hub = Hub(seed, calendar.begins, spells)
        self.clock = self.hub.clock
        self._agenda = Agenda()
        self._say = say
        self.hub.agencies.posted = Post(self.hub, self._agenda, Draws(seed, "post")).took
        self._readers = Readers(self.hub, self._agenda, Draws(seed, "readers"))
        self._year = Year(self.hub, last_hearing=calendar.begins)
        self._book = self._year.book
        self._staff = Staff(self.hub, self._agenda, Draws(seed, "staff"), self._book.spoken)
        self._bus = Bus(Draws(seed, "bus"))
        self._lives = lives(seed, contacts, STAGES, calendar)
        self._next_sweep = calendar.begins
        self._next_hearing = calendar.begins + A_WEEK

    def play(self) -> Year:
        """The whole of it."""
        self.begin()
        while self.step():
            pass
        self._year.stuck, self._year.left_out = self._staff.stuck, self._bus.left_out
        return self._year

    def begin(self) -> None:
        """The registry as the year finds it, the police feed, and the first contact."""
        self.hub.verify(*EVERYBODY)
        self._follow()
        for at in self._calendar.verified_at:
            self._agenda.put(at, partial(self.hub.verify, *EVERYBODY))
        for month, at in self._calendar.sampled_at.items():
            self._agenda.put(at, partial(draw_sample, month, self.hub))
        self._agenda.put(self._calendar.begins, partial(self._beat, 1))
        self._next_life()

    @property
    def next_at(self) -> datetime | None:
        """When the next thing happens; None when the time is over."""
        moments = (self._planned_at(), self._swept_at(), self._heard_at())
        at = min(moment for moment in moments if moment is not None)
        return None if at > self._calendar.followed_until else at

    def step(self) -> bool:
        """Lets time pass until the next thing happens, and lets it; false when the time is over."""
        if (at := self.next_at) is None:
            return False
        self.clock.advance_to(at)
        if at == self._planned_at():
            self._agenda.take()()
        elif at == self._swept_at():
            self._sweep(at)
        else:
            self._hear(at)
        self._follow()
        return True

    def _planned_at(self) -> datetime | None:
        """What comes while the hub is down waits until it is up again."""
        at = self._agenda.next_at
        return THE_HUB.until if at is not None and THE_HUB.covers(at) else at

    def _swept_at(self) -> datetime | None:
        due_at = self.hub.next_due()
        if due_at is None:
            return None
        return minute_of_sweep(max(due_at, self._next_sweep, self.clock.now()))

    def _heard_at(self) -> datetime:
        expected = self._book.next_at or self._next_hearing
        return max(min(expected, self._next_hearing), self._year.last_hearing + QUARTER)

    def _hear(self, at: datetime) -> None:
        self._year.hearings += 1
        self._year.last_hearing, self._next_hearing = at, hub_is_up(max(at, self._next_hearing) + A_WEEK)
        self._book.heard(at)
        self.hub.hear()
        self._say(self._year.contacts, at)

    def _sweep(self, at: datetime) -> None:
        self._year.sweeps += 1
        self._next_sweep = at + A_MINUTE
        self.hub.sweep()
        queued, self.hub.queued[:] = self.hub.queued.copy(), []
        for key in queued:
            if isinstance(key, ClockKey):
                self.hub.fire(key)
            else:
                self._send(key)

    def _send(self, key: DeliveryKey) -> None:
        """What must wait for its turn is still due, and goes with a later sweep."""
        with suppress(RetryError):
            send(key, self.hub.sending[key.channel])

    def _follow(self) -> None:
        """What the stream of the tables wakes: each new message leaves at once, people see what is new."""
        for written in self.hub.written():
            self._readers.see(written)
            self._staff.see(written)
            if written.before is None and written.after and (key := new_delivery(written.after)):
                self._send(key)

    # --- what comes from outside

    def _next_life(self) -> None:
        """One contact's events, and the next contact once this one has come."""
        life = next(self._lives, None)
        if life is None:
            self._say(self._year.contacts, self.clock.now())
            return
        for said in life.said:
            self._agenda.put(said.at, partial(self._tell, said))
        self._agenda.put(max(life.contact.received_at, self.clock.now()), self._contact_came)

    def _contact_came(self) -> None:
        self._year.contacts += 1
        self._say(self._year.contacts, self.clock.now())
        self._next_life()

    def _tell(self, said: Said) -> None:
        for arrives in self._bus.brings(said):
            self._agenda.put(arrives.at, partial(self._take, arrives))

    def _take(self, arrives: Arrives) -> None:
        self._book.hears(arrives.event, self.clock.now())
        if (ref := arrives.event.get("referral_ref")) is not None:
            heard = Heard(self.clock.now(), arrives.event)
            self._year.heard.setdefault(ref, []).append(heard)
        self.hub.take_in(arrives.body)

    def _beat(self, number: int) -> None:
        """The police feed says every few hours that it is there: it counts as silent after four."""
        now = self.clock.now()
        beat = {"event_id": an_event_id("beat", number), "occurred_at": text(now)}
        self._tell(Said(now, a_heartbeat_event(**beat)))
        at = self._calendar.begins + number * HEARTBEAT_EVERY
        if at < self._calendar.followed_until:
            self._agenda.put(at, partial(self._beat, number + 1))
