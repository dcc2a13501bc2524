"""Counting what the trail says, for the figures of a hub."""
