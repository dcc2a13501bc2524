"""Which series a message beside decisions belongs to, as the nonce of its delivery says."""

from hashlib import sha256
from typing import Final

from schemas.codes import Series

# A nonce names what tells further messages of one child apart:
#
#   ""                      the decision of that version
#   D1a2b3c4d               the same, to a duplicate's reader
#   UPLAN                   an update; its number counts the series' updates, not the decision's versions
#   UPOLICE_CASE-I1a2b3c4d  an update of one police investigation; its number counts that one's alone
#   UPLAN.D1a2b3c4d         the same update, to a duplicate's reader
#   UPLAN+S5e6f7a8b         the update once more, because a person had it sent again

_UPDATE: Final = "U"
_STRAND: Final = "-"
_TO_A_DUPLICATES_READER: Final = "."
REPEATED: Final = "+"
"""Ends, in a nonce, that of the message which a person had sent again."""

NEWEST: Final = "newest_"
"""Begins, on a child, the names of its newest numbers."""

UNTIL_DECIDED: Final = frozenset({Series.ACKNOWLEDGEMENT, Series.CONTRIBUTION})
"""What nobody need hear any more once the child is decided: the outcome says more."""


def nonce_of(series: Series, of_a_duplicate: str = "", *, strand: str = "") -> str:
    """What tells an update's deliveries apart; `of_a_duplicate` is the nonce of a duplicate's reader."""
    parts = ((_STRAND, strand), (_TO_A_DUPLICATES_READER, of_a_duplicate))
    return f"{_UPDATE}{series}" + "".join(mark + name for mark, name in parts if name)


def investigation(occurrence_ref: str | None) -> str:
    """The strand of one police investigation; all that the police do not name are one."""
    return f"I{sha256((occurrence_ref or '').encode()).hexdigest()[:8]}"


def is_of_an_update(nonce: str) -> bool:
    """Whether a delivery with this nonce tells something beside the decisions."""
    return nonce.startswith(_UPDATE)


def series_of(nonce: str) -> Series | None:
    """The series of a delivery with this nonce; None for a decision's. Raises ValueError for an unknown
    one."""
    if not is_of_an_update(nonce):
        return None
    return Series(_told(nonce)[0])


def _told(nonce: str) -> tuple[str, str]:
    """The names of the series and of the strand."""
    origin = nonce.partition(REPEATED)[0].partition(_TO_A_DUPLICATES_READER)[0]
    series, _, strand = origin.removeprefix(_UPDATE).partition(_STRAND)
    return series, strand


def moment_of(series: Series, strand: str = "") -> str:
    """What a child calls the moment of the newest that it was heard of in a series, or in a strand of it,
    whoever was told."""
    return f"at_{counted_as(series, strand)}"


def strand_of(nonce: str, agency_id: str) -> str:
    """What of its series a message takes the place of, and gives way to: "" where that is all of it.

    What one agency is asked for is nothing to another, nor one investigation to the next.
    """
    if series_of(nonce) is Series.CONTRIBUTION:
        return agency_id.replace("-", "_")
    return _told(nonce)[1]


def newest_in(series: Series | None, strand: str = "") -> str:
    """What a child calls its newest number in a series, or in a strand of it; a decision's is its version.

    What agencies are asked for the series counts: an agency's newest is the last of those numbers that was
    its own. An investigation counts for itself.
    """
    return f"{NEWEST}{counted_as(series, strand)}" if series else "dver"


def counted_as(series: Series, strand: str) -> str:
    """The name by which a strand's newest number is known, or a series'."""
    return f"{series}_{strand}" if strand else series.value
