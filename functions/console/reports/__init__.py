"""Figures over some months, and who looked at what."""
