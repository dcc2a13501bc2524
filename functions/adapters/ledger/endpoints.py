"""An agency's endpoint in the state table: its slots and breaker, as parts of a send's own transactions."""

from collections.abc import Mapping
from datetime import datetime

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.store import Change, Condition, Item, Part, Store
from functions.domain.endpoint import SLOTS, Answered, EndpointState, Slot, Turn
from schemas.codes import Breaker, PauseCause

Address = tuple[str, str, str]

TOOK_IT, FAILED = "+", "-"


def addresses(store: Store, agency_id: str) -> dict[str, Address]:
    """Where the endpoint's items stand, by the names that `state_of` knows them by."""
    pk = keys.agency(agency_id)
    slots = {keys.slot(number): (store.state, pk, keys.slot(number)) for number in range(SLOTS)}
    egress = {keys.EGRESS: (store.state, keys.EGRESS, keys.HEAD)}
    return {keys.ENDPOINT: (store.state, pk, keys.ENDPOINT), **slots, **egress}


def state_of(items: Mapping[str, Item]) -> EndpointState:
    """Reads what `addresses` asked for; what is not there was never written, or was lost."""
    endpoint = items.get(keys.ENDPOINT, {})
    return EndpointState(
        breaker=Breaker(endpoint["breaker"]) if "breaker" in endpoint else None,
        open_until=_moment(endpoint.get("open_until")),
        probe_until=_moment(endpoint.get("probe_until")),
        paused=PauseCause(endpoint["paused"]) if "paused" in endpoint else None,
        slots=tuple(_slot(number, items.get(keys.slot(number), {})) for number in range(SLOTS)),
        egress_failing="since" in items.get(keys.EGRESS, {}),
    )


def take(
    store: Store, agency_id: str, slot: Slot, turn: Turn, *, until: datetime, now: datetime
) -> list[Part]:
    """The parts of a claim that take a slot, and that take the one probe or see that the breaker is closed.

    A slot is a lease: unlike a counter, it cannot leak when a worker dies. It must remember what it did when
    it was read: the end of the attempt writes that again, with its own answer behind it.
    """
    return [
        store.update(
            "slot",
            store.state,
            (keys.agency(agency_id), keys.slot(slot.number)),
            change=Change({"busy": at_text(until)}),
            condition=_free_as_read(slot, now),
        ),
        take_turn(store, agency_id, turn, until=until, now=now),
    ]


def take_turn(store: Store, agency_id: str, turn: Turn, *, until: datetime, now: datetime) -> Part:
    """The part of a claim that takes the one probe, or sees that the breaker is closed."""
    return _probe(store, agency_id, until, now) if turn is Turn.PROBE else _closed(store, agency_id)


def still_at_rest(store: Store, agency_id: str, turn: Turn, *, now: datetime) -> Part:
    """The part of putting off what waits that sees the pause, or the rest, still standing: once it has ended,
    nothing may be late for its sake."""
    paused = Condition("attribute_exists(#paused)", {})
    resting = Condition("#open_until > :now", {"now": at_text(now)})
    condition = paused if turn is Turn.PAUSED else resting
    return store.check("endpoint", store.state, (keys.agency(agency_id), keys.ENDPOINT), condition)


def give_back(store: Store, agency_id: str, slot: Slot, lease: datetime, answered: Answered) -> Part:
    """The part of a commit that frees the slot and remembers the answer, if the slot is still ours."""
    return store.update(
        "slot",
        store.state,
        (keys.agency(agency_id), keys.slot(slot.number)),
        change=Change({"answers": list(map(_written, slot.with_answer(answered)))}, remove=("busy",)),
        condition=Condition("#busy = :lease", {"lease": at_text(lease)}),
    )


def _free_as_read(slot: Slot, now: datetime) -> Condition:
    free, values = "(attribute_not_exists(#busy) OR #busy < :now)", {"now": at_text(now)}
    if not slot.answers:
        return Condition(f"{free} AND attribute_not_exists(#answers)", values)
    answers = [_written(answered) for answered in slot.answers]
    return Condition(f"{free} AND #answers = :answers", {**values, "answers": answers})


def _probe(store: Store, agency_id: str, until: datetime, now: datetime) -> Part:
    not_paused = "attribute_not_exists(#paused)"
    cooled = "(attribute_not_exists(#open_until) OR #open_until <= :now)"
    nobody_probes = "(attribute_not_exists(#probe_until) OR #probe_until < :now)"
    not_closed = "(attribute_not_exists(#breaker) OR #breaker = :open)"
    return store.update(
        "endpoint",
        store.state,
        (keys.agency(agency_id), keys.ENDPOINT),
        change=Change({"probe_until": at_text(until)}),
        condition=Condition(
            f"{not_paused} AND {not_closed} AND {cooled} AND {nobody_probes}",
            {"now": at_text(now), "open": Breaker.OPEN.value},
        ),
    )


def _closed(store: Store, agency_id: str) -> Part:
    is_closed = Condition(
        "#breaker = :closed AND attribute_not_exists(#paused)", {"closed": Breaker.CLOSED.value}
    )
    return store.check("endpoint", store.state, (keys.agency(agency_id), keys.ENDPOINT), is_closed)


def _slot(number: int, item: Item) -> Slot:
    return Slot(number, _moment(item.get("busy")), tuple(map(_read, item.get("answers", ()))))


def _written(answered: Answered) -> str:
    return f"{at_text(answered.at)}{TOOK_IT if answered.took_it else FAILED}"


def _read(text: str) -> Answered:
    return Answered(datetime.fromisoformat(text[:-1]), text.endswith(TOOK_IT))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
