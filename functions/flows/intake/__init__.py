"""Taking events in: read or refused, worked out for everybody they concern, recorded in one transaction."""
