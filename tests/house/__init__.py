"""The rules of the house, held by reading its own tree."""
