"""Flows against moto and hand-written fakes."""
