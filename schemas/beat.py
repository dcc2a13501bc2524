"""The beat: an event of our own without contents, which shows that the way from bus to intake is open."""

BEAT_TYPE = "BEAT"
"""Its DetailType; its Detail is empty, so that nothing can be lost with one."""
BEAT_SOURCE = "mash-outcomes.beat"
