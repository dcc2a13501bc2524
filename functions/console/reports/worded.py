"""The data set's rows for people: beside each code its words, the codes as other hubs have them."""

from collections.abc import Iterable, Mapping, Sequence

from functions.console.asking.taking_away import as_csv
from functions.domain.measures.dictionary import COLUMN_WORDS
from functions.domain.measures.published import COLUMNS, EVERY, Published
from functions.story.figures import WORDS, part_words
from functions.story.named import upper

WHAT, PART = "what_it_measures", "part_in_words"
_BESIDE = {"name": WHAT, "dimension": PART}
"""Which column of words stands behind which column of codes."""
_BESIDE_WORDS = {
    WHAT: "What `name` stands for, in words.",
    PART: "What `dimension` stands for, in words; of the whole, `In all`.",
}
HEADS: Sequence[str] = tuple(
    head for name in COLUMNS for head in (name, *((_BESIDE[name],) if name in _BESIDE else ()))
)
HEAD_WORDS: Mapping[str, str] = {head: {**COLUMN_WORDS, **_BESIDE_WORDS}[head] for head in HEADS}


def worded(row: Published) -> tuple[str, ...]:
    """The row's cells under `HEADS`."""
    words = {
        WHAT: WORDS[row.k, row.name],
        PART: "In all" if row.dimension == EVERY else upper(part_words(row.dimension)),
    }
    return tuple(words.get(head) or str(getattr(row, head)) for head in HEADS)


def as_worded_csv(rows: Iterable[Published]) -> bytes:
    """As any spreadsheet reads it."""
    return as_csv(HEADS, map(worded, rows))
