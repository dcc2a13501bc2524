"""Proving from the tables alone that every event is accounted for: each account of a day by the others."""
