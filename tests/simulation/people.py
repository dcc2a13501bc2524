"""People who act on what is sent: each chooses among what they see, thinks a while, and may ask twice."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import partial
from typing import TypeAlias, TypeVar

from functions.adapters.ledger import keys
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Item
from functions.domain.by_hand import TO_CANCEL, TO_END, TO_PAUSE, TO_RECOVER, TO_RESUME, TO_SEND_AGAIN
from functions.flows.acting import done, endpoint, recover
from functions.flows.acting.cancel import cancel, what_would_stop
from functions.flows.acting.order import ActDesk, NotPossibleError, Order, Which
from functions.flows.acting.resend import send_again, what_would_go
from functions.flows.stopping import STOPPABLE
from schemas.codes import ActReason, Channel, DeliveryState, TaskKind, TaskState
from tests.simulation.clock import START
from tests.simulation.service import Service
from tests.simulation.story import WITH_A_WEBHOOK, Deed, Wish

T = TypeVar("T")
Work: TypeAlias = Callable[[ActDesk, str], tuple[str, ...]]
"""One command's work, with its request's id; it says where that stands in the trail."""

_WORTH_SENDING_AGAIN = frozenset(
    {DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.PARKED, DeliveryState.RETRY}
)
THINKS_SECONDS = 20.0
"""How long somebody looks at most at what would be done, before they agree to it."""


class Told(Enum):
    """What whoever gave an order was told."""

    DONE = auto()
    REFUSED = auto()
    NOTHING = auto()
    """Their process ended, or others were writing all the while."""


@dataclass(eq=False)
class Given:
    """One order, and what came of it; `like` is an earlier one, which this one repeats."""

    wish: Wish
    request: str
    like: "Given | None"
    work: Work | None = None
    """None until somebody has chosen what it is about."""
    told: Told | None = None
    """None until it is given."""
    entries: tuple[str, ...] = ()


class People:
    """Whoever works with the command line."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.given: list[Given] = []
        self._choices: dict[Deed, Callable[[Wish], Work | None]] = {
            Deed.RESEND: partial(self._resend, by_email=False),
            Deed.RESEND_BY_EMAIL: partial(self._resend, by_email=True),
            Deed.CANCEL: self._cancel,
            Deed.PAUSE: self._pause,
            Deed.RESUME: self._resume,
            Deed.RECOVER: self._recover,
            Deed.DONE: self._done,
        }

    def wants(self, wish: Wish, *, like: Given | None = None) -> Given:
        """An order that somebody is going to give."""
        given = Given(wish, self._service.desks.new_id(), like)
        self.given.append(given)
        return given

    def act(self, given: Given) -> None:
        """Gives the order; where there is nothing to do it to, nobody does.

        Whoever repeats one has seen no answer, or does not know of it: they mean the same, with another
        request.
        """
        given.work = (given.like and given.like.work) or self._choices[given.wish.deed](given.wish)
        if given.work is None:
            return
        given.told = Told.NOTHING
        try:
            given.entries = given.work(self._service.desks.acting(), given.request)
        except NotPossibleError:
            given.told = Told.REFUSED
        else:
            given.told = Told.DONE

    # --- what is chosen, and what is then done each time

    def _resend(self, wish: Wish, *, by_email: bool) -> Work | None:
        def is_meant(key: DeliveryKey, item: Item) -> bool:
            return item["st"] in _WORTH_SENDING_AGAIN and (key.channel is Channel.WEBHOOK or not by_email)

        which, because = self._message(wish, is_meant), _because(TO_SEND_AGAIN, wish)
        if which is None:
            return None

        def work(desk: ActDesk, request: str) -> tuple[str, ...]:
            agreed = what_would_go(which, desk, by_email=by_email)
            self._think()
            return send_again(agreed, because(request), desk).entries

        return work

    def _cancel(self, wish: Wish) -> Work | None:
        which = self._message(wish, lambda _, item: item["st"] in STOPPABLE)
        because = _because(TO_CANCEL, wish)
        if which is None:
            return None
        which = which if wish.taste < 0.5 else Which(which.ref, which.child, which.agency_id)

        def work(desk: ActDesk, request: str) -> tuple[str, ...]:
            agreed = what_would_stop(which, desk)
            self._think()
            return cancel(agreed, because(request), desk).entries

        return work

    def _pause(self, wish: Wish) -> Work:
        agency_id, because = _any(WITH_A_WEBHOOK, wish), _because(TO_PAUSE, wish)
        return lambda desk, request: (endpoint.pause(agency_id, because(request), desk).entry,)

    def _resume(self, wish: Wish) -> Work:
        agency_id = _any(self._service.paused() or WITH_A_WEBHOOK, wish)
        because = _because(TO_RESUME, wish)

        def work(desk: ActDesk, request: str) -> tuple[str, ...]:
            turned = endpoint.resume(agency_id, because(request), desk)
            list(endpoint.put_forward(agency_id, desk))
            return (turned.entry,)

        return work

    def _recover(self, wish: Wish) -> Work:
        agency_id, because = _any(WITH_A_WEBHOOK, wish), _because(TO_RECOVER, wish)

        def work(desk: ActDesk, request: str) -> tuple[str, ...]:
            found = recover.find(recover.Outage(agency_id, START), desk, most=recover.MOST_AT_ONCE)
            self._think()
            list(recover.recover(found, because(request), desk))
            return ()

        return work

    def _done(self, wish: Wish) -> Work | None:
        tasks = [task for task in self._service.tasks() if task["st"] != TaskState.DONE]
        tasks = [task for task in tasks if task["kind"] in TO_END]
        if not tasks:
            return None
        urgent = [task for task in tasks if task["kind"] == TaskKind.CALL_UNTOLD]
        task = _any(urgent if urgent and wish.reason < 0.5 else tasks, wish)
        ref = keys.referral_of(task) if task["pk"].startswith(keys.referral("")) else None
        agency_id = task.get("agency") if ref else keys.agency_id_of(task)
        which = done.WhichTask(task["kind"], ref, task["child"] if ref else None, agency_id)
        because = _because(TO_END[task["kind"]], wish)
        return lambda desk, request: done.done(which, because(request), desk).entries

    def _message(self, wish: Wish, is_meant: Callable[[DeliveryKey, Item], bool]) -> Which | None:
        deliveries = self._service.deliveries()
        meant = [key for key, item in deliveries.items() if is_meant(key, item)]
        if not deliveries:
            return None
        key = _any(meant or list(deliveries), wish)
        message = deliveries[key]["message_id"]
        return Which(key.ref, key.child, key.agency_id, key.channel, message)

    def _think(self) -> None:
        self._service.schedule.sleep(self._service.schedule.chance.random() * THINKS_SECONDS)


def _any(there_are: Sequence[T], wish: Wish) -> T:
    """As the order's giver likes it."""
    return there_are[int(wish.taste * len(there_are))]


def _because(fitting: Iterable[ActReason], wish: Wish) -> Callable[[str], Order]:
    """The order of that request, for one of the reasons that fit."""
    reason = _any(list(fitting), replace(wish, taste=wish.reason))
    return lambda request: Order("mash-manager", reason, request)
