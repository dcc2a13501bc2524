"""A report's tables: each figure of the shared data set on its line, with a column for each month."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from functions.console.asking.periods import month_words
from functions.console.shown.parts import Column, Table, Unavailable
from functions.console.shown.reports import Section
from functions.domain.measures.catalogue import STATUS
from functions.domain.measures.published import CONFIDENTIAL, EVERY, NOBODY, Published
from functions.story.figures import (
    NO_COUNTERS,
    WORDS,
    count_words,
    part_words,
    value_words,
    why_not_available,
)
from functions.story.named import upper
from schemas.codes import RaStatus

Figure: TypeAlias = tuple[str, str]
"""A figure's number and name."""
TOLD: Figure = ("K1a", "outcome_told")
BY_NOTICE: Figure = ("K1b", "told_by_notice_only")
IN_TIME: Figure = ("K2", "told_in_1_working_day")
HOW_LONG: Figure = ("K2", "decided_to_told")
HELD: Figure = ("K15", "held")
WITHHELD: Figure = ("K15", "withheld")
FORM_STATUS: Figure = ("K8", "ra_status")
COMPLETE = STATUS.part(RaStatus.COMPLETE)
HIDDEN_CELL, NOBODY_CELL = "Hidden", "Nobody to count"


@dataclass(frozen=True, slots=True)
class Rows:
    """The data set's rows of some months."""

    months: Sequence[str]
    rows: Sequence[Published]

    def of(self, figure: Figure) -> Mapping[str, Mapping[str, Published]]:
        """A figure's, by part and then by month; the whole first, and each part once."""
        found: dict[str, dict[str, Published]] = {}
        for row in self.rows:
            if (row.k, row.name) == figure and row.month in self.months:
                found.setdefault(row.dimension, {})[row.month] = row
        return found

    def one(self, figure: Figure, month: str, part: str = EVERY) -> Published | None:
        return self.of(figure).get(part, {}).get(month)

    def newest_complete(self, running: str) -> str:
        """The newest month but the one that is not over, of which most are not told yet; that one alone
        where there is no other."""
        complete = [month for month in self.months if month != running]
        return (complete or list(self.months))[-1]


@dataclass(frozen=True, slots=True)
class _Part:
    """A section as it is planned: which figures it tells, by which parts."""

    heading: str
    text: str
    figures: tuple[Figure, ...]


_PLAN = (
    _Part(
        "How long it took",
        "From receipt or decision until each was done. Bank holidays are not working days.",
        (
            IN_TIME,
            HOW_LONG,
            ("K3", "acknowledged_in_1_working_day"),
            ("K4", "decided_in_24_hours"),
            ("K5", "decided_in_1_working_day"),
            ("K6", "decided_in_colour_target"),
            ("K7", "out_of_hours"),
        ),
    ),
    _Part(
        "Police risk assessments",
        "Complete means that the form is complete, not that the risk is low or the work is good. "
        "One form may fail several rules.",
        (
            FORM_STATUS,
            ("K8", "ra_late"),
            ("K8", "ra_after_decision"),
            ("K8", "ra_failed_rule"),
            ("K9", "next_step_given"),
            ("K9", "next_step_followed"),
        ),
    ),
    _Part(
        "Decisions",
        "A child counts once, with its newest decision.",
        (
            ("K11", "outcome"),
            ("K11", "no_further_action"),
            ("K11", "became_referral"),
            ("K10", "joint"),
            ("K7", "duplicates"),
        ),
    ),
    _Part(
        "Holds",
        "A person had to look before anything was sent. The list of what needs attention shows how old the "
        "open ones are.",
        (HELD, WITHHELD, ("K15", "still_held")),
    ),
    _Part(
        "Challenges",
        "An agency said that a decision was wrong.",
        (("K13", "challenged"), ("K13", "challenge_result"), ("K13", "time_to_resolve")),
    ),
    _Part(
        "Told to everybody who must know",
        "Health visiting or midwifery of an unborn child, and every partner of a police closure.",
        (("K16", "unborn_care_told"), ("K17", "all_partners_told"), ("K17", "time_to_tell_all")),
    ),
)
ONLY_THE_COMMAND_LINE = Section(
    heading="What this page does not count",
    text="These change with the hour, or need the whole record, which takes too long for a page: "
    f"{'; '.join(NO_COUNTERS)}. Told by outcome, failures by their cause and who confirmed "
    "reading are not counted: each message's own page says them.",
    tables=Unavailable(reason="The people who run the system count and export them: ask the service desk"),
)


def sections(rows: Rows, told_by_agency: Section) -> tuple[Section, ...]:
    """Told first, in all and by agency, then the rest as the data set has it, and last what is not here."""
    planned = (Section(heading=one.heading, text=one.text, tables=tuple(_tables(one, rows))) for one in _PLAN)
    return (_told(rows), told_by_agency, *planned, ONLY_THE_COMMAND_LINE)


def first_asked(rows: Rows) -> Table:
    """What a board asks before all else, a line each: whatever lies behind it is in the sections."""
    lines = {
        WORDS[IN_TIME]: rows.of(IN_TIME).get(EVERY, {}),
        "Was told the outcome, in time or later": rows.of(TOLD).get(EVERY, {}),
        "Was told by a notice only": rows.of(BY_NOTICE).get(EVERY, {}),
        "The police form was complete": rows.of(FORM_STATUS).get(COMPLETE, {}),
        **{
            f"Why not sent at once: {part_words(part)}": by_month
            for part, by_month in rows.of(HELD).items()
            if part != EVERY
        },
        **{
            f"Why not told at all: {part_words(part)}": by_month
            for part, by_month in rows.of(WITHHELD).items()
            if part != EVERY
        },
    }
    by_month = _by_month(lines.values(), rows)
    table = _table("What a board asks first", list(lines), by_month, (IN_TIME, TOLD), rows)
    return replace(table, caption_is_hidden=True)  # the page's own heading says it


def _told(rows: Rows) -> Section:
    """The outcome beside the notice alone, so that neither is taken for the other."""
    beside = {"outcome told": rows.of(TOLD), "by notice only": rows.of(BY_NOTICE)}
    parts = list(dict.fromkeys(part for found in beside.values() for part in found))
    columns = {
        f"{month_words(month)}: {what}": [found.get(part, {}).get(month) for part in parts]
        for month in rows.months
        for what, found in beside.items()
    }
    return Section(
        heading="Told",
        text="Told means that it reached them, not that it was sent. A notice says that a decision exists "
        "and not which: it is counted apart.",
        tables=(
            _table(
                "Whoever referred was told", [_part(part) for part in parts], columns, (TOLD, BY_NOTICE), rows
            ),
        ),
    )


def _tables(planned: _Part, rows: Rows) -> Iterator[Table]:
    """One of the whole figures, then one for each figure that is told apart."""
    found = {figure: rows.of(figure) for figure in planned.figures}
    whole = {
        (figure, part): by_month
        for figure in found
        for part, by_month in found[figure].items()
        if _is_whole(part)
    }
    if whole:
        names = [_named(figure, part) for figure, part in whole]
        title = f"{planned.heading}, in all"
        yield _table(title, names, _by_month(whole.values(), rows), planned.figures, rows)
    for figure, parts in found.items():
        split = {part: by_month for part, by_month in parts.items() if not _is_whole(part)}
        if split:
            names = [_part(part) for part in split]
            yield told_once(_table(WORDS[figure], names, _by_month(split.values(), rows), (figure,), rows))


def told_once(table: Table) -> Table:
    """Without a line for each part that shows no number in any month: the note names all of them at once."""
    silent = {row: set(row[1:]) for row in table.rows if set(row[1:]) <= {HIDDEN_CELL, NOBODY_CELL}}
    hidden, nobody = (
        ", ".join(row[0] for row, cells in silent.items() if (HIDDEN_CELL in cells) is is_hidden)
        for is_hidden in (True, False)
    )
    notes = (
        f"No figure to show, hidden or nobody to count: {hidden}." if hidden else "",
        f"Nobody to count: {nobody}." if nobody else "",
        table.note or "",
    )
    rows = tuple(row for row in table.rows if row not in silent)
    return replace(table, rows=rows, note=" ".join(filter(None, notes)) or None, empty="")


def _is_whole(part: str) -> bool:
    return part == EVERY or ("percentile=" in part and ";" not in part)


def _named(figure: Figure, part: str) -> str:
    return WORDS[figure] if part == EVERY else f"{WORDS[figure]}: {part_words(part)}"


def _by_month(
    lines: Iterable[Mapping[str, Published]], rows: Rows
) -> Mapping[str, Sequence[Published | None]]:
    found = list(lines)
    return {month_words(month): [line.get(month) for line in found] for month in rows.months}


def _table(
    caption: str,
    names: Sequence[str],
    columns: Mapping[str, Sequence[Published | None]],
    figures: Iterable[Figure],
    rows: Rows,
) -> Table:
    return Table(
        caption=caption,
        columns=(Column(heading="Figure"), *(Column(heading=one, is_number=True) for one in columns)),
        rows=tuple((name, *map(_cell, cells)) for name, *cells in zip(names, *columns.values(), strict=True)),
        note=_note(figures, rows),
    )


def _part(part: str) -> str:
    return "In all" if part == EVERY else upper(part_words(part))


def _cell(row: Published | None) -> str:
    """`92.1% (58 of 63)`; of a month that has no such part, nobody."""
    if row is None or row.value == NOBODY:
        return NOBODY_CELL
    value = upper(value_words(row))
    if why_not_available(row):
        return value
    counts = count_words(row) if row.value != CONFIDENTIAL else f"of {row.denominator}"
    return value if row.denominator == CONFIDENTIAL else f"{value} ({counts})"


def _note(figures: Iterable[Figure], rows: Rows) -> str | None:
    """What no event has told, and who is left out."""
    found = (row for figure in figures for parts in rows.of(figure).values() for row in parts.values())
    return upper("; ".join(dict.fromkeys(row.note for row in found if row.note))) or None
