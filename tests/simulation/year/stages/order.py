"""The stages of a life in the order in which each builds on what the earlier ones drew."""

from tests.simulation.year.lives import Stage
from tests.simulation.year.stages.acknowledgement import acknowledged
from tests.simulation.year.stages.arrival import received
from tests.simulation.year.stages.challenges import challenged
from tests.simulation.year.stages.closing import closed
from tests.simulation.year.stages.decision import decided
from tests.simulation.year.stages.enquiries import enquired
from tests.simulation.year.stages.holds import settled
from tests.simulation.year.stages.milestones import followed
from tests.simulation.year.stages.plans import reviewed
from tests.simulation.year.stages.police_cases import investigated
from tests.simulation.year.stages.police_forms import filled_in
from tests.simulation.year.stages.rung_about import rung_about
from tests.simulation.year.stages.telephone import rung
from tests.simulation.year.stages.transfers import transferred
from tests.simulation.year.stages.withdrawals import withdrawn

STAGES: tuple[Stage, ...] = (
    received,
    filled_in,
    acknowledged,
    decided,
    withdrawn,
    challenged,
    settled,
    rung,
    enquired,
    transferred,
    followed,
    reviewed,
    investigated,
    closed,
    rung_about,
)
"""A further stage is a module of its own and a name here."""
