"""How a stage's status looks: plain text, 80 columns, one screen."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from textwrap import wrap

from functions.adapters.ledger.store import Item
from functions.adapters.registry.obstacles import Rest
from functions.cli.acting_words import counted
from functions.cli.standing import Standing, Waits
from functions.cli.task_lines import command, heading, lasting, what
from functions.domain.wording.uk_time import uk_date_and_time
from functions.story.named import moment, upper
from functions.story.tasks import role_words
from functions.story.vocabulary import TASK_NAMES
from schemas.codes import PauseCause

WIDTH = 80
LABEL = 14
KEPT = "\u00a0"
"""A space at which no line is broken."""
PAUSED = {
    PauseCause.BY_HAND: "paused by a person",
    PauseCause.REFUSING: "paused: it refuses us",
    PauseCause.GONE: "paused: it says that it is gone",
}
_ENDED = {"told": "told", "held": "held", "open": "open", "nobody_to_tell": "with nobody to tell"}


def status_lines(stands: Standing) -> Iterator[str]:
    """The whole screen, line by line."""
    yield f"Stage {stands.stage}, {uk_date_and_time(stands.at)}"
    yield ""
    yield from _line("Came in today", _came_in(stands.came_in))
    yield from _line("Told", _told(stands))
    yield from _line("On their way", _on_their_way(stands))
    yield from _line("Waits", _waits(stands))
    yield from _line("", _by_role(stands))
    yield from _line("Clocks", _clocks(stands.late, stands.at))
    yield from _line("Endpoints", _endpoints(stands.at_rest))
    yield from _line("Account", _account(stands.statement))
    yield ""
    yield from _by_kind(stands)
    yield from _next(stands)


def _line(label: str, words: str) -> Iterator[str]:
    lines = wrap(
        words,
        WIDTH,
        initial_indent=f"{label:<{LABEL}} ",
        subsequent_indent=" " * (LABEL + 1),
        break_on_hyphens=False,
    )
    return (line.replace(KEPT, " ") for line in lines)


def _came_in(came: Mapping[str, int]) -> str:
    taken = (
        counted(came["decisions"], "decision"),
        counted(came["police_forms"], "police form"),
        counted(came["beside_decisions"], "other event"),
        counted(came["heartbeats"], "heartbeat"),
    )
    not_taken = f"{came['refused']} refused, {came['duplicate']} came again, {came['stale']} out of date"
    return f"{', '.join(taken)}; {not_taken}"


def _told(stands: Standing) -> str:
    """As the account has it, which is of the last hour."""
    counts, at = stands.counted.counted, stands.counted.checked_at
    if not counts or at is None:
        return "not counted yet today: `mash reconcile` counts now"
    ended = ", ".join(f"{counts.get(name, 0)} {words}" for name, words in _ENDED.items())
    differ = counts.get("differences", 0)
    agree = f"; {counted(differ, 'difference')}: infra/runbooks/reconciliation.md" if differ else ""
    clock = uk_date_and_time(at).partition(" at ")[2]
    return f"{ended}, of {counted(counts.get('decisions', 0), 'event')} by {clock}{agree}"


def _on_their_way(stands: Standing) -> str:
    if not stands.on_their_way:
        return "nothing: all that may go has gone"
    waited = lasting(stands.at - stands.on_their_way[0])
    return f"{counted(len(stands.on_their_way), 'message')}, the oldest for {waited}"


def _waits(stands: Standing) -> str:
    if stands.oldest is None:
        return "nothing waits for a person"
    late = f", {len(stands.overdue)} late" if stands.overdue else ""
    return f"{counted(len(stands.tasks), 'task')}{late}, the oldest since {moment(stands.oldest)}"


def _by_role(stands: Standing) -> str:
    """No entry is broken over two lines."""
    return "; ".join(
        f"{_role(role)} {queue.open}{f', {queue.overdue} late' if queue.overdue else ''}".replace(" ", KEPT)
        for role, queue in stands.queues.items()
    )


def _by_kind(stands: Standing) -> Iterator[str]:
    """What waits, a line for each kind and role, the one due first first: how many, whose, the oldest for how
    long."""
    if stands.waits:
        yield f"{'':7}{'What waits for a person':<34}{'Whose it is':<23}Oldest"
    for one in stands.waits:
        role, oldest = _role(one.role), lasting(stands.at - one.since)
        yield f"{one.open:>5}  {TASK_NAMES[one.kind]:<34}{role:<23}{oldest}{_late(one)}"
    if stands.waits:
        yield ""


def _late(waits: Waits) -> str:
    if not waits.overdue:
        return ""
    return ", late" if waits.overdue == waits.open else f", {waits.overdue} late"


def _role(role: str) -> str:
    return role_words({"role": role}).removeprefix("The ")


def _clocks(late: Sequence[datetime], now: datetime) -> str:
    if not late:
        return "none is late"
    unseen = f"{counted(len(late), 'clock')} not looked at in time"
    return f"{unseen}, the first for {lasting(now - late[0])}: infra/runbooks/backlog.md"


def _endpoints(at_rest: Sequence[Rest]) -> str:
    return "; ".join(map(_rest, at_rest)) or "all are sent to"


def _rest(rest: Rest) -> str:
    if rest.pause:
        return f"{rest.agency_id} {PAUSED[rest.pause.cause]} since {uk_date_and_time(rest.pause.since)}"
    return f"{rest.agency_id} fails, tried again {_until(rest.until)}"


def _until(until: datetime | None) -> str:
    return f"after {uk_date_and_time(until).partition(' at ')[2]}" if until else "soon"


def _account(statement: Item | None) -> str:
    if statement is None:
        return "no day has its statement yet"
    return (
        f"{statement['day']}: {statement['decisions']} decisions in, {statement['accounted']} accounted for, "
        f"{counted(statement['differences'], 'difference')}"
    )


def _next(stands: Standing) -> Iterator[str]:
    if not stands.urgent:
        yield "Nothing waits for a person."
        return
    yield "The most urgent; `mash tasks` lists all, whom to ring, and each one's REASONs"
    for task in stands.urgent:
        yield from wrap(heading(task, stands.at).plain, WIDTH, initial_indent="  ", subsequent_indent="  ")
        yield from _indented(f"{upper(what(task))}.")
        yield from _typed(f"{command(task)} --reason REASON")


def _indented(words: str) -> Iterator[str]:
    return iter(wrap(words, WIDTH, initial_indent=" " * 4, subsequent_indent=" " * 4, break_on_hyphens=False))


def _typed(words: str) -> Iterator[str]:
    """A command over as many lines as it needs; a shell reads them as one."""
    *lines, last = wrap(
        words,
        WIDTH - len(" \\"),
        initial_indent="    ",
        subsequent_indent="      ",
        break_on_hyphens=False,
        break_long_words=False,
    )
    yield from (f"{line} \\" for line in lines)
    yield last
