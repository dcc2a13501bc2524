"""Accounting for a day from the tables alone, and hearing when it is too quiet."""
