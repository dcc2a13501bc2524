"""A figure's parts in a manager's words: every value that the data set can hold has its own."""

import pytest

from functions.domain.measures.catalogue import DIMENSIONS, NOT_TOLD
from functions.story.figures import PARTS, part_words, span_words


def test_every_dimension_and_every_value_of_it_has_words() -> None:
    assert set(PARTS) == {one.name for one in DIMENSIONS}
    for one in DIMENSIONS:
        assert set(one.values) <= set(PARTS[one.name])
    unknown = {name for name, values in PARTS.items() if NOT_TOLD in values}
    assert unknown == {"rag", "source_code", "unit"}


def test_several_parts_stand_one_after_the_other() -> None:
    assert part_words("hours=out;percentile=p50") == "received out of hours, half of them within"
    assert part_words("rule=RA06") == "RA06 (not said if the child was seen, or why not)"
    assert part_words("unit=no-form;ra_status=ABSENT") == "no form came, not received"
    assert part_words("source_code=3D") == "from other primary health (3D)"


def test_a_units_own_code_stands_behind_what_it_is() -> None:
    assert part_words("unit=CHILD_ABUSE_UNIT") == "unit CHILD_ABUSE_UNIT"


def test_what_no_release_knows_stands_as_it_is() -> None:
    assert part_words("source_code=99;shift=night") == "source_code=99, shift=night"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (119, "119 seconds"),
        (120, "2 min"),
        (121, "3 min"),
        (3600, "1 h 0 min"),
        (3601, "1 h 1 min"),
        (345_600, "96 h 0 min"),
    ],
)
def test_a_span_is_never_told_shorter_than_it_is(seconds: int, words: str) -> None:
    assert span_words(seconds) == words
