"""The agencies, how each is reached, and what may be done about it."""
