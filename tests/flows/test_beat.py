"""A beat is heard at the end of its way and leaves nothing behind; whatever has contents is no beat."""

import pytest

from schemas.beat import BEAT_SOURCE, BEAT_TYPE
from tests.world import World, a_decision, wrapped


def test_a_beat_is_said_in_the_log_and_leaves_no_row_and_no_rejected_event(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    before = world.all_items("audit"), world.all_items("state")
    for number in range(3):
        world.take_raw(wrapped({}, f"bus-0000000{number}", BEAT_TYPE, BEAT_SOURCE))
    assert caplog.messages == ["BEAT_HEARD"] * 3
    assert (world.all_items("audit"), world.all_items("state")) == before
    assert world.refused() == []


@pytest.mark.parametrize(
    ("detail", "detail_type", "source"),
    [
        (a_decision(), BEAT_TYPE, BEAT_SOURCE),
        ({}, "DECIDED", BEAT_SOURCE),
        ({}, BEAT_TYPE, "mash.case-system"),
        ({}, BEAT_TYPE, "who.knows"),
    ],
    ids=[
        "a decision that calls itself a beat",
        "a decision without contents",
        "a beat of a source's",
        "a beat of a stranger's",
    ],
)
def test_what_is_no_beat_is_refused_visibly_and_heard_as_none(
    world: World,
    caplog: pytest.LogCaptureFixture,
    *,
    detail: dict[str, object],
    detail_type: str,
    source: str,
) -> None:
    world.take_raw(wrapped(detail, "bus-00000001", detail_type, source))
    assert len(world.refused()) == 1
    assert "BEAT_HEARD" not in caplog.messages
