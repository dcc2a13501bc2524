"""What must hold when all is quiet again, wherever an invocation died."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from functions.adapters.ledger import keys
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Item
from functions.domain.delivery import QUARANTINE
from schemas.codes import AckResult, AttemptResult, AuditKind, CanaryResult, Channel, DeliveryState
from schemas.lifecycle import STATUS_PAGE
from tests.handlers.crash_stage import Stage
from tests.handlers.crashes import Boundaries
from tests.world import is_whole

OFTEN = frozenset(
    {
        AuditKind.ATTEMPT_STARTED,
        AuditKind.ATTEMPT_CLOSED,
        AuditKind.RECONCILED,
        *CanaryResult,
    }
)
"""An attempt whose sender died is made again, a day's statement that nobody noted is written again, and
canaries go on: each is true."""
STANDING = ("st", "rcpt", "ack_role", "held", "kind", "role", "breaker", "paused", "on_its_way", "ended_by")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong after a run, in words; nothing, as a rule."""

    lost: tuple[str, ...]
    unaccounted: tuple[str, ...]
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """What a run comes to in which nothing dies."""

    rows: Counter[str]
    ends: Mapping[str, tuple[str, ...]]


def undisturbed(stage: Stage) -> Undisturbed:
    """What is there now, to be compared with."""
    return Undisturbed(_kinds(stage.world.all_items("audit")), _ends(stage))


def judge(stage: Stage, before: Undisturbed, counted: Boundaries) -> Verdict:
    """Compares what is there with what must be, and with the run in which nothing died."""
    rows = stage.world.all_items("audit")
    return Verdict(
        lost=(*_lost(rows, stage, before.rows), *_ended_otherwise(before.ends, _ends(stage))),
        unaccounted=tuple(_unaccounted(rows, stage)),
        broken=(
            *_broken(rows, before.rows),
            *_wrongly_sent(stage, may_repeat=counted.may_repeat or stage.may_be_unclear),
            *_too_soon(rows),
        ),
    )


def _kinds(rows: Iterable[Item]) -> Counter[str]:
    """Whoever confirms once more, because no answer came, is on record as that; and so is what our own page
    puts on the bus once more."""
    news = (row for row in rows if row.get("result") != AckResult.ALREADY and not _is_put_again(row))
    return Counter(f"{_kind(row)} of {row['pk']}" for row in news)


def _is_put_again(row: Item) -> bool:
    return (row["type"], row["actor"]) == (AuditKind.EVENT_DUPLICATE, STATUS_PAGE)


def _kind(row: Item) -> str:
    """Told apart by what happened to an endpoint, and by whose clock fired, where the type does not say."""
    match row["type"]:
        case AuditKind.ENDPOINT:
            return str(row["result"])
        case AuditKind.CLOCK_FIRED:
            return f"{row['type']} {row.get('watch')} {row['cause']}"
        case kind:
            return str(kind)


def _ends(stage: Stage) -> dict[str, tuple[str, ...]]:
    """How each delivery, task, endpoint and day's count stands, but for times and numbers of tries."""
    items = stage.world.all_items("state")
    newest = {(item["pk"], item["sk"]): item.get("dver") for item in items}
    ends = {
        f"{item['pk']} {item['sk']}": (
            *(f"{name} {item[name]}" for name in STANDING if name in item),
            *(("a clock runs",) if _is_watched(item, newest) else ()),
            *_counts(item),
        )
        for item in items
    }
    return {what: standing for what, standing in ends.items() if standing}


def _counts(item: Item) -> Iterator[str]:
    """A day's live counts, and those of the night's recount."""
    if item["sk"] in {keys.LIVE, keys.FINAL}:
        counts = item.get("cells", item)
        yield from (f"{name} {count}" for name, count in sorted(counts.items()) if "|" in name and count)


def _is_watched(item: Item, newest: Mapping[tuple[str, str], int | None]) -> bool:
    """Which stage a clock has come to says only how long the run took; that of an older version may have run
    out meanwhile."""
    if "watch" not in item:
        return False
    key = DeliveryKey.of(item)
    return newest.get((key.pk, keys.child(key.child))) == key.seq


def _ended_otherwise(
    before: Mapping[str, tuple[str, ...]], now: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    for what in before.keys() | now.keys():
        if before.get(what) != now.get(what):
            yield f"{what} ends with {now.get(what)} instead of {before.get(what)}"


def _lost(rows: list[Item], stage: Stage, expected: Counter[str]) -> Iterator[str]:
    there = _kinds(rows)
    # A clock that fires twice where nothing dies, because its delivery changed after it had, may fire once.
    said = {what for what in there if what.startswith(AuditKind.CLOCK_FIRED)}
    yield from (f"no {what}" for what in expected - there if what not in said)
    arrived = {one.message_id for one in stage.arrivals}
    left_here = {
        row["message_id"] for row in _of(rows, AuditKind.ATTEMPT_STARTED) if row["template"] != "test-1"
    }
    for item in stage.deliveries():
        if item["st"] == DeliveryState.SENT and item["message_id"] in left_here - arrived:
            yield f"{item['sk']} is SENT and never arrived"


def _unaccounted(rows: list[Item], stage: Stage) -> Iterator[str]:
    started = Counter((row["message_id"], row["attempt"]) for row in _of(rows, AuditKind.ATTEMPT_STARTED))
    closed = Counter((row["message_id"], row["attempt"]) for row in _of(rows, AuditKind.ATTEMPT_CLOSED))
    yield from (f"attempt {attempt} of {one} has no end" for one, attempt in started - closed)
    yield from (f"attempt {attempt} of {one} never began" for one, attempt in closed - started)
    yield from _canaries_without_an_end(rows)
    for item in stage.still_open():
        yield f"{item['sk']} is still {item['st']}"


def _canaries_without_an_end(rows: list[Item]) -> Iterator[str]:
    of_canaries = [row for row in rows if row["type"] == AuditKind.ENDPOINT and "message_id" in row]
    sent = Counter(row["message_id"] for row in of_canaries if row["result"] == CanaryResult.CANARY_SENT)
    ended = Counter(row["message_id"] for row in of_canaries if row["result"] != CanaryResult.CANARY_SENT)
    yield from (f"canary {one} has no end" for one in sent - ended)
    yield from (f"canary {one} ended twice, or never began" for one in ended - sent)


def _broken(rows: list[Item], expected: Counter[str]) -> Iterator[str]:
    uids = Counter(row["uid"] for row in rows)
    yield from (f"recorded twice: {uid}" for uid, times in uids.items() if times > 1)
    once = _kinds(row for row in rows if _kind(row) not in OFTEN)
    yield from (f"{what} too often" for what in once - expected)
    for pk in {row["pk"] for row in rows}:
        trail = [row for row in rows if row["pk"] == pk and row["sk"].startswith("E#")]
        if not is_whole(sorted(trail, key=lambda row: str(row["sk"]))):
            yield f"the trail of {pk} has a gap or a broken link"


def _wrongly_sent(stage: Stage, *, may_repeat: bool) -> Iterator[str]:
    so_far, bodies = Counter[str](), dict[str, str]()
    for one in stage.arrivals:
        if not one.is_announced:
            yield f"{one.message_id} left without its row"
        if so_far[one.message_id] > (one.unknown_before if may_repeat else 0):
            yield f"{one.message_id} arrived again though its fate was known"
        if bodies.setdefault(one.message_id, one.body_sha256) != one.body_sha256:
            yield f"{one.message_id} has two bodies"
        so_far[one.message_id] += 1


def _too_soon(rows: list[Item]) -> Iterator[str]:
    """An e-mail of unknown fate is left alone for as long as its quarantine."""
    unknown = dict[str, str]()
    for row in sorted((row for row in rows if row.get("chan") == Channel.EMAIL), key=itemgetter("at")):
        if row["type"] == AuditKind.ATTEMPT_CLOSED and row["result"] == AttemptResult.UNKNOWN:
            unknown[row["message_id"]] = row["at"]
        elif row["type"] == AuditKind.ATTEMPT_STARTED and row["message_id"] in unknown:
            since = datetime.fromisoformat(unknown[row["message_id"]])
            if datetime.fromisoformat(row["at"]) < since + QUARANTINE:
                yield f"{row['message_id']} is tried again too soon"


def _of(rows: list[Item], kind: AuditKind) -> list[Item]:
    return [row for row in rows if row["type"] == kind]
