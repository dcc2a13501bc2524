"""A person pauses an agency's endpoint, resumes it, so that what was put off goes at once, or tests it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from functions.adapters.ledger import keys
from functions.adapters.registry.directory import Entry
from functions.adapters.registry.obstacles import Pause
from functions.domain.by_hand import TO_PAUSE, TO_RESUME
from functions.domain.tasks import endpoint_task
from functions.domain.wording.uk_time import uk_date_and_time
from functions.flows.acting.order import ActDesk, NotPossibleError, Order, require_fitting
from functions.log_lines import ENDPOINT_PAUSED_BY_HAND, ENDPOINT_RESUMED, log
from schemas.codes import Channel, PauseCause


@dataclass(frozen=True, slots=True)
class Turned:
    """An endpoint that was paused or resumed: whose, and where that stands in the trail."""

    agency_id: str
    entry: str


def pause(name: str, order: Order, desk: ActDesk) -> Turned:
    """Nothing is sent to the endpoint until somebody resumes it; a task keeps that from being forgotten.

    Raises NotPossibleError.
    """
    require_fitting(order, TO_PAUSE, "pause an endpoint")
    agency_id = with_an_endpoint(name, desk).agency_id

    def paused() -> bool:
        return desk.health.pause(
            agency_id,
            PauseCause.BY_HAND,
            by=order.actor,
            reason=order.reason.value,
            request=order.request,
            task=endpoint_task(desk.check.now(), desk.check.clocks),
            now=desk.check.now(),
        )

    turned = _turned(agency_id, paused, order.request, desk, lambda: _paused_already(agency_id, desk))
    log(ENDPOINT_PAUSED_BY_HAND, agency=agency_id, reason=order.reason.value)
    return turned


def resume(name: str, order: Order, desk: ActDesk) -> Turned:
    """The endpoint may be sent to again; `put_forward` then makes what waits for it due. Raises
    NotPossibleError."""
    require_fitting(order, TO_RESUME, "resume an endpoint")
    agency_id = with_an_endpoint(name, desk).agency_id

    def resumed() -> bool:
        return desk.health.resume(
            agency_id,
            by=order.actor,
            reason=order.reason.value,
            request=order.request,
            now=desk.check.now(),
        )

    turned = _turned(agency_id, resumed, order.request, desk, lambda: _not_paused(agency_id))
    log(ENDPOINT_RESUMED, agency=agency_id, reason=order.reason.value)
    return turned


def send_test(name: str, *, by: str, request: str, desk: ActDesk) -> Turned:
    """A canary leaves for the endpoint within a minute, before its time: an event that tells nothing, by the
    way that messages go.

    Nobody is asked why: it changes nothing, and who asked for it is in the trail. Raises NotPossibleError.
    """
    entry = with_an_endpoint(name, desk)
    agency_id = entry.agency_id
    if why := why_no_test(entry, desk.health.pause_of(agency_id)):
        raise NotPossibleError(why, "agency")

    def asked() -> bool:
        return desk.health.ask_for_test(agency_id, by=by, request=request, now=desk.check.now())

    return _turned(agency_id, asked, request, desk, lambda: NotPossibleError(_ON_ITS_WAY))


_ON_ITS_WAY = "A test message is about to leave already: look again in a minute."


def why_no_test(entry: Entry, pause: Pause | None) -> str:
    """What keeps a test message from an agency's endpoint; empty where nothing does."""
    if entry.checked_url != entry.url:
        return "Its owner has not agreed yet to receive messages there, so nothing is sent to it."
    if not entry.canary:
        return "The agency has not agreed to test messages. That is said in the reviewed registry file."
    return "It is paused, so nothing is sent to it." if pause else ""


def put_forward(agency_id: str, desk: ActDesk) -> Iterator[bool]:
    """Makes each of the endpoint's messages that wait for a later time due now; whether it still waited.

    If this is cut short, the rest goes when it was to be looked at again: within an hour.
    """
    now = desk.check.now()
    for key in desk.finding.waiting(agency_id, Channel.WEBHOOK, now):
        yield desk.check.patience.persist(partial(desk.by_hand.put_forward, key, now))


def count_waiting(agency_id: str, desk: ActDesk) -> int:
    """How many of the endpoint's messages wait for a later time."""
    return sum(1 for _ in desk.finding.waiting(agency_id, Channel.WEBHOOK, desk.check.now()))


def _turned(
    agency_id: str,
    change: Callable[[], bool],
    request: str,
    desk: ActDesk,
    why_not: Callable[[], NotPossibleError],
) -> Turned:
    """Makes the change once: where it found nothing to change, an answer that was lost may have been ours."""
    partition = keys.agency(agency_id)
    desk.check.patience.persist(change)
    entry = desk.finding.entry_of(partition, request)
    if entry is None:
        raise why_not()
    return Turned(agency_id, f"{partition} {entry}")


def _not_paused(agency_id: str) -> NotPossibleError:
    return NotPossibleError(
        f"{agency_id}'s endpoint is not paused. What it has not taken, `mash recover {agency_id} --since "
        "INSTANT` sends again.",
        on_a_page=f"{agency_id}'s system is not paused any more.",
    )


def _paused_already(agency_id: str, desk: ActDesk) -> NotPossibleError:
    pause = desk.health.pause_of(agency_id)
    since = f", since {uk_date_and_time(pause.since)} ({pause.cause})" if pause else ""
    return NotPossibleError(f"{agency_id}'s endpoint is paused already{since}.")


def with_an_endpoint(name: str, desk: ActDesk) -> Entry:
    """The active agency of this name that has a webhook. Raises NotPossibleError."""
    entry = desk.entry_of(name)
    if entry is None or entry.url is None:
        raise NotPossibleError(
            f"{name} is no active agency with a webhook: see `mash agencies list`.",
            "agency",
            on_a_page=f"{name} is no active agency with a system of its own.",
        )
    return entry


def with_a_mailbox(name: str, desk: ActDesk) -> Entry:
    """The active agency of this name that has a mailbox. Raises NotPossibleError."""
    entry = desk.entry_of(name)
    if entry is None or not (entry.address or entry.lead_address):
        raise NotPossibleError(
            f"{name} is no active agency with a mailbox: see `mash agencies list`.",
            "agency",
            on_a_page=f"{name} is no active agency with a mailbox.",
        )
    return entry
