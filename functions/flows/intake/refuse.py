"""Refusing an input: the raw bytes kept for the operator, a row in the trail, a line that an alarm
matches."""

from functions.adapters.ledger.keys import UNREGISTERED
from functions.adapters.ledger.records import Arrival
from functions.adapters.ledger.store import ConditionsFailedError
from functions.domain.refusals import Refusal
from functions.flows.desk import RefusalDesk
from functions.log_lines import EVENT_REFUSED, log


def refuse(raw: str, refusal: Refusal, desk: RefusalDesk, *, bus_id: str, source: str | None) -> None:
    """Records `raw` as refused, once per arrival; `source` is the bus's word for who put it there.

    The copy is kept first, so that no row points at nothing.
    """
    at = desk.now()
    registered = source if source is not None and source in desk.registered_sources else UNREGISTERED
    arrival = Arrival(bus_id=bus_id, at=at, source=registered)
    if desk.refusals.is_recorded(arrival):
        return
    kept = desk.rejected.keep(raw.encode(errors="surrogatepass"), at)
    try:
        desk.patience.persist(
            lambda: desk.refusals.record(
                refusal, arrival, sha256=kept.sha256, size=kept.size, kept_as=kept.key
            )
        )
    except ConditionsFailedError:
        return  # the same arrival was recorded by another worker a moment ago
    log(
        EVENT_REFUSED,
        event=bus_id,
        reason=refusal.reason.value,
        field=refusal.field,
        sha256=kept.sha256,
        bytes=kept.size,
    )
