"""Which series a message beside decisions belongs to, as the nonce of its delivery says."""

from typing import Final

from schemas.codes import Series

# A nonce names what tells further messages of one child apart:
#
#   ""                      the decision of that version
#   D1a2b3c4d               the same, to a duplicate's reader
#   UPLAN                   an update; its number counts the series' updates, not the decision's versions
#   UPLAN.D1a2b3c4d         the same update, to a duplicate's reader
#   UPLAN+S5e6f7a8b         the update once more, because a person had it sent again

_UPDATE: Final = "U"
_TO_A_DUPLICATES_READER: Final = "."
REPEATED: Final = "+"
"""Ends, in a nonce, that of the message which a person had sent again."""

NEWEST: Final = "newest_"
"""Begins, on a child, the names of its newest numbers."""

UNTIL_DECIDED: Final = frozenset({Series.ACKNOWLEDGEMENT, Series.CONTRIBUTION})
"""What nobody need hear any more once the child is decided: the outcome says more."""


def nonce_of(series: Series, of_a_duplicate: str = "") -> str:
    """What tells an update's deliveries apart; `of_a_duplicate` is the nonce of a duplicate's reader."""
    return f"{_UPDATE}{series}" + (f"{_TO_A_DUPLICATES_READER}{of_a_duplicate}" if of_a_duplicate else "")


def is_of_an_update(nonce: str) -> bool:
    """Whether a delivery with this nonce tells something beside the decisions."""
    return nonce.startswith(_UPDATE)


def series_of(nonce: str) -> Series | None:
    """The series of a delivery with this nonce; None for a decision's. Raises ValueError for an unknown
    one."""
    if not is_of_an_update(nonce):
        return None
    origin = nonce.partition(REPEATED)[0]
    return Series(origin.partition(_TO_A_DUPLICATES_READER)[0].removeprefix(_UPDATE))


def moment_of(series: Series) -> str:
    """What a child calls the moment of the newest that it was heard of in a series, whoever was told."""
    return f"at_{series}"


def strand_of(nonce: str, agency_id: str) -> str:
    """What of its series a message takes the place of, and gives way to: "" where that is all of it.

    What one agency is asked for is nothing to another.
    """
    return agency_id.replace("-", "_") if series_of(nonce) is Series.CONTRIBUTION else ""


def newest_in(series: Series | None, strand: str = "") -> str:
    """What a child calls its newest number in a series, or in a strand of it; a decision's is its version.

    The series counts: a strand's newest is the last of those numbers that was its own.
    """
    return f"{NEWEST}{counted_as(series, strand)}" if series else "dver"


def counted_as(series: Series, strand: str) -> str:
    """The name by which a strand's newest number is known, or a series'."""
    return f"{series}_{strand}" if strand else series.value
