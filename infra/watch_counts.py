"""What is watched of the live counts: that they keep up, and that the night finds them right."""

from aws_cdk import Duration

from infra.alarms import Alarms
from infra.counting import Counting

BEHIND_SECONDS = 900
"""Well before the stream gives a row up."""
A_NIGHT_AND_TWO_HOURS = 26


def watch_counts(alarms: Alarms, counting: Counting) -> None:
    """Set the alarms of both functions; none of them means that anybody was not told."""
    for name, function in {"Count": counting.count, "Recount": counting.recount}.items():
        alarms.watch_errors(name, function)
    alarms.watch_dead_letters("Count", counting.count_dead_letters)
    alarms.watch_dead_letters("Recount", counting.recount_dead_letters)
    alarms.watch_stream(
        "Count",
        counting.count,
        behind_seconds=BEHIND_SECONDS,
        runbook="counts",
        says="The live counts are a quarter of an hour behind the trail.",
    )
    alarms.watch_line(
        "COUNTS_DIFFER",
        metric="DifferingCounts",
        functions=[counting.recount],
        runbook="counts",
        says="The night's recount from the trail found another figure than the live counts.",
    )
    alarms.watch_heartbeat(
        "RECOUNTED",
        metric="Recounts",
        function=counting.recount,
        every=Duration.hours(1),
        times=A_NIGHT_AND_TWO_HOURS,
        runbook="counts",
        says="No night has recounted the days for over a day: a wrong figure is not noticed.",
    )
