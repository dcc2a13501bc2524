"""The dip sample of a simulated year: each month's complete police forms are drawn soon after it is over."""

from functions.flows.sampling.dip_sample import Sample, draw
from tests.simulation.year.hub import Hub

SIZE = 6
"""Forms a month: as many as two people of a small hub read with care."""
DRAWN_BY = "mash-manager"


def draw_sample(month: str, hub: Hub) -> None:
    """Opens a task for each form of that month's that is to be graded; the hub's people do the rest."""
    sample = Sample(month, hub.intake.hub.hub_name, SIZE, DRAWN_BY, hub.new_id())
    draw(sample, hub.evidence.days, hub.evidence.partitions, hub.acting)
