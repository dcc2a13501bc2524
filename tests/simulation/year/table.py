"""A simulated year as a manager and an engineer like to read it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from functions.domain.measures.catalogue import FIGURES
from functions.domain.measures.counts import ALL, Counts
from functions.domain.measures.published import percent
from functions.domain.measures.shapes import Measure, Sort
from schemas.codes import ClockKind, DeliveryState, MessageType, Outcome
from tests.simulation.year.account import End
from tests.simulation.year.aftermath import aftermath
from tests.simulation.year.calendar import THE_YEAR
from tests.simulation.year.clocks import OfAKind
from tests.simulation.year.news import WORDS
from tests.simulation.year.oracle.sources import Asked, by_source
from tests.simulation.year.reckoning import Reckoned
from tests.simulation.year.run import Year

MOST_NAMED = 20
"""Of each kind of violation."""
_LONDON = ZoneInfo("Europe/London")
_STATES = (
    DeliveryState.SENT,
    DeliveryState.SUPERSEDED,
    "HELD",
    DeliveryState.CANCELLED,
    DeliveryState.PARKED,
    DeliveryState.FAILED,
)


def as_table(year: Year, done: Reckoned) -> RenderableType:
    """All of it, one part below the other."""
    return Group(
        _year(year, done),
        _counts("Outcomes", ((one.value, done.outcomes[one]) for one in Outcome)),
        _counts("Events taken in", done.events.most_common()),
        _messages(done.messages),
        _counts("What became of each decision, for everybody it was for", _ends(done)),
        _counts("Beside decisions", ((words, done.said[name]) for name, words in WORDS.items())),
        _clocks(done.clocks.kinds),
        _counts("The chase of the police for their form", _chase(done.clocks.kinds["POLICE_FORM"])),
        _silences(done.clocks.kinds),
        _sources(done.asked),
        _outages(year),
        _counts("People's clocks that ran out, of tasks and of messages", done.clocks.rang.most_common()),
        _figures(done.counts),
        verdict(done),
    )


def _table(title: str, *headings: str, words: int = 1) -> Table:
    table = Table(title=f"\n{title}", title_justify="left", title_style="bold", box=None, pad_edge=False)
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="right" if number >= words else "left")
    return table


def _counts(title: str, counted: Iterable[tuple[str, int]]) -> Table:
    table = _table(title, "", "")
    for name, count in counted:
        if count:
            table.add_row(name, f"{count:,}")
    return table


def _year(year: Year, done: Reckoned) -> Table:
    table = _table(f"A hub's year, {THE_YEAR.first_day:%-d %B %Y} to {THE_YEAR.last_day:%-d %B %Y}", "", "")
    rows = {
        "contacts": year.contacts,
        "children decided": len(done.decided),
        "decisions taken in": done.tally.decisions,
        "messages sent": sum(count for (_, state), count in done.messages.items() if state == "SENT"),
        "rows in the trail": len(year.hub.tables.tables[year.hub.store.audit].items),
        "minutes in which a sweep found something": year.sweeps,
    }
    for name, count in rows.items():
        table.add_row(name, f"{count:,}")
    table.add_row("followed until", f"{THE_YEAR.followed_until:%-d %B %Y}")
    return table


def _messages(messages: Mapping[tuple[str, str], int]) -> Table:
    table = _table("Messages by type", "", *(state.lower() for state in _STATES))
    for kind in MessageType:
        counted = [messages.get((kind, state), 0) for state in _STATES]
        if any(counted):
            table.add_row(kind.value, *map(_number, counted))
    return table


def _ends(done: Reckoned) -> Iterator[tuple[str, int]]:
    yield from ((end.value, done.ends[end]) for end in End if end is not End.UNACCOUNTED)


def _clocks(kinds: Mapping[str, OfAKind]) -> Table:
    headings = ("set", "answered in time", "ended otherwise", "fired", "fired late", "fired twice", "run on")
    table = _table("Clocks that wait", "", *headings)
    for kind in ClockKind:
        if (one := kinds.get(kind)) is not None:
            counted = (one.set, one.answered, one.ended, one.fired, one.late, one.twice, one.runs)
            table.add_row(kind.value, *map(_number, counted))
    return table


def _chase(forms: OfAKind) -> Iterator[tuple[str, int]]:
    steps = {1: "reminder 1, at receipt", 2: "reminder 2, when it is due", 3: "reminder 3, to the named role"}
    yield "children whose form was asked for", forms.set
    yield "... complete before anybody was reminded", forms.answered
    yield from ((words, forms.steps[step]) for step, words in steps.items())
    yield "the manager's", forms.steps[4]
    yield "complete after a reminder", forms.silences["what was waited for"]
    yield "ended otherwise: a duplicate's", forms.ended
    yield "missing still", forms.silences["nothing yet"]


def _sources(asked: Counter[Asked]) -> Table:
    table = _table("Sources that somebody was asked about", "", "", "asked", "answered by itself", words=2)
    for (source, kind), counted in sorted(by_source(asked).items()):
        table.add_row(source, kind, _number(counted["asked"]), _number(counted["answered"]))
    return table


def _silences(kinds: Mapping[str, OfAKind]) -> Table:
    answers = sorted({what for one in kinds.values() for what in one.silences})
    table = _table("Silences, and what answered them", "", *answers)
    for kind in ClockKind:
        if (one := kinds.get(kind)) is not None and one.fired:
            table.add_row(kind.value, *(_number(one.silences[what]) for what in answers))
    return table


def _outages(year: Year) -> Table:
    headings = ("", "from", "until", "waited", "the last at")
    table = _table("Outages, and what waited for their end", *headings)
    for one in aftermath(year):
        moments = [one.outage.since, one.outage.until, one.last_at]
        since, until, last = (f"{at.astimezone(_LONDON):%-d %b %H:%M}" if at else "." for at in moments)
        table.add_row(one.what, since, until, _number(one.waited), last)
    return table


def _figures(counts: Counts) -> Table:
    """K1a to K17 over all months, nothing hidden: nobody here is real."""
    totals: Counter[tuple[str, str]] = Counter()
    for cell, count in counts.cells.items():
        if cell.bucket is None:
            totals[cell.name, cell.part] += count
    table = _table("Figures of the year", "", "", "%", "of", words=2)
    for one in FIGURES:
        if not isinstance(one, Measure):
            continue
        of = totals[one.of.name, ALL]
        if one.needs is not None and one.needs not in counts.heard:
            table.add_row(one.k, one.words, "not available", "")
        elif one.sort is Sort.SHARE:
            numerator = totals[one.count, ALL]
            table.add_row(one.k, one.words, percent(numerator, of), f"{numerator:,} of {of:,}")
        else:
            for part, numerator in sorted(_parts(totals, one.count)):
                words = f"{one.words}: {part.partition('=')[2]}"
                table.add_row(one.k, words, percent(numerator, of), f"{numerator:,} of {of:,}")
    return table


def _parts(totals: Mapping[tuple[str, str], int], name: str) -> Iterator[tuple[str, int]]:
    return ((part, count) for (counted, part), count in totals.items() if counted == name and part != ALL)


def verdict(done: Reckoned) -> Text:
    """Whether all is as it should be, or what is not."""
    wrong = done.violations
    if not wrong:
        return Text("\nunaccounted 0; every clock fired once, and on time", style="bold green")
    kinds = defaultdict[str, list[str]](list)
    for one in wrong:
        kinds[one.partition(": ")[0].partition(" R#")[0]].append(one)
    counted = ", ".join(f"{len(of_it)} {kind}" for kind, of_it in kinds.items())
    named = "\n".join(one for of_it in kinds.values() for one in _some(of_it))
    return Text(f"\n{len(wrong)} violations: {counted}\n{named}", style="bold red")


def _some(of_a_kind: Sequence[str]) -> Iterator[str]:
    yield from of_a_kind[:MOST_NAMED]
    if len(of_a_kind) > MOST_NAMED:
        yield f"... and {len(of_a_kind) - MOST_NAMED} more"


def _number(count: int) -> str:
    return f"{count:,}" if count else "."
