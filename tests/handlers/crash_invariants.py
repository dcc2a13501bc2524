"""What must hold when all is quiet again, wherever an invocation died."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from functions.adapters.ledger.store import Item
from functions.domain.delivery import QUARANTINE
from schemas.codes import AckResult, AttemptResult, AuditKind, Channel, DeliveryState
from tests.handlers.crash_stage import OPEN, Stage
from tests.world import is_whole

OFTEN = frozenset({AuditKind.ATTEMPT_STARTED, AuditKind.ATTEMPT_CLOSED, AuditKind.RECONCILED})
"""An attempt whose sender died is made again, and a day's statement that nobody noted is written again: each
is true."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong after a run, in words; nothing, as a rule."""

    lost: tuple[str, ...]
    unaccounted: tuple[str, ...]
    broken: tuple[str, ...]


def judge(stage: Stage, undisturbed: Counter[str], *, may_repeat: bool) -> Verdict:
    """Compares what is there with what must be, and with the rows of the run in which nothing died."""
    rows = stage.world.all_items("audit")
    return Verdict(
        lost=tuple(_lost(rows, stage, undisturbed)),
        unaccounted=tuple(_unaccounted(rows, stage)),
        broken=(
            *_broken(rows, undisturbed),
            *_wrongly_sent(stage, may_repeat=may_repeat),
            *_too_soon(rows),
        ),
    )


def rows_by_kind(stage: Stage) -> Counter[str]:
    """How many rows of each kind each trail has."""
    return _kinds(stage.world.all_items("audit"))


def _kinds(rows: Iterable[Item]) -> Counter[str]:
    """Whoever confirms once more, because no answer came, is on record as that."""
    news = (row for row in rows if row.get("result") != AckResult.ALREADY)
    return Counter(f"{row['type']} of {row['pk']}" for row in news)


def _lost(rows: list[Item], stage: Stage, undisturbed: Counter[str]) -> Iterator[str]:
    yield from (f"no {what}" for what in undisturbed - _kinds(rows))
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
    for item in stage.deliveries():
        if item["st"] in OPEN and "held" not in item:
            yield f"{item['sk']} is still {item['st']}"


def _broken(rows: list[Item], undisturbed: Counter[str]) -> Iterator[str]:
    uids = Counter(row["uid"] for row in rows)
    yield from (f"recorded twice: {uid}" for uid, times in uids.items() if times > 1)
    once = _kinds(row for row in rows if row["type"] not in OFTEN)
    yield from (f"{what} too often" for what in once - undisturbed)
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
