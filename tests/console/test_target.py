"""Whether a target is met is a matter of counts: no rounding makes it so, or takes it away."""

from datetime import UTC, datetime

import pytest

from functions.console.overview.figures import Figures, PartOfWhole
from functions.console.overview.page import Morning, shown
from functions.console.shown.charts import LineChart
from functions.console.shown.parts import Tone, Unavailable
from functions.domain.measures.counts import Cell, Counts
from functions.domain.measures.named import TOLD_IN_TIME
from functions.domain.measures.populations import PROFESSIONAL_RECEIVED
from schemas.clocks import ClockPolicy

NOW = datetime(2026, 11, 26, 8, 45, tzinfo=UTC)
MONDAY = "2026-11-23"


@pytest.mark.parametrize(
    ("part", "figure", "tone", "beside"),
    [
        (946, "94%", Tone.WARN, "Below"),
        (949, "94%", Tone.WARN, "Below"),
        (950, "95%", Tone.GOOD, "At"),
        (951, "95%", Tone.GOOD, "Above"),
        (999, "99%", Tone.GOOD, "Above"),
        (1000, "100%", Tone.GOOD, "Above"),
    ],
)
def test_a_target_that_is_missed_by_one_is_missed(part: int, figure: str, tone: Tone, beside: str) -> None:
    cells = {Cell(MONDAY, PROFESSIONAL_RECEIVED.name): 1000, Cell(MONDAY, TOLD_IN_TIME): part}
    figures = Figures(Counts(cells), NOW, ClockPolicy())
    nothing = Unavailable(reason="not asked")
    page = shown(Morning(NOW, figures, tasks=(), agencies=(), last_day=nothing, waiting=nothing))
    tile = page.tiles[-1]
    assert (tile.heading, tile.figure, tile.tone) == ("Told within 1 working day", figure, tone)
    assert tile.below[0].startswith("Of the referral arriving, this week. Target 95%.")
    assert "The reports have it by month" in tile.below
    assert isinstance(page.told, LineChart)
    assert page.told.about.sentence.endswith(f"{beside} the 95% target.")


def test_nothing_of_nothing_has_no_share() -> None:
    assert PartOfWhole(0, 0).per_cent is None
