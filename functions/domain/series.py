"""Which series a message beside decisions belongs to, and in which line a newer one replaces it, as the nonce
of its delivery says."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final, NamedTuple

from schemas.codes import Series

# A nonce names what tells further messages of one child apart:
#
#   ""                      the decision of that version
#   D1a2b3c4d               the same, to a duplicate's reader
#   UPLAN                   an update; its number counts the series' updates, not the decision's versions
#   UPLAN.D1a2b3c4d         the same update, to a duplicate's reader
#   UPLAN+S5e6f7a8b         the update once more, because a person had it sent again
#   UCHALLENGE__9c0d1e2f    an update about one of several matters that run side by side
#
# What a newer message takes the place of is its line: a decision's, a series', or that of one matter in it.
# What one agency is asked for is a matter of its own, which the nonce need not name.
# Numbers rise through the whole series all the same, so that no later message has a lower one.

_UPDATE: Final = "U"
_OF_ONE_MATTER: Final = "__"  # an attribute of the child has it in its name, which expressions must take
_TO_A_DUPLICATES_READER: Final = "."
_MOMENT: Final = "at_"
NEWEST: Final = "newest_"
REPEATED: Final = "+"
"""Ends, in a nonce, that of the message which a person had sent again."""

UNTIL_DECIDED: Final = frozenset({Series.ACKNOWLEDGEMENT, Series.CONTRIBUTION})
"""What nobody need hear any more once the child is decided: the outcome says more."""


def outlives_decisions(series: Series | None, *, referrer_waits: str = "") -> bool:
    """Whether a message of that series still says something new once its child is decided, or anew; whoever
    `referrer_waits` names is not told that decision yet."""
    if series is Series.ACKNOWLEDGEMENT:
        return bool(referrer_waits)
    return series is not None and series not in UNTIL_DECIDED


FORM_SETTLED: Final = "form_settled"
"""What a child calls the number of the message that said that its police form is complete, or not needed: 0
where it is awaited again. No reminder of it goes any more, from when the form came: the message follows."""


REFERRER_WAITS: Final = "referrer_waits"
"""What a child calls the agency that referred it, while a person has still to release its outcome and it was
told none before: it hears the acknowledgement, as everybody does (domain section 6.3). Empty, or not there,
where nobody waits."""


def line_in(series: Series, thread: str = "") -> str:
    """The line of a series, or of one matter in it."""
    return f"{series}{_OF_ONE_MATTER}{thread}" if thread else series.value


def matters_in(series: Series, child: Mapping[str, Any]) -> frozenset[str]:
    """What tells apart the matters of a series that the child was heard of in, or somebody was told of."""
    begun = tuple(f"{said}{series}{_OF_ONE_MATTER}" for said in (NEWEST, _MOMENT))
    return frozenset(name.rpartition(_OF_ONE_MATTER)[2] for name in child if name.startswith(begun))


def thread_of(agency_id: str) -> str:
    """What tells what one agency is asked for from what another is. It leaves the child's item nowhere: what
    receivers are sent is hashed under the referral's key."""
    return sha256(agency_id.encode()).hexdigest()[:8]


def nonce_of(series: Series, of_a_duplicate: str = "", *, thread: str = "") -> str:
    """What tells an update's deliveries apart; `of_a_duplicate` is the nonce of a duplicate's reader."""
    reader = f"{_TO_A_DUPLICATES_READER}{of_a_duplicate}" if of_a_duplicate else ""
    return f"{_UPDATE}{line_in(series, thread)}{reader}"


def is_of_an_update(nonce: str) -> bool:
    """Whether a delivery with this nonce tells something beside the decisions."""
    return nonce.startswith(_UPDATE)


def line_of(nonce: str, agency_id: str) -> str | None:
    """The line of a delivery with this nonce to this agency; None for a decision's."""
    line = _named_by(nonce)
    return line_in(Series.CONTRIBUTION, thread_of(agency_id)) if line == Series.CONTRIBUTION else line


def series_of(nonce: str) -> Series | None:
    """The series of a delivery with this nonce; None for a decision's. Raises ValueError for an unknown
    one."""
    line = _named_by(nonce)
    return None if line is None else Series(line.partition(_OF_ONE_MATTER)[0])


def _named_by(nonce: str) -> str | None:
    if not is_of_an_update(nonce):
        return None
    origin = nonce.partition(REPEATED)[0]
    return origin.partition(_TO_A_DUPLICATES_READER)[0].removeprefix(_UPDATE)


def series_of_line(line: str) -> Series | None:
    """The series of a line; None for what is no line, as the reference of a duplicate."""
    known = line.partition(_OF_ONE_MATTER)[0]
    return Series(known) if known in set(Series) else None


def moment_of(line: str) -> str:
    """What a child calls the moment of the newest that it was heard of in a line, whoever was told."""
    return f"{_MOMENT}{line}"


def newest_in(line: str | None) -> str:
    """What a child calls its newest number in a line; a decision's is its version."""
    return f"{NEWEST}{line}" if line else "dver"


class Replacement(NamedTuple):
    """What took a message's place: a number of a series, or a version, which is of none."""

    series: Series | None
    number: int


SAYS_MORE: Final[Mapping[Series, tuple[Series | None, str]]] = {
    **dict.fromkeys(UNTIL_DECIDED, (None, newest_in(None))),
    Series.RA_REMINDER: (Series.RA_STATUS, FORM_SETTLED),
}
"""What says more than a message of a series still could, though nothing in that series is newer, and what a
child calls its number: none, or 0, while there is none."""

STANDS_WHILE: Final[Mapping[Series, str]] = {Series.ACKNOWLEDGEMENT: REFERRER_WAITS}
"""Of which series a message still stands though something says more, and what a child calls whoever is not
told that yet. A partner need not be asked once the child is decided, whoever may hear of it."""


def replaced_by(line: str | None, number: int, child: Mapping[str, Any]) -> Replacement | None:
    """What took the place of that number of a line, or of that version: the newest of its own kind, or what
    says more; None while it is the last word."""
    series = series_of_line(line) if line else None
    newest = int(child.get(newest_in(line), 0))
    if newest > number:
        return Replacement(series, newest)
    if series is None or series not in SAYS_MORE or _stands(series, child):
        return None
    of, name = SAYS_MORE[series]
    more = int(child.get(name, 0))
    return Replacement(of, more) if more else None


def _stands(series: Series, child: Mapping[str, Any]) -> bool:
    return series in STANDS_WHILE and bool(child.get(STANDS_WHILE[series]))


def gives_way(
    older: str | None, number: int, *, to: str | None, newest: int, referrer_waits: str = ""
) -> bool:
    """Whether that number of a line, or that version, is replaced once `newest` of `to` is told, but to
    `referrer_waits`."""
    told: dict[str, Any] = {newest_in(to): newest, REFERRER_WAITS: referrer_waits}
    if to == Series.RA_STATUS:
        told[FORM_SETTLED] = newest
    return replaced_by(older, number, told) is not None
