"""Clocks that wait for what has not come: what sets and ends each, and what follows when one runs out."""
